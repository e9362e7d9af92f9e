"""What every command shares: exit codes, one-line errors, quiet ends."""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from io import TextIOWrapper

import typer

from symsl.cli.verbs import app
from symsl.errors import InsufficientPrecisionError, PrecisionError, SymslError

_UNREADABLE_COMMAND: type[Exception] = typer.BadParameter.__bases__[
    0
]  # the parser's usage error, wherever this typer keeps it


class Exit(IntEnum):
    """How a command ended, as its exit status; verbs return the first, second or fourth."""

    GOOD = 0
    FAILED = 1
    WRONG_USE = 2
    NOT_DECIDED = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def main(arguments: list[str] | None = None) -> int:
    """Run `symsl ARGUMENTS` (default: those of the process) and return the exit status."""
    sys.set_int_max_str_digits(0)  # balls at a large working precision hold integers beyond the default limit
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # whatever the terminal can show, nothing fails
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = _run(given or ["--help"])
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # What is still buffered must not be flushed into the closed pipe when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.BROKEN_PIPE
    except KeyboardInterrupt:
        return _complain("interrupted", Exit.INTERRUPTED)
    except (PrecisionError, InsufficientPrecisionError) as error:
        return _complain(str(error), Exit.NOT_DECIDED)
    except SymslError as error:
        return _complain(str(error), Exit.WRONG_USE)
    except MemoryError as error:
        return _complain(f"not enough memory for these sizes ({' '.join(str(error).split())})", Exit.WRONG_USE)


def _run(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("symsl", list(arguments)) as context:
            return int(command.invoke(context) or Exit.GOOD)
    except typer.Exit as end:
        return int(end.exit_code)
    except _UNREADABLE_COMMAND as error:
        message = " ".join(error.format_message().split())  # type: ignore[attr-defined]
        return _complain(f"{message.rstrip('.')} (see `symsl --help`)", Exit.WRONG_USE)


def _complain(message: str, status: Exit) -> Exit:
    print(f"symsl: {message}", file=sys.stderr)
    return status
