"""Numbers leave the program: provenance, certified rows as CSV and JSON, and files written whole or not at all."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flint import arb, ctx

from symsl import __version__
from symsl.errors import UsageError
from symsl.precision import Certified, dump
from symsl.spectrum import Spectrum

LIBRARIES = ("sympy", "python-flint", "mpmath", "numpy")
_ROUND_UP = arb("1.02")


def provenance(**about: Any) -> dict[str, Any]:
    """Which versions made a result, and `about`: what was asked.

    No dates, machines or paths: equal input gives equal output.
    """
    versions = {"symsl": __version__, "python": platform.python_version()}
    return versions | {name: version(name) for name in LIBRARIES} | about


def exact_parameters(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an evaluation as exact text: a spectrum by its definition, a file by its digest."""
    described: dict[str, Any] = {}
    for name, value in arguments.items():
        if isinstance(value, Spectrum):
            described |= value.describe()
        elif isinstance(value, tuple):
            described[name] = str(value[0]) if len(value) == 1 else [str(item) for item in value]
        elif isinstance(value, Fraction | int):
            described[name] = str(value)
        else:
            described[name] = f"sha256:{sha256(read_bytes(value)).hexdigest()}"
    return described


def certified_data(value: Certified) -> dict[str, Any]:
    """A certified value as data: its decimal, the radius around that decimal, and the ball itself, exactly."""
    return {"value": str(value), "radius": radius(value), **dump(value.ball)}


def radius(value: Certified) -> str:
    """An upper bound, rounded up, of the distance from the printed decimal to the exact value.

    >>> from symsl.precision import certify
    >>> third = certify(lambda: arb(1) / 3, 5, route="closed form")
    >>> str(third), radius(third)
    ('0.33333', '3.40e-6')
    """
    with ctx.workprec(value.bits + 64):
        distance = (arb(str(value)) - value.ball).abs_upper()
    return "0" if distance.is_zero() else str((distance * _ROUND_UP).str(3, radius=False))


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    """A table with its provenance in front, as comment lines `# key: value`."""
    lines = [f"# {key}: {_flat(value)}" for key, value in about.items()]
    lines.append(",".join(columns))
    lines.extend(",".join(str(row[column]) for column in columns) for row in rows)
    return "\n".join(lines) + "\n"


def json_text(data: Any) -> str:
    """Data as indented JSON with a final newline."""
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


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


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_flat(item)}" for key, item in value.items())
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
