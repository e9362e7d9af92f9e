"""The map between modes and moments: the Vandermonde matrix of the eigenvalues and its inverse in closed form.

X^(l) = (1/L) sum_k lambda_k**l X_k. The columns of V, (1, lambda_k, ..., lambda_k**(L-1)), are the eigenvectors of the
companion matrix A_1 (Eqs. 32-33). Row k of V^{-1} holds the coefficients of the Lagrange polynomial
prod_{j != k} (x - lambda_j)/(lambda_k - lambda_j), which synthetic division of the characteristic polynomial gives in
O(L) operations. Works for numbers of any kind; matrices are lists of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symsl.arguments import numbers
from symsl.errors import ParameterError
from symsl.linear.companion import coefficients
from symsl.spectrum import Spectrum, require_spectrum


def vandermonde_matrix(nodes: Sequence[Any]) -> list[list[Any]]:
    """V_{lk} = lambda_k**l, l = 0..L-1: one eigenvector of A_1 in each column (Eq. 33)."""
    _same_length("vandermonde_matrix", nodes=nodes)
    rows = [[1 for _ in nodes]]
    for _ in nodes[1:]:
        rows.append([entry * node for entry, node in zip(rows[-1], nodes, strict=True)])
    return rows


def vandermonde_inverse(nodes: Sequence[Any], c: Sequence[Any]) -> list[list[Any]]:
    """V^{-1}: row k holds the coefficients, lowest first, of the k-th Lagrange polynomial; O(L^2) operations.

    `c` are the coefficients c_0..c_{L-1} of prod_k (x - lambda_k).
    """
    _same_length("vandermonde_inverse", nodes=nodes, c=c)
    return [vandermonde_row(node, c) for node in nodes]


def vandermonde_row(node: Any, c: Sequence[Any]) -> list[Any]:
    """The row of V^{-1} that belongs to one node."""
    quotient = _quotient(node, c)
    value = _horner(quotient, node)
    return [coefficient / value for coefficient in quotient]


def vandermonde_solve(nodes: Sequence[Any], c: Sequence[Any], moments: Sequence[Any]) -> list[Any]:
    """The solution b of V b = moments, without forming the inverse; O(L^2) operations, O(L) memory."""
    _same_length("vandermonde_solve", nodes=nodes, c=c, moments=moments)
    solution = []
    for node in nodes:
        quotient = _quotient(node, c)
        weighted = sum(coefficient * moment for coefficient, moment in zip(quotient, moments, strict=True))
        solution.append(weighted / _horner(quotient, node))
    return solution


def mode_coefficients(spectrum: Spectrum, moments: Sequence[Any]) -> list[Any]:
    """X_k from its moments X^(0)..X^(L-1): X_k = L (V^{-1} X^(.))_k, at the working precision.

    Loses digits in proportion to the condition of V: about 0.4 L decimal digits and more for a power law (Appendix D).
    """
    require_spectrum(spectrum, "mode_coefficients")
    solution = vandermonde_solve(spectrum.eigenvalues(), coefficients(spectrum), moments)
    return [spectrum.L * value for value in solution]


def _same_length(where: str, **given: Sequence[Any]) -> None:
    """`ParameterError` unless every argument is a sequence of the same length, L >= 1."""
    lengths = {name: len(numbers(values, name, where)) for name, values in given.items()}
    first, size = next(iter(lengths.items()))
    for name, length in lengths.items():
        if length != size or not size:
            condition = f"as many as {first} ({size}), one or more"
            raise ParameterError(where, f"len({name})", length, condition, "give L of each")


def _quotient(node: Any, c: Sequence[Any]) -> list[Any]:
    """Coefficients, lowest first, of prod_j (x - lambda_j) / (x - node) for a root `node`."""
    coefficient: Any = 1
    descending = [coefficient]
    for lower in reversed(c[1:]):
        coefficient = lower + node * coefficient
        descending.append(coefficient)
    return descending[::-1]


def _horner(polynomial: Sequence[Any], x: Any) -> Any:
    value: Any = 0
    for coefficient in reversed(polynomial):
        value = value * x + coefficient
    return value
