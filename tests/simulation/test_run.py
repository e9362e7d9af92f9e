"""The simulation as a whole: resuming, parallel groups, files, refusals."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from symsl.errors import ParameterError, UsageError
from symsl.simulation import Simulation, data_inputs, diagonal_inputs, run, simulate
from symsl.simulation.descent import BLOCK
from symsl.spectrum import Spectrum

INPUTS = diagonal_inputs(Spectrum.power_law(L=4, beta=1), 20)
ALPHA = [0, "1/2", 3, 3.001, 41]
SETTING = {"eta": "2/5", "runs": 3, "K": 2, "M": 2, "activation": "erf", "sigma_J": "1/10"}
FIELDS = ("steps", "Q", "R", "T", "eps_g", "J", "B")


def _same(one, other):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert (one.parameters, one.step, one.streams) == (other.parameters, other.step, other.streams)


def test_shapes_and_times():
    result = simulate(INPUTS, alpha=ALPHA, **SETTING)
    assert result.alpha.tolist() == [0, 0.5, 3, 41]  # 3.001 rounds to the same example as 3
    assert result.Q.shape == (3, 4, 2, 2)
    assert result.R.shape == (3, 4, 2, 2)
    assert result.T.shape == (3, 2, 2)
    assert result.eps_g.shape == (3, 4)
    np.testing.assert_allclose(result.mean(), result.eps_g.sum(axis=0) / 3)
    scatter = ((result.eps_g - result.mean()) ** 2).sum(axis=0) / 2
    np.testing.assert_allclose(result.standard_error(), np.sqrt(scatter / 3))


def test_a_file_gives_back_everything(tmp_path):
    result = simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    _same(Simulation.load(tmp_path / "a.npz"), result)
    assert result.provenance.keys() >= {"symsl", "numpy", "python"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("inputs", [INPUTS, data_inputs(np.random.default_rng(0).normal(size=(70, 20)))])
def test_later_times_go_on_from_the_file_bit_for_bit(tmp_path, inputs):
    simulate(inputs, alpha=ALPHA[:3], file=tmp_path / "a.npz", **SETTING)
    continued = simulate(inputs, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    _same(continued, simulate(inputs, alpha=ALPHA, **SETTING))


def test_an_interrupted_simulation_goes_on_bit_for_bit(tmp_path, monkeypatch):
    calls, advance = [], run.advance

    def interrupted(*arguments):
        calls.append(arguments)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return advance(*arguments)

    monkeypatch.setattr(run, "_SHORTEST_STRETCH", BLOCK)
    monkeypatch.setattr(run, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    assert 0 < Simulation.load(tmp_path / "a.npz").step < 41 * 20
    monkeypatch.undo()
    resumed = simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    _same(resumed, simulate(INPUTS, alpha=ALPHA, **SETTING))


def test_a_finished_file_is_not_run_again(tmp_path, monkeypatch):
    first = simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    monkeypatch.setattr(run, "advance", None)
    _same(simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING), first)


def test_a_file_of_another_simulation_is_refused_and_kept(tmp_path):
    simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **SETTING)
    before = (tmp_path / "a.npz").read_bytes()
    with pytest.raises(UsageError, match="another eta"):
        simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", **(SETTING | {"eta": "1/5"}))
    with pytest.raises(UsageError, match="another J"):
        simulate(INPUTS, alpha=ALPHA, file=tmp_path / "a.npz", J=np.ones((2, 20)), **SETTING)
    with pytest.raises(UsageError, match="recorded at other times, up to alpha = 41"):
        simulate(INPUTS, alpha=[0, 1, 50], file=tmp_path / "a.npz", **SETTING)
    with pytest.raises(UsageError, match="recorded at other times"):
        simulate(INPUTS, alpha=ALPHA[:2], file=tmp_path / "a.npz", **SETTING)
    assert (tmp_path / "a.npz").read_bytes() == before


def test_what_is_not_a_simulation_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, X=np.ones(3))
    with pytest.raises(UsageError, match="not a file written by"):
        Simulation.load(path)
    path.write_text("hello")
    with pytest.raises(UsageError, match="not a file written by"):
        simulate(INPUTS, alpha=ALPHA, file=path, **SETTING)
    path.write_bytes(b"")
    with pytest.raises(UsageError, match="not a file written by"):
        Simulation.load(path)
    with pytest.raises(UsageError, match="cannot read"):
        Simulation.load(tmp_path / "none.npz")
    with pytest.raises(UsageError, match="cannot write"):
        simulate(INPUTS, alpha=ALPHA, file=tmp_path / "missing" / "a.npz", **SETTING)


def test_a_truncated_file_is_refused(tmp_path):
    path = tmp_path / "a.npz"
    simulate(INPUTS, alpha=ALPHA, file=path, **SETTING)
    whole = path.read_bytes()
    for part in (len(whole) // 3, len(whole) - 40):
        path.write_bytes(whole[:part])
        with pytest.raises(UsageError, match="not a file written by"):
            Simulation.load(path)


def test_a_failed_save_leaves_the_old_file(tmp_path, monkeypatch):
    result = simulate(INPUTS, alpha=[1], file=tmp_path / "a.npz", **SETTING)
    before = (tmp_path / "a.npz").read_bytes()

    def full(stream, **_):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(UsageError, match="No space left"):
        result.save(tmp_path / "a.npz")
    assert (tmp_path / "a.npz").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("way", ["processes", "executor"])
def test_groups_in_parallel_give_the_same(way):
    alone = simulate(INPUTS, alpha=ALPHA, **SETTING)
    if way == "processes":
        parallel = simulate(INPUTS, alpha=ALPHA, processes=2, **SETTING)
    else:
        with ThreadPoolExecutor(2) as pool:
            parallel = simulate(INPUTS, alpha=ALPHA, processes=2, executor=pool, **SETTING)
    np.testing.assert_allclose(parallel.eps_g, alone.eps_g, rtol=1e-11)
    np.testing.assert_allclose(parallel.J, alone.J, rtol=1e-11, atol=1e-13)
    assert parallel.streams == alone.streams


def test_progress_is_drawn_on_a_terminal_only(capsys, monkeypatch):
    simulate(INPUTS, alpha=[1], eta=1)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    simulate(INPUTS, alpha=[1], eta=1)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "online SGD" in shown.err


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eta": 0}, r"eta = 0, but eta > 0"),
        ({"eta": "fast"}, r"eta = 'fast'"),
        ({"alpha": []}, r"ascending times"),
        ({"alpha": [2, 1]}, r"ascending times"),
        ({"alpha": [-1]}, r"alpha >= 0"),
        ({"alpha": 3}, r"alpha = 3, but a sequence"),
        ({"alpha": [float("nan")]}, r"alpha\[0\] = nan"),
        ({"activation": "relu"}, r"activation = relu, but one of linear, erf"),
        ({"K": 0}, r"K = 0, but K >= 1"),
        ({"M": "1/2"}, r"M = 1/2, but an integer"),
        ({"runs": 0}, r"runs = 0, but runs >= 1"),
        ({"runs": [1, 1]}, r"distinct run numbers"),
        ({"seed": -1}, r"seed >= 0"),
        ({"sigma_J": -1}, r"sigma_J >= 0"),
        ({"trainable": 0}, r"1 <= N_l <= 4 \(Eq. 10\)"),
        ({"trainable": 5}, r"1 <= N_l <= 4 \(Eq. 10\)"),
        ({"J": np.ones((1, 3))}, r"J.shape = \(1, 3\), but \(1, 20\)"),
        ({"B": np.full((1, 20), np.nan)}, r"B = not finite"),
        ({"processes": 0}, r"processes = 0"),
    ],
)
def test_bad_parameters_are_refused(change, message):
    with pytest.raises(ParameterError, match=message):
        simulate(INPUTS, **({"eta": 1, "alpha": [1]} | change))


def test_one_run_has_no_standard_error():
    with pytest.raises(UsageError, match="runs=2 or more"):
        simulate(INPUTS, eta=1, alpha=[1]).standard_error()


@pytest.mark.parametrize(("activation", "eta", "alpha"), [("linear", 3, 20), ("erf", 10**6, 2)])
def test_growth_without_bound_is_an_error(activation, eta, alpha):
    inputs = diagonal_inputs(Spectrum.power_law(4, 1), 64)
    with pytest.raises(ParameterError, match="the weights diverged before alpha"):
        simulate(inputs, activation=activation, eta=eta, alpha=[alpha])


def test_what_memory_and_doubles_cannot_hold_is_refused():
    inputs = diagonal_inputs(Spectrum.power_law(4, 1), 64)
    for argument, value in (("runs", "10^12"), ("K", 10**12), ("sigma_J", "10^200"), ("eta", "10^400")):
        with pytest.raises(ParameterError, match=f"{argument}"):
            simulate(inputs, **{"eta": 1, "alpha": [1], argument: value})
    with pytest.raises(ParameterError, match="at most 268435456 numbers"):
        diagonal_inputs(Spectrum.power_law(4, 1), 10**9)
