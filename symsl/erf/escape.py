"""How fast the plateau is left, for K = M and small learning rate (Sec. 5.1.2, Appendix C.3).

The deviation that tells the teachers apart grows like e^(gamma alpha), and eps_g falls by something like
e^(2 gamma alpha) = e^(alpha/tau_esc). The teacher is that of `symsl.erf.plateau`; T2 and D2 are the diagonal element
and the sum of the off-diagonal elements of a row of T^(2) (T2 = u_2 on average). Time is alpha = p/N.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symsl.arguments import learning_rate
from symsl.erf.plateau import Q_star, R_star
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball, exact, exact_integer


def escape_rate(M: int, eta: Fraction, T2: arb, D: Fraction | int = 0, D2: Fraction | int = 0) -> arb:
    """Eq. 113: gamma = (2 eta/(pi M)) R* Lambda^(-3/2) (T2 - D2/(M-1)), Lambda = 2 (1+Q*) - R*^2, at order 1.

    Raises `ParameterError` where there is no escape at this order, gamma <= 0.
    """
    where = "escape_rate"
    M, eta = exact_integer(M, "M", where), learning_rate(eta, where)
    D, D2 = exact(D, "D", where), exact(D2, "D2", where)
    require_escape(M, T2, D, D2)
    R, Q = R_star(M, D), Q_star(M, D)
    root = 2 * (1 + Q) - R * R
    return 2 * ball(eta) * R * (T2 - ball(Fraction(D2) / (M - 1))) / (arb.pi() * M * root * root.sqrt())


def escape_time(M: int, eta: Fraction, T2: arb, D: Fraction | int = 0, D2: Fraction | int = 0) -> arb:
    """Eqs. 15, 116: tau_esc = 1/(2 gamma)."""
    return 1 / (2 * escape_rate(M, eta, T2, D, D2))


def plateau_length(tau_esc: arb, N: int, sigma_J: Fraction, Delta_P: Fraction, b: Fraction) -> arb:
    """Eqs. 12, 117: alpha_P - alpha_0 = 2 tau_esc ln(Delta_P/Delta_0) with Delta_0 = b sigma_J/sqrt(N).

    Delta_P is the deviation of R that counts as escaped, Delta_0 that at alpha_0. `ParameterError` unless
    Delta_0 < Delta_P.
    """
    if not Delta_P**2 * N > (b * sigma_J) ** 2:
        raise ParameterError(
            "plateau_length",
            "Delta_P",
            Delta_P,
            "Delta_P > Delta_0 = b sigma_J/sqrt(N) (Eq. 117: the deviation grows)",
            "raise Delta_P or N, or lower b",
        )
    return tau_esc * ball(Delta_P**2 * N / (b * sigma_J) ** 2).log()


def require_escape(M: int, T2: arb, D: Fraction | int, D2: Fraction | int) -> None:
    """Distinct teachers at orders 1 and 2: -1 < D < M - 1 and -1 <= D2/T2 < M - 1, else gamma is not positive."""
    where = "escape_time"
    if not isinstance(T2, arb):
        raise ParameterError(where, "T2", T2, "a ball (Eq. 15)", "take Spectrum.moment(2)")
    if M < 2:
        raise ParameterError(where, "M", M, "M >= 2 (Eq. 15: one unit has no symmetry to break)", "raise M")
    if not -1 < D < M - 1:
        raise ParameterError(
            where,
            "D",
            D,
            f"-1 < D < M - 1 = {M - 1} (Eq. 15: teachers that differ and do not cancel)",
            "D is the sum of the off-diagonal elements of a row of T^(1)",
        )
    contrast = T2 - ball(Fraction(D2) / (M - 1))
    if contrast > 0 and not T2 + ball(Fraction(D2)) < 0:
        return
    if contrast <= 0 or contrast > 0:
        raise ParameterError(
            where,
            "D2",
            D2,
            f"-T2 <= D2 < (M - 1) T2 with T2 = {T2.str(8, radius=False)} (Eq. 15: else gamma <= 0, no escape)",
            "D2 is the sum of the off-diagonal elements of a row of T^(2)",
        )
    raise InsufficientPrecisionError("the sign of T2 - D2/(M-1) is not decided")
