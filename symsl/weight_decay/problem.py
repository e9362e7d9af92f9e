"""The door of the state evolutions: exact parameters in, conditions checked, remedies named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from symsl.errors import ParameterError, UsageError
from symsl.precision import exact
from symsl.weight_decay.effective_channel import EffectiveChannel
from symsl.weight_decay.target import PowerLawTarget, Target, as_target

OPTIMAL = "optimal"
LARGEST_COUNT, LARGEST_SCALE, SMALLEST = 10**300, 10**100, Fraction(1, 10**300)


@dataclass(frozen=True)
class Problem:
    """A target, n samples, label noise of variance Delta, and what to solve for.

    At most one of `lam` (a weight decay >= 0, zero meaning the limit lam -> 0+) and `threshold` (theta in units of the
    effective noise: alpha or t, as `threshold_name` says) is given; if neither, the optimum over lam is meant.
    """

    where: str
    target: Target
    n: Fraction
    Delta: Fraction
    lam: Fraction | None
    threshold: Fraction | None
    threshold_name: str

    def start(self, channel: EffectiveChannel) -> float:
        """The threshold in double precision; `ParameterError` where there is no such fixed point."""
        if self.threshold is not None:
            threshold, least = float(self.threshold), channel.interpolation_threshold()
            if threshold < least * (1 - 1e-12):
                raise self.below_interpolation(least)
        elif self.lam is None:
            threshold = channel.optimal_threshold()
        else:
            threshold = channel.threshold_at(float(self.lam))
        scale = channel.scale(threshold)
        if scale == 0:
            raise ParameterError(
                self.where,
                "Delta",
                self.Delta,
                "Delta > 0 where so many samples recover the target (R = 0)",
                "add noise or weight decay",
            )
        if math.isinf(scale):
            raise ParameterError(
                self.where,
                "n",
                self.n,
                "n away from the interpolation threshold at lam = 0 (the risk diverges there)",
                "take lam > 0, or another number of samples",
            )
        return threshold

    def below_interpolation(self, least: float) -> ParameterError:
        """The error for a threshold that no weight decay >= 0 has."""
        return ParameterError(
            self.where,
            self.threshold_name,
            self.threshold,
            f"lam >= 0, which holds for {self.threshold_name} >= {least:.6g},",
            f"raise {self.threshold_name}, or ask for lam = 0",
        )


def problem(
    where: str, target: object, n: object, Delta: object, lam: object, threshold: object, threshold_name: str
) -> Problem:
    """The problem with exact parameters, or a `ParameterError` or `UsageError` that says what to change."""
    if (lam is None) == (threshold is None):
        raise UsageError(f'{where} needs exactly one of lam (a number >= 0, or "{OPTIMAL}") and {threshold_name}')
    checked = as_target(target, where)
    samples, noise = exact(n, "n", where), exact(Delta, "Delta", where)
    if samples <= 0:
        raise ParameterError(where, "n", n, "n > 0", "give the number of samples")
    if noise < 0:
        raise ParameterError(where, "Delta", Delta, "Delta >= 0 (a variance)", "give the variance of the label noise")
    scale = checked.c if isinstance(checked, PowerLawTarget) else max(abs(value) for value in checked.values)
    representable(where, "d", checked.d, Fraction(checked.d), LARGEST_COUNT)
    representable(where, "target", scale, scale)
    representable(where, "n", n, samples, LARGEST_COUNT)
    representable(where, "Delta", Delta, noise)
    if threshold is not None:
        value = exact(threshold, threshold_name, where)
        if value <= 0:
            raise ParameterError(
                where, threshold_name, threshold, f"{threshold_name} > 0", "raise it, or ask for lam = 0 instead"
            )
        representable(where, threshold_name, threshold, value)
        return Problem(where, checked, samples, noise, None, value, threshold_name)
    if lam == OPTIMAL:
        return Problem(where, checked, samples, noise, None, None, threshold_name)
    decay = exact(lam, "lam", where)
    if decay < 0:
        raise ParameterError(where, "lam", lam, "lam >= 0", "choose a weight decay, or 0 for the interpolating limit")
    representable(where, "lam", lam, decay)
    return Problem(where, checked, samples, noise, decay, None, threshold_name)


def representable(where: str, name: str, given: object, value: Fraction, largest: int = LARGEST_SCALE) -> None:
    """`ParameterError` where double precision, in which every solution starts, would overflow or vanish."""
    if value and not SMALLEST <= value <= largest:
        raise ParameterError(
            where,
            name,
            given,
            f"1e-300 <= {name} <= 1e{len(str(largest)) - 1} (or 0 where that is allowed)",
            "measure in other units" if largest == LARGEST_SCALE else "take fewer",
        )


__all__ = ["OPTIMAL", "Problem", "problem", "representable"]
