"""The linear network: companion algebra, rates, learning curves (Eqs. 5-9, 23-57)."""

from symsl.linear.companion import (
    companion_inverse,
    companion_matrix,
    shifted_coefficients,
    student_inverse,
    student_matrix,
    triangular_similarity,
)
from symsl.linear.curve import learning_curve
from symsl.linear.exponential_sum import weighted_exponential_sum
from symsl.linear.realisation import (
    ensemble_mean,
    ensemble_variance,
    mode_distances,
    realised_error,
    small_rate_coefficients,
)
from symsl.linear.realised_curve import exact_coefficients, realised_curve
from symsl.linear.scaling import (
    approximation,
    correction_terms,
    distance,
    integral_distance_bound,
    local_exponent,
    local_exponent_of_sum,
    scaling_window,
)
from symsl.linear.secular import rates
from symsl.linear.small_learning_rate import eps_g, order_parameters
from symsl.linear.vandermonde import mode_coefficients, vandermonde_inverse, vandermonde_matrix, vandermonde_solve

__all__ = [
    "approximation",
    "companion_inverse",
    "companion_matrix",
    "correction_terms",
    "distance",
    "ensemble_mean",
    "ensemble_variance",
    "eps_g",
    "exact_coefficients",
    "integral_distance_bound",
    "learning_curve",
    "local_exponent",
    "local_exponent_of_sum",
    "mode_coefficients",
    "mode_distances",
    "order_parameters",
    "rates",
    "realised_curve",
    "realised_error",
    "scaling_window",
    "shifted_coefficients",
    "small_rate_coefficients",
    "student_inverse",
    "student_matrix",
    "triangular_similarity",
    "vandermonde_inverse",
    "vandermonde_matrix",
    "vandermonde_solve",
    "weighted_exponential_sum",
]
