"""Figure d: the late phase to first order, exact in eta, to second order in J - B, and by the full equations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.late_phase import Deviations, error_from_modes
from symsl.erf.late_phase_exact import exact_error
from symsl.erf.late_phase_second_order import LatePhase
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.late import slowest_time
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The late phase beyond Eq. (17)"
LAYOUT = Layout(columns=2, height=3.7, height_ratios=(2.2, 1), sharex=True)
_COMMON = {"M": 2, "beta": "1", "etas": ["1/10", "2"], "aligned": 0.1, "orthogonal": 0.1}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "L": 64, "points": 101},
    "quick": {**_COMMON, "L": 16, "points": 61},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each eta: eps_g of the full equations (with the eta^2 term) and of the four theories."""
    M, spectrum = parameters["M"], Spectrum.power_law(parameters["L"], parameters["beta"])
    eigenvalues = np.array([float(value.mid()) for value in spectrum.eigenvalues()])
    aligned, orthogonal = parameters["aligned"], parameters["orthogonal"]
    deviations = (-aligned, 0.0, round(aligned**2 + orthogonal**2, 15), 0.0)
    state = deviating_state(spectrum, M, aligned, orthogonal)
    data: dict[str, Array] = {}
    start = Deviations(spectrum, M, (Fraction(str(deviations[2])),), (Fraction(0),))
    for i, text in enumerate(parameters["etas"]):
        slowest = slowest_time(spectrum, M, text)
        alpha = np.concatenate(
            [[0.0], np.geomspace(slowest * eigenvalues[-1] / eigenvalues[0] / 30, 6 * slowest, parameters["points"])]
        )
        with work.stage(f"late phase, eta = {text}"):
            data |= {f"alpha_{i}": alpha, f"full_{i}": solve(state, text, alpha, order=2, rtol=1e-8).eps_g}
            later, rate = [Fraction(float(time)) for time in alpha], exact(text, "eta")
            data[f"17_{i}"] = doubles(lambda: error_from_modes(start, rate, later))  # noqa: B023
            data[f"exact_{i}"] = doubles(lambda: exact_error(start, rate, later))  # noqa: B023
            for name, exact_in_eta in (("second", False), ("both", True)):
                data[f"{name}_{i}"] = LatePhase(eigenvalues, M, float(rate), exact_in_eta).error(
                    np.array(deviations), alpha
                )
    return data


def deviating_state(spectrum: Spectrum, M: int, aligned: float, orthogonal: float) -> State:
    """Students (1 - aligned) B_i + orthogonal X_i with X_i orthogonal to all else and T_k = 1: the same in all "
    "modes."""
    units = np.sqrt(2 * M) * np.eye(2 * M)
    teacher = np.tile(units[:M], spectrum.L)
    other = np.tile(units[M:], spectrum.L)
    return State.from_weights(spectrum, (1 - aligned) * teacher + orthogonal * other, teacher)


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One column for each eta: errors above, relative differences from the full equations below."""
    etas = data.parameters["etas"]
    looks = {
        "17": ("Eq. (17)", palette.FIRST_ORDER, "-"),
        "exact": (r"exact in $\eta$", palette.EXACT, "-"),
        "second": ("second order", palette.SECOND_ORDER, "--"),
        "both": (r"second order, exact in $\eta$", palette.COMPLETE, "--"),
    }
    for i, eta in enumerate(etas):
        above, below = axes[i], axes[len(etas) + i]
        alpha, full = data[f"alpha_{i}"][1:], data[f"full_{i}"][1:]
        for name, (label, colour, line) in looks.items():
            theory = data[f"{name}_{i}"][1:]
            above.plot(alpha, theory, color=colour, ls=line, label=label)
            below.plot(alpha, theory / full - 1, color=colour, ls=line)
        above.plot(alpha[::3], full[::3], "o", ms=2.6, color=palette.EQUATIONS, label="full equations", zorder=4)
        marks.logarithmic(above, ylabel=marks.EPS_G if i == 0 else "")
        above.text(0.97, 0.95, rf"$\eta = {marks.tex_number(eta)}$", transform=above.transAxes, ha="right", va="top")
        below.axhline(0, color=palette.GUIDE, lw=0.8)
        below.set(xscale="log", xlabel=marks.ALPHA, ylabel="theory/full $-$ 1" if i == 0 else "")
        below.set_xlim(alpha[0], alpha[-1])
        below.set_ylim(-1.05, 1.05)
    axes[0].legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a, b) Four theories of the end of training against the full order-parameter equations with the $\eta^2$ "
        r"term "
        rf"(points), at $\eta = $ {marks.listing(parameters['etas'])}; (c, d) relative differences. Start: students "
        rf"$(1 - {parameters['aligned']}) B_i$ plus an orthogonal part of length ${parameters['orthogonal']}$, the "
        rf"same in "
        r"all modes. Eq.~(17) drops terms in the square of the aligned part, which are as large as those it keeps, and "
        r"the $\eta^2$ term. What the complete second order misses is of third order in the distance from the teacher. "
        rf"$K = M = {parameters['M']}$, $L = {parameters['L']}$, $\beta = {parameters['beta']}$, $T_k = 1$."
    )
