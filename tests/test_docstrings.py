"""The examples in the docstrings print what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

import symsl

ROOT = Path(symsl.__file__).parent
WITH_EXAMPLES = sorted(path for path in ROOT.rglob("*.py") if ">>>" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples(path: Path) -> None:
    names = [part for part in path.relative_to(ROOT).with_suffix("").parts if part != "__init__"]
    result = doctest.testmod(importlib.import_module(".".join(["symsl", *names])))
    assert result.attempted
    assert not result.failed


def test_there_are_examples() -> None:
    assert len(WITH_EXAMPLES) > 10
