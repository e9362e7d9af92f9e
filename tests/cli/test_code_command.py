"""`symsl code` prints or writes a function; what cannot be is one line on stderr."""

from __future__ import annotations

import pytest


def test_code_is_printed_or_written(symsl, tmp_path):
    status, printed, error = symsl("code", "escape-time")
    assert (status, error) == (0, "")
    assert "def escape_time(M, eta, D, T2, D2):" in printed
    target = tmp_path / "escape.c"
    assert symsl("code", 15, "--to", "c", "-o", target)[:2] == (0, f"wrote {target}\n")
    assert "double escape_time(double M" in target.read_text()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("15", "--to", "fortran"), "no language fortran; there are mpmath"),
        (("9", "--to", "c"), "C has no uppergamma"),
        (("42", "--to", "mpmath"), "an integral of matrices"),
        (("15", "--to", "c", "-o", "escape.py"), "must end in .c"),
    ],
)
def test_what_cannot_be_is_one_line(symsl, tmp_path, monkeypatch, arguments, complaint):
    monkeypatch.chdir(tmp_path)
    status, printed, error = symsl("code", *arguments)
    assert (status, printed) == (2, "")
    assert complaint in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_latex_takes_names_digits_and_forms(symsl):
    status, printed, _ = symsl("latex", 15, "--rename", r"eta=\gamma", "--digits", 5)
    assert status == 0
    assert r"0.78540 \sqrt" in printed
    assert r"\gamma" in printed
    assert symsl("latex", 15, "--form", "align")[1].startswith("\\begin{align}\n\\tau")
    assert symsl("latex", "--all", "--rename", "eta=x")[0] == 2
    assert symsl("latex", 15, "--rename", "eta")[0] == 2
