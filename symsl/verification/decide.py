"""Is an expression zero? Proved by a normal form, refuted by a certified non-zero value, or left undecided."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, ctx

from symsl.errors import InsufficientPrecisionError, UnsupportedExpressionError
from symsl.precision.evaluate import evaluate

_BITS = 240
_NARROW = 2.0**-150
_DRAWS = 3


class Verdict(Enum):
    """What a decision found. `EXACT` is a proof for the sizes tried, `ENCLOSED` agreement on samples, never a proof."""

    PROVED = "proved"
    EXACT = "proved for the sizes given"
    ENCLOSED = "enclosed"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


def decide_equal(lhs: Any, rhs: Any, domain: Mapping[Any, Any] | None = None, *, samples: int = 0) -> Verdict:
    """Whether lhs = rhs; with `samples` > 0 agreement on that many samples is enough (and called `ENCLOSED`).

    Refutation is certified: at an exact sample of the domain the ball of the difference excludes zero.
    """
    differences = _differences(lhs, rhs)
    if differences is None:
        return Verdict.REFUTED
    domain = domain or {}
    if any(_differs_at_a_sample(a, b, domain) for a, b in differences):
        return Verdict.REFUTED
    if samples:
        agree = all(_agrees_on_samples(a, b, domain, samples) for a, b in differences)
        return Verdict.ENCLOSED if agree else Verdict.UNDECIDED
    return Verdict.PROVED if all(vanishes(a - b) for a, b in differences) else Verdict.UNDECIDED


def _differences(lhs: Any, rhs: Any) -> list[tuple[Any, Any]] | None:
    if isinstance(lhs, sp.MatrixBase) or isinstance(rhs, sp.MatrixBase):
        if not (isinstance(lhs, sp.MatrixBase) and isinstance(rhs, sp.MatrixBase) and lhs.shape == rhs.shape):
            return None
        return list(zip(lhs, rhs, strict=True))
    return [(sp.sympify(lhs), sp.sympify(rhs))]


def vanishes(expression: Any) -> bool:
    """True only if `expression` is identically zero.

    The normal form: sums are split into canonical sums, which become generators; radicals become generators with their
    defining relation; what is left is a rational function whose numerator must reduce to zero. Products that do not
    commute (matrices of any size) must cancel on expansion.
    """
    expression = sp.sympify(expression)
    if expression == 0:
        return True
    if not expression.is_commutative:
        return bool(sp.expand(expression) == 0)
    expression = expression.replace(lambda node: isinstance(node, sp.KroneckerDelta), _canonical_delta)
    expression = _sums_to_generators(expression.doit(deep=False) if isinstance(expression, sp.Sum) else expression)
    expression, relations = _radicals_to_generators(_canonical_powers(sp.expand(expression)))
    numerator = sp.expand(sp.numer(sp.together(expression)), power_exp=True)
    if numerator == 0:
        return True
    if relations:
        generators = [generator for generator, _ in relations]
        _, remainder = sp.reduced(numerator, [relation for _, relation in relations], *generators)
        numerator = sp.numer(sp.together(sp.expand(remainder)))
        if sp.expand(numerator) == 0:
            return True
    return bool(sp.simplify(expression) == 0) if not relations else False


def _canonical_powers(expression: Any) -> Any:
    """Powers of one base combined, rational exponents such as beta/(1+beta) - 1 reduced, products in the base split."""
    expression = sp.powsimp(expression)
    if not any(node.exp.is_rational_function() and sp.denom(node.exp) != 1 for node in _symbolic_powers(expression)):
        return expression
    split = sp.powsimp(sp.expand_power_base(expression), combine="exp")
    reduced = split.xreplace({node: node.base ** sp.cancel(node.exp) for node in _symbolic_powers(split)})
    return sp.powsimp(sp.expand(reduced, power_exp=False), combine="exp")


def _symbolic_powers(expression: Any) -> list[Any]:
    return [node for node in expression.atoms(sp.Pow) if node.exp.free_symbols]


def _canonical_delta(delta: sp.KroneckerDelta) -> Any:
    """KroneckerDelta(a, b) depends on a - b alone, and not on its sign."""
    difference = sp.expand(delta.args[0] - delta.args[1])
    return sp.KroneckerDelta(0, -difference if difference.could_extract_minus_sign() else difference)


def _sums_to_generators(expression: Any) -> Any:
    """Linear normal form of finite sums: sum of c f(k) + d g(k) becomes c S_f + d S_g with a generator for each S."""
    generators: dict[Any, sp.Dummy] = {}

    def outermost(node: Any) -> Any:
        if isinstance(node, sp.Sum):
            return generators.setdefault(node, sp.Dummy("S"))
        return node.func(*map(outermost, node.args)) if node.has(sp.Sum) else node

    return outermost(_canonical_sums(expression))


def _canonical_sums(node: Any) -> Any:
    """Every sum in canonical form, the inner ones first."""
    if not node.has(sp.Sum):
        return node
    if not isinstance(node, sp.Sum):
        return node.func(*map(_canonical_sums, node.args))
    body = _canonical_sums(node.function)
    for limits in node.limits:
        body = _canonical_sum(body, *limits)
    return body


def _canonical_sum(body: Any, index: Any, low: Any, high: Any) -> Any:
    """A sum as a combination of sums of one term each, their index named by depth and running from 0.

    Factors free of the index go in front, so a sum inside another one stays inside only if it depends on its index.
    """
    standard = sp.Dummy("index", integer=True, nonnegative=True)
    body = _partial_fractions(body.subs(index, standard), standard)
    front, body = body.subs(standard, standard + low).as_independent(standard, as_Add=False)
    total = sp.Integer(0)
    for term in _terms(body):
        outside, inside = term.as_independent(standard)
        if inside == 1:
            total += outside * (high - low + 1)
            continue
        depths = [int(s.name.removeprefix("_index")) for s in inside.atoms(sp.Symbol) if s.name.startswith("_index")]
        if not depths:
            free, inside = sp.factor_terms(sp.powsimp(sp.simplify(inside))).as_independent(standard, as_Add=False)
            outside *= free
        named = sp.Symbol(f"_index{1 + max(depths, default=0)}", integer=True, nonnegative=True)
        total += outside * sp.Sum(inside.subs(standard, named), (named, 0, high - low))
    return front * total


def _terms(body: Any) -> list[Any]:
    """The terms of the expanded body; sums in it, canonical already, stay as they are."""
    sums = sorted(body.atoms(sp.Sum), key=sp.default_sort_key)
    hidden = {inner: sp.Dummy("S") for inner in sums}
    shown = {dummy: inner for inner, dummy in hidden.items()}
    expanded = sp.expand(body.xreplace(hidden), power_exp=True)
    return [term.xreplace(shown) for term in sp.Add.make_args(expanded)]


def _partial_fractions(body: Any, index: Any) -> Any:
    """A summand rational in its one eigenvalue, split into partial fractions, so that equal sums look alike."""
    atoms = [atom for atom in body.atoms(sp.Indexed) if atom.has(index)]
    if len(atoms) != 1:
        return body
    variable = sp.Dummy("lambda", positive=True)
    rational = body.subs(atoms[0], variable)
    if not rational.is_rational_function(variable) or rational.has(index):
        return body
    return sp.apart(sp.together(rational), variable).subs(variable, atoms[0])


def _radicals_to_generators(expression: Any) -> tuple[Any, list[tuple[sp.Dummy, Any]]]:
    """Each base**(p/q) becomes r**p with the relation r**q = base (bases free of radicals first)."""
    relations: list[tuple[sp.Dummy, Any]] = []
    while True:
        radicals = [
            power
            for power in expression.atoms(sp.Pow)
            if isinstance(power.exp, sp.Rational)
            and power.exp.q > 1
            and not any(isinstance(p.exp, sp.Rational) and p.exp.q > 1 for p in power.base.atoms(sp.Pow))
        ]
        if not radicals:
            return expression, relations
        base = radicals[0].base
        order = math.lcm(*[int(power.exp.q) for power in radicals if power.base == base])
        generator = sp.Dummy("r", positive=True)
        expression = expression.replace(
            lambda node, base=base: (
                isinstance(node, sp.Pow) and node.base == base and isinstance(node.exp, sp.Rational) and node.exp.q > 1
            ),
            lambda node, generator=generator, order=order: generator ** (node.exp * order),
        )
        relations.append((generator, generator**order - base))


def samples_of(domain: Mapping[Any, Any], symbols: set[Any], bases: set[Any], seed: int) -> Iterator[dict[Any, Any]]:
    """Endless exact samples: each symbol from its domain, or from one that fits its assumptions."""
    rng = random.Random(seed)
    while True:
        values: dict[Any, Any] = {}
        for symbol in sorted(symbols, key=str):
            values[symbol] = _draw(symbol, domain.get(symbol), rng)
        for base in sorted(bases, key=str):
            values[base] = _family(rng.randint(0, 2**32))
        yield values


def _family(seed: int) -> Callable[..., arb]:
    """A family of distinct rationals between 0 and 8, one for each index or tuple of indices, drawn when asked for."""
    rng = random.Random(seed)
    members: dict[tuple[int, ...], int] = {}

    def member(*index: int) -> arb:
        while index not in members:
            number = rng.randint(1, 2**20)
            if number not in members.values():
                members[index] = number
        return arb(members[index]) / 2**17

    return member


def _draw(symbol: Any, allowed: Any, rng: random.Random) -> Fraction:
    if isinstance(allowed, list | range):
        return Fraction(rng.choice(allowed))
    if isinstance(allowed, tuple):
        low, high = Fraction(allowed[0]), Fraction(allowed[1])
    elif symbol.is_integer:
        return Fraction(rng.randint(2, 6))
    else:
        low, high = (Fraction(1, 20), Fraction(2)) if symbol.is_nonnegative else (Fraction(-1), Fraction(1))
    return low + (high - low) * Fraction(rng.randint(1, 996), 997)


def _enclosure(expression: Any, values: Mapping[Any, Any]) -> Any:
    with ctx.workprec(_BITS):
        ball = evaluate(expression, values)
        return ball if ball.is_finite() else None


def _names(*expressions: Any) -> tuple[set[Any], set[Any]]:
    symbols: set[Any] = set()
    bases: set[Any] = set()
    for expression in expressions:
        bases |= {node.base for node in expression.atoms(sp.Indexed)}
        symbols |= expression.free_symbols
    labels = {str(base.label) for base in bases}
    return {s for s in symbols if isinstance(s, sp.Symbol) and s.name not in labels}, bases


def _drawn(lhs: Any, rhs: Any, domain: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs of enclosures at samples; samples that leave the domain of definition are passed over."""
    symbols, bases = _names(lhs, rhs)
    failures = 0
    for values in samples_of(domain, symbols, bases, seed=20_240):
        try:
            a, b = _enclosure(lhs, values), _enclosure(rhs, values)
        except InsufficientPrecisionError:
            a = b = None
        except UnsupportedExpressionError:
            return
        if a is None or b is None:
            failures += 1
            if failures > 50:
                return
            continue
        yield a, b


def _differs_at_a_sample(lhs: Any, rhs: Any, domain: Mapping[Any, Any]) -> bool:
    pairs = _drawn(lhs, rhs, domain)
    return any(not a.overlaps(b) for a, b in (pair for _, pair in zip(range(_DRAWS), pairs, strict=False)))


def _agrees_on_samples(lhs: Any, rhs: Any, domain: Mapping[Any, Any], count: int) -> bool:
    for agreed, (a, b) in enumerate(_drawn(lhs, rhs, domain), start=1):
        scale = float((abs(a) + abs(b)).mid())
        if not a.overlaps(b) or not float((a - b).abs_upper()) <= _NARROW * max(scale, 1e-300):
            return False
        if agreed == count:
            return True
    return False
