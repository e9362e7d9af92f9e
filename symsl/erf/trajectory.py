"""A solved learning curve: what `solve` returns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat

from symsl.erf.exact_matrices import FloatArray, IndexArray, gram_matrix
from symsl.erf.state import State
from symsl.errors import ParameterError

_FLAT = 0.05
"""On a plateau |d ln eps_g / d ln alpha| stays below this."""


class ModeRecord(NamedTuple):
    """All modes at one time: first, second (K, ., L) are w, r against the teachers (`deviation`) or Q, R.

    Place i of the first axis is taken by student `students[i]`.
    """

    first: FloatArray
    second: FloatArray
    deviation: bool
    students: IndexArray


class Plateau(NamedTuple):
    """A stretch of the learning curve where eps_g stands still: its times, and its height where it changes least."""

    start: float
    end: float
    height: float


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Float64 results at the times `alpha` (n,): not certified.

    `eps_g` (n,) in the convention of `initial.output`; `Q` (n, K, K), `R` (n, K, M) and the constant `T` (M, M) are
    the order parameters of order 1 (Eq. 3). `eta` is the learning rate as given, `order` that in eta. `steps`,
    `evaluations` (of the velocity) and `factorisations` tell the cost.
    """

    alpha: FloatArray
    eps_g: FloatArray
    Q: FloatArray
    R: FloatArray
    T: FloatArray
    steps: int
    evaluations: int
    factorisations: int
    initial: State = field(repr=False)
    eta: Fraction
    order: int
    rtol: float
    modes: tuple[ModeRecord, ...] = field(default=(), repr=False)

    def state(self, index: int) -> State:
        """The state at `alpha[index]`, for instance the reference of the late phase (Eq. 17); needs `modes=True`.

        Its order parameters are the doubles of the solution, taken exactly, so that deviations keep their digits.
        """
        if not self.modes:
            raise ParameterError(
                "Trajectory.state", "modes", False, "modes kept by solve", "call solve(.., modes=True)"
            )
        record, initial = self.modes[index], self.initial
        places = np.argsort(record.students)
        grams = []
        for k in range(initial.L):
            T = initial.mode(k + 1).T
            first, second = _exact(record.first[..., k]), _exact(record.second[..., k])
            R = second + T if record.deviation else second
            Q = first + R + R.transpose() - T if record.deviation else first
            rows = [[Q[int(i), int(j)] for j in places] for i in places]
            overlaps = [[R[int(i), n] for n in range(initial.M)] for i in places]
            grams.append(gram_matrix(fmpq_mat(rows), fmpq_mat(overlaps), T))
        return replace(initial, grams=tuple(grams), student=None, teacher=None)

    def plateaus(self) -> list[Plateau]:
        """Where the curve is flat after a first descent: |d ln eps_g / d ln alpha| < 0.05 over half a decade or more.

        Found after the run: start and end are recorded times, as fine as the grid of `alpha`, and the run does not stop
        at them. The flat start of every curve does not count.
        """
        positive = (self.alpha > 0) & (self.eps_g > 0)
        alpha, eps = self.alpha[positive], self.eps_g[positive]
        if len(alpha) < 3:
            return []
        change = np.abs(np.diff(np.log(eps)))
        flat, speed = change / np.diff(np.log(alpha)) < _FLAT, change / np.diff(alpha)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(int)))
        runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
        return [
            Plateau(float(alpha[a]), float(alpha[b]), float(eps[a + int(np.argmin(speed[a:b]))]))
            for a, b in runs
            if a > 0 and b < len(alpha) - 1 and alpha[b] >= alpha[a] * np.sqrt(10)
        ]


def _exact(matrix: FloatArray) -> fmpq_mat:
    return fmpq_mat([[fmpq(*float(x).as_integer_ratio()) for x in row] for row in matrix])
