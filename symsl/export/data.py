"""Numbers leave the program: certified rows as CSV and JSON, with their provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from typing import Any

from flint import arb, ctx

from symsl.files import read_bytes
from symsl.precision import Certified, dump
from symsl.spectrum import Spectrum

_ROUND_UP = arb("1.02")


def exact_parameters(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an evaluation as exact text: a spectrum by its definition, a file by its digest."""
    described: dict[str, Any] = {}
    for name, value in arguments.items():
        if value is None:
            continue
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


def _flat(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_flat(item)}" for key, item in value.items())
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
