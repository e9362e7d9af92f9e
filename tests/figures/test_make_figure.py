"""Files of a figure: written whole, data used again, clear errors."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from symsl.errors import UsageError
from symsl.figures import figure_10, make
from symsl.figures.make import make_figure, prepare
from symsl.figures.registry import figure_module, module_name
from symsl.figures.work import Work
from symsl.simulation.inputs import diagonal_inputs
from symsl.spectrum import Spectrum


@pytest.fixture
def small(monkeypatch):
    """Figure 10 with four eigenvalues."""
    monkeypatch.setitem(figure_10.PARAMETERS, "quick", {**figure_10.PARAMETERS["quick"], "L": 4})


@pytest.mark.usefixtures("small")
def test_all_files_are_written_and_the_same_again(tmp_path):
    one, two = (make_figure("10", tmp_path / name, "quick") for name in ("one", "two"))
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == [
        f"figure-10-quick.{suffix}" for suffix in ("npz", "pdf", "png", "txt")
    ]
    for path in (one.data, *one.pictures, one.caption):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert not two.reused


@pytest.mark.usefixtures("small")
def test_pictures_carry_caption_and_provenance_but_no_date(tmp_path):
    made = make_figure("10", tmp_path, "quick")
    pdf = made.pictures[0].read_bytes()
    assert b"/Subject" in pdf
    assert b"CreationDate" not in pdf
    assert re.search(rb'\\?"L\\?": 4', pdf)
    caption = made.caption.read_text()
    assert caption.startswith(figure_10.TITLE)
    assert "$L = 4$" in caption


@pytest.mark.usefixtures("small")
def test_data_are_used_again_only_for_the_same_parameters(tmp_path, monkeypatch):
    assert not make_figure("10", tmp_path, "quick").reused
    monkeypatch.setattr(figure_10, "compute", lambda *_: pytest.fail("computed again"))
    assert make_figure("10", tmp_path, "quick").reused
    monkeypatch.undo()
    monkeypatch.setitem(figure_10.PARAMETERS, "quick", {**figure_10.PARAMETERS["quick"], "L": 5})
    changed = make_figure("10", tmp_path, "quick")
    assert not changed.reused
    assert len(np.load(changed.data)["gap_0"]) == 5


@pytest.mark.usefixtures("small")
def test_damaged_data_and_those_of_another_version_are_computed_again(tmp_path, monkeypatch):
    made = make_figure("10", tmp_path, "quick")
    whole = made.data.read_bytes()
    made.data.write_bytes(whole[:100])
    assert not make_figure("10", tmp_path, "quick").reused
    assert make_figure("10", tmp_path, "quick").reused
    monkeypatch.setattr(make, "__version__", "another")
    assert not make_figure("10", tmp_path, "quick").reused


@pytest.mark.parametrize("key", ["21", "0", "j", "", "../a"])
def test_unknown_figures_are_refused(key):
    with pytest.raises(UsageError, match="figures are 1 to 20, our own a to i"):
        figure_module(key)


def test_module_names():
    assert module_name("2") == "figure_02"
    assert module_name("A") == "figure_a"


def test_directory_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot make the directory"):
        prepare(tmp_path / "file" / "below")
    with pytest.raises(UsageError, match="cannot make the directory"):
        make_figure("10", tmp_path / "file", "quick")


def _simulate(work: Work, last: int, seed: int = 0):
    inputs = diagonal_inputs(Spectrum.power_law(2, 1), 4)
    return work.simulate("part", inputs, eta="1/10", alpha=[1, last], runs=2, seed=seed)


def test_an_unfinished_simulation_goes_on_and_another_one_is_replaced(tmp_path: Path):
    work, path = Work(tmp_path, "figure", processes=1), tmp_path / "figure.part.part.npz"
    first = _simulate(work, 2)
    assert path.exists()
    longer = _simulate(work, 5)
    assert (longer.eps_g[:, 0] == first.eps_g[:, 0]).all()
    fresh = _simulate(Work(tmp_path / "other", "figure", 1) if (tmp_path / "other").mkdir() else work, 5)
    assert (fresh.eps_g == longer.eps_g).all()
    other = _simulate(work, 5, seed=1)
    assert (other.eps_g != longer.eps_g).any()
    work.forget_parts()
    assert not list(tmp_path.glob("*.npz"))
