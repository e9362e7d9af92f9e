"""The companion (moment) basis: Sigma acts on vectors of moments X = (X^(0), ..., X^(L-1)) as a companion matrix.

One implementation of each idea: the functions take the coefficients c_0..c_{L-1} of the characteristic polynomial
prod_k (x - lambda_k) = x**L + sum_l c_l x**l and the moments u_0..u_L as numbers of any kind, so that SymPy symbols
give the matrices of the paper and balls give their certified values. Matrices are lists of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from symsl.arguments import numbers, positive_integer, require_number
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum

Rows = list[list[Any]]


def coefficients(spectrum: Spectrum) -> list[arb]:
    """c_0, ..., c_{L-1} of the characteristic polynomial as balls at the working precision (Eq. 25)."""
    polynomial = spectrum.characteristic_polynomial()
    return [polynomial[l] for l in range(spectrum.L)]


def moments(spectrum: Spectrum, highest: int | None = None) -> list[arb]:
    """u_0, ..., u_L (or up to `highest`) as balls at the working precision."""
    return [spectrum.moment(l) for l in range((spectrum.L if highest is None else highest) + 1)]


def companion_matrix(c: Sequence[Any]) -> Rows:
    """A_1 (L x L, Eqs. 26-27): -1 above the diagonal, c_0..c_{L-1} in the last row; its eigenvalues are -lambda_k.

    It is minus the action of Sigma: A_1 (X^(0), ..., X^(L-1)) = -(X^(1), ..., X^(L)).
    """
    size = _size(c, "companion_matrix")
    rows: Rows = [[-1 if column == row + 1 else 0 for column in range(size)] for row in range(size)]
    rows[-1] = list(c)
    return rows


def companion_inverse(c: Sequence[Any]) -> Rows:
    """A_1^{-1} (Eq. 40): first row (c_1, ..., c_{L-1}, 1)/c_0, -1 below the diagonal."""
    where = "companion_inverse"
    size = _size(c, where)
    if c[0] == 0:
        raise ParameterError(where, "c[0]", c[0], "c_0 != 0 (Eq. 40)", "leave out eigenvalues that vanish")
    rows: Rows = [[-1 if column == row - 1 else 0 for column in range(size)] for row in range(size)]
    rows[0] = [numerator / c[0] for numerator in [*c[1:], 1]]
    return rows


def student_matrix(c: Sequence[Any], u: Sequence[Any], eta: Any) -> Rows:
    """A_3 = 2 eta A_1 + eta^2 U e_1^T (Sec. B.1), U_l = u_{l+1}; `u` holds u_0..u_L, e_1 selects order 1.

    For L = 1 order 1 is X^(1) = -c_0 X^(0).
    """
    size = _size_with_moments(c, u, "student_matrix")
    require_number(eta, "eta", "student_matrix")
    rows = [[2 * eta * entry for entry in row] for row in companion_matrix(c)]
    selector = [-c[0]] if size == 1 else [0, 1, *[0] * (size - 2)]
    return [[rows[l][m] + eta**2 * u[l + 1] * selector[m] for m in range(size)] for l in range(size)]


def order_parameter_matrix(c: Sequence[Any], u: Sequence[Any], eta: Any) -> Rows:
    """The 2L x 2L matrix [[eta A_1, 0], [A_2, A_3]] that moves (R, Q) (Eq. 26), with A_2 = 2 eta A_1 - 2 A_3."""
    size = len(c)
    first, third = companion_matrix(c), student_matrix(c, u, eta)
    upper = [[eta * entry for entry in row] + [0] * size for row in first]
    lower = [[2 * eta * first[l][m] - 2 * third[l][m] for m in range(size)] + list(third[l]) for l in range(size)]
    return upper + lower


def student_inverse(c: Sequence[Any], u: Sequence[Any], eta: Any) -> Rows:
    """A_3^{-1} = A_1^{-1}/(2 eta) - u e_0^T / (2 (2 - eta u_1)) (Eq. 44); singular at eta = 2/u_1."""
    _size_with_moments(c, u, "student_inverse")
    rows = companion_inverse(c)
    gap = _gap(u, eta, "student_inverse")
    return [
        [rows[l][m] / (2 * eta) - (u[l] / (2 * gap) if m == 0 else 0) for m in range(len(c))] for l in range(len(c))
    ]


def shifted_coefficients(c: Sequence[Any], u: Sequence[Any], eta: Any) -> list[Any]:
    """Coefficients, lowest first, of det(y - (-A_3/(2 eta))) up to a factor: the roots are a_k/(2 eta) (Eqs. 54-55).

    With kappa = eta/(2 - eta u_1): c'_0 = c_0 and c'_j = c_j + kappa sum_{r=1}^{L-j+1} c_{j+r-1} u_r, c_L = 1.
    """
    size = _size_with_moments(c, u, "shifted_coefficients")
    monic = [*c, 1]
    kappa = eta / _gap(u, eta, "shifted_coefficients")
    shifted = [monic[0]]
    for j in range(1, size + 1):
        shifted.append(monic[j] + kappa * sum(monic[j + r - 1] * u[r] for r in range(1, size - j + 2)))
    return shifted


def triangular_similarity(u: Sequence[Any], eta: Any, size: int) -> list[Any]:
    """First column t_0..t_{L-1} of the Toeplitz matrix between eigenvectors of A_3 and powers of y = a/(2 eta).

    The eigenvector of A_3 to -a, normalised to v_0 = 1, is v_l = sum_{j=1}^{l} t_{l-j} y**j for l >= 1, with
    t_0 = 1 + kappa u_1 and t_s = kappa u_{s+1} (Sec. B.2.1).
    """
    where = "triangular_similarity"
    _require_moments(u, positive_integer(size, "size", where), where)
    kappa = eta / _gap(u, eta, where)
    return [1 + kappa * u[1], *[kappa * u[s + 1] for s in range(1, size)]][:size]


def _size(c: Sequence[Any], where: str) -> int:
    """L from c_0..c_{L-1}; `ParameterError` where there are none."""
    size = len(numbers(c, "c", where))
    if not size:
        raise ParameterError(where, "c", "[]", "L >= 1 coefficients (Eq. 25)", "give c_0, ..., c_{L-1}")
    return size


def _size_with_moments(c: Sequence[Any], u: Sequence[Any], where: str) -> int:
    """The same, with the moments u_0..u_L."""
    size = _size(c, where)
    _require_moments(u, size, where)
    return size


def _require_moments(u: Sequence[Any], size: int, where: str) -> None:
    count = len(numbers(u, "u", where))
    if count < size + 1:
        raise ParameterError(where, "len(u)", count, f"u_0, ..., u_L with L = {size}", "give L + 1 moments")


def _gap(u: Sequence[Any], eta: Any, where: str) -> Any:
    """2 - eta u_1; `ParameterError` where it vanishes, at the critical learning rate."""
    require_number(eta, "eta", where)
    gap = 2 - eta * u[1]
    if gap == 0 or eta == 0:
        raise ParameterError(where, "eta", eta, "eta != 0 and eta != 2/u_1 (Eq. 44)", "choose another learning rate")
    return gap
