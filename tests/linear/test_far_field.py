"""Expanded sums over far poles against the plain sums, term by term."""

import math
from fractions import Fraction

import pytest
from flint import arb, ctx

from symsl import Spectrum
from symsl.linear.far_field import expansions, is_worthwhile
from symsl.linear.secular import rates


@pytest.mark.parametrize(("L", "beta", "bits"), [(400, "1/2", 90), (400, 2, 120), (700, "1/10", 200)])
def test_far_sums_enclose_the_plain_sums_narrowly(L: int, beta: object, bits: int) -> None:
    with ctx.workprec(bits):
        poles = Spectrum.power_law(L, beta).eigenvalues()
        weights = [pole * pole for pole in poles]
        groups = list(expansions(poles, weights))
        assert [first for first, *_ in groups] == [0, *[last for _, last, _ in groups[:-1]]]
        for first, last, expansion in groups:
            k = (first + min(last, L - 1)) // 2
            y = ((poles[k] + poles[min(k + 1, L - 1)]) / 2).mid()
            assert expansion.holds(y)
            assert {k, k + 1} & set(range(L)) <= set(expansion.near)
            far = set(range(L)) - set(expansion.near)
            for n, value in enumerate(expansion.coefficients(y, 6)):
                plain = sum((weights[j] / (poles[j] - y) ** (n + 1) for j in far), arb(0))
                size = sum((weights[j] / abs(poles[j] - y) ** (n + 1) for j in far), arb(0))
                assert value.overlaps(plain)
                # what the cut leaves out at q = 1/2, and rounding
                assert value.rad() <= size * math.comb(bits, n) * arb(2) ** (n + 12 - bits)


def test_points_outside_a_group_are_recognised() -> None:
    poles = Spectrum.power_law(400, "1/2").eigenvalues()
    first, _, expansion = list(expansions(poles, [pole * pole for pole in poles]))[3]
    assert not expansion.holds(poles[first] * 2)


@pytest.mark.slow
def test_roots_with_and_without_expansions_agree() -> None:
    """At 80 bits far poles are expanded, at 900 bits all are near."""
    spectrum, eta = Spectrum.power_law(620, "3/4"), Fraction(3, 2)
    assert is_worthwhile(620, 100)
    assert not is_worthwhile(620, 900)
    with ctx.workprec(80):
        fast = rates(spectrum, eta)
    with ctx.workprec(880):
        plain = rates(spectrum, eta)
        assert all(a.y.overlaps(b.y) and a.slope.overlaps(b.slope) for a, b in zip(fast, plain, strict=True))
        assert min(a.y.rel_accuracy_bits() for a in fast) > 70
