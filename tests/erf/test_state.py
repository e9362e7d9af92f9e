"""States from weights, averages, modes and files: exact, and refused with a reason where there is no such state."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl.erf.state import State
from symsl.errors import ParameterError, UsageError
from symsl.spectrum import Spectrum

SPECTRUM = Spectrum.power_law(4, 1)


def random_state(seed: int = 3, K: int = 2, M: int = 2, N: int = 16) -> State:
    return State.random(SPECTRUM, K=K, M=M, N=N, seed=seed, sigma_J="1/2")


def test_modes_of_weights_are_their_block_products() -> None:
    state = random_state(K=2, M=3)
    J, B = state.weights()
    modes = state.float_modes()
    for k in range(4):
        block = slice(4 * k, 4 * k + 4)
        assert modes.Q[k] == pytest.approx(J[:, block] @ J[:, block].T / 4, rel=1e-14)
        assert modes.R[k] == pytest.approx(J[:, block] @ B[:, block].T / 4, rel=1e-14)
        assert modes.T[k] == pytest.approx(B[:, block] @ B[:, block].T / 4, rel=1e-14)
    entry = sum(Fraction(float(x)) * Fraction(float(y)) for x, y in zip(J[0, :4], B[2, :4], strict=True)) / 4
    assert state.mode(1).R[0, 2] == fmpq(entry.numerator, entry.denominator)


def test_moments_are_the_definition_of_eq_3() -> None:
    state = random_state()
    J, B = state.weights()
    powers = np.repeat([float(x) for x in SPECTRUM.rational_eigenvalues()], 4)
    with ctx.workprec(100):
        for l, moment in enumerate(state.moments()):
            for first, second in ((moment.Q, J @ np.diag(powers**l) @ J.T), (moment.R, J @ np.diag(powers**l) @ B.T)):
                assert [[float(x) for x in row] for row in first.tolist()] == pytest.approx(second / 16, rel=1e-12)
            for one, other in zip(moment, state.order_parameters(l), strict=True):
                assert one.overlaps(other)
                assert all(x.rel_accuracy_bits() > 80 for x in one.entries())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_deviations_are_exactly_those_of_the_weights(seed: int) -> None:
    generator = np.random.default_rng(seed)
    B = generator.normal(size=(3, 8))
    J = B + 1e-9 * generator.normal(size=(3, 8))
    state = State.from_weights(SPECTRUM, J, B)
    w, r = state.float_deviations()
    delta = J - B
    for k in range(4):
        block = slice(2 * k, 2 * k + 2)
        assert w[k] == pytest.approx(delta[:, block] @ delta[:, block].T / 2, rel=1e-12, abs=1e-30)
        assert r[k] == pytest.approx(delta[:, block] @ B[:, block].T / 2, rel=1e-6, abs=1e-22)
    diagonal, off_diagonal = state.mean_deviations()
    assert float(diagonal[2].p) / float(diagonal[2].q) == pytest.approx(np.trace(w[2]) / 3)
    assert float(off_diagonal[2].p) / float(off_diagonal[2].q) == pytest.approx((w[2].sum() - np.trace(w[2])) / 6)


def test_average_state() -> None:
    state = State.average(SPECTRUM, K=2, M=3, sigma_J="1/100")
    modes = state.float_modes()
    assert np.array_equal(modes.Q, np.broadcast_to(np.eye(2) * 1e-4, (4, 2, 2)))
    assert not modes.R.any()
    assert np.array_equal(modes.T, np.broadcast_to(np.eye(3), (4, 3, 3)))


def test_matched_puts_students_by_their_teachers() -> None:
    B = np.random.default_rng(1).normal(size=(3, 8))
    J = B[[2, 0, 1]] * 0.9
    state = State.from_weights(SPECTRUM, J, B).matched()
    assert np.array_equal(state.weights()[0], B * 0.9)
    assert state.float_deviations()[0][0] == pytest.approx(0.01 * B[:, :2] @ B[:, :2].T / 2)
    assert state.matched() is state


@pytest.mark.parametrize("suffix", ["json", "npz"])
def test_weights_survive_a_file_bit_for_bit(tmp_path: Path, suffix: str) -> None:
    state = random_state()
    path = tmp_path / f"state.{suffix}"
    state.save(path)
    restored = State.load(path)
    assert all(np.array_equal(a, b) for a, b in zip(state.weights(), restored.weights(), strict=True))
    assert list(restored.grams) == list(state.grams)
    assert restored.spectrum == state.spectrum
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert suffix == "npz" or json.loads(path.read_text())["provenance"]["symsl"]


def test_exact_modes_survive_a_file(tmp_path: Path) -> None:
    spectrum = Spectrum.from_eigenvalues(["1/3", "5/2"], normalise=True)
    state = State.from_modes(spectrum, [["1/3"]], [["1/7", 0.1]], [[1, 0], [0, 1]], output="mean")
    state.save(tmp_path / "state.json")
    restored = State.load(tmp_path / "state.json")
    assert list(restored.grams) == list(state.grams)
    assert restored.mode(2).R[0, 1] == fmpq(1, 10)
    assert restored.spectrum == spectrum
    assert restored.output == "mean"


def test_text_weights_are_exact() -> None:
    state = State.from_weights(Spectrum.power_law(1, 1), [["1/3", 0.1]], [[1, 2]])
    assert state.mode(1).Q[0, 0] == (fmpq(1, 9) + fmpq(*(0.1).as_integer_ratio()) ** 2) / 2


@pytest.mark.parametrize(
    ("student", "teacher", "message"),
    [
        (np.full((2, 8), np.nan), np.ones((2, 8)), r"student\[0, 0\] = nan"),
        (np.ones((2, 8)), np.ones((2, 12)), "as many components"),
        (np.ones((2, 9)), np.ones((2, 9)), "N = 9.*multiple of L = 4.*take N=8"),
        (np.ones(8), np.ones((2, 8)), "two indices"),
        ([[1, 2, 3, 4], [1, 2]], np.ones((2, 4)), "two indices"),
        ([[1, 2, 3, "x"]], np.ones((2, 4)), r"student\[0, 3\]"),
        (np.ones((0, 8)), np.ones((2, 8)), "two indices"),
    ],
)
def test_bad_weights_are_refused(student: object, teacher: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        State.from_weights(SPECTRUM, student, teacher)


@pytest.mark.parametrize(
    ("Q", "R", "T", "message"),
    [
        ([[1, 2], [2, 1]], [[0], [0]], [[1]], "positive semidefinite"),
        ([[1]], [[2]], [[1]], "positive semidefinite"),
        ([[0]], [["1/100"]], [[1]], "positive semidefinite"),
        ([[1, 0], ["1/2", 1]], [[0], [0]], [[1]], "symmetric"),
        ([[1]], [[0, 0]], [[1]], "shape"),
        ([[[1]]] * 3, [[0]], [[1]], "L = 4"),
        ([[float("nan")]], [[0]], [[1]], "Q = nan"),
    ],
)
def test_impossible_order_parameters_are_refused(Q: object, R: object, T: object, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        State.from_modes(SPECTRUM, Q, R, T)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not a state file"),
        ("[1]", "not a state file"),
        ('{"format": "symsl-state", "version": 2}', "version 2"),
        ('{"format": "symsl-state", "version": 1, "kind": "x"}', '"kind"'),
        ('{"format": "symsl-state", "version": 1, "kind": "modes", "spectrum": {}}', '"Q" is missing'),
        (
            '{"format": "symsl-state", "version": 1, "kind": "modes", "spectrum": {}, "Q": 1, "R": 1, "T": 1}',
            '"spectrum" must hold',
        ),
    ],
)
def test_unreadable_files_are_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        State.load(path)


def test_missing_and_damaged_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        State.load(tmp_path / "nothing.json")
    (tmp_path / "bad.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(UsageError, match="not a state file"):
        State.load(tmp_path / "bad.npz")
    with pytest.raises(UsageError, match="cannot write"):
        random_state().save(tmp_path / "no" / "state.json")
    with pytest.raises(UsageError, match="must end in"):
        random_state().save(tmp_path / "state.txt")
    with pytest.raises(UsageError, match=r"weights in double"):
        State.average(SPECTRUM, K=1, M=1).save(tmp_path / "state.npz")


def test_nan_in_a_file_is_named(tmp_path: Path) -> None:
    content = {"format": "symsl-state", "version": 1, "kind": "weights", "spectrum": {"L": 1, "beta": 1}}
    path = tmp_path / "state.json"
    path.write_text(json.dumps({**content, "student": [[float("nan")]], "teacher": [[1.0]]}))
    with pytest.raises(ParameterError, match="finite"):
        State.load(path)


def test_conventions() -> None:
    for output, eta, error in (("paper", "1/10", 1), ("plain sum", "2/10", 2), ("mean", "1/20", "1/2")):
        state = State.average(SPECTRUM, K=2, M=2, output=output)
        assert state.paper_learning_rate(Fraction(1, 10)) == Fraction(eta)
        assert state.error_factor == Fraction(error)
    with pytest.raises(ParameterError, match="K = M"):
        State.average(SPECTRUM, K=3, M=2, output="plain sum")
    with pytest.raises(ParameterError, match="one of"):
        State.average(SPECTRUM, K=2, M=2, output="sum")
    with pytest.raises(ParameterError, match="K = M"):
        State.average(SPECTRUM, K=3, M=2).deviations()


def test_random_states_are_reproducible_and_have_the_stated_scale() -> None:
    state, again = (State.random(SPECTRUM, K=2, M=2, N=4000, seed=5, sigma_J="1/10") for _ in range(2))
    assert list(state.grams) == list(again.grams)
    modes = state.float_modes()
    assert np.einsum("kii->ki", modes.Q) == pytest.approx(np.full((4, 2), 0.01), rel=0.3)
    assert np.einsum("kii->ki", modes.T) == pytest.approx(np.ones((4, 2)), rel=0.3)
    for bad in ({"N": 4001}, {"seed": -1}, {"K": 0}, {"sigma_J": -1}):
        with pytest.raises(ParameterError):
            State.random(SPECTRUM, **{"K": 2, "M": 2, "N": 4000, "seed": 5, **bad})


def test_what_doubles_and_memory_cannot_hold_is_refused() -> None:
    spectrum = Spectrum.power_law(4, 1)
    with pytest.raises(ParameterError, match="at most 33554432 weights"):
        State.random(spectrum, K=2, M=2, N=10**12, seed=1)
    with pytest.raises(ParameterError, match="sigma_J <= 1e100 in double precision"):
        State.random(spectrum, K=2, M=2, N=8, seed=1, sigma_J="10^400")
    with pytest.raises(ParameterError, match=r"= 10\^400, but a size below 1e308"):
        State.average(spectrum, K=2, M=2, sigma_J="10^200").float_modes()
