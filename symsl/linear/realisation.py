"""What is the learning curve of one given pair J, B, and how much do pairs differ? Linear activation.

Every linear-activation curve is a linear functional of the start, eps_g(alpha) = sum_j c_j(alpha) W_j(0), where W_j(0)
is the squared distance between student and teacher in eigenspace j, per component. The coefficients at small learning
rate are here; those exact in eta are `symsl.linear.realised_curve.exact_coefficients` and go into the same functions.
All numbers are dimensionless; balls are at the working precision of `flint.ctx`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb
from numpy.typing import ArrayLike, NDArray

from symsl.arguments import (
    as_array,
    learning_rate,
    one_time,
    positive_integer,
    require_balls,
    sequence,
    standard_deviation,
)
from symsl.errors import ParameterError, UsageError
from symsl.precision import ball, exact, exact_integer
from symsl.spectrum import Spectrum, require_spectrum

_ROOM = "realisation."


def mode_distances(spectrum: Spectrum, J: ArrayLike, B: ArrayLike) -> list[Fraction]:
    """W_k = (L/N) sum_{i in k} d_i^2, k = 1..L, with d = (sqrt(M)/K) sum_i J_i - (1/sqrt(M)) sum_n B_n.

    For K = M = 1, d = J - B. `J` has shape (K, N) or (N,), `B` (M, N) or (N,), in the eigenbasis: component i (from 0)
    lies in eigenspace i // (N/L). Exact: each double counts as the binary fraction it is. Then
    eps_g(0) = (1/(2L)) sum_k lambda_k W_k.
    """
    where = _ROOM + "mode_distances"
    require_spectrum(spectrum, where)
    students, teachers = _rows(J, "J", where), _rows(B, "B", where)
    K, N = students.shape
    M = len(teachers)
    if teachers.shape[1] != N:
        raise ParameterError(where, "B.shape", teachers.shape, f"N = {N} components as in J", "match J and B")
    width = spectrum.multiplicity(N)
    student, teacher = _exact_sums(students), _exact_sums(teachers)
    # the square of the difference, expanded so that sqrt(M) drops out
    squares = [
        Fraction(M, K**2) * x * x + Fraction(1, M) * y * y - Fraction(2, K) * x * y
        for x, y in zip(student, teacher, strict=True)
    ]
    return [sum(squares[start : start + width], Fraction(0)) / width for start in range(0, N, width)]


def small_rate_coefficients(
    spectrum: Spectrum, *, eta: object, alpha: object, K: object = 1, M: object = 1
) -> list[arb]:
    """c_k(alpha) = lambda_k e^{-2 eta (M/K) lambda_k alpha} / (2L), k = 1..L: to first order in eta, as in Eq. 8."""
    where = _ROOM + "small_rate_coefficients"
    require_spectrum(spectrum, where)
    rate, time = effective_rate(eta, K, M, where), one_time(alpha, where)
    decay = ball(-2 * rate * time)
    return [value * (decay * value).exp() / (2 * spectrum.L) for value in spectrum.eigenvalues()]


def realised_error(coefficients: Sequence[arb], distances: Sequence[Fraction | arb]) -> arb:
    """eps_g(alpha) = sum_j c_j(alpha) W_j(0) of one realisation."""
    where = _ROOM + "realised_error"
    c, given = require_balls(coefficients, "coefficients", where), sequence(distances, "distances", where)
    if len(c) != len(given):
        raise UsageError(f"{where}: {len(c)} coefficients for {len(given)} distances; each mode has one")
    balls = (
        value if isinstance(value, arb) else ball(exact(value, f"distances[{k}]", where))
        for k, value in enumerate(given)
    )
    return sum((coefficient * distance for coefficient, distance in zip(c, balls, strict=True)), arb(0))


def ensemble_mean(coefficients: Sequence[arb], *, sigma_J: object, K: object = 1, M: object = 1) -> arb:
    """The mean of eps_g = sum_j c_j W_j(0) over J(0) ~ sigma_J N(0,1), B ~ N(0,1): (1 + sigma_J^2 M/K) sum_j c_j."""
    where = _ROOM + "ensemble_mean"
    return ball(_spread(sigma_J, K, M, where)) * sum(require_balls(coefficients, "coefficients", where), arb(0))


def ensemble_variance(coefficients: Sequence[arb], *, N: object, sigma_J: object, K: object = 1, M: object = 1) -> arb:
    """The variance of eps_g = sum_j c_j W_j(0) over J(0) and B: (1 + sigma_J^2 M/K)^2 (2L/N) sum_j c_j^2.

    Exact at finite N, for (N/L) W_j(0)/(1 + sigma_J^2 M/K) are independent chi-square variables of N/L degrees of
    freedom. This is the spread from one pair of networks to the next; the noise of the examples comes on top of it.
    """
    where = _ROOM + "ensemble_variance"
    c = require_balls(coefficients, "coefficients", where)
    L, dimension = len(c), exact_integer(N, "N", where)
    if not L:
        raise ParameterError(where, "coefficients", "[]", "one for each mode (Eq. 1)", "give L of them")
    if dimension < 1 or dimension % L:
        raise ParameterError(where, "N", N, f"N a positive multiple of L = {L} (Eq. 1)", "take a multiple of L")
    spread = ball(_spread(sigma_J, K, M, where) ** 2 * Fraction(2 * L, dimension))
    return spread * sum((coefficient * coefficient for coefficient in c), arb(0))


def effective_rate(eta: object, K: object, M: object, where: str) -> Fraction:
    """eta M/K: the learning rate of d, the difference of the summed students and the summed teachers."""
    units = Fraction(positive_integer(M, "M", where), positive_integer(K, "K", where))
    return learning_rate(eta, where) * units


def _spread(sigma_J: object, K: object, M: object, where: str) -> Fraction:
    """The variance of one component of d."""
    units = Fraction(positive_integer(M, "M", where), positive_integer(K, "K", where))
    return 1 + standard_deviation(sigma_J, where) ** 2 * units


def _rows(weights: ArrayLike, argument: str, where: str) -> NDArray[Any]:
    array = np.atleast_2d(as_array(weights, argument, where))
    if array.ndim != 2 or not array.size or array.dtype.kind not in "fiu":
        raise ParameterError(where, f"{argument}.shape", array.shape, "units x components, real", "pass shape (K, N)")
    if not np.isfinite(array).all():
        raise ParameterError(where, argument, "not finite", "finite weights", "remove nan and infinities")
    return array


def _exact_sums(rows: NDArray[Any]) -> list[Fraction]:
    """The sum over units, exactly."""
    return [sum((Fraction(float(value)) for value in column), Fraction(0)) for column in rows.T]


__all__ = [
    "effective_rate",
    "ensemble_mean",
    "ensemble_variance",
    "mode_distances",
    "realised_error",
    "small_rate_coefficients",
]
