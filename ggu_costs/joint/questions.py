"""From a plan to results: contributions of a year, the years ahead, the view of councils, the settlement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ggu_costs.joint.plan import MOVES, Cents, Plan, add_up
from ggu_costs.joint.results import CAUSES, BodyOutlook, BodySettlement, Contributions, CouncilView
from ggu_costs.joint.tables import check_has_settlement
from ggu_costs.modelfile.values import Dated
from ggu_costs.modelfile.vat import Vat
from ggu_costs.money import round_half_up
from ggu_costs.words.messages import message


def contributions(plan: Plan, year: int, title: str, facts: Mapping[str, Any]) -> Contributions:
    """Return what each participant contributes in a year."""
    net = plan.net_cost(year)
    groups = {
        group.id: (group.name, net[group.id], plan.definition.key(group.key).name) for group in plan.definition.groups
    }
    vat = None if plan.definition.body.vat.route == "cost" else _vat(plan, year)
    return Contributions(
        title=message("contributions_of", title=title, year=year), year=year, parts=plan.parts(year), groups=groups,
        vat=vat, **_whose(plan, plan.definition.members(year), year), **facts,
    )  # fmt: skip


def outlook(plan: Plan, title: str, facts: Mapping[str, Any]) -> BodyOutlook:
    """Return the years of the file."""
    years = plan.years
    codes = sorted({code for year in years for code in plan.definition.members(year)})
    return BodyOutlook(
        title=message("outlook_of", title=title, first=years[0], last=years[-1]),
        yearly={year: plan.contributions(year) for year in years},
        net_cost={year: sum(plan.net_cost(year).values()) for year in years},
        accounts=plan.accounts, **_whose(plan, codes, years[-1]), **facts,
    )  # fmt: skip


def council_view(plan: Plan, year: int, title: str, facts: Mapping[str, Any]) -> CouncilView:
    """Return why a year differs from the one before, cause by cause.

    The causes are taken in one order: who takes part, the figures of the key, the way to a new key, indices, what else
    changes in the cost, and the reserve with exit and step-in payments. Each is the contribution after less before.
    """
    old, members = year - 1, plan.definition.members(year)
    codes = sorted({*members, *plan.definition.members(old)})
    net, new_net = plan.net_cost(old), plan.net_cost(year)
    states: list[Mapping[str, Cents]] = [plan.shares(net, old, plan.figures(old, plan.definition.members(old)))]
    states.append(plan.shares(net, old, _mixed(plan, members, old)))
    figures = plan.figures(year, members)
    states.append(plan.shares(net, old, figures))
    states.append(plan.shares(net, year, figures))
    states.append(plan.shares(_indexed(plan, year), year, figures))
    states.append(plan.shares(new_net, year, figures))
    sums = [add_up(state, codes) for state in states]
    causes = {
        name: {code: after[code] - before[code] for code in codes}
        for name, before, after in zip(CAUSES, sums, sums[1:], strict=False)
    }
    was, becomes = ({name: plan.parts(one).get(name, {}) for name in MOVES} for one in (old, year))
    moves_before, moves_after = add_up(was, codes), add_up(becomes, codes)
    causes[CAUSES[-1]] = {code: moves_after[code] - moves_before[code] for code in codes}
    before, after = (add_up(plan.parts(one), codes) for one in (old, year))
    return CouncilView(
        title=message("council_view_of", title=title, year=year), year=year, before=before, after=after,
        causes=causes, **_whose(plan, codes, year), **facts,
    )  # fmt: skip


def settlement(plan: Plan, year: int, title: str, facts: Mapping[str, Any]) -> BodySettlement:
    """Return the settlement of a year: its cost and figures as they came out, the reserve as budgeted."""
    check_has_settlement(plan, year)
    item = next(one for one in plan.definition.settlements if one.year == year)
    members, net = plan.definition.members(year), plan.net_cost(year)
    actual = net | {name: round_half_up(amount * 100) for name, amount in item.amounts.items()}
    figures = plan.figures(year, members)
    for name, by_code in item.use.items():
        figures[name] = {code: Fraction(by_code[code]) for code in members}
    final = add_up({**plan.shares(actual, year, figures), **plan.move_shares(year, members)}, members)
    named = {group.id: (group.name, net[group.id], actual[group.id]) for group in plan.definition.groups}
    return BodySettlement(
        title=message("settlement_of_body", title=title, year=year), year=year, advance=plan.contributions(year),
        final=final, net_cost=named, **_whose(plan, members, year), **facts,
    )  # fmt: skip


def _whose(plan: Plan, codes: Iterable[str], year: int) -> dict[str, Any]:
    """Whose amounts they are: names, inhabitants and map."""
    listed = list(codes)
    return {
        "called": {code: plan.names[code] for code in listed},
        "people": plan.figures_of_people(year, listed),
        "map_date": plan.definition.map_date,
        "reference": plan.reference,
    }


def _mixed(plan: Plan, members: Iterable[str], year: int) -> dict[str, dict[str, Fraction]]:
    """Return the figures of a year for those who took part in it, and of the next for who joins then."""
    members = list(members)
    was = set(plan.definition.members(year))
    old = plan.figures(year, [code for code in members if code in was])
    new = plan.figures(year + 1, [code for code in members if code not in was])
    return {name: {code: (old if code in was else new)[name][code] for code in members} for name in old}


def _indexed(plan: Plan, year: int) -> dict[str, int]:
    """Net cost of the year before with the indices of a year."""
    found = {}
    for group in plan.definition.groups:
        step = 1 + plan.index(group, year)
        parts = [round_half_up(plan.amount(group, year - 1, name) * step) for name in ("amount", "income")]
        found[group.id] = parts[0] - parts[1]
    return found


def _vat(plan: Plan, year: int) -> Vat:
    terms = plan.definition.body.vat
    share = _part(plan, terms.recoverable_share, year)
    municipal = [one.code for one in plan.definition.participants if one.code.startswith("GM")]
    return Vat(
        state=next(str(value.vat) for _, value in plan.definition.values() if value.unit.startswith("EUR")),
        rate=_part(plan, terms.rate, year), taxed_share=_part(plan, terms.taxed_share, year),
        recoverable_share=None if share is None else dict.fromkeys(municipal, share),
    )  # fmt: skip


def _part(plan: Plan, dated: Dated, year: int) -> Decimal | None:
    """A share of a year; None where it is PM or an input that was not given."""
    amount, needed = plan.definition.stated(dated, year)
    if needed is not None:
        return plan.inputs.number(needed) if plan.inputs.counts(needed) else None
    return amount if isinstance(amount, Decimal) else None
