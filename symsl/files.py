"""Files written whole or not at all, read with a clear error, and the provenance they carry."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from symsl import __version__
from symsl.errors import UsageError

LIBRARIES = ("sympy", "python-flint", "mpmath", "numpy")


def provenance(**about: Any) -> dict[str, Any]:
    """Which versions made a result, and `about`: what was asked.

    No dates, machines or paths: equal input gives equal output.
    """
    versions = {"symsl": __version__, "python": platform.python_version()}
    return versions | {name: version(name) for name in LIBRARIES} | about


def require_writable(path: Path, suffixes: Sequence[str]) -> None:
    """`UsageError` unless a file with one of these suffixes can be written at `path`: to be asked before computing."""
    if path.suffix.lower() not in suffixes:
        raise UsageError(f"cannot write {path}: the name must end in {' or '.join(suffixes)}")
    if path.is_dir():
        raise UsageError(f"cannot write {path}: it is a directory")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise UsageError(f"cannot write {path}: there is no directory {path.parent}")
    if not os.access(folder, os.W_OK):
        raise UsageError(f"cannot write {path}: the directory {path.parent} is not writable")


def read_bytes(path: str | Path) -> bytes:
    """The content of a file; `UsageError` if it cannot be read."""
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all; `UsageError` says why it could not be written."""
    with replacing(path) as partial:
        partial.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name in the same directory to write to; it becomes `path` only if the block ends well."""
    target = path.resolve()
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield partial
        partial.replace(target)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)
