"""Long statements are broken into lines that say the same."""

from __future__ import annotations

import sympy as sp

from symsl import symbols as s
from symsl.export.layout import abbreviated, broken, display, drawn, width
from symsl.latex import fragment

A = sp.symbols("a1:40", positive=True)
LONG = sum((-1) ** i * sp.sqrt(a + i) * sp.exp(-a) for i, a in enumerate(A))


def covariances(i, j):
    return sp.Symbol(f"C{min(i, j)}{max(i, j)}")


C = covariances
L4 = (1 + C(1, 1)) * (1 + C(2, 2)) - C(1, 2) ** 2
L1 = L4 * (1 + C(3, 3)) - C(2, 3) ** 2 * (1 + C(1, 1)) - C(1, 3) ** 2 * (1 + C(2, 2)) + 2 * C(1, 2) * C(1, 3) * C(2, 3)
NESTED = 4 / sp.pi**2 / sp.sqrt(L4) * sp.asin((L4 * C(3, 4) - C(2, 3) * C(2, 4) * (1 + C(1, 1))) / sp.sqrt(L1 * L4))


def test_what_fits_stays_as_it_is():
    statement = sp.Eq(s.eps_g, s.eta**2)
    assert display(statement) == [fragment(statement)]
    assert display(s.eta) == [r"\eta"]


def test_a_long_sum_keeps_its_terms_and_their_signs():
    [text] = display(sp.Eq(s.eps_g, LONG))
    first, *others = text.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").split(" \\\\\n")
    assert len(others) >= 5
    assert first.startswith(r"\epsilon_g &= ")
    written = " ".join(row.removeprefix(r"&\qquad ") for row in [first.replace("&", ""), *others])
    assert written == fragment(sp.Eq(s.eps_g, LONG))


def test_every_line_fits():
    room = 90
    columns = {fragment(abs(term) if term.could_extract_minus_sign() else term): width(term) for term in LONG.args}
    for row in broken(LONG, room):
        used = sum(needed + 3 for text, needed in columns.items() if text.replace("- ", "") in row)
        assert used <= room + 3


def test_a_bracket_is_broken_inside():
    product = sp.Mul(2 * s.eta, LONG, evaluate=False)
    rows = broken(product, 90)
    assert rows[0].startswith(r"2 \eta \biggl[ ")
    assert rows[-1].endswith(r" \biggr]")
    assert sum(row.count(r"\biggl") - row.count(r"\biggr") for row in rows) == 0


def test_a_product_keeps_its_factors_where_its_bracket_fits_a_line():
    product = sp.Mul(s.eta / (sp.pi * s.M), s.x + s.eta, evaluate=False)
    assert broken(product, width(product) - 1) == [fragment(product)]


def test_wide_sums_inside_get_names_that_stand_for_them():
    (short,), names = abbreviated(NESTED)
    assert width(short) < width(NESTED)
    for name, value in reversed(names.items()):
        short = short.xreplace({name: value})
    assert short == NESTED
    statement, *definitions = display(sp.Eq(s.x, NESTED), 40)
    assert "X_{1}" in statement
    assert len(definitions) == len(names) >= 2
    assert definitions[0] == f"X_{{1}} = {fragment(L4)}"


def test_a_name_carries_the_index_of_a_sum():
    inner = sum(s.lam[s.k] ** n for n in range(1, 12)) + s.eta
    expression = sp.exp(sp.Sum(sp.exp(-inner), (s.k, 1, s.L)))
    (short,), names = abbreviated(expression)
    [(name, value)] = names.items()
    assert name == sp.Function("X_1")(s.k)
    assert value == -inner
    assert short.xreplace(names) == expression


def test_names_of_matrices_do_not_commute():
    a, b, c = sp.symbols("A B C", commutative=False)
    wide = sum((a * b) ** n for n in range(1, 9))
    (short,), names = abbreviated(c * wide * b)
    [(name, value)] = names.items()
    assert short == c * name * b
    assert short.xreplace(names) == c * wide * b
    assert value == wide


def test_a_wide_left_side_stands_above():
    [text] = display(sp.Eq(LONG, 2 * s.eta))
    rows = text.removeprefix("\\begin{aligned}\n").removesuffix("\n\\end{aligned}").split(" \\\\\n")
    assert len(rows) > 3
    assert rows[-1] == r"&\quad = 2 \eta"


def test_drawings_use_the_papers_letters():
    assert drawn(s.lam[s.k] * s.eps_g) == "ε_g⋅λₖ"
