"""Figure 5: the escape from the plateau, in SGD, in the equations and by Eq. 15."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symsl.erf.escape import escape_time
from symsl.erf.plateau_approximation import approximate_escape_time
from symsl.erf.plateau_length import spread_over_students
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import marks, palette
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.simulation.inputs import diagonal_inputs
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Escape from the plateau"
LAYOUT = Layout(columns=3, height=2.5)
_COMMON = {"beta": "1", "units": [2, 4, 8], "sigma_J": "1/100", "perturbation": 1e-6}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {
        **_COMMON, "sizes": [1, 2, 4, 8, 16, 32, 64, 128],
        "sgd": {"M": 2, "N": 1024, "eta": "1/4", "sizes": [1, 2, 4, 8], "runs": 4, "seed": 5, "times": [1500, 61]},
    },
    "quick": {
        **_COMMON, "sizes": [1, 4, 16, 64],
        "sgd": {"M": 2, "N": 256, "eta": "1/2", "sizes": [1, 2, 4], "runs": 4, "seed": 5, "times": [600, 41]},
    },
}  # fmt: skip


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Learning curves and the spread of the students, by L; tau_esc by M and L, from Eq. 15 and measured."""
    data = _training(parameters, work)
    predicted, measured = [], []
    for M in parameters["units"]:
        spectra = [Spectrum.power_law(L, parameters["beta"]) for L in parameters["sizes"]]
        predicted.append(
            doubles(lambda M=M, spectra=spectra: [  # type: ignore[misc]
                escape_time(M, Fraction(1), spectrum.moment(2)) for spectrum in spectra
            ])
        )  # fmt: skip
        with work.stage(f"growth on the plateau, M = {M}"):
            measured.append(
                [
                    measured_escape_time(spectrum, M, tau, parameters["perturbation"])
                    for spectrum, tau in zip(spectra, predicted[-1], strict=True)
                ]
            )
    return data | {"predicted": np.array(predicted), "measured": np.array(measured)}


def _training(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Runs from one start with different examples, and the equations from the same start."""
    sgd = parameters["sgd"]
    data: dict[str, Array] = {}
    M, last = sgd["M"], sgd["times"][0]
    for i, L in enumerate(sgd["sizes"]):
        spectrum = Spectrum.power_law(L, parameters["beta"])
        start = State.random(spectrum, K=M, M=M, N=sgd["N"], seed=sgd["seed"], sigma_J=parameters["sigma_J"])
        J, B = start.weights()
        run = work.simulate(
            f"L-{L}", diagonal_inputs(spectrum, sgd["N"]), eta=sgd["eta"], activation="erf", K=M, M=M, J=J, B=B,
            alpha=np.linspace(0, last, sgd["times"][1])[1:].tolist(), runs=sgd["runs"], seed=sgd["seed"],
        )  # fmt: skip
        with work.stage(f"order-parameter equations, L = {L}"):
            solution = solve(start, sgd["eta"], np.linspace(0, last, 301), order=2)
        data |= {
            "sgd_alpha": run.alpha,
            f"sgd_mean_{i}": run.mean(),
            f"sgd_error_{i}": run.standard_error(),
            f"sgd_spread_{i}": spread_over_students(run.R),
            "alpha": solution.alpha,
            f"eps_g_{i}": solution.eps_g,
            f"spread_{i}": spread_over_students(solution.R),
            f"escape_time_{i}": np.array(approximate_escape_time(start, exact(sgd["eta"], "eta"))),
        }
    return data


def measured_escape_time(spectrum: Spectrum, M: int, scale: float, perturbation: float) -> float:
    """tau_esc at eta = 1 from the growth of the spread, started on the plateau plus a small specialisation.

    On the plateau with T_k = 1 the students are c sum_m B_m; student i gets `perturbation` (B_i - mean_m B_m) more.
    `scale` is about how long to wait.
    """
    c = 1 / np.sqrt(M * (2 * M - 1))
    tilt = np.eye(M) - 1 / M
    R = c + perturbation * tilt
    teacher = np.sqrt(M) * np.tile(np.eye(M), spectrum.L)  # M directions for each eigenvalue: T_k = 1
    state = State.from_weights(spectrum, R @ teacher, teacher)
    solution = solve(state, 1, np.linspace(0, 8 * scale, 9), rtol=1e-8)
    growth = np.log(spread_over_students(solution.R))
    return float(np.mean(np.diff(solution.alpha)[3:]) / (2 * np.mean(np.diff(growth)[3:])))


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves, the spread of the students, escape times."""
    left, middle, right = axes
    parameters = data.parameters
    sizes = parameters["sgd"]["sizes"]
    for i, (L, colour) in enumerate(zip(sizes, palette.family("L", len(sizes)), strict=True)):
        left.plot(data["alpha"], data[f"eps_g_{i}"], color=colour, label=f"$L = {L}$")
        marks.points(
            left, data["sgd_alpha"][::2], data[f"sgd_mean_{i}"][::2], data[f"sgd_error_{i}"][::2], color=colour
        )
        middle.plot(data["alpha"], data[f"spread_{i}"], color=colour)
        for spread in data[f"sgd_spread_{i}"]:
            middle.plot(data["sgd_alpha"], spread, ".", color=colour, ms=1.5, zorder=1)
        start, end = _growth(data[f"spread_{i}"])
        time = data["alpha"][[start, end]]
        growth = np.exp((time - time[0]) / (2 * float(data[f"escape_time_{i}"])))
        middle.plot(time, 2.2 * data[f"spread_{i}"][start] * growth, color=colour, lw=0.9, ls=(0, (4, 2)))
    middle.plot([], [], color=palette.GUIDE, lw=0.9, ls=(0, (4, 2)), label=r"$e^{\alpha/(2\tau_{\rm esc})}$, Eq. (15)")
    left.set(yscale="log", xlabel=marks.ALPHA, ylabel=marks.EPS_G, xlim=(0, data["alpha"][-1]), ylim=(3e-5, 0.3))
    left.legend(loc="upper right")
    middle.set(
        yscale="log", xlabel=marks.ALPHA, ylabel=r"spread of $R_{in}$ over students", xlim=(0, data["alpha"][-1])
    )
    middle.legend(loc="lower right")
    all_sizes, units = np.array(parameters["sizes"], dtype=float), parameters["units"]
    for i, (M, colour) in enumerate(zip(units, palette.family("M", len(units)), strict=True)):
        right.plot(all_sizes, data["predicted"][i], color=colour, label=f"$M = {M}$")
        marks.points(right, all_sizes, data["measured"][i], color=colour)
    anchor = all_sizes[len(all_sizes) // 2]
    marks.slope_guide(
        right, (anchor, all_sizes[-1]), 0.5 * data["predicted"][0][len(all_sizes) // 2], -1, "$L^{-1}$", above=False
    )
    marks.logarithmic(right, "$L$", r"$\eta\,\tau_{\rm esc}$")
    marks.size_ticks(right, parameters["sizes"])
    right.set_ylim(top=float(data["predicted"].max()) * 12)
    right.legend(loc="upper right")
    return axes


def _growth(spread: Array) -> tuple[int, int]:
    """The stretch of exponential growth: from twice the smallest spread after the start to a third of the last one."""
    start = int(np.argmin(spread[: int(np.argmax(spread > spread[-1] / 2)) + 1]))
    after = spread[start:]
    return start + int(np.argmax(after > 2 * after[0])), start + int(np.argmax(after > spread[-1] / 4))


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    sgd = parameters["sgd"]
    return (
        rf"(a) Generalization error and (b) how much the students differ (root mean square of $R_{{in}}$ minus its "
        rf"mean "
        rf"over students) for $L = $ {marks.listing(sgd['sizes'])}: order-parameter equations (lines) and SGD from the "
        rf"same weights with {sgd['runs']} sequences of examples (points; in (b) each), $N = {sgd['N']}$, "
        rf"$K = M = {sgd['M']}$, $\eta = {marks.tex_number(sgd['eta'])}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. Dashed: growth with $\tau_{{\rm esc}}$ of "
        rf"Eq.~(15) for "
        r"the means of the actual $T^{(2)}$. (c) $\tau_{\rm esc}$ at $\eta = 1$ from Eq.~(15) with $T^{(2)} = u_2$ "
        r"(lines) and measured on solutions of the equations started next to the plateau (points): "
        r"$\tau_{\rm esc} \sim M^2/L$. "
        rf"$\beta = {parameters['beta']}$. Parameters chosen here."
    )
