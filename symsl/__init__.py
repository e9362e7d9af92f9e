"""symsl: the exact theory of learning curves in two-layer networks on structured data.

>>> import symsl
>>> print(symsl.equation("escape-time").evaluate(M=2, L=8, beta=1, eta=1, digits=20))
4.1000865079153852076

Names are imported when first used, so that `import symsl` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symsl import erf, linear
    from symsl.equations import EQUATIONS, Equation, equation
    from symsl.errors import ParameterError, PrecisionError, SymslError, UsageError
    from symsl.precision import Certified, certify
    from symsl.spectrum import Spectrum
    from symsl.verification import verify

__version__ = "0.1.0"
_HOMES = {
    "EQUATIONS": "symsl.equations",
    "Equation": "symsl.equations",
    "equation": "symsl.equations",
    "ParameterError": "symsl.errors",
    "PrecisionError": "symsl.errors",
    "SymslError": "symsl.errors",
    "UsageError": "symsl.errors",
    "Certified": "symsl.precision",
    "certify": "symsl.precision",
    "Spectrum": "symsl.spectrum",
    "verify": "symsl.verification",
}
_ROOMS = ("erf", "linear")
__all__ = [
    "EQUATIONS",
    "Certified",
    "Equation",
    "ParameterError",
    "PrecisionError",
    "Spectrum",
    "SymslError",
    "UsageError",
    "certify",
    "equation",
    "erf",
    "linear",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"symsl.{name}")
    raise AttributeError(f"module 'symsl' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
