r"""Rules for sharing a shortfall, refund or cut among claims, and for sharing cost by demand.

Claims problems: an amount :math:`E` and claims :math:`c_i \ge 0` with :math:`0 \le E \le C = \sum_i c_i`.

* constrained equal awards (`cea`): :math:`x_i = \min(c_i, \lambda)`. Small claims are met in full first.
* constrained equal losses (`cel`): :math:`x_i = \max(0, c_i - \mu)`. Everyone gives up the same, nobody below 0.
* `talmud`: with half the claims as caps, awards are equal while :math:`E \le C/2` and losses are equal beyond. It is
  the nucleolus of the bankruptcy game.
* `random_arrival`: claimants come in random order and each takes what is left of the amount, up to the claim; the
  average over all orders. It is the Shapley value of the bankruptcy game.

The functions here are exact and take clean values; :func:`ggu_costs.allocation.allocate` is the checked door to them.

References
----------
Aumann, R. and Maschler, M. (1985). Game theoretic analysis of a bankruptcy problem from the Talmud. Journal of Economic
Theory 36, 195-213.
O'Neill, B. (1982). A problem of rights arbitration from the Talmud. Mathematical Social Sciences 2, 345-371.
Moulin, H. and Shenker, S. (1992). Serial cost sharing. Econometrica 60, 1009-1037.
de Frutos, M. A. (1998). Decreasing serial cost sharing under economies of scale. Journal of Economic Theory 79,
245-275.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.bounds import snap_cents
from ggu_costs.allocation.exact import round_shares, to_integers
from ggu_costs.allocation.inputs import read_floats
from ggu_costs.errors import Faults, InputError
from ggu_costs.money import euros

if TYPE_CHECKING:
    from ggu_costs.typing import ByCode, Euros, FloatArray

__all__ = ["ENUMERATED", "average_cost", "cea", "cel", "random_arrival", "random_arrival_swept", "serial", "talmud"]

ENUMERATED = 12
"""Most claimants for which `random_arrival` is enumerated exactly."""


def cea(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal awards, exactly.

    Examples
    --------
    >>> [str(award) for award in cea(Fraction(10), [Fraction(c) for c in (2, 4, 7, 8)])]
    ['2', '8/3', '8/3', '8/3']
    """
    awards = list(claims)
    left = amount
    smallest_first = sorted(range(len(claims)), key=claims.__getitem__)
    for rank, claimant in enumerate(smallest_first):
        level = left / (len(claims) - rank)
        if claims[claimant] > level:  # so are all that follow
            for other in smallest_first[rank:]:
                awards[other] = level
            break
        left -= claims[claimant]
    return awards


def cel(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """Constrained equal losses, exactly: each claim less an equal award of the loss.

    Examples
    --------
    >>> [str(award) for award in cel(Fraction(10), [Fraction(c) for c in (2, 4, 7, 8)])]
    ['0', '1', '4', '5']
    """
    losses = cea(sum(claims, Fraction(0)) - amount, claims)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def talmud(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    """The rule of the Talmud, exactly: half the claims cap the awards, then the losses.

    Examples
    --------
    >>> [str(award) for award in talmud(Fraction(200), [Fraction(c) for c in (100, 200, 300)])]
    ['50', '75', '75']
    """
    half = [claim / 2 for claim in claims]
    if amount <= sum(half):
        return cea(amount, half)
    losses = cea(sum(claims, Fraction(0)) - amount, half)
    return [claim - loss for claim, loss in zip(claims, losses, strict=True)]


def random_arrival(amount: Fraction, claims: Sequence[Fraction]) -> list[Fraction]:
    r"""Random arrival by enumeration of the coalitions S that may have come before, exactly.

    :math:`x_i = \sum_{S \not\ni i} \frac{|S|! (n-|S|-1)!}{n!} \min(c_i, \max(0, E - c(S)))`

    Examples
    --------
    >>> [str(award) for award in random_arrival(Fraction(200), [Fraction(c) for c in (100, 200, 300)])]
    ['100/3', '250/3', '250/3']
    """
    (estate, *units), scale = to_integers([amount, *claims])
    count = len(units)
    ways = [factorial(size) * factorial(count - size - 1) for size in range(count)]
    taken = [0]  # what the members of each coalition claim together, by bit mask
    for claim in units:
        taken += [before + claim for before in taken]
    awards = [0] * count
    for mask, before in enumerate(taken):
        left = estate - before
        if left <= 0:
            continue
        weight = ways[mask.bit_count()] if mask.bit_count() < count else 0
        for claimant in range(count):
            if not mask >> claimant & 1:
                awards[claimant] += weight * min(units[claimant], left)
    return [Fraction(award, factorial(count) * scale) for award in awards]


def random_arrival_swept(amount: float, claims: FloatArray, cents: bool) -> tuple[Euros, float]:
    """Random arrival beyond enumeration, in euro, and its estimated error; see :mod:`ggu_costs.allocation.sweep`."""
    from ggu_costs.allocation.sweep import arrival_by_sweep

    if not cents:
        return arrival_by_sweep(amount, claims)
    total = round(amount * 100)
    shares, error = arrival_by_sweep(float(total), snap_cents(claims))
    return euros(round_shares(total, [Fraction(share) for share in shares.tolist()])), error / 100


def serial(
    demands: Sequence[float] | FloatArray | ByCode,
    cost: Callable[[FloatArray], FloatArray],
    *,
    decreasing: bool = False,
) -> Euros:
    r"""Serial cost sharing: nobody pays for units that only others ask for.

    With demands sorted upwards, :math:`q_1 \le \dots \le q_n`, and :math:`Q^k = q_1 + \dots + q_{k-1} + (n-k+1) q_k`,

    .. math:: x_k = \sum_{m=1}^{k} \frac{C(Q^m) - C(Q^{m-1})}{n - m + 1}, \qquad Q^0 = 0.

    Decreasing serial sharing is the same formula with demands sorted downwards; it suits economies of scale.

    Parameters
    ----------
    demands
        Quantities, shape (n,), finite and 0 or more; an array, list or Series.
    cost
        Cost function, called once with a float64 array of totals; cost(0) is 0. A fixed cost is not part of it: share
        that on its own.
    decreasing
        Sort downwards (de Frutos).

    Returns
    -------
    numpy.ndarray
        Cost shares in euro, float64, in the order of `demands`; they add up to the cost of the total demand.

    Raises
    ------
    InputError
        Lists every fault of the demands; a cost function that is not 0 at 0, or returns another shape or a value that
        is not finite.

    Notes
    -----
    Equal demands pay equal shares. Demand 0 pays 0 (under `decreasing` it may pay or receive). One participant pays the
    cost of its demand. Decreasing shares can be negative where costs are convex.

    References
    ----------
    Moulin and Shenker (1992); de Frutos (1998).

    Examples
    --------
    >>> serial([1, 2, 3], lambda q: q**2).tolist()
    [3.0, 11.0, 22.0]
    >>> serial([1, 2, 3], lambda q: q**2, decreasing=True).tolist()
    [-2.0, 11.0, 27.0]
    """
    quantities = _demands(demands, cost)
    order = np.argsort(-quantities if decreasing else quantities, kind="stable")
    ranked = quantities[order]
    sharing = np.arange(quantities.size, 0, -1)
    totals = np.cumsum(ranked) - ranked + sharing * ranked
    costs = _cost_at(cost, np.concatenate([[0.0], totals]))
    shares = np.empty(quantities.size)
    shares[order] = np.cumsum(np.diff(costs) / sharing)
    return shares


def average_cost(demands: Sequence[float] | FloatArray | ByCode, cost: Callable[[FloatArray], FloatArray]) -> Euros:
    r"""Average cost: everyone pays the same a unit, :math:`x_i = q_i \, C(Q) / Q`.

    Parameters
    ----------
    demands, cost
        As for :func:`serial`.

    Returns
    -------
    numpy.ndarray
        Cost shares in euro, float64, in the order of `demands`; all 0 where nobody asks anything.

    Raises
    ------
    InputError
        As for :func:`serial`.

    Examples
    --------
    >>> average_cost([1, 2, 3], lambda q: q**2).tolist()
    [6.0, 12.0, 18.0]
    """
    quantities = _demands(demands, cost)
    total = float(quantities.sum())
    price = _cost_at(cost, np.array([0.0, total]))[1] / total if total > 0 else 0.0
    return np.asarray(quantities * price)


def _demands(demands: Sequence[float] | FloatArray | ByCode, cost: object) -> FloatArray:
    """Read the demands, with every fault of them and of a cost function that is none."""
    faults = Faults()
    quantities = read_floats(demands, "demands", faults)
    if faults:
        quantities = np.zeros(1)  # no numbers, and nothing more to say about them
    elif quantities.ndim != 1 or quantities.size == 0:
        faults.add("demands", f"shape {quantities.shape}", "one quantity for each of one or more participants")
    else:
        labels = getattr(demands, "index", range(quantities.size))
        for place in np.flatnonzero(~np.isfinite(quantities) | (quantities < 0)):
            label = place if callable(labels) else labels[place]
            faults.add(f"demands[{label}]", str(quantities[place]), "finite, 0 or more")
    if not callable(cost):
        faults.add("cost", f"a {type(cost).__name__}", "a function of an array of totals")
    faults.check("these demands cannot share a cost", remedy="Correct what is listed.")
    return quantities


def _cost_at(cost: Callable[[FloatArray], FloatArray], totals: FloatArray) -> FloatArray:
    """Costs at `totals`, of which the first is 0."""
    costs = np.asarray(cost(totals), dtype=np.float64)
    if costs.shape != totals.shape or not np.isfinite(costs).all():
        raise InputError(
            f"the cost function gave shape {costs.shape} for totals of shape {totals.shape}, or values not finite",
            remedy="Let it return one finite cost for each total of the float64 array it is called with.",
        )
    if costs[0] != 0:
        raise InputError(
            f"the cost function is {costs[0]:,.2f} at 0", remedy="Let cost(0) be 0; share a fixed cost on its own."
        )
    return costs
