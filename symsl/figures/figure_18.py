"""Figure 18: order parameters of higher order on the plateau, with Eq. 98."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.plateau_approximation import approximate_plateau
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Order parameters of higher order on the plateau"
LAYOUT = Layout(columns=3, height=4.2, height_ratios=(1, 1), sharex=True)
_COMMON = {"M": 3, "L": 3, "beta": "1/2", "eta": "1/10", "sigma_J": "1/100", "N": 1023, "seed": 4}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "times": [1, 2e4, 241]},
    "quick": {**_COMMON, "times": [1, 2e4, 81]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """R^(l) and Q^(l) along a solution for l = 0..L-1, and their plateaus by Eqs. 95 and 98."""
    M, L = parameters["M"], parameters["L"]
    spectrum = Spectrum.power_law(L, parameters["beta"])
    start = State.random(spectrum, K=M, **{name: parameters[name] for name in ("M", "N", "seed", "sigma_J")})
    with work.stage("order-parameter equations"):
        solution = solve(start, parameters["eta"], times(*parameters["times"]), modes=True)
        modes = [solution.state(number).float_modes() for number in range(len(solution.alpha))]
    weights = np.array([float(value.mid()) for value in spectrum.eigenvalues()])
    data = {"alpha": solution.alpha}
    for l in range(L):
        actual = approximate_plateau(start, l)
        data |= {
            f"R_{l}": np.array([np.einsum("k,kin->in", weights**l, mode.R) / L for mode in modes]),
            f"Q_{l}": np.array([np.einsum("k,kij->ij", weights**l, mode.Q) / L for mode in modes]),
            f"plateau_R_{l}": actual.R,
            f"plateau_Q_{l}": np.array(actual.Q),
        }
    return data


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """R^(l) above, Q^(l) below, one column for each order."""
    alpha, M, L = data["alpha"], data.parameters["M"], data.parameters["L"]
    for l in range(L):
        above, below = axes[l], axes[L + l]
        level = float(data[f"plateau_R_{l}"].mean())
        for n, colour in enumerate(palette.family("unit", M)):
            above.plot(alpha, data[f"R_{l}"][:, :, n], color=colour, lw=0.7)
            above.axhline(data[f"plateau_R_{l}"][n], color=colour, ls="--", lw=0.8)
            above.plot([], [], color=colour, label=f"$n = {n + 1}$")
        above.axhline(level, color=palette.GUIDE, ls=":", label="Eq. (98)")
        above.set(xscale="log", ylabel=f"$R_{{in}}^{{({l})}}$", ylim=(-0.5 * level, 2 * level))
        for i in range(M):
            for j in range(i, M):
                below.plot(alpha, data[f"Q_{l}"][:, i, j], color=palette.EQUATIONS, lw=0.7, ls="-" if i == j else ":")
        height = float(data[f"plateau_Q_{l}"])
        below.axhline(height, color=palette.GUIDE, ls=":")
        below.set(xscale="log", xlabel=marks.ALPHA, ylabel=f"$Q_{{ij}}^{{({l})}}$", ylim=(-0.25 * height, 2.5 * height))
        below.set_xlim(alpha[0], alpha[-1])
    axes[0].legend(loc="upper left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a--c) Student-teacher and (d--f) student-student order parameters of order "
        rf"$l = 0$ to ${parameters['L'] - 1}$ along a solution of the order-parameter equations to first order in "
        r"$\eta$. Dotted: the plateau of Eq.~(98) with the mean row sums of the teacher; dashed: the heights of "
        r"Eq.~(95), one for each teacher unit. In (d--f) full lines are $i = j$, dotted ones $i \neq j$; the frames "
        r"end "
        rf"where the plateau is left. $K = M = {parameters['M']}$, $L = {parameters['L']}$, "
        rf"$\beta = {parameters['beta']}$, $\eta = {marks.tex_number(parameters['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$, $N = {parameters['N']}$. Parameters chosen here."
    )
