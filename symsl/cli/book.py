"""`symsl book`: all equations as a PDF (or LaTeX) and as a static site."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from symsl.cli.progress import counting, waiting

_LOG_LINES = 8


def run_book(output: Path | None, html: Path | None, *, verify: bool, jobs: int | None) -> None:
    """Write the book to `output` (.pdf or .tex) and the site to the directory `html`."""
    from symsl.equations import EQUATIONS
    from symsl.errors import ParameterError, UsageError
    from symsl.export.book import book
    from symsl.export.chapters import chapters, derivations_of
    from symsl.export.site import write_site
    from symsl.export.steps import steps
    from symsl.files import require_writable, write_whole

    if jobs is not None and jobs < 1:
        raise ParameterError("book", "jobs", jobs, "jobs >= 1", "leave it out to use every core")
    if output is None and html is None:
        raise UsageError("book needs somewhere to write: -o symsl.pdf, -o symsl.tex or --html DIR")
    if output is not None:
        require_writable(output, (".pdf", ".tex"))
    names = derivations_of(EQUATIONS)
    with counting("derivations", len(names)) as advance:
        found = steps(names, verify=verify, jobs=jobs, on_done=advance)
    made = list(chapters(EQUATIONS, found))
    if html is not None:
        with waiting("pages"):
            print(f"wrote {write_site(made, html)} pages in {html}")
    if output is None:
        return
    text = book(made)
    if output.suffix.lower() == ".pdf" and shutil.which("pdflatex") is None:
        output = output.with_suffix(".tex")
        print("pdflatex is not installed (Debian: texlive-latex-recommended): here is the LaTeX instead")
    if output.suffix.lower() == ".tex":
        write_whole(output, text)
    else:
        with waiting("pdflatex"):
            write_whole(output, _compiled(text))
    print(f"wrote {output}")


def _compiled(text: str) -> bytes:
    """The PDF; references and contents settle in three runs."""
    from symsl.errors import SymslError

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "book.tex").write_text(text)
        command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "book.tex"]
        for _ in range(3):
            run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
            if run.returncode:
                log = run.stdout.decode(errors="replace").splitlines()
                trouble = [line for line in log if line.startswith("!")] or log[-_LOG_LINES:]
                raise SymslError(f"book: pdflatex failed: {' '.join(trouble[:_LOG_LINES])}")
        return (Path(folder) / "book.pdf").read_bytes()
