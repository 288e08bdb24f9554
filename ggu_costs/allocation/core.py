"""`allocate`: an amount and a key become shares that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.allocation.inputs import Participants, read_amount, read_bound, read_key
from ggu_costs.allocation.result import Allocation
from ggu_costs.allocation.rounding import check_rounding, check_whole, gap_of
from ggu_costs.allocation.rules import RuleName, rule_named
from ggu_costs.allocation.sharing import Problem, Rounding, Rule, fault_place
from ggu_costs.errors import Faults
from ggu_costs.figures import read_flags
from ggu_costs.money import CENT_TOLERANCE, nearest_cents

if TYPE_CHECKING:
    from ggu_costs.typing import BoolArray, ByCode, Euros, FloatArray, Key


def allocate(
    amount: float | Decimal | Fraction | Euros | Sequence[float],
    key: Key,
    *,
    rule: RuleName = "proportional",
    minimum: float | FloatArray | ByCode | None = None,
    maximum: float | FloatArray | ByCode | None = None,
    cents: bool = True,
    rounding: Rounding = "largest_remainder",
    unit: float | Decimal = 0.01,
    must_add_up: bool = False,
    out: Euros | None = None,
) -> Allocation:
    r"""Share an amount, or every scenario of it, by a key (verdeelsleutel).

    Parameters
    ----------
    amount
        Euro: a number, or an array of shape (draws,) or (draws, pools). Costs positive; negative amounts are credits
        and mirror the positive case (`proportional` and `equal`).
    key
        Figures, finite and 0 or more: an array or list (n,), or a Series by code. For arrays of amounts also one key a
        draw, (draws, n), or a pool, (pools, n), or both, (draws, pools, n); as a DataFrame: index the codes, one column
        a draw or pool. For the rules on claims the key holds the claims in euro.
    rule
        `proportional`: :math:`x_i = A w_i / \sum_j w_j`. `equal`: everyone in the key pays the same, whatever its
        figure. The rules on claims (`cea` and others): see :mod:`ggu_costs.allocation.rules`; they need
        :math:`0 \le A \le \sum_i c_i`.
    minimum, maximum
        Euro; a number, an array (n,) or a Series by code, for `proportional` and `equal`. Met exactly by water-filling:
        :math:`x_i = \min(\max(\lambda w_i, a_i), b_i)` with the one :math:`\lambda` for which the shares add up. With
        cents they are first tightened to whole cents. Infinite on its own side is no bound; without a bound no share of
        a cost is negative, and none of a credit positive.
    cents
        Shares in whole cents whose sum is exactly the amount, by largest remainder, ties by code (by position where
        there are no codes). False: not rounded.
    rounding
        With cents. `each`: every share is rounded by itself, halves away from 0, as the State rounds the lines of a
        specific grant; what the lines then miss of the amount is `.gap`, and handed to no one.
    unit
        Euro in which shares are whole: 0.01 or 1. By largest remainder the amount has to be whole in it too.
    must_add_up
        The shares have to add up to the amount: `each`, which does not promise that, is refused.
    out
        A float64 array made beforehand to hold the shares of an array of amounts.

    Returns
    -------
    Allocation
        `.values` in the order of the key, float64 euro, shape (n,), (draws, n) or (draws, pools, n).

    Raises
    ------
    InputError
        Lists every fault, by code where there are codes: unknown, missing and duplicate codes, names instead of codes,
        a key that by its name is no total (a rate, class or label), figures that are missing, negative or infinite, a
        key that is 0 for everyone, an amount further than 1e-6 euro from a whole cent, claims that do not cover the
        amount.
    InfeasibleError
        Bounds that cannot be met: who, and by how much.
    UnknownNameError
        Another rule.

    Notes
    -----
    One amount is shared in exact integer arithmetic. Arrays of amounts go through compiled kernels on all cores, the
    same bits for any number of threads: without cents to a few units in the last place, with cents exactly as each
    amount alone. Remainders of a cent are compared exactly where the key is in whole numbers, else on a grid of
    :math:`2^{-20}` cent, so that remainders which are equal but for the noise of floats are ties. `random_arrival` is
    exact to 12 claimants; beyond, `.provenance["error"]` states the estimated error in euro.

    One participant gets everything. A figure of 0 gets 0 (or its bound nearest to 0).

    Examples
    --------
    >>> allocate(100.00, [1, 1, 1]).values.tolist()
    [33.34, 33.33, 33.33]
    >>> allocate(90.00, [1, 2, 6], minimum=15).values.tolist()
    [15.0, 18.75, 56.25]
    >>> allocate(200, [100, 200, 300], rule="talmud").values.tolist()
    [50.0, 75.0, 75.0]
    >>> shared = allocate(100, [1, 1, 1], rounding="each", unit=1)
    >>> shared.values.tolist(), shared.gap
    ([33.0, 33.0, 33.0], 1.0)
    """
    chosen = rule_named(rule)
    faults = Faults()
    amounts = read_amount(amount, faults, cents=cents is not False)
    lead = amounts.shape if isinstance(amounts, np.ndarray) else ()
    participants = read_key(key, lead, faults)
    read_flags(faults, cents=cents, must_add_up=must_add_up)
    step = check_rounding(chosen, rounding, unit, cents=cents, must_add_up=must_add_up, faults=faults)
    lows = highs = None
    if not chosen.takes_bounds and (minimum is not None or maximum is not None):
        faults.add("minimum, maximum", f"bounds with rule {rule!r}", "bounds with proportional or equal only")
    elif participants is not None:
        lows = read_bound(minimum, "minimum", participants, faults)
        highs = read_bound(maximum, "maximum", participants, faults)
    if participants is not None:
        if not faults:  # sums of faulty figures say nothing
            _check_amounts(amounts, participants, chosen, cents, faults)
        if not faults and cents and rounding == "largest_remainder":
            check_whole(np.asarray(amounts, dtype=np.float64), step, faults)
        if out is not None:
            _check_out(out, (*lead, participants.count), faults)
    faults.check("allocate cannot share this amount", remedy="Correct what is listed; nothing was shared.")
    assert participants is not None  # noqa: S101 (read_key left a fault otherwise)
    problem = Problem(participants, lows, highs, cents, rounding, step)
    total: float | Euros
    if isinstance(amounts, Fraction):
        shares, error = chosen.share(amounts, problem)
        values = np.empty(participants.count)
        values[participants.order] = shares
        total = round(amounts * 100) / 100 if cents else float(amounts)
    else:
        from ggu_costs.allocation.scenarios import share_scenarios

        values, error = share_scenarios(amounts, chosen, problem, out)
        total = amounts
    values.flags.writeable = False
    unrounded = None
    if rounding == "each" and isinstance(amounts, Fraction):
        unrounded = np.empty(participants.count)
        unrounded[participants.order], _ = chosen.share(amounts, replace(problem, cents=False))
    stated = {} if error is None else {"error": error}
    plain = (rounding, step) == ("largest_remainder", 1)
    told = {} if plain else {"rounding": rounding, "unit": step / 100}
    return Allocation(
        values=values,
        key=participants.figures,
        total=total,
        rule=rule,
        codes=participants.codes,
        metric=participants.metric,
        minimum=lows,
        maximum=highs,
        provenance={"rule": rule, "metric": participants.metric, "cents": cents, **told, **stated},
        cents=cents,
        rounding=rounding,
        unit=step / 100,
        gap=gap_of(total, values) if rounding == "each" else 0.0 if isinstance(amounts, Fraction) else np.zeros(lead),
        unrounded=unrounded,
    )


def _check_amounts(
    amounts: Fraction | Euros, participants: Participants, rule: Rule, cents: bool, faults: Faults
) -> None:
    """Amounts against whole cents and against the rule."""
    values = np.asarray(amounts, dtype=np.float64)
    if cents:
        for place in np.argwhere(~np.asarray(_in_cents(amounts))):
            faults.add(
                fault_place("amount", place),
                f"{float(values[tuple(place)])!r} euro is not a whole number of cents",
                remedy="Round it first, or ask for unrounded shares with cents=False.",
            )
    rule.check(values, participants.figures.sum(axis=-1), faults)


def _in_cents(amounts: Fraction | Euros) -> bool | BoolArray:
    """Whether amounts lie within 1e-6 euro of a whole cent; a float does as soon as it is the nearest to that cent."""
    if isinstance(amounts, Fraction):
        return nearest_cents(amounts) is not None
    near = np.rint(amounts * 100)
    whole: BoolArray = (abs(amounts * 100 - near) <= 100 * CENT_TOLERANCE) | (near / 100 == amounts)
    for place in np.argwhere(~whole):  # a product of large floats may lie beside the cent
        whole[tuple(place)] = nearest_cents(float(amounts[tuple(place)])) is not None
    return whole


def _check_out(out: Euros, shape: tuple[int, ...], faults: Faults) -> None:
    fits = isinstance(out, np.ndarray) and out.shape == shape and out.dtype == np.float64
    if len(shape) == 1 or not (fits and out.flags.c_contiguous and out.flags.writeable):
        found = f"{type(out).__name__} of shape {np.shape(out)}"
        faults.add("out", found, f"a writeable contiguous float64 array of shape {shape}, for an array of amounts")
