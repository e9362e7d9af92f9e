"""Exact dump and load of balls. A ball is two binary numbers, midpoint and radius, each mantissa * 2**exponent."""

from __future__ import annotations

from flint import arb, ctx, fmpz


def dump(value: arb) -> dict[str, list[int]]:
    """The ball as `{"mid": [mantissa, exponent], "rad": [mantissa, exponent]}`, without loss.

    >>> dump(arb("0.75"))
    {'mid': [3, -2], 'rad': [0, 0]}
    """
    if not value.is_finite():
        raise ValueError("only finite balls can be dumped")
    return {"mid": _pair(value.mid()), "rad": _pair(value.rad())}


def load(dumped: dict[str, list[int]]) -> arb:
    """The ball that `dump` described, bit for bit."""
    mid, rad = (_binary(*dumped[part]) for part in ("mid", "rad"))
    restored = arb(mid, _just_below(*dumped["rad"]))
    return restored if restored.rad() >= rad else arb(mid, rad)


def _just_below(man: int, exp: int) -> arb:
    """The number that Arb, which rounds every radius it is given up to the next 30-bit one, turns into man * 2**exp."""
    if man == 0:
        return arb(0)
    shift = 30 - man.bit_length()
    return _binary((man << (shift + 1)) - 1, exp - shift - 1)


def _pair(value: arb) -> list[int]:
    man, exp = value.man_exp()
    return [int(man), int(exp)]


def _binary(man: int, exp: int) -> arb:
    with ctx.workprec(max(2, fmpz(man).bit_length())):
        return arb((fmpz(man), fmpz(exp)))
