"""The two equations of a state evolution (see `effective_channel`) solved with certified digits.

At fixed threshold the first equation has one root, enclosed by a change of sign; along these roots the second one is
solved for the threshold, by a change of sign again. R is never formed as a difference from Delta, which cancels.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError
from symsl.precision import Certified, ball, certify_all, check_digits
from symsl.weight_decay.effective_channel import EffectiveChannel
from symsl.weight_decay.problem import Problem
from symsl.weight_decay.roots import Root, enclose_root

_LOST_BITS = 100  # enough for most problems; `certify` raises it where it is not
Sum = Callable[[arb, arb], arb]


@dataclass(frozen=True)
class CertifiedSums:
    """What a fixed point consists of, as functions of (scale, threshold) at the working precision.

    `risk` is R/scale**2, `dof` the degrees of freedom, `slope` the derivative of `risk` with respect to the threshold.
    """

    budget: Callable[[], arb]
    risk: Sum
    dof: Sum
    slope: Sum


def solve_balls(problem: Problem, channel: EffectiveChannel, sums: CertifiedSums) -> list[arb]:
    """lam, scale, theta, threshold, R, dof, train, test at the working precision."""
    threshold = problem.start(channel)
    return _solve(problem, channel, sums, (threshold, channel.scale(threshold)))


def solve_certified(
    problem: Problem, channel: EffectiveChannel, sums: CertifiedSums, digits: int, route: str, max_bits: int | None
) -> list[Certified]:
    """The same, certified; the digits of dof are those of 1 + dof, as it may be vanishingly small."""
    threshold = problem.start(channel)
    start = threshold, channel.scale(threshold)

    def compute() -> list[arb]:
        values = _solve(problem, channel, sums, start)
        return [*values[:5], 1 + values[5], *values[6:]]

    bits = math.ceil(3.33 * check_digits(digits, problem.where)) + _LOST_BITS
    state = certify_all(compute, digits, route=route, where=problem.where, start_bits=bits, max_bits=max_bits)
    with ctx.workprec(state[5].bits):
        state[5] = Certified(state[5].ball - 1, state[5].digits, state[5].bits, route)
    return state


def _solve(problem: Problem, channel: EffectiveChannel, sums: CertifiedSums, start: tuple[float, float]) -> list[arb]:
    n, Delta, budget = ball(problem.n), ball(problem.Delta), sums.budget()
    last = Root(arb(start[1]), arb(0))

    def scale_at(threshold: arb) -> arb:
        """The root of the first equation; the one found last is where the next search begins."""
        nonlocal last
        slope = None if last.slope.is_zero() else last.slope
        last = enclose_root(lambda s: budget - Delta / (s * s) - sums.risk(s, threshold), last.ball, slope)
        return last.ball

    def solve(balance: Sum) -> arb:
        return enclose_root(lambda threshold: balance(scale_at(threshold), threshold), start[0]).ball

    def inactive(scale: arb, threshold: arb) -> arb:
        return 1 - sums.dof(scale, threshold) / n

    if problem.threshold is not None:
        threshold = ball(problem.threshold)
    elif start[0] == 0:
        threshold = arb(0)
    elif problem.lam is None:
        threshold = solve(sums.slope)
    elif problem.lam == 0:
        threshold = solve(inactive)
    else:
        lam = ball(problem.lam)
        threshold = solve(lambda scale, value: lam - value * scale * inactive(scale, value))
    scale = scale_at(threshold)
    risk = scale * scale * sums.risk(scale, threshold)
    interpolates = problem.lam == 0 and start[0] > 0
    free = arb(0) if interpolates else inactive(scale, threshold)
    if free < 0 and problem.threshold is not None:
        raise problem.below_interpolation(channel.interpolation_threshold())
    if not (free > 0 or interpolates):
        raise InsufficientPrecisionError("the sign of lam is not certain: the threshold is near its smallest value")
    decay = threshold * scale * free if problem.lam is None else ball(problem.lam)
    test = Delta + risk
    return [decay, scale, threshold * scale, threshold, risk, n * (1 - free), test * free * free, test]


__all__ = ["CertifiedSums", "Sum", "solve_balls", "solve_certified"]
