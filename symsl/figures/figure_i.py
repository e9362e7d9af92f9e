"""Figure i: what the tail of the trained weights says about the risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri, zeta

from symsl.figures import marks, palette
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.weight_decay import (
    DiagonalSpectrum,
    LassoState,
    PowerLawTarget,
    lasso_float64,
    quadratic_float64,
    tail_exponent,
)
from symsl.weight_decay.experiments import lasso_experiment
from symsl.weight_decay.fits import fit_tail_exponent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Excess risk and the tail exponent of the trained weights"
LAYOUT = Layout(columns=2, height=3.0)
_COMMON = {"gammas": ["3/5", "3/4", "1", "4/3", "2", "3"], "noisy": [7, 9], "logarithmic": [12, 14], "seed": 5}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [3, 5, 7, 9], "trained": ["3/4", "1", "4/3", "2"], "d": 1000, "trials": 20},
    "quick": {**_COMMON, "sizes": [3, 6], "trained": ["3/4", "1", "4/3"], "d": 1000, "trials": 6},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By gamma: fitted rates of both models; by gamma and n: the best R; trained networks: fitted A, R, errors."""
    gammas = parameters["gammas"]
    with work.stage("rates of the state evolution"):
        rates = np.array([_rates(gamma, parameters) for gamma in gammas])
    with work.stage("best risk"):
        risks = np.array([[_best(gamma, 10**k).R for gamma in gammas] for k in parameters["sizes"]])
    with work.stage("trained networks"):
        trained = np.array([_trained(gamma, parameters) for gamma in parameters["trained"]])
    exponents = np.array([float(tail_exponent(gamma)) for gamma in gammas])
    return {"A": exponents, "rates": rates, "risk": risks, "trained": trained}


def _target(gamma: str, d: int) -> PowerLawTarget:
    """Of norm 1 in infinite dimension, so that targets of different gamma compare."""
    return PowerLawTarget(gamma, d, c=f"{zeta(2 * float(Fraction(gamma))) ** -0.5:.6f}")


def _best(gamma: str, n: int) -> LassoState[float]:
    return lasso_float64(_target(gamma, n), n, "1/10", lam="optimal")


def _rates(gamma: str, parameters: Parameters) -> list[float]:
    """Minus the slopes of log R: diagonal, in n/log n, d = n; quadratic, in n/d, n = d**1.5; the same without noise."""
    slopes = []
    low, high = parameters["logarithmic"]
    small, large = (_best(gamma, 10**k).R for k in (low, high))
    slopes.append(np.log(small / large) / (np.log(10.0) * (high - low) - np.log(high / low)))
    low, high = parameters["noisy"]
    for Delta, decay in (("1/10", "optimal"), ("0", "0")):
        risks = []
        for k in (low, high):
            # Little label noise and few samples a direction: without noise the target would be recovered.
            n = round(10 ** (1.5 * k)) if Delta != "0" else 30 * 10**k * 10 ** (k - low)
            state = quadratic_float64(_target(gamma, 10**k), n, Delta, lam=decay, method="spiked")
            risks.append((n / 10**k, state.R))
        (first, one), (second, two) = risks
        slopes.append(np.log(one / two) / np.log(second / first))
    return slopes


def _trained(gamma: str, parameters: Parameters) -> list[float]:
    """Mean and standard error of the fitted A and of R, for diagonal networks of best weight decay."""
    d, target = parameters["d"], _target(gamma, parameters["d"])
    state = lasso_float64(target, d, "1/10", lam="optimal")
    measured = lasso_experiment(
        target, d, "1/10", f"{state.lam:.6g}", trials=parameters["trials"], seed=parameters["seed"]
    )
    spectrum = DiagonalSpectrum(target, state)
    least = _clear_of_noise(spectrum)
    fits = np.array([fit_tail_exponent(row[row > least], state.theta).A for row in np.abs(measured.weights)])
    return [fits.mean(), fits.std(ddof=1) / np.sqrt(len(fits)), measured.R.mean, measured.R.error]


def _clear_of_noise(spectrum: DiagonalSpectrum) -> float:
    """x above which a twentieth of a weight is noise: 2 d Phi(-(theta + x)/tau) = 1/20."""
    return float(-spectrum.state.tau * ndtri(1 / (40 * float(spectrum.target.d))) - spectrum.state.theta)


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Rates on the left, risks on the right, both against A."""
    left, right = axes
    line = np.linspace(1, 3, 201)[1:-1]
    left.plot(line, (3 - line) / 2, color=palette.EXACT, label="with noise: $(3-A)/2$")
    left.plot(line, (3 - line) / (line - 1), color=palette.FIRST_ORDER, label="without: $(3-A)/(A-1)$")
    rates = data["rates"]
    left.plot(data["A"], rates[:, 0], "o", ms=4, color=palette.EXACT, label="diagonal, fitted")
    left.plot(data["A"], rates[:, 1], "s", ms=4, mfc="none", color=palette.EXACT, label="quadratic, fitted")
    left.plot(data["A"], rates[:, 2], "s", ms=4, mfc="none", color=palette.FIRST_ORDER)
    left.set(xlabel="tail exponent $A$", ylabel="rate of $R$ in the samples", ylim=(0, 4), xlim=(1, 3))
    left.legend(loc="upper right")
    sizes = data.parameters["sizes"]
    for k, risks, colour in zip(sizes, data["risk"], palette.family("L", len(sizes)), strict=True):
        right.plot(data["A"], risks, color=colour, label=f"$n = d = 10^{{{k}}}$")
    A, A_error, R, R_error = data["trained"].T
    marks.points(right, A, R, R_error, xerr=A_error, label=f"trained, $n = d = {data.parameters['d']}$")
    right.set(xlabel="tail exponent $A$", ylabel=r"excess risk $R$ at the best $\lambda$", yscale="log", xlim=(1, 3))
    right.legend(loc="lower right")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    listed = ", ".join(f"${gamma}$" for gamma in parameters["gammas"])
    low, high = parameters["noisy"]
    first, last = parameters["logarithmic"]
    return (
        r"The density of trained weights falls as $x^{-A}$, $A = 1 + 1/\gamma$: the heavier the tail, the better the "
        r"network generalises. (a) Exponents of the excess risk in the number of samples ($n$, or $n/d$ in the "
        r"quadratic network) at the best weight decay, with label noise and without: the laws (lines), and slopes of "
        rf"the state evolution (marks), in the diagonal network against $n/\log n$ between $n = d = 10^{{{first}}}$ "
        rf"and $10^{{{last}}}$, in the quadratic one between $d = 10^{low}$ and $10^{high}$; "
        rf"$\gamma = $ {listed}. (b) Excess risk of the diagonal network at its best weight decay, targets of equal "
        r"norm, $\Delta = 0.1$: state evolution (lines) and trained networks at the exponent that a fit to their own "
        rf"weights gives (points with standard errors, {parameters['trials']} trials; $d = {parameters['d']}$)."
    )
