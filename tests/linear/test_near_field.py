"""Products over poles as truncated series, by chunks about a centre, against the products written out."""

import math
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_poly, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl import Spectrum
from symsl.linear.near_field import BITS_TO_LOSE, NearField, Point
from symsl.linear.secular import rates

TERMS = 5


def written_out(poles: list[arb], point: Point) -> arb_poly:
    product = arb_poly([1])
    for j, pole in enumerate(poles):
        distance = -point.offset if j == point.anchor else pole - poles[point.anchor] - point.offset
        product = (product * arb_poly([-distance, 1])).truncate(TERMS)
    return product


def starts(spectrum: Spectrum, eta: Fraction, bits: int) -> tuple[list[arb], list[Point], NearField]:
    """Points near the roots, as the solver has them."""
    with ctx.workprec(bits + BITS_TO_LOSE):
        poles = sorted(spectrum.eigenvalues(), key=lambda value: -float(value))
        points = []
        for k, rate in enumerate(rates(spectrum, eta)):
            nearest = min((k, min(k + 1, len(poles) - 1)), key=lambda j: abs(float(poles[j] - rate.y)))
            points.append(Point(k, nearest, arb(float(rate.y - poles[nearest]))))
    floats = np.array([float(pole) for pole in poles])
    anchors, offsets = np.array([p.anchor for p in points]), np.array([float(p.offset) for p in points])
    return poles, points, NearField.plan(floats, range(len(poles)), 0, anchors, offsets)


@pytest.mark.parametrize("bits", [80, 300])
@pytest.mark.parametrize("eta", [Fraction(1, 2), Fraction(1, 10**12), Fraction(1, 10**40), Fraction(19, 10)])
@pytest.mark.parametrize("spectrum", [Spectrum.power_law(40, "1/2"), Spectrum.power_law(70, "1/10")])
def test_products_enclose_and_keep_the_precision(spectrum: Spectrum, eta: Fraction, bits: int) -> None:
    poles, points, field = starts(spectrum, eta, bits)
    with ctx.workprec(bits):
        products = field.products(poles, points, [bits] * TERMS)
    with ctx.workprec(3 * bits):
        for product, point in zip(products, points, strict=True):
            expected = written_out(poles, point)
            unit, room = abs(expected[0]), abs(point.offset)
            for i in range(TERMS):
                assert product[i].overlaps(expected[i]) or product[i].overlaps(-expected[i])
                # sum over sets of i poles of prod room/|lambda_j - y|, each at most 1
                assert product[i].rad() * room**i < unit * math.comb(len(poles), i) * arb(2) ** (12 - bits)


def test_chunks_are_cut_where_poles_are_close() -> None:
    """Two eigenvalues 1e-30 apart beside others: their own gap is taken from the distances, the rest is not."""
    values = [Fraction(k) for k in range(1, 40)] + [Fraction(20) + Fraction(1, 10**30)]
    spectrum, bits = Spectrum.from_eigenvalues(values), 200
    with ctx.workprec(bits + BITS_TO_LOSE):
        poles = sorted(spectrum.eigenvalues(), key=lambda value: -float(value))
        gap = next(k for k in range(39) if poles[k] - poles[k + 1] < arb(10) ** -20)
        point = Point(gap, gap, -(arb(10) ** -31))
    plan = NearField.plan(np.arange(40.0, 0, -1), range(40), gap, np.array([gap]), np.array([-1e-31]))
    with ctx.workprec(bits):
        product = plan.products(poles, [point], [bits] * TERMS)[0]
    with ctx.workprec(3 * bits):
        expected = written_out(poles, point)
        assert abs(product[0]).overlaps(abs(expected[0]))
        assert product[0].rel_accuracy_bits() > bits - 12


@given(st.lists(st.integers(1, 10**4), min_size=1, max_size=40, unique=True), st.integers(70, 400), st.data())
def test_any_spectrum_at_any_precision(values: list[int], bits: int, data: st.DataObject) -> None:
    spectrum = Spectrum.from_eigenvalues(values)
    eta = Fraction(1, data.draw(st.integers(1, 10**6)))
    poles, points, field = starts(spectrum, eta, bits)
    with ctx.workprec(bits):
        products = field.products(poles, points, [bits] * TERMS)
    with ctx.workprec(3 * bits):
        for product, point in zip(products, points, strict=True):
            expected = written_out(poles, point)
            assert product[1].overlaps(expected[1]) or product[1].overlaps(-expected[1])
            assert product[0].rel_accuracy_bits() > bits - 16


def test_without_cancellation_there_is_no_plan_to_make() -> None:
    """Distances alone, as for spectra beyond the range of doubles."""
    with ctx.workprec(200):
        poles = [arb(10) ** 200, arb(1), arb(10) ** -200]
        points = [Point(0, 0, arb(-1)), Point(1, 2, arb(10) ** -300), Point(2, 2, -(arb(10) ** -200))]
        for product, point in zip(NearField.of_distances(3).products(poles, points, [200] * 3), points, strict=True):
            assert product[0].rel_accuracy_bits() > 190
            assert abs(product[0]).overlaps(abs(written_out(poles, point)[0]))
