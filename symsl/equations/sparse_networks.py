"""What the entries of both sparse networks share: networks with weight decay, the scaling laws of a second paper.

Everything rests on the state evolution, which is a theorem where the number of samples grows in proportion to that of
parameters (diagonal: n ~ d; quadratic: n ~ d**2) and a conjecture supported by experiments elsewhere. "Proved" means
derived from it; asymptotic constants that were only compared with its numerical solution are "numerical only".
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symsl.equations.evaluation import Arguments, Parameter, Route, from_statement
from symsl.equations.model import Evidence, Kind, Quantity
from symsl.symbols import (
    Delta_noise,
    R_risk,
    c_target,
    d_inputs,
    gamma,
    n_samples,
)
from symsl.weight_decay import PowerLawTarget

NUMERICAL = Evidence(Kind.NUMERICAL)
SECTION = "sparse networks"
PROPORTIONAL = "state evolution: a theorem for n proportional to d (Gaussian design), a conjecture elsewhere"
QUADRATIC = "state evolution: a theorem for n proportional to d**2 (Gaussian sensing matrices), a conjecture elsewhere"
TARGET = "target coefficients c i**(-gamma), i = 1..d, gamma > 1/2"
NOISY = "label noise larger than the excess risk"
d_quantity = Quantity(d_inputs, "number of inputs", "integer, d >= 1")
n_quantity = Quantity(n_samples, "number of samples", "n > 0")
Delta_quantity = Quantity(Delta_noise, "variance of the label noise", "Delta >= 0")
gamma_quantity = Quantity(gamma, "exponent of the target's power law", "gamma > 1/2")
c_quantity = Quantity(c_target, "scale of the target", "c > 0")
R_quantity = Quantity(R_risk, "excess risk, mean of (f - f*)**2 over inputs", "R >= 0")
GAMMA = Parameter("gamma", "exponent of the target, gamma > 1/2", above=Fraction(1, 2))
C = Parameter("c", "scale of the target", default="1", above=Fraction(0))
N = Parameter("n", "number of samples", above=Fraction(0))
DELTA = Parameter("Delta", "variance of the label noise", at_least=Fraction(0))
D = Parameter("d", "number of inputs", "integer", at_least=Fraction(1))
LAM = Parameter("lam", "weight decay (0: the limit from above)", at_least=Fraction(0))
NOISE = Parameter("Delta", "variance of the label noise", above=Fraction(0))
STATE = (D, GAMMA, N, DELTA, LAM, C)


def power_law_target(given: Arguments) -> PowerLawTarget:
    """The target of these parameters."""
    return PowerLawTarget(gamma=given["gamma"], d=given["d"], c=given["c"])


def by_statement(build: Any) -> Route:
    """A route that evaluates the statement."""
    return Route("statement", from_statement(build))
