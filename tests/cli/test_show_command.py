"""`symsl list`, `symsl show`, `symsl latex`, `symsl doctor`."""

from __future__ import annotations

import dataclasses
import io
import json
import re
import sys

import pytest

from symsl import symbols as s
from symsl.cli import doctor
from symsl.verification import identity


@pytest.mark.usefixtures("catalogue")
class TestList:
    def test_one_line_each(self, symsl):
        status, out, err = symsl("list")
        assert (status, err) == (0, "")
        assert out.splitlines()[0].split("\t") == [
            "8",
            "small-learning-rate",
            "Generalisation error to first order in the learning rate",
            "proved symbolically",
        ]
        assert len(out.splitlines()) == 4

    def test_a_section_holds_its_subsections(self, symsl):
        assert [row["equation"] for row in json.loads(symsl("list", "--section", "5", "--json")[1])] == ["13"]
        assert [row["equation"] for row in json.loads(symsl("list", "--section", "5.1.1", "--json")[1])] == ["13"]

    def test_an_unknown_section_is_refused(self, symsl):
        status, out, err = symsl("list", "--section", "5.11")
        assert (status, out) == (2, "")
        assert "4.1, 5.1.1, 3, 6" in err

    def test_words_find_names_and_titles(self, symsl):
        assert symsl("list", "learning", "RATE")[1].startswith("8\tsmall-learning-rate")
        assert len(symsl("list", "13")[1].splitlines()) == 1
        status, out, err = symsl("list", "larning")
        assert (status, out) == (2, "")
        assert "no equation with larning in its name or title; nearest words: learning" in err

    def test_a_terminal_gets_a_table(self, symsl, monkeypatch):
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        out = re.sub(r"\x1b\[\d*m", "", symsl("list")[1])
        assert out.split()[:4] == ["equation", "name", "title", "evidence"]
        assert "\t" not in out


@pytest.mark.usefixtures("catalogue")
class TestShow:
    def test_everything_is_there(self, symsl):
        status, out, _ = symsl("show", "small-learning-rate")
        assert status == 0
        for part in (
            "Eq. (8), Sec. 4.1",
            "ε_g = ───",
            "λₖ",
            "generalisation error  > 0",
            "N -> infinity",
            "Evidence: proved symbolically",
            "derivations/toy.py",
            "Depends on: 2",
            "A sum over modes.",
            "symsl eval 8 L=... beta=... eta=... alpha=...",
            "default 1/100",
            "routes: statement, by hand",
            r"\epsilon_g = \frac{",
        ):
            assert part in out

    def test_the_steps_of_the_derivation(self, symsl, derive, true_claim):
        derive(true_claim, dataclasses.replace(identity("arrives", s.x, s.x, wrong=2 * s.x), entry="8"))
        out = symsl("show", "8", "--derivation")[1]
        for part in (
            "Steps from the premises: ",
            "1. a square [proved symbolically]",
            "2. Arrives -> Eq. 8",
            "as\n\n    x",
        ):
            assert part in out
        assert "this is a definition" in symsl("show", "2", "--derivation")[1]

    def test_a_step_too_large_says_its_size(self, symsl, derive):
        large = sum(s.lam[j] ** j for j in range(1, 90))
        derive(dataclasses.replace(identity("large", large, large + 1, wrong=2), entry="8"))
        assert "operations on both sides; the book has it in outline" in symsl("show", "8", "--derivation")[1]

    def test_a_terminal_without_unicode_gets_letters_it_has(self, symsl, monkeypatch):
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
        status, _, err = symsl("show", "8")
        text = sys.stdout.buffer.getvalue().decode("ascii")
        assert (status, err) == (0, "")
        assert "epsilon_g = ---" in text
        assert "lambda_k" in text

    def test_json(self, symsl):
        data = json.loads(symsl("show", "8", "--json")[1])
        assert data["symbols"][1] == {
            "symbol": "eta",
            "latex": r"\eta",
            "meaning": "learning rate",
            "domain": "0 < eta",
        }
        assert [p["name"] for p in data["evaluation"]["parameters"]] == ["L", "beta", "eta", "alpha", "sigma_J"]
        assert json.loads(symsl("show", "2", "--json")[1])["evaluation"] is None


def test_the_whole_catalogue_can_be_shown(symsl):
    from symsl.equations import EQUATIONS

    assert symsl("list")[1].count("\n") == len(EQUATIONS)
    for entry in EQUATIONS:
        status, out, _ = symsl("show", entry.id)
        assert status == 0
        assert entry.title in out
        assert json.loads(symsl("show", entry.name, "--json")[1])["equation"] == entry.id


@pytest.mark.usefixtures("catalogue")
class TestLatex:
    def test_a_fragment(self, symsl):
        assert symsl("latex", "13") == (0, "R = \\frac{D + 1}{\\sqrt{M} \\sqrt{- D + 2 M - 1}}\n", "")

    def test_all_fragments_are_labelled(self, symsl):
        out = symsl("latex", "--all")[1]
        assert "% Eq. 13: Order parameters on the plateau\nR = " in out

    def test_to_a_file(self, symsl, tmp_path):
        path = tmp_path / "plateau.tex"
        assert symsl("latex", "13", "--document", "-o", path) == (0, f"wrote {path}\n", "")
        assert path.read_text().startswith("\\documentclass")
        assert path.read_text().endswith("\\end{document}\n")
        status, _, err = symsl("latex", "13", "-o", tmp_path / "plateau.pdf")
        assert status == 2
        assert ".tex" in err


class TestDoctor:
    def test_it_finds_what_runs(self, symsl):
        import platform

        import flint
        import numpy
        import sympy

        status, out, _ = symsl("doctor")
        found = dict(line.split(maxsplit=1) for line in out.splitlines() if not line.startswith("ground"))
        assert status == 0
        assert platform.python_version() in found["python"]
        assert (found["sympy"], found["numpy"], found["python-flint"]) == (
            sympy.__version__,
            numpy.__version__,
            flint.__version__,
        )
        assert json.loads(symsl("doctor", "--json")[1])["ground types"] in ("flint", "gmpy", "python")

    def test_a_missing_library_is_a_failure(self, symsl, monkeypatch):
        monkeypatch.setattr(doctor, "REQUIRED", (*doctor.REQUIRED, "a-library-nobody-has"))
        status, out, _ = symsl("doctor")
        assert status == 1
        assert "a-library-nobody-has  not found" in out

    def test_tex_is_optional(self, symsl, monkeypatch):
        monkeypatch.setenv("PATH", "")
        status, out, _ = symsl("doctor")
        assert status == 0
        assert "not found (needed only to typeset" in out
