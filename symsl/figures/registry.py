"""Which figures there are: 1 to 20 of the paper, a to i of our own."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from symsl.errors import UsageError
from symsl.figures.plan import FigureModule

KEYS = (*(str(number) for number in range(1, 21)), *"abcdefghi")


def figure_module(key: str) -> FigureModule:
    """The module of a figure; `UsageError` for a figure that does not exist."""
    return cast(FigureModule, import_module(f"symsl.figures.{module_name(key)}"))


def module_name(key: str) -> str:
    """figure_02 for "2", figure_a for "a"."""
    name = key.strip().lower()
    if name not in KEYS:
        raise UsageError(f"there is no figure {key!r}: the paper's figures are 1 to 20, our own a to i")
    return f"figure_{int(name):02d}" if name.isdigit() else f"figure_{name}"
