"""Eqs. 92-94: the equations of motion and the generalisation error of the erf network, any numbers of units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from symsl.derivations.order_parameters import Field, covariance

from symsl.equations import equation
from symsl.symbols import (
    C11,
    C12,
    C13,
    C14,
    C22,
    C23,
    C24,
    C33,
    C34,
    C44,
    I2_xx,
    I2_xy,
    I2_yy,
    I3_xxx,
    I3_xxy,
    I3_xyx,
    I3_xyy,
    I4_xx,
    I4_xy,
    I4_yy,
    K,
    Lambda_0,
    Lambda_1,
    Lambda_2,
    Lambda_4,
    M,
    Q_units,
    R_units,
    eta,
    i,
    l,
    n,
)
from symsl.verification import Claim, Derivation, arrives_at

FAMILIES = {
    **{base: ("I2", kinds) for base, kinds in ((I2_xx, "xx"), (I2_xy, "xy"), (I2_yy, "yy"))},
    **{base: ("I3", kinds) for base, kinds in ((I3_xyy, "xyy"), (I3_xyx, "xyx"), (I3_xxy, "xxy"), (I3_xxx, "xxx"))},
    **{base: ("I4", "xx" + kinds) for base, kinds in ((I4_xx, "xx"), (I4_xy, "xy"), (I4_yy, "yy"))},
}
"""Which average, of which fields; the second field of I_3 is the one of order l."""
ONE_UNIT = {K: [1], M: [1], l: [1, 2]}


def average(name: str, fields: tuple[Field, ...]) -> Any:
    """Eqs. 89-91 with the covariances of these fields."""
    pairs = {
        symbol: covariance(fields[int(symbol.name[1]) - 1], fields[int(symbol.name[2]) - 1])
        for symbol in (C11, C12, C13, C14, C22, C23, C24, C33, C34, C44)
        if int(symbol.name[2]) <= len(fields)
    }
    if name != "I4":
        return equation({"I2": "89", "I3": "90"}[name]).statement.rhs.subs(pairs, simultaneous=True)
    value, *determinants = equation("91").statement.rhs
    names = (Lambda_0, Lambda_1, Lambda_2, Lambda_4)
    return value.subs(dict(zip(names, determinants, strict=True))).subs(pairs, simultaneous=True)


def written_out(expression: Any) -> Any:
    """Every I_2, I_3, I_4 replaced by its value."""

    def value(node: Any) -> Any:
        name, kinds = FAMILIES[node.base]
        orders = [l if name == "I3" and place == 1 else sp.Integer(0) for place in range(len(kinds))]
        return average(name, tuple(zip(kinds, node.indices, orders, strict=True)))

    return expression.replace(lambda node: isinstance(node, sp.Indexed) and node.base in FAMILIES, value)


def claims() -> Iterator[Claim]:
    drift_R, velocity_Q = (written_out(entry) for entry in equation("18").statement.rhs)
    slower = R_units[i, n, l]
    yield arrives_at(
        "92",
        "Eq. 18 with the averages I_3 of Eq. 90 and the covariances of Eq. 21",
        drift_R,
        wrong=drift_R.subs(R_units[i, n, l + 1], slower),
        domain=ONE_UNIT,
    )
    first_order = velocity_Q.coeff(eta, 1)
    yield arrives_at(
        "93",
        "the part of first order in eta",
        eta * first_order,
        wrong=eta * first_order.subs(R_units, Q_units),
        domain=ONE_UNIT,
    )
    complete = equation("93").statement.rhs + eta**2 * velocity_Q.coeff(eta, 2)
    yield arrives_at(
        "erf-student-student-dynamics-complete",
        "with the part of second order, the only other one, where I_4 is that of Eq. 91 with the covariances of Eq. 22",
        complete,
        wrong=complete.subs(eta, -eta),
        domain=ONE_UNIT,
    )
    error = written_out(equation("19").statement.rhs)
    yield arrives_at("94", "Eq. 19 with I_2 of Eq. 89", error, wrong=written_out(_WRONG_ERROR), domain=ONE_UNIT)


_WRONG_ERROR = equation("19").statement.rhs.subs(I2_xy, I2_yy)

DERIVATION = Derivation(
    "Dynamics of the erf network",
    "Eqs. 18 and 19 (sums over the units of both networks), their covariances (Eqs. 20-22), and the Gaussian averages "
    "of Eqs. 89-91.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
