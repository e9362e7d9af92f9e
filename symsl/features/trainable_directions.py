"""How well does a student do that learns the first N_l eigendirections only? (Eqs. 10, 68-78.)

Eqs. 11 and 79 are `symsl.linear.approximation` with N_l. Linear activation, K = M = 1, small learning rate. Balls at
the working precision of `flint.ctx`, for use inside `certify`. N_l counts distinct eigenvalues, in the order of the
spectrum; alpha = p/N; everything is dimensionless.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symsl.arguments import learning_rate, one_time
from symsl.errors import ParameterError
from symsl.features.arguments import variance_factor
from symsl.precision import ball, exact_integer
from symsl.spectrum import MAX_LISTED, Spectrum, require_spectrum

_ROOM = "features."


def generalisation_error(spectrum: Spectrum, N_l: object, *, eta: object, sigma_J: object, alpha: object) -> arb:
    """Eqs. 10, 78: (1+sigma_J^2)/(2L) [sum_{k<=N_l} lambda_k e^{-2 eta lambda_k alpha} + sum_{k>N_l} lambda_k].

    The direct sum; for a power law at a cost that depends on N_l, not on L. Raises `ParameterError` unless
    1 <= N_l <= L, eta > 0, sigma_J >= 0, alpha >= 0.
    """
    where = _ROOM + "generalisation_error"
    count, rate, time = (
        _directions(spectrum, N_l, where),
        learning_rate(eta, where),
        one_time(alpha, where),
    )
    decay = ball(-2 * rate * time)
    learned = sum((value * (decay * value).exp() for value in _leading(spectrum, count, where)), arb(0))
    return ball(variance_factor(sigma_J, where)) * (learned / spectrum.L + _rest(spectrum, count))


def stationary_error(spectrum: Spectrum, N_l: object, *, sigma_J: object) -> arb:
    """Eqs. 71, 72, the limit alpha -> infinity of Eq. 10: (1+sigma_J^2)/(2L) sum_{k>N_l} lambda_k.

    For a power law (1+sigma_J^2)/2 (1 - H_{N_l}/H_L) with harmonic numbers of order 1+beta, at a cost independent of L.
    """
    where = _ROOM + "stationary_error"
    return ball(variance_factor(sigma_J, where)) * _rest(spectrum, _directions(spectrum, N_l, where))


def stationary_approximation(spectrum: Spectrum, N_l: object, *, sigma_J: object) -> arb:
    """Eq. 74, power law only: (1+sigma_J^2)/2 lambda_+/(L beta) (N_l^-beta - L^-beta), the integral for the sum."""
    where = _ROOM + "stationary_approximation"
    count, beta = _directions(spectrum, N_l, where), _exponent(spectrum, where)
    width = _power(count, -beta) - _power(spectrum.L, -beta)
    return ball(variance_factor(sigma_J, where)) * spectrum.largest() / (spectrum.L * ball(beta)) * width


def _power(base: int, exponent: Fraction) -> arb:
    return arb(base) ** ball(exponent)


def _rest(spectrum: Spectrum, count: int) -> arb:
    """(1/L) sum_{k>count} lambda_k."""
    if count == spectrum.L:
        return arb(0)
    if spectrum.beta is not None:
        total = spectrum.harmonic(spectrum.L, 1)
        return (total - spectrum.harmonic(count, 1)) / total
    return sum(spectrum.eigenvalues()[count:], arb(0)) / spectrum.L


def _leading(spectrum: Spectrum, count: int, where: str) -> list[arb]:
    if spectrum.beta is None:
        return spectrum.eigenvalues()[:count]
    if count > MAX_LISTED:
        raise ParameterError(where, "N_l", count, f"N_l <= {MAX_LISTED} for a direct sum", "use an asymptotic route")
    largest = spectrum.largest()
    return [largest * _power(k, -(1 + spectrum.beta)) for k in range(1, count + 1)]


def _directions(spectrum: Spectrum, N_l: object, where: str) -> int:
    require_spectrum(spectrum, where)
    count = exact_integer(N_l, "N_l", where)
    if not 1 <= count <= spectrum.L:
        raise ParameterError(
            where, "N_l", N_l, f"1 <= N_l <= L = {spectrum.L} (Eq. 10)", "count distinct trainable eigenvalues"
        )
    return count


def _exponent(spectrum: Spectrum, where: str) -> Fraction:
    if spectrum.beta is None:
        raise ParameterError(
            where, "spectrum", "a list of eigenvalues", "a power law (Eq. 1)", "use the sums of Eqs. 10 and 71"
        )
    return spectrum.beta


__all__ = ["generalisation_error", "stationary_approximation", "stationary_error"]
