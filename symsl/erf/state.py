"""The order parameters of a concrete pair of networks, exact (Sec. 4, Eqs. 2-4).

A `State` holds, for each of the L eigenspaces of the covariance (a mode, projector P_k, N/L directions), the Gram
matrix of the K student and M teacher vectors,

    G_k = (L/N) (J, B) P_k (J, B)^T = [[Q_k, R_k], [R_k^T, T_k]],        X^(l) = (1/L) sum_k lambda_k^l X_k,

as rational numbers: all that the theory for N -> infinity needs to know of the weights. Everything is dimensionless,
and typical entries of G_k are of order one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from flint import arb_mat, fmpq, fmpq_mat

from symsl.erf.exact_matrices import (
    FloatArray,
    IndexArray,
    gram_matrix,
    mode_matrices,
    rational,
    require_gram,
    require_moderate_count,
    standard_deviation,
    to_float,
    unit_count,
    weight_matrix,
)
from symsl.errors import ParameterError
from symsl.precision import ball, exact_integer
from symsl.spectrum import Spectrum

OUTPUT_CONVENTIONS = ("paper", "plain sum", "mean")
"""How the hidden units are added up; see `State`."""
_LARGEST_SPREAD = 10**100


class OrderParameters(NamedTuple):
    """Q (student-student), R (student-teacher), T (teacher-teacher)."""

    Q: Any
    R: Any
    T: Any


def require_state(value: object, where: str) -> None:
    """`ParameterError` unless `value` is a `State`."""
    if not isinstance(value, State):
        raise ParameterError(where, "state", value, "a State", "make one with State.random, from_weights or load")


def _require_spectrum(value: object, where: str) -> None:
    if not isinstance(value, Spectrum):
        raise ParameterError(where, "spectrum", value, "a Spectrum (Eq. 1)", "make one with Spectrum.power_law")


@dataclass(frozen=True, eq=False)
class State:
    """Order parameters by mode, and the weights they came from, if any.

    Make one with `from_weights`, `random`, `average`, `from_modes` or `load`.

    `output` names the convention that learning rates and errors are given in. With student and teacher outputs

    ==============  =========================  ============================  =====================================
    "paper"         sqrt(M)/K sum_i g(x_i)     1/sqrt(M) sum_n g(y_n)        Eq. 2 (for K = M also "1/sqrt K")
    "plain sum"     sum_i g(x_i)               sum_n g(y_n)                  K = M only; eta -> M eta, eps -> eps / M
    "mean"          1/K sum_i g(x_i)           1/M sum_n g(y_n)              eta -> eta / M, eps -> M eps
    ==============  =========================  ============================  =====================================

    the last column leads to the paper's; time is alpha = p/N in all of them.
    """

    spectrum: Spectrum
    K: int
    M: int
    grams: tuple[fmpq_mat, ...]
    output: str = "paper"
    student: fmpq_mat | None = field(default=None, repr=False)
    teacher: fmpq_mat | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        where = "State"
        if not isinstance(self.output, str) or self.output not in OUTPUT_CONVENTIONS:
            known = ", ".join(repr(name) for name in OUTPUT_CONVENTIONS)
            raise ParameterError(where, "output", self.output, f"one of {known}", "see the help of State")
        if self.output == "plain sum" and self.K != self.M:
            raise ParameterError(where, "output", self.output, "K = M with plain sums (Eq. 2)", 'use "paper" or "mean"')

    @classmethod
    def from_weights(
        cls, spectrum: Spectrum, student: Sequence[Any] | FloatArray, teacher: Any, *, output: str = "paper"
    ) -> State:
        """The state of the weights J (K, N) and B (M, N), given in the eigenbasis of the covariance.

        Component i (from 0) belongs to the eigenvalue number i // (N/L). Floats are taken bit for bit, they are data;
        text, integers and fractions are exact. Raises `ParameterError` for shapes that do not fit, for N not divisible
        by L, and for nan and infinities.
        """
        where = "State.from_weights"
        _require_spectrum(spectrum, where)
        J, B = weight_matrix(student, "student", where), weight_matrix(teacher, "teacher", where)
        if J.ncols() != B.ncols():
            raise ParameterError(
                where,
                "teacher",
                f"of shape {(B.nrows(), B.ncols())}",
                f"as many components N as the student of shape {(J.nrows(), J.ncols())}",
                "give both in the same input space",
            )
        N, (K, M) = J.ncols(), (J.nrows(), B.nrows())
        size = spectrum.multiplicity(N)
        entries = [*(J[i, c] for i in range(K) for c in range(N)), *(B[n, c] for n in range(M) for c in range(N))]
        grams = []
        for k in range(spectrum.L):
            block = fmpq_mat(
                K + M, size, [entries[a * N + c] for a in range(K + M) for c in range(k * size, (k + 1) * size)]
            )
            grams.append(block * block.transpose() * fmpq(1, size))
        return cls(spectrum, K, M, tuple(grams), output, J, B)

    @classmethod
    def random(
        cls,
        spectrum: Spectrum,
        *,
        K: object,
        M: object,
        N: object,
        seed: object,
        sigma_J: object = "1/100",
        output: str = "paper",
    ) -> State:
        """Weights drawn as in the paper: entries of B from N(0, 1), of J from N(0, sigma_J^2).

        The numbers come from `numpy.random.default_rng(seed)`: first B, then J.
        """
        where = "State.random"
        _require_spectrum(spectrum, where)
        students, teachers = unit_count(K, "K", where), unit_count(M, "M", where)
        dimension, spread = exact_integer(N, "N", where), standard_deviation(sigma_J, where)
        spectrum.multiplicity(dimension)
        require_moderate_count(students + teachers, dimension, where)
        if spread > _LARGEST_SPREAD:
            raise ParameterError(where, "sigma_J", sigma_J, "sigma_J <= 1e100 in double precision", "lower sigma_J")
        number = exact_integer(seed, "seed", where)
        if number < 0:
            raise ParameterError(where, "seed", seed, "seed >= 0", "choose a non-negative integer")
        generator = np.random.default_rng(number)
        teacher = generator.standard_normal((teachers, dimension))
        student = float(spread) * generator.standard_normal((students, dimension))
        return cls.from_weights(spectrum, student, teacher, output=output)

    @classmethod
    def average(
        cls, spectrum: Spectrum, *, K: object, M: object, sigma_J: object = "1/100", output: str = "paper"
    ) -> State:
        """The ensemble average, without fluctuations: Q_k = sigma_J^2 delta, R_k = 0, T_k = delta for every mode."""
        where = "State.average"
        _require_spectrum(spectrum, where)
        students, teachers, spread = (
            unit_count(K, "K", where),
            unit_count(M, "M", where),
            standard_deviation(sigma_J, where),
        )
        gram = fmpq_mat(students + teachers, students + teachers)
        for a in range(students + teachers):
            gram[a, a] = rational(spread**2 if a < students else Fraction(1))
        return cls(spectrum, students, teachers, (gram,) * spectrum.L, output)

    @classmethod
    def from_modes(cls, spectrum: Spectrum, Q: Any, R: Any, T: Any, *, output: str = "paper") -> State:
        """Given order parameters: Q (L, K, K), R (L, K, M), T (L, M, M), or one matrix of each for all modes.

        Numbers are read by `symsl.precision.exact` (a float means the decimal it prints as). Raises `ParameterError`
        for shapes that do not fit and unless every G_k is symmetric and positive semidefinite: no vectors have
        such order parameters, and the roots in Eqs. 89-94 can become imaginary.
        """
        where = "State.from_modes"
        _require_spectrum(spectrum, where)
        q, r, t = (mode_matrices(value, name, spectrum.L, where) for value, name in ((Q, "Q"), (R, "R"), (T, "T")))
        K, M = q[0].nrows(), t[0].nrows()
        for name, stack, shape in (("Q", q, (K, K)), ("R", r, (K, M)), ("T", t, (M, M))):
            for matrix in stack:
                found = (matrix.nrows(), matrix.ncols())
                if found != shape:
                    raise ParameterError(
                        where, name, f"of shape {found}", f"shape {shape} (Eq. 4)", "Q is K x K, R is K x M, T is M x M"
                    )
        known: dict[tuple[int, int, int], fmpq_mat] = {}
        for k, blocks in enumerate(zip(q, r, t, strict=True)):
            key = (id(blocks[0]), id(blocks[1]), id(blocks[2]))
            if key not in known:
                known[key] = gram_matrix(*blocks)
                require_gram(known[key], f"order parameters of mode {k + 1}", where)
        grams = tuple(known[id(blocks[0]), id(blocks[1]), id(blocks[2])] for blocks in zip(q, r, t, strict=True))
        return cls(spectrum, K, M, grams, output)

    @classmethod
    def load(cls, path: str | Path) -> State:
        """Read a state file (see `symsl.erf.state_file`)."""
        from symsl.erf.state_file import load_state

        if not isinstance(path, (str, Path)):
            raise ParameterError("State.load", "path", path, "the path of a file", "give its name")
        return load_state(Path(path))

    def save(self, path: str | Path) -> None:
        """Write a state file, `.json` or `.npz` (see `symsl.erf.state_file`)."""
        from symsl.erf.state_file import save_state

        save_state(self, Path(path))

    @property
    def L(self) -> int:
        """Number of modes, the distinct eigenvalues."""
        return self.spectrum.L

    @property
    def N(self) -> int | None:
        """Input dimension of the weights, None for a state without weights."""
        return None if self.student is None else int(self.student.ncols())

    def order_parameters(self, l: int) -> OrderParameters:
        """Q^(l), R^(l), T^(l) of Eq. 3 as `arb_mat` at the current precision, l >= 0."""
        total = arb_mat(self.K + self.M, self.K + self.M)
        for eigenvalue, gram in zip(self.spectrum.eigenvalues(), self.grams, strict=True):
            weight = ball(1)
            for _ in range(l):
                weight = weight * eigenvalue
            total = total + arb_mat(gram) * weight
        return self._blocks(total * ball(Fraction(1, self.L)), arb_mat)

    def moments(self) -> list[OrderParameters]:
        """Orders l = 0 .. L-1 as balls: the state in the companion basis. O(L^2) operations."""
        scaled = [arb_mat(gram) * ball(Fraction(1, self.L)) for gram in self.grams]
        eigenvalues, moments = self.spectrum.eigenvalues(), []
        for _ in range(self.L):
            total = scaled[0]
            for matrix in scaled[1:]:
                total = total + matrix
            moments.append(self._blocks(total, arb_mat))
            scaled = [matrix * eigenvalue for matrix, eigenvalue in zip(scaled, eigenvalues, strict=True)]
        return moments

    def mode(self, k: int) -> OrderParameters:
        """Q_k, R_k, T_k of mode k = 1..L as exact `fmpq_mat`."""
        return self._blocks(self.grams[k - 1], fmpq_mat)

    def float_modes(self) -> OrderParameters:
        """Float64 arrays Q (L, K, K), R (L, K, M), T (L, M, M), each entry correctly rounded."""
        gram = to_float(self.grams)
        K = self.K
        return OrderParameters(gram[:, :K, :K], gram[:, :K, K:], gram[:, K:, K:])

    def deviations(self) -> list[fmpq_mat]:
        """K = M: w_k = Q_k - R_k - R_k^T + T_k = (L/N) (J - B) P_k (J - B)^T for k = 1..L, exact.

        Student i is compared with teacher i: see `matched`. What the late phase starts from (Eqs. 16, 17).
        """
        self._require_square("State.deviations")
        return list(self._per_mode(lambda Q, R, T: Q - R - R.transpose() + T))

    def mean_deviations(self) -> tuple[list[fmpq], list[fmpq]]:
        """w_d and w_o of Eq. 17 by mode: the mean of the diagonal and of the off-diagonal elements of `deviations`."""
        diagonal, off_diagonal = [], []
        for w in self.deviations():
            trace = sum((w[i, i] for i in range(1, self.M)), w[0, 0])
            total = sum((w[i, j] for i in range(self.M) for j in range(self.M)), fmpq(0))
            diagonal.append(trace / self.M)
            off_diagonal.append((total - trace) / (self.M * (self.M - 1)) if self.M > 1 else fmpq(0))
        return diagonal, off_diagonal

    def float_deviations(self) -> tuple[FloatArray, FloatArray]:
        """Float64 arrays of w (as `deviations`) and r = R - T, shape (L, M, M): small entries keep their digits."""
        self._require_square("State.float_deviations")
        r = self._per_mode(lambda _, R, T: R - T)
        return to_float(tuple(self.deviations())), to_float(tuple(r))

    def matched(self) -> State:
        """K = M: the same state with the students renumbered, so that each stands by the teacher it is closest to."""
        self._require_square("State.matched")
        order = [int(i) for i in closest_teachers(self._float_overlap()).argsort()]
        if order == list(range(self.K)):
            return self
        rows = order + list(range(self.K, self.K + self.M))
        size = self.K + self.M
        grams = {id(gram): fmpq_mat(size, size, [gram[a, b] for a in rows for b in rows]) for gram in self.grams}
        J = self.student
        if J is not None:
            J = fmpq_mat(self.K, J.ncols(), [J[i, c] for i in order for c in range(J.ncols())])
        return replace(self, grams=tuple(grams[id(gram)] for gram in self.grams), student=J)

    def weights(self) -> tuple[FloatArray, FloatArray]:
        """J (K, N) and B (M, N) as float64 arrays, for simulations; `ParameterError` for a state without weights."""
        if self.student is None or self.teacher is None:
            raise ParameterError("State.weights", "state", "made from modes", "made from weights", "use State.random")
        return to_float((self.student,))[0], to_float((self.teacher,))[0]

    def paper_learning_rate(self, eta: Fraction) -> Fraction:
        """The learning rate of Eq. 3 that `eta`, given in the convention `output`, stands for."""
        return {"paper": eta, "plain sum": self.M * eta, "mean": eta / self.M}[self.output]

    @property
    def error_factor(self) -> Fraction:
        """eps_g in the convention `output` = `error_factor` times eps_g of the paper (Eq. 94)."""
        return {"paper": Fraction(1), "plain sum": Fraction(self.M), "mean": Fraction(1, self.M)}[self.output]

    def _per_mode(self, combine: Callable[[fmpq_mat, fmpq_mat, fmpq_mat], fmpq_mat]) -> tuple[fmpq_mat, ...]:
        """`combine(Q_k, R_k, T_k)` for every mode; modes that share a matrix (averages) share the result."""
        known: dict[int, fmpq_mat] = {}
        for gram in self.grams:
            if id(gram) not in known:
                known[id(gram)] = combine(*self._blocks(gram, fmpq_mat))
        return tuple(known[id(gram)] for gram in self.grams)

    def _blocks(self, gram: Any, kind: Any) -> OrderParameters:
        K, size = self.K, self.K + self.M

        def block(rows: range, columns: range) -> Any:
            return kind(len(rows), len(columns), [gram[a, b] for a in rows for b in columns])

        students, teachers = range(K), range(K, size)
        return OrderParameters(block(students, students), block(students, teachers), block(teachers, teachers))

    @cached_property
    def _float_eigenvalues(self) -> FloatArray:
        return np.array([float(value.mid()) for value in self.spectrum.eigenvalues()])

    def _float_overlap(self) -> FloatArray:
        overlap: FloatArray = np.einsum("k,kin->in", self._float_eigenvalues, self.float_modes().R) / self.L
        return overlap

    def _require_square(self, where: str) -> None:
        if self.K != self.M:
            raise ParameterError(
                where, "K", self.K, f"K = M = {self.M} (Eq. 16)", "deviations need a teacher for each student"
            )


def closest_teachers(overlap: FloatArray) -> IndexArray:
    """For every student i a teacher of its own, such that the sum of the overlaps R^(1)_i,n is largest."""
    from scipy.optimize import linear_sum_assignment

    columns: IndexArray = linear_sum_assignment(overlap, maximize=True)[1]
    return columns
