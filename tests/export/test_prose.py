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
        ("0 < eta < 2", r"$0 < \eta < 2$"),
        ("lambda_k = lambda_+ / k^{1+beta}", r"$\lambda_{k} = \lambda_{+} / k^{1+\beta}$"),
        ("D_n^(l) equal", r"$D_{n}^{(l)}$ equal"),
        ("eps_g at L -> infinity", r"$\epsilon_g$ at $L \to \infty$"),
        ("proved for L <= 6", r"proved for $L \le 6$"),
        ("a 5% rate & more, i.e. not N.B. this", r"a 5\% rate \& more, i.e. not N.B. this"),
        ("the k-th of them", "the $k$-th of them"),
        ("zeta function, a meta etalon", r"$\zeta$ function, a meta etalon"),
        (r"C:\path_name", r"C:\textbackslash{}path\_name"),
        (
            "coefficients of prod_k (x - lambda_k), c_L = 1",
            r"coefficients of $\prod_{k} (x - \lambda_{k})$, $c_{L} = 1$",
        ),
        ("-T(2) <= D(2) < (M - 1) T(2)", r"$-T^{(2)} \le D^{(2)} < (M - 1) T^{(2)}$"),
        ("T(l + 1) > 0, R(0) = 0", r"$T^{(l+1)} > 0$, $R(0) = 0$"),
        ("(R^(0), ..., R^(L-1)) is an L x L matrix", r"$(R^{(0)}, \ldots, R^{(L-1)})$ is an $L \times L$ matrix"),
        (
            "eps_g* - eps_g like exp(alpha/tau_esc)",
            r"$\epsilon_g^* - \epsilon_g$ like $\exp(\alpha/\tau_{\mathrm{esc}})$",
        ),
        ("M/sqrt(1 + 2Q*) and 2 sqrt 3", r"$M/\sqrt{1 + 2Q^*}$ and $2 \sqrt{3}$"),
        ("the teacher's A_a (x) A_1", r"the teacher's $A_{a} \otimes A_{1}$"),
        ("incomplete gamma function of gamma", r"incomplete gamma function of $\gamma$"),
        ("(other K, M: replace eta)", r"(other $K$, $M$: replace $\eta$)"),
        ("rows 0..L-2 on (1, 1) in [1, L]", "rows 0..L-2 on (1, 1) in $[1, L]$"),
        ("dQ_ij = dR/dalpha of order 1", r"$d Q_{ij} = d R/d \alpha$ of order 1"),
        ("an x^-(1+beta) of (Eq. 27)", r"an $x^{-(1+\beta)}$ of (Eq. 27)"),
        ("w_k = L (V^-1 w)_k", r"$w_{k} = L (V^{-1} w)_{k}$"),
        ("(2/pi) e^(-x^2)", r"$(2/\pi) e^{-x^2}$"),
        ("(|a|**2 + |w|**2) above the noise level", r"$(|a|^{2} + |w|^{2})$ above the noise level"),
        ("orders J_i.Sigma^l J_j / N", r"orders $J_{i} \cdot \Sigma^{l} J_{j} / N$"),
        (
            "r = int (soft(m + z; a) - m)**2 phi(z) dz",
            r"$r = \int (\operatorname{soft}(m + z; a) - m)^{2} \phi(z) d z$",
        ),
        ("a part of m >= 0, a threshold a >= 0", r"a part of $m \ge 0$, a threshold $a \ge 0$"),
        ("x**(-2 gamma) vanishes at oo", r"$x^{-2 \gamma}$ vanishes at $\infty$"),
        ("covariance C; det(1 + C E)^(-1/2)", r"covariance $C$; $\det(1 + C E)^{-1/2}$"),
        ("see `a_name` for roots ~ 4", r"see \texttt{a\_name} for roots $\sim$ 4"),
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
