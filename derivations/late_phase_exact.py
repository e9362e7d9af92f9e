"""Beyond the paper: the term of second order in eta near the solution, and the learning rate at which it wins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import sympy as sp
from symsl.derivations.symmetric_sums import matrices

from symsl.equations import equation
from symsl.equations.late_phase_exact import trace_and_determinant
from symsl.erf.equations_of_motion import velocity_of_moments
from symsl.erf.symmetric import Overlaps, generalisation_error, noise, rates
from symsl.symbols import L, M, dev_c, dev_q, dev_r, dev_r_k, dev_s, dev_s_k, eta, j, k, l, lam, w_d, w_d_1, w_o, w_o_1
from symsl.verification import Case, Claim, Derivation, arrives_at, exact_up_to, identity

t = sp.Symbol("t", positive=True)
LARGEST_L = 3
LARGEST_M = 3
_ORDER = sp.symbols("R_1 S_1 Q_1 C_1", positive=True)
_SOLUTION = dict(zip(_ORDER, (1, 0, 1, 0), strict=True))
_NEAR = {**dict.fromkeys(_ORDER[1::2], (0, sp.Rational(1, 20))), _ORDER[0]: (sp.Rational(4, 5), 1), _ORDER[2]: (1, 2)}


def claims() -> Iterator[Claim]:
    """From Eq. 91 to the critical learning rate."""
    R_1, S_1, Q_1, C_1 = _ORDER
    near = Overlaps(R_1, S_1, Q_1, C_1, 1, 0)
    yield exact_up_to(
        LARGEST_M,
        "the term of second order in eta of Eq. 92, with all double sums written out, is the collapsed one",
        lambda units: _written_out(near, units),
        start=2,
        domain=_NEAR,
    )
    terms = sp.Matrix(noise(near, M))
    yield identity(
        "it vanishes at the solution",
        terms.subs(_SOLUTION),
        sp.zeros(2, 1),
        wrong=sp.Matrix([1, 0]),
    )
    gradient = terms.jacobian(_ORDER).subs(_SOLUTION).applyfunc(sp.expand)
    G = gradient[:, 2:]
    yield identity(
        "to first order it depends on w = (q - 2r, c - 2s) only",
        gradient[:, :2],
        -2 * G,
        wrong=-G,
    )
    W = sp.Matrix([sp.Sum(lam[j] * w[j], (j, 1, L)) / L for w in (w_d, w_o)])
    X, Y = sp.symbols("X Y", real=True)
    yield identity(
        "u_(l+1) = (1/L) sum_k lambda_k^l lambda_k: in the eigenbasis the source of mode k is lambda_k G w^(1)",
        sp.Sum(lam[k] ** (l + 1), (k, 1, L)) / L * (G * sp.Matrix([X, Y]))[0],
        sp.Sum(lam[k] ** l * lam[k], (k, 1, L)) / L * (G * sp.Matrix([X, Y]))[0],
        wrong=sp.Sum(lam[k] ** l, (k, 1, L)) / L * (G * sp.Matrix([X, Y]))[0],
        domain={L: [8], l: [1, 2, 3]},
    )
    drift = equation("119").statement.rhs[:2, :2]
    flow = -4 * eta / (sp.pi * M) * lam[k] * (drift * sp.Matrix([w_d[k], w_o[k]])) + (eta / M) ** 2 * lam[k] * (G * W)
    yield arrives_at(
        "late-phase-exact-eta-dynamics",
        "added to Eq. 16",
        flow,
        wrong=flow - 2 * (eta / M) ** 2 * lam[k] * (G * W),
        domain={L: [8], k: [1, 2, 3]},
    )
    by_order_1 = equation("121").statement.rhs.subs({dev_r: 0, dev_s: 0, dev_q: X, dev_c: Y})
    yield arrives_at(
        "late-phase-exact-eta",
        "and Eq. 121 with w^(1) = (1/L) sum_k lambda_k w_k",
        sum(by_order_1.diff(w) * value for w, value in zip((X, Y), W, strict=True)),
        domain={L: [8]},
    )
    yield from _critical(drift, G)
    yield from _second_order()


def deviating(T: Any, r: Any, s: Any, d: Any, o: Any) -> Overlaps:
    """R = T + t r and Q = T + 2 t r + t^2 w."""
    return Overlaps(T + t * r, t * s, T + 2 * t * r + t**2 * d, 2 * t * s + t**2 * o, T, 0)


def coefficients(expression: Any) -> list[Any]:
    """Those of t^0, t^1 and t^2 of sums, products, powers, arcsines and moduli of expressions in t."""
    return [sp.expand(coefficient) for coefficient in _taylor(sp.sympify(expression))]


def _taylor(node: Any) -> list[Any]:
    if not node.has(t):
        return [node, sp.S.Zero, sp.S.Zero]
    if node == t:
        return [sp.S.Zero, sp.S.One, sp.S.Zero]
    parts = [_taylor(argument) for argument in node.args]
    if isinstance(node, sp.Add):
        return [sp.Add(*(part[order] for part in parts)) for order in range(3)]
    if isinstance(node, sp.Mul):
        product = parts[0]
        for part in parts[1:]:
            product = [sum(product[n] * part[order - n] for n in range(order + 1)) for order in range(3)]
        return product
    assert isinstance(node, (sp.Pow, sp.asin, sp.Abs)), node
    inner, x = parts[0], sp.Dummy("x", real=True)
    outer = node.func(x, *node.args[1:])
    at_0 = {x: sp.expand(inner[0])}
    value, slope, curvature = (outer.diff(x, order).subs(at_0) for order in range(3))
    return [value, slope * inner[1], slope * inner[2] + curvature * inner[1] ** 2 / 2]


def _second_order() -> Iterator[Claim]:
    """eps_g and the velocities up to t^2."""
    first = deviating(1, dev_r, dev_s, w_d_1, w_o_1)
    constant, linear, quadratic = coefficients(generalisation_error(first, M))
    yield identity(
        "eps_g has no term of order 0 or 1 in J - B",
        sp.Matrix([constant, linear]),
        sp.zeros(2, 1),
        wrong=sp.Matrix([0, quadratic]),
    )
    yield arrives_at("late-phase-second-order", "and this one of order 2", quadratic)

    # Order l + 1 of mode k is lambda_k X_k, and the rates are linear in it.
    mode = deviating(1, dev_r_k, dev_s_k, w_d[k], w_o[k])
    R, S, Q, C = (coefficients(rate) for rate in rates(first, mode, M))
    moved = [R[1], S[1], *(sp.expand(student[2] - 2 * mixed[2]) for student, mixed in ((Q, R), (C, S)))]
    yield identity(
        "nothing moves at order 0, and w does not at order 1",
        sp.Matrix([R[0], S[0], Q[0], C[0], sp.expand(Q[1] - 2 * R[1]), sp.expand(C[1] - 2 * S[1])]),
        sp.zeros(6, 1),
        wrong=sp.Matrix([R[0], S[0], Q[0], C[0], Q[1], C[1]]),
        domain={k: [1, 2, 3]},
    )
    yield arrives_at(
        "late-phase-second-order-dynamics",
        "r and s at order 1, w at order 2",
        2 * eta / (sp.pi * M) * lam[k] * sp.Matrix(moved),
        domain={k: [1, 2, 3]},
    )


def _written_out(near: Overlaps, units: int) -> Case:
    """The part of second order of Eq. 92: what is left of the velocity when that of first order is taken away."""
    moments = [matrices(near, units)] * 2
    second, first = (
        velocity_of_moments(moments, [-1, 0], [sp.S.One, sp.S.One], sp.S.One, order=order)[1].Q for order in (2, 1)
    )
    difference = np.array(second - first) * units**2
    collapsed, wrong = (sp.Matrix(noise(near, count)) for count in (units, units + 1))
    return Case(sp.Matrix([difference[0, 0], difference[0, 1]]), collapsed, wrong, f"M = {units}")


def _critical(H: Any, G: Any) -> Iterator[Claim]:
    """Where the first eigenvalue of the flow vanishes."""
    weights = sp.diag(1, M - 1)
    yield identity(
        "diag(1, M-1) makes H and G symmetric: so the eigenvalues of the flow are real",
        sp.Matrix.vstack(weights * H, weights * G),
        sp.Matrix.vstack((weights * H).T, (weights * G).T),
        wrong=sp.Matrix.vstack(H.T, G.T),
    )
    a, b = sp.symbols("a b", positive=True)
    h, g = sp.Matrix(2, 2, sp.symbols("h_1:5")), sp.Matrix(2, 2, sp.symbols("g_1:5"))
    yield exact_up_to(
        LARGEST_L,
        "det(-a Lambda (x) H + (b/L) lambda lambda^T (x) G) is det(a Lambda (x) H) det(1 - (b/a) u_1 H^-1 G)",
        lambda size: _determinant(size, a, b, h, g),
    )
    product = H.adjugate() * G * sp.pi**2 / (4 * H.det())
    trace, determinant = trace_and_determinant()
    yield identity(
        "the trace and the determinant of (pi^2/4) H^-1 G",
        sp.Matrix([product.trace(), G.det() * sp.pi**4 / (16 * H.det())]),
        sp.Matrix([trace, determinant]),
        wrong=sp.Matrix([determinant, trace]),
        domain={M: [2, 3, 4, 7]},
    )
    x, t, d = sp.Symbol("x", real=True), sp.Symbol("t", positive=True), sp.Symbol("d", positive=True)
    largest = max(sp.solve(x**2 - t * x + d, x), key=lambda root: root.subs({t: 3, d: 2}))
    critical = sp.simplify(sp.pi * M / largest).subs({t: trace, d: determinant})
    yield arrives_at(
        "late-phase-critical-learning-rate",
        "with u_1 = 1 the determinant first vanishes where (pi eta/(4M)) times the largest eigenvalue of H^-1 G is 1",
        critical,
        domain={M: [1, 2, 3, 4, 7]},
    )


def _determinant(size: int, a: Any, b: Any, h: Any, g: Any) -> Case:
    nodes = sp.Matrix(sp.symbols(f"lambda_1:{size + 1}", positive=True))
    flow = -a * sp.kronecker_product(sp.diag(*nodes), h) + b / size * sp.kronecker_product(nodes * nodes.T, g)
    mean = sum(nodes) / size
    factor = sp.prod(nodes) ** 2 * a ** (2 * size) * h.det() ** (size - 1)
    expected, wrong = (factor * (h - b / a * u * g).det() for u in (mean, 1))
    exact = flow.to_DM()
    return Case(exact.domain.to_sympy(exact.det()), expected, wrong, f"L = {size}")


DERIVATION = Derivation(
    "The end of training at any learning rate, and to second order",
    "Eqs. 92-94 with Eqs. 89-91 for K = M, T^(l) = u_l delta, u_1 = 1; Eq. 16; first order in w.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
