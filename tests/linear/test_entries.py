"""Single entries: the two routes on random spectra, exact zeros, and bad input."""

from fractions import Fraction

import pytest
from flint import ctx
from hypothesis import given
from hypothesis import strategies as st

from symsl import ParameterError, PrecisionError, Spectrum, equation
from symsl.linear.companion import coefficients, moments, order_parameter_matrix
from symsl.linear.entries import order_parameter_entry, student_inverse_vector, student_inverse_vector_by_modes
from symsl.linear.secular import rates

spectra = st.builds(Spectrum.power_law, st.integers(2, 7), st.fractions(Fraction(1, 4), 2, max_denominator=6))
rates_of_learning = st.fractions(Fraction(1, 20), Fraction(19, 10), max_denominator=20)


@given(spectra, st.sampled_from(["27", "40"]), st.data())
def test_matrix_entries_by_both_routes(spectrum, number, data):
    row, column = (spectrum.L - 1 if number == "27" else 0), data.draw(st.integers(0, spectrum.L - 1))
    first, second = (
        equation(number).evaluate(spectrum=spectrum, row=row, column=column, digits=20, route=route)
        for route in ("companion", "eigenbasis")
    )
    assert first.overlaps(second)
    assert min(first.reached, second.reached) >= 20


@given(spectra, rates_of_learning, st.data())
def test_inverse_eigenvector_matrix_by_both_routes(spectrum, eta, data):
    k, l = data.draw(st.integers(1, spectrum.L)), data.draw(st.integers(0, spectrum.L - 1))
    with ctx.workprec(600):
        first = student_inverse_vector(spectrum, eta, k, l)
        second = student_inverse_vector_by_modes(spectrum, eta, k, l)
    assert first.is_finite()
    assert first.overlaps(second)
    assert min(first.rel_accuracy_bits(), second.rel_accuracy_bits()) > 200


@given(spectra, rates_of_learning)
def test_trace_of_the_whole_matrix_is_minus_the_sum_of_its_rates(spectrum, eta):
    """tr = -eta sum_k lambda_k - sum_k a_k; the rates come from the secular equation."""
    with ctx.workprec(300):
        trace = sum(order_parameter_entry(spectrum, eta, i, i) for i in range(2 * spectrum.L))
        expected = -sum(2 * rate.y for rate in rates(spectrum, eta)) - spectrum.L
        assert (trace / order_parameter_matrix_rate(eta)).overlaps(expected)
        assert trace.rel_accuracy_bits() > 200
    assert len(order_parameter_matrix(coefficients(spectrum), moments(spectrum), 1)) == 2 * spectrum.L


def order_parameter_matrix_rate(eta):
    from symsl.precision import ball

    return ball(eta)


def test_an_exact_zero_has_no_digit_by_modes():
    assert str(equation("27").evaluate(L=4, beta=1, row=0, column=0)) == "0"
    with pytest.raises(PrecisionError, match="contains 0"):
        equation("27").evaluate(L=4, beta=1, row=0, column=0, route="eigenbasis", max_bits=400)


@pytest.mark.parametrize(
    ("number", "given", "message"),
    [
        ("1", {"k": 5}, r"1 <= k <= L = 4 \(Eq. 1\)"),
        ("1", {"k": 0}, "k >= 1"),
        ("27", {"row": 4, "column": 0}, "0 <= row <= 3"),
        ("26", {"row": 0, "column": 8, "eta": 1}, "0 <= column <= 7"),
        ("40", {"row": 0, "column": -1}, "0 <= column <= 3"),
        ("44", {"row": 0, "column": 0, "eta": 2}, "2/u_1"),
        ("44", {"row": 0, "column": 0, "eta": 0}, "eta > 0"),
        ("33", {"k": 1, "l": 4}, "0 <= l <= 3"),
        ("55", {"j": 5, "eta": 1}, "0 <= j <= 4"),
        ("57", {"k": 5, "l": 0, "eta": 1}, "0 <= k - 1 <= 3"),
        ("6", {"eta": 2, "alpha": 1}, "eta < 2/u_1"),
        ("6", {"eta": -1, "alpha": 1}, "eta > 0"),
        ("8", {"eta": 1, "alpha": -1}, "alpha >= 0"),
        ("10", {"eta": 1, "alpha": 1, "N_l": 5}, "N_l"),
        ("71", {"N_l": 0}, "N_l >= 1"),
        ("88", {"N": 6, "N_l": 1}, "multiple of L"),
    ],
)
def test_bad_input_is_named(number, given, message):
    with pytest.raises(ParameterError, match=message):
        equation(number).evaluate(L=4, beta=1, **given)


def test_beyond_the_critical_learning_rate_on_request():
    """eta = 2.5: the last rate is negative, the error grows."""
    early, late = equation("6").evaluate(L=4, beta=1, eta="5/2", alpha=[1, 50], unstable=1, digits=20)
    assert late.ball > early.ball


def test_one_eigenvalue_of_many():
    found = equation("1").evaluate(L="10^12", beta="1/2", k="10^12", digits=30)
    largest = equation("1").evaluate(L="10^12", beta="1/2", k=1, digits=30)
    with ctx.workprec(200):
        assert (largest.ball / found.ball).overlaps(ctx_power())


def ctx_power():
    from flint import arb

    return arb(10) ** 18


def test_check_values_of_the_theory():
    """L = 1000, beta = 1/2, eta = sigma_J = 1/100: the sum and its integral approximation, at two times."""
    given = {"L": 1000, "beta": "1/2", "eta": "1/100", "sigma_J": "1/100"}
    for alpha, exact_sum, integral in (
        (10, "0.0694404417301709", "0.069437348695258"),
        (1000, "0.00594498777578141", "0.00594256810345215"),
    ):
        for route in ("sum", "asymptotic"):
            assert str(equation("8").evaluate(**given, alpha=alpha, route=route)) == exact_sum
        assert str(equation("9").evaluate(**given, alpha=alpha, digits=len(integral.lstrip("0.")))) == integral
