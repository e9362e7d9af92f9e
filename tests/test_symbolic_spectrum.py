"""The SymPy twin says what the numerical spectrum says."""

import sympy as sp
from flint import ctx

from symsl import Spectrum
from symsl.precision.evaluate import evaluate
from symsl.symbolic_spectrum import SymbolicSpectrum
from symsl.symbols import L, lam


def test_twin_agrees_with_the_balls() -> None:
    spectrum, twin = Spectrum.power_law(5, "1/2"), SymbolicSpectrum(5)
    with ctx.workprec(200):
        values = {lam: spectrum.eigenvalues()}
        assert evaluate(twin.moment(3), values).overlaps(spectrum.moment(3))
        polynomial = spectrum.characteristic_polynomial()
        for l, coefficient in enumerate(twin.coefficients()):
            value = evaluate(coefficient, values)
            assert value.overlaps(polynomial[l])
            assert value.rel_accuracy_bits() > 150


def test_symbolic_size_gives_sums() -> None:
    assert SymbolicSpectrum(L).moment(2).has(sp.Sum)
    assert SymbolicSpectrum(3).moment(0) == 1


def test_single_eigenvalue() -> None:
    assert SymbolicSpectrum(1).coefficients() == [-lam[1]]
