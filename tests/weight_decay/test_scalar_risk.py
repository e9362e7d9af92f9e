"""The scalar functions against the values of the theory note (mpmath, 18 digits) and against quadrature."""

from fractions import Fraction

import mpmath
import pytest
from flint import arb, ctx

from symsl.precision import certify, decimal_string
from symsl.weight_decay import PowerLawTarget
from symsl.weight_decay.lasso_float64 import LassoChannel
from symsl.weight_decay.problem import problem
from symsl.weight_decay.roots import enclose_root
from symsl.weight_decay.scalar_risk import (
    ACTIVE,
    EDGE,
    RISK,
    mellin_active,
    mellin_risk,
    noise_risk,
    soft_active,
    soft_risk,
)

# Independent source: evaluation in mpmath by the definition (quadrature for r, parabolic cylinder functions for F, G).
RISKS = {
    ("0", "1"): "0.150679566687541506",
    ("0.7", "1.3"): "0.44456336364464404",
    ("3", "2.2"): "5.00306709917077925",
}
F = {
    ("1/2", "3"): "7.2241510786099012",
    ("9/10", "1"): "1.91664244057362004",
    ("5/4", "2"): "4.34641301114213876",
    ("1", "2"): "4",
}
G = {
    ("1/2", "3"): "0.607583503756056774",
    ("9/10", "1"): "0.695960285203334152",
    ("5/4", "2"): "0.652686829706900722",
    ("1", "2"): "0.639988074565408926",
}


def digits_of(text: str) -> int:
    return len(text.lstrip("0.").replace(".", ""))


def agrees(compute: object, text: str) -> bool:
    digits = digits_of(text)
    value = certify(compute, digits, route="test")
    return abs(mpmath.mpf(decimal_string(value.ball, digits)) / mpmath.mpf(text) - 1) < 1.01 * 10.0 ** (1 - digits)


@pytest.mark.parametrize(("m", "a"), list(RISKS))
def test_reference_values_of_the_risk(m: str, a: str) -> None:
    with mpmath.workdps(30):
        assert agrees(lambda: soft_risk(arb(m), arb(a)), RISKS[m, a])


def test_reference_value_of_the_active_probability() -> None:
    with mpmath.workdps(30):
        assert agrees(lambda: soft_active(arb("0.7"), arb("1.3")), "0.297003249698252787")


def test_reference_value_of_the_smallest_threshold() -> None:
    """g(alpha) = n/d = 3/10: where noise alone fills all samples and tau diverges."""
    text = "0.672471983035726878"
    with mpmath.workdps(30):
        assert agrees(lambda: enclose_root(lambda a: noise_risk(a) - arb(3) / 10, 0.67).ball, text)
    channel = LassoChannel(problem("test", PowerLawTarget(1, 1000), 300, 1, 1, None, "alpha"))
    assert channel.smallest_threshold() == pytest.approx(float(text), rel=1e-14)


@pytest.mark.parametrize(("p", "a"), list(F))
def test_reference_values_of_the_mellin_transforms(p: str, a: str) -> None:
    with mpmath.workdps(30):
        assert agrees(lambda: mellin_risk(Fraction(p), arb(a)), F[p, a])
        assert agrees(lambda: mellin_active(Fraction(p), arb(a)), G[p, a])


@pytest.mark.parametrize("m", [0.0, 0.4, 2.5])
@pytest.mark.parametrize("a", [0.5, 3.0])
def test_functions_are_the_expectations_they_claim_to_be(m: float, a: float) -> None:
    def density(z: mpmath.mpf) -> mpmath.mpf:
        return mpmath.npdf(z)

    points = sorted([-15, -a - m, a - m, 15])
    risk = mpmath.quad(lambda z: (mpmath.sign(m + z) * max(abs(m + z) - a, 0) - m) ** 2 * density(z), points)
    alive = mpmath.quad(lambda z: density(z) * (abs(m + z) > a), points)
    with ctx.workprec(80):
        assert float(soft_risk(arb(m), arb(a))) == pytest.approx(float(risk), rel=1e-12)
        assert float(soft_active(arb(m), arb(a))) == pytest.approx(float(alive), rel=1e-12)
        assert noise_risk(arb(a)).overlaps(soft_risk(arb(0), arb(a)))


@pytest.mark.parametrize("function", [RISK, ACTIVE, EDGE], ids=lambda f: f.name)
def test_mellin_transform_and_limits(function: object) -> None:
    p, a = 0.8, 1.5

    def integrand(log_m: mpmath.mpf) -> mpmath.mpf:
        m = mpmath.exp(log_m)
        difference = function.value(arb(str(m)), arb(a)) - function.at_zero(arb(a))
        return p * m**-p * mpmath.mpf(decimal_string(difference, 25))

    with ctx.workprec(200):
        end = function.at_infinity(arb(a)) - function.at_zero(arb(a))
        rest = mpmath.mpf(float(end)) * mpmath.mpf(15) ** -p
        numeric = mpmath.quad(integrand, [*range(-20, 3), mpmath.log(15)]) + rest
        assert float(function.mellin(Fraction("4/5"), arb(a))) == pytest.approx(float(numeric), rel=1e-9)
        assert function.value(arb(60), arb(a)).overlaps(function.at_infinity(arb(a)) + arb(0, 1e-50))


@pytest.mark.parametrize("function", [RISK, ACTIVE, EDGE], ids=lambda f: f.name)
def test_taylor_coefficients_and_their_bound(function: object) -> None:
    with ctx.workprec(150):
        a, m = arb("1.7"), arb("0.3")
        total = function.at_zero(a)
        for j, coefficient in zip(range(1, 30), function.taylor(a), strict=False):
            assert abs(coefficient) <= 2 / arb(2 * j + 1).gamma().sqrt()
            total += coefficient * m ** (2 * j)
        assert abs(total - function.value(m, a)) < 1e-40


@pytest.mark.parametrize("function", [RISK, ACTIVE, EDGE], ids=lambda f: f.name)
@pytest.mark.parametrize("a", [0.2, 2.0, 7.0])
def test_sector_bound_holds_on_the_boundary_of_the_sector(function: object, a: float) -> None:
    """The functions are entire: by Phragmen-Lindelof their supremum is on the rays arg m = arctan(1/sqrt 8)."""

    def complex_value(m: mpmath.mpc) -> mpmath.mpc:
        inside = (mpmath.erfc((m - a) / mpmath.sqrt(2)) - mpmath.erfc((m + a) / mpmath.sqrt(2))) / 2
        edge = mpmath.npdf(a - m) + mpmath.npdf(a + m)
        if function is ACTIVE:
            return inside
        if function is EDGE:
            return edge
        return (m * m - 1 - a * a) * inside - (a + m) * mpmath.npdf(a - m) - (a - m) * mpmath.npdf(a + m)

    bound = float(function.sector_bound(arb(a)))
    direction = mpmath.exp(1j * mpmath.atan(1 / mpmath.sqrt(8)))
    for k in range(1, 60):
        assert abs(complex_value(direction * k * (a + 3) / 20)) <= bound
