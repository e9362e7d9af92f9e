"""The normal form behind "proved": what it must prove, and what it must never prove."""

import pytest
import sympy as sp

from symsl.symbols import L, beta, eta, j, k, l, lam, m, x
from symsl.verification import Verdict, decide_equal
from symsl.verification.decide import vanishes
from symsl.verification.sums import first_apart, last_apart, sifted

c = sp.IndexedBase("c", real=True)
A, B = sp.symbols("A B", commutative=False)
z, y = sp.symbols("z y", positive=True)


def total(body, low=1, high=L, index=k):
    return sp.Sum(body, (index, low, high))


PROVED = [
    pytest.param(total(lam[k] * (1 + lam[k])), total(lam[j], index=j) + total(lam[j] ** 2, index=j), id="linear"),
    pytest.param(total(c[k + 1], 0, L - 1), total(c[k]), id="shifted index"),
    pytest.param(
        total(total(lam[j] * lam[k], index=j)), total(lam[k]) ** 2, id="a double sum of products is a product of sums"
    ),
    pytest.param(
        total(lam[k] * total(1 / (lam[j] + lam[k]), index=j)),
        sp.Sum(lam[k] / (lam[j] + lam[k]), (j, 1, L), (k, 1, L)),
        id="nested and double sums",
    ),
    pytest.param(total(lam[k] / total(lam[j], index=j)), sp.Integer(1), id="a sum over itself"),
    pytest.param(
        x * total(lam[k] / (2 * eta * lam[k] - x)),
        2 * eta * total(lam[k] ** 2 / (2 * eta * lam[k] - x)) - total(lam[k]),
        id="partial fractions with common factors",
    ),
    pytest.param(sp.KroneckerDelta(l + 1, m + 1), sp.KroneckerDelta(m, l), id="delta of a difference"),
    pytest.param(
        (z * y ** (-1 - beta)) ** (beta / (1 + beta) - 1), z ** (-1 / (1 + beta)) * y, id="rational exponents"
    ),
    pytest.param((A + B) ** 2, A**2 + A * B + B * A + B**2, id="matrices"),
    pytest.param(A * A**-1 * B, B, id="inverse matrix"),
]


@pytest.mark.parametrize(("lhs", "rhs"), PROVED)
def test_identities_are_proved(lhs, rhs):
    assert decide_equal(lhs, rhs) is Verdict.PROVED


NOT_ZERO = [
    pytest.param(
        total(lam[k] * total(1 / (lam[j] + lam[k]), index=j))
        - total(lam[j], index=j) * total(1 / (lam[j] + lam[k]), index=j),
        id="an inner sum depends on the outer index",
    ),
    pytest.param(total(lam[k]) ** 2 - total(lam[k] ** 2), id="square of a sum"),
    pytest.param(total(c[k], 0, L - 1) - total(c[k]), id="other range"),
    pytest.param(A * B - B * A, id="matrices do not commute"),
    pytest.param(sp.KroneckerDelta(l, m) - sp.KroneckerDelta(l + 1, m), id="delta elsewhere"),
    pytest.param((x**2) ** sp.Rational(1, 2) - x, id="a root of a square of either sign"),
    pytest.param((-x) ** beta * (-1) ** beta - x**beta, id="powers of negative bases"),
]


@pytest.mark.parametrize("expression", NOT_ZERO)
def test_what_is_not_zero_is_never_proved(expression):
    """Without the help of samples."""
    assert not vanishes(expression)


def test_false_statements_about_families_are_refuted():
    assert decide_equal(c[0] + c[1], 2 * c[0]) is Verdict.REFUTED
    assert decide_equal(total(c[k], 0, 2), total(c[k], 1, 3)) is Verdict.REFUTED


def test_elementary_steps_with_sums():
    sum_of_three = sp.Sum(c[k] * k, (k, 1, 3))
    assert first_apart(sum_of_three).doit() == last_apart(sum_of_three).doit() == sum_of_three.doit()
    assert sifted(sp.Sum(c[k] * sp.KroneckerDelta(k, m), (k, 0, L))) == c[m]
