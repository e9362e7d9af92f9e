"""Figure e: a map of the escape time over L and M, and where the plateau disappears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.escape import escape_time
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "A map of the escape time and of the plateau"
LAYOUT = Layout(height=2.9)
_COMMON = {"beta": "1", "eta": "1/10", "sigma_J": "1/100", "N": 1024, "seed": 6}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [1, 2, 4, 8, 16, 32, 64], "units": [2, 3, 4, 6, 8], "points": 161},
    "quick": {**_COMMON, "sizes": [1, 2, 4, 8, 16, 32], "units": [2, 3, 4, 6], "points": 101},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """tau_esc of Eq. 15 on a fine grid of L by M, and the length of the plateau in solutions, in decades of time."""
    sizes, units, eta = parameters["sizes"], parameters["units"], exact(parameters["eta"], "eta")
    fine = list(range(1, round(1.3 * sizes[-1])))
    moments = [Spectrum.power_law(L, parameters["beta"]) for L in fine]
    escape = [
        doubles(lambda M=M: [escape_time(M, Fraction(1), law.moment(2)) for law in moments])  # type: ignore[misc]
        for M in range(units[0], units[-1] + 1)
    ]
    lengths = []
    for M in units:
        for L in sizes:
            with work.stage(f"order-parameter equations, M = {M}, L = {L}"):
                lengths.append(_decades(L, M, escape[M - units[0]][L - 1] / float(eta), parameters))
    return {
        "L": np.array(fine, dtype=float),
        "M": np.arange(units[0], units[-1] + 1, dtype=float),
        "escape_time": np.array(escape),
        "decades": np.array(lengths).reshape(len(units), len(sizes)),
    }


def _decades(L: int, M: int, tau: float, parameters: Parameters) -> float:
    """log10(end/start) of the longest plateau, as `Trajectory.plateaus` finds it; 0 for none."""
    spectrum = Spectrum.power_law(L, parameters["beta"])
    start = State.random(spectrum, K=M, M=M, **{name: parameters[name] for name in ("N", "seed", "sigma_J")})
    grid = times(1, 60 * tau + 100, parameters["points"])
    plateaus = solve(start, parameters["eta"], grid).plateaus()
    return max((float(np.log10(plateau.end / plateau.start)) for plateau in plateaus), default=0.0)


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """The map, and on it the plateaus of the solutions: the larger the circle the longer, a cross where there is "
    "none."""
    (panel,) = axes
    L, M, escape = data["L"], data["M"], data["escape_time"]
    image = panel.pcolormesh(L, M, np.log10(escape), cmap="cividis", shading="nearest", rasterized=True)
    contours = panel.contour(L, M, np.log10(escape), levels=[0, 0.5, 1, 1.5, 2], colors="white", linewidths=0.6)
    for i, units in enumerate(data.parameters["units"]):
        for j, size in enumerate(data.parameters["sizes"]):
            decades = data["decades"][i, j]
            if decades > 0:
                panel.plot(size, units, "o", ms=2 + 4 * decades, mec="black", mfc="none", mew=1, zorder=5)
            else:
                panel.plot(size, units, "x", ms=3.5, color="white", mew=1.1, zorder=5)
    panel.set(xscale="log", xlabel="$L$", ylabel="$M$", xlim=(0.75, L[-1]), ylim=(M[0] - 0.5, M[-1] + 0.5))
    marks.size_ticks(panel, data.parameters["sizes"])
    panel.set_yticks(M)
    panel.tick_params(axis="y", which="both", length=0)
    assert panel.figure is not None
    bar = panel.figure.colorbar(image, ax=panel, label=r"$\log_{10}(\eta\,\tau_{\rm esc})$", pad=0.02)
    bar.add_lines(contours)
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"Escape time of Eq.~(15) at $\eta = 1$ with $T^{(2)} = u_2$ (colour; contours at the lines in the scale). "
        r"Circles: "
        r"solutions of the order-parameter equations that show a plateau ($|d\ln\epsilon_g/d\ln\alpha| < 0.05$ over "
        r"half a "
        r"decade or more), growing with its length; crosses: no plateau. It disappears with $L$, the later the "
        r"larger $M$. "
        rf"$\beta = {parameters['beta']}$, $\eta = {parameters['eta']}$, $\sigma_J = {parameters['sigma_J']}$, "
        rf"$N = {parameters['N']}$, one start each."
    )
