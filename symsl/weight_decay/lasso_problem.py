"""The door of the LASSO functions: exact parameters in, conditions checked, remedies named."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symsl.errors import ParameterError, UsageError
from symsl.precision import exact
from symsl.weight_decay.target import Target, as_target

OPTIMAL = "optimal"


@dataclass(frozen=True)
class LassoProblem:
    """A target, n samples, label noise of variance Delta, and what to solve for.

    Exactly one of `lam` (a weight decay >= 0, zero meaning the limit lam -> 0+) and `alpha` (the threshold in units of
    the effective noise) is given, or neither: then the optimum over lam is meant.
    """

    target: Target
    n: Fraction
    Delta: Fraction
    lam: Fraction | None
    alpha: Fraction | None


def lasso_problem(where: str, target: object, n: object, Delta: object, lam: object, alpha: object) -> LassoProblem:
    """The problem with exact parameters, or a `ParameterError` or `UsageError` that says what to change."""
    if (lam is None) == (alpha is None):
        raise UsageError(f'{where} needs exactly one of lam (a number >= 0, or "{OPTIMAL}") and alpha')
    checked = as_target(target, where)
    samples, noise = exact(n, "n", where), exact(Delta, "Delta", where)
    if samples <= 0:
        raise ParameterError(where, "n", n, "n > 0", "give the number of samples")
    if noise < 0:
        raise ParameterError(where, "Delta", Delta, "Delta >= 0 (a variance)", "give the variance of the label noise")
    if alpha is not None:
        threshold = exact(alpha, "alpha", where)
        if threshold <= 0:
            raise ParameterError(where, "alpha", alpha, "alpha > 0", "give theta/tau, or ask for lam = 0 instead")
        return LassoProblem(checked, samples, noise, None, threshold)
    if lam == OPTIMAL:
        return LassoProblem(checked, samples, noise, None, None)
    decay = exact(lam, "lam", where)
    if decay < 0:
        raise ParameterError(where, "lam", lam, "lam >= 0", "choose a weight decay, or 0 for the interpolating limit")
    if decay == 0 and samples == checked.d:
        raise ParameterError(
            where, "n", n, "n != d at lam = 0 (the risk diverges there)", "take lam > 0, or another number of samples"
        )
    return LassoProblem(checked, samples, noise, decay, None)


def recovered_exactly(where: str, problem: LassoProblem) -> ParameterError:
    """The error for noiseless problems in which the optimum over lam, or lam -> 0, has R = 0."""
    return ParameterError(
        where, "Delta", problem.Delta, "Delta > 0 where so many samples recover the target (R = 0)", "add noise or lam"
    )


def below_interpolation(where: str, problem: LassoProblem, smallest: float) -> ParameterError:
    """The error for an alpha that no weight decay >= 0 has."""
    return ParameterError(
        where,
        "alpha",
        problem.alpha,
        f"lam(alpha) >= 0, which holds for alpha >= {smallest:.6g},",
        "raise alpha, or ask for lam = 0",
    )


__all__ = ["OPTIMAL", "LassoProblem", "below_interpolation", "lasso_problem", "recovered_exactly"]
