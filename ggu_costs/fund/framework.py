r"""The framework memo (kadernota): next year's proposal beside this year's, activity by activity.

With budget :math:`b_0` of this year, :math:`b_1` of next year and index j, an activity that goes on has :math:`j b_0`
for the index, to the cent, and the rest of :math:`b_1 - b_0` as adjustment; others start or end.
What the reserve pays, and what a stated total has beside its activities, are lines of their own, so that all lines add
up to what members pay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd

from ggu_costs.errors import Faults
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.result import per_inhabitant
from ggu_costs.money import euros, round_half_up
from ggu_costs.results.base import Result
from ggu_costs.words.messages import message, word

_MOVES = ("index_step", "adjusted", "started", "stopped")
_AMOUNTS = ("before", *_MOVES, "after")


@dataclass(frozen=True, kw_only=True)
class Framework(Result):
    """Next year's proposal beside this year's, in cents.

    Attributes
    ----------
    rows
        By what a line is called: its part of the portfolio, and cents ``before, index_step, adjusted, started, stopped,
        after``; None where a budget is a memorandum item or not broken down.
    people
        Inhabitants of this year's bill and of next year's.
    """

    rows: Mapping[str, Mapping[str, Any]]
    people: tuple[Fraction, Fraction]

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each activity, for the reserve, and for what is not broken down, in euro.

        Returns
        -------
        pandas.DataFrame
            Index ``activity``; ``part, before, index_step, adjusted, started, stopped, after, per_inhabitant_before,
            per_inhabitant_after``; NaN is a memorandum item (PM). The lines add up to what members pay.
        """
        frame = pd.DataFrame(index=pd.Index(list(self.rows), name="activity", dtype=object))
        frame["part"] = pd.Series([row["part"] for row in self.rows.values()], index=frame.index, dtype=object)
        for name in _AMOUNTS:
            known = [row[name] for row in self.rows.values()]
            frame[name] = [float("nan") if cents is None else float(euros([cents])[0]) for cents in known]
        for name, people in zip(("before", "after"), self.people, strict=True):
            cents = [row[name] for row in self.rows.values()]
            each = [None if one is None else per_inhabitant(one, people) for one in cents]
            frame[f"per_inhabitant_{name}"] = [float("nan") if rate is None else rate for rate in each]
        rates = ("per_inhabitant_before", "per_inhabitant_after")
        units: dict[str, str] = {**dict.fromkeys(_AMOUNTS, "EUR"), **dict.fromkeys(rates, "EUR/inhabitant")}
        return self._framed(frame, units, pm=(*_AMOUNTS, *rates), total=(*_AMOUNTS, *rates))


def framework_of(before: Billed, after: Billed, activities: Mapping[str, tuple[str, str]], *, title: str) -> Framework:
    """Put next year's proposal beside this year's.

    Parameters
    ----------
    before, after
        The bills of this year and next.
    activities
        Name and part of each activity, by id.

    Raises
    ------
    InputError
        A year that is not earlier, fees, or two VAT states.
    """
    old, new = before.terms, after.terms
    faults = Faults()
    if "fee" in (old.kind, new.kind):
        faults.add("against", "a fee", "a fund: a fee has no activities")
    if old.year >= new.year:
        faults.add("against", f"a bill of {old.year}", f"an earlier year than {new.year}")
    if old.vat.state != new.vat.state:
        faults.add("against", f"vat {old.vat.state!r}", f"{new.vat.state!r}, as {new.year} has it")
    faults.check("these years are not put side by side", remedy="Give this year's fund of the proposal.")
    rows: dict[str, Mapping[str, Any]] = {}
    for name in dict.fromkeys((*old.activities, *new.activities)):
        called, part = activities[name]
        amounts = _moves(old.budgets.get(name), new.budgets.get(name), new.index, name in old.activities,
                         name in new.activities)  # fmt: skip
        rows[called if called not in rows else f"{called} ({name})"] = {"part": part, **amounts}
    if old.withdrawal or new.withdrawal:
        rows[word("withdrawal")] = {"part": "", **_moves(-old.withdrawal, -new.withdrawal, Fraction(0))}
    was, becomes = _not_broken_down(before), _not_broken_down(after)
    if was or becomes:
        rows[message("not_broken_down")] = {"part": "", **_moves(was, becomes, Fraction(0))}
    return Framework(
        title=title, notes=tuple(dict.fromkeys((*after.notes, *before.notes))),
        provenance={"before": dict(before.provenance), "after": dict(after.provenance)},
        illustrative=before.illustrative or after.illustrative,
        rows=rows, people=(old.totals["inhabitants"], new.totals["inhabitants"]),
    )  # fmt: skip


def _not_broken_down(bill: Billed) -> int:
    """Cents that members pay together beside the budgets that are known, less what the reserve pays of those."""
    terms = bill.terms
    paid = round_half_up(terms.level * 100) if terms.basis == "budget" else bill.total_cents
    return paid - sum(terms.budgets.values()) + terms.withdrawal


def _moves(
    before: int | None, after: int | None, index: Fraction, there: bool = True, comes: bool = True
) -> dict[str, int | None]:
    """Return the cents of a line and what moves it."""
    found: dict[str, int | None] = dict.fromkeys(_AMOUNTS, 0)
    found |= {"before": before if there else 0, "after": after if comes else 0}
    if not there:
        found["started"] = after
    elif not comes:
        found["stopped"] = None if before is None else -before
    elif before is None or after is None:
        found |= {"index_step": None, "adjusted": None}
    else:
        step = round_half_up(before * index)
        found |= {"index_step": step, "adjusted": after - before - step}
    return found
