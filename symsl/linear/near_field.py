"""The product over poles prod_j (lambda_j - y - z) as a series in z, at many points y at once.

Poles are taken in chunks. About a centre c a chunk's product is a polynomial in x = y - c, and its Taylor coefficients
at all points are one matrix product, powers of x times coefficients. Cancellation loses
log2 prod_j (|lambda_j - c| + |x|) / |lambda_j - y| bits, and the roundings of the poles themselves cost up to
max_j log2 lambda_j / |lambda_j - y|: the working precision is higher by as much. Where too many would be lost, the
chunk's product is made from the distances lambda_j - y.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_mat, arb_poly, ctx

from symsl.linear.float_starts import Floats, Indices

_BITS_PER_POLE = 8  # of cancellation, on the average over a chunk: beyond, the distances are multiplied
_CHUNK = 32  # poles
BITS_TO_LOSE = _BITS_PER_POLE * _CHUNK + 8
"""How much more precise than the sums the poles must be."""


@dataclass(frozen=True, eq=False)
class Point:
    """y = lambda_anchor + offset in the gap below pole `gap` (indices from 0); the anchor is the nearer pole."""

    gap: int
    anchor: int
    offset: arb


@dataclass(frozen=True, eq=False)
class NearField:
    """The poles with these indices; `lost[gap - first, h]` bits are lost at the point in that gap by chunk h."""

    near: Sequence[int]
    first: int
    lost: Floats

    @classmethod
    def plan(cls, poles: Floats, near: Sequence[int], first: int, anchors: Indices, offsets: Floats) -> NearField:
        """For points in the gaps from `first` on that are known to float64."""
        chosen, at = poles[list(near)], poles[anchors]
        centre, starts = chosen.min(), range(0, len(near), _CHUNK)
        distance = np.abs(chosen[None, :] - at[:, None] - offsets[:, None])
        spread = np.abs(chosen - centre)[None, :] + np.abs((at - centre) + offsets)[:, None]
        by_cancellation = np.add.reduceat(np.log2(np.maximum(spread / distance, 1)), starts, axis=1)
        by_poles = np.maximum.reduceat(np.log2(np.maximum(chosen / distance, 1)), starts, axis=1)
        return cls(near, first, by_cancellation + by_poles)

    @classmethod
    def of_distances(cls, count: int) -> NearField:
        """All of so many poles, at any points: no cancellation is accepted."""
        return cls(range(count), 0, np.full((count, -(-count // _CHUNK)), np.inf))

    def products(self, poles: Sequence[arb], points: Sequence[Point], bits: Sequence[int]) -> list[arb_poly]:
        """prod_j (lambda_j - y - z), up to its sign, at each point: the coefficient of z^i to about bits[i] bits."""
        chunks = [self.near[i : i + _CHUNK] for i in range(0, len(self.near), _CHUNK)]
        lost = self.lost[[point.gap - self.first for point in points]]
        too_many = lost > _BITS_PER_POLE * _CHUNK
        extra = math.ceil(np.max(lost, where=~too_many, initial=0)) + 8
        tables = [] if too_many.all() else self._tables(poles, points, chunks, [extra + value for value in bits])
        products = []
        for i, point in enumerate(points):
            product = arb_poly([1])
            for h, chunk in enumerate(chunks):
                if too_many[i, h]:
                    factor = _from_distances(poles, point, chunk).truncate(len(bits))
                else:
                    factor = arb_poly([table[i][h] for table in tables])
                product = (product * factor).truncate(len(bits))
            products.append(product)
        return products

    def _tables(
        self, poles: Sequence[arb], points: Sequence[Point], chunks: Sequence[Sequence[int]], bits: Sequence[int]
    ) -> list[list[list[arb]]]:
        """For each order a matrix of coefficients, points by chunks."""
        with ctx.workprec(max(bits)):
            centre = min((poles[j] for j in self.near), key=lambda pole: pole.mid()).mid()
            powers = arb_mat([_powers(poles[point.anchor] - centre + point.offset, _CHUNK) for point in points])
            polynomials = [arb_poly.from_roots([poles[j] - centre for j in chunk]) for chunk in chunks]
        tables = []
        for i, precision in enumerate(bits):
            with ctx.workprec(precision):
                columns = arb_mat([[polynomial[m] for m in range(_CHUNK + 1)] for polynomial in polynomials])
                tables.append((powers * columns.transpose()).tolist())
                polynomials = [polynomial.derivative() * (arb(1) / (i + 1)) for polynomial in polynomials]
        return tables


def _from_distances(poles: Sequence[arb], point: Point, chunk: Sequence[int]) -> arb_poly:
    at = poles[point.anchor]
    return arb_poly.from_roots([-point.offset if j == point.anchor else poles[j] - at - point.offset for j in chunk])


def _powers(value: arb, highest: int) -> list[arb]:
    result = [arb(1)]
    for _ in range(highest):
        result.append(result[-1] * value)
    return result
