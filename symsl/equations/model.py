"""What an equation of the paper is: one frozen record from which LaTeX, evaluation, code and verification follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from sympy.core.relational import Relational

from symsl.equations.evaluation import Evaluation
from symsl.errors import UsageError
from symsl.precision import Certified
from symsl.spectrum import Spectrum


class Kind(Enum):
    """How an entry is known to be true, strongest first. Sampling is never called a proof."""

    DEFINITION = "definition"
    PROVED = "proved symbolically"
    EXACT = "proved exactly"
    ENCLOSED = "enclosed on samples"
    NUMERICAL = "numerical only"
    OPEN = "open"


@dataclass(frozen=True)
class Evidence:
    """`kind`, and for `Kind.EXACT` the largest L (or M) for which the exact proof runs."""

    kind: Kind
    bound: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value} for {self.bound}" if self.bound else self.kind.value


DEFINITION = Evidence(Kind.DEFINITION)
PROVED = Evidence(Kind.PROVED)
ENCLOSED = Evidence(Kind.ENCLOSED)


def exact_for(bound: str) -> Evidence:
    """Proved by exact arithmetic for every case in `bound`, for example "L <= 6"."""
    return Evidence(Kind.EXACT, bound)


@dataclass(frozen=True)
class Quantity:
    """A symbol of a statement, what it means, and where it lives."""

    symbol: Any
    meaning: str
    domain: str


@dataclass(frozen=True)
class Equation:
    """A numbered equation of the paper (or a result beyond it, whose `id` is a slug).

    `build` makes the SymPy statement, in the authored form, when first asked for. `derivation` names the module in
    `derivations/` that ends in this statement; a definition has none.
    """

    id: str
    name: str
    title: str
    section: str
    build: Callable[[], Relational]
    quantities: tuple[Quantity, ...]
    assumptions: tuple[str, ...]
    evidence: Evidence
    derivation: str | None = None
    depends_on: tuple[str, ...] = ()
    evaluation: Evaluation | None = None
    remark: str = ""

    @cached_property
    def statement(self) -> Relational:
        """The statement as a SymPy equation."""
        return self.build()

    @property
    def reference(self) -> str:
        """Where it stands: "Eq. (15), Sec. 5.1.2", or the section alone for results beyond the paper."""
        return f"Eq. ({self.id}), Sec. {self.section}" if self.id[0].isdigit() else f"Sec. {self.section}"

    def latex(self) -> str:
        """The statement as a LaTeX fragment in the paper's notation (no surrounding environment)."""
        from symsl.latex import fragment

        return fragment(self.statement)

    def evaluate(
        self,
        *,
        spectrum: Spectrum | None = None,
        digits: int = 15,
        route: str | None = None,
        max_bits: int | None = None,
        **parameters: Any,
    ) -> Certified | list[Certified]:
        """The right-hand side, certified to `digits` significant digits.

        Parameters are exact (see `symsl.precision.exact`); the spectrum is given whole or as `L=..., beta=...`. A
        sequence of times `alpha` gives a list. Equations with several values (13) return the first here and all of
        them from `values`.
        """
        results = self.values(spectrum=spectrum, digits=digits, route=route, max_bits=max_bits, **parameters)
        return next(iter(results.values()))

    def values(
        self,
        *,
        spectrum: Spectrum | None = None,
        digits: int = 15,
        route: str | None = None,
        max_bits: int | None = None,
        **parameters: Any,
    ) -> Mapping[str, Certified | list[Certified]]:
        """All values of the equation by name, certified; most equations have the one value "value"."""
        where = f"equation {self.id}"
        if self.evaluation is None:
            raise UsageError(f"{where} ({self.name}) is a statement without a number to evaluate; see `symsl show`")
        return self.evaluation.run(where, parameters, spectrum, digits, route, max_bits)
