"""The book: every equation with its mark, derivation, assumptions and a certified value, as LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from symsl import __version__
from symsl.export.chapters import Chapter, capitalised, section_title
from symsl.export.document import PREAMBLE, displayed, fitted, heading, labelled, link, symbol_table, typed
from symsl.export.prose import prose
from symsl.export.steps import NOT_RUN, Step

_COLOURS = {
    "definition": "black!55",
    "proved": "green!45!black",
    "exact": "teal!80!black",
    "enclosed": "blue!70!black",
    "numerical": "orange!85!black",
    "open": "red!75!black",
}
_EXPLAINED = {
    "definition": "a definition, nothing to prove",
    "proved": "proved symbolically, for every value of its symbols",
    "exact": "proved by exact arithmetic for the sizes stated",
    "enclosed": "both sides enclosed in overlapping narrow balls at samples: evidence, not a proof",
    "numerical": "numerical agreement only",
    "open": "not proved, or a step of the derivation does not stand",
}
_PACKAGES = r"""\usepackage{multicol,xcolor}
\newcommand{\evidencemark}[2]{{\fboxsep2pt\fcolorbox{#1}{white}{\footnotesize\sffamily\textcolor{#1}{#2}}}}
\begin{document}
"""


def book(chapters: Sequence[Chapter]) -> str:
    """A LaTeX book of these chapters that compiles with pdflatex (amsmath, geometry, graphicx, hyperref, xcolor)."""
    preamble = PREAMBLE.replace("\\begin{document}\n", _PACKAGES).replace(
        r"\usepackage[hidelinks]{hyperref}", r"\usepackage[colorlinks,allcolors=blue!50!black]{hyperref}"
    )
    present = {chapter.entry.id for chapter in chapters}
    parts = [preamble, _front(chapters)]
    for section, members in groupby(chapters, key=lambda chapter: chapter.entry.section):
        parts.append(rf"\room{{14\baselineskip}}\section{{{section_title(section)}}}")
        parts.extend(_chapter(chapter, present) for chapter in members)
    return "\n".join((*parts, r"\end{document}", ""))


def _front(chapters: Sequence[Chapter]) -> str:
    used = [mark for mark in _COLOURS if any(chapter.mark == mark for chapter in chapters)]
    count = {mark: sum(chapter.mark == mark for chapter in chapters) for mark in used}
    rows = "\n".join(rf"{_mark(mark)} & {count[mark]} & {_EXPLAINED[mark]} \\" for mark in used)
    run = any(step.verdict != NOT_RUN for chapter in chapters for step in chapter.steps)
    how = (
        "Every step was run: its verdict stands beside it."
        if run
        else "The derivations were not run for this copy: the marks are the declared evidence."
    )
    return "\n".join(
        (
            r"\title{Exact theory of learning curves in two-layer networks:\\the equations and their derivations}",
            rf"\author{{symsl {__version__}}}",
            r"\date{}",
            r"\maketitle",
            "The equations of Worschech and Rosenow, \\emph{Analyzing Neural Scaling Laws in Two-Layer Networks with "
            "Power-Law Data Spectra}, by their numbers there, and results beyond the paper by name. A derivation is a "
            "list of steps, each an identity that is proved from the premises; a deliberately wrong variant of each "
            rf"step must be refuted. {how} Values are certified: they differ from the exact value of the formula by "
            "less than 0.51 units in the last digit.",
            "",
            rf"\begin{{tabular}}{{@{{}}lrl@{{}}}}{rows}\end{{tabular}}",
            r"\makeatletter\renewcommand{\@pnumwidth}{2.2em}\renewcommand{\@tocrmarg}{3.2em}\makeatother",
            r"\setlength{\columnsep}{8mm}\begin{multicols}{2}\footnotesize\tableofcontents\end{multicols}",
            r"\clearpage",
        )
    )


def _mark(mark: str) -> str:
    return rf"\evidencemark{{{_COLOURS[mark]}}}{{{mark}}}"


def _chapter(chapter: Chapter, present: set[str]) -> str:
    entry = chapter.entry
    parts = [
        rf"\room{{11\baselineskip}}\subsection{{{heading(entry)}}}\label{{eq:{entry.id}}}",
        rf"{_mark(chapter.mark)}\quad {prose(chapter.evidence)}\quad\textit{{name:}} \texttt{{{typed(entry.name)}}}",
        *displayed(entry.statement),
        symbol_table(entry),
        labelled("Assumptions", "; ".join(prose(assumption) for assumption in entry.assumptions)),
        labelled("Value", _value(chapter)),
        labelled("Depends on", ", ".join(link(key, present) for key in entry.depends_on)),
        labelled("Remark", prose(entry.remark)),
        *_derivation(chapter, present),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _value(chapter: Chapter) -> str:
    if not chapter.values:
        return ""
    at = ", ".join(rf"{_parameter(name)}" for name in (f"{k} = {v}" for k, v in chapter.parameters.items()))
    several = len(chapter.values) > 1
    found = "; ".join(f"{typed(name)} = {value}" if several else value for name, value in chapter.values.items())
    return f"{found}" + (f" at {at}" if at else "")


def _parameter(assignment: str) -> str:
    name, _, value = assignment.partition(" = ")
    text = prose(name)
    return f"{text} = {value}" if "$" in text else rf"\texttt{{{typed(name)}}} = {value}"


def _derivation(chapter: Chapter, present: set[str]) -> Iterable[str]:
    if not chapter.steps:
        return
    start = f" (continues after {link(chapter.after, present)})" if chapter.after else ""
    yield rf"\textit{{Derivation}}{start}: \texttt{{derivations/{typed(str(chapter.entry.derivation))}.py}}."
    if chapter.premises:
        yield labelled("Premises", prose(chapter.premises))
    yield (
        r"\room{4\baselineskip}\begin{enumerate}"
        + "\n"
        + "\n".join(_step(step, present) for step in chapter.steps)
        + r"\end{enumerate}"
    )


def _step(step: Step, present: set[str]) -> str:
    about = f" ({prose(step.about)})" if step.about else ""
    goal = rf" $\to$ {link(step.entry, present)}" if step.entry else ""
    verdict = step.method if step.verdict == NOT_RUN or step.stands else f"{step.verdict} (twin {step.wrong_twin})"
    text = rf"\item {prose(capitalised(step.text))}{about}.{goal} {{\footnotesize\textsf{{[{verdict}]}}}}"
    return "\n".join((text, *(_display(rows) for rows in step.displays))) + "\n"


def _display(rows: Sequence[str]) -> str:
    if len(rows) == 1:
        return fitted(rows[0])
    joined = " \\\\\n".join(rows)
    return fitted(rf"\begin{{aligned}}{joined}\end{{aligned}}")
