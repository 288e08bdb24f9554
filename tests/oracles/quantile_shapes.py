"""Plain twins of the shapes by quantiles, written from the papers: one number at a time, with scipy's normal only.

Hadlock and Bickel (2017) for the bounded and semi-bounded Johnson curves, Hadlock (2017) for the one without bounds;
Keelin (2016), equations 6 and 7, for the metalog, solved by Cramer's rule in fractions of the float64 terms.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from scipy.stats import norm


class Twin:
    """What a frozen distribution of scipy has, from the value at a probability below and above."""

    def __init__(self, value) -> None:
        self.value = value

    def ppf(self, below):
        return np.array([self.value(p, 1 - p) if p < 1 else math.inf for p in np.atleast_1d(below).tolist()])

    def isf(self, above):
        return np.array([self.value(1 - p, p) if p < 1 else -math.inf for p in np.atleast_1d(above).tolist()])

    def cdf(self, x):
        """By halving."""
        if math.isinf(x):
            return 0.0 if x < 0 else 1.0
        low, high = -30.0, 30.0
        for _ in range(200):
            z = (low + high) / 2
            low, high = (z, high) if self.value(norm.cdf(z), norm.sf(z)) < x else (low, z)
        return float(norm.cdf(low))

    def sf(self, x):
        return 1 - self.cdf(x)


def _score(below, above):
    return norm.ppf(below) if below <= above else -norm.ppf(above)


def jqpd(*numbers):
    """The Johnson curve of three quantiles."""
    one, middle, two, p, low, high = numbers
    if math.isinf(low) and math.isfinite(high):
        mirror = jqpd(-two, -middle, -one, p, -high, math.inf)
        return Twin(lambda below, above: -mirror.value(above, below))
    c = norm.isf(p)
    if math.isfinite(high):
        carry, back = (lambda x: norm.ppf((x - low) / (high - low))), (lambda y: low + (high - low) * norm.cdf(y))
    elif math.isfinite(low):
        carry, back = (lambda x: math.log(x - low)), (lambda y: low + math.exp(y))
    else:
        carry = back = float
    left, centre, right = carry(one), carry(middle), carry(two)
    n = int(np.sign(left + right - 2 * centre))
    start = {1: left, 0: centre, -1: right}[n]
    least = min(centre - left, right - centre)

    def value(below, above):
        z = _score(below, above)
        if n == 0:
            return back(centre + (right - left) / (2 * c) * z)
        if math.isfinite(low) and math.isinf(high):
            delta = math.sinh(math.acosh((right - left) / (2 * least))) / c
            lam = least / (delta * c)
            return back(start + lam * math.sinh(math.asinh(delta * z) + math.asinh(n * c * delta)))
        delta = math.acosh((right - left) / (2 * least)) / c
        lam = (right - left) / math.sinh(2 * delta * c)
        return back(start + lam * math.sinh(delta * (z + n * c)))

    return Twin(value)


def _terms(below, above, many):
    s, d = math.log(below) - math.log(above), below - 0.5
    row = [1.0, s, d * s, d]
    for k in range(5, many + 1):
        row.append(d ** ((k - 1) // 2) if k % 2 else d ** (k // 2 - 1) * s)
    return row[:many]


def _determinant(rows):
    """By Laplace, in fractions."""
    if not rows:
        return Fraction(1)
    return sum((-1) ** j * rows[0][j] * _determinant([row[:j] + row[j + 1 :] for row in rows[1:]])
               for j in range(len(rows)))  # fmt: skip


def metalog(low, high, *pairs):
    """The metalog of as many terms as quantiles."""
    shares, x = pairs[::2], pairs[1::2]
    if math.isfinite(low) and math.isfinite(high):
        carry, back = (lambda v: math.log((v - low) / (high - v))), (lambda y: low + (high - low) / (1 + math.exp(-y)))
    elif math.isfinite(low):
        carry, back = (lambda v: math.log(v - low)), (lambda y: low + math.exp(y))
    elif math.isfinite(high):
        carry, back = (lambda v: -math.log(high - v)), (lambda y: high - math.exp(-y))
    else:
        carry = back = float
    rows = [[Fraction(term) for term in _terms(p, 1 - p, len(x))] for p in shares]
    wanted = [Fraction(carry(v)) for v in x]
    whole = _determinant(rows)
    solved = [float(_determinant([[*row[:j], y, *row[j + 1 :]] for row, y in zip(rows, wanted, strict=True)]) / whole)
              for j in range(len(x))]  # fmt: skip

    def value(below, above):
        return back(sum(a * term for a, term in zip(solved, _terms(below, above, len(x)), strict=True)))

    return Twin(value)
