"""Eq. 1: the largest eigenvalue from the normalisation of the power law."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from symsl.symbols import L, beta, j, k, lambda_plus
from symsl.verification import Derivation, arrives_at, identity
from symsl.verification.claims import Claim


def claims() -> Iterator[Claim]:
    eigenvalue = lambda_plus * k ** (-1 - beta)
    total = sp.Sum(eigenvalue.subs(k, j), (j, 1, L))
    yield identity(
        "The eigenvalues are a common factor times a power of the index, so their sum is linear in lambda_+",
        total,
        lambda_plus * sp.Sum(j ** (-1 - beta), (j, 1, L)),
        wrong=lambda_plus * sp.Sum(j ** (-beta), (j, 1, L)),
    )
    slope = sp.Sum(j ** (-1 - beta), (j, 1, L))
    (solved,) = sp.solve(sp.Eq(lambda_plus * slope, L), lambda_plus)
    yield identity(
        "With this lambda_+ the eigenvalues sum to L",
        total.subs(lambda_plus, solved),
        L,
        wrong=1,
    )
    yield arrives_at(
        "1",
        "Inserted: the normalised power law",
        eigenvalue.subs(lambda_plus, solved),
        wrong=solved * k ** (-beta),
    )


DERIVATION = Derivation(
    "The power-law spectrum, normalised",
    "lambda_k = lambda_+ k^-(1+beta) for k = 1..L, and sum_k lambda_k = L.",
    claims,
)

if __name__ == "__main__":
    DERIVATION.main()
