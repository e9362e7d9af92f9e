"""How many trained weights are larger than x: measured, and by the state evolution. Logarithmic axes."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from symsl.figures import marks, palette
from symsl.figures.curve import STYLE
from symsl.figures.plan import Array
from symsl.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Counted(Protocol):
    """A trained spectrum: `DiagonalSpectrum` or `QuadraticSpectrum`."""

    def count(self, x: float) -> float:
        """The expected number of weights above x."""


def counting_grid(weights: Array, points: int = 41) -> Array:
    """Values x, equally spaced in the logarithm, from a thousandth of the largest weight to beyond it."""
    largest = max(float(np.abs(weights).max()), 1e-12)
    return np.geomspace(1e-3 * largest, 1.2 * largest, points)


def measured_counts(weights: Array, x: Array) -> tuple[Array, Array]:
    """Mean number of weights above each x in absolute value (`weights`: one row a trial), and its standard error."""
    counts = (np.abs(weights)[:, :, None] > x).sum(axis=1)
    return counts.mean(axis=0), counts.std(axis=0, ddof=1) / np.sqrt(len(weights))


def draw_counts(
    axes: Axes,
    x: Array,
    counts: tuple[Array, Array],
    theory: tuple[Array, Array] | None,
    color: Any = palette.EXACT,
    label: str = "state evolution",
) -> None:
    """Points for the measured N(x), a line for the theory, both where more than a tenth of a weight is left."""
    dots = palette.SIMULATION if color == palette.EXACT else color
    if theory is not None:
        seen = theory[1] > 0.1
        axes.plot(theory[0][seen], theory[1][seen], color=color, label=label)
    seen = counts[0] > 0.1
    marks.points(axes, x[seen], counts[0][seen], counts[1][seen], color=dots)
    marks.logarithmic(axes, "$x$", "weights above $x$")


def save_counts(path: Path, weights: Array, spectrum: Counted | None, provenance: Mapping[str, Any]) -> None:
    """The picture as PDF or PNG, with its provenance in the metadata; equal input gives an equal file."""
    import matplotlib
    from matplotlib.figure import Figure

    x = counting_grid(weights)
    fine = np.geomspace(x[0], x[-1], 121)
    theory = None if spectrum is None else (fine, np.array([spectrum.count(value) for value in fine]))
    kind, story = path.suffix.lower().lstrip("."), json.dumps(provenance, ensure_ascii=False)
    about: dict[str, Any] = {"Title": "Trained weights"}
    about |= {"Subject": story, "CreationDate": None} if kind == "pdf" else {"Description": story}
    content = io.BytesIO()
    with matplotlib.rc_context(fname=STYLE):
        figure = Figure()
        axes = figure.subplots()
        draw_counts(axes, x, measured_counts(weights, x), theory)
        if theory is not None:
            axes.legend(loc="lower left")
        figure.savefig(content, format=kind, metadata=about)
    write_whole(path, content.getvalue())
