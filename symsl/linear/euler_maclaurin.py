"""Sums over a power-law spectrum at a cost independent of its length, with a rigorous remainder (Eqs. 48-50).

With lambda_k = lambda_+ k**(-q), q = 1 + beta, the sum of lambda_k**order exp(-rate lambda_k) is lambda_+**order times

    S = sum_{k=first}^{last} f(k),    f(x) = x**(-s) exp(-z x**(-q)),    s = order q,    z = rate lambda_+ >= 0.

The first terms are summed, and from a split k_0 on the Euler-Maclaurin formula (Eq. 48) is used with m = 2J:

    sum_{k=k_0}^{b} f(k) = int_{k_0}^{b} f dx + (f(k_0) + f(b))/2
                           + sum_{j=1}^{J} B_{2j}/(2j)! [f^(2j-1)(b) - f^(2j-1)(k_0)] + R_m,
    |R_m| <= 2 zeta(m)/(2 pi)**m int_{k_0}^{b} |f^(m)| dx.

Bound of the integral. Let 0 < theta < 1 with q arcsin(theta) < pi/2. On the disc |w - x| <= theta x, x > 0, f is
analytic, (1 - theta) x <= |w| <= (1 + theta) x and |arg w| <= arcsin(theta). Hence |w**(-s)| <= ((1 - theta) x)**(-s)
and Re w**(-q) = |w|**(-q) cos(q arg w) >= kappa x**(-q), kappa = (1 + theta)**(-q) cos(q arcsin(theta)) >= 0. Cauchy's
estimate on the disc, and x**(-q) >= b**(-q) for x <= b, give

    |f^(m)(x)| <= m! (theta x)**(-m) ((1 - theta) x)**(-s) exp(-kappa z b**(-q)),
    int_{k_0}^{b} |f^(m)| dx <= m! theta**(-m) (1 - theta)**(-s) exp(-kappa z b**(-q)) k_0**(1-s-m)/(s + m - 1).

The bound holds for every theta allowed. theta near m/(m + s + q z b**(-q)) nearly minimises it: wide discs while the
exponential is inactive at b, narrow ones where it drowns everything but the smallest eigenvalues.

Terms that are too small to matter are left out at the lower end: f increases up to x**(-q) z = order, so that
sum_{k=first}^{n} f(k) <= (n + 1 - first) f(n) for any n below that point.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_series, ctx, fmpq

from symsl.errors import InsufficientPrecisionError
from symsl.precision import ball, integer_power, series_of_length

MAX_TERMS = 10**7
_GUARD_BITS = 40
_SHORT = 1000  # up to this many terms, adding them is the fastest way


def power_law_sum(q: Fraction, z: arb, order: int, first: int, last: int, *, split: int | None = None) -> arb:
    """sum_{k=first}^{last} k**(-order q) exp(-z k**(-q)), for q > 1, z >= 0, 1 <= first <= last.

    The ball is about as narrow as the working precision allows, relative to the sum: wider by the bits of z last**(-q)
    where that is large. `split` (first <= split <= last) overrules the choice of k_0; the ball stays right and may be
    wide. Raises `InsufficientPrecisionError` if z is not known well enough to say which terms matter.
    """
    bits = ctx.prec + _GUARD_BITS // 2
    with ctx.workprec(ctx.prec + _GUARD_BITS):
        term = PowerLawTerm(q, z, order)
        if not term.exponent(last).rad() < 1:
            raise InsufficientPrecisionError("exp(-rate lambda_k) is not even known to within a factor e")
        peak = _peak(term, first, last)
        if split is not None:
            floor_log = term.log(peak) - bits * arb(2).log()
            return term.add(first, split - 1) + _tail(term, split, last, _order(term, split, last, floor_log, bits)[0])
        start = _first_relevant(term, first, peak, bits)
        total = arb(0, _dropped(term, first, start))
        k_0, m = _plan(term, start, last, term.log(peak) - bits * arb(2).log(), bits)
        return total + term.add(start, k_0 - 1) + (_tail(term, k_0, last, m) if k_0 <= last else 0)


@dataclass(frozen=True)
class PowerLawTerm:
    """f(x) = x**(-s) exp(-z x**(-q)) with s = order q: values, Taylor coefficients, integral, remainder bound."""

    q: Fraction
    z: arb
    order: int

    @property
    def s(self) -> Fraction:
        """The power of x in front of the exponential."""
        return self.order * self.q

    def exponent(self, k: int) -> arb:
        """z k**(-q)."""
        return self.z * arb(k) ** ball(-self.q)

    def log(self, k: int) -> arb:
        """ln f(k)."""
        return -ball(self.s) * arb(k).log() - self.exponent(k)

    def value(self, k: int) -> arb:
        """f(k)."""
        power = arb(k) ** ball(-self.q)
        return integer_power(power, self.order) * (-self.z * power).exp()

    def add(self, first: int, last: int) -> arb:
        """f(first) + ... + f(last), term by term."""
        if last - first >= MAX_TERMS:
            raise InsufficientPrecisionError(f"{last - first + 1} terms would have to be added one by one")
        power, total = ball(-self.q), arb(0)
        for k in range(first, last + 1):
            shrunk = arb(k) ** power
            total += integer_power(shrunk, self.order) * (-self.z * shrunk).exp()
        return total

    def taylor(self, k: int, length: int) -> list[arb]:
        """The coefficients of y**n, n < length, in f(k + k y): k**n f^(n)(k)/n!."""
        with series_of_length(length):
            change = arb_series([0, *_binomial_series(-self.q, length)[1:]], length)
            weight = arb_series(_binomial_series(-self.s, length), length)
            product = self.value(k) * weight * (-self.exponent(k) * change).exp()
            coefficients = product.coeffs()
        return coefficients + [arb(0)] * (length - len(coefficients))

    def integral(self, low: int, high: int) -> arb:
        """int_low^high f dx, by the substitution t = z x**(-q) (Eqs. 9, 50).

        With c = (s-1)/q it is z**(-c)/q [Gamma(c, z high**(-q)) - Gamma(c, z low**(-q))]. Where the exponential is
        inactive at `high` the entire function t**(-c) gamma(c, t)/Gamma(c) replaces the upper incomplete gammas, whose
        leading parts cancel for small z (and at z = 0 are all there is).
        """
        c = (self.s - 1) / self.q
        index, near, far = ball(c), self.exponent(low), self.exponent(high)
        if far > 1:
            return self.z ** (-index) * (upper_gamma(c, far) - upper_gamma(c, near)) / ball(self.q)
        power = ball(1 - self.s)
        inner, outer = arb(low) ** power, arb(high) ** power
        entire = inner * near.gamma_lower(index, 2) - outer * far.gamma_lower(index, 2)
        return index.gamma() * entire / ball(self.q)

    def log_remainder(self, low: int, high: int, m: int) -> arb:
        """ln of the bound on |R_m| for the sum from `low` to `high`, m even (proof in the module's docstring)."""
        q, s, far = ball(self.q), ball(self.s), self.exponent(high)
        widest = (arb.pi() / (2 * q)).sin() * 99 / 100
        theta = (m / (m + s + q * far)).min(widest).mid()
        angle = q * theta.asin()
        if not (0 < theta < 1 and angle < arb.pi() / 2):
            raise InsufficientPrecisionError("no admissible disc for the remainder of the Euler-Maclaurin formula")
        kappa = (1 + theta) ** (-q) * angle.cos()
        discs = arb(m + 1).lgamma() - m * theta.log() - s * (1 - theta).log() - kappa * far
        power = (1 - s - m) * arb(low).log() - (s + m - 1).log()
        return (arb.pi() ** 2 / 3).log() - m * (2 * arb.pi()).log() + discs + power  # zeta(m) <= zeta(2) = pi**2/6


def _tail(term: PowerLawTerm, low: int, high: int, m: int) -> arb:
    """sum_{k=low}^{high} f(k) by the Euler-Maclaurin formula of order m, remainder included."""
    near, far = term.taylor(low, m), term.taylor(high, m)
    total = term.integral(low, high) + (near[0] + far[0]) / 2
    for n in range(1, m, 2):  # B_{n+1}/(n+1)! f^(n) = B_{n+1}/(n+1) (Taylor coefficient of order n)
        difference = far[n] / arb(high**n) - near[n] / arb(low**n)
        total += arb(fmpq.bernoulli(n + 1)) / (n + 1) * difference
    return total + arb(0, term.log_remainder(low, high, m).exp())


def _peak(term: PowerLawTerm, first: int, last: int) -> int:
    """The index in first..last with the largest f, or one next to it: the maximum lies at z x**(-q) = order."""
    if term.order == 0 or term.exponent(last) >= term.order:
        return last
    if not term.exponent(first) > term.order:
        return first
    below = min(last - 1, max(first, _whole_part((term.z / term.order) ** ball(1 / term.q))))
    return below if term.log(below) > term.log(below + 1) else below + 1


def _first_relevant(term: PowerLawTerm, first: int, peak: int, bits: int) -> int:
    """The least index whose predecessors together stay below 2**-bits f(peak) (decided on midpoints)."""
    goal = term.log(peak).mid() - bits * arb(2).log()

    def matters(k: int) -> bool:
        return bool((term.log(k) + arb(k).log()).mid() >= goal)

    if matters(first):
        return first
    negligible, relevant = first, peak
    while relevant - negligible > 1:
        middle = (negligible + relevant) // 2
        negligible, relevant = (negligible, middle) if matters(middle) else (middle, relevant)
    return relevant


def _dropped(term: PowerLawTerm, first: int, start: int) -> arb:
    """A bound on f(first) + ... + f(start - 1), where f increases."""
    if start == first:
        return arb(0)
    if not term.exponent(start - 1) >= term.order:
        raise InsufficientPrecisionError("it is not decided which terms of the sum are negligible")
    return (start - first) * term.value(start - 1)


def _plan(term: PowerLawTerm, start: int, last: int, goal: arb, bits: int) -> tuple[int, int]:
    """A split k_0 >= start and an order m that bring the remainder below exp(goal); k_0 = last + 1: add all terms.

    An order above a quarter of the bits costs more than a later split, and its Taylor coefficients lose digits.
    """
    k_0 = max(start, bits // 3)
    while last - start > _SHORT and k_0 < last:
        m, reached = _order(term, k_0, last, goal, max(8, bits // 4))
        if reached:
            return k_0, m
        k_0 = 2 * k_0 - start + bits // 4
    return last + 1, 2


def _order(term: PowerLawTerm, k_0: int, last: int, goal: arb, most: int) -> tuple[int, bool]:
    """The least order (nearly) that brings the remainder below exp(goal), else the best up to `most`; did it?"""
    low_precision = 64 + max(0, _whole_part(term.exponent(last)).bit_length())
    with ctx.workprec(min(ctx.prec, low_precision)):
        best, m = term.log_remainder(k_0, last, 2), 2
        while not best < goal:
            following = m + 2 + m // 64 * 2
            bound = term.log_remainder(k_0, last, following)
            if following > most or not bound < best:
                return m, False
            best, m = bound, following
    return m, True


def upper_gamma(c: Fraction, t: arb) -> arb:
    """Gamma(c, t) for t > 0, to nearly full relative precision.

    Arb's own function loses bits, or falls back on slow numerical integration, unless t is large enough for the
    asymptotic series; below that the lower function is subtracted from Gamma(c) with as many bits more as cancel. The
    derivative in t, -t**(c-1) exp(-t), carries the error of t.
    """
    middle, spread = t.mid(), t.rad()
    if middle > ctx.prec:
        value = middle.gamma_upper(ball(c))
    else:
        with ctx.workprec(ctx.prec + 3 * _whole_part(middle) // 2 + _GUARD_BITS):
            index = ball(c)
            value = index.gamma() * (1 - middle**index * middle.gamma_lower(index, 2))
    if not t > 0:
        raise InsufficientPrecisionError("the argument of an incomplete gamma function is not certainly positive")
    return value + arb(0, spread * t ** (ball(c) - 1) * (-t).exp())


def _binomial_series(power: Fraction, length: int) -> list[arb]:
    """The coefficients of (1 + y)**power."""
    coefficients, exponent = [arb(1)], ball(power)
    for n in range(1, length):
        coefficients.append(coefficients[-1] * (exponent - (n - 1)) / n)
    return coefficients


def _whole_part(value: arb) -> int:
    """The integer part of the midpoint, however large."""
    man, exp = value.mid().man_exp()
    return int(man) << int(exp) if exp >= 0 else int(man) >> -int(exp)
