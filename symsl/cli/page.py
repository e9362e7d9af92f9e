"""`symsl page`: the page with sliders."""

from __future__ import annotations

from pathlib import Path


def run_page(output: Path) -> None:
    """Write the page to a file."""
    from symsl.figures.page import page
    from symsl.files import require_writable, write_whole

    require_writable(output, (".html",))
    write_whole(output, page())
    print(f"wrote {output}: open it in a browser")
