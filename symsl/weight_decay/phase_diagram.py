"""Phase diagrams of the excess risk, as exact objects: exponents, polygons, boundaries, the optimal weight decay.

With n = d**a samples, weight decay lam = d**(-l) and label noise Delta = d**(-s) the excess risk scales as d**(-rho).
rho is piecewise linear in (a, l) with coefficients that are rational in gamma (`phase_regions`).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from sympy import Expr, Integer, Rational, solve

from symsl.arguments import one_of
from symsl.errors import ParameterError, UsageError
from symsl.precision import exact
from symsl.weight_decay import phase_regions as symbolic
from symsl.weight_decay.phase_regions import ORIGIN, PEAKS, REGIONS, Region
from symsl.weight_decay.polygons import Corner, HalfPlane, Polygon, clip, rectangle, shared_edges

INTERPOLATION = "interpolation"


@dataclass(frozen=True)
class Boundary:
    """A segment between two regions, from `start` to `end` in the (a, l) plane.

    `jump` is the exponent of `second` minus that of `first` on it, as an expression in a (and l on vertical segments);
    zero where the exponent is continuous.
    """

    first: str
    second: str
    start: Corner
    end: Corner
    jump: Expr


@dataclass(frozen=True)
class Piece:
    """A stretch of a learning curve: R ~ d**(-exponent) for start < a < end, in the named region."""

    start: Fraction
    end: Fraction
    region: str
    exponent: Expr


@dataclass(frozen=True)
class OptimalPiece:
    """A stretch of the optimal weight decay lam = d**(-l), start < a < end, and the exponent it reaches.

    `any_smaller` says that every smaller weight decay reaches it too.
    """

    start: Fraction
    end: Fraction
    l: Expr
    exponent: Expr
    any_smaller: bool


@dataclass(frozen=True, init=False)
class PhaseDiagram:
    """The phase diagram of the "diagonal" or the "quadratic" network for a target i**(-gamma), noise d**(-s).

    Raises `ParameterError` unless gamma > 1/2 and s >= 0 are rational.

    >>> diagram = PhaseDiagram("quadratic", gamma=1)
    >>> diagram.exponent("3/2", 1), diagram.region("3/2", 1).name
    (1/5, 'Q3b')
    >>> diagram.a_c
    13/9
    """

    model: str
    gamma: Fraction
    s: Fraction

    def __init__(self, model: str, gamma: object, s: object = 0) -> None:
        where = "PhaseDiagram"
        one_of(model, REGIONS, "model", where)
        exponent, noise = exact(gamma, "gamma", where), exact(s, "s", where)
        if exponent <= Fraction(1, 2):
            raise ParameterError(
                where, "gamma", gamma, "gamma > 1/2 (a target of bounded norm)", "choose a steeper power law, such as 1"
            )
        if noise < 0:
            raise ParameterError(where, "s", s, "s >= 0 (noise that does not grow)", "write Delta = d**(-s)")
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "gamma", exponent)
        object.__setattr__(self, "s", noise)

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that exist at this gamma and s, their exponents and inequalities specialised to them."""
        window = self._window(Fraction(20), Fraction(20))
        every = (self._special(region) for region in REGIONS[self.model])
        return tuple(region for region in every if any(self._clip(part, window) for part in region.parts))

    def exponent(self, a: object, l: object) -> Expr:
        """rho at n = d**a, lam = d**(-l), a Rational; on the interpolation peak, its height.

        On a boundary with a jump it is the larger of the two: what a suitable constant in lam reaches.
        """
        x, y = self._point(a, l)
        peak = PEAKS[self.model]
        if x == self._value(peak.at) and y > self._value(peak.above):
            return self._at(peak.exponent, x, y)
        return max(self._at(region.exponent, x, y) for region in self._around(x, y))

    def region(self, a: object, l: object) -> Region:
        """The region around (a, l); on a boundary the one with the larger exponent."""
        x, y = self._point(a, l)
        return max(self._around(x, y), key=lambda region: self._at(region.exponent, x, y))

    def polygons(self, a_max: object = 3, l_max: object = 2, l_min: object = "-1/2") -> dict[str, tuple[Polygon, ...]]:
        """The regions in the window 0 <= a <= a_max, l_min <= l <= l_max, as convex polygons with exact corners."""
        where = "PhaseDiagram.polygons"
        right, top, bottom = exact(a_max, "a_max", where), exact(l_max, "l_max", where), exact(l_min, "l_min", where)
        if right <= 0 or top <= bottom:
            raise ParameterError(where, "a_max", a_max, "a_max > 0 and l_min < l_max", "choose a window with an inside")
        window = rectangle((Fraction(0), right), (bottom, top))
        found = {
            region.name: tuple(piece for part in region.parts if (piece := self._clip(part, window)))
            for region in map(self._special, REGIONS[self.model])
        }
        return {name: pieces for name, pieces in found.items() if pieces}

    def boundaries(self, a_max: object = 3, l_max: object = 2, l_min: object = "-1/2") -> tuple[Boundary, ...]:
        """The segments between different regions in the window, with the jump of the exponent on each."""
        polygons = self.polygons(a_max, l_max, l_min)
        exponents = {region.name: region.exponent for region in self.regions}
        found = []
        for first, second in combinations(polygons, 2):
            for one in polygons[first]:
                for other in polygons[second]:
                    for start, end in shared_edges(one, other):
                        jump = exponents[second] - exponents[first]
                        found.append(Boundary(first, second, start, end, _along(jump, start, end)))
        return tuple(found)

    @property
    def a_c(self) -> Rational:
        """Where the interpolating quadratic network turns from benign to harmful: minimum of its learning curve.

        (18 gamma - 5)/(14 gamma - 5) at s = 0; at most 2, where noise is too weak to harm before the peak.
        """
        if self.model != "quadratic":
            raise UsageError("a_c exists for the quadratic network only: the diagonal one interpolates noise at any n")
        return min(Integer(2), Rational(self._value(critical_exponent())))

    @property
    def noise_crossover(self) -> Rational:
        """a beyond which label noise limits the optimal risk: samples**(2 gamma - 1) Delta = 1 (n/d if quadratic).

        The exponent of R in the number of samples drops there from 2 gamma - 1 to 1 - 1/(2 gamma). Where this is more
        than one above the origin (0, or 1 if quadratic) noise never matters below n = number of parameters.
        """
        return ORIGIN[self.model] + Rational(self.s) / (2 * Rational(self.gamma) - 1)

    def optimal_line(self, a_max: object = 3) -> tuple[OptimalPiece, ...]:
        """The optimal weight decay and the exponent it reaches, piece by piece in a."""
        right, origin = exact(a_max, "a_max", "PhaseDiagram.optimal_line"), ORIGIN[self.model]
        samples = symbolic.a - origin
        noiseless = origin + min(Fraction(1), self.s / (2 * self.gamma - 1))
        parametric = max(origin + 2 * self.gamma - self.s, Fraction(origin + 1))
        noisy = (samples + self._rational(self.s)) / 2
        q = 1 - 1 / (2 * self._rational(self.gamma))
        pieces = (
            (Fraction(0), Fraction(origin), Integer(0), Integer(0), False),
            (
                Fraction(origin),
                noiseless,
                self._rational(self.gamma) * samples,
                (2 * self._rational(self.gamma) - 1) * samples,
                True,
            ),
            (noiseless, parametric, noisy, q * (samples + self._rational(self.s)), False),
            (parametric, right, noisy, samples + self._rational(self.s) - 1, True),
        )
        return tuple(
            OptimalPiece(start, min(end, right), line.expand(), rate.expand(), smaller)
            for start, end, line, rate, smaller in pieces
            if start < min(end, right)
        )

    def learning_curve(self, l: object = INTERPOLATION, a_max: object = 3) -> tuple[Piece, ...]:
        """The learning curve at lam = d**(-l) (or at lam -> 0, "interpolation"): the regions it crosses as a grows."""
        where = "PhaseDiagram.learning_curve"
        right = exact(a_max, "a_max", where)
        y = 2 * (right + self.s + self.gamma + 1) if l == INTERPOLATION else exact(l, "l", where)
        pieces = []
        for region in map(self._special, REGIONS[self.model]):
            for part in region.parts:
                low, high = Fraction(0), right
                for u, v, w in map(_half_plane, part):
                    rest = v * y + w
                    if u > 0:
                        low = max(low, -rest / u)
                    elif u < 0:
                        high = min(high, -rest / u)
                    elif rest <= 0:
                        high = low
                if low < high:
                    exponent = region.exponent.subs(symbolic.l, Rational(y)).expand()
                    pieces.append(Piece(low, high, region.name, exponent))
        return tuple(sorted(pieces, key=lambda piece: piece.start))

    def _point(self, a: object, l: object) -> Corner:
        x, y = exact(a, "a", "PhaseDiagram"), exact(l, "l", "PhaseDiagram")
        if x < 0:
            raise ParameterError("PhaseDiagram", "a", a, "a >= 0 (n = d**a samples)", "give log n/log d")
        return x, y

    def _around(self, x: Fraction, y: Fraction) -> list[Region]:
        """The regions whose closure holds the point (more than one on a boundary)."""
        found = []
        for region in self.regions:
            if any(all(u * x + v * y + w >= 0 for u, v, w in map(_half_plane, part)) for part in region.parts):
                found.append(region)
        return found

    def _special(self, region: Region) -> Region:
        def special(expression: Expr) -> Expr:
            return expression.subs(
                {symbolic.gamma: self._rational(self.gamma), symbolic.s: self._rational(self.s)}
            ).expand()

        parts = tuple(tuple(special(condition) for condition in part) for part in region.parts)
        return Region(region.name, region.meaning, special(region.exponent), parts)

    def _value(self, expression: Expr) -> Fraction:
        value = expression.subs({symbolic.gamma: self._rational(self.gamma), symbolic.s: self._rational(self.s)})
        return Fraction(int(value.p), int(value.q))

    def _at(self, expression: Expr, x: Fraction, y: Fraction) -> Expr:
        point = {symbolic.a: self._rational(x), symbolic.l: self._rational(y)}
        point |= {symbolic.gamma: self._rational(self.gamma), symbolic.s: self._rational(self.s)}
        return expression.subs(point)

    @staticmethod
    def _rational(value: Fraction) -> Rational:
        return Rational(value.numerator, value.denominator)

    @staticmethod
    def _window(right: Fraction, top: Fraction) -> Polygon:
        return rectangle((Fraction(0), right), (-top, top))

    @staticmethod
    def _clip(part: tuple[Expr, ...], window: Polygon) -> Polygon:
        polygon = window
        for condition in part:
            polygon = clip(polygon, _half_plane(condition))
            if not polygon:
                break
        return polygon


def critical_exponent() -> Expr:
    """a_c as an expression in gamma and s, from the equality of signal and noise leak in the regions Q3a and Q3b.

    >>> critical_exponent().subs(symbolic.s, 0)
    (18*gamma - 5)/(14*gamma - 5)
    """
    exponents = {region.name: region.exponent for region in REGIONS["quadratic"]}
    (solution,) = solve(exponents["Q3a"] - exponents["Q3b"], symbolic.a)
    return solution.together().cancel().factor()


def _half_plane(condition: Expr) -> HalfPlane:
    linear = condition.as_poly(symbolic.a, symbolic.l)
    u, v, w = (linear.coeff_monomial(m) for m in (symbolic.a, symbolic.l, 1))
    return Fraction(int(u.p), int(u.q)), Fraction(int(v.p), int(v.q)), Fraction(int(w.p), int(w.q))


def _along(expression: Expr, start: Corner, end: Corner) -> Expr:
    """The expression on the segment: in a, or in l where a is constant."""
    (x, y), (z, t) = ((PhaseDiagram._rational(u), PhaseDiagram._rational(v)) for u, v in (start, end))
    if x == z:
        return expression.subs(symbolic.a, x).expand()
    return expression.subs(symbolic.l, y + (t - y) / (z - x) * (symbolic.a - x)).expand()


__all__ = ["INTERPOLATION", "Boundary", "OptimalPiece", "PhaseDiagram", "Piece", "critical_exponent"]
