"""How an equation gets a number: exact parameters read at the door, one or more routes, one certification loop."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from symsl.errors import ParameterError, UsageError
from symsl.precision import Certified, certify_all, check_digits, exact, exact_integer
from symsl.precision.evaluate import compile_expression, environment
from symsl.spectrum import Spectrum, require_spectrum

Arguments = Mapping[str, Any]
"""What a route gets: exact values by parameter name, `spectrum`, and `alpha` as a tuple where there is a time."""


@dataclass(frozen=True)
class Parameter:
    """An exact parameter of a kind: "integer", "rational", "flag" (0, 1), "times", "numbers" (one or several), "file".

    `in_file` says that a file, where the equation takes one and it is given, holds this parameter; one that is
    `optional` reads as None where it is absent.
    """

    name: str
    meaning: str
    kind: str = "rational"
    default: str | None = None
    above: Fraction | None = None
    at_least: Fraction | None = None
    in_file: bool = False
    optional: bool = False

    def read(self, value: object, where: str) -> Any:
        """The exact value, or a `ParameterError` that names the condition."""
        if self.kind == "file":
            return value
        if self.kind in ("times", "numbers"):
            if self.kind == "numbers" and isinstance(value, str):
                value = value.split(",")
            items = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]
            if not items:
                raise ParameterError(where, self.name, "[]", "at least one number", "give one or more")
            return tuple(self._number(item, where) for item in items)
        return self._number(value, where)

    def _number(self, value: object, where: str) -> Fraction | int:
        number = (exact if self.kind in ("rational", "times", "numbers") else exact_integer)(value, self.name, where)
        if self.kind == "flag" and number not in (0, 1):
            raise ParameterError(where, self.name, value, "0 or 1", f"leave {self.name} out or set it to 1")
        if self.above is not None and not number > self.above:
            raise ParameterError(where, self.name, value, f"{self.name} > {self.above}", "choose a larger value")
        if self.at_least is not None and number < self.at_least:
            raise ParameterError(where, self.name, value, f"{self.name} >= {self.at_least}", "choose a larger value")
        return number


@dataclass(frozen=True)
class Route:
    """One way to the value: `compute` returns the balls (one for each output and time) at the working precision.

    `start_bits(arguments, digits)` spares `certify` the attempts that are known to fail; a route that does not suit the
    arguments is passed over unless it is asked for by name.
    """

    name: str
    compute: Callable[[Arguments], Sequence[arb]]
    start_bits: Callable[[Arguments, int], int] | None = None
    suits: Callable[[Arguments], bool] = lambda _: True


@dataclass(frozen=True)
class Evaluation:
    """The parameters of an equation and its routes, the default one first.

    `spectrum` says whether L and beta (or a `Spectrum`) are needed; `normalised` whether u_1 = 1 is. `read_file` gives
    the spectrum and what else is known from the file that a parameter of kind "file" names, in their place.
    """

    routes: tuple[Route, ...]
    parameters: tuple[Parameter, ...] = ()
    spectrum: bool = True
    normalised: bool = False
    outputs: tuple[str, ...] = ("value",)
    read_file: Callable[[Any], dict[str, Any]] | None = None

    def run(
        self,
        where: str,
        given: Mapping[str, Any],
        spectrum: Spectrum | None,
        digits: int,
        route: str | None,
        max_bits: int | None,
    ) -> dict[str, Certified | list[Certified]]:
        """Read the parameters, choose the route, certify."""
        digits = check_digits(digits, where)
        arguments = self.read(given, spectrum, where)
        chosen = self._route(route, arguments, where)
        start = chosen.start_bits(arguments, digits) if chosen.start_bits else None
        balls = certify_all(
            lambda: chosen.compute(arguments),
            digits,
            route=chosen.name,
            where=where,
            start_bits=start,
            max_bits=max_bits,
        )
        if "alpha" in arguments and _is_many(given.get("alpha")):
            return {self.outputs[0]: balls}
        return dict(zip(self.outputs, balls, strict=True))

    def read(self, given: Mapping[str, Any], spectrum: Spectrum | None, where: str) -> dict[str, Any]:
        """Exact arguments by name; `UsageError` names what is missing or superfluous."""
        own = {parameter.name: parameter for parameter in self.parameters}
        known = [*own, *(["L", "beta"] if self.spectrum else [])]
        for name in given:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.3)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise UsageError(f"{where} has no parameter {name}; it takes {', '.join(known) or 'none'}{hint}")
        arguments = self._from_file(given, spectrum, where)
        with_file = bool(arguments)
        if self.spectrum and not with_file:
            arguments["spectrum"] = self._spectrum(given, spectrum, where)
        for name, parameter in own.items():
            if parameter.kind == "file" or (parameter.in_file and with_file):
                continue
            value = given.get(name, parameter.default)
            if value is None and parameter.optional:
                arguments[name] = None
                continue
            if value is None:
                raise UsageError(f"{where} needs {name} ({parameter.meaning}); it takes {', '.join(known)}")
            arguments[name] = parameter.read(value, where)
        return arguments

    def _from_file(self, given: Mapping[str, Any], spectrum: Spectrum | None, where: str) -> dict[str, Any]:
        """What the file tells, and its path; nothing where no file is given."""
        file = next((parameter.name for parameter in self.parameters if parameter.kind == "file"), None)
        if file is None or self.read_file is None or not given.get(file):
            return {}
        held = [*(["L", "beta"] if self.spectrum else []), *(p.name for p in self.parameters if p.in_file)]
        clash = [name for name in held if name in given] + (["spectrum"] if spectrum is not None else [])
        if clash:
            raise UsageError(f"{where}: {', '.join(clash)} and {file} exclude each other; the file holds these")
        known = self.read_file(given[file])
        if self.spectrum:
            self._require_normalised(known["spectrum"], where)
        return known | {file: given[file]}

    def _spectrum(self, given: Mapping[str, Any], spectrum: Spectrum | None, where: str) -> Spectrum:
        if spectrum is not None:
            if "L" in given or "beta" in given:
                raise UsageError(f"{where}: give either a spectrum or L and beta, not both")
        else:
            if "L" not in given:
                raise UsageError(f"{where} needs L (number of distinct eigenvalues) and beta, or a spectrum")
            if "beta" not in given and exact(given["L"], "L", where) != 1:
                raise UsageError(f"{where} needs beta (power-law exponent of the spectrum, Eq. 1)")
            spectrum = Spectrum.power_law(given["L"], given.get("beta", 1))
        self._require_normalised(require_spectrum(spectrum, where), where)
        return spectrum

    def _require_normalised(self, spectrum: Spectrum, where: str) -> None:
        if self.normalised and not spectrum.is_normalised():
            raise ParameterError(
                where,
                "spectrum",
                "one with u_1 != 1",
                "u_1 = (1/L) sum_k lambda_k = 1 (Eq. 1)",
                "build it with Spectrum.from_eigenvalues(..., normalise=True)",
            )

    def _route(self, name: str | None, arguments: Arguments, where: str) -> Route:
        if name is None:
            return next((route for route in self.routes if route.suits(arguments)), self.routes[0])
        for route in self.routes:
            if isinstance(name, str) and route.name == name:
                return route
        raise UsageError(f"{where} has no route {name}; it has {', '.join(route.name for route in self.routes)}")


def from_statement(build: Callable[[], Any]) -> Callable[[Arguments], list[arb]]:
    """A route that walks the right-hand side of the statement itself, with the spectrum bound to L, lambda, u, T2."""

    def compute(arguments: Arguments) -> list[arb]:
        expression = compile_expression(build().rhs)
        plain = {name: value for name, value in arguments.items() if name not in ("spectrum", "alpha")}
        bound = environment(plain | _spectral_values(arguments.get("spectrum")))
        if "alpha" not in arguments:
            return [expression(bound)]
        return [expression(bound | environment({"alpha": time})) for time in arguments["alpha"]]

    return compute


def _spectral_values(spectrum: Spectrum | None) -> dict[str, Any]:
    if spectrum is None:
        return {}
    listed: list[arb] = []

    def eigenvalue(k: int) -> arb:
        if not listed:
            listed.extend(spectrum.eigenvalues())
        return listed[k - 1] if 1 <= k <= len(listed) else spectrum.eigenvalue(k)  # which says what is wrong

    return {
        "L": spectrum.L,
        "lambda": eigenvalue,
        "u": spectrum.moment,
        "T2": spectrum.moment(2),
        "lambda_plus": spectrum.largest(),
        **({} if spectrum.beta is None else {"beta": spectrum.beta}),
    }


def _is_many(value: object) -> bool:
    return value is not None and not isinstance(value, str) and hasattr(value, "__iter__")
