"""Eq. 6: the two routes against each other, the matrix exponential, and limits."""

from fractions import Fraction

import mpmath
import pytest
from flint import ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from symsl import ParameterError, PrecisionError, Spectrum
from symsl.linear import learning_curve, student_matrix
from symsl.linear.companion import coefficients, moments
from symsl.precision import ball

spectra = st.one_of(
    st.builds(Spectrum.power_law, st.integers(1, 16), st.fractions(Fraction(1, 10), 3, max_denominator=12)),
    st.lists(st.fractions(Fraction(1, 50), 5, max_denominator=60), min_size=1, max_size=10, unique=True).map(
        lambda values: Spectrum.from_eigenvalues(values, normalise=True)
    ),
)


@given(
    spectra,
    st.fractions(Fraction(1, 100), Fraction(199, 100), max_denominator=100),
    st.fractions(0, 1000, max_denominator=100),
    st.integers(5, 60),
)
def test_routes_overlap_and_are_narrow(spectrum: Spectrum, eta: Fraction, alpha: Fraction, digits: int) -> None:
    first, second = (
        learning_curve(spectrum, eta=eta, alpha=[alpha], digits=digits, route=route)[0]
        for route in ("eigenbasis", "companion")
    )
    assert first.overlaps(second)
    assert min(first.reached, second.reached) >= digits
    assert str(first)[: digits // 2] == str(second)[: digits // 2]


@pytest.mark.parametrize("eta", ["1/2", "3/2", "19/10"])
@pytest.mark.parametrize(("L", "beta"), [(1, 1), (2, "1/2"), (5, 1), (9, "1/3")])
def test_against_the_matrix_exponential(L: int, beta: object, eta: str) -> None:
    """eps_g = [exp(A_3 alpha) W(0)]_1 / 2, by mpmath's expm in the companion basis."""
    spectrum, rate, sigma, times = Spectrum.power_law(L, beta), Fraction(eta), Fraction(1, 10), [0, 1, 7]
    with mpmath.workdps(60), ctx.workdps(60):
        c, u = coefficients(spectrum), moments(spectrum)
        rows = student_matrix(c, u, ball(rate))
        to_mpf = lambda value: mpmath.mpf((ball(Fraction(0)) + value).mid().str(60, radius=False))  # noqa: E731
        a3 = mpmath.matrix([[to_mpf(entry) for entry in row] for row in rows])
        start = mpmath.matrix([to_mpf(value) for value in u[:L]]) * (1 + mpmath.mpf(1) / 100)
        order_one = [-to_mpf(c[0])] if L == 1 else [0, 1, *[0] * (L - 2)]
        expected = []
        for time in times:
            w = mpmath.expm(a3 * time) * start
            expected.append(sum(s * x for s, x in zip(order_one, w, strict=True)) / 2)
        ours = learning_curve(spectrum, eta=rate, sigma_J=sigma, alpha=times, digits=40)
        for value, reference in zip(ours, expected, strict=True):
            assert abs(value.mpf() / reference - 1) < mpmath.mpf(10) ** -38


def test_start_value_is_exact() -> None:
    """eps_g(0) = (1 + sigma_J^2)/2 for u_1 = 1, whatever eta."""
    for eta in ("1/1000", "1", "199/100"):
        value = learning_curve(Spectrum.power_law(20, "1/2"), eta=eta, sigma_J="1/10", alpha=[0], digits=30)[0]
        with ctx.workprec(1000):
            assert value.ball.contains(ball(Fraction(101, 200)))


def test_small_learning_rate_is_equation_8() -> None:
    spectrum, alpha = Spectrum.power_law(12, 1), 3
    with ctx.workprec(300):
        lam = spectrum.eigenvalues()
    errors = []
    for n in (10, 20, 40):
        eta = Fraction(1, 10**n)
        value = learning_curve(spectrum, eta=eta, sigma_J=1, alpha=[alpha / eta], digits=60)[0]
        with ctx.workprec(300):
            errors.append(float(abs(value.ball - sum(x * (-2 * alpha * x).exp() for x in lam) / 12).mid()))
    assert errors[0] < 1e-9
    assert errors[1] < 1e-19
    assert errors[2] < 1e-39


def test_the_isotropic_network() -> None:
    """L = 1: eps_g = (1+sigma_J^2)/2 exp(-(2 eta - eta^2) alpha)."""
    for route in ("eigenbasis", "companion"):
        value = learning_curve(Spectrum.power_law(1, 1), eta="1/2", sigma_J=1, alpha=[4], digits=40, route=route)[0]
        with mpmath.workdps(50):
            assert abs(value.mpf() - mpmath.exp(-3)) < mpmath.mpf(10) ** -39


def test_at_and_beyond_the_critical_learning_rate() -> None:
    spectrum = Spectrum.power_law(5, 1)
    for eta in (2, "21/10"):
        with pytest.raises(ParameterError, match=r"eta < 2/u_1.*no longer decays.*unstable"):
            learning_curve(spectrum, eta=eta, alpha=[1])
    constant = learning_curve(spectrum, eta=2, sigma_J=1, alpha=[0, 1, 10**6], digits=20, unstable=True)
    assert all(value.ball.overlaps(constant[0].ball) for value in constant)  # (u_0, ..., u_{L-1}) is the null vector
    growing = learning_curve(spectrum, eta=3, alpha=[0, 1, 10], digits=20, unstable=True)
    assert float(growing[0]) < float(growing[1]) < float(growing[2])
    other = learning_curve(spectrum, eta=3, alpha=[10], digits=20, unstable=True, route="companion")
    assert growing[2].overlaps(other[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eta": 0}, r"eta > 0 \(Eq. 3\)"),
        ({"eta": "-1/2"}, r"eta > 0"),
        ({"eta": "x"}, "eta = 'x'"),
        ({"alpha": [-1]}, "alpha >= 0"),
        ({"digits": 0}, "digits"),
        ({"route": "magic"}, "eigenbasis, companion"),
    ],
)
def test_bad_input(change: dict[str, object], message: str) -> None:
    arguments: dict[str, object] = {"eta": "1/2", "alpha": [1], "digits": 10} | change
    with pytest.raises(ParameterError, match=message):
        learning_curve(Spectrum.power_law(3, 1), **arguments)  # type: ignore[arg-type]


def test_the_companion_route_says_how_far_it_got() -> None:
    with pytest.raises(PrecisionError, match="max_bits"):
        learning_curve(Spectrum.power_law(40, 1), eta="1/2", alpha=[1], digits=30, route="companion", max_bits=300)


@pytest.mark.slow
@settings(max_examples=5)
@given(st.integers(40, 64), st.sampled_from(["1/2", "1", "2"]))
def test_routes_overlap_up_to_sixty_four(L: int, beta: str) -> None:
    spectrum = Spectrum.power_law(L, beta)
    first, second = (
        learning_curve(spectrum, eta="1/2", alpha=[1, 100], digits=50, route=route)
        for route in ("eigenbasis", "companion")
    )
    assert all(a.overlaps(b) and min(a.reached, b.reached) >= 50 for a, b in zip(first, second, strict=True))
