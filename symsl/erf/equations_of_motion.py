"""The order-parameter equations (Eqs. 4, 92, 93) for any K, M, spectrum and learning rate, written as they are derived.

One body for every number type (floats, balls, power series, mpmath, SymPy) and both bases: they differ only in what
stands for multiplication by the covariance. Slow and literal on purpose: `symsl.erf.couplings` is the fast float64 form
of the same equations, and is tested against this one. Matrices are indexed as X[i, j].

Written with the products (sqrt(M)/K) w_a of the output weights, which are rational: weight_a = M/K^2 for a student,
-1/K for a teacher.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np

from symsl.erf.gaussian_averages import four_point_average, three_point_average
from symsl.erf.state import OrderParameters
from symsl.errors import ParameterError


def velocity_of_modes(modes: Sequence[OrderParameters], eigenvalues: Sequence[Any], eta: Any, *, order: int = 1) -> Any:
    """dX_k/dalpha for k = 1..L in the eigenbasis: multiplication by the covariance is multiplication by lambda_k.

    Returns a list of `OrderParameters` of object arrays, with T's velocity zero. `order=1` keeps O(eta), `order=2` also
    the eta^2 term: then the equations are exact for N -> infinity.
    """
    L = len(modes)
    one = _combine(modes, [eigenvalue / L for eigenvalue in eigenvalues])
    return [
        _velocity(one, _combine([mode], [eigenvalue]), eigenvalue, eta, order)
        for mode, eigenvalue in zip(modes, eigenvalues, strict=True)
    ]


def velocity_of_moments(
    moments: Sequence[OrderParameters], characteristic: Sequence[Any], u: Sequence[Any], eta: Any, *, order: int = 1
) -> Any:
    """dX^(l)/dalpha for l = 0..L-1 in the companion basis, closed by X^(L) = -sum_l c_l X^(l) (Cayley-Hamilton).

    `characteristic` holds c_0 .. c_{L-1} of prod_k (x - lambda_k), `u` the moments u_1 .. u_L of the spectrum.
    """
    closure = _combine(moments, [-c for c in characteristic])
    one = moments[1] if len(moments) > 1 else closure
    return [
        _velocity(one, shifted, source, eta, order) for shifted, source in zip([*moments[1:], closure], u, strict=True)
    ]


def _velocity(one: OrderParameters, shifted: OrderParameters, source: Any, eta: Any, order: int) -> OrderParameters:
    """Eq. 4: the velocity of X^(l), given X^(1), X^(l+1) and u_{l+1} (for a mode: lambda_k X_k and lambda_k)."""
    require_order(order, "equations_of_motion")
    K, M = shape_of(one)
    C, X = _gram(one, K, M), _gram(shifted, K, M)
    students, everyone = range(K), range(K + M)
    weight = [Fraction(M, K * K)] * K + [Fraction(-1, K)] * M

    def pull(i: int, b: int) -> Any:
        """(sqrt(M)/K) E[(sigma - zeta) g'(x_i) z_b^(l)]"""
        terms = (_scaled(weight[a], three_point_average(C(i, i), X(i, b), C(i, a), X(b, a), C(a, a))) for a in everyone)
        return _sum(terms)

    def noise(i: int, j: int) -> Any:
        """(M/K^2) E[(sigma - zeta)^2 g'(x_i) g'(x_j)]"""
        return _sum(
            _scaled(
                weight[a] * weight[b],
                four_point_average(
                    *(C(i, i), C(i, j), C(i, a), C(i, b)), *(C(j, j), C(j, a), C(j, b)), *(C(a, a), C(a, b), C(b, b))
                ),
            )
            for a in everyone
            for b in everyone
        )

    Q, R = np.empty((K, K), dtype=object), np.empty((K, M), dtype=object)
    for i in students:
        for n in range(M):
            R[i, n] = -eta * pull(i, K + n)
        for j in range(i, K):
            Q[i, j] = -eta * (pull(i, j) + pull(j, i))
            if order == 2:
                Q[i, j] = Q[i, j] + eta * eta * source * noise(i, j)
            Q[j, i] = Q[i, j]
    return OrderParameters(Q, R, np.full((M, M), 0 * C(0, 0), dtype=object))


def shape_of(parameters: OrderParameters) -> tuple[int, int]:
    """(K, M), the numbers of students and teachers."""
    R = parameters.R
    shape = R.shape if hasattr(R, "shape") else (R.nrows(), R.ncols())
    return int(shape[0]), int(shape[1])


def require_order(order: object, where: str) -> None:
    """Orders in eta: 1 or 2; there are no further terms in Eq. 4."""
    if isinstance(order, bool) or not isinstance(order, Integral) or order not in (1, 2):
        raise ParameterError(where, "order", order, "order 1 or 2 in eta (Eq. 4)", "2 is exact for N -> infinity")


def _gram(parameters: OrderParameters, K: int, M: int) -> Callable[[int, int], Any]:
    """Entries of [[Q, R], [R^T, T]]."""
    Q, R, T = parameters
    size = range(K + M)

    def entry(a: int, b: int) -> Any:
        if a < K:
            return Q[a, b] if b < K else R[a, b - K]
        return R[b, a - K] if b < K else T[a - K, b - K]

    table = [[entry(a, b) for b in size] for a in size]
    return lambda a, b: table[a][b]


def _combine(terms: Sequence[OrderParameters], factors: Sequence[Any]) -> OrderParameters:
    """sum_l factor_l X^(l), entry by entry."""
    K, M = shape_of(terms[0])

    def block(name: str, rows: int, columns: int) -> Any:
        result = np.empty((rows, columns), dtype=object)
        for a in range(rows):
            for b in range(columns):
                entries = [getattr(term, name)[a, b] for term in terms]
                result[a, b] = _sum(factor * entry for factor, entry in zip(factors, entries, strict=True))
        return result

    return OrderParameters(block("Q", K, K), block("R", K, M), block("T", M, M))


def _scaled(factor: Fraction, value: Any) -> Any:
    """value * factor without rounding the factor first: number types differ in what they make of a Fraction."""
    return value * factor.numerator / factor.denominator


def _sum(values: Any) -> Any:
    """Sum of at least one term, without a zero of some other type to start from."""
    iterator = iter(values)
    total = next(iterator)
    for value in iterator:
        total = total + value
    return total
