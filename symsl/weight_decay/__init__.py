"""Networks trained to the minimum of an empirical risk with weight decay: diagonal (LASSO) and quadratic.

Two-layer networks without biases whose weight decay becomes a convex penalty on what they represent, so that their
learning curves and weight spectra for a power-law target follow from a state evolution in two unknowns.
"""

from symsl.weight_decay.interpolation import (
    InterpolationGain,
    interpolation_gain,
    interpolation_gain_balls,
    interpolation_threshold,
)
from symsl.weight_decay.lasso import lasso, lasso_balls
from symsl.weight_decay.lasso_float64 import lasso_float64
from symsl.weight_decay.lasso_state import LassoState
from symsl.weight_decay.phase_diagram import PhaseDiagram, critical_exponent
from symsl.weight_decay.quadratic import quadratic, quadratic_balls, quadratic_float64
from symsl.weight_decay.quadratic_state import QuadraticState
from symsl.weight_decay.target import ListedTarget, PowerLawTarget
from symsl.weight_decay.trained_spectrum import (
    DiagonalSpectrum,
    QuadraticSpectrum,
    rates_from_tail,
    risk_from_spectrum,
    tail_exponent,
)

__all__ = [
    "DiagonalSpectrum",
    "InterpolationGain",
    "LassoState",
    "ListedTarget",
    "PhaseDiagram",
    "PowerLawTarget",
    "QuadraticSpectrum",
    "QuadraticState",
    "critical_exponent",
    "interpolation_gain",
    "interpolation_gain_balls",
    "interpolation_threshold",
    "lasso",
    "lasso_balls",
    "lasso_float64",
    "quadratic",
    "quadratic_balls",
    "quadratic_float64",
    "rates_from_tail",
    "risk_from_spectrum",
    "tail_exponent",
]
