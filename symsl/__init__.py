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
    from symsl import erf, features, linear, simulation, weight_decay
    from symsl.equations import EQUATIONS, Equation, equation
    from symsl.errors import ParameterError, PrecisionError, SymslError, UsageError
    from symsl.expansion import series
    from symsl.precision import Certified, certify
    from symsl.simulation import simulate
    from symsl.spectrum import Spectrum
    from symsl.sweeps import sweep
    from symsl.verification import check, verify

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
    "check": "symsl.verification",
    "Spectrum": "symsl.spectrum",
    "series": "symsl.expansion",
    "simulate": "symsl.simulation",
    "sweep": "symsl.sweeps",
    "verify": "symsl.verification",
}
_ROOMS = ("erf", "features", "linear", "simulation", "weight_decay")
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
    "check",
    "equation",
    "erf",
    "features",
    "linear",
    "series",
    "simulate",
    "simulation",
    "sweep",
    "verify",
    "weight_decay",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _ROOMS:
        return importlib.import_module(f"symsl.{name}")
    raise AttributeError(f"module 'symsl' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
