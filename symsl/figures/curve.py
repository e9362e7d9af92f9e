"""What do learning curves look like? Log-log, one line for each set of parameters."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symsl.errors import UsageError
from symsl.files import write_whole
from symsl.latex import fragment
from symsl.precision import Certified, exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PICTURE_SUFFIXES = (".pdf", ".png")
DECADES = 16
STYLE = Path(__file__).with_name("symsl.mplstyle")


@dataclass(frozen=True)
class Curve:
    """A labelled line; `alpha` and `value` are doubles, for the eye only."""

    label: str
    alpha: Sequence[float]
    value: Sequence[float]

    @classmethod
    def from_certified(cls, label: str, alpha: Sequence[object], values: Sequence[Certified]) -> Curve:
        """A curve from exact times and certified values."""
        times = [_double(exact(time, "alpha", "Curve")) for time in alpha]
        return cls(label, times, [float(value) for value in values])


def draw_curves(axes: Axes, curves: Sequence[Curve], ylabel: str) -> Axes:
    """Draw the curves on logarithmic axes.

    Points that have no place there (zero, negative, or beyond the doubles) are left out; `UsageError` if a curve has
    fewer than two others. The frame shows at most `DECADES` decades below the largest value: where a curve ends in an
    exponential, hundreds of them would flatten what comes before.
    """
    highest, lowest = 0.0, math.inf
    for curve in curves:
        points = [(t, v) for t, v in zip(curve.alpha, curve.value, strict=True) if _drawable(t) and _drawable(v)]
        if len(points) < 2:
            raise UsageError(f"the curve {curve.label!r} has fewer than two points with alpha > 0 and a value > 0")
        times, values = zip(*points, strict=True)
        highest, lowest = max(highest, *values), min(lowest, *values)
        axes.plot(times, values, label=curve.label)
    axes.set(xscale="log", yscale="log", xlabel=r"$\alpha$", ylabel=ylabel)
    if lowest < highest * 10.0**-DECADES:
        axes.set_ylim(highest * 10.0**-DECADES, 5 * highest)
    axes.legend()
    return axes


def save_curves(path: Path, curves: Sequence[Curve], ylabel: str, provenance: Mapping[str, Any]) -> None:
    """Write the picture of the curves, PDF or PNG by suffix, with its provenance in the metadata.

    Equal input gives an equal file: there is no date in it.
    """
    import matplotlib
    from matplotlib.figure import Figure

    story = json.dumps(provenance, ensure_ascii=False)
    metadata: dict[str, Any] = (
        {"Title": "Learning curves", "Subject": story, "CreationDate": None}
        if path.suffix.lower() == ".pdf"
        else {"Title": "Learning curves", "Description": story}
    )
    content = io.BytesIO()
    with matplotlib.rc_context(fname=STYLE):
        figure = Figure()
        draw_curves(figure.subplots(), curves, ylabel)
        figure.savefig(content, format=path.suffix.lower().lstrip("."), metadata=metadata)
    write_whole(path, content.getvalue())


def parameter_label(parameters: Mapping[str, Any]) -> str:
    r"""Parameters for a legend: {"L": "64", "beta": "1/2"} gives "$L = 64$, $\beta = 1/2$".

    What is too long for a legend (a digest, a list of eigenvalues) is left to the provenance.
    """
    import sympy

    return ", ".join(
        f"${fragment(sympy.Symbol(name))} = {value}$" for name, value in parameters.items() if len(str(value)) <= 12
    )


def _drawable(value: float) -> bool:
    return math.isfinite(value) and value > 0


def _double(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf
