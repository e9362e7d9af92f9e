"""Data matrices from npy and npz files and from arrays of images: rows are examples."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import as_array
from symsl.errors import ParameterError, UsageError


def load_rows(data: object, *, array: str | None = None, channel: object = None) -> NDArray[Any]:
    """The data matrix, shape (examples, N): `data` itself, or what the npy or npz file at the path `data` holds.

    `array` names the array in a npz file with several. Images, shape (examples, height, width, channels), become rows
    when `channel` says which channel to take: CIFAR-5M as published is `load_rows(path, array="X", channel=0)`.
    Values are returned as they are stored; npy files are mapped, not read. Raises `UsageError` for a file that is no
    such file and `ParameterError` for an array that is not a matrix of real numbers.
    """
    values = _read(Path(data), array) if isinstance(data, (str, Path)) else as_array(data, "data", "from_data")
    if values.dtype.kind not in "fiu":
        raise ParameterError("from_data", "dtype", values.dtype, "real numbers", "convert the data to numbers")
    if channel is not None:
        values = _flattened(values, channel)
    if values.ndim != 2 or not values.size:
        hint = "pass channel=0 to take the first channel of images" if values.ndim == 4 else "pass one example per row"
        raise ParameterError("from_data", "shape", values.shape, "two dimensions, neither empty", hint)
    return values


def _flattened(values: NDArray[Any], channel: object) -> NDArray[Any]:
    channels = values.shape[-1] if values.ndim == 4 else 0
    if not isinstance(channel, int) or not 0 <= channel < channels:
        raise ParameterError(
            "from_data",
            "channel",
            channel,
            f"one of the channels of images (examples, height, width, channels), here {values.shape}",
            "leave it out for a matrix",
        )
    return values[..., channel].reshape(len(values), -1)


def _read(path: Path, array: str | None) -> NDArray[Any]:
    if path.suffix not in (".npy", ".npz"):
        raise UsageError(f"from_data: {path} is not a .npy or .npz file; save the data with numpy.save")
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False) if path.suffix == ".npy" else _archive(path, array)
    except UsageError:
        raise
    except OSError as error:
        raise UsageError(f"from_data: cannot read {path}: {error.strerror or error}") from None
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise UsageError(f"from_data: {path} is not a numpy file of numbers") from None
    if array is not None and path.suffix == ".npy":
        raise UsageError(f"from_data: {path} holds one array without a name; leave out array={array!r}")
    return stored


def _archive(path: Path, array: str | None) -> NDArray[Any]:
    with path.open("rb") as stream:
        stored = np.load(stream, allow_pickle=False)
        if not isinstance(stored, np.lib.npyio.NpzFile):
            raise ValueError("one array")
        names = stored.files
        chosen = names[0] if array is None and len(names) == 1 else array
        if chosen not in names:
            raise UsageError(f"from_data: {path} holds the arrays {', '.join(names) or 'none'}; choose one with array=")
        return np.asarray(stored[chosen])
