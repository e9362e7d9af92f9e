"""The escape from the plateau: the equations linearised there, their one growing direction, and eps_g along it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from symsl.derivations.plateau import coinciding

from symsl.equations import equation
from symsl.erf.symmetric import Overlaps, generalisation_error, linearised, simplest
from symsl.symbols import (
    D2,
    T2,
    D,
    D_next,
    Delta_0,
    Delta_P,
    M,
    N,
    Q_star,
    R_star,
    T_next,
    alpha,
    alpha_0,
    b,
    eta,
    gamma,
    r_1,
    sigma_J,
    tau_esc,
)
from symsl.verification import Case, Claim, Derivation, arrives_at, exact_up_to, identity

LARGEST_L = 6
R_next, Q_next, r, r_next = sp.symbols("R_next Q_next r r_next", positive=True)
r_now, delta = sp.symbols("r_now delta", positive=True)
PREFACTOR = 2 * eta / (sp.pi * M)
_HALF = (-sp.Rational(1, 2), sp.Rational(1, 2))
_SMALL = (sp.Rational(1, 20), sp.Rational(1, 10))
DOMAIN = {D: _HALF, D2: _HALF, D_next: _HALF, T2: (1, 2), T_next: (1, 2), R_star: _SMALL, r: _SMALL, alpha_0: (0, 1)}


def broken_symmetry(scale: Any) -> Any:
    """The direction that tells one teacher apart: r on the diagonal of R, the rest of each row and column -r/(M-1)."""
    return scale * sp.Matrix([1, -1 / (M - 1), 0, 0])


def fixed_point() -> dict[Any, Any]:
    """R* and Q* from the catalogue (Eq. 97)."""
    return dict(zip((R_star, Q_star), equation("97").statement.rhs, strict=True))


def claims() -> Iterator[Claim]:
    """From the rates near the plateau to the escape time."""
    by_next, by_first = linearised(coinciding(R_star, Q_star, 1, D), coinciding(R_next, Q_next, T_next, D_next), M)
    by_next = simplest(by_next.subs(fixed_point()))
    yield identity(
        "at R*, Q* the deviation r, -r/(M-1) of order l + 1 drops out of all rates of order l",
        by_next * broken_symmetry(r_next),
        sp.zeros(4, 1),
        wrong=by_next * sp.Matrix([r_next, -r_next / M, 0, 0]),
        domain=DOMAIN,
    )
    drift = simplest(by_first * broken_symmetry(r))
    yield identity(
        "its part of order 1 drives no other direction: R keeps the ratio -1/(M-1), Q stays put to first order",
        drift,
        broken_symmetry(drift[0]),
        wrong=drift[0] * sp.Matrix([1, 1, 0, 0]),
        domain=DOMAIN,
    )
    rate = PREFACTOR * drift[0]
    of_r_1 = {r_1(alpha): r}
    yield arrives_at("112", "so the deviations of all orders follow r^(1)", rate, given=of_r_1, domain=DOMAIN)
    at_plateau = simplest(rate.subs(fixed_point()))
    yield arrives_at("14", "with the stationary values of Eq. 97", at_plateau, given=of_r_1, domain=DOMAIN)

    yield exact_up_to(
        LARGEST_L,
        "the matrix v e_1^T, which takes r^(1) (for L = 1 by the closure u_1 r^(0)) to all orders, has L - 1 zero "
        "eigenvalues and one that is its trace v_1 (L = 1: u_1 v_0, the same element of order 2)",
        _rank_one,
    )
    rate_constant = simplest((at_plateau / r).subs({T_next: T2, D_next: D2}))
    yield arrives_at("113", "its element of order 1 is the growth rate", rate_constant, domain=DOMAIN)

    f, t = sp.Function("f"), sp.Symbol("t", real=True)
    grown = sp.dsolve(f(t).diff(t) - gamma * f(t), f(t), ics={f(0): r_now}).rhs.subs(t, alpha - alpha_0)
    yield arrives_at("114", "dr^(1)/da = gamma r^(1)", grown, given={r_1(alpha_0): r_now}, domain=DOMAIN)

    yield from _generalisation_error(grown)
    for entry in ("15", "116"):
        yield arrives_at(entry, "eps_g* - eps_g grows at twice the rate", 1 / (2 * rate_constant), domain=DOMAIN)
    yield from _plateau_length(grown)


def _rank_one(L: int) -> Case:
    x = sp.Symbol("x")
    v = sp.symbols(f"v_0:{L}")
    column = min(1, L - 1)  # e_1 for L > 1; for one eigenvalue order 1 is order 0
    matrix = sp.zeros(L, L)
    matrix[:, column] = sp.Matrix(v)
    return Case(
        matrix.charpoly(x).as_expr(),
        x ** (L - 1) * (x - v[column]),
        x ** (L - 1) * (x - 2 * v[column]),
        f"L = {L}",
    )


def _generalisation_error(grown: Any) -> Iterator[Claim]:
    """eps_g to second order in the deviation.

    To second order J_i = J* + d_i + e_i with sum_i d_i = 0 and sum_n d_i.B_n = 0. The second-order parts of Q and R are
    d_i.d_j, whose rows sum to zero, and those linear in e_i, along which eps_g is stationary.
    """
    near = generalisation_error(Overlaps(R_star + r, R_star - r / (M - 1), Q_star, Q_star, 1, D / (M - 1)), M)
    yield identity(
        "eps_g has no term of first order in r",
        near.diff(r).subs(r, 0),
        sp.Integer(0),
        wrong=near.subs(M - 1, M).diff(r).subs(r, 0) + R_star / M,
        domain=DOMAIN,
    )
    R_1, S_1, Q_1, C_1 = variables = sp.symbols("R_1 S_1 Q_1 C_1", positive=True)
    error = generalisation_error(Overlaps(R_1, S_1, Q_1, C_1, 1, D / (M - 1)), M)
    point = {R_1: R_star, S_1: R_star, Q_1: Q_star, C_1: Q_star}
    gradient = sp.Matrix([error]).jacobian(variables).subs(point) * sp.pi
    gradient = simplest(gradient.subs(fixed_point()))
    yield identity(
        "a change of Q whose rows sum to zero, q + (M-1) c = 0, does not change eps_g at first order: nor do the "
        "products of first-order changes of J",
        gradient * sp.Matrix([0, 0, 1 - M, 1]),
        sp.zeros(1, 1),
        wrong=gradient * sp.Matrix([0, 0, 1, 1 - M]),
        domain=DOMAIN,
    )
    per_row = fixed_point()[R_star] / (1 + D)  # J* = per_row * sum_n B_n, so that R* = per_row (1 + D)
    yield identity(
        "a common change of all J_i, dR_in = d and dQ_ij = 2 (R*/(1+D)) M d, does not change it either",
        gradient * sp.Matrix([1, 1, 2 * per_row * M, 2 * per_row * M]),
        sp.zeros(1, 1),
        wrong=gradient * sp.Matrix([1, 1, per_row * M, per_row * M]),
        domain=DOMAIN,
    )
    second = near.diff(r, 2).subs(r, 0) / 2
    decrease = simplest(-second.subs(fixed_point())) * grown**2
    yield arrives_at(
        "115",
        "what is left is the second derivative along r, with r^2 growing like e^(2 gamma alpha)",
        decrease.subs(gamma, 1 / (2 * tau_esc)),
        given={r_1(alpha_0): r_now},
        wrong=decrease.subs(gamma, 1 / tau_esc),
        domain=DOMAIN,
    )


def _plateau_length(grown: Any) -> Iterator[Claim]:
    span = sp.Symbol("span", positive=True)
    reached = grown.subs({r_now: Delta_0, gamma: 1 / (2 * tau_esc), alpha: alpha_0 + span})
    (length,) = sp.solve(sp.log(reached / Delta_P).expand(force=True), span)
    yield arrives_at("117", "r^(1) grows from Delta_0 to Delta_P", length, domain=DOMAIN)
    start = b * sigma_J / sp.sqrt(N)
    yield arrives_at(
        "12",
        "with fluctuations Delta_0 = b sigma_J/sqrt(N) at the start of the plateau",
        sp.expand_log(length.subs(Delta_0, start), force=True),
        domain=DOMAIN,
    )


DERIVATION = Derivation(
    "The escape from the plateau",
    "Eqs. 93, 94 and 97 with K = M, O(eta); T^(1) has diagonal 1 and off-diagonal elements D/(M-1), T^(l) diagonal "
    "T^(l) and off-diagonal elements D^(l)/(M-1); 2M - 1 - D > 0, 1 + D > 0. "
    "Sums over units collapse as derivation symmetric_sums shows.",
    claims,
    rests_on=("symmetric_sums",),
)

if __name__ == "__main__":
    DERIVATION.main()
