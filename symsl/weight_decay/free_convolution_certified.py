"""The contour integrals of `free_convolution` with certified error bounds, for targets with few eigenvalues.

The end point w_th is enclosed by an interval Newton step (complex inside the bulk, real outside it); the integrals run
along three straight segments in the upper half plane by Arb's rigorous integrator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flint import acb, arb, ctx

from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import ball
from symsl.weight_decay.certified_channel import CertifiedSums
from symsl.weight_decay.free_convolution import edge_point
from symsl.weight_decay.problem import Problem

MAX_DIMENSION = 300


def free_convolution_sums(problem: Problem, signed: bool) -> CertifiedSums:
    """R/nu**2 and dof as functions of (nu, t) at the working precision."""
    d = problem.target.d
    if d > MAX_DIMENSION:
        raise ParameterError(
            problem.where,
            "d",
            d,
            f"d <= {MAX_DIMENSION} for certified contour integrals",
            'use method="spiked", or quadratic_float64',
        )

    def both_sides(part: Callable[[list[arb], arb, arb], arb], nu: arb, t: arb) -> arb:
        values = problem.target.coefficients()
        total = part(values, nu, t * nu)
        if signed:
            total += part([-value for value in values], nu, t * nu)
        return total

    def risk(nu: arb, t: arb) -> arb:
        total = both_sides(shrinkage_risk, nu, t)
        return (total - problem.target.squared_norm() if signed else total) / (nu * nu)

    def no_slope(nu: arb, t: arb) -> arb:
        raise InsufficientPrecisionError(f"no closed form of dR/dt at nu = {nu}, t = {t}")

    return CertifiedSums(
        lambda: ball(2 * problem.n / d),
        risk,
        lambda nu, t: both_sides(shrinkage_dof, nu, t),
        no_slope,
    )


def shrinkage_risk(values: list[arb], nu: arb, theta: arb) -> arb:
    """R(nu, theta) for the positive part, eigenvalues `values`."""
    d, square = len(values), nu * nu
    end, inside = _edge(values, nu, theta)
    g_end = _resolvent(values, end)[0]

    def integrand(w: acb, _: bool) -> acb:
        g, slope = _resolvent(values, w)
        gap = theta - square * g
        return g * gap * gap * (1 + square * slope) + square * w * g * g

    trace = sum(values, arb(0))
    ends = d * end * end / 2 + trace * end + d * square / 2 * end * end * g_end * g_end
    undetected = sum((value * value * _undetected(end, value, inside) for value in values), arb(0))
    return undetected - ends.imag / arb.pi() + d / arb.pi() * _contour(integrand, values, nu, end)


def shrinkage_dof(values: list[arb], nu: arb, theta: arb) -> arb:
    """dof(nu, theta) for the positive part, eigenvalues `values`."""
    d, square = len(values), nu * nu
    end, _ = _edge(values, nu, theta)

    def integrand(w: acb, _: bool) -> acb:
        g, slope = _resolvent(values, w)
        return (w + square * g - theta) * g * g * (1 + square * slope)

    return d * d / (2 * arb.pi()) * _contour(integrand, values, nu, end)


def _resolvent(values: list[arb], w: acb) -> tuple[acb, acb]:
    """G0(w) and its derivative."""
    g, slope = acb(0), acb(0)
    for value in values:
        term = 1 / (w - value)
        g += term
        slope -= term * term
    return g / len(values), slope / len(values)


def _undetected(end: acb, value: arb, inside: bool) -> arb:
    """1 - arg(w_th - s)/pi."""
    if inside:
        return 1 - arb.atan2(end.imag, end.real - value) / arb.pi()
    if end.real > value:
        return arb(1)
    if end.real < value:
        return arb(0)
    raise InsufficientPrecisionError("the end of the contour is not separated from an eigenvalue")


def _contour(integrand: Callable[[acb, bool], acb], values: list[arb], nu: arb, end: acb) -> arb:
    """Im of the integral from w_R over the upper half plane to w_th."""
    largest = max(float(value.upper()) for value in values)
    right = acb(max(largest, float(end.real.mid())) + 2 * float(nu.mid()))
    height = arb(float((right.real - end.real).mid()) + float(end.imag.mid()))
    corner, top = acb(right.real, height), acb(end.real, height)
    tolerance = arb(2) ** (-ctx.prec)
    total = acb(0)
    for start, stop in ((right, corner), (corner, top), (top, end)):
        piece = acb.integral(integrand, start, stop, rel_tol=tolerance, abs_tol=tolerance)
        if not piece.is_finite():
            raise InsufficientPrecisionError("the contour integral did not converge")
        total += piece
    return total.imag


def _edge(values: list[arb], nu: arb, theta: arb) -> tuple[acb, bool]:
    """w_th enclosed, and whether it lies off the real axis (theta inside the spectrum)."""
    floats = np.array([float(value.mid()) for value in values])
    guess = edge_point(floats, np.ones(len(values)), float(nu.mid()), float(theta.mid()))
    square = nu * nu
    inside = guess.imag > 1e-9 * float(nu.mid())
    w = acb(guess.real, guess.imag) if inside else acb(guess.real)
    for _ in range(2 + ctx.prec.bit_length()):  # Newton steps, each doubling the digits
        g, slope = _resolvent(values, w)
        w = (w - (w + square * g - theta) / (1 + square * slope)).mid()
    g, slope = _resolvent(values, w)
    step = (w + square * g - theta) / (1 + square * slope)
    radius = 4 * (abs(step).upper() + abs(w).upper() * arb(2) ** (4 - ctx.prec))
    for _ in range(8):
        box = acb(w.real + arb(0, radius.upper()), w.imag + (arb(0, radius.upper()) if inside else 0))
        derivative = 1 + square * _resolvent(values, box)[1]
        image = w - (w + square * g - theta) / derivative
        if image.is_finite() and box.contains(image):
            if inside and not image.imag > 0:
                break
            if not inside and not derivative.real > 0:
                break  # the real solution must be the one outside the bulk
            return image if inside else acb(image.real), inside
        radius *= 8
    raise InsufficientPrecisionError("the threshold is too close to an edge of the spectrum")


__all__ = ["MAX_DIMENSION", "free_convolution_sums", "shrinkage_dof", "shrinkage_risk"]
