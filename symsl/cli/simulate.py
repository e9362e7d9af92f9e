"""`symsl simulate`: online stochastic gradient descent, to a table with provenance, resumable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symsl.cli.networks import (
    NETWORK,
    draw_curve,
    read_state,
    required,
    rows_of,
    say_if_unstable,
    separated,
    times_of,
    write_table,
)
from symsl.errors import UsageError

OWN = ("eta", "activation", "runs", "trainable")
TABLE_SUFFIXES = (".csv", ".json")


def run_simulate(
    given: Mapping[str, str],
    *,
    alpha: str | None,
    state_file: str | None,
    jobs: int,
    as_json: bool,
    output: Path | None,
    plot: Path | None,
    resume: Path | None,
) -> None:
    """Simulate; the table has the means over the runs."""
    import numpy as np

    from symsl.files import require_writable
    from symsl.precision import exact
    from symsl.simulation import simulate

    network, own = separated("simulate", given, OWN)
    eta = exact(required("simulate", own, "eta", "learning rate"), "eta", "simulate")
    times, _ = times_of("simulate", alpha)
    for path, suffixes in ((output, TABLE_SUFFIXES), (plot, (".pdf", ".png")), (resume, (".npz",))):
        if path is not None:
            require_writable(path, suffixes)
    start, about, scale = _start(network, state_file)
    rate_factor, error_factor = scale
    runs = simulate(
        eta=eta * rate_factor,
        alpha=times,
        activation=own.get("activation", "erf"),
        runs=own.get("runs", "1"),
        trainable=own.get("trainable"),
        processes=jobs,
        file=resume,
        **start,
    )
    count, facts = len(runs.eps_g), runs.parameters
    u_1 = float(start["inputs"].spectrum.moment(1).mid())
    if facts["trained components"] == runs.N:
        say_if_unstable(facts["K"], facts["M"], eta * rate_factor, facts["activation"], u_1)
    columns = {"eps_g": runs.mean() * float(error_factor)}
    if count > 1:
        columns["standard_error"] = runs.standard_error() * float(error_factor)
    story: dict[str, Any] = dict(runs.provenance)
    story |= {"command": "simulate", "parameters": about | dict(own) | {"alpha": alpha}}
    story |= {"simulation": runs.parameters, "columns": f"means over {count} runs, float64"}
    Q, R = runs.Q.mean(axis=0), runs.R.mean(axis=0)
    names, rows = rows_of(runs.alpha, columns, Q, R)
    if output is not None or as_json or (plot is None and resume is None):
        write_table(output, as_json, names, rows, {}, story)
    if plot is not None:
        label = f"{count} runs, $\\eta = {eta}$"
        draw_curve(plot, label, runs.alpha, np.asarray(columns["eps_g"]), story)
    if not (as_json and output is None):
        for path in (output, plot, resume):
            if path is not None:
                print(f"wrote {path}")


def _start(network: Mapping[str, str], file: str | None) -> tuple[dict[str, Any], dict[str, Any], tuple[Any, Any]]:
    """Arguments of `simulate`, how to state them, and what the convention makes of eta and eps_g."""
    from fractions import Fraction

    from symsl.simulation import diagonal_inputs
    from symsl.spectrum import Spectrum

    if file is not None:
        state, about = read_state("simulate", network, file)
        student, teacher = state.weights()
        inputs = diagonal_inputs(state.spectrum, state.N)
        start = {"inputs": inputs, "K": state.K, "M": state.M, "J": student, "B": teacher}
        return start, about, (state.paper_learning_rate(Fraction(1)), state.error_factor)
    if "output" in network:
        raise UsageError("simulate: output is for state files; without one it is the paper's (Eq. 2)")
    keys = {name: network.get(name, default) for name, default in NETWORK.items() if name != "output"}
    missing = [name for name, value in keys.items() if value is None]
    if missing:
        raise UsageError(f"simulate needs {', '.join(missing)} (random networks, Sec. 3), or --state FILE")
    inputs = diagonal_inputs(Spectrum.power_law(keys.pop("L"), keys.pop("beta")), keys.pop("N"))
    about = {name: str(network.get(name, default)) for name, default in NETWORK.items() if name != "output"}
    return {"inputs": inputs, **keys}, about, (Fraction(1), Fraction(1))
