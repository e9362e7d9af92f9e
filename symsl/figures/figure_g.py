"""Figure g: learning curves of both networks across their phases, with crossovers and plateaus."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.figures import marks, palette
from symsl.figures.figure_f import phase_name
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.weight_decay import PhaseDiagram, PowerLawTarget, asymptotics, lasso_float64, quadratic_float64

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from sympy import Expr

    from symsl.figures.work import Work

TITLE = "Learning curves across the phases"
LAYOUT = Layout(columns=2, height=5.2, height_ratios=(1, 1))
_COMMON = {
    "gamma": "1",
    "noises": {"diagonal": ["1", "1e-8"], "quadratic": ["1", "1e-4"]},
    "powers": {"diagonal": 16, "quadratic": 9},
}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "points": 33, "decays": {"diagonal": [3, 5], "quadratic": [1, 2]}},
    "quick": {**_COMMON, "points": 11, "decays": {"diagonal": [4], "quadratic": [2]}},
}
PANELS = tuple((model, place) for model in ("diagonal", "quadratic") for place in (0, 1))


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """By model and noise: samples n; R at the best weight decay, at lam -> 0, and (strong noise) at lam = 10**-k."""
    arrays = {}
    for model, place in PANELS:
        Delta, name = parameters["noises"][model][place], f"{model}_{place}"
        samples = _samples(model, parameters)
        arrays[f"{name}_n"] = samples
        decays = parameters["decays"][model] if place == 0 else []
        for decay in ["optimal", "0", *(f"1e-{k}" for k in decays)]:
            with work.stage(f"{model} network, Delta = {Delta}, lam = {decay}"):
                arrays[f"{name}_{decay}"] = np.array([_risk(model, parameters, n, Delta, decay) for n in samples])
    return arrays


def _samples(model: str, parameters: Parameters) -> Array:
    """From next to nothing to past the interpolation threshold n = d or d**2/4, which none of them hits."""
    power = parameters["powers"][model]
    first, last = (2.5, 1.5 * power) if model == "diagonal" else (power + 0.5, 2.6 * power)
    exponents = np.linspace(first, last, parameters["points"])
    return np.array([float(f"{10**x:.4g}") for x in exponents]) * 1.0001


def _risk(model: str, parameters: Parameters, n: float, Delta: str, decay: str) -> float:
    target = PowerLawTarget(parameters["gamma"], 10 ** parameters["powers"][model])
    if model == "diagonal":
        return lasso_float64(target, n, Delta, lam=decay).R
    return quadratic_float64(target, n, Delta, lam=decay, method="spiked").R


def _law(expression: Expr, parameters: Parameters, model: str, Delta: str) -> Callable[[Array], Array]:
    """A scaling law with its constant, as a function of n."""
    from sympy import Rational, lambdify

    values = {"gamma": parameters["gamma"], "c": "1", "Delta": Delta, "d": str(10 ** parameters["powers"][model])}
    known = {symbol: Rational(values[symbol.name]) for symbol in expression.free_symbols if symbol.name in values}
    return lambdify(asymptotics.n, expression.subs(known), "numpy")  # type: ignore[no-any-return]


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Rows: models; columns: strong and weak noise. Lines are the state evolution, dashes its limits."""
    parameters = data.parameters
    for panel, (model, place) in zip(axes, PANELS, strict=True):
        name, Delta = f"{model}_{place}", parameters["noises"][model][place]
        n = data[f"{name}_n"]
        panel.plot(n, data[f"{name}_optimal"], color=palette.OPTIMUM, lw=1.8, zorder=3, label=r"best $\lambda$")
        panel.plot(n, data[f"{name}_0"], color=palette.INTERPOLATION, label=r"$\lambda \to 0$")
        decays = parameters["decays"][model] if place == 0 else []
        for k, colour in zip(decays, palette.family("lam", 3), strict=False):
            panel.plot(n, data[f"{name}_1e-{k}"], color=colour, label=rf"$\lambda = 10^{{-{k}}}$")
        _limits(panel, model, Delta, n, parameters)
        _phases(panel, model, Delta, n, data[f"{name}_0"], parameters)
        marks.logarithmic(panel, "samples $n$" if model == "quadratic" else "", "excess risk $R$")
        values = np.concatenate([data[f"{name}_{decay}"] for decay in ("optimal", "0")])
        panel.set_ylim(0.3 * values.min(), 20 * values.max())
        panel.set_xlim(n[0], n[-1])
        power = parameters["powers"][model]
        title = rf"{model}, $d = 10^{{{power}}}$, $\Delta = {marks.tex_number(Delta)}$"
        panel.set_title(title, loc="right", pad=3)
    axes[0].legend(loc="lower left")
    axes[2].legend(loc="lower left")
    return axes


def _limits(axes: Axes, model: str, Delta: str, n: Array, parameters: Parameters) -> None:
    """The laws of the phases where they hold, and vertical lines where noise begins to matter and where it peaks."""
    power, gamma = parameters["powers"][model], float(parameters["gamma"])
    origin, peak = (0, power) if model == "diagonal" else (power, 2 * power - float(np.log10(4)))
    crossing = origin - float(np.log10(float(Delta))) / (2 * gamma - 1)
    if model == "diagonal":
        laws = [(asymptotics.diagonal_noise_plateau(), crossing + 2, peak - 1.5)]
    else:
        laws = [
            (asymptotics.quadratic_noise_leak(), peak - 5, peak - 1.5),
            (asymptotics.quadratic_optimal_risk(), max(crossing, origin + 1), peak + 3),
        ]
        if crossing > origin:
            laws.append((asymptotics.quadratic_noiseless_risk(), origin + 1, crossing))
    for expression, low, high in laws:
        fine = np.geomspace(10**low, 10**high, 100)
        curve = _law(expression, parameters, model, Delta)(fine)
        axes.plot(fine, curve, color=palette.GUIDE, lw=0.9, ls=(0, (4, 2)), zorder=4)
    for exponent in (crossing, peak):
        if 10**exponent > n[0]:
            axes.axvline(10**exponent, color=palette.GUIDE, lw=0.7, ls=":", zorder=1)


def _phases(axes: Axes, model: str, Delta: str, n: Array, curve: Array, parameters: Parameters) -> None:
    """Names of the phases that the interpolator crosses, above its learning curve."""
    power = parameters["powers"][model]
    s = -np.log10(float(Delta)) / power
    ends = np.log10(n[[0, -1]]) / power
    diagram = PhaseDiagram(model, parameters["gamma"], f"{s:.6g}")
    for piece in diagram.learning_curve(a_max=f"{ends[1]:.4g}"):
        start = max(float(piece.start), ends[0])
        if float(piece.end) - start < 0.15:
            continue  # no room for a name
        middle = (start + float(piece.end)) / 2 * power
        height = np.exp(np.interp(middle, np.log10(n), np.log(curve)))
        plain = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # other curves pass behind a name
        axes.annotate(phase_name(piece.region), (10**middle, height), xytext=(0, 9), textcoords="offset points",
                      ha="center", va="bottom", color=palette.INTERPOLATION, bbox=plain)  # fmt: skip


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"Excess risk against the number of samples, from the state evolution: (a, b) the diagonal network (LASSO), "
        rf"$d = 10^{{{parameters['powers']['diagonal']}}}$; (c, d) the quadratic network (spiked state evolution), "
        rf"$d = 10^{{{parameters['powers']['quadratic']}}}$; label noise $\Delta$ of order one on the left and weak on "
        r"the right; target $i^{-\gamma}$, "
        rf"$\gamma = {parameters['gamma']}$. A fixed weight decay $\lambda$ follows the interpolator ($\lambda \to 0$) "
        r"until it exceeds the noise, and ends on a floor. Names: the phases that the interpolator crosses. Dashed: "
        r"their laws with constants (noise plateau $\Delta/\log(d/n)$ in (a, b); noise leak and best risk, "
        r"with and without noise, in (c, d)). Dotted: the interpolation threshold ($n = d$, $n = d^2/4$) and, on the "
        r"right, the samples at which noise begins to matter, where the exponent of the best risk drops by a factor "
        r"$2\gamma$."
    )
