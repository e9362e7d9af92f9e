"""`symsl latex`: fragments, or an article."""

from __future__ import annotations

from pathlib import Path


def run_latex(key: str | None, *, document: bool, output: Path | None) -> None:
    """Print or write the LaTeX of one equation, or of all where `key` is None."""
    from symsl.equations import EQUATIONS, equation
    from symsl.export.document import article
    from symsl.files import require_writable, write_whole

    if output is not None:
        require_writable(output, (".tex",))
    entries = EQUATIONS if key is None else (equation(key),)
    if document:
        text = article(entries)
    elif key is not None:
        text = f"{entries[0].latex()}\n"
    else:
        text = "\n".join(f"% Eq. {entry.id}: {entry.title}\n{entry.latex()}\n" for entry in entries)
    if output is None:
        print(text, end="")
    else:
        write_whole(output, text)
        print(f"wrote {output}")
