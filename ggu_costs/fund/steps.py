"""The steps from source to amount of one municipality's bill, in words."""

from fractions import Fraction

from ggu_costs.display.result import Step
from ggu_costs.fund.billed import Billed
from ggu_costs.fund.terms import Terms, exact_figures, rate_words, share_words
from ggu_costs.reference import names_of, transfer
from ggu_costs.words import numbers
from ggu_costs.words.label import label


def bill_steps(bill: Billed, code: str) -> list[Step]:
    """List the steps: dates, figures of the key, level, quota, cents, VAT."""
    terms, sources = bill.terms, bill.sources
    steps = [
        Step(label("map_date"), numbers.date(terms.map_date), sources.get("map_date", "")),
        Step(label("counting_date"), numbers.date(terms.counting_date), sources.get("counting_date", "")),
        *_origin_steps(terms, code),
        Step(label("inhabitants"), _count(terms.figures["inhabitants"][code]), "CBS"),
    ]
    if terms.basis == "tariff":
        steps += _tariff_steps(bill, code)
    elif terms.basis == "rate":
        steps.append(Step(label("rate"), f"{rate_words(terms.level)} per inwoner", sources.get("level", "")))
    else:
        steps += _key_steps(bill, code)
    if bill.settlement is not None:
        steps.append(Step(label("settlement"), numbers.euro(bill.settlement[code] / 100, plus=True)))
    state = label(terms.vat.state, of="vat")
    steps.append(Step(label(bill.column), _euro(bill.cents[code]), f"{label(bill.rule, of='rule')}, {state}"))
    return [*steps, *_vat_steps(bill, code)]


def _origin_steps(terms: Terms, code: str) -> list[Step]:
    """Where the inhabitants were counted, when the municipal map changed after the count."""
    if terms.counting_date == terms.map_date:
        return []
    parts = [(old, share) for old, new in transfer(terms.counting_date, terms.map_date).items() for to, share in new
             if to == code]  # fmt: skip
    if [old for old, _ in parts] == [code]:
        return []
    names = names_of(terms.counting_date)
    counted = exact_figures(["inhabitants"], terms.counting_date, terms.counting_date)["inhabitants"]
    steps = []
    for old, share in parts:
        people = _count(counted[old])
        words = people if share == 1 else f"{share_words(share)} van {people}"
        steps.append(Step(f"{label('inhabitants')} van {names[old]} ({old})", words, "CBS"))
    return steps


def _vat_steps(bill: Billed, code: str) -> list[Step]:
    """VAT, what the VAT compensation fund returns, and what is left."""
    vat, offset = bill.terms.vat, bill.terms.offset
    split = vat.split(bill.cents[code], code)
    taxed = returned = ""
    if vat.rate is not None and vat.taxed_share is not None:
        taxed = f"{share_words(vat.rate)} over {share_words(vat.taxed_share)} belast deel"
    if vat.recoverable_share is not None:
        returned = f"{share_words(vat.recoverable_share[code])} van de btw"
    taxed = ", ".join(words for words in (taxed, bill.sources.get("vat", "")) if words)
    steps = [Step(label("vat"), _euro(split.vat), taxed if vat.state != "none" else label("none", of="vat"))]
    if vat.state == "excl":
        steps.append(Step(label("including_vat"), _euro(None if split.vat is None else split.invoice)))
    steps.append(Step(label("recoverable_vat"), _euro(split.recoverable), returned))
    steps.append(Step(label("net"), _euro(split.net)))
    if offset is not None:
        after = None if split.net is None else split.net - offset[code]
        steps += [Step(label("offset"), _euro(offset[code])), Step(label("net_after_offset"), _euro(after))]
    return steps


def _euro(cents: int | None) -> str:
    return numbers.euro(None if cents is None else Fraction(cents, 100), pm=True)


def _level_steps(bill: Billed) -> list[Step]:
    """The total: as stated, or the budgets of the activities less what the reserve pays."""
    terms = bill.terms
    total = Step(label("total"), numbers.euro(terms.level), bill.sources.get("level", ""))
    if "level" in bill.sources:
        return [total]
    budgets = sum(terms.budgets.values())
    count = f"{len(terms.budgets)} {label('activities')}"
    steps = [Step(f"{label('budget')} van {count}", _euro(budgets))]
    if terms.withdrawal:
        steps.append(Step(label("withdrawal"), _euro(terms.withdrawal)))
    return [*steps, total]


def _key_steps(bill: Billed, code: str) -> list[Step]:
    terms = bill.terms
    steps, share = _level_steps(bill), Fraction(0)
    for name, part in terms.key.items():
        figure, whole = terms.figures[name][code], terms.totals[name]
        share += part * figure / whole
        words = f"{_count(figure)} van {_count(whole)}"
        basis = bill.sources.get("key", "")
        steps.append(Step(f"{label('key')}: {share_words(part)} naar {label(name)}", words, basis))
    steps.append(Step("aandeel in het totaal", numbers.percent(share, decimals=6)))
    quota = terms.level * share
    steps.append(Step("quotum, niet afgerond", numbers.euro(quota, decimals=6), "grootste resten"))
    return steps


def _tariff_steps(bill: Billed, code: str) -> list[Step]:
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
            until = "" if upper is None else f" tot {_count(upper)}"
            words = f"{_count(units)} × {numbers.euro(rate)} = {numbers.euro(units * rate)}"
            steps.append(Step(f"schijf vanaf {_count(lower)}{until}", words, bill.sources.get("level", "")))
    return steps


def _count(figure: Fraction) -> str:
    return numbers.number(figure, decimals=0 if figure.denominator == 1 else 2)
