"""Rules that share an amount among claims which it does not cover, or covers just."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ggu_costs.allocation.bounds import cent_claims
from ggu_costs.allocation.exact import round_shares
from ggu_costs.allocation.sharing import Problem, Rule, fault_place
from ggu_costs.errors import Faults, InputError
from ggu_costs.money import euros
from ggu_costs.typing import BoolArray, Euros, FloatArray

if TYPE_CHECKING:
    Awards: TypeAlias = Callable[[Fraction, Sequence[Fraction]], list[Fraction]]
    """An amount and claims, in one unit, to awards that add up to the amount."""
    AwardRows: TypeAlias = Callable[[FloatArray, FloatArray, Euros, BoolArray, Problem], float | None]
    """As :meth:`ggu_costs.allocation.sharing.Rule.share_rows`; the claims are in euro."""


_SUM_NOISE = 2.0**-44  # relative: how far an amount may pass the sum of claims that were stored as floats


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
        claims, cents = problem.participants.figures[problem.participants.order], problem.cents
        if not cents:
            return self.share_among(amount, claims, cents=False)
        return self.share_among(Fraction(round(amount * 100)), cent_claims(claims), cents=True)

    def share_among(self, amount: Fraction, claims: FloatArray, *, cents: bool) -> tuple[Euros, float | None]:
        """Share one amount among claims, both in cents or in euro, in the order in which ties are served; in euro."""
        exact = [Fraction(claim) for claim in claims.tolist()]
        whole = sum(exact, Fraction(0))
        if cents and amount - whole >= 1:
            raise InputError(
                f"{float(amount / 100):,.2f} euro is {float(amount - whole) / 100:,.2f} above the sum of the claims",
                remedy="Share at most the sum of the claims; sums of large floats lose cents, math.fsum keeps them.",
            )
        shares = self.awards(min(amount, whole), exact)
        return (euros(round_shares(int(amount), shares)) if cents else np.array([float(one) for one in shares])), None

    def share_rows(
        self, table: FloatArray, weights: FloatArray, rows: Euros, failed: BoolArray, problem: Problem
    ) -> float | None:
        """Share every scenario by the kernel, or leave all to be shared one by one where there is none."""
        if self.rows is None:
            failed[:] = True
            return None
        skipped = failed.copy()
        error = self.rows(table, weights, rows, failed, problem)
        failed |= skipped
        return error


def by_level(which: int) -> AwardRows:
    """Return what shares scenarios by equal awards (0), equal losses (1) or the Talmud (2), by one kernel."""

    def rows_by_level(table: FloatArray, claims: FloatArray, rows: Euros, failed: BoolArray, problem: Problem) -> None:
        from ggu_costs.allocation import _kernels
        from ggu_costs.allocation.scenarios import over_draws

        order = problem.participants.order
        over_draws(rows, _kernels.claims_rows, table, claims, which, problem.cents, order, rows, failed)

    return rows_by_level
