"""Bills, shares and changes of a grant as components: amounts that are certain, in cents, carried to the map.

Amounts go to the legal successors in whole cents, so that their sum stays; those of a divided municipality go by its
inhabitants. A contribution to a fund, a fee or a share of a procurement is a cost, what the State paid for it is
compensation, and more of a grant is income. VAT that comes back is taken off where it is known of everyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import ComponentTerms
from ggu_costs.bundle.loading import BEFORE
from ggu_costs.bundle.notes import level_words
from ggu_costs.bundle.programmes import later_map
from ggu_costs.errors import InputError, listed
from ggu_costs.fund import Fee, Fund
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.terms import carry_cents
from ggu_costs.grants import Grant
from ggu_costs.impact.programme.assembly import Alternative, Assembly, Role
from ggu_costs.procurement import ProcurementCase
from ggu_costs.procurement.budget import by_nature, has_years
from ggu_costs.simulation.parts import Term
from ggu_costs.words.messages import message, word

if TYPE_CHECKING:
    from ggu_costs.modelfile import Header, Loaded

Cells = dict[tuple[str, str, int], dict[str, int]]
"""Cents by code, for each kind of line, nature and year."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Amounts:
    """What a model asks of municipalities for certain.

    Attributes
    ----------
    cells
        Cents by code on the map of the bundle.
    vat
        VAT state: ``net`` where what comes back was taken off.
    """

    cells: Cells
    price_level: str
    vat: str
    map_day: date
    outside: tuple[str, ...] = ()


def of_amounts(
    stated: ComponentTerms, parts: Mapping[str, Loaded[Any]], data: Mapping[str, Any], frame: Assembly
) -> Component:
    """Return a fund, fee, procurement case or change of a grant as a component.

    Parameters
    ----------
    parts
        The models of the bundle, by component.
    data
        The inputs that its model asks for, by component.
    frame
        The municipalities that amounts are carried to.

    Raises
    ------
    InputError
        A map later than that of the bundle, years that its model has not, who is no municipality.
    """
    loaded, before = parts[stated.id], parts.get(stated.id + BEFORE)
    kind = loaded.definition.kind
    if kind == "procurement":
        amounts = _of_case(stated, loaded, data[stated.id], frame)
    else:
        of_kind = _of_grant if kind == "grant" else _of_bills
        amounts = of_kind(stated, loaded, data[stated.id], frame)
        if before is not None:
            every = stated.model_copy(update={"years": ()})
            amounts = _less(amounts, of_kind(every, before, data[stated.id + BEFORE], frame))
    years = tuple(sorted({year for _, _, year in amounts.cells}))
    name = stated.name or loaded.definition.title
    if before is not None and not stated.name:
        name = message("change_of_component", name=name)
    assembly = _assembly(amounts, years, name, frame)
    level = amounts.price_level
    return Component(
        id=stated.id, name=name, kind=kind, model=stated.model, assembly=assembly,
        alternative=assembly.alternatives[0], years=years, structural_year=stated.structural_year or years[-1],
        price_level=level, bases=(_vat_words(amounts.vat), level_words(level)), map_day=amounts.map_day,
        outside=amounts.outside,
        illustrative=any(one.definition.illustrative for one in (loaded, before) if one is not None),
    )  # fmt: skip


def _vat_words(state: str) -> str:
    return message("vat_back_deducted") if state == "net" else word(state, of="vat")


def _of_bills(stated: ComponentTerms, loaded: Loaded[Any], data: Mapping[str, Any], frame: Assembly) -> Amounts:
    """The bills of a fund or fee in the years that count."""
    model = (Fund if loaded.definition.kind == "fund" else Fee).open(loaded, data)
    bills = [model.bill(year) for year in _years(stated, model.years)]
    nets = [{code: bill.terms.vat.split(cents, code).net for code, cents in bill.cents.items()} for bill in bills]
    net = bills[0].terms.vat.state != "none" and all(None not in one.values() for one in nets)
    cells: Cells = {}
    for bill, known in zip(bills, nets, strict=True):
        own = {code: cents for code, cents in known.items() if cents is not None} if net else bill.cents
        for kind, cents in (("cost", own), ("compensation", bill.terms.offset)):
            if cents is not None:
                place = (kind, str(stated.nature), bill.terms.year)
                cells[place] = _carried(cents, bill.terms.map_date, frame)
    return Amounts(
        cells=cells, price_level=_level(loaded.definition), vat="net" if net else bills[0].terms.vat.state,
        map_day=bills[-1].terms.map_date, outside=_left_out(bills),
    )  # fmt: skip


def _left_out(bills: list[Bill]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(note for bill in bills for note in bill.outside))


def _of_grant(stated: ComponentTerms, loaded: Loaded[Any], data: Mapping[str, Any], frame: Assembly) -> Amounts:
    """The algemene uitkering and the other uitkeringen of a circulaire."""
    amounts = Grant.open(loaded, data).amounts()
    (year,) = _years(stated, (amounts.year,))
    cents = _carried(amounts.columns["grants"], amounts.map_date, frame)
    return Amounts(
        cells={("benefit", str(stated.nature), year): cents}, price_level="current", vat="none",
        map_day=amounts.map_date, outside=amounts.outside,
    )  # fmt: skip


def _of_case(stated: ComponentTerms, loaded: Loaded[Any], data: Mapping[str, Any], frame: Assembly) -> Amounts:
    """The shares of a joint procurement, over the years of its contract."""
    case = ProcurementCase.open(loaded, data)
    if not has_years(case):
        raise InputError(
            f"a contract of {case.setup.duration:f} years, while its file has {len(case.definition.years)}",
            remedy="Give its file a year for each year of the contract.",
        )
    split = case.split(stated.rule or None)
    bodies = sorted(set(split.codes) & set(split.setup.parties.others))
    if bodies:
        raise InputError(
            f"bodies that are no municipality take part: {listed(bodies)}",
            remedy="Name municipalities only: nobody says on whom the share of a body falls.",
        )
    parts = [split.vat.split(int(cents), code) for code, cents in zip(split.codes, split.cents, strict=True)]
    net = split.vat.state != "none" and all(part.net is not None for part in parts)
    wanted = _years(stated, case.definition.years)
    cells: Cells = {}
    for place, (code, part) in enumerate(zip(split.codes, parts, strict=True)):
        cents = part.net if net and part.net is not None else int(split.cents[place])
        for nature, euro in by_nature(split, place, cents, len(case.definition.years)):
            named = nature if nature != "unsplit" else stated.nature
            if named is None:
                raise InputError(
                    f"rule {split.rule!r} does not tell one-off from structural",
                    remedy="State nature for this component, or a rule that shares each pool.",
                )
            for year, amount in zip(case.definition.years, euro, strict=True):
                if year in wanted:
                    cells.setdefault(("cost", named, year), {})[code] = round(amount * 100)
    return Amounts(
        cells={place: _carried(cents, case.definition.map_date, frame) for place, cents in cells.items()},
        price_level=case.definition.price_level or "unknown", vat="net" if net else split.vat.state,
        map_day=case.definition.map_date,
        outside=(message("not_what_alone_costs"), *(message("outside_pm", name=name) for name in split.setup.unknown)),
    )  # fmt: skip


def _years(stated: ComponentTerms, known: tuple[int, ...]) -> tuple[int, ...]:
    """The years of a model that count."""
    lacking = [year for year in stated.years if year not in known]
    if lacking:
        raise InputError(f"no amounts of {listed(lacking)}; known: {listed(known)}", remedy="State years that it has.")
    return stated.years or known


def _carried(cents: Mapping[str, int], start: date, frame: Assembly) -> dict[str, int]:
    """Cents of everyone on the map of the bundle."""
    end, reference = _day(frame), frame.reference
    if start > end:
        raise later_map(start, end)
    everyone = dict.fromkeys(reference.member_codes(start), 0) | dict(cents)
    return carry_cents(everyone, start, end, reference)


def _day(frame: Assembly) -> date:
    assert frame.map_day is not None  # noqa: S101 (a bundle has one)
    return frame.map_day


def _less(new: Amounts, old: Amounts) -> Amounts:
    """The difference between two models, in the years of the new one; an old one of a single year is that of each."""
    cells: Cells = {}
    of_old = {(kind, nature): cents for (kind, nature, _), cents in old.cells.items()}
    single = len({year for _, _, year in old.cells}) == 1
    for place, cents in new.cells.items():
        former = old.cells.get(place) or (of_old.get(place[:2]) if single else None)
        if former is None:
            raise InputError(
                f"instead_of has no amount of {place[2]}", remedy="State a model with these years, or with one year."
            )
        cells[place] = {code: amount - former[code] for code, amount in cents.items()}
    if (new.price_level, new.vat) != (old.price_level, old.vat):
        found = f"{new.vat} VAT in prices {new.price_level}, and {old.vat} in {old.price_level}"
        raise InputError(f"a difference between amounts {found}", remedy="Bring both to one footing.")
    return Amounts(
        cells=cells, price_level=new.price_level, vat=new.vat, map_day=new.map_day,
        outside=tuple(dict.fromkeys((*new.outside, *old.outside))),
    )  # fmt: skip


def _level(definition: Header) -> str:
    """The one price level of the amounts of a file."""
    levels = {value.price_level for _, value in definition.values() if value.unit.startswith("EUR")}
    if len(levels) > 1:
        raise InputError(f"price levels {listed(sorted(levels))} in one file", remedy="Bring its amounts to one level.")
    return next(iter(levels), "unknown")


def _assembly(amounts: Amounts, years: tuple[int, ...], name: str, frame: Assembly) -> Assembly:
    """Amounts as terms: one for each line and year."""
    terms: list[Term] = []
    places: dict[str, tuple[int, ...]] = {}
    roles: dict[str, Role] = {}
    for (kind, nature, year), cents in amounts.cells.items():
        line = f"{kind}-{nature}"
        roles.setdefault(line, Role(line, message("offset_of", name=name) if kind == "compensation" else name,
                                    kind, nature))  # fmt: skip
        places[line] = (*places.get(line, ()), len(terms))
        euro = np.array([cents[code] / 100 for code in frame.units])
        profile = np.array([float(one == year) for one in years])
        terms.append(Term(f"{line}-{year}", weights=euro, profile=profile))
    only = Alternative("base", name, places)
    return replace(
        frame, years=years, terms=tuple(terms), roles=roles, alternatives=(only,), discount=np.ones(len(years)),
        line_discounts={}, structural_year=len(years) - 1,
    )  # fmt: skip
