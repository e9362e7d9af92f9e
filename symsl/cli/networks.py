"""What `symsl solve`, `symsl simulate` and `symsl compare` share: networks from key=value or a file, and tables."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import combinations_with_replacement, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symsl.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

    from symsl.erf.state import State

NETWORK = {"K": None, "M": None, "L": None, "beta": "1", "N": None, "sigma_J": "1/100", "seed": "0", "output": "paper"}
"""Keys that make random networks (Sec. 3), and their defaults; a state file stands for all of them."""
_LARGEST_TIME = 10**300
TABLE_SUFFIXES = (".csv", ".json", ".npz")


def separated(verb: str, given: Mapping[str, str], own: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The keys of the network, and the others, which must be among `own`."""
    import difflib

    known = [*NETWORK, *own]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.3)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"{verb} has no parameter {name}; it takes {', '.join(known)}{hint}")
    network = {name: value for name, value in given.items() if name in NETWORK}
    return network, {name: value for name, value in given.items() if name not in NETWORK}


def read_state(verb: str, network: Mapping[str, str], file: str | None) -> tuple[State, dict[str, Any]]:
    """The starting state and how to state it: from the file, or random networks of these keys."""
    from symsl.erf.state import State
    from symsl.files import read_bytes
    from symsl.spectrum import Spectrum

    if file is not None:
        if network:
            raise UsageError(f"{verb}: {', '.join(network)} and --state exclude each other; the file holds these")
        state = State.load(file)
        about = {"state": f"sha256:{sha256(read_bytes(file)).hexdigest()}", **state.spectrum.describe()}
        return state, about | {"K": str(state.K), "M": str(state.M), "output": state.output}
    keys = {name: network.get(name, default) for name, default in NETWORK.items()}
    missing = [name for name, value in keys.items() if value is None]
    if missing:
        raise UsageError(f"{verb} needs {', '.join(missing)} (random networks, Sec. 3), or --state FILE")
    spectrum = Spectrum.power_law(keys["L"], keys["beta"])
    names = ("K", "M", "N", "seed", "sigma_J")
    state = State.random(spectrum, **{name: keys[name] for name in names}, output=str(keys["output"]))
    return state, {name: str(value) for name, value in keys.items()}


def required(verb: str, own: Mapping[str, str], name: str, meaning: str) -> str:
    """The value of a parameter without default."""
    if name not in own:
        raise UsageError(f"{verb} needs {name} ({meaning})")
    return own[name]


def times_of(verb: str, alpha: str | None) -> tuple[list[str], list[float]]:
    """The times as exact texts and as doubles."""
    from symsl.cli.assignments import read_times
    from symsl.erf.times import increasing_times
    from symsl.precision import exact

    if alpha is None:
        raise UsageError(f"{verb} needs its times: --alpha lo:hi:n, for example 1e-1:1e6:121, or --alpha 0,1,10")
    times = read_times(alpha)
    texts = times if isinstance(times, list) else [times]
    values = [exact(text, "alpha", verb) for text in texts]
    doubles = [float(value) if value < _LARGEST_TIME else math.inf for value in values]
    return texts, increasing_times(doubles, verb).tolist()


def say_if_unstable(K: int, M: int, eta: Fraction, activation: str = "erf", u_1: float = 1.0) -> None:
    """A line on stderr where `eta`, in the paper's convention, is above the rate up to which students converge.

    For linear units 2K/(M u_1) (Sec. 4.1, with M/K eta for eta), for erf units and K = M that of the specialised phase.
    """
    import sys

    from symsl.erf.late_phase_exact import critical_learning_rate

    if activation == "linear":
        critical, name = 2 * K / (M * u_1), "2K/(M u_1)"
    elif K == M:
        critical, name = float(critical_learning_rate(M).mid()) / u_1, "entry late-phase-critical-learning-rate"
    else:
        return
    if eta > critical:
        print(
            f"note: eta is above the critical learning rate {critical:.5g} ({name}, N to infinity): the students do "
            "not converge to the teachers",
            file=sys.stderr,
        )


def columns_of(K: int, M: int) -> tuple[list[str], list[tuple[int, int]], list[tuple[int, int]]]:
    """Names Q_ij (i <= j) and R_in, counted from 1, and their places."""
    pairs = list(combinations_with_replacement(range(K), 2))
    crossed = list(product(range(K), range(M)))
    names = [f"Q_{i + 1}_{j + 1}" for i, j in pairs] + [f"R_{i + 1}_{n + 1}" for i, n in crossed]
    return names, pairs, crossed


def rows_of(
    times: Iterable[float], columns: Mapping[str, np.ndarray[Any, Any]], Q: Any, R: Any
) -> tuple[list[str], list[dict[str, float]]]:
    """Column names and rows: alpha, the given columns, and the order parameters of order 1 (times, K, .)."""
    names, pairs, crossed = columns_of(R.shape[-2], R.shape[-1])
    rows = []
    for index, time in enumerate(times):
        parameters = [Q[index][place] for place in pairs] + [R[index][place] for place in crossed]
        values = [time, *(column[index] for column in columns.values()), *parameters]
        rows.append(dict(zip(["alpha", *columns, *names], map(float, values), strict=True)))
    return ["alpha", *columns, *names], rows


def write_table(
    output: Path | None,
    as_json: bool,
    names: Sequence[str],
    rows: Sequence[Mapping[str, float]],
    arrays: Mapping[str, Any],
    about: Mapping[str, Any],
) -> None:
    """The table as CSV, JSON or npz, whole or not at all; printed where no file is wanted."""
    import json

    import numpy as np

    from symsl.export.data import csv_text, json_text
    from symsl.files import write_whole

    suffix = output.suffix.lower() if output is not None else ""
    if output is not None and suffix == ".npz":
        content = io.BytesIO()
        np.savez(content, **arrays, provenance=np.array(json.dumps(about)))
        write_whole(output, content.getvalue())
    data = {"columns": list(names), "rows": [[row[name] for name in names] for row in rows], "provenance": about}
    text = json_text(data) if suffix == ".json" or as_json else csv_text(names, rows, about)
    if output is not None and suffix != ".npz":
        write_whole(output, text)
    elif output is None:
        print(text, end="")


def draw_curve(path: Path, label: str, alpha: Any, eps_g: Any, about: Mapping[str, Any]) -> None:
    """The learning curve as PDF or PNG."""
    from symsl.figures.curve import Curve, save_curves

    save_curves(path, [Curve(label, list(alpha), list(eps_g))], r"$\epsilon_g$", about)


def label_of(state: State, eta: object) -> str:
    """A legend: sizes and learning rate."""
    return f"$K = {state.K}$, $M = {state.M}$, $L = {state.L}$, $\\eta = {eta}$"
