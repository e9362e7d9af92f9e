"""What the entries of the sparse networks must evaluate to: mpmath sums, integrals, fixed points."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp, mpf


@dataclass(frozen=True)
class Row:
    equation: str
    parameters: dict[str, Any]
    expected: Callable[[], Any]
    routes: tuple[str, ...] = ()


def outside(function: Callable[[Any], Any], m: Any, a: Any) -> Any:
    """Integral of the function against the Gaussian density where |m + z| > a."""
    return mpmath.quad(lambda z: function(z) * mpmath.npdf(z), [-mp.inf, -20, -a - m]) + mpmath.quad(
        lambda z: function(z) * mpmath.npdf(z), [a - m, a - m + 5, 20, mp.inf]
    )


def soft_risk_by_quadrature(m: Any, a: Any) -> Any:
    def squared_error(z: Any) -> Any:
        return (m + z - a * mpmath.sign(m + z) - m) ** 2

    return outside(squared_error, m, a) + m**2 * mpmath.quad(mpmath.npdf, [-a - m, 0, a - m])


def risk(m: Any, a: Any) -> Any:
    inside = mpmath.ncdf(a - m) - mpmath.ncdf(-a - m)
    above = (1 + a**2) * mpmath.ncdf(m - a) - (a + m) * mpmath.npdf(a - m)
    below = (1 + a**2) * mpmath.ncdf(-m - a) - (a - m) * mpmath.npdf(a + m)
    return m**2 * inside + above + below


def active(m: Any, a: Any) -> Any:
    return mpmath.ncdf(m - a) + mpmath.ncdf(-m - a)


def power_moment(s: Any, a: Any) -> Any:
    """E (a + Z)_+**s by a parabolic cylinder function."""
    return mpmath.gamma(s + 1) / mpmath.sqrt(2 * mp.pi) * mpmath.exp(-(a**2) / 4) * mpmath.pcfd(-s - 1, -a)


def mellin(p: Any, a: Any) -> Any:
    return 2 / (2 - p) * (power_moment(2 - p, a) - power_moment(2 - p, -a))


def mellin_active(p: Any, a: Any) -> Any:
    """G_p by parabolic cylinder functions."""
    factor = mpmath.gamma(1 - p) / mpmath.sqrt(2 * mp.pi) * mpmath.exp(-(a**2) / 4)
    return factor * (mpmath.pcfd(p - 1, -a) - mpmath.pcfd(p - 1, a))


def fixed_point(n: Any, Delta: Any, lam: Any, sums: Callable[[Any, Any], Any], start: tuple[Any, Any]) -> Any:
    """R where n tau**2 = Delta + R and lam = alpha tau (1 - dof/n), by Newton's method on both."""

    def equations(tau: Any, alpha: Any) -> list[Any]:
        R, dof = sums(tau, alpha)
        return [(Delta + R) / (n * tau**2) - 1, alpha * tau * (1 - dof / n) / lam - 1]

    tau, alpha = mpmath.findroot(equations, start)
    return sums(tau, alpha)[0]


def lasso_small() -> Any:
    signal = [1 / mpf(i) for i in range(1, 11)]

    def sums(tau: Any, alpha: Any) -> Any:
        ratios = [value / tau for value in signal]
        return tau**2 * mp.fsum(risk(m, alpha) for m in ratios), mp.fsum(active(m, alpha) for m in ratios)

    return fixed_point(20, mpf(1) / 10, mpf(1) / 20, sums, (mpf("0.109496015021579994"), mpf("0.773469455111435966")))


def lasso_continuum() -> Any:
    d, n, p = 1000, 300, mpf(2) / 3

    def sums(tau: Any, alpha: Any) -> Any:
        scale = tau**-p
        R = tau**2 * (d * risk(0, alpha) + scale * mellin(p, alpha))
        return R, d * active(0, alpha) + scale * mellin_active(p, alpha)

    return fixed_point(n, mpf(1) / 10, mpf(1) / 20, sums, (mpf("0.02084"), mpf("2.552")))


def semicircle(t: Any, power: int) -> Any:
    """int_t^2 x**power sqrt(4 - x**2)/(2 pi) dx, with x = 2 cos f."""
    return mpmath.quad(lambda f: (2 * mpmath.cos(f)) ** power * 2 * mpmath.sin(f) ** 2 / mp.pi, [0, mpmath.acos(t / 2)])


def bulk(t: Any) -> Any:
    zeroth, first, second = (semicircle(t, power) for power in range(3))
    return second - 2 * t * first + t**2 * zeroth, (second - t * first) / 2


def spike(m: Any, t: Any) -> Any:
    """h and j of one eigenvalue at threshold t < 2 by quadrature of their integrals."""
    edge = mpmath.acos(t / 2)

    def over(integrand: Callable[[Any, Any], Any]) -> Any:
        return mpmath.quad(lambda f: integrand(mpmath.cos(f), 1 - 2 * m * mpmath.cos(f) + m**2), [0, edge / 2, edge])

    h = m**2 + over(lambda c, q: (2 * c - t) ** 2 * ((1 - m**2) / q - 1)) / (2 * mp.pi)
    h -= 4 * m / mp.pi * over(lambda c, q: (2 * c - t) * (1 - c**2) / q)
    j = m / mp.pi * over(lambda c, q: (2 * c - t) * (2 * c**2 - 1 - m * c) / q)
    if m > 1:
        excess = m + 1 / m - t
        h += excess**2 - 2 * m * excess * (1 - 1 / m**2)
        j += excess / m
    return h, j


def spiked() -> Any:
    """d = 4, gamma = 1, n = 20, Delta = 1, lam = 1/10: few terms, threshold inside the bulk."""
    d, n = 4, 20

    def sums(nu: Any, t: Any) -> Any:
        V, D2 = bulk(t)
        spikes = [spike(1 / (k * nu), t) for k in range(1, d + 1)]
        R = nu**2 * (d * V + mp.fsum(h for h, _ in spikes))
        return R, d**2 * D2 + d * mp.fsum(j for _, j in spikes)

    def equations(nu: Any, t: Any) -> list[Any]:
        R, dof = sums(nu, t)
        return [(1 + R) * d / (2 * n * nu**2) - 1, 10 * t * nu * (1 - dof / n) - 1]

    nu, t = mpmath.findroot(equations, (mpf("0.37"), mpf("0.4")))
    return sums(nu, t)[0]


def free_convolution() -> Any:
    """d = 3, gamma = 1, n = 10, Delta = 1/2, lam = 1/5: the density and its Hilbert transform, integrated."""
    d, n = 3, 10
    values = [1 / mpf(k) for k in range(1, d + 1)]

    def edge(nu: Any, theta: Any) -> Any:
        """w in the upper half plane with w + nu**2 G(w) = theta: a root of a polynomial of degree d + 1."""
        return mpmath.findroot(
            lambda w: w + nu**2 * mp.fsum(1 / (w - s) for s in values) / d - theta, mpmath.mpc("0.4", "0.35")
        )

    def sums(nu: Any, theta: Any) -> Any:
        w_th, w_R = edge(nu, theta), values[0] + 3 * nu
        corner = mpmath.mpc(w_th.real, 2)

        def parts(w: Any) -> tuple[Any, Any, Any]:
            g = mp.fsum(1 / (w - s) for s in values) / d
            slope = -mp.fsum(1 / (w - s) ** 2 for s in values) / d
            return w + nu**2 * g, g, 1 + nu**2 * slope

        def integral(function: Callable[[Any], Any]) -> Any:
            return mpmath.quad(function, [w_R, corner, w_th]).imag

        def count(w: Any) -> Any:
            z, g, slope = parts(w)
            return (z - theta) * g**2 * slope

        def cost(w: Any) -> Any:
            z, g, slope = parts(w)
            return (z - theta) * g * (w + theta - nu**2 * g) * slope

        squares = mp.fsum(s**2 for s in values)
        return squares - d / mp.pi * integral(cost), d**2 / (2 * mp.pi) * integral(count)

    def equations(nu: Any, theta: Any) -> list[Any]:
        R, dof = sums(nu, theta)
        return [(mpf(1) / 2 + R) * d / (2 * n * nu**2) - 1, 5 * theta * (1 - dof / n) - 1]

    start = (mpf("0.374275826756893"), mpf("0.303633240807837"))
    nu, theta = mpmath.findroot(equations, start)
    return sums(nu, theta)[0]


def noise_gain() -> Any:
    """Delta phi/(1 - phi) with phi = V/(2 D2) where D2 = n/d**2 = 1/10."""
    t = mpmath.findroot(lambda value: bulk(value)[1] - mpf(1) / 10, mpf("0.76"))
    V, _ = bulk(t)
    phi = V * 5
    return 2 * phi / (1 - phi)


def lasso_optimum() -> Any:
    """Sum of min(beta**2, theta**2) as an integral over the index: K theta**2 and the tail, gamma = 3/2."""
    theta = mpmath.sqrt(2 * mpf(1) / 10 * mpmath.log(100) / 300)
    K = (2 / theta) ** (mpf(2) / 3)
    return K * theta**2 + mpmath.quad(lambda x: 4 / x**3, [K, 2 * K, 10 * K, mp.inf])


def quadratic_optimum() -> Any:
    """nu**2 times the integral over the index of h(c k**(-gamma)/nu; 2), gamma = 3/2, c = 2."""
    nu = mpmath.sqrt(1000 * mpf(1) / 10 / (2 * 30000))
    p = mpf(2) / 3
    below = p / (2 - p)
    above = mpmath.quad(lambda x: p * x ** (p - 1) * (6 - 8 * x + 3 * x**2), [0, mpf(1) / 8, 1])
    return nu**2 * (2 / nu) ** p * (below + above)


SMALL = {"d": 10, "gamma": 1, "n": 20, "Delta": "1/10", "lam": "1/20"}
ROWS = (
    Row(
        "lasso-soft-threshold-risk",
        {"m": "7/10", "a": "13/10"},
        lambda: soft_risk_by_quadrature(mpf("0.7"), mpf("1.3")),
    ),
    Row(
        "lasso-active-probability",
        {"m": "7/10", "a": "13/10"},
        lambda: outside(lambda _: mpf(1), mpf("0.7"), mpf("1.3")),
    ),
    Row("lasso-mellin-transform", {"p": "5/4", "a": 2}, lambda: mellin(mpf(5) / 4, mpf(2))),
    Row("lasso-state-evolution", SMALL, lasso_small, routes=("sum",)),
    Row(
        "lasso-state-evolution",
        {"d": 1000, "gamma": "3/2", "n": 300, "Delta": "1/10", "lam": "1/20"},
        lasso_continuum,
        routes=("continuum",),
    ),
    Row(
        "lasso-optimal-rate",
        {"d": 1000, "gamma": "3/2", "n": 300, "Delta": "1/10", "K": 10, "c": 2},
        lasso_optimum,
    ),
    Row(
        "lasso-interpolation-plateau",
        {"d": 1000, "n": 300, "Delta": "1/10"},
        lambda: mpf(1) / 10 / mpmath.log(mpf(10) / 3),
    ),
    Row("interpolation-gain", {"ratio": "1/10", "Delta": 2}, noise_gain),
    Row(
        "quadratic-state-evolution",
        {"d": 4, "gamma": 1, "n": 20, "Delta": 1, "lam": "1/10"},
        spiked,
        routes=("spiked",),
    ),
    Row(
        "quadratic-state-evolution",
        {"d": 3, "gamma": 1, "n": 10, "Delta": "1/2", "lam": "1/5"},
        free_convolution,
        routes=("free convolution",),
    ),
    Row(
        "quadratic-optimal-rate",
        {"d": 1000, "gamma": "3/2", "n": 30000, "Delta": "1/10", "c": 2},
        quadratic_optimum,
    ),
    Row("quadratic-benign-boundary", {"gamma": 1}, lambda: mpf(13) / 9),
    Row("tail-exponent", {"gamma": "3/2"}, lambda: mpf(5) / 3),
)
