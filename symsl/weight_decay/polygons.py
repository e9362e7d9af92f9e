"""Convex polygons with rational corners: clipping by half-planes, shared edges."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

Corner = tuple[Fraction, Fraction]
Polygon = tuple[Corner, ...]
HalfPlane = tuple[Fraction, Fraction, Fraction]
"""(u, v, w) stands for u x + v y + w >= 0."""


def rectangle(x: tuple[Fraction, Fraction], y: tuple[Fraction, Fraction]) -> Polygon:
    """The window, counter-clockwise."""
    return (x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])


def clip(polygon: Polygon, half_plane: HalfPlane) -> Polygon:
    """The part of a convex polygon in the half-plane; empty if it has no interior."""
    u, v, w = half_plane
    corners: list[Corner] = []
    for here, there in pairwise([*polygon, *polygon[:1]]):
        at, to = (u * x + v * y + w for x, y in (here, there))
        if at >= 0:
            corners.append(here)
        if at * to < 0:
            part = at / (at - to)
            corners.append((here[0] + part * (there[0] - here[0]), here[1] + part * (there[1] - here[1])))
    distinct = [c for c, previous in zip(corners, [*corners[-1:], *corners[:-1]], strict=True) if c != previous]
    return tuple(distinct) if area(tuple(distinct)) > 0 else ()


def area(polygon: Polygon) -> Fraction:
    """Its area (positive when counter-clockwise)."""
    pairs = pairwise([*polygon, *polygon[:1]])
    return sum((x * t - z * y for (x, y), (z, t) in pairs), Fraction(0)) / 2


def shared_edges(first: Polygon, second: Polygon) -> list[tuple[Corner, Corner]]:
    """The segments in which two polygons without common interior touch."""
    found = []
    for a, b in pairwise([*first, *first[:1]]):
        for c, d in pairwise([*second, *second[:1]]):
            if _side(a, b, c) == 0 and _side(a, b, d) == 0:
                ends = sorted([max(min(a, b), min(c, d)), min(max(a, b), max(c, d))])
                if max(min(a, b), min(c, d)) < min(max(a, b), max(c, d)):
                    found.append((ends[0], ends[1]))
    return found


def _side(a: Corner, b: Corner, c: Corner) -> Fraction:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


__all__ = ["Corner", "HalfPlane", "Polygon", "area", "clip", "rectangle", "shared_edges"]
