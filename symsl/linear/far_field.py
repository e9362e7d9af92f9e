"""Certified sums over many poles at many points in O(L log L): sum_j w_j / (lambda_j - y)^(i+1), w_j > 0.

Poles that are far from a group of points are summed once, as a Taylor polynomial about the group's centre t: with c the
centre of a block of poles, delta_j = lambda_j - c and D = c - t,

    sum_j w_j / (D + delta_j - s) = sum_n s^n / D^(n+1) sum_i binom(n+i, i) (-1)^i M_i / D^i,

M_i = sum_j w_j delta_j^i, cut at n + i < P. What is cut off the coefficient of z^n in s -> s + z is, for
|s| + |delta_j| <= q |D|, at most W binom(P, n) q^(P-n) / |D|^(n+1) / (1 - q (P+1)/(P+1-n)), W = sum_j w_j: it is
added to the radius. Near poles are left to the caller.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flint import arb, arb_mat, arb_poly, ctx

_LEAF = 48
_SEPARATION = 0.5  # q: blocks further away than their two radii over q are far
_ORDERS = 6  # how many Taylor coefficients in z the polynomials serve


@dataclass(frozen=True, eq=False)
class Expansion:
    """The far poles seen from a group of points: `near` are the indices of the poles that are not in it."""

    centre: arb
    radius: arb
    near: tuple[int, ...]
    polynomials: tuple[arb_poly, ...]
    errors: tuple[arb, ...]

    def holds(self, y: arb) -> bool:
        """Whether the whole ball y is among the points the expansion was made for."""
        return bool(abs(y - self.centre) <= self.radius)

    def coefficients(self, y: arb, terms: int) -> list[arb]:
        """The far part of sum_j w_j / (lambda_j - y)^(i+1) for i < terms (at most 6)."""
        s = y - self.centre
        return [
            polynomial(s) + error
            for polynomial, error in zip(self.polynomials[:terms], self.errors[:terms], strict=True)
        ]


@dataclass(frozen=True, eq=False)
class _Block:
    first: int
    last: int
    centre: arb
    radius: arb
    total: arb
    moments: list[arb]
    halves: tuple[_Block, ...]


def is_worthwhile(count: int, bits: int) -> bool:
    """Whether expansions at this precision are cheaper than taking all poles as near."""
    return count >= 8 * _LEAF and count >= 6 * bits


def expansions(poles: Sequence[arb], weights: Sequence[arb]) -> Iterator[tuple[int, int, Expansion]]:
    """For consecutive groups of gaps first..last-1 (gap k lies between pole k and pole k + 1) their `Expansion`.

    The poles descend; the gap below the last pole reaches down to 0. Works at the current precision.
    """
    order = ctx.prec
    tree = _block(poles, weights, 0, len(poles), order)
    binomials = arb_mat(
        order,
        order,
        [(-1) ** i * math.comb(n + i, i) if n + i < order else 0 for n in range(order) for i in range(order)],
    )
    for leaf in _leaves(tree):
        low = poles[leaf.last] if leaf.last < len(poles) else arb(0)
        high = poles[leaf.first]
        centre = ((low + high) / 2).mid()
        radius = ((high - low) / 2 + abs(centre - (low + high) / 2)).upper()
        far: list[_Block] = []
        near: list[int] = []
        _split(tree, centre, radius, far, near)
        yield leaf.first, leaf.last, _expand(far, centre, radius, tuple(near), binomials)


def _block(poles: Sequence[arb], weights: Sequence[arb], first: int, last: int, order: int) -> _Block:
    centre = ((poles[first] + poles[last - 1]) / 2).mid()
    halves: tuple[_Block, ...] = ()
    if last - first > _LEAF:
        middle = (first + last) // 2
        halves = (_block(poles, weights, first, middle, order), _block(poles, weights, middle, last, order))
        moments = _moments_about(centre, halves)
    else:
        shifts = [pole - centre for pole in poles[first:last]]
        powers, moments = list(weights[first:last]), []
        for _ in range(order):
            moments.append(sum(powers, arb(0)))
            powers = [power * shift for power, shift in zip(powers, shifts, strict=True)]
    ends = (abs(poles[first] - centre).upper(), abs(poles[last - 1] - centre).upper())
    return _Block(first, last, centre, max(ends, key=lambda value: value.mid()), moments[0], moments, halves)


def _moments_about(centre: arb, blocks: Sequence[_Block]) -> list[arb]:
    """Those of the blocks together: sum_i M_i t^i/i! is sum_j w_j exp(delta_j t), so a shift is a factor exp(d t)."""
    order = len(blocks[0].moments)
    factorials = [arb(math.factorial(i)) for i in range(order)]
    total = arb_poly([])
    for block in blocks:
        about_block = arb_poly(
            [moment / factorial for moment, factorial in zip(block.moments, factorials, strict=True)]
        )
        shift = _powers(block.centre - centre, order)
        total += about_block * arb_poly([power / factorial for power, factorial in zip(shift, factorials, strict=True)])
    return [total[i] * factorial for i, factorial in enumerate(factorials)]


def _leaves(block: _Block) -> Iterator[_Block]:
    if not block.halves:
        yield block
    for half in block.halves:
        yield from _leaves(half)


def _split(block: _Block, centre: arb, radius: arb, far: list[_Block], near: list[int]) -> None:
    if block.radius + radius < _SEPARATION * abs(block.centre - centre):
        far.append(block)
    elif block.halves:
        for half in block.halves:
            _split(half, centre, radius, far, near)
    else:
        near.extend(range(block.first, block.last))


def _expand(far: list[_Block], centre: arb, radius: arb, near: tuple[int, ...], binomials: arb_mat) -> Expansion:
    order = binomials.nrows()
    if not far:
        zero = tuple(arb_poly([0]) for _ in range(_ORDERS))
        return Expansion(centre, radius, near, zero, tuple(arb(0) for _ in range(_ORDERS)))
    inverses = [1 / (block.centre - centre) for block in far]
    powers = [_powers(inverse, order + 1) for inverse in inverses]
    scaled = arb_mat(
        order,
        len(far),
        [block.moments[i] * power[i] for i in range(order) for block, power in zip(far, powers, strict=True)],
    )
    product = binomials * scaled
    taylor = [sum((product[n, b] * powers[b][n + 1] for b in range(len(far))), arb(0)) for n in range(order)]
    polynomials, polynomial = [], arb_poly(taylor)
    for n in range(_ORDERS):
        polynomials.append(polynomial)
        polynomial = polynomial.derivative() * (arb(1) / (n + 1))
    cut = [sum((_cut(block, centre, radius, n, order) for block in far), arb(0)) for n in range(_ORDERS)]
    return Expansion(centre, radius, near, tuple(polynomials), tuple(arb(0, bound.upper()) for bound in cut))


def _cut(block: _Block, centre: arb, radius: arb, n: int, order: int) -> arb:
    """The bound on what the expansion of one block leaves out of the coefficient of z^n."""
    distance = abs(block.centre - centre)
    q = (block.radius + radius) / distance
    ratio = q * (order + 1) / (order + 1 - n)
    return block.total * math.comb(order, n) * q ** (order - n) / distance ** (n + 1) / (1 - ratio)


def _powers(value: arb, count: int) -> list[arb]:
    result = [arb(1)]
    for _ in range(count - 1):
        result.append(result[-1] * value)
    return result
