"""The covariance spectrum of real data, and the power law in it (Fig. 14). Float64."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symsl.arguments import as_array
from symsl.data_file import load_rows
from symsl.errors import ParameterError, SymslWarning
from symsl.power_law_fit import PowerLawFit, fit_power_law
from symsl.precision import exact_integer
from symsl.spectrum import Spectrum

Array = NDArray[np.float64]

_WHERE = "from_data"
_ROWS_AT_A_TIME = 4096
_FEWEST_FOR_THE_MIDDLE = 16


@dataclass(frozen=True, eq=False)
class DataSpectrum:
    """The leading eigenvalues of a covariance matrix, descending and divided by their mean, and what goes with them.

    `spectrum.factor` is that mean, the scale of the data. `directions` (N, L) holds the eigenvectors as columns, `mean`
    (N,) what was subtracted, `examples` the number of rows, `rank` the number of eigenvalues above rounding.
    `fit` is the power law lambda_k ~ k**-(1+beta) on the range of k it names; None for fewer than three directions.
    """

    spectrum: Spectrum
    directions: Array
    mean: Array
    examples: int
    rank: int
    fit: PowerLawFit | None

    @property
    def beta(self) -> float:
        """The exponent of Eq. 1 from the fit."""
        return -self._fit().exponent - 1

    @property
    def beta_error(self) -> float:
        """Its standard error, from the scatter about the straight line; a bent spectrum is less certain than that."""
        return self._fit().exponent_error

    @property
    def fit_range(self) -> tuple[float, float]:
        """The first and the last k of the fit."""
        return self._fit().range

    def eigenvalues(self) -> Array:
        """lambda_1 > ... > lambda_L with mean 1, shape (L,)."""
        assert self.spectrum.values is not None
        return np.array([float(value) for value in self.spectrum.values])

    def coordinates(self, rows: ArrayLike) -> Array:
        """Examples in the eigenbasis, shape (P, L): (row - mean).v_k / sqrt(factor), with variances lambda_k."""
        values = as_array(rows, "rows", "DataSpectrum.coordinates")
        if values.ndim != 2 or values.shape[1] != len(self.mean):
            raise ParameterError(
                "DataSpectrum.coordinates",
                "rows.shape",
                values.shape,
                f"(P, {len(self.mean)})",
                "pass rows of the data",
            )
        if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
            raise ParameterError("DataSpectrum.coordinates", "rows", "not finite", "finite numbers", "repair the rows")
        projected = np.empty((len(values), self.directions.shape[1]))
        scale = np.sqrt(float(self.spectrum.factor))
        for start in range(0, len(values), _ROWS_AT_A_TIME):
            part = slice(start, start + _ROWS_AT_A_TIME)
            projected[part] = (values[part] - self.mean) @ self.directions / scale
        return projected

    def _fit(self) -> PowerLawFit:
        if self.fit is None:
            raise ParameterError("DataSpectrum.beta", "L", self.spectrum.L, "three directions or more", "keep more")
        return self.fit


def from_data(
    data: object,
    n_directions: object = None,
    *,
    center: bool = True,
    fit_range: tuple[float, float] | None = None,
    array: str | None = None,
    channel: int | None = None,
) -> DataSpectrum:
    """Eigenvalues of the covariance matrix (1/P) sum_p (x_p - m)(x_p - m)^T of P examples x_p, the rows of `data`.

    `data` is an array of shape (P, N), or the path of a npy or npz file; `array` and `channel` choose within the file
    and turn images into rows (`symsl.data_file.load_rows`). m is the mean, or 0 with `center=False`. `n_directions`
    keeps the largest eigenvalues only (all that are not zero by default). `fit_range` = (k_first, k_last) are the
    eigenvalues whose power law is fitted; by default the middle half of the axis of ln k, away from the few leading
    directions and from the end, where the finite resolution bends the spectrum.

    Raises `ParameterError` for data that are not a matrix of finite numbers, have fewer rows than columns, or a column
    that never changes, and `UsageError` for a file that cannot be read; warns (`SymslWarning`) where the covariance is
    rank deficient.
    """
    if fit_range is not None and (not isinstance(fit_range, Sequence) or len(fit_range) != 2):
        raise ParameterError(_WHERE, "fit_range", fit_range, "two numbers k_first, k_last", "write fit_range=(3, 30)")
    rows = load_rows(data, array=array, channel=channel)
    examples, N = rows.shape
    if examples < N:
        raise ParameterError(
            _WHERE,
            "shape",
            rows.shape,
            "as many rows (examples) as columns (components)",
            "use more examples, or transpose the matrix if its columns are the examples",
        )
    mean, covariance = _moments(rows, center)
    eigenvalues, vectors = np.linalg.eigh(covariance)
    eigenvalues, vectors = eigenvalues[::-1], vectors[:, ::-1]
    rank = int((eigenvalues > examples * np.finfo(np.float64).eps * eigenvalues[0]).sum())
    if rank < N:
        warnings.warn(
            f"{_WHERE}: the covariance has rank {rank} of {N}: {N - rank} directions without variance are left out",
            SymslWarning,
            stacklevel=2,
        )
    count = rank if n_directions is None else exact_integer(n_directions, "n_directions", _WHERE)
    if not 1 <= count <= rank:
        raise ParameterError(
            _WHERE, "n_directions", n_directions, f"1 <= n_directions <= rank = {rank}", "keep fewer directions"
        )
    spectrum = Spectrum.from_eigenvalues(eigenvalues[:count].tolist(), normalise=True)
    fit = _fit(eigenvalues[:count] / float(spectrum.factor), fit_range)
    return DataSpectrum(spectrum, np.ascontiguousarray(vectors[:, :count]), mean, examples, rank, fit)


def _fit(eigenvalues: Array, between: tuple[float, float] | None) -> PowerLawFit | None:
    count = len(eigenvalues)
    if between is None and count < 3:
        return None
    if between is None and count >= _FEWEST_FOR_THE_MIDDLE:
        between = (count**0.25, count**0.75)
    return fit_power_law(np.arange(1, count + 1), eigenvalues, between=between)


def _moments(rows: NDArray[Any], center: bool) -> tuple[Array, Array]:
    """The mean (0 unless centred) and the second moment about it."""
    examples, N = rows.shape
    total, lowest, highest = np.zeros(N), np.full(N, np.inf), np.full(N, -np.inf)
    for start, part in _parts(rows):
        if not np.isfinite(part).all():
            row, column = (int(index[0]) for index in np.nonzero(~np.isfinite(part)))
            raise ParameterError(
                _WHERE, f"data[{start + row}, {column}]", part[row, column], "finite numbers", "drop or repair the row"
            )
        total += part.sum(axis=0)
        lowest, highest = np.minimum(lowest, part.min(axis=0)), np.maximum(highest, part.max(axis=0))
    constant = np.nonzero(lowest == highest)[0].tolist()
    if constant:
        raise ParameterError(
            _WHERE, "constant columns", constant, "columns that vary", "drop these columns with numpy.delete(X, ..., 1)"
        )
    mean = total / examples if center else np.zeros(N)
    moment = np.zeros((N, N))
    for _, part in _parts(rows):
        centred = part - mean
        moment += centred.T @ centred
    return mean, moment / examples


def _parts(rows: NDArray[Any]) -> Iterator[tuple[int, Array]]:
    for start in range(0, len(rows), _ROWS_AT_A_TIME):
        yield start, np.asarray(rows[start : start + _ROWS_AT_A_TIME], dtype=np.float64)


__all__ = ["DataSpectrum", "from_data"]
