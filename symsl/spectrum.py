"""The spectrum of the data covariance: L distinct eigenvalues, each with the same multiplicity N/L (Sec. 3, Eq. 1).

A `Spectrum` is exact. Its methods return balls at the working precision of `flint.ctx`, so that they can be used inside
`certify`. All quantities are dimensionless; most of the theory assumes the normalisation u_1 = (1/L) sum_k lambda_k
= 1, which `Spectrum.power_law` has and `Spectrum.from_eigenvalues(..., normalise=True)` makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from flint import arb, arb_poly, ctx, fmpq

from symsl.arguments import sequence
from symsl.errors import ParameterError
from symsl.precision import ball, exact, exact_integer

if TYPE_CHECKING:
    import sympy

    from symsl.data_spectrum import DataSpectrum

MAX_LISTED = 10**7
_SEPARATION_BITS = 4096


@dataclass(frozen=True)
class Spectrum:
    """L distinct positive eigenvalues: a power law, or any list.

    Use the constructors `power_law`, `from_eigenvalues`; `from_data` estimates one. `beta` is None for a list; `values`
    is None for a power law; `factor` is what the given eigenvalues were divided by (1 unless normalised).
    """

    L: int
    beta: Fraction | None = None
    values: tuple[Fraction | sympy.Expr, ...] | None = None
    factor: Fraction | sympy.Expr = Fraction(1)

    @classmethod
    def power_law(cls, L: object, beta: object) -> Spectrum:
        """Eq. 1: lambda_k = lambda_+ / k**(1 + beta), k = 1..L, with lambda_+ = L / H_L^(1+beta), so that u_1 = 1.

        Raises `ParameterError` unless L >= 1 is an integer and beta > 0 rational.

        >>> with ctx.workdps(15):
        ...     print(*(value.str(5, radius=False) for value in Spectrum.power_law(L=2, beta=1).eigenvalues()))
        1.6000 0.40000
        """
        where = "Spectrum.power_law"
        count, exponent = exact_integer(L, "L", where), exact(beta, "beta", where)
        if count < 1:
            raise ParameterError(where, "L", L, "L >= 1 (Eq. 1)", "give the number of distinct eigenvalues")
        if exponent <= 0:
            raise ParameterError(where, "beta", beta, "beta > 0 (Eq. 1)", "choose a positive exponent, such as 1/2")
        return cls(count, beta=exponent)

    @classmethod
    def from_eigenvalues(cls, eigenvalues: Iterable[object], *, normalise: bool = False) -> Spectrum:
        """Any distinct positive eigenvalues: numbers (see `symsl.precision.exact`) or exact SymPy constants.

        The order is kept. With `normalise=True` they are divided by their mean, which is kept as `factor`.
        """
        where = "Spectrum.from_eigenvalues"
        given = sequence(eigenvalues, "eigenvalues", where)
        if not given:
            raise ParameterError(where, "eigenvalues", "[]", "L >= 1 (Eq. 1)", "give at least one eigenvalue")
        values = tuple(_exact_eigenvalue(value, f"eigenvalues[{i}]", where) for i, value in enumerate(given))
        _require_distinct_and_positive(values, where)
        if not normalise:
            return cls(len(values), values=values)
        mean = sum(values[1:], values[0]) / len(values)
        return cls(len(values), values=tuple(value / mean for value in values), factor=mean)

    @classmethod
    def from_data(cls, data: Any, n_directions: object = None, **options: Any) -> DataSpectrum:
        """The covariance spectrum of data (rows are examples) and its power law: `symsl.data_spectrum.from_data`.

        The result holds the normalised `spectrum`, the fitted `beta` with `beta_error`, and the eigenvectors.
        """
        from symsl.data_spectrum import from_data

        return from_data(data, n_directions, **options)

    def eigenvalues(self) -> list[arb]:
        """lambda_1, ..., lambda_L as balls at the current working precision."""
        if self.L > MAX_LISTED:
            raise ParameterError(
                "Spectrum.eigenvalues", "L", self.L, f"L <= {MAX_LISTED} for a list", "use the asymptotic route"
            )
        return list(_eigenvalues(self, ctx.prec))

    def eigenvalue(self, k: object) -> arb:
        """lambda_k for one k = 1..L; for a power law at a cost independent of L."""
        where = "Spectrum.eigenvalue"
        index = exact_integer(k, "k", where)
        if not 1 <= index <= self.L:
            raise ParameterError(where, "k", k, f"1 <= k <= L = {self.L} (Eq. 1)", "choose one of the L eigenvalues")
        if self.beta is None:
            return self.eigenvalues()[index - 1]
        exponent = 1 + self.beta
        return self.largest() / arb(index) ** arb(fmpq(exponent.numerator, exponent.denominator))

    def rational_eigenvalues(self) -> list[Fraction] | None:
        """The eigenvalues as exact fractions, or None where some are irrational."""
        if self.values is not None:
            rational = [value for value in self.values if isinstance(value, Fraction)]
            return rational if len(rational) == self.L else None
        assert self.beta is not None
        if self.beta.denominator != 1:
            return None
        powers = [Fraction(1, k ** (1 + self.beta.numerator)) for k in range(1, self.L + 1)]
        total = sum(powers)
        return [self.L * power / total for power in powers]

    def largest(self) -> arb:
        """lambda_+, the largest eigenvalue."""
        if self.beta is not None:
            return self.L / self.harmonic(self.L, 1)
        balls = self.eigenvalues()
        return max(balls, key=lambda value: value.mid())

    def harmonic(self, n: int, order: int) -> arb:
        """Power law only: H_n^(order (1+beta)) = sum_{k<=n} k**(-order (1+beta)), at a cost independent of n."""
        assert self.beta is not None
        exponent = ball(order * (1 + self.beta))
        return exponent.zeta() - exponent.zeta(arb(n + 1))

    def moment(self, order: int) -> arb:
        """u_l = (1/L) sum_k lambda_k**l, l any integer; for a power law at a cost independent of L."""
        order = exact_integer(order, "order", "Spectrum.moment")
        if order == 0:
            return arb(1)
        if self.beta is not None:
            return self.largest() ** order * self.harmonic(self.L, order) / self.L
        return sum((value**order for value in self.eigenvalues()), arb(0)) / self.L

    def is_normalised(self) -> bool:
        """Whether u_1 = 1 holds exactly (decided exactly for rational eigenvalues; true for every power law)."""
        if self.values is None:
            return True
        mean = sum(self.values[1:], self.values[0]) / self.L
        if isinstance(mean, Fraction):
            return mean == 1
        from sympy import simplify

        return bool(simplify(mean - 1) == 0)

    def characteristic_polynomial(self) -> arb_poly:
        """prod_k (x - lambda_k) = x**L + c_{L-1} x**(L-1) + ... + c_0, by a product tree (Eq. 31)."""
        return arb_poly.from_roots(self.eigenvalues())

    def multiplicity(self, N: object) -> int:
        """N/L, how often each eigenvalue occurs in input dimension N; `ParameterError` unless L divides N."""
        dimension = exact_integer(N, "N", "Spectrum.multiplicity")
        if dimension < 1 or dimension % self.L:
            nearest = max(1, round(Fraction(dimension, self.L))) * self.L
            raise ParameterError(
                "Spectrum.multiplicity", "N", N, f"N a positive multiple of L = {self.L} (Eq. 1)", f"take N={nearest}"
            )
        return dimension // self.L

    def describe(self) -> dict[str, object]:
        """The exact definition, as data for provenance: {"L", "beta"} or {"eigenvalues", "factor"}."""
        if self.beta is not None:
            return {"L": str(self.L), "beta": str(self.beta)}
        assert self.values is not None
        return {"eigenvalues": [str(value) for value in self.values], "factor": str(self.factor)}


def require_spectrum(spectrum: object, where: str) -> Spectrum:
    """`spectrum`, which must be a `Spectrum`."""
    if not isinstance(spectrum, Spectrum):
        remedy = (
            "build one with Spectrum.power_law or Spectrum.from_eigenvalues; that of data is from_data(...).spectrum"
        )
        raise ParameterError(where, "spectrum", spectrum, "a Spectrum (Eq. 1)", remedy)
    return spectrum


def _exact_eigenvalue(value: object, argument: str, where: str) -> Fraction | sympy.Expr:
    if type(value).__module__.startswith("sympy") and not getattr(value, "is_Rational", False):
        from sympy import Expr, Float

        if isinstance(value, Expr) and not value.free_symbols and not value.atoms(Float):
            return value
    return exact(value, argument, where)


def _require_distinct_and_positive(values: tuple[Fraction | sympy.Expr, ...], where: str) -> None:
    order = sorted(range(len(values)), key=lambda i: values[i] if isinstance(values[i], Fraction) else float(values[i]))
    with ctx.workprec(_SEPARATION_BITS if not all(isinstance(value, Fraction) for value in values) else 64):
        for i in range(len(values)):
            if not _positive(values[i]):
                raise ParameterError(
                    where, f"eigenvalues[{i}]", values[i], "lambda_k > 0 (Eq. 1)", "drop the null directions"
                )
        for i, j in pairwise(order):
            if not _differ(values[i], values[j]):
                raise ParameterError(
                    where,
                    f"eigenvalues[{max(i, j)}]",
                    values[max(i, j)],
                    "distinct eigenvalues (Eq. 1)",
                    "list each distinct eigenvalue once; all have the same multiplicity N/L",
                )


def _positive(value: Fraction | sympy.Expr) -> bool:
    return value > 0 if isinstance(value, Fraction) else bool(_as_ball(value) > 0)


def _differ(a: Fraction | sympy.Expr, b: Fraction | sympy.Expr) -> bool:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a != b
    return not _as_ball(a).overlaps(_as_ball(b))


def _as_ball(value: Fraction | sympy.Expr) -> arb:
    if isinstance(value, Fraction):
        return ball(value)
    from symsl.precision.evaluate import evaluate

    return evaluate(value)


@lru_cache(maxsize=16)
def _eigenvalues(spectrum: Spectrum, bits: int) -> tuple[arb, ...]:
    """Balls at `bits` bits (the current working precision, made part of the cache key)."""
    if spectrum.values is not None:
        return tuple(_as_ball(value) for value in spectrum.values)
    assert spectrum.beta is not None
    with ctx.workprec(bits + 16):
        exponent = 1 + spectrum.beta
        largest = spectrum.largest()
        if exponent.denominator == 1:
            return tuple(largest / arb(k**exponent.numerator) for k in range(1, spectrum.L + 1))
        power = -fmpq(exponent.numerator, exponent.denominator)
        return tuple(largest * arb(k) ** arb(power) for k in range(1, spectrum.L + 1))
