"""All deviations from the plateau for M = 2: the linear system, its matrices, and their eigenvectors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from symsl.derivations.plateau import coinciding

from symsl.equations import equation
from symsl.erf.symmetric import linearised, simplest
from symsl.linear.companion import companion_matrix
from symsl.symbols import (
    D2,
    T2,
    A_u,
    A_u_reduced,
    A_v,
    A_v_reduced,
    D,
    M,
    eta,
    l,
    u,
    x_1,
    x_next,
    y_1,
    y_next,
)
from symsl.verification import Case, Claim, Derivation, arrives_at, exact_up_to, identity

LARGEST_L = 4
U = sp.Symbol("U", positive=True)
TWO = {M: 2, D: 0}
_DOMAIN = {D: (-sp.Rational(1, 2), sp.Rational(1, 2)), M: [3, 4, 5]}


def jacobians() -> tuple[Any, Any]:
    """A_u for all M and D, and A_v for D^(l) = D T^(l), both at the plateau (Eqs. 97, 98)."""
    R, Q = equation("97").statement.rhs
    by_next, by_first = linearised(coinciding(R, Q, 1, D), coinciding(R * U, Q * U, U, D * U), M)
    return simplest(-by_next), simplest(by_first) / U


def claims() -> Iterator[Claim]:
    """From the rates near the plateau to the eigenvectors."""
    any_u, any_v = jacobians()
    x = sp.Symbol("x")
    strength = simplest(1 / sp.sqrt(1 + 2 * equation("97").statement.rhs[1]))
    yield identity(
        "for all M and D the eigenvalues of A_u are M/sqrt(1 + 2Q*), 2M/sqrt(1 + 2Q*), 0, 0",
        (x * sp.eye(4) - any_u).det(method="berkowitz"),
        x**2 * (x - M * strength) * (x - 2 * M * strength),
        wrong=x**2 * (x - M * strength) ** 2,
        domain=_DOMAIN,
    )
    breaking = sp.Matrix([1, -1 / (M - 1), 0, 0])
    rate = equation("113").statement.rhs.subs({T2: 1, D2: D}) * sp.pi * M / (2 * eta)
    yield identity(
        "for all M and D = D^(l)/T^(l) the direction (1, -1/(M-1), 0, 0) is one of A_v, with the rate of Eq. 113",
        any_v * breaking,
        rate * breaking,
        wrong=rate * sp.Matrix([1, -1 / M, 0, 0]),
        domain=_DOMAIN,
    )

    a_u, a_v = (simplest(matrix.subs(TWO)) for matrix in (any_u, any_v))
    yield arrives_at("101", "for two units and D = 0", a_u)
    yield arrives_at("102", "and the part of order 1", a_v)
    at_next, at_first = (sp.Matrix(sp.symbols(f"r_{i} s_{i} q_{i} c_{i}", real=True)) for i in ("next", "first"))
    rates = eta / sp.pi * (U * a_v * at_first - a_u * at_next)
    matrices = {A_u: equation("101").statement.rhs, A_v: equation("102").statement.rhs}
    yield arrives_at("100", "together", rates, given={x_next: at_next, x_1: at_first, u[l + 1]: U} | matrices)
    yield exact_up_to(
        LARGEST_L,
        "the closed system of all orders is A_u (x) A_1 + A_v (x) u e_1^T",
        lambda L: _kronecker(L, a_u, a_v),
        start=2,
    )
    yield from _eigenvectors(a_u, a_v)
    yield from _reduced(a_u, a_v)


def _kronecker(L: int, a_u: Any, a_v: Any) -> Case:
    """d/d(moments) of the rates with the closure x^(L) = -sum_l c_l x^(l), against the Kronecker products."""
    c, moments = sp.symbols(f"c_0:{L}", real=True), sp.symbols(f"u_1:{L + 1}", positive=True)
    x = [[sp.Symbol(f"x_{i}_{order}", real=True) for order in range(L)] for i in range(4)]
    for row in x:
        row.append(-sum(coefficient * value for coefficient, value in zip(c, row, strict=False)))
    orders = [sp.Matrix([x[i][order] for i in range(4)]) for order in range(L + 1)]
    rates = [moments[order] * a_v * orders[1] - a_u * orders[order + 1] for order in range(L)]
    flat = sp.Matrix([rates[order][i] for i in range(4) for order in range(L)])
    variables = [x[i][order] for i in range(4) for order in range(L)]
    e_1 = sp.Matrix([[1 if order == 1 else 0 for order in range(L)]])
    source = sp.Matrix(moments) * e_1
    A_1 = sp.Matrix(companion_matrix(c))
    expected, wrong = (
        sp.kronecker_product(a_u, A_1) + sp.kronecker_product(a_v, drive) for drive in (source, source.T)
    )
    return Case(flat.jacobian(variables), expected, wrong, f"L = {L}")


def _eigenvectors(a_u: Any, a_v: Any) -> Iterator[Claim]:
    """Eigenvalues and eigenspaces as SymPy finds them, from the smallest eigenvalue on."""
    for matrix, name, entries in ((a_u, "A_u", ("105", "103", "104")), (a_v, "A_v", ("106", "107", "108"))):
        found = sorted(matrix.eigenvects(), key=lambda triple: float(triple[0]))
        for entry, (value, _, basis) in zip(entries, found, strict=True):
            stated, vectors = equation(entry).statement.lhs.args[1], sp.Matrix.hstack(*basis)
            yield identity(
                f"the eigenvectors of {name} to {value} span those of Eq. {entry}",
                sp.Matrix([vectors.rank(), stated.rank(), sp.Matrix.hstack(vectors, stated).rank()]),
                sp.Matrix([len(basis)] * 3),
                wrong=sp.Matrix([len(basis)] * 2 + [len(basis) + 1]),
            )
            image = matrix * stated
            yield arrives_at(
                entry,
                f"so {name} multiplies them by {value}",
                image,
                wrong=image + stated,
            )


def _reduced(a_u: Any, a_v: Any) -> Iterator[Claim]:
    """The invariant plane spanned by (1, -1, 0, 0) and the common eigenvector."""
    tie = sp.sqrt(6) / 3
    embed = sp.Matrix([[1, 0], [0, 1], [tie, tie], [tie, tie]])
    restrict = sp.Matrix([[1, 0, 0, 0], [0, 1, 0, 0]])
    reduced = {}
    for name, entry, matrix in (("A_u", "110", a_u), ("A_v", "111", a_v)):
        small = sp.expand(restrict * matrix * embed)
        yield identity(
            f"{name} keeps the tie q = c = (sqrt(6)/3)(r + s)", matrix * embed, embed * small, wrong=embed * small.T * 2
        )
        yield arrives_at(entry, f"so {name} acts on (r, s)", small)
        reduced[name] = small
    at_next, at_first = (sp.Matrix(sp.symbols(f"r_{i} s_{i}", real=True)) for i in ("next", "first"))
    yield arrives_at(
        "109",
        "and the system of r and s is",
        eta / sp.pi * (U * reduced["A_v"] * at_first - reduced["A_u"] * at_next),
        given={y_next: at_next, y_1: at_first, u[l + 1]: U}
        | {A_u_reduced: equation("110").statement.rhs, A_v_reduced: equation("111").statement.rhs},
    )


DERIVATION = Derivation(
    "The modes of the plateau",
    "Eqs. 93, 97 and 98 with K = M, O(eta), linearised in all deviations (r, s, q, c); M = 2, D = 0 from Eq. 100 on. "
    "Sums over units collapse as derivation symmetric_sums shows.",
    claims,
    rests_on=("symmetric_sums",),
)

if __name__ == "__main__":
    DERIVATION.main()
