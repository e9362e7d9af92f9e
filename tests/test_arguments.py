"""What is no array of numbers is refused with a sentence, wherever arrays come in."""

from __future__ import annotations

import numpy as np
import pytest

from symsl import Spectrum
from symsl.errors import ParameterError, SymslError, UsageError
from symsl.features import mean_error, stationary_errors, student_path
from symsl.linear import mode_distances, realised_curve
from symsl.power_law_fit import fit_power_law
from symsl.simulation import data_inputs, diagonal_inputs, gaussian_inputs, simulate

RAGGED = [[1, 2], [3]]
TWO = Spectrum.power_law(2, 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Spectrum.from_data(RAGGED),
        lambda: data_inputs(RAGGED),
        lambda: gaussian_inputs(RAGGED),
        lambda: mode_distances(TWO, RAGGED, [1, 2]),
        lambda: stationary_errors(RAGGED, sigma_J=0),
        lambda: mean_error(np.eye(2), 1, eta=1, sigma_J=0, alpha=["soon"]),
        lambda: student_path(np.eye(2), 1, J=["a", "b"], B=[1, 1], eta=1, alpha=1),
        lambda: fit_power_law([1, 2, "a"], [1, 2, 3]),
        lambda: simulate(diagonal_inputs(TWO, 2), eta=1, alpha=[1], J=RAGGED),
    ],
)
def test_ragged_rows_and_texts(call):
    with pytest.raises(UsageError, match="must be an array of real numbers"):
        call()


@pytest.mark.parametrize(
    ("call", "message", "kind"),
    [
        (lambda: simulate(np.eye(2), eta=1, alpha=[1]), "inputs must come from diagonal_inputs", UsageError),
        (lambda: Spectrum.from_data(np.eye(3), fit_range=5), "fit_range = 5, but two numbers", ParameterError),
        (lambda: realised_curve(TWO, 5, eta=1, alpha=[1]), "distances = 5, but a sequence", ParameterError),
    ],
)
def test_things_of_another_kind(call, message, kind):
    assert issubclass(kind, SymslError)
    with pytest.raises(kind, match=message):
        call()
