"""The learning curve of one given pair J, B at any learning rate: linear activation, exact in eta, by two routes.

With W_j the squared distance of the pair in eigenspace j (`mode_distances`), the hierarchy is dW/dalpha = A W with the
symmetric A = -2 eta Lambda + (eta^2/L) lambda lambda^T in the eigenbasis, and dW/dalpha = A_3 W for the moments
W^(l) = (1/L) sum_j lambda_j^l W_j in the companion basis; eps_g = W^(1)/2. Exact for N -> infinity at these W_j(0): one
stream of examples scatters about it by an amount of order 1/sqrt(N).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from flint import arb

from symsl.arguments import many_times, one_of, one_time, sequence
from symsl.errors import InsufficientPrecisionError, ParameterError
from symsl.linear.curve import ROUTES, certify_route, require_decay
from symsl.linear.realisation import effective_rate
from symsl.linear.secular import rates
from symsl.linear.student_eigenvectors import StudentEigenvectors
from symsl.precision import Certified, ball, exact
from symsl.spectrum import Spectrum, require_spectrum


def realised_curve(
    spectrum: Spectrum,
    distances: Iterable[object],
    *,
    eta: object,
    alpha: Sequence[object],
    K: object = 1,
    M: object = 1,
    digits: int = 15,
    route: str = "eigenbasis",
    unstable: bool = False,
    max_bits: int | None = None,
) -> list[Certified]:
    """eps_g(alpha) of the pair with the `distances` W_1..W_L at the start, exact in eta, one value for each alpha.

    eps_g(alpha) = 1/(2 eta^2) sum_k e^{-a_k alpha} [sum_j lambda_j W_j/(2 eta lambda_j - a_k)] / D_k with
    D_k = sum_j lambda_j^2/(2 eta lambda_j - a_k)^2 and the rates a_k of Eq. 6; K students and M teachers make
    eta M/K of eta. One distance stands for all modes. Route "eigenbasis" finds the a_k from the secular equation,
    "companion" from the shifted polynomial (Eqs. 54-57), at a working precision that grows with L.

    Raises `ParameterError` unless there are L distances >= 0, eta > 0, alpha >= 0, and for eta M/K >= 2/u_1 unless
    `unstable` is set (the formula stays valid).

    >>> print(realised_curve(Spectrum.power_law(4, "1/2"), [1, "1/2", 2, 0], eta=1, alpha=[3], digits=12)[0])
    0.0306654346039
    """
    where = "realised_curve"
    rate, times = effective_rate(eta, K, M, where), many_times(alpha, where)
    given = [exact(value, f"distances[{k}]", where) for k, value in enumerate(sequence(distances, "distances", where))]
    start = distances_by_mode(require_spectrum(spectrum, where), given, where)
    compute = {"eigenbasis": by_eigenbasis, "companion": by_companion}[one_of(route, ROUTES, "route", where)]
    return certify_route(
        lambda: compute(spectrum, start, rate, times, unstable), spectrum, digits, route, where, max_bits
    )


def by_eigenbasis(
    spectrum: Spectrum, distances: Sequence[Fraction], eta: Fraction, alpha: Sequence[Fraction], unstable: bool = False
) -> list[arb]:
    """(1/eta) sum_k e^{-2 eta y_k alpha} [sum_j lambda_j W_j/(lambda_j - y_k)] / sum_j lambda_j^2/(lambda_j - y_k)^2.

    At the working precision; y_k = a_k/(2 eta).
    """
    require_decay(spectrum, eta, unstable)
    nodes, found = spectrum.eigenvalues(), rates(spectrum, eta)
    start = [node * ball(distance) for node, distance in zip(nodes, distances, strict=True)]
    overlaps = (
        sum((value / (node - rate.y) for value, node in zip(start, nodes, strict=True)), arb(0)) for rate in found
    )
    weights = [overlap / (ball(eta) * rate.slope) for overlap, rate in zip(overlaps, found, strict=True)]
    return [_decayed(weights, [rate.y for rate in found], eta, time) for time in alpha]


def by_companion(
    spectrum: Spectrum, distances: Sequence[Fraction], eta: Fraction, alpha: Sequence[Fraction], unstable: bool = False
) -> list[arb]:
    """(1/2) sum_k b_k v_{k,1} e^{-a_k alpha} at the working precision, with sum_k b_k v_k = (W^(0), ..., W^(L-1))."""
    require_decay(spectrum, eta, unstable)
    eigenvectors, powers, start = StudentEigenvectors(spectrum, eta), [ball(value) for value in distances], []
    for _ in range(spectrum.L):
        start.append(sum(powers, arb(0)) / spectrum.L)
        powers = [power * node for power, node in zip(powers, spectrum.eigenvalues(), strict=True)]
    weights = _companion_weights(eigenvectors, start)
    return [_decayed(weights, eigenvectors.y, eta, time) for time in alpha]


def exact_coefficients(
    spectrum: Spectrum,
    *,
    eta: object,
    alpha: object,
    K: object = 1,
    M: object = 1,
    route: str = "eigenbasis",
    unstable: bool = False,
) -> list[arb]:
    """c_j(alpha), j = 1..L, exact in eta: eps_g(alpha) = sum_j c_j(alpha) W_j(0) for every pair J, B.

    c_j = (lambda_j/eta) sum_k e^{-2 eta y_k alpha} / ((lambda_j - y_k) sum_m lambda_m^2/(lambda_m - y_k)^2) with
    eta M/K for eta, as balls at the working precision: for `realised_error`, `ensemble_mean` and `ensemble_variance`.
    """
    where = "exact_coefficients"
    rate, time = effective_rate(eta, K, M, where), one_time(alpha, where)
    one_of(route, ROUTES, "route", where)
    require_spectrum(spectrum, where)
    require_decay(spectrum, rate, unstable)
    nodes = spectrum.eigenvalues()
    if route == "companion":
        eigenvectors = StudentEigenvectors(spectrum, rate)
        starts = ([node**order / spectrum.L for order in range(spectrum.L)] for node in nodes)
        return [_decayed(_companion_weights(eigenvectors, start), eigenvectors.y, rate, time) for start in starts]
    found = rates(spectrum, rate)
    damped = [(-2 * ball(rate * time) * root.y).exp() / (ball(rate) * root.slope) for root in found]
    coefficients = [
        node * sum((value / (node - root.y) for value, root in zip(damped, found, strict=True)), arb(0))
        for node in nodes
    ]
    if not all(value.is_finite() for value in coefficients):
        raise InsufficientPrecisionError(f"{where}: a rate is not told from an eigenvalue at this precision")
    return coefficients


def distances_by_mode(spectrum: Spectrum, values: Sequence[Fraction], where: str) -> list[Fraction]:
    """W_1..W_L from one number for all modes or L numbers; `ParameterError` for another count or a negative one."""
    if len(values) not in (1, spectrum.L):
        condition = f"one number or L = {spectrum.L} of them"
        raise ParameterError(where, "W", f"{len(values)} numbers", condition, "give one for each mode")
    for value in values:
        if value < 0:
            raise ParameterError(where, "W", value, "W_k >= 0, a squared distance", "use mode_distances")
    return list(values) * spectrum.L if len(values) == 1 else list(values)


def _companion_weights(eigenvectors: StudentEigenvectors, start: Sequence[arb]) -> list[arb]:
    """b_k v_{k,1}/2 for sum_k b_k v_k = `start`."""
    b = eigenvectors.coordinates(start)
    return [value * second / 2 for value, second in zip(b, eigenvectors.second, strict=True)]


def _decayed(weights: Sequence[arb], y: Sequence[arb], eta: Fraction, time: Fraction) -> arb:
    decay = -2 * ball(eta * time)
    return sum((weight * (decay * root).exp() for weight, root in zip(weights, y, strict=True)), arb(0))


__all__ = ["by_companion", "by_eigenbasis", "distances_by_mode", "exact_coefficients", "realised_curve"]
