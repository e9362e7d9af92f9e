"""How long power series are: python-flint cuts every series at `ctx.cap`, which is 10 unless raised."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx


@contextmanager
def series_of_length(length: int) -> Iterator[None]:
    """Power series keep `length` coefficients inside."""
    before = ctx.cap
    ctx.cap = length
    try:
        yield
    finally:
        ctx.cap = before
