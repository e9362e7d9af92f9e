"""The phase diagrams: the exponent of a sum is that of its largest monomial, compared exactly with every region."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

import sympy as sp

from symsl.equations.model import Kind
from symsl.symbols import gamma
from symsl.verification import Case, Claim, Derivation, arrives_at, identity
from symsl.weight_decay import PhaseDiagram
from symsl.weight_decay.phase_regions import ORIGIN, a, l
from symsl.weight_decay.polygons import Polygon

GAMMAS = (Fraction(3, 5), Fraction(3, 4), Fraction(1), Fraction(3, 2), Fraction(2))
NOISES = (Fraction(0), Fraction(1, 4))
DOMAIN = {gamma: (1, 2)}


def signal(x: Any, steepness: Any) -> Any:
    """Exponent of the signal part at effective threshold d**(-x).

    A coefficient costs min(v**2, theta**2), so that the sum is the smallest of 1, theta**(2-p), d theta**2.
    """
    return max(0, (2 - 1 / steepness) * x, 2 * x - 1)


def endless_signal(x: Any, steepness: Any) -> Any:
    """The mistake of forgetting that there are only d coefficients."""
    return max(0, (2 - 1 / steepness) * x)


def leak(model: str, samples: Any, noise: Any, signal_exponent: Any) -> Any:
    """Exponent of the noise that passes a threshold below its own scale, per Delta + R.

    Up to logarithms 1 (diagonal) or (n/d**2)**(2/5) (quadratic) below the interpolation threshold; above it the number
    of parameters over n.
    """
    level = min(noise, signal_exponent)
    if samples > 1:
        return level + samples - 1
    return level + (sp.Rational(2, 5) * (1 - samples) if model == "quadratic" else 0)


def largest_monomial(
    model: str, steepness: Any, noise: Any, x: Any, y: Any, part_of_signal: Callable[[Any, Any], Any] = signal
) -> Any:
    """Exponent of R at n = d**x, lam = d**(-y) from the building blocks, without a table of regions."""
    samples = x - ORIGIN[model]
    scale = noise_scale(samples, steepness, noise)
    part = part_of_signal(min(y, scale), steepness)
    return part if y <= scale or samples < 0 else min(part, leak(model, samples, noise, part))


def noise_scale(samples: Any, steepness: Any, noise: Any) -> Any:
    """x where d**(-x) is the effective noise, tau**2 = (Delta + R)/n with R ~ tau**(2-p): the larger of two monomials.

    With more samples than parameters R = d tau**2 < n tau**2 has no share in it: Delta alone remains.
    """
    labels = (samples + noise) / 2
    return labels if samples > 1 else min(labels, steepness * samples)


def claims() -> Iterator[Claim]:
    """From the monomials to the regions, their boundaries and the end of benign overfitting."""
    for model in ("diagonal", "quadratic"):
        for text, points in (
            ("inside every region", _inside),
            ("approaching every corner of every region from inside", _near_corners),
        ):
            yield Claim(
                f"{model} network: the largest monomial has the exponent of the diagram {text}",
                Kind.EXACT,
                partial(_compare, model, points),
            )
    yield Claim(
        "the exponent is continuous across the boundaries of the over-regularised regions with one another and with "
        "what is not learned",
        Kind.EXACT,
        _continuous,
    )
    yield Claim(
        "from the over-regularised regions across the edge of the noise it jumps by the exponent of the leak minus "
        "that of the signal, where the leak is the larger",
        Kind.EXACT,
        _jumps,
    )
    q = 1 - 1 / (2 * gamma)
    benign, harmful = q * (a - 1), sp.Rational(2, 5) * (2 - a)
    yield identity(
        "across lam at the noise edge the exponent does not jump for n/d**2 -> 0 and benign a, and jumps by "
        "(2/5)(2 - a) - q (a - 1) for harmful a",
        sp.expand(harmful - benign),
        sp.expand(sp.Rational(4, 5) + q - a * (q + sp.Rational(2, 5))),
        wrong=sp.expand(sp.Rational(4, 5) - q - a * (q + sp.Rational(2, 5))),
        domain=DOMAIN | {a: (1, 2)},
    )
    (critical,) = sp.solve(sp.Eq(benign, harmful), a)
    yield arrives_at(
        "quadratic-benign-boundary",
        "signal (d/n)**(1 - 1/(2 gamma)) and noise (n/d**2)**(2/5) are equal at n = d**a_c",
        sp.factor(critical),
        wrong=(18 * gamma - 5) / (14 * gamma + 5),
        kind=Kind.NUMERICAL,
        domain=DOMAIN,
    )


def _inside(polygon: Polygon) -> list[tuple[Fraction, Fraction]]:
    """The centre of the corners."""
    return [_mean(polygon)]


def _near_corners(polygon: Polygon) -> list[tuple[Fraction, Fraction]]:
    """Points a thousandth of the way from each corner to the centre."""
    centre = _mean(polygon)
    step = Fraction(1, 1000)
    return [tuple(c + step * (m - c) for c, m in zip(corner, centre, strict=True)) for corner in polygon]  # type: ignore[misc]


def _mean(polygon: Polygon) -> tuple[Fraction, Fraction]:
    return sum(x for x, _ in polygon) / len(polygon), sum(y for _, y in polygon) / len(polygon)  # type: ignore[return-value]


def _rational(value: Fraction) -> Any:
    return sp.Rational(value.numerator, value.denominator)


def _compare(model: str, points: Any) -> Iterable[Case]:
    for steepness in GAMMAS:
        for noise in NOISES:
            diagram = PhaseDiagram(model, gamma=steepness, s=noise)
            exponents = {region.name: region.exponent for region in diagram.regions}
            stated, derived, mistaken = [], [], []
            for name, polygons in diagram.polygons(a_max=6, l_max=3, l_min="-1/2").items():
                for x, y in (point for polygon in polygons for point in points(polygon)):
                    x, y = _rational(x), _rational(y)
                    stated.append(exponents[name].subs({a: x, l: y}))
                    at = (model, _rational(steepness), _rational(noise), x, y)
                    derived.append(largest_monomial(*at))
                    mistaken.append(largest_monomial(*at, endless_signal))
            twin = sp.Matrix(mistaken)
            yield Case(sp.Matrix(stated), sp.Matrix(derived), twin, f"gamma = {steepness}, s = {noise}")


def _continuous() -> Iterable[Case]:
    smooth = ({"L0", "L1"}, {"L1", "L2"}, {"Q0", "Q1"}, {"Q1", "Q2"}, {"L2", "L*'"}, {"Q2", "Q*'"})
    for model in ("diagonal", "quadratic"):
        for steepness in GAMMAS:
            boundaries = PhaseDiagram(model, gamma=steepness).boundaries(a_max=6)
            jumps = [edge.jump for edge in boundaries if {edge.first, edge.second} in smooth]
            zero = sp.zeros(len(jumps), 1)
            yield Case(sp.Matrix(jumps), zero, sp.ones(len(jumps), 1), f"{model}, gamma = {steepness}")


def _jumps() -> Iterable[Case]:
    """At the middle of every boundary between L1 or Q1 and what lies below the noise."""
    for model in ("diagonal", "quadratic"):
        for steepness in GAMMAS:
            stated, derived = [], []
            for edge in PhaseDiagram(model, gamma=steepness).boundaries(a_max=6):
                if edge.first[1:] == "1" and edge.second[1] in "35":
                    x = _rational(edge.start[0] + edge.end[0]) / 2
                    part = signal((x - ORIGIN[model]) / 2, _rational(steepness))
                    stated.append(edge.jump.subs(a, x))
                    derived.append(min(0, leak(model, x - ORIGIN[model], 0, part) - part))
            assert any(stated)
            twin = -sp.Matrix(derived)
            yield Case(sp.Matrix(stated), sp.Matrix(derived), twin, f"{model}, gamma = {steepness}")


DERIVATION = Derivation(
    "Phase diagrams of sparse networks",
    "R is a sum of the signal's part sum_i min(v_i**2, theta**2) and of noise that leaks through the threshold; "
    "n = d**a, lam = d**(-l), Delta = d**(-s). Exponents of both are leading asymptotics of the state evolution, "
    "compared with its solution.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
