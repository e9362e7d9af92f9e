"""`symsl doctor`: what is installed here."""

from __future__ import annotations

import platform
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version

REQUIRED = ("sympy", "mpmath", "python-flint", "numpy", "scipy", "matplotlib", "typer", "rich")
_MISSING = "not found"


def run_doctor(*, as_json: bool) -> int:
    """Print the versions found; 1 if a library that symsl needs is missing."""
    found = examine()
    if as_json:
        import json

        print(json.dumps(found, indent=2))
    else:
        width = max(map(len, found))
        for name, text in found.items():
            print(f"{name:<{width}}  {text}")
    return 1 if any(found[name] == _MISSING for name in REQUIRED) else 0


def examine() -> dict[str, str]:
    """What is found, by name: Python, symsl, its libraries, SymPy's ground types, pdflatex."""
    from symsl import __version__

    found = {"python": f"{platform.python_implementation()} {platform.python_version()}", "symsl": __version__}
    found |= {name: _version(name) for name in REQUIRED}
    return found | {"ground types": _ground_types(), "pdflatex": _pdflatex()}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _MISSING


def _ground_types() -> str:
    """The integers SymPy computes with: gmpy, flint or python."""
    try:
        from sympy.external.gmpy import GROUND_TYPES
    except ImportError:
        return _MISSING
    return str(GROUND_TYPES)


def _pdflatex() -> str:
    program = shutil.which("pdflatex")
    if program is None:
        return f"{_MISSING} (needed only to typeset `symsl latex --document`)"
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "found, but it does not answer"
    return next(iter(answer.stdout.splitlines()), "found, but it does not answer")
