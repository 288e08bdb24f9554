"""Sharing cost by demand: average cost, serial and decreasing serial.

References
----------
Moulin, H. and Shenker, S. (1992). Serial cost sharing. Econometrica 60, 1009-1037.
de Frutos, M. A. (1998). Decreasing serial cost sharing under economies of scale. Journal of Economic Theory 79,
245-275.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.inputs import read_quantities
from ggu_costs.errors import Faults, InputError
from ggu_costs.figures import check_flags, read_figures

if TYPE_CHECKING:
    from ggu_costs.typing import ByCode, Euros, FloatArray


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
    check_flags(decreasing=decreasing)
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
    quantities = read_quantities(demands, "demands", "quantity", faults)
    if not callable(cost):
        faults.add("cost", f"a {type(cost).__name__}", "a function of an array of totals")
    faults.check("these demands cannot share a cost", remedy="Correct what is listed.")
    return quantities


def _cost_at(cost: Callable[[FloatArray], FloatArray], totals: FloatArray) -> FloatArray:
    """Costs at `totals`, of which the first is 0."""
    faults = Faults()
    costs = read_figures(cost(totals), "cost", faults)
    if costs is not None and costs.shape != totals.shape:
        faults.add("cost", f"shape {costs.shape}", f"shape {totals.shape}, that of the totals")
    faults.check(
        "the cost function gave what are no costs",
        remedy="Let it return one finite cost for each total of the float64 array it is called with.",
    )
    assert costs is not None  # noqa: S101 (read_figures left a fault otherwise)
    if costs[0] != 0:
        raise InputError(
            f"the cost function is {costs[0]:,.2f} at 0", remedy="Let cost(0) be 0; share a fixed cost on its own."
        )
    return costs
