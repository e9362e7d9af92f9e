"""Where the examples xi of Eq. 3 come from: Gaussians of any covariance, or the rows of an array. Float64 throughout.

Weights are expressed in the same coordinates as the inputs. In `diagonal_inputs` these are the eigenbasis of the
covariance, ordered by direction: component i belongs to the eigenvalue number i // (N/L), counted from 0.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import ctx
from numpy.typing import NDArray
from scipy.linalg import cholesky

from symsl.arguments import as_array, fits_in_memory
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum, require_spectrum

Array = NDArray[np.float64]

_TOLERANCE = 1e-8
_ROWS_AT_A_TIME = 4096


class Inputs(ABC):
    """A stream of inputs xi in R^N with second moment E[xi xi^T] = Sigma.

    `N` is the input dimension, `multiplicity` the number of components per trainable direction (N/L in the eigenbasis
    of a spectrum, else 1).
    """

    N: int
    multiplicity: int

    @abstractmethod
    def fill(self, generator: np.random.Generator, examples: Array) -> None:
        """Write fresh independent inputs into the rows of `examples`, shape (count, N)."""

    @abstractmethod
    def covariance_times(self, weights: Array) -> Array:
        """Sigma w for every vector w along the last axis of `weights`, shape (..., N)."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """The definition, as JSON data for provenance; two inputs with the same description are the same."""


@dataclass(frozen=True, eq=False)
class DiagonalInputs(Inputs):
    """Gaussian inputs in the eigenbasis: independent components of variance `variances[i]`."""

    N: int
    multiplicity: int
    variances: Array
    spectrum: Spectrum

    def fill(self, generator: np.random.Generator, examples: Array) -> None:
        generator.standard_normal(out=examples)
        examples *= np.sqrt(self.variances)

    def covariance_times(self, weights: Array) -> Array:
        return weights * self.variances

    def describe(self) -> dict[str, Any]:
        return {"kind": "diagonal", "N": self.N, "spectrum": self.spectrum.describe()}


@dataclass(frozen=True, eq=False)
class CorrelatedInputs(Inputs):
    """Gaussian inputs with Sigma = F^T F for the N x N matrix `factor` F: xi = F^T z with z standard normal."""

    N: int
    multiplicity: int
    factor: Array

    def fill(self, generator: np.random.Generator, examples: Array) -> None:
        np.matmul(generator.standard_normal(examples.shape), self.factor, out=examples)

    def covariance_times(self, weights: Array) -> Array:
        product: Array = weights @ self.factor.T @ self.factor
        return product

    def describe(self) -> dict[str, Any]:
        return {"kind": "gaussian", "N": self.N, "factor": _digest(self.factor)}


@dataclass(frozen=True, eq=False)
class DataInputs(Inputs):
    """Rows of `rows`, drawn independently with replacement: the empirical distribution, as it is, without centring."""

    N: int
    multiplicity: int
    rows: NDArray[Any]
    second_moment: Array

    def fill(self, generator: np.random.Generator, examples: Array) -> None:
        examples[:] = self.rows[generator.integers(len(self.rows), size=len(examples))]

    def covariance_times(self, weights: Array) -> Array:
        product: Array = weights @ self.second_moment
        return product

    def describe(self) -> dict[str, Any]:
        return {"kind": "data", "N": self.N, "examples": len(self.rows), "rows": _digest(self.rows)}


def diagonal_inputs(spectrum: Spectrum, N: object) -> DiagonalInputs:
    """Gaussian inputs in the eigenbasis of `spectrum`, each eigenvalue with multiplicity N/L (Eq. 1).

    Raises `ParameterError` unless L divides N.
    """
    multiplicity = require_spectrum(spectrum, "diagonal_inputs").multiplicity(N)
    fits_in_memory(multiplicity * spectrum.L, "N", N, "diagonal_inputs")
    variances = np.repeat(_eigenvalues(spectrum), multiplicity)
    return DiagonalInputs(len(variances), multiplicity, variances, spectrum)


def rotated_inputs(spectrum: Spectrum, orthogonal: Array) -> CorrelatedInputs:
    """Gaussian inputs with Sigma = O^T Lambda O (Eq. 80), for the orthogonal N x N matrix O.

    Raises `ParameterError` unless O is orthogonal to 1e-8 and L divides N.
    """
    where = "rotated_inputs"
    require_spectrum(spectrum, where)
    rotation = _square(orthogonal, "orthogonal", where)
    N = len(rotation)
    variances = np.repeat(_eigenvalues(spectrum), spectrum.multiplicity(N))
    deviation = float(np.max(np.abs(rotation @ rotation.T - np.eye(N))))
    if deviation > _TOLERANCE:
        raise ParameterError(
            where, "max |O O^T - 1|", f"{deviation:.3g}", f"at most {_TOLERANCE}", "pass an orthogonal matrix"
        )
    return CorrelatedInputs(N, 1, np.sqrt(variances)[:, None] * rotation)


def gaussian_inputs(covariance: Array) -> CorrelatedInputs:
    """Gaussian inputs of any covariance matrix, shape (N, N), symmetric to 1e-8 and positive definite."""
    where = "gaussian_inputs"
    matrix = _square(covariance, "covariance", where)
    asymmetry = float(np.max(np.abs(matrix - matrix.T)))
    if asymmetry > _TOLERANCE * float(np.max(np.abs(matrix))):
        raise ParameterError(where, "max |Sigma - Sigma^T|", f"{asymmetry:.3g}", "a symmetric matrix", "symmetrise it")
    try:
        factor = cholesky((matrix + matrix.T) / 2, lower=False)
    except np.linalg.LinAlgError:
        smallest = f"{np.linalg.eigvalsh((matrix + matrix.T) / 2)[0]:.3g}"
        raise ParameterError(
            where, "smallest eigenvalue", smallest, "a positive definite covariance", "drop the null directions"
        ) from None
    return CorrelatedInputs(len(matrix), 1, factor)


def data_inputs(rows: NDArray[Any]) -> DataInputs:
    """Real examples: the rows of a (P, N) array, as they are; Sigma is their second moment rows^T rows / P.

    Centre and normalise them first where the theory is to apply (`DataSpectrum.coordinates` does both). Raises
    `ParameterError` for an array that is not numeric, finite and two-dimensional.
    """
    where = "data_inputs"
    array = as_array(rows, "rows", where)
    if array.ndim != 2 or not array.size:
        raise ParameterError(
            where, "rows.shape", array.shape, "two dimensions, neither empty", "pass one example per row"
        )
    if array.dtype.kind not in "fiu":
        raise ParameterError(where, "rows.dtype", array.dtype, "real numbers", "convert the array to float64")
    moment = np.zeros((array.shape[1], array.shape[1]))
    for start in range(0, len(array), _ROWS_AT_A_TIME):
        part = np.asarray(array[start : start + _ROWS_AT_A_TIME], dtype=np.float64)
        if not np.isfinite(part).all():
            row = start + int(np.nonzero(~np.isfinite(part).all(axis=1))[0][0])
            raise ParameterError(where, f"rows[{row}]", "not finite", "finite numbers", "drop or repair the row")
        moment += part.T @ part
    return DataInputs(array.shape[1], 1, array, moment / len(array))


def _eigenvalues(spectrum: Spectrum) -> Array:
    with ctx.workprec(80):
        return np.array([float(value.mid()) for value in spectrum.eigenvalues()])


def _square(matrix: Array, argument: str, where: str) -> Array:
    array = as_array(matrix, argument, where, np.float64)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size:
        raise ParameterError(where, f"{argument}.shape", array.shape, "a square matrix", "pass shape (N, N)")
    if not np.isfinite(array).all():
        raise ParameterError(where, argument, "not finite", "finite entries", "remove nan and infinities")
    return array


def _digest(array: NDArray[Any]) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
