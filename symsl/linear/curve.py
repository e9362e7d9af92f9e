"""The learning curve of the linear network at any learning rate (Eqs. 6 and 56), by two routes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from flint import arb, arb_poly, ctx

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.linear.companion import coefficients, moments, shifted_coefficients, triangular_similarity
from symsl.linear.secular import Rate, rates
from symsl.linear.vandermonde import vandermonde_solve
from symsl.precision import Certified, ball, certify_all, exact
from symsl.spectrum import Spectrum

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
    eta, sigma_J = exact(eta, "eta", where), exact(sigma_J, "sigma_J", where)
    times = [exact(time, "alpha", where) for time in alpha]
    if eta <= 0:
        raise ParameterError(where, "eta", eta, "eta > 0 (Eq. 3)", "choose a positive learning rate")
    for time in times:
        if time < 0:
            raise ParameterError(where, "alpha", time, "alpha >= 0 (Eq. 6)", "time starts at 0")
    compute = {"eigenbasis": by_eigenbasis, "companion": by_companion}.get(route)
    if compute is None:
        raise ParameterError(where, "route", route, f"one of {', '.join(ROUTES)}", "choose a route")
    return certify_all(
        lambda: compute(spectrum, eta, sigma_J, times, unstable),
        digits,
        route=route,
        where=where,
        start_bits=companion_bits(spectrum, digits) if route == "companion" else None,
        max_bits=max_bits,
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

    Roots y_k = a_k/(2 eta) of the shifted characteristic polynomial; sum_k b_k v_k = (u_0..u_{L-1}) is solved through
    the triangular similarity (Eq. 57) and the Vandermonde matrix of the y_k.
    """
    require_decay(spectrum, eta, unstable)
    size, rate = spectrum.L, ball(eta)
    c, u = coefficients(spectrum), moments(spectrum)
    shifted = shifted_coefficients(c, u, rate)
    y = real_roots(shifted)
    first_column = triangular_similarity(u, rate, size)
    powers = [u[0], *toeplitz_solve(first_column, u[1:size])]
    monic = [coefficient / shifted[-1] for coefficient in shifted[:-1]]
    b = vandermonde_solve(y, monic, powers)
    # v_{k,1} = t_0 y_k holds for L = 1 too, where order 1 is -c_0 v_0 and y = c_0/t_0 is the only root.
    weights = [coefficient * first_column[0] * root for coefficient, root in zip(b, y, strict=True)]
    amplitude = (1 + ball(sigma_J) ** 2) / 2
    decay = [-2 * rate * root for root in y]
    return [amplitude * _exponential_sum(weights, decay, time) for time in alpha]


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


def toeplitz_solve(first_column: Sequence[arb], right: Sequence[arb]) -> list[arb]:
    """Forward substitution in the lower triangular Toeplitz system with this first column."""
    solution: list[arb] = []
    for row, value in enumerate(right):
        known = sum((first_column[row - j] * solution[j] for j in range(row)), arb(0))
        solution.append((value - known) / first_column[0])
    return solution


def real_roots(coefficients: Sequence[arb]) -> list[arb]:
    """All roots, largest first: each proved by interval Newton, complete because disjoint and as many as the degree."""
    polynomial = arb_poly(list(coefficients))
    try:
        starts = polynomial.complex_roots()
    except ValueError as error:
        raise InsufficientPrecisionError("the shifted characteristic polynomial has no isolated roots yet") from error
    slope = polynomial.derivative()
    roots = sorted(
        (_refine(polynomial, slope, start.real.mid()) for start in starts), key=lambda root: root.mid(), reverse=True
    )
    if len(roots) != len(coefficients) - 1 or not all(upper > lower for upper, lower in pairwise(roots)):
        raise InsufficientPrecisionError("the roots of the shifted characteristic polynomial are not separated")
    return roots


def _refine(polynomial: arb_poly, slope: arb_poly, root: arb) -> arb:
    """Newton to the working precision, then interval Newton: a ball that holds exactly one root."""
    for _ in range(ctx.prec.bit_length() + 8):
        root = (root - polynomial(root) / slope(root)).mid()
    step = polynomial(root) / slope(root)
    zone = arb(root, 4 * abs(step).upper())
    newton = root - polynomial(root) / slope(zone)
    if not (newton.is_finite() and zone.contains_interior(newton)):
        raise InsufficientPrecisionError("a root of the shifted characteristic polynomial is not enclosed")
    return newton
