"""What a command costs before it computes: importing and `--help`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial

from measure import Contender, Measured, race


def run(quick: bool) -> Iterator[list[Measured]]:
    """Whole processes."""
    commands = {
        "python, nothing": ["-c", "pass"],
        "import symsl": ["-c", "import symsl"],
        "symsl --help": ["-m", "symsl", "--help"],
        "symsl list": ["-m", "symsl", "list"],
        "import sympy": ["-c", "import sympy"],
    }
    yield race(
        "start-up",
        [Contender(name, partial(_run, words)) for name, words in commands.items()],
        repeats=2 if quick else 7,
    )


def _run(words: list[str]) -> list[str]:
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    return []
