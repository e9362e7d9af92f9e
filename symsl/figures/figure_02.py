"""Figure 2: the linear network's learning curve, exact in eta and to first order; the closed form against SGD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import approximation, eps_g, learning_curve, scaling_window
from symsl.simulation.inputs import diagonal_inputs
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Linear activation: the exact learning curve, its small-learning-rate limit, and SGD"
LAYOUT = Layout(columns=2, height=3.7, height_ratios=(2.6, 1), sharex=True)
PARAMETERS: Mapping[str, Parameters] = {
    "full": {
        "L": 256, "beta": "1/2", "sigma_J": "1/100", "etas": ["1/10", "1/2", "1", "3/2"], "times": [1e-2, 2e3, 121],
        "sgd": {"L": 256, "N": 1024, "eta": "1/20", "runs": 20, "seed": 2, "times": [1e-1, 1e3, 23]},
    },
    "quick": {
        "L": 64, "beta": "1/2", "sigma_J": "1/100", "etas": ["1/10", "1/2", "1", "3/2"], "times": [1e-2, 2e3, 61],
        "sgd": {"L": 64, "N": 128, "eta": "1/20", "runs": 20, "seed": 2, "times": [1e-1, 6e2, 17]},
    },
}  # fmt: skip


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Eq. 6 (`exact`) and Eq. 8 (`first_order`) by eta; Eqs. 6 and 9 and the simulation at its times."""
    spectrum = Spectrum.power_law(parameters["L"], parameters["beta"])
    sigma_J, grid = parameters["sigma_J"], times(*parameters["times"])
    with work.stage("Eqs. 6 and 8"):
        exact_curves, first_order = [], []
        for eta in parameters["etas"]:
            curve = learning_curve(spectrum, eta=eta, sigma_J=sigma_J, alpha=grid)
            exact_curves.append([float(value) for value in curve])
            first_order.append(doubles(lambda eta=eta: eps_g(spectrum, eta, sigma_J, grid)))  # type: ignore[misc]
    sgd = parameters["sgd"]
    eta, small = sgd["eta"], Spectrum.power_law(sgd["L"], parameters["beta"])
    run = work.simulate(
        "sgd", diagonal_inputs(small, sgd["N"]), eta=eta, alpha=times(*sgd["times"]), sigma_J=sigma_J,
        runs=sgd["runs"], seed=sgd["seed"],
    )  # fmt: skip
    recorded, fine = [float(time) for time in run.alpha], times(*sgd["times"][:2])
    return {
        "alpha": np.array(grid),
        "exact": np.array(exact_curves),
        "first_order": np.array(first_order),
        "sgd_alpha": run.alpha,
        "sgd_mean": run.mean(),
        "sgd_error": run.standard_error(),
        "sgd_exact": np.array(list(map(float, learning_curve(small, eta=eta, sigma_J=sigma_J, alpha=recorded)))),
        "fine_alpha": np.array(fine),
        "fine_exact": np.array(list(map(float, learning_curve(small, eta=eta, sigma_J=sigma_J, alpha=fine)))),
        "fine_closed": doubles(lambda: approximation("integral", small, eta, sigma_J, fine)),
        "sgd_window": doubles(lambda: scaling_window(small, eta)),
    }


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves above, relative differences below."""
    left, right, left_below, right_below = axes
    alpha, parameters = data["alpha"], data.parameters
    colours = palette.family("eta", len(parameters["etas"]))
    for eta, colour, exact_curve, first in zip(
        parameters["etas"], colours, data["exact"], data["first_order"], strict=True
    ):
        left.plot(alpha, exact_curve, color=colour, label=rf"$\eta = {marks.tex_number(eta)}$")
        left.plot(alpha, first, color=colour, ls="--", lw=0.9)
        positive = first > 0
        left_below.plot(alpha[positive], exact_curve[positive] / first[positive] - 1, color=colour)
    left.plot([], [], color=palette.GUIDE, label="Eq. (6)")
    left.plot([], [], color=palette.GUIDE, ls="--", lw=0.9, label="Eq. (8)")
    marks.logarithmic(left, ylabel=marks.EPS_G)
    left.set_ylim(1e-6, 3)
    left.legend(loc="lower left")
    marks.logarithmic(left_below, marks.ALPHA, r"$\mathrm{(6)/(8)} - 1$")
    left_below.set_ylim(1e-3, 3e3)

    time, reference = data["sgd_alpha"], data["sgd_exact"]
    low, high = data["sgd_window"]
    for panel in (right, right_below):
        marks.window(panel, low, high)
    fine, fine_exact, fine_closed = data["fine_alpha"], data["fine_exact"], data["fine_closed"]
    right.plot(fine, fine_exact, color=palette.EXACT, label="Eq. (6)")
    right.plot(fine, fine_closed, color=palette.CLOSED_FORM, ls="--", label="Eq. (9)")
    marks.points(right, time, data["sgd_mean"], data["sgd_error"], label="SGD")
    exponent = marks.decay_exponent(parameters["beta"])
    marks.slope_guide(
        right, (3 * low, high / 3), 1.5 * float(np.interp(3 * low, time, reference)), float(exponent),
        marks.power(r"\alpha", exponent),
    )  # fmt: skip
    marks.logarithmic(right)
    right.legend(loc="lower left")
    right_below.axhline(0, color=palette.EXACT)
    right_below.plot(fine, fine_closed / fine_exact - 1, color=palette.CLOSED_FORM, ls="--")
    marks.points(right_below, time, data["sgd_mean"] / reference - 1, data["sgd_error"] / reference)
    right_below.set(xscale="log", xlabel=marks.ALPHA, ylabel=r"relative to (6)")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    sgd = parameters["sgd"]
    return (
        rf"(a) Eq.~(6), exact in $\eta$ (lines), and Eq.~(8), first order in $\eta$ (dashed), for $\eta = $ "
        rf"{marks.listing(parameters['etas'])}, $L = {parameters['L']}$, $\beta = {parameters['beta']}$, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$; (c) their relative difference: the exact error is "
        rf"always larger. (b) SGD at $N = {sgd['N']}$, $L = {sgd['L']}$, $\eta = {marks.tex_number(sgd['eta'])}$ "
        rf"({sgd['runs']} runs with fresh weights; mean and standard error) against Eqs.~(6) and (9); (d) relative "
        rf"differences from Eq.~(6). Shaded: the window $1/(2\eta\lambda_+) < \alpha < "
        rf"L^{{1+\beta}}/(2\eta\lambda_+)$. "
        r"Parameters chosen here, where the paper's text does not give them."
    )
