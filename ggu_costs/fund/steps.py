"""The steps from source to amount of one municipality's bill, in words."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ggu_costs.display import numbers
from ggu_costs.display.result import Step
from ggu_costs.display.words import label
from ggu_costs.fund.terms import figure_totals, quotas

if TYPE_CHECKING:
    from ggu_costs.fund.bill import Bill

__all__ = ["bill_steps"]


def bill_steps(bill: Bill, code: str) -> list[Step]:
    """List the steps: dates, figures of the key, level, quota, cents, VAT."""
    from ggu_costs.fund.bill import split_vat

    terms, sources = bill.terms, bill.sources
    steps = [
        Step(label("map_date"), numbers.date(terms.map_date), sources.get("map_date", "")),
        Step(label("counting_date"), numbers.date(terms.counting_date), sources.get("counting_date", "")),
        Step(label("inhabitants"), numbers.number(_whole(terms.figures["inhabitants"][code])), "CBS"),
    ]
    if terms.basis == "tariff":
        steps += _tariff_steps(bill, code)
    elif terms.basis == "rate":
        rate = numbers.euro(terms.level, decimals=4)
        steps.append(Step(label("rate"), f"{rate} per inwoner", sources.get("level", "")))
    else:
        steps += _key_steps(bill, code)
    if bill.settlement is not None:
        steps.append(Step(label("settlement"), numbers.euro(bill.settlement[code] / 100, plus=True)))
    steps.append(Step(label(bill.column), numbers.euro(bill.cents[code] / 100), bill.rule))
    split = split_vat(bill.cents[code], terms.vat, code)
    for name, cents in (("vat", split.vat), ("recoverable_vat", split.recoverable), ("net", split.net)):
        basis = sources.get("vat", "") if name == "vat" else ""
        steps.append(Step(label(name), numbers.euro(None if cents is None else cents / 100, pm=True), basis))
    return steps


def _key_steps(bill: Bill, code: str) -> list[Step]:
    terms = bill.terms
    totals = figure_totals(terms.figures)
    steps = [Step(label("total"), numbers.euro(terms.level), bill.sources.get("level", ""))]
    for name, part in terms.key.items():
        figure, whole = terms.figures[name][code], totals[name]
        words = f"{numbers.number(_whole(figure))} van {numbers.number(_whole(whole))}"
        basis = bill.sources.get("key", "")
        steps.append(Step(f"{label('key')}: {numbers.percent(part)} naar {label(name)}", words, basis))
    share = quotas(terms.key, terms.figures, totals)[code]
    steps.append(Step("aandeel in het totaal", numbers.percent(share, decimals=6)))
    quota = terms.level * share
    steps.append(Step("quotum, niet afgerond", numbers.euro(quota, decimals=6), "grootste resten"))
    return steps


def _tariff_steps(bill: Bill, code: str) -> list[Step]:
    tariff = bill.terms.tariff
    assert tariff is not None  # noqa: S101 (a fee has a tariff)
    people = bill.terms.figures["inhabitants"][code]
    steps = []
    bounds = [*tariff.brackets[1:], None]
    for lower, upper, rate in zip(tariff.brackets, bounds, tariff.rates, strict=True):
        within = lower <= people and (upper is None or people < upper)
        if tariff.mode == "whole_class":
            units = people if within else Fraction(0)
        else:
            units = max(Fraction(0), (people if upper is None else min(people, upper)) - lower)
        if units:
            until = "" if upper is None else f" tot {numbers.number(_whole(upper))}"
            words = f"{numbers.number(_whole(units))} × {numbers.euro(rate)} = {numbers.euro(units * rate)}"
            steps.append(
                Step(f"schijf vanaf {numbers.number(_whole(lower))}{until}", words, bill.sources.get("level", ""))
            )
    return steps


def _whole(figure: Fraction) -> int | float:
    return int(figure) if figure.denominator == 1 else float(figure)
