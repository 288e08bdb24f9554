"""Two or three bills side by side: current, proposal, amendment; volume effect and redistribution effect apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import InputError
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.redistribution import Redistribution, redistribution
from ggu_costs.fund.terms import check_known
from ggu_costs.money import euros
from ggu_costs.words import numbers
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "compare"]

_LETTERS = "abc"


@dataclass(frozen=True, kw_only=True)
class Comparison(Result):
    """Bills side by side, each against the first.

    Attributes
    ----------
    bills
        The bills compared; columns ``a``, ``b``, ``c`` in this order.
    effects
        Of each bill after the first, against the first.
    """

    bills: tuple[Bill, ...]
    effects: tuple[Redistribution, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name, inhabitants``, the amounts ``a, b, c`` and for b and c ``volume_effect_x, effect_x,
        effect_per_inhabitant_x``, on the latest municipal map, in euro.

        The volume effect is what changes because the total does; the effect is what the key and the figures do: a +
        volume_effect_b + effect_b = b. Inhabitants are those of the latest count.
        """
        import pandas as pd

        first = self.effects[0]
        codes = list(first.after)
        frame = pd.DataFrame({"name": [first.names[code] for code in codes]}, index=pd.Index(codes, name="code"))
        frame["inhabitants"] = _latest(self.bills).to_frame()["inhabitants"]
        frame["a"] = euros([first.before[code] for code in codes])
        for letter, effect in zip(_LETTERS[1:], self.effects, strict=False):
            frame[letter] = euros([effect.after[code] for code in codes])
        units = dict.fromkeys(_LETTERS[: len(self.bills)], "EUR")
        for letter, effect in zip(_LETTERS[1:], self.effects, strict=False):
            table = effect.to_frame()
            for name in ("volume_effect", "effect", "effect_per_inhabitant"):
                if name in table:
                    frame[f"{name}_{letter}"] = table[name]
                    units[f"{name}_{letter}"] = table.attrs["units"][name]
        total = ["inhabitants", *(name for name, unit in units.items() if unit == "EUR")]
        return self._framed(frame, units, total=total)

    def explain(self, code: str) -> Explanation:
        """Return the amounts and effects of one municipality."""
        check_known(code, self.effects[0].after, "municipality in this comparison", self.effects[0].map_date)
        frame = self.to_frame()
        titles = {letter: bill.title for letter, bill in zip(_LETTERS, self.bills, strict=False)}
        steps = []
        for name in frame.attrs["units"]:
            amount = numbers.euro(frame.at[code, name], plus="effect" in name)
            steps.append(Step(label(name), amount, titles.get(name, "")))
        return Explanation(f"{self.effects[0].names[code]} ({code}): {self.title}", tuple(steps), self.notes)

    def summary(self) -> tuple[tuple[str, object, str], ...]:
        """Total of each bill, for the head of a report."""
        pairs = zip(_LETTERS, self.bills, strict=False)
        return tuple((f"{label('total')} {letter}: {bill.title}", bill.total, "EUR") for letter, bill in pairs)


def _latest(bills: Sequence[Bill]) -> Bill:
    """The bill on the latest map, and of those with the latest count."""
    return max(bills, key=lambda bill: (bill.terms.map_date, bill.terms.counting_date))


def compare(*bills: Bill) -> Comparison:
    """Put two or three bills of one kind side by side.

    Parameters
    ----------
    bills
        Two or three bills, all contributions or all fees. Where maps differ, amounts are carried to the latest map.

    Raises
    ------
    InputError
        Another number of bills, something else than bills, fund and fee mixed, or different VAT states.
    """
    import pandas as pd

    for bill in bills:
        if not isinstance(bill, Bill):
            raise InputError(
                f"a {type(bill).__name__} to compare", remedy="Give bills: fund.contributions(), fee.fees()."
            )
    if not 2 <= len(bills) <= 3:
        raise InputError(f"{len(bills)} bills to compare", remedy="Give two or three.")
    if len({bill.terms.kind for bill in bills}) > 1:
        raise InputError("a fund and a fee are not compared with one another", remedy="Show both side by side instead.")
    terms = _latest(bills).terms
    people = pd.Series(dict(terms.figures["inhabitants"]), dtype=object)
    effects = tuple(
        redistribution(bills[0], bill, total="scale", inhabitants=people, map_date=terms.map_date) for bill in bills[1:]
    )
    listed = [f"{letter}: {bill.title}" for letter, bill in zip(_LETTERS, bills, strict=False)]
    notes = [*listed, *(note for bill in bills for note in bill.notes), *(note for e in effects for note in e.notes)]
    return Comparison(
        title="Vergelijking: " + "; ".join(bill.title for bill in bills),
        notes=tuple(dict.fromkeys(notes)),
        provenance={letter: dict(bill.provenance) for letter, bill in zip(_LETTERS, bills, strict=False)},
        illustrative=any(bill.illustrative for bill in bills),
        bills=bills,
        effects=effects,
    )
