"""What the moment (companion) basis can do in float64, and where it stops (Appendix D).

The moments X^(l) = (1/L) sum_k lambda_k^l X_k determine the modes by the inverse of the Vandermonde matrix. A relative
error 2^-53 of the moments becomes an error kappa 2^-53 of the modes, with kappa = max_k L sum_l |V^-1|_kl u_l, and
kappa grows faster than exponentially with L: at about L = 10 nothing is left of a double. `solve` works in the mode
basis, where kappa is 1. This file integrates the moments as they are, for comparison, and refuses where the digits do
not suffice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from flint import arb, ctx

from symsl.erf.couplings import plain_couplings
from symsl.erf.equations_of_motion import require_order
from symsl.erf.exact_matrices import FloatArray
from symsl.erf.generalisation_error import generalisation_error
from symsl.erf.state import OrderParameters, State, require_state
from symsl.erf.times import increasing_times, positive_rate
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.precision import certify, check_digits
from symsl.spectrum import Spectrum

_ROUNDING = 2.0**-53


class MomentSolution(NamedTuple):
    """eps_g at the times alpha, and the estimated absolute error of all of them."""

    alpha: FloatArray
    eps_g: FloatArray
    error: float


def moment_condition(spectrum: Spectrum) -> float:
    """kappa = max_k L sum_l |(V^-1)_kl| u_l, by how much the moment basis amplifies relative errors.

    Computed with certified digits, in O(L^2) operations on balls; infinite where it exceeds the range of a double.
    """
    if not isinstance(spectrum, Spectrum):
        raise ParameterError(
            "moment_condition", "spectrum", spectrum, "a Spectrum (Eq. 1)", "make one with Spectrum.power_law"
        )

    def compute() -> arb:
        eigenvalues, L = spectrum.eigenvalues(), spectrum.L
        coefficients = spectrum.characteristic_polynomial().coeffs()
        u = [spectrum.moment(l) for l in range(L)]
        largest = arb(0)
        for x in eigenvalues:
            lagrange = [arb(1)] * L  # prod_{j != k} (x - lambda_j), by synthetic division
            for l in range(L - 1, 0, -1):
                lagrange[l - 1] = coefficients[l] + x * lagrange[l]
            value = arb(0)
            for coefficient in reversed(lagrange):
                value = value * x + coefficient
            total = sum((abs(c) * moment for c, moment in zip(lagrange, u, strict=True)), arb(0))
            kappa = L * total / abs(value)
            if not kappa.is_finite():
                raise InsufficientPrecisionError("an eigenvalue is not told apart from the others")
            largest = largest.max(kappa)
        return largest

    return float(certify(compute, 6, route="companion", where="moment_condition"))


def solve_in_moment_basis(
    state: State, eta: object, alpha: Sequence[float] | FloatArray, *, order: int = 1, digits: int = 4
) -> MomentSolution:
    """Eqs. 92-93 with the Cayley-Hamilton closure in float64: eps_g to `digits` digits, or a refusal.

    The equations are those of Sec. 4 with X^(L) = -sum_l c_l X^(l). Raises `ParameterError` when kappa 2^-53 (see
    `moment_condition`) leaves fewer than `digits` digits of the modes, or later of eps_g itself; `solve` has no such
    limit.
    """
    where = "solve_in_moment_basis"
    require_order(order, where)
    require_state(state, where)
    digits = check_digits(digits, where)
    times, rate = increasing_times(alpha, where), positive_rate(eta, where)
    kappa = moment_condition(state.spectrum)
    remedy = "use solve, which works in the mode basis"
    if kappa * _ROUNDING > 10.0**-digits:
        condition = f"kappa 2^-53 = {kappa * _ROUNDING:.1e} <= 1e-{digits} in float64 (Appendix D)"
        raise ParameterError(where, "L", state.L, condition, remedy)
    with ctx.workprec(200):
        moments = [[_floats(X) for X in moment] for moment in state.moments()]
        closure = -np.array([float(c) for c in state.spectrum.characteristic_polynomial().coeffs()[:-1]])
        u = np.array([float(state.spectrum.moment(l)) for l in range(state.L + 1)])
        T_next = _floats(state.order_parameters(state.L).T)
    eps_g = _integrate(moments, T_next, closure, u, float(state.paper_learning_rate(rate)), order, times)
    error = max(kappa * _ROUNDING, 1e-9) * float(state.error_factor)
    eps_g = eps_g * float(state.error_factor)
    lost = np.flatnonzero(~(eps_g > error * 10.0**digits))
    if len(lost):
        index = int(lost[0])
        raise ParameterError(
            *(where, f"alpha[{index}]", times[index]),
            f"eps_g above {error * 10.0**digits:.1e} for {digits} digits of it in float64 (Appendix D)",
            f"stop earlier, or {remedy}",
        )
    return MomentSolution(times, eps_g, error)


def _integrate(
    moments: Any, T_next: FloatArray, closure: FloatArray, u: FloatArray, eta: float, order: int, times: FloatArray
) -> FloatArray:
    """eps_g at the times, by scipy's stiff-nonstiff integrator on the L (K^2 + KM) equations."""
    from scipy.integrate import solve_ivp

    Q0, R0, T = (np.array([moment[i] for moment in moments]) for i in range(3))
    T_all = np.concatenate([T, T_next[None]])
    L, K, M = R0.shape

    def unpack(y: FloatArray) -> tuple[FloatArray, FloatArray]:
        Q, R = y[: Q0.size].reshape(L, K, K), y[Q0.size :].reshape(L, K, M)
        return tuple(np.concatenate([X, np.tensordot(closure, X, 1)[None]]) for X in (Q, R))  # type: ignore[return-value]

    def velocity(_: float, y: FloatArray) -> FloatArray:
        Q, R = unpack(y)
        c, b, noise = plain_couplings(Q[1], R[1], T_all[1], eta, order)
        half = c @ Q[1:] + b @ R[1:].swapaxes(1, 2)
        dQ = half + half.swapaxes(1, 2)
        if noise is not None:
            dQ += u[1:, None, None] * noise
        return np.concatenate([dQ.ravel(), (c @ R[1:] + b @ T_all[1:]).ravel()])

    size = np.maximum(u[:L], 1.0)
    scale = np.concatenate([np.repeat(size, K * K), np.repeat(size, K * M)])
    start = np.concatenate([Q0.ravel(), R0.ravel()])
    end = float(times[-1]) or 1.0
    solution = solve_ivp(velocity, (0.0, end), start, method="LSODA", t_eval=times, rtol=1e-10, atol=1e-13 * scale)
    if not solution.success:
        raise ParameterError("solve_in_moment_basis", "L", L, "a solvable float64 system (Appendix D)", "use solve")
    result = []
    for y in solution.y.T:
        Q, R = unpack(y)
        result.append(float(generalisation_error(OrderParameters(Q[1], R[1], T_all[1]))))
    return np.array(result)


def _floats(matrix: Any) -> FloatArray:
    return np.array([[float(x) for x in row] for row in matrix.tolist()])
