"""Minimax coefficients of the annealed kernel's approximations: `python3 coefficients.py` prints them with their errors.

Needs mpmath, numpy and scipy. Polynomials by Remez exchange on the relative error in 40 digits, rational functions by linear
programming in float64. Each line says what is approximated and on which interval; coefficients run from the constant term up, the
denominator's constant term is 1. The kernel takes them as they are, except that it rounds constant terms within 1e-7 of 1 to 1
where small signals would feel the difference.
"""
import sys

import numpy as np
from mpmath import erf, erfc, exp, lu_solve, log, matrix, mp, mpf, pi, sin, sqrt, tanh
from numpy.polynomial import chebyshev
from scipy.optimize import linprog

mp.dps = 40


def value(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def extrema_of(errors, count):
    """Places of the largest errors of alternating sign."""
    extrema = []
    for at, error in enumerate(errors):
        if extrema and (errors[extrema[-1]] > 0) == (error > 0):
            if abs(error) > abs(errors[extrema[-1]]):
                extrema[-1] = at
        else:
            extrema.append(at)
    while len(extrema) > count:
        extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
    if len(extrema) < count:
        raise ArithmeticError(f"{len(extrema)} of {count} alternations")
    return extrema


def remez(f, a, b, n, grid=1500, rounds=40):
    """Coefficients and largest relative error of the best polynomial of degree n for f on [a, b], by exchange."""
    a, b = mpf(a), mpf(b)
    count = n + 2
    points = [a + (b - a) * (1 - mp.cos(pi * i / grid)) / 2 for i in range(grid + 1)]
    values = [f(x) for x in points]
    chosen = [round(grid * i / (count - 1)) for i in range(count)]
    for _ in range(rounds):
        system, right = matrix(count, count), matrix(count, 1)
        for row, at in enumerate(chosen):
            for k in range(n + 1):
                system[row, k] = points[at] ** k
            system[row, n + 1] = -values[at] * (-1) ** row
            right[row] = values[at]
        solution = lu_solve(system, right)
        p, level = list(solution[: n + 1]), abs(solution[n + 1])
        errors = [value(p, x) / y - 1 for x, y in zip(points, values)]
        extrema = extrema_of(errors, count)
        worst = max(abs(e) for e in errors)
        if extrema == chosen or worst < level * mpf("1.0005"):
            break
        chosen = extrema
    return p, [mpf(1)], worst


def rational(f, b, n, m, grid=600):
    """
    The best p/q (degrees n and m) on [0, b] and its largest relative error: bisection on the error, each step a linear program for Chebyshev coefficients
    with |P - fQ| <= error f Q and Q > 0 on a grid that is dense at both ends (and squared at 0).
    """
    x = np.array([float(mpf(b) * ((1 - mp.cos(pi * i / grid)) / 2) ** 2) for i in range(grid + 1)])
    y = np.array([float(f(mpf(t))) for t in x])
    top = chebyshev.chebvander(2 * x / float(b) - 1, n) / y[:, None]
    bottom = chebyshev.chebvander(2 * x / float(b) - 1, m)
    low, high, best = 1e-9, 1e-2, None
    while high / low > 1.002:
        error = np.sqrt(low * high)
        rows = np.vstack(
            [
                np.hstack([top, -bottom * (1 + error)]) / error,
                np.hstack([-top, bottom * (1 - error)]) / error,
                np.hstack([0 * top, -bottom]),
            ]
        )
        limits = np.concatenate([np.zeros(2 * len(x)), np.full(len(x), -1e-3)])
        found = linprog(np.zeros(n + m + 2), rows, limits, bounds=[(-1e3, 1e3)] * (n + m + 2), method="highs")
        if found.status == 0:
            high, best = error, found.x
        else:
            low = error
    domain = [0, float(b)]
    p = chebyshev.Chebyshev(best[: n + 1], domain).convert(kind=np.polynomial.Polynomial).coef
    q = chebyshev.Chebyshev(best[n + 1 :], domain).convert(kind=np.polynomial.Polynomial).coef
    p, q = [mpf(c) / mpf(q[0]) for c in p], [mpf(c) / mpf(q[0]) for c in q]
    dense = [mpf(b) * (mpf(i) / 5000) ** 2 for i in range(5001)]
    return p, q, max(abs(value(p, t) / value(q, t) / f(t) - 1) for t in dense)


def gain(phi):
    """ψ as a function of y = x²."""
    return lambda y: (phi(sqrt(y)) / sqrt(y)) ** 2 if y > mpf("1e-20") else mpf(1)


def phi_erf(x):
    return erf(sqrt(pi) / 2 * x)


def sine_square(factor):
    return lambda q: (sin(factor * sqrt(q)) ** 2 / q) if q > mpf("1e-20") else mpf(factor) ** 2


def mills(x):
    return erfc(x / sqrt(mpf(2))) / 2 * exp(x * x / 2)


def beyond_one(psi):
    """(ψ(y) − 1)/y: keeps ψ(0) = 1 exactly."""
    step = mpf("1e-9")
    return lambda y: (psi(y) - 1) / y if y > step else (psi(step) - 1) / step


JOBS = {
    "−2 ln(1 + x)/x on [√½ − 1, √2 − 1]": lambda: remez(
        lambda x: -2 * log(1 + x) / x if abs(x) > mpf("1e-20") else mpf(-2), sqrt(mpf("0.5")) - 1, sqrt(mpf(2)) - 1, 8
    ),
    "sin²(πt/4)/t² in t² on [0, 1]": lambda: remez(sine_square(pi / 4), 0, 1, 3),
    "tanh (ψ(y) − 1)/y on [0, 0.02]": lambda: remez(beyond_one(gain(tanh)), 0, mpf("0.02"), 1),
    "tanh (ψ(y) − 1)/y on [0, 0.1]": lambda: remez(beyond_one(gain(tanh)), 0, mpf("0.1"), 2),
    "tanh ψ(y) on [0, 2.5]": lambda: rational(gain(tanh), 2.5, 3, 2),
    "tanh ψ(y) on [0, 65]": lambda: rational(gain(tanh), 65, 4, 5),
    "erf (ψ(y) − 1)/y on [0, 0.02]": lambda: remez(beyond_one(gain(phi_erf)), 0, mpf("0.02"), 1),
    "erf (ψ(y) − 1)/y on [0, 0.1]": lambda: remez(beyond_one(gain(phi_erf)), 0, mpf("0.1"), 2),
    "erf ψ(y) on [0, 17.5]": lambda: rational(gain(phi_erf), 17.5, 5, 5),
    "sin (ψ(y) − 1)/y on [0, 0.02]": lambda: remez(beyond_one(gain(sin)), 0, mpf("0.02"), 1),
    "sin (ψ(y) − 1)/y on [0, 0.1]": lambda: remez(beyond_one(gain(sin)), 0, mpf("0.1"), 2),
    "sin²(r)/r² in r² on [0, (π/2)²]": lambda: remez(sine_square(mpf(1)), 0, (pi / 2) ** 2, 5),
    "exp(−r) on [−½ ln 2, ½ ln 2]": lambda: remez(lambda r: exp(-r), -log(mpf(2)) / 2, log(mpf(2)) / 2, 5),
    "Φ(−x)·exp(x²/2) on [0, 14]": lambda: rational(mills, 14, 4, 5),
}

if __name__ == "__main__":
    for name, job in JOBS.items():
        if len(sys.argv) > 1 and sys.argv[1] not in name:
            continue
        p, q, worst = job()
        print(f"{name}: relative error {mp.nstr(worst, 3)}")
        print("  p:", ", ".join(mp.nstr(c, 12) for c in p))
        if len(q) > 1:
            print("  q:", ", ".join(mp.nstr(c, 12) for c in q))
