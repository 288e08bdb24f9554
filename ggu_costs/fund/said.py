"""What the answers of this room share: why amounts differ, in what they are, who rises and falls most."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from ggu_costs.display.table import similar_size
from ggu_costs.fund.bill import Bill
from ggu_costs.fund.change import Change
from ggu_costs.fund.key_columns import called
from ggu_costs.fund.redistribution import Redistribution
from ggu_costs.fund.result import euro_frame
from ggu_costs.fund.terms import Terms, full_amounts, rate_words, share_words
from ggu_costs.words.messages import Message, joined, message, word

_SAME_RATE = Fraction(1, 200)  # half a cent: what reads the same is the same
_NEIGHBOURS = 4


def money(cents: int) -> Fraction:
    """Cents as exact euros."""
    return Fraction(cents, 100)


def state_of(bills: Iterable[Bill]) -> str:
    """Say the VAT state of amounts, each state once."""
    return joined(dict.fromkeys(word(bill.terms.vat.state, of="vat") for bill in bills), " / ")


def rate_of(bill: Bill) -> Fraction:
    """Euro per inhabitant of all municipalities together, of the bill's own count."""
    return money(bill.total_cents) / bill.terms.totals["inhabitants"]


def key_words(terms: Terms) -> Message:
    """Say how a total is divided."""
    if terms.tariff is not None:
        return message("by_tariff", mode=terms.tariff.mode)
    if terms.basis == "rate":
        return message("by_rate", rate=rate_words(terms.level))
    if len(terms.key) == 1:
        return message("by_key", parts=[called(name, terms.reference) for name in terms.key])
    return message(
        "by_key",
        parts=[
            message("part_by", share=share_words(part), name=called(name, terms.reference))
            for name, part in terms.key.items()
        ],
    )


def causes_of(change: Change, code: str | None = None) -> dict[str, int]:
    """Cents by cause, of one municipality or of all together.

    Of all together own and national growth are one: under a total they cancel out.
    """
    if code is not None:
        return {name: cents[code] for name, cents in change.said().items()}
    sums = {name: sum(cents.values()) for name, cents in change.said().items()}
    growth = [sums.pop(name) for name in ("own_growth", "national_growth") if name in sums]
    return {**sums, "growth": sum(growth)}


def why(causes: Mapping[str, int]) -> str:
    """Say the one or two causes that make most of a difference; nothing where there is none."""
    difference = sum(causes.values())
    there = [name for name, cents in causes.items() if cents]
    same = sorted((name for name in there if causes[name] * difference > 0), key=lambda name: -abs(causes[name]))[:2]
    reasons = [message("cause_rough", cause=name, amount=money(causes[name])) for name in same]
    if not reasons:
        return ""
    return message("because" if len(there) == len(same) else "mainly_because", reasons=reasons)


def all_causes(causes: Mapping[str, int]) -> str:
    """Say every cause of a difference with its amount, the largest first; nothing where there is none."""
    there = sorted((name for name, cents in causes.items() if cents), key=lambda name: -abs(causes[name]))
    reasons = [message("cause_amount", cause=name, amount=money(causes[name])) for name in there]
    return message("causes_are", causes=reasons) if reasons else ""


def why_moved(old: Terms, new: Terms) -> str:
    """Say why some pay more and others less of the same total."""
    if old.key != new.key:
        return message("because_key")
    if (old.conditions, old.phase_in) != (new.conditions, new.phase_in):
        return message("because_conditions")
    if old.tariff != new.tariff:
        return message("because_tariff")
    if old.counting_date != new.counting_date:
        return message("because_growth")
    return message("because_mergers") if old.map_date != new.map_date else ""


def condition_notes(bill: Bill) -> list[str]:
    """Say what bounds and the rounding of each line do to the amounts of a bill."""
    conditions, people, notes = bill.terms.conditions, bill.terms.figures["inhabitants"], list[str]()
    if conditions.bounded:
        held = {"held_by_minimum": 0, "held_by_maximum": 0}
        for code in bill.cents:
            for key, bound in zip(held, conditions.bounds_of(people[code]), strict=True):
                held[key] += bound is not None and abs(bound * 100 - bill.own_cents(code)) < conditions.unit
        notes += [message(key, count=count) for key, count in held.items() if count]
    phase_in = bill.terms.phase_in
    if phase_in is not None:
        full = full_amounts(bill.terms)
        left = [full[code] - bill.own_cents(code) for code in bill.cents]
        key = "phase_in_left" if any(left) else "phase_in_done"
        euro_left = money(sum(cents for cents in left if cents > 0))
        notes.append(message(key, step=phase_in.step, left=euro_left, count=sum(cents > 0 for cents in left)))
        if phase_in.weights:
            notes.append(message("phase_in_starts", title=phase_in.name))
        notes += _passed_bounds(bill)
    if conditions.rounding == "each" and bill.terms.basis == "budget":
        gap = bill.gap_cents
        key = "no_gap_of_lines" if not gap else "gap_of_lines" if gap > 0 else "excess_of_lines"
        notes.append(message(key, gap=Fraction(abs(gap), 100), total=bill.terms.level))
    return notes


def _passed_bounds(bill: Bill) -> list[str]:
    """Name who pays less than the minimum or more than the maximum, as long as a phase-in lasts."""
    conditions, people = bill.terms.conditions, bill.terms.figures["inhabitants"]
    below, above = list[str](), list[str]()
    for code in bill.cents:
        low, high = conditions.bounds_of(people[code])
        cents = bill.own_cents(code)
        if low is not None and cents <= low * 100 - conditions.unit:
            below.append(bill.names[code])
        if high is not None and cents >= high * 100 + conditions.unit:
            above.append(bill.names[code])
    passed = (("phase_in_below", below), ("phase_in_above", above))
    return [message(key, count=len(names), names=names) for key, names in passed if names]


def sides(effect: Redistribution) -> tuple[int, int, int, int]:
    """How many pay more, and less, and the cents that they do together."""
    amounts = effect.difference.values()
    up, down = [cents for cents in amounts if cents > 0], [cents for cents in amounts if cents < 0]
    return len(up), len(down), sum(up), sum(down)


def who_pays(effect: Redistribution) -> Message:
    """Say how many pay more, how many less, and how many the same."""
    up, down, _, _ = sides(effect)
    return counts_pay(up, down, len(effect.after))


def counts_pay(up: int, down: int, count: int) -> Message:
    """Say of so many how many pay more, how many less, and how many the same."""
    for key, those in (("all_more", up), ("all_less", down), ("all_same", count - up - down)):
        if those == count:
            return message(key, n=count)
    same = count - up - down
    return message("counts_pay_same" if same else "counts_pay", up=up, down=down, same=same)


def ends(effect: Redistribution) -> list[tuple[str, Fraction, Fraction]]:
    """Whose amount per inhabitant rises and falls most, as it was and becomes; none where all are alike."""
    rates = effect.rates
    changes = {code: after - before for code, (before, after) in rates.items()}
    if not changes or max(changes.values()) - min(changes.values()) < _SAME_RATE:
        return []
    top, low = max(changes, key=changes.__getitem__), min(changes, key=changes.__getitem__)
    found = [code for code, there in ((top, changes[top] > 0), (low, changes[low] < 0)) if there]
    return [(effect.names.get(code, code), *rates[code]) for code in found]


def amount_ends(effect: Redistribution) -> list[tuple[str, int]]:
    """Whose amount itself rises most, and falls most, with the cents."""
    amounts, names = effect.difference, effect.names
    top, low = max(amounts, key=amounts.__getitem__), min(amounts, key=amounts.__getitem__)
    found = [code for code, there in ((top, amounts[top] > 0), (low, amounts[low] < 0)) if there]
    return [(names.get(code, code), amounts[code]) for code in found]


def extremes(effect: Redistribution, *, named: bool) -> str:
    """Say whose amount per inhabitant rises and falls most; where it is one for all, that, and whose amount.

    Parameters
    ----------
    named
        Whether names are said here; tiles say them otherwise.
    """
    alike = not ends(effect)
    if not (named or alike):
        return ""
    said = [
        message("rate_rises" if becomes > was else "rate_falls", name=name, was=was, becomes=becomes)
        for name, was, becomes in ends(effect)
    ]
    if alike and effect.rates:
        was, becomes = next(iter(effect.rates.values()))
        said = [message("rate_everywhere", was=was, becomes=becomes)]
        said += [
            message("amount_rises" if cents > 0 else "amount_falls", name=name, amount=money(cents))
            for name, cents in (amount_ends(effect) if named else ())
        ]
    return joined(said, " ") if said else ""


def neighbours(effect_or_cents: Mapping[str, int], people: Mapping[str, Fraction], code: str) -> list[str]:
    """Codes of the municipalities of the nearest size, half of them on either side where there are."""
    frame = euro_frame({"amount": effect_or_cents}).assign(inhabitants=[float(people[c]) for c in effect_or_cents])
    near = similar_size(frame, code, "").frame.index.drop(code)
    size = float(people[code])
    return sorted(sorted(near, key=lambda other: abs(float(people[other]) - size))[:_NEIGHBOURS])


def listed_sides(letters: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Put the letter before each text where there are several."""
    several = len(letters) > 1
    pairs = zip(letters, texts, strict=True)
    return [message("titled", of=letter.upper(), title=text) if several else text for letter, text in pairs if text]
