"""`symsl latex`: fragments, aligned equations, or an article."""

from __future__ import annotations

from pathlib import Path


def run_latex(key: str | None, form: str, rename: list[str], digits: int | None, output: Path | None) -> None:
    """Print or write the LaTeX of one equation, or of all where `key` is None."""
    from symsl.cli.assignments import read_assignments
    from symsl.equations import EQUATIONS, equation
    from symsl.errors import UsageError
    from symsl.export.document import article
    from symsl.export.latex import latex
    from symsl.files import require_writable, write_whole

    if output is not None:
        require_writable(output, (".tex",))
    names = read_assignments(rename)
    if key is not None:
        entry = equation(key)
        text = latex(entry, form, rename=names, digits=digits).rstrip("\n") + "\n"
    elif names:
        raise UsageError("latex: --rename goes with one equation, not with --all")
    elif form == "document" and digits is None:
        text = article(EQUATIONS)
    elif form == "document":
        raise UsageError("latex: --digits goes with one equation or with --form align, not with a document of all")
    else:
        text = "\n".join(f"% Eq. {e.id}: {e.title}\n{latex(e, form, digits=digits)}\n" for e in EQUATIONS)
    if output is None:
        print(text, end="")
    else:
        write_whole(output, text)
        print(f"wrote {output}")
