"""What is not known of a solution, carried from step to step: a box in axes that turn with the flow."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from flint import arb, arb_series, ctx

from symsl.erf.exact_matrices import FloatArray
from symsl.erf.taylor_bounds import StepBounds, StepTooLongError
from symsl.erf.taylor_linearisation import Linearisation
from symsl.erf.upper_bounds import BITS, UP, row_sum, upper
from symsl.errors import InsufficientPrecisionError
from symsl.precision import series_of_length

_MOST_PARTS = 200
"""Of a step, for the derivative of the flow."""


@dataclass(frozen=True)
class ErrorBox:
    """The true solution minus the computed one lies in {`axes` c: |c_i| <= `extent_i` * 2^-bits}, axes near orthogonal.

    Doubles throughout, all bounds enlarged by more than their rounding errors.
    """

    axes: FloatArray
    extent: FloatArray
    bits: int

    @classmethod
    def around(cls, radii: FloatArray, bits: int) -> ErrorBox:
        """The box of the given radii, in units of 2^-bits."""
        return cls(np.eye(len(radii)), radii, bits)

    def hull(self) -> FloatArray:
        """Bounds on the components, in units of 2^-bits."""
        bound: FloatArray = np.abs(self.axes) @ self.extent * UP
        return bound

    def advance(self, flow: FloatArray, flow_error: float, local: FloatArray) -> ErrorBox:
        """The box after a step: the derivative of the flow is `flow` up to `flow_error` in the maximum norm.

        New axes are those of the columns that matter most (QR of the scaled image, largest first).
        """
        n, u = len(local), 2.0**-52
        image = flow @ self.axes
        scaled = image * (self.extent / (np.max(self.extent) or 1.0))
        order = np.argsort(-np.linalg.norm(scaled, axis=0))
        axes = np.linalg.qr(scaled[:, order])[0]
        back = np.abs(axes.T)
        rounding = 4 * n * u * (np.abs(flow) @ np.abs(self.axes))
        product = np.abs(axes.T @ image) + back @ (rounding + 4 * n * u * np.abs(image))
        rest = local + flow_error * np.max(self.hull())
        extent = (product @ self.extent + back @ rest) * UP
        gap = np.max(np.sum(np.abs(axes.T @ axes - np.eye(n)), axis=1)) + 8 * n * n * u
        if not (gap < 0.01 and np.all(np.isfinite(extent))):
            raise InsufficientPrecisionError("the error box is not finite")
        return ErrorBox(axes, (extent + 2 * gap * np.max(extent)) * UP, self.bits)


def flow_derivative(line: Linearisation, h: float, bounds: StepBounds) -> tuple[FloatArray, float]:
    """The derivative of x(h) with respect to x(0), in double precision, and a bound on its error (maximum norm).

    V' = J V is solved over equal parts of the step, short enough for power series without cancellation, in the
    coordinates in which the solution hardly grows; the parts are multiplied. Raises `StepTooLongError` where the error
    is too large.
    """
    there = line.coordinates
    n, q = len(line.J[0]), len(line.J)
    powers = h ** np.arange(1.0, q + 1)
    wide = np.stack(there.J).reshape(q, -1) * powers[:, None]
    size = np.array([row_sum(np.abs(J)) for J in there.J]) * powers * UP
    parts = max(1, math.ceil(0.25 * np.sum(size)))
    if not parts <= _MOST_PARTS:
        raise StepTooLongError
    binomials = np.array([[math.comb(j, i) for j in range(q)] for i in range(q)], dtype=float)
    exponents = np.subtract.outer(np.arange(q), np.arange(q)).T.clip(0)
    rounding, total, error = 2 * n * 2.0**-51, np.eye(n), 0.0
    for part in range(parts):
        weights = binomials * (part / parts) ** exponents * float(parts) ** -np.arange(1.0, q + 1)[:, None]
        inexact = weights @ ((q + 8) * 2.0**-50 * size + np.array(there.inexact) * powers) * UP
        left_out = np.cumsum((weights @ size + inexact)[::-1])[::-1] * UP
        kept = max(1, int(np.sum(left_out > 2.0**-60)))
        inexact[0] += left_out[kept] if kept < q else 0.0
        V, wrong = _flow_of_part((weights[:kept] @ wide).reshape(kept, n, n), inexact[:kept])
        norm, before = row_sum(np.abs(V)) * UP, row_sum(np.abs(total)) * UP
        error = ((norm + wrong) * error + (wrong + rounding * norm) * before) * UP
        total = V @ total
    flow = (there.P @ total @ there.W).real
    error = there.condition * (2 * error + (3 * there.gap + 4 * rounding) * row_sum(np.abs(total))) * UP
    with ctx.workprec(BITS):
        error += upper(bounds.amplification * line.condition * bounds.unknown)
    if not error < 0.1:
        raise StepTooLongError
    return flow, error


def _flow_of_part(J: FloatArray, inexact: FloatArray) -> tuple[FloatArray, float]:
    """V(1) for V' = sum_i J_i s^i V, V(0) = 1, and a bound on its error; J_i is wrong by `inexact[i]` at most.

    The terms left out and the rounding are majorised: V is bounded, coefficient by coefficient, by exp of the integral
    of the norm of J.
    """
    q, n = len(J), len(J[0])
    wide, terms = np.concatenate(list(J), axis=1), 0
    V, total, stack = np.eye(n), np.eye(n), np.eye(n)
    while terms < q + 40 and (terms < q or np.max(np.abs(V)) > 2.0**-60):
        terms += 1
        V = wide[:, : len(stack)] @ stack / terms
        total = total + V
        stack = np.concatenate([V, stack])[: n * q]
    with ctx.workprec(BITS):
        uncertain = 2.0**-50 * (n * q + 4 * n + 4 * q + 40 + terms)
        sizes = [row_sum(np.abs(one)) + float(extra) for one, extra in zip(J, inexact, strict=True)]
        integral = [arb(size * UP) / (i + 1) for i, size in enumerate(sizes)]
        with series_of_length(terms + 1):
            majorant = arb_series([0, *integral], prec=terms + 1).exp()
        known = sum(majorant.coeffs(), arb(0))
        wrong = sum((arb(float(extra)) * UP / (i + 1) for i, extra in enumerate(inexact)), arb(0))
        all_of_it = (sum(integral, arb(0)) * (1 + uncertain) + wrong).exp() * (1 + uncertain)
        return total, upper(all_of_it - known)
