"""SymPy expression -> ball. The tree is compiled to closures over `arb`, so every rounding is enclosed.

Only heads on the allow-list are evaluated; anything else is an `UnsupportedExpressionError` that names it. Floats are
refused: a statement is exact. Where a `Piecewise` condition cannot be decided at the working precision, or an argument
ball leaves a function's domain, `InsufficientPrecisionError` asks `certify` for more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb
from sympy.core.relational import Relational

from symsl.errors import InsufficientPrecisionError, UnsupportedExpressionError, shorten
from symsl.precision.convert import ball, exact
from symsl.precision.powers import integer_power

Environment = dict[Any, Any]
Compiled = Callable[[Environment], arb]

MAX_TERMS = 10**7

_FUNCTIONS: dict[type, Callable[..., arb]] = {
    sp.exp: arb.exp,
    sp.log: arb.log,
    sp.sin: arb.sin,
    sp.cos: arb.cos,
    sp.tan: arb.tan,
    sp.asin: arb.asin,
    sp.acos: arb.acos,
    sp.atan: arb.atan,
    sp.sinh: arb.sinh,
    sp.cosh: arb.cosh,
    sp.tanh: arb.tanh,
    sp.erf: arb.erf,
    sp.erfc: arb.erfc,
    sp.gamma: arb.gamma,
    sp.loggamma: arb.lgamma,
    sp.digamma: arb.digamma,
    sp.Abs: abs,
    sp.uppergamma: lambda s, x: x.gamma_upper(s),
    sp.lowergamma: lambda s, x: x.gamma_lower(s),
    sp.zeta: lambda s, *a: s.zeta(*a),
    sp.harmonic: lambda n, *order: _harmonic(n, order[0] if order else arb(1)),
    sp.factorial: lambda n: (n + 1).gamma(),
    sp.Min: lambda *args: _fold(arb.min, args),
    sp.Max: lambda *args: _fold(arb.max, args),
}
_CONSTANTS: dict[Any, Callable[[], arb]] = {sp.pi: arb.pi, sp.E: arb.const_e, sp.EulerGamma: arb.const_euler}


def evaluate(expression: Any, values: Mapping[Any, Any] | None = None) -> arb:
    """The enclosure of `expression` at the current working precision.

    `values` maps symbols (or their names) to exact numbers or balls, and an `IndexedBase` (or its name) to a sequence
    (first entry has index 1) or to a function of the integer indices.

    >>> k = sp.Symbol("k")
    >>> print(evaluate(sp.Sum(1 / k**2, (k, 1, 3))).str(12, radius=False))
    1.36111111111
    """
    return compile_expression(expression)(environment(values or {}))


def environment(values: Mapping[Any, Any]) -> Environment:
    """Names to balls or to functions of indices: what a compiled expression reads its symbols from."""
    prepared: Environment = {}
    for key, value in values.items():
        name = str(getattr(key, "label", key))
        if isinstance(value, arb) or callable(value):
            prepared[name] = value
        elif isinstance(value, Sequence) and not isinstance(value, str):
            prepared[name] = _one_based(value)
        else:
            prepared[name] = ball(exact(value, name, "evaluate"))
    return prepared


def compile_expression(expression: Any) -> Compiled:
    """A function from an `environment` to the ball of `expression`; build once, call at any precision."""
    node: Any = sp.sympify(expression)
    if isinstance(node, (sp.Integer, sp.Rational)):
        number = Fraction(int(node.p), int(node.q))
        return lambda _: ball(number)
    if node in _CONSTANTS:
        constant = _CONSTANTS[node]
        return lambda _: constant()
    if isinstance(node, sp.Symbol):
        return _symbol(node)
    if isinstance(node, sp.Add):
        terms = [compile_expression(term) for term in node.args]
        return lambda env: _sum(term(env) for term in terms)
    if isinstance(node, sp.Mul):
        factors = [compile_expression(factor) for factor in node.args]
        return lambda env: _product(factor(env) for factor in factors)
    if isinstance(node, sp.Pow):
        return _power(node)
    if isinstance(node, (sp.Sum, sp.Product)):
        return _indexed_reduction(node)
    if isinstance(node, sp.Piecewise):
        return _piecewise(node)
    if isinstance(node, sp.Indexed):
        return _indexed(node)
    if isinstance(node, sp.hyper):
        upper, lower = ([compile_expression(value) for value in values] for values in (node.ap, node.bq))
        point = compile_expression(node.argument)
        return lambda env: _within_domain(
            point(env).hypgeom([value(env) for value in upper], [value(env) for value in lower]), node
        )
    if isinstance(node, sp.KroneckerDelta):
        difference = compile_expression(node.args[0] - node.args[1])
        return lambda env: arb(1 if _integer(difference(env)) == 0 else 0)
    function = next((function for head, function in _FUNCTIONS.items() if isinstance(node, head)), None)
    if function is not None:
        arguments = [compile_expression(argument) for argument in node.args]
        return lambda env: _within_domain(function(*(argument(env) for argument in arguments)), node)
    raise UnsupportedExpressionError(
        f"evaluate: cannot evaluate {type(node).__name__} in {shorten(node)} with certified bounds; "
        f"rewrite it with {', '.join(sorted(head.__name__ for head in _FUNCTIONS))}, Sum, Product or Piecewise"
        if not isinstance(node, sp.Float)
        else f"evaluate: the float {node} is not exact; write it as a ratio, for example Rational('{node}')"
    )


def _symbol(node: sp.Symbol) -> Compiled:
    name = node.name

    def look_up(env: Environment) -> arb:
        try:
            value: arb = env[name]
        except KeyError:
            raise UnsupportedExpressionError(
                f"evaluate: no value for the symbol {name}; known are {', '.join(sorted(env)) or 'none'}"
            ) from None
        return value

    return look_up


def _power(node: sp.Pow) -> Compiled:
    base, exponent = node.args
    if base is sp.E:
        argument = compile_expression(exponent)
        return lambda env: argument(env).exp()
    compiled_base = compile_expression(base)
    if isinstance(exponent, sp.Integer):
        power = int(exponent)
        return lambda env: integer_power(compiled_base(env), power)
    if exponent == sp.Rational(1, 2):
        return lambda env: _within_domain(compiled_base(env).sqrt(), node)
    if exponent == sp.Rational(-1, 2):
        return lambda env: _within_domain(compiled_base(env).rsqrt(), node)
    compiled_exponent = compile_expression(exponent)

    def power_of_ball(env: Environment) -> arb:
        raised = compiled_exponent(env)
        whole = raised.unique_fmpz() if raised.is_exact() and raised.is_integer() else None
        value = compiled_base(env)
        return integer_power(value, int(whole)) if whole is not None else _within_domain(value**raised, node)

    return power_of_ball


def _indexed_reduction(node: sp.Sum | sp.Product) -> Compiled:
    *inner, (index, low, high) = node.limits  # the last limit is the outermost
    term = compile_expression(node.func(node.function, *inner) if inner else node.function)
    first, last = compile_expression(low), compile_expression(high)
    name, combine = index.name, (_sum if isinstance(node, sp.Sum) else _product)

    def reduce(env: Environment) -> arb:
        start, stop = _integer(first(env)), _integer(last(env))
        if stop - start >= MAX_TERMS:
            raise UnsupportedExpressionError(
                f"evaluate: {stop - start + 1} terms in {shorten(node)} exceed {MAX_TERMS}; use an asymptotic route"
            )
        local = dict(env)

        def terms() -> Iterable[arb]:
            for value in range(start, stop + 1):
                local[name] = arb(value)
                yield term(local)

        return combine(terms())

    return reduce


def _piecewise(node: sp.Piecewise) -> Compiled:
    branches = [(compile_expression(value), _condition(condition)) for value, condition in node.args]

    def choose(env: Environment) -> arb:
        for value, holds in branches:
            if holds(env):
                return value(env)
        raise UnsupportedExpressionError(f"evaluate: no branch of {shorten(node)} applies")

    return choose


def _condition(condition: Any) -> Callable[[Environment], bool]:
    if condition in (sp.true, True):
        return lambda _: True
    if condition in (sp.false, False):
        return lambda _: False
    if isinstance(condition, (sp.And, sp.Or)):
        parts = [_condition(part) for part in condition.args]
        combine = all if isinstance(condition, sp.And) else any
        return lambda env: combine(part(env) for part in parts)
    if isinstance(condition, sp.Not):
        inner = _condition(condition.args[0])
        return lambda env: not inner(env)
    if isinstance(condition, Relational):
        return _relation(condition)
    raise UnsupportedExpressionError(f"evaluate: the condition {shorten(condition)} cannot be decided on balls")


def _relation(condition: Relational) -> Callable[[Environment], bool]:
    difference = compile_expression(condition.lhs - condition.rhs)
    by_sign = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0), "==": (0,), "!=": (-1, 1)}[condition.rel_op]

    def decide(env: Environment) -> bool:
        value = difference(env)
        if value.is_zero():
            return 0 in by_sign
        if value > 0:
            return 1 in by_sign
        if value < 0:
            return -1 in by_sign
        raise InsufficientPrecisionError(f"the sign of {shorten(condition.lhs - condition.rhs)} is not decided")

    return decide


def _indexed(node: sp.Indexed) -> Compiled:
    name = str(node.base.label)
    indices = [compile_expression(index) for index in node.indices]

    def look_up(env: Environment) -> arb:
        if name not in env:
            raise UnsupportedExpressionError(f"evaluate: no values for the indexed symbol {name}")
        value: arb = env[name](*(_integer(index(env)) for index in indices))
        return value

    return look_up


def _one_based(values: Sequence[Any]) -> Callable[[int], arb]:
    def entry(index: int) -> arb:
        if not 1 <= index <= len(values):
            raise UnsupportedExpressionError(f"evaluate: index {index} is outside 1..{len(values)}")
        value = values[index - 1]
        return value if isinstance(value, arb) else ball(exact(value, f"[{index}]", "evaluate"))

    return entry


def _integer(value: arb) -> int:
    whole = value.unique_fmpz()
    if whole is None or not value.is_exact():
        raise UnsupportedExpressionError(f"evaluate: {value.str(10)} is used as an index but is not an exact integer")
    return int(whole)


def _harmonic(n: arb, order: arb) -> arb:
    """H_n^(order) = zeta(order) - zeta(order, n+1), and digamma(n+1) + gamma for order 1."""
    if order.is_exact() and order == 1:
        return (n + 1).digamma() + arb.const_euler()
    return order.zeta() - order.zeta(n + 1)


def _within_domain(value: arb, node: Any) -> arb:
    if not value.is_finite():
        raise InsufficientPrecisionError(f"{shorten(node)} is not finite on the ball of its arguments")
    return value


def _fold(function: Callable[[arb, arb], arb], values: Sequence[arb]) -> arb:
    result = values[0]
    for value in values[1:]:
        result = function(result, value)
    return result


def _sum(values: Iterable[arb]) -> arb:
    return sum(values, arb(0))


def _product(values: Iterable[arb]) -> arb:
    result = arb(1)
    for value in values:
        result = result * value
    return result


__all__ = ["Compiled", "Environment", "compile_expression", "environment", "evaluate"]
