"""Figure 16: what remains to be learned after training in a random basis (Eq. 88) and in the eigenbasis (Eq. 74)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from symsl.features import (
    asymptotic_ratio,
    covariance_matrix,
    haar_orthogonal,
    large_N_stationary_error,
    stationary_approximation,
    stationary_error,
    stationary_errors,
)
from symsl.figures import marks, palette
from symsl.figures.numbers import doubles
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Feature scaling in a random basis and in the eigenbasis"
LAYOUT = Layout(columns=2, height=3.7, height_ratios=(2.2, 1), sharex=True)
_COMMON = {"betas": ["1/2", "1"], "sigma_J": "1/100", "seed": 16}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "N": 1024, "bases": 20},
    "quick": {**_COMMON, "N": 256, "bases": 10},
}


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """For each beta: Eq. 88 over random bases, its mean for large N, Eqs. 71 and 74, and the ratio they tend to."""
    N, sigma_J = parameters["N"], parameters["sigma_J"]
    data: dict[str, Array] = {}
    counts = np.unique(np.geomspace(1, N - 1, 40).round().astype(int))
    for i, beta in enumerate(parameters["betas"]):
        spectrum = Spectrum.power_law(N, beta)
        errors = []
        for number in range(parameters["bases"]):
            with work.stage(f"random basis {number + 1} of {parameters['bases']}, beta = {beta}"):
                covariance = covariance_matrix(spectrum, haar_orthogonal(N, parameters["seed"] + number))
                errors.append(stationary_errors(covariance, sigma_J=sigma_J)[counts])
        data |= {
            f"mean_{i}": np.mean(errors, axis=0),
            f"error_{i}": np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors)),
            f"large_N_{i}": np.array([large_N_stationary_error(spectrum, N, n, sigma_J=sigma_J) for n in counts]),
            f"sum_{i}": doubles(
                lambda law=spectrum: [  # type: ignore[misc]
                    stationary_error(law, int(n), sigma_J=sigma_J) for n in counts
                ]
            ),
            f"closed_{i}": doubles(
                lambda law=spectrum: [  # type: ignore[misc]
                    stationary_approximation(law, int(n), sigma_J=sigma_J) for n in counts
                ]
            ),
            f"ratio_{i}": doubles(lambda beta=beta: [asymptotic_ratio(beta)]),  # type: ignore[misc]
        }
    return data | {"N_l": counts.astype(float)}


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """One column for each beta: the errors above, the ratio to Eq. 74 below."""
    counts, betas = data["N_l"], data.parameters["betas"]
    for i, beta in enumerate(betas):
        above, below = axes[i], axes[len(betas) + i]
        above.plot(counts, data[f"large_N_{i}"], color=palette.EXACT, label=r"random basis, $N \to \infty$")
        above.plot(counts, data[f"sum_{i}"], color=palette.FIRST_ORDER, label="eigenbasis, Eq. (71)")
        above.plot(counts, data[f"closed_{i}"], color=palette.CLOSED_FORM, ls="--", label="eigenbasis, Eq. (74)")
        marks.points(
            above, counts[::2], data[f"mean_{i}"][::2], data[f"error_{i}"][::2], label="random basis, Eq. (88)"
        )
        start = len(counts) // 4
        marks.slope_guide(
            above, (counts[start], counts[-len(counts) // 4]), 1.6 * data[f"mean_{i}"][start],
            -float(exact(beta, "beta")), marks.power("N_l", -exact(beta, "beta")),
        )  # fmt: skip
        marks.logarithmic(above, ylabel=r"$\epsilon_g(\alpha \to \infty)$" if i == 0 else "")
        above.text(0.97, 0.95, rf"$\beta = {beta}$", transform=above.transAxes, ha="right", va="top")
        above.set_ylim(bottom=float(data[f"closed_{i}"][-6]) / 3)
        reference = data[f"sum_{i}"]
        below.axhline(data[f"ratio_{i}"][0], color=palette.GUIDE, ls=":", lw=0.9)
        below.plot(counts, data[f"large_N_{i}"] / reference, color=palette.EXACT)
        marks.points(below, counts[::2], (data[f"mean_{i}"] / reference)[::2], (data[f"error_{i}"] / reference)[::2])
        below.set(xscale="log", xlabel="$N_l$", ylabel="(88)/(71)" if i == 0 else "", ylim=(1, 3.6))
    axes[0].legend(loc="lower left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        rf"(a, b) The error that remains after training the first $N_l$ components in a random basis, Eq.~(88) "
        rf"(points: "
        rf"mean over {parameters['bases']} Haar-random bases; blue: its limit for large $N$), and $N_l$ "
        rf"eigendirections, "
        rf"Eqs.~(71) and (74); $N = L = {parameters['N']}$, $\beta = $ {marks.listing(parameters['betas'])}, "
        rf"$\sigma_J = {marks.tex_number(parameters['sigma_J'])}$. (c, d) The ratio; dotted: its limit "
        r"$\beta[(\pi/(1+\beta))/\sin(\pi/(1+\beta))]^{1+\beta}$ for $1 \ll N_l \ll N$. Both fall as $N_l^{-\beta}$. "
        r"Parameters chosen here."
    )
