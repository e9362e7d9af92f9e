"""The target a network with weight decay is to learn: d coefficients, by a power law or as a list.

For the diagonal network they are the coefficients of a linear function, y = sum_i v_i x_i; for the quadratic network
the eigenvalues of the matrix S*. Both are exact. All quantities are dimensionless, in the normalisation in which the
excess risk of the zero network is sum_i v_i**2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from symsl.arguments import sequence
from symsl.errors import ParameterError
from symsl.precision import ball, exact, exact_integer

MAX_LISTED = 10**6
LARGEST_FLOAT_DIMENSION = 10**300
_KEPT, _ORDER = 512, 16
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(_ORDER)
_FAR = 2**30  # beyond, a sum is the integral between half-integers to double precision
Floats = NDArray[np.float64]


@dataclass(frozen=True, init=False)
class PowerLawTarget:
    """v_i = c i**(-gamma), i = 1..d, with gamma > 1/2, so that sum_i v_i**2 stays bounded as d grows.

    `p` = 1/gamma is the exponent of the counting function: about (c/x)**p coefficients are larger than x.
    Raises `ParameterError` unless d >= 1 is an integer, gamma > 1/2 and c > 0.

    >>> PowerLawTarget(gamma="3/2", d="10^50").p
    Fraction(2, 3)
    """

    gamma: Fraction
    d: int
    c: Fraction

    def __init__(self, gamma: object, d: object, c: object = 1) -> None:
        where = "PowerLawTarget"
        exponent, count, scale = exact(gamma, "gamma", where), exact_integer(d, "d", where), exact(c, "c", where)
        if exponent <= Fraction(1, 2):
            raise ParameterError(
                where, "gamma", gamma, "gamma > 1/2 (a target of bounded norm)", "choose a steeper power law, such as 1"
            )
        if count < 1:
            raise ParameterError(where, "d", d, "d >= 1", "give the number of coefficients")
        if scale <= 0:
            raise ParameterError(where, "c", c, "c > 0", "give the largest coefficient")
        object.__setattr__(self, "gamma", exponent)
        object.__setattr__(self, "d", count)
        object.__setattr__(self, "c", scale)

    @property
    def p(self) -> Fraction:
        """1/gamma, between 0 and 2."""
        return 1 / self.gamma

    def coefficient(self, index: int | arb) -> arb:
        """c index**(-gamma) at the working precision."""
        position = index if isinstance(index, arb) else arb(index)
        return ball(self.c) * position ** ball(-self.gamma)

    def coefficients(self) -> list[arb]:
        """v_1, ..., v_d at the working precision; `ParameterError` for d above a million."""
        return list(_coefficients(self, ctx.prec))

    def squared_norm(self) -> arb:
        """sum_i v_i**2, the excess risk of the zero network, at a cost independent of d."""
        exponent = ball(2 * self.gamma)
        return ball(self.c**2) * (exponent.zeta() - exponent.zeta(arb(self.d) + 1))

    def nodes(self, cuts: Iterable[float] = ()) -> tuple[Floats, Floats]:
        """Values and weights, float64, with sum_i f(v_i) = sum_k weight_k f(value_k) for smooth f.

        The first 512 coefficients are kept; the others, i in (2**k, 2**(k+1)], are replaced by the 16 nodes of the
        Gauss rule of the uniform measure on these integers (Gram polynomials), whose error for functions smooth in
        log i is below double precision. The number of nodes grows as log d. Where f is sharp, more panels are made by
        `cuts`, values of v between which it is smooth.
        """
        positions = [(float(self.c) / value) ** float(self.p) for value in cuts if value > 0]
        indices, weights = compressed_integers(self.d, positions)
        return float(self.c) * indices ** -float(self.gamma), weights


@dataclass(frozen=True, init=False)
class ListedTarget:
    """Any coefficients v_1, ..., v_d, exact; zeros are allowed, and signs where the network can represent them."""

    values: tuple[Fraction, ...]

    def __init__(self, values: Iterable[object]) -> None:
        where = "ListedTarget"
        listed = tuple(exact(value, f"values[{i}]", where) for i, value in enumerate(sequence(values, "values", where)))
        if not listed:
            raise ParameterError(where, "values", "[]", "d >= 1", "give at least one coefficient")
        object.__setattr__(self, "values", listed)

    @property
    def d(self) -> int:
        """The number of coefficients."""
        return len(self.values)

    def coefficients(self) -> list[arb]:
        """v_1, ..., v_d at the working precision."""
        return [ball(value) for value in self.values]

    def squared_norm(self) -> arb:
        """sum_i v_i**2."""
        return ball(sum((value**2 for value in self.values), Fraction(0)))

    def nodes(self, cuts: Iterable[float] = ()) -> tuple[Floats, Floats]:  # noqa: ARG002 (every coefficient is kept)
        """The distinct values and how often each occurs, float64."""
        values, counts = np.unique(np.array([float(value) for value in self.values]), return_counts=True)
        return values, counts.astype(np.float64)


Target = PowerLawTarget | ListedTarget


def as_target(target: object, where: str) -> Target:
    """The target itself, or a `ListedTarget` from a sequence of coefficients."""
    if isinstance(target, PowerLawTarget | ListedTarget):
        return target
    if isinstance(target, Iterable) and not isinstance(target, str):
        return ListedTarget(target)
    raise ParameterError(where, "target", target, "a target", "pass PowerLawTarget(gamma, d) or a list of coefficients")


def compressed_integers(count: int, cuts: Iterable[float] = ()) -> tuple[Floats, Floats]:
    """Positions and weights that sum smooth functions of i over i = 1..count (see `PowerLawTarget.nodes`)."""
    if count > LARGEST_FLOAT_DIMENSION:
        raise ParameterError(
            "PowerLawTarget.nodes", "d", count, "d <= 10^300 in double precision", "use the certified functions"
        )
    start = min(_KEPT, count)
    ends = {count, *(int(cut) for cut in cuts if start < cut < count)}
    end = 2 * start
    while end < count:
        ends.add(end)
        end *= 2
    edges = [start, *sorted(ends - {start})]
    exact = sum(edge <= _FAR for edge in edges)
    positions, weights = [np.arange(1.0, start + 1)], [np.ones(start)]
    for low, high in pairwise(edges[: exact + 1]):
        offsets, portions = _panel(high - low)
        positions.append((low + high + 1) / 2 + offsets)
        weights.append(portions)
    corners = np.array([float(edge) for edge in edges[exact:]]) + 0.5
    half, middle = np.diff(corners)[:, None] / 2, (corners[1:] + corners[:-1])[:, None] / 2
    positions.append((middle + half * _NODES).ravel())
    weights.append((half * _WEIGHTS).ravel())
    return np.concatenate(positions), np.concatenate(weights)


@lru_cache(maxsize=2048)
def _panel(length: int) -> tuple[Floats, Floats]:
    """Offsets from the centre and weights for consecutive integers: all of them where they are few."""
    if length > _ORDER:
        return _gram_rule(length)
    return np.asarray(np.arange(length) - (length - 1) / 2, dtype=np.float64), np.ones(length)


def _gram_rule(length: int) -> tuple[Floats, Floats]:
    """Gauss rule of the uniform measure on `length` consecutive integers centred at 0, by Golub and Welsch."""
    k, count = np.arange(1.0, _ORDER), float(length)
    side = (count / 2) * np.sqrt((1 - (k / count) ** 2) / (4 - 1 / k**2))
    offsets, vectors = np.linalg.eigh(np.diag(side, 1) + np.diag(side, -1))
    return offsets, count * vectors[0] ** 2


@lru_cache(maxsize=16)
def _coefficients(target: PowerLawTarget, bits: int) -> tuple[arb, ...]:
    """At `bits` bits (the current working precision, made part of the cache key)."""
    if target.d > MAX_LISTED:
        raise ParameterError(
            "PowerLawTarget.coefficients", "d", target.d, f"d <= {MAX_LISTED} for a list", "use the closed forms"
        )
    with ctx.workprec(bits + 8):
        return tuple(target.coefficient(i) for i in range(1, target.d + 1))


def describe(target: Target) -> dict[str, object]:
    """The exact definition, as data for provenance."""
    if isinstance(target, PowerLawTarget):
        return {"d": str(target.d), "gamma": str(target.gamma), "c": str(target.c)}
    return {"coefficients": [str(value) for value in target.values]}


__all__ = ["ListedTarget", "PowerLawTarget", "Target", "as_target", "compressed_integers", "describe"]
