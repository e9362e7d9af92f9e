"""The laws hold on solved trajectories where they should, and not where they should not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symsl.erf.comparison import compare_bases, compare_symmetric, compare_teacher, late_phase_laws
from symsl.erf.state import State
from symsl.errors import ParameterError
from symsl.figures.figure_d import deviating_state
from symsl.spectrum import Spectrum

ETA = Fraction(1, 10)
LAWS = ("Eq. 17", "exact in eta", "second order", "both")


def test_symmetric_start() -> None:
    rows = {(row.quantity, row.law): row for row in compare_symmetric(Spectrum.power_law(1, 1), 2, ETA)}
    assert abs(rows["plateau height", "Eq. 99"].difference) < 1e-9
    assert abs(rows["escape rate gamma", "Eq. 113"].difference) < 1e-5
    for factor, size in ((10, 0.01), (1000, 0.02)):
        name = f"eps_g when fallen {factor}-fold"
        assert abs(rows[name, "second order"].difference) < size
        assert rows[name, "Eq. 17"].difference < -0.2  # Eq. 17 leaves out terms as large as those it keeps
    assert abs(rows["final rate of decay", "second order"].difference) < 1e-6
    assert abs(rows["final rate of decay", "Eq. 17, slowest mode"].difference) > 0.1


@pytest.mark.parametrize(("L", "bound"), [(1, 0.03), (8, 0.04)])
def test_where_the_learning_rate_is_large_both_extensions_are_needed(L: int, bound: float) -> None:
    rows = {(row.quantity, row.law): row for row in compare_symmetric(Spectrum.power_law(L, 1), 2, Fraction(2))}
    for factor in (10, 1000):
        off = {law: abs(rows[f"eps_g then, with eta^2, {factor}-fold", law].difference) for law in LAWS}
        assert off["both"] < bound
        assert off["both"] == min(off.values())
        assert off["Eq. 17"] > 0.3
        assert off["second order"] > 0.3
        if L == 1:  # one mode: the whole deviation is aligned with the teacher
            assert off["exact in eta"] > 10 * off["both"]


def test_laws_in_float64_for_many_modes_are_the_certified_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    state = deviating_state(Spectrum.power_law(4, 1), 2, 0.05, 0.03)
    times = [Fraction(0), Fraction(3), Fraction(40)]
    certified = late_phase_laws(state, Fraction(3, 2), times)
    monkeypatch.setattr("symsl.erf.comparison.MAX_L", 3)
    for law, values in late_phase_laws(state, Fraction(3, 2), times).items():
        assert values == pytest.approx(certified[law], rel=1e-6)


@pytest.mark.parametrize(("L", "seed"), [(1, 1), (4, 2)])
def test_random_teachers(L: int, seed: int) -> None:
    state = State.random(Spectrum.power_law(L, 1), K=2, M=2, N=128 * L, seed=seed, sigma_J="1/1000000")
    exact_height, approximate, rate, mean_rate = compare_teacher(state, ETA)
    assert abs(exact_height.difference) < 1e-6
    assert abs(rate.difference) < 1e-4
    assert 1e-6 < abs(approximate.difference) < 0.2
    assert abs(mean_rate.difference) > 100 * abs(rate.difference)


def test_bases() -> None:
    rows = compare_bases(lambda L: Spectrum.power_law(L, 1), ETA, sizes=(2, 8, 12))
    assert [row.moments is None for row in rows] == [False, False, True]
    for row in rows[:2]:
        assert row.moments == pytest.approx(row.modes, rel=1e-5)
    assert "Appendix D" in rows[2].refusal
    assert rows[2].loss > 1


def test_one_unit_has_no_plateau() -> None:
    with pytest.raises(ParameterError, match="M >= 2"):
        compare_symmetric(Spectrum.power_law(1, 1), 1, ETA)
