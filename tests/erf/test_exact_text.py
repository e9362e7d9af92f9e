"""Exact constants in files: what is read back is the same constant, and nothing else is read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import sympy as sp

from symsl.erf.exact_text import read_constant, write_constant
from symsl.erf.state import State
from symsl.errors import ParameterError, UsageError
from symsl.spectrum import Spectrum

CONSTANTS = [
    sp.sqrt(2) / 2,
    2 * sp.sqrt(3) / 3 + 1,
    sp.pi**2 / 6,
    sp.exp(-sp.Rational(1, 3)),
    sp.zeta(3),
    1 + sp.log(7) * sp.E,
    sp.Integer(2) ** sp.Rational(2, 3),
    sp.gamma(sp.Rational(1, 3)),
]


@pytest.mark.parametrize("constant", CONSTANTS, ids=str)
def test_round_trip(constant: sp.Expr) -> None:
    assert read_constant(write_constant(constant, "test"), "test") == constant


def test_rationals_are_fractions() -> None:
    assert read_constant("1/3", "test") == Fraction(1, 3)
    assert read_constant("sqrt(4)", "test") == Fraction(2)
    assert isinstance(read_constant("0.25", "test"), Fraction)


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "open('x')",
        "x + 1",
        "sqrt(2",
        "sqrt(-1)",
        "log(0)",
        "1.5*pi",
        "2**(10**9)",
        "pi.real",
        "[1]",
        "exp(key=1)",
        "",
        "+".join(["pi"] * 20_000),
    ],
    ids=lambda text: text[:20],
)
def test_nothing_else_is_read(text: str) -> None:
    with pytest.raises((UsageError, ParameterError), match="cannot read the exact constant"):
        read_constant(text, "test")


@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_states_with_irrational_spectra(tmp_path: Path, suffix: str) -> None:
    spectrum = Spectrum.from_eigenvalues([sp.sqrt(2), sp.pi / 4, Fraction(1, 2)], normalise=True)
    state = State.random(spectrum, K=2, M=2, N=12, seed=1)
    path = tmp_path / f"state.{suffix}"
    state.save(path)
    again = State.load(path)
    assert again.spectrum == spectrum
    assert again.grams == state.grams


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    value = sp.loggamma(sp.Rational(1, 3))
    state = State.average(Spectrum.from_eigenvalues([value]), K=1, M=1)
    with pytest.raises(UsageError, match="cannot be written exactly"):
        state.save(tmp_path / "state.json")
    assert not list(tmp_path.iterdir())
