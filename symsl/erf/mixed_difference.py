"""Second differences of functions of two corners, without cancellation.

A quantity f that depends on two choices, each between a teacher (0) and the student near it (1), has four values f_00,
f_10, f_01, f_11. What the theory needs is often

    mixed = f_11 - f_10 - f_01 + f_00,

which is of second order in the distance of students and teachers, while f is of order one: subtracting loses all digits
near the solution. Here f is carried as (f_00, f_10 - f_00, f_01 - f_00, mixed), and these differences are propagated
through products, roots and the arctangent by exact identities (discrete Leibniz rules), so that each keeps its relative
accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class MixedDifference:
    """f_00, f_10 - f_00, f_01 - f_00 and f_11 - f_10 - f_01 + f_00, elementwise."""

    base: Array
    first: Array
    second: Array
    mixed: Array

    def __sub__(self, other: MixedDifference) -> MixedDifference:
        return MixedDifference(
            self.base - other.base, self.first - other.first, self.second - other.second, self.mixed - other.mixed
        )

    def __mul__(self, other: MixedDifference) -> MixedDifference:
        """Leibniz: each difference acts on one factor at a time, the other taken at the matching corner."""
        g_10, g_01 = other.base + other.first, other.base + other.second
        return MixedDifference(
            self.base * other.base,
            self.first * g_10 + self.base * other.first,
            self.second * g_01 + self.base * other.second,
            self.mixed * (g_10 + other.second + other.mixed)
            + self.first * (other.second + other.mixed)
            + self.second * (other.first + other.mixed)
            + self.base * other.mixed,
        )

    def inverse_sqrt(self) -> MixedDifference:
        """f^(-1/2) for positive f, from differences of h = f^(1/2) and then of 1/h."""
        f_10, f_01 = self.base + self.first, self.base + self.second
        upper_first, upper_second = self.first + self.mixed, self.second + self.mixed  # f_11 - f_01, f_11 - f_10
        h_00, h_10, h_01, h_11 = (np.sqrt(f) for f in (self.base, f_10, f_01, f_10 + upper_second))
        first, second = self.first / (h_10 + h_00), self.second / (h_01 + h_00)
        rise_second, rise_first = upper_second / (h_11 + h_10), upper_first / (h_11 + h_01)
        mixed = (self.mixed - first * rise_second - second * rise_first) / (h_11 + h_00)
        inverse_11 = 1 / h_11
        return MixedDifference(
            1 / h_00,
            -first / (h_10 * h_00),
            -second / (h_01 * h_00),
            (first * rise_second / h_10 + second * rise_first / h_01 - mixed) * inverse_11 / h_00,
        )

    def arctan_mixed(self) -> Array:
        """The mixed difference of arctan(f): two applications of tan(a - b) = (tan a - tan b) / (1 + tan a tan b)."""
        f_00, f_10, f_01 = self.base, self.base + self.first, self.base + self.second
        f_11 = f_10 + (self.second + self.mixed)
        below, above = 1 + f_10 * f_00, 1 + f_11 * f_01
        rise, upper_rise = self.first, self.first + self.mixed
        products = (self.second + self.mixed) * f_01 + f_10 * self.second  # f_11 f_01 - f_10 f_00
        angle = np.arctan((self.mixed * below - rise * products) / (below * above + rise * upper_rise))
        direct = np.arctan(f_11) - np.arctan(f_10) - np.arctan(f_01) + np.arctan(f_00)
        half_turns = np.round((direct - angle).real / np.pi)  # not zero only where the corners are far apart
        result: Array = angle + np.pi * half_turns
        return result


def arcsine_mixed_difference(
    norm: Array, norm_change: Array, base: Array, first: Array, second: Array, mixed: Array
) -> Array:
    """Mixed difference of asin(C_ab / sqrt(norm_a norm_b)) over the corners of a and of b, shape (.., n, n).

    `norm`, `norm_change` (.., n): the value at the teacher and its change to the student. The other four: C_ab.
    """
    C, slope = _tangent(norm, norm_change, base, first, second, mixed)
    return (C * slope).arctan_mixed()


def arcsine_mixed_derivatives(
    norm: Array, norm_change: Array, base: Array, first: Array, second: Array, mixed: Array
) -> tuple[Array, Array, Array, Array, Array]:
    """Derivatives of the sum over a and b of `arcsine_mixed_difference`, where `second` is the transpose of `first`.

    With respect to norm, norm_change (.., n), base, first (with its transpose) and mixed (.., n, n). They are
    differences of the arcsine's derivatives, 1/sqrt(norm_a norm_b - C_ab^2) by C_ab and -C_ab/(2 norm_a) times this by
    norm_a, and keep their relative accuracy as the differences themselves do.
    """
    C, slope = _tangent(norm, norm_change, base, first, second, mixed)
    own, change = norm[..., :, None], norm_change[..., :, None]
    none = np.zeros_like(own)
    by_norm = C * slope * MixedDifference(-1 / own, change / (own * (own + change)), none, none)  # both a and b
    upper = slope.second + slope.mixed
    return (
        np.sum(by_norm.mixed, axis=-1),
        np.sum(by_norm.second + by_norm.mixed, axis=-1),
        slope.mixed,
        2 * upper,
        slope.base + slope.first + upper,
    )


def _tangent(
    norm: Array, norm_change: Array, base: Array, first: Array, second: Array, mixed: Array
) -> tuple[MixedDifference, MixedDifference]:
    """C_ab and 1/sqrt(norm_a norm_b - C_ab^2): their product is the tangent of the angle."""
    C = MixedDifference(base, first, second, mixed)
    norm_a, change_a = norm[..., :, None], norm_change[..., :, None]
    norm_b, change_b = norm[..., None, :], norm_change[..., None, :]
    product = MixedDifference(norm_a * norm_b, change_a * norm_b, norm_a * change_b, change_a * change_b)
    return C, (product - C * C).inverse_sqrt()
