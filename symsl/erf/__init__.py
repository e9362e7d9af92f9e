"""The erf network: exact states, solutions of the order-parameter equations, plateau, escape and late phase (Sec. 5).

>>> from symsl import Spectrum, erf
>>> state = erf.State.random(Spectrum.power_law(L=4, beta=1), K=2, M=2, N=64, seed=1)
>>> print(erf.plateau_of_teacher(state, digits=8).height)
0.0028680942
"""

from symsl.erf.equations_of_motion import velocity_of_modes, velocity_of_moments
from symsl.erf.escape import escape_rate, escape_time
from symsl.erf.gaussian_averages import four_point_average, three_point_average, two_point_average
from symsl.erf.generalisation_error import generalisation_error, generalisation_error_from_deviations
from symsl.erf.late_phase import (
    Deviations,
    error_from_equal_modes,
    error_from_modes,
    error_from_moments,
    from_state,
    late_phase_error,
)
from symsl.erf.moment_basis import MomentSolution, moment_condition, solve_in_moment_basis
from symsl.erf.plateau import Q_star, R_star, plateau_height
from symsl.erf.plateau_approximation import approximate_escape_time, approximate_height, approximate_plateau
from symsl.erf.plateau_length import estimated_length, fluctuation_ratio, measured_plateau
from symsl.erf.plateau_of_teacher import (
    TeacherPlateau,
    escape_rates,
    plateau_of_teacher,
    stability,
)
from symsl.erf.solve import solve
from symsl.erf.state import OrderParameters, State
from symsl.erf.taylor import CertifiedTrajectory, solve_certified
from symsl.erf.trajectory import Trajectory

__all__ = [
    "CertifiedTrajectory",
    "Deviations",
    "MomentSolution",
    "OrderParameters",
    "Q_star",
    "R_star",
    "State",
    "TeacherPlateau",
    "Trajectory",
    "approximate_escape_time",
    "approximate_height",
    "approximate_plateau",
    "error_from_equal_modes",
    "error_from_modes",
    "error_from_moments",
    "escape_rate",
    "escape_rates",
    "escape_time",
    "estimated_length",
    "fluctuation_ratio",
    "four_point_average",
    "from_state",
    "generalisation_error",
    "generalisation_error_from_deviations",
    "late_phase_error",
    "measured_plateau",
    "moment_condition",
    "plateau_height",
    "plateau_of_teacher",
    "solve",
    "solve_certified",
    "solve_in_moment_basis",
    "stability",
    "three_point_average",
    "two_point_average",
    "velocity_of_modes",
    "velocity_of_moments",
]
