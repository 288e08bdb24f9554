r"""The volume sweep: the exact Shapley value of a game that depends on a total volume only.

For :math:`v(S) = g(\sum_{j \in S} w_j)` the Shapley value is an integral along the diagonal (Owen 1972),

.. math:: \phi_i = \int_0^1 \partial_i f(q, \dots, q) \, dq, \qquad f(q) = E\, g\Bigl(\sum_j w_j B_j\Bigr),

with :math:`B_j` independent and 1 with chance :math:`q_j`. The integrand is a polynomial of degree n - 1, so
Gauss-Legendre with :math:`\lceil n/2 \rceil` nodes is exact. Fewer will do: as a polynomial of Bernstein,

.. math:: \partial_i f(q, \dots, q) = \sum_{k=0}^{n-1} m_k B_k(q), \qquad B_k(q) = \binom{n-1}{k} q^k (1-q)^{n-1-k},

where :math:`m_k` is the mean of what i adds to k others, so that :math:`\max_k |m_k| \sum_k |Q[B_k] - 1/n|` bounds the
error of a quadrature Q for every g and all volumes. It falls as :math:`e^{-2 N^2 / n}` in the nodes N.

At one q all n derivatives come from one sweep forward (the distribution of the volume of those before k) and one
backward (the expected value once those after k have joined): no division, no subtraction of distributions, so nothing
blows up. Voting power, tiered prices and random arrival are such games.

References
----------
Owen, G. (1972). Multilinear extensions of games. Management Science 18, 64-79.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ggu_costs._jit import spread
from ggu_costs.allocation import _sweep_kernels
from ggu_costs.allocation.inputs import read_quantities
from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import MOST, read_figures, read_number, read_whole
from ggu_costs.frozen import Frozen
from ggu_costs.typing import FloatArray, IntArray

_FEWEST_NODES = 48  # exact to 96 participants
_NODES = 3.5  # times the root of the number of participants: the bound is some 1e-11 of the range of g
_ARRIVAL_CELLS = 16_000  # half of a value's: its error asks for a second sweep, of half the cells again
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0  # multiples of it spread evenly however many there are
_ROUNDING = 1e-13  # relative: of sums of some 10^5 floats
_WHOLE = 1e-12  # of a cell: closer than this to a whole number of cells is whole


@dataclass(frozen=True)
class VolumeShapley(Brief, Frozen):
    """Shapley value of g(total volume), with what it rests on.

    Attributes
    ----------
    values : numpy.ndarray
        One value a participant, float64, in the order of the volumes.
    residual : float
        Sum less g(everyone) - g(0), on the lattice, before it was taken out of the values in proportion to their size.
    error : float
        Bound on the error of each value; the rounding of volumes to cells comes on top.
    nodes : int
        Nodes of the quadrature.
    exact : bool
        The nodes integrate the polynomial exactly and every volume is a whole number of cells, so that only the
        rounding of float64 is left.
    """

    values: FloatArray
    residual: float
    error: float
    nodes: int
    exact: bool


def lattice_step(volumes: ArrayLike, *, most_cells: int = 32_000) -> float:
    """Choose the size of a cell of the lattice.

    The greatest common divisor of whole volumes where the lattice stays small, else a part of the total.

    Parameters
    ----------
    volumes
        Volumes, shape (n,), finite and 0 or more, not all 0.
    most_cells
        Most cells for the total volume.

    Examples
    --------
    >>> lattice_step([200, 300, 500])
    100.0
    >>> lattice_step([0.5, 1.5], most_cells=4)
    0.5
    """
    amounts = _checked(volumes)
    total = math.fsum(amounts)
    divisor = _common_divisor(amounts)
    return float(divisor) if divisor and total / divisor <= most_cells else total / most_cells


def lattice_points(volumes: ArrayLike, step: float) -> FloatArray:
    """Volumes at which g must be known: 0, step, 2 step, ... as far as the split volumes can reach.

    Examples
    --------
    >>> lattice_points([1, 2.5], 1.0).tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    if not (math.isfinite(step) and step > 0):
        raise InputError(f"step is {step!r}", remedy="Give a finite volume above 0, such as lattice_step gives.")
    cells, parts = _on_lattice(_checked(volumes), step)
    return step * np.arange(int(cells.sum()) + int((parts > 0).sum()) + 1, dtype=np.float64)


def volume_shapley(
    volumes: ArrayLike,
    values: ArrayLike,
    *,
    step: float = 1.0,
    saturated: bool = False,
    nodes: int | None = None,
    threads: int | None = None,
) -> VolumeShapley:
    """Shapley value of a game that depends on the total volume only.

    Parameters
    ----------
    volumes
        Volumes w, shape (n,), finite and 0 or more. A volume that is no whole number of cells is split over the two
        cells around it so that its mean is kept (floor with chance 1 - f, floor + 1 with chance f), which keeps the
        sum of the values; the error is that of g smoothed over a cell.
    values
        g at 0, step, 2 step, ...: any function, at every point that `lattice_points` gives. A cost that is due
        as soon as anyone takes part (a jump at 0) converges slowly: take it out first, it is an equal share for each.
    step
        Volume of a cell.
    saturated
        g stays at its last value beyond the points given (a quota, a cap), so the lattice may end there.
    nodes
        Nodes of the quadrature; by default ceil(n / 2), which is exact, or as many as keep the error at 1e-11.
    threads
        Threads over the nodes; the result is the same for any number.

    Returns
    -------
    VolumeShapley

    Raises
    ------
    InputError
        Lists every fault: volumes that are negative, missing or infinite; values that are missing or too few.

    Notes
    -----
    Equal volumes are computed once and get equal values; volume 0 gets 0; one participant gets g(w) - g(0). The work is
    some 3 n V operations a node for V cells.

    Examples
    --------
    Votes 50, 49 and 1, with 51 needed:

    >>> quota = [0.0] * 51 + [1.0]
    >>> volume_shapley([50, 49, 1], quota, saturated=True).values.round(6).tolist()
    [0.666667, 0.166667, 0.166667]
    """
    swept = _prepared(volumes, values, step, saturated, nodes)
    count = swept.order.size
    full = (count + 1) // 2
    used = min(full, max(_FEWEST_NODES, math.ceil(_NODES * math.sqrt(count)))) if nodes is None else int(nodes)
    at, weights = np.polynomial.legendre.leggauss(used)
    derivatives = np.empty((used, swept.first.size))
    mixed: list[int] = np.argsort(np.arange(used) * _GOLDEN % 1.0).tolist()  # neighbours cost alike: all get some

    def sweep(start: int, stop: int) -> None:
        for node in mixed[start:stop]:
            swept.derivatives(0.5 + 0.5 * at[node], derivatives[node])

    spread(sweep, used, threads=threads)
    by_group = np.zeros(swept.first.size)
    for node in range(used):  # in order, so that threads do not show
        by_group += 0.5 * weights[node] * derivatives[node]
    result = swept.each(by_group)
    everyone = _value_of_all(swept.known, int(swept.cells.sum()), swept.parts)
    residual = math.fsum([*result, swept.known[0], -everyone])
    sizes = np.abs(result)
    if residual:
        if not sizes.any():  # g rises and falls so that all of it was missed: alike for all who have a volume
            sizes = swept.each(((swept.cells + swept.parts)[swept.first] > 0).astype(np.float64))
        result -= residual * (sizes / math.fsum(sizes))
    missed = 0.0 if used >= full else _missed(count, at, weights) * float(np.ptp(swept.known))
    error = abs(residual) + missed + _ROUNDING * float(np.abs(result).max())
    return VolumeShapley(result, residual, error, used, used >= full and not swept.parts.any())


def _missed(count: int, at: FloatArray, weights: FloatArray) -> float:
    """How far a quadrature is off for a mean of what one adds, at most 1, over groups of each size: see the module."""
    sizes, total = np.arange(count), 0.0
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count)))])
    ways = factorials[-1] - factorials - factorials[::-1]
    for start in range(0, count, 512):
        k = sizes[start : start + 512]
        chances = np.exp(
            ways[k]
            + np.multiply.outer(np.log(0.5 + 0.5 * at), k)
            + np.multiply.outer(np.log(0.5 - 0.5 * at), sizes[-1] - k)
        )
        total += float(np.abs(0.5 * weights @ chances - 1.0 / count).sum())
    return total


def volume_banzhaf(volumes: ArrayLike, values: ArrayLike, *, step: float = 1.0, saturated: bool = False) -> FloatArray:
    r"""Banzhaf value of a game that depends on the total volume only: what i adds to a group drawn by fair coins.

    It is the derivative of the expected value where every chance is 1/2, so one sweep gives it for everyone.

    Parameters
    ----------
    volumes, values, step, saturated
        As for :func:`volume_shapley`.

    Returns
    -------
    numpy.ndarray
        float64, shape (n,), in the order of the volumes. In a vote: the chance to be decisive.

    Examples
    --------
    >>> volume_banzhaf([50, 49, 1], [0.0] * 51 + [1.0], saturated=True).tolist()
    [0.75, 0.25, 0.25]
    """
    swept = _prepared(volumes, values, step, saturated, None)
    derivatives = np.empty(swept.first.size)
    swept.derivatives(0.5, derivatives)
    return swept.each(derivatives)


@dataclass(frozen=True)
class _Sweep:
    """Volumes on the lattice in ascending order, and g on it, ready for the kernel."""

    order: IntArray
    cells: IntArray
    parts: FloatArray
    first: IntArray
    group: IntArray
    reach: IntArray
    known: FloatArray

    def derivatives(self, chance: float, out: FloatArray) -> None:
        """Derivative of the expected value to the chance of each distinct volume, all chances being equal."""
        _sweep_kernels.diagonal_derivatives(self.cells, self.parts, self.reach, self.first, self.known, chance, out)

    def each(self, by_group: FloatArray) -> FloatArray:
        """From distinct volumes back to every participant, in the order given."""
        result = np.empty(self.order.size)
        result[self.order] = by_group[self.group]
        return result


def _prepared(volumes: ArrayLike, values: ArrayLike, step: float, saturated: bool, nodes: int | None) -> _Sweep:
    """Check the arguments and lay the volumes on the lattice; equal volumes come once."""
    faults = Faults()
    amounts = read_quantities(volumes, "volumes", "volume", faults)
    stated = read_figures(values, "values", faults)
    known = np.zeros(0) if stated is None else stated
    cell = float(read_number(step, "step", faults, above=0) or 1)
    if nodes is not None:
        read_whole(nodes, "nodes", faults, least=1, most=int(MOST), allowed="a whole number of 1 or more")
    if stated is not None and (known.ndim != 1 or known.size == 0):
        faults.add("values", f"shape {known.shape}", "finite values of g, the first at 0")
    elif not faults and not saturated and known.size < (points := lattice_points(amounts, cell).size):
        faults.add("values", f"{known.size} values", f"{points}, up to the volume of all; or saturated=True")
    faults.check("the volume sweep cannot run", remedy="Correct what is listed.")
    cells, parts = _on_lattice(amounts, cell)
    order = np.lexsort((parts, cells))
    cells, parts = cells[order], parts[order]
    changes = (np.diff(cells) != 0) | (np.diff(parts) != 0)
    first = np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)
    steps = np.concatenate([[0], np.cumsum(cells + (parts > 0))])
    reach = np.minimum(steps, known.size - 1)
    group = np.concatenate([[0], np.cumsum(changes)]).astype(np.int64)
    return _Sweep(order, cells, parts, first, group, reach, known)


def arrival_by_sweep(estate: float, claims: FloatArray, *, cells: int = _ARRIVAL_CELLS) -> tuple[FloatArray, float]:
    """Random arrival for any number of claims: the Shapley value of min(volume, estate), and its estimated error.

    Awards of the estate and losses of the rest mirror one another, so the smaller of the two is swept. Where estate and
    claims are whole multiples of a cell the lattice is exact; else the error is the difference with half the cells.

    Parameters
    ----------
    estate
        What there is, between 0 and the sum of the claims; `claims` and result are in the same unit.
    claims
        Shape (n,), 0 or more.
    cells
        Most cells of the lattice.

    Returns
    -------
    awards : numpy.ndarray
    error : float
        Estimate of the largest error of an award, in the unit of the claims.
    """
    whole = math.fsum(claims)
    by_loss = estate > whole / 2
    amount = whole - estate if by_loss else estate
    if amount <= 0:
        return (claims.copy() if by_loss else np.zeros(claims.size)), 0.0
    capped = np.minimum(claims, amount)  # who claims more than there is claims all of it
    divisor = _common_divisor(np.append(capped, amount))
    on_lattice = divisor > 0 and amount / divisor <= cells
    step = float(divisor) if on_lattice else amount / cells
    shares, error = _sweep_capped(capped, amount, step)
    if not on_lattice:
        coarse, _ = _sweep_capped(capped, amount, 2 * step)
        error += float(np.abs(shares - coarse).max())
    return (claims - shares if by_loss else shares), error


def _sweep_capped(claims: FloatArray, amount: float, step: float) -> tuple[FloatArray, float]:
    values = np.minimum(step * np.arange(round(amount / step) + 1), amount)
    swept = volume_shapley(claims, values, step=step, saturated=True)
    return swept.values, swept.error


def _checked(volumes: ArrayLike) -> FloatArray:
    faults = Faults()
    amounts = read_quantities(volumes, "volumes", "volume", faults)
    faults.check("the volume sweep cannot use these volumes", remedy="Correct the volumes listed.")
    return amounts


def _common_divisor(numbers: FloatArray) -> int:
    """Greatest common divisor of whole numbers; 0 where some are none, or too large to be exact."""
    whole = (numbers == np.rint(numbers)).all() and math.fsum(numbers) < 2.0**53
    return math.gcd(*map(int, numbers)) if whole else 0


def _on_lattice(volumes: FloatArray, step: float) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], FloatArray]:
    """Whole cells of each volume, and the part of a cell beyond them."""
    exact = volumes / step
    nearest = np.rint(exact)
    exact = np.where(np.abs(exact - nearest) <= _WHOLE * np.maximum(1.0, exact), nearest, exact)
    cells = np.floor(exact)
    return cells.astype(np.int64), exact - cells


def _value_of_all(values: FloatArray, cells: int, parts: FloatArray) -> float:
    """Expected g of everyone on the lattice: the split volumes make the last cells a distribution."""
    chances = np.ones(1)
    for part in parts[parts > 0]:
        chances = np.convolve(chances, [1.0 - part, part])
    places = np.minimum(cells + np.arange(chances.size), values.size - 1)
    return math.fsum(chances * values[places])
