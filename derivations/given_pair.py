"""One given pair of linear networks at any learning rate, its mean over pairs (Eq. 6) and the variance over pairs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy.polys.matrices import DomainMatrix

from symsl.equations import equation
from symsl.symbols import L, N, W, a, alpha, eta, j, k, lam, m, sensitivity, sigma_J, u
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim
from symsl.verification.sums import sifted

d = sp.Symbol("d", real=True)
spread = sp.Symbol("s", positive=True)  # the variance 1 + sigma_J^2 of one component of J(0) - B
y = sp.Symbol("y")
START = 1 + sigma_J**2


def component(node: Any, rate: Any) -> Any:
    """w_j, the eigenvector of the symmetric matrix to -a."""
    return lam[node] / (2 * eta * lam[node] - rate)


def squared_length(rate: Any) -> Any:
    return sp.Sum(component(m, rate) ** 2, (m, 1, L))


def along_eigenvectors() -> Iterator[Claim]:
    weight = sp.Sum(component(j, a[k]) * W[j], (j, 1, L)) / squared_length(a[k])  # of eigenvector k at the start
    share = sp.Symbol("g") * component(m, a[k]) * sp.exp(-a[k] * alpha)  # with g_k for this weight
    moved = -2 * eta * lam[m] * share + eta**2 / L * lam[m] * share / component(m, a[k]) * (L / eta**2)
    yield identity(
        "Each term of sum_k w_k (w_k.W(0))/(w_k.w_k) exp(-a_k alpha) moves as the symmetric matrix says, in every mode",
        sp.diff(share, alpha),
        moved,
        wrong=-moved,
    )
    yield exact_up_to(
        3,
        "and starts at W(0), for the L eigenvectors are orthogonal: sum_k w_k w_k^T/(w_k.w_k) = 1 over the roots "
        "of the secular equation",
        complete,
        start=2,
    )
    with_error = sp.Sum(weight * (L / eta**2) * sp.exp(-a[k] * alpha), (k, 1, L))
    yield arrives_at(
        "learning-curve-given-pair",
        "eps_g = W^(1)/2 = (1/(2L)) sum_j lambda_j W_j(alpha), and lambda.w_k = L/eta^2 again",
        with_error / (2 * L),
        wrong=with_error / (2 * L) * eta,
    )


def complete(size: int) -> Case:
    """sum over the roots y of f of w_i w_j/f'(y), f = sum_m lambda_m^2/(lambda_m - y) - 2L/eta, as a trace.

    The sum of a rational function over the roots of a polynomial is the trace of that function of its companion matrix.
    """
    nodes = [sp.Rational(*pair) for pair in ((3, 2), (2, 5), (1, 7))][:size]
    product = sp.prod([node - y for node in nodes])
    target = 2 * sp.Integer(size) / eta
    others = [sp.cancel(product / (node - y)) for node in nodes]
    polynomial = sp.Poly(
        sp.expand(sum(node**2 * other for node, other in zip(nodes, others, strict=True)) - target * product), y
    )
    companion = sp.zeros(size)
    for row in range(size - 1):
        companion[row + 1, row] = 1
    for row, coefficient in enumerate(polynomial.all_coeffs()[:0:-1]):
        companion[row, size - 1] = sp.cancel(-coefficient / polynomial.LC())
    field = sp.QQ.frac_field(eta)
    shifted = [DomainMatrix.from_Matrix(node * sp.eye(size) - companion).convert_to(field) for node in nodes]
    vectors = [field.convert(node) * matrix.inv() for node, matrix in zip(nodes, shifted, strict=True)]
    weight = sum((vector * vector for vector in vectors[1:]), vectors[0] * vectors[0]).inv()
    found = sp.Matrix(size, size, lambda r, s: (vectors[r] * vectors[s] * weight).to_Matrix().trace())
    return Case(found, sp.eye(size), sp.ones(size), f"L = {size}")


def mean_over_pairs() -> Iterator[Claim]:
    inverse = sp.Sum(1 / (2 * eta * lam[j] - a[k]) * lam[j], (j, 1, L))
    secular = sp.Sum(lam[j] ** 2 / (2 * eta * lam[j] - a[k]), (j, 1, L))
    mean = sp.Sum(lam[j], (j, 1, L)) / L
    yield identity(
        "With equal distances the overlap is known: a sum_j lambda_j/(2 eta lambda_j - a) = 2 eta f(a) - L u_1",
        a[k] * inverse,
        2 * eta * secular - L * mean,
        wrong=2 * eta * secular + L * mean,
    )
    overlap = (2 * L / eta - L * u[1]) / a[k]
    decayed = sp.exp(-a[k] * alpha) * START * overlap / squared_length(a[k])
    yield identity(
        "so that the mean over pairs, E W_j = 1 + sigma_J^2, is Eq. 6 with one sum over the rates",
        sp.Sum(decayed, (k, 1, L)) / (2 * eta**2),
        equation("learning-curve-modes").statement.rhs,
        wrong=sp.Sum(decayed * a[k], (k, 1, L)) / (2 * eta**2),
    )


def spread_over_pairs() -> Iterator[Claim]:
    density = sp.exp(-(d**2) / (2 * spread)) / sp.sqrt(2 * sp.pi * spread)
    second, fourth = (sp.integrate(d**power * density, (d, -sp.oo, sp.oo)) for power in (2, 4))
    yield identity(
        "A component d of J(0) - B is Gaussian with variance s = 1 + sigma_J^2: d^2 has the variance 2 s^2",
        fourth - second**2,
        2 * spread**2,
        wrong=3 * spread**2,
    )
    one_mode = (L / N) ** 2 * (N / L) * (fourth - second**2)
    yield identity(
        "W_j = (L/N) sum_i d_i^2 over the N/L independent components of its eigenspace: Var W_j = 2 s^2 L/N",
        one_mode,
        2 * spread**2 * L / N,
        wrong=2 * spread**2 * N / L,
    )
    curve = sp.Sum(sp.exp(-a[k] * alpha) * component(j, a[k]) / squared_length(a[k]), (k, 1, L)) / (2 * eta**2)
    error, other = equation("learning-curve-given-pair").statement.rhs, sp.Symbol("i", integer=True, positive=True)
    yield identity(
        "eps_g is linear in the distances, sum_j c_j W_j: what multiplies each of them",
        sifted(sp.diff(error, W[other])),
        curve.subs(j, other),
        wrong=2 * curve.subs(j, other),
        domain={L: [3], other: [1, 2, 3]},
    )
    variance = one_mode.subs(spread, START) * sp.Sum(sensitivity[j] ** 2, (j, 1, L))
    yield arrives_at(
        "learning-curve-variance",
        "The W_j are independent, so that Var eps_g = sum_j c_j^2 Var W_j",
        variance,
        wrong=variance / L,
        domain={L: [2]},
    )


def claims() -> Iterator[Claim]:
    yield from along_eigenvectors()
    yield from mean_over_pairs()
    yield from spread_over_pairs()


DERIVATION = Derivation(
    "The learning curve of one given pair of linear networks",
    "The symmetric matrix of the modes (eigenbasis-matrix), its eigenvectors w_j = lambda_j/(2 eta lambda_j - a) with "
    "lambda.w = L/eta^2 at the roots of the secular equation, L distinct ones; J(0) ~ N(0, sigma_J^2), B ~ N(0, 1).",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
