"""What an assembly decides on, one stream of money at a time: the bill of this year beside that of next year.

A stream is a fund or a fee. Streams are on one municipal map, the latest of their bills; amounts on an earlier one are
carried to the legal successors, in whole cents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from ggu_costs.brief import Brief
from ggu_costs.display.explanation import Explanation
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import Change
from ggu_costs.fund.terms import carry_cents, carry_exactly
from ggu_costs.money import euros, to_cents
from ggu_costs.reference import Reference
from ggu_costs.typing import Euros


@dataclass(frozen=True)
class Stream(Brief):
    """One fund or fee: what members pay this year and next, and why that differs.

    Attributes
    ----------
    letter
        What its columns are called by: a, b, c, ...
    before, after
        The bills of this year and of next year.
    change
        The causes, on the municipal map of `after`.
    map_date, reference
        The map on which streams stand side by side.
    """

    letter: str
    before: Bill
    after: Bill
    change: Change
    map_date: date
    reference: Reference

    @property
    def years(self) -> tuple[int, int]:
        """The years of both bills."""
        return self.before.terms.year, self.after.terms.year

    @cached_property
    def cents(self) -> dict[str, dict[str, int]]:
        """Cents by code of ``before``, each cause and ``after``; the causes add up to the difference for everyone.

        What carrying a divided municipality in whole cents leaves is counted with the mergers.
        """
        day = self.after.terms.map_date
        carried = {
            name: carry_cents(cents, day, self.map_date, self.reference) for name, cents in self.change.columns.items()
        }
        for code, amount in carried["after"].items():
            explained = sum(carried[name][code] for name in ("before", *self.change.causes))
            carried["mergers"][code] += amount - explained
        return carried

    @cached_property
    def people(self) -> dict[str, dict[str, Fraction]]:
        """Inhabitants by code of each bill, of its own count."""
        return {
            side: carry_exactly(bill.terms.figures["inhabitants"], bill.terms.map_date, self.map_date, self.reference)
            for side, bill in (("before", self.before), ("after", self.after))
        }

    def difference(self, code: str) -> int:
        """Cents that a municipality pays more (+) or less (-) next year."""
        return self.cents["after"][code] - self.cents["before"][code]

    def causes(self, codes: Sequence[str]) -> dict[str, int]:
        """Cents by cause of these municipalities together; of several, own and national growth are one."""
        sums = {name: sum(self.cents[name][code] for code in codes) for name in self.change.causes}
        if len(codes) == 1:
            return sums
        growth = [sums.pop(name) for name in ("own_growth", "national_growth") if name in sums]
        return {**sums, "growth": sum(growth)}

    @cached_property
    def vat(self) -> dict[str, Euros]:
        """What VAT does to the amounts of next year, in euro by column and code; NaN is a memorandum item (PM)."""
        frame, day = self.after.to_frame(), self.after.terms.map_date
        found: dict[str, Euros] = {}
        for name in ("excluding_vat", "including_vat", "vat", "recoverable_vat", "net"):
            if name not in frame:
                continue
            known = frame[name].notna().all()
            cents = {str(code): to_cents(amount) if known else 0 for code, amount in frame[name].items()}
            carried = euros(list(carry_cents(cents, day, self.map_date, self.reference).values()))
            found[name] = carried if known else carried * float("nan")
        return found

    def steps(self, code: str) -> Iterator[Explanation]:
        """How the amount of next year came about; of predecessors each, where the municipality was not there yet."""
        moved = self.reference.transfer(self.after.terms.map_date, self.map_date)
        for old, parts in moved.items():
            if any(new == code for new, _ in parts):
                yield self.after.explain(old)
