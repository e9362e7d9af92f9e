"""Eqs. 9, 48-53: from the sum over eigenvalues to the power law in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.equations.model import Kind
from symsl.symbols import (
    L,
    alpha,
    beta,
    eta,
    f_first,
    f_last,
    integral_f,
    k,
    lam,
    lambda_plus,
    m,
    remainder,
    sigma_J,
    x,
)
from symsl.verification import Case, Derivation, arrives_at, exact_up_to, identity
from symsl.verification.claims import Claim
from symsl.verification.sums import first_apart, last_apart

LARGEST = 6
jet = sp.IndexedBase("F", real=True)  # F[n] stands for f^(n)(t) on one unit interval
place, at, z = sp.Symbol("t", real=True), sp.Symbol("place", positive=True), sp.Symbol("z", positive=True)
exponent = beta / (1 + beta)
PREFACTOR = (1 + sigma_J**2) / 2


def total_derivative(expression: Any, order: int) -> Any:
    """d/dt, with d F[n]/dt = F[n+1]."""
    return sp.diff(expression, place) + sum(sp.diff(expression, jet[n]) * jet[n + 1] for n in range(order + 1))


def antiderivative(size: int) -> Any:
    """sum_{n=1}^{2m} (-1)^{n+1} B_n(t) f^(n-1)(t) / n!, m = size."""
    return sum((-1) ** (n + 1) * sp.bernoulli(n, place) / sp.factorial(n) * jet[n - 1] for n in range(1, 2 * size + 1))


def one_interval(size: int) -> Case:
    left = 2 * size
    expected = jet[0] - sp.bernoulli(left, place) / sp.factorial(left) * jet[left]
    return Case(
        sp.expand(total_derivative(antiderivative(size), left)),
        sp.expand(expected),
        sp.expand(expected + 2 * jet[left]),
        f"m = {size}",
    )


def end_terms(size: int) -> tuple[Any, Any]:
    """The antiderivative at t = 1 and at t = 0."""
    return antiderivative(size).subs(place, 1), antiderivative(size).subs(place, 0)


def expansion(size: int) -> Case:
    """Sum over intervals: the even terms of the antiderivative telescope, the first adds up to the sum of f."""
    upper, lower = end_terms(size)
    ends = sum(upper.coeff(jet[n]) * f_last[n] - lower.coeff(jet[n]) * f_first[n] for n in range(1, 2 * size))
    half = upper.coeff(jet[0]) * f_last[0] - lower.coeff(jet[0]) * f_first[0]
    derived = integral_f + half - ends + remainder
    stated = equation("48").statement.rhs.subs(m, size).doit()
    return Case(stated, derived, derived - 2 * half, f"m = {size}")


def euler_maclaurin() -> Iterator[Claim]:
    yield exact_up_to(
        LARGEST,
        "Integration by parts with Bernoulli polynomials on a unit interval: the sum of (-1)^{n+1} B_n(t) f^(n-1)/n! "
        "has the derivative f - B_2m f^(2m)/(2m)!",
        one_interval,
    )
    yield exact_up_to(
        LARGEST,
        "From the second term on its coefficients at both ends agree, so over neighbouring intervals it telescopes",
        lambda size: Case(
            sp.Matrix([end_terms(size)[0].coeff(jet[n]) for n in range(1, 2 * size)]),
            sp.Matrix([end_terms(size)[1].coeff(jet[n]) for n in range(1, 2 * size)]),
            sp.Matrix([end_terms(size)[1].coeff(jet[n]) + 1 for n in range(1, 2 * size)]),
            f"m = {size}",
        ),
    )
    value = sp.IndexedBase("f", real=True)
    right, left = sp.Sum(value[k + 1], (k, 1, L - 1)), sp.Sum(value[k], (k, 1, L - 1))
    both_ends = value[1] / 2 + value[L] / 2
    yield identity(
        "The first term, half of f at both ends of every interval, adds up to the sum of f but for half the end terms",
        (right + left) / 2,
        last_apart(sp.Sum(value[k], (k, 1, L))) - both_ends + (right - left - value[L] + value[1]) / 2,
        wrong=last_apart(sp.Sum(value[k], (k, 1, L))) + both_ends,
        domain={L: [3, 4]},
    )
    yield identity(
        "where the last bracket vanishes",
        last_apart(right) - first_apart(left),
        value[L] - value[1],
        wrong=value[L] + value[1],
        domain={L: [3, 4]},
    )
    yield Claim(
        "Together the Euler-Maclaurin formula with its remainder",
        Kind.EXACT,
        lambda: [expansion(size) for size in range(1, LARGEST + 1)],
        entry="48",
    )


def summand(position: Any) -> Any:
    """f(x) = (lambda_+/L) x^-(1+beta) exp(-z x^-(1+beta)): Eq. 8 is (1+sigma_J^2)/2 sum_k f(k) for a power law."""
    return lambda_plus / L * position ** (-1 - beta) * sp.exp(-z * position ** (-1 - beta))


def gamma_form(position: Any) -> Any:
    """The antiderivative of f."""
    return lambda_plus / (L * (1 + beta)) * z**-exponent * sp.uppergamma(exponent, z * position ** (-1 - beta))


def approximations() -> Iterator[Claim]:
    in_time = {z: 2 * eta * lambda_plus * alpha}
    term = sp.Symbol("lambda_k", positive=True)
    yield identity(
        "For a power law the summand of Eq. 8 is f(k), with z = 2 eta lambda_+ alpha",
        (term * sp.exp(-2 * eta * term * alpha) / L).subs(term, lambda_plus * at ** (-1 - beta)),
        summand(at).subs(in_time),
        wrong=summand(at + 1).subs(in_time),
    )
    yield arrives_at(
        "49",
        "The end terms of Eq. 48, with the prefactor (1 + sigma_J^2)/2",
        PREFACTOR * (summand(1) + summand(L)).subs(in_time) / 2,
        wrong=PREFACTOR * (summand(1) - summand(L)).subs(in_time) / 2,
    )
    yield identity(
        "The antiderivative of f is an incomplete gamma function",
        sp.diff(gamma_form(at), at),
        summand(at),
        wrong=-summand(at),
    )
    integral = gamma_form(L) - gamma_form(1)
    yield arrives_at("50", "so the integral from 1 to L has two of them", (PREFACTOR * integral).subs(in_time))
    yield arrives_at("9", "which is the statement of the main text", (PREFACTOR * integral).subs(in_time))
    p = sp.Symbol("p", positive=True)
    missed = sp.uppergamma(p, at) - (sp.gamma(p) - at**p / p)
    yield identity(
        "Gamma(p, x) - Gamma(p) + x^p/p vanishes at x = 0 and has the derivative x^{p-1}(1 - e^{-x}), between 0 and "
        "x^p: it lies between 0 and x^{p+1}/(p+1)",
        sp.diff(missed, at),
        at ** (p - 1) * (1 - sp.exp(-at)),
        wrong=at ** (p - 1),
    )
    leading = sp.gamma(p) - sp.integrate(at ** (p - 1), at)
    yield arrives_at("51", "So this is the leading behaviour", leading.subs({p: exponent, at: x}), domain={x: (0, 1)})
    yield arrives_at(
        "52",
        "For z >> 1 the second gamma function is exponentially small",
        (PREFACTOR * gamma_form(L)).subs(in_time),
    )
    small = {sp.uppergamma(exponent, z * L ** (-1 - beta)): leading.subs({p: exponent, at: z * L ** (-1 - beta)})}
    yield arrives_at(
        "53",
        "For z L^{-(1+beta)} << 1 Eq. 51 is inserted in the first",
        (PREFACTOR * gamma_form(L).subs(small)).subs(in_time),
    )
    law = PREFACTOR * lambda_plus / (L * (1 + beta)) * z**-exponent * sp.gamma(exponent)
    yield arrives_at("power-law-in-time", "whose first term is the power law in time", law.subs(in_time))
    moment = sp.Symbol("time", positive=True)
    (low,) = sp.solve(2 * eta * lambda_plus * moment - 1, moment)
    (high,) = sp.solve(2 * eta * lambda_plus * moment * L ** (-1 - beta) - 1, moment)
    yield arrives_at(
        "scaling-window", "The window opens at z = 1 and closes at z L^{-(1+beta)} = 1", sp.Matrix([low, high])
    )


def local_slope() -> Iterator[Claim]:
    error = equation("8").statement.rhs
    slope = alpha * sp.diff(error, alpha)
    yield identity(
        "d eps_g / d ln alpha = alpha d eps_g / d alpha brings down the rate of each term",
        slope,
        -PREFACTOR / L * sp.Sum(2 * eta * alpha * lam[k] ** 2 * sp.exp(-2 * eta * lam[k] * alpha), (k, 1, L)),
        wrong=-slope,
    )
    yield arrives_at(
        "local-exponent", "Divided by eps_g: the local exponent; the prefactor drops out", slope / error, wrong=slope
    )


def claims() -> Iterator[Claim]:
    yield from euler_maclaurin()
    yield from approximations()
    yield from local_slope()


DERIVATION = Derivation(
    "Scaling with time: the Euler-Maclaurin chain",
    "Bernoulli polynomials; Eq. 8 for the power law of Eq. 1. Eqs. 9, 49-53 are approximations: what is proved is that "
    "the stated step gives the stated expression.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
