"""`symsl list` and `symsl show`: the catalogue in words."""

from __future__ import annotations

import difflib
import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from symsl.cli.progress import waiting
from symsl.errors import UsageError

if TYPE_CHECKING:
    from symsl.equations import Equation
    from symsl.equations.evaluation import Evaluation, Parameter
    from symsl.verification import Claim

_LARGEST_DRAWN = 150  # operations
_LISTED = ("equation", "name", "title", "evidence")


def run_list(words: Sequence[str], section: str | None, *, as_json: bool) -> None:
    """Print the equations, or those of a section (with its subsections) that have all `words` in name or title."""
    from symsl.equations import EQUATIONS
    from symsl.export.data import json_text

    chosen = [entry for entry in EQUATIONS if section is None or f"{entry.section}.".startswith(f"{section}.")]
    if section is not None and not chosen:
        known = ", ".join(dict.fromkeys(entry.section for entry in EQUATIONS))
        raise UsageError(f"list: no equations in section {section}; the catalogue has {known or 'no equations'}")
    if words:
        chosen = [entry for entry in chosen if all(_mentions(entry, word.lower()) for word in words)]
        if not chosen:
            raise UsageError(f"list: no equation with {' and '.join(words)} in its name or title{_nearest(words)}")
    if as_json:
        print(json_text([_summary(entry) for entry in chosen]), end="")
    elif sys.stdout.isatty():
        _print_table(_LISTED, ([_summary(entry)[column] for column in _LISTED] for entry in chosen))
    else:
        for entry in chosen:
            print("\t".join(_summary(entry)[column] for column in _LISTED))


def _mentions(entry: Equation, word: str) -> bool:
    return word.strip("()") == entry.id or word in entry.name or word in entry.title.lower()


def _nearest(words: Sequence[str]) -> str:
    """The words of the catalogue that look like these."""
    from symsl.equations import EQUATIONS

    known = {part for entry in EQUATIONS for part in (*entry.name.split("-"), *entry.title.lower().split())}
    known = {part.strip("(),.") for part in known}
    near = sorted({match for word in words for match in difflib.get_close_matches(word.lower(), known, 2, 0.7)})
    return f"; nearest words: {', '.join(near)}" if near else "; `symsl list` has them all"


def run_show(key: str, *, derivation: bool = False, as_json: bool) -> None:
    """Print everything the catalogue knows about an equation, with `derivation` also the steps that lead to it."""
    from symsl.equations import equation
    from symsl.export.data import json_text

    entry = equation(key)
    if as_json:
        print(json_text(_everything(entry)), end="")
        return
    print(f"{entry.title}\n{entry.reference}; name: {entry.name}\n")
    print(_indented(_mathematics(entry)))
    if entry.quantities:
        print("\nSymbols")
        _print_columns([(str(q.symbol), q.meaning, q.domain) for q in entry.quantities])
    if entry.assumptions:
        print("\nAssumptions")
        print("\n".join(f"  {assumption}" for assumption in entry.assumptions))
    print(f"\nEvidence: {entry.evidence}")
    if entry.derivation:
        steps = "" if derivation else f"its steps: symsl show {entry.id} --derivation; "
        print(f"Derivation: derivations/{entry.derivation}.py ({steps}run it: symsl verify {entry.id})")
    if entry.depends_on:
        print(f"Depends on: {', '.join(entry.depends_on)}")
    if entry.remark:
        print(f"Remark: {entry.remark}")
    if entry.evaluation:
        print(f"\nEvaluate: symsl eval {entry.id} {' '.join(_example(entry.evaluation))}")
        _print_columns([(p.name, p.meaning, _condition(p)) for p in parameters(entry.evaluation)])
        print(f"  routes: {', '.join(route.name for route in entry.evaluation.routes)}")
    print(f"\nLaTeX\n  {entry.latex()}")
    if derivation:
        _print_steps(entry)


def parameters(evaluation: Evaluation) -> tuple[Parameter, ...]:
    """All parameters of the command line: those of the spectrum first."""
    from symsl.equations.evaluation import Parameter

    spectrum = (
        Parameter("L", "number of distinct eigenvalues", "integer"),
        Parameter("beta", "power-law exponent of the spectrum (Eq. 1)"),
    )
    return (*(spectrum if evaluation.spectrum else ()), *evaluation.parameters)


def _summary(entry: Equation) -> dict[str, str]:
    return {
        "equation": entry.id,
        "name": entry.name,
        "title": entry.title,
        "section": entry.section,
        "evidence": str(entry.evidence),
    }


def _everything(entry: Equation) -> dict[str, Any]:
    from symsl.latex import fragment

    symbols = [
        {"symbol": str(q.symbol), "latex": fragment(q.symbol), "meaning": q.meaning, "domain": q.domain}
        for q in entry.quantities
    ]
    return _summary(entry) | {
        "reference": entry.reference,
        "statement": str(entry.statement),
        "latex": entry.latex(),
        "symbols": symbols,
        "assumptions": list(entry.assumptions),
        "derivation": entry.derivation,
        "depends_on": list(entry.depends_on),
        "remark": entry.remark,
        "evaluation": _evaluation(entry.evaluation) if entry.evaluation else None,
    }


def _evaluation(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "parameters": [
            {"name": p.name, "meaning": p.meaning, "kind": p.kind, "default": p.default, "condition": _condition(p)}
            for p in parameters(evaluation)
        ],
        "routes": [route.name for route in evaluation.routes],
        "outputs": list(evaluation.outputs),
    }


_KINDS = {
    "integer": "integer",
    "flag": "0 or 1",
    "times": "one time or several",
    "numbers": "one or L",
    "file": "a file",
}


def _condition(parameter: Parameter) -> str:
    """ "integer, > 0, default 2": what is accepted, in a few words."""
    parts = _KINDS.get(parameter.kind, "")
    bounds = [f"> {parameter.above}"] if parameter.above is not None else []
    bounds += [f">= {parameter.at_least}"] if parameter.at_least is not None else []
    default = [f"default {parameter.default}"] if parameter.default else ["optional"] if parameter.optional else []
    return ", ".join(part for part in (parts, *bounds, *default) if part)


def _example(evaluation: Evaluation) -> Iterable[str]:
    """Every required parameter, to be filled in."""
    return (
        f"{parameter.name}=..."
        for parameter in parameters(evaluation)
        if parameter.default is None and not parameter.optional
    )


def _mathematics(entry: Equation) -> str:
    """The statement as it would be written, or in one line where that is wider than the terminal."""
    text = _drawn(entry.statement)
    fits = max(len(line) for line in text.splitlines()) <= _room()
    return text if fits or not sys.stdout.isatty() else f"{entry.statement.lhs} = {entry.statement.rhs}"


def _print_steps(entry: Equation) -> None:
    """The steps that lead to an equation: their words, and their mathematics where it fits the terminal."""
    if entry.derivation is None:
        print("\nDerivation: none, this is a definition")
        return
    from symsl.export.chapters import by_equation, capitalised
    from symsl.verification import load_derivation

    derivation = load_derivation(entry.derivation)
    with waiting("reading the derivation"):
        after, claims = by_equation(list(derivation.claims())).get(entry.id, (None, []))
    print(f"\nSteps, after Eq. {after}" if after else f"\nSteps from the premises: {derivation.premises}")
    for number, claim in enumerate(claims, start=1):
        goal = f" -> Eq. {claim.entry}" if claim.entry else ""
        print(f"\n  {number}. {capitalised(claim.text)}{goal} [{claim.kind.value}]\n")
        print(_indented(_indented(_identity(claim))))


def _identity(claim: Claim) -> str:
    """Both sides of the claim (of its second case, as the first is often trivial) as drawn, if they fit."""
    import sympy as sp

    case = list(islice(claim.cases(), 2))[-1]
    left, right = sp.sympify(case.lhs), sp.sympify(case.rhs)
    operations = sum(int(part.count_ops()) for side in (left, right) for part in _parts(side))
    if operations <= _LARGEST_DRAWN:
        joined = left if left == right else sp.Eq(left, right, evaluate=False)
        for text in (_drawn(joined), f"{_drawn(left)}\n\n=\n\n{_drawn(right)}"):
            if max(map(len, text.splitlines())) <= _room() - 4:
                return text if left != right else f"both sides come out as\n\n{text}"
    return f"{operations} operations on both sides; the book has it in outline: symsl book --html DIR"


def _parts(side: Any) -> Iterable[Any]:
    return side if hasattr(side, "applyfunc") else (side,)


def _drawn(expression: Any) -> str:
    from symsl.export.layout import drawn

    return drawn(expression, use_unicode=(sys.stdout.encoding or "").lower().startswith("utf"))


def _room() -> int:
    return shutil.get_terminal_size((120, 24)).columns - 2


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _print_columns(rows: Sequence[tuple[str, str, str]]) -> None:
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    for symbol, meaning, domain in rows:
        print(f"  {symbol:<{first}}  {meaning:<{second}}  {domain}".rstrip())


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    Console().print(table, markup=False)
