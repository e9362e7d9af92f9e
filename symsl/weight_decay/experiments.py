"""Experiments to hold against the state evolution: fresh data, the convex problem solved, the risk measured.

Plain float64 with seeds; the error given is the standard error over trials. Solver "convex" takes the convex problem,
"descent" trains the factorised network by gradient descent. The LASSO by "convex" needs scikit-learn (install the extra
`symsl[data]`); everything else needs numpy only.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import seed_number
from symsl.errors import ParameterError, UsageError
from symsl.precision import exact, exact_integer
from symsl.weight_decay.factorised import train_diagonal, train_quadratic
from symsl.weight_decay.problem import representable
from symsl.weight_decay.sensing import sensing_features, to_coordinates, trace_least_squares
from symsl.weight_decay.target import Floats, PowerLawTarget, Target, as_target

MAX_DIMENSION = 20_000
MAX_ENTRIES = 2**28  # of the matrix of features: two gigabytes
_RESOLVED = {"convex": 1e-9, "descent": 1e-5}
SOLVERS = tuple(_RESOLVED)
_Row = tuple[Floats, float, float]


@dataclass(frozen=True)
class Measured:
    """Mean over trials and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Experiment:
    """Excess risk R, training error, and the number of nonzero coefficients (eigenvalues), measured.

    `weights` holds the learned coefficients or eigenvalues, one row a trial, largest first; `trials` has the columns R,
    training error and number of nonzero weights, one row a trial.
    """

    R: Measured
    train: Measured
    active: Measured
    weights: Floats
    trials: Floats


def lasso_experiment(
    target: object,
    n: object,
    Delta: object,
    lam: object,
    *,
    solver: str = "convex",
    trials: object = 10,
    seed: object = 0,
) -> Experiment:
    """The LASSO on Gaussian data, `trials` times.

    Solver "convex" is coordinate descent (scikit-learn); "descent" trains the diagonal network itself.
    """
    _known(solver)
    signal, samples, noise, decay, count = _checked("lasso_experiment", target, n, Delta, lam, trials)
    d = len(signal)
    _fits_in_memory("lasso_experiment", samples, d)
    solve = _scikit_learn_lasso() if solver == "convex" else None
    rows = []
    for generator in _trials("diagonal network", count, seed):
        X = generator.standard_normal((samples, d))
        y = X @ signal + np.sqrt(noise) * generator.standard_normal(samples)
        if solve is not None:
            estimate = solve(alpha=decay, fit_intercept=False, tol=1e-8, max_iter=200_000).fit(X, y).coef_
        else:
            estimate = _without_dust(
                np.prod(train_diagonal(X, y, decay, seed=seed_number(seed, "experiment")), axis=0), solver
            )
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
    solver: str = "convex",
    trials: object = 10,
    seed: object = 0,
) -> Experiment:
    """Matrix sensing with a trace penalty, `trials` times, with "gaussian" or "quadratic" features (see `sensing`).

    Solver "convex" is accelerated proximal gradient; "descent" trains the quadratic network, W of d x d, itself.
    """
    _known(solver)
    if signed and solver == "descent":
        raise UsageError("matrix_experiment trains W W^T by descent, which is never negative; use solver='convex'")
    signal, samples, noise, decay, count = _checked("matrix_experiment", target, n, Delta, lam, trials)
    d = len(signal)
    _fits_in_memory("matrix_experiment", samples, d * (d + 1) // 2)
    S = np.diag(signal)
    rows = []
    for generator in _trials("quadratic network", count, seed):
        A = sensing_features(features, samples, d, generator)
        y = A @ to_coordinates(S) + np.sqrt(noise) * generator.standard_normal(samples)
        if solver == "convex":
            estimate = trace_least_squares(A, y, d, decay, signed=signed)
        else:
            W = train_quadratic(A, y, d, decay, seed=seed_number(seed, "experiment"))
            estimate = W @ W.T
        residual = y - A @ to_coordinates(estimate)
        eigenvalues = _without_dust(np.linalg.eigvalsh(estimate), solver)
        rows.append((eigenvalues, float(np.sum((estimate - S) ** 2)), float(np.mean(residual**2))))
    return _summary(rows)


def _known(solver: str) -> None:
    if solver not in SOLVERS:
        raise UsageError(f"there is no solver {solver!r}; the solvers are {', '.join(SOLVERS)}")


def _without_dust(weights: NDArray[np.floating], solver: str) -> Floats:
    """Zero below what the solver resolves, in units of the largest weight: what an iteration leaves of a zero."""
    largest = max(1.0, float(np.abs(weights).max()))
    return np.asarray(np.where(np.abs(weights) < _RESOLVED[solver] * largest, 0.0, weights), dtype=np.float64)


def _checked(
    where: str, target: object, n: object, Delta: object, lam: object, trials: object
) -> tuple[Floats, int, float, float, int]:
    checked: Target = as_target(target, where)
    if checked.d > MAX_DIMENSION:
        raise ParameterError(
            where, "d", checked.d, f"d <= {MAX_DIMENSION} for an experiment", "use the state evolution"
        )
    samples, noise, decay = exact_integer(n, "n", where), exact(Delta, "Delta", where), exact(lam, "lam", where)
    count = exact_integer(trials, "trials", where)
    if samples < 1:
        raise ParameterError(where, "n", n, "n >= 1", "give the number of samples")
    if noise < 0:
        raise ParameterError(where, "Delta", Delta, "Delta >= 0 (a variance)", "give the variance of the label noise")
    if decay <= 0:
        raise ParameterError(where, "lam", lam, "lam > 0", "choose a small weight decay for the limit lam -> 0")
    representable(where, "Delta", Delta, noise)
    representable(where, "lam", lam, decay)
    if count < 2:
        raise ParameterError(where, "trials", trials, "trials >= 2 (for a standard error)", "average over more data")
    if isinstance(checked, PowerLawTarget):
        signal = float(checked.c) * np.arange(1.0, checked.d + 1) ** -float(checked.gamma)
    else:
        signal = np.array([float(value) for value in checked.values])
    return signal, samples, float(noise), float(decay), count


def _fits_in_memory(where: str, samples: int, parameters: int) -> None:
    if samples * parameters > MAX_ENTRIES:
        raise ParameterError(
            where,
            "n",
            samples,
            f"n times {parameters} parameters <= {MAX_ENTRIES} (memory)",
            "take fewer samples or a smaller d, or use the state evolution",
        )


def _trials(label: str, trials: int, seed: object) -> Iterator[np.random.Generator]:
    """Independent generators, one a trial, with a progress bar on a terminal."""
    generators = np.random.default_rng(seed_number(seed, "experiment")).spawn(trials)
    if not sys.stderr.isatty():
        yield from generators
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(generators, description=label, console=Console(stderr=True), transient=True)


def _summary(rows: list[_Row]) -> Experiment:
    weights = np.array([np.sort(row[0])[::-1] for row in rows])
    trials = np.array([[risk, train, np.count_nonzero(learned)] for learned, risk, train in rows])
    risk, train, active = (_measured(column) for column in trials.T)
    return Experiment(risk, train, active, weights, trials)


def _measured(values: Floats) -> Measured:
    return Measured(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))


def _scikit_learn_lasso() -> Any:
    try:
        from sklearn.linear_model import Lasso
    except ImportError as error:
        raise UsageError('lasso_experiment needs scikit-learn: pip install "symsl[data]"') from error
    return Lasso


__all__ = ["SOLVERS", "Experiment", "Measured", "lasso_experiment", "matrix_experiment"]
