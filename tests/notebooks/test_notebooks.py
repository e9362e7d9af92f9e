"""Notebooks: each claims something, was run, holds no paths of a machine, and says the same when it runs again."""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
SECONDS = 120


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def printed(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream" and output.name == "stdout")


def shown(cell: Any) -> list[str]:
    """The kinds of what a cell shows besides text: a kernel may cut printed text into any number of pieces."""
    return [output.output_type for output in cell.outputs if output.output_type != "stream"]


def same_text(committed: str, again: str) -> bool:
    """The same words, and numbers that agree to a thousandth (solvers and fits are double precision)."""
    numbers = zip(NUMBER.findall(committed), NUMBER.findall(again), strict=False)
    return NUMBER.sub("#", committed) == NUMBER.sub("#", again) and all(
        math.isclose(float(a), float(b), rel_tol=1e-3, abs_tol=1e-9) for a, b in numbers
    )


def test_there_are_notebooks() -> None:
    assert [path.name[:2] for path in NOTEBOOKS][:11] == [f"{number:02d}" for number in range(11)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_complete(path: Path) -> None:
    notebook, text = read(path), path.read_text(encoding="utf-8")
    nbformat.validate(notebook)
    title = notebook.cells[0].source.splitlines()[0]
    assert title.startswith("# ")
    assert len(title.split()) > 6, "a title states a claim"
    assert any("What this does not show" in cell.source for cell in notebook.cells)
    assert notebook.metadata.kernelspec.name == "python3"
    assert path.stat().st_size < 500_000
    assert not re.search(r"/(?:tmp|work|home|Users|root)/", text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_was_run_in_order_without_errors(path: Path) -> None:
    cells = code_cells(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error" or output.get("name") == "stderr"]
    assert any("image/png" in output.get("data", {}) for output in outputs)


def test_texts_differ_when_a_word_or_a_digit_does() -> None:
    assert same_text("eta = 1.0000, ok", "eta = 1.0001, ok")
    assert not same_text("eta = 1.0000, ok", "eta = 1.0100, ok")
    assert not same_text("stands: True", "stands: False")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # those of the notebook server's machinery are not ours
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_the_same_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.delenv("MPLBACKEND", raising=False)  # pictures must be shown in the notebook
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    committed, notebook = read(path), read(path)
    NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    ).execute()
    for before, after in zip(code_cells(committed), code_cells(notebook), strict=True):
        assert shown(after) == shown(before), before.source
        assert same_text(printed(before), printed(after)), printed(after)
