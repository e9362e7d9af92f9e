"""Where a simulation starts: from nothing, or from the file an earlier one left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy

from symsl.errors import UsageError
from symsl.files import provenance
from symsl.simulation.descent import Rule, State, measure
from symsl.simulation.order_parameters import order_parameters
from symsl.simulation.result import Simulation


def before_the_first_example(rule: Rule, parameters: dict[str, Any], state: State) -> Simulation:
    """The simulation with nothing trained and nothing recorded."""
    now = measure(rule, state.J, state.B)
    return Simulation(
        parameters,
        provenance(scipy=scipy.__version__),
        rule.inputs.N,
        steps=np.empty(0, dtype=np.int64),
        Q=now.Q[:, None][:, :0],
        R=now.R[:, None][:, :0],
        T=order_parameters(rule.inputs, state.J, state.B).T,
        eps_g=now.eps_g[:, None][:, :0],
        J=state.J,
        B=state.B,
        step=state.step,
        streams=state.streams,
    )


def resumed(start: Simulation, steps: Sequence[int], file: str | Path | None) -> Simulation:
    """What `file` holds of this simulation, or `start` where there is no file yet.

    Raises `UsageError` where the file holds another simulation, or one that has gone past a time to be recorded.
    """
    if file is None:
        return start
    path = Path(file)
    if not path.exists():
        start.save(path)
        return start
    stored = Simulation.load(path)
    different = [name for name, value in start.parameters.items() if stored.parameters.get(name) != value]
    if different:
        raise UsageError(
            f"simulate: {path} holds a simulation with another {', '.join(different)}; "
            "repeat its parameters to go on with it, or choose another file"
        )
    recorded = stored.steps.tolist()
    missed = [step for step in steps[len(recorded) :] if step < stored.step]
    if recorded != list(steps[: len(recorded)]) or missed:
        raise UsageError(
            f"simulate: {path} was recorded at other times, up to alpha = {stored.step / stored.N:g}; "
            "keep its alpha and append later times, or choose another file"
        )
    return stored
