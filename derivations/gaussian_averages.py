"""Eqs. 89-91: averages of the error function over Gaussians, from integration by parts and one derivative."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.erf.gaussian_averages import four_point_average, three_point_average, two_point_average
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
    Lambda_0,
    Lambda_1,
    Lambda_2,
    Lambda_4,
)
from symsl.verification import Claim, Derivation, arrives_at, identity

C = sp.Matrix([[C11, C12, C13, C14], [C12, C22, C23, C24], [C13, C23, C33, C34], [C14, C24, C34, C44]])
HEIGHT = 2 / sp.pi  # g'(a) g'(b) = (2/pi) e^(-(a^2 + b^2)/2)
_DIAGONAL, _SMALL = (sp.Rational(1, 2), sp.Integer(2)), (-sp.Rational(1, 4), sp.Rational(1, 4))
DOMAIN = {entry: _DIAGONAL if a == b else _SMALL for a in range(4) for b in range(4) for entry in [C[a, b]]}
"""Diagonally dominant, so that every sample is a covariance matrix."""


def density(covariance: sp.Matrix, z: sp.Matrix) -> Any:
    """The density of a centred Gaussian at z."""
    exponent = -(z.T * covariance.adjugate() * z)[0] / (2 * covariance.det())
    return sp.exp(exponent) / sp.sqrt((2 * sp.pi) ** len(z) * covariance.det())


def premises_of_integration() -> Iterator[Claim]:
    """Two properties of the density; integration by parts carries them to averages."""
    z = sp.Matrix(sp.symbols("z_1 z_2", real=True))
    pair = C[:2, :2]
    p = density(pair, z)
    log_p = sp.log(p)
    # both sides divided by the density, which leaves rational functions
    slope = [log_p.diff(x) for x in z]
    mixed = log_p.diff(z[0], z[1]) + slope[0] * slope[1]
    yield identity(
        "the Gaussian density p obeys dp/dC12 = d^2 p / dz_1 dz_2, so that dE[f]/dC12 = E[d^2 f / dz_1 dz_2]",
        sp.simplify(log_p.diff(C12)),
        sp.simplify(mixed),
        wrong=2 * sp.simplify(mixed),
        domain=DOMAIN,
    )
    three = sp.Matrix(sp.symbols("z_1 z_2 z_3", real=True))
    gradient = sp.Matrix([sp.log(density(C[:3, :3], three)).diff(x) for x in three])
    yield identity(
        "and z p = -C grad p, so that E[z_a f] = sum_b C_ab E[df/dz_b]",
        -(C[:3, :3] * gradient),
        three,
        wrong=-three,
        domain=DOMAIN,
    )


def tilted(units: list[int]) -> sp.Matrix:
    """The covariance under p times prod_a e^(-z_a^2/2), a in `units`: C - C_.a (1 + C_aa)^-1 C_a. for all four."""
    block = C.extract(units, units) + sp.eye(len(units))
    columns = C[:, units]
    return C - columns * (block.adjugate() / block.det()) * columns.T


def tilts() -> Iterator[Claim]:
    """Factors g' change the covariance and the norm, and nothing else."""
    for units in ([0], [0, 1]):
        mask = sp.diag(*[1 if a in units else 0 for a in range(4)])
        names = " and ".join(f"e^(-z_{a + 1}^2/2)" for a in units)
        found = tilted(units)
        yield identity(
            f"{names} makes the Gaussian one with inverse covariance C^-1 + E: its covariance S has S + C E S = C",
            (found + C * mask * found).applyfunc(sp.cancel),
            C,
            wrong=C + mask,
            domain=DOMAIN,
        )
        size = len(units)
        yield identity(
            f"and its norm is det(C^-1 + E) det C = det(1 + C E) to the power -1/2, the minor of 1 + C on {size} units",
            (sp.eye(4) + C * mask).det(),
            (sp.eye(size) + C.extract(units, units)).det(),
            wrong=(sp.eye(size) - C.extract(units, units)).det(),
            domain=DOMAIN,
        )


def two_slopes(first: Any, cross: Any, second: Any) -> Any:
    """E[g'(a) g'(b)] = (2/pi) det(1 + C)^(-1/2) for the covariances first, cross, second of a and b."""
    return HEIGHT / sp.sqrt((1 + first) * (1 + second) - cross**2)


def two_point() -> Iterator[Claim]:
    product, path = sp.Symbol("product", positive=True), sp.Symbol("path", real=True)
    slope = two_slopes(C11, path, C22).subs((1 + C11) * (1 + C22), product)
    primitive = sp.integrate(slope, path)
    yield identity(
        "dI_2/dC12 = E[g'(z_1) g'(z_2)] > 0 (squared here), integrated from C12 = 0, where z_1 and z_2 are independent "
        "and g is odd",
        primitive.diff(path) ** 2,
        slope**2,
        wrong=slope**2 * path,
        domain={product: (sp.Integer(2), sp.Integer(3)), path: _SMALL},
    )
    derived = (primitive.subs(path, C12) - primitive.subs(path, 0)).subs(product, (1 + C11) * (1 + C22))
    yield arrives_at("89", "I_2", derived, domain=DOMAIN)
    yield identity(
        "the code of Eq. 89 is this formula",
        two_point_average(C11, C12, C22),
        equation("89").statement.rhs,
        wrong=two_point_average(C11, -C12, C22),
        domain=DOMAIN,
    )


def three_point() -> Iterator[Claim]:
    slopes, with_first = two_slopes(C11, C13, C33), sp.Symbol("E[z_1 g'(z_1) g(z_3)]", real=True)

    # E[z_a f] with f = g'(z_1) g(z_3): df/dz_1 = -z_1 f because g'' = -z g', and df/dz_3 = g'(z_1) g'(z_3)
    def by_parts(on_first: Any, on_third: Any) -> Any:
        return on_first * -with_first + on_third * slopes

    x = sp.Symbol("x", real=True)
    g = sp.erf(x / sp.sqrt(2))
    yield identity("g'' = -x g'", g.diff(x, 2), -x * g.diff(x), wrong=x * g.diff(x))
    yield identity("g'(x)^2 = (2/pi) e^(-x^2)", g.diff(x) ** 2, HEIGHT * sp.exp(-(x**2)), wrong=sp.exp(-(x**2)))
    (first,) = sp.solve(by_parts(C11, C13) - with_first, with_first)
    derived = by_parts(C12, C23).subs(with_first, first)
    yield arrives_at(
        "90",
        "E[z_a g'(z_1) g(z_3)] = -C_1a E[z_1 g'(z_1) g(z_3)] + C_a3 E[g'(z_1) g'(z_3)], for a = 1 and then a = 2",
        derived,
        wrong=derived.subs(C12, -C12),
        domain=DOMAIN,
    )
    yield identity(
        "the code of Eq. 90 is this formula",
        three_point_average(C11, C12, C13, C23, C33),
        equation("90").statement.rhs,
        wrong=three_point_average(C11, C12, C13, -C23, C33),
        domain=DOMAIN,
    )


def four_point() -> Iterator[Claim]:
    one = sp.eye(4) + C
    minors = [
        one.extract(rows, columns).det()
        for rows, columns in (([0, 1, 2], [0, 1, 3]), ([0, 1, 2], [0, 1, 2]), ([0, 1, 3], [0, 1, 3]), ([0, 1], [0, 1]))
    ]
    norm = minors[3]
    found = tilted([0, 1])
    yield identity(
        "under g'(z_1) g'(z_2) the covariances are Lambda_1/Lambda_4 - 1, Lambda_0/Lambda_4, Lambda_2/Lambda_4 - 1, "
        "with minors of 1 + C",
        sp.Matrix([found[2, 2], found[2, 3], found[3, 3]]),
        sp.Matrix([minors[1] / norm - 1, minors[0] / norm, minors[2] / norm - 1]),
        wrong=sp.Matrix([minors[1] / norm, minors[0] / norm, minors[2] / norm]),
        domain=DOMAIN,
    )
    inner = equation("89").statement.rhs.subs(
        {C11: Lambda_1 / Lambda_4 - 1, C12: Lambda_0 / Lambda_4, C22: Lambda_2 / Lambda_4 - 1}, simultaneous=True
    )
    inner = inner.replace(sp.asin, lambda argument: sp.asin(sp.simplify(argument)))
    derived = sp.Matrix([HEIGHT / sp.sqrt(Lambda_4) * inner, *minors])
    yield arrives_at(
        "91", "Eq. 89 with these covariances", derived, wrong=derived.subs(Lambda_4, Lambda_4**2), domain=_MINORS
    )
    statement = equation("91").statement.rhs
    values = dict(zip((Lambda_0, Lambda_1, Lambda_2, Lambda_4), statement[1:], strict=True))
    entries = [C[a, b] for a in range(4) for b in range(a, 4)]
    yield identity(
        "the code of Eq. 91 is this formula",
        four_point_average(*entries),
        statement[0].subs(values),
        wrong=four_point_average(*[-C34 if entry == C34 else entry for entry in entries]),
        domain=DOMAIN,
    )
    yield identity(
        "the other way: Lambda_1 Lambda_2 - Lambda_0^2 = Lambda_4 det(1 + C), which makes dI_4/dC34 of Eq. 91 equal to "
        "E[g' g' g' g'] = (4/pi^2) det(1 + C)^(-1/2)",
        minors[1] * minors[2] - minors[0] ** 2,
        norm * one.det(),
        wrong=norm**2 * one.det(),
        domain=DOMAIN,
    )


def claims() -> Iterator[Claim]:
    yield from premises_of_integration()
    yield from tilts()
    yield from two_point()
    yield from three_point()
    yield from four_point()


_MINORS = {
    Lambda_0: _SMALL,
    Lambda_1: (sp.Integer(2), sp.Integer(3)),
    Lambda_2: (sp.Integer(2), sp.Integer(3)),
    Lambda_4: (sp.Integer(2), sp.Integer(3)),
} | DOMAIN

DERIVATION = Derivation(
    "Gaussian averages of the error function",
    "Jointly Gaussian variables of zero mean and covariance C; g(x) = erf(x/sqrt 2); integration by parts, and "
    "differentiation of averages with respect to C.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
