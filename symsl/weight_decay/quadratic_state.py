"""What the state evolution of the quadratic network tells: one record, in doubles, balls or certified numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from flint import arb

from symsl.precision import Certified

T = TypeVar("T", float, arb, Certified)


@dataclass(frozen=True)
class QuadraticState(Generic[T]):
    """A fixed point of the state evolution of the quadratic network.

    `lam` weight decay, `nu` standard deviation of the semicircle of effective noise, `theta` effective threshold on
    eigenvalues, `t` = theta/nu, `R` excess risk |S^ - S*|_F**2, `dof` effective number of parameters, `train` mean
    squared residual, `test` = Delta + R = 2 n nu**2/d. The identity test = train/(1 - dof/n)**2 holds.
    """

    lam: T
    nu: T
    theta: T
    t: T
    R: T
    dof: T
    train: T
    test: T

    def entries(self) -> list[T]:
        """The values in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]


__all__ = ["QuadraticState"]
