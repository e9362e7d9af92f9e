"""The learning curve of the linear network at any learning rate (Eqs. 6 and 56), by two routes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from flint import arb

from symsl.arguments import one_of
from symsl.errors import ParameterError
from symsl.linear.companion import moments
from symsl.linear.secular import Rate, rates
from symsl.linear.small_learning_rate import parameters
from symsl.linear.student_eigenvectors import StudentEigenvectors
from symsl.precision import Certified, ball, certify_all, check_digits
from symsl.spectrum import Spectrum, require_spectrum

ROUTES = ("eigenbasis", "companion")


def learning_curve(
    spectrum: Spectrum,
    *,
    eta: object,
    sigma_J: object = Fraction(1, 100),
    alpha: Sequence[object],
    digits: int = 15,
    route: str = "eigenbasis",
    unstable: bool = False,
    max_bits: int | None = None,
) -> list[Certified]:
    """eps_g(alpha), exact in eta, averaged over teacher and initial student (Eq. 6), one value for each alpha.

    eps_g(alpha) = (1 + sigma_J^2)/2 sum_k b_k v_{k,1} exp(-a_k alpha), with -a_k the eigenvalues of A_3 and v_k its
    eigenvectors. Route "eigenbasis" finds the a_k from the secular equation, at any L; route "companion" is the
    paper's (Eqs. 54-57), which needs a working precision that grows with L.

    Raises `ParameterError` for eta <= 0, alpha < 0, and for eta >= 2/u_1, where the error no longer decays, unless
    `unstable` is set (the formula stays valid).
    """
    where = "learning_curve"
    rate, spread, times = parameters(eta, sigma_J, alpha, where)
    require_spectrum(spectrum, where)
    compute = {"eigenbasis": by_eigenbasis, "companion": by_companion}[one_of(route, ROUTES, "route", where)]
    return certify_route(
        lambda: compute(spectrum, rate, spread, times, unstable), spectrum, digits, route, where, max_bits
    )


def by_eigenbasis(
    spectrum: Spectrum, eta: Fraction, sigma_J: Fraction, alpha: Sequence[Fraction], unstable: bool = False
) -> list[arb]:
    """Eq. 6 as (1+sigma_J^2)/eta sum_k (s_k/D_k) exp(-2 eta y_k alpha) at the working precision.

    y_k are the roots of the secular equation, D_k = sum_j lambda_j^2/(lambda_j - y_k)^2 and
    s_k = sum_j lambda_j/(lambda_j - y_k) = L (2/eta - u_1)/y_k.
    """
    require_decay(spectrum, eta, unstable)
    found = rates(spectrum, eta)
    numerator = spectrum.L * (ball(2 / eta) - spectrum.moment(1))
    weights = [
        (numerator / rate.y if not rate.y.contains(0) else _direct(spectrum, rate)) / rate.slope for rate in found
    ]
    amplitude = (1 + ball(sigma_J) ** 2) / ball(eta)
    decay = [-2 * ball(eta) * rate.y for rate in found]
    return [amplitude * _exponential_sum(weights, decay, time) for time in alpha]


def by_companion(
    spectrum: Spectrum, eta: Fraction, sigma_J: Fraction, alpha: Sequence[Fraction], unstable: bool = False
) -> list[arb]:
    """Eq. 56 in the companion basis at the working precision, by the paper's route.

    b solves sum_k b_k v_k = (u_0, ..., u_{L-1}) for the eigenvectors v_k of A_3 (`StudentEigenvectors`).
    """
    require_decay(spectrum, eta, unstable)
    basis = StudentEigenvectors(spectrum, eta)
    b = basis.coordinates(moments(spectrum)[: spectrum.L])
    weights = [coefficient * component for coefficient, component in zip(b, basis.second, strict=True)]
    amplitude = (1 + ball(sigma_J) ** 2) / 2
    decay = [-2 * ball(eta) * root for root in basis.y]
    return [amplitude * _exponential_sum(weights, decay, time) for time in alpha]


def certify_route(
    compute: Callable[[], list[arb]], spectrum: Spectrum, digits: int, route: str, where: str, max_bits: int | None
) -> list[Certified]:
    """`certify_all` with a start that suits the route."""
    start = companion_bits(spectrum, check_digits(digits, where)) if route == "companion" else None
    return certify_all(compute, digits, route=route, where=where, start_bits=start, max_bits=max_bits)


def companion_bits(spectrum: Spectrum, digits: int) -> int:
    """A working precision at which the companion route is likely to succeed: a start for `certify`, not a promise."""
    return int(4 * digits) + 14 * spectrum.L + 60


def require_decay(spectrum: Spectrum, eta: Fraction, unstable: bool) -> None:
    """`ParameterError` unless eta < 2/u_1, the critical learning rate, or `unstable` is set."""
    if unstable or (ball(eta) * spectrum.moment(1) < 2 and not (spectrum.is_normalised() and eta >= 2)):
        return
    raise ParameterError(
        "linear network",
        "eta",
        eta,
        "eta < 2/u_1 (critical learning rate of Eq. 6; beyond it the sum no longer decays)",
        "lower eta, or set unstable=1 to evaluate the formula all the same",
    )


def _exponential_sum(weights: Sequence[arb], decay: Sequence[arb], time: Fraction) -> arb:
    moment = ball(time)
    return sum((w * (d * moment).exp() for w, d in zip(weights, decay, strict=True)), arb(0))


def _direct(spectrum: Spectrum, rate: Rate) -> arb:
    return sum((value / (value - rate.y) for value in spectrum.eigenvalues()), arb(0))
