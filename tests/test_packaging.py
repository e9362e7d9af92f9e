"""What is installed is what is in the tree."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_package_is_listed() -> None:
    """The list in pyproject.toml is explicit because derivations/ is installed as symsl.derivations."""
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    present = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "symsl").rglob("__init__.py")}
    assert listed == present | {"symsl.derivations"}


def test_version_is_one() -> None:
    import symsl

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert symsl.__version__ == project["version"]
    assert f"version: {symsl.__version__}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {symsl.__version__}" in (ROOT / "CHANGELOG.md").read_text()
