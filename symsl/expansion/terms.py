r"""SymPy expression -> `Expansion` in powers of t = V**(-1/d), term by term.

Sums of powers come from the Euler-Maclaurin formula: with s > 0, s != 1 and (s)_n = s (s+1) ... (s+n-1),

    sum_{k=1}^{V} k**(-s) = zeta(s) - V**(1-s)/(s-1) + V**(-s)/2 - sum_{j=1}^{J} b_j V**(1-s-2j)
                            - theta b_{J+1} V**(-1-s-2J),
    b_j = B_{2j}/(2j)! (s)_{2j-1},    0 <= theta <= 1,

because all derivatives of odd order of x**(-s) have one sign, as have those of even order: what is left out lies
between zero and the first term left out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import sympy as sp

from symsl.errors import UsageError, shorten
from symsl.expansion.model import PIECES, Expansion, FinerGridError, Setting, exact_ball, unit_interval

_POINT = sp.Symbol("point", real=True)
_ANALYTIC = (
    sp.exp, sp.log, sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.sinh, sp.cosh, sp.tanh, sp.erf, sp.erfc,
)  # fmt: skip


def expansion(expression: Any, setting: Setting) -> Expansion:
    """The expansion of an expression; `UsageError` for what has none in powers of the variable."""
    node, variable = expression, setting.variable
    if not node.has(variable):
        return setting.constant(node)
    if node == variable:
        return setting.power(-setting.d, sp.Integer(1))
    if isinstance(node, sp.Add):
        total, *others = (expansion(term, setting) for term in node.args)
        for other in others:
            total = total + other
        return total
    if isinstance(node, sp.Mul):
        fixed, moving = node.as_independent(variable, as_Add=False)
        product, *others = (expansion(factor, setting) for factor in sp.Mul.make_args(moving))
        for other in others:
            product = product * other
        return product.scaled(fixed)
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        return expansion(node.base, setting).raised(node.exp)
    if isinstance(node, sp.Sum):
        return expansion(_power_sums(node, variable), setting)
    if isinstance(node, sp.harmonic) and node.args[0] == variable:
        return _harmonic(node.args[1] if len(node.args) > 1 else sp.Integer(1), setting)
    if isinstance(node, _ANALYTIC) and len(node.args) == 1:
        return expansion(node.args[0], setting).composed(_taylor_of(type(node)))
    raise UsageError(
        f"series: no expansion of {shorten(node)} in powers of {variable}: there may be powers with rational exponents "
        f"(give beta a value first: .subs(beta, Rational(1, 2))), sums of powers up to {variable}, and "
        f"{', '.join(head.__name__ for head in _ANALYTIC)} of what stays finite"
    )


def _taylor_of(function: Any) -> Callable[[Any, int], Any]:
    return lambda z, order: _derivative(function, order).subs(_POINT, z) / sp.factorial(order)


@cache
def _derivative(function: Any, order: int) -> Any:
    """The derivative at `_POINT`, like terms together."""
    return sp.expand_mul(sp.diff(_derivative(function, order - 1), _POINT)) if order else function(_POINT)


def _power_sums(total: sp.Sum, variable: Any) -> Any:
    """sum_{k=1}^{V} of powers of k as harmonic numbers, polynomials in k summed."""
    if len(total.limits) == 1:
        index, low, high = total.limits[0]
        result: Any = sp.Integer(0)
        for term in sp.Add.make_args(sp.expand(total.function)):
            fixed, moving = sp.powsimp(term).as_independent(index, as_Add=False)
            exponent = sp.Integer(0) if moving == 1 else moving.as_base_exp()[1] if moving != index else sp.Integer(1)
            if low != 1 or high != variable or moving not in (1, index**exponent) or not exponent.is_Rational:
                break
            polynomial = exponent.is_Integer and exponent >= 0
            summed = sp.summation(moving, (index, 1, high)) if polynomial else sp.harmonic(high, -exponent)
            result += fixed * summed
        else:
            return result
    raise UsageError(
        f"series: {shorten(total)} is not a sum of powers k**(-s), k = 1..{variable}, with rational s; "
        "for a power law insert symsl.symbolic_spectrum.power_law_moment, and a number for beta"
    )


def _harmonic(s: Any, setting: Setting) -> Expansion:
    """sum_{k=1}^{V} k**(-s)."""
    if not s.is_Rational or s <= 0 or s == 1:
        raise UsageError(
            f"series: sum_k k**(-s), k = 1..{setting.variable}, has powers of {setting.variable} for rational s > 0 "
            f"other than 1 only; here s = {s} (give beta a value first)"
        )
    if (s * setting.d).q != 1:
        raise FinerGridError(setting.d * int((s * setting.d).q))
    d, step = setting.d, int(s * setting.d)  # V**(1-s) = t**(step - d)
    terms = [(0, sp.zeta(s)), (step - d, -1 / (s - 1)), (step, sp.Rational(1, 2))]
    least, j = min(0, step - d), 1
    while (power := step + (2 * j - 1) * d) < least + setting.length:
        terms.append((power, -_bernoulli_term(s, j)))
        j += 1
    total, *others = (setting.power(power, coefficient) for power, coefficient in terms)
    for other in others:
        total = total + other
    theta, value = unit_interval(), exact_ball(_bernoulli_term(s, j))
    beyond = Expansion(setting, power, (), (-theta * value,) * PIECES)  # power >= total.end, by the loop
    return total + beyond.until(total.end)


def _bernoulli_term(s: Any, j: int) -> Any:
    return sp.bernoulli(2 * j) / sp.factorial(2 * j) * sp.rf(s, 2 * j - 1)
