"""State evolution of the quadratic network, which is matrix sensing with a trace penalty.

The network f(x) = sum_j [(w_j.x)**2 - |w_j|**2]/sqrt2 with weight decay lam |W|_F**2 and at least d hidden units learns
S = W W^T, the minimiser over positive semidefinite matrices of

    (1/2n) sum_mu (y_mu - Tr S Psi_mu)**2 + lam Tr S,    Psi = (x x^T - 1)/sqrt2,    y = Tr S* Psi + sqrt(Delta) xi.

With second-layer weights of both signs S is any symmetric matrix and the penalty lam |S|_* ("signed"). The excess risk
R = |S^ - S*|_F**2 follows from 2 n nu**2/d = Delta + R(nu, theta) and lam = theta (1 - dof(nu, theta)/n). Methods:

    "spiked"            eigenvalues of the target as independent spikes; closed form, certified; few detected, d large
    "free-convolution"  all orders in the target, errors O(1/d); certified for d up to a hundred or so
    "monte-carlo"       finite d by sampling the noise (`monte_carlo`); double precision only
"""

from __future__ import annotations

from flint import arb

from symsl.arguments import one_of, positive_integer, seed_number
from symsl.errors import ParameterError, UsageError
from symsl.precision import Certified
from symsl.weight_decay.certified_channel import CertifiedSums, solve_balls, solve_certified
from symsl.weight_decay.effective_channel import EffectiveChannel, entries
from symsl.weight_decay.free_convolution import FreeConvolutionChannel
from symsl.weight_decay.free_convolution_certified import free_convolution_sums
from symsl.weight_decay.monte_carlo import MonteCarloChannel
from symsl.weight_decay.problem import Problem, problem
from symsl.weight_decay.quadratic_state import QuadraticState
from symsl.weight_decay.spiked import SpikedChannel, spiked_sums
from symsl.weight_decay.target import ListedTarget

METHODS = ("spiked", "free-convolution", "monte-carlo")


def quadratic(
    target: object,
    n: object,
    Delta: object,
    *,
    lam: object = None,
    t: object = None,
    method: str = "spiked",
    signed: bool = False,
    digits: int = 15,
    max_bits: int | None = None,
) -> QuadraticState[Certified]:
    """The fixed point of the state evolution of the quadratic network, certified to `digits` digits.

    `target` is a `PowerLawTarget` or a list of the eigenvalues of S*; n > 0 samples; label noise of variance
    Delta >= 0. `lam` is a weight decay >= 0 (0: the limit lam -> 0+) or "optimal" ("spiked" only; a certified
    stationary point of R); instead t = theta/nu may be given. `method` is "spiked" (default) or "free-convolution".

    Raises `ParameterError` for n <= 0, Delta < 0, lam < 0, negative eigenvalues without `signed`, a t that no lam >= 0
    has, and at the interpolation threshold (n = d**2/4, signed d**2/2, in the sparse regime) for lam = 0.

    >>> from symsl.weight_decay.target import PowerLawTarget
    >>> print(quadratic(PowerLawTarget(gamma=1, d=1000), n=30000, Delta=1, t=2, digits=18).R)
    0.570434195632842876
    """
    request = _request("quadratic", target, n, Delta, lam, t, signed)
    sums = _sums(request, method, signed)
    return QuadraticState(*solve_certified(request, _channel(request, method, signed), sums, digits, method, max_bits))


def quadratic_balls(
    target: object,
    n: object,
    Delta: object,
    *,
    lam: object = None,
    t: object = None,
    method: str = "spiked",
    signed: bool = False,
) -> QuadraticState[arb]:
    """`quadratic` at the current working precision: balls, to be used inside `certify`."""
    request = _request("quadratic", target, n, Delta, lam, t, signed)
    return QuadraticState(*solve_balls(request, _channel(request, method, signed), _sums(request, method, signed)))


def quadratic_float64(
    target: object,
    n: object,
    Delta: object,
    *,
    lam: object = None,
    t: object = None,
    method: str = "free-convolution",
    signed: bool = False,
    samples: object = 20,
    seed: object = 0,
) -> QuadraticState[float]:
    """The fixed point in double precision: arguments and errors as in `quadratic`, without error bounds.

    `samples` and `seed` matter for the method "monte-carlo", which averages over that many fixed noise matrices.

    >>> from symsl.weight_decay.target import PowerLawTarget
    >>> round(quadratic_float64(PowerLawTarget(gamma=1, d=10), n=40, Delta="0.1", lam="0.1").R, 8)
    0.44816936
    """
    request = _request("quadratic_float64", target, n, Delta, lam, t, signed)
    channel = _channel(request, method, signed, samples, seed)
    return QuadraticState(*entries(channel.point(request.start(channel))))


def _request(where: str, target: object, n: object, Delta: object, lam: object, t: object, signed: bool) -> Problem:
    request = problem(where, target, n, Delta, lam, t, "t")
    if not signed and isinstance(request.target, ListedTarget) and min(request.target.values) < 0:
        raise ParameterError(
            where,
            "target",
            min(request.target.values),
            "S* positive semidefinite, as W W^T is,",
            "pass signed=True for a second layer of both signs",
        )
    return request


def _channel(request: Problem, method: str, signed: bool, samples: object = 20, seed: object = 0) -> EffectiveChannel:
    one_of(method, METHODS, "method", request.where)
    if method == "spiked":
        return SpikedChannel(request, signed)
    if method == "free-convolution":
        return FreeConvolutionChannel(request, signed)
    count = positive_integer(samples, "samples", request.where)
    return MonteCarloChannel(request, signed, count, seed_number(seed, request.where))


def _sums(request: Problem, method: str, signed: bool) -> CertifiedSums:
    one_of(method, METHODS, "method", request.where)
    if method == "spiked":
        return spiked_sums(request, signed)
    if method == "free-convolution":
        if request.lam is None and request.threshold is None:
            raise UsageError('quadratic certifies lam="optimal" by method="spiked" only; use quadratic_float64')
        return free_convolution_sums(request, signed)
    raise UsageError(f"quadratic has no certified method {method!r}; use quadratic_float64, or {METHODS[:2]}")


__all__ = ["METHODS", "quadratic", "quadratic_balls", "quadratic_float64"]
