"""State files: how a `State` is written down and read again, without loss.

JSON, by hand or by `State.save`:

    {"format": "symsl-state", "version": 1, "kind": "weights" | "modes", "output": "paper",
     "spectrum": {"L": "4", "beta": "1/2"}   or   {"eigenvalues": ["1/2", "3/2"]},
     "student": [[...]], "teacher": [[...]]      (kind "weights": K rows and M rows of N numbers), or
     "Q": ..., "R": ..., "T": ...                (kind "modes": one matrix each, or a list of L matrices)}

Text such as "1/3" or "0.1" is exact in both kinds. A JSON number is a double, bit for bit, in "weights", which are
data, and the decimal it prints as in "modes", which people write. "output" is optional (see `State`), and other keys
are ignored. Irrational eigenvalues are text as well, such as "sqrt(2)/2" (see `symsl.erf.exact_text`).

"output" says which sums of hidden units the learning rate and eps_g of the run refer to. Peers' codes for isotropic
inputs (L = 1) mostly use "plain sum", or 1/sqrt K ("paper" for K = M), or 1/K ("mean"), and time p/N as here; a code
that multiplies time by eta has alpha = t/eta.

npz (weights only): the float64 arrays `student`, `teacher` and the text arrays `spectrum` (JSON as above), `output`.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from symsl.erf.exact_matrices import as_double
from symsl.erf.exact_text import read_constant, write_constant
from symsl.erf.state import State
from symsl.errors import SymslError, UsageError
from symsl.files import provenance, read_bytes, require_writable, write_whole
from symsl.precision import exact
from symsl.spectrum import Spectrum

FORMAT, VERSION = "symsl-state", 1


def load_state(path: Path) -> State:
    """Read a state file; `UsageError` where it is none, `ParameterError` where its numbers are not those of a state."""
    try:
        content = _read_npz(path) if path.suffix.lower() == ".npz" else _read_json(path)
    except SymslError:
        raise
    except (ValueError, KeyError, zipfile.BadZipFile, RecursionError) as error:
        raise UsageError(f"State.load: {path} is not a state file: {type(error).__name__}: {error}") from None
    spectrum = spectrum_from(content["spectrum"])
    output = str(content.get("output", "paper"))
    if content["kind"] == "weights":
        return State.from_weights(spectrum, content["student"], content["teacher"], output=output)
    return State.from_modes(spectrum, content["Q"], content["R"], content["T"], output=output)


def save_state(state: State, path: Path) -> None:
    """Write `state` whole or not at all; the suffix `.npz` or `.json` decides the format."""
    require_writable(path, (".json", ".npz"))
    spectrum = _spectrum_data(state.spectrum)
    if path.suffix.lower() == ".npz":
        if state.student is None or state.teacher is None or not (_doubles(state.student) and _doubles(state.teacher)):
            raise UsageError("State.save: npz holds weights in double precision only; save to a .json file")
        student, teacher = state.weights()
        arrays: dict[str, Any] = {"student": student, "teacher": teacher}
        texts = {"spectrum": json.dumps(spectrum), "output": state.output, "provenance": json.dumps(provenance())}
        archive = io.BytesIO()
        arrays |= {name: np.array(text) for name, text in texts.items()}
        np.savez(archive, **arrays)
        write_whole(path, archive.getvalue())
        return
    head = {"format": FORMAT, "version": VERSION, "output": state.output, "spectrum": spectrum}
    head["provenance"] = provenance()
    if state.student is not None and state.teacher is not None:
        body = {"kind": "weights", "student": _weights_data(state.student), "teacher": _weights_data(state.teacher)}
    else:
        shared = all(gram is state.grams[0] for gram in state.grams)
        modes = [state.mode(k) for k in range(1, 2 if shared else state.L + 1)]
        data = {name: [_texts(getattr(mode, name)) for mode in modes] for name in ("Q", "R", "T")}
        body = {"kind": "modes", **{name: (value[0] if shared else value) for name, value in data.items()}}
    write_whole(path, json.dumps({**head, **body}, indent=1))


def spectrum_from(data: Any) -> Spectrum:
    """The spectrum that `Spectrum.describe` described."""
    if isinstance(data, dict) and {"L", "beta"} <= data.keys():
        return Spectrum.power_law(data["L"], data["beta"])
    if isinstance(data, dict) and isinstance(data.get("eigenvalues"), list):
        spectrum = Spectrum.from_eigenvalues([_constant(value) for value in data["eigenvalues"]])
        return replace(spectrum, factor=_constant(data.get("factor", 1)))
    raise UsageError('State.load: "spectrum" must hold "L" and "beta", or a list "eigenvalues"')


def _constant(value: Any) -> Any:
    """A number, or text: a rational, or an exact constant such as "sqrt(2)/2"."""
    return read_constant(value, "State.load") if isinstance(value, str) else exact(value, "eigenvalue", "State.load")


def _spectrum_data(spectrum: Spectrum) -> dict[str, object]:
    for value in (*(spectrum.values or ()), spectrum.factor):
        write_constant(value, "State.save")
    return spectrum.describe()


def _read_json(path: Path) -> dict[str, Any]:
    content = json.loads(read_bytes(path))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UsageError(f'State.load: {path} is not a state file: no "format": "{FORMAT}"')
    if content.get("version") != VERSION:
        raise UsageError(f"State.load: {path} has version {content.get('version')}; this program reads {VERSION}")
    names = {"weights": ("student", "teacher"), "modes": ("Q", "R", "T")}.get(content.get("kind", ""))
    if names is None:
        raise UsageError(f'State.load: {path}: "kind" must be "weights" or "modes"')
    for name in ("spectrum", *names):
        if name not in content:
            raise UsageError(f'State.load: {path}: "{name}" is missing')
    return content


def _read_npz(path: Path) -> dict[str, Any]:
    with np.load(io.BytesIO(read_bytes(path)), allow_pickle=False) as archive:
        return {
            "kind": "weights",
            "spectrum": json.loads(str(archive["spectrum"])),
            "output": str(archive["output"]) if "output" in archive else "paper",
            "student": archive["student"],
            "teacher": archive["teacher"],
        }


def _doubles(matrix: fmpq_mat) -> bool:
    return all(fmpq(*as_double(x).as_integer_ratio()) == x for x in matrix.entries())


def _weights_data(matrix: fmpq_mat) -> list[list[Any]]:
    """Numbers where they are doubles (they read back bit for bit), text otherwise."""
    if not _doubles(matrix):
        return _texts(matrix)
    return [[as_double(x) for x in row] for row in matrix.tolist()]


def _texts(matrix: fmpq_mat) -> list[list[Any]]:
    return [[str(x) for x in row] for row in matrix.tolist()]
