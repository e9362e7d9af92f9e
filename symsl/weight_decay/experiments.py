"""Experiments to hold against the state evolution: fresh data, the convex problem solved, the risk measured.

Plain float64 with seeds; the error given is the standard error over trials. LASSO needs scikit-learn (install the extra
`symsl[data]`); matrix sensing needs numpy only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from symsl.errors import ParameterError, UsageError
from symsl.precision import exact, exact_integer
from symsl.weight_decay.sensing import sensing_features, to_coordinates, trace_least_squares
from symsl.weight_decay.target import Floats, PowerLawTarget, Target, as_target

MAX_DIMENSION = 20_000


@dataclass(frozen=True)
class Measured:
    """Mean over trials and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Experiment:
    """Excess risk R, training error, and the number of nonzero coefficients (eigenvalues), measured.

    `weights` holds the learned coefficients or eigenvalues, one row a trial, largest first.
    """

    R: Measured
    train: Measured
    active: Measured
    weights: Floats


def lasso_experiment(
    target: object, n: object, Delta: object, lam: object, *, trials: int = 10, seed: int = 0
) -> Experiment:
    """The LASSO on Gaussian data, `trials` times, by coordinate descent (scikit-learn)."""
    solver = _scikit_learn_lasso()
    signal, samples, noise, decay = _checked("lasso_experiment", target, n, Delta, lam, trials)
    d = len(signal)
    rows = []
    for generator in _trials("lasso", trials, seed):
        X = generator.standard_normal((samples, d))
        y = X @ signal + np.sqrt(noise) * generator.standard_normal(samples)
        estimate = solver(alpha=decay, fit_intercept=False, tol=1e-8, max_iter=200_000).fit(X, y).coef_
        rows.append((estimate, float(np.sum((estimate - signal) ** 2)), float(np.mean((y - X @ estimate) ** 2))))
    return _summary(rows)


def matrix_experiment(
    target: object,
    n: object,
    Delta: object,
    lam: object,
    *,
    features: str = "gaussian",
    signed: bool = False,
    trials: int = 10,
    seed: int = 0,
) -> Experiment:
    """Matrix sensing with a trace penalty, `trials` times, with "gaussian" or "quadratic" features (see `sensing`)."""
    signal, samples, noise, decay = _checked("matrix_experiment", target, n, Delta, lam, trials)
    d = len(signal)
    S = np.diag(signal)
    rows = []
    for generator in _trials("matrix sensing", trials, seed):
        A = sensing_features(features, samples, d, generator)
        y = A @ to_coordinates(S) + np.sqrt(noise) * generator.standard_normal(samples)
        estimate = trace_least_squares(A, y, d, decay, signed=signed)
        residual = y - A @ to_coordinates(estimate)
        eigenvalues = np.asarray(np.linalg.eigvalsh(estimate), dtype=np.float64)
        eigenvalues[np.abs(eigenvalues) < 1e-9 * max(1.0, float(np.abs(eigenvalues).max()))] = 0
        rows.append((eigenvalues, float(np.sum((estimate - S) ** 2)), float(np.mean(residual**2))))
    return _summary(rows)


def _checked(
    where: str, target: object, n: object, Delta: object, lam: object, trials: int
) -> tuple[Floats, int, float, float]:
    checked: Target = as_target(target, where)
    if checked.d > MAX_DIMENSION:
        raise ParameterError(
            where, "d", checked.d, f"d <= {MAX_DIMENSION} for an experiment", "use the state evolution"
        )
    samples, noise, decay = exact_integer(n, "n", where), exact(Delta, "Delta", where), exact(lam, "lam", where)
    if samples < 1:
        raise ParameterError(where, "n", n, "n >= 1", "give the number of samples")
    if noise < 0:
        raise ParameterError(where, "Delta", Delta, "Delta >= 0 (a variance)", "give the variance of the label noise")
    if decay <= 0:
        raise ParameterError(where, "lam", lam, "lam > 0", "choose a small weight decay for the limit lam -> 0")
    if trials < 2:
        raise ParameterError(where, "trials", trials, "trials >= 2 (for a standard error)", "average over more data")
    if isinstance(checked, PowerLawTarget):
        signal = float(checked.c) * np.arange(1.0, checked.d + 1) ** -float(checked.gamma)
    else:
        signal = np.array([float(value) for value in checked.values])
    return signal, samples, float(noise), float(decay)


def _trials(label: str, trials: int, seed: int) -> Iterator[np.random.Generator]:
    """Independent generators, one a trial, with a progress bar on a terminal."""
    generators = np.random.default_rng(seed).spawn(trials)
    if not sys.stderr.isatty():
        yield from generators
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(generators, description=label, console=Console(stderr=True), transient=True)


def _summary(rows: list[tuple[Floats, float, float]]) -> Experiment:
    weights = np.array([np.sort(row[0])[::-1] for row in rows])
    return Experiment(
        _measured(np.array([row[1] for row in rows])),
        _measured(np.array([row[2] for row in rows])),
        _measured((weights != 0).sum(axis=1).astype(np.float64)),
        weights,
    )


def _measured(values: Floats) -> Measured:
    return Measured(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def _scikit_learn_lasso() -> Any:
    try:
        from sklearn.linear_model import Lasso
    except ImportError as error:
        raise UsageError('lasso_experiment needs scikit-learn: pip install "symsl[data]"') from error
    return Lasso


__all__ = ["Experiment", "Measured", "lasso_experiment", "matrix_experiment"]
