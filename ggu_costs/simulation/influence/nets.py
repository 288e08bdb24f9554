"""Points of a sensitivity analysis: two sets of independent scores, from scrambled Sobol points, in replicates.

The two sets take turns in the coordinates of the net, so that a driver and what stands in its place lie in
neighbouring ones. Every replicate is scrambled anew (random linear scrambling and a digital shift), by seed and name of
the driver; replicates are independent, which is what makes the errors that follow from their spread honest.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ggu_costs.simulation.influence.normal_scores import ScoreModel, Scores
from ggu_costs.simulation.machine.sampling import MOST_DIMENSIONS, Words, net_columns, raw_words
from ggu_costs.typing import FloatArray

REPLICATES = 4
"""Independent scramblings of one analysis."""

_DIGITS = 52
_LEAST = 2.0**-53
_NOTHING = np.zeros((0, 1), np.uint64)
_PURPOSE = "sensitivity of "  # so that these points are not those of a run with the same seed


def paired_scores(model: ScoreModel, seed: int, points: int, replicates: int) -> Iterator[tuple[Scores, Scores]]:
    """Yield two sets of independent scores of all drivers, by level, for each replicate.

    Parameters
    ----------
    points
        Points of each net: a power of two.

    Notes
    -----
    Coordinates beyond those that Sobol points have are drawn plainly.
    """
    from scipy.special import ndtri

    many = 2 * sum(len(level.names) * level.groups for level in model.levels)
    columns = net_columns(min(many, MOST_DIMENSIONS), max(points.bit_length() - 1, 1)) if many else _NOTHING
    for replicate in range(replicates):
        pairs, place = [], 0
        for level in model.levels:
            wide = 2 * level.groups
            pair = np.empty((2, len(level.names), level.groups, points))
            for d, name in enumerate(level.names):
                words = raw_words(wide * (_DIGITS + 1), seed, replicate, _PURPOSE + name).reshape(wide, _DIGITS + 1)
                u = _uniforms(columns[place : place + wide], words, points)
                pair[:, d] = ndtri(u).reshape(level.groups, 2, points).transpose(1, 0, 2)
                place += wide
            pairs.append(pair)
        yield [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def _uniforms(columns: Words, words: Words, points: int) -> FloatArray:
    """Uniforms of one driver, a coordinate a row: those of the net, then plain ones for what has no columns."""
    even = len(columns)
    u = np.empty((len(words), points))
    u[:even] = _net(columns, words[:even], points)
    if even < len(words):
        plain = np.random.Generator(np.random.Philox(np.random.SeedSequence(words[even, :2].tolist())))
        u[even:] = np.maximum(plain.random((len(words) - even, points)), _LEAST)
    return u


def _net(columns: Words, words: Words, points: int) -> FloatArray:
    """Scramble columns, shape (coordinates, log2 points), by words of (coordinates, 53), and add their points up."""
    digits = np.arange(_DIGITS, dtype=np.uint64)[::-1]  # the first digit is the highest bit
    scrambled = np.zeros_like(columns)
    for place, digit in enumerate(digits.tolist()):
        below = np.uint64((1 << digit) - 1)
        column = (words[:, place] & below) | np.uint64(1 << digit)  # lower triangular, ones on the diagonal
        held = (columns >> np.uint64(digit)) & np.uint64(1)
        scrambled ^= held * column[:, None]
    x = np.zeros((len(columns), points), np.uint64)
    for j in range(points.bit_length() - 1):
        x[:, 1 << j : 2 << j] = x[:, : 1 << j] ^ scrambled[:, j : j + 1]
    x ^= (words[:, _DIGITS] >> np.uint64(64 - _DIGITS))[:, None]
    return (x.astype(np.float64) + 0.5) * 2.0**-_DIGITS
