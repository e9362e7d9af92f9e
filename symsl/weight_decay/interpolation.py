"""What it costs to interpolate noise: the risk at vanishing weight decay without a target.

    diagonal   2 d Phi(-alpha) = n,   phi = d g(alpha)/n          ~ 1/log(d/n)
    quadratic  d**2 D2(t) = n,        phi = V(t)/(2 D2(t))        ~ (2/7) (15 pi n/(4 d**2))**(2/5)

and the excess risk is Delta phi/(1 - phi). The gain phi reaches 1 at the interpolation threshold: n = d, n = d**2/4
and, for the signed quadratic network, n = d**2/2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from flint import arb, fmpq
from scipy.optimize import brentq
from scipy.special import ndtri

from symsl.arguments import one_of
from symsl.errors import ParameterError
from symsl.precision import Certified, ball, certify_all, exact
from symsl.weight_decay import rank_one, rank_one_float64
from symsl.weight_decay.roots import enclose_root
from symsl.weight_decay.scalar_risk import noise_risk

T = TypeVar("T", arb, Certified)
MODELS = ("diagonal", "quadratic", "signed")
_THRESHOLDS = {"diagonal": Fraction(1), "quadratic": Fraction(1, 4), "signed": Fraction(1, 2)}


@dataclass(frozen=True)
class InterpolationGain(Generic[T]):
    """`threshold` is alpha or t, `phi` the gain, `risk` = phi/(1 - phi) the excess risk per unit of noise Delta."""

    threshold: T
    phi: T
    risk: T


def interpolation_threshold(model: str) -> Fraction:
    """n/d (diagonal) or n/d**2 (quadratic, signed) beyond which noise cannot be interpolated: 1, 1/4, 1/2.

    >>> interpolation_threshold("quadratic")
    Fraction(1, 4)
    """
    return _THRESHOLDS[one_of(model, MODELS, "model", "interpolation_threshold")]


def interpolation_gain(model: str, ratio: object, *, digits: int = 15) -> InterpolationGain[Certified]:
    """The cost of interpolating pure noise, at n/d (model "diagonal") or n/d**2 ("quadratic", "signed") = `ratio`.

    Raises `ParameterError` unless 0 < ratio < `interpolation_threshold(model)`.

    >>> print(interpolation_gain("quadratic", "1/10").phi)
    0.486386250565097
    """
    checked = _checked(model, ratio)
    balls = certify_all(lambda: _gain(model, checked), digits, route="closed form", where="interpolation_gain")
    return InterpolationGain(*balls)


def interpolation_gain_balls(model: str, ratio: object) -> InterpolationGain[arb]:
    """`interpolation_gain` at the current working precision."""
    return InterpolationGain(*_gain(model, _checked(model, ratio)))


def _checked(model: str, ratio: object) -> Fraction:
    limit, value = interpolation_threshold(model), exact(ratio, "ratio", "interpolation_gain")
    if not 0 < value < limit:
        raise ParameterError(
            "interpolation_gain",
            "ratio",
            ratio,
            f"0 < ratio < {limit} (the interpolation threshold)",
            "take fewer samples, or a larger dimension",
        )
    return value


def _gain(model: str, ratio: Fraction) -> list[arb]:
    share = ball(ratio)
    if model == "diagonal":
        alpha = enclose_root(lambda a: (a / arb(2).sqrt()).erfc() - share, -float(ndtri(float(ratio) / 2))).ball
        phi = noise_risk(alpha) / share
        return [alpha, phi, phi / (1 - phi)]
    active = ratio if model == "quadratic" else ratio / 2
    # The distance e = 2 - t is what keeps its digits when few modes are active.
    start = (15 * math.pi * float(active) / 4) ** 0.4
    if start > 1e-3:
        start = brentq(lambda e: rank_one_float64.bulk_active(2 - e) / float(active) - 1, 1e-4, 2.0, xtol=1e-14)
    distance = enclose_root(lambda e: rank_one.bulk_active(2 - e) - ball(active), float(start)).ball
    t = 2 - distance
    phi = rank_one.bulk_risk(t) / (2 * arb(fmpq(active.numerator, active.denominator)))
    return [t, phi, phi / (1 - phi)]


__all__ = ["MODELS", "InterpolationGain", "interpolation_gain", "interpolation_gain_balls", "interpolation_threshold"]
