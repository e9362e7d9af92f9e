"""Figure a: correct digits against working precision, for each route (Appendix D)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from flint import arb, ctx

from symsl.erf.late_phase import Deviations, error_from_modes, error_from_moments
from symsl.errors import InsufficientPrecisionError
from symsl.figures import marks, palette
from symsl.figures.plan import Array, FigureData, Layout, Parameters
from symsl.linear.companion import coefficients
from symsl.linear.curve import by_companion, by_eigenbasis
from symsl.linear.vandermonde import vandermonde_inverse
from symsl.precision import exact
from symsl.spectrum import Spectrum

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from symsl.figures.work import Work

TITLE = "Digits against working precision: the companion basis and the eigenbasis"
LAYOUT = Layout(columns=2, height=2.7)
_COMMON = {"beta": "1/2", "eta": "1/2", "alpha": 10, "M": 2, "digits": 50, "most_bits": 16384}
PARAMETERS: Mapping[str, Parameters] = {
    "full": {**_COMMON, "sizes": [8, 16, 32, 64], "bits": [32, 2048, 60], "needed": [2, 4, 8, 16, 32, 64, 128]},
    "quick": {**_COMMON, "sizes": [8, 16, 32], "bits": [32, 1024, 32], "needed": [2, 4, 8, 16, 32, 64]},
}
ROUTES = ("6-companion", "17-moments", "vandermonde", "6-eigenbasis", "17-modes")
DOUBLE = 53


def compute(parameters: Parameters, work: Work) -> dict[str, Array]:
    """Certified digits by route, L and working precision; the bits each route needs for `digits` digits, by L."""
    low, high, count = parameters["bits"]
    bits = np.unique(np.linspace(low, high, count).round().astype(int))
    digits, needed = [], []
    for route in ROUTES:
        for L in parameters["sizes"]:
            values = balls(route, L, parameters)
            with work.stage(f"digits of {route} at L = {L}"):
                digits.append([digits_at(values, int(precision)) for precision in bits])
        for L in parameters["needed"]:
            values = balls(route, L, parameters)
            with work.stage(f"bits needed by {route} at L = {L}"):
                needed.append(bits_needed(values, parameters["digits"], parameters["most_bits"]))
    return {
        "bits": bits.astype(float),
        "digits": np.array(digits).reshape(len(ROUTES), len(parameters["sizes"]), -1),
        "needed": np.array(needed).reshape(len(ROUTES), -1),
    }


def balls(route: str, L: int, parameters: Parameters) -> Callable[[], Sequence[arb]]:
    """What a route computes: eps_g of Eq. 6, eps_g of Eq. 17, or the entries of the inverse Vandermonde matrix."""
    spectrum = Spectrum.power_law(L, parameters["beta"])
    eta, spread, time = exact(parameters["eta"], "eta"), Fraction(1, 100), Fraction(parameters["alpha"])
    # Unequal deviations: equal ones would make the moments a multiple of those of the spectrum.
    modes = tuple(Fraction(1 + k % 3, 100) for k in range(L))
    start = Deviations(spectrum, parameters["M"], modes, tuple(mode / 7 for mode in modes))
    found: dict[str, Callable[[], Sequence[arb]]] = {
        "6-companion": lambda: by_companion(spectrum, eta, spread, [time]),
        "6-eigenbasis": lambda: by_eigenbasis(spectrum, eta, spread, [time]),
        "17-moments": lambda: error_from_moments(start, eta, [time]),
        "17-modes": lambda: error_from_modes(start, eta, [time]),
        "vandermonde": lambda: [
            entry for row in vandermonde_inverse(spectrum.eigenvalues(), coefficients(spectrum)) for entry in row
        ],
    }
    return found[route]


def digits_at(values: Callable[[], Sequence[arb]], bits: int) -> float:
    """Certified decimal digits of the worst value at a working precision; 0 where there are none."""
    with ctx.workprec(bits):
        try:
            found = list(values())
        except InsufficientPrecisionError:
            return 0.0
    if not all(value.is_finite() for value in found):
        return 0.0
    return max(0.0, min(float(value.rel_accuracy_bits()) for value in found) * float(np.log10(2)))


def bits_needed(values: Callable[[], Sequence[arb]], digits: int, most: int) -> float:
    """The smallest working precision with `digits` certified digits, to 2 per cent; nan beyond `most` bits."""
    low, high = DOUBLE, 2 * DOUBLE
    while digits_at(values, high) < digits:
        low, high = high, 2 * high
        if high > most:
            return float("nan")
    while high - low > max(1, high // 50):
        middle = (low + high) // 2
        low, high = (low, middle) if digits_at(values, middle) >= digits else (middle, high)
    return float(high)


def draw(axes: Sequence[Axes], data: FigureData) -> Sequence[Axes]:
    """Digits against precision on the left, bits needed against L on the right."""
    left, right = axes
    parameters, bits = data.parameters, data["bits"]
    names = {
        "6-companion": ("Eq. (6), companion", palette.EXACT, "o", "-"),
        "17-moments": ("Eq. (17), moments", palette.FIRST_ORDER, "s", "-"),
        "vandermonde": ("inverse Vandermonde", palette.MATRIX, "^", "-"),
        "6-eigenbasis": ("Eq. (6), eigenbasis", palette.EXACT, "o", "--"),
        "17-modes": ("Eq. (17), modes", palette.FIRST_ORDER, "s", "--"),
    }
    sizes = parameters["sizes"]
    for i, (L, colour) in enumerate(zip(sizes, palette.family("L", len(sizes)), strict=True)):
        left.plot(bits, data["digits"][ROUTES.index("6-companion"), i], color=colour, label=f"$L = {L}$")
        left.plot(bits, data["digits"][ROUTES.index("6-eigenbasis"), i], color=colour, ls="--", lw=0.9)
    left.plot([], [], color=palette.GUIDE, label="companion")
    left.plot([], [], color=palette.GUIDE, ls="--", lw=0.9, label="eigenbasis")
    left.axvline(DOUBLE, ymax=0.3, color=palette.GUIDE, ls=":", lw=0.9)
    left.set(xlim=(0, bits[-1]), xlabel="working precision (bits)", ylabel="certified digits of Eq. (6)")
    left.set_ylim(-5, 1.05 * float(data["digits"].max()))
    left.legend(loc="upper left")
    for route, needed in zip(ROUTES, data["needed"], strict=True):
        label, shade, marker, line = names[route]
        filled = "none" if line == "--" else shade
        right.plot(
            parameters["needed"], needed, color=shade, marker=marker, ms=3, mfc=filled, ls=line, lw=0.9, label=label
        )
    right.axhline(DOUBLE, color=palette.GUIDE, ls=":", lw=0.9)
    right.annotate(
        "double", (parameters["needed"][-1], DOUBLE), xytext=(0, 2), textcoords="offset points", ha="right",
        color=palette.GUIDE,
    )  # fmt: skip
    marks.logarithmic(right, "$L$", f"bits for {parameters['digits']} digits")
    marks.size_ticks(right, parameters["needed"])
    right.set_ylim(40, 4 * float(np.nanmax(data["needed"])))
    right.legend(loc="upper left")
    return axes


def caption(parameters: Parameters) -> str:
    """What is seen, with the parameters."""
    return (
        r"(a) Decimal digits of Eq.~(6) that ball arithmetic certifies at a working precision, in the companion "
        r"(moment) "
        rf"basis (lines) and in the eigenbasis (dashed), for $L = $ {marks.listing(parameters['sizes'])}; dotted: "
        rf"the 53 "
        rf"bits of a double. (b) Working precision needed for {parameters['digits']} digits of Eq.~(6), of Eq.~(17) "
        rf"and of "
        r"every entry of the inverse Vandermonde matrix. The companion basis loses digits faster than in "
        rf"proportion to $L$, the eigenbasis about two at any $L$. $\beta = {parameters['beta']}$, "
        rf"$\eta = {parameters['eta']}$, $\alpha = {parameters['alpha']}$, $M = {parameters['M']}$, deviations that "
        r"differ from mode to mode."
    )
