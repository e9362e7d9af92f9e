"""`symsl solve` and `symsl simulate`: tables with provenance, files to go on from, wrong use."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.simulation import Simulation
from symsl.spectrum import Spectrum

SMALL = ["K=2", "M=2", "L=2", "N=40", "seed=3"]


def read_csv(text):
    lines = text.splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    return about, [dict(row) for row in csv.DictReader(line for line in lines if not line.startswith("#"))]


def start(output="paper"):
    return State.random(Spectrum.power_law(2, 1), K=2, M=2, N=40, seed=3, output=output)


class TestSolve:
    def test_table_is_the_solution(self, symsl):
        status, out, err = symsl("solve", *SMALL, "eta=1/10", "order=2", "--alpha", "0,1,10")
        about, rows = read_csv(out)
        expected = solve(start(), "1/10", [0, 1, 10], order=2)
        assert (status, err) == (0, "")
        assert [float(row["eps_g"]) for row in rows] == expected.eps_g.tolist()
        assert [float(row["Q_1_2"]) for row in rows] == expected.Q[:, 0, 1].tolist()
        assert [float(row["R_2_1"]) for row in rows] == expected.R[:, 1, 0].tolist()
        assert "eta=1/10" in about["parameters"]
        assert "seed=3" in about["parameters"]
        assert about["equations"] == "Eqs. 92-94 with the eta^2 term"
        assert {"symsl", "python", "numpy", "arithmetic"} <= about.keys()

    def test_files_of_every_kind(self, symsl, tmp_path):
        paths = {name: tmp_path / f"run.{name}" for name in ("csv", "json", "npz", "pdf", "png")}
        for suffix in ("csv", "json", "npz"):
            plot = paths["pdf" if suffix == "csv" else "png"]
            arguments = ["solve", *SMALL, "eta=1/10", "--alpha", "1:100:3", "-o", paths[suffix], "--plot", plot]
            status, out, _ = symsl(*arguments)
            assert status == 0
            assert out == f"wrote {paths[suffix]}\nwrote {plot}\n"
        _, rows = read_csv(paths["csv"].read_text())
        data = json.loads(paths["json"].read_text())
        with np.load(paths["npz"]) as stored:
            arrays = {name: stored[name] for name in stored.files}
        assert [row[1] for row in data["rows"]] == [float(row["eps_g"]) for row in rows] == arrays["eps_g"].tolist()
        assert data["columns"][:3] == ["alpha", "eps_g", "Q_1_1"]
        assert arrays["R"].shape == (3, 2, 2)
        assert json.loads(str(arrays["provenance"])) == data["provenance"]
        assert paths["pdf"].read_bytes().startswith(b"%PDF")
        assert paths["png"].read_bytes().startswith(b"\x89PNG")
        assert len(list(tmp_path.iterdir())) == 5

    @pytest.mark.parametrize("output", ["paper", "plain sum"])
    def test_goes_on_from_its_end(self, symsl, tmp_path, output):
        first, last = tmp_path / "first.npz", tmp_path / "last.json"
        given = [*SMALL, f"output={output}"]
        symsl("solve", *given, "eta=1/20", "--alpha", "20", "--save-start", first, "--save-end", last, "--rtol", "1e-9")
        status, out, _ = symsl("solve", "--state", last, "eta=1/20", "--alpha", "0,20", "--json", "--rtol", "1e-9")
        data = json.loads(out)
        whole = solve(start(output), "1/20", [20, 40], rtol=1e-9)
        assert status == 0
        assert [row[1] for row in data["rows"]] == pytest.approx(whole.eps_g.tolist(), rel=1e-7)
        assert data["provenance"]["parameters"]["output"] == output
        assert data["provenance"]["parameters"]["state"].startswith("sha256:")
        assert State.load(first).grams == start().grams

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([*SMALL, "--alpha", "1,2"], "needs eta"),
            (["eta=1", "--alpha", "1,2"], "needs K, M, L, N"),
            ([*SMALL, "eta=1"], "needs its times"),
            ([*SMALL, "eta=1", "--alpha", "2,1"], "increasing finite times"),
            ([*SMALL, "eta=1", "--alpha", "1e400"], "increasing finite times"),
            ([*SMALL, "eta=1e400", "--alpha", "1"], "eta <= 1e300"),
            ([*SMALL, "eta=0", "--alpha", "1"], "eta > 0"),
            ([*SMALL, "eta=1", "order=3", "--alpha", "1"], "order 1 or 2"),
            ([*SMALL, "eta=1", "seeds=3", "--alpha", "1"], "did you mean seed?"),
            (["K=2", "M=2", "L=3", "N=40", "eta=1", "--alpha", "1"], "N a positive multiple of L = 3"),
            ([*SMALL, "output=sum", "eta=1", "--alpha", "1"], "'plain sum'"),
            ([*SMALL, "eta=1", "--alpha", "1", "--rtol", "0"], "rtol"),
            ([*SMALL, "eta=1", "--alpha", "1", "-o", "run.txt"], "must end in .csv or .json or .npz"),
            ([*SMALL, "eta=1", "--alpha", "1", "--state", "x.json"], "exclude each other"),
            ([*SMALL, "eta=1", "--alpha", "1", "--save-end", "end.npz"], "must end in .json"),
            (["eta=1", "--alpha", "1", "--state", "missing.json"], "cannot read missing.json"),
        ],
    )
    def test_wrong_use_is_one_line_and_leaves_nothing(self, symsl, tmp_path, monkeypatch, arguments, said):
        monkeypatch.chdir(tmp_path)
        status, out, err = symsl("solve", *arguments)
        assert (status, out) == (2, "")
        assert said in err
        assert err.count("\n") == 1
        assert not list(tmp_path.iterdir())

    def test_a_state_with_imaginary_roots_is_refused(self, symsl, tmp_path):
        path = tmp_path / "state.json"
        head = {"format": "symsl-state", "version": 1, "kind": "modes", "spectrum": {"L": "1", "beta": "1"}}
        path.write_text(json.dumps(head | {"Q": [[1]], "R": [[2]], "T": [[1]]}))
        status, _, err = symsl("solve", "--state", path, "eta=1", "--alpha", "1")
        assert status == 2
        assert "positive semidefinite" in err


class TestSimulate:
    def test_means_and_resumption(self, symsl, tmp_path):
        checkpoint, table = tmp_path / "runs.npz", tmp_path / "runs.csv"
        given = ["simulate", *SMALL, "eta=1/2", "runs=3", "--resume", checkpoint]
        assert symsl(*given, "--alpha", "1,5", "-o", table)[0] == 0
        before = read_csv(table.read_text())[1]
        status, out, err = symsl(*given, "--alpha", "1,5,10", "-o", table)
        about, rows = read_csv(table.read_text())
        assert (status, err) == (0, "")
        assert out == f"wrote {table}\nwrote {checkpoint}\n"
        assert rows[:2] == before
        stored = Simulation.load(checkpoint)
        assert [float(row["eps_g"]) for row in rows] == stored.mean().tolist()
        assert [float(row["standard_error"]) for row in rows] == stored.standard_error().tolist()
        assert about["columns"] == "means over 3 runs, float64"
        assert "activation=erf" in about["simulation"]

    def test_weights_of_a_state_file_in_its_convention(self, symsl, tmp_path):
        """The start of the two conventions is the same network: eps_g of the plain sum is M times the paper's."""
        errors = {}
        for output, eta in (("paper", "2/5"), ("plain sum", "1/5")):
            path = tmp_path / f"{output}.npz"
            start(output).save(path)
            status, out, _ = symsl("simulate", "--state", path, f"eta={eta}", "--alpha", "0,2")
            assert status == 0
            errors[output] = [float(row["eps_g"]) for row in read_csv(out)[1]]
        assert errors["plain sum"] == pytest.approx([2 * value for value in errors["paper"]], rel=1e-12)
        assert errors["paper"][0] == pytest.approx(float(solve(start(), 1, [0]).eps_g[0]), rel=1e-10)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ([*SMALL, "eta=1"], "needs its times"),
            ([*SMALL, "--alpha", "1"], "needs eta"),
            ([*SMALL, "eta=1", "activation=relu", "--alpha", "1"], "activation"),
            ([*SMALL, "eta=1", "output=mean", "--alpha", "1"], "output is for state files"),
            ([*SMALL, "eta=1", "--alpha", "1", "--jobs", "0"], "processes"),
            ([*SMALL, "eta=1", "runs=0", "--alpha", "1"], "runs"),
        ],
    )
    def test_wrong_use(self, symsl, arguments, said):
        status, out, err = symsl("simulate", *arguments)
        assert (status, out) == (2, "")
        assert said in err

    def test_a_state_without_weights_cannot_be_simulated(self, symsl, tmp_path):
        path = tmp_path / "state.json"
        State.average(Spectrum.power_law(2, 1), K=2, M=2).save(path)
        status, _, err = symsl("simulate", "--state", path, "eta=1", "--alpha", "1")
        assert status == 2
        assert "made from weights" in err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["simulate", *SMALL, "eta=5", "--alpha", "1"], "critical learning rate 4.6137"),
        (["simulate", *SMALL, "activation=linear", "eta=5/2", "--alpha", "1"], "critical learning rate 2 "),
        (["solve", *SMALL, "eta=5", "order=2", "--alpha", "1"], "critical learning rate 4.6137"),
        (["solve", *SMALL, "eta=5", "--alpha", "1"], ""),
        (["simulate", *SMALL, "eta=9/2", "--alpha", "1"], ""),
    ],
)
def test_a_learning_rate_above_the_critical_one_is_said(symsl, command, said):
    status, out, err = symsl(*command)
    assert status == 0
    assert "eps_g" in out
    assert said in err if said else err == ""
