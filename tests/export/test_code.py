"""Exported code is run and compared with the certified value where its language runs here; else its names are read."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from code_samples import DIGITS, Sample, as_arb, decimal, samples, test_function
from flint import arb, ctx
from mpmath import mp

from symsl import EQUATIONS, UsageError, equation
from symsl import symbols as s
from symsl.equations.model import DEFINITION, Equation
from symsl.errors import UnsupportedExpressionError
from symsl.export.code import LANGUAGES, code, function_name
from symsl.export.program import program

test_function.__test__ = False
SAMPLES = samples()
each_sample = pytest.mark.parametrize(
    "sample", SAMPLES, ids=[f"{x.entry.id}-{'value' if x.certified else 'statement'}" for x in SAMPLES]
)
_NOT_IN_LIBM = (sp.uppergamma, sp.harmonic, sp.bernoulli, sp.zeta)
BEYOND_LIBM = {x.entry.id for x in SAMPLES if x.entry.statement.rhs.has(*_NOT_IN_LIBM)}


def nested(value: Any, change: Any) -> Any:
    return [nested(part, change) for part in value] if isinstance(value, list) else change(value)


def python_call(sample: Sample, language: str, change: Any) -> list[Any]:
    """Execute the snippet as a user would; the values row by row."""
    namespace: dict[str, Any] = {}
    exec(code(sample.entry, language), namespace)
    names = {"lambda": "lam"}
    skipped = {"L"} if sample.program.counts_eigenvalues else set()
    arguments = {names.get(n, n): int(v) if n in sample.program.whole else nested(v, change)
                 for n, v in sample.arguments.items() if n not in skipped}  # fmt: skip
    functions = dict.fromkeys((name.replace("'", "_prime") for name in sample.program.functions), test_function)
    value = namespace[function_name(sample.entry)](**arguments, **functions)
    return list(np.array(value, dtype=object).flatten())


def agree(found: Any, expected: arb, relative: float) -> bool:
    """Whether a decimal lies within `relative` of the (narrow) expected ball."""
    assert expected.rel_accuracy_bits() > 80 or expected.is_zero()
    with ctx.workprec(300):
        distance = abs(arb(str(found)) - expected)
        return bool(distance <= arb(relative) * (abs(expected) + arb("1e-10") * bool(expected.is_zero())))


def test_most_of_the_catalogue_has_code() -> None:
    certified = {sample.entry.id for sample in SAMPLES if sample.certified}
    assert {"1", "6", "8", "9", "11", "12", "13", "15", "17", "56", "99", "113"} <= certified
    assert len({sample.entry.id for sample in SAMPLES}) > len(EQUATIONS) / 2


@each_sample
def test_mpmath(sample: Sample) -> None:
    with mpmath.workdps(DIGITS + 15):
        found = python_call(sample, "mpmath", lambda value: mp.mpmathify(value) if sample.certified else str(value))
        assert len(found) == len(sample.expected)
        for value, expected in zip(found, sample.expected, strict=True):
            assert agree(mp.nstr(mp.mpmathify(value), DIGITS + 10), expected, 1e-27)


@each_sample
def test_python_flint_encloses(sample: Sample) -> None:
    with ctx.workprec(200):
        found = python_call(sample, "python-flint", as_arb)
        for value, expected in zip(found, sample.expected, strict=True):
            ball = arb(value)
            assert ball.is_finite()
            assert agree(ball.mid().str(40, radius=False), expected, 1e-27)
            assert sample.certified or ball.overlaps(expected)


@each_sample
def test_numpy(sample: Sample) -> None:
    found = python_call(sample, "numpy", float)
    for value, expected in zip(found, sample.expected, strict=True):
        assert agree(repr(float(value)), expected, 1e-9)


def test_numpy_takes_arrays_of_times() -> None:
    namespace: dict[str, Any] = {}
    exec(code(equation("8"), "numpy"), namespace)
    lam = namespace["power_law"](8, 0.5)
    times = np.array([0.0, 1.0, 10.0])
    found = namespace["small_learning_rate_curve"](lam=lam, sigma_J=0.01, eta=0.1, alpha=times)
    expected = [float(v) for v in equation("8").evaluate(L=8, beta="1/2", eta="1/10", alpha=[0, 1, 10])]
    assert found == pytest.approx(expected, rel=1e-12)


def test_python_power_laws_are_those_of_equation_1() -> None:
    for language, change in (("mpmath", str), ("python-flint", str), ("numpy", float)):
        namespace: dict[str, Any] = {}
        exec(code(equation("8"), language), namespace)
        eigenvalues = namespace["power_law"](5, 0.5)
        for k, found in enumerate(eigenvalues, start=1):
            assert float(change(found).strip("[").split(" ")[0] if change is str else found) == pytest.approx(
                float(equation("1").evaluate(L=5, beta="1/2", k=k)), rel=1e-12
            )


# PARI/GP: one process for all samples.


def pari_number(value: Any) -> str:
    return decimal(value) if isinstance(value, mpmath.mpf) else str(value)


def pari_list(value: Any) -> str:
    return f"[{', '.join(map(pari_list, value))}]" if isinstance(value, list) else pari_number(value)


@pytest.mark.skipif(shutil.which("gp") is None, reason="PARI/GP is not installed")
def test_pari(tmp_path) -> None:
    script = ["default(realprecision, 50);"]
    for sample in SAMPLES:
        skipped = {"L"} if sample.program.counts_eigenvalues else set()
        arguments = [pari_list(value) for name, value in sample.arguments.items() if name not in skipped]
        arguments += ["x -> x^2 + x/3 + 1"] * len(sample.program.functions)
        script += [
            code(sample.entry, "pari"),
            f"{{ my(v = {function_name(sample.entry)}({', '.join(arguments)}), w);",
            'w = if(type(v) == "t_MAT", concat(Vec(v~)), Vec(v)); print(concat(w, [])*1.) }',
        ]
    (tmp_path / "all.gp").write_text("\n".join(script) + "\n")
    run = subprocess.run(["gp", "-q", "-f", "all.gp"], cwd=tmp_path, capture_output=True, text=True, timeout=100,
                         input="", check=False)  # fmt: skip
    lines = run.stdout.replace("\x1b", "").splitlines()
    assert "***" not in run.stderr, run.stderr
    assert len(lines) == len(SAMPLES), run.stderr or run.stdout
    for sample, line in zip(SAMPLES, lines, strict=True):
        found = [part.strip().replace(" ", "") for part in line.strip("[]~").replace(";", ",").split(",")]
        assert len(found) == len(sample.expected), line
        for value, expected in zip(found, sample.expected, strict=True):
            assert agree(value.replace("E", "e"), expected, 1e-27), sample.entry.id


# C: one program for all samples, without a warning.


def c_list(name: str, value: Any, lines: list[str]) -> None:
    """Define an array, rows as pointers."""
    if not isinstance(value[0], list):
        lines.append(f"static const double {name}[] = {{{', '.join(repr(float(part)) for part in value)}}};")
        return
    for place, row in enumerate(value):
        c_list(f"{name}_{place}", row, lines)
    rows = ", ".join(f"{name}_{place}" for place in range(len(value)))
    depth = 1
    while isinstance(value[0], list):
        value, depth = value[0], depth + 1
    stars = "*" + "const *" * (depth - 2)
    lines.append(f"static const double {stars}const {name}[] = {{{rows}}};")


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_c(tmp_path) -> None:
    text = ["#include <stdio.h>", "static double test(double x) { return x*x + x/3 + 1; }"]
    calls, expected, defined, refused = [], [], set(), set()
    for number, sample in enumerate(SAMPLES):
        try:
            snippet = code(sample.entry, "c")
        except UnsupportedExpressionError:
            refused.add(sample.entry.id)
            continue
        name = function_name(sample.entry)
        if name not in defined:
            text += [f"#define power_law power_law_{number}", snippet, "#undef power_law"]
            defined.add(name)
        arguments = []
        for key, value in sample.arguments.items():
            if isinstance(value, list):
                c_list(f"given_{number}_{key}", value, text)
                arguments.append(f"given_{number}_{key}")
            else:
                arguments.append(repr(float(value)) if key not in sample.program.whole else str(int(value)))
        arguments += ["test"] * len(sample.program.functions)
        if sample.program.shape:
            size = len(sample.expected)
            calls.append(f"{{ double out[{size}]; {name}({', '.join([*arguments, 'out'])});")
            calls.append(f'for (int i = 0; i < {size}; i++) printf("%.17g\\n", out[i]); }}')
        else:
            calls.append(f'printf("%.17g\\n", {name}({", ".join(arguments)}));')
        expected += [(sample.entry.id, value) for value in sample.expected]
    text += ["int main(void) {", *calls, "return 0; }"]
    (tmp_path / "all.c").write_text("\n".join(text))
    build = ["gcc", "-std=c99", "-O0", "-Wall", "-Wextra", "-Werror", "all.c", "-o", "all", "-lm"]
    built = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)
    assert built.returncode == 0, built.stderr[:3000]
    run = subprocess.run([tmp_path / "all"], capture_output=True, text=True, timeout=20, check=True)
    assert len(expected) > 60
    assert refused == BEYOND_LIBM
    for line, (key, value) in zip(run.stdout.split(), expected, strict=True):
        assert agree(line, value, 1e-9), key


# Julia and Mathematica do not run here: every name that is called must exist, brackets must match.

BASE_AND_SPECIAL_FUNCTIONS = """exp log sqrt sin cos tan asin acos atan sinh cosh tanh abs float length sum
    gamma loggamma zeta erf erfc"""
SYSTEM = """Exp Log Sqrt Sin Cos Tan ArcSin ArcCos ArcTan Sinh Cosh Tanh Abs Gamma LogGamma Erf Erfc Zeta HurwitzZeta
    HarmonicNumber BernoulliB Factorial KroneckerDelta Sum Product Module Length Table Pi E EulerGamma"""
KNOWN = {"julia": set(BASE_AND_SPECIAL_FUNCTIONS.split()), "mathematica": set(SYSTEM.split())}


def own_names(entry: Equation, language: str) -> set[str]:
    given = program(entry)
    printer = LANGUAGES[language](given, "test")
    return {printer.name(name) for name in (*given.functions, function_name(entry))} | {"power_law", "powerLaw"}


@pytest.mark.parametrize("language", ["julia", "mathematica"])
def test_only_functions_that_exist_are_called(language: str) -> None:
    comment = re.compile(r"\(\*.*?\*\)" if language == "mathematica" else r"#.*")
    called = re.compile(r"([A-Za-z]\w*)\[(?!\[)" if language == "mathematica" else r"([A-Za-z]\w*)\(")
    checked = 0
    for entry in {sample.entry.id: sample.entry for sample in SAMPLES}.values():
        if language == "julia" and entry.statement.has(sp.bernoulli):
            with pytest.raises(UnsupportedExpressionError, match="julia has no bernoulli"):
                code(entry, language)
            continue
        text = comment.sub("", code(entry, language))
        unknown = set(called.findall(text)) - KNOWN[language] - own_names(entry, language)
        assert not unknown, (entry.id, unknown)
        if language == "mathematica":
            capitals = set(re.findall(r"(?<![\w$])([A-Z][A-Za-z0-9]+)(?![\w$])", text)) - KNOWN[language]
            mine = {
                LANGUAGES[language](program(entry), "").name(n)
                for n in (*program(entry).scalars, *program(entry).arrays)
            }
            assert not capitals - mine, (entry.id, capitals - mine)
            assert not re.search(r"\b[CDEIKNO]_", text)
        for opening, closing in ("()", "[]", "{}"):
            assert text.count(opening) == text.count(closing)
        checked += 1
    assert checked > 60


# Refusals and the catalogue's families.


def made_of(expression: Any) -> Equation:
    return Equation(
        "x1", "made-up", "Made up", "1", lambda: sp.Eq(s.eps_g, expression, evaluate=False), (), (), DEFINITION
    )


def test_what_a_language_does_not_have_is_refused() -> None:
    with pytest.raises(UnsupportedExpressionError, match=r"C has no uppergamma .* math.h .* --to pari"):
        code(equation("9"), "c")
    for language in LANGUAGES:
        with pytest.raises(UnsupportedExpressionError, match="besselj"):
            code(made_of(sp.besselj(0, s.eta)), language)


def test_what_is_not_about_numbers_is_refused() -> None:
    with pytest.raises(UsageError, match=r"integral of matrices.*symsl latex 42"):
        code(equation("42"), "mpmath")
    with pytest.raises(UsageError, match="no language fortran; there are mpmath"):
        code(equation("15"), "fortran")


def test_a_family_that_begins_at_zero_must_say_so() -> None:
    new = sp.IndexedBase("brand_new")
    with pytest.raises(UsageError, match="FIRST_INDEX"):
        code(made_of(sp.Sum(new[s.j], (s.j, 0, s.L))), "mpmath")
    assert "brand_new[j - 1]" in code(made_of(sp.Sum(new[s.j], (s.j, 1, s.L))), "mpmath")


SPECIAL = [
    sp.zeta(s.eta + 2),
    sp.zeta(s.eta + 2, s.beta), sp.harmonic(s.N), sp.harmonic(s.L, 1 + s.beta), sp.lowergamma(s.eta, s.x**2),
    sp.loggamma(s.beta), sp.factorial(s.L), sp.erf(s.eta), sp.erfc(s.eta), sp.atan(s.eta), sp.sinh(s.D),
    sp.Abs(s.D - 3), sp.Product(1 + s.lam[s.k], (s.k, 1, s.L)), sp.EulerGamma + sp.E**s.eta,
    sp.Rational(2, 3) * s.x - 1,
    (-s.D) ** s.L, s.eta ** sp.Rational(-2, 3), -1 / (s.eta * s.beta), sp.Sum(s.k * s.j, (s.k, 1, s.j), (s.j, 1, s.L)),
    sp.bernoulli(2 * s.j) * s.eta,
]  # fmt: skip


@pytest.mark.parametrize("expression", SPECIAL, ids=str)
def test_every_function_of_the_lists(expression: Any) -> None:
    """Heads that the catalogue does not use yet, in the languages of Python."""
    from code_samples import plain_sample

    entry = made_of(expression)
    sample = plain_sample(entry, program(entry)) if not expression.has(sp.bernoulli) else None
    with ctx.workprec(200):
        expected = sample.expected[0] if sample else -arb(1) / 300
    given = sample or Sample(entry, program(entry), {"eta": sp.Rational(1, 10), "j": 2}, [expected], certified=False)
    with mpmath.workdps(45):
        assert agree(mp.nstr(python_call(given, "mpmath", lambda v: mp.mpmathify(str(v)))[0], 40), expected, 1e-14)
    with ctx.workprec(200):
        assert agree(
            arb(python_call(given, "python-flint", lambda v: arb(str(v)))[0]).mid().str(40, radius=False),
            expected,
            1e-14,
        )
    assert agree(repr(float(python_call(given, "numpy", float)[0])), expected, 1e-9)
    for language in ("pari", "mathematica"):
        assert function_name(entry).split("_")[0] in code(entry, language)
