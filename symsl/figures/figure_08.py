"""Figure 8: the terms of the Euler-Maclaurin expansion, and how many of them are worth taking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import correction_terms, distance, eps_g, scaling_window
from symsl.precision import ball, exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The terms of the Euler-Maclaurin expansion"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"L": 1000, "beta": "1/2", "sigma_J": "1/100", "eta": "1/100", "terms": 4, "z": [1, 3, 10, 30, 100]}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "times": [1e-2, 1e5, 141], "most": 30},
    "quick": {**_COMMON, "times": [1e-2, 1e5, 71], "most": 20},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Terms against time; relative error of Eq. 50 with 0, 1, ... terms at fixed z = 2 eta lambda_+ alpha."""
    spectrum = Spectrum.power_law(parameters["L"], parameters["beta"])
    eta, sigma_J, grid = parameters["eta"], parameters["sigma_J"], times(*parameters["times"])
    with work.stage("Euler-Maclaurin terms"):
        terms = doubles(
            lambda: [
                term for time in grid for term in correction_terms(spectrum, eta, sigma_J, time, parameters["terms"])
            ]
        )
        moments = [_time_of(spectrum, eta, z) for z in parameters["z"]]
        errors = [_errors(spectrum, eta, sigma_J, time, parameters["most"]) for time in moments]
    return {
        "alpha": np.array(grid),
        "sum": doubles(lambda: eps_g(spectrum, eta, sigma_J, grid)),
        "terms": np.abs(terms.reshape(len(grid), -1).T),
        "relative_errors": np.array(errors),
        "window": doubles(lambda: scaling_window(spectrum, eta)),
    }


def _time_of(spectrum: Spectrum, eta: object, z: int) -> Fraction:
    """A rational time at which 2 eta lambda_+ alpha is z to six digits."""
    (scale,) = doubles(lambda: [1 / (2 * ball(exact(eta, "eta")) * spectrum.largest())])
    return Fraction(f"{z * float(scale):.6g}")


def _errors(spectrum: Spectrum, eta: object, sigma_J: object, time: Fraction, most: int) -> Array:
    def balls() -> list[arb]:
        (gap,), (total,) = (
            distance("integral", spectrum, eta, sigma_J, [time]), eps_g(spectrum, eta, sigma_J, [time]),
        )  # fmt: skip
        errors = [gap]
        for term in correction_terms(spectrum, eta, sigma_J, time, most):
            errors.append(errors[-1] + term)
        return [error / total for error in errors]

    return np.abs(doubles(balls))


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Terms against time on the left, errors against the number of terms on the right."""
    left, right = axes
    marks.window(left, *data["window"])
    left.plot(data["alpha"], data["sum"], color=palette.FIRST_ORDER, label=r"$\epsilon_g$, Eq. (8)")
    labels = ["Eq. (49)", *(f"$B_{{{2 * j}}}$" for j in range(1, len(data["terms"])))]
    for label, colour, term in zip(labels, palette.family("order", len(labels)), data["terms"], strict=True):
        left.plot(data["alpha"], term, color=colour, label=label)
    marks.logarithmic(left, marks.ALPHA, r"$|\mathrm{term}|$")
    left.set_xlim(data["alpha"][0], data["alpha"][-1])
    left.set_ylim(1e-13, 3)
    left.legend(loc="lower left")
    z = data.parameters["z"]
    for value, colour, errors in zip(z, palette.family("time", len(z)), data["relative_errors"], strict=True):
        right.plot(errors, color=colour, marker="o", ms=2, label=f"$z = {value}$")
    right.set(yscale="log", xlabel="number of corrections", ylabel="relative error", ylim=(1e-12, 1e3))
    right.legend(loc="upper left", ncols=2)
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) The first Euler--Maclaurin corrections to Eq.~(9), named by the Bernoulli number they carry, beside the "
        rf"sum of Eq.~(8); $L = {parameters['L']}$, $\beta = {parameters['beta']}$, "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$, $\sigma_J = {marks.tex_number(parameters['sigma_J'])}$; "
        r"shaded: the scaling window. (b) Relative error of the integral with the first 0, 1, 2, \dots\ corrections at "
        r"fixed $z = 2\eta\lambda_+\alpha$: the expansion, started at $k = 1$, is asymptotic and has a best number of "
        r"terms. Parameters chosen here."
    )
