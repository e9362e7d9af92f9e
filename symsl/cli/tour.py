"""`symsl tour`: what the toolkit does, in under a minute, with files to look at afterwards."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from symsl.cli.assignments import read_assignments
from symsl.cli.evaluate import Answer, compute
from symsl.cli.verify import run_derivations
from symsl.equations import equation
from symsl.erf.state import State
from symsl.errors import UsageError
from symsl.export.data import json_text
from symsl.export.document import article
from symsl.figures.curve import Curve, save_curves
from symsl.files import write_whole
from symsl.latex import fragment
from symsl.precision import exact_integer
from symsl.spectrum import Spectrum

DERIVATIONS = ("companion", "escape_time", "late_phase")
SEED = 17
_LINEAR = "beta=1/2 eta=1/2 sigma_J=1/100"
_PICTURE_SIZES = (8, 32, 128, 512)


def run_tour(folder: Path) -> int:
    """Verify, evaluate, typeset, draw; print each step with its command and its time. 0 if everything agrees."""
    start = time.perf_counter()
    _make(folder)
    answers: list[Answer] = []
    with _step(1, "Derivations: every claim is proved, and its deliberately wrong twin refuted"):
        status = run_derivations(list(DERIVATIONS))
    with _step(2, "Eq. 6, the learning curve of the linear network at any learning rate, by two routes"):
        pair = [_evaluate(f"6 L=32 {_LINEAR} alpha=100", 50, route) for route in ("eigenbasis", "companion")]
        agree = _overlap(*pair)
        answers += [*pair, _evaluate(f"6 L=256 {_LINEAR} alpha=100", 50, "eigenbasis")]
    with _step(3, "Eq. 15, the escape time from the plateau"):
        answers.append(_evaluate("15 M=2 L=8 beta=1 eta=1", 50))
    with _step(4, f"Eq. 17, the late phase, from concrete weights (256 modes, seed {SEED}), by two routes"):
        state = folder / "state.json"
        late_state(Spectrum.power_law(256, "1/2"), SEED).save(state)
        pair = [_late_phase(state, route) for route in ("eigenbasis", "companion")]
        agree = _overlap(*pair) and agree
        answers += pair
    with _step(5, "Eq. 15 in LaTeX"):
        entry = equation("15")
        print(entry.latex())
        write_whole(folder / "escape-time.tex", article([entry]))
    with _step(6, f"A picture: learning curves of Eq. 6 for L = {', '.join(map(str, _PICTURE_SIZES))}"):
        answers += _draw(folder / "learning-curves.pdf")
    write_whole(folder / "results.json", json_text([answer.as_data() for answer in answers]))
    print(f"Done in {time.perf_counter() - start:.1f} s. Files, with their provenance:")
    for path in sorted(folder.iterdir()):
        print(f"  {path}")
    return status if agree else 1


def late_state(spectrum: Spectrum, seed: object) -> State:
    """Two students near their teachers, as late in training: J = B + B'/100, with B and B' drawn with a seed.

    One input direction for each eigenvalue (N = L), so that no two modes deviate alike.
    """
    teacher = State.random(spectrum, K=2, M=2, N=spectrum.L, seed=seed, sigma_J=0).weights()[1]
    other = State.random(spectrum, K=2, M=2, N=spectrum.L, seed=exact_integer(seed, "seed") + 1, sigma_J=0).weights()[1]
    return State.from_weights(spectrum, teacher + other / 100, teacher)


def _late_phase(state: Path, route: str) -> Answer:
    return _evaluate(f"17 state={shlex.quote(str(state))} eta=1/10 alpha=1000", 50, route)


def _evaluate(request: str, digits: int, route: str | None = None) -> Answer:
    """Print the command that does the same, its answer, and how it was reached."""
    print(f"$ symsl eval {request} --digits {digits}{f' --route {route}' if route else ''}")
    key, *assignments = shlex.split(request)
    answer = compute(equation(key), read_assignments(assignments), digits, route)
    print(f"{answer.first}\n{answer.how()}")
    return answer


def _overlap(one: Answer, two: Answer) -> bool:
    agree = one.first.overlaps(two.first)
    print(f"The enclosures of both routes {'overlap' if agree else 'DO NOT OVERLAP'}.")
    return agree


def _draw(path: Path) -> list[Answer]:
    entry = equation("6")
    answers = [
        compute(entry, read_assignments([f"L={L}", *_LINEAR.split(), "alpha=1e-1:3e3:61"]), 15) for L in _PICTURE_SIZES
    ]
    curves = [
        Curve.from_certified(f"$L = {answer.parameters['L']}$", answer.times, answer.series) for answer in answers
    ]
    about: dict[str, Any] = answers[0].provenance()
    about["parameters"] = {**about["parameters"], "L": ",".join(map(str, _PICTURE_SIZES))}
    save_curves(path, curves, f"${fragment(entry.statement.lhs)}$", about)
    print(f"wrote {path}")
    return answers


@contextmanager
def _step(number: int, title: str) -> Iterator[None]:
    print(f"{number}. {title}")
    start = time.perf_counter()
    yield
    print(f"   ({time.perf_counter() - start:.1f} s)\n", flush=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the directory {folder}: {error.strerror}") from None
