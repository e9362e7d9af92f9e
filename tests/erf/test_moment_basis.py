"""Appendix D: where float64 carries the moment basis it agrees with the modes, and elsewhere it is refused."""

from __future__ import annotations

import numpy as np
import pytest
from flint import arb_mat, ctx

from symsl.erf.moment_basis import moment_condition, solve_in_moment_basis
from symsl.erf.solve import solve
from symsl.erf.state import State
from symsl.errors import ParameterError
from symsl.spectrum import Spectrum


@pytest.mark.parametrize("L", [1, 2, 5])
def test_condition_against_a_dense_inverse(L: int) -> None:
    spectrum = Spectrum.power_law(L, "1/2")
    with ctx.workprec(500):
        eigenvalues = spectrum.eigenvalues()
        inverse = arb_mat(L, L, [x**l for l in range(L) for x in eigenvalues]).inv()
        rows = [sum(abs(inverse[k, l]) * spectrum.moment(l) for l in range(L)) * L for k in range(L)]
        expected = max(float(row) for row in rows)
    assert moment_condition(spectrum) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("L", "order"), [(1, 2), (2, 1), (4, 2), (8, 1)])
def test_agrees_with_the_modes_where_double_suffices(L: int, order: int) -> None:
    state = State.random(Spectrum.power_law(L, 1), K=2, M=2, N=256, seed=1)
    alpha = np.logspace(-1, 2, 7)
    solution = solve_in_moment_basis(state, "1/10", alpha, order=order)
    modes = solve(state, "1/10", alpha, order=order, rtol=1e-9)
    assert np.all(np.abs(solution.eps_g - modes.eps_g) < 10 * solution.error)
    assert solution.error < 1e-6


@pytest.mark.parametrize(("L", "beta"), [(12, "1/2"), (16, 1), (10, 1), (256, "1/2")])
def test_refused_where_it_does_not(L: int, beta: object) -> None:
    """At L = 16, beta = 1 a double-precision hierarchy returns 0.456 for 6.2e-4 with a status of success."""
    state = State.average(Spectrum.power_law(L, beta), K=2, M=2)
    with pytest.raises(ParameterError, match=r"Appendix D.*mode basis"):
        solve_in_moment_basis(state, "1/10", [1.0])


def test_refused_where_eps_g_has_become_too_small() -> None:
    state = State.random(Spectrum.power_law(2, 1), K=1, M=1, N=64, seed=1)
    assert solve_in_moment_basis(state, 1, [1.0, 5.0]).eps_g[1] > 1e-4
    with pytest.raises(ParameterError, match=r"alpha\[2\] = 200.*stop earlier"):
        solve_in_moment_basis(state, 1, [1.0, 5.0, 200.0])
