"""One eigenvalue seen through a semicircle of noise and a threshold: the ingredients of the sparse matrix problem.

A symmetric matrix Y = S + noise whose noise has the semicircle law of standard deviation nu is shrunk by
y -> (y - theta)_+. In units of nu, with t = theta/nu, an eigenvalue m of S adds h(m; t) to the risk R/nu**2 and
d j(m; t) to the degrees of freedom; the d noise modes add d V(t) and d**2 D2(t). For t < 2 the threshold lies inside
the bulk and

    h = m**2 + (1/2pi) int_0^f (2 cos x - t)**2 [(1-m**2)/q - 1] dx - (4m/pi) int_0^f (2 cos x - t) sin(x)**2/q dx
        + [m > 1] ((y-t)**2 - 2m(y-t)(1 - 1/m**2)),
    j = (m/pi) int_0^f (2 cos x - t)(cos 2x - m cos x)/q dx + [m > 1] (y-t)/m

with q = 1 - 2m cos x + m**2, cos f = t/2, y = m + 1/m. All integrals are elementary in c_k = int_0^f cos(x)**k dx and
T_k = int_0^f cos(x)**k (1-m**2)/q dx; T_0 = 2 atan2((1+m) sin(f/2), (1-m) cos(f/2)) with its branch continued through
m = 1 absorbs the detection terms [m > 1], so that one formula holds for every m. Balls at the working precision.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symsl.errors import InsufficientPrecisionError
from symsl.precision import ball


def bulk_modes(t: arb) -> arb:
    """A0(t) = int_t^2 rho(x) dx, the fraction of noise modes above the threshold (semicircle density rho)."""
    angle = _angle(t)
    return (angle - (2 * angle).sin() / 2) / arb.pi()


def bulk_first_moment(t: arb) -> arb:
    """A1(t) = int_t^2 x rho(x) dx = 4 sin(f)**3/(3 pi)."""
    sine = _angle(t).sin()
    return 4 * sine * sine * sine / (3 * arb.pi())


def bulk_risk(t: arb) -> arb:
    """V(t) = int_t^2 (x-t)**2 rho(x) dx; V(0) = 1/2, V = 0 for t >= 2, 16 e**(7/2)/(105 pi) at e = 2 - t -> 0."""
    return _bulk_second_moment(t) - 2 * t * bulk_first_moment(t) + t * t * bulk_modes(t)


def bulk_slope(t: arb) -> arb:
    """dV/dt = -2 int_t^2 (x-t) rho(x) dx."""
    return 2 * (t * bulk_modes(t) - bulk_first_moment(t))


def bulk_active(t: arb) -> arb:
    """D2(t) = (1/2) int_t^2 x (x-t) rho(x) dx; D2(0) = 1/4, D2 = 0 for t >= 2, 4 e**(5/2)/(15 pi) at e = 2 - t -> 0."""
    return (_bulk_second_moment(t) - t * bulk_first_moment(t)) / 2


def spike_risk(m: arb, t: arb) -> arb:
    """h(m; t). For t >= 2: m**2 up to m_t = (t + sqrt(t**2-4))/2, and t**2 + 2 - 4t/m + 3/m**2 above."""
    if _above_bulk(t):
        return _detected(m, t, m * m, t * t + 2 - 4 * t / m + 3 / (m * m))
    c0, c1, c2, T0, T1, T2 = _integrals(m, t)
    squares = 4 * (T2 - c2) - 4 * t * (T1 - c1) + t * t * (T0 - c0)
    return (
        m * m
        + squares / (2 * arb.pi())
        - 4 * m / arb.pi() * _cross(m, 2 * c2 - t * c1, 2 * c1 - t * c0, 2 * T1 - t * T0)
    )


def spike_slope(m: arb, t: arb) -> arb:
    """dh/dt."""
    if _above_bulk(t):
        return _detected(m, t, arb(0), 2 * t - 4 / m)
    c0, c1, _, T0, T1, _ = _integrals(m, t)
    squares = -4 * (T1 - c1) + 2 * t * (T0 - c0)
    return squares / (2 * arb.pi()) + 4 * m / arb.pi() * _cross(m, c1, c0, T0)


def spike_active(m: arb, t: arb) -> arb:
    """j(m; t). For t >= 2: 0 up to m_t and 1 - t/m + 1/m**2 above."""
    if _above_bulk(t):
        return _detected(m, t, arb(0), 1 - t / m + 1 / (m * m))
    c0, c1, c2, T0, T1, _ = _integrals(m, t)
    inner = (2 * T1 - t * T0 - 2 * c1 + t * c0) / (2 * m) - 2 * c2 + t * c1
    return inner / arb.pi()


def detection_threshold(t: arb) -> arb:
    """m_t = (t + sqrt(t**2 - 4))/2 for t >= 2: the smallest eigenvalue that survives."""
    return (t + (t * t - 4).nonnegative_part().sqrt()) / 2


def power_law_risk(p: Fraction, t: arb) -> arb:
    """H_p(t) for t >= 2: sum_k h(m_k; t) -> (c/nu)**p H_p(t) for m_k = (c/nu) k**(-1/p), by

    H_p = p/(2-p) m_t**(2-p) + (t**2+2) m_t**(-p) - 4tp/(p+1) m_t**(-p-1) + 3p/(p+2) m_t**(-p-2).
    """
    m, q = detection_threshold(t), ball(p)
    tail = p / (2 - p)
    return m ** (-q) * (
        ball(tail) * m * m + t * t + 2 - ball(4 * p / (p + 1)) * t / m + ball(3 * p / (p + 2)) / (m * m)
    )


def power_law_active(p: Fraction, t: arb) -> arb:
    """J_p(t) = m_t**(-p) - tp/(p+1) m_t**(-p-1) + p/(p+2) m_t**(-p-2) for t >= 2: sum_k j -> (c/nu)**p J_p(t)."""
    m, q = detection_threshold(t), ball(p)
    return m ** (-q) * (1 - ball(p / (p + 1)) * t / m + ball(p / (p + 2)) / (m * m))


def _above_bulk(t: arb) -> bool:
    if t >= 2:
        return True
    if not t < 2:
        raise InsufficientPrecisionError("whether t >= 2 is not certain")
    return False


def _angle(t: arb) -> arb:
    """f = arccos(t/2), by an arcsine that keeps its digits as t -> 2."""
    return arb(0) if _above_bulk(t) else 2 * ((2 - t).sqrt() / 2).asin()


def _bulk_second_moment(t: arb) -> arb:
    angle = _angle(t)
    return (angle - (4 * angle).sin() / 4) / arb.pi()


def _detected(m: arb, t: arb, below: arb, above: arb) -> arb:
    least = detection_threshold(t)
    if m <= least:
        return below
    return above if m > least else below.union(above)


def _integrals(m: arb, t: arb) -> tuple[arb, arb, arb, arb, arb, arb]:
    """c_0, c_1, c_2 and T_0, T_1, T_2, by 2m T_{k+1} = (1+m**2) T_k - (1-m**2) c_k."""
    angle = _angle(t)
    sine, half = angle.sin(), angle / 2
    c0, c1, c2 = angle, sine, (angle + sine * t / 2) / 2
    T0 = 2 * arb.atan2((1 + m) * half.sin(), (1 - m) * half.cos())
    square = m * m
    T1 = ((1 + square) * T0 - (1 - square) * c0) / (2 * m)
    T2 = ((1 + square) * T1 - (1 - square) * c1) / (2 * m)
    return c0, c1, c2, T0, T1, T2


def _cross(m: arb, upper: arb, lower: arb, whole: arb) -> arb:
    """int_0^f u(x) sin(x)**2/q dx from int u cos, int u and int u (1-m**2)/q, without a division by 1 - m**2:

    sin(x)**2/q = cos(x)/(2m) + (1+m**2)/(4m**2) - (1-m**2)**2/(4m**2 q).
    """
    square = m * m
    return upper / (2 * m) + ((1 + square) * lower - (1 - square) * whole) / (4 * square)


__all__ = [
    "bulk_active",
    "bulk_first_moment",
    "bulk_modes",
    "bulk_risk",
    "bulk_slope",
    "detection_threshold",
    "power_law_active",
    "power_law_risk",
    "spike_active",
    "spike_risk",
    "spike_slope",
]
