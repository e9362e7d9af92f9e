"""The eigenvectors of A_3 by the paper's way: the shifted polynomial and the triangular similarity (Eqs. 54-57)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import arb, arb_poly, ctx

from symsl.errors import InsufficientPrecisionError
from symsl.linear.companion import coefficients, moments, shifted_coefficients, triangular_similarity
from symsl.linear.vandermonde import vandermonde_solve
from symsl.precision import ball
from symsl.spectrum import Spectrum


class StudentEigenvectors:
    """v_k with A_3 v_k = -a_k v_k and v_{k,0} = 1, largest a_k first, at the working precision of the construction.

    `y` holds a_k/(2 eta), `second` the components v_{k,1} = t_0 y_k (for L = 1 order 1 is -c_0 v_0, which is the same).
    """

    def __init__(self, spectrum: Spectrum, eta: Fraction) -> None:
        u = moments(spectrum)
        shifted = shifted_coefficients(coefficients(spectrum), u, ball(eta))
        self._column = triangular_similarity(u, ball(eta), spectrum.L)
        self._monic = [coefficient / shifted[-1] for coefficient in shifted[:-1]]
        self.y = real_roots(shifted)
        self.second = [self._column[0] * root for root in self.y]

    def coordinates(self, vector: Sequence[arb]) -> list[arb]:
        """b with sum_k b_k v_k = `vector`, by the triangular and then the Vandermonde system (Eq. 57)."""
        powers = [vector[0], *toeplitz_solve(self._column, vector[1:])]
        return vandermonde_solve(self.y, self._monic, powers)


def toeplitz_solve(first_column: Sequence[arb], right: Sequence[arb]) -> list[arb]:
    """Forward substitution in the lower triangular Toeplitz system with this first column."""
    solution: list[arb] = []
    for row, value in enumerate(right):
        known = sum((first_column[row - j] * solution[j] for j in range(row)), arb(0))
        solution.append((value - known) / first_column[0])
    return solution


def real_roots(coefficients: Sequence[arb]) -> list[arb]:
    """All roots, largest first: each proved by interval Newton, complete because disjoint and as many as the degree."""
    polynomial = arb_poly(list(coefficients))
    try:
        starts = polynomial.complex_roots()
    except ValueError as error:
        raise InsufficientPrecisionError("the shifted characteristic polynomial has no isolated roots yet") from error
    slope = polynomial.derivative()
    roots = sorted(
        (_refine(polynomial, slope, start.real.mid()) for start in starts), key=lambda root: root.mid(), reverse=True
    )
    if len(roots) != len(coefficients) - 1 or not all(upper > lower for upper, lower in pairwise(roots)):
        raise InsufficientPrecisionError("the roots of the shifted characteristic polynomial are not separated")
    return roots


def _refine(polynomial: arb_poly, slope: arb_poly, root: arb) -> arb:
    """Newton to the working precision, then interval Newton: a ball that holds exactly one root."""
    for _ in range(ctx.prec.bit_length() + 8):
        root = (root - polynomial(root) / slope(root)).mid()
    step = polynomial(root) / slope(root)
    zone = arb(root, 4 * abs(step).upper())
    newton = root - polynomial(root) / slope(zone)
    if not (newton.is_finite() and zone.contains_interior(newton)):
        raise InsufficientPrecisionError("a root of the shifted characteristic polynomial is not enclosed")
    return newton


__all__ = ["StudentEigenvectors", "real_roots"]
