"""Targets: exact coefficients, their norm, and the compressed nodes against plain sums."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from flint import arb, ctx

from symsl.errors import ParameterError
from symsl.weight_decay.target import ListedTarget, PowerLawTarget, as_target, compressed_integers


def test_coefficients_and_norm_of_a_power_law() -> None:
    target = PowerLawTarget(gamma="3/2", d=40, c="1/2")
    with ctx.workprec(100):
        values = target.coefficients()
        assert values[3].overlaps(arb(1) / 16)
        assert values[3].rel_accuracy_bits() > 90
        total = sum((value * value for value in values), arb(0))
        assert total.overlaps(target.squared_norm())
        assert target.squared_norm().rel_accuracy_bits() > 80
    assert target.p == Fraction(2, 3)


@pytest.mark.parametrize("gamma", ["3/5", "1", "5/2"])
def test_compressed_nodes_sum_smooth_functions(gamma: str) -> None:
    target = PowerLawTarget(gamma=gamma, d=5000)
    values, weights = target.nodes()
    every = np.arange(1.0, 5001.0) ** -float(target.gamma)
    assert len(values) < 700
    for function in (np.ones_like, np.square, lambda v: np.exp(-v), lambda v: v / (v + 0.01)):
        assert weights @ function(values) == pytest.approx(function(every).sum(), rel=1e-13)


def test_nodes_far_out_are_exact_for_powers() -> None:
    """Beyond 2^30 panels are Legendre's between half-integers: sums of i**-s by zeta functions, s = 1/2 and 3/2."""
    for count in (2**30 + 5, 10**14):
        indices, weights = compressed_integers(count, (3e9, 3.1e9))
        for power in (0.5, 1.5):
            exact = float(mpmath.zeta(power) - mpmath.zeta(power, count + 1))
            assert weights @ indices**-power == pytest.approx(exact, rel=2e-15)


def test_cuts_resolve_a_sharp_function() -> None:
    target = PowerLawTarget(gamma=1, d=100_000)
    at, width = 1e-4, 1e-6

    def step(v: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-(v - at) / width))

    values, weights = target.nodes(at + width * np.arange(-40.0, 41.0, 2.0))
    exact = step(1 / np.arange(1.0, 100_001.0)).sum()
    assert weights @ step(values) == pytest.approx(exact, rel=1e-10)


def test_nodes_of_a_list_count_repeated_values() -> None:
    values, weights = ListedTarget([1, "1/2", 0, 0, 0]).nodes()
    assert values.tolist() == [0, 0.5, 1]
    assert weights.tolist() == [3, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"gamma": "1/2", "d": 5}, "gamma"),
        ({"gamma": -1, "d": 5}, "gamma"),
        ({"gamma": 1, "d": 0}, "d"),
        ({"gamma": 1, "d": "1/2"}, "d"),
        ({"gamma": 1, "d": 5, "c": 0}, "c"),
    ],
)
def test_bad_power_laws_are_refused(arguments: dict[str, object], argument: str) -> None:
    with pytest.raises(ParameterError) as caught:
        PowerLawTarget(**arguments)
    assert caught.value.argument == argument


def test_bad_lists_are_refused() -> None:
    for bad in ([], [1, "x"], [1, float("nan")]):
        with pytest.raises(ParameterError):
            ListedTarget(bad)
    with pytest.raises(ParameterError, match="PowerLawTarget"):
        as_target(3, "here")
    with pytest.raises(ParameterError, match="10\\^300"):
        PowerLawTarget(1, 10**301).nodes()
