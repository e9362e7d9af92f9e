"""The diagonal network with weight decay: one coefficient under a soft threshold, sums over a power law, its risk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.equations.model import Kind
from symsl.symbols import (
    Delta_noise,
    K_detected,
    R_risk,
    c_target,
    d_inputs,
    dof,
    gamma,
    i,
    kummer,
    lam_decay,
    n_samples,
    phi_gain,
    soft_active,
    soft_risk,
    tau,
    test_error,
    theta,
)
from symsl.symbols import a_threshold as a
from symsl.symbols import alpha_threshold as alpha
from symsl.symbols import m_signal as m
from symsl.symbols import p_tail as p
from symsl.verification import Case, Claim, Derivation, arrives_at, identity

DOMAIN = {
    a: (1, 2),
    m: (sp.Rational(1, 5), 3),
    p: (sp.Rational(1, 4), sp.Rational(7, 4)),
    tau: (1, 2),
    gamma: (1, 2),
    Delta_noise: (1, 2),
    lam_decay: (1, 2),
    dof: (1, 2),
    n_samples: (3, 5),
    K_detected: (2, 5),
    d_inputs: (10, 20),
    phi_gain: (sp.Rational(1, 5), sp.Rational(1, 2)),
    R_risk: (1, 2),
    theta: (1, 2),
    c_target: (1, 2),
}
z, u, w = sp.Symbol("z", real=True), sp.Symbol("u", positive=True), sp.Symbol("w", positive=True)


def density(x: Any) -> Any:
    """phi, the standard Gaussian density."""
    return sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)


def probability(x: Any) -> Any:
    """Phi, its integral from -oo."""
    return sp.erfc(-x / sp.sqrt(2)) / 2


def between(antiderivative: Any, low: Any, high: Any) -> Any:
    """Integral over [low, high]; at infinity Phi is 0 or 1 and a polynomial times phi vanishes."""
    return at(antiderivative, high) - at(antiderivative, low)


def at(antiderivative: Any, point: Any) -> Any:
    """The antiderivative at a point or at infinity."""
    return sp.limit(antiderivative, z, point) if point in (sp.oo, -sp.oo) else antiderivative.subs(z, point)


def outside(above: Any, below: Any) -> Any:
    """Integral of the antiderivatives over z > a - m and over z < -a - m."""
    return between(above, a - m, sp.oo) + between(below, -sp.oo, -a - m)


def claims() -> Iterator[Claim]:
    """From the Gaussian integrals to the scaling laws."""
    yield identity(
        "(a_i**2 + w_i**2)/2 exceeds |a_i w_i| by a square, which vanishes for |a_i| = |w_i|: weight decay of the "
        "factors is an l1 penalty on their product",
        (u**2 + w**2) / 2 - u * w,
        (u - w) ** 2 / 2,
        wrong=(u + w) ** 2 / 2,
        domain={u: (1, 2), w: (3, 4)},
    )
    yield from _one_coefficient()
    yield from _mellin_transform()
    yield identity(
        "F_1(a) = 2a",
        sp.hyperexpand(_mellin_statement().subs(p, 1)),
        2 * a,
        wrong=a,
        domain=DOMAIN,
    )
    yield from _fixed_point()
    yield from _interpolation()
    yield from _optimum()


def _one_coefficient() -> Iterator[Claim]:
    def shrunk(sign: int) -> Any:
        """Antiderivative of (z - sign a)**2 phi(z): the error where the coefficient survives."""
        return (1 + a**2) * probability(z) - (z - 2 * sign * a) * density(z)

    for sign, text in ((1, "above"), (-1, "below")):
        yield identity(
            f"the error of a survivor {text} the threshold, (z -+ a)**2 phi(z), has an elementary antiderivative",
            sp.diff(shrunk(sign), z),
            (z - sign * a) ** 2 * density(z),
            wrong=(z + sign * a) ** 2 * density(z),
            domain=DOMAIN | {z: (1, 2)},
        )
    risk = outside(shrunk(1), shrunk(-1)) + m**2 * between(probability(z), -a - m, a - m)
    yield arrives_at(
        "lasso-soft-threshold-risk",
        "r = int (soft(m + z; a) - m)**2 phi(z) dz: survivors err by z -+ a, the others by m",
        sp.expand(risk),
        wrong=sp.expand(risk - 2 * m**2 * probability(-a - m)),
        domain=DOMAIN,
    )
    yield identity(
        "r grows with m: dr/dm = 2m [Phi(a-m) - Phi(-a-m)]",
        sp.expand(sp.diff(risk, m)),
        sp.expand(2 * m * (probability(a - m) - probability(-a - m))),
        wrong=sp.expand(2 * m * (probability(a - m) + probability(-a - m))),
        domain=DOMAIN,
    )
    yield identity(
        "r(0, a) = 2 [(1 + a**2) Phi(-a) - a phi(a)]",
        sp.expand(risk.subs(m, 0)),
        sp.expand(2 * ((1 + a**2) * probability(-a) - a * density(a))),
        wrong=sp.expand(2 * ((1 + a**2) * probability(-a) + a * density(a))),
        domain=DOMAIN,
    )
    yield identity("r(oo, a) = 1 + a**2", sp.limit(risk, m, sp.oo), 1 + a**2, wrong=a**2, domain=DOMAIN)

    active = outside(probability(z), probability(z))
    yield arrives_at("lasso-active-probability", "P = int over |m + z| > a of phi(z)", sp.expand(active), domain=DOMAIN)

    def correlated(sign: int) -> Any:
        """Antiderivative of z (m + z - sign a) phi(z)."""
        return probability(z) - (z + m - sign * a) * density(z)

    yield identity(
        "z (m + z - a) phi(z) has an elementary antiderivative",
        sp.diff(correlated(1), z),
        z * (m + z - a) * density(z),
        wrong=z * (m + z + a) * density(z),
        domain=DOMAIN | {z: (1, 2)},
    )
    yield identity(
        "Stein's identity: E Z soft(m + Z; a) = P, the degrees of freedom",
        sp.expand(outside(correlated(1), correlated(-1))),
        sp.expand(active),
        wrong=sp.expand(probability(m - a) - probability(-m - a)),
        domain=DOMAIN,
    )


def _mellin_statement() -> Any:
    """The catalogue's right-hand side, with the Kummer function that SymPy knows."""
    stated = equation("lasso-mellin-transform").statement.rhs
    return stated.replace(kummer, lambda upper, lower, argument: sp.hyper([upper], [lower], argument))


def _mellin_transform() -> Iterator[Claim]:
    """F_p(a) = 2 int_0^oo m**(1-p) K dm with K = Phi(a-m) - Phi(-a-m), by a differential equation in a."""
    kernel = probability(a - m) - probability(-a - m)
    yield identity(
        "K = Phi(a-m) - Phi(-a-m) obeys K_aa + a K_a = -m K_m",
        sp.expand(sp.diff(kernel, a, 2) + a * sp.diff(kernel, a)),
        sp.expand(-m * sp.diff(kernel, m)),
        wrong=sp.expand(m * sp.diff(kernel, m)),
        domain=DOMAIN,
    )
    signal = sp.Symbol("m", positive=True)
    known = sp.Function("K")(signal)
    boundary = sp.diff(signal ** (2 - p) * known, signal) / signal ** (1 - p)
    yield identity(
        "-m**(2-p) K_m is (2-p) m**(1-p) K up to the derivative of m**(2-p) K, so that F'' + a F' = (2-p) F",
        sp.expand(sp.powsimp(sp.expand((2 - p) * known - boundary)).subs({known.diff(signal): u, known: w})),
        -signal * u,
        wrong=signal * u,
        domain=DOMAIN | {signal: (1, 2), u: (1, 2), w: (1, 2)},
    )
    yield identity(
        "m**2 K -> 0 for m -> oo, and K is bounded: for 0 < p < 2 both boundary terms vanish",
        sp.limit(m**2 * kernel.subs(a, 1), m, sp.oo),
        sp.Integer(0),
        wrong=sp.Integer(1),
    )
    orders = sp.symbols("M_0:3")  # the Kummer function of -a**2/2 and its derivatives
    x = -(a**2) / 2
    function = [a, sp.Integer(0), sp.Integer(0)]
    first = _derivative(function)
    equation_in_a = [y2 + a * y1 - (2 - p) * y for y2, y1, y in zip(_derivative(first), first, function, strict=True)]
    kummer_equation = x * orders[2] + (sp.Rational(3, 2) - x) * orders[1] - (p - 1) / 2 * orders[0]
    yield identity(
        "on a M(-a**2/2) this is Kummer's equation x M'' + (3/2 - x) M' = (p-1)/2 M",
        sp.expand(sum(part * order for part, order in zip(equation_in_a, orders, strict=True))),
        sp.expand(-2 * a * kummer_equation),
        wrong=sp.expand(-2 * a * (kummer_equation - orders[0])),
        domain=DOMAIN | dict.fromkeys(orders, (1, 2)),
    )
    slope = 4 * sp.integrate(u ** (1 - p) * density(u), (u, 0, sp.oo), conds="none")
    parameters = [(p - 1) / 2], [sp.Rational(3, 2)]
    solution = slope * a * sp.hyper(*parameters, x)
    yield Claim(
        "the solution with F(0) = 0 and F'(0) = 4 int_0^oo m**(1-p) phi(m) dm",
        Kind.PROVED,
        lambda: [Case(_mellin_statement(), solution, slope * a * sp.hyper([(p + 1) / 2], parameters[1], x))],
        DOMAIN,
        "lasso-mellin-transform",
    )


def _derivative(parts: list[Any]) -> list[Any]:
    """d/da of sum_k parts_k M_k, M_k the k-th derivative of M at -a**2/2 (two orders are enough)."""
    inner = -a
    return [
        sp.diff(parts[0], a),
        sp.diff(parts[1], a) + inner * parts[0],
        sp.diff(parts[2], a) + inner * parts[1],
    ]


def _fixed_point() -> Iterator[Claim]:
    """n tau**2 = Delta + R, lam = theta (1 - dof/n), R = E |prox - v|**2, dof = E div prox for separable penalties."""
    survivor = tau * m + tau * z - tau * a
    yield identity(
        "soft(tau (m + z); tau a) = tau soft(m + z; a): a coefficient costs tau**2 r and takes P degrees of freedom",
        (survivor - tau * m) ** 2,
        tau**2 * (z - a) ** 2,
        wrong=tau * (z - a) ** 2,
        domain=DOMAIN | {z: (1, 2)},
    )
    signal = c_target * i ** (-gamma) / tau
    active = sp.Sum(soft_active(signal, alpha), (i, 1, d_inputs))
    derived = sp.Matrix(
        [
            tau**2 * sp.Sum(soft_risk(signal, alpha), (i, 1, d_inputs)),
            Delta_noise + R_risk,
            (theta * (1 - dof / n_samples)).subs({theta: alpha * tau, dof: active}),
        ]
    )
    stated = equation("lasso-state-evolution").statement.rhs

    def cases() -> Iterable[Case]:
        # Risk and probability of one coefficient stay unknown functions: decided as generators.
        names = {node: sp.Symbol(f"S_{number}", positive=True) for number, node in enumerate(_sums(derived))}
        yield Case(stated.xreplace(names), derived.xreplace(names), (2 * derived).xreplace(names))

    yield Claim(
        "the universal state evolution, coordinate by coordinate",
        Kind.NUMERICAL,
        cases,
        DOMAIN | {alpha: (1, 2), **{sp.Symbol(f"S_{number}", positive=True): (1, 2) for number in (0, 1)}},
        "lasso-state-evolution",
    )
    residual = (Delta_noise + R_risk) * (lam_decay / theta) ** 2
    weight = equation("gcv-identity").statement.rhs
    (threshold,) = sp.solve(sp.Eq(lam_decay, theta * (1 - dof / n_samples)), theta)
    train = sp.Symbol("train_error", positive=True)
    (ratio,) = sp.solve(
        sp.Eq(train, residual.subs(theta, threshold).subs(Delta_noise, test_error - R_risk)), test_error
    )
    assert weight.has(train)
    yield arrives_at(
        "gcv-identity",
        "training error (Delta + R)(lam/theta)**2 with lam/theta = 1 - dof/n",
        ratio,
        wrong=ratio.subs(dof, 2 * dof),
        domain=DOMAIN | {train: (1, 2)},
    )


def _sums(matrix: Any) -> list[Any]:
    return sorted(matrix.atoms(sp.Sum), key=str)


def _interpolation() -> Iterator[Claim]:
    (risk,) = sp.solve(sp.Eq(R_risk, (Delta_noise + R_risk) * phi_gain), R_risk)
    yield arrives_at(
        "interpolation-gain",
        "without a target R is linear in tau**2 = (Delta + R)/n: R = (Delta + R) phi",
        risk,
        wrong=Delta_noise * phi_gain / (1 + phi_gain),
        domain=DOMAIN,
    )
    mills = 1 / a - 1 / a**3 + 3 / a**5
    yield identity(
        "the upper tail phi(a) S(a), S = 1/a - 1/a**3 + 3/a**5 + ..., has derivative -phi(a) up to 15 phi(a)/a**6",
        sp.diff(density(a) * mills, a),
        -density(a) * (1 + 15 / a**6),
        wrong=-density(a) * (1 - 15 / a**6),
        domain=DOMAIN,
    )
    product = sp.limit(a**2 * ((1 + a**2) * mills - a) / mills, a, sp.oo)
    logarithm = sp.limit(sp.expand_log(sp.log(2 * density(a)) + sp.log(sp.factor(mills)), force=True) / a**2, a, sp.oo)
    yield identity("a**2 r(0, a)/P(0, a) -> 2 for a -> oo", product, sp.Integer(2), wrong=sp.Integer(4))
    yield identity("log P(0, a)/a**2 -> -1/2", logarithm, -sp.Rational(1, 2), wrong=sp.Integer(-1))
    square = sp.log(d_inputs / n_samples) / -logarithm  # P = n/d
    yield arrives_at(
        "lasso-interpolation-plateau",
        "phi = r(0, alpha)/P(0, alpha) where d P(0, alpha) = n, and R = Delta phi to leading order in phi",
        Delta_noise * product / square,
        domain=DOMAIN,
    )


def _optimum() -> Iterator[Claim]:
    """Far above the noise a coefficient costs min(beta**2, theta**2)."""
    x = sp.Symbol("x", positive=True)
    count = (c_target / theta) ** (1 / gamma)
    tail = c_target**2 * x ** (1 - 2 * gamma) / (1 - 2 * gamma)
    yield identity(
        "the tail of undetected coefficients, x**(-2 gamma), has this antiderivative (it vanishes at oo, gamma > 1/2)",
        sp.simplify(sp.diff(tail, x) / x ** (-2 * gamma)),
        c_target**2,
        wrong=c_target,
        domain=DOMAIN | {x: (1, 2)},
    )
    risk = count * theta**2 - tail.subs(x, count)
    risk = sp.powsimp(sp.expand_power_base(risk, force=True), force=True)
    risk = risk.subs(theta, sp.sqrt(2 * Delta_noise * sp.log(d_inputs / K_detected) / n_samples))
    yield arrives_at(
        "lasso-optimal-rate",
        "shrinkage of the detected and loss of the others, at the level sqrt(2 log(d/K) Delta/n) of the noise",
        risk,
        wrong=risk.subs(d_inputs, d_inputs**2),
        kind=Kind.NUMERICAL,
        domain=DOMAIN,
    )


DERIVATION = Derivation(
    "Diagonal network with weight decay",
    "State evolution: n tau**2 = Delta + R, lam = theta (1 - dof/n), R = E |soft(v + tau Z; theta) - v|**2, dof = "
    "E div soft, training error (Delta + R)(lam/theta)**2; a theorem for n ~ d, a conjecture elsewhere.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
