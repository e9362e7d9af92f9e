"""Single entries of the matrices of the linear network, by two routes (Eqs. 26, 27, 31, 40, 44).

A function f of the action of Sigma has the entries sum_k lambda_k**l f(lambda_k) (V^{-1})_{km}. Route companion reads
the closed form, route eigenbasis does the sum (an entry that is exactly 0 then has no certified digit).
All functions take balls at the working precision of `flint.ctx`; rows and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.linear.companion import (
    Rows,
    coefficients,
    companion_inverse,
    companion_matrix,
    moments,
    order_parameter_matrix,
    shifted_coefficients,
    student_inverse,
)
from symsl.linear.secular import rates
from symsl.linear.student_eigenvectors import StudentEigenvectors
from symsl.linear.vandermonde import vandermonde_row
from symsl.precision import ball
from symsl.precision.powers import integer_power
from symsl.spectrum import Spectrum


def companion_entry(spectrum: Spectrum, row: int, column: int) -> arb:
    """(A_1)_{row, column} from the characteristic polynomial (Eq. 27)."""
    return _entry(companion_matrix(coefficients(spectrum)), row, column)


def companion_entry_by_modes(spectrum: Spectrum, row: int, column: int) -> arb:
    """(A_1)_{row, column} = -sum_k lambda_k**(row+1) (V^{-1})_{k, column} (Eq. 27)."""
    return _mode_sum(spectrum, row, column, lambda value: -value)


def inverse_entry(spectrum: Spectrum, row: int, column: int) -> arb:
    """(A_1^{-1})_{row, column} from the characteristic polynomial (Eq. 40)."""
    return _entry(companion_inverse(coefficients(spectrum)), row, column)


def inverse_entry_by_modes(spectrum: Spectrum, row: int, column: int) -> arb:
    """(A_1^{-1})_{row, column} = -sum_k lambda_k**(row-1) (V^{-1})_{k, column} (Eq. 40)."""
    return _mode_sum(spectrum, row, column, lambda value: -1 / value)


def order_parameter_entry(spectrum: Spectrum, eta: Fraction, row: int, column: int) -> arb:
    """An entry of the 2L x 2L matrix that moves (R, Q) (Eq. 26); row and column from 0 to 2L-1."""
    return _entry(order_parameter_matrix(coefficients(spectrum), moments(spectrum), ball(eta)), row, column)


def student_inverse_entry(spectrum: Spectrum, eta: Fraction, row: int, column: int) -> arb:
    """(A_3^{-1})_{row, column} (Eq. 44); `ParameterError` at eta = 2/u_1, where A_3 has no inverse."""
    require_invertible(spectrum, eta)
    return _entry(student_inverse(coefficients(spectrum), moments(spectrum), ball(eta)), row, column)


def student_inverse_entry_by_modes(spectrum: Spectrum, eta: Fraction, row: int, column: int) -> arb:
    """(A_3^{-1})_{row, column} from the eigenbasis, where A_3 = -2 eta Lambda + (eta^2/L) lambda lambda^T (Eq. 44).

    Its inverse there is -1/(2 eta lambda_k) delta_kj - 1/(2 L (2 - eta u_1)): a diagonal and a constant.
    """
    require_invertible(spectrum, eta)
    rate = ball(eta)
    diagonal = _mode_sum(spectrum, row, column, lambda value: -1 / (2 * rate * value))
    if column != 0:  # the constant meets sum_k (V^{-1})_{k, column}, which is 1 in column 0 and else 0
        return diagonal
    return diagonal - spectrum.moment(row) / (2 * (2 - rate * spectrum.moment(1)))


def characteristic_value(spectrum: Spectrum, x: Fraction) -> arb:
    """det(A_1 - x) = sum_l c_l (-x)**l + (-x)**L (Eq. 31)."""
    value = arb(1)
    for coefficient in reversed(coefficients(spectrum)):
        value = value * -ball(x) + coefficient
    return value


def characteristic_value_by_modes(spectrum: Spectrum, x: Fraction) -> arb:
    """det(A_1 - x) = prod_k (-lambda_k - x) (Eq. 31)."""
    value = arb(1)
    for eigenvalue in spectrum.eigenvalues():
        value = value * (-eigenvalue - ball(x))
    return value


def vandermonde_entry(spectrum: Spectrum, l: int, k: int) -> arb:
    """V_{lk} = lambda_k**l, l = 0..L-1, k = 1..L (Eqs. 32-33)."""
    _require_below(l, spectrum.L, "l")
    return integer_power(spectrum.eigenvalue(k), l)


def require_invertible(spectrum: Spectrum, eta: Fraction) -> None:
    """`ParameterError` at eta = 2/u_1; `InsufficientPrecisionError` where that is not decided yet."""
    if (eta == 2 and spectrum.is_normalised()) or (2 - ball(eta) * spectrum.moment(1)).is_zero():
        raise ParameterError(
            "linear network", "eta", eta, "eta != 2/u_1 (A_3 is singular there, Eq. 44)", "choose another learning rate"
        )
    if (2 - ball(eta) * spectrum.moment(1)).contains(0):
        raise InsufficientPrecisionError("2 - eta u_1 is not told from 0")


def _entry(rows: Rows, row: int, column: int) -> arb:
    _require_below(row, len(rows), "row")
    _require_below(column, len(rows), "column")
    return arb(rows[row][column])


def _require_below(index: int, size: int, name: str) -> None:
    if not 0 <= index < size:
        raise ParameterError(
            "linear network", name, index, f"0 <= {name} <= {size - 1} (counted from 0)", "choose an entry"
        )


def _mode_sum(spectrum: Spectrum, row: int, column: int, function: Callable[[arb], arb]) -> arb:
    _require_below(row, spectrum.L, "row")
    nodes = spectrum.eigenvalues()
    inverse = _inverse_column(spectrum, nodes, column)
    return sum(
        (integer_power(node, row) * function(node) * entry for node, entry in zip(nodes, inverse, strict=True)), arb(0)
    )


def _inverse_column(spectrum: Spectrum, nodes: Sequence[arb], column: int) -> list[arb]:
    _require_below(column, spectrum.L, "column")
    c = coefficients(spectrum)
    return [vandermonde_row(node, c)[column] for node in nodes]


def vandermonde_inverse_entry(spectrum: Spectrum, k: int, l: int) -> arb:
    """(V^{-1})_{kl}, k = 1..L, l = 0..L-1: a coefficient of the k-th Lagrange polynomial."""
    _require_below(l, spectrum.L, "l")
    entry: arb = vandermonde_row(spectrum.eigenvalue(k), coefficients(spectrum))[l]
    return entry


def rate(spectrum: Spectrum, eta: Fraction, k: int) -> arb:
    """a_k, the k-th largest root of the secular equation; a_k = 2 eta y_k."""
    _require_below(k - 1, spectrum.L, "k - 1")
    return 2 * ball(eta) * rates(spectrum, eta)[k - 1].y


def shifted_coefficient(spectrum: Spectrum, eta: Fraction, j: int) -> arb:
    """c'_j, j = 0..L: coefficient of y**j in the polynomial with the roots a_k/(2 eta) (Eqs. 54, 55)."""
    require_invertible(spectrum, eta)
    _require_below(j, spectrum.L + 1, "j")
    return arb(shifted_coefficients(coefficients(spectrum), moments(spectrum), ball(eta))[j])


def student_inverse_vector(spectrum: Spectrum, eta: Fraction, k: int, l: int) -> arb:
    """(V_3^{-1})_{kl}, V_3 with the eigenvectors of A_3 in its columns, v_{k,0} = 1, largest a_k first (Eq. 57)."""
    require_invertible(spectrum, eta)
    size = spectrum.L
    _require_below(k - 1, size, "k - 1")
    _require_below(l, size, "l")
    unit = [arb(1 if order == l else 0) for order in range(size)]
    entry: arb = StudentEigenvectors(spectrum, eta).coordinates(unit)[k - 1]
    return entry


def student_inverse_vector_by_modes(spectrum: Spectrum, eta: Fraction, k: int, l: int) -> arb:
    """(V_3^{-1})_{kl} from the orthogonal eigenvectors w_j = lambda_j/(lambda_j - y_k) in the eigenbasis (Eq. 57).

    v_{k,l} = sum_j lambda_j**l w_j / sum_j w_j, hence (V_3^{-1})_{kl} = sum_j w_j sum_j w_j (V^{-1})_{jl}/sum_j w_j^2.
    """
    require_invertible(spectrum, eta)
    _require_below(k - 1, spectrum.L, "k - 1")
    nodes, y = spectrum.eigenvalues(), rates(spectrum, eta)[k - 1].y
    vector = [node / (node - y) for node in nodes]
    inverse = _inverse_column(spectrum, nodes, l)
    projected = sum((w * entry for w, entry in zip(vector, inverse, strict=True)), arb(0))
    return sum(vector, arb(0)) * projected / sum((w * w for w in vector), arb(0))
