"""Certified solutions of the order-parameter equations (Eqs. 4, 92-94): Taylor series of balls, in either basis."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
from flint import arb, arb_mat, arb_series, ctx

from symsl.arguments import learning_rate
from symsl.erf.complex_discs import OutsideDomainError
from symsl.erf.equations_of_motion import require_order
from symsl.erf.error_box import ErrorBox, flow_derivative
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.precision_outlook import PrecisionOutlook
from symsl.erf.state import OrderParameters, State, require_state
from symsl.erf.taylor_bounds import (
    Disc,
    StepBounds,
    StepTooLongError,
    enclose_on_disc,
    largest_defect,
    largest_disc,
    step_bounds,
)
from symsl.erf.taylor_coefficients import Expansion, expand
from symsl.erf.taylor_equations import Basis, Equations
from symsl.erf.taylor_linearisation import Linearisation
from symsl.erf.upper_bounds import upper_bounds
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import Certified, ball, certify_all, check_digits, exact, series_of_length

BASES = ("modes", "moments")
"""The eigenbasis, and the paper's companion basis."""

_GROWTH_BITS = 70
"""Set aside for the growth of errors along the way in a first try."""

_LENGTH = 0.5
"""Coefficients of a series per bit: longer steps against costlier ones."""

_SMALLEST = 2.0**-40
"""Steps shorter than this part of the time scale mean that the balls are too wide."""


@dataclass(frozen=True, eq=False)
class CertifiedTrajectory:
    """Certified results at the exact times `alpha`.

    `eps_g[i]` (in the convention of `initial.output`) and `observed[i]` are `Certified`; `rows[i]` (L x d) encloses the
    unknowns Q_ij (i <= j), R_in of every mode or moment. `steps` and `bits` tell the cost of the last pass.
    """

    alpha: tuple[Fraction, ...]
    eps_g: tuple[Certified, ...]
    observed: tuple[tuple[Certified, ...], ...]
    rows: tuple[arb_mat, ...] = field(repr=False)
    basis: str
    steps: int
    bits: int
    initial: State = field(repr=False)
    eta: Fraction
    order: int

    def order_parameters(self, index: int, l: int = 1) -> OrderParameters:
        """Q^(l), R^(l), T^(l) of Eq. 3 at `alpha[index]`, as balls; in the moment basis l < L, except l = L = 1."""
        with ctx.workprec(self.bits):
            equations = _equations(self.initial, self.eta, self.order, self.basis)
            return equations.parameters(self.rows[index], l)


def solve_certified(
    state: State,
    eta: object,
    alpha: Sequence[object],
    *,
    digits: int = 20,
    order: int = 1,
    basis: str = "modes",
    observables: Callable[[OrderParameters], Sequence[arb]] | None = None,
    progress: Callable[[float, int], None] | None = None,
) -> CertifiedTrajectory:
    """Integrate Eqs. 92-93 from `state` at alpha = 0: eps_g (Eq. 94) at the times `alpha` to `digits` certain digits.

    `eta` > 0 and eps_g are in the convention `state.output`; `alpha` are exact numbers that increase, from 0 on.
    `order=1` keeps O(eta), `order=2` the eta^2 term as well (exact for N -> infinity). `basis="moments"` integrates the
    moments of Eq. 3 with the closure by the characteristic polynomial, `"modes"` the eigenspaces. `observables` maps
    Q, R, T of order 1 to further numbers that must reach as many digits. `progress(alpha, steps)` is called after each
    step of a pass.

    The result is rigorous. Each step is a Taylor polynomial with exact coefficients and a bound on what the solution
    is off from it: the rounding of each coefficient, and the remainder. Errors of earlier steps are carried along by
    the linearised flow, in a box of turning axes (modes), and grow as perturbations do; or by plain ball arithmetic
    (moments), where they grow like exp of a norm of the Jacobian times alpha: that takes bits in proportion to eta L
    alpha. Steps use the bits that a float64 solution suggests for their time (modes), which decides on cost only. The
    working precision rises until the digits are there; `PrecisionError` where it cannot, for instance because a number
    vanishes.
    """
    where = "solve_certified"
    require_order(order, where)
    require_state(state, where)
    digits = check_digits(digits, where)
    if basis not in BASES:
        raise ParameterError(where, "basis", basis, f"one of {', '.join(BASES)}", 'take basis="modes"')
    rate = learning_rate(eta, where)
    times = _times(alpha, where)
    latest: dict[str, Any] = {}

    def compute() -> list[arb]:
        equations = _equations(state, rate, order, basis)
        path = _Path(equations, outlook, boxed=basis == "modes", progress=progress)
        rows, errors = [], []
        for time in times:
            rows.append(path.reach(time))
            errors.append(path.generalisation_error() * ball(state.error_factor))
        further = [list(observables(equations.parameters(X))) for X in rows] if observables else [[] for _ in rows]
        latest.update(rows=rows, steps=path.steps, widths=[len(values) for values in further])
        return errors + [value for values in further for value in values]

    outlook = PrecisionOutlook.of(state, rate, times, order)
    first_try = math.ceil(digits * math.log2(10)) + outlook.most() + _GROWTH_BITS
    values = certify_all(compute, digits, route=basis, where=where, start_bits=first_try, max_bits=1000 + 8 * first_try)
    rest = iter(values[len(times) :])
    return CertifiedTrajectory(
        alpha=tuple(times),
        eps_g=tuple(values[: len(times)]),
        observed=tuple(tuple(next(rest) for _ in range(width)) for width in latest["widths"]),
        rows=tuple(latest["rows"]),
        basis=basis,
        steps=latest["steps"],
        bits=values[0].bits,
        initial=state,
        eta=rate,
        order=order,
    )


def _equations(state: State, rate: Fraction, order: int, basis: str) -> Equations:
    make = Basis.modes if basis == "modes" else Basis.moments
    return Equations(state, ball(state.paper_learning_rate(rate)), order, make(state))


class _Path:
    """The solution as far as it has come: `X` at time `t`, exact with an `ErrorBox` (boxed) or as balls."""

    def __init__(
        self,
        equations: Equations,
        outlook: PrecisionOutlook,
        boxed: bool,
        progress: Callable[[float, int], None] | None,
    ) -> None:
        self.equations, self.outlook, self.progress = equations, outlook, progress
        self.bits = ctx.prec
        self.t, self.steps = Fraction(0), 0
        self.X = equations.start
        self.box: ErrorBox | None = None
        if boxed:
            self.box = ErrorBox.around(upper_bounds(_radius(self.X), self.bits), self.bits)
            self.X = self.X.mid()
        self.scale, self.variation = 1.0, 0.4

    def reach(self, time: Fraction) -> arb_mat:
        """Enclosures of the unknowns at `time`."""
        while self.t < time:
            with ctx.workprec(self._bits_now()):
                self._step(time)
        if self.box is None:
            return self.X
        return _widened(self.X, self.box.hull(), self.bits)

    def generalisation_error(self) -> arb:
        """Eq. 94; for a box by the mean value theorem along its axes, since eps_g cancels where Q and R do not."""
        one = self.equations.basis.first
        value: arb = generalisation_error(self.equations.table((one * self.X).entries()))
        if self.box is None:
            return value
        around = (one * _widened(self.X, self.box.hull(), self.bits)).entries()
        L, d = self.X.nrows(), self.X.ncols()
        with series_of_length(2):
            for axis, extent in zip(self.box.axes.T, self.box.extent, strict=True):
                direction = (one * arb_mat(L, d, axis.tolist())).entries()
                along = [arb_series([x, slope], prec=2) for x, slope in zip(around, direction, strict=True)]
                slope = generalisation_error(self.equations.table(along))[1]
                value += arb(0, (slope * arb(float(extent))).abs_upper() * arb(2) ** -self.bits)
        return value

    def _bits_now(self) -> int:
        """Fewer where the outlook is better than elsewhere and errors are carried along apart from the balls."""
        return self.bits if self.box is None else self.bits - self.outlook.most() + self.outlook.at(self.t)

    def _step(self, end: Fraction) -> None:
        length = max(16, int(_LENGTH * ctx.prec))
        expansion, radius = self._expansion(float(end - self.t), length)
        distance = arb(0) if self.box is None else arb(float(np.max(self.box.hull()))) * arb(2) ** -self.bits
        disc = self._disc(expansion, radius)
        line = Linearisation(self.equations, expansion)
        defect = largest_defect(expansion, line, disc)
        target = (arb(2) ** -ctx.prec / (defect * disc.radius)) ** (arb(1) / length)
        h = float(disc.radius * target.min(arb(0.9)))
        while h > _SMALLEST:
            time = min(end, self.t + Fraction(_rounded(h)) * Fraction(self.scale))
            local = ball((time - self.t) / Fraction(self.scale))
            try:
                self._move(expansion, line, local, step_bounds(self.equations, expansion, line, disc, local, distance))
            except StepTooLongError:
                h = 0.7 * min(h, float(local))
                continue
            self.t, self.steps = time, self.steps + 1
            if self.progress is not None:
                self.progress(float(self.t), self.steps)
            return
        raise InsufficientPrecisionError("errors grow too large for the bounds of a step")

    def _expansion(self, left: float, length: int) -> tuple[Expansion, float]:
        """The expansion, in the unit of time (a power of two) near the radius in use, or past the time that is left."""
        expansion = expand(self.equations, self.X, arb(self.scale), length, max(10, length // 4))
        while True:
            radius = largest_disc(expansion, self.variation)
            factor = 2.0 ** round(math.log2(radius))
            if factor == 1 or (factor > 1 and self.scale >= left):
                return expansion, radius
            expansion, self.scale = expansion.in_unit(arb(factor)), self.scale * factor
            if self.scale < _SMALLEST:
                raise InsufficientPrecisionError("the balls are too wide for a power series")

    def _disc(self, expansion: Expansion, radius: float) -> Disc:
        while radius > _SMALLEST:
            try:
                disc = enclose_on_disc(self.equations, expansion, radius)
            except OutsideDomainError:
                radius, self.variation = 0.7 * radius, 0.8 * self.variation
                continue
            self.variation = min(1.05 * self.variation, 1.0)
            return disc
        raise InsufficientPrecisionError("the couplings are not bounded around the solution")

    def _move(self, expansion: Expansion, line: Linearisation, h: arb, bounds: StepBounds) -> None:
        flow = flow_derivative(line, float(h), bounds) if self.box is not None else None
        L, d = self.X.nrows(), self.X.ncols()
        value = expansion.X[-1]
        for coefficient in reversed(expansion.X[:-1]):
            value = value * h + coefficient
        weights = self.equations.basis.weights
        value = value + arb_mat(L, d, [arb(0, bounds.remainder * weights[l]) for l in range(L) for _ in range(d)])
        if self.box is None or flow is None:
            self.X = value
        else:
            self.box = self.box.advance(*flow, upper_bounds(_radius(value), self.bits))
            self.X = value.mid()


def _rounded(value: float) -> float:
    """`value` down to 12 binary digits, so that times stay short fractions."""
    mantissa, exponent = np.frexp(value)
    return float(np.ldexp(np.floor(mantissa * 4096) / 4096, exponent))


def _radius(matrix: arb_mat) -> arb_mat:
    return arb_mat(matrix.nrows(), matrix.ncols(), [value.rad() for value in matrix.entries()])


def _widened(matrix: arb_mat, radii: Any, bits: int) -> arb_mat:
    unit = arb(2) ** -bits
    entries = [value + arb(0, unit * float(radius)) for value, radius in zip(matrix.entries(), radii, strict=True)]
    return arb_mat(matrix.nrows(), matrix.ncols(), entries)


def _times(alpha: Any, where: str) -> list[Fraction]:
    if isinstance(alpha, (str, bytes)) or not isinstance(alpha, Iterable):
        raise ParameterError(where, "alpha", alpha, "a list of times", "write alpha=[1, 10]")
    times = [exact(value, f"alpha[{i}]", where) for i, value in enumerate(alpha)]
    if not times or times[0] < 0 or any(b <= a for a, b in pairwise(times)):
        raise ParameterError(where, "alpha", alpha, "increasing times from 0 on", "sort them and drop repeated ones")
    return times
