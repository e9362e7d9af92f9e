"""What cannot be learned when the first N_l input components are trained? The Schur complement, Eq. 88.

Sigma = [[S_aa, S_ab], [S_ba, S_bb]] with a the N_l trained components, in any basis; linear activation, K = M = 1.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray
from scipy.linalg import cholesky

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.features.arguments import (
    not_positive_definite,
    symmetric,
    trained_components,
    variance_factor,
    variance_factor_float64,
)
from symsl.precision import ball

Array = NDArray[np.float64]

LARGEST_CERTIFIED = 256
_ROOM = "features."


def stationary_errors(covariance: Array, *, sigma_J: object) -> Array:
    """Eq. 88 for every N_l = 0..N at once: (1+sigma_J^2)/(2N) tr(S_bb - S_ba S_aa^-1 S_ab), shape (N+1,).

    With Sigma = U^T U (Cholesky) the Schur complement is U_bb^T U_bb: its trace sums the squared rows of U from N_l on.
    """
    where = _ROOM + "stationary_errors"
    try:
        factor = cholesky(symmetric(covariance, where), lower=False)
    except np.linalg.LinAlgError:
        raise not_positive_definite(where) from None
    rows = np.append((factor**2).sum(axis=1), 0.0)
    return variance_factor_float64(sigma_J, where) * np.cumsum(rows[::-1])[::-1] / len(covariance)


def certified_stationary_error(covariance: Array, N_l: object, *, sigma_J: object) -> arb:
    """Eq. 88 as a ball at the working precision of `flint.ctx`, for the matrix whose entries are exactly these doubles.

    Of (Sigma + Sigma^T)/2, exactly. N at most 256 (a dense solution in ball arithmetic).
    """
    where = _ROOM + "certified_stationary_error"
    size = len(symmetric(covariance, where))
    count = trained_components(N_l, size, where)
    if size > LARGEST_CERTIFIED:
        raise ParameterError(
            where, "N", size, f"N <= {LARGEST_CERTIFIED} in ball arithmetic", "use stationary_errors (float64)"
        )
    if count == size:
        return arb(0)
    exact = [[Fraction(float(value)) for value in row] for row in np.asarray(covariance)]
    entries = [[ball((exact[i][j] + exact[j][i]) / 2) for j in range(size)] for i in range(size)]
    coupling = arb_mat([row[count:] for row in entries[:count]])
    try:
        response = arb_mat([row[:count] for row in entries[:count]]).solve(coupling)
    except ZeroDivisionError:
        raise InsufficientPrecisionError("S_aa is not proved invertible at this precision") from None
    explained = sum((x * y for x, y in zip(coupling.entries(), response.entries(), strict=True)), arb(0))
    frozen = sum((entries[i][i] for i in range(count, size)), arb(0))
    return ball(variance_factor(sigma_J, where)) / size * (frozen - explained)
