"""The plateau of the erf network for K = M and small learning rate (Sec. 5.1.1, Appendix C.2).

All students coincide, J_i = J*. For a teacher with T^(1)_nn = 1 whose rows all have the same sum off the diagonal, D at
order 1 and D^(l) at order l (each off-diagonal element D/(M-1)), the order parameters stand still at

    R* = (1+D)/sqrt(M (2M-1-D)),    Q* = (1+D)/(2M-1-D)                                                (Eqs. 13, 97)

and eps_g at the plateau height (Eq. 99). Everything is dimensionless; arguments are exact, results balls at the working
precision.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symsl.errors import ParameterError
from symsl.precision import ball, exact, exact_integer


def R_star(M: int, D: Fraction | int = 0) -> arb:
    """Eq. 13: the student-teacher overlap of order 1 on the plateau, the same for all pairs."""
    M, D = _teacher(M, D, "R_star")
    return ball(1 + D) / ball(M * (2 * M - 1 - D)).sqrt()


def Q_star(M: int, D: Fraction | int = 0) -> arb:
    """Eq. 13: the student-student overlap of order 1 on the plateau, the same for all pairs (and rational)."""
    M, D = _teacher(M, D, "Q_star")
    return ball(Fraction(1 + D) / (2 * M - 1 - D))


def plateau_height(M: int, D: Fraction | int = 0) -> arb:
    """Eq. 99: eps_g* = (1/pi) [pi/6 + (M-1) asin(D/(2(M-1))) - M asin((1+D)/(2M))]."""
    M, D = _teacher(M, D, "plateau_height")
    teacher = (M - 1) * ball(Fraction(D) / (2 * (M - 1))).asin()
    student = M * ball(Fraction(1 + D) / (2 * M)).asin()
    return ball(Fraction(1, 6)) + (teacher - student) / arb.pi()


def _teacher(M: object, D: object, where: str) -> tuple[int, Fraction]:
    """Exact M and D; T^(1) must be a Gram matrix, and the teachers must not cancel: then R* > 0, all roots are real."""
    M, D = exact_integer(M, "M", where), exact(D, "D", where)
    if M < 2:
        raise ParameterError(where, "M", M, "M >= 2 (Eq. 13: the plateau is a symmetry of several units)", "raise M")
    if not -1 < D <= M - 1:
        raise ParameterError(
            where,
            "D",
            D,
            f"-1 < D <= M - 1 = {M - 1} (Eq. 13: T^(1) with rows 1 + D positive)",
            "D is the sum of the off-diagonal elements of a row of T^(1)",
        )
    return M, D
