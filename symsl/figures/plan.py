"""What a figure consists of: its parameters, its data, its panels, its caption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

Array = NDArray[np.float64]
Parameters = Mapping[str, Any]

COLUMN_WIDTH = 3.4
"""Inches: the width of one column of a journal; two panels side by side fill the page."""

SIZES = ("full", "quick")


@dataclass(frozen=True)
class Layout:
    """Panels in rows and columns; `height` in inches. Panels of one column share their horizontal axis if `sharex`."""

    columns: int = 1
    height: float = 2.6
    height_ratios: tuple[float, ...] = (1.0,)
    sharex: bool = False

    @property
    def width(self) -> float:
        """Inches: one column for one panel, the page for more."""
        return COLUMN_WIDTH if self.columns == 1 else 2.06 * COLUMN_WIDTH


@dataclass(frozen=True, eq=False)
class FigureData:
    """The numbers of a figure: plain float64 arrays, made from exactly these (JSON) parameters."""

    parameters: Parameters
    arrays: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]


class FigureModule(Protocol):
    """What each module `symsl.figures.figure_NN` offers; `PARAMETERS` has an entry for each of `SIZES`."""

    TITLE: str
    LAYOUT: Layout
    PARAMETERS: Mapping[str, Parameters]

    def compute(self, parameters: Parameters, work: Work) -> Mapping[str, Array]:
        """The arrays of the figure."""

    def draw(self, axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
        """Draw on the panels of the layout, row by row; returns them."""

    def caption(self, parameters: Parameters) -> str:
        """The caption, as LaTeX text."""
