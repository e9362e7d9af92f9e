"""Discs against complex balls: images of points inside must stay inside."""

from __future__ import annotations

import numpy as np
import pytest
from flint import acb, arb, ctx

from symsl.erf.complex_discs import Discs, OutsideDomainError

FORMULAS = {
    "sum": lambda a, b: 1 + a + b - 3,
    "difference": lambda a, b: 2 - a - b,
    "product": lambda a, b: a * b * arb("0.1"),
    "quotient": lambda a, b: b / a,
    "root": lambda a, b: a.rsqrt() + b * a.rsqrt(),
    "arcsine": lambda a, b: (0.2 * a).asin() * b,
}


@pytest.mark.parametrize("name", FORMULAS)
def test_points_stay_inside(name: str) -> None:
    generator = np.random.default_rng(2)
    centres = 2 + generator.uniform(-0.9, 0.9, (2, 40)) + 1j * generator.uniform(-1, 1, (2, 40))
    radii = generator.uniform(0, 0.3, (2, 40)) ** 3
    image = FORMULAS[name](*(Discs(c, r) for c, r in zip(centres, radii, strict=True)))
    for angle in np.exp(2j * np.pi * generator.uniform(size=20)):
        points = centres + radii * angle * (1 - 1e-12)
        for k in range(40):
            with ctx.workprec(100):
                value = FORMULAS[name](*(acb(point.real, point.imag) for point in points[:, k]))
                distance = (value - acb(image.centre[k].real, image.centre[k].imag)).abs_upper()
                assert distance < arb(image.radius[k])
                assert value.abs_upper() < arb(image.upper()[k])


def test_discs_are_not_much_larger_than_needed() -> None:
    """For small discs the radius grows by the derivative."""
    disc = Discs(np.array([4.0 + 0j]), np.array([1e-6]))
    assert disc.rsqrt().radius[0] == pytest.approx(1e-6 / 16, rel=1e-3)
    assert (disc * disc).radius[0] == pytest.approx(8e-6, rel=1e-3)
    assert (disc / disc).radius[0] == pytest.approx(2e-6 / 4, rel=1e-3)


def test_rounding_is_covered() -> None:
    """Exact inputs: 1/3 and its products are inside."""
    third = Discs(np.array([1.0 + 0j]), np.zeros(1)) / Discs(np.array([3.0 + 0j]), np.zeros(1))
    value = third * third * arb(1) / Discs(np.array([7.0 + 0j]), np.zeros(1))
    with ctx.workprec(200):
        assert abs(arb(value.centre[0].real) - arb(1) / 63) < arb(value.radius[0])
    assert value.radius[0] < 1e-14


@pytest.mark.parametrize("use", [lambda z: z.rsqrt(), lambda z: 1 * z / z, lambda z: (z + 1).asin()])
def test_leaving_the_domain_is_refused(use) -> None:
    with pytest.raises(OutsideDomainError):
        use(Discs(np.array([0.5 + 0j, 0.1 + 1j]), np.array([0.1, 0.11])))
