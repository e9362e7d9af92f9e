"""The end of training of the erf network, K = M and small learning rate, linearised about J = B (Secs. 5.2, C.5).

With T_k = delta the deviation of mode k is w_k = Q_k - R_k - R_k^T + T_k; eps_g depends on the mean w_d of its diagonal
and the mean w_o of its off-diagonal elements only. They relax by dw_k/da = -(4 eta/(pi M)) lambda_k H w_k (Eq. 16) with

    H = [[1/sqrt 3, (M-1)/2], [1/2, 1/sqrt 3 + (M-2)/2]],   h_- = 1/sqrt 3 - 1/2,   h_+ = 1/sqrt 3 + (M-1)/2,

    eps_g(a) = (1/(pi M L)) sum_k lambda_k [ h_+ (w_d + (M-1) w_o)_k e^(-(4 eta/(pi M)) h_+ lambda_k a)
                                            + (M-1) h_- (w_d - w_o)_k e^(-(4 eta/(pi M)) h_- lambda_k a) ]   (Eq. 17)

where a counts from the reference time at which w is given. Balls at the working precision throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from flint import arb, fmpq

from symsl.erf.state import State
from symsl.errors import ParameterError
from symsl.linear.exponential_sum import weighted_exponential_sum
from symsl.linear.vandermonde import mode_coefficients
from symsl.precision import ball, exact, exact_integer
from symsl.spectrum import Spectrum


class Deviations(NamedTuple):
    """Where the late phase starts: exact w_d and w_o, one for all modes or L of them.

    r and s, the diagonal and off-diagonal elements of R - T, matter to second order in J - B only. The learning rate
    and the error of the networks' convention for outputs (see `State`) are those of the paper times `eta_factor` and
    `error_factor`.
    """

    spectrum: Spectrum
    M: int
    w_d: tuple[Fraction, ...]
    w_o: tuple[Fraction, ...]
    eta_factor: Fraction = Fraction(1)
    error_factor: Fraction = Fraction(1)
    r: tuple[Fraction, ...] = (Fraction(0),)
    s: tuple[Fraction, ...] = (Fraction(0),)


def from_state(state: State | str | Path) -> Deviations:
    """The deviations of concrete networks: a `State`, or the path of a state file.

    Students are compared with the teachers they are closest to. Exact for the given weights; Eq. 17 then assumes that
    they are close to the teacher's, and that T_k = delta, as it is on average.
    """
    if not isinstance(state, (State, str, Path)):
        raise ParameterError("from_state", "state", state, "a State or the path of one", "make or load one")
    loaded = (state if isinstance(state, State) else State.load(state)).matched()
    w_d, w_o = loaded.mean_deviations()
    r, s = _mean_overlaps(loaded)
    return Deviations(
        loaded.spectrum,
        loaded.M,
        tuple(map(_fraction, w_d)),
        tuple(map(_fraction, w_o)),
        loaded.paper_learning_rate(Fraction(1)),
        loaded.error_factor,
        r,
        s,
    )


def _mean_overlaps(state: State) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    """Means over the diagonal of R_k - T_k and off it, for each mode k."""
    M, diagonal, off_diagonal = state.M, [], []
    for k in range(1, state.spectrum.L + 1):
        _, R, T = state.mode(k)
        entries = (R - T).tolist()
        trace = sum((entries[i][i] for i in range(M)), fmpq(0))
        rest = sum((entry for row in entries for entry in row), fmpq(0)) - trace
        diagonal.append(_fraction(trace / M))
        off_diagonal.append(_fraction(rest / (M * (M - 1))) if M > 1 else Fraction(0))
    return tuple(diagonal), tuple(off_diagonal)


def error_from_modes(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """Eq. 17 at each time after the start."""
    start.spectrum.eigenvalues()  # which says so where there are too many to list
    w_d, w_o = (in_every_mode(getattr(start, name), start.spectrum.L, name) for name in ("w_d", "w_o"))
    errors = late_phase_error(start.spectrum, start.M, eta * start.eta_factor, alpha, w_d, w_o)
    return [ball(start.error_factor) * error for error in errors]


def error_from_equal_modes(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """Eq. 17 for a power law of any L and deviations that are the same in all modes; else `ParameterError`.

    Both sums over k are then those of Eq. 8, in the form of Eqs. 9, 49: incomplete gamma functions and the
    Euler-Maclaurin corrections, with a bound on the remainder (`weighted_exponential_sum`, route "asymptotic").
    """
    spectrum, M = start.spectrum, start.M
    if M < 1:
        raise ParameterError("late_phase", "M", M, "M >= 1 (Eq. 17)", "give the number of units")
    for name in ("w_d", "w_o"):
        values = getattr(start, name)
        if len(set(values)) > 1:
            condition = "one number for all modes on route asymptotic (Eq. 17)"
            raise ParameterError("late_phase", name, f"{len(values)} numbers", condition, "take route eigenbasis")
    (d, *_), (o, *_) = start.w_d, start.w_o
    pace = 4 * ball(eta * start.eta_factor / M) / arb.pi()
    with_rates = [
        (h * ball(weight * (d + sign * o)), pace * h)
        for h, weight, sign in zip(relaxation_eigenvalues(M), (1, M - 1), (M - 1, -1), strict=True)
    ]
    factor = ball(start.error_factor / (M * spectrum.L)) / arb.pi()
    return [
        factor
        * sum(
            (
                amplitude * weighted_exponential_sum(spectrum, rate * ball(time), route="asymptotic")
                for amplitude, rate in with_rates
            ),
            arb(0),
        )
        for time in alpha
    ]


def error_from_moments(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """Eq. 17 the paper's way: modes from the moments w^(0), ..., w^(L-1) through the inverse Vandermonde matrix.

    Loses as many bits as the Vandermonde matrix is ill-conditioned (hundreds at L = 32, Appendix D).
    """
    spectrum = start.spectrum
    spectrum.eigenvalues()  # which says so where there are too many to list
    exact_modes = (in_every_mode(getattr(start, name), spectrum.L, name) for name in ("w_d", "w_o"))
    w_d, w_o = (mode_coefficients(spectrum, moments_of_modes(spectrum, modes)) for modes in exact_modes)
    errors = late_phase_error(spectrum, start.M, eta * start.eta_factor, alpha, w_d, w_o)
    return [ball(start.error_factor) * error for error in errors]


def in_every_mode(value: Sequence[Fraction], L: int, name: str) -> list[arb]:
    """L balls from one exact number for all modes, or from L numbers; `ParameterError` for any other count."""
    if len(value) not in (1, L):
        raise ParameterError(
            "late_phase", name, f"{len(value)} numbers", f"one number or L = {L} of them (Eq. 17)", "one for each mode"
        )
    return [ball(value[0])] * L if len(value) == 1 else [ball(number) for number in value]


def relaxation_eigenvalues(M: int) -> tuple[arb, arb]:
    """h_+ = 1/sqrt 3 + (M-1)/2 and h_- = 1/sqrt 3 - 1/2, the eigenvalues of H."""
    root = 1 / arb(3).sqrt()
    return root + ball(Fraction(M - 1, 2)), root - ball(Fraction(1, 2))


def late_phase_error(
    spectrum: Spectrum, M: int, eta: Fraction, alpha: Sequence[Fraction], w_d: Sequence[arb], w_o: Sequence[arb]
) -> list[arb]:
    """Eq. 17 at each time `alpha` after the reference time, from the L deviations w_d and w_o of the modes."""
    where = "late_phase_error"
    if not isinstance(spectrum, Spectrum):
        raise ParameterError(where, "spectrum", spectrum, "a Spectrum (Eq. 1)", "make one with Spectrum.power_law")
    M, eta = exact_integer(M, "M", where), exact(eta, "eta", where)
    for name, listed in (("alpha", alpha), ("w_d", w_d), ("w_o", w_o)):
        if isinstance(listed, str) or not isinstance(listed, Sequence):
            raise ParameterError(where, name, listed, "a list of numbers (Eq. 17)", "write it in brackets")
    alpha = [exact(time, f"alpha[{i}]", where) for i, time in enumerate(alpha)]
    if M < 1:
        raise ParameterError(where, "M", M, "M >= 1 (Eq. 17)", "give the number of units")
    for name, values in (("w_d", w_d), ("w_o", w_o)):
        if len(values) != spectrum.L:
            raise ParameterError(
                where, name, f"{len(values)} numbers", f"L = {spectrum.L} of them (Eq. 17)", "one a mode"
            )
    eigenvalues = spectrum.eigenvalues()
    groups = []
    for h, weight, sign in zip(relaxation_eigenvalues(M), (1, M - 1), (M - 1, -1), strict=True):
        amplitudes = [
            weight * h * eigenvalue * (d + sign * o) for eigenvalue, d, o in zip(eigenvalues, w_d, w_o, strict=True)
        ]
        groups.append((4 * ball(eta) * h / (arb.pi() * M), amplitudes))
    return [
        sum(
            (
                amplitude * (-rate * eigenvalue * ball(time)).exp()
                for rate, amplitudes in groups
                for eigenvalue, amplitude in zip(eigenvalues, amplitudes, strict=True)
            ),
            arb(0),
        )
        / (arb.pi() * M * spectrum.L)
        for time in alpha
    ]


def moments_of_modes(spectrum: Spectrum, modes: Sequence[arb]) -> list[arb]:
    """w^(l) = (1/L) sum_k lambda_k^l w_k for l = 0..L-1."""
    moments, powers, eigenvalues = [], list(modes), spectrum.eigenvalues()
    for _ in range(spectrum.L):
        moments.append(sum(powers, arb(0)) / spectrum.L)
        powers = [power * eigenvalue for power, eigenvalue in zip(powers, eigenvalues, strict=True)]
    return moments


def bits_lost_by_moments(L: int) -> int:
    """What `error_from_moments` loses, roughly: 10 to 12 bits a mode for a power law, measured up to L = 128."""
    return 12 * L


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
