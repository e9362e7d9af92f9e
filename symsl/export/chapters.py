"""What the book and the site say about each equation: its mark, the steps that lead to it, and a certified value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from symsl.equations.model import Equation, Kind
from symsl.equations.standard import standard_parameters
from symsl.export.prose import FUNCTIONS, GREEK
from symsl.export.steps import NOT_RUN, Step
from symsl.symbols import LATEX
from symsl.verification import load_derivation

MARKS = {
    Kind.DEFINITION: "definition",
    Kind.PROVED: "proved",
    Kind.EXACT: "exact",
    Kind.ENCLOSED: "enclosed",
    Kind.NUMERICAL: "numerical",
    Kind.OPEN: "open",
}
DIGITS = 20


@dataclass(frozen=True)
class Chapter:
    """An equation with its mark (one word of `MARKS`) and its evidence in full.

    `premises` stand with the first equation of a derivation; the others continue `after` the equation before them.
    `values` are certified decimals at `parameters`.
    """

    entry: Equation
    mark: str
    evidence: str
    premises: str
    after: str | None
    steps: tuple[Step, ...]
    parameters: Mapping[str, str]
    values: Mapping[str, str]


def section_title(section: str) -> str:
    """What the heading over the equations of a section says."""
    return f"Section {section} of the paper" if re.match(r"[0-9A-Z](\.|$)", section) else f"Beyond the paper: {section}"


def capitalised(text: str) -> str:
    """The text of a step with a capital at its beginning, if a word stands there and not a symbol."""
    first = re.match(r"[a-z]{2,}(?=[ ,:]|$)", text)
    return text[0].upper() + text[1:] if first and first[0] not in {*LATEX, *GREEK, *FUNCTIONS} else text


def derivations_of(entries: Sequence[Equation]) -> list[str]:
    """The derivations that these equations rest on, in order."""
    return list(dict.fromkeys(entry.derivation for entry in entries if entry.derivation))


class _Leads(Protocol):
    @property
    def entry(self) -> str | None: ...


S = TypeVar("S", bound=_Leads)


def by_equation(derivation: Sequence[S]) -> dict[str, tuple[str | None, list[S]]]:
    """Equation -> the equation it continues after (None: from the premises), and the steps that lead to it."""
    found: dict[str, tuple[str | None, list[S]]] = {}
    last: str | None = None
    waiting: list[S] = []
    for step in derivation:
        waiting.append(step)
        if step.entry is not None:
            found.setdefault(step.entry, (last, []))[1].extend(waiting)
            waiting, last = [], step.entry
    if last is not None:
        found[last][1].extend(waiting)
    return found


def chapters(entries: Sequence[Equation], steps: Mapping[str, Sequence[Step]]) -> Iterator[Chapter]:
    """The chapters in the given order. Each step stands with the equation that it leads to next.

    An equation whose derivation has a step that was run and does not stand is marked "open".
    """
    placed = {key: found for derivation in steps.values() for key, found in by_equation(derivation).items()}
    for entry in entries:
        mark, evidence = MARKS[entry.evidence.kind], str(entry.evidence)
        derivation = steps.get(entry.derivation or "", ())
        if any(step.verdict != NOT_RUN and not step.stands for step in derivation):
            mark, evidence = "open", f"{evidence}, but a step of the derivation does not stand"
        previous, own = placed.get(entry.id, (None, []))
        first = bool(entry.derivation) and previous is None
        parameters: dict[str, Any] = standard_parameters(entry)
        found = entry.values(**parameters, digits=DIGITS) if entry.evaluation else {}
        yield Chapter(
            entry,
            mark,
            evidence,
            load_derivation(str(entry.derivation)).premises if first else "",
            previous,
            tuple(own),
            parameters,
            {name: str(value) for name, value in found.items()},
        )
