"""`symsl book` on a small catalogue: PDF, LaTeX and a site whose links resolve and that a browser shows."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from symsl.export.steps import derivation_steps
from symsl.verification import identity


@pytest.fixture
def small(catalogue, derive, true_claim, monkeypatch):
    """The small catalogue with a derivation in this process (others could not see it)."""
    import dataclasses

    from symsl import symbols as s

    derive(true_claim, dataclasses.replace(identity("arrives", s.x, s.x, wrong=2 * s.x), entry="8"))
    monkeypatch.setattr("symsl.export.steps.steps", lambda names, **_: dict(derivation_steps(n, True) for n in names))
    from symsl import equations

    monkeypatch.setattr("symsl.equations.EQUATIONS", tuple(e for e in equations.EQUATIONS if e.id != "nothing"))
    return catalogue


@pytest.mark.usefixtures("small")
def test_the_book_says_everything(symsl, tmp_path):
    target = tmp_path / "b.tex"
    assert symsl("book", "-o", target)[:2] == (0, f"wrote {target}\n")
    text = target.read_text()
    for part in (r"\label{eq:8}", r"\evidencemark", r"\item a square", r"\hyperref[eq:2]{(2)}", r"$L$ = 8"):
        assert part in text


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_book_is_compiled(symsl, tmp_path):
    assert symsl("book", "-o", tmp_path / "b.pdf")[0] == 0
    assert (tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("small")
def test_without_tex_the_latex_is_written(symsl, tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    status, printed, _ = symsl("book", "-o", tmp_path / "b.pdf")
    assert status == 0
    assert "pdflatex is not installed" in printed
    assert (tmp_path / "b.tex").is_file()
    assert not (tmp_path / "b.pdf").exists()


@pytest.mark.usefixtures("small")
def test_every_link_of_the_site_resolves(symsl, tmp_path):
    assert symsl("book", "--html", tmp_path / "site")[0] == 0
    pages = list((tmp_path / "site").glob("*.html"))
    assert len(pages) == 4
    for page in pages:
        text = page.read_text()
        assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)
        for target in re.findall(r'(?:href|src)="([^"]+)"', text):
            assert (tmp_path / "site" / target).is_file(), (page.name, target)


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_browser_shows_the_site_and_finds_an_equation(symsl, tmp_path):
    symsl("book", "--html", tmp_path / "site")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
               "--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"]  # fmt: skip
    for query in ("13", "plateau"):
        address = (tmp_path / "site" / "index.html").as_uri() + f"?q={query}"
        run = subprocess.run(["chromium", *options, "--dump-dom", address], capture_output=True, text=True, timeout=100,
                             check=True)  # fmt: skip
        assert '<ul id="found"><li><a href="eq-13.html">(13) plateau: Order parameters' in run.stdout


def test_wrong_use(symsl, tmp_path):
    assert "needs somewhere to write" in symsl("book")[2]
    assert symsl("book", "-o", tmp_path / "b.doc")[0] == 2
    assert symsl("book", "-o", tmp_path / "b.tex", "--jobs", 0)[0] == 2
