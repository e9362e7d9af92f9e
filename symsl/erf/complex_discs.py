"""Bounds on analytic functions over sets of the complex plane: arrays of discs in float64, with rounding included.

A disc holds all points within `radius` of `centre`. The relative rounding errors of +, *, / and sqrt of complex doubles
are below 2^-49, those of the radii below 2^-50: both are covered by enlarging. Discs that leave the half plane where a
root is analytic are refused; on a closed curve that settles its inside as well, since real parts are harmonic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import arb

Array = np.ndarray[Any, Any]

_ROUNDING, _ENLARGED, _TINY = 2.0**-48, 1 + 2.0**-44, 1e-300


class OutsideDomainError(Exception):
    """A root, quotient or arcsine is not certainly analytic on the discs of its argument."""


@dataclass(frozen=True, eq=False)
class Discs:
    """Discs of complex numbers, elementwise; all operations enclose."""

    centre: Array
    radius: Array

    @classmethod
    def around(cls, centre: Any, radius: Any) -> Discs:
        """Discs of these radii, enlarged by the rounding of a last operation that led to the centres."""
        return cls(centre, (radius + np.abs(centre) * _ROUNDING + _TINY) * _ENLARGED)

    def upper(self) -> Array:
        """Bounds on the absolute values."""
        result: Array = (np.abs(self.centre) + self.radius) * _ENLARGED
        return result

    def __add__(self, other: Any) -> Discs:
        centre, radius = _parts(other)
        return Discs.around(self.centre + centre, self.radius + radius)

    def __neg__(self) -> Discs:
        return Discs(-self.centre, self.radius)

    def __sub__(self, other: Any) -> Discs:
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Discs:
        return self.__neg__().__add__(other)

    def __mul__(self, other: Any) -> Discs:
        centre, radius = _parts(other)
        spread = np.abs(self.centre) * radius + (np.abs(centre) + radius) * self.radius
        return Discs.around(self.centre * centre, spread)

    def __truediv__(self, other: Discs) -> Discs:
        distance = other._from_zero()
        centre = 1 / other.centre
        return self * Discs.around(centre, np.abs(centre) * other.radius / distance)

    def rsqrt(self) -> Discs:
        """The inverse square root, of positive real part."""
        distance = self._from_zero()
        return Discs.around(1 / np.sqrt(self.centre), 0.5 * self.radius / (distance * np.sqrt(distance)))

    def asin(self) -> Discs:
        """Around 0: |asin z| <= |z| pi/2 where Re z^2 < 1, as the integral of z (1 - t^2 z^2)^(-1/2) over t shows."""
        (1 - self * self)._from_zero()
        return Discs.around(np.zeros_like(self.centre), self.upper() * (np.pi / 2))

    def _from_zero(self) -> Array:
        """How far the discs are from 0; they must lie in the right half plane."""
        if not np.all(self.centre.real > self.radius * _ENLARGED + np.abs(self.centre) * _ROUNDING):
            raise OutsideDomainError
        result: Array = (np.abs(self.centre) * (1 - _ROUNDING) - self.radius) * (2 - _ENLARGED)
        return result

    __radd__, __rmul__ = __add__, __mul__


def _parts(value: Any) -> tuple[Any, Any]:
    if isinstance(value, Discs):
        return value.centre, value.radius
    if isinstance(value, arb):
        middle = float(value.mid())
        return middle, float(value.rad()) * _ENLARGED + abs(middle) * _ROUNDING + _TINY
    return float(value), 0.0
