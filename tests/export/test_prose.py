"""Words to LaTeX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symsl.export.prose import prose


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("generalisation error", "generalisation error"),
        ("0 < eta < 2", r"0 $<$ $\eta$ $<$ 2"),
        ("lambda_k = lambda_+ / k^{1+beta}", r"$\lambda_{k}$ = $\lambda_{+}$ / $k^{1+\beta}$"),
        ("D_n^(l) equal", r"$D_{n}^{(l)}$ equal"),
        ("eps_g at L -> infinity", r"$\epsilon_g$ at $L$ $\to$ $\infty$"),
        ("proved for L <= 6", r"proved for $L$ $\le$ 6"),
        ("a 5% rate & more, i.e. not N.B. this", r"a 5\% rate \& more, i.e. not N.B. this"),
        ("the k-th of them", "the $k$-th of them"),
        ("zeta function, a meta etalon", r"$\zeta$ function, a meta etalon"),
        (r"C:\path_name", r"C:\textbackslash{}path\_name"),
        ("T2 and D2", r"$T^{(2)}$ and $D^{(2)}$"),
    ],
)
def test_names_become_mathematics_and_words_stay(text, expected):
    assert prose(text) == expected


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_braces_and_dollars_always_balance(text):
    written = prose(text).replace("\\{", "").replace("\\}", "").replace("\\$", "")
    assert written.count("$") % 2 == 0
    assert written.count("{") == written.count("}")
