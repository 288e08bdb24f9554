"""What a participant puts in its budget for a joint procurement: the table of the BBV, over the years of the case.

What is due once is one-off and falls in the first year; what is due every year is structural while the contract runs,
in equal parts to the cent. A rule that gives no share in one cost component leaves the two unsplit. Only a case whose
duration is its number of years says in which years its amounts fall.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING

import pandas as pd

from ggu_costs import frames
from ggu_costs.display.budget import BudgetLine, Nature, amounts_in, budget_frame
from ggu_costs.display.task_field import read_task_field, task_field_notes
from ggu_costs.errors import Faults, UnknownNameError
from ggu_costs.modelfile.budget import BudgetTerms
from ggu_costs.money import exact_sum, largest_remainder, round_half_up
from ggu_costs.procurement.over_years import CaseYears, over_years
from ggu_costs.procurement.year_splits import terms_of
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.rules import RuleChoice
    from ggu_costs.procurement.split import Split


def has_years(case: CaseModel) -> bool:
    """Whether a case says in which years its amounts fall."""
    return case.setup.duration == len(case.definition.years)


def budget(case: CaseModel, of: str, rule: RuleChoice | None = None, *, task_field: str | None = None) -> pd.DataFrame:
    """Return the table of the budget (begroting, BBV) of one participant, to the cent.

    Parameters
    ----------
    of
        Code of a participant.
    rule
        The rule by which the cost is split; by default that of the file.
    task_field
        Code of the task field (taakveld, Iv3); by default what the model file says.

    Returns
    -------
    pandas.DataFrame
        By item ``task_field``, and for each year the amount and whether it is favourable (``2026_side``: V or N);
        euro, net of what the VAT compensation fund returns where that is known. NaN is PM.

    Raises
    ------
    InputError
        A case that does not say in which years its amounts fall; no task field.
    UnknownNameError
        It does not take part.

    Examples
    --------
    >>> from ggu_costs.catalogue import open_model
    >>> case = open_model("procurement/example-ibd")
    >>> table = case.budget("GM0363", task_field="0.4")
    >>> bool(table.loc["costs", "2024"] == case.split().to_frame().loc["GM0363", "share"])
    True
    """
    years, faults, stated = case.definition.years, Faults(), case.definition.budget or BudgetTerms()
    over = case.definition.over_years is not None
    if over and rule is not None:
        faults.add("rule", str(rule), "that of the file", "State case.rule in the file of a case over years.")
    if not over and not has_years(case):
        found = f"{case.setup.duration:f} years, while the file has {len(years)}"
        faults.add("case.duration", found, "as many", "Give the file a year for each year of the duration.")
    code = stated.task_field if task_field is None else read_task_field(task_field, "task_field", faults)
    faults.check(f"{case.id}: this budget cannot be made", remedy="Correct every part named.")
    if over:
        return budget_of_years(case, over_years(case), of, code)
    return budget_of(case, case.split(rule), of, code)


def budget_of(case: CaseModel, split: Split, of: str, task_field: str) -> pd.DataFrame:
    """Return the table of a split that was made; see :func:`budget`."""
    years = case.definition.years
    place = split.setup.parties.at(of)
    part = split.vat.split(int(split.cents[place]), of)
    whole = part.invoice if part.net is None else part.net
    lines = [
        BudgetLine(nature, split.title, "cost", nature, task_field, dict(zip(years, euro, strict=True)))
        for nature, euro in by_nature(split, place, whole, len(years))
    ]
    return _framed(case, split, of, lines, title=split.title, notes=split.notes, unknown=split.setup.unknown)


def budget_of_years(case: CaseModel, years: CaseYears, of: str, task_field: str) -> pd.DataFrame:
    """Return the table of the budget of one participant in a case over years; together its bills and payments.

    What is written off is structural, exit and step-in payments and what they change for others are one-off.
    """
    if of not in years.names:
        raise UnknownNameError("participant", of, years.names)
    terms, amounts = terms_of(case), dict[Nature, dict[int, float]]()
    written_off = {name for name, pool in terms.pools.items() if pool.term is not None}
    shown = next(split for split in years.splits.values() if of in split.setup.parties.position)
    for year, split in years.splits.items():
        moves = years.moves[year]
        paid = moves.fees.get(of, 0) + moves.step_in.get(of, 0)
        if of in split.setup.parties.position:
            place = split.setup.parties.at(of)
            part = split.vat.split(int(split.cents[place]), of)
            whole = part.invoice if part.net is None else part.net
            for nature, euro in by_nature(split, place, whole, 1, written_off):
                amounts.setdefault(nature, dict.fromkeys(years.years, 0.0))[year] += euro[0]
            paid += years.cents[year][of] - int(split.cents[place])
        if paid:
            amounts.setdefault("one_off", dict.fromkeys(years.years, 0.0))[year] += paid / 100
    lines = [BudgetLine(nature, years.title, "cost", nature, task_field, euro) for nature, euro in amounts.items()]
    unknown = tuple(dict.fromkeys(name for split in years.splits.values() for name in split.setup.unknown))
    return _framed(case, shown, of, lines, title=years.title, notes=years.notes, unknown=unknown)


def _framed(
    case: CaseModel, split: Split, of: str, lines: list[BudgetLine], *, title: str, notes: tuple[str, ...],
    unknown: tuple[str, ...],
) -> pd.DataFrame:  # fmt: skip
    """Put lines in the table of a budget, with what a reader has to know of it."""
    years, place = case.definition.years, split.setup.parties.at(of)
    part = split.vat.split(int(split.cents[place]), of)
    known = "net" if part.net is not None else "incl" if part.vat is not None else split.vat.state
    frame = budget_frame(lines, years, change=len(years) > 1)
    names = amounts_in(frame)
    frame[names] = frame[names].round(2)  # sums of whole cents
    level = case.definition.price_level
    prices = message("budget_unknown_prices") if level == "unknown" else (
        message("current_prices") if level == "current" else message("budget_not_indexed", level=level)
    )  # fmt: skip
    spread = message("budget_contract" if case.of_year is None else "budget_over_years")
    more = [
        message("budget_sides"), *task_field_notes([line.task_field for line in lines]), prices,
        message(f"budget_vat_{known}"), spread, message("budget_reserves_pm"),
        message("budget_exact"),
    ]  # fmt: skip
    if unknown:
        more.append(message("without_pm_lines", names=list(unknown)))
    name = message("budget_of", name=split.setup.parties.names[place])
    return frames.describe(
        frame, title=message("frame_title", title=title, chosen="", words=name, marked=""),
        units=dict.fromkeys(names, "EUR"), pm=names, total=[], notes=[*more, *notes],
        illustrative=split.illustrative,
    )  # fmt: skip


def by_nature(
    split: Split, place: int, cents: int, years: int, written_off: Collection[str] = ()
) -> list[tuple[Nature, list[float]]]:
    """Return euro by year of what is due once and what every year; together the share, to the cent.

    Parameters
    ----------
    place, cents
        Of which participant, and its share.
    years
        How many the contract has. What is due once falls in the first.
    written_off
        Pools that are due once and written off over years, which count as structural.
    """
    parts = split.shares.parts
    pools = {pool.id: pool.once and pool.id not in written_off for pool in split.setup.pools}
    if parts is None and any(pools.values()) and not all(pools.values()):
        return [("unsplit", _spread(cents, years))]
    own = {name: float(shares[place]) for name, shares in (parts or {}).items()}
    once = exact_sum(amount for name, amount in own.items() if pools.get(name))
    whole = exact_sum(own.values())
    part = Fraction(1) if all(pools.values()) else Fraction(once) / Fraction(whole) if whole else Fraction(0)
    first = round_half_up(cents * part)
    found: list[tuple[Nature, list[float]]] = []
    if any(pools.values()):
        found.append(("one_off", [first / 100, *[0.0] * (years - 1)]))
    if not all(pools.values()):
        found.append(("structural", _spread(cents - first, years)))
    return found


def _spread(cents: int, years: int) -> list[float]:
    """The same amount in each year, to the cent."""
    return [int(part) / 100 for part in largest_remainder(cents, [1] * years)]
