"""Do solutions of Eqs. 92-93 do what the laws say? Plateau, escape and late phase measured on solved trajectories.

Float64 throughout. A row holds the law's value, the measured one, and their relative difference; what a law leaves out
(slow modes that are still on their way to the plateau, terms of higher order) shows in the difference and is not
corrected for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from flint import arb, ctx

from symsl.erf.escape import escape_rate
from symsl.erf.exact_matrices import FloatArray
from symsl.erf.late_phase import Deviations, error_from_modes, from_state, relaxation_eigenvalues
from symsl.erf.late_phase_complete import MAX_L, complete_error, second_order_error
from symsl.erf.late_phase_exact import critical_learning_rate, exact_error
from symsl.erf.late_phase_second_order import LatePhase
from symsl.erf.moment_basis import moment_condition, solve_in_moment_basis
from symsl.erf.plateau import plateau_height
from symsl.erf.plateau_approximation import approximate_height
from symsl.erf.plateau_length import student_spread
from symsl.erf.plateau_of_teacher import escape_rates, plateau_of_teacher
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.erf.trajectory import Trajectory
from symsl.errors import ParameterError
from symsl.precision import ball, certify_all
from symsl.spectrum import Spectrum

_RTOL = 1e-9
_SMALL, _LARGE = 1e-4, 1e-3  # the spread of the students while the plateau is left exponentially
_MOST_UNITS = 16
_LATE = 1 / 30  # the late phase begins where eps_g has fallen to this part of the plateau
_FACTORS = (10, 1000)  # how far eps_g has fallen since, where the laws are compared

_Law = Callable[[Deviations, Fraction, Sequence[Fraction]], list[arb]]
_LAWS: dict[str, _Law] = {
    "Eq. 17": error_from_modes,
    "exact in eta": exact_error,
    "second order": second_order_error,
    "both": complete_error,
}


class Row(NamedTuple):
    """A quantity, the law for it, its value by the law, the value measured; `difference` is law/measured - 1."""

    quantity: str
    law: str
    value: float
    measured: float

    @property
    def difference(self) -> float:
        """Relative difference of the law from the measurement."""
        return self.value / self.measured - 1


class BasisRow(NamedTuple):
    """Appendix D at one L: kappa 2^-53, eps_g in the mode basis, and in the moment basis or why not."""

    L: int
    loss: float
    modes: float
    moments: float | None
    refusal: str


def require_comparable(M: int, eta: Fraction) -> None:
    """`ParameterError` unless there is a plateau, a solution to decay to, and an end to it."""
    where = "compare"
    if M < 2:
        raise ParameterError(where, "M", M, "M >= 2 (Eq. 13: the plateau is a symmetry of several units)", "raise M")
    if M > _MOST_UNITS:
        raise ParameterError(where, "M", M, f"M <= {_MOST_UNITS} (the work grows like M^4)", "lower M")
    with ctx.workprec(80):
        critical = critical_learning_rate(M)
        if not ball(eta) < critical:
            condition = f"eta < eta_c = {critical.str(6, radius=False)} (late-phase-critical-learning-rate)"
            raise ParameterError(where, "eta", eta, condition, "lower eta: above it the late phase does not decay")


def compare_symmetric(spectrum: Spectrum, M: int, eta: Fraction) -> list[Row]:
    """The laws for T^(l) = u_l delta on the start Q_k = 1e-12 delta, R_k = 1e-9 delta, which is as they assume.

    It is so small because what the students have orthogonal to the teachers and to each other stays on the plateau.
    """
    require_comparable(M, eta)
    identity = np.eye(M, dtype=int)
    state = State.from_modes(
        spectrum, (identity * Fraction(1, 10**12)).tolist(), (identity * Fraction(1, 10**9)).tolist(), identity.tolist()
    )
    with ctx.workprec(80):
        gamma = float(escape_rate(M, eta, spectrum.moment(2)).mid())
        height = float(plateau_height(M).mid())
        h_minus = float(relaxation_eigenvalues(M)[1].mid())
        eigenvalues = np.array([float(value.mid()) for value in spectrum.eigenvalues()])
    slowest = 4 * float(eta) / (np.pi * M) * h_minus * float(eigenvalues.min())
    escape_end = 35 / gamma
    curve = solve(state, eta, _grid(escape_end, 12 / slowest), rtol=_RTOL, modes=True)
    rows = [
        Row("plateau height", "Eq. 99", height, measured_height(curve)),
        Row("escape rate gamma", "Eq. 113", gamma, measured_rate(curve)),
    ]
    return rows + _late_rows(curve, height, slowest)


def compare_teacher(state: State, eta: Fraction) -> list[Row]:
    """The plateau of the actual teacher of `state`, exact and approximate, against its solution, K = M."""
    exact_plateau = plateau_of_teacher(state, digits=12)
    gamma = float(escape_rates(state, eta, digits=12)[0])
    with ctx.workprec(80):
        paper_rate = state.paper_learning_rate(eta)
        mean_rate = float(escape_rate(state.M, paper_rate, state.spectrum.moment(2)).mid())
    curve = solve(state, eta, np.linspace(0, 60 / gamma, 1201), rtol=_RTOL)
    height, rate = measured_height(curve), measured_rate(curve)
    return [
        Row("plateau height, this teacher", "fixed point", float(exact_plateau.height), height),
        Row("plateau height, this teacher", "Eq. 95", approximate_height(state), height),
        Row("escape rate, this teacher", "Eq. 113, T^(2) of it", gamma, rate),
        Row("escape rate, this teacher", "Eq. 113, mean T^(2)", mean_rate, rate),
    ]


def measured_height(curve: Trajectory) -> float:
    """eps_g where it changes least in time while the students still coincide."""
    inside = np.flatnonzero(_together(curve))
    if len(inside) < 3:
        raise ParameterError(
            "compare", "alpha", len(inside), "recorded times on the plateau (Eq. 99)", "choose another eta or L"
        )
    slope = np.abs(np.gradient(np.log(curve.eps_g[inside]), curve.alpha[inside]))
    return float(curve.eps_g[inside][int(np.argmin(slope))])


def measured_rate(curve: Trajectory) -> float:
    """d ln(spread)/d alpha, as the students part exponentially: between spreads of 1e-4 and 1e-3."""
    spread = student_spread(curve.R)
    parting = np.flatnonzero((spread > _SMALL) & (spread < _LARGE) & (np.gradient(spread) > 0))
    if len(parting) < 3:
        raise ParameterError(
            "compare", "alpha", len(parting), "recorded times while the plateau is left", "use a finer grid"
        )
    slope, _ = np.polyfit(curve.alpha[parting], np.log(spread[parting]), 1)
    return float(slope)


def compare_bases(
    spectrum_of: Callable[[int], Spectrum], eta: Fraction, sizes: Sequence[int] = (2, 4, 8, 10, 12, 16)
) -> list[BasisRow]:
    """eps_g(10) of the same random networks, K = M = 2, in the mode and in the moment basis, both in float64."""
    rows = []
    for L in sizes:
        state = State.random(spectrum_of(L), K=2, M=2, N=32 * L, seed=1)
        loss = moment_condition(state.spectrum) * 2.0**-53
        modes = float(solve(state, eta, [10], rtol=1e-8).eps_g[0])
        try:
            moments, refusal = float(solve_in_moment_basis(state, eta, [10]).eps_g[0]), ""
        except ParameterError as error:
            moments, refusal = None, f"refused: {error.condition}"
        rows.append(BasisRow(L, loss, modes, moments, refusal))
    return rows


def _late_rows(curve: Trajectory, height: float, slowest: float) -> list[Row]:
    """The laws of the late phase from its first recorded time, without and with the eta^2 term of the equations."""
    begin = int(np.flatnonzero(curve.eps_g > _LATE * height)[-1]) + 1
    state, eta = curve.state(begin).matched(), curve.eta
    fallen = [int(np.argmax(curve.eps_g[begin:] <= curve.eps_g[begin] / factor)) for factor in _FACTORS]
    chosen = [*fallen, len(curve.alpha) - begin - 2, len(curve.alpha) - begin - 1]
    times = [Fraction(float(curve.alpha[begin + index])) - Fraction(float(curve.alpha[begin])) for index in chosen]
    laws = late_phase_laws(state, eta, times)
    exact = solve(state, eta, [float(time) for time in times[:2]], order=2, rtol=_RTOL)
    rows = []
    for place, factor in enumerate(_FACTORS):
        for name, seen, applied in (
            (f"eps_g when fallen {factor}-fold", curve.eps_g[begin + fallen[place]], ("Eq. 17", "second order")),
            (f"eps_g then, with eta^2, {factor}-fold", exact.eps_g[place], tuple(laws)),
        ):
            rows += [Row(name, law, laws[law][place], float(seen)) for law in applied]
    span = float(times[-1] - times[-2])
    decay, by_second = (-float(np.log(eps[-1] / eps[-2])) / span for eps in (curve.eps_g, laws["second order"]))
    name = "final rate of decay"
    return [*rows, Row(name, "Eq. 17, slowest mode", slowest, decay), Row(name, "second order", by_second, decay)]


def late_phase_laws(state: State, eta: Fraction, times: Sequence[Fraction]) -> dict[str, list[float]]:
    """eps_g at `times` after `state` by Eq. 17, exact in eta, to second order in J - B, and by both together.

    From certified values; above L = `MAX_L` the last three from their equations in float64.
    """
    start = from_state(state)

    def certified(law: _Law) -> list[float]:
        return [float(value) for value in certify_all(lambda: law(start, eta, times), 12, route="eigenbasis")]

    if state.L <= MAX_L:
        return {name: certified(law) for name, law in _LAWS.items()}
    w, r = state.float_deviations()
    begun = np.array([*_diagonal_and_off(r), *_diagonal_and_off(w)])
    with ctx.workprec(80):
        eigenvalues = np.array([float(value.mid()) for value in state.spectrum.eigenvalues()])
    found = {"Eq. 17": certified(error_from_modes)}
    for name, deviations, exact_in_eta in (
        ("exact in eta", begun * [[0], [0], [1], [1]], True),
        ("second order", begun, False),
        ("both", begun, True),
    ):
        theory = LatePhase(eigenvalues, state.M, float(state.paper_learning_rate(eta)), exact_in_eta)
        errors = theory.error(deviations, np.array([float(time) for time in times]))
        found[name] = [float(error) * float(state.error_factor) for error in errors]
    return found


def _diagonal_and_off(matrices: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means over the diagonal and off it, for each mode."""
    M = matrices.shape[-1]
    trace = np.einsum("kii->k", matrices)
    return trace / M, (matrices.sum(axis=(1, 2)) - trace) / (M * (M - 1))


def _together(curve: Trajectory) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Where the students coincide up to `_SMALL` after the first descent."""
    spread = student_spread(curve.R)
    parted = np.flatnonzero(spread > _SMALL)
    last = int(parted[0]) if len(parted) else len(spread)
    inside = np.zeros(len(spread), dtype=bool)
    inside[int(np.argmax(curve.eps_g < curve.eps_g[0] / 3)) : last] = True
    return inside


def _grid(escape_end: float, late_length: float) -> FloatArray:
    """Even times while the plateau is left, then to the end of the late phase."""
    return np.concatenate(
        [np.linspace(0, escape_end, 1201), escape_end + np.geomspace(escape_end / 200, late_length, 241)]
    )
