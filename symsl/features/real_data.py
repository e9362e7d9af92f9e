"""A student trained on real inputs, and the theory with the spectrum of those inputs (Fig. 3, right; Eqs. 79, 80)."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from symsl.arguments import sequence
from symsl.data_spectrum import DataSpectrum
from symsl.errors import ParameterError
from symsl.features.trainable_directions import generalisation_error
from symsl.linear.scaling import approximation
from symsl.precision import certify, certify_all
from symsl.simulation import data_inputs, simulate
from symsl.spectrum import Spectrum

Array = NDArray[np.float64]

_DIGITS = 15


@dataclass(frozen=True, eq=False)
class RealDataCurves:
    """eps_g at the times `alpha` for each number of trained directions in `N_l`; every array is (len(N_l), times).

    `simulated` and its `standard_error` come from SGD; `spectrum_theory` is Eq. 78 with the estimated eigenvalues (the
    expectation of Eq. 80), `power_law_theory` Eq. 79 with the fitted beta. Float64.
    """

    N_l: tuple[int, ...]
    alpha: Array
    simulated: Array
    standard_error: Array
    spectrum_theory: Array
    power_law_theory: Array


def real_data_curves(
    data: DataSpectrum,
    rows: ArrayLike,
    *,
    N_l: Iterable[int],
    eta: object,
    alpha: Iterable[object],
    sigma_J: object = "1/100",
    runs: int = 10,
    seed: int = 0,
    processes: int = 1,
    executor: Executor | None = None,
) -> RealDataCurves:
    """Linear SGD (K = M = 1) on examples drawn from `rows`, in the eigenbasis of `data`, against Eqs. 78 and 79.

    The weights are expressed in the eigenbasis (Eq. 80) and only the first N_l of them are trained. N, the number of
    components, is the number of directions that `data` keeps. The theory holds for small eta. Needs two runs or more.
    """
    where = "real_data_curves"
    if not isinstance(data, DataSpectrum):
        raise ParameterError(where, "data", data, "a DataSpectrum", "make it with Spectrum.from_data")
    trained, times = tuple(sequence(N_l, "N_l", where)), sequence(alpha, "alpha", where)
    inputs = data_inputs(data.coordinates(rows))
    law = Spectrum.power_law(data.spectrum.L, data.beta)
    simulated, errors, sums, integrals, recorded = [], [], [], [], np.empty(0)
    for count in trained:
        result = simulate(
            inputs,
            eta=eta,
            alpha=times,
            sigma_J=sigma_J,
            runs=runs,
            seed=seed,
            trainable=count,
            processes=processes,
            executor=executor,
        )
        simulated.append(result.mean())
        errors.append(result.standard_error())
        recorded = result.alpha
        exact_times = [Fraction(int(step), result.N) for step in result.steps]
        sums.append([_error(data.spectrum, count, eta, sigma_J, time) for time in exact_times])
        integrals.append(_integrals(law, count, eta, sigma_J, exact_times))
    return RealDataCurves(
        trained,
        recorded,
        np.array(simulated),
        np.array(errors),
        np.array(sums),
        np.array(integrals),
    )


def _error(spectrum: Spectrum, count: int, eta: object, sigma_J: object, time: Fraction) -> float:
    return float(
        certify(
            lambda: generalisation_error(spectrum, count, eta=eta, sigma_J=sigma_J, alpha=time),
            _DIGITS,
            route="direct sum",
            where="real_data_curves",
        )
    )


def _integrals(law: Spectrum, count: int, eta: object, sigma_J: object, times: list[Fraction]) -> list[float]:
    values = certify_all(
        lambda: approximation("integral", law, eta, sigma_J, times, N_l=count),
        _DIGITS,
        route="closed form",
        where="real_data_curves",
    )
    return [float(value) for value in values]


__all__ = ["RealDataCurves", "real_data_curves"]
