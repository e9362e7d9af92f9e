"""Standard parameters: where the book, the site and the tests evaluate an equation when nobody has said where.

They go by the parameter's name, which means the same everywhere; an equation that needs others says so below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symsl.errors import UsageError

if TYPE_CHECKING:
    from symsl.equations.model import Equation

STANDARD = {
    "L": "8",
    "beta": "1/2",
    "eta": "1/10",
    "sigma_J": "1/100",
    "alpha": "10",
    "M": "2",
    "N": "1000",
    "N_l": "4",
    "D": "0",
    "D2": "0",
    "T_l": "3/2",
    "D_l": "1/5",
    "Delta_P": "1/10",
    "b": "1",
    "w_d": "1/100",
    "w_o": "-1/200",
    "W": "3/2",
    "r": "-1/20",
    "s": "1/100",
    "k": "2",
    "l": "2",
    "j": "2",
    "row": "0",
    "column": "1",
    "x": "1/3",
    **{f"C{i}{j}": "1" if i == j else f"1/{i + 2 * j}" for i in range(1, 5) for j in range(i, 5)},
    "d": "1000",
    "n": "300",
    "gamma": "1",
    "Delta": "1/10",
    "lam": "1/20",
    "K": "10",
    "m": "7/10",
    "a": "13/10",
    "p": "9/10",
    "ratio": "1/10",
}
OTHERWISE: dict[str, dict[str, str]] = {
    "56": {"L": "4"},
    "88": {"N": "64", "N_l": "32"},
    "quadratic-state-evolution": {"n": "30000"},
}


def standard_parameters(entry: Equation) -> dict[str, str]:
    """The parameters at which an equation is evaluated by default, as exact texts; defaults of its own are kept."""
    if entry.evaluation is None:
        return {}
    known = STANDARD | OTHERWISE.get(entry.id, {})
    names = ["L", "beta"] if entry.evaluation.spectrum else []
    needed = [p.name for p in entry.evaluation.parameters if p.default is None and p.kind != "file"]
    missing = [name for name in needed if name not in known]
    if missing:
        raise UsageError(
            f"equation {entry.id}: no standard value for {', '.join(missing)} (symsl/equations/standard.py)"
        )
    return {name: known[name] for name in (*names, *needed)}
