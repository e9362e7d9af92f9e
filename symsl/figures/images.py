"""Image patches for the figures: what is left of them when their brightness is taken away."""

from __future__ import annotations

from scipy.linalg import helmert

from symsl.figures.plan import Array
from symsl.image_patches import photograph_patches


def contrast_patches(size: int, count: int, seed: int) -> Array:
    """Patches of photographs without their mean brightness, as rows of size**2 - 1 numbers.

    Brightness alone holds nine tenths of the variance and hides the power law of the rest. The orthonormal contrasts of
    Helmert keep everything else, and leave no direction without variance.
    """
    contrasts: Array = photograph_patches(size, count, seed) @ helmert(size * size).T
    return contrasts
