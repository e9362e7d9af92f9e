"""Code of statements about matrices: an exported solution solves the exported equation of motion."""

from __future__ import annotations

import re
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp

from symsl import EQUATIONS, SymslError, UsageError, equation
from symsl.errors import UnsupportedExpressionError
from symsl.export.code import code, function_name
from symsl.export.code_matrices import ALGEBRAS, about_matrices

L = 3
RANDOM = np.random.default_rng(20_240)
STATEMENTS = [entry for entry in EQUATIONS if about_matrices(entry)]


def positive(size: int) -> np.ndarray:
    root = RANDOM.normal(size=(size, size))
    return root @ root.T / size + np.eye(size)


def column(size: int = L) -> np.ndarray:
    return RANDOM.normal(size=(size, 1))


A_1, ETA = -positive(L), 0.1
U, E_1, T = column(), np.array([[0.0, 1.0, 0.0]]), column()
A_3 = 2 * ETA * A_1 + ETA**2 * U @ E_1
GIVEN: dict[str, Any] = {
    "eta": ETA, "alpha": 2.0, "N": 5, "A_1": A_1, "A_3": A_3, "A_2": 2 * ETA * A_1 - 2 * A_3, "U_vector": U, "e_1": E_1,
    "T_vector": T, "R_start": column(), "Q_start": column(), "Sigma": positive(L), "B_vector": column(),
    "J_vector": column(), "J_first": column(), "noise": np.zeros((L, 1)), "S_aa": positive(2),
    "S_ab": RANDOM.normal(size=(2, 3)),
    "S_bb": positive(3), "B_a": column(2), "B_b": column(3), "J_a": column(2), "J_b": column(3), "J_a_start": column(2),
}  # fmt: skip
GIVEN["S_ba"] = GIVEN["S_ab"].T
for row in ("B_a", "B_b", "J_b"):
    GIVEN[f"{row}_row"] = GIVEN[row].T
VALUES, VECTORS = np.linalg.eigh(GIVEN["Sigma"])
GIVEN |= {"Lambda_matrix": np.diag(VALUES), "O_matrix": VECTORS.T, "O_transposed": VECTORS}


def called(key: str, language: str = "numpy", **changed: Any) -> Any:
    entry = equation(key)
    namespace: dict[str, Any] = {}
    exec(code(entry, language), namespace)
    function = namespace[function_name(entry)]
    given = GIVEN | changed
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    change = (
        (lambda v: mp.matrix(v.tolist()) if isinstance(v, np.ndarray) else mp.mpf(v))
        if language == "mpmath"
        else (lambda v: v)
    )
    return function(**{name: change(given[name]) for name in names})


def rate(key: str) -> np.ndarray:
    """The derivative in alpha by a central difference."""
    step = 1e-4
    return (called(key, alpha=2 + step) - called(key, alpha=2 - step)) / (2 * step)


@pytest.mark.parametrize(
    ("solution", "motion", "given"),
    [("30", "28", "R_vector"), ("80", "60", "J_vector"), ("84", "83", "J_a")],
)
def test_solutions_obey_their_equations(solution: str, motion: str, given: str) -> None:
    velocity = called(motion, **{given: called(solution)})
    velocity = velocity[0] if isinstance(velocity, list) else velocity
    assert rate(solution) == pytest.approx(velocity, abs=1e-7)


def test_the_student_overlap_obeys_its_equation() -> None:
    """Eq. 43 in Eqs. 39 and 41 (with R(0) = 0), Eq. 29 with R of Eq. 30, and both rows of Eqs. 5 and 26."""
    Q, R = called("43"), called("30", R_start=np.zeros((L, 1)))
    velocity = rate("43")
    for key in ("39", "29"):
        assert velocity == pytest.approx(called(key, Q_vector=Q, R_vector=R), abs=1e-7)
    assert velocity == pytest.approx(called("5", Q_vector=Q, R_vector=R)[1], abs=1e-7)
    assert velocity == pytest.approx(called("26", Q_vector=Q, R_vector=R)[1], abs=1e-7)


def test_the_end_of_training() -> None:
    assert called("84", alpha=500.0) == pytest.approx(called("85"), abs=1e-9)
    assert called("59", noise=np.zeros((L, 1))) == pytest.approx(called("60"))
    stationary = np.concatenate([called("85"), GIVEN["J_b"]])
    teacher = np.concatenate([GIVEN["B_a"], GIVEN["B_b"]])
    covariance = np.block([[GIVEN["S_aa"], GIVEN["S_ab"]], [GIVEN["S_ba"], GIVEN["S_bb"]]])
    R, Q = called("86")
    assert pytest.approx(stationary.T @ covariance @ teacher / 5) == R
    assert pytest.approx(stationary.T @ covariance @ stationary / 5) == Q


def exported() -> list[str]:
    return [entry.id for entry in STATEMENTS if entry.id not in ("42", "82")]


@pytest.mark.parametrize("key", exported())
def test_mpmath_agrees(key: str) -> None:
    extra = {"R_vector": column(), "Q_vector": column()}
    with mpmath.workdps(30):
        several = called(key, "mpmath", **extra)
        several = several if isinstance(several, list) else [several]
        doubles = called(key, **extra)
        for high, low in zip(several, doubles if isinstance(doubles, list) else [doubles], strict=True):
            found = np.array(mp.matrix([high] if isinstance(high, int) else high).tolist(), dtype=float)
            assert found == pytest.approx(np.atleast_2d(low), rel=1e-9)


@pytest.mark.parametrize("key", exported())
def test_names_and_brackets_of_the_others(key: str) -> None:
    known = {
        "julia": {"inv", "exp", "sqrt"},
        "mathematica": {"Inverse", "MatrixExp", "IdentityMatrix", "Length", "Sqrt"},
    }
    for language, names in known.items():
        text = re.sub(r"\(\*.*?\*\)|#.*", "", code(equation(key), language))
        called_names = set(re.findall(r"([A-Za-z]\w*)[\[(]", text))
        own = {function_name(equation(key)), re.sub(r"_(\w)", lambda m: m[1].upper(), function_name(equation(key)))}
        assert called_names <= names | own, called_names
        assert all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}"))


def test_what_is_not_exported_says_why() -> None:
    assert len(STATEMENTS) > 15
    with pytest.raises(UsageError, match=r"integral of matrices.*symsl latex 42"):
        code(equation("42"), "numpy")
    with pytest.raises(UsageError, match="only names the blocks"):
        code(equation("82"), "numpy")
    with pytest.raises(UnsupportedExpressionError, match="numpy, mpmath, julia, mathematica"):
        code(equation("45"), "c")
    assert set(ALGEBRAS) < {"mpmath", "python-flint", "numpy", "julia", "mathematica", "pari", "c"}
    without = []
    for entry in EQUATIONS:
        try:
            code(entry, "numpy")
        except SymslError:
            without.append(entry.id)
    assert without == ["42", "82", "lasso-mellin-transform", "lasso-state-evolution", "quadratic-state-evolution"]
