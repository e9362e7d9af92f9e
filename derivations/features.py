"""Eqs. 10, 11, 58-81: the mean path of the weights and feature scaling in the eigenbasis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from symsl.equations import equation
from symsl.symbols import (
    B_mode,
    B_rotated,
    B_vector,
    J,
    J_first,
    J_mode,
    J_rotated,
    J_start,
    J_vector,
    K,
    L,
    Lambda_matrix,
    M,
    N,
    N_l,
    O_matrix,
    O_transposed,
    Q,
    R,
    Sigma,
    T,
    a_input,
    alpha,
    beta,
    eta,
    g_slope,
    i,
    j,
    k,
    lam,
    lambda_plus,
    noise,
    sigma_J,
    sigma_output,
    x_field,
    x_output,
    y_output,
    zeta_output,
)
from symsl.verification import Derivation, arrives_at, identity
from symsl.verification.claims import Claim
from symsl.verification.sums import sifted

other = sp.Symbol("b_input", integer=True, positive=True)
SIZES = {L: [5, 6], N_l: [2, 3]}
deviation = sp.IndexedBase("d", real=True)  # J_a - B_a


def descent() -> Iterator[Claim]:
    linear = {g_slope(x_field[1]): 1, sigma_output: x_output, zeta_output: y_output}
    step = equation("3").statement.rhs.subs({K: 1, M: 1, i: 1}).subs(linear)
    yield arrives_at("58", "Eq. 3 for g(x) = x and K = M = 1", step, wrong=2 * J[1, a_input] - step)
    covariance = lam[a_input] * sp.KroneckerDelta(a_input, other)
    response = sifted(sp.Sum(deviation[other] * covariance, (other, 1, N))) / sp.sqrt(N)
    yield identity(
        "E[(x - y) xi_a] = lambda_a (J_a - B_a)/sqrt(N), as x - y = sum_b (J_b - B_b) xi_b/sqrt(N): N steps",
        N * (-eta / sp.sqrt(N)) * response,
        -eta * lam[a_input] * deviation[a_input],
        wrong=eta * lam[a_input] * deviation[a_input],
    )
    square = sp.Sum(deviation[other] ** 2 * lam[other], (other, 1, N)) / N
    wick = square * lam[a_input] + 2 * (lam[a_input] * deviation[a_input]) ** 2 / N
    yield identity(
        "By Wick's theorem E[(x-y)^2 xi_a^2] = E[(x-y)^2] lambda_a + 2 lambda_a^2 (J_a-B_a)^2/N: with E[(x-y)^2] = "
        "2 eps_g, N steps are noise of strength (eta^2/N) 2 eps_g lambda_a per unit of time, but for terms in 1/N^2",
        N * eta**2 / N * wick / N,
        eta**2 / N * (square * lam[a_input]) + 2 * eta**2 * lam[a_input] ** 2 * deviation[a_input] ** 2 / N**2,
        wrong=eta**2 / N * (square * lam[a_input]),
    )
    drift = -eta * Sigma * (J_vector - B_vector)
    yield arrives_at("59", "In any basis: drift, and noise of this strength", drift + eta / sp.sqrt(N) * noise)
    yield arrives_at("60", "The mean path", drift, wrong=-drift)


def solution() -> Any:
    """The mode k of the mean path, from the differential equation."""
    weight, start, teacher, rate = sp.Function("J"), sp.Symbol("J_0"), sp.Symbol("B"), sp.Symbol("rate", positive=True)
    moment = sp.Symbol("t", real=True)
    solved = sp.dsolve(
        sp.Eq(weight(moment).diff(moment), -rate * (weight(moment) - teacher)), weight(moment), ics={weight(0): start}
    )
    return solved.rhs.subs({moment: alpha, rate: eta * lam[k], start: J_start[k], teacher: B_mode[k]})


def overlap(low: Any, high: Any, weight: Any, partner: Any) -> Any:
    """Modes low..high of (1/L) sum_k lambda_k weight partner."""
    return sp.Sum(sp.expand(lam[k] * weight * partner), (k, low, high)) / L


def average(low: Any, high: Any, weight: Any, partner: Any) -> Any:
    """The same on average over B ~ N(0, 1) and J(0) ~ N(0, sigma_J^2), independent."""
    polynomial = sp.Poly(sp.expand(weight * partner), B_mode[k], J_start[k])
    second = {(2, 0): 1, (1, 1): 0, (0, 2): sigma_J**2}
    mean = sum(coefficient * second[powers] for powers, coefficient in polynomial.terms())
    return sp.Sum(lam[k] * mean, (k, low, high)) / L


def error(student_teacher: Any, student_student: Any, teacher: Any) -> Any:
    """Eq. 23."""
    return equation("23").statement.rhs.subs({R[1]: student_teacher, Q[1]: student_student, T[1]: teacher})


def mean_path() -> Iterator[Claim]:
    path = solution()
    yield arrives_at("61", "Each mode of Eq. 60 on its own", path, wrong=path.subs(eta, -eta))
    yield arrives_at("62", "R^(1) = (1/L) sum_k lambda_k J_k B_k", overlap(1, L, path, B_mode[k]))
    yield arrives_at("63", "Q^(1) = (1/L) sum_k lambda_k J_k^2", overlap(1, L, path, path))
    means = [average(1, L, path, B_mode[k]), average(1, L, path, path)]
    yield arrives_at("64", "E[B^2] = 1 and E[J(0) B] = 0", means[0])
    yield arrives_at("65", "and E[J(0)^2] = sigma_J^2", means[1])
    inserted = error(means[0], means[1], average(1, L, B_mode[k], B_mode[k]))
    wrong = error(-means[0], means[1], average(1, L, B_mode[k], B_mode[k]))
    yield arrives_at("66", "Inserted in Eq. 23", inserted, wrong=wrong)
    yield arrives_at("67", "All but the exponential cancels: the error of Eq. 8", inserted, wrong=wrong)


def trainable_directions() -> Iterator[Claim]:
    path, teacher, start = solution(), B_mode[k], J_start[k]
    learned, trainable = equation("68").statement.rhs, equation("75").statement.rhs
    yield identity(
        "Eq. 75 for alpha -> infinity is Eq. 68",
        sp.Matrix([trainable[0].subs(sp.exp(-eta * lam[k] * alpha), 0), trainable[1]]),
        learned,
        wrong=sp.Matrix([learned[0] + J_mode[k], learned[1]]),
    )

    def parts(combine: Any, weight: Any) -> list[Any]:
        return [
            combine(1, N_l, weight, teacher) + combine(N_l + 1, L, start, teacher),
            combine(1, N_l, weight, weight) + combine(N_l + 1, L, start, start),
        ]

    teacher_moment = average(1, N_l, teacher, teacher) + average(N_l + 1, L, teacher, teacher)
    yield arrives_at(
        "69",
        "Learned directions are the teacher's, the others those of the start",
        sp.Matrix(parts(overlap, teacher)),
        domain=SIZES,
    )
    yield arrives_at("70", "On average", sp.Matrix(parts(average, teacher)), domain=SIZES)
    learned_R, learned_Q = parts(average, teacher)
    limit = error(learned_R, learned_Q, teacher_moment)
    yield arrives_at("71", "Inserted in Eq. 23: the learned directions cancel", limit, domain=SIZES)
    yield from limit_for_a_power_law()
    yield arrives_at(
        "76", "With the path of Eq. 61 for the trainable directions", sp.Matrix(parts(overlap, path)), domain=SIZES
    )
    yield arrives_at("77", "On average", sp.Matrix(parts(average, path)), domain=SIZES)
    trained_R, trained_Q = parts(average, path)
    curve = error(trained_R, trained_Q, teacher_moment)
    yield arrives_at("78", "Inserted in Eq. 23", curve, domain=SIZES)
    yield arrives_at("10", "which is the statement of the main text", curve, domain=SIZES)
    integrals = equation("50").statement.rhs.subs(
        sp.uppergamma(beta / (1 + beta), 2 * eta * lambda_plus * alpha * L ** (-1 - beta)),
        sp.uppergamma(beta / (1 + beta), 2 * eta * lambda_plus * alpha * N_l ** (-1 - beta)),
    )
    both = integrals + equation("74").statement.rhs
    yield arrives_at("79", "The integrals of Eqs. 50 (up to N_l) and 74 for the two sums", both)
    yield arrives_at("11", "which is the statement of the main text", both)


def limit_for_a_power_law() -> Iterator[Claim]:
    power = j ** (-1 - beta)
    whole, learned = sp.Sum(power, (j, 1, L)), sp.Sum(power, (j, 1, N_l))
    frozen = equation("71").statement.rhs
    law = L * (whole - learned) / whole  # sum_{k > N_l} lambda_k = sum_{k <= L} - sum_{k <= N_l} by Eq. 1
    yield arrives_at(
        "72",
        "For the power law of Eq. 1, with the sum over the frozen directions as a difference",
        (1 + sigma_J**2) / (2 * L) * law,
        domain=SIZES,
        given={sp.harmonic(N_l, 1 + beta): learned, sp.harmonic(L, 1 + beta): whole},
    )
    at = sp.Symbol("at", positive=True)
    antiderivative = -lambda_plus / beta * at**-beta
    yield identity(
        "The antiderivative of lambda_+ x^-(1+beta)",
        sp.diff(antiderivative, at),
        lambda_plus * at ** (-1 - beta),
        wrong=-lambda_plus * at ** (-1 - beta),
    )
    integral = antiderivative.subs(at, L) - antiderivative.subs(at, N_l)
    yield arrives_at("73", "between its limits", integral)
    yield arrives_at("74", "The integral for the sum in Eq. 71", frozen.subs(sp.Sum(lam[k], (k, N_l + 1, L)), integral))


def rotated() -> Iterator[Claim]:
    relaxation, start = sp.Symbol("E", commutative=False), J_first - B_vector
    path = B_vector + O_transposed * relaxation * O_matrix * start
    velocity = O_transposed * (-eta * Lambda_matrix) * relaxation * O_matrix * start
    drift = -eta * (O_transposed * Lambda_matrix * O_matrix) * (path - B_vector)
    yield identity(
        "With Sigma = O^T Lambda O, O O^T = 1 and E = exp(-eta Lambda alpha), J = B + O^T E O (J_0 - B) obeys Eq. 60",
        sp.expand(drift).subs(O_matrix * O_transposed, 1),
        sp.expand(velocity),
        wrong=-sp.expand(velocity),
    )
    exponential = sp.exp(-eta * alpha * Lambda_matrix)
    yield arrives_at("80", "and starts at J_0, because O^T O = 1", path.subs(relaxation, exponential))
    path_k = solution().subs({J_start[k]: J_rotated[k], B_mode[k]: B_rotated[k]})
    yield arrives_at(
        "81",
        "J.Sigma B = (OJ).Lambda (OB): Eqs. 62 and 63 with the rotated weights, which have the same distribution",
        sp.Matrix([overlap(1, L, path_k, B_rotated[k]), overlap(1, L, path_k, path_k)]),
    )


def claims() -> Iterator[Claim]:
    yield from descent()
    yield from mean_path()
    yield from trainable_directions()
    yield from rotated()


DERIVATION = Derivation(
    "The mean path of the weights and feature scaling",
    "Stochastic gradient descent (Eq. 3); Wick's theorem for Gaussian inputs; fluctuations of the path neglected; "
    "B_k ~ N(0, 1) and J_k(0) ~ N(0, sigma_J^2), independent; Eqs. 1, 23, 50.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
