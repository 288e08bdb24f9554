"""What follows when the year is over: settlement (afrekening) of what it really cost, and underspend (onderbesteding).

A settlement is what the year really cost, shared by the key, minus the advances (voorschotten). An underspend is what
was paid and not spent; where it goes is a named policy:

==================  ====================================================================================================
carry_forward       stays in the fund for next year's activities (doorschuiven)
refund              goes back pro rata to what each municipality paid that year: a credit including VAT (teruggave)
earmark             goes to named purposes, such as innovation (bestemmen)
reserve             is added to the reserve of the fund (reserveren)
==================  ====================================================================================================

Under every policy the table shows which part of the underspend each municipality paid for, so that the alternatives can
be compared; only a refund comes back as money.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.portfolio_terms import Earmark
from ggu_costs.fund.result import CentsResult, cents_step
from ggu_costs.fund.terms import carry_cents, spread_cents
from ggu_costs.modelfile.vat import Vat, euro_column
from ggu_costs.money import euros
from ggu_costs.results.base import Step
from ggu_costs.words.messages import Message, message, word


@dataclass(frozen=True, kw_only=True)
class Settlement(CentsResult):
    """Final minus advance, by municipality, in cents; plus = pay more.

    The frame has ``name, advance, final, settlement`` by code, in euro.
    """

    advance: Mapping[str, int]
    final: Mapping[str, int]

    noun: ClassVar[str] = "settlement"

    @property
    def settlement_cents(self) -> dict[str, int]:
        """Final minus advance in cents, by code."""
        return {code: self.final[code] - self.advance[code] for code in self.final}

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: advance, final and settlement."""
        return {"advance": self.advance, "final": self.final, "settlement": self.settlement_cents}

    @property
    def total(self) -> float:
        """Settlement of all municipalities together, in euro."""
        return sum(self.settlement_cents.values()) / 100

    @property
    def outcome(self) -> Message:
        """What all pay more or get back beside the advances, and how many do."""
        due = self.settlement_cents.values()
        up, down = (sum(sign * cents > 0 for cents in due) for sign in (1, -1))
        return message("settlement_of_bills", difference=Fraction(sum(due), 100), up=up, down=down)

    def _steps(self, code: str) -> Iterator[Step]:
        yield cents_step("final", self.final[code])
        yield cents_step("advance", self.advance[code])
        yield cents_step("settlement", self.settlement_cents[code], plus=True)


def settle(advance: Billed, final: Billed, *, title: str) -> Settlement:
    """Settle a year: the bill on what it really cost minus the advances, which go to the legal successors."""
    old, new = advance.terms, final.terms
    moved = old.codes != new.codes
    note = (message("advances_to_successors"),) if moved else ()
    return Settlement(
        title=title,
        notes=(*final.notes, *note),
        provenance={"advance": dict(advance.provenance), "final": dict(final.provenance)},
        illustrative=final.illustrative,
        advance=carry_cents(advance.cents, old.map_date, new.map_date, final.reference),
        final=final.cents,
        map_date=new.map_date,
        reference=final.reference,
    )


@dataclass(frozen=True, kw_only=True)
class Underspend(CentsResult):
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
    vat
        VAT terms of what was paid.
    """

    policy: str
    amount: int
    paid: Mapping[str, int]
    attributed: Mapping[str, int]
    purposes: Mapping[str, int]
    vat: Vat

    noun: ClassVar[str] = "underspend"

    @property
    def columns(self) -> dict[str, Mapping[str, int]]:
        """Cents by code: paid, attributed, and what comes back as a refund."""
        refund = self.attributed if self.policy == "refund" else dict.fromkeys(self.paid, 0)
        return {"paid": self.paid, "attributed": self.attributed, "refund": refund}

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, paid, attributed, refund`` by code, in euro, and ``vat`` in the refund (NaN: PM)."""
        frame = super().to_frame()
        frame["vat"] = euro_column(self.vat.split(cents, code).vat for code, cents in self.columns["refund"].items())
        columns = (*self.columns, "vat")
        return self._framed(frame, dict.fromkeys(columns, "EUR"), pm=("vat",), total=columns)

    def _steps(self, code: str) -> Iterator[Step]:
        for name, cents in self.columns.items():
            yield cents_step(name, cents[code], word(self.policy, of="policy") if name == "attributed" else "")

    def said(self, year: int) -> str:
        """Say how much was not spent, and where it goes."""
        parts = [message("name_and_amount", name=name, amount=Fraction(c, 100)) for name, c in self.purposes.items()]
        paid = Fraction(sum(self.paid.values()), 100)
        return message("underspend_said", year=year, amount=Fraction(self.amount, 100), paid=paid, where=parts)

    def where(self) -> pd.DataFrame:
        """Return where the underspend goes (bestemming): ``amount`` in euro by purpose, adding up to the underspend."""
        purposes = pd.Index(list(self.purposes), name="purpose", dtype=object)  # messages stay messages
        frame = pd.DataFrame({"amount": euros(list(self.purposes.values()))}, index=purposes)
        return self._framed(frame, {"amount": "EUR"}, total=("amount",))


def decide_underspend(bill: Billed, cents: int, policy: str, earmarks: Sequence[Earmark], *, title: str) -> Underspend:
    """Apply a policy to the cents that were not spent of a bill.

    Parameters
    ----------
    earmarks
        Purposes with their shares, for the policy ``earmark``.

    Raises
    ------
    InputError
        More than was paid, or earmarks that are not there.
    """
    if not 0 <= cents <= bill.total_cents:
        raise InputError(
            f"an underspend of {cents / 100:.2f} euro lies outside 0 to the {bill.total_cents / 100:.2f} that was paid",
            remedy="Give the part of that year's contributions that was not spent.",
        )
    purposes: dict[str, int] = {word(policy, of="policy"): cents}
    if policy == "earmark":
        if not earmarks:
            raise InputError(
                f"{bill.terms.model} names no earmarks for {bill.terms.year}",
                remedy="State [[underspend.earmarks]] with purpose and share.",
            )
        shared = spread_cents(cents, {earmark.purpose: Fraction(earmark.share) for earmark in earmarks})
        purposes = {earmark.purpose: shared[earmark.purpose] for earmark in earmarks}
    return Underspend(
        title=title,
        notes=bill.notes,
        provenance={**bill.provenance, "policy": policy, "underspend_cents": cents},
        illustrative=bill.illustrative,
        policy=policy,
        amount=cents,
        paid=bill.cents,
        attributed=spread_cents(cents, {code: Fraction(paid) for code, paid in bill.cents.items()}),
        purposes=purposes,
        vat=bill.terms.vat,
        map_date=bill.terms.map_date,
        reference=bill.reference,
    )
