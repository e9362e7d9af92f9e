"""`symsl simulate --network`: tables of trained networks beside the state evolution, and wrong use."""

from __future__ import annotations

import json

import numpy as np
import pytest

from symsl.cli.entry import main
from symsl.weight_decay import PowerLawTarget, lasso_float64, quadratic_float64

DIAGONAL = ["simulate", "--network", "diagonal", "d=40", "gamma=1", "n=60", "Delta=1/10", "lam=1/20", "trials=4"]
QUADRATIC = ["simulate", "--network", "quadratic", "d=8", "gamma=1", "n=50", "Delta=1/10", "lam=1/10", "trials=3"]


def test_table_holds_every_trial_and_its_provenance(tmp_path, capsys):
    pytest.importorskip("sklearn")
    path = tmp_path / "runs.json"
    assert main([*DIAGONAL, "-o", str(path), "--plot", str(tmp_path / "weights.png")]) == 0
    out = capsys.readouterr().out
    assert "state evolution" in out
    assert (tmp_path / "weights.png").stat().st_size > 5000
    data = json.loads(path.read_text())
    assert data["columns"] == ["trial", "R", "train", "active"]
    risks = np.array([row[1] for row in data["rows"]])
    about = data["provenance"]
    assert about["measured"]["R"] == pytest.approx([risks.mean(), risks.std(ddof=1) / 2])
    state = lasso_float64(PowerLawTarget(1, 40), 60, "1/10", lam="1/20")
    assert about["state_evolution"]["R"] == state.R
    assert about["parameters"]["seed"] == "0"
    first = path.read_bytes()
    assert main([*DIAGONAL, "-o", str(path)]) == 0
    assert path.read_bytes() == first


def test_networks_trained_by_descent_learn_what_the_convex_problems_say(capsys):
    pytest.importorskip("sklearn")
    for given in (DIAGONAL, QUADRATIC, [*QUADRATIC, "features=quadratic"]):
        tables = []
        for solver in ("convex", "descent"):
            assert main([*given, f"solver={solver}", "--json"]) == 0
            tables.append(np.array(json.loads(capsys.readouterr().out)["rows"]))
        assert np.allclose(*(table[:, :3] for table in tables), rtol=1e-5, atol=1e-6)
        assert (abs(tables[0][:, 3] - tables[1][:, 3]) <= 1).all()  # a weight near zero may count or not


def test_learned_weights_are_kept_in_npz(tmp_path, capsys):
    path = tmp_path / "runs.npz"
    assert main([*QUADRATIC, "signed=1", "-o", str(path), "--plot", str(tmp_path / "weights.pdf")]) == 0
    with np.load(path) as stored:
        assert stored["weights"].shape == (3, 8)
        assert (stored["trials"][:, 2] == (stored["weights"] != 0).sum(axis=1)).all()
        state = json.loads(str(stored["provenance"]))["state_evolution"]
    expected = quadratic_float64(PowerLawTarget(1, 8), 50, "1/10", lam="1/10", signed=True)
    assert state["R"] == expected.R
    assert capsys.readouterr().out.splitlines()[-1] == f"wrote {tmp_path / 'weights.pdf'}"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["simulate", "--network", "cubic"], "diagonal or quadratic"),
        (["simulate", "--network", "diagonal", "d=5"], "needs gamma"),
        ([*DIAGONAL, "trial=3"], "did you mean trials"),
        ([*DIAGONAL, "features=quadratic"], "has no parameter features"),
        ([*DIAGONAL, "solver=magic"], "solvers are convex, descent"),
        ([*QUADRATIC, "features=odd"], "kinds are gaussian, quadratic"),
        ([*QUADRATIC, "signed=2"], "signed = 0 or 1"),
        ([*QUADRATIC, "signed=1", "solver=descent"], "solver='convex'"),
        ([*DIAGONAL, "seed=-1"], "seed >= 0"),
        ([*DIAGONAL, "--alpha", "0,1"], "--alpha belongs to online SGD"),
        ([*DIAGONAL, "--jobs", "2"], "--jobs belongs to online SGD"),
        ([*DIAGONAL, "-o", "runs.txt"], "must end in .csv"),
        ([*DIAGONAL[:-2], "lam=0"], "lam > 0"),
        ([*(x for x in DIAGONAL if not x.startswith("gamma")), "gamma=1/2"], "gamma > 1/2"),
        ([*(x for x in DIAGONAL if not x.startswith("n=")), "n=0"], "n > 0"),
        ([*(x for x in DIAGONAL if not x.startswith("Delta")), "Delta=-1"], "Delta >= 0"),
        ([*(x for x in QUADRATIC if not x.startswith(("n=", "d="))), "d=120", "n=100000"], "memory"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_use(arguments, message, capsys):
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
