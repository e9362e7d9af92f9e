"""Figure c: Eq. 17 at numbers of eigenvalues that no other route reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import arb

from symsl.erf.late_phase import relaxation_eigenvalues
from symsl.figures import marks, palette
from symsl.figures.numbers import doubles, times
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear import weighted_exponential_sum
from symsl.precision import ball, exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "The late phase, Eq. (17), up to a million million eigenvalues"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"M": 2, "eta": "1/10", "beta": "1/2", "w_d": "1/100", "w_o": "0", "powers": [2, 4, 6, 8, 10, 12]}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "times": [1e-10, 1e10, 321]},
    "quick": {**_COMMON, "times": [1e-10, 1e10, 161]},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Eq. 17 with equal modes, by L, and its local exponent d ln eps_g / d ln alpha."""
    grid, errors, exponents = times(*parameters["times"]), [], []
    for power in parameters["powers"]:
        spectrum = Spectrum.power_law(10**power, parameters["beta"])
        with work.stage(f"Eq. 17 at L = 10^{power}"):
            # Below the smallest double there is nothing to draw, and the ball of such a sum may hold zero.
            known = [time for time in grid if _decays(spectrum, parameters, time) < 600]
            error = doubles(lambda: [_sums(spectrum, parameters, time)[0] for time in known])  # noqa: B023
            slope = doubles(lambda: [_exponent(spectrum, parameters, time) for time in known])  # noqa: B023
        missing = np.full(len(grid) - len(known), np.nan)
        errors.append(np.concatenate([error, missing]))
        exponents.append(np.concatenate([slope, missing]))
    return {"alpha": np.array(grid), "eps_g": np.array(errors), "exponent": np.array(exponents)}


def _groups(parameters: Parameters) -> list[tuple[arb, arb]]:
    """For both groups of Eq. 17: the weight of the sum over modes, and its rate over lambda_k alpha."""
    M, eta = parameters["M"], exact(parameters["eta"], "eta")
    w_d, w_o = ball(exact(parameters["w_d"], "w_d")), ball(exact(parameters["w_o"], "w_o"))
    plus, minus = relaxation_eigenvalues(M)
    scale = 4 * ball(eta) / (arb.pi() * M)
    return [(plus * (w_d + (M - 1) * w_o), scale * plus), ((M - 1) * minus * (w_d - w_o), scale * minus)]


def _sums(spectrum: Spectrum, parameters: Parameters, time: float) -> tuple[arb, arb]:
    """Eq. 17 and minus its derivative in time."""
    alpha, norm = ball(exact(time, "alpha")), arb.pi() * parameters["M"] * spectrum.L
    error = slope = arb(0)
    for weight, rate in _groups(parameters):
        error += weight * weighted_exponential_sum(spectrum, rate * alpha, 1)
        slope += weight * rate * weighted_exponential_sum(spectrum, rate * alpha, 2)
    return error / norm, slope / norm


def _exponent(spectrum: Spectrum, parameters: Parameters, time: float) -> arb:
    error, slope = _sums(spectrum, parameters, time)
    return -ball(exact(time, "alpha")) * slope / error


def _decays(spectrum: Spectrum, parameters: Parameters, time: float) -> float:
    """The exponent of the slowest exponential."""
    slowest = (
        _groups(parameters)[1][1] * spectrum.largest() / ball(Fraction(spectrum.L)) ** (1 + ball(spectrum.beta or 0))
    )
    return float(slowest.mid()) * time


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Learning curves on the left, local exponents on the right."""
    left, right = axes
    alpha, powers = data["alpha"], data.parameters["powers"]
    for i, (power, colour) in enumerate(zip(powers, palette.family("L", len(powers)), strict=True)):
        left.plot(alpha, data["eps_g"][i], color=colour, label=f"$L = 10^{{{power}}}$")
        right.plot(alpha, data["exponent"][i], color=colour)
    exponent = marks.decay_exponent(data.parameters["beta"])
    right.axhline(float(exponent), color=palette.GUIDE, ls=(0, (4, 2)), lw=0.9)
    note = rf"dashed: $-\beta/(1+\beta) = {exponent}$"
    right.text(0.04, 0.05, note, color=palette.GUIDE, transform=right.transAxes)
    marks.logarithmic(left, marks.ALPHA, marks.EPS_G)
    left.set_ylim(1e-13, 1e-2)
    left.legend(loc="lower left")
    right.set(xscale="log", xlabel=marks.ALPHA, ylabel=r"$d\ln\epsilon_g/d\ln\alpha$", ylim=(-1, 0.05))
    for panel in axes:
        panel.set_xlim(alpha[0], alpha[-1])
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) Eq.~(17) with the same deviations in all modes, $w_d = "
        rf"{marks.tex_number(parameters['w_d'])}$, $w_o = {marks.tex_number(parameters['w_o'])}$, for $L = 10^2$ to "
        rf"$10^{{{parameters['powers'][-1]}}}$; (b) its certified local exponent. Each value is a sum over all $L$ "
        rf"modes, "
        r"enclosed by the Euler--Maclaurin formula with its remainder. The paper stopped at small $L$; the exponent "
        r"$-\beta/(1+\beta)$ needs many decades of $L$ to show. The step on the way is that of the two groups of "
        r"rates, "
        rf"$h_+$ and $h_-$. $M = {parameters['M']}$, $\beta = {parameters['beta']}$, "
        rf"$\eta = {marks.tex_number(parameters['eta'])}$; $\alpha$ counts from the reference time."
    )
