"""Figure 19: the length of the plateau, Eq. 117, against solutions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.plateau_approximation import approximate_escape_time, approximate_height
from symsl.erf.plateau_length import spread_over_students
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The length of the plateau"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"M": 2, "beta": "1", "eta": "1/10", "N": 1024, "spreads": ["1/10000", "1/1000", "1/100", "1/10"]}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [1, 2, 4], "seeds": 20, "times": [1, 6e3, 801]},
    "quick": {**_COMMON, "sizes": [1, 2, 4], "seeds": 4, "times": [1, 6e3, 301]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By L, sigma_J and seed: measured end and beginning of the plateau, the spreads there, tau_esc; one curve each."""
    M, grid = parameters["M"], np.array(times(*parameters["times"]))
    rows, curves = [], []
    for L in parameters["sizes"]:
        for spread in parameters["spreads"]:
            for seed in range(1, parameters["seeds"] + 1):
                start = State.random(
                    Spectrum.power_law(L, parameters["beta"]),
                    K=M, M=M, N=parameters["N"], seed=seed, sigma_J=spread,
                )  # fmt: skip
                with work.stage(f"order-parameter equations, L = {L}, sigma_J = {spread}, start {seed}"):
                    solution = solve(start, parameters["eta"], grid)
                rows.append(_plateau(start, solution.eps_g, spread_over_students(solution.R), grid))
                rows[-1].append(approximate_escape_time(start, exact(parameters["eta"], "eta")))
                if seed == 1:
                    curves.append(solution.eps_g)
    shape = len(parameters["sizes"]), len(parameters["spreads"])
    return {
        "alpha": grid,
        "eps_g": np.array(curves).reshape(*shape, -1),
        "plateaus": np.array(rows).reshape(*shape, parameters["seeds"], -1),
    }


def _plateau(start: State, eps_g: Array, spread: Array, alpha: Array) -> list[float]:
    """alpha_0 and the spread Delta_0 there, alpha_P and the spread Delta_P there.

    alpha_0: the spread has grown to twice its smallest value, so that the growing direction has taken over. alpha_P:
    eps_g has fallen by a factor e below the height of Eq. 95.
    """
    end = int(np.flatnonzero(eps_g > approximate_height(start) / np.e)[-1]) + 1
    least = int(np.argmin(spread[:end]))
    begin = least + int(np.argmax(spread[least:] > 2 * spread[least]))
    return [float(alpha[begin]), float(spread[begin]), float(alpha[end]), float(spread[end])]


def estimated_ends(data: FigureData, i: int) -> Array:
    """Eq. 117 for the size number i, shape (spreads, seeds): alpha_0 + 2 tau_esc ln(Delta_P/(b sigma_J/sqrt N)).

    b and Delta_P are one number for each L, from all starts together.
    """
    begin, first, _, last, tau = np.moveaxis(data["plateaus"][i], -1, 0)
    unit = np.array([float(exact(s, "sigma_J")) for s in data.parameters["spreads"]])[:, None]
    scale = unit / np.sqrt(data.parameters["N"])
    b, escaped = np.exp(np.mean(np.log(first / scale))), np.exp(np.mean(np.log(last)))
    ends: Array = begin + 2 * tau * np.log(escaped / (b * scale))
    return ends


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Curves and estimated ends on the left, lengths against sigma_J on the right."""
    left, right = axes
    parameters = data.parameters
    spreads = np.array([float(exact(s, "sigma_J")) for s in parameters["spreads"]])
    chosen = len(spreads) - 2
    for i, (L, colour) in enumerate(
        zip(parameters["sizes"], palette.family("L", len(parameters["sizes"])), strict=True)
    ):
        ends, measured = estimated_ends(data, i), data["plateaus"][i]
        curve = data["eps_g"][i, chosen]
        left.plot(data["alpha"], curve, color=colour, label=f"$L = {L}$")
        left.axvline(ends[chosen, 0], color=colour, ls="--", lw=0.9)
        lengths = measured[..., 2] - measured[..., 0]
        estimates = (ends - measured[..., 0]).mean(axis=1)
        right.plot(spreads, estimates, color=colour)
        error = lengths.std(axis=1, ddof=1) / np.sqrt(lengths.shape[1])
        marks.points(right, spreads, lengths.mean(axis=1), error, color=colour)
    marks.logarithmic(left, marks.ALPHA, marks.EPS_G)
    left.set_xlim(10, data["alpha"][-1])
    left.set_ylim(1e-4, 0.2)
    left.legend(loc="lower left")
    right.set(xscale="log", xlabel=r"$\sigma_J$", ylabel=r"$\alpha_P - \alpha_0$")
    right.set_ylim(bottom=0)
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"(a) Generalization error (order-parameter equations, first order in $\eta$) for $L = $ "
        rf"{marks.listing(parameters['sizes'])} at $\sigma_J = {marks.tex_number(parameters['spreads'][-2])}$, and "
        rf"the end "
        r"of the plateau estimated by Eq.~(117) (dashed). (b) Length of the plateau against $\sigma_J$: solutions "
        rf"(points: mean and standard error over {parameters['seeds']} starts) and Eq.~(117) (lines), whose slope is "
        r"$2\tau_{\rm esc}$ a factor $e$; they lie below the points since the growth slows down before $\alpha_P$. "
        r"$\alpha_0$: the students differ twice as much as when they are closest; "
        r"$\alpha_P$: $\epsilon_g$ is a factor $e$ below the height of Eq.~(95). $b$ and $\Delta_P$ are estimated "
        r"once for each $L$, as geometric "
        r"means over "
        r"all starts; $\tau_{\rm esc}$ from the means of the actual $T^{(2)}$. "
        rf"$K = M = {parameters['M']}$, $N = {parameters['N']}$, $\beta = {parameters['beta']}$, "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$. Parameters chosen here."
    )
