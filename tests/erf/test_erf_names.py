"""What `symsl.erf` offers, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import symsl.erf


def test_every_name_is_there_and_no_module_hides_a_function() -> None:
    for name in symsl.erf.__all__:
        assert callable(getattr(symsl.erf, name)), name
    assert sorted(symsl.erf.__all__, key=str.swapcase) == sorted(set(symsl.erf.__all__), key=str.swapcase)


def test_importing_it_is_light() -> None:
    heavy = ("scipy", "sympy", "matplotlib", "mpmath")
    code = f"import sys, symsl.erf; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
