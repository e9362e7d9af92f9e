"""Figure f: the phases of both networks with weight decay, exact polygons in the plane of samples and weight decay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from sympy import Rational

from symsl.figures import palette
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.weight_decay import PhaseDiagram
from symsl.weight_decay.phase_regions import PEAKS, a, l, s

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Phases of the diagonal and the quadratic network"
LAYOUT = Layout(columns=2, height=3.2)
MODELS = {"diagonal": "diagonal (LASSO)", "quadratic": "quadratic (matrix sensing)"}
_COMMON = {"gamma": "1", "s": "0", "a_max": {"diagonal": "3", "quadratic": "4"}, "l_max": "2", "l_min": "-2/5"}
PARAMETERS: Mapping[str, Parameters] = {"full": _COMMON, "quick": _COMMON}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By model: corners (a, l, exponent, polygon), boundaries (a, l, a, l, jump), optimal line (a, l), the peak."""
    arrays = {}
    for model in MODELS:
        with work.stage(f"phases of the {model} network"):
            diagram = PhaseDiagram(model, parameters["gamma"], parameters["s"])
            arrays[f"{model}_corners"] = np.array(_corners(diagram, parameters), dtype=float)
            arrays[f"{model}_boundaries"] = np.array(_boundaries(diagram, parameters), dtype=float)
            arrays[f"{model}_optimum"] = np.array(_optimum(diagram, parameters), dtype=float)
            peak = PEAKS[model]
            arrays[f"{model}_peak"] = np.array([peak.at, peak.above.subs(s, Rational(parameters["s"]))], dtype=float)
    return arrays


def _window(diagram: PhaseDiagram, parameters: Parameters) -> tuple[str, str, str]:
    return parameters["a_max"][diagram.model], parameters["l_max"], parameters["l_min"]


def _corners(diagram: PhaseDiagram, parameters: Parameters) -> list[list[object]]:
    """The exponent at a corner is the one of the region, so that jumps between regions stay jumps."""
    exponents = {region.name: region.exponent for region in diagram.regions}
    rows, number = [], 0
    for name, pieces in diagram.polygons(*_window(diagram, parameters)).items():
        for piece in pieces:
            for x, y in piece:
                rate = exponents[name].subs({a: Rational(str(x)), l: Rational(str(y))})
                rows.append([x, y, rate, number])
            number += 1
    return rows


def _boundaries(diagram: PhaseDiagram, parameters: Parameters) -> list[list[object]]:
    """Segments, and the largest size of the jump of the exponent on each."""
    rows = []
    for edge in diagram.boundaries(*_window(diagram, parameters)):
        jumps = [abs(edge.jump.subs({a: Rational(str(x)), l: Rational(str(y))})) for x, y in (edge.start, edge.end)]
        rows.append([*edge.start, *edge.end, max(jumps)])
    return rows


def _optimum(diagram: PhaseDiagram, parameters: Parameters) -> list[list[object]]:
    rows: list[list[object]] = []
    for piece in diagram.optimal_line(parameters["a_max"][diagram.model]):
        if piece.exponent == 0:
            continue  # nothing can be learned, whatever the weight decay
        rows += [[end, piece.l.subs(a, Rational(str(end)))] for end in (piece.start, piece.end)]
    return rows


def _names(model: str, parameters: Parameters) -> list[str]:
    diagram = PhaseDiagram(model, parameters["gamma"], parameters["s"])
    return [name for name, pieces in diagram.polygons(*_window(diagram, parameters)).items() for _ in pieces]


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Colour is the exponent; each region has its name."""
    from matplotlib.tri import Triangulation

    highest = max(float(data[f"{model}_corners"][:, 2].max()) for model in MODELS)
    image = None
    for panel, (model, title) in zip(axes, MODELS.items(), strict=True):
        corners = data[f"{model}_corners"]
        polygon = corners[:, 3].astype(int)
        triangles = []
        for number, name in enumerate(_names(model, data.parameters)):
            members = np.flatnonzero(polygon == number)
            triangles += [[members[0], one, two] for one, two in pairwise(members[1:])]
            x, y = corners[members, :2].mean(axis=0)
            panel.text(x, y, phase_name(name), ha="center", va="center", zorder=6,
                       bbox={"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.85})  # fmt: skip
        mesh = Triangulation(corners[:, 0], corners[:, 1], triangles)
        image = panel.tripcolor(
            mesh, corners[:, 2],
            shading="gouraud", cmap="viridis", vmin=0, vmax=highest, rasterized=True,
        )  # fmt: skip
        for *ends, jump in data[f"{model}_boundaries"]:
            colour, width = ("black", 1.6) if jump > 0 else ("white", 0.8)
            panel.plot(ends[::2], ends[1::2], color=colour, lw=width)
        best = data[f"{model}_optimum"]
        panel.plot(*best.T, color=palette.INTERPOLATION, lw=2.2, ls=(0, (3, 2)), zorder=4)
        at, above = data[f"{model}_peak"]
        top = float(Rational(data.parameters["l_max"]))
        panel.plot([at, at], [above, top], color="white", lw=2, ls=":", zorder=4)
        panel.set(xlabel=r"$a = \log n/\log d$", xlim=(0, float(Rational(data.parameters["a_max"][model]))))
        panel.set(ylim=(float(Rational(data.parameters["l_min"])), top))
        panel.set_title(title, loc="right", pad=3)
    axes[0].set_ylabel(r"$l = -\log\lambda/\log d$")
    assert axes[0].figure is not None
    assert image is not None
    axes[0].figure.colorbar(image, ax=list(axes), label=r"exponent $\rho$ of $R \sim d^{-\rho}$", pad=0.015)
    return axes


def phase_name(name: str) -> str:
    r"""The name of a region in LaTeX: Q3a becomes $Q_{3\mathrm{a}}$, L*' becomes $L_{\ast}$."""
    index = re.sub(r"[a-z]", r"\\mathrm{\g<0>}", name[1:]).replace("*'", r"\ast")
    return f"${name[0]}_{{{index}}}$"


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    names = {
        region.name: region.meaning
        for model in MODELS
        for region in PhaseDiagram(model, parameters["gamma"], parameters["s"]).regions
    }
    legend = "; ".join(f"{phase_name(name)} {meaning}" for name, meaning in names.items())
    legend = legend.replace("lam**(-1/gamma)", r"$\lambda^{-1/\gamma}$")
    boundary = PhaseDiagram("quadratic", parameters["gamma"], parameters["s"]).a_c
    return (
        r"Exponent $\rho$ of the excess risk $R \sim d^{-\rho}$ with $n = d^a$ samples and weight decay "
        rf"$\lambda = d^{{-l}}$, up to logarithms, for a target $i^{{-\gamma}}$ with $\gamma = {parameters['gamma']}$ "
        rf"and label noise $d^{{-s}}$, $s = {parameters['s']}$. "
        rf"{legend}. Black lines: the exponent jumps; "
        r"white lines: it is continuous; dashed: the optimal weight decay; white dots: the interpolation peak. "
        rf"Overfitting of the quadratic network turns from benign to harmful at $a_c = {boundary}$. Leading "
        r"asymptotics of the state evolution."
    )
