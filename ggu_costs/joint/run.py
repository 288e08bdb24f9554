"""What a run of a joint body shows: for all participants, or for one."""

from __future__ import annotations

from typing import Any

from ggu_costs.display.plots import page_charts
from ggu_costs.display.report import Line, Report
from ggu_costs.display.table import Table
from ggu_costs.joint.answer import answer_of_all, answer_of_one
from ggu_costs.joint.body import BodyModel
from ggu_costs.joint.leaving import Exit
from ggu_costs.joint.results import BodyOutlook, Contributions, CouncilView
from ggu_costs.words.messages import message, word


def report(body: BodyModel, municipality: str | None = None) -> Report:
    """Return what a run shows: answer, tables, charts and notes, for all participants or for one."""
    bill, ahead = body.contributions(), body.outlook()
    view = body.council_view() if len(body.plan.years) > 1 else None
    facts: dict[str, Any] = {
        "notes": (*body.definition.notes, *_about(body)),
        "provenance": body.provenance(
            year=bill.year,
            map_date=body.definition.map_date,
            **({} if municipality is None else {"municipality": municipality}),
        ),
        "reference": body.reference,
        "made_up": body.definition.illustrative,
    }
    outside = tuple(_outside(body))
    if municipality is not None:
        body.plan.check_member(municipality, bill.year)
        leaving = body.exit(municipality, year=bill.year) if len(bill.called) > 1 else None
        title = message("titled_code", name=bill.called[municipality], code=municipality, title=body.title)
        share: Line = (word("contribution"), bill.cents[municipality] / 100, "EUR")
        return Report(
            title, _of_one(body, municipality, bill, view, leaving), (share,), municipality=municipality,
            answer=answer_of_one(bill, view, ahead, municipality, leaving=leaving, outside=outside), **facts,
        )  # fmt: skip
    total = sum(bill.cents.values()) / 100
    lines: tuple[Line, ...] = (
        (word("participants"), len(bill.called), "count"),
        (word("contributions"), total, "EUR"),
    )
    charts = (*(page_charts(view.plot) if view is not None else ()), *page_charts(ahead.plot))
    return Report(
        body.title, _of_all(body, bill, view, ahead), lines, charts=charts, map=("contributions", "per_inhabitant"),
        answer=answer_of_all(bill, view, ahead, outside), explained=(bill,), **facts,
    )  # fmt: skip


def _of_all(body: BodyModel, bill: Contributions, view: CouncilView | None, ahead: BodyOutlook) -> tuple[Table, ...]:
    """Return the tables of all participants."""
    day, order = body.definition.map_date, (message("causes_order_of_body"),)
    views = () if view is None else (Table("council_view", "", view.to_frame(), map_date=day, notes=order),)
    return (
        *views,
        Table("contributions", "", bill.to_frame(), map_date=day),
        Table("by_cost_group", message("by_cost_group_of", title=bill.title), bill.breakdown(), map_date=day),
        Table("cost_groups", message("cost_groups_of", title=bill.title), bill.by_group()),
        Table("outlook", "", ahead.to_frame(), map_date=day),
        Table("body_accounts", message("body_accounts_of", title=body.title), ahead.summary(),
              notes=(message("body_closes"),)),
        *_beside(body, bill.year),
    )  # fmt: skip


def _of_one(
    body: BodyModel, code: str, bill: Contributions, view: CouncilView | None, leaving: Exit | None
) -> tuple[Table, ...]:
    """Return the tables of one participant."""
    tables = [Table("budget", "", body.budget(code), role="budget")]
    if view is not None:
        steps = view.explain(code).table("council_view", basis=False, notes=(message("causes_order_of_body"),))
        tables.append(steps)
    tables += [
        bill.explain(code).table("steps", message("steps_of", title=bill.title)),
        Table("related_party", "", body.related_party(bill.year)),
    ]
    return (*tables, *([] if leaving is None else _leaving(leaving)))


def _leaving(leaving: Exit) -> list[Table]:
    notes = [message("exit_level", year=leaving.year), message("exit_most")]
    if leaving.damage.friction is None:
        notes.append(message("exit_friction_pm"))
    if leaving.notice is not None:
        notes.append(message("exit_notice", notice=leaving.notice, year=leaving.year))
    return [
        Table("exit", leaving.title, leaving.to_frame(), notes=notes),
        Table("exit_damage", message("exit_damage_of", title=leaving.title), leaving.damages()),
        Table("exit_others", message("exit_others_of", title=leaving.title), leaving.others()),
    ]


def _beside(body: BodyModel, year: int) -> list[Table]:
    """Advances, settlements, deadlines and the paragraph on related parties."""
    tables = [Table("advances", "", body.advances(year).to_frame(), map_date=body.definition.map_date)]
    for item in body.definition.settlements:
        settled = body.settle(item.year)
        tables += [
            Table(f"settlement_{item.year}", "", settled.to_frame(), map_date=body.definition.map_date),
            Table(f"settlement_{item.year}_parts", message("settlement_groups", title=settled.title),
                  settled.by_group()),
        ]  # fmt: skip
    tables.append(Table("related_party", "", body.related_party(year)))
    tables += [Table("deadlines", "", body.deadlines(year))] if body.definition.under_wgr else []
    return tables


def _about(body: BodyModel) -> list[str]:
    """What a reader of the whole must know: legal form, VAT, how leaving is settled."""
    form = word(body.definition.body.legal_form, of="legal_form")
    notes: list[str] = [message("body_form" if body.definition.under_wgr else "no_wgr_deadlines", form=form)]
    notes.append(message(f"body_vat_{body.definition.body.vat.route}"))
    return notes


def _outside(body: BodyModel) -> list[str]:
    """What is not in the figures: memorandum items."""
    found: list[str] = []
    definition = body.definition
    leavers = [one for one in definition.participants if one.last_year is not None]
    if leavers and definition.exit is None:
        found.append(message("body_exit_fee_pm", names=[body.plan.names[one.code] for one in leavers]))
    if body.plan.newcomers and definition.entry is None:
        found.append(message("body_step_in_pm", names=[body.plan.names[one.code] for one in body.plan.newcomers]))
    return found
