"""Every figure computes and draws at a tiny size, and what it shows is what the theory says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symsl.figures.make import drawn, style
from symsl.figures.plan import SIZES, FigureData
from symsl.figures.registry import KEYS, figure_module
from symsl.figures.work import Work

IMAGES = {"size": 4, "patches": 500, "eta": "1/50", "N_l": [2, 8], "runs": 2, "seed": 3, "times": [0.1, 2, 3]}
SGD = {"L": 8, "N": 16, "eta": "1/20", "runs": 3, "seed": 2, "times": [0.1, 5, 4]}
ERF_SGD = {"M": 2, "N": 32, "eta": "1/2", "sizes": [1, 2], "runs": 2, "seed": 5, "times": [60, 7]}
TINY: dict[str, dict[str, Any]] = {
    "1": {"sizes": [1, 4], "times": [1, 1e3, 31], "N": 64},
    "2": {"L": 8, "etas": ["1/10", "1"], "times": [1e-2, 1e3, 12], "sgd": SGD},
    "3": {"L": 16, "N_l": [1, 4], "times": [1e-2, 1e3, 9], "images": IMAGES},
    "4": {"times": [1, 3e4, 41]},
    "5": {"sizes": [1, 4], "units": [2, 3], "sgd": ERF_SGD},
    "6": {"L": 8, "N": 64, "betas": ["1", "2"], "points": 41},
    "7": {"L": 50, "times": [1e-2, 1e3, 12]},
    "8": {"L": 50, "times": [1e-2, 1e3, 12], "z": [1, 30], "most": 6},
    "9": {"L": 50, "times": [1e-2, 1e3, 12]},
    "10": {"L": 8},
    "11": {"L": 8},
    "12": {"sizes": [4, 8]},
    "13": {"L": 8, "sizes": [4, 8], "times": [1e-2, 1e2, 9]},
    "14": {"sizes": [4, 6], "patches": 500},
    "15": {"N": 16, "N_l": [4, 8], "runs": 3, "times": [0.1, 10, 4]},
    "16": {"N": 32, "bases": 3},
    "17": {"sizes": [1, 2], "seeds": 2, "N": 256},
    "18": {"times": [1, 2e4, 31], "N": 255},
    "19": {"sizes": [1, 2], "seeds": 2, "spreads": ["1/1000", "1/100", "1/10"], "N": 256, "times": [1, 6e3, 101]},
    "20": {"sizes": [1, 4], "N": 64, "points": 41},
    "a": {"sizes": [4, 8], "bits": [32, 256, 6], "needed": [2, 8], "digits": 20},
    "b": {"powers": [2, 6], "places": [-0.1, 1.1, 9]},
    "c": {"powers": [2, 6], "times": [1e-3, 1e6, 9]},
    "d": {"L": 4, "points": 13},
    "e": {"sizes": [1, 8], "units": [2, 3], "N": 256, "points": 41},
    "f": {},
    "g": {"powers": {"diagonal": 8, "quadratic": 4}, "points": 2},
    "h": {
        "diagonal": {"d": 60, "n": 40, "Delta": "1/10", "lam": ["1/5", "1/50"], "trials": 6},
        "quadratic": {"d": 12, "n": 50, "Delta": "1/10", "lam": ["1/2", "1/20"], "trials": 6},
        "tail": {"d": "1e6", "n": "1e9", "Delta": "1", "lam": "1/20"},
    },
    "i": {"gammas": ["1", "3/2"], "sizes": [3], "trained": ["1"], "d": 200, "trials": 3},
}


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The tiny data of a figure, computed once."""
    known: dict[str, FigureData] = {}
    folder: Path = tmp_path_factory.mktemp("figures")

    def data(key: str) -> FigureData:
        if key not in known:
            module = figure_module(key)
            parameters = {**module.PARAMETERS["quick"], **TINY[key]}
            known[key] = FigureData(parameters, module.compute(parameters, Work(folder, key, processes=1)))
        return known[key]

    return data


def test_there_is_a_tiny_size_of_every_figure():
    assert set(TINY) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_figure_computes_and_draws(key, figures):
    module, data = figure_module(key), figures(key)
    assert data.arrays
    assert all(array.dtype == np.float64 or array.dtype.kind == "i" for array in data.arrays.values())
    with style():
        picture = drawn(module, data)
        picture.canvas.draw()
    panels = picture.axes[: module.LAYOUT.columns * len(module.LAYOUT.height_ratios)]
    assert all(panel.has_data() for panel in panels)
    assert all(panel.get_xlabel() for panel in panels[-module.LAYOUT.columns :] if key != "17")
    assert all(panel.get_ylabel() for panel in panels[:: module.LAYOUT.columns])
    smallest = min(
        text.get_fontsize() for text in picture.findobj(match=type(picture.text(0, 0, ""))) if text.get_text()
    )
    assert smallest >= 7


@pytest.mark.parametrize("key", KEYS)
def test_caption_and_parameters(key):
    module = figure_module(key)
    assert set(module.PARAMETERS) == set(SIZES)
    for size in SIZES:
        parameters = module.PARAMETERS[size]
        assert json.loads(json.dumps(parameters)) == parameters
        caption = module.caption(parameters)
        assert caption.endswith(".")
        assert caption.count("$") % 2 == 0
        assert caption.count("{") == caption.count("}")


def test_exact_error_lies_above_its_small_rate_limit(figures):
    data = figures("2")
    later = data["alpha"] > 0
    assert (data["exact"][:, later] >= data["first_order"][:, later]).all()


def test_sgd_agrees_with_its_theories(figures):
    """Within four standard errors, or the first order in eta that the theory of Figure 15 drops."""
    linear = figures("2")
    assert (abs(linear["sgd_mean"] - linear["sgd_exact"]) < 4 * linear["sgd_error"]).all()
    rotated = figures("15")
    assert (abs(rotated["residual"]) < 4 * rotated["residual_error"] + 0.1).all()


def test_measured_escape_times_are_those_of_equation_15(figures):
    data = figures("5")
    assert np.allclose(data["measured"], data["predicted"], rtol=1e-3)


def test_rates_lie_below_those_of_the_data(figures):
    for key, count in (("10", 5), ("11", 4), ("12", 2)):
        data = figures(key)
        for i in range(count):
            assert (data[f"gap_{i}"] > 0).all()
            expected = data[f"eigenvalues_{i}"] * (1 - data[f"gap_{i}"])
            assert np.allclose(data[f"ratio_{i}"], expected, rtol=1e-6)


def test_plateaus_stand_where_equation_95_says(figures):
    data = figures("18")
    on_plateau = int(np.argmin(abs(data["alpha"] - 500)))
    for l in range(3):
        for n in range(3):
            assert np.allclose(data[f"R_{l}"][on_plateau, :, n], data[f"plateau_R_{l}"][n], rtol=0.1)


def test_eigenbasis_needs_fewer_bits_than_the_companion_basis(figures):
    needed = figures("a")["needed"]
    assert (needed[3] <= needed[0]).all()
    assert needed[0, 1] > needed[3, 1] + 20


def test_local_exponent_approaches_its_limit(figures):
    """At a fifth of the window of L = 10^6, -beta/(1+beta) to 2 per cent."""
    data = figures("b")
    place = int(np.argmin(abs(data["place"] - 0.3)))
    for i, limit in enumerate((-1 / 3, -1 / 2)):
        assert np.isclose(data["exponent"][i, 1, place], limit, rtol=0.05)


def test_complete_theory_of_the_late_phase_is_the_better_one(figures):
    data = figures("d")
    for i in range(2):
        full = data[f"full_{i}"]
        complete, first = (np.abs(data[f"{name}_{i}"] / full - 1).max() for name in ("both", "17"))
        assert complete < 0.12 < first


def test_late_phase_falls_with_the_exponent_of_the_theory_where_the_guide_is(tmp_path):
    """-beta/(1+beta) to 8 per cent: the median local exponent of Eq. 17 and of the solution along the guide."""
    module = figure_module("6")
    parameters = {**module.PARAMETERS["quick"], "L": 128, "N": 256, "betas": ["2"], "points": 61}
    data = module.compute(parameters, Work(tmp_path, "6", processes=1))
    alpha, start = data["alpha_0"], int(data["start_0"])
    first, last = alpha[start], float(data["end_0"]) / 10
    assert last > 100 * first
    for time, values in ((alpha[start:], data["theory_0"]), (alpha, data["eps_g_0"])):
        exponent = np.gradient(np.log(values), np.log(time))[(time >= first) & (time <= last)]
        assert np.isclose(np.median(exponent), -2 / 3, rtol=0.08)


def test_plateau_disappears_with_L(figures):
    decades = figures("e")["decades"]
    assert (decades[:, 0] > 0.5).all()
    assert decades[0, 1] == 0


def test_phases_fill_the_window_and_jump_where_the_theory_says(figures):
    data = figures("f")
    for model, right in (("diagonal", 3), ("quadratic", 4)):
        corners = data[f"{model}_corners"]
        area = 0.0
        for number in np.unique(corners[:, 3]):
            x, y = corners[corners[:, 3] == number, :2].T
            area += abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2
        assert np.isclose(area, right * 2.4)
        assert (data[f"{model}_boundaries"][:, 4] > 0).any()
    assert (data["quadratic_boundaries"][:, 0] == 13 / 9).any()


def test_no_weight_decay_beats_the_best(figures):
    data = figures("g")
    for name in ("diagonal_0", "diagonal_1", "quadratic_0", "quadratic_1"):
        best = data[f"{name}_optimal"]
        assert (best > 0).all()
        for key in data.arrays:
            if key.startswith(name) and not key.endswith("_n"):
                assert (data[key] >= best * (1 - 1e-9)).all()


def test_trained_weights_are_those_of_the_state_evolution(figures):
    """Zeros within four standard errors, and half a weight for the small size (corrections of order 1/d)."""
    data = figures("h")
    for name in ("diagonal_0", "diagonal_1", "quadratic_0", "quadratic_1"):
        mean, error, expected = data[f"{name}_atom"]
        assert abs(mean - expected) < 4 * error + 0.5
        assert (np.diff(data[f"{name}_theory"]) <= 1e-9).all()
    straight = data["tail_signal"]
    assert np.allclose(straight * np.arange(1, len(straight) + 1), 1, rtol=1e-6)


def test_rates_follow_from_the_tail(figures):
    data = figures("i")
    A = data["A"]
    assert np.allclose(data["rates"][:, 0], (3 - A) / 2, atol=0.02)
    assert np.allclose(data["rates"][:, 1], (3 - A) / 2, atol=0.02)
    assert np.allclose(data["rates"][:, 2], (3 - A) / (A - 1), rtol=0.05)
