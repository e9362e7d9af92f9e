"""The book as a static site: one page an equation, formulas in MathML, search; nothing is fetched from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import cast

from symsl import __version__
from symsl.errors import SymslError, UsageError
from symsl.export.chapters import Chapter, capitalised, section_title
from symsl.export.code import LANGUAGES, code
from symsl.export.latex import latex
from symsl.export.layout import lines
from symsl.export.prose import prose
from symsl.export.site_style import SCRIPT, STYLE
from symsl.export.steps import NOT_RUN, Step
from symsl.files import write_whole
from symsl.latex import fragment

_ESCAPED = {"\\&": "&", "\\%": "%", "\\#": "#", "\\_": "_", "\\{": "{", "\\}": "}", "\\$": "$", "---": "—", "--": "–"}

_START = re.compile(r"^&(\\(?:q)?quad )?")
_RELATION = re.compile(r" &(=|<|>|\\le|\\ge|\\ne) ")  # where `lines` aligns; columns of matrices have a space after &


def write_site(chapters: Sequence[Chapter], folder: Path) -> int:
    """Write index.html, a page for each chapter, style.css and search.js; how many pages.

    `UsageError` where the directory cannot be written or latex2mathml is not installed (`pip install 'symsl[site]'`).
    """
    _converter()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {folder}: {error.strerror or error}") from None
    used: dict[str, list[str]] = {}
    for chapter in chapters:
        for key in chapter.entry.depends_on:
            used.setdefault(key, []).append(chapter.entry.id)
    known = {chapter.entry.id: chapter.entry.title for chapter in chapters}
    for chapter in chapters:
        write_whole(folder / page_name(chapter.entry.id), _page(chapter, used.get(chapter.entry.id, []), known))
    write_whole(folder / "index.html", _index(chapters))
    write_whole(folder / "style.css", STYLE)
    write_whole(folder / "search.js", f"const EQUATIONS = {_search_index(chapters)};\n{SCRIPT}")
    return len(chapters) + 1


def page_name(key: str) -> str:
    """The file of an equation: eq-15.html."""
    return f"eq-{key}.html"


@cache
def mathml(text: str, block: bool = False) -> str:
    """LaTeX as MathML."""
    return _converter()(text, display="block" if block else "inline")


def _converter() -> Callable[..., str]:
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise UsageError("book --html needs latex2mathml: pip install 'symsl[site]'") from None
    return cast("Callable[..., str]", convert)


def html_prose(text: str) -> str:
    """Words with their mathematics, as HTML."""
    parts = re.split(r"\$([^$]+)\$", prose(text).replace(r"\$", "\0"))
    text = "".join(mathml(part) if place % 2 else escape(_plain(part)) for place, part in enumerate(parts))
    return re.sub(r"\\texttt\{([^}]*)\}", r"<code>\1</code>", text)


def _plain(text: str) -> str:
    text = text.replace("\0", "$").replace(r"\textbackslash{}", "\\").replace(r"\textasciicircum{}", "^")
    text = text.replace(r"\textasciitilde{}", "~")
    for written, meant in _ESCAPED.items():
        text = text.replace(written, meant)
    return text


def _display(rows: Sequence[str]) -> str:
    """A display row by row, as MathML knows no `aligned`; wide rows scroll."""
    plain = [_START.sub("", _RELATION.sub(r" \1 ", row, count=1)) for row in rows] if len(rows) > 1 else rows
    shown = (mathml(row, block=True) for row in plain)
    indented = "".join(f'<div class="{"row" if place else "first"}">{row}</div>' for place, row in enumerate(shown))
    return f'<div class="display">{indented}</div>'


def _frame(title: str, body: str) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<header><a href="index.html">symsl: the equations</a>
<input id="search" type="search" placeholder="number or name" aria-label="Search by number or name" autocomplete="off">
<ul id="found"></ul></header>
<main>
{body}
</main>
<footer>symsl {__version__}. Equations of Worschech and Rosenow, Analyzing Neural Scaling Laws in Two-Layer Networks
with Power-Law Data Spectra, by their numbers there.</footer>
<script src="search.js"></script>
</body>
</html>
"""


def _index(chapters: Sequence[Chapter]) -> str:
    rows: list[str] = []
    section = ""
    for chapter in chapters:
        entry = chapter.entry
        if entry.section != section:
            section = entry.section
            rows.append(f'<tr><th colspan="4">{escape(section_title(section))}</th></tr>')
        number = f"({entry.id})" if entry.id[0].isdigit() else ""
        target = page_name(entry.id)
        rows.append(
            f'<tr><td><a href="{target}">{number or "·"}</a></td><td><a href="{target}">{escape(entry.name)}</a></td>'
            f"<td>{html_prose(entry.title)}</td><td>{_mark(chapter)}</td></tr>"
        )
    return _frame("symsl: the equations", f"<h1>The equations</h1>\n<table>{''.join(rows)}</table>")


def _mark(chapter: Chapter) -> str:
    return f'<span class="mark {chapter.mark}" title="{escape(chapter.evidence)}">{chapter.mark}</span>'


def _page(chapter: Chapter, used_by: Sequence[str], known: dict[str, str]) -> str:
    entry = chapter.entry
    number = f"({entry.id}) " if entry.id[0].isdigit() else ""
    symbols = "".join(
        f"<tr><td>{mathml(fragment(q.symbol))}</td><td>{html_prose(q.meaning)}</td><td>{html_prose(q.domain)}</td></tr>"
        for q in entry.quantities
    )
    about = [
        ("Reference", escape(entry.reference)),
        ("Evidence", escape(chapter.evidence)),
        ("Assumptions", "; ".join(map(html_prose, entry.assumptions))),
        ("Value", _value(chapter)),
        ("Depends on", _links(entry.depends_on, known)),
        ("Used by", _links(used_by, known)),
        ("Remark", html_prose(entry.remark)),
    ]
    return _frame(
        f"{number}{entry.title}",
        "\n".join(
            (
                f"<h1>{number}{html_prose(entry.title)} {_mark(chapter)}</h1>",
                f"<p>name: <code>{escape(entry.name)}</code></p>",
                *map(_display, lines(entry.statement, write=fragment)),
                f"<table>{symbols}</table>" if symbols else "",
                f"<dl>{''.join(f'<dt>{term}</dt><dd>{text}</dd>' for term, text in about if text)}</dl>",
                _derivation(chapter, known),
                _sources(chapter),
            )
        ),
    )


def _value(chapter: Chapter) -> str:
    if not chapter.values:
        return ""
    several = len(chapter.values) > 1
    found = "; ".join(f"{name} = {value}" if several else value for name, value in chapter.values.items())
    command = " ".join((f"symsl eval {chapter.entry.id}", *(f"{k}={v}" for k, v in chapter.parameters.items())))
    return f"<code>{escape(found)}</code><br><code>{escape(command)} --digits 20</code>"


def _links(keys: Sequence[str], known: dict[str, str]) -> str:
    return ", ".join(
        f'<a href="{page_name(key)}" title="{escape(known[key])}">{f"({key})" if key[0].isdigit() else key}</a>'
        if key in known
        else escape(key)
        for key in keys
    )


def _derivation(chapter: Chapter, known: dict[str, str]) -> str:
    if not chapter.steps:
        return ""
    start = f"Continues after {_links([chapter.after], known)}. " if chapter.after else ""
    premises = f"Premises: {html_prose(chapter.premises)} " if chapter.premises else ""
    run = f"Run it: <code>symsl verify {escape(chapter.entry.id)}</code>."
    steps = "\n".join(_step(step, known) for step in chapter.steps)
    return f"<h2>Derivation</h2>\n<p>{start}{premises}{run}</p>\n<ol>\n{steps}\n</ol>"


def _step(step: Step, known: dict[str, str]) -> str:
    about = f" ({html_prose(step.about)})" if step.about else ""
    goal = f" → {_links([step.entry], known)}" if step.entry else ""
    good = step.verdict == NOT_RUN or step.stands
    verdict = step.method if good else f"{step.verdict} (wrong twin {step.wrong_twin})"
    kind = "verdict" if good else "verdict open"
    shown = "".join(map(_display, step.displays))
    text = html_prose(capitalised(step.text))
    return f'<li>{text}{about}{goal} <span class="{kind}">{escape(verdict)}</span>{shown}</li>'


def _sources(chapter: Chapter) -> str:
    """LaTeX and code, each in a tab that opens."""
    texts = {"LaTeX": latex(chapter.entry)}
    for language in LANGUAGES:
        try:
            texts[language] = code(chapter.entry, language)
        except SymslError:
            continue
    tabs = "".join(
        f'<details name="source"><summary>{name}</summary><pre>{escape(text)}</pre></details>'
        for name, text in texts.items()
    )
    return f'<h2>LaTeX and code</h2>\n<div class="tabs">{tabs}</div>'


def _search_index(chapters: Sequence[Chapter]) -> str:
    rows = [[c.entry.id, c.entry.name, c.entry.title, page_name(c.entry.id)] for c in chapters]
    return json.dumps(rows, ensure_ascii=False).replace("</", "<\\/")
