"""The decision procedure: proves what is true, refutes what is false, and admits what it does not know."""

import pytest
import sympy as sp

from symsl.symbols import L, M, alpha, eta, j, k, lam, x
from symsl.verification import Verdict, decide_equal
from symsl.verification.decide import vanishes

y = sp.Symbol("y", positive=True)
R = sp.Rational
TRUE = [
    ((x + 1) ** 3, x**3 + 3 * x**2 + 3 * x + 1),
    (1 / (x - 1) - 1 / (x + 1), 2 / (x**2 - 1)),
    (sp.sqrt(2 * M - 1) * (2 * M + 1) ** R(3, 2), (2 * M + 1) * sp.sqrt(2 * M - 1) * sp.sqrt(2 * M + 1)),
    (1 / (sp.sqrt(M) + 1), (sp.sqrt(M) - 1) / (M - 1)),
    (sp.exp(-2 * eta * y) * sp.exp(eta * y), sp.exp(-eta * y)),
    (sp.Sum(eta * lam[k] + 1, (k, 1, L)), eta * sp.Sum(lam[j], (j, 1, L)) + L),
    (
        sp.Sum(x * lam[k] / (lam[k] - x), (k, 1, L)),
        sp.Sum(lam[k] ** 2 / (lam[k] - x), (k, 1, L)) - sp.Sum(lam[k], (k, 1, L)),
    ),
    (
        sp.Sum(lam[k] * sp.exp(-lam[k] * alpha) * eta, (k, 1, L)) / eta,
        sp.Sum(lam[k] * sp.exp(-alpha * lam[k]), (k, 1, L)),
    ),
    (sp.Matrix([[x, 1], [0, x]]) ** 2, sp.Matrix([[x**2, 2 * x], [0, x**2]])),
]


@pytest.mark.parametrize(("lhs", "rhs"), TRUE)
def test_true_identities_are_proved_and_their_twins_refuted(lhs: sp.Expr, rhs: sp.Expr) -> None:
    assert decide_equal(lhs, rhs) is Verdict.PROVED
    for wrong in (2 * rhs, -rhs):
        assert decide_equal(lhs, wrong) is Verdict.REFUTED


def test_close_is_not_equal() -> None:
    """A difference of 1e-60 is refuted: the enclosures are that narrow."""
    assert decide_equal(x, x + R(1, 10**60)) is Verdict.REFUTED


def test_what_is_not_proved_is_not_called_proved() -> None:
    """True for all x > 0, but beyond the normal form: agreement on samples is only ENCLOSED."""
    lhs, rhs = sp.atan(y) + sp.atan(1 / y), sp.pi / 2
    assert decide_equal(lhs, rhs) in (Verdict.UNDECIDED, Verdict.PROVED)
    assert decide_equal(lhs, rhs, samples=5) is Verdict.ENCLOSED
    assert decide_equal(lhs, rhs + R(1, 10**30), samples=5) is Verdict.REFUTED


def test_shapes_must_agree() -> None:
    assert decide_equal(sp.eye(2), sp.eye(3)) is Verdict.REFUTED
    assert decide_equal(sp.eye(2), sp.Integer(1)) is Verdict.REFUTED


@pytest.mark.parametrize("expression", [sp.sqrt(2) + sp.sqrt(3) - sp.sqrt(5), x - y, sp.Sum(lam[k], (k, 1, L)) - L])
def test_the_normal_form_does_not_vanish_on_nonzero(expression: sp.Expr) -> None:
    assert not vanishes(expression)


def test_domains_keep_samples_inside() -> None:
    lhs = sp.sqrt(1 - y**2) ** 2
    assert decide_equal(lhs, 1 - y**2, {y: (0, 1)}) is Verdict.PROVED
    assert decide_equal(sp.asin(y), 2 * sp.asin(y), {y: (R(1, 2), R(3, 4))}) is Verdict.REFUTED
