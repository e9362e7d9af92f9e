"""`symsl simulate --network diagonal|quadratic`: networks with weight decay, trained on fresh data, to a table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symsl.cli.networks import write_table
from symsl.errors import ParameterError, UsageError

if TYPE_CHECKING:
    from symsl.weight_decay import PowerLawTarget
    from symsl.weight_decay.experiments import Experiment

NEEDED = {"d": "number of inputs", "gamma": "exponent of the target, > 1/2", "n": "number of samples",
          "Delta": "variance of the label noise", "lam": "weight decay"}  # fmt: skip
DEFAULTS = {"c": "1", "solver": "convex", "trials": "10", "seed": "0"}
OF_THE_MATRIX = {"features": "gaussian", "signed": "0"}
KEYS = {"diagonal": DEFAULTS, "quadratic": DEFAULTS | OF_THE_MATRIX}
TABLE_SUFFIXES = (".csv", ".json", ".npz")
COLUMNS = ("R", "train", "active")


def run_sparse(
    network: str,
    given: Mapping[str, str],
    *,
    as_json: bool,
    output: Path | None,
    plot: Path | None,
    refused: Mapping[str, bool],
) -> None:
    """Train, and put the measured risk beside the one of the state evolution; `refused` are options of SGD."""
    from symsl.files import provenance, require_writable
    from symsl.weight_decay import PowerLawTarget

    for option, used in refused.items():
        if used:
            raise UsageError(f"{option} belongs to online SGD, not to --network {network}, which has no times")
    values = _values(network, given)
    for path, suffixes in ((output, TABLE_SUFFIXES), (plot, (".pdf", ".png"))):
        if path is not None:
            require_writable(path, suffixes)
    target = PowerLawTarget(values["gamma"], values["d"], values["c"])
    expected = _expected(network, values, target)
    measured = _trained(network, values, target)
    about = provenance(
        command=f"simulate --network {network}",
        parameters=values,
        measured={name: [getattr(measured, name).mean, getattr(measured, name).error] for name in COLUMNS},
        state_evolution=expected,
        columns="a row a trial: excess risk, training error, nonzero weights; measured: mean, standard error; float64",
    )
    rows = [{"trial": k, "R": R, "train": train, "active": int(count)}
            for k, (R, train, count) in enumerate(measured.trials.tolist())]  # fmt: skip
    if output is not None or as_json or plot is None:
        arrays = {"weights": measured.weights, "trials": measured.trials}
        write_table(output, as_json, ["trial", *COLUMNS], rows, arrays, about)
    if plot is not None:
        _draw(plot, network, values, measured, target, about)
    if output is not None or plot is not None:
        print(*_lines(measured, expected), sep="\n")
        for path in (output, plot):
            if path is not None:
                print(f"wrote {path}")


def _values(network: str, given: Mapping[str, str]) -> dict[str, str]:
    """Every key with its value."""
    import difflib

    if network not in KEYS:
        raise UsageError(
            f"simulate has no network {network!r}; --network is diagonal or quadratic (without it: online SGD)"
        )
    known = [*NEEDED, *KEYS[network]]
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.3)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"simulate --network {network} has no parameter {name}; it takes {', '.join(known)}{hint}")
    missing = [f"{name} ({meaning})" for name, meaning in NEEDED.items() if name not in given]
    if missing:
        raise UsageError(f"simulate --network {network} needs {', '.join(missing)}")
    return {name: given.get(name, KEYS[network].get(name, "")) for name in known}


def _trained(network: str, values: Mapping[str, str], target: PowerLawTarget) -> Experiment:
    from symsl.weight_decay.experiments import lasso_experiment, matrix_experiment

    problem = target, values["n"], values["Delta"], values["lam"]
    options: dict[str, Any] = {"solver": values["solver"], "trials": values["trials"], "seed": values["seed"]}
    if network == "diagonal":
        return lasso_experiment(*problem, **options)
    return matrix_experiment(*problem, features=values["features"], signed=_signed(values), **options)


def _signed(values: Mapping[str, str]) -> bool:
    if values["signed"] not in ("0", "1"):
        raise ParameterError("simulate", "signed", values["signed"], "signed = 0 or 1", "write signed=1")
    return values["signed"] == "1"


def _state(network: str, values: Mapping[str, str], target: PowerLawTarget) -> Any:
    from symsl.weight_decay import lasso_float64, quadratic_float64

    if network == "diagonal":
        return lasso_float64(target, values["n"], values["Delta"], lam=values["lam"])
    return quadratic_float64(target, values["n"], values["Delta"], lam=values["lam"], signed=_signed(values))


def _expected(network: str, values: Mapping[str, str], target: PowerLawTarget) -> dict[str, Any]:
    """What the state evolution says: of the number of nonzero eigenvalues only the trained spectrum knows."""
    state = _state(network, values, target)
    if network == "diagonal":
        return {"method": "sums", "R": state.R, "train": state.train, "active": state.dof}
    told = {"method": "free convolution, corrections O(1/d)", "R": state.R, "train": state.train}
    return told if _signed(values) else told | {"active": _spectrum(network, target, state).count(0.0)}


def _spectrum(network: str, target: PowerLawTarget, state: Any) -> Any:
    from symsl.weight_decay import DiagonalSpectrum, QuadraticSpectrum

    return DiagonalSpectrum(target, state) if network == "diagonal" else QuadraticSpectrum(target, state)


def _lines(measured: Experiment, expected: Mapping[str, Any]) -> list[str]:
    lines = []
    for name in COLUMNS:
        value = getattr(measured, name)
        theory = f"{expected[name]:.6g}" if name in expected else "-"
        lines.append(f"{name:<7} measured {value.mean:.6g} +- {value.error:.2g}   state evolution {theory}")
    return lines


def _draw(
    path: Path,
    network: str,
    values: Mapping[str, str],
    measured: Experiment,
    target: PowerLawTarget,
    about: Mapping[str, Any],
) -> None:
    """How many trained weights are larger than x: the mean of the trials, and the state evolution."""
    from symsl.figures.trained_weights import save_counts

    signed = network == "quadratic" and _signed(values)
    spectrum = None if signed else _spectrum(network, target, _state(network, values, target))
    save_counts(path, measured.weights, spectrum, about)
