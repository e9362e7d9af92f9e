"""Real images to try the theory on: square patches of photographs that ship with scikit-learn (extra `data`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symsl.arguments import as_array, fits_in_memory, sequence
from symsl.errors import ParameterError, UsageError
from symsl.precision import exact_integer

Array = NDArray[np.float64]


def image_patches(images: Sequence[NDArray[Any]], size: object, count: object, seed: object = 0) -> Array:
    """`count` patches of size x size pixels at random places, as rows: shape (count, size**2), values as stored.

    `images` are arrays (height, width) or (height, width, channels), of which the first channel is taken. Every place
    in every image is equally probable.
    """
    where = "image_patches"
    width, number, entropy = (
        exact_integer(value, name, where) for value, name in ((size, "size"), (count, "count"), (seed, "seed"))
    )
    fits_in_memory(max(number, 1) * width**2, "count", count, where)
    arrays = [as_array(image, "images", where) for image in sequence(images, "images", where)]
    planes = [array[..., 0] if array.ndim == 3 else array for array in arrays]
    if not planes or any(plane.ndim != 2 for plane in planes):
        raise ParameterError(
            where, "images", "no images", "arrays (height, width) or (height, width, channels)", "pass a list"
        )
    if not 1 <= width <= min(min(plane.shape) for plane in planes):
        raise ParameterError(where, "size", size, "a patch that fits into every image", "choose a smaller size")
    if number < 1 or entropy < 0:
        raise ParameterError(where, "count, seed", (count, seed), "count >= 1 and seed >= 0", "give larger integers")
    windows = [np.lib.stride_tricks.sliding_window_view(plane, (width, width)) for plane in planes]
    places = np.array([view.shape[0] * view.shape[1] for view in windows])
    generator = np.random.default_rng(entropy)
    chosen = generator.integers(places.sum(), size=number)
    patches = np.empty((number, width * width))
    for view, first, last in zip(windows, np.cumsum(places) - places, np.cumsum(places), strict=True):
        here = (chosen >= first) & (chosen < last)
        row, column = np.divmod(chosen[here] - first, view.shape[1])
        patches[here] = view[row, column].reshape(-1, width * width)
    return patches


def photograph_patches(size: object, count: object, seed: object = 0) -> Array:
    """`image_patches` of the two photographs in scikit-learn (a temple and a flower); needs the extra `data`."""
    try:
        from sklearn.datasets import load_sample_images
    except ImportError:
        raise UsageError("photograph_patches: needs scikit-learn; install it with pip install 'symsl[data]'") from None
    return image_patches(load_sample_images().images, size, count, seed)


__all__ = ["image_patches", "photograph_patches"]
