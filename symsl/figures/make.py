"""Make a figure: data (computed once, then read), PDF, PNG and caption, each file whole or not at all."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symsl import __version__
from symsl.errors import UsageError
from symsl.figures import palette
from symsl.figures.curve import STYLE
from symsl.figures.plan import FigureData, FigureModule, Layout, Parameters
from symsl.figures.registry import figure_module, module_name
from symsl.figures.work import Work
from symsl.files import provenance, replacing, write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = (".pdf", ".png")
_ABOUT = "about"


@dataclass(frozen=True)
class Made:
    """The files of a figure, and whether its data had been there before."""

    data: Path
    pictures: tuple[Path, ...]
    caption: Path
    reused: bool


def make_figure(key: str, folder: Path, size: str = "full", *, processes: int | None = None) -> Made:
    """Write figure `key` at `size` ("quick" or "full") into `folder`, which is made if it does not exist.

    Data that an earlier call left there for the same parameters and version are reused. Raises `UsageError` for an
    unknown figure and where files cannot be written.
    """
    module, stem = figure_module(key), module_name(key).replace("_", "-") + ("-quick" if size == "quick" else "")
    prepare(folder)
    parameters = module.PARAMETERS[size]
    about = {"figure": key, "size": size, "parameters": parameters}
    path = folder / f"{stem}.npz"
    data = stored_data(path, about)
    reused = data is not None
    if data is None:
        work = Work(folder, stem, processes)
        data = FigureData(parameters, dict(module.compute(parameters, work)))
        _store(path, data, about)
        work.forget_parts()
    caption = f"{module.TITLE}. {module.caption(parameters)}"
    pictures = tuple(folder / f"{stem}{suffix}" for suffix in PICTURES)
    _save_pictures(module, data, pictures, caption, provenance(**about))
    write_whole(folder / f"{stem}.txt", caption + "\n")
    return Made(path, pictures, folder / f"{stem}.txt", reused)


def prepare(folder: Path) -> None:
    """Make the directory; `UsageError` unless files can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make the directory {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise UsageError(f"cannot write into {folder}: the directory is not writable")


def stored_data(path: Path, about: Parameters) -> FigureData | None:
    """The data in `path` if they belong to `about` and this version; None if there are none, or others."""
    if not path.exists():
        return None
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            found = json.loads(str(stored[_ABOUT]))
            arrays = {name: stored[name] for name in stored.files if name != _ABOUT}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    wanted = json.loads(json.dumps(about)) | {"symsl": __version__}
    if any(found.get(name) != value for name, value in wanted.items()):
        return None
    return FigureData(about["parameters"], arrays)


def drawn(module: FigureModule, data: FigureData) -> Figure:
    """The figure, drawn in the one style; to be used inside `style()`."""
    from matplotlib.figure import Figure

    layout: Layout = module.LAYOUT
    figure = Figure(figsize=(layout.width, layout.height))
    panels = figure.subplots(
        len(layout.height_ratios),
        layout.columns,
        squeeze=False,
        sharex="col" if layout.sharex else False,
        height_ratios=layout.height_ratios,
    )
    axes = module.draw(list(panels.flat), data)
    if len(axes) > 1:
        for letter, panel in zip("abcdefgh", axes, strict=False):
            panel.set_title(f"({letter})", loc="left", pad=3)
    return figure


def style() -> AbstractContextManager[None]:
    """The style sheet, with plain lines: figures choose colours and dashes by their meaning."""
    import matplotlib
    from cycler import cycler

    return matplotlib.rc_context({"axes.prop_cycle": cycler(color=[palette.EXACT])}, fname=STYLE)


def _store(path: Path, data: FigureData, about: Parameters) -> None:
    arrays: dict[str, Any] = {_ABOUT: np.array(json.dumps(provenance(**about))), **data.arrays}
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez_compressed(file, **arrays)


def _save_pictures(
    module: FigureModule, data: FigureData, paths: Sequence[Path], caption: str, story: Parameters
) -> None:
    """Equal data give equal files: there is no date in them."""
    text = json.dumps(story, ensure_ascii=False)
    metadata: dict[str, dict[str, Any]] = {
        ".pdf": {"Title": module.TITLE, "Subject": caption, "Keywords": text, "CreationDate": None},
        ".png": {"Title": module.TITLE, "Description": caption, "Comment": text},
    }
    with style():
        figure = drawn(module, data)
        for path in paths:
            content = io.BytesIO()
            figure.savefig(content, format=path.suffix[1:], metadata=metadata[path.suffix])
            write_whole(path, content.getvalue())
