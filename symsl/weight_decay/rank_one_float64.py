"""The functions of `rank_one` in double precision, vectorised over the eigenvalues m.

Integrals over the angle are done by Gauss-Legendre quadrature where the closed forms cancel: for the bulk (which
vanishes like (2-t)**(7/2)), for |m| < 1/2 and for |m| > 2; elsewhere h and j follow from the elementary integrals.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)


def bulk_risk(t: float) -> float:
    """V(t)."""
    _, above, measure = _bulk(t)
    return float(measure @ above**2)


def bulk_slope(t: float) -> float:
    """dV/dt."""
    _, above, measure = _bulk(t)
    return -2 * float(measure @ above)


def bulk_active(t: float) -> float:
    """D2(t)."""
    x, above, measure = _bulk(t)
    return float(measure @ (x * above)) / 2


def bulk_modes(t: float) -> float:
    """A0(t)."""
    return float(_bulk(t)[2].sum())


def spike_risk(m: Floats, t: float) -> Floats:
    """h(m; t)."""
    if t >= 2:
        return np.where(m > _detection(t), _outlier_risk(m, t), m * m)
    return np.where(m > 1, _outlier_risk(m, t), m * m) + _inside(m, t)[0]


def mirrored_risk(m: Floats, t: float) -> Floats:
    """h(-m; t) - m**2 for m >= 0: what the signed network adds at the other edge."""
    return _inside(-m, t)[0] if t < 2 else np.zeros_like(m)


def spike_slope(m: Floats, t: float) -> Floats:
    """dh/dt."""
    if t >= 2:
        return np.where(m > _detection(t), _outlier_slope(m, t), 0.0)
    return np.where(m > 1, _outlier_slope(m, t), 0.0) + _inside(m, t)[1]


def spike_active(m: Floats, t: float) -> Floats:
    """j(m; t)."""
    if t >= 2:
        return np.where(m > _detection(t), _outlier_active(m, t), 0.0)
    return np.where(m > 1, _outlier_active(m, t), 0.0) + _inside(m, t)[2]


def _detection(t: float) -> float:
    return (t + math.sqrt(t * t - 4)) / 2


def _outlier_risk(m: Floats, t: float) -> Floats:
    inverse = 1 / np.maximum(m, 0.5)
    return np.asarray(t * t + 2 - 4 * t * inverse + 3 * inverse**2)


def _outlier_slope(m: Floats, t: float) -> Floats:
    return np.asarray(2 * t - 4 / np.maximum(m, 0.5))


def _outlier_active(m: Floats, t: float) -> Floats:
    inverse = 1 / np.maximum(m, 0.5)
    return np.asarray(1 - t * inverse + inverse**2)


def _inside(m: Floats, t: float) -> tuple[Floats, Floats, Floats]:
    """The integrals in h, dh/dt and j for t < 2.

    They are smooth in m where |m| < 1/2 and in 1/m where |m| > 2, and done by quadrature there. Between, the elementary
    form is analytic through m = 1 with the detection terms in it, so that these are taken off.
    """
    small, large = np.abs(m) < 0.5, np.abs(m) > 2
    near = ~(small | large)
    results = tuple(np.empty_like(m) for _ in range(3))
    for mask, part in ((small, _quadrature), (large, _inverse_quadrature), (near, _elementary)):
        if mask.any():
            for result, value in zip(results, part(m[mask], t), strict=True):
                result[mask] = value
    return results[0], results[1], results[2]


def _quadrature(m: Floats, t: float) -> tuple[Floats, Floats, Floats]:
    x, weights, above = _angles(t)
    cosine, square, column = np.cos(x), np.sin(x) ** 2, m[:, None]
    q = 1 - 2 * column * cosine + column**2
    poisson = 2 * column * (cosine - column) / q  # (1 - m**2)/q - 1
    risk = above**2 * poisson / (2 * math.pi) - 4 * column / math.pi * above * square / q
    slope = -above * poisson / math.pi + 4 * column / math.pi * square / q
    active = column / math.pi * above * (np.cos(2 * x) - column * cosine) / q
    return risk @ weights, slope @ weights, active @ weights


def _inverse_quadrature(m: Floats, t: float) -> tuple[Floats, Floats, Floats]:
    """As `_quadrature`, with q(m) = m**2 q(1/m)."""
    x, weights, above = _angles(t)
    cosine, square, column = np.cos(x), np.sin(x) ** 2, 1 / m[:, None]
    q = 1 - 2 * column * cosine + column**2
    poisson = -2 * (1 - column * cosine) / q  # (1 - m**2)/q(m) - 1
    risk = above**2 * poisson / (2 * math.pi) - 4 * column / math.pi * above * square / q
    slope = -above * poisson / math.pi + 4 * column / math.pi * square / q
    active = above * (column * np.cos(2 * x) - cosine) / (math.pi * q)
    return risk @ weights, slope @ weights, active @ weights


def _elementary(m: Floats, t: float) -> tuple[Floats, Floats, Floats]:
    c0, c1, c2, T0, T1, T2 = _integrals(m, t)
    square = m * m
    minus, plus = 1 - square, 1 + square
    cross = (2 * c2 - t * c1) / (2 * m) + (plus * (2 * c1 - t * c0) - minus * (2 * T1 - t * T0)) / (4 * square)
    risk = (4 * (T2 - c2) - 4 * t * (T1 - c1) + t * t * (T0 - c0)) / (2 * math.pi) - 4 * m / math.pi * cross
    cross = c1 / (2 * m) + (plus * c0 - minus * T0) / (4 * square)
    slope = (-4 * (T1 - c1) + 2 * t * (T0 - c0)) / (2 * math.pi) + 4 * m / math.pi * cross
    active = ((2 * T1 - t * T0 - 2 * c1 + t * c0) / (2 * m) - 2 * c2 + t * c1) / math.pi
    detected = m > 1
    return (
        risk - np.where(detected, _outlier_risk(m, t) - square, 0.0),
        slope - np.where(detected, _outlier_slope(m, t), 0.0),
        active - np.where(detected, _outlier_active(m, t), 0.0),
    )


def _angle(t: float) -> float:
    return 2 * math.asin(math.sqrt(max(2 - t, 0.0)) / 2)


def _angles(t: float) -> tuple[Floats, Floats, Floats]:
    """Quadrature angles x in (0, f), their weights, and 2 cos x - t without cancellation."""
    angle = _angle(t)
    x = angle * (1 + _NODES) / 2
    return x, angle / 2 * _WEIGHTS, 4 * np.sin((angle + x) / 2) * np.sin((angle - x) / 2)


def _bulk(t: float) -> tuple[Floats, Floats, Floats]:
    """Eigenvalues of the semicircle above t, their distance from t, and their measure."""
    x, weights, above = _angles(t)
    return 2 * np.cos(x), above, weights * 2 * np.sin(x) ** 2 / math.pi


def _integrals(m: Floats, t: float) -> tuple[float, float, float, Floats, Floats, Floats]:
    angle = _angle(t)
    sine = math.sin(angle)
    c0, c1, c2 = angle, sine, (angle + sine * t / 2) / 2
    T0 = 2 * np.arctan2((1 + m) * math.sin(angle / 2), (1 - m) * math.cos(angle / 2))
    T1 = ((1 + m * m) * T0 - (1 - m * m) * c0) / (2 * m)
    T2 = ((1 + m * m) * T1 - (1 - m * m) * c1) / (2 * m)
    return c0, c1, c2, T0, T1, T2


__all__ = [
    "bulk_active",
    "bulk_modes",
    "bulk_risk",
    "bulk_slope",
    "mirrored_risk",
    "spike_active",
    "spike_risk",
    "spike_slope",
]
