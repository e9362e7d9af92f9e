"""The README says what the program does. `python tests/test_readme.py` writes what it should say into it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import groupby
from pathlib import Path

from symsl.equations import EQUATIONS

README = Path(__file__).parent.parent / "README.md"
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- end of table -->)", re.DOTALL)


def table() -> str:
    """Consecutive equations of one section with equal evidence share a row."""
    rows = ["| equations | section | evidence |", "| --- | --- | --- |"]
    for (section, evidence), entries in groupby(EQUATIONS, key=lambda entry: (entry.section, str(entry.evidence))):
        rows.append(f"| {', '.join(ranges([entry.id for entry in entries]))} | {section} | {evidence} |")
    return "\n".join(rows) + "\n"


def ranges(ids: list[str]) -> list[str]:
    """Runs of consecutive numbers as "18-22"; slugs stay."""
    runs: list[list[str]] = []
    for name in ids:
        follows = runs and name.isdigit() and runs[-1][-1].isdigit() and int(name) == int(runs[-1][-1]) + 1
        runs[-1].append(name) if follows else runs.append([name])
    return [run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]


def console(block: str) -> str:
    """The commands of a block with the output they have now."""
    lines = []
    for command in (line for line in block.splitlines() if line.startswith("$ ")):
        verb = command.removeprefix("$ symsl ").split()
        environment = os.environ | {"COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
        run = subprocess.run(
            [sys.executable, "-m", "symsl", *verb], capture_output=True, text=True, check=True, env=environment
        )
        lines += [command, re.sub(r"; \d+\.\d+ s\)", ")", run.stdout.rstrip())]
    return "\n".join(lines) + "\n"


def current(text: str) -> str:
    text = _TABLE.sub(lambda _: table(), text)
    return _CONSOLE.sub(lambda found: f"```console\n{console(found[1])}```", text)


def test_the_readme_is_current() -> None:
    text = README.read_text()
    assert text == current(text)


if __name__ == "__main__":
    README.write_text(current(README.read_text()))
