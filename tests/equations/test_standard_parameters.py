"""Every equation with a value has one at its standard parameters."""

import pytest

from symsl import EQUATIONS, Equation, UsageError
from symsl.equations.evaluation import Evaluation, Parameter, Route
from symsl.equations.model import DEFINITION
from symsl.equations.standard import standard_parameters


@pytest.mark.parametrize("entry", [e for e in EQUATIONS if e.evaluation], ids=lambda entry: entry.id)
def test_value_at_standard_parameters(entry: Equation) -> None:
    values = entry.values(**standard_parameters(entry), digits=10)
    assert values
    assert all(value.reached >= 10 for value in values.values())


def test_a_parameter_without_a_standard_value_is_named() -> None:
    evaluation = Evaluation((Route("r", lambda _: []),), (Parameter("brand_new", "x"),), spectrum=False)
    entry = Equation("1x", "x", "X", "1", lambda: None, (), (), DEFINITION, evaluation=evaluation)
    with pytest.raises(UsageError, match="no standard value for brand_new"):
        standard_parameters(entry)
