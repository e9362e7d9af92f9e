"""Nonsense in place of an argument ends in an error of the family, never in another traceback or a number."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb

from symsl import Spectrum, erf
from symsl.errors import SymslError

STATE = erf.State.random(Spectrum.power_law(2, 1), K=2, M=2, N=8, seed=1)
CALLS = {
    "solve": {"state": STATE, "eta": "1/10", "alpha": [1], "order": 1, "rtol": 1e-6},
    "solve_certified": {"state": STATE, "alpha": [1], "digits": 5, "order": 1, "eta": "1/10"},
    "solve_in_moment_basis": {"state": STATE, "eta": "1/10", "alpha": [1], "order": 1, "digits": 4},
    "plateau_of_teacher": {"state": STATE, "digits": 8},
    "escape_rates": {"state": STATE, "eta": "1/10", "digits": 8},
    "approximate_plateau": {"state": STATE},
    "from_state": {"state": STATE},
    "moment_condition": {"spectrum": STATE.spectrum},
    "plateau_height": {"M": 2, "D": 0},
    "Q_star": {"M": 2, "D": 0},
    "escape_time": {"M": 2, "eta": 1, "T2": arb(1)},
    "late_phase_error": {
        **{"spectrum": STATE.spectrum, "M": 2, "eta": 1, "alpha": [1]},
        **{"w_d": [arb(1)] * 2, "w_o": [arb(0)] * 2},
    },
}


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name, given in CALLS.items() for argument in given]
)
@pytest.mark.parametrize(
    "value", ["x", None, float("nan"), [], np.ones((2, 3)), {}, object()], ids=lambda value: type(value).__name__
)
def test_nonsense_is_refused(name: str, argument: str, value: object) -> None:
    if (name, argument) == ("late_phase_error", "alpha") and isinstance(value, list):
        return  # no times, no values
    with pytest.raises(SymslError):
        getattr(erf, name)(**{**CALLS[name], argument: value})
