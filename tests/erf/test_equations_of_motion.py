"""The order-parameter equations: both bases, the fast couplings, and gradient descent itself tell the same."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx

from symsl.erf.couplings import deviation_couplings, plain_couplings
from symsl.erf.equations_of_motion import velocity_of_modes, velocity_of_moments
from symsl.erf.state import OrderParameters, State
from symsl.errors import ParameterError
from symsl.precision import ball
from symsl.spectrum import Spectrum

ETA = Fraction(7, 10)


def make_state(K: int, M: int, L: int, seed: int = 1) -> State:
    return State.random(Spectrum.power_law(L, "1/2"), K=K, M=M, N=8 * L, seed=seed, sigma_J="1/2")


def ball_modes(state: State) -> list[OrderParameters]:
    return [
        OrderParameters(*(np.array([[ball_of(x) for x in row] for row in X.tolist()], dtype=object) for X in mode))
        for mode in (state.mode(k) for k in range(1, state.L + 1))
    ]


def ball_of(x) -> arb:
    return ball(Fraction(int(x.p), int(x.q)))


@pytest.mark.parametrize(("K", "M"), [(1, 1), (2, 2), (3, 2), (2, 3)])
@pytest.mark.parametrize("order", [1, 2])
def test_both_bases_agree(K: int, M: int, order: int) -> None:
    """The velocity of a moment is the moment of the velocities of the modes, as balls."""
    state = make_state(K, M, 4)
    with ctx.workprec(300):
        eigenvalues = state.spectrum.eigenvalues()
        by_mode = velocity_of_modes(ball_modes(state), eigenvalues, ball(ETA), order=order)
        coefficients = state.spectrum.characteristic_polynomial().coeffs()[:-1]
        u = [state.spectrum.moment(l) for l in range(1, 5)]
        by_moment = velocity_of_moments(state.moments(), coefficients, u, ball(ETA), order=order)
        for l in range(4):
            for name in ("Q", "R"):
                direct = getattr(by_moment[l], name)
                for index in np.ndindex(direct.shape):
                    summed = sum(
                        (
                            x**l * getattr(velocity, name)[index]
                            for x, velocity in zip(eigenvalues, by_mode, strict=True)
                        ),
                        arb(0),
                    )
                    assert direct[index].overlaps(summed / 4)
                    assert direct[index].rel_accuracy_bits() > 200


@pytest.mark.parametrize(("K", "M"), [(1, 1), (2, 2), (3, 2), (2, 4)])
@pytest.mark.parametrize("order", [1, 2])
def test_fast_couplings_give_the_literal_velocities(K: int, M: int, order: int) -> None:
    state = make_state(K, M, 3)
    with ctx.workprec(150):
        eigenvalues = state.spectrum.eigenvalues()
        literal = velocity_of_modes(ball_modes(state), eigenvalues, ball(ETA), order=order)
        one = OrderParameters(
            *(np.array([[float(x) for x in row] for row in X.tolist()]) for X in state.order_parameters(1))
        )
    c, b, noise = plain_couplings(one.Q, one.R, one.T, float(ETA), order)
    modes = state.float_modes()
    for k in range(3):
        x = float(eigenvalues[k])
        half = x * (c @ modes.Q[k] + b @ modes.R[k].T)
        dQ = half + half.T + (0 if noise is None else x * noise)
        dR = x * (c @ modes.R[k] + b @ modes.T[k])
        assert dQ == pytest.approx(literal[k].Q.astype(float), rel=1e-11)
        assert dR == pytest.approx(literal[k].R.astype(float), rel=1e-11)


@pytest.mark.parametrize("distance", ["1", "1e-4", "1e-20", "1e-150"])
@pytest.mark.parametrize("M", [1, 2, 3])
def test_deviation_couplings_do_not_cancel(high_precision_gram, M: int, distance: str) -> None:
    """dw/dalpha and dr/dalpha, relative to the literal equations in 700 digits."""
    with mpmath.workdps(700):
        exact, (w, r, T) = high_precision_gram(M, distance, 3)
        first, second = (
            velocity_of_modes([exact], [mpmath.mpf(1)], mpmath.mpf("0.7"), order=order)[0] for order in (1, 2)
        )
        dw, dr = second.Q - second.R - second.R.T, second.R
        noise = second.Q - first.Q
    c, e, n = deviation_couplings(w, r, T, 0.7, 2)
    half = c @ w + e @ r.T
    for fast, literal in ((half + half.T + n, dw), (c @ r + e @ T, dr), (n, noise)):
        for index in np.ndindex(fast.shape):
            assert abs(fast[index] / literal[index] - 1) < 1e-12


def test_symbolic_velocity_is_the_displayed_equation_93() -> None:
    """K = M = 1, O(eta): dR/da = (2 eta/pi) [ (T(1+Q) - R^2)/((1+Q) sqrt(L_R)) - R/((1+Q) sqrt(1+2Q)) ]."""
    Q, R, T, eta = sp.symbols("Q R T eta", positive=True)
    state = OrderParameters(*(np.array([[x]], dtype=object) for x in (Q, R, T)))
    velocity = velocity_of_modes([state], [sp.Integer(1)], eta)[0].R[0, 0].subs((1 + Q) ** 2 - Q**2, 1 + 2 * Q)
    root = sp.sqrt((1 + Q) * (1 + T) - R**2)
    displayed = (
        2
        * eta
        / sp.pi
        * ((T * (1 + Q) - R**2) / ((1 + Q) * root) - (R * (1 + Q) - R * Q) / ((1 + Q) * sp.sqrt(1 + 2 * Q)))
    )
    assert sp.simplify(velocity - displayed) == 0


def test_gradient_descent_moves_the_order_parameters_at_this_velocity() -> None:
    """One step of SGD from the same weights, averaged over many examples (Eq. 3 against Eq. 4, both orders in eta)."""
    from scipy.special import erf

    K, M, L, N, eta = 2, 3, 2, 400, 0.7
    state = State.random(Spectrum.power_law(L, 1), K=K, M=M, N=N, seed=2, sigma_J=1)
    J, B = state.weights()
    generator = np.random.default_rng(3)
    scale = np.sqrt(np.repeat([float(x) for x in state.spectrum.rational_eigenvalues()], N // L))
    samples = []
    for _ in range(40):
        xi = generator.normal(size=(2000, N)) * scale
        x, y = xi @ J.T / np.sqrt(N), xi @ B.T / np.sqrt(N)
        error = np.sqrt(M) / K * erf(x / np.sqrt(2)).sum(1) - erf(y / np.sqrt(2)).sum(1) / np.sqrt(M)
        push = -eta * np.sqrt(M) / K * error[:, None] * np.sqrt(2 / np.pi) * np.exp(-x * x / 2)
        first = xi[:, : N // L]  # mode 1
        x1, y1 = first @ J[:, : N // L].T, first @ B[:, : N // L].T
        factor = L / np.sqrt(N)
        dR = factor * np.einsum("si,sn->in", push, y1) / len(xi)
        dQ = factor * np.einsum("si,sj->ij", push, x1) / len(xi)
        dQ = dQ + dQ.T + L * np.einsum("si,sj,s->ij", push, push, (first**2).sum(1)) / len(xi) / N
        samples.append(np.concatenate([dQ.ravel(), dR.ravel()]))
    measured, spread = np.mean(samples, axis=0), np.std(samples, axis=0) / np.sqrt(len(samples) - 1)
    with ctx.workprec(100):
        literal = velocity_of_modes(ball_modes(state), state.spectrum.eigenvalues(), ball(ETA), order=2)[0]
    expected = np.concatenate([literal.Q.astype(float).ravel(), literal.R.astype(float).ravel()])
    assert np.all(np.abs(measured - expected) < 4.5 * spread + 0.01 * np.abs(expected))
    assert np.max(spread) < 0.02 * np.max(np.abs(expected))


def test_wrong_order_is_refused() -> None:
    state = make_state(1, 1, 1)
    with pytest.raises(ParameterError, match="order 1 or 2"):
        velocity_of_modes(ball_modes(state), [arb(1)], arb(1), order=3)
