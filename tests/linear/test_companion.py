"""Companion and Vandermonde matrices: SymPy identities at small L, balls against dense oracles."""

from fractions import Fraction

import pytest
import sympy as sp
from flint import acb_mat, arb, arb_mat, ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl import Spectrum
from symsl.linear import (
    companion_inverse,
    companion_matrix,
    mode_coefficients,
    shifted_coefficients,
    student_inverse,
    student_matrix,
    vandermonde_inverse,
    vandermonde_matrix,
    vandermonde_solve,
)
from symsl.linear.companion import coefficients, moments
from symsl.precision import ball

nodes_lists = st.lists(st.fractions(Fraction(1, 40), 5, max_denominator=60), min_size=1, max_size=7, unique=True)


def _monic(nodes: list[Fraction]) -> list[Fraction]:
    """Coefficients c_0..c_{L-1} by multiplying out, independent of the product tree."""
    polynomial = [Fraction(1)]
    for node in nodes:
        shifted = [Fraction(0), *polynomial]
        polynomial = [a - node * b for a, b in zip(shifted, [*polynomial, Fraction(0)], strict=True)]
    return polynomial[:-1]


def _times(a: list[list[Fraction]], b: list[list[Fraction]]) -> list[list[Fraction]]:
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def _identity(size: int) -> list[list[Fraction]]:
    return [[Fraction(int(i == j)) for j in range(size)] for i in range(size)]


@given(nodes_lists)
def test_inverses_are_inverses_in_exact_arithmetic(nodes: list[Fraction]) -> None:
    c = _monic(nodes)
    assert _times(companion_matrix(c), companion_inverse(c)) == _identity(len(nodes))
    assert _times(vandermonde_inverse(nodes, c), vandermonde_matrix(nodes)) == _identity(len(nodes))


@given(nodes_lists, st.fractions(Fraction(1, 50), Fraction(7, 4), max_denominator=50))
def test_student_inverse_in_exact_arithmetic(nodes: list[Fraction], eta: Fraction) -> None:
    size, c = len(nodes), _monic(nodes)
    u = [sum(node**l for node in nodes) / size for l in range(size + 1)]
    if eta * u[1] == 2:
        return
    assert _times(student_matrix(c, u, eta), student_inverse(c, u, eta)) == _identity(size)


@given(nodes_lists)
def test_eigenvectors(nodes: list[Fraction]) -> None:
    """A_1 v = -lambda v for v = (1, lambda, ..., lambda^(L-1)) (Eqs. 32-33)."""
    matrix = companion_matrix(_monic(nodes))
    for node in nodes:
        vector = [[node**l] for l in range(len(nodes))]
        assert _times(matrix, vector) == [[-node * entry[0]] for entry in vector]


def test_symbols_go_through_the_same_functions() -> None:
    c0, c1, c2, eta = sp.symbols("c0 c1 c2 eta")
    u = sp.symbols("u0:4")
    matrix = sp.Matrix(companion_matrix([c0, c1, c2]))
    assert matrix == sp.Matrix([[0, -1, 0], [0, 0, -1], [c0, c1, c2]])
    y = sp.Symbol("y")
    shifted = shifted_coefficients([c0, c1, c2], u, eta)
    determinant = (y * sp.eye(3) + sp.Matrix(student_matrix([c0, c1, c2], u, eta)) / (2 * eta)).det()
    u3 = -(c0 * u[0] + c1 * u[1] + c2 * u[2])  # the closure fixes u_L
    ratio = sum(coefficient * y**j for j, coefficient in enumerate(shifted)) / determinant
    ratio = sp.simplify(ratio.subs(u[3], u3).subs(u[0], 1))
    assert not ratio.has(y)


@pytest.mark.parametrize("L", [1, 2, 5, 12])
@pytest.mark.parametrize("beta", ["1/2", 2])
def test_balls_against_dense_linear_algebra(L: int, beta: object) -> None:
    spectrum = Spectrum.power_law(L, beta)
    with ctx.workprec(600):
        nodes, c, u = spectrum.eigenvalues(), coefficients(spectrum), moments(spectrum)
        dense = arb_mat(vandermonde_matrix(nodes)).inv()
        ours = vandermonde_inverse(nodes, c)
        assert all(dense[k, l].overlaps(ours[k][l]) for k in range(L) for l in range(L))
        assert min(entry.rel_accuracy_bits() for row in ours for entry in row) > 200
        right = [arb(1) / (l + 1) for l in range(L)]
        solved = arb_mat(vandermonde_matrix(nodes)).solve(arb_mat(L, 1, right))
        assert all(a.overlaps(b) for a, b in zip(solved.entries(), vandermonde_solve(nodes, c, right), strict=True))
        if L > 1:
            eigenvalues = acb_mat(arb_mat(student_matrix(c, u, ball(Fraction(1, 2))))).eig(multiple=False)
            shifted = shifted_coefficients(c, u, ball(Fraction(1, 2)))
            for value in eigenvalues:
                y = -value.real  # a/(2 eta) at eta = 1/2
                total = sum((coefficient * y**j for j, coefficient in enumerate(shifted)), arb(0))
                assert total.contains(0)


@given(st.integers(1, 12), st.integers(0, 2**32))
def test_modes_from_their_moments(L: int, seed: int) -> None:
    """X^(l) = (1/L) sum_k lambda_k^l X_k is undone by mode_coefficients."""
    spectrum = Spectrum.power_law(L, "3/4")
    with ctx.workprec(500):
        modes = [arb((seed * (k + 1)) % 1009) / 7 for k in range(L)]
        values = spectrum.eigenvalues()
        data = [sum((v**l * x for v, x in zip(values, modes, strict=True)), arb(0)) / L for l in range(L)]
        back = mode_coefficients(spectrum, data)
        assert all(a.overlaps(b) for a, b in zip(back, modes, strict=True))
        assert all(b.is_finite() and float(b.rad()) < 1e-30 for b in back)
