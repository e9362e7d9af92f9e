"""How good are the scaling laws in time, and what exponent does one see? (Eqs. 9, 48-53, 79; power laws only.)

Each approximation of the small-learning-rate error is evaluated in balls at the working precision of `flint.ctx`;
`distance` encloses what it misses, with certainty. Notation: q = 1 + beta, p = beta/q, z = 2 eta lambda_+ alpha,
f(x) = (lambda_+/L) x**(-q) exp(-z x**(-q)), so that Eq. 8 is (1 + sigma_J**2)/2 sum_{k<=L} f(k).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from flint import arb, ctx, fmpq

from symsl.arguments import learning_rate, one_of, one_time, require_balls
from symsl.errors import InsufficientPrecisionError, ParameterError, UsageError
from symsl.linear.euler_maclaurin import PowerLawTerm, upper_gamma
from symsl.linear.exponential_sum import check_route, weighted_exponential_sum
from symsl.linear.small_learning_rate import eps_g, parameters, trainable_directions
from symsl.precision import ball, exact_integer
from symsl.spectrum import Spectrum, require_spectrum


def scaling_window(spectrum: Spectrum, eta: object) -> tuple[arb, arb]:
    """The times (1/(2 eta lambda_+), L**(1+beta)/(2 eta lambda_+)) between which eps_g scales (Eqs. 52, 53).

    They are 1/(2 eta lambda_1) and 1/(2 eta lambda_L): the first direction has begun to be learned, the last has not.
    """
    where = "scaling_window"
    beta, rate = _exponent(spectrum, where), learning_rate(eta, where)
    opening = 1 / (ball(2 * rate) * spectrum.largest())
    return opening, opening * arb(spectrum.L) ** ball(1 + beta)


def approximation(
    kind: str, spectrum: Spectrum, eta: object, sigma_J: object, alpha: Iterable[object], *, N_l: object = None
) -> list[arb]:
    """An approximation of Eq. 8 (of Eq. 10 with `N_l`) at each time, without the prefactor (1 + sigma_J**2)/2:

    "integral"    int_1^L f dx = lambda_+/(L q) z**(-p) [Gamma(p, z L**(-q)) - Gamma(p, z)]           (Eqs. 9, 50);
                  with N_l, int_1^{N_l} f dx + lambda_+/(L beta) (N_l**(-beta) - L**(-beta))          (Eqs. 11, 79)
    "corrected"   "integral" + (f(1) + f(L))/2                                                           (Eq. 49)
    "one gamma"   lambda_+/(L q) z**(-p) Gamma(p, z L**(-q)), for z >> 1                                 (Eq. 52)
    "offset"      lambda_+/(L q) [z**(-p) Gamma(p) - L**(-beta)/p], for 1 << z << L**q              (Eqs. 51, 53)
    "power law"   lambda_+/(L q) z**(-p) Gamma(p), the leading part of "offset"                          (Eq. 53)

    The last three have no value at alpha = 0 (`ParameterError`); `N_l` goes with "integral" only (`UsageError`).
    """
    where = "approximation"
    beta, (rate, spread, times) = _exponent(spectrum, where), parameters(eta, sigma_J, alpha, where)
    one_of(kind, _KINDS, "kind", where)
    if N_l is not None and kind != "integral":
        raise UsageError(f"{where}: N_l goes with kind 'integral' (Eq. 79), not with {kind!r}")
    upper = trainable_directions(N_l, spectrum, where)
    if upper == 0:
        raise ParameterError(where, "N_l", N_l, "N_l >= 1 (Eq. 79)", "the integrals start at k = 1")
    largest, scale = spectrum.largest(), ball((1 + spread**2) / (2 * spectrum.L))
    frozen = PowerLawTerm(1 + beta, arb(0), 1).integral(upper, spectrum.L) if upper < spectrum.L else arb(0)
    values = []
    for time in times:
        if time == 0 and kind not in _DEFINED_AT_START:
            raise ParameterError(where, "alpha", 0, f"alpha > 0 for {kind!r} (Eqs. 52, 53)", "start later")
        term = PowerLawTerm(1 + beta, ball(2 * rate * time) * largest, 1)
        values.append(scale * largest * (_KINDS[kind](term, upper) + frozen))
    return values


def distance(
    kind: str,
    spectrum: Spectrum,
    eta: object,
    sigma_J: object,
    alpha: Iterable[object],
    *,
    N_l: object = None,
    route: str | None = None,
) -> list[arb]:
    """`approximation` minus the sum it approximates (Eq. 8, or Eq. 10 with N_l), at each time, as enclosures.

    Both are evaluated with error bounds, so that each ball certainly holds the difference; where the two agree to
    nearly all bits, wrap it in `certify_all` to get digits of what remains.
    """
    times = list(parameters(eta, sigma_J, alpha, "distance")[2])
    approximate = approximation(kind, spectrum, eta, sigma_J, times, N_l=N_l)
    exact_sums = eps_g(spectrum, eta, sigma_J, times, N_l=N_l, route=route)
    return [value - target for value, target in zip(approximate, exact_sums, strict=True)]


def integral_distance_bound(spectrum: Spectrum, eta: object, sigma_J: object, alpha: Iterable[object]) -> list[arb]:
    """(1 + sigma_J**2)/2 max_{1<=x<=L} f(x): what Eqs. 9 and 50 can be off from Eq. 8 at most, without any sum.

    f rises up to x**q = z and falls beyond. For a function with one maximum on [1, L], the sum over the rise and the
    sum over the fall each differ from their integral by the end terms only, and what is left at the top is between
    minus and plus the maximum: |sum f - int f| <= max f = (lambda_+/L) y exp(-z y), y = 1/z confined to [L**(-q), 1].
    """
    where = "integral_distance_bound"
    beta, (rate, spread, times) = _exponent(spectrum, where), parameters(eta, sigma_J, alpha, where)
    largest, scale = spectrum.largest(), ball((1 + spread**2) / (2 * spectrum.L))
    smallest, bounds = arb(spectrum.L) ** ball(-1 - beta), []
    for time in times:
        z = ball(2 * rate * time) * largest
        y = (1 / z.max(arb(1))).max(smallest)
        bounds.append(scale * largest * y * (-z * y).exp())
    return bounds


def correction_terms(
    spectrum: Spectrum, eta: object, sigma_J: object, alpha: object, count: object, *, start: object = 1
) -> list[arb]:
    """The first `count` Euler-Maclaurin corrections to the integral from `start` = k_0 to L at one time (Eqs. 48, 49).

    Entry 0 is (1 + sigma_J**2)/2 (f(k_0) + f(L))/2 and entry j (1 + sigma_J**2)/2 B_{2j}/(2j)! (f^(2j-1)(L) -
    f^(2j-1)(k_0)). From k_0 = 1 they shrink at first and then grow: the expansion is asymptotic.
    """
    where = "correction_terms"
    beta, (rate, spread, (time,)) = _exponent(spectrum, where), parameters(eta, sigma_J, [alpha], where)
    length, k_0 = exact_integer(count, "count", where), exact_integer(start, "start", where)
    if not 1 <= length <= _MOST_TERMS:
        raise ParameterError(where, "count", count, f"1 <= count <= {_MOST_TERMS} (Eq. 48)", "ask for a few terms")
    if not 1 <= k_0 <= spectrum.L:
        raise ParameterError(where, "start", start, f"1 <= start <= L = {spectrum.L} (Eq. 48)", "choose a split")
    largest = spectrum.largest()
    term = PowerLawTerm(1 + beta, ball(2 * rate * time) * largest, 1)
    scale = ball((1 + spread**2) / (2 * spectrum.L)) * largest
    near, far = term.taylor(k_0, 2 * length), term.taylor(spectrum.L, 2 * length)
    terms = [scale * (near[0] + far[0]) / 2]
    for n in range(1, 2 * length - 2, 2):
        change = far[n] / arb(spectrum.L**n) - near[n] / arb(k_0**n)
        terms.append(scale * arb(fmpq.bernoulli(n + 1)) / (n + 1) * change)
    return terms


def local_exponent(
    spectrum: Spectrum, eta: object, alpha: Iterable[object], *, N_l: object = None, route: str | None = None
) -> list[arb]:
    """d ln eps_g / d ln alpha of Eq. 8 (of Eq. 10 with `N_l`) at each time, any spectrum; -p where eps_g scales.

    -2 eta alpha sum_{k<=N_l} lambda_k**2 exp(-x_k) / [sum_{k<=N_l} lambda_k exp(-x_k) + sum_{k>N_l} lambda_k], with
    x_k = 2 eta lambda_k alpha; the prefactor, and with it sigma_J, drops out.
    """
    where = "local_exponent"
    rate, _, times = parameters(eta, 0, alpha, where)
    chosen = check_route(route, spectrum, where)
    last = trainable_directions(N_l, spectrum, where)
    with ctx.workprec(ctx.prec + 16):
        frozen = weighted_exponential_sum(spectrum, arb(0), first=last + 1, route=chosen)
        exponents = []
        for time in times:
            decay = ball(2 * rate * time)
            slope = weighted_exponential_sum(spectrum, decay, 2, last=last, route=chosen)
            level = weighted_exponential_sum(spectrum, decay, 1, last=last, route=chosen)
            exponents.append(-decay * slope / (level + frozen))
        return exponents


def local_exponent_of_sum(weights: Sequence[arb], rates: Sequence[arb], alpha: object) -> arb:
    """d ln S / d ln alpha = -alpha sum_k c_k a_k exp(-a_k alpha)/S for S(alpha) = sum_k c_k exp(-a_k alpha).

    `weights` are the c_k, `rates` the a_k (as many), balls: Eqs. 6, 17 and every other sum of exponentials.
    """
    where = "local_exponent_of_sum"
    amplitudes, decays = require_balls(weights, "weights", where), require_balls(rates, "rates", where)
    if len(amplitudes) != len(decays) or not amplitudes:
        counts = f"{len(amplitudes)} weights for {len(decays)} rates"
        raise UsageError(f"{where}: {counts}; each exponential has one of both")
    moment, level, slope = ball(one_time(alpha, where)), arb(0), arb(0)
    for weight, rate in zip(amplitudes, decays, strict=True):
        part = weight * (-rate * moment).exp()
        level, slope = level + part, slope + rate * part
    exponent = -moment * slope / level
    if not exponent.is_finite():
        raise InsufficientPrecisionError(f"{where}: the sum is not told from 0 at this precision")
    return exponent


def _integral(term: PowerLawTerm, upper: int) -> arb:
    return term.integral(1, upper)


def _corrected(term: PowerLawTerm, upper: int) -> arb:
    return term.integral(1, upper) + (term.value(1) + term.value(upper)) / 2


def _one_gamma(term: PowerLawTerm, upper: int) -> arb:
    return _power_law_amplitude(term) * upper_gamma(_p(term), term.exponent(upper))


def _offset(term: PowerLawTerm, upper: int) -> arb:
    return _power_law(term, upper) - arb(upper) ** ball(1 - term.q) / ball(term.q - 1)


def _power_law(term: PowerLawTerm, _: int) -> arb:
    return _power_law_amplitude(term) * ball(_p(term)).gamma()


def _power_law_amplitude(term: PowerLawTerm) -> arb:
    """z**(-p)/q."""
    return term.z ** ball(-_p(term)) / ball(term.q)


def _p(term: PowerLawTerm) -> Fraction:
    """p = beta/(1 + beta)."""
    return 1 - 1 / term.q


def _exponent(spectrum: Spectrum, where: str) -> Fraction:
    beta = require_spectrum(spectrum, where).beta
    if beta is None:
        raise UsageError(f"{where}: needs a power law (Eq. 1): build the spectrum with Spectrum.power_law")
    return beta


_KINDS: dict[str, Callable[[PowerLawTerm, int], arb]] = {
    "integral": _integral,
    "corrected": _corrected,
    "one gamma": _one_gamma,
    "offset": _offset,
    "power law": _power_law,
}
_MOST_TERMS = 10_000
_DEFINED_AT_START = ("integral", "corrected")

__all__ = [
    "approximation",
    "correction_terms",
    "distance",
    "integral_distance_bound",
    "local_exponent",
    "local_exponent_of_sum",
    "scaling_window",
]
