"""An article from entries of the catalogue: each equation with its title, symbols, assumptions and evidence.

It needs amsmath, geometry, graphicx and hyperref only. A statement is broken by `symsl.export.layout`; what is still
wider than the page is scaled down to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symsl import __version__
from symsl.export.layout import display
from symsl.export.prose import prose
from symsl.latex import fragment

if TYPE_CHECKING:
    from symsl.equations import Equation

PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[margin=22mm]{geometry}
\usepackage{amsmath,amssymb}
\usepackage{array,graphicx}
\usepackage[hidelinks]{hyperref}
\newsavebox{\statementbox}
\newcommand{\fitted}[1]{\sbox{\statementbox}{$\displaystyle #1$}%
  \ifdim\wd\statementbox>\linewidth\resizebox{\linewidth}{!}{\usebox{\statementbox}}%
  \else\usebox{\statementbox}\fi}
\makeatletter % the entries of matrices as large as in a display
\renewcommand*\env@matrix[1][>{\displaystyle}c]{\hskip-\arraycolsep\let\@ifnextchar\new@ifnextchar
  \array{*\c@MaxMatrixCols{#1}}}
\makeatother
\newcommand{\room}[1]{\par\penalty-100\relax % first let a page that is full be shipped
  \ifdim\pagegoal=\maxdimen\else\ifdim\dimexpr\pagegoal-\pagetotal<#1\relax\vfil\break\fi\fi}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 2pt}
\setcounter{secnumdepth}{0}
\raggedright
\begin{document}
"""


def article(entries: Sequence[Equation], names: Mapping[str, str] | None = None) -> str:
    """A LaTeX article that compiles with pdflatex; `names` writes symbols differently."""
    names = names or {}
    present = {entry.id for entry in entries}
    head = "\n".join(
        (
            rf"\title{{{_title(entries)}}}",
            rf"\author{{symsl {__version__}}}",
            r"\date{}",
            r"\maketitle",
        )
    )
    body = "\n".join(_section(entry, present, names) for entry in entries)
    return f"{PREAMBLE}{head}\n{body}\n\\end{{document}}\n"


def _title(entries: Sequence[Equation]) -> str:
    if len(entries) == 1:
        return prose(entries[0].title)
    return "Exact theory of learning curves in two-layer networks: the equations"


def _section(entry: Equation, present: set[str], names: Mapping[str, str]) -> str:
    parts = [
        rf"\room{{9\baselineskip}}\subsection{{{heading(entry)}}}\label{{eq:{entry.id}}}",
        *displayed(entry.statement, names),
        symbol_table(entry, names),
        labelled("Assumptions", "; ".join(prose(assumption, names) for assumption in entry.assumptions)),
        labelled("Evidence", prose(str(entry.evidence))),
        labelled("Derivation", rf"\texttt{{derivations/{typed(entry.derivation)}.py}}" if entry.derivation else ""),
        labelled("Depends on", ", ".join(link(key, present) for key in entry.depends_on)),
        labelled("Remark", prose(entry.remark, names)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def fitted(text: str) -> str:
    """A display that is scaled down if it is wider than the page; rows of matrices with fractions stand apart."""
    return rf"\[\fitted{{{_MATRIX.sub(_apart, text)}}}\]"


_MATRIX = re.compile(r"\\begin\{matrix\}.*?\\end\{matrix\}", re.DOTALL)


def _apart(matrix: re.Match[str]) -> str:
    tall = any(head in matrix[0] for head in (r"\frac", r"\sum", r"\sqrt"))
    return matrix[0].replace(r"\\", r"\\\noalign{\vskip 5pt}") if tall else matrix[0]


def displayed(statement: Any, names: Mapping[str, str] | None = None) -> list[str]:
    """A statement as displays that fit the page."""
    first, *definitions = (fitted(text) for text in display(statement, write=lambda part: fragment(part, names)))
    return [first, *(["where", *definitions] if definitions else [])]


def heading(entry: Equation) -> str:
    number = f"({entry.id}) " if entry.id[0].isdigit() else ""
    title = prose(entry.title)
    plain = entry.title.replace("\\", "").translate({ord(c): " " for c in "_^{}#%&~$"})
    return number + (title if title == entry.title else rf"\texorpdfstring{{{title}}}{{{plain}}}")


def symbol_table(entry: Equation, names: Mapping[str, str] | None = None) -> str:
    """What the symbols mean, as a table."""
    if not entry.quantities:
        return ""
    rows = "\n".join(
        rf"${fragment(quantity.symbol, names)}$ & {prose(quantity.meaning, names)} & {prose(quantity.domain, names)} \\"
        for quantity in entry.quantities
    )
    columns = r"@{}l>{\raggedright\arraybackslash}p{0.55\linewidth}>{\raggedright\arraybackslash}p{0.27\linewidth}@{}"
    return f"\\begin{{tabular}}{{{columns}}}\n{rows}\n\\end{{tabular}}"


def labelled(label: str, text: str) -> str:
    return rf"\textit{{{label}.}} {text}" if text else ""


def link(key: str, present: set[str]) -> str:
    text = f"({key})" if key[0].isdigit() else typed(key)
    return rf"\hyperref[eq:{key}]{{{text}}}" if key in present else text


def typed(text: str) -> str:
    return text.replace("_", r"\_")
