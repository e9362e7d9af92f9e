"""The parameters that the functions of this room share, checked."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import cho_factor, cho_solve

from symsl.arguments import as_array, double, standard_deviation
from symsl.errors import ParameterError
from symsl.precision import exact_integer

Array = NDArray[np.float64]

_SYMMETRIC_TO = 1e-8


def variance_factor(sigma_J: object, where: str) -> Fraction:
    """(1 + sigma_J^2)/2."""
    return (1 + standard_deviation(sigma_J, where) ** 2) / 2


def variance_factor_float64(sigma_J: object, where: str) -> float:
    """(1 + sigma_J^2)/2 in float64."""
    return (1 + double(standard_deviation(sigma_J, where), "sigma_J", where) ** 2) / 2


def trained_components(N_l: object, N: int, where: str) -> int:
    count = exact_integer(N_l, "N_l", where)
    if not 1 <= count <= N:
        raise ParameterError(where, "N_l", N_l, f"1 <= N_l <= N = {N} (Eq. 82)", "count trained input components")
    return count


def times(alpha: ArrayLike, where: str) -> Array:
    """Times alpha >= 0 as a one-dimensional array."""
    array = np.atleast_1d(as_array(alpha, "alpha", where, np.float64))
    if array.ndim != 1 or not (np.isfinite(array) & (array >= 0)).all():
        raise ParameterError(where, "alpha", alpha, "a list of times >= 0", "write alpha=[1, 10, 100]")
    return array


def component_vector(values: ArrayLike, argument: str, N: int, where: str) -> Array:
    array = as_array(values, argument, where, np.float64)
    if array.shape != (N,) or not np.isfinite(array).all():
        raise ParameterError(where, f"{argument}.shape", array.shape, f"({N},), all finite", "match the covariance")
    return array


def symmetric(covariance: ArrayLike, where: str) -> Array:
    """(Sigma + Sigma^T)/2 in float64."""
    array = as_array(covariance, "covariance", where)
    if array.ndim != 2 or array.shape[0] != array.shape[1] or not array.size or array.dtype.kind not in "fiu":
        raise ParameterError(where, "covariance.shape", array.shape, "a square real matrix", "pass shape (N, N)")
    matrix = array.astype(np.float64)
    scale = float(np.abs(matrix).max())
    if not np.isfinite(scale) or float(np.abs(matrix - matrix.T).max()) > _SYMMETRIC_TO * scale:
        raise ParameterError(where, "covariance", "not symmetric or not finite", "a covariance matrix", "symmetrise it")
    return np.asarray((matrix + matrix.T) / 2)


def blocks(matrix: Array, count: int, where: str) -> tuple[Array, Array, Array]:
    """S_aa, S_ab and S_aa^-1 S_ab (Eq. 82), a the first `count` components."""
    trained, coupling = matrix[:count, :count], matrix[:count, count:]
    try:
        response = cho_solve(cho_factor(trained), coupling) if coupling.size else coupling
    except np.linalg.LinAlgError:
        raise not_positive_definite(where) from None
    return trained, coupling, response


def not_positive_definite(where: str) -> ParameterError:
    return ParameterError(
        where, "covariance", "not positive definite", "S_aa invertible (Eq. 85)", "drop the null directions"
    )
