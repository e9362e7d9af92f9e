"""The order-parameter equations at O(eta) for K = M and *symbolic* M, on states with permutation symmetry (Eqs. 4, 93).

A symmetric state does not change when students and teachers are permuted together; it is given, at each order of the
covariance, by the diagonal and off-diagonal elements of R, Q and T. A summand then depends on a summed unit only
through which of the named units it equals, so that a sum over M units collapses to the named ones plus (M - number of
named) times any other. Nothing is typed from Eq. 93: the right-hand sides are Gaussian averages (Eq. 90) of the actual
covariances.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import sympy as sp

from symsl.erf.gaussian_averages import four_point_average, three_point_average, two_point_average

Unit = tuple[str, Hashable]
"""A student or a teacher: ("student", label) or ("teacher", label)."""

_SIGNS = (("student", 1), ("teacher", -1))


class Overlaps(NamedTuple):
    """Order parameters of one order: R_in = R, S; Q_ij = Q, C; T_nm = T, T_off (diagonal, off-diagonal)."""

    R: Any
    S: Any
    Q: Any
    C: Any
    T: Any
    T_off: Any


class Rates(NamedTuple):
    """Time derivatives (or deviations) of R and S, Q and C: diagonal and off-diagonal."""

    R: Any
    S: Any
    Q: Any
    C: Any


def sum_over_units(summand: Callable[[Hashable], Any], named: Sequence[Hashable], M: Any) -> Any:
    """The sum over M labels of a summand that depends on the label only through which of `named` it equals.

    >>> print(sum_over_units(lambda m: 5 if m == 1 else 7, [1], sp.Symbol("M")))
    7*M - 2
    """
    distinct = list(dict.fromkeys(named))
    return sum(summand(label) for label in distinct) + (M - len(distinct)) * summand(f"other than {distinct}")


def covariance(a: Unit, b: Unit, order: Overlaps) -> Any:
    """The covariance of the fields of two units at one order."""
    order = Overlaps(*map(sp.sympify, order))
    same = a[1] == b[1]
    if a[0] != b[0]:
        return order.R if same else order.S
    if a[0] == "student":
        return order.Q if same else order.C
    return order.T if same else order.T_off


def rates(first: Overlaps, raised: Overlaps, M: Any) -> Rates:
    """d(R, S, Q, C)^(l)/da in units of 2 eta/(pi M), from the order parameters of order 1 and of order l + 1.

    dR_in^(l)/da = (eta/M) E[(sum_m g(y_m) - sum_j g(x_j)) g'(x_i) y_n^(l)] and the like for Q_ij^(l), symmetrised."""

    def pull(i: Hashable, target: Unit) -> Any:
        student: Unit = ("student", i)

        def average(unit: Unit) -> Any:
            return (
                sp.pi
                / 2
                * three_point_average(
                    covariance(student, student, first),
                    covariance(student, target, raised),
                    covariance(student, unit, first),
                    covariance(target, unit, raised),
                    covariance(unit, unit, first),
                )
            )

        named = [i, target[1]]
        teachers = sum_over_units(lambda label: average(("teacher", label)), named, M)
        students = sum_over_units(lambda label: average(("student", label)), named, M)
        return teachers - students

    return Rates(
        pull(1, ("teacher", 1)),
        pull(1, ("teacher", 2)),
        2 * pull(1, ("student", 1)),
        pull(1, ("student", 2)) + pull(2, ("student", 1)),
    )


def noise(first: Overlaps, M: Any) -> tuple[Any, Any]:
    """E[(sum_a g(x_a) - sum_n g(y_n))^2 g'(x_i) g'(x_j)] for i = j and for i != j (Eq. 91).

    The term of second order in eta of dQ_ij^(l)/da is (eta/M)^2 u_(l+1) times it (Eq. 4).
    """

    def covariances(units: Sequence[Unit]) -> list[Any]:
        return [covariance(a, b, first) for position, a in enumerate(units) for b in units[position:]]

    def average(j: int) -> Any:
        slopes: list[Unit] = [("student", 1), ("student", j)]

        def pair(a: Hashable, b: Hashable) -> Any:
            return sum(
                sign_a * sign_b * four_point_average(*covariances([*slopes, (kind_a, a), (kind_b, b)]))
                for kind_a, sign_a in _SIGNS
                for kind_b, sign_b in _SIGNS
            )

        return sum_over_units(lambda a: sum_over_units(lambda b: pair(a, b), [1, j, a], M), [1, j], M)

    return average(1), average(2)


def generalisation_error(first: Overlaps, M: Any) -> Any:
    """eps_g = E[(sum_i g(x_i) - sum_n g(y_n))^2] / (2M) of a symmetric state with K = M (Eq. 94, from Eq. 89)."""

    def average(a: Unit, b: Unit) -> Any:
        return two_point_average(covariance(a, a, first), covariance(a, b, first), covariance(b, b, first))

    def row(kind: str, other: str) -> Any:
        return sum_over_units(lambda label: average((kind, 1), (other, label)), [1], M)

    return (row("student", "student") + row("teacher", "teacher") - 2 * row("student", "teacher")) / 2


def linearised(first: Overlaps, raised: Overlaps, M: Any) -> tuple[Any, Any]:
    """The Jacobians of `rates` at a state, with respect to (R, S, Q, C) of order l + 1 and of order 1.

    Deviations x obey dx^(l)/da = (2 eta/(pi M)) (first matrix x^(l+1) + second matrix x^(1)).
    """
    at_first = Overlaps(*sp.symbols("R_1 S_1 Q_1 C_1 T_1 D_1", positive=True))
    at_raised = Overlaps(*sp.symbols("R_r S_r Q_r C_r T_r D_r", positive=True))
    point = dict(zip(at_first, first, strict=True)) | dict(zip(at_raised, raised, strict=True))
    flow = sp.Matrix(rates(at_first, at_raised, M))
    by_raised, by_first = flow.jacobian(at_raised[:4]), flow.jacobian(at_first[:4])
    return by_raised.subs(point, simultaneous=True), by_first.subs(point, simultaneous=True)


def positive_power(base: Any, exponent: Any) -> Any:
    """base**exponent, split over the factors of the base: sqrt(ab) = sqrt(a) sqrt(b) for positive a and b.

    A factor is written with the sign that makes it positive for many units and weak correlations; the caller answers
    for its sign elsewhere.
    """
    result = sp.Integer(1)
    for polynomial, sign in zip(sp.fraction(sp.together(base)), (1, -1), strict=True):
        content, factors = sp.factor_list(polynomial)
        for factor, multiplicity in factors:
            if _is_negative(factor):
                factor, content = -factor, content * (-1) ** multiplicity
            result *= factor ** (sign * multiplicity * exponent)
        result *= content ** (sign * exponent)
    return result


def split_radicals(expression: Any) -> Any:
    """Every fractional power in the expression by `positive_power`: radicals of equal value then look alike."""
    expression = sp.sympify(expression)
    fractional = [p for p in expression.atoms(sp.Pow) if isinstance(p.exp, sp.Rational) and p.exp.q > 1]
    return expression.xreplace({power: positive_power(power.base, power.exp) for power in fractional})


def simplest(expression: Any) -> Any:
    """An algebraic expression (or matrix) with its radicals split and its rational part factored."""
    if isinstance(expression, sp.MatrixBase):
        return expression.applyfunc(simplest)
    return sp.factor(split_radicals(expression))


def _is_negative(factor: Any) -> bool:
    sample = {symbol: 5 if symbol.is_integer else sp.Rational(1, 7) for symbol in factor.free_symbols}
    return bool(factor.subs(sample) < 0)
