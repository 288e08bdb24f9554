"""Rules that share an amount among claims which it does not cover, or covers just."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.allocation.bounds import snap_cents
from ggu_costs.allocation.exact import round_shares
from ggu_costs.allocation.sharing import Rule, fault_place
from ggu_costs.money import euros

if TYPE_CHECKING:
    from ggu_costs.allocation.sharing import Problem
    from ggu_costs.errors import Faults
    from ggu_costs.typing import Euros, FloatArray

    Awards: TypeAlias = Callable[[Fraction, Sequence[Fraction]], list[Fraction]]
    """An amount and claims, in one unit, to awards that add up to the amount."""
    AwardRows: TypeAlias = Callable[[FloatArray, FloatArray, Euros, Problem], float | None]
    """As :meth:`ggu_costs.allocation.sharing.Rule.share_rows`."""

__all__ = ["OnClaims", "by_level"]

_SUM_NOISE = 2.0**-40  # relative: how far an amount may pass the sum of claims that were stored as floats


@dataclass(frozen=True)
class OnClaims(Rule):
    """A rule on claims.

    Attributes
    ----------
    awards
        The rule for one amount, exactly.
    rows
        The rule for every scenario, by a kernel; None: one by one, exactly.
    """

    name: str
    awards: Awards
    rows: AwardRows | None = None

    takes_bounds = False
    most_cents = 2.0**42  # cents times 2**20 steps of the grid stay within int64

    def check(self, amounts: FloatArray, sums: FloatArray, faults: Faults) -> None:
        """Note each amount below 0 or above the sum of the claims."""
        values, wholes = np.broadcast_arrays(amounts, sums)
        for place in np.argwhere(values < 0):
            found = f"a negative amount with rule {self.name!r}"
            faults.add(fault_place("amount", place), found, "0 up to the sum of the claims")
        for place in np.argwhere(values > wholes * (1 + _SUM_NOISE)):
            amount, whole = values[tuple(place)], wholes[tuple(place)]
            allowed = f"0 up to the sum of the claims, {whole:,.2f}"
            faults.add(fault_place("amount", place), f"{amount:,.2f} euro", allowed)

    def share(self, amount: Fraction, problem: Problem) -> tuple[Euros, float | None]:
        """Share one amount in exact fractions, rounded once."""
        return self.share_among(amount, problem.participants.figures[problem.participants.order], cents=problem.cents)

    def share_among(self, amount: Fraction, claims: FloatArray, *, cents: bool) -> tuple[Euros, float | None]:
        """Share one amount among claims in the order in which ties are served; all in euro."""
        exact = [Fraction(claim) for claim in (snap_cents(claims) if cents else claims).tolist()]
        whole = Fraction(round(amount * 100)) if cents else amount
        shares = self.awards(min(whole, sum(exact, Fraction(0))), exact)
        return (euros(round_shares(int(whole), shares)) if cents else np.array([float(one) for one in shares])), None

    def share_rows(self, table: FloatArray, weights: FloatArray, rows: Euros, problem: Problem) -> float | None:
        """Share every scenario by the kernel, or one by one where there is none."""
        if self.rows is not None:
            return self.rows(table, weights, rows, problem)
        order, errors = problem.participants.order, [0.0]
        for draw, pool in np.ndindex(*table.shape):
            claims = weights[draw % weights.shape[0], pool % weights.shape[1]][order]
            amount = Fraction(float(table[draw, pool])) / (100 if problem.cents else 1)
            rows[draw, pool, order], error = self.share_among(amount, claims, cents=problem.cents)
            errors += [] if error is None else [error]
        return max(errors) if len(errors) > 1 else None


def by_level(which: int) -> AwardRows:
    """Return what shares scenarios by equal awards (0), equal losses (1) or the Talmud (2), by one kernel."""

    def rows_by_level(table: FloatArray, claims: FloatArray, rows: Euros, problem: Problem) -> None:
        from ggu_costs.allocation import _kernels
        from ggu_costs.allocation.scenarios import over_draws

        cents, order = problem.cents, problem.participants.order
        over_draws(
            rows, lambda start, stop: _kernels.claims_rows(table, claims, which, cents, order, rows, start, stop)
        )

    return rows_by_level
