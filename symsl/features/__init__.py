"""Feature scaling: learning curves where only a part of the student can learn (Secs. 4.3, B.3)."""

from symsl.features.random_basis import (
    asymptotic_ratio,
    covariance_matrix,
    haar_orthogonal,
    large_N_stationary_error,
)
from symsl.features.real_data import RealDataCurves, real_data_curves
from symsl.features.relaxation import mean_error, stationary_order_parameters, student_path
from symsl.features.schur_complement import certified_stationary_error, stationary_errors
from symsl.features.trainable_directions import (
    generalisation_error,
    stationary_approximation,
    stationary_error,
)

__all__ = [
    "RealDataCurves",
    "asymptotic_ratio",
    "certified_stationary_error",
    "covariance_matrix",
    "generalisation_error",
    "haar_orthogonal",
    "large_N_stationary_error",
    "mean_error",
    "real_data_curves",
    "stationary_approximation",
    "stationary_error",
    "stationary_errors",
    "stationary_order_parameters",
    "student_path",
]
