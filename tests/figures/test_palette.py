"""Colours can be told apart by the colour-blind, and those of a growing parameter grow lighter."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from symsl.figures import palette

METHODS = ("EXACT", "FIRST_ORDER", "CLOSED_FORM", "SECOND_ORDER", "COMPLETE", "MATRIX", "EQUATIONS", "SIMULATION")
PARAMETERS = ("L", "eta", "beta", "N_l", "M", "unit", "order", "time")
# Full dichromacy, on linear RGB: Machado, Oliveira and Fernandes (2009), IEEE Trans. Vis. Comput. Graph. 15, 1291.
SIGHT = {
    "trichromacy": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
JUST_NOTICEABLE = 2.3


def lab(rgb, sight="trichromacy"):
    """CIELAB coordinates of an sRGB colour as somebody with this sight sees it."""
    encoded = np.asarray(rgb[:3], dtype=float)
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    relative = TO_XYZ @ np.clip(np.array(SIGHT[sight]) @ linear, 0, 1) / WHITE
    x, y, z = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def named(name):
    text = getattr(palette, name)
    return [int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)]


@pytest.mark.parametrize("sight", SIGHT)
def test_methods_differ_for_everybody(sight):
    for one, two in combinations(METHODS, 2):
        distance = np.linalg.norm(lab(named(one), sight) - lab(named(two), sight))
        assert distance > 6 * JUST_NOTICEABLE, (one, two, distance)


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("sight", SIGHT)
def test_a_growing_parameter_grows_lighter(parameter, sight):
    lightness = [lab(colour, sight)[0] for colour in palette.family(parameter, 6)]
    assert all(two > one + JUST_NOTICEABLE for one, two in pairwise(lightness))
    assert lightness[-1] < 85, "too light to see on white"


def test_different_parameters_have_different_maps():
    own = [palette.family(parameter, 5)[2] for parameter in PARAMETERS if parameter != "time"]
    assert len(set(own)) == len(own)
