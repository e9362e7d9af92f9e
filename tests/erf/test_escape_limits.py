"""The limits of the escape time: Eq. 15 lies within the bound, and the bound is not idle."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symsl
from symsl.errors import ParameterError


def distance(entry: str, arguments: dict[str, object]) -> tuple[object, object]:
    """limit - tau_esc and the bound, as balls of 60 digits."""
    found = symsl.equation(entry).values(digits=60, **arguments)
    exact = symsl.equation(15).evaluate(digits=60, **arguments)
    return found["limit"].ball - exact.ball, found["bound"].ball


@given(
    st.integers(2, 2000),
    st.integers(1, 20),
    st.fractions(Fraction(-9, 10), Fraction(9, 10), max_denominator=50),
    st.fractions(Fraction(-9, 10), Fraction(9, 10), max_denominator=50),
)
def test_many_units(M: int, L: int, D: Fraction, D2: Fraction) -> None:
    """The limit is above Eq. 15, by between one half of the bound and the bound."""
    arguments = {"M": M, "L": L, "beta": 1, "eta": "1/10", "D": D, "D2": D2}
    off, bound = distance("escape-time-many-units", arguments)
    assert bound / 2 < off < bound


@given(
    st.integers(2, 30),
    st.integers(1, 10**6),
    st.fractions(Fraction(1, 20), 4, max_denominator=20),
    st.fractions(Fraction(-9, 10), Fraction(9, 10), max_denominator=50),
)
def test_many_eigenvalues(M: int, L: int, beta: Fraction, D: Fraction) -> None:
    off, bound = distance("escape-time-many-eigenvalues", {"M": M, "L": L, "beta": beta, "eta": "1/10", "D": D})
    assert abs(off) < bound


@pytest.mark.parametrize("beta", ["1/4", "1/2", 1, 2])
def test_bound_for_many_eigenvalues_is_of_the_size_of_the_error(beta: object) -> None:
    arguments = {"M": 2, "beta": beta, "eta": 1}
    off, bound = distance("escape-time-many-eigenvalues", arguments | {"L": 10**6})
    assert bound < 20 * abs(off)
    far = symsl.equation("escape-time-many-eigenvalues").values(L=10**30, digits=20, **arguments)
    assert float(far["bound"]) < 1e-6 * float(far["limit"])


def test_no_escape_is_refused() -> None:
    with pytest.raises(ParameterError, match="D = 1"):
        symsl.equation("escape-time-many-units").evaluate(M=2, L=2, beta=1, eta=1, D=1)
    with pytest.raises(ParameterError, match="D = -1"):
        symsl.equation("escape-time-many-eigenvalues").evaluate(M=2, L=2, beta=1, eta=1, D=-1)
