"""What a user passes as an array, or a sentence on why it is none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.errors import UsageError


def as_array(value: Any, argument: str, where: str, dtype: type | None = None) -> NDArray[Any]:
    """`value` as a numpy array of `dtype`; `UsageError` where its rows differ in length or it does not convert."""
    try:
        return np.asarray(value, dtype=dtype)
    except (TypeError, ValueError):
        raise UsageError(
            f"{where}: {argument} must be an array of real numbers, with rows of the same length"
        ) from None


__all__ = ["as_array"]
