"""The quadratic network with weight decay: noise modes, detected eigenvalues, optimal risk, tail of the spectrum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.equations.model import Kind
from symsl.symbols import (
    A_tail,
    Delta_noise,
    R_risk,
    bulk_active,
    bulk_risk,
    c_target,
    d_inputs,
    dof,
    gamma,
    k,
    n_samples,
    nu,
    spike_active,
    spike_risk,
    theta,
)
from symsl.symbols import m_signal as m
from symsl.symbols import p_tail as p
from symsl.symbols import t_threshold as t
from symsl.verification import Case, Claim, Derivation, arrives_at, identity
from symsl.weight_decay import asymptotics

f, f_0, x = sp.symbols("f f_0 x", positive=True)
S_h, S_j = sp.symbols("S_h S_j", positive=True)
DOMAIN = {
    f: (sp.Rational(1, 5), 1),
    f_0: (sp.Rational(1, 5), 1),
    x: (1, 2),
    t: (2, 3),
    m: (3, 4),
    p: (sp.Rational(1, 4), sp.Rational(7, 4)),
    gamma: (1, 2),
    Delta_noise: (1, 2),
    R_risk: (1, 2),
    d_inputs: (10, 20),
    n_samples: (30, 50),
    c_target: (1, 2),
    nu: (1, 2),
    theta: (1, 2),
    dof: (1, 2),
    A_tail: (sp.Rational(5, 4), sp.Rational(11, 4)),
    S_h: (1, 2),
    S_j: (1, 2),
}


def claims() -> Iterator[Claim]:
    """From the semicircle and one outlier to the scaling law."""
    yield from _noise_modes()
    yield from _one_eigenvalue()
    yield _state_evolution()
    yield from _optimum()
    yield from _tail()


def _noise_modes() -> Iterator[Claim]:
    """y = 2 cos f under the semicircle has density (2/pi) sin(f)**2 in f; the threshold is t = 2 cos f_0."""
    excess = 2 * sp.cos(f) - 2 * sp.cos(f_0)
    weight = 2 / sp.pi * sp.sin(f) ** 2
    for text, integrand, stated in (
        ("the noise modes above the threshold cost V = int (y - t)**2 rho(y) dy", excess**2, asymptotics.bulk_risk()),
        (
            "and take d**2 D2 degrees of freedom, D2 = int (y - t) (y/2) rho(y) dy: y/2 is the Hilbert transform of "
            "the semicircle",
            excess * sp.cos(f),
            asymptotics.bulk_active(),
        ),
    ):
        integral = sp.expand_trig(sp.integrate(sp.expand(integrand * weight), (f, 0, f_0)))
        found = sp.expand(integral.subs(f_0, sp.acos(t / 2)))
        closed = sp.expand(sp.expand_trig(stated))
        yield identity(text, found, closed, wrong=closed / 2, domain={t: (sp.Rational(1, 5), sp.Rational(9, 5))})


def _spike() -> tuple[Any, Any]:
    """h and j of a detected eigenvalue: learned as y - t, y = m + 1/m, with squared overlap 1 - 1/m**2."""
    learned = m + 1 / m - t
    return learned**2 - 2 * m * learned * (1 - 1 / m**2) + m**2, learned / m


def _one_eigenvalue() -> Iterator[Claim]:
    h, j = _spike()
    yield identity(
        "above the threshold, t >= 2: h = t**2 + 2 - 4t/m + 3/m**2",
        h,
        t**2 + 2 - 4 * t / m + 3 / m**2,
        wrong=t**2 + 2 - 4 * t / m + 1 / m**2,
        domain=DOMAIN,
    )
    yield identity("j = 1 - t/m + 1/m**2", j, 1 - t / m + 1 / m**2, wrong=1 - t / m - 1 / m**2, domain=DOMAIN)
    least = (t + sp.sqrt(t**2 - 4)) / 2
    yield identity(
        "it is detected above m_t = (t + sqrt(t**2 - 4))/2, where j vanishes",
        sp.expand(least**2 * j.subs(m, least)),
        sp.Integer(0),
        wrong=least,
        domain=DOMAIN,
    )
    yield identity(
        "where h is that of an undetected one, m**2",
        sp.expand(least**2 * (h.subs(m, least) - least**2)),
        sp.Integer(0),
        wrong=least,
        domain=DOMAIN,
    )


def _state_evolution() -> Claim:
    """2 n nu**2/d = Delta + R and lam = theta (1 - dof/n), nu**2 = tau**2 d/2; modes and spikes act independently."""
    signal = c_target * k ** (-gamma) / nu
    costs = sp.Sum(spike_risk(signal, t), (k, 1, d_inputs))
    takes = sp.Sum(spike_active(signal, t), (k, 1, d_inputs))
    tau = nu * sp.sqrt(2 / d_inputs)
    active = d_inputs**2 * bulk_active(t) + d_inputs * takes
    derived = sp.Matrix(
        [
            nu**2 * (d_inputs * bulk_risk(t) + costs),
            Delta_noise + R_risk,
            (theta * (1 - dof / n_samples)).subs({theta: t * nu, dof: active}),
        ]
    )
    stated = equation("quadratic-state-evolution").statement
    names = {costs: S_h, takes: S_j, bulk_risk(t): f, bulk_active(t): x}

    def cases() -> Iterable[Case]:
        left = sp.Matrix([R_risk, n_samples * tau**2, 0])
        right = sp.Matrix([R_risk, stated.lhs[1], 0])
        yield Case(left, right, 2 * right, "left-hand sides")
        yield Case(stated.rhs.xreplace(names), derived.xreplace(names), (2 * derived).xreplace(names))

    return Claim(
        "the universal state evolution with K << d detected eigenvalues: bulk and spikes add up",
        Kind.NUMERICAL,
        cases,
        DOMAIN,
        "quadratic-state-evolution",
    )


def _spike_constant() -> Any:
    """int_0^oo h(m; 2) p m**(-p-1) dm: the number of m_k = (c/nu) k**(-gamma) above m is (c/nu)**p m**(-p)."""
    detected = sp.Poly(sp.expand(_spike()[0].subs(t, 2) * m**2), m)
    # int_1^oo m**(-p-1-2+power) dm = 1/(p + 2 - power); below m = 1, int_0^1 m**(1-p) dm = 1/(2-p).
    above = sum(weight / (p + 2 - power) for (power,), weight in detected.terms())
    return p * (above + 1 / (2 - p))


def _optimum() -> Iterator[Claim]:
    constant = _spike_constant()
    yield identity(
        "the spikes sum to (c/nu)**p H_p(2), H_p(2) = p/(2-p) + 6 - 8p/(p+1) + 3p/(p+2)",
        constant,
        p / (2 - p) + 6 - 8 * p / (p + 1) + 3 * p / (p + 2),
        wrong=p / (2 - p) + 6 - 8 * p / (p + 1) + p / (p + 2),
        domain=DOMAIN,
    )
    yield identity("H_1(2) = 4", constant.subs(p, 1), sp.Integer(4), wrong=sp.Integer(3))
    general = sp.symbols("m_t", positive=True)
    at_edge = general + 1 / general
    slope = 2 * at_edge / p - 4 / (p + 1) / general
    full = (
        p / (2 - p) * general ** (2 - p)
        + (at_edge**2 + 2) * general ** (-p)
        - 4 * at_edge * p / (p + 1) * general ** (-p - 1)
        + 3 * p / (p + 2) * general ** (-p - 2)
    )
    chain = sp.diff(full, general) / sp.diff(at_edge, general)
    yield identity(
        "H_p(t) grows with t > 2: dH_p/dt = p int_(m_t)^oo m**(-p-1) (2t - 4/m) dm",
        sp.simplify(chain * general**p),
        sp.simplify(p * slope),
        wrong=sp.simplify(p * (2 * at_edge / p - 2 / (p + 1) / general)),
        domain=DOMAIN | {general: (2, 3)},
    )
    risk = nu**2 * (c_target / nu) ** (1 / gamma) * constant.subs(p, 1 / gamma)
    risk = risk.subs(nu, sp.sqrt(d_inputs * Delta_noise / (2 * n_samples)))
    yield arrives_at(
        "quadratic-optimal-rate",
        "so the best threshold is the edge of the noise, t = 2, with 2 n nu**2/d = Delta to leading order",
        sp.powsimp(sp.expand_power_base(risk, force=True)),
        wrong=risk.subs(Delta_noise, 2 * Delta_noise),
        kind=Kind.NUMERICAL,
        domain=DOMAIN,
    )


def _tail() -> Iterator[Claim]:
    count = (c_target / x) ** (1 / gamma)
    exponent = sp.simplify(-x * sp.diff(sp.diff(count, x), x) / sp.diff(count, x))
    yield arrives_at(
        "tail-exponent",
        "N(x) = (c/x)**(1/gamma) eigenvalues above x: minus the logarithmic slope of -dN/dx",
        exponent,
        wrong=exponent - 1,
        domain=DOMAIN,
    )
    optimum = equation("quadratic-optimal-rate").statement.rhs
    rate = sp.simplify(-n_samples * sp.diff(sp.log(optimum), n_samples))
    (steepness,) = sp.solve(sp.Eq(A_tail, equation("tail-exponent").statement.rhs), gamma)
    yield arrives_at(
        "tail-exponent-risk",
        "minus the logarithmic slope of the optimal risk in n, gamma = 1/(A - 1)",
        sp.simplify(rate.subs(gamma, steepness)),
        wrong=(3 - A_tail) / (A_tail - 1),
        kind=Kind.NUMERICAL,
        domain=DOMAIN,
    )


DERIVATION = Derivation(
    "Quadratic network with weight decay",
    "State evolution: n tau**2 = Delta + R, lam = theta (1 - dof/n), nu = tau sqrt(d/2); a theorem for n ~ d**2 and "
    "Gaussian sensing, a conjecture elsewhere. Noise modes follow the semicircle on [-2, 2] (units of nu); an "
    "eigenvalue m > 1 is seen at m + 1/m with squared overlap 1 - 1/m**2.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
