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
from symsl.linear.secular import rates
from symsl.linear.vandermonde import mode_coefficients, vandermonde_inverse, vandermonde_matrix, vandermonde_solve

__all__ = [
    "companion_inverse",
    "companion_matrix",
    "learning_curve",
    "mode_coefficients",
    "rates",
    "shifted_coefficients",
    "student_inverse",
    "student_matrix",
    "triangular_similarity",
    "vandermonde_inverse",
    "vandermonde_matrix",
    "vandermonde_solve",
]
