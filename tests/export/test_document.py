"""The article: complete, and accepted by pdflatex without a line that sticks out."""

from __future__ import annotations

import shutil
import subprocess

import pytest
import sympy as sp
from test_layout import LONG, NESTED

from symsl import symbols as s
from symsl.equations import EQUATIONS
from symsl.equations.model import DEFINITION, PROVED, Equation, Quantity
from symsl.export.document import article

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def entry(key, statement, **others):
    plain = {"quantities": (), "assumptions": (), "evidence": DEFINITION}
    return Equation(key, f"name-of-{key}", f"Title of {key}", "5.1", lambda: statement, **(plain | others))


SAMPLES = (
    entry(
        "8",
        sp.Eq(s.eps_g, s.eta),
        quantities=(
            Quantity(s.eps_g, "generalisation error, after as many examples as it takes to fill the line", "eps_g > 0"),
            Quantity(s.lam[s.k], "k-th eigenvalue, lambda_k = lambda_+ / k^{1+beta}", "distinct, with mean 1"),
        ),
        assumptions=("N -> infinity", "0 < eta < 2 & 5% of sigma_J^2"),
        evidence=PROVED,
        derivation="a_name",
        depends_on=("90", "91"),
        remark="A remark with lambda_k.",
    ),
    entry("90", sp.Eq(s.eps_g, LONG)),
    entry("91a", sp.Eq(s.x, NESTED)),
    entry("slug", sp.Eq(s.eps_g, 2 * s.eta / sp.pi * sp.Mul(LONG, evaluate=False))),
    entry("26", sp.Eq(sp.Symbol("A_1"), sp.Matrix(5, 5, lambda i, j: sp.Symbol(f"a_{i}{j}")), evaluate=False)),
    entry("wide", sp.Eq(sp.Symbol("A_2"), sp.Matrix(1, 40, lambda _, j: sp.Symbol(f"a_{j}")), evaluate=False)),
    entry("cases", sp.Eq(s.x, sp.Piecewise((s.eta, s.eta < 1), (sp.uppergamma(s.beta, s.x), True)))),
)


def compiled(text, folder):
    """The log of a compilation that must succeed; labels need the second run."""
    (folder / "article.tex").write_text(text)
    for _ in range(2):
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "article.tex"]
        run = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=100)
        assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    assert (folder / "article.pdf").stat().st_size > 1000
    return (folder / "article.log").read_text(errors="replace")


def test_an_article_tells_everything():
    text = article(SAMPLES)
    for part in (
        r"\subsection{(8) Title of 8}\label{eq:8}",
        r"\[\fitted{\epsilon_g = \eta}\]",
        r"${\lambda}_{k}$ & $k$-th eigenvalue",
        r"$N \to \infty$; $0 < \eta < 2$ \& 5\% of $\sigma_{J}^{2}$",
        r"\textit{Evidence.} proved symbolically",
        r"\texttt{derivations/a\_name.py}",
        r"\hyperref[eq:90]{(90)}, (91)",
        r"A remark with $\lambda_{k}$.",
        "where\n",
    ):
        assert part in text
    assert text.count(r"\subsection") == len(SAMPLES)
    assert "Title of 8}\n\\author" in article(SAMPLES[:1])


@needs_tex
@pytest.mark.parametrize("entries", [SAMPLES, SAMPLES[:1], ()], ids=["many", "one", "none"])
def test_it_compiles_and_fits_the_page(tmp_path, entries):
    log = compiled(article(entries), tmp_path)
    for trouble in ("Overfull", "Undefined", "undefined", "multiply defined", "Missing character"):
        assert trouble not in log


@needs_tex
def test_the_catalogue_compiles_and_fits_the_page(tmp_path):
    log = compiled(article(EQUATIONS), tmp_path)
    for trouble in ("Overfull", "Undefined", "undefined", "multiply defined", "Missing character"):
        assert trouble not in log
