"""Eqs. 4, 18-25: equations of motion of the order parameters from stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.symbols import (
    B,
    I2_xx,
    I2_xy,
    I2_yy,
    I3_xxx,
    I3_xxy,
    I3_xyx,
    I3_xyy,
    I4_xx,
    I4_xy,
    I4_yy,
    J,
    K,
    L,
    M,
    N,
    Q,
    Q_units,
    R,
    R_units,
    T,
    T_units,
    a_input,
    c,
    delta_delta,
    delta_x,
    delta_y,
    eta,
    i,
    j,
    k,
    l,
    lam,
    m,
    n,
    p,
    q,
    u,
    xi,
)
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim

signal = sp.IndexedBase("delta", real=True)
sample = sp.Symbol("b_input", integer=True, positive=True)
COMPONENTS = (a_input, 1, N)


def product(order: Any, first: Any, second: Any) -> Any:
    """first . Sigma^order second / N in the eigenbasis of Sigma."""
    return sp.Sum(lam[a_input] ** order * first * second, COMPONENTS) / N


def field(order: Any, weight: Any) -> Any:
    """xi . Sigma^order weight / sqrt(N)."""
    return sp.Sum(lam[a_input] ** order * xi[a_input] * weight, COMPONENTS) / sp.sqrt(N)


def moved(unit: Any) -> Any:
    """The weight J'_ia after one example, with the signal delta_i = (sqrt(M)/K)(zeta - sigma) g'(x_i) (Eq. 3)."""
    return J[unit, a_input] + eta * signal[unit] * xi[a_input] / sp.sqrt(N)


def increments() -> Iterator[Claim]:
    old_R, new_R = product(l, J[i, a_input], B[n, a_input]), product(l, moved(i), B[n, a_input])
    yield identity(
        "One example moves R_in^(l) by eta delta_i y_n^(l) / N",
        N * (new_R - old_R),
        eta * signal[i] * field(l, B[n, a_input]),
        wrong=-eta * signal[i] * field(l, B[n, a_input]),
    )
    old_Q, new_Q = product(l, J[i, a_input], J[j, a_input]), product(l, moved(i), moved(j))
    drift = eta * (signal[i] * field(l, J[j, a_input]) + signal[j] * field(l, J[i, a_input]))
    noise = eta**2 * signal[i] * signal[j]
    length = sp.Sum(lam[a_input] ** l * xi[a_input] ** 2, COMPONENTS) / N
    yield identity(
        "One example moves Q_ij^(l) by two linear terms and one quadratic, each divided by N",
        N * (new_Q - old_Q),
        drift + noise * length,
        wrong=drift,
    )
    mode = sp.Sum(lam[k] ** l * lam[k], (k, 1, L)) * (N / L) / N
    yield identity(
        "xi.Sigma^l xi / N is its mean for large N; with E[xi_a^2] = lambda_a, each N/L times, that is u_{l+1}",
        mode,
        sp.Sum(lam[k] ** (l + 1), (k, 1, L)) / L,
        wrong=sp.Sum(lam[k] ** l, (k, 1, L)) / L,
    )
    field_x, field_y, other = sp.symbols("x_j y_n x_i", real=True)
    mean = {
        signal[i] * field_y: delta_y[i, n],
        signal[i] * field_x: delta_x[i, j],
        signal[j] * other: delta_x[j, i],
        signal[i] * signal[j]: delta_delta[i, j],
    }
    rows = [
        eta * signal[i] * field_y,
        eta * signal[i] * field_x + eta * signal[j] * other + eta**2 * u[l + 1] * signal[i] * signal[j],
    ]
    yield arrives_at(
        "4",
        "N examples make a unit of time; their increments add up to the mean",
        sp.Matrix([row.subs(mean) for row in rows]),
        wrong=sp.Matrix([rows[0].subs(mean), rows[1].subs(u[l + 1], u[l]).subs(mean)]),
    )


def mean_signal(teacher: Any, student: Any) -> Any:
    """E[delta_i times a field] with delta_i = (sqrt(M)/K)(zeta - sigma) g'(x_i), zeta and sigma written out (Eq. 2)."""
    zeta = sp.Sum(teacher[m], (m, 1, M)) / sp.sqrt(M)
    sigma = sp.sqrt(M) / K * sp.Sum(student[k], (k, 1, K))
    return sp.sqrt(M) / K * (zeta - sigma)


class Family:
    """I[first, second, .] with the last index left open."""

    def __init__(self, base: sp.IndexedBase, *fixed: Any) -> None:
        self.base, self.fixed = base, fixed

    def __getitem__(self, last: Any) -> Any:
        return self.base[(*self.fixed, last)]


def mean_of_two_signals() -> Any:
    """E[delta_i delta_j] = (M/K^2) E[(zeta - sigma)^2 g'(x_i) g'(x_j)]."""
    square = (
        sp.Sum(I4_yy[i, j, n, m], (n, 1, M), (m, 1, M)) / M
        - 2 / K * sp.Sum(I4_xy[i, j, k, n], (k, 1, K), (n, 1, M))
        + M / K**2 * sp.Sum(I4_xx[i, j, k, p], (k, 1, K), (p, 1, K))
    )
    return M / K**2 * square


def equations_of_motion() -> sp.Matrix:
    """The right-hand sides in I_3 and I_4."""
    return sp.Matrix(
        [
            eta * mean_signal(Family(I3_xyy, i, n), Family(I3_xyx, i, n)),
            eta * mean_signal(Family(I3_xxy, i, j), Family(I3_xxx, i, j))
            + eta * mean_signal(Family(I3_xxy, j, i), Family(I3_xxx, j, i))
            + eta**2 * u[l + 1] * mean_of_two_signals(),
        ]
    )


def error() -> Any:
    """E[(sigma - zeta)^2] / 2 with both outputs written out."""
    return (
        M / K**2 * sp.Sum(I2_xx[i, j], (i, 1, K), (j, 1, K))
        - 2 / K * sp.Sum(I2_xy[i, n], (i, 1, K), (n, 1, M))
        + sp.Sum(I2_yy[n, m], (n, 1, M), (m, 1, M)) / M
    ) / 2


def integrals() -> Iterator[Claim]:
    yield arrives_at(
        "18",
        "The signal delta_i is a sum over the units of both networks",
        equations_of_motion(),
        wrong=equations_of_motion().subs(M, 2 * M),
    )
    yield arrives_at("19", "So is half the mean squared error", error())


Field = tuple[str, Any, Any]


def covariance(first: Field, second: Field) -> Any:
    """E of two fields ("x" or "y", unit, order): the order parameter of order p + q + 1."""
    (kind, unit, order), (other_kind, other_unit, other_order) = first, second
    total = order + other_order + 1
    if kind == other_kind:
        return (Q_units if kind == "x" else T_units)[unit, other_unit, total]
    return R_units[unit, other_unit, total] if kind == "x" else R_units[other_unit, unit, total]


def covariance_matrix(*fields: Field) -> sp.Matrix:
    """The symmetric matrix of covariances."""
    size = len(fields)
    return sp.Matrix(size, size, lambda r, s: covariance(fields[min(r, s)], fields[max(r, s)]))


def covariances() -> Iterator[Claim]:
    independent = lam[a_input] * sp.KroneckerDelta(a_input, sample)
    inner = sp.Sum(lam[sample] ** q * B[n, sample] * independent, (sample, 1, N)).doit().args[0][0]
    yield identity(
        "E[x_i^(p) y_n^(q)] = R_in^(p+q+1), since E[xi_a xi_b] = lambda_a delta_ab (and likewise for Q and T)",
        sp.Sum(lam[a_input] ** p * J[i, a_input] * inner, COMPONENTS) / N,
        product(p + q + 1, J[i, a_input], B[n, a_input]),
        wrong=product(p + q, J[i, a_input], B[n, a_input]),
    )
    yield arrives_at("20", "Two fields", covariance_matrix(("x", i, 0), ("x", j, 0)))
    yield arrives_at("21", "Three fields", covariance_matrix(("x", i, 0), ("y", n, l), ("y", m, 0)))
    yield arrives_at("22", "Four fields", covariance_matrix(("x", i, 0), ("x", j, 0), ("x", k, 0), ("y", n, 0)))


def linear_network() -> Iterator[Claim]:
    one = {K: 1, M: 1, i: 1, j: 1, n: 1}
    linear = {
        I2_xx[1, 1]: Q[1],
        I2_xy[1, 1]: R[1],
        I2_yy[1, 1]: T[1],
        I3_xyy[1, 1, 1]: T[l + 1],
        I3_xyx[1, 1, 1]: R[l + 1],
        I3_xxy[1, 1, 1]: R[l + 1],
        I3_xxx[1, 1, 1]: Q[l + 1],
        I4_yy[1, 1, 1, 1]: T[1],
        I4_xy[1, 1, 1, 1]: R[1],
        I4_xx[1, 1, 1, 1]: Q[1],
    }
    yield arrives_at(
        "23",
        "For g(x) = x and K = M = 1 the integrals I_2 are the covariances",
        error().subs({K: 1, M: 1}).doit().subs(linear),
        wrong=(Q[1] + 2 * R[1] + T[1]) / 2,
    )
    hierarchy = equations_of_motion().subs(one).doit().subs(linear)
    yield arrives_at(
        "24",
        "With g' = 1 the integrals I_3 and I_4 are covariances as well: order l is moved by order l + 1",
        hierarchy,
        wrong=hierarchy.subs(u[l + 1], u[l]),
    )
    yield exact_up_to(
        5,
        "Cayley-Hamilton: moments of order 0..L are tied by the characteristic polynomial",
        cayley_hamilton,
    )
    closed = {X[L]: -sp.Sum(c[l] * X[l], (l, 0, L - 1)) for X in (Q, R, T)}
    yield arrives_at(
        "25",
        "So the last order closes on the lower ones",
        hierarchy.subs(l, L - 1).subs(closed),
        wrong=hierarchy.subs(l, L - 1).subs({X: -value for X, value in closed.items()}),
    )


def cayley_hamilton(size: int) -> Case:
    nodes = sp.symbols(f"lambda_1:{size + 1}", positive=True)
    modes = sp.symbols(f"X_1:{size + 1}", real=True)
    x = sp.Symbol("x")
    coefficients = sp.Poly(sp.prod([x - node for node in nodes]), x).all_coeffs()[::-1]
    moment = [
        sum(node**order * mode for node, mode in zip(nodes, modes, strict=True)) / size for order in range(size + 1)
    ]
    closure = -sum(coefficients[order] * moment[order] for order in range(size))
    return Case(moment[size], sp.expand(closure), -sp.expand(closure), f"L = {size}")


def claims() -> Iterator[Claim]:
    yield from increments()
    yield from integrals()
    yield from covariances()
    yield from linear_network()


DERIVATION = Derivation(
    "Equations of motion of the order parameters",
    "Stochastic gradient descent (Eq. 3) on fresh Gaussian examples; N -> infinity, where sums over components "
    "are their means; the Cayley-Hamilton theorem.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
