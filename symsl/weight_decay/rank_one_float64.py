"""The functions of `rank_one` in double precision, vectorised over the eigenvalues m.

Integrals over the angle are done by Gauss-Legendre quadrature where the closed forms cancel: for the bulk (which
vanishes like (2-t)**(7/2)) and for |m| < 1/2; elsewhere h and j follow from the elementary integrals.
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
        safe = np.maximum(m, 1e-300)
        above = t * t + 2 - 4 * t / safe + 3 / safe**2
        return np.where(m > (t + math.sqrt(t * t - 4)) / 2, above, m * m)
    small = np.abs(m) < 0.5
    c0, c1, c2, T0, T1, T2 = _integrals(np.where(small, 2.0, m), t)
    w = np.where(small, 2.0, m)
    squares = 4 * (T2 - c2) - 4 * t * (T1 - c1) + t * t * (T0 - c0)
    cross = (2 * c2 - t * c1) / (2 * w) + ((1 + w * w) * (2 * c1 - t * c0) - (1 - w * w) * (2 * T1 - t * T0)) / (
        4 * w * w
    )
    large = w * w + squares / (2 * math.pi) - 4 * w / math.pi * cross
    return np.where(small, _small_risk(np.where(small, m, 0.0), t), large)


def spike_active(m: Floats, t: float) -> Floats:
    """j(m; t)."""
    if t >= 2:
        safe = np.maximum(m, 1e-300)
        return np.where(m > (t + math.sqrt(t * t - 4)) / 2, 1 - t / safe + 1 / safe**2, 0.0)
    small = np.abs(m) < 0.5
    w = np.where(small, 2.0, m)
    c0, c1, c2, T0, T1, _ = _integrals(w, t)
    large = ((2 * T1 - t * T0 - 2 * c1 + t * c0) / (2 * w) - 2 * c2 + t * c1) / math.pi
    return np.where(small, _small_active(np.where(small, m, 0.0), t), large)


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


def _small_risk(m: Floats, t: float) -> Floats:
    x, weights, above = _angles(t)
    column = m[..., None]
    q = 1 - 2 * column * np.cos(x) + column**2
    poisson = 2 * column * (np.cos(x) - column) / q  # (1 - m**2)/q - 1
    integrand = above**2 * poisson / (2 * math.pi) - 4 * column / math.pi * above * np.sin(x) ** 2 / q
    return np.asarray(m * m + integrand @ weights)


def _small_active(m: Floats, t: float) -> Floats:
    x, weights, above = _angles(t)
    column = m[..., None]
    q = 1 - 2 * column * np.cos(x) + column**2
    return np.asarray((column / math.pi * above * (np.cos(2 * x) - column * np.cos(x)) / q) @ weights)


def _integrals(m: Floats, t: float) -> tuple[float, float, float, Floats, Floats, Floats]:
    angle = _angle(t)
    sine = math.sin(angle)
    c0, c1, c2 = angle, sine, (angle + sine * t / 2) / 2
    T0 = 2 * np.arctan2((1 + m) * math.sin(angle / 2), (1 - m) * math.cos(angle / 2))
    T1 = ((1 + m * m) * T0 - (1 - m * m) * c0) / (2 * m)
    T2 = ((1 + m * m) * T1 - (1 - m * m) * c1) / (2 * m)
    return c0, c1, c2, T0, T1, T2


__all__ = ["bulk_active", "bulk_modes", "bulk_risk", "spike_active", "spike_risk"]
