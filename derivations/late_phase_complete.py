"""Beyond the paper: the end of training to second order in J - B at any learning rate, and its closed form."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from symsl.derivations.late_phase_exact import coefficients, deviating

from symsl.equations import equation
from symsl.erf.symmetric import noise
from symsl.symbols import (
    M,
    alpha,
    dev_r,
    dev_s,
    drive_w,
    eta,
    i,
    j,
    k,
    lam,
    mu_pair,
    n_rates,
    nu_w,
    seen_pair,
    seen_w,
    start_w,
    w_d_1,
    w_o_1,
)
from symsl.verification import Claim, Derivation, arrives_at, identity

kappa, nu, force, start = sp.symbols("kappa nu force start", real=True)
SMALL = {n_rates: [2], j: [1, 2], k: [1, 2], i: [1, 2]}


def claims() -> Iterator[Claim]:
    """From Eq. 91 near the solution to exponentials in pairs of rates."""
    terms = [coefficients(entry) for entry in noise(deviating(1, dev_r, dev_s, w_d_1, w_o_1), M)]
    yield identity(
        "the term of second order in eta vanishes at orders 0 and 1 in J - B",
        sp.Matrix([part[order] for part in terms for order in (0, 1)]),
        sp.zeros(4, 1),
        wrong=sp.Matrix([0, terms[0][2], 0, 0]),
    )
    slow = equation("late-phase-second-order-dynamics").statement.rhs
    fast = (eta / M) ** 2 * lam[k] * sp.Matrix([0, 0, *(part[2] for part in terms)])
    yield arrives_at(
        "late-phase-complete-dynamics",
        "at order 2 it moves w of mode k, times lambda_k as u_(l+1) = (1/L) sum_k lambda_k^l lambda_k, and not r and s",
        slow + fast,
        wrong=slow - fast,
        domain={k: [1, 2, 3]},
    )
    yield from _closed_form()


def _closed_form() -> Iterator[Claim]:
    """w in the eigenvectors of its linear part, driven by products of two components of (r, s)."""
    y = sp.Function("y")
    driven = sp.dsolve(
        y(alpha).diff(alpha) - nu * y(alpha) - force * sp.exp(kappa * alpha), y(alpha), ics={y(0): start}
    ).rhs
    response = force * (sp.exp(kappa * alpha) - sp.exp(nu * alpha)) / (kappa - nu)
    yield identity(
        "y' = nu y + f e^(kappa alpha) from y(0) has the response f (e^(kappa alpha) - e^(nu alpha))/(kappa - nu)",
        driven,
        start * sp.exp(nu * alpha) + response,
        wrong=start * sp.exp(nu * alpha) + response.subs(kappa, 2 * kappa),
    )
    pair = mu_pair[j] + mu_pair[k]
    pairs = (j, 1, n_rates), (k, 1, n_rates)
    undriven = sp.cancel(driven.subs(force, 0)).subs({start: start_w[i], nu: nu_w[i]})
    one = driven.subs({start: 0, kappa: pair, nu: nu_w[i], force: drive_w[i, j, k]})
    seen = sp.Sum(seen_w[i] * undriven, (i, 1, n_rates)) + sp.Sum(seen_w[i] * one, (i, 1, n_rates), *pairs)
    products = sp.Sum(seen_pair[j, k] * sp.exp(mu_pair[j] * alpha) * sp.exp(mu_pair[k] * alpha), *pairs)
    yield arrives_at(
        "late-phase-complete",
        "responses to sources add up: mode i of w is that of its start and one response for each pair of rates; "
        "eps_g of Eq. late-phase-second-order sees w and the products of two components of (r, s)",
        (seen + products) / sp.pi,
        domain=SMALL,
    )


DERIVATION = Derivation(
    "The end of training to second order at any learning rate",
    "Eqs. 91, 92 with K = M, T^(l) = u_l delta, u_1 = 1; Eqs. late-phase-second-order-dynamics and "
    "late-phase-second-order. For the closed form: the matrices of the linear parts have a basis of eigenvectors, real "
    "as diag(1, M-1) makes their blocks symmetric; x = sum_j x_j e^(mu_j alpha) solves that of r and s.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
