"""Whatever is passed, a public function answers with a value or with a sentence: no raw traceback, no nan."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb

import symsl
from symsl import Spectrum, features, linear, simulation, weight_decay
from symsl.errors import SymslError
from symsl.export.code import code
from symsl.export.latex import latex
from symsl.power_law_fit import fit_power_law
from symsl.symbols import L, M, eta

POWER_LAW = Spectrum.power_law(4, "1/2")
COVARIANCE = np.diag([4.0, 2.0, 1.0, 0.5])
WEIGHTS = np.ones((1, 8))
INPUTS = simulation.diagonal_inputs(POWER_LAW, 8)
TARGET = weight_decay.PowerLawTarget(gamma=1, d=10)
C, U = [arb(3), arb(-4)], [arb(1), arb(1), arb(2)]
NETWORK: dict[str, Any] = {"spectrum": POWER_LAW, "eta": "1/2"}
SMALL_RATE = NETWORK | {"sigma_J": 1, "alpha": [1]}
CALLS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (Spectrum.power_law, {"L": 4, "beta": 1}),
    (Spectrum.from_eigenvalues, {"eigenvalues": [2, 1]}),
    (POWER_LAW.moment, {"order": 2}),
    (POWER_LAW.multiplicity, {"N": 8}),
    (fit_power_law, {"x": [1, 2, 3], "y": [3, 2, 1], "between": (1, 3)}),
    (linear.learning_curve, SMALL_RATE | {"digits": 5, "route": "companion", "max_bits": 500}),
    (linear.realised_curve, NETWORK | {"distances": [1], "alpha": [1], "K": 1, "M": 1, "digits": 5, "max_bits": 500}),
    (linear.exact_coefficients, NETWORK | {"alpha": 1, "K": 1, "M": 1, "route": "eigenbasis"}),
    (linear.small_rate_coefficients, NETWORK | {"alpha": 1, "K": 1, "M": 1}),
    (linear.mode_distances, {"spectrum": POWER_LAW, "J": WEIGHTS, "B": WEIGHTS}),
    (linear.realised_error, {"coefficients": [arb(1)], "distances": [Fraction(1)]}),
    (linear.ensemble_mean, {"coefficients": [arb(1)], "sigma_J": 1}),
    (linear.ensemble_variance, {"coefficients": [arb(1)], "N": 4, "sigma_J": 1}),
    (linear.eps_g, SMALL_RATE | {"N_l": 2, "route": "sum"}),
    (linear.order_parameters, SMALL_RATE | {"order": 1, "route": "sum"}),
    (linear.approximation, SMALL_RATE | {"kind": "integral", "N_l": 2}),
    (linear.correction_terms, SMALL_RATE | {"alpha": 1, "count": 2, "start": 1}),
    (linear.local_exponent, NETWORK | {"alpha": [1], "N_l": 2, "route": "sum"}),
    (linear.local_exponent_of_sum, {"weights": [arb(1)], "rates": [arb(1)], "alpha": 1}),
    (linear.scaling_window, NETWORK),
    (linear.rates, NETWORK),
    (linear.weighted_exponential_sum, {"spectrum": POWER_LAW, "rate": arb(1), "order": 1, "first": 1, "last": 3}),
    (linear.companion_matrix, {"c": C}),
    (linear.companion_inverse, {"c": C}),
    (linear.student_matrix, {"c": C, "u": U, "eta": 1}),
    (linear.student_inverse, {"c": C, "u": U, "eta": 1}),
    (linear.shifted_coefficients, {"c": C, "u": U, "eta": 1}),
    (linear.triangular_similarity, {"u": U, "eta": 1, "size": 2}),
    (linear.vandermonde_matrix, {"nodes": [1, 3]}),
    (linear.vandermonde_inverse, {"nodes": [arb(1), arb(3)], "c": C}),
    (linear.mode_coefficients, {"spectrum": POWER_LAW, "moments": [arb(1)] * 4}),
    (features.haar_orthogonal, {"N": 4, "seed": 0}),
    (features.covariance_matrix, {"spectrum": POWER_LAW, "orthogonal": np.eye(4)}),
    (features.large_N_stationary_error, {"spectrum": POWER_LAW, "N": 8, "N_l": 4, "sigma_J": 1}),
    (features.asymptotic_ratio, {"beta": 1}),
    (features.mean_error, {"covariance": COVARIANCE, "N_l": 2, "eta": 1, "sigma_J": 1, "alpha": [1]}),
    (features.stationary_order_parameters, {"covariance": COVARIANCE, "N_l": 2, "sigma_J": 1}),
    (features.certified_stationary_error, {"covariance": COVARIANCE, "N_l": 2, "sigma_J": 1}),
    (features.generalisation_error, NETWORK | {"N_l": 2, "sigma_J": 1, "alpha": 1}),
    (features.stationary_approximation, {"spectrum": POWER_LAW, "N_l": 2, "sigma_J": 1}),
    (simulation.diagonal_inputs, {"spectrum": POWER_LAW, "N": 8}),
    (simulation.gaussian_inputs, {"covariance": COVARIANCE}),
    (simulation.data_inputs, {"rows": COVARIANCE}),
    (simulation.initial_weights, {"seed": 0, "run": 0, "N": 4, "K": 1, "M": 1, "sigma_J": 1}),
    (simulation.order_parameters, {"inputs": INPUTS, "J": WEIGHTS, "B": WEIGHTS, "order": 1}),
    (simulation.simulate, {"inputs": INPUTS, "eta": "1/10", "alpha": [0], "K": 1, "M": 1, "sigma_J": 1, "runs": 1}),
    (weight_decay.ListedTarget, {"values": [1]}),
    (weight_decay.interpolation_gain, {"model": "diagonal", "ratio": "1/10", "digits": 5}),
    (weight_decay.PhaseDiagram, {"model": "diagonal", "gamma": 1, "s": 0}),
    (weight_decay.rates_from_tail, {"A": 2}),
    (symsl.series, {"expression": eta / (M + 1), "variable": M, "order": 3, "start": 5, "within": None}),
    (symsl.check, {"lhs": L, "rhs": L, "domain": None, "sizes": {L: [1, 2]}}),
    (symsl.equation, {"key": 15}),
    (symsl.equation(15).evaluate, {"M": 2, "spectrum": POWER_LAW, "eta": 1, "digits": 5, "route": "closed form"}),
    (latex, {"what": eta / 3, "form": "fragment", "rename": None, "digits": 3}),
    (code, {"entry": symsl.equation(15), "language": "c"}),
    (weight_decay.risk_from_spectrum, {"gamma": 1, "detected": 3, "theta": 1}),
]
NONSENSE = [None, "x", float("nan"), float("inf"), -1, 0, [], {}, 10**400, 1.5, object(), [None], [[1, 2], [3]], b"1"]
NONSENSE += [["x"], [float("nan")], np.zeros((2, 3)), np.zeros((0, 4))]


@pytest.mark.parametrize(("function", "arguments"), CALLS, ids=lambda part: getattr(part, "__name__", ""))
def test_nonsense_is_refused_in_words(function: Callable[..., Any], arguments: dict[str, Any]) -> None:
    function(**arguments)
    for name in arguments:
        for value in NONSENSE:
            try:
                found = function(**arguments | {name: value})
            except SymslError:  # every other exception fails the test
                continue
            assert not _holds_nan(found), f"{name}={value!r}"


def _holds_nan(found: Any) -> bool:
    if isinstance(found, (list, tuple)):
        return any(map(_holds_nan, found))
    if isinstance(found, arb):
        return bool(found.is_nan())
    if isinstance(found, (float, np.ndarray)):
        return bool(np.isnan(np.asarray(found, dtype=float)).any())
    return False
