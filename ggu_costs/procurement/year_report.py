"""What a run of a case over years shows: for all participants, or for one."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Answer, Line, Report, Tile
from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.modelfile.leaving import REGULATION
from ggu_costs.money import exact_sum
from ggu_costs.procurement import answers
from ggu_costs.procurement.adoption import Adoption, adoption
from ggu_costs.procurement.budget import budget_of_years
from ggu_costs.procurement.business import NEVER, business_case
from ggu_costs.procurement.comparison import compare_rules
from ggu_costs.procurement.over_years import CaseYears, notes_of, over_years
from ggu_costs.procurement.year_moves import CaseExit, leave
from ggu_costs.procurement.year_splits import terms_of
from ggu_costs.words.messages import euro, joined, message, word
from ggu_costs.words.numbers import missing

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel


def report(case: CaseModel, municipality: str | None) -> Report:
    """Return what a run shows: answer, tables, summary and notes, for all participants or for one."""
    years = over_years(case)
    facts: dict[str, Any] = {
        "notes": notes_of(case, years.splits, pm=False),
        "technique": case.technique(),
        "provenance": case.provenance(rule=case.rule, municipality=municipality),
        "municipality": municipality,
        "made_up": case.definition.illustrative,
    }
    if municipality is not None:
        return _of_one(case, years, municipality, facts)
    terms = terms_of(case)
    sure = None if terms.uncertainty is None else adoption(case)
    exits = [
        leave(case, code, last)
        for code, last in terms.last_year.items()
        if last < years.years[-1] and code in years.names and case.definition.participation.mode != "binding"
    ]
    return Report(
        years.title, tuple(_tables(case, years, sure, exits)), _lines(years), map=("bills", "together"),
        charts=page_charts(years.plot), answer=_answer(case, years, sure, exits), **facts,
    )  # fmt: skip


def _tables(case: CaseModel, years: CaseYears, sure: Adoption | None, exits: list[CaseExit]) -> list[Table]:
    day = case.definition.map_date
    tables = [
        Table("years", "", years.to_frame(), notes=(message("cash_and_bills"),)),
        Table("bills", message("bills_of", title=years.title), years.bills(), map_date=day),
        Table("pools_by_year", message("pools_by_year_of", title=years.title), pools_by_year(years)),
    ]
    if sure is not None:
        tables.append(Table("adoption", "", sure.to_frame()))
    if any(moves.fees or moves.step_in or moves.friction for moves in years.moves.values()):
        tables.append(Table("payments", message("payments_of", title=years.title), years.payments()))
    for number, out in enumerate(exits, 1):
        tables += _leaving(out, f"_{number}" if len(exits) > 1 else "")
    rules = compare_rules(case)
    return [*tables, Table("rules", "", rules.headed(), map_date=day),
            Table("stability", "", rules.rules().drop(columns="words"))]  # fmt: skip


def pools_by_year(years: CaseYears) -> pd.DataFrame:
    """Return by cost pool what it costs in the bills of each year, and ``together``, in euro."""
    names = {pool.id: pool.name for split in years.splits.values() for pool in split.setup.pools}
    frame = pd.DataFrame(index=pd.Index(list(names.values()), name="pool", dtype=object))
    for year, split in years.splits.items():
        costs = {pool.id: pool.total for pool in split.setup.pools}
        frame[str(year)] = [round(costs.get(name, 0.0), 2) for name in names]
    frame["together"] = frame.sum(axis=1).round(2)
    columns = list(frame.columns)
    return describe(frame, title=years.title, units=dict.fromkeys(columns, "EUR"), pm=[], total=columns,
                    notes=list(years.notes), illustrative=years.illustrative)  # fmt: skip


def _leaving(out: CaseExit, number: str = "") -> list[Table]:
    notes = [message("exit_most_of_contract")]
    if out.friction is None:
        notes.append(message("exit_friction_pm"))
    if out.notice is not None:
        notes.append(message("exit_notice", notice=out.notice, year=out.year))
    return [
        Table(f"exit{number}", out.title, out.to_frame(), notes=notes),
        Table(f"exit_others{number}", message("exit_others_of", title=out.title), out.others()),
        Table(f"exit_damage{number}", message("exit_damage_of", title=out.title), out.damages()),
    ]


def _lines(years: CaseYears) -> tuple[Line, ...]:
    """The main figures, for the head of a report; None is PM."""
    lines: list[Line] = [
        ("participants_last_year", len(years.splits[years.years[-1]].codes), "count"),
        ("joint_cost", years.total, "EUR"),
        ("present_value", years.present_value, "EUR"),
        ("saving_present_value", years.net_present_value, "EUR"),
        ("yearly_annuity", years.yearly, "EUR"),
    ]
    lines += [
        (f"break_even_{order}_first", NEVER if number is None else number, "count")
        for order, number in years.break_even.items()
    ]
    return tuple((name, None if missing(value) else value, unit) for name, value, unit in lines)


def _answer(case: CaseModel, years: CaseYears, sure: Adoption | None, exits: list[CaseExit]) -> Answer:
    """What all pay over the years, what that is worth today beside each for itself, and when it pays back."""
    first, last, worth = years.years[0], years.years[-1], years.net_present_value
    unknown = list(dict.fromkeys(name for split in years.splits.values() for name in split.setup.unknown))
    compared = message("own_cost_pm") if math.isnan(worth) else message(
        "than_alone", difference=message("difference", amount=-worth)
    )  # fmt: skip
    sentence = message(
        "years_cost", first=first, last=last, total=years.total, value=years.present_value,
        lacking=[message("excluding_pm", names=unknown)] if unknown else [], rate=years.discount.rate.value,
        kind=word(years.discount.kind, of="rate_kind"), base=years.discount.base_year, compared=compared,
    )  # fmt: skip
    more = [*_payback(years), _most(years), _participation(years), message("years_annuity", amount=years.yearly)]
    if years.break_even:
        numbers = list(years.break_even.values())
        more.append(message("pays_never") if None in numbers else
                    message("pays_from", largest=numbers[0], smallest=numbers[1]))  # fmt: skip
    more += [] if sure is None else [_certainty(sure)]
    more += [_exit_sentence(out) for out in exits]
    effort = business_case(case).effort if case.definition.effort is not None else None
    more += [answers.effort_sentence(effort)] if effort else []
    return Answer(
        sentence=sentence, tiles=_tiles(case, years), more=tuple(more), outside=_outside(case, years, unknown)
    )


def _tiles(case: CaseModel, years: CaseYears) -> tuple[Tile, ...]:
    basis, worth = _basis(case, years), years.net_present_value
    today = message("basis_of_value", base=years.discount.base_year, basis=basis)
    tiles = [
        Tile(name=word("joint_cost", of="line"), value=message("about", amount=years.total), basis=basis),
        Tile(name=word("present_value"), value=message("about", amount=years.present_value), basis=today),
    ]
    if not math.isnan(worth):
        tiles.append(Tile(name=message("joint_minus_alone"), value=message("difference", amount=-worth), basis=today))
    return tuple(tiles)


def _basis(case: CaseModel, years: CaseYears) -> str:
    level, state = case.definition.price_level, case.definition.vat_state
    parts = [f"{years.years[0]}-{years.years[-1]}", word(state, of="vat")]
    if level:
        named = level in ("current", "unknown")
        parts.append(word(level, of="price_level") if named else message("at_price_level", level=level))
    return joined(parts)


def _payback(years: CaseYears) -> list[str]:
    if math.isnan(years.net_present_value):
        return []
    if years.payback is None:
        return [message("case_not_paid_back", first=years.years[0], last=years.years[-1])]
    return [message("case_paid_back", year=years.payback)]


def _most(years: CaseYears) -> str:
    sums = {code: sum(bill.get(code, 0) for bill in years.cents.values()) for code in years.names}
    most = max(sums, key=lambda code: sums[code])
    return message("years_most", name=years.names[most], amount=euro(sums[most] / 100))


def _participation(years: CaseYears) -> str:
    counts = [len(split.codes) for split in years.splits.values()]
    key = "years_same_number" if len(set(counts)) == 1 else "years_number"
    return message(key, first=years.years[0], last=years.years[-1], before=counts[0], after=counts[-1])


def _certainty(sure: Adoption) -> str:
    return message(
        "adoption_sentence", mean=message("difference", amount=-sure.mean),
        low=message("difference", amount=-sure.low), high=message("difference", amount=-sure.high), pays=sure.pays,
    )  # fmt: skip


def _exit_sentence(out: CaseExit) -> str:
    if out.own is None:
        return message("case_exit_unknown", name=out.name, year=out.year, damage=out.damage / 100)
    due, amount = out.due_by(REGULATION), out.amounts[REGULATION]
    if due is None or amount is None:
        return message("case_exit_unknown", name=out.name, year=out.year, damage=out.damage / 100)
    key = "case_exit" if due == amount else "case_exit_capped"
    return message(key, name=out.name, year=out.year, due=due / 100, amount=amount / 100, yearly=out.yearly / 100)


def _outside(case: CaseModel, years: CaseYears, unknown: list[str]) -> tuple[str, ...]:
    """What is in no figure."""
    terms = terms_of(case)
    found = [message("pool_pm", names=unknown)] if unknown else []
    leavers = [years.names[code] for code, last in terms.last_year.items() if last < years.years[-1]]
    joiners = [years.names[code] for code, first in terms.first_year.items() if first > years.years[0]]
    if leavers and terms.exit is None:
        found.append(message("case_exit_fee_pm", names=leavers))
    if joiners and terms.entry is None:
        found.append(message("case_step_in_pm", names=joiners))
    return (*found, *case.vat_notes())


def _of_one(case: CaseModel, years: CaseYears, code: str, facts: dict[str, Any]) -> Report:
    """Return what one participant pays in each year, and what leaving costs it."""
    taking = [year for year, split in years.splits.items() if code in split.setup.parties.position]
    if not taking:
        case.at(years.years[-1]).setup.parties.at(code)
    name = years.names[code]
    paid = {year: years.cents[year].get(code, 0) for year in years.years}
    beside = {
        year: years.moves[year].fees.get(code, 0) + years.moves[year].step_in.get(code, 0) for year in years.years
    }
    frame = pd.DataFrame(index=pd.Index(years.years, name="year"))
    frame["bill"] = [cents / 100 for cents in paid.values()]
    frame["payment"] = [cents / 100 for cents in beside.values()]
    frame["alone"] = [_alone(years, year, code) for year in years.years]
    frame["present_value"] = [round(years.factors[year] * (paid[year] + beside[year]) / 100, 2) for year in years.years]
    columns = list(frame.columns)
    title = message("titled_code", name=name, code=code, title=years.title)
    describe(frame, title=title, units=dict.fromkeys(columns, "EUR"), pm=["alone"], total=columns,
             notes=[], illustrative=years.illustrative)  # fmt: skip
    task_field = case.definition.budget.task_field if case.definition.budget else ""
    tables = [Table("budget", "", budget_of_years(case, years, code, task_field), role="budget")]
    tables.append(Table("years", title, frame))
    told, shown = [], [year for year in taking if year < years.years[-1]]
    if shown and case.definition.participation.mode != "binding" and len(years.splits[taking[-1]].codes) > 1:
        asked = terms_of(case).last_year.get(code, shown[0])
        outs = {year: leave(case, code, year) for year in shown}
        tables.append(Table("exit_by_year", message("exit_by_year_of", title=title), exits_by_year(outs)))
        tables += _leaving(outs.get(asked, outs[shown[0]]))
        told = [_exit_sentence(outs.get(asked, outs[shown[0]]))]
    last = case.at(taking[-1])
    tables.append(last.split().explain(code).table("steps", message("steps_to_share", title=last.title)))
    extra, own = sum(beside.values()) / 100, [_alone(years, year, code) for year in taking]
    total = (sum(paid.values()) + sum(beside.values())) / 100
    worth = exact_sum(frame["present_value"])
    sentence = message(
        "participant_years", name=name, first=taking[0], last=taking[-1], total=total, value=worth,
        fee=[message("with_payments", amount=extra)] if extra else [],
        rate=years.discount.rate.value, kind=word(years.discount.kind, of="rate_kind"),
        compared=message("own_cost_pm") if any(map(math.isnan, own)) else message(
            "than_alone", difference=message("to_the_cent", amount=total - exact_sum(own))
        ),
    )  # fmt: skip
    basis = _basis(case, years)
    tiles = (
        Tile(name=word("share"), value=euro(total), basis=basis),
        Tile(name=word("present_value"), value=euro(worth), basis=message(
            "basis_of_value", base=years.discount.base_year, basis=basis)),
    )  # fmt: skip
    answer = Answer(sentence=sentence, tiles=tiles, more=tuple(told), outside=_outside(case, years, []))
    return Report(title, tuple(tables), (("share_of_participant", total, "EUR"),), answer=answer, **facts)


def _alone(years: CaseYears, year: int, code: str) -> float:
    setup = years.splits[year].setup
    return float(setup.known_alone[setup.parties.at(code)]) if code in setup.parties.position else 0.0


def exits_by_year(outs: dict[int, CaseExit]) -> pd.DataFrame:
    """Return by rule what is due on leaving at the end of each year, in euro; NaN is PM."""
    first = next(iter(outs.values()))
    frame = pd.DataFrame(index=pd.Index(list(first.amounts), name="exit_rule", dtype=object))
    for year, out in outs.items():
        due = [out.due_by(rule) for rule in out.amounts]
        frame[str(year)] = [math.nan if cents is None else cents / 100 for cents in due]
    columns = list(frame.columns)
    return describe(frame, title=first.title, units=dict.fromkeys(columns, "EUR"), pm=columns, total=[],
                    notes=[message("exit_most_of_contract")], illustrative=first.illustrative)  # fmt: skip
