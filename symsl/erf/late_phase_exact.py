"""The end of training at any learning rate: the term of second order in eta, in which all modes meet.

With w_k = (w_d, w_o) as in `symsl.erf.late_phase`, to first order in w and exact in eta for N -> infinity,

    dw_k/da = -(4 eta/(pi M)) lambda_k H w_k + (eta/M)^2 lambda_k G (1/L) sum_j lambda_j w_j,

where G holds the averages E[g'(y_i) g'(y_j) g'(y_a) g'(y_b)], summed over the units a, b (see `noise_matrix`). The
deviations decay below eta_c = (4M/pi) / (largest eigenvalue of H^-1 G), which is the same for every spectrum with
u_1 = 1: the matrix of the system is singular where det(1 - (pi eta/(4M)) u_1 H^-1 G) = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import acb, acb_mat, arb

from symsl.erf.late_phase import Deviations, in_every_mode
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball

MAX_L = 128
"""Dense eigenvectors of 2L x 2L balls: 5 s at L = 64, 40 s at L = 128, measured at 200 bits."""

Matrix2 = tuple[tuple[arb, arb], tuple[arb, arb]]


def relaxation_matrix(M: int) -> Matrix2:
    """H = [[1/sqrt 3, (M-1)/2], [1/2, 1/sqrt 3 + (M-2)/2]], acting on (diagonal, off-diagonal)."""
    root = 1 / arb(3).sqrt()
    return (root, ball(Fraction(M - 1, 2))), (ball(Fraction(1, 2)), root + ball(Fraction(M - 2, 2)))


def noise_matrix(M: int) -> Matrix2:
    """G, from mu(n_1, n_2, ..) = (2/pi)^2 / sqrt((1+n_1)(1+n_2)..), the average of four slopes, n_a of unit a.

    A slope is g'(y) = sqrt(2/pi) e^(-y^2/2) with y of unit variance, independent from unit to unit.
    """

    def mu(*multiplicities: int) -> arb:
        product = 1
        for n in multiplicities:
            product *= 1 + n
        return (2 / arb.pi()) ** 2 / arb(product).sqrt()

    pairs, triples = (M - 1) * (M - 2), (M - 2) * (M - 3)
    return (
        (mu(4) + (M - 1) * mu(2, 2), 2 * (M - 1) * mu(3, 1) + pairs * mu(2, 1, 1)),
        (
            2 * mu(3, 1) + (M - 2) * mu(2, 1, 1),
            2 * mu(2, 2) + 4 * (M - 2) * mu(2, 1, 1) + triples * mu(1, 1, 1, 1),
        ),
    )


def critical_learning_rate(M: int) -> arb:
    """eta_c = (4M/pi) / (largest eigenvalue of H^-1 G): the deviations decay below it and grow above it."""
    if M < 1:
        raise ParameterError("critical_learning_rate", "M", M, "M >= 1", "give the number of units")
    (h11, h12), (h21, h22) = relaxation_matrix(M)
    (g11, g12), (g21, g22) = noise_matrix(M)
    determinant = h11 * h22 - h12 * h21
    trace = (h22 * g11 - h12 * g21 - h21 * g12 + h11 * g22) / determinant
    product = (g11 * g22 - g12 * g21) / determinant
    return 8 * M / (arb.pi() * (trace + (trace * trace - 4 * product).sqrt()))


def exact_error(start: Deviations, eta: Fraction, alpha: Sequence[Fraction]) -> list[arb]:
    """eps_g = (1/pi) [w_d/sqrt 3 + (M-1) w_o/2] of order 1 (Eq. 121) at each time after the start.

    Dense eigenvectors of the 2L x 2L system. `ParameterError` above L = `MAX_L`.
    """
    spectrum, M = start.spectrum, start.M
    L = spectrum.L
    if L > MAX_L:
        raise ParameterError(
            "exact_error", "L", L, f"L <= {MAX_L} (dense eigenvectors)", "use the equation 17 where eta is small"
        )
    rate, modes = start.eta_factor * eta, range(L)
    H, G = relaxation_matrix(M), noise_matrix(M)
    drift, noise = 4 * ball(rate) / (arb.pi() * M), ball(rate**2 / M**2)
    lam = spectrum.eigenvalues()
    entries = [
        noise * lam[k] * lam[j] * G[a][b] / L - (drift * lam[k] * H[a][b] if j == k else 0)
        for a in range(2)
        for k in modes
        for b in range(2)
        for j in modes
    ]
    initial = [value for name in ("w_d", "w_o") for value in in_every_mode(getattr(start, name), L, name)]
    seen = [weight * lam[k] / L for weight in (1 / arb(3).sqrt(), ball(Fraction(M - 1, 2))) for k in modes]
    size = 2 * L
    try:
        values, vectors = acb_mat(size, size, entries).eig(right=True)
        parts = vectors.solve(acb_mat(size, 1, initial))
    except (ValueError, ZeroDivisionError):
        raise InsufficientPrecisionError("the eigenvalues are not yet isolated") from None
    weights = acb_mat(1, size, seen) * vectors
    factor = ball(start.error_factor) / arb.pi()
    return [
        factor * sum((weights[0, i] * parts[i, 0] * (values[i] * ball(t)).exp() for i in range(size)), acb(0)).real
        for t in alpha
    ]
