"""The catalogue: one entry for each equation, one module for each section of the paper."""

from __future__ import annotations

import difflib

from symsl.equations import (
    diagonal_network,
    erf,
    escape,
    escape_limits,
    escape_modes,
    feature_scaling,
    given_pair,
    late_phase,
    late_phase_complete,
    late_phase_exact,
    learning_rate,
    linear_companion,
    linear_curves,
    linear_dynamics,
    linear_modes,
    linear_small_rate,
    linear_solutions,
    mean_path,
    outside_the_eigenbasis,
    plateau,
    plateau_of_teacher,
    quadratic_network,
    scaling,
    scaling_seen,
    setup,
    trainable_directions,
)
from symsl.equations.model import Equation
from symsl.errors import UsageError

MODULES: tuple[tuple[Equation, ...], ...] = (
    setup.EQUATIONS,
    linear_curves.EQUATIONS,
    linear_dynamics.EQUATIONS,
    linear_companion.EQUATIONS,
    linear_solutions.EQUATIONS,
    linear_small_rate.EQUATIONS,
    linear_modes.EQUATIONS,
    given_pair.EQUATIONS,
    scaling.EQUATIONS,
    scaling_seen.EQUATIONS,
    learning_rate.EQUATIONS,
    feature_scaling.EQUATIONS,
    mean_path.EQUATIONS,
    trainable_directions.EQUATIONS,
    outside_the_eigenbasis.EQUATIONS,
    erf.EQUATIONS,
    plateau_of_teacher.EQUATIONS,
    plateau.EQUATIONS,
    escape_modes.EQUATIONS,
    escape.EQUATIONS,
    escape_limits.EQUATIONS,
    late_phase.EQUATIONS,
    late_phase_exact.EQUATIONS,
    late_phase_complete.EQUATIONS,
    diagonal_network.EQUATIONS,
    quadratic_network.EQUATIONS,
)
EQUATIONS: tuple[Equation, ...] = tuple(entry for module in MODULES for entry in module)
_BY_KEY = {key: entry for entry in EQUATIONS for key in (entry.id, entry.name)}


def equation(key: str | int) -> Equation:
    """The entry with this number ("15" or 15) or name ("escape-time"); `UsageError` names the nearest."""
    entry = _BY_KEY.get(str(key).strip("() "))
    if entry is None:
        near = difflib.get_close_matches(str(key), _BY_KEY, 3, 0.4)
        hint = f"; nearest: {', '.join(near)}" if near else "; see `symsl list`"
        raise UsageError(f"no equation {key}{hint}")
    return entry


__all__ = ["EQUATIONS", "Equation", "equation"]
