"""`symsl compare`: the laws of plateau, escape and late phase beside what solved trajectories do, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symsl.cli.progress import waiting
from symsl.errors import UsageError

KEYS = {"M": "2", "L": "8", "beta": "1", "eta": "1/10", "N": None, "seed": "1"}


def run_compare(given: Mapping[str, str], *, as_json: bool) -> None:
    """Solve and print; float64."""
    from symsl.erf.comparison import compare_bases, compare_symmetric, compare_teacher, require_comparable
    from symsl.erf.state import State
    from symsl.erf.times import positive_rate
    from symsl.files import provenance
    from symsl.precision import exact_integer
    from symsl.spectrum import Spectrum

    for name in given:
        if name not in KEYS:
            raise UsageError(f"compare has no parameter {name}; it takes {', '.join(KEYS)}")
    keys = {name: given.get(name, default) for name, default in KEYS.items()}
    spectrum = Spectrum.power_law(keys["L"], keys["beta"])
    if keys["N"] is None:
        keys["N"] = str(128 * spectrum.L)
    M, eta = exact_integer(keys["M"], "M", "compare"), positive_rate(keys["eta"], "compare")
    require_comparable(M, eta)
    teacher = State.random(spectrum, K=M, M=M, N=keys["N"], seed=keys["seed"], sigma_J="1/1000000")
    with waiting("solving"):
        rows = compare_symmetric(spectrum, M, eta)
        rows += compare_teacher(teacher, eta)
        bases = compare_bases(lambda L: Spectrum.power_law(L, keys["beta"]), eta)
    if as_json:
        from symsl.export.data import json_text

        data: dict[str, Any] = {
            "laws": [{**row._asdict(), "difference": row.difference} for row in rows],
            "bases": [row._asdict() for row in bases],
            "provenance": provenance(command="compare", parameters=keys, arithmetic="float64, not certified"),
        }
        print(json_text(data), end="")
        return
    print(f"Laws and solved trajectories, K = M = {M}, L = {keys['L']}, beta = {keys['beta']}, eta = {keys['eta']};")
    print(f"the last four rows: random teachers, N = {keys['N']}, seed {keys['seed']}. Float64.\n")
    _print(
        ("quantity", "law", "by the law", "measured", "law/measured - 1"),
        [(r.quantity, r.law, f"{r.value:.9g}", f"{r.measured:.9g}", f"{r.difference:+.1e}") for r in rows],
    )
    print("\nAppendix D: eps_g(10) in float64 from the same start, by modes and by moments.\n")
    _print(
        ("L", "kappa 2^-53", "by modes", "by moments"),
        [
            (str(b.L), f"{b.loss:.1e}", f"{b.modes:.9g}", b.refusal if b.moments is None else f"{b.moments:.9g}")
            for b in bases
        ],
    )


def _print(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be."""
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())
