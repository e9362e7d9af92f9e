"""`symsl verify`: run derivations, here or in several processes, and report every verdict."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symsl.cli.progress import counting
from symsl.errors import ParameterError

if TYPE_CHECKING:
    from symsl.verification import ClaimResult, DerivationResult

GOOD, FAILED, NOT_DECIDED = 0, 1, 3
_GOOD_VERDICTS = ("proved", "enclosed")


@dataclass(frozen=True)
class Outcome:
    """One derivation, as plain data that can leave a process (claims hold functions, which cannot)."""

    data: dict[str, Any]
    counts: dict[str, int]

    @property
    def name(self) -> str:
        return str(self.data["derivation"])

    @property
    def stands(self) -> bool:
        return bool(self.data["stands"])


def run_verify(key: str | None, jobs: int | None, *, as_json: bool) -> int:
    """Run the derivation of an equation, or all; 0 if all claims stand, 1 if one is refuted, else 3."""
    from symsl.verification.runner import derivations_for

    if jobs is not None and jobs < 1:
        raise ParameterError("verify", "jobs", jobs, "jobs >= 1", "leave it out to use every core")
    return run_derivations(derivations_for(key), jobs, as_json=as_json)


def run_derivations(names: list[str], jobs: int | None = None, *, as_json: bool = False) -> int:
    """Run these derivations in `jobs` processes (default: one for each core) and print what they found."""
    from symsl.export.data import json_text

    workers = min(len(names), jobs or os.cpu_count() or 1)
    outcomes = []
    with counting("verifying", len(names)) as advance:
        for outcome in _in_processes(names, workers) if workers > 1 else _here(names, aloud=not as_json):
            if workers > 1 and not as_json:
                _print_heading(outcome.name, outcome.data["title"])
                for claim in outcome.data["claims"]:
                    _print_claim(claim)
            outcomes.append(outcome)
            advance()
    outcomes.sort(key=lambda outcome: names.index(outcome.name))
    counts = dict(sum((Counter(outcome.counts) for outcome in outcomes), Counter[str]()))
    if as_json:
        print(json_text({"derivations": [outcome.data for outcome in outcomes], "tally": counts}), end="")
    else:
        tally = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "none"
        print(f"{sum(outcome.stands for outcome in outcomes)} of {len(outcomes)} derivations stand; claims: {tally}")
    return _status(outcomes)


def verify_one(name: str) -> Outcome:
    """Run one derivation, silently."""
    return next(_here([name], aloud=False))


def _here(names: list[str], *, aloud: bool) -> Iterator[Outcome]:
    """One derivation after the other, each claim printed as it is decided."""
    from symsl.verification.runner import DerivationResult, load_derivation, run

    def tell(name: str, claim: ClaimResult) -> None:
        _print_claim(_outcome(DerivationResult(name, "", (claim,))).data["claims"][0])

    for name in names:
        if aloud:
            _print_heading(name, load_derivation(name).title)
        yield from map(_outcome, run([name], tell if aloud else None))


def _in_processes(names: list[str], workers: int) -> Iterator[Outcome]:
    """The outcomes in the order in which they come in."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_end_quietly) as pool:
        try:
            for future in as_completed([pool.submit(verify_one, name) for name in names]):
                yield future.result()
        except BaseException:
            # Leaving the pool waits for what runs: end it, so that an interrupt is obeyed at once.
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _end_quietly() -> None:
    """An interrupt from the keyboard reaches every process; only the first is to speak of it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _outcome(result: DerivationResult) -> Outcome:
    from symsl.verification.runner import as_data, tally

    return Outcome(as_data([result])[0], tally([result]))


def _status(outcomes: Iterable[Outcome]) -> int:
    fallen = [outcome for outcome in outcomes if not outcome.stands]
    if not fallen:
        return GOOD
    return FAILED if any(outcome.counts.get("refuted") for outcome in fallen) else NOT_DECIDED


def _print_heading(name: str, title: str) -> None:
    print(f"{name}: {title}")


def _print_claim(claim: dict[str, Any]) -> None:
    verdict, twin = claim["verdict"], claim["wrong_twin"]
    goal = f" [Eq. {claim['entry']}]" if claim["entry"] else ""
    method = claim["method"] if verdict in _GOOD_VERDICTS else f"meant to be {claim['method']}"
    trouble = "; its wrong twin is not refuted, so this proves nothing" if twin != "refuted" else ""
    print(f"  {verdict:<9}  {claim['text']}{goal} ({method}; {claim['seconds']:.2f} s){trouble}", flush=True)
