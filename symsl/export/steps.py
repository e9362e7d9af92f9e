"""The steps of all derivations as mathematics, with their verdicts.

Made in parallel, and kept from one run to the next as long as no source they rest on has changed.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import sympy as sp

import symsl
from symsl.equations import equation
from symsl.equations.model import Kind
from symsl.errors import SymslError
from symsl.export.layout import LINE, lines, width
from symsl.export.outline import outline
from symsl.files import provenance, write_whole
from symsl.latex import fragment
from symsl.verification import Case, Claim, load_derivation
from symsl.verification.runner import run_claim

NOT_RUN = "not run"
_ABOVE = ("cli", "figures", "export")  # of these only what makes the displays
_MOST_ROWS = 10
_WIDEST = 5 * LINE // 4
_TOO_WIDE_TO_BREAK = 12 * LINE


@dataclass(frozen=True)
class Step:
    """A claim of a derivation, as text.

    `entry` is the equation it arrives at. `displays` are the rows of its identity in LaTeX, a list for each display
    (an outline where it is too large to read). `about` describes the case shown, or the size of what is not.
    `verdict` and `wrong_twin` are those of a run, or `NOT_RUN`.
    """

    text: str
    entry: str | None
    displays: Sequence[Sequence[str]]
    about: str
    method: str
    verdict: str
    wrong_twin: str

    @property
    def stands(self) -> bool:
        """Proved (or enclosed, if it asks no more) with its wrong twin refuted."""
        good = "enclosed" if self.method == Kind.ENCLOSED.value else "proved"
        return self.verdict == good and self.wrong_twin == "refuted"


def steps(
    names: Sequence[str], *, verify: bool = True, jobs: int | None = None, on_done: Callable[[], None] | None = None
) -> dict[str, list[Step]]:
    """Derivation -> its steps in order, from the cache or from a run in `jobs` processes (default: every core)."""
    digest = f"{'run' if verify else 'read'}-{source_digest()}"
    found = {name: kept for name in names if (kept := _kept(name, digest)) is not None}
    advance = on_done or (lambda: None)
    for _ in found:
        advance()
    missing = [name for name in names if name not in found]
    if missing:
        workers = min(len(missing), jobs or os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
            try:
                for future in as_completed([pool.submit(derivation_steps, name, verify) for name in missing]):
                    name, made = future.result()
                    found[name] = made
                    _keep(name, digest, made)
                    advance()
            except BaseException:
                for process in multiprocessing.active_children():  # leaving the pool would wait for them
                    process.terminate()
                raise
    return {name: found[name] for name in names}


def derivation_steps(name: str, verify: bool) -> tuple[str, list[Step]]:
    """The steps of one derivation, and its name."""
    return name, [_step(claim, verify) for claim in load_derivation(name).claims()]


def source_digest() -> str:
    """A digest of every source that a step can depend on, and of the libraries' versions."""
    import symsl.derivations as derivations

    package = Path(symsl.__file__).parent
    files = {path for path in package.rglob("*.py") if path.relative_to(package).parts[0] not in _ABOVE}
    files |= {package / "export" / name for name in ("layout.py", "outline.py", "steps.py")}
    files |= {path for folder in derivations.__path__ for path in Path(folder).glob("*.py")}
    digest = sha256(json.dumps(provenance()).encode())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def _step(claim: Claim, verify: bool) -> Step:
    case = list(islice(claim.cases(), 2))[-1]  # of several, the first is often trivial
    displays, about = _displays(*_sides(claim, case))
    verdict = twin = NOT_RUN
    if verify:
        result = run_claim(claim)
        verdict, twin = result.verdict.value, result.twin.value
    note = ", ".join(part for part in (case.label, about) if part)
    return Step(claim.text, claim.entry, displays, note, claim.kind.value, verdict, twin)


def _sides(claim: Claim, case: Case) -> tuple[Any, Any]:
    """The two sides to show: where they are the same expression at once, what the equation calls it stands left."""
    left, right = sp.sympify(case.lhs), sp.sympify(case.rhs)
    if left == right and claim.entry:
        statement = equation(claim.entry).statement
        if statement.rhs == right:
            return statement.lhs, right
    return left, right


def _displays(left: Any, right: Any) -> tuple[list[list[str]], str]:
    """Rows for each display, and a word on them: of large identities an outline, with its size."""
    if left == right:
        if width(left) <= LINE:
            return lines(left, write=fragment), "both sides come out as"
        left, same = sp.Symbol("X"), "both sides come out as X"
    else:
        same = ""
    statement = sp.Eq(left, right, evaluate=False)
    if width(statement) <= _TOO_WIDE_TO_BREAK and _widest_part(statement) <= _WIDEST:
        displays = lines(statement, write=fragment)
        if sum(map(len, displays)) <= _MOST_ROWS:
            return displays, same
    displays, size = outline(statement)
    return displays, ", ".join(filter(None, (same, size)))


def _widest_part(statement: Any) -> int:
    """Columns of what is not broken: matrices are drawn whole."""
    matrices = [side for side in statement.args if isinstance(side, sp.MatrixBase)]
    return sum(map(width, matrices)) if matrices else width(statement.lhs)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symsl"


def _kept(name: str, digest: str) -> list[Step] | None:
    try:
        return [Step(**data) for data in json.loads((_cache() / f"{name}-{digest}.json").read_bytes())]
    except (OSError, ValueError, TypeError):
        return None


def _keep(name: str, digest: str, made: list[Step]) -> None:
    """Write to the cache, and drop what older sources left; a cache that cannot be written is no error."""
    kind = digest.partition("-")[0]
    try:
        _cache().mkdir(parents=True, exist_ok=True)
        for old in _cache().glob(f"{name}-{kind}-*.json"):
            old.unlink(missing_ok=True)
        write_whole(_cache() / f"{name}-{digest}.json", json.dumps([asdict(step) for step in made]))
    except (OSError, SymslError):
        return
