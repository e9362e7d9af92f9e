"""The eigenvectors of A_3 by the paper's way: the shifted polynomial and the triangular similarity (Eqs. 54-57)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb

from symsl.linear.companion import coefficients, moments, shifted_coefficients, triangular_similarity
from symsl.linear.curve import real_roots, toeplitz_solve
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


__all__ = ["StudentEigenvectors"]
