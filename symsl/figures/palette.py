"""One colour for one thing, in every figure.

Where a panel compares ways to get one curve, the way has the colour. Where it compares values of a parameter, the value
has it, from a map that belongs to the parameter; the way is then told by the mark: theory is a line, its approximation
a dashed line, a simulation points. Colours are those of Okabe and Ito and one of Tol's; maps have steadily rising
lightness.
"""

from __future__ import annotations

from collections.abc import Sequence

EXACT = "#0072B2"
"""Theory without approximation in eta or in the sum (Eqs. 6, 88)."""
FIRST_ORDER = "#D55E00"
"""To first order in eta (Eqs. 8, 10, 15, 17)."""
CLOSED_FORM = "#009E73"
"""A sum replaced by an integral (Eqs. 9, 11, 74), and what follows from it."""
SECOND_ORDER = "#E69F00"
"""To second order in the distance of the student from the teacher."""
COMPLETE = "#56B4E9"
"""To second order in that distance and exact in eta."""
MATRIX = "#661100"
"""The linear algebra of the companion basis by itself (the inverse Vandermonde matrix)."""
EQUATIONS = "#CC79A7"
"""Numerical solutions of the order-parameter equations."""
OPTIMUM = "#009E73"
"""The best weight decay (networks with weight decay, which have no eta to expand in)."""
INTERPOLATION = "#D55E00"
"""Vanishing weight decay, in the same figures."""
SIMULATION = "#000000"
"""Stochastic gradient descent, and measured data."""
GUIDE = "#666666"
"""Slopes, levels and limits to compare with."""
WINDOW = "#EFEFEF"
"""Where an approximation is meant to hold."""

_MAPS = {
    "L": ("viridis", 0.0, 0.86),
    "eta": ("plasma", 0.0, 0.82),
    "beta": ("cividis", 0.0, 0.85),
    "N_l": ("magma", 0.1, 0.78),
    "M": ("copper", 0.0, 0.9),
    "unit": ("BuPu_r", 0.0, 0.66),
    "order": ("bone", 0.0, 0.75),
    "time": ("magma", 0.1, 0.78),
    "lam": ("viridis", 0.0, 0.86),
}


def family(parameter: str, count: int) -> Sequence[tuple[float, ...]]:
    """`count` colours for growing values of a parameter, dark to light."""
    import matplotlib
    import numpy as np

    name, low, high = _MAPS[parameter]
    shades = np.linspace(low, high, count) if count > 1 else np.array([low])
    return [tuple(colour) for colour in matplotlib.colormaps[name](shades)]
