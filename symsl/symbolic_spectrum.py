"""The spectrum as symbols: the SymPy twin of `Spectrum`, for derivations and for a symbolic L."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symsl.symbols import L, beta, k, lam


@dataclass(frozen=True)
class SymbolicSpectrum:
    """L distinct eigenvalues lam[1], ..., lam[L] as symbols; L is an integer, or a symbol where lists are not needed.

    >>> SymbolicSpectrum(2).moment(1)
    lambda[1]/2 + lambda[2]/2
    """

    L: Any

    def eigenvalues(self) -> list[Any]:
        """lam[1], ..., lam[L]; L must be an integer."""
        return [lam[j] for j in range(1, int(self.L) + 1)]

    def moment(self, order: Any) -> Any:
        """u_l = (1/L) sum_k lam[k]**l, written out for an integer L, a `Sum` for a symbolic one."""
        total = sp.Sum(lam[k] ** order, (k, 1, self.L))
        return sp.expand((total.doit() if sp.sympify(self.L).is_Integer else total) / self.L)

    def coefficients(self) -> list[Any]:
        """c_0, ..., c_{L-1} of prod_k (x - lam[k]) = x**L + sum_l c_l x**l (elementary symmetric polynomials)."""
        return list(self.characteristic_polynomial(sp.Dummy("x")).all_coeffs()[:0:-1])

    def characteristic_polynomial(self, x: Any) -> sp.Poly:
        """prod_k (x - lam[k]) as a polynomial in x (Eq. 31)."""
        return sp.Poly(sp.prod([x - value for value in self.eigenvalues()]), x)


def power_law_moment(order: Any) -> Any:
    """u_l of the power law of Eq. 1 in closed form: L**(l-1) H(L, l (1+beta))/H(L, 1+beta)**l, H(L, s) = sum_k k**(-s).

    lambda_+ = lambda_1 is L/H(L, 1+beta), u_1 = 1, and u_2 is the T^(2) of an isotropic teacher (Eq. 15).

    >>> power_law_moment(1)
    1
    """
    exponent = 1 + beta
    return L ** (order - 1) * sp.harmonic(L, sp.expand(order * exponent)) / sp.harmonic(L, exponent) ** order
