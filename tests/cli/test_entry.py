"""Exit statuses, one-line errors, quiet ends, quick starts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

HEAVY = ("sympy", "numpy", "flint", "matplotlib", "mpmath", "scipy", "rich.table")
PROGRAM = "import sys; from symsl.cli import main; sys.exit(main())"


def run_process(*arguments, code=PROGRAM, **options):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False, **options
    )


def test_help_names_every_verb_and_the_statuses(symsl):
    status, out, err = symsl("--help")
    assert (status, err) == (0, "")
    for verb in ("tour", "list", "show", "eval", "curve", "solve", "simulate", "compare", "verify", "latex", "doctor"):
        assert f"\n  {verb} " in out
    assert "0 good, 1 refuted or failed, 2 wrong use, 3 not decided" in out
    assert symsl() == (status, out, err)


@pytest.mark.parametrize("arguments", [["--help"], ["eval", "--help"], ["evla"], ["eval", "15", "--digits", "x"]])
def test_nothing_heavy_is_imported_to_read_a_command(arguments):
    code = (
        "import sys; from symsl.cli import main; main(); "
        f"print('HEAVY', [name for name in {HEAVY} if name in sys.modules])"
    )
    assert run_process(*arguments, code=code).stdout.endswith("HEAVY []\n")


def test_version(symsl):
    from symsl import __version__

    assert symsl("--version") == (0, f"symsl {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["evla", "15"], "Did you mean 'eval'?"),
        (["lst"], "Did you mean 'list'?"),
        (["eval", "15", "--digts", "5"], "--digits"),
        (["latex"], "--all"),
        (["latex", "8", "--all"], "--all"),
        (["verify"], "--all"),
        (["show", "seventeen"], "no equation seventeen"),
        (["verify", "8", "--jobs", "0"], "jobs >= 1"),
    ],
)
def test_wrong_use(symsl, catalogue, arguments, said):
    assert catalogue
    status, out, err = symsl(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_an_interrupt_is_one_line(symsl, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("symsl.cli.show.run_list", interrupted)
    assert symsl("list") == (130, "", "symsl: interrupted\n")


def test_an_interrupted_process_ends_with_130():
    """The interrupt comes while a command computes: a claim that sleeps stands for one that takes long."""
    code = (
        # A background job of a shell without job control inherits an ignored SIGINT.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys, time; import symsl.cli.show as show\n"
        "def slow(*_, **__):\n    print('started', flush=True); time.sleep(50)\n"
        "show.run_list = slow\n" + PROGRAM
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "started\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (130, "symsl: interrupted\n")


def test_a_closed_pipe_is_quiet():
    reading, writing = os.pipe()
    os.close(reading)
    try:
        process = subprocess.run(
            [sys.executable, "-c", PROGRAM, "--help"], stdout=writing, stderr=subprocess.PIPE, timeout=60, check=False
        )
    finally:
        os.close(writing)
    assert (process.returncode, process.stderr) == (141, b"")


def test_a_bug_is_not_hidden(symsl, monkeypatch):
    def broken(*_args, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("symsl.cli.show.run_list", broken)
    with pytest.raises(ZeroDivisionError):
        symsl("list")
