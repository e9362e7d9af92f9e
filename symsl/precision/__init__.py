"""Exact input, certified output."""

from symsl.precision.certify import (
    MAX_DIGITS,
    Certified,
    certified_digits,
    certify,
    certify_all,
    check_digits,
    decimal_string,
)
from symsl.precision.convert import ball, exact, exact_integer
from symsl.precision.powers import integer_power
from symsl.precision.serialize import dump, load
from symsl.precision.series_length import series_of_length

__all__ = [
    "MAX_DIGITS",
    "Certified",
    "ball",
    "certified_digits",
    "certify",
    "certify_all",
    "check_digits",
    "decimal_string",
    "dump",
    "exact",
    "exact_integer",
    "integer_power",
    "load",
    "series_of_length",
]
