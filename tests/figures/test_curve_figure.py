"""The picture of learning curves."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import matplotlib
import pytest
from flint import arb
from matplotlib.figure import Figure

from symsl.errors import UsageError
from symsl.figures.curve import DECADES, STYLE, Curve, draw_curves, parameter_label, save_curves
from symsl.precision import certify

CURVES = [Curve("first", [0.1, 1, 10], [1, 0.5, 0.01]), Curve("second", [0, 1, 10, 100], [0.7, 0.3, 0.2, 0.0])]
ABOUT = {"symsl": "0", "equation": "6", "parameters": {"L": "8"}}


def test_axes_are_logarithmic_labelled_and_hold_the_points():
    axes = draw_curves(Figure().subplots(), CURVES, r"$\epsilon_g$")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\alpha$", r"$\epsilon_g$")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["first", "second"]
    assert [list(line.get_ydata()) for line in axes.lines] == [[1, 0.5, 0.01], [0.3, 0.2]]


def test_the_frame_stops_after_some_decades():
    axes = draw_curves(Figure().subplots(), [Curve("deep", [1, 2, 3], [1, 1e-3, 1e-200])], "y")
    bottom, top = axes.get_ylim()
    assert bottom == pytest.approx(10.0**-DECADES)
    assert 1 < top < 10


def test_a_curve_without_points_is_refused():
    with pytest.raises(UsageError, match="fewer than two points"):
        draw_curves(Figure().subplots(), [Curve("flat", [1, 2, 3], [0, 0, 1])], "y")


def test_certified_values_beyond_the_doubles_are_left_out():
    values = [certify(lambda n=n: arb(10) ** n, 5, route="exact") for n in (0, -1, -400)]
    curve = Curve.from_certified("c", ["1", Fraction(5, 2), "1e400"], values)
    assert (curve.alpha[:2], curve.value[:2]) == ([1.0, 2.5], [1.0, pytest.approx(0.1)])
    assert len(draw_curves(Figure().subplots(), [curve], "y").lines[0].get_xdata()) == 2


@pytest.mark.parametrize("suffix", [".pdf", ".png"])
def test_equal_input_gives_an_equal_file_with_provenance_and_without_a_date(tmp_path, suffix):
    paths = [tmp_path / f"{name}{suffix}" for name in ("a", "b")]
    for path in paths:
        save_curves(path, CURVES, "y", ABOUT)
    content = paths[0].read_bytes()
    assert content == paths[1].read_bytes()
    assert b"Date" not in content
    if suffix == ".pdf":
        story = (
            re.search(rb"/Subject \((.*?[^\\])\)", content, re.DOTALL)[1].replace(b"\\(", b"(").replace(b"\\)", b")")
        )
    else:
        story = re.search(rb"tEXtDescription\0(.*?})....IDAT|tEXtDescription\0(.*?}})", content, re.DOTALL)[2]
    assert json.loads(story) == ABOUT


def test_the_style_is_safe_for_the_colour_blind_and_leaves_no_trace(tmp_path):
    before = dict(matplotlib.rcParams)
    save_curves(tmp_path / "a.pdf", CURVES, "y", ABOUT)
    assert dict(matplotlib.rcParams) == before
    with matplotlib.rc_context(fname=STYLE):
        lines = list(matplotlib.rcParams["axes.prop_cycle"])
    assert lines[0]["color"] == "#0072B2"
    assert len({(line["color"], line["linestyle"]) for line in lines}) == len(lines) == 7


def test_labels_use_the_papers_letters():
    label = parameter_label({"L": "64", "beta": "1/2", "sigma_J": "1/100", "state": "sha256:0123456789"})
    assert label == r"$L = 64$, $\beta = 1/2$, $\sigma_{J} = 1/100$"


def test_every_equation_with_a_time_has_a_label_that_can_be_drawn():
    from matplotlib.mathtext import MathTextParser

    from symsl.equations import EQUATIONS
    from symsl.latex import fragment

    for entry in EQUATIONS:
        if entry.evaluation and any(parameter.kind == "times" for parameter in entry.evaluation.parameters):
            MathTextParser("path").parse(f"${fragment(entry.statement.lhs)}$")
