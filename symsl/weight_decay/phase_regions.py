"""The regions of both phase diagrams: where each scaling law of the excess risk holds, as exact linear inequalities.

Coordinates: n = d**a samples, weight decay lam = d**(-l), label noise Delta = d**(-s) with s >= 0, target i**(-gamma);
the excess risk is R ~ d**(-exponent) as d grows, up to logarithms. For the quadratic network a - 1 takes the place of
a (n/d samples per direction). The names are those of the tables in the derivations: L for the diagonal network
(LASSO), Q for the quadratic one. Evidence: leading asymptotics of the state evolution, checked numerically.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Rational, Symbol

a = Symbol("a", real=True)
l = Symbol("l", real=True)
gamma = Symbol("gamma", positive=True)
s = Symbol("s", nonnegative=True)


@dataclass(frozen=True)
class Region:
    """A phase: `exponent` of R in (a, l, gamma, s), and where it holds.

    `parts` are convex: each is a tuple of expressions that are positive inside it.
    """

    name: str
    meaning: str
    exponent: Expr
    parts: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True)
class Peak:
    """The interpolation peak on the vertical line `at` = a, where l > `above`."""

    name: str
    at: Expr
    above: Expr
    exponent: Expr


_rate = 1 - 1 / (2 * gamma)  # of the optimal risk in the noise per sample
_limited = (2 - 1 / gamma) * l  # bias of a fixed threshold, few coefficients above it
_all = 2 * l - 1  # the same with all d coefficients above it


def _learned(samples: Expr) -> dict[str, Expr]:
    """What both models share, in terms of the effective exponent of the number of samples."""
    return {
        "decay": samples + s - 2 * l,  # > 0: weight decay above the effective noise
        "few": gamma * samples - l,  # > 0: fewer coefficients above lam than samples
        "noisy": (2 * gamma - 1) * samples - s,  # > 0: label noise matters
        "sparse": 2 * gamma - samples - s,  # > 0: not all d coefficients above the noise
        "classical": samples - 1,  # > 0: more samples than parameters
    }


def _lasso_regions() -> tuple[Region, ...]:
    at = _learned(a)
    return (
        Region("L0", "weight decay above all signal: nothing learned", Integer(0), ((a, -l),)),
        Region(
            "L1",
            "over-regularised: lam**(-1/gamma) coefficients, no noise",
            _limited,
            ((l, gamma - l, at["decay"], at["few"]),),
        ),
        Region("L2", "over-regularised: all coefficients", _all, ((l - gamma, at["decay"], at["classical"]),)),
        Region("L3", "interpolation: noise plateau", s + Integer(0), ((-at["decay"], at["noisy"], -at["classical"]),)),
        Region(
            "L3n",
            "interpolation: noise too weak to matter",
            (2 * gamma - 1) * a,
            ((a, -at["few"], -at["noisy"], -at["classical"]),),
        ),
        Region(
            "L5",
            "under-regularised least squares: harmful",
            a + s - 1,
            ((-at["decay"], at["classical"], at["sparse"]),),
        ),
        Region(
            "L*'",
            "parametric: any smaller weight decay is optimal",
            a + s - 1,
            ((-at["decay"], at["classical"], -at["sparse"]),),
        ),
    )


def _quadratic_regions() -> tuple[Region, ...]:
    samples = a - 1
    at = _learned(samples)
    leak = s + Rational(2, 5) * (2 - a)
    best = _rate * (samples + s)
    below = (-at["decay"], at["noisy"], -at["classical"])
    return (
        Region(
            "Q0",
            "fewer samples than directions, or too much weight decay: nothing learned",
            Integer(0),
            ((a, 1 - a), (a - 1, -l)),
        ),
        Region(
            "Q1",
            "over-regularised: lam**(-1/gamma) eigenvalues, no noise",
            _limited,
            ((l, gamma - l, at["decay"], at["few"]),),
        ),
        Region("Q2", "over-regularised: all eigenvalues", _all, ((l - gamma, at["decay"], at["classical"]),)),
        Region("Q3a", "benign overfitting: interpolates at the optimal rate", best, ((*below, leak - best),)),
        Region("Q3b", "harmful overfitting: the risk grows with n", leak, ((*below, best - leak),)),
        Region(
            "Q3n",
            "interpolation: noise too weak to matter",
            (2 * gamma - 1) * samples,
            ((samples, -at["few"], -at["noisy"], -at["classical"]),),
        ),
        Region(
            "Q5",
            "under-regularised least squares: harmful",
            samples + s - 1,
            ((-at["decay"], at["classical"], at["sparse"]),),
        ),
        Region(
            "Q*'",
            "parametric: any smaller weight decay is optimal",
            samples + s - 1,
            ((-at["decay"], at["classical"], -at["sparse"]),),
        ),
    )


_PEAK = s - (2 * l - 1 - s) / 3
REGIONS = {"diagonal": _lasso_regions(), "quadratic": _quadratic_regions()}
PEAKS = {
    "diagonal": Peak("L4", Integer(1), (1 + s) / 2, _PEAK),
    "quadratic": Peak("Q4", Integer(2), (1 + s) / 2, _PEAK),
}
ORIGIN = {"diagonal": 0, "quadratic": 1}  # a - origin counts effective samples

__all__ = ["ORIGIN", "PEAKS", "REGIONS", "Peak", "Region", "a", "gamma", "l", "s"]
