"""Rules that share in proportion to weights, within bounds: proportional and equal are of this form."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ggu_costs.allocation.bounds import ROOM_NOISE, Limits
from ggu_costs.allocation.exact import bounded_cents, bounded_quotas, bounded_shares
from ggu_costs.allocation.inputs import Participants
from ggu_costs.allocation.sharing import Problem, Rule, fault_place
from ggu_costs.errors import Faults
from ggu_costs.money import euros, round_half_up
from ggu_costs.typing import BoolArray, Euros, FloatArray

_LEAST_SUM = 1e-200  # of a key that the kernels take: with less, amount / sum may pass the largest float
_MOST_PRODUCT = 2.0**62  # total times figure stays within int64
_MOST_WHOLE = 2.0**53
_MOST_HELD = 2.0**52  # cents that minima may add up to in a kernel


@dataclass(frozen=True)
class ByWeight(Rule):
    """Shares in proportion to weights, within bounds; a credit is shared as its mirror image.

    Attributes
    ----------
    weigh
        Weights of participants, in the place of their figures; None for the figures themselves.
    """

    name: str
    weigh: Callable[[Participants], FloatArray] | None = None

    takes_bounds = True
    most_cents = 2.0**50  # with room to spare in float64

    def weights(self, participants: Participants) -> FloatArray:
        """Return the figures of the key, or the weights in their place."""
        return participants.figures if self.weigh is None else self.weigh(participants)

    def check(self, amounts: FloatArray, sums: FloatArray, faults: Faults) -> None:
        """Note each key that is 0 for everyone, where the key matters."""
        if self.weigh is None:
            for place in np.argwhere(sums <= 0.0):
                faults.add(fault_place("key", place), "0 for everyone", "at least one figure above 0")

    def share(self, amount: Fraction, problem: Problem) -> tuple[Euros, None]:
        """Share one amount in exact integer arithmetic."""
        participants, weights, credit = problem.participants, self.weights(problem.participants), amount < 0
        limits = Limits.of(problem)
        size = abs(amount) * problem.units_per_euro
        if problem.cents and problem.rounding == "largest_remainder":
            size = Fraction(round(size))
        limits.check_room(size, weights, credit=credit)
        order, side, sign = participants.order, int(credit), -1 if credit else 1
        figures, lows, highs = (array[order].tolist() for array in (weights, limits.low[side], limits.high[side]))
        if not problem.cents:
            return sign * np.array(bounded_shares(abs(amount), figures, lows, highs)), None
        if problem.rounding == "each":
            lines = [round_half_up(quota) for quota in bounded_quotas(size, figures, lows, highs)]
            return euros([sign * problem.unit * line for line in lines]), None
        whole_lows, whole_highs = ([None if np.isinf(one) else int(one) for one in side] for side in (lows, highs))
        whole = bool(_in_whole_numbers(weights[np.newaxis]).all())
        units = bounded_cents(int(size), figures, whole_lows, whole_highs, whole=whole)
        return euros([sign * problem.unit * unit for unit in units]), None

    def share_rows(
        self, table: FloatArray, weights: FloatArray, rows: Euros, failed: BoolArray, problem: Problem
    ) -> None:
        """Share every scenario by the kernels."""
        from ggu_costs.allocation import _kernels
        from ggu_costs.allocation.scenarios import over_draws

        bounded, skipped = problem.minimum is not None or problem.maximum is not None, failed.copy()
        small = weights.sum(axis=-1) < _LEAST_SUM
        if small.any():
            skipped |= small
            weights = np.where(small[..., np.newaxis], 1.0, weights)
        if not bounded and not problem.cents:
            over_draws(rows, _kernels.proportional_rows, table, weights, rows, failed)
            failed |= skipped
            return
        limits = Limits.of(problem)
        low, order, gaps = limits.low, problem.participants.order, np.zeros(table.shape)
        reach = np.abs(table).max(initial=0.0) + np.abs(low).sum()
        high = np.where(limits.high > reach, np.inf, limits.high)  # as good as none
        if not problem.cents:
            over_draws(rows, _kernels.bounded_rows, table, weights, low, high, ROOM_NOISE, rows, gaps, failed)
        elif reach < _MOST_HELD:
            in_whole, most = _in_whole_numbers(weights), float(weights.max())
            whole = bool(in_whole.all())
            if whole:  # what would pass int64 is shared one by one
                skipped |= np.maximum(np.abs(table) + np.abs(low).sum(), rows.shape[2]) * most >= _MOST_PRODUCT
            else:  # and so are the keys in whole numbers among others
                skipped |= in_whole
            table = np.where(skipped, 0.0, table)
            over_draws(rows, _kernels.cents_rows, table, weights, low, high, bounded, whole, order, rows, gaps, failed)
        else:
            failed[:] = True
        failed |= skipped
        limits.check_gaps(gaps, table, weights, failed)


def _in_whole_numbers(weights: FloatArray) -> BoolArray:
    """Whether the weights of each draw and pool are whole numbers; draw by draw, so that no large copy is made.

    Figures from 2**53 on are whole because floats have no more digits, which says nothing.
    """
    return np.array([((key == np.rint(key)) & (key < _MOST_WHOLE)).all(axis=-1) for key in weights])
