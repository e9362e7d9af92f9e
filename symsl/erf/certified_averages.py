"""The Gaussian averages of Eqs. 89-91 as balls from exact covariances: by the formulas, and by certified quadrature.

The quadratures do not use the formulas. With g(x) = erf(x/sqrt 2), g' = sqrt(2/pi) e^(-x^2/2) and Gaussian variables
z_1 .. z_4 of zero mean and covariance C they rest on E[g(m + s z)] = g(m/sqrt(1 + s^2)) and
E[g'(m + s z)] = g'(m/sqrt(1 + s^2))/sqrt(1 + s^2) for one standard normal z (used given z_1) and, for Eq. 91, on
dE[f]/dC_ab = E[d_a d_b f] along the path that couples z_3 to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from flint import acb, arb, ctx, fmpq_mat

from symsl.erf.exact_matrices import is_positive_semidefinite, rational
from symsl.erf.gaussian_averages import four_point_average, three_point_average, two_point_average
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball

Covariances = Mapping[str, Fraction]
"""Exact entries by name: {"C11": .., "C12": .., ...}, the upper triangle."""


def two_point(C: Covariances) -> arb:
    """Eq. 89."""
    _require_covariance(C, 2, "89")
    value: arb = two_point_average(*(ball(C[name]) for name in ("C11", "C12", "C22")))
    return value


def three_point(C: Covariances) -> arb:
    """Eq. 90; C22 does not occur, and the others must be those of some variables."""
    _require_covariance(_with_large_second(C), 3, "90")
    value: arb = three_point_average(*(ball(C[name]) for name in ("C11", "C12", "C13", "C23", "C33")))
    return value


def four_point(C: Covariances) -> arb:
    """Eq. 91."""
    _require_covariance(C, 4, "91")
    value: arb = four_point_average(*(ball(C[f"C{a}{b}"]) for a in range(1, 5) for b in range(a, 5)))
    return value


def two_point_by_quadrature(C: Covariances) -> arb:
    """E[g(z_1) g(slope z_1/sqrt(1 + s^2))], the average over z_2 given z_1 done, slope = C12/C11."""
    _require_covariance(C, 2, "89")
    if C["C12"] == 0:
        return arb(0)
    slope, rest = _given_first(C, "C12", "C22")
    inner = ball(slope) / ball(1 + rest).sqrt() * ball(C["C11"]).sqrt()
    outer = ball(C["C11"]).sqrt()
    half = 1 / arb(2).sqrt()

    def integrand(z: acb, _: bool) -> acb:
        return (half * outer * z).erf() * (half * inner * z).erf() * (-z * z / 2).exp()

    return _even_integral(integrand, arb(1))


def three_point_by_quadrature(C: Covariances) -> arb:
    """E[g'(z_1) E[z_2 g(z_3) | z_1]]: both are linear in z_1 plus Gaussians of covariance c = C23 - C12 C13/C11."""
    _require_covariance(_with_large_second(C), 3, "90")
    slope, rest = _given_first(C, "C13", "C33")
    second, _ = _given_first(C, "C12", "C12")
    c = ball(C["C23"] - second * C["C13"])
    width = 1 / ball(1 + rest).sqrt()
    C11, half = ball(C["C11"]), 1 / arb(2).sqrt()
    root, tilt = C11.sqrt(), ball(slope) * width
    height = (2 / arb.pi()).sqrt()

    def integrand(z: acb, _: bool) -> acb:
        u = root * z
        linear = ball(second) * u * (half * tilt * u).erf()
        constant = c * width * height * (-(tilt * tilt) * u * u / 2).exp()
        return height * (linear + constant) * (-(1 + C11) * z * z / 2).exp()

    return _even_integral(integrand, height * (abs(ball(second)) * root + abs(c) * height))


def four_point_by_quadrature(C: Covariances) -> arb:
    """The integral over t of dE/dt, where C13, C23, C34 are multiplied by t = 0 .. 1.

    E vanishes at t = 0, where z_3 is independent of the rest, because g is odd. On the way
    dE/dt = C34 E[g' g' g' g'] + sum_{b=1,2} C3b E[.. g''(z_b) .. g'(z_3) g(z_4)], and with factors e^(-z^2/2) an
    average is one of another Gaussian (1 added to the inverse covariance of these variables).
    """
    _require_covariance(C, 4, "91")
    entry = {(a, b): ball(C[f"C{min(a, b)}{max(a, b)}"]) for a in range(1, 5) for b in range(1, 5)}

    def rate(t: acb, analytic: bool) -> acb:
        def c(a: int, b: int) -> acb:
            scaled = t if (a == 3) != (b == 3) else acb(1)
            return scaled * entry[a, b] + (1 if a == b else 0)

        three = _determinant(c, (1, 2, 3), (1, 2, 3))
        four = _determinant(c, (1, 2, 3, 4), (1, 2, 3, 4))
        total = entry[3, 4] / four.sqrt(analytic=analytic)
        for b in (1, 2):
            # tilted covariance of z_b and z_4: the solution x_b of (1 + C_123) x = C_123,4
            swapped = tuple(4 if a == b else a for a in (1, 2, 3))
            pair = _determinant(c, (1, 2, 3), swapped)
            # sqrt(three) * sqrt(1 + tilted variance of z_4) = sqrt(det of all four)
            total = total - entry[b, 3] * pair / (three * four.sqrt(analytic=analytic))
        return total

    value = acb.integral(rate, acb(0), acb(1)).real * 4 / (arb.pi() * arb.pi())
    return _finite(value)


def _determinant(c: Callable[[int, int], acb], rows: tuple[int, ...], columns: tuple[int, ...]) -> acb:
    """A minor of 1 + C, by expansion along the first row."""
    if len(rows) == 1:
        return c(rows[0], columns[0])
    total = acb(0)
    for position, column in enumerate(columns):
        rest = columns[:position] + columns[position + 1 :]
        total = total + (-1) ** position * c(rows[0], column) * _determinant(c, rows[1:], rest)
    return total


def _even_integral(integrand: Callable[[acb, bool], acb], bound: arb) -> arb:
    """E over z ~ N(0, 1) of an even f, from `integrand` = f(z) e^(-z^2/2) and |f(z)| <= bound max(1, |z|)."""
    limit = (arb(2).log() * 2 * (ctx.prec + 20)).sqrt().ceil()
    inside = acb.integral(integrand, acb(0), acb(limit)).real
    tail = bound * (-limit * limit / 2).exp()  # int_limit^inf max(1, z) e^(-z^2/2) for limit >= 1
    return _finite((inside + tail * arb(0, 1)) * (2 / arb.pi()).sqrt())


def _finite(value: arb) -> arb:
    if not value.is_finite():
        raise InsufficientPrecisionError("the quadrature did not converge")
    return value


def _given_first(C: Covariances, cross: str, own: str) -> tuple[Fraction, Fraction]:
    """Regression on z_1: slope C1a/C11 and the variance left (slope 0 where z_1 vanishes)."""
    slope = C[cross] / C["C11"] if C["C11"] else Fraction(0)
    return slope, C[own] - slope * C[cross]


def _with_large_second(C: Covariances) -> dict[str, Fraction]:
    """C with a C22 that is large enough if any is."""
    _, rest = _given_first(C, "C13", "C33")
    second, _ = _given_first(C, "C12", "C12")
    c = C["C23"] - second * C["C13"]
    return dict(C) | {"C22": second * C["C12"] + (c * c / rest if rest else 0)}


def _require_covariance(C: Covariances, size: int, equation: str) -> None:
    indices = range(1, size + 1)
    matrix = fmpq_mat([[rational(C[f"C{min(a, b)}{max(a, b)}"]) for b in indices] for a in indices])
    if not is_positive_semidefinite(matrix):
        names = [f"C{a}{b}" for a in indices for b in range(a, size + 1) if not (equation == "90" and a == b == 2)]
        raise ParameterError(
            f"equation {equation}",
            ", ".join(names),
            ", ".join(str(C[name]) for name in names),
            f"a covariance matrix, positive semidefinite (Eq. {equation})",
            "take the covariances of some variables, for example C_ab^2 <= C_aa C_bb",
        )
