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

from flint import arb

from symsl.arguments import one_of
from symsl.precision import Certified, ball
from symsl.weight_decay.certified_channel import CertifiedSums, Sum, solve_balls, solve_certified
from symsl.weight_decay.coordinate_sums import coordinate_sum
from symsl.weight_decay.lasso_float64 import LassoChannel
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.problem import Problem, problem
from symsl.weight_decay.scalar_risk import ACTIVE, EDGE, RISK, CoordinateFunction

ROUTES = ("sum", "continuum")


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
    request = _request(target, n, Delta, lam, alpha, route)
    return LassoState(*solve_certified(request, LassoChannel(request), _sums(request, route), digits, route, max_bits))


def lasso_balls(
    target: object, n: object, Delta: object, *, lam: object = None, alpha: object = None, route: str = "sum"
) -> LassoState[arb]:
    """`lasso` at the current working precision: balls, to be used inside `certify`."""
    request = _request(target, n, Delta, lam, alpha, route)
    return LassoState(*solve_balls(request, LassoChannel(request), _sums(request, route)))


def _request(target: object, n: object, Delta: object, lam: object, alpha: object, route: str) -> Problem:
    one_of(route, ROUTES, "route", "lasso")
    return problem("lasso", target, n, Delta, lam, alpha, "alpha")


def _sums(request: Problem, route: str) -> CertifiedSums:
    def total(function: CoordinateFunction) -> Sum:
        return lambda tau, alpha: coordinate_sum(function, request.target, tau, alpha, route)

    active, edge = total(ACTIVE), total(EDGE)
    return CertifiedSums(
        lambda: ball(request.n),
        total(RISK),
        active,
        lambda tau, alpha: 2 * (alpha * active(tau, alpha) - edge(tau, alpha)),
    )


__all__ = ["ROUTES", "lasso", "lasso_balls"]
