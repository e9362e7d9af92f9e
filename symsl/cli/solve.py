"""`symsl solve`: the order-parameter equations from a state, to a table with provenance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from symsl.cli.networks import (
    TABLE_SUFFIXES,
    draw_curve,
    label_of,
    read_state,
    required,
    rows_of,
    say_if_unstable,
    separated,
    times_of,
    write_table,
)
from symsl.cli.progress import reaching

OWN = ("eta", "order")


def run_solve(
    given: Mapping[str, str],
    *,
    alpha: str | None,
    state_file: str | None,
    rtol: float,
    as_json: bool,
    output: Path | None,
    plot: Path | None,
    save_start: Path | None,
    save_end: Path | None,
) -> None:
    """Solve, write or print the table, and draw it; files are asked about before anything is computed."""
    import math

    from symsl.erf.solve import solve
    from symsl.files import provenance, require_writable
    from symsl.precision import exact, exact_integer

    network, own = separated("solve", given, OWN)
    eta = exact(required("solve", own, "eta", "learning rate"), "eta", "solve")
    order = exact_integer(own.get("order", "1"), "order", "solve")
    _, times = times_of("solve", alpha)
    for path, suffixes in (
        (output, TABLE_SUFFIXES),
        (plot, (".pdf", ".png")),
        (save_start, _STATES),
        (save_end, _STATES[:1]),
    ):
        if path is not None:
            require_writable(path, suffixes)
    start, about = read_state("solve", network, state_file)
    if save_start is not None:
        start.save(save_start)
    if order == 2:
        say_if_unstable(start.K, start.M, start.paper_learning_rate(eta), u_1=float(start.spectrum.moment(1).mid()))
    with reaching("solving", math.log1p(times[-1])) as reached:
        curve = solve(
            start,
            eta,
            times,
            order=order,
            rtol=rtol,
            modes=save_end is not None,
            progress=lambda time, _: reached(math.log1p(time)),
        )
    parameters = about | {"eta": str(eta), "order": order, "rtol": rtol, "alpha": alpha}
    story = provenance(
        command="solve", parameters=parameters, arithmetic="float64, not certified", steps=curve.steps,
        equations="Eqs. 92-94" if order == 1 else "Eqs. 92-94 with the eta^2 term",
    )  # fmt: skip
    names, rows = rows_of(times, {"eps_g": curve.eps_g}, curve.Q, curve.R)
    arrays = {"alpha": curve.alpha, "eps_g": curve.eps_g, "Q": curve.Q, "R": curve.R, "T": curve.T}
    if output is not None or as_json or (plot is None and save_start is None and save_end is None):
        write_table(output, as_json, names, rows, arrays, story)
    if plot is not None:
        draw_curve(plot, label_of(start, eta), curve.alpha, curve.eps_g, story)
    if save_end is not None:
        curve.state(-1).save(save_end)
    written = [path for path in (output, plot, save_start, save_end) if path is not None]
    for path in written if not (as_json and output is None) else []:
        print(f"wrote {path}")


_STATES = (".json", ".npz")
"""A state without weights, as that of the end, is written as JSON only."""
