"""Where a solution needs how many bits."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from symsl.erf.precision_outlook import PrecisionOutlook
from symsl.erf.state import State
from symsl.spectrum import Spectrum

SPECTRUM = Spectrum.from_eigenvalues([1])


def state(r: str) -> State:
    R = [["2/1000", "1/1000"], [r, "1/1000"]]
    return State.from_modes(SPECTRUM, [["1/4", "1/100"], ["1/100", "1/5"]], R, [[1, 0], [0, 1]], output="plain sum")


def test_more_bits_are_needed_as_eps_g_falls() -> None:
    """eps_g is about 1.7e-36 at the end of the standard case (see test_taylor): 119 bits; before, differences of R."""
    standard = State.from_modes(
        SPECTRUM,
        [["1/4", "1/100"], ["1/100", "1/5"]],
        [["2/1000", "1/1000"], ["1/1000", "15/10000"]],
        [[1, 0], [0, 1]],
        output="plain sum",
    )
    outlook = PrecisionOutlook.of(standard, Fraction(1, 10), [Fraction(10**4)], 2)
    assert outlook.most() == outlook.at(Fraction(10**4)) == math.ceil(-math.log2(1.6743025e-36))
    assert outlook.at(Fraction(0)) == pytest.approx(math.log2(1000), abs=2)
    assert outlook.at(Fraction(100)) < 15


def test_differences_that_float64_does_not_see_count_from_the_start() -> None:
    start = state("0.002" + "0" * 57 + "1")
    outlook = PrecisionOutlook.of(start, Fraction(1, 10), [Fraction(1), Fraction(100)], 1)
    assert outlook.at(Fraction(50)) == outlook.most() == math.ceil(61 * math.log2(10))


def test_equal_units_ask_for_nothing() -> None:
    average = State.average(SPECTRUM, K=2, M=2)
    assert PrecisionOutlook.of(average, Fraction(1), [Fraction(0)], 1).most() <= 5
