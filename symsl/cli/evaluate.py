"""`symsl eval` and `symsl curve`: certified numbers on the screen, as JSON, as a table, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symsl.cli.assignments import read_times
from symsl.cli.progress import waiting
from symsl.errors import ParameterError, UsageError

if TYPE_CHECKING:
    from symsl.equations import Equation
    from symsl.precision import Certified

TABLE_SUFFIXES = (".csv", ".json")
COLUMNS = ("alpha", "value", "radius")


@dataclass(frozen=True)
class Answer:
    """The values of an equation: one for each output, or one for each of the `times` as they were written."""

    entry: Equation
    parameters: Mapping[str, Any]
    digits: int
    values: Mapping[str, Certified]
    times: tuple[str, ...] = ()
    series: tuple[Certified, ...] = ()

    @property
    def first(self) -> Certified:
        return self.series[0] if self.series else next(iter(self.values.values()))

    def provenance(self) -> dict[str, Any]:
        from symsl.files import provenance

        return provenance(
            equation=self.entry.id,
            name=self.entry.name,
            parameters=self.parameters,
            digits=self.digits,
            route=self.first.route,
        )

    def rows(self) -> list[dict[str, Any]]:
        from symsl.export.data import certified_data

        return [{"alpha": time} | certified_data(value) for time, value in zip(self.times, self.series, strict=True)]

    def as_data(self) -> dict[str, Any]:
        from symsl.export.data import certified_data

        data: dict[str, Any] = {"equation": self.entry.id, "name": self.entry.name, "parameters": self.parameters}
        if self.series:
            data["rows"] = self.rows()
        else:
            data |= certified_data(self.first)
        if len(self.values) > 1:
            data["values"] = {name: str(value) for name, value in self.values.items()}
        return data | {
            "digits": self.digits,
            "working_precision": self.first.bits,
            "route": self.first.route,
            "provenance": self.provenance(),
        }

    def how(self) -> str:
        """One line: what is certain, at which working precision, by which route."""
        value = self.first
        return f"{self.digits} digits certified; working precision {value.bits} bits; route {value.route}"


def compute(
    entry: Equation, given: Mapping[str, str], digits: int, route: str | None = None, max_bits: int | None = None
) -> Answer:
    """Evaluate an equation from the texts of the command line."""
    from symsl.export.data import exact_parameters
    from symsl.precision import check_digits

    where = f"equation {entry.id}"
    if entry.evaluation is None:
        raise UsageError(
            f"{where} ({entry.name}) is a statement without a number to evaluate; see `symsl show {entry.id}`"
        )
    check_digits(digits, where)
    if max_bits is not None and max_bits < 2:
        raise ParameterError(where, "max_bits", max_bits, "max_bits >= 2", "leave it out for the usual limit")
    assigned: dict[str, Any] = dict(given)
    if "alpha" in assigned:
        assigned["alpha"] = read_times(given["alpha"])
    with waiting(f"evaluating {where} to {digits} digits"):
        values = entry.evaluation.run(where, assigned, None, digits, route, max_bits)
        parameters = exact_parameters(entry.evaluation.read(assigned, None, where))
    first = next(iter(values.values()))
    if not isinstance(first, list):
        return Answer(entry, parameters, digits, {name: _single(value) for name, value in values.items()})
    # Several times are stated as they were asked for: a grid of 200 points is one short text.
    parameters["alpha"] = given["alpha"]
    return Answer(entry, parameters, digits, {}, tuple(assigned["alpha"]), tuple(first))


def run_eval(
    key: str, given: Mapping[str, str], *, digits: int, route: str | None, max_bits: int | None, as_json: bool
) -> None:
    """Print the value of an equation."""
    from symsl.equations import equation
    from symsl.export.data import json_text

    answer = compute(equation(key), given, digits, route, max_bits)
    if as_json:
        print(json_text(answer.as_data()), end="")
        return
    if answer.series:
        width = max(len(time) for time in answer.times)
        for time, value in zip(answer.times, answer.series, strict=True):
            print(f"alpha={time:<{width}}  {value}")
    elif len(answer.values) > 1:
        for name, value in answer.values.items():
            print(f"{name} = {value}")
    else:
        print(answer.first)
    print(answer.how())


def run_curve(
    key: str,
    given: Mapping[str, str],
    *,
    digits: int,
    route: str | None,
    max_bits: int | None,
    as_json: bool,
    output: Path | None,
    plot: Path | None,
) -> None:
    """Write a learning curve as a table, as a picture, or print it."""
    from symsl.equations import equation
    from symsl.export.data import csv_text, json_text
    from symsl.files import require_writable, write_whole

    entry = equation(key)
    if "alpha" not in given:
        raise UsageError(f"a curve of equation {entry.id} needs its times: --alpha lo:hi:n, for example 1e-1:1e5:200")
    if not isinstance(read_times(given["alpha"]), list):
        raise UsageError("a curve needs several times: --alpha lo:hi:n or --alpha 1,10,100")
    if output is not None:
        require_writable(output, TABLE_SUFFIXES)
    if plot is not None:
        from symsl.figures.curve import PICTURE_SUFFIXES

        require_writable(plot, PICTURE_SUFFIXES)
    answer = compute(entry, given, digits, route, max_bits)
    json_wanted = as_json or (output is not None and output.suffix.lower() == ".json")
    if json_wanted:
        table = json_text(answer.as_data())
    else:
        about = answer.provenance() | {"working_precision": answer.first.bits, "radius": "bound of |value - exact|"}
        table = csv_text(COLUMNS, answer.rows(), about)
    if output is not None:
        write_whole(output, table)
    elif plot is None or as_json:
        print(table, end="")
    if plot is not None:
        _draw(answer, plot)
    for path in (output, plot):
        if path is not None:
            print(f"wrote {path}")
    if output is not None or plot is not None:
        print(answer.how())


def _draw(answer: Answer, path: Path) -> None:
    from symsl.figures.curve import Curve, parameter_label, save_curves
    from symsl.latex import fragment

    assert answer.entry.evaluation is not None
    unlabelled = {parameter.name for parameter in answer.entry.evaluation.parameters if parameter.kind == "flag"}
    label = parameter_label(
        {name: text for name, text in answer.parameters.items() if name not in unlabelled | {"alpha"}}
    )
    curve = Curve.from_certified(label, answer.times, answer.series)
    save_curves(path, [curve], ylabel=f"${fragment(answer.entry.statement.lhs)}$", provenance=answer.provenance())


def _single(value: Certified | list[Certified]) -> Certified:
    assert not isinstance(value, list)
    return value
