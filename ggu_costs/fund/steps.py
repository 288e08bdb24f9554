"""The steps from source to amount of one municipality's bill, in words."""

from fractions import Fraction

from ggu_costs.fund.billed import Billed
from ggu_costs.fund.key_columns import called
from ggu_costs.fund.terms import Terms, earlier_amounts, exact_figures, full_amounts, rate_words, share_words
from ggu_costs.results.base import Step
from ggu_costs.words.messages import day, euro, joined, message, number, percent, word


def bill_steps(bill: Billed, code: str) -> list[Step]:
    """List the steps: dates, figures of the key, level, quota, cents, VAT."""
    terms, sources = bill.terms, bill.sources
    steps = [
        Step(word("map_date"), day(terms.map_date), sources.get("map_date", "")),
        Step(word("counting_date"), day(terms.counting_date), sources.get("counting_date", "")),
        *_origin_steps(terms, code),
        Step(word("inhabitants"), _count(terms.figures["inhabitants"][code]), _counted_by(terms)),
    ]
    steps += _index_steps(terms)
    if terms.basis == "tariff":
        steps += [*_tariff_steps(bill, code), *_bound_steps(bill, code)]
    elif terms.basis == "rate":
        steps.append(
            Step(
                word("rate"),
                message("per_inhabitant", amount=rate_words(terms.level)),
                sources.get("level", ""),
            )
        )
        steps += _bound_steps(bill, code)
    else:
        steps += _key_steps(bill, code)
    if bill.settlement is not None:
        steps.append(Step(word("settlement"), euro(bill.settlement[code] / 100, plus=True)))
    state = word(terms.vat.state, of="vat")
    steps.append(
        Step(
            word(bill.column),
            _euro(bill.cents[code]),
            joined([word(bill.rule, of="rule"), state]),
        )
    )
    return [*steps, *_vat_steps(bill, code)]


def _index_steps(terms: Terms) -> list[Step]:
    """From the prices of which year amounts were brought to those of the bill, and as which publications had it."""
    indexed = terms.indexed
    if indexed is None or indexed.base_year is None:
        return []
    of = message("index_from", first=indexed.base_year, last=terms.year)
    basis = joined(indexed.vintages_of(indexed.base_year, terms.year))
    return [Step(of, message("multiplied_by", factor=indexed.factor(terms.year)), basis)]


def _origin_steps(terms: Terms, code: str) -> list[Step]:
    """Where the inhabitants were counted, when the municipal map changed after the count."""
    if terms.counting_date == terms.map_date:
        return []
    moved = terms.reference.transfer(terms.counting_date, terms.map_date)
    parts = [(old, share) for old, new in moved.items() for to, share in new
             if to == code]  # fmt: skip
    if [old for old, _ in parts] == [code]:
        return []
    names = terms.reference.names_of(terms.counting_date)
    counted = exact_figures(["inhabitants"], terms.counting_date, terms.counting_date, terms.reference)["inhabitants"]
    steps = []
    for old, share in parts:
        people = _count(counted[old])
        words = people if share == 1 else message("part_of", part=share_words(share), whole=people)
        steps.append(Step(message("inhabitants_of", name=names[old], code=old), words, _counted_by(terms)))
    return steps


def _counted_by(terms: Terms) -> str:
    return terms.reference.counted_by(terms.counting_date.year)


def _vat_steps(bill: Billed, code: str) -> list[Step]:
    """VAT, what the VAT compensation fund returns, and what is left."""
    vat, offset = bill.terms.vat, bill.terms.offset
    split = vat.split(bill.cents[code], code)
    taxed, returned = "", ""
    if vat.rate is not None and vat.taxed_share is not None:
        taxed = message("taxed_part", rate=share_words(vat.rate), share=share_words(vat.taxed_share))
    if vat.recoverable_share is not None:
        returned = message("of_the_vat", share=share_words(vat.recoverable_share[code]))
    taxed = joined(filter(None, (taxed, bill.sources.get("vat", ""))))
    steps = [Step(word("vat"), _euro(split.vat), taxed if vat.state != "none" else word("none", of="vat"))]
    if vat.state == "excl":
        steps.append(Step(word("including_vat"), _euro(None if split.vat is None else split.invoice)))
    steps.append(Step(word("recoverable_vat"), _euro(split.recoverable), returned))
    steps.append(Step(word("net"), _euro(split.net)))
    if offset is not None:
        after = None if split.net is None else split.net - offset[code]
        steps += [
            Step(word("offset"), _euro(offset[code])),
            Step(word("net_after_offset"), _euro(after)),
        ]
    return steps


def _euro(cents: int | None) -> str:
    return euro(None if cents is None else Fraction(cents, 100), pm=True)


def _level_steps(bill: Billed) -> list[Step]:
    """The total: as stated, or the budgets of the activities less what the reserve pays."""
    terms = bill.terms
    total = Step(word("total"), euro(terms.level), bill.sources.get("level", ""))
    if "level" in bill.sources:
        return [total]
    budgets = sum(terms.budgets.values())
    steps = [Step(message("budget_of_activities", count=len(terms.budgets)), _euro(budgets))]
    if terms.withdrawal:
        steps.append(Step(word("withdrawal"), _euro(terms.withdrawal)))
    return [*steps, total]


def _key_steps(bill: Billed, code: str) -> list[Step]:
    terms = bill.terms
    steps, share = _level_steps(bill), Fraction(0)
    for name, part in terms.key.items():
        figure, whole = terms.figures[name][code], terms.totals[name]
        share += part * figure / whole
        words = message("part_of", part=_count(figure), whole=_count(whole))
        basis = bill.sources.get("key", "")
        steps.append(
            Step(message("key_part", share=share_words(part), name=called(name, terms.reference)), words, basis)
        )
    steps.append(Step(message("share_of_total"), percent(share, decimals=6)))
    quota = terms.level * share
    conditions = terms.conditions
    basis = word(conditions.rounding, of="rounding") if not conditions.plain else message("largest_remainder")
    steps.append(Step(message("quota"), euro(quota, decimals=6), basis))
    return [*steps, *_bound_steps(bill, code), *_phase_in_steps(bill, code)]


def _phase_in_steps(bill: Billed, code: str) -> list[Step]:
    """Where a phase-in comes from, where it goes, and by how much a bill may have risen."""
    terms, phase_in = bill.terms, bill.terms.phase_in
    if phase_in is None:
        return []
    people = terms.figures["inhabitants"][code]
    capped = message("phase_in_cap", step=phase_in.step, rate=rate_words(phase_in.cap))
    start = message("phase_in_from_bill", title=phase_in.name) if phase_in.weights else word("phase_in_from")
    return [
        Step(word("without_phase_in"), _euro(full_amounts(terms)[code])),
        Step(start, _euro(earlier_amounts(terms, phase_in)[code]), bill.sources.get("phase_in", "")),
        Step(word("phase_in_at_most"), euro(phase_in.cap * people), capped),
    ]


def _bound_steps(bill: Billed, code: str) -> list[Step]:
    """What the municipality pays at least and at most, and whether that holds its amount."""
    conditions, cents = bill.terms.conditions, bill.own_cents(code)
    bounds = conditions.bounds_of(bill.terms.figures["inhabitants"][code])
    steps = []
    for name, bound in zip(("minimum", "maximum"), bounds, strict=True):
        if bound is not None:
            held = abs(bound * 100 - cents) < conditions.unit
            sources = [bill.sources.get(one, "") for one in (name, f"{name}_per_inhabitant")]
            basis = joined(filter(None, (message("holds_amount") if held else "", *sources)))
            steps.append(Step(word(name), euro(bound), basis))
    return steps


def _tariff_steps(bill: Billed, code: str) -> list[Step]:
    tariff = bill.terms.tariff
    assert tariff is not None  # noqa: S101 (a fee has a tariff)
    people = bill.terms.figures["inhabitants"][code]
    steps = []
    bounds = [*tariff.brackets[1:], None]
    held = tariff.brackets[tariff.bracket_of(people)]
    for place, (lower, upper, rate) in enumerate(zip(tariff.brackets, bounds, tariff.rates, strict=True)):
        if tariff.mode == "whole_class":
            units = people if lower == held else Fraction(0)
        else:
            units = max(Fraction(0), (people if upper is None else min(people, upper)) - lower)
        if units:
            key = "bracket_from" if upper is None else "bracket_from_to"
            if tariff.up_to_and_including and lower:
                key = "bracket_above" if upper is None else "bracket_above_to"
            elif tariff.up_to_and_including and upper is not None:
                key = "bracket_to"
            bracket = message(key, lower=_count(lower), upper="" if upper is None else _count(upper))
            words = message("times", units=_count(units), rate=rate, amount=units * rate)
            if rate:
                steps.append(Step(bracket, words, bill.sources.get("level", "")))
        if lower == held and (tariff.amounts or tariff.fixed):
            besides = [("fixed_amount", tariff.fixed), ("class_amount", tariff.amount_in(place) - tariff.fixed)]
            steps += [
                Step(message(name), euro(amount), bill.sources.get("level", "")) for name, amount in besides if amount
            ]
    return steps


def _count(figure: Fraction) -> str:
    return number(figure, decimals=0 if figure.denominator == 1 else 2)
