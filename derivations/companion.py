"""Eqs. 27, 31-33, 40, 44: the companion matrix, its eigenvectors and the inverses, for any number of eigenvalues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.linear.companion import companion_inverse, companion_matrix, student_inverse, student_matrix
from symsl.linear.vandermonde import vandermonde_inverse, vandermonde_matrix
from symsl.symbols import (
    A_1,
    A_1_inverse_entry,
    L,
    R,
    T,
    U_vector,
    c,
    e_1,
    eta,
    j,
    k,
    l,
    lam,
    m,
    p,
    u,
    v,
    x,
)
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim, component_matrix
from symsl.verification.sums import first_apart, last_apart, sifted

given_vector = sp.IndexedBase("b", real=True)
index = sp.Symbol("r", integer=True, nonnegative=True)
LARGEST = 6


def coefficients_of(size: int) -> list[Any]:
    """c_0..c_{L-1} as the catalogue writes them."""
    return [c[order] for order in range(size)]


def from_nodes(size: int) -> tuple[list[Any], list[Any]]:
    """Eigenvalues as symbols, and the coefficients of their monic polynomial without the leading one."""
    nodes = list(sp.symbols(f"lambda_1:{size + 1}", positive=True))
    polynomial = sp.Poly(sp.prod([x - node for node in nodes]), x)
    return nodes, polynomial.all_coeffs()[:0:-1]


def stated(entry: str, size: int) -> sp.Matrix:
    """The L x L matrix of a statement about entries [l, m], with c_L = 1."""
    return component_matrix((size, size), (l, m), equation(entry).statement.rhs.subs(L, size)).subs(c[size], 1)


def matrix_and_determinant() -> Iterator[Claim]:
    order = L - p
    pinned = {L: [5], p: [2], m: [3]}
    row = eta * (T[order] - R[order])
    yield arrives_at(
        "27",
        "Row l = L - 1 - p of the moment hierarchy: dR^(l)/dalpha holds -eta R^(l+1) alone",
        sp.diff(row, R[m]) / eta,
        given={l: order - 1},
        domain=pinned,
        wrong=-sp.diff(row, R[m]) / eta,
    )
    last = eta * sp.Sum(c[index] * R[index], (index, 0, L - 1))
    yield arrives_at(
        "27",
        "The last row, closed by Cayley-Hamilton: column m = L - p holds c_m",
        sifted(sp.diff(last, R[m])).subs(m, L - p) / eta,
        given={l: L - 1, m: L - p},
    )
    yield exact_up_to(
        LARGEST,
        "The matrix symsl computes with is the one of the statement",
        lambda size: Case(
            sp.Matrix(companion_matrix(coefficients_of(size))), stated("27", size), stated("27", size).T + sp.eye(size)
        ),
    )
    minor = (-x) ** j * (-1) ** (L - 1 - j)
    below = sp.Sum(c[j] * (-x) ** j, (j, 0, L - 1))
    smaller = sp.Sum(c[j + 1] * (-x) ** j, (j, 0, L - 2)) + (-x) ** (L - 1)
    yield identity(
        "Expanded along column 0, det(A_1 - x) = c_0 - x det(same with c_1..c_{L-1}): so does the polynomial",
        first_apart(below) + (-x) ** L,
        c[0] - x * smaller,
        wrong=c[0] + x * smaller,
        domain={L: [3, 4]},
    )
    yield exact_up_to(
        LARGEST,
        "Without the last row and column j, A_1 - x is block diagonal: j times -x, then -1 on a triangular block",
        minors,
        start=2,
    )
    sign = (-1) ** (L - 1 + j)
    yield arrives_at(
        "31",
        "Laplace expansion along the last row, for any L",
        sp.Sum(sp.powsimp(sign * minor) * c[j], (j, 0, L - 1)) + (sign * minor * -x).subs(j, L - 1),
        wrong=sp.Sum(minor * c[j], (j, 0, L - 1)) + (-x) ** L,
        domain={L: [2, 3, 5]},
    )
    yield exact_up_to(
        LARGEST,
        "The same by elimination",
        lambda size: Case(
            (sp.Matrix(companion_matrix(coefficients_of(size))) - x * sp.eye(size)).det(),
            sum(c[order] * (-x) ** order for order in range(size)) + (-x) ** size,
            sum(c[order] * x**order for order in range(size)) + x**size + 1,
        ),
    )
    yield exact_up_to(5, "With the coefficients of prod_k (x - lambda_k) the roots are x = -lambda_k", roots)


def minors(size: int) -> Case:
    shifted = sp.Matrix(companion_matrix(coefficients_of(size))) - x * sp.eye(size)
    found = sp.Matrix([shifted.minor(size - 1, column) for column in range(size)])
    expected = sp.Matrix([(-x) ** column * (-1) ** (size - 1 - column) for column in range(size)])
    return Case(found, expected, 2 * expected, f"L = {size}")


def roots(size: int) -> Case:
    nodes, coefficients = from_nodes(size)
    value = sum(coefficient * (-x) ** order for order, coefficient in enumerate(coefficients)) + (-x) ** size
    return Case(value, sp.prod([-x - node for node in nodes]), sp.prod([x - node for node in nodes]), f"L = {size}")


def eigenvectors() -> Iterator[Claim]:
    component, ratio, start = sp.Function("v"), sp.Symbol("ratio", positive=True), sp.Symbol("start")
    order = sp.Symbol("order", integer=True)
    recursion = component(order + 1) - ratio * component(order)  # -v_{l+1} = -lambda_k v_l, rows 0..L-2
    solved = sp.rsolve(recursion, component(order), {component(0): start})
    in_our_letters = solved.subs({order: l, ratio: lam[k], start: v[k, 0]})
    yield identity(
        "Rows 0..L-2 of A_1 v = -lambda v are a recursion, v_{l+1} = lambda v_l, solved by powers",
        in_our_letters.subs(l, l + 1),
        lam[k] * in_our_letters,
        wrong=-lam[k] * in_our_letters,
    )
    last_row = sp.Sum(c[l] * in_our_letters, (l, 0, L - 1)) + lam[k] * in_our_letters.subs(l, L - 1)
    yield identity(
        "The last row asks that the characteristic polynomial vanish at lambda_k, which it does",
        last_row,
        v[k, 0] * (sp.Sum(c[l] * lam[k] ** l, (l, 0, L - 1)) + lam[k] ** L),
        wrong=v[k, 0] * (sp.Sum(c[l] * lam[k] ** l, (l, 0, L - 1)) - lam[k] ** L),
    )
    yield arrives_at("32", "So the components are powers of the eigenvalue", in_our_letters)
    yield arrives_at("33", "Normalised to v_{k,0} = 1, one eigenvector in each column", in_our_letters.subs(v[k, 0], 1))


def inverse_eigenvectors() -> Iterator[Claim]:
    def quotient(order: Any) -> sp.Sum:
        """Coefficient of x^order in prod_{j != k} (x - lambda_j) = P(x)/(x - lambda_k)."""
        return sp.Sum(c[j] * lam[k] ** (j - order - 1), (j, order + 1, L))

    yield identity(
        "P(x) = (x - lambda_k) q(x), coefficient by coefficient: q_{l-1} - lambda_k q_l = c_l",
        first_apart(quotient(l - 1)) - lam[k] * quotient(l),
        c[l],
        wrong=c[l + 1],
        domain={l: [1, 2], L: [4, 5]},
    )
    node = sp.Symbol("node", real=True)
    any_quotient = sp.Sum(given_vector[j] * x**j, (j, 0, L - 1))
    yield identity(
        "Hence q at its own node is P' there, while P(lambda_j) = 0 makes q vanish at the other nodes",
        sp.diff((x - node) * any_quotient, x).subs(x, node),
        any_quotient.subs(x, node),
        wrong=2 * any_quotient.subs(x, node),
    )
    slope = sp.diff(first_apart(sp.Sum(c[j] * x**j, (j, 0, L))), x).subs(x, lam[k])
    yield arrives_at(
        "vandermonde-inverse",
        "So row k of the inverse holds the coefficients of q(x)/P'(lambda_k)",
        quotient(l) / slope,
        domain={l: [0, 1, 2], L: [4, 5]},
        wrong=-quotient(l) / slope,
    )
    yield exact_up_to(5, "V^{-1} V = 1 with the rows symsl computes with", inverse_times_matrix)


def inverse_times_matrix(size: int) -> Case:
    nodes, coefficients = from_nodes(size)
    inverse = sp.Matrix(vandermonde_inverse(nodes, coefficients))
    return Case(
        inverse * sp.Matrix(vandermonde_matrix(nodes)), sp.eye(size), sp.eye(size) + sp.ones(size), f"L = {size}"
    )


def inverse() -> Iterator[Claim]:
    first = sp.Sum(c[index + 1] * given_vector[index], (index, 0, L - 1)) / c[0]
    rest = -given_vector[l]  # component l + 1
    yield identity(
        "A_1 y = b: rows 0..L-2 read -y_{l+1} = b_l; the last one then gives y_0 = sum_m c_{m+1} b_m / c_0, c_L = 1",
        last_apart(first * c[0]) + sp.Sum(c[m] * rest.subs(l, m - 1), (m, 1, L - 1)),
        c[L] * given_vector[L - 1],
        wrong=-c[L] * given_vector[L - 1],
        domain={L: [3, 4]},
    )
    yield arrives_at(
        "40",
        "Row 0 of the inverse: what b_m adds to y_0",
        sifted(sp.diff(first, given_vector[m])),
        given={l: 0},
    )
    yield arrives_at(
        "40",
        "Row l + 1 of the inverse: what b_m adds to y_{l+1}",
        sp.diff(rest, given_vector[m]),
        given={l: l + 1},
        domain={l: [3], m: [3]},
    )
    yield exact_up_to(LARGEST, "A_1^{-1} A_1 = 1 with the matrices symsl computes with", companion_product)
    yield exact_up_to(
        LARGEST,
        "The inverse symsl computes with is the one of the statement",
        lambda size: Case(
            sp.Matrix(companion_inverse(coefficients_of(size))), stated("40", size), stated("40", size) + sp.eye(size)
        ),
    )


def companion_product(size: int) -> Case:
    coefficients = coefficients_of(size)
    product = sp.Matrix(companion_inverse(coefficients)) * sp.Matrix(companion_matrix(coefficients))
    return Case(product, sp.eye(size), product + sp.eye(size), f"L = {size}")


def student_matrix_inverse() -> Iterator[Claim]:
    first = sp.Sum(c[m + 1] * u[m + 1], (m, 0, L - 1)) / c[0]
    tied = (first_apart(sp.Sum(c[j] * u[j], (j, 0, L))) - c[0] * u[0]) / c[0]
    yield identity(
        "A_1^{-1} U = -(u_0, ..., u_{L-1}): component 0, where sum_l c_l u_l = 0 by Cayley-Hamilton (components l + 1 "
        "are -U_l = -u_{l+1} by Eq. 40)",
        first,
        tied,
        wrong=tied + u[0],
    )
    scalar, moment, amount = sp.symbols("scalar u_1 amount")
    guess = A_1**-1 / (2 * eta) - amount * A_1**-1 * U_vector * e_1 * A_1**-1
    product = sp.expand((2 * eta * A_1 + eta**2 * U_vector * e_1) * guess).subs(e_1 * A_1**-1 * U_vector, scalar)
    leftover = sp.expand(product - 1).coeff(U_vector * e_1 * A_1**-1)
    (solved,) = sp.solve(leftover, amount)
    yield identity(
        "Rank-one update: A_3 times A_1^{-1}/(2 eta) - amount A_1^{-1} U e_1 A_1^{-1} is 1 plus a multiple of U e_1 "
        "A_1^{-1}, with scalar = e_1 A_1^{-1} U",
        sp.expand(product),
        sp.expand(1 + leftover * U_vector * e_1 * A_1**-1),
        wrong=sp.expand(1 - leftover * U_vector * e_1 * A_1**-1),
    )
    yield identity(
        "That multiple vanishes for this amount; by the first claim scalar = -u_1",
        solved.subs(scalar, -moment),
        1 / (2 * (2 - eta * moment)),
        wrong=1 / (2 * (2 + eta * moment)),
        domain={moment: (sp.Rational(1, 10), 1), eta: (sp.Rational(1, 10), 1)},
    )
    row_one = -sp.KroneckerDelta(m, 0)  # row 1 of A_1^{-1} (Eq. 40): e_1 A_1^{-1} = -e_0
    yield arrives_at(
        "44",
        "With A_1^{-1} U = -u and e_1 A_1^{-1} = -e_0 the correction is -u_l in column 0",
        A_1_inverse_entry[l, m] / (2 * eta) - solved.subs(scalar, -u[1]) * (-u[l]) * row_one,
        wrong=A_1_inverse_entry[l, m] / (2 * eta) + solved.subs(scalar, -u[1]) * (-u[l]) * row_one,
        domain={m: [0]},
    )
    yield exact_up_to(LARGEST, "A_3^{-1} A_3 = 1 with the matrices symsl computes with", student_product)


def student_product(size: int) -> Case:
    coefficients = coefficients_of(size)
    moments = [u[order] for order in range(size)]
    moments.append(-sum(value * moment for value, moment in zip(coefficients, moments, strict=True)))
    product = sp.Matrix(student_inverse(coefficients, moments, eta)) * sp.Matrix(
        student_matrix(coefficients, moments, eta)
    )
    return Case(product, sp.eye(size), product + sp.eye(size), f"L = {size}")


def claims() -> Iterator[Claim]:
    yield from matrix_and_determinant()
    yield from eigenvectors()
    yield from inverse_eigenvectors()
    yield from inverse()
    yield from student_matrix_inverse()


DERIVATION = Derivation(
    "The companion matrix, its eigenvectors and inverses",
    "The moment hierarchy (Eq. 24) and its closure (Eq. 25); c_l are the coefficients of prod_k (x - lambda_k), "
    "c_L = 1.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
