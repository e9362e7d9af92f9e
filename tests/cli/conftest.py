"""A small catalogue, so that the command line is tested apart from the equations of the paper."""

from __future__ import annotations

import sys
from fractions import Fraction
from types import ModuleType

import pytest
import sympy as sp
from flint import arb

from symsl import symbols as s
from symsl.equations.evaluation import Evaluation, Parameter, Route, from_statement
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.precision import ball
from symsl.verification import Derivation, identity

ETA = Parameter("eta", "learning rate", above=Fraction(0))
ALPHA = Parameter("alpha", "time", kind="times", at_least=Fraction(0))
SIGMA = Parameter("sigma_J", "initial student weights", default="1/100")


def small_rate():
    body = s.lam[s.k] * sp.exp(-2 * s.eta * s.lam[s.k] * s.alpha)
    return sp.Eq(s.eps_g, (1 + s.sigma_J**2) / (2 * s.L) * sp.Sum(body, (s.k, 1, s.L)))


def by_hand(arguments):
    weight = (1 + ball(arguments["sigma_J"]) ** 2) / (2 * arguments["spectrum"].L)
    eigenvalues, eta = arguments["spectrum"].eigenvalues(), ball(arguments["eta"])
    return [weight * sum((v * (-2 * eta * v * ball(t)).exp() for v in eigenvalues), arb(0)) for t in arguments["alpha"]]


def plateau(arguments):
    M, D = ball(arguments["M"]), ball(arguments["D"])
    return [(1 + D) / (M * (2 * M - 1 - D)).sqrt(), (1 + D) / (2 * M - 1 - D)]


CATALOGUE = (
    Equation(
        id="8",
        name="small-learning-rate",
        title="Generalisation error to first order in the learning rate",
        section="4.1",
        build=small_rate,
        quantities=(Quantity(s.eps_g, "generalisation error", "> 0"), Quantity(s.eta, "learning rate", "0 < eta")),
        assumptions=("N -> infinity", "eta -> 0"),
        evidence=PROVED,
        derivation="toy",
        depends_on=("2",),
        evaluation=Evaluation((Route("statement", from_statement(small_rate)), Route("by hand", by_hand)),
                              (ETA, ALPHA, SIGMA)),
        remark="A sum over modes.",
    ),
    Equation(
        id="13",
        name="plateau",
        title="Order parameters on the plateau",
        section="5.1.1",
        build=lambda: sp.Eq(sp.Symbol("R"), (1 + s.D) / sp.sqrt(s.M * (2 * s.M - 1 - s.D))),
        quantities=(),
        assumptions=(),
        evidence=PROVED,
        derivation="toy",
        evaluation=Evaluation((Route("closed form", plateau),),
                              (Parameter("M", "teacher units", "integer", at_least=Fraction(2)),
                               Parameter("D", "row sum", default="0")), spectrum=False, outputs=("R", "Q")),
    ),
    Equation("2", "model", "Student and teacher", "3", lambda: sp.Eq(s.x, s.i), (), (), DEFINITION),
    Equation(
        id="nothing",
        name="nothing-certain",
        title="A value that vanishes",
        section="6",
        build=lambda: sp.Eq(s.x, sp.pi - sp.pi),
        quantities=(),
        assumptions=(),
        evidence=PROVED,
        evaluation=Evaluation((Route("closed form", lambda _: [arb.pi() - arb.pi()]),), spectrum=False),
    ),
)  # fmt: skip


@pytest.fixture
def catalogue(monkeypatch):
    """The small catalogue in place of the paper's."""
    by_key = {key: entry for entry in CATALOGUE for key in (entry.id, entry.name)}
    monkeypatch.setattr("symsl.equations.EQUATIONS", CATALOGUE)
    monkeypatch.setattr("symsl.equations._BY_KEY", by_key)
    return by_key


@pytest.fixture
def derive(monkeypatch):
    """Put claims behind the derivation "toy" of the small catalogue."""

    def put(*claims):
        module = ModuleType("symsl.derivations.toy")
        module.DERIVATION = Derivation("A toy", "nothing", lambda: iter(claims))
        monkeypatch.setitem(sys.modules, "symsl.derivations.toy", module)

    return put


@pytest.fixture
def true_claim():
    return identity("a square", (s.x + 1) ** 2, s.x**2 + 2 * s.x + 1, wrong=s.x**2 + 1)


@pytest.fixture
def symsl(capsys):
    """Run the command line: (exit status, stdout, stderr)."""
    from symsl.cli import main

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run
