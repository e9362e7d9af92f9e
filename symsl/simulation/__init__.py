"""Plain online stochastic gradient descent (Eqs. 2, 3): the experiment that the theory is checked against."""

from symsl.simulation.inputs import (
    CorrelatedInputs,
    DataInputs,
    DiagonalInputs,
    Inputs,
    data_inputs,
    diagonal_inputs,
    gaussian_inputs,
    rotated_inputs,
)
from symsl.simulation.order_parameters import OrderParameters, order_parameters
from symsl.simulation.result import Simulation
from symsl.simulation.run import simulate
from symsl.simulation.start import initial_weights

__all__ = [
    "CorrelatedInputs",
    "DataInputs",
    "DiagonalInputs",
    "Inputs",
    "OrderParameters",
    "Simulation",
    "data_inputs",
    "diagonal_inputs",
    "gaussian_inputs",
    "initial_weights",
    "order_parameters",
    "rotated_inputs",
    "simulate",
]
