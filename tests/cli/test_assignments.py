"""key=value, lists and grids of times."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symsl.cli.assignments import logarithmic_grid, read_assignments, read_times
from symsl.errors import SymslError, UsageError
from symsl.precision import exact


def test_values_stay_text_and_keep_their_order():
    assert list(read_assignments(["M=2", " eta = 1/10", "state=a=b.json"]).items()) == [
        ("M", "2"),
        ("eta", "1/10"),
        ("state", "a=b.json"),
    ]


@pytest.mark.parametrize("text", ["M", "M=", "=2", "1=2", "M 2", "", "eta->1", "a b=1"])
def test_what_is_not_an_assignment_is_refused(text):
    with pytest.raises(UsageError, match="key=value"):
        read_assignments([text])


def test_a_repeated_key_is_refused_with_both_values():
    with pytest.raises(UsageError, match="M is given twice, as 2 and as 3"):
        read_assignments(["M=2", "L=1", "M=3"])


def test_an_option_written_as_a_parameter_is_named():
    with pytest.raises(UsageError, match="write --digits 30"):
        read_assignments(["digits=30"])


def test_times():
    assert read_times("1/3") == "1/3"
    assert read_times("1, 10,1e2") == ["1", "10", "1e2"]
    assert read_times("1:100:3") == ["1", "10", "100"]


def test_a_grid_is_made_of_exact_decimals_of_six_digits():
    grid = logarithmic_grid("1e-1:1e5:200")
    assert len(grid) == 200
    assert (grid[0], grid[-1]) == ("1e-1", "1e5")
    for i, text in enumerate(grid[1:-1], start=1):
        assert len(text.split("e")[0].replace(".", "").lstrip("0")) <= 6 or text.endswith("0")
        assert float(exact(text, "alpha")) == pytest.approx(10 ** (-1 + 6 * i / 199), rel=5e-6)


@given(
    st.fractions(min_value=Fraction(1, 10**9), max_value=10**9),
    st.fractions(min_value=Fraction(3, 2), max_value=10**6),
    st.integers(2, 40),
)
def test_grids_rise_from_end_to_end_by_equal_ratios(low, ratio, count):
    grid = [exact(text, "alpha") for text in logarithmic_grid(f"{low}:{low * ratio}:{count}")]
    assert (len(grid), grid[0], grid[-1]) == (count, low, low * ratio)
    step = math.log(ratio) / (count - 1)
    for i, time in enumerate(grid):
        assert math.log(time / low) == pytest.approx(i * step, abs=1.1e-5)


@pytest.mark.parametrize(
    "text", ["1:2", "1:2:3:4", "0:1:5", "-1:1:5", "2:1:5", "1:1:5", "1:2:1", "1:2:1e9", "1:2:2.5", "a:2:3", "1::3"]
)
def test_bad_grids_are_refused(text):
    with pytest.raises(SymslError):
        logarithmic_grid(text)


def test_a_grid_too_fine_for_its_digits_is_refused():
    with pytest.raises(SymslError, match="choose fewer"):
        logarithmic_grid("1:1.0001:1000")
