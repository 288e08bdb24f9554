"""What is said first of a joint procurement: its cost beside that of each on its own, and what else must be known.

Amounts are those of the results; a saving counts only those whose stand-alone cost is known, and what is a memorandum
item (PM) is named and never nil.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ggu_costs.display.report import Answer, Tile
from ggu_costs.money import exact_sum
from ggu_costs.procurement.rules import rule_named, rule_words
from ggu_costs.words.messages import euro, joined, message, word

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.business import BusinessCase, EffortSaved
    from ggu_costs.procurement.comparison import RuleComparison
    from ggu_costs.procurement.membership import Membership
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.pass_through import PassThrough
    from ggu_costs.procurement.ratchet import RatchetResult
    from ggu_costs.procurement.split import Split
    from ggu_costs.procurement.stability import Stability
    from ggu_costs.typing import BoolArray

_HALF_A_CENT = 0.005


def of_all(
    case: CaseModel, outcome: BusinessCase, test: Stability, compared: RuleComparison, more: Iterable[str] = ()
) -> Answer:
    """Return what everyone together pays, how much less or more than each on its own, and who is better off.

    Parameters
    ----------
    more
        What else is known of this case: its take-up, its prices after a year.
    """
    setup = outcome.split.setup
    known = ~np.isnan(setup.known_alone)
    sentence = message(
        "together_costs",
        joint=outcome.joint, period=period_of(case), who=_who(case),
        lacking=_excluding(setup.unknown),
        compared=_compared(outcome, int(known.sum())), why=_why(case, outcome.split, known),
    )  # fmt: skip
    basis = basis_of(case)
    if not known.all() and known.any():
        basis = message("basis_of_known", basis=basis, count=int(known.sum()))
    tiles = (
        Tile(name=word("joint_cost", of="line"), value=message("about", amount=outcome.joint_compared), basis=basis),
        Tile(name=word("alone_cost", of="line"), value=message("about", amount=outcome.alone), basis=basis),
        Tile(name=message("joint_minus_alone"), value=message("difference", amount=-outcome.saving), basis=basis),
    ) if known.any() else (
        Tile(name=word("joint_cost", of="line"), value=message("about", amount=outcome.joint), basis=basis),
    )  # fmt: skip
    lines = [
        test.outcome, *_better_off(outcome.split), *_pays_from(outcome), rule_sentence(outcome.split),
        compared.outcome, *more,
        *([effort_sentence(outcome.effort)] if outcome.effort else []), *claim_sentences(case),
    ]  # fmt: skip
    return Answer(sentence=sentence, tiles=tiles, more=tuple(lines), outside=left_out(case))


def of_one(case: CaseModel, split: Split, code: str, compared: RuleComparison, *, told: Iterable[str] = ()) -> Answer:
    """Return what one participant pays, beside its own cost, under this and other rules.

    Parameters
    ----------
    told
        What else is known: whether groups stay, what leaving costs.
    """
    parties = split.setup.parties
    place = parties.at(code)
    share, alone = float(split.values[place]), float(split.setup.known_alone[place])
    people = float(parties.inhabitants[place])
    per = [] if math.isnan(people) else [message("is_per_inhabitant", amount=share / people)]
    sentence = message(
        "participant_pays", name=parties.names[place], share=share, period=period_of(case), per=per,
        compared=_than_alone(share - alone, message("to_the_cent", amount=share - alone)),
        rule=rule_named(split.rule) if isinstance(split.rule, str) else message("rule_by_pool"),
    )  # fmt: skip
    basis = basis_of(case)
    amounts = ((word("share"), euro(share)), (word("alone_cost", of="line"), euro(alone, pm=True)))
    tiles = [Tile(name=name, value=value, basis=basis) for name, value in amounts]
    tiles += [
        Tile(name=message("share_minus_alone"), value=message("to_the_cent", amount=share - alone), basis=basis)
    ] * (not math.isnan(alone))
    lines = [rule_sentence(split)]
    by_rule = {rule: float(other.values[place]) for rule, other in compared.splits.items()}
    if len(set(by_rule.values())) > 1:
        least, most = min(by_rule, key=by_rule.__getitem__), max(by_rule, key=by_rule.__getitem__)
        lines.append(message(
            "between_rules", count=len(by_rule), least=by_rule[least], by_least=rule_named(least), most=by_rule[most],
            by_most=rule_named(most),
        ))  # fmt: skip
    return Answer(sentence=sentence, tiles=tuple(tiles), more=(*lines, *told), outside=left_out(case))


def of_cases(outcomes: Sequence[BusinessCase], cases: Sequence[CaseModel]) -> Answer:
    """Return how much more or less a second and third case costs than the first, and who pays more and less."""
    first, basis = outcomes[0], basis_of(cases[0])
    parts, lines = [], []
    tiles = [Tile(name=message("joint_cost_of", letter="A"), value=message("about", amount=first.joint), basis=basis)]
    for letter, other in zip("BC", outcomes[1:], strict=False):
        change, lacking = other.joint - first.joint, _differently_known(first.split, other.split)
        difference = message("not_comparable", names=lacking) if lacking else _than_first(change)
        parts.append(message("case_beside_first", letter=letter, joint=other.joint, difference=difference))
        value = message("about", amount=other.joint)
        tiles.append(Tile(name=message("joint_cost_of", letter=letter), value=value, basis=basis))
        if lacking:
            continue
        if len(outcomes) == 2:  # a third case takes the place of the difference
            tiles.append(Tile(name=message("second_minus_first"), value=_more(change), basis=basis))
        lines.append(_who_pays_more(letter, first.split, other.split))
        if not math.isnan(first.saving + other.saving):
            lines.append(message("savings_differ", letter=letter, first=-first.saving, other=-other.saving))
    sentence = message("cases_compared", first=first.joint, period=period_of(cases[0]), parts=parts)
    outside = dict.fromkeys(text for case in cases for text in left_out(case))
    return Answer(sentence=sentence, tiles=tuple(tiles), more=tuple(lines), outside=tuple(outside))


def period_of(case: CaseModel) -> str:
    """Over which years amounts are."""
    years = case.setup.duration
    if case.of_year is not None:
        return message("in_the_year", year=case.of_year)
    return message("in_a_year") if years == 1 else message("over_years", years=years)


def basis_of(case: CaseModel) -> str:
    """Of what amounts are: years, VAT, price level; and over several years that they are a plain sum."""
    level, definition = case.definition.price_level, case.definition
    parts = [period_of(case), word(definition.vat_state, of="vat")]
    if level:
        named = level in ("current", "unknown")
        parts.append(word(level, of="price_level") if named else message("at_price_level", level=level))
    if case.setup.duration != 1:
        parts.append(message("not_discounted_here"))
    return joined(parts)


def left_out(case: CaseModel) -> tuple[str, ...]:
    """What is in no figure: pools that are PM, and the VAT that comes back."""
    unknown = [message("pool_pm", names=case.setup.unknown)] if case.setup.unknown else []
    return (*unknown, *case.vat_notes())


def rule_sentence(split: Split) -> str:
    """By which rule the cost is split, and what that rule does."""
    if isinstance(split.rule, str):
        return message("split_by_rule", rule=rule_words(split.rule), does=word(split.rule, of="rule_explained"))
    names = split.setup.pool_names
    parts = [
        message("pool_by_rule", pool=names.get(pool, pool), rule=rule_words(rule)) for pool, rule in split.rule.items()
    ]
    used = [rule for rule in dict.fromkeys(split.rule.values()) if rule in _EXPLAINED]
    does = [message("rule_is", rule=rule_words(rule), does=word(rule, of="rule_explained")) for rule in used]
    return message("split_by_rules", parts=parts, does=does)


_EXPLAINED = ("serial", "decreasing_serial", "scrb", "shapley", "owen", "nucleolus")
"""Rules whose name does not say what they do."""


def take_up_sentence(along: pd.DataFrame, unknown: Sequence[str]) -> str:
    """What the years of a take-up cost together without what is PM, and which cost more than each on its own."""
    saving = along[along.columns[-1]]
    total = exact_sum(saving) if saving.notna().all() else math.nan
    dearer = [str(year) for year, amount in saving.items() if amount <= -_HALF_A_CENT]
    key = "take_up_dearer" if dearer else "take_up_cheaper"
    words = _more(-total)
    if along.columns[-1] == "saving_at_least" and not unknown:  # a cost that is PM takes something off again
        words = message("at_least" if total > 0 else "at_most", difference=words)
    return message(
        key, first=along.index[0], last=along.index[-1], joint=exact_sum(along["joint"]),
        compared=_than_alone(-total, words), years=dearer, lacking=_excluding(unknown),
    )  # fmt: skip


def ratchet_sentence(result: RatchetResult) -> str:
    """What the lowest price saves all together in the year after, and with how many participants."""
    saved = {str(supplier): float(saving) for supplier, saving in result.by_supplier()["saving"].items()}
    most = max(saved, key=saved.__getitem__)
    lower = int((result.before > result.after).sum())
    return message("ratchet_saves", saving=result.saving, count=lower, supplier=most, most=saved[most])


def pass_through_sentence(result: PassThrough) -> str:
    """What joint bodies pass on to how many municipalities."""
    return message("passes_on", amount=sum(result.passed.values()) / 100, count=len(result.passed))


def membership_sentence(result: Membership) -> str:
    """What entry or exit costs so that the others are no worse off."""
    return message(f"{result.move}_due", name=result.name, due=result.due, added=result.added)


def effort_sentence(effort: EffortSaved) -> str:
    """The work that comes free, in full-time equivalents."""
    key = "capacity_freed" if effort.hours >= 0 else "capacity_asked"
    return message(
        key, fte=abs(effort.fte), hours=abs(effort.hours), years=effort.years, productive=effort.productive_hours
    )


def claim_sentences(case: CaseModel) -> list[str]:
    """What sources state of the case, beside which our figures stand; not ours."""
    return [
        message("source_states", name=claim.name, amount=case.numbers.number(claim.value))
        for claim in case.definition.claims if claim.value.unit == "EUR"
    ]  # fmt: skip


def _who(case: CaseModel) -> str:
    """How many take part, how many of them are municipalities, and in which year of a take-up."""
    parties = case.setup.parties
    municipal = parties.kinds.count("municipality")
    year = (
        [message("of_year", year=case.taken_up)]
        if case.taken_up and case.participants is None and case.of_year is None
        else []
    )
    if municipal == parties.count:
        return message("count_of_municipalities", count=municipal, year=year)
    return message("count_of_whom", count=parties.count, municipal=municipal, year=year)


def _excluding(unknown: Sequence[str]) -> list[str]:
    """What is PM and not in an amount, where there is any."""
    return [message("excluding_pm", names=unknown)] if unknown else []


def _more(amount: float) -> str:
    """A difference with its sign in words."""
    return message("difference", amount=amount)


def _than_alone(amount: float, words: str) -> str:
    """A difference with the cost of each on its own; the same, or not known."""
    if math.isnan(amount):
        return message("own_cost_pm")
    return message("as_alone" if abs(amount) < _HALF_A_CENT else "than_alone", difference=words)


def _than_first(amount: float) -> str:
    """A difference with the first case; the same."""
    return message("as_first") if abs(amount) < _HALF_A_CENT else message("than_first", amount=amount)


def _differently_known(first: Split, other: Split) -> list[str]:
    """Names of cost pools that are PM in one of two cases and stated in the other, or not there."""
    return sorted(set(first.setup.unknown) ^ set(other.setup.unknown))


def _compared(outcome: BusinessCase, known: int) -> str:
    """The joint cost beside that of each on its own, for those of whom that is known."""
    told = _than_alone(-outcome.saving, _more(-outcome.saving))
    everyone = known in (0, outcome.split.setup.parties.count)
    return told if everyone else message("of_known", count=known, compared=told)


def _why(case: CaseModel, split: Split, known: BoolArray) -> list[str]:
    """What of the difference is in costs that go by volume, and what in others; nothing where that is not known."""
    setup, terms = split.setup, case.definition.alternatives.stand_alone
    if terms is None or terms.input is not None or not known.any() or not terms.volumes:
        return []
    if any(code in setup.parties.position and known[setup.parties.at(code)] for code in terms.own):
        return []
    parts = split.shares.parts
    if parts is None and not known.all():
        return []
    by_volume = {pool.id for pool in case.definition.pools if pool.kind == "volume"}
    joint = exact_sum(
        pool.total if parts is None else exact_sum(parts[pool.id][known])
        for pool in setup.pools if pool.id in by_volume
    )  # fmt: skip
    fixed = 0.0
    for value, years in ((terms.once, 1.0), (terms.fixed, float(setup.duration))):
        fixed += 0.0 if value is None else float(case.numbers.known(value, "alternatives.stand_alone")) * years
    alone = exact_sum(setup.known_alone[known]) - fixed * int(known.sum())
    whole = exact_sum(split.values[known]) - exact_sum(setup.known_alone[known])
    return [message("fixed_and_volume", fixed=whole - (joint - alone), volume=joint - alone)]


def _better_off(split: Split) -> list[str]:
    """How many pay less and how many more than on their own, and who most, in euro."""
    parties, saved = split.setup.parties, split.setup.known_alone - split.values
    lines: list[str] = []
    for key, sign in (("cheaper_in", 1.0), ("dearer_in", -1.0)):
        inside = np.nan_to_num(sign * saved) >= _HALF_A_CENT
        if inside.any():
            most = int(np.argmax(np.where(inside, sign * saved, -math.inf)))
            everyone = bool(inside.sum() == parties.count)
            lines.append(message(
                f"{key}_all" if everyone else key, count=int(inside.sum()), whole=parties.count,
                name=parties.names[most], amount=float(sign * saved[most]),
            ))  # fmt: skip
    return lines


def _pays_from(outcome: BusinessCase) -> list[str]:
    """From how many participants on it pays, in both orders of joining."""
    numbers = [turn.number for turn in outcome.break_even]
    if not numbers:
        return []
    if None in numbers:
        return [message("pays_never")]
    return [message("pays_from", largest=numbers[0], smallest=numbers[1])]


def _who_pays_more(letter: str, first: Split, other: Split) -> str:
    """Of those who take part in both cases: how many pay more, how many less, and who most."""
    names = dict(zip(other.codes, other.setup.parties.names, strict=True))
    one, two = (dict(zip(split.codes, split.values.tolist(), strict=True)) for split in (first, other))
    change = {code: two[code] - one[code] for code in two if code in one}
    lines = []
    for key, sign in (("pay_more", 1), ("pay_less", -1)):
        moved = [code for code in change if sign * change[code] >= _HALF_A_CENT]
        if moved:
            most = max(moved, key=lambda code: sign * change[code])
            lines.append(message(key, count=len(moved), name=names[most], amount=abs(change[most])))
    return message("who_pays_more", letter=letter, both=len(change), lines=lines or [message("nobody_differs")])
