"""Float64 solutions of the order-parameter equations (Eqs. 4, 92-94), for any L, in the mode basis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from numbers import Real

import numpy as np
from flint import ctx

from symsl.erf.equations_of_motion import require_order
from symsl.erf.exact_matrices import FloatArray, IndexArray
from symsl.erf.exchange_symmetry import Exchange, RoundingGuard, exchange_symmetries, keeps_from_specialising
from symsl.erf.generalisation_error import generalisation_error, generalisation_error_from_deviations
from symsl.erf.mode_system import ModeSystem
from symsl.erf.state import OrderParameters, State, closest_teachers, require_state
from symsl.erf.structured_bdf import BackwardDifferentiation
from symsl.erf.times import increasing_times, positive_rate
from symsl.erf.trajectory import ModeRecord, Trajectory
from symsl.errors import ParameterError

_SMALLEST = 1e-300
_SPECIALISED = 0.5
"""Deviations become the unknowns when sum_i |J_i - B_i|^2 falls below this part of sum_m |B_m|^2 (order 1)."""
_DIVERGED = 1e6
"""So often sum_m |B_m|^2 and the students' own start is more than any learning rate of use makes of sum_i |J_i|^2."""


def solve(
    state: State,
    eta: object,
    alpha: Sequence[float] | FloatArray,
    *,
    order: int = 1,
    rtol: float = 1e-6,
    modes: bool = False,
    progress: Callable[[float, int], None] | None = None,
) -> Trajectory:
    """Integrate Eqs. 92-93 from `state` at alpha = 0 and record eps_g (Eq. 94) and Q, R at the times `alpha`.

    `eta` > 0 and eps_g are in the convention `state.output`; `alpha` must increase, from 0 on. `order=1` keeps
    O(eta), `order=2` the eta^2 term as well (exact for N -> infinity). `rtol` sets the local error allowed in a
    step, relative to what the modes hold of the order-1 parameters (`ModeSystem.scale`). `modes=True` keeps the modes
    at all recorded times, for `Trajectory.state`. `progress(alpha, steps)` is called after each step.

    Students or teachers that the state does not tell apart (as in `State.average`) stay so exactly: such a curve ends
    on its plateau. For K = M the unknowns become the deviations from the teachers as soon as every student has found
    one, so that eps_g keeps its relative accuracy down to about 1e-300; below that it is returned as 0. For K != M and
    different teachers eps_g cannot vanish, unless K = p M with p > 1 and p students come to stand on each teacher: the
    g of different vectors (up to sign) are linearly independent, and each teacher asks for K/M students. In that one
    case eps_g is computed from Q and R, with an absolute error: at the default `rtol` it keeps 1e-4 down to about 1e-5
    only, and below about 1e-15 it is noise at any. `solve_certified` has no such limit.

    Float64, not certified. Raises `ParameterError` for times that do not increase and for other bad arguments, where
    the end of a plateau would be decided by rounding errors, and where the students grow without bound (`order=2` far
    above the critical learning rate).
    """
    where = "solve"
    require_order(order, where)
    require_state(state, where)
    times, rate = increasing_times(alpha, where), positive_rate(eta, where)
    if not isinstance(rtol, Real) or not 1e-11 <= rtol <= 1e-2:
        raise ParameterError(where, "rtol", rtol, "1e-11 <= rtol <= 0.01", "the default 1e-6 gives eps_g to 1e-4")
    frame = _Frame.start(state, float(state.paper_learning_rate(rate)), order)
    integrator = BackwardDifferentiation(frame.system, frame.unknowns, float(times[-1]) or 1.0, float(rtol))
    records: list[tuple[float, FloatArray, FloatArray]] = []
    kept: list[ModeRecord] = []
    guard = RoundingGuard(state.K, state.M)
    largest = _DIVERGED * (frame.students_size(frame.unknowns) + float(np.trace(frame.system.T_one)))

    def record(time: float) -> None:
        measure = frame.system.measure
        records.append(frame.observe(integrator.at(time, lambda y: y @ measure)))
        if modes:
            kept.append(frame.modes(integrator.at(time)))

    if times[0] == 0:
        record(0.0)
    while len(records) < len(times):
        integrator.step()
        while len(records) < len(times) and times[len(records)] <= integrator.t:
            record(float(times[len(records)]))
        if progress is not None:
            progress(integrator.t, integrator.steps)
        guard.check(frame.overlap(integrator.history[0]), integrator.t)
        if order == 2 and not frame.students_size(integrator.history[0]) < largest:
            raise ParameterError(
                *(where, "eta", eta),
                "a learning rate nearer to the critical one (entry late-phase-critical-learning-rate)",
                f"sum_i Q_ii has grown {_DIVERGED:.0e}-fold by alpha = {integrator.t:.3g}: lower eta or stop earlier",
            )
        students = frame.better_order(integrator.history[0])
        if students is not None:
            following = frame.follow(students)
            integrator.change_unknowns(
                following.system, partial(frame.translate, students, 1.0), partial(frame.translate, students, 0.0)
            )
            frame = following
    errors, Q, R = (np.array(part) for part in zip(*records, strict=True))
    return Trajectory(
        alpha=times,
        eps_g=errors * float(state.error_factor),
        Q=Q,
        R=R,
        T=frame.system.T_one,
        steps=integrator.steps,
        evaluations=integrator.evaluations,
        factorisations=integrator.factorisations,
        initial=state,
        eta=rate,
        order=order,
        rtol=float(rtol),
        modes=tuple(kept),
    )


@dataclass(frozen=True)
class _Frame:
    """The unknowns in use: plain or deviations, and which student stands where (`students[i]` is on place i).

    `symmetries` are those of the start, in the given numbering of the students.
    """

    system: ModeSystem
    students: IndexArray
    unknowns: FloatArray
    symmetries: Sequence[Exchange]

    @classmethod
    def start(cls, state: State, eta: float, order: int) -> _Frame:
        """Deviations, from exact differences, if the students are near the teachers already; else plain."""
        with ctx.workprec(80):
            eigenvalues = np.array([float(value.mid()) for value in state.spectrum.eigenvalues()])
        modes = state.float_modes()
        symmetries = exchange_symmetries(modes)
        Q, R, T = (np.ascontiguousarray(np.moveaxis(X, 0, -1)) for X in modes)
        plain = ModeSystem(eigenvalues, T, state.K, eta, order, deviation=False, symmetries=symmetries)
        frame = cls(plain, np.arange(state.K), plain.pack(Q, R), symmetries)
        better = frame.better_order(frame.unknowns)
        if better is None:
            return frame
        w, r = (np.moveaxis(X, 0, -1) for X in state.matched().float_deviations())
        near = frame.follow(better)
        return replace(near, unknowns=near.system.pack(w, r))

    def better_order(self, y: FloatArray) -> IndexArray | None:
        """The students in an order much closer to the teachers, so that a change of frame pays; else None."""
        system = self.system
        if system.K != system.M or keeps_from_specialising(self.symmetries, system.T_one):
            return None
        one = y @ system.measure
        Q, R = self._plain(one, system.T_one)
        places = np.argsort(closest_teachers(R))
        size = np.trace(system.T_one)
        enough = _SPECIALISED * size
        if system.deviation:
            if np.array_equal(places, range(system.K)):
                return None
            enough = min(enough, _SPECIALISED * np.trace(system.unpack(one)[0]))
        distance = np.trace(Q) + size - 2 * np.sum(R[places, range(system.M)])
        return self.students[places] if distance < enough else None

    def follow(self, students: IndexArray) -> _Frame:
        """The deviation frame with the students in the given order (its unknowns come with the history)."""
        old, place = self.system, np.argsort(students)
        moved = [Exchange(place[exchange.students[students]], exchange.teachers) for exchange in self.symmetries]
        system = ModeSystem(
            *(old.eigenvalues, old.T, old.K, old.eta, old.order),
            deviation=True,
            symmetries=[exchange for exchange in moved if np.array_equal(*exchange)],
        )
        return replace(self, system=system, students=students)

    def translate(self, students: IndexArray, teacher: float, y: FloatArray) -> FloatArray:
        """Unknowns of this frame to those of `follow(students)`; with `teacher` = 0 the linear part of this map."""
        system = self.system
        Q, R = self._plain(y, teacher * system.T)
        position = {int(student): place for place, student in enumerate(self.students)}
        places = [position[int(student)] for student in students]
        Q, R = Q[places][:, places], R[places]
        w = Q - R - R.swapaxes(0, 1) + teacher * system.T
        return system.pack(w, R - teacher * system.T)

    def overlap(self, y: FloatArray) -> FloatArray:
        """R^(1), in this frame's order of students."""
        return self._plain(y @ self.system.measure, self.system.T_one)[1]

    def students_size(self, y: FloatArray) -> float:
        """sum_i Q_ii of order 1."""
        return float(np.trace(self._plain(y @ self.system.measure, self.system.T_one)[0]))

    def observe(self, one: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """eps_g of the paper, Q^(1), R^(1) (students as given) from the order-1 unknowns."""
        system = self.system
        Q, R = self._plain(one, system.T_one)
        if system.deviation:
            w, r = system.unpack(one)
            error = float(generalisation_error_from_deviations(w, r, system.T_one))
            error = error if error > _SMALLEST else 0.0
        else:
            error = float(generalisation_error(OrderParameters(Q, R, system.T_one)))
        places = np.argsort(self.students)
        return error, Q[places][:, places], R[places]

    def modes(self, y: FloatArray) -> ModeRecord:
        """All modes at one time, as they are."""
        first, second = self.system.unpack(y)
        return ModeRecord(first, second, self.system.deviation, self.students)

    def _plain(self, y: FloatArray, T: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Q and R, in this frame's order of students; T with the axes of y (rows replaced by M x M)."""
        w, r = self.system.unpack(y)
        if not self.system.deviation:
            return w, r
        return w + r + r.swapaxes(0, 1) + T, r + T
