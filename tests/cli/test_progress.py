"""Progress is for terminals, and for stderr."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

CODE = """
import sys, time
from symsl.cli.progress import counting, waiting
with waiting("thinking"):
    time.sleep(0.3)
with counting("verifying", 3) as advance:
    print("a result")
    advance()
    time.sleep(0.3)
"""


def test_a_terminal_sees_progress_and_a_pipe_only_results():
    ours, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", CODE], stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                seen += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
        out = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0
    assert out == b"a result\n"
    assert b"thinking" in seen
    assert b"verifying" in seen
    assert b"1/3" in seen


def test_without_a_terminal_nothing_is_shown():
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, timeout=60, check=True)
    assert (run.stdout, run.stderr) == (b"a result\n", b"")
