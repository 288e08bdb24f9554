"""Underspend (onderbesteding): what was paid and not spent, and where it goes, by a named policy.

==================  ====================================================================================================
carry_forward       stays in the fund for next year's activities (doorschuiven)
refund              goes back pro rata to what each municipality paid that year: a credit including VAT (teruggave)
earmark             goes to named purposes, such as innovation (bestemmen)
reserve             is added to the reserve of the fund (reserveren)
==================  ====================================================================================================

Under every policy the table shows which part of the underspend each municipality paid for, so that the alternatives can
be compared; only a refund comes back as money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund.terms import Terms, check_known, freeze, spread_cents, whole_cents, written
from ggu_costs.modelfile.vat import euro_column
from ggu_costs.money import euros
from ggu_costs.reference import names_of
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.fund.model import Fund

__all__ = ["POLICIES", "Underspend", "decide_underspend"]

POLICIES = ("carry_forward", "refund", "earmark", "reserve")


@dataclass(frozen=True, kw_only=True)
class Underspend(Result):
    """An underspend with its destination.

    Attributes
    ----------
    policy
        One of ``carry_forward, refund, earmark, reserve``.
    amount
        Cents not spent.
    paid
        Cents each municipality paid that year.
    attributed
        Cents of the underspend that each paid for, pro rata; adds up to `amount`.
    purposes
        Cents by purpose: where the money goes.
    """

    policy: str
    amount: int
    paid: Mapping[str, int]
    attributed: Mapping[str, int]
    purposes: Mapping[str, int]
    terms: Terms

    def __post_init__(self) -> None:
        """Keep the amounts as they are."""
        freeze(self, "paid", "attributed", "purposes")

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, paid, attributed, refund`` by code, in euro, and ``vat`` in the refund (NaN: PM)."""
        import pandas as pd

        codes = list(self.paid)
        names = names_of(self.terms.map_date)
        back = self.attributed if self.policy == "refund" else dict.fromkeys(codes, 0)
        frame = pd.DataFrame({"name": [names[code] for code in codes]}, index=pd.Index(codes, name="code"))
        frame["paid"] = euros([self.paid[code] for code in codes])
        frame["attributed"] = euros([self.attributed[code] for code in codes])
        frame["refund"] = euros([back[code] for code in codes])
        frame["vat"] = euro_column(self.terms.vat.split(back[code], code).vat for code in codes)
        columns = ("paid", "attributed", "refund", "vat")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), pm=("vat",), total=columns)

    def explain(self, code: str) -> Explanation:
        """Return what one municipality paid, which part of the underspend that is, and what it gets back."""
        check_known(code, self.paid, "municipality in this underspend", self.terms.map_date)
        name, part = names_of(self.terms.map_date)[code], self.attributed[code]
        back = part if self.policy == "refund" else 0
        steps = (
            Step(label("paid"), numbers.euro(Fraction(self.paid[code], 100))),
            Step(label("attributed"), numbers.euro(Fraction(part, 100)), label(self.policy, of="policy")),
            Step(label("refund"), numbers.euro(Fraction(back, 100))),
        )
        return Explanation(f"{name} ({code}): {self.title}", steps, self.notes)

    def where(self) -> pd.DataFrame:
        """Return where the underspend goes (bestemming): ``amount`` in euro by purpose, adding up to the underspend."""
        import pandas as pd

        frame = pd.DataFrame(
            {"amount": euros(list(self.purposes.values()))}, index=pd.Index(list(self.purposes), name="purpose")
        )
        return self._framed(frame, {"amount": "EUR"}, total=("amount",))


def decide_underspend(fund: Fund, amount: Decimal | float | None, policy: str | None, year: int) -> Underspend:
    """Apply a policy to an underspend; see :meth:`ggu_costs.fund.model.Fund.underspend`."""
    stated = next((item for item in fund.definition.underspend if item.year == year), None)
    if stated is None and (amount is None or policy is None):
        raise InputError(f"{fund.id} states no underspend of {year}", remedy="Give an amount in euro and a policy.")
    chosen = policy or cast("str", stated and stated.policy)
    if chosen not in POLICIES:
        raise UnknownNameError("policy for an underspend", chosen, POLICIES)
    bill = fund.contributions(year)
    if amount is None:
        assert stated is not None  # noqa: S101 (asked above)
        cents = fund.cents(stated.amount, year, f"underspend.{year}.amount")
    else:
        given = whole_cents(amount)
        if given is None:
            raise InputError(
                f"{fund.id}: the underspend is {written(amount)}", remedy="Give a finite amount in whole cents."
            )
        cents = given
    if not 0 <= cents <= bill.total_cents:
        raise InputError(
            f"an underspend of {cents / 100:.2f} euro lies outside 0 to the {bill.total_cents / 100:.2f} that was paid",
            remedy="Give the part of that year's contributions that was not spent.",
        )
    attributed = spread_cents(cents, {code: Fraction(paid) for code, paid in bill.cents.items()})
    purposes = {label(chosen, of="policy"): cents}
    if chosen == "earmark":
        if stated is None or not stated.earmarks:
            raise InputError(
                f"{fund.id} names no earmarks for {year}",
                remedy="State [[underspend.earmarks]] with purpose and share.",
            )
        shared = spread_cents(cents, {earmark.purpose: Fraction(earmark.share) for earmark in stated.earmarks})
        purposes = {earmark.purpose: shared[earmark.purpose] for earmark in stated.earmarks}
    return Underspend(
        title=f"{fund.title}: onderbesteding {year}",
        notes=bill.notes,
        provenance={**bill.provenance, "policy": chosen, "underspend_cents": cents},
        illustrative=bill.illustrative,
        policy=chosen, amount=cents, paid=bill.cents, attributed=attributed, purposes=purposes, terms=bill.terms,
    )  # fmt: skip
