"""Eqs. 92-94 as they are stated against the code that solvers use, with numbers, K != M."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from flint import ctx

import symsl
from symsl.erf.equations_of_motion import velocity_of_moments
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.state import State
from symsl.precision import ball
from symsl.precision.evaluate import evaluate
from symsl.spectrum import Spectrum

ETA = Fraction(1, 3)


@pytest.fixture(scope="module")
def state() -> State:
    """Three students, two teachers, three eigenvalues."""
    weights = np.random.default_rng(3).integers(-3, 4, (5, 12)).tolist()
    return State.from_weights(Spectrum.power_law(3, 1), weights[:3], weights[3:])


def bound(state: State, **indices: int) -> dict[str, object]:
    """The symbols of a statement: families of order parameters as functions of unit, unit, order."""
    orders = [state.order_parameters(l) for l in range(4)]
    families = {
        f"{name}_units": lambda a, b, l, name=name: getattr(orders[l], name)[a - 1, b - 1] for name in ("Q", "R", "T")
    }
    return {**families, "u": state.spectrum.moment, "K": state.K, "M": state.M, "eta": ETA, **indices}


@pytest.mark.parametrize("order", [1, 2])
def test_velocities(state: State, order: int) -> None:
    with ctx.workprec(200):
        u = [state.spectrum.moment(l) for l in range(1, 4)]
        closure = state.spectrum.characteristic_polynomial().coeffs()[:-1]
        velocity = velocity_of_moments(state.moments(), closure, u, ball(ETA), order=order)
        number = 93 if order == 1 else "erf-student-student-dynamics-complete"
        for l, i in product(range(3), range(1, 4)):
            for n in range(1, 3):
                stated = evaluate(symsl.equation(92).statement.rhs, bound(state, l=l, i=i, n=n))
                assert stated.overlaps(velocity[l].R[i - 1, n - 1])
                assert stated.rel_accuracy_bits() > 100
            for j in range(1, 4):
                stated = evaluate(symsl.equation(number).statement.rhs, bound(state, l=l, i=i, j=j))
                assert stated.overlaps(velocity[l].Q[i - 1, j - 1])
                assert stated.rel_accuracy_bits() > 100


def test_generalisation_error(state: State) -> None:
    with ctx.workprec(200):
        stated = evaluate(symsl.equation(94).statement.rhs, bound(state))
        assert stated.overlaps(generalisation_error(state.order_parameters(1)))
        assert stated.rel_accuracy_bits() > 100
