"""What the figures draw besides lines: points with errors, slopes to compare with, windows, frames, letters."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from symsl.figures import palette
from symsl.precision import exact

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EPS_G = r"generalization error $\epsilon_g$"
ALPHA = r"$\alpha$"


def logarithmic(axes: Axes, xlabel: str = "", ylabel: str = "") -> None:
    """Both axes logarithmic, and labelled."""
    axes.set(xscale="log", yscale="log", xlabel=xlabel, ylabel=ylabel)


def points(axes: Axes, x: ArrayLike, mean: ArrayLike, error: ArrayLike | None = None, **style: Any) -> None:
    """A simulation: points with the standard error of their mean."""
    options = {"color": palette.SIMULATION, "fmt": "o", "ms": 2.6, "elinewidth": 0.7, "ls": "none", "zorder": 4}
    axes.errorbar(np.asarray(x), np.asarray(mean), yerr=error, **{**options, **style})


def sparse_points(axes: Axes, x: ArrayLike, y: ArrayLike, *, color: Any, most: int = 50) -> None:
    """A computed curve as at most about `most` dots, so that the line it is compared with stays visible."""
    step = max(1, len(np.asarray(x)) // most)
    axes.plot(np.asarray(x)[::step], np.asarray(y)[::step], ".", color=color, ms=3)


def slope_guide(
    axes: Axes,
    x: tuple[float, float],
    y: float,
    exponent: float,
    label: str,
    *,
    above: bool = True,
    color: Any = palette.GUIDE,
) -> None:
    """A straight line y (x/x_0)**exponent on logarithmic axes, labelled by its exponent."""
    ends = np.array(x)
    axes.plot(ends, y * (ends / ends[0]) ** exponent, color=color, lw=0.9, ls=(0, (4, 2)), zorder=1.5)
    middle = float(np.sqrt(ends[0] * ends[1]))
    axes.annotate(
        label,
        (middle, y * (middle / ends[0]) ** exponent),
        xytext=(3, 2) if above else (-3, -3),
        textcoords="offset points",
        ha="left" if above else "right",
        va="bottom" if above else "top",
        color=color,
    )


def size_ticks(axes: Axes, sizes: Sequence[int]) -> None:
    """Ticks at the sizes themselves, on a logarithmic axis that is too short for powers of ten."""
    axes.set_xticks(list(sizes), [str(size) for size in sizes])
    axes.set_xticks([], minor=True)


def window(axes: Axes, low: float, high: float) -> None:
    """Shade the times where an approximation is meant to hold."""
    axes.axvspan(low, high, color=palette.WINDOW, lw=0, zorder=0)


def power(base: str, exponent: object) -> str:
    """LaTeX of a power with a rational exponent: power("L", "1/2") gives "$L^{1/2}$"."""
    return f"${base}^{{{exact(exponent, 'exponent', 'power')}}}$"


def tex_number(value: object) -> str:
    """A parameter as the paper writes it: 1/10 becomes 0.1, 1/3 stays, 10**12 becomes 10^{12}."""
    number = exact(value, "value", "tex_number")
    if number.denominator == 1:
        digits = str(number)
        if len(digits.rstrip("0")) == 1 and len(digits) > 4:
            leading = "" if digits[0] == "1" else rf"{digits[0]}\times "
            return rf"{leading}10^{{{len(digits) - 1}}}"
        return digits
    decimal = str(float(number)) if abs(number) >= Fraction(1, 1000) else f"{float(number):e}"
    if exact(decimal, "value", "tex_number") != number:
        return f"{number.numerator}/{number.denominator}"
    if "e" in decimal:
        mantissa, exponent = decimal.split("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        leading = "" if mantissa == "1" else rf"{mantissa}\times "
        return rf"{leading}10^{{{int(exponent)}}}"
    return decimal


def listing(values: Sequence[object]) -> str:
    """LaTeX of several values for a caption: 0.1, 0.5 and 1."""
    texts = [tex_number(value) for value in values]
    return f"${texts[0]}$" if len(texts) == 1 else "$" + "$, $".join(texts[:-1]) + f"$ and ${texts[-1]}$"


def decay_exponent(beta: object) -> Fraction:
    """-beta/(1+beta), the exponent of time in the scaling window (Eq. 53)."""
    value = exact(beta, "beta", "decay_exponent")
    return -value / (1 + value)
