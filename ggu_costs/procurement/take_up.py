"""Voluntary participation along its curve: what each year costs, and what the whole duration would cost by year.

In a year along the curve everyone who takes part then pays the amounts a year. What is due once falls in the year in
which it arises: of the facility in the first year with participants, of a participant in the year it joins. Years add
up. Beside it stands what the whole duration would cost with the participants of one year held from start to end, as in
the other results of a voluntary case; those rows are alternatives and do not add up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.errors import InputError
from ggu_costs.frames import describe
from ggu_costs.money import exact_sum
from ggu_costs.procurement.business import business_case, known_sum
from ggu_costs.procurement.setup import Setup
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel


def along_the_curve(case: CaseModel) -> pd.DataFrame:
    """Return ``participants, joining, joint, alone`` and the saving by year, euro of that year; the years add up.

    The saving is ``saving``, or ``saving_at_least`` where the stand-alone cost of someone is PM.
    """
    rows, widest, most_unknown = [], None, 0
    for year in case.definition.participation.years:
        then = case.at(year)
        setup = then.setup if then.codes else None
        joined = () if widest is None else widest.parties.codes
        new = sorted(set(then.codes) - set(joined))
        wider = setup if new else widest
        joint = _yearly(setup) + _once(wider) - _once(widest)
        alone, unknown = _alone(setup, new)
        rows.append((year, len(then.codes), len(new), round(joint, 2), round(alone, 2), round(alone - joint, 2)))
        widest, most_unknown = wider, max(most_unknown, unknown)
    saving = "saving_at_least" if most_unknown else "saving"
    frame = pd.DataFrame(rows, columns=["year", "participants", "joining", "joint", "alone", saving]).set_index("year")
    notes = [message("each_year"), *([message("saving_at_least", count=most_unknown)] if most_unknown else [])]
    title = message("along_curve_of", title=case.definition.title)
    return _marked(case, frame, title, notes,
                   total=("joining", "joint", "alone", saving))  # fmt: skip


def over_the_duration(case: CaseModel) -> pd.DataFrame:
    """Return ``participants, joint, alone, saving`` over the whole duration, by the year whose participants are held.

    The saving is that of the rule of the file. In a year in which that rule does not exist it is the cost of each for
    itself minus the joint cost, and PM where some of that is not known. NaN in a year without participants.
    """
    rows: list[tuple[object, ...]] = []
    for year in case.definition.participation.years:
        then = case.at(year)
        if not then.codes:
            rows.append((str(year), 0, math.nan, math.nan, math.nan))
            continue
        alone = known_sum(then.setup.known_alone)
        try:
            saving = business_case(then).saving
        except InputError:  # the rule does not exist for these participants
            saving = math.nan if np.isnan(then.setup.known_alone).any() else alone - then.setup.total
        rows.append((str(year), len(then.codes), round(then.setup.total, 2), alone, saving))
    names = ["participation_of", "participants", "joint", "alone", "saving"]
    frame = pd.DataFrame(rows, columns=names).set_index("participation_of")
    title = message("whole_duration_of", title=case.definition.title, years=case.numbers.duration)
    return _marked(case, frame, title, [message("rows_are_alternatives")])


def _yearly(setup: Setup | None) -> float:
    """Joint cost in one year of the pools that are due every year."""
    if setup is None:
        return 0.0
    return exact_sum(pool.total for pool in setup.pools if not pool.once) / float(setup.duration)


def _once(setup: Setup | None) -> float:
    """Joint cost of the pools that are due once."""
    return 0.0 if setup is None else exact_sum(pool.total for pool in setup.pools if pool.once)


def _alone(setup: Setup | None, new: Sequence[str]) -> tuple[float, int]:
    """Cost of each for itself in one year, with what is due once for who joins; and of how many it is PM."""
    if setup is None:
        return 0.0, 0
    if setup.alone is None or setup.alone_once is None:
        return math.nan, setup.parties.count
    known = ~np.isnan(setup.alone)
    joins = np.isin(setup.parties.codes, list(new))
    yearly = (setup.alone - setup.alone_once)[known] / float(setup.duration)
    cost = exact_sum([*yearly, *setup.alone_once[known & joins]])
    return (cost if known.any() else math.nan), int((~known).sum())


def _marked(
    case: CaseModel, frame: pd.DataFrame, title: str, notes: Sequence[str], total: Sequence[str] = ()
) -> pd.DataFrame:
    """Put on the frame what a writer of tables has to know."""
    amounts = [name for name in frame.columns if name not in ("participants", "joining")]
    return describe(
        frame,
        title=title,
        units=dict.fromkeys(amounts, "EUR"),
        pm=amounts,
        total=list(total),
        notes=[*notes, *case.notes(period=False)],
        illustrative=case.definition.illustrative,
    )
