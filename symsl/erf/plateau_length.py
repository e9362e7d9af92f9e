"""How long the plateau lasts: Eqs. 12, 117 with their constant b estimated from solutions.

    alpha_P - alpha_0 = (1/gamma) ln(Delta_P/Delta_0),   Delta_0 = b sigma_J/sqrt(N),   1/gamma = 2 tau_esc.

Delta is the spread of the students, the part of R^(1) by which they and the teachers differ; on the plateau it grows
like e^(gamma alpha). alpha_0 is when eps_g first comes within a tenth of the height of the plateau of the given
teacher, alpha_P when Delta has reached Delta_P. Everything here is float64, from solutions at recorded times.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from symsl.erf.exact_matrices import FloatArray, standard_deviation
from symsl.erf.plateau_of_teacher import TeacherPlateau, escape_rates, plateau_of_teacher
from symsl.erf.state import State
from symsl.erf.trajectory import Trajectory
from symsl.errors import ParameterError
from symsl.precision import exact, exact_integer

_NEAR = 1.1


class MeasuredPlateau(NamedTuple):
    """alpha_0 and Delta there, alpha_P where Delta = Delta_P, and the escape rate gamma of the teacher."""

    start: float
    spread: float
    end: float
    Delta_P: float
    rate: float

    @property
    def length(self) -> float:
        """alpha_P - alpha_0."""
        return self.end - self.start


def spread_over_students(R: FloatArray) -> FloatArray:
    """The root mean square over i and n of R_in - mean_i R_in, R of shape (.., K, M)."""
    result: FloatArray = np.sqrt(np.mean((R - R.mean(axis=-2, keepdims=True)) ** 2, axis=(-2, -1)))
    return result


def student_spread(R: FloatArray) -> FloatArray:
    """Delta: the same of R_in - mean_n R_in, without what moves a student towards all teachers alike."""
    return spread_over_students(R - R.mean(axis=-1, keepdims=True))


def measured_plateau(
    trajectory: Trajectory, *, Delta_P: object = "1/20", plateau: TeacherPlateau | None = None
) -> MeasuredPlateau:
    """alpha_0, Delta_0, alpha_P on a solution; between recorded times ln Delta is interpolated in alpha.

    `ParameterError` where the solution does not come near the plateau, or Delta does not reach Delta_P after that.
    """
    where = "measured_plateau"
    level = float(exact(Delta_P, "Delta_P", where))
    height = float((plateau or plateau_of_teacher(trajectory.initial)).height)
    spread = student_spread(trajectory.R)
    near = np.flatnonzero((trajectory.eps_g < _NEAR * height) & (spread < level))
    if not len(near):
        raise ParameterError(
            where,
            "trajectory",
            f"with eps_g down to {trajectory.eps_g.min():.3g}",
            f"one that comes within a tenth of the plateau at {height:.3g} with a spread below Delta_P (Eq. 117)",
            "record times on the plateau, or start with a smaller sigma_J",
        )
    begin = int(near[0])
    after = np.flatnonzero(spread[begin:] >= level)
    if not len(after):
        raise ParameterError(
            where,
            "Delta_P",
            Delta_P,
            f"Delta_P <= {spread[begin:].max():.3g}, the largest spread after alpha_0 (Eq. 117)",
            "solve to later times, or lower Delta_P",
        )
    last = begin + int(after[0])
    end = np.interp(np.log(level), np.log(spread[last - 1 : last + 1]), trajectory.alpha[last - 1 : last + 1])
    rate = float(escape_rates(trajectory.initial, trajectory.eta)[0])
    return MeasuredPlateau(float(trajectory.alpha[begin]), float(spread[begin]), float(end), level, rate)


class FluctuationRatio(NamedTuple):
    """b, and the standard error of ln b (nan for one solution): it adds error/gamma to an estimated length."""

    b: float
    error: float


def fluctuation_ratio(plateaus: Sequence[MeasuredPlateau], *, sigma_J: object, N: object) -> FluctuationRatio:
    """b of an ensemble of solutions with these sigma_J and N: the geometric mean of Delta_0/(sigma_J/sqrt N).

    Delta_0 is Delta_P e^(-gamma (alpha_P - alpha_0)), the spread at alpha_0 that pure growth with gamma leads back to:
    the spread itself still holds parts there that do not grow, and the rate is not yet gamma. One spread is as random
    as the modulus of few Gaussians: ln b of a single solution scatters by about 1.
    """
    where = "fluctuation_ratio"
    unit = _unit(sigma_J, N, where)
    if not plateaus:
        raise ParameterError(where, "plateaus", "[]", "at least one solution (Eq. 117)", "solve an ensemble")
    logarithms = [np.log(plateau.Delta_P) - plateau.rate * plateau.length for plateau in plateaus]
    count = len(logarithms)
    error = float(np.std(logarithms, ddof=1) / np.sqrt(count)) if count > 1 else float("nan")
    return FluctuationRatio(float(np.exp(np.mean(logarithms)) / unit), error)


def estimated_length(
    state: State, eta: object, *, b: float, sigma_J: object, N: object, Delta_P: object = "1/20"
) -> float:
    """Eq. 117 with the largest escape rate gamma of the teacher of `state` (Eq. 113 on average)."""
    where = "estimated_length"
    ratio = float(exact(Delta_P, "Delta_P", where)) / (b * _unit(sigma_J, N, where))
    if not ratio > 1:
        raise ParameterError(
            where, "Delta_P", Delta_P, "Delta_P > b sigma_J/sqrt(N) (Eq. 117: the spread grows)", "raise Delta_P or N"
        )
    return float(np.log(ratio) / float(escape_rates(state, eta)[0]))


def _unit(sigma_J: object, N: object, where: str) -> float:
    """sigma_J/sqrt(N), the size of R_in at the start."""
    spread, dimension = standard_deviation(sigma_J, where), exact_integer(N, "N", where)
    if spread == 0 or dimension < 1:
        argument, value = ("sigma_J", spread) if spread == 0 else ("N", Fraction(dimension))
        raise ParameterError(where, argument, value, f"{argument} > 0 (Eq. 117)", "without a spread nothing grows")
    return float(spread) / float(np.sqrt(dimension))
