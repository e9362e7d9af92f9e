"""Every test starts and ends at the default precision of the two process-wide contexts."""

from collections.abc import Iterator

import flint
import mpmath
import pytest
from hypothesis import settings

settings.register_profile("symsl", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("symsl")


@pytest.fixture(autouse=True)
def _default_precision() -> Iterator[None]:
    with flint.ctx.workprec(53), mpmath.workprec(53):
        yield
