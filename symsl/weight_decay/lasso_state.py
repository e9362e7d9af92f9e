"""What the state evolution of the diagonal network tells: one record, in doubles, balls or certified numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Generic, TypeVar

from flint import arb

from symsl.precision import Certified

T = TypeVar("T", float, arb, Certified)


@dataclass(frozen=True)
class LassoState(Generic[T]):
    """A fixed point of the state evolution of the LASSO.

    `lam` weight decay, `tau` standard deviation of the effective noise on a coefficient, `theta` effective threshold,
    `alpha` = theta/tau, `R` excess risk |beta^ - beta*|**2, `dof` expected number of active coefficients, `train` mean
    squared residual, `test` = Delta + R. The generalised cross-validation identity test = train/(1 - dof/n)**2 holds.
    """

    lam: T
    tau: T
    theta: T
    alpha: T
    R: T
    dof: T
    train: T
    test: T

    def entries(self) -> list[T]:
        """The values in the order of the fields."""
        return [getattr(self, field.name) for field in fields(self)]


__all__ = ["LassoState"]
