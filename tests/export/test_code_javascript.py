"""Exported JavaScript is run in a browser and compared with the certified value."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import sympy as sp
from code_samples import Sample, samples
from flint import arb, ctx

from symsl import equation
from symsl import symbols as s
from symsl.errors import UnsupportedExpressionError
from symsl.export.code import code, function_name

BEYOND_MATH = (sp.gamma, sp.uppergamma, sp.harmonic, sp.bernoulli, sp.erf, sp.erfc, sp.zeta, sp.loggamma, sp.factorial)
pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")


def as_json(value: Any) -> Any:
    return [as_json(part) for part in value] if isinstance(value, list) else float(value)


def call(sample: Sample) -> str:
    """The function's text in a scope of its own, and its values as one row of `seen`."""
    skipped = {"L"} if sample.program.counts_eigenvalues else set()
    arguments = [json.dumps(as_json(value)) for name, value in sample.arguments.items() if name not in skipped]
    arguments += ["x => x*x + x/3 + 1"] * len(sample.program.functions)
    value = f"{function_name(sample.entry)}({', '.join(arguments)})"
    return f"{{\n{code(sample.entry, 'javascript')}seen.push([{value}].flat(2));\n}}"


def run(script: str, folder: Path) -> list[list[float]]:
    """The rows that the script puts into `seen`."""
    shown = f'"use strict"; const seen = [];\n{script}\ndocument.body.textContent = JSON.stringify(seen);'
    (folder / "run.html").write_text(f'<!DOCTYPE html><meta charset="utf-8"><body><script>{shown}</script></body>')
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    ran = subprocess.run(
        ["chromium", *options, "--dump-dom", f"file://{folder / 'run.html'}"],
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    (found,) = re.findall(r"<body>(\[.*\])", ran.stdout) or [ran.stderr[-2000:]]
    rows: list[list[float]] = json.loads(html.unescape(found))
    return rows


def test_javascript_gives_the_values_of_the_catalogue(tmp_path: Path) -> None:
    written, calls, refused = [], [], []
    for sample in samples():
        try:
            calls.append(call(sample))
            written.append(sample)
        except UnsupportedExpressionError:
            refused.append(sample.entry)
    assert all(entry.statement.has(*BEYOND_MATH) for entry in refused)
    assert {"1", "6", "8", "13", "15", "17", "99", "113"} <= {sample.entry.id for sample in written}
    compared = 0
    for sample, row in zip(written, run("\n".join(calls), tmp_path), strict=True):
        for found, expected in zip(row, sample.expected, strict=True):
            with ctx.workprec(300):
                distance = abs(arb(repr(float(found))) - expected)
                assert distance <= arb("1e-9") * abs(expected) + arb("1e-18") * bool(expected.is_zero()), (
                    sample.entry.id
                )
            compared += 1
    assert compared > 60


def test_the_power_law_is_that_of_equation_1(tmp_path: Path) -> None:
    (row,) = run(code(equation("8"), "javascript") + "seen.push(power_law(5, 0.5));", tmp_path)
    expected = [float(equation("1").evaluate(L=5, beta="1/2", k=k)) for k in range(1, 6)]  # type: ignore[arg-type]
    assert row == pytest.approx(expected, rel=1e-14)


def test_what_math_does_not_have_is_refused() -> None:
    with pytest.raises(UnsupportedExpressionError, match=r"JavaScript has no uppergamma .* --to mpmath"):
        code(equation("9"), "javascript")
    assert equation("9").statement.has(s.beta)
