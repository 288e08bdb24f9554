"""Where draws come from: seed, streams, methods and replicates.

Every uniform is a pure function of seed, name of the driver, draw and dimension: the key of Philox is the seed, its
counter holds draw, dimension (group or unit) and 64 bits that stand for the driver's name. So any block of draws can
be made anywhere, and a driver added or removed leaves the draws of the others as they were.

Latin hypercubes stratify each driver over the draws of a replicate through a keyed permutation; Sobol points are a
digital net whose matrices are scrambled (random linear scrambling and a digital shift) per replicate. Both hold for
national drivers; what is drawn per group or per unit is plain. Replicates are independent, which is what makes their
errors honest.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ggu_costs.errors import Faults, is_one_of
from ggu_costs.figures import plain, shown
from ggu_costs.simulation.constants import LEAF
from ggu_costs.simulation.machine.compile import Level
from ggu_costs.simulation.parts import NATION
from ggu_costs.typing import FloatArray

Words: TypeAlias = "NDArray[np.uint64]"
"""Words of 64 bits, of any shape."""


Method: TypeAlias = Literal["random", "latin_hypercube", "sobol"]
METHODS: tuple[Method, ...] = ("random", "latin_hypercube", "sobol")

_DIGITS = 52
_NET_DIGITS = 30  # column j has no digits beyond j + 1, so these hold nets of 2**26 points exactly
_MIXING_KEYS = 12
_MOST_DRAWS = 2**32
_MOST_REPLICATES = 100_000  # of some draws each, more than any error asks
_MOST_NET = 2**26

MOST_DIMENSIONS = 21_201
"""Coordinates that there are direction numbers for."""


@dataclass(frozen=True, eq=False)
class Sampling:
    """All that is needed to make any draw.

    Attributes
    ----------
    method
        ``random``, ``latin_hypercube`` or ``sobol``.
    seed
        The seed.
    draws
        Draws in a replicate.
    replicates
        Independent repetitions; 1 for ``random``.
    streams
        Per name of a level: uint64, shape (drivers, 4), the two words of the seed and of the stream.
    columns, shifts, shuffles
        For the national drivers, per replicate: columns of the net, its shift, keys of the permutation.
    """

    method: Method
    seed: int
    draws: int
    replicates: int
    streams: dict[str, Words]
    columns: Words
    shifts: Words
    shuffles: Words

    @property
    def leaves(self) -> int:
        """Leaves in a replicate."""
        return -(-self.draws // LEAF)

    def spread_evenly(self, level: Level) -> bool:
        """Whether the draws of a level are laid out evenly, as a hypercube or a net, and not plain."""
        return self.method != "random" and level.name == NATION

    def counter(self, leaf: tuple[int, int]) -> int:
        """Place of a leaf of a replicate among all leaves."""
        return leaf[0] * self.leaves + leaf[1]

    def put_even_uniforms(self, u: FloatArray, d: int, leaf: tuple[int, int], count: int) -> None:
        """Put the uniforms of national driver d for a leaf of a replicate, laid out evenly; `u` is a whole leaf."""
        from ggu_costs.simulation.machine import _draw_kernels as kernels

        replicate, first = leaf[0], leaf[1] * LEAF
        if self.method == "sobol":
            points, columns = np.zeros(count, np.uint64), self.columns[replicate, d]
            kernels.net_uniforms(u[:count], first, columns, self.shifts[replicate, d], points)
            return
        kernels.philox_uniforms(u, count, self.counter(leaf), 0, self.streams[NATION][d])
        half_bits = (max(self.draws - 1, 1).bit_length() + 1) // 2
        kernels.stratify(u[:count], first, self.draws, half_bits, self.shuffles[replicate, d])


def stream_of(name: str) -> tuple[int, int]:
    """Two 32-bit words that stand for the name of a driver.

    Examples
    --------
    >>> stream_of("hours") == stream_of("hours"), stream_of("hours") == stream_of("rate")
    (True, False)
    """
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def check_sampling(draws: object, seed: object, method: object, replicates: object) -> Faults:
    """Return every fault of these settings."""
    faults = Faults()
    if not is_one_of(method, METHODS):
        faults.add("method", shown(method), ", ".join(METHODS))
        method = None
    seed, draws, replicates = plain(seed), plain(draws), plain(replicates)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**64:
        faults.add("seed", shown(seed), "a whole number from 0 to 2**64 - 1", "State a seed; 0 is a seed.")
    if isinstance(draws, bool) or not isinstance(draws, int) or not 1 < draws <= _MOST_DRAWS:
        faults.add("draws", shown(draws), "a whole number from 2 to 2**32")
    elif method == "sobol" and draws & (draws - 1):
        near = 2 ** round(math.log2(draws))
        faults.add("draws", f"{draws}", "a power of two for Sobol points", f"Take {near}.")
    elif method == "sobol" and draws > _MOST_NET:
        faults.add("draws", f"{draws}", f"at most {_MOST_NET} for Sobol points; more replicates instead")
    if isinstance(replicates, bool) or not isinstance(replicates, int) or not 2 <= replicates <= _MOST_REPLICATES:
        faults.add("replicates", shown(replicates), f"a whole number, 2 or more, at most {_MOST_REPLICATES:,}")
    return faults


def make_sampling(levels: Sequence[Level], *, draws: int, seed: int, method: Method, replicates: int = 8) -> Sampling:
    """Prepare the draws of a compiled model; `replicates` counts for the last two methods only."""
    draws, seed, replicates = (int(plain(setting)) for setting in (draws, seed, replicates))
    streams = {level.name: _streams(level.names, seed) for level in levels}
    national = levels[0].names
    repeated = replicates if method != "random" else 1
    columns = np.zeros((repeated, len(national), 1), np.uint64)
    shifts = np.zeros((repeated, len(national)), np.uint64)
    shuffles = np.zeros((repeated, len(national), _MIXING_KEYS), np.uint64)
    if method == "sobol" and national:
        columns, shifts = _nets(national, draws, seed, repeated)
    elif method == "latin_hypercube":
        for replicate in range(repeated):
            for d, name in enumerate(national):
                raw = raw_words(_MIXING_KEYS, seed, replicate, name)
                shuffles[replicate, d] = raw >> np.uint64(32)
    return Sampling(method, seed, draws, repeated, streams, columns, shifts, shuffles)


def _streams(names: Sequence[str], seed: int) -> Words:
    words = [(seed & 0xFFFFFFFF, seed >> 32, *stream_of(name)) for name in names]
    return np.array(words, np.uint64).reshape(-1, 4)


def raw_words(count: int, seed: int, replicate: int, name: str) -> Words:
    """Return raw words of a generator of numpy's whose raw stream is guaranteed not to change."""
    sequence = np.random.SeedSequence([seed, replicate, *stream_of(name)])
    return np.atleast_1d(np.asarray(np.random.PCG64(sequence).random_raw(count), np.uint64))


def _nets(names: Sequence[str], draws: int, seed: int, replicates: int) -> tuple[Words, Words]:
    """Columns of the scrambled nets, shape (replicates, drivers, log2 draws), and their shifts."""
    plain = net_columns(len(names), max(draws.bit_length() - 1, 1))
    digits = np.arange(_DIGITS, dtype=np.uint64)[::-1]  # the first digit is the highest bit
    bits = (plain[:, None, :] >> digits[None, :, None]) & np.uint64(1)
    columns = np.empty((replicates, *plain.shape), np.uint64)
    shifts = np.empty((replicates, len(names)), np.uint64)
    for replicate in range(replicates):
        for d, name in enumerate(names):
            raw = raw_words(_DIGITS + 1, seed, replicate, name)
            lower = np.tril((raw[:_DIGITS, None] >> digits[None, :]) & np.uint64(1), -1)
            lower[np.diag_indices(_DIGITS)] = 1
            scrambled = (lower @ bits[d]) & np.uint64(1)
            columns[replicate, d] = (scrambled << digits[:, None]).sum(axis=0, dtype=np.uint64)
            shifts[replicate, d] = raw[_DIGITS] >> np.uint64(64 - _DIGITS)
    return columns, shifts


def net_columns(dimensions: int, count: int) -> Words:
    """Return the direction numbers of Joe and Kuo as columns of 52 digits, shape (dimensions, count).

    Column j of a coordinate with the primitive polynomial ``x**s + a[1] x**(s-1) + ... + 1`` is ``m[j] / 2**(j + 1)``;
    the first s odd ``m`` are given, and after these ``m[j]`` is the exclusive-or of ``2**k a[k] m[j - k]`` for k up to
    s, with ``a[s]`` 1, and ``m[j - s]``.
    """
    if dimensions > MOST_DIMENSIONS:
        faults = Faults()
        faults.add("method", f"{dimensions} national drivers", f"at most {MOST_DIMENSIONS} for Sobol points")
        faults.check("too many drivers for Sobol points", remedy="Use Latin hypercubes.")
    numbers = _joe_kuo()
    if numbers is None:
        return _off_points(dimensions, count)
    polynomials, first = numbers
    polynomials, m = polynomials[:dimensions], np.zeros((dimensions, max(count, first.shape[1])), np.int64)
    m[:, : first.shape[1]] = first[:dimensions]
    m[:1] = 1  # the first coordinate has no polynomial: the digits in reverse
    degrees = np.frexp(polynomials.astype(np.float64))[1] - 1
    for s in np.unique(degrees[1:]):
        rows = np.flatnonzero(degrees == s)
        for j in range(s, count):
            m[rows, j] = m[rows, j - s]
            for k in range(1, s + 1):
                m[rows, j] ^= ((polynomials[rows] >> (s - k)) & 1) * (m[rows, j - k] << k)
    return m[:, :count].astype(np.uint64) << (_DIGITS - 1 - np.arange(count, dtype=np.uint64))


@cache
def _joe_kuo() -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Return the primitive polynomials and the first direction numbers by coordinate, as they lie in scipy's folder.

    They are read from there because ``scipy.stats``, which owns them, takes longer to import than many a run to finish.
    None where that version of scipy keeps them elsewhere.
    """
    scipy = find_spec("scipy")
    if scipy is None or scipy.origin is None:
        return None
    try:
        with np.load(Path(scipy.origin).parent / "stats" / "_sobol_direction_numbers.npz") as numbers:
            polynomials, first = numbers["poly"].astype(np.int64), numbers["vinit"].astype(np.int64)
    except (OSError, KeyError):
        return None
    return (polynomials, first) if len(polynomials) == len(first) == MOST_DIMENSIONS else None


def _off_points(dimensions: int, count: int) -> Words:
    """Return the same columns, read off scipy's unscrambled points, which follow a Gray code.

    Point 2**j is column j exclusive-or column j - 1 (point 1 is column 0).
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=False, bits=_NET_DIGITS)
    columns = np.zeros((dimensions, count), np.uint64)
    for j in range(count):
        engine.fast_forward(2**j - engine.num_generated)
        point = (engine.random(1)[0] * 2.0**_NET_DIGITS).astype(np.uint64)
        columns[:, j] = point ^ columns[:, j - 1] if j else point
    return columns << np.uint64(_DIGITS - _NET_DIGITS)
