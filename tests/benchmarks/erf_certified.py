"""Certified solutions of the erf network, beside an uncertified Taylor integrator in multiple precision (heyoka.py).

The standard case: K = M = 2, isotropic inputs, plain sums, eta = 0.1, eta^2 included, to alpha = 10^4 where
eps_g = 1.67e-36. heyoka.py (compiled by LLVM) takes part where it is installed; it has no error bound, so its bits were
chosen by looking at ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any

import mpmath
import numpy as np
from erf_solver import STANDARD
from measure import Contender, Measured, race

from symsl.erf.taylor import solve_certified


def run(quick: bool) -> Iterator[list[Measured]]:
    """The same digits, 20 and 15."""
    end = 100 if quick else 10**4
    contenders = [Contender(f"symsl, {digits} digits", partial(_certified, end, digits)) for digits in (20, 15)]
    if find_spec("heyoka"):
        contenders += [
            Contender(f"heyoka.py, {bits} bits", partial(_heyoka, end, bits), "not certified") for bits in (170, 190)
        ]
    yield race(f"standard case, alpha to {end}", contenders, limit=240, repeats=1)


def _certified(end: int, digits: int) -> list[str]:
    return [str(solve_certified(STANDARD, "1/10", [end], digits=digits, order=2).eps_g[0])]


def _heyoka(end: int, bits: int) -> list[str]:
    """Eqs. 90-93 for T = 1, L = 1, in heyoka's expressions; the paper's eta is M = 2 times that of plain sums."""
    import heyoka as hy

    with mpmath.workprec(bits + 60):

        def number(text: str) -> Any:
            return hy.real(text, bits)

        eta, pi = hy.par[0], hy.par[1]
        names = ("q11", "q12", "q22", "r11", "r12", "r21", "r22")
        q11, q12, q22, r11, r12, r21, r22 = unknowns = hy.make_vars(*names)
        one, zero = hy.expression(1.0), hy.expression(0.0)
        G = [[q11, q12, r11, r12], [q12, q22, r21, r22], [r11, r21, one, zero], [r12, r22, zero, one]]
        weight, units = [0.5, 0.5, -0.5, -0.5], range(4)

        def Gamma(i: int) -> list[Any]:
            pull = [
                2 * eta / pi * weight[a] / hy.sqrt((1 + G[i][i]) * (1 + G[a][a]) - G[i][a] * G[i][a]) for a in units
            ]
            drag = hy.sum([pull[a] * G[i][a] for a in units]) / (1 + G[i][i])
            return [drag - pull[a] if a == i else -pull[a] for a in units]

        def noise(i: int, j: int) -> Any:
            Lambda_4 = (1 + G[i][i]) * (1 + G[j][j]) - G[i][j] * G[i][j]
            u = [(1 + G[i][i]) * G[j][a] - G[i][j] * G[i][a] for a in units]
            v = [(1 + G[j][j]) * G[i][a] - G[i][j] * G[j][a] for a in units]
            cross = [[Lambda_4 * G[a][b] - G[j][b] * u[a] - G[i][b] * v[a] for b in units] for a in units]
            size = [Lambda_4 + cross[a][a] for a in units]
            angles = [
                weight[a] * weight[b] * hy.asin(cross[a][b] / hy.sqrt(size[a] * size[b])) for a in units for b in units
            ]
            return 4 * eta * eta / (pi * pi) * hy.sum(angles) / hy.sqrt(Lambda_4)

        rows = [Gamma(0), Gamma(1)]
        velocity = []
        for name, unknown in zip(names, unknowns, strict=True):
            i, b = int(name[1]) - 1, int(name[2]) - 1
            column = b if name[0] == "q" else 2 + b
            speed = hy.sum([rows[i][a] * G[a][column] for a in units])
            if name[0] == "q":
                speed = speed + hy.sum([rows[b][a] * G[a][i] for a in units]) + noise(i, b)
            velocity.append((unknown, speed))
        start = [number(text) for text in (".25", ".01", ".2", ".002", ".001", ".001", ".0015")]
        solver = hy.taylor_adaptive(
            velocity,
            np.array(start),
            pars=[number("0.2"), number(mpmath.nstr(+mpmath.pi, bits // 3 + 10))],
            fp_type=hy.real,
            compact_mode=True,
        )
        solver.propagate_until(number(str(end)))
        a11, a12, a22, *overlaps = (mpmath.mpf(str(value)) for value in solver.state)
        error = mpmath.asin(a11 / (1 + a11)) + mpmath.asin(a22 / (1 + a22)) + mpmath.pi / 3
        error += 2 * mpmath.asin(a12 / mpmath.sqrt((1 + a11) * (1 + a22)))
        for k, overlap in enumerate(overlaps):
            error -= 2 * mpmath.asin(overlap / mpmath.sqrt(2 * (1 + (a11 if k < 2 else a22))))
        return [mpmath.nstr(error / mpmath.pi, 30)]
