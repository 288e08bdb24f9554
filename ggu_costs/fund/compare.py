"""Two or three bills side by side: current, proposal, amendment; volume effect and redistribution effect apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import carry_cents
from ggu_costs.fund.redistribution import Redistribution, redistribution
from ggu_costs.money import euros

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

        The volume effect is what changes because the total does; the effect is what the key and the figures do.
        """
        import pandas as pd

        last = max(self.bills, key=lambda bill: bill.terms.map_date)
        own = last.to_frame()
        frame = pd.DataFrame({"name": own["name"], "inhabitants": own["inhabitants"]})
        units: dict[str, str] = {}
        for letter, bill in zip(_LETTERS, self.bills, strict=False):
            cents = carry_cents(bill.cents, bill.terms, last.terms)
            frame[letter] = euros([cents[code] for code in frame.index])
            units[letter] = "EUR"
        for letter, effect in zip(_LETTERS[1:], self.effects, strict=False):
            table = effect.to_frame()
            if "volume_effect" in table:
                frame[f"volume_effect_{letter}"] = table["volume_effect"]
                units[f"volume_effect_{letter}"] = "EUR"
            frame[f"effect_{letter}"] = table["effect"]
            frame[f"effect_per_inhabitant_{letter}"] = table["effect_per_inhabitant"]
            units |= {f"effect_{letter}": "EUR", f"effect_per_inhabitant_{letter}": "EUR/inhabitant"}
        total = [name for name, unit in units.items() if unit == "EUR"]
        return self._framed(frame, units, total=total)

    def summary(self) -> tuple[tuple[str, object, str], ...]:
        """Total of each bill, for the head of a report."""
        pairs = zip(_LETTERS, self.bills, strict=False)
        return tuple((f"total {letter}: {bill.title}", bill.total, "EUR") for letter, bill in pairs)


def compare(*bills: Bill) -> Comparison:
    """Put two or three bills of one kind side by side.

    Parameters
    ----------
    bills
        Two or three bills, all contributions or all fees. Where maps differ, amounts are carried to the latest map; the
        first bill may not be on a later map than the others.

    Raises
    ------
    InputError
        Another number of bills, fund and fee mixed, or a first bill on a later map.
    """
    if not 2 <= len(bills) <= 3:
        raise InputError(f"{len(bills)} bills to compare", remedy="Give two or three.")
    if len({bill.terms.kind for bill in bills}) > 1:
        raise InputError("a fund and a fee are not compared with one another", remedy="Show both side by side instead.")
    effects = tuple(redistribution(bills[0], bill, total="scale") for bill in bills[1:])
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
