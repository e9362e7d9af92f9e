"""What a linear student learns to first order in the learning rate (Eqs. 7, 8, 10, 46, 47, 78).

Averages over the teacher (variance 1) and the initial student (variance sigma_J**2); any spectrum. Each function reads
the precision from `flint.ctx`, so that it can be wrapped in `symsl.precision.certify_all`. Time is alpha = examples per
input dimension; all quantities are dimensionless.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from flint import arb, ctx

from symsl.arguments import learning_rate, many_times, standard_deviation
from symsl.errors import ParameterError
from symsl.linear.exponential_sum import check_route, weighted_exponential_sum
from symsl.precision import ball, exact_integer
from symsl.spectrum import Spectrum

_GUARD_BITS = 16


def eps_g(
    spectrum: Spectrum,
    eta: object,
    sigma_J: object,
    alpha: Iterable[object],
    *,
    N_l: object = None,
    route: str | None = None,
) -> list[arb]:
    """The generalisation error at each time alpha, to first order in eta.

    Eq. 8: eps_g = (1 + sigma_J**2)/(2L) sum_{k<=L} lambda_k exp(-2 eta lambda_k alpha); with only the first N_l
    eigendirections trainable, Eqs. 10, 78: the sum runs to N_l, and sum_{k>N_l} lambda_k is added. Routes "sum" and
    "asymptotic" as in `weighted_exponential_sum`; `ParameterError` unless eta > 0, sigma_J >= 0, alpha >= 0 and
    0 <= N_l <= L.

    >>> spectrum = Spectrum.power_law(L="10^12", beta="1/2")
    >>> with ctx.workdps(30):
    ...     print(eps_g(spectrum, "1/100", "1/100", ["1e6"])[0].str(20, radius=False))
    1.3524409326207345814e-6
    """
    where = "eps_g"
    rate, spread, times = parameters(eta, sigma_J, alpha, where)
    chosen = check_route(route, spectrum, where)
    trainable = trainable_directions(N_l, spectrum, where)
    with ctx.workprec(ctx.prec + _GUARD_BITS):
        prefactor = ball((1 + spread**2) / (2 * spectrum.L))
        frozen = weighted_exponential_sum(spectrum, arb(0), first=trainable + 1, route=chosen)
        learned = [
            weighted_exponential_sum(spectrum, ball(2 * rate * time), last=trainable, route=chosen) for time in times
        ]
        return [prefactor * (value + frozen) for value in learned]


def order_parameters(
    spectrum: Spectrum,
    eta: object,
    sigma_J: object,
    alpha: Iterable[object],
    *,
    order: int = 1,
    route: str | None = None,
) -> list[tuple[arb, arb]]:
    """(R^(l), Q^(l)) at each time alpha, l = `order` >= 0, to first order in eta (Eqs. 7, 46, 47).

    R^(l) = (1/L) sum_k lambda_k**l (1 - exp(-x_k)) and
    Q^(l) = (1/L) sum_k lambda_k**l [(1 - exp(-x_k))**2 + sigma_J**2 exp(-2 x_k)], x_k = eta lambda_k alpha,
    so that (Q^(1) - 2 R^(1) + T^(1))/2 = eps_g of Eq. 8 with T^(l) = u_l.
    """
    where = "order_parameters"
    rate, spread, times = parameters(eta, sigma_J, alpha, where)
    chosen = check_route(route, spectrum, where)

    def mean(decay: Fraction) -> arb:
        """(1/L) sum_k lambda_k**l exp(-decay lambda_k)."""
        return weighted_exponential_sum(spectrum, ball(decay), order, route=chosen) / spectrum.L

    with ctx.workprec(ctx.prec + _GUARD_BITS):
        teacher, growth = mean(Fraction(0)), ball(1 + spread**2)
        pairs = []
        for time in times:
            if time == 0:
                pairs.append((arb(0), ball(spread**2) * teacher))
                continue
            overlap, distance = mean(rate * time), growth * mean(2 * rate * time)
            pairs.append((teacher - overlap, distance + teacher - 2 * overlap))
        return pairs


def parameters(
    eta: object, sigma_J: object, alpha: Iterable[object], where: str
) -> tuple[Fraction, Fraction, list[Fraction]]:
    """eta > 0, sigma_J >= 0 and the times alpha >= 0 as exact numbers; `ParameterError` otherwise."""
    return learning_rate(eta, where), standard_deviation(sigma_J, where), many_times(alpha, where)


def trainable_directions(N_l: object, spectrum: Spectrum, where: str) -> int:
    """0 <= N_l <= L as an integer; None means all L directions."""
    count = spectrum.L if N_l is None else exact_integer(N_l, "N_l", where)
    if not 0 <= count <= spectrum.L:
        raise ParameterError(
            where, "N_l", N_l, f"0 <= N_l <= L = {spectrum.L} (Eq. 10)", "count distinct eigendirections"
        )
    return count


__all__ = ["eps_g", "order_parameters", "parameters", "trainable_directions"]
