"""The sum behind every learning curve to first order in the learning rate: sum_k lambda_k**order exp(-rate lambda_k).

Eqs. 8 and 10 have rate = 2 eta alpha, Eq. 7 rate = eta alpha; the late phase of the erf network with equal modes
(Eq. 17) has two, (4 eta/(pi M)) h_+ alpha and (4 eta/(pi M)) h_- alpha; derivatives in time raise the order.
"""

from __future__ import annotations

from flint import arb, ctx

from symsl.arguments import one_of
from symsl.errors import InsufficientPrecisionError, ParameterError, UsageError
from symsl.linear.euler_maclaurin import power_law_sum
from symsl.precision import exact_integer, integer_power
from symsl.spectrum import Spectrum, require_spectrum

ROUTES = ("sum", "asymptotic")
_GUARD_BITS = 16
_SHORT = 1000
_HIGHEST_ORDER = 10_000


def preferred_route(spectrum: Spectrum) -> str:
    """The name of the faster route: "asymptotic" for a power law of more than a thousand eigenvalues, else "sum"."""
    return "asymptotic" if spectrum.beta is not None and spectrum.L > _SHORT else "sum"


def weighted_exponential_sum(
    spectrum: Spectrum,
    rate: arb,
    order: int = 1,
    *,
    first: int = 1,
    last: int | None = None,
    route: str | None = None,
) -> arb:
    """sum_{k=first}^{last} lambda_k**order exp(-rate lambda_k), indices from 1 to L (`last` None means L).

    Not divided by L. `rate` is a ball >= 0 and carries its own error; `order` >= 0. Routes: "sum" adds all terms (any
    spectrum, L up to 10**7); "asymptotic" is the Euler-Maclaurin formula with its remainder (power laws only, any L);
    None takes `preferred_route`. An empty range (last = first - 1) gives 0. Precision is that of `flint.ctx`; raises
    `InsufficientPrecisionError` where it does not suffice at all.

    >>> with ctx.workdps(15):
    ...     print(weighted_exponential_sum(Spectrum.power_law(10**12, "1/2"), arb(1)).str(10, radius=False))
    93390411.36
    """
    where = "weighted_exponential_sum"
    route = check_route(route, spectrum, where)
    stop = spectrum.L if last is None else exact_integer(last, "last", where)
    start, power = exact_integer(first, "first", where), exact_integer(order, "order", where)
    if not 1 <= start <= stop + 1 <= spectrum.L + 1:
        raise ParameterError(
            where, "first, last", (first, last), f"1 <= first <= last + 1 <= {spectrum.L + 1}", "count from 1 to L"
        )
    if not isinstance(rate, arb):
        raise ParameterError(where, "rate", rate, "a ball", "write arb(...), or ball(...) of an exact number")
    if not 0 <= power <= _HIGHEST_ORDER:
        raise ParameterError(where, "order", order, f"0 <= order <= {_HIGHEST_ORDER}", "use a low order")
    if rate < 0:
        raise ParameterError(where, "rate", rate.str(5), "rate >= 0", "a learning curve decays: pass a positive time")
    if not rate >= 0:
        raise InsufficientPrecisionError(f"{where}: the sign of the rate is not decided")
    if start > stop:
        return arb(0)
    if route == "sum":
        return _add_all(spectrum, rate, power, start, stop)
    assert spectrum.beta is not None
    with ctx.workprec(ctx.prec + _GUARD_BITS):
        largest = spectrum.largest()
        prefactor = integer_power(largest, power)
        return prefactor * power_law_sum(1 + spectrum.beta, rate * largest, power, start, stop)


def check_route(route: str | None, spectrum: Spectrum, where: str) -> str:
    """The route by name, by `preferred_route` if None, for what must be a spectrum; an error where there is none."""
    require_spectrum(spectrum, where)
    chosen = preferred_route(spectrum) if route is None else one_of(route, ROUTES, "route", where)
    if chosen == "asymptotic" and spectrum.beta is None:
        raise UsageError(f"{where}: route 'asymptotic' needs a power law (Eq. 1); listed eigenvalues have route 'sum'")
    return chosen


def _add_all(spectrum: Spectrum, rate: arb, order: int, first: int, last: int) -> arb:
    with ctx.workprec(ctx.prec + (last - first).bit_length() + 4):  # the roundings of all terms add up
        total = arb(0)
        for value in spectrum.eigenvalues()[first - 1 : last]:
            total += integer_power(value, order) * (-rate * value).exp()
        return total


__all__ = ["ROUTES", "check_route", "preferred_route", "weighted_exponential_sum"]
