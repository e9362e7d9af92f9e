"""What is measured: Q^(1), R^(1), T^(1) and the generalisation error of given weights (Secs. 3, A). Float64."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

from symsl.arguments import as_array
from symsl.errors import ParameterError
from symsl.precision import exact_integer
from symsl.simulation.inputs import DataInputs, Inputs

Array = NDArray[np.float64]

_ROWS_AT_A_TIME = 4096
_HIGHEST_ORDER = 10_000


@dataclass(frozen=True, eq=False)
class OrderParameters:
    """First-order overlaps with the leading axes of the weights: Q (..., K, K), R (..., K, M), T (..., M, M)."""

    Q: Array
    R: Array
    T: Array


def order_parameters(inputs: Inputs, J: Array, B: Array, order: int = 1) -> OrderParameters:
    """Q^(l)_ij = J_i.Sigma^l J_j/N, R^(l)_in = J_i.Sigma^l B_n/N, T^(l)_nm = B_n.Sigma^l B_m/N at l = `order`.

    `J` has shape (..., K, N), `B` (..., M, N). Raises `ParameterError` for other shapes and unless `order` >= 0.
    """
    where = "order_parameters"
    if not isinstance(inputs, Inputs):
        raise ParameterError(where, "inputs", inputs, "inputs of a simulation", "make them with diagonal_inputs")
    J, B = _components(J, "J", inputs.N, where), _components(B, "B", inputs.N, where)
    student, teacher = J, B
    power = exact_integer(order, "order", where)
    if not 0 <= power <= _HIGHEST_ORDER:
        raise ParameterError(where, "order", order, f"0 <= order <= {_HIGHEST_ORDER}", "use a low order")
    for _ in range(power):
        student, teacher = inputs.covariance_times(student), inputs.covariance_times(teacher)
    dual = np.swapaxes(teacher, -1, -2)
    return OrderParameters(J @ np.swapaxes(student, -1, -2) / inputs.N, J @ dual / inputs.N, B @ dual / inputs.N)


def generalisation_error(inputs: Inputs, J: Array, B: Array, activation: str) -> Array:
    """eps_g = E_xi[(sigma - zeta)^2]/2 exactly, shape: the leading axes of `J` (..., K, N) and `B` (..., M, N).

    Linear activation: v.Sigma v/(2N) with v = (sqrt(M)/K) sum_i J_i - (1/sqrt(M)) sum_n B_n: Eq. 23 without its
    cancellation. erf on Gaussian inputs: Eq. 94, accurate to about 1e-16 absolutely. erf on data, where preactivations
    are not Gaussian: the average over all rows.
    """
    if activation == "linear":
        difference = _output_weight(J, B) * J.sum(axis=-2) - B.sum(axis=-2) / np.sqrt(B.shape[-2])
        quadratic: Array = (difference * inputs.covariance_times(difference)).sum(axis=-1)
        return quadratic / (2 * inputs.N)
    if isinstance(inputs, DataInputs):
        return _average_over_rows(inputs, J, B)
    return erf_error(order_parameters(inputs, J, B))


def erf_error(overlaps: OrderParameters) -> Array:
    """Eq. 94: eps_g for g(x) = erf(x/sqrt 2) and Gaussian inputs, from the first-order parameters."""
    K, M = overlaps.R.shape[-2:]
    student = np.sqrt(1 + np.diagonal(overlaps.Q, axis1=-2, axis2=-1))
    teacher = np.sqrt(1 + np.diagonal(overlaps.T, axis1=-2, axis2=-1))
    students = np.arcsin(overlaps.Q / (student[..., :, None] * student[..., None, :])).sum(axis=(-2, -1))
    teachers = np.arcsin(overlaps.T / (teacher[..., :, None] * teacher[..., None, :])).sum(axis=(-2, -1))
    mixed = np.arcsin(overlaps.R / (student[..., :, None] * teacher[..., None, :])).sum(axis=(-2, -1))
    error: Array = (M / K**2 * students + teachers / M - 2 / K * mixed) / np.pi
    return error


def _components(weights: Array, argument: str, N: int, where: str) -> Array:
    array = as_array(weights, argument, where, np.float64)
    if array.ndim < 2 or array.shape[-1] != N:
        raise ParameterError(where, f"{argument}.shape", array.shape, f"(..., units, {N})", "match N")
    return array


def _average_over_rows(inputs: DataInputs, J: Array, B: Array) -> Array:
    total = np.zeros(J.shape[:-2])
    for start in range(0, len(inputs.rows), _ROWS_AT_A_TIME):
        dual = np.asarray(inputs.rows[start : start + _ROWS_AT_A_TIME], dtype=np.float64).T / np.sqrt(2 * inputs.N)
        student = _output_weight(J, B) * erf(J @ dual).sum(axis=-2)
        teacher = erf(B @ dual).sum(axis=-2) / np.sqrt(B.shape[-2])
        total += ((student - teacher) ** 2).sum(axis=-1)
    return total / (2 * len(inputs.rows))


def _output_weight(J: Array, B: Array) -> float:
    """sqrt(M)/K of Eq. 2."""
    return float(np.sqrt(B.shape[-2]) / J.shape[-2])
