"""State evolution of the diagonal network, which is the LASSO: fixed points with certified digits at any dimension.

The network f(x) = sum_i a_i w_i x_i with weight decay (lam/2)(|a|**2 + |w|**2) has the minimiser a_i w_i = beta^_i of

    |y - X beta|**2/(2n) + lam |beta|_1,     y = X beta* + sqrt(Delta) xi,  X standard Gaussian,

whose excess risk R = |beta^ - beta*|**2 follows from two unknowns tau, alpha:

    n tau**2 = Delta + R,           R   = tau**2 sum_i r(beta*_i/tau, alpha),
    lam = alpha tau (1 - dof/n),    dof = sum_i P(beta*_i/tau, alpha).

At fixed alpha the first equation has one root tau, because r grows with its first argument; lam grows with alpha. Both
roots are enclosed by a change of sign. R is never formed as n tau**2 - Delta, which cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError, UsageError
from symsl.precision import Certified, ball, certify_all, check_digits
from symsl.weight_decay.coordinate_sums import coordinate_sum
from symsl.weight_decay.lasso_float64 import Channel
from symsl.weight_decay.lasso_problem import LassoProblem, below_interpolation, lasso_problem
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.roots import Root, enclose_root
from symsl.weight_decay.scalar_risk import ACTIVE, EDGE, RISK, CoordinateFunction

ROUTES = ("sum", "continuum")
_LOST_BITS = 100  # enough for most problems; `certify` raises it where it is not


def lasso(
    target: object,
    n: object,
    Delta: object,
    *,
    lam: object = None,
    alpha: object = None,
    digits: int = 15,
    route: str = "sum",
    max_bits: int | None = None,
) -> LassoState[Certified]:
    """The fixed point of the state evolution of the LASSO, every entry certified to `digits` digits.

    `target` is a `PowerLawTarget` or a list of coefficients; n > 0 samples; label noise of variance Delta >= 0.
    `lam` is a weight decay >= 0 (0: the limit lam -> 0+, that is the interpolator of least l1 norm for n < d and least
    squares for n > d) or "optimal"; instead, `alpha` = theta/tau may be given. The optimum is certified as a stationary
    point of R (a change of sign of dR/dlam), the lowest one that a scan in double precision finds.

    Route "sum" takes the sums over i as they are, at a cost independent of d for a power law; route "continuum"
    replaces them by integrals from i = 0, the leading order at large n. The digits of `dof` are those of 1 + dof: far
    above the largest coefficient, it is smaller than any number worth enclosing.

    Raises `ParameterError` for n <= 0, Delta < 0, lam < 0, for n = d at lam = 0, for an alpha that no lam >= 0 has, and
    where a noiseless target is recovered exactly.

    >>> from symsl.weight_decay.target import PowerLawTarget
    >>> print(lasso(PowerLawTarget(gamma=1, d="10^50"), n="10^30", Delta=1, lam="10^-14", digits=30).R)
    0.0000253603970985332072284116911768
    """
    problem = lasso_problem("lasso", target, n, Delta, lam, alpha)
    _check_route("lasso", route)
    start = _start(problem, "lasso")

    def compute() -> list[arb]:
        state = _fixed_point(problem, route, start)
        return replace(state, dof=1 + state.dof).entries()

    bits = math.ceil(3.33 * check_digits(digits, "lasso")) + _LOST_BITS
    state = LassoState(*certify_all(compute, digits, route=route, where="lasso", start_bits=bits, max_bits=max_bits))
    with ctx.workprec(state.dof.bits):
        return replace(state, dof=replace(state.dof, ball=state.dof.ball - 1))


def lasso_balls(
    target: object, n: object, Delta: object, *, lam: object = None, alpha: object = None, route: str = "sum"
) -> LassoState[arb]:
    """`lasso` at the current working precision: balls, to be used inside `certify`."""
    problem = lasso_problem("lasso", target, n, Delta, lam, alpha)
    _check_route("lasso", route)
    return _fixed_point(problem, route, _start(problem, "lasso"))


def _check_route(where: str, route: str) -> None:
    if route not in ROUTES:
        raise UsageError(f"{where} has no route {route!r}; the routes are {', '.join(ROUTES)}")


def _start(problem: LassoProblem, where: str) -> tuple[float, float]:
    """alpha and tau in double precision."""
    channel = Channel.of(problem)
    alpha = channel.alpha_for(problem, where)
    return alpha, channel.tau(alpha)


def _fixed_point(problem: LassoProblem, route: str, start: tuple[float, float]) -> LassoState[arb]:
    n, Delta = ball(problem.n), ball(problem.Delta)
    last = Root(arb(start[1]), arb(0))

    def total(function: CoordinateFunction, tau: arb, alpha: arb) -> arb:
        return coordinate_sum(function, problem.target, tau, alpha, route)

    def noise(alpha: arb) -> arb:
        """tau(alpha); the root found last is where the next search begins."""
        nonlocal last
        slope = None if last.slope.is_zero() else last.slope
        last = enclose_root(lambda tau: n - Delta / (tau * tau) - total(RISK, tau, alpha), last.ball, slope)
        return last.ball

    def solve(balance: Callable[[arb, arb], arb]) -> arb:
        return enclose_root(lambda alpha: balance(noise(alpha), alpha), start[0]).ball

    def inactive(tau: arb, alpha: arb) -> arb:
        return 1 - total(ACTIVE, tau, alpha) / n

    if problem.alpha is not None:
        alpha = ball(problem.alpha)
    elif problem.lam is None:
        alpha = solve(lambda tau, a: 2 * (a * total(ACTIVE, tau, a) - total(EDGE, tau, a)))
    elif problem.lam > 0:
        lam = ball(problem.lam)
        alpha = solve(lambda tau, a: lam - a * tau * inactive(tau, a))
    elif problem.n < problem.target.d:
        return _interpolation(problem, solve(inactive), noise, total)
    else:
        return _least_squares(problem)
    tau = noise(alpha)
    risk, free = tau * tau * total(RISK, tau, alpha), inactive(tau, alpha)
    if free < 0 and problem.alpha is not None:
        raise below_interpolation("lasso", problem, Channel.of(problem).alpha_at(0.0))
    if not free > 0:
        raise InsufficientPrecisionError("the sign of lam is not certain: alpha is near its smallest value")
    decay = lam if problem.lam is not None else alpha * tau * free
    return LassoState(decay, tau, alpha * tau, alpha, risk, n * (1 - free), (Delta + risk) * free * free, Delta + risk)


def _interpolation(
    problem: LassoProblem, alpha: arb, noise: Callable[[arb], arb], total: Callable[[CoordinateFunction, arb, arb], arb]
) -> LassoState[arb]:
    """lam -> 0+ for n < d: as many active coefficients as samples, no training error."""
    tau = noise(alpha)
    risk = tau * tau * total(RISK, tau, alpha)
    n, Delta = ball(problem.n), ball(problem.Delta)
    return LassoState(arb(0), tau, alpha * tau, alpha, risk, n, arb(0), Delta + risk)


def _least_squares(problem: LassoProblem) -> LassoState[arb]:
    """lam -> 0+ for n > d: R = d Delta/(n - d)."""
    free = problem.n - problem.target.d
    risk, test = problem.target.d * problem.Delta / free, problem.n * problem.Delta / free
    train = free * problem.Delta / problem.n
    dof = ball(problem.target.d)
    return LassoState(
        arb(0), ball(problem.Delta / free).sqrt(), arb(0), arb(0), ball(risk), dof, ball(train), ball(test)
    )


__all__ = ["ROUTES", "lasso", "lasso_balls"]
