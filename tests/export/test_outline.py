"""Identities too large to read: their structure, what the names stand for, and how much is left out."""

from __future__ import annotations

import re

import sympy as sp

from symsl import symbols as s
from symsl.export.layout import LINE, width
from symsl.export.outline import MOST_ROWS, outline

A = sp.symbols("a1:60", positive=True)
LONG = sum(a**n for n, a in enumerate(A, start=1))
WIDE = sum(sp.sqrt(a + n) for n, a in enumerate(A[:9]))


def rows(statement):
    displays, about = outline(statement)
    return [row for block in displays for row in block], about


def test_a_long_sum_shows_its_head_its_end_and_the_number_of_its_terms():
    shown, about = rows(sp.Eq(s.eta, LONG))
    assert r"\cdots" in shown[-1]
    assert "(59 terms)" in shown[-1]
    assert about == "in outline, 116 operations in all"


def test_parts_get_names_that_are_written_out():
    shown, about = rows(sp.Eq(WIDE * sp.exp(WIDE + 1), s.eta * WIDE))
    text = "\n".join(shown)
    assert re.findall(r"(X_\{\d\}) &?= ", text) == ["X_{1}", "X_{2}"]
    assert "not written out" not in about


def test_an_outline_is_short_and_says_what_it_leaves_out():
    parts = [sum((a + k) ** n for n, a in enumerate(A[:12], start=1)) for k in range(14)]
    displays, about = outline(sp.Eq(sp.Matrix(parts), sp.Matrix([2 * part for part in parts]), evaluate=False))
    assert sum(map(len, displays)) <= MOST_ROWS
    assert re.search(r"X_\d+ to X_28 are not written out$", about)


def test_no_part_is_wider_than_a_line():
    for expression in (WIDE, 2 * WIDE):
        assert width(expression) > LINE
        shown, _ = rows(sp.Eq(s.eta, sp.exp(expression)))
        assert shown[0].endswith("e^{X_{1}}") or "X_{1}" in "".join(shown[:2])
