"""`symsl code`: an equation as a function in a programming language."""

from __future__ import annotations

from pathlib import Path


def run_code(key: str, language: str, output: Path | None) -> None:
    """Print or write the code of one equation."""
    from symsl.equations import equation
    from symsl.export.code import SUFFIXES, code
    from symsl.files import require_writable, write_whole

    text = code(equation(key), language)
    if output is None:
        print(text, end="")
        return
    require_writable(output, (SUFFIXES[language],))
    write_whole(output, text)
    print(f"wrote {output}")
