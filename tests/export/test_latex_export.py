"""LaTeX in every form: parsed by pdflatex, with other names, with decimals that are certified."""

from __future__ import annotations

import re
import shutil

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from test_document import compiled

from symsl import EQUATIONS, ParameterError, UsageError, equation
from symsl import symbols as s
from symsl.export.latex import latex, with_decimals

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
ARTICLE = "\\documentclass{article}\n\\usepackage{amsmath,amssymb}\n\\begin{document}\n%s\n\\end{document}\n"


@needs_tex
def test_every_equation_is_accepted_as_a_fragment_and_as_align(tmp_path):
    parts = [f"\\[{latex(entry)}\\]\n{latex(entry, 'align')}\n{latex(entry, digits=4)[:0]}" for entry in EQUATIONS]
    parts += [f"\\[{latex(entry, digits=4)}\\]" for entry in EQUATIONS]
    log = compiled(ARTICLE % "\n".join(parts), tmp_path)
    for trouble in ("Undefined", "undefined", "multiply defined", "Missing character"):
        assert trouble not in log


@needs_tex
def test_documents_of_entries_and_of_custom_expressions(tmp_path):
    for what, names in ((equation("17"), {"eta": r"\gamma"}), (sp.Eq(s.x, 2 / s.eta), {}), (s.eta**2, {})):
        log = compiled(latex(what, "document", rename=names), tmp_path)
        assert "Overfull" not in log
    assert r"\gamma > 0" in latex(equation("17"), "document", rename={"eta": r"\gamma"})
    assert latex(sp.Eq(s.x, sp.sqrt(2)), "document", digits=3).count("1.41") == 1


def test_renaming_reaches_symbols_families_and_functions():
    plain, renamed = latex(equation("8")), latex(equation("8"), rename={"eta": r"\gamma", "lambda": r"\mu"})
    assert renamed == plain.replace(r"\eta", r"\gamma").replace(r"\lambda", r"\mu")
    assert latex(equation("114"), rename={"r_1": r"\rho"}).count(r"\rho") == 2
    assert latex(equation("23"), rename={"Q": "S"}) == r"\epsilon_g = \frac{{S}_{1}}{2} - R^{(1)} + \frac{T^{(1)}}{2}"


@pytest.mark.parametrize(
    ("names", "complaint"),
    [({"et": "x"}, "no symbol et to rename; did you mean eta"), ({"eta": "M"}, "M and eta would both be written M")],
)
def test_renaming_that_cannot_be_meant(names, complaint):
    with pytest.raises(UsageError, match=complaint):
        latex(equation("15"), rename=names)


def test_align_numbers_one_line_and_labels_it():
    text = latex(equation("18"), "align")
    rows = text.removeprefix("\\begin{align}\n").removesuffix("\n\\end{align}").split(" \\\\\n")
    assert rows[-1].endswith(r"\label{eq:18}")
    assert all(row.endswith(r"\nonumber") for row in rows[:-1])
    assert text.count("label") == 1
    assert "label" not in latex(s.eta, "align")


def test_wrong_use():
    with pytest.raises(UsageError, match="no form picture; there are fragment, align, document"):
        latex(s.eta, "picture")
    with pytest.raises(ParameterError, match="1 <= digits"):
        latex(s.eta, digits=0)


NUMBERS = [
    sp.pi,
    sp.sqrt(15) / 75,
    sp.Rational(1, 3),
    sp.exp(-40),
    sp.gamma(sp.Rational(1, 3)),
    sp.pi**40,
    1 - sp.sqrt(2),
]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NUMBERS), st.integers(1, 40))
def test_decimals_are_within_half_a_unit_of_the_last_digit(number, digits):
    text = latex(number, digits=digits)
    mantissa, _, exponent = text.replace(" ", "").partition(r"\cdot10^{")
    shown = len(re.sub(r"^-?0*\.?0*", "", mantissa).replace(".", ""))
    assert shown == digits
    with mpmath.workdps(digits + 30):
        found = mp.mpf(mantissa) * mp.mpf(10) ** int(exponent.rstrip("}") or 0)
        exact = mp.mpmathify(sp.N(number, digits + 25))
        unit = mp.mpf(10) ** (mp.floor(mp.log10(abs(exact))) + 1 - digits)
        assert abs(found - exact) <= unit * mp.mpf("0.51")


@pytest.mark.parametrize("key", ["9", "15", "17", "99", "119"])
def test_decimals_change_the_value_by_their_rounding_only(key):
    statement = equation(key).statement.rhs
    changed = with_decimals(statement, 12)
    assert changed != statement
    values = {symbol: sp.Rational(3 + i, 7) for i, symbol in enumerate(sorted(statement.free_symbols, key=str))}
    values |= {s.M: 3, s.L: 2, s.alpha: sp.Rational(1, 5), s.D: sp.Rational(1, 4), s.k: s.k}

    def at(expression):
        plain = {symbol: value for symbol, value in values.items() if isinstance(symbol, sp.Symbol)}
        written_out = expression.subs(s.L, 2).doit()
        families = {node: sp.Rational(1, 3) for node in written_out.atoms(sp.Indexed)}
        return sp.Matrix([written_out.xreplace(families).xreplace(plain)]).evalf(30)

    before, after = at(statement), at(changed)
    assert all(abs(a - b) <= abs(a) * 1e-9 + 1e-11 for a, b in zip(before, after, strict=True))
