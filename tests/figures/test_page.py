"""The page with sliders, in a real browser: what it shows are the certified values, and it needs no network."""

from __future__ import annotations

import html
import itertools
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import sympy as sp
from flint import arb

from symsl import Spectrum, equation
from symsl import symbols as s
from symsl.cli.entry import main
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.figures import palette
from symsl.figures.page import DISTANCE, FIRST, POLE_DISTANCE, RAISED, SLOPE, page, statements, symmetric_drift

SETTINGS = [
    {"L": "1", "beta": "1.0", "eta": "0.5", "M": "2", "alpha": "3"},
    {"L": "64", "beta": "1.0", "eta": "0.1", "M": "2", "alpha": "10"},
    {"L": "512", "beta": "0.5", "eta": "0.001", "M": "3", "alpha": "10000"},
    {"L": "512", "beta": "0.1", "eta": "1.9", "M": "16", "alpha": "100"},
    {"L": "192", "beta": "3.0", "eta": "1.7", "M": "5", "alpha": "1000"},
    {"L": "12", "beta": "2.0", "eta": "1.2", "M": "4", "alpha": "0.01"},
]
DIGITS = 12
# Moves every slider as a hand does (the value, then the event) and collects what the page then shows.
HAND = """
const seen = [];
for (const setting of SETTINGS) {
    for (const [name, wanted] of Object.entries(setting)) {
        const slider = document.getElementById(name);
        slider.value = CHOICES[name].indexOf(wanted);
        slider.dispatchEvent(new Event("input"));
    }
    seen.push(look());
}
"""
LOOK = """
const look = () => ({
    values: Object.fromEntries([...document.querySelectorAll("td.value")].map(cell => [cell.id, cell.textContent])),
    chosen: Object.fromEntries([...document.querySelectorAll("output")].map(cell => [cell.id, cell.textContent])),
    lines: [...document.querySelectorAll("g > path")].map(path => path.getAttribute("d")),
    dots: [...document.querySelectorAll("g > circle")].length,
    address: location.hash,
});
"""


def in_browser(folder: Path, script: str, address: str = "") -> list[dict]:
    """What `script` puts into `seen` at the end of the page."""
    shown = f'{LOOK}{script}document.body.replaceChildren(Object.assign(document.createElement("pre"), ' + (
        "{textContent: JSON.stringify(seen)}));"
    )
    (folder / "page.html").write_text(page().replace("</script>", f"{shown}</script>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    run = subprocess.run(
        ["chromium", *options, "--dump-dom", f"file://{folder / 'page.html'}{address}"],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    (found,) = re.findall(r"<pre>(.*)</pre>", run.stdout, flags=re.DOTALL) or [run.stderr[-2000:]]
    return json.loads(html.unescape(found))


def certified(setting: dict[str, str]) -> dict[str, arb]:
    law = {"L": setting["L"], "beta": setting["beta"]}
    curve = law | {"eta": setting["eta"], "alpha": setting["alpha"]}
    window = equation("scaling-window").values(**law, eta=setting["eta"], digits=20)
    overlaps = equation("13").values(M=setting["M"], digits=20)
    balls = {
        "exact": equation("6").evaluate(**curve, digits=20),
        "first-order": equation("8").evaluate(**curve, digits=20),
        "window-low": next(iter(window.values())),
        "window-high": list(window.values())[1],
        "height": equation("99").evaluate(M=setting["M"], digits=20),
        "R": overlaps["R"],
        "Q": overlaps["Q"],
        "escape": equation("15").evaluate(M=setting["M"], **law, eta=setting["eta"], digits=20),
    }
    return {f"value-{name}": found.ball for name, found in balls.items()}


def test_the_statements_are_those_of_the_catalogue():
    back = {DISTANCE[s.j]: POLE_DISTANCE}
    curve, secular, slope, modes, _, _, *others = statements()
    assert secular.statement.has(DISTANCE)
    assert secular.statement.xreplace(back) == equation("secular-equation").statement
    assert slope.statement.has(DISTANCE)
    assert not slope.statement.has(s.eta)
    assert modes.statement.has(SLOPE)
    whole = modes.statement.xreplace({SLOPE[s.k]: slope.statement.rhs.xreplace(back)})
    assert whole == equation("learning-curve-modes").statement
    assert [entry.statement for entry in (curve, *others)] == [
        equation(key).statement for key in ("8", "scaling-window", "97", "99", "15", "115")
    ]


def test_the_drift_is_linear_and_stands_still_at_the_plateau_and_at_the_solution():
    """The paper's two fixed points, Eqs. 97 and 98 with D = 0 and R = Q = 1, at every order of any spectrum."""
    drift = symmetric_drift().rhs
    assert not drift.free_symbols & set(RAISED)
    R_star, Q_star = equation("97").statement.rhs.subs(s.D, 0)
    plateau = {FIRST.R: R_star, FIRST.S: R_star, FIRST.Q: Q_star, FIRST.C: Q_star}
    for point in (plateau, {FIRST.R: 1, FIRST.S: 0, FIRST.Q: 1, FIRST.C: 0}):
        state = sp.Matrix([*(point[name] for name in FIRST[:4]), 1])  # u_(l+1) times this at every order
        for units in (2, 3, 7):
            moved = (drift.subs(point) * state).subs({s.M: units, s.eta: 1})
            assert all(sp.simplify(entry) == 0 for entry in moved)


def test_the_page_needs_nothing_from_elsewhere():
    text = page()
    assert not re.findall(r"(?:src|href)\s*=|@import|fetch\(|url\((?!#)", text)
    assert set(re.findall(r"https?://[^\"' ]+", text)) == {"http://www.w3.org/2000/svg"}  # the name of SVG, not a link
    assert "SCRIPT" not in text
    assert "VERSION" not in text
    assert palette.EXACT in text


def test_the_command_writes_it(tmp_path, capsys):
    assert main(["page", "-o", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page()
    assert "open it in a browser" in capsys.readouterr().out
    assert main(["page", "-o", str(tmp_path / "page.txt")]) == 2
    assert "the name must end in .html" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_moved_sliders_show_certified_values(tmp_path):
    script = f"const SETTINGS = {json.dumps(SETTINGS)};{HAND}"
    seen = in_browser(tmp_path, script)
    assert len(seen) == len(SETTINGS)
    for setting, found in zip(SETTINGS, seen, strict=True):
        assert found["chosen"] == {f"chosen-{name}": value for name, value in setting.items()}
        expected = certified(setting)
        assert set(found["values"]) == set(expected)
        for name, value in found["values"].items():
            distance = abs(arb(value) - expected[name]) / abs(expected[name])
            assert distance < arb(f"1e-{DIGITS - 1}"), (setting, name, value, expected[name])
        assert "NaN" not in "".join(found["lines"])
        assert all(found["lines"])
        assert found["dots"] == 1 + 1 + 15
    for one, two in itertools.pairwise(seen):
        assert sum(a != b for a, b in zip(one["lines"], two["lines"], strict=False)) >= 5


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_erf_curve_is_the_solution_of_the_equations(tmp_path):
    """To 2 per cent of eps_g down to 10^-8, against the implicit solver of the library."""
    cases = [(4, "1", "1/10", 2), (24, "1/2", "3/10", 3)]
    calls = ", ".join(f"erfCurve({{eta: {eta}, M: {M}}}, power_law({L}, {beta}), 1e8)" for L, beta, eta, M in cases)
    seen = in_browser(tmp_path, f"const seen = [{calls}].map(rows => rows.filter((_, i) => i % 25 === 0));")
    for (L, beta, eta, M), rows in zip(cases, seen, strict=True):
        alpha, eps_g, difference = np.array(rows).T
        unit = np.sqrt(2 * M) * np.eye(2 * M)
        teacher, other = np.tile(unit[:M], L), np.tile(unit[M:], L)  # T_k = 1 in every mode
        shared = 0.01 / 32
        student = shared * teacher + np.sqrt(0.01**2 - shared**2) * other
        start = State.from_weights(Spectrum.power_law(L, beta), student, teacher)
        solution = solve(start, eta, [0.0, *alpha], rtol=1e-8)
        assert eps_g.min() < 1e-7 < 0.1 < eps_g.max()
        shown = eps_g > 1e-8  # the frame ends there
        assert eps_g[shown] == pytest.approx(solution.eps_g[1:][shown], rel=0.02)
        assert difference == pytest.approx(solution.R[1:, 0, 0] - solution.R[1:, 0, 1], rel=0.02)


@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_the_address_sets_the_sliders(tmp_path):
    (found,) = in_browser(tmp_path, "const seen = [look()];", "#L=100&beta=0.5&eta=nonsense&M=3")
    assert found["chosen"] == {
        "chosen-L": "96", "chosen-beta": "0.5", "chosen-eta": "0.1", "chosen-M": "3", "chosen-alpha": "10",
    }  # fmt: skip
    assert found["address"] == "#L=96&beta=0.5&eta=0.1&M=3&alpha=10"
