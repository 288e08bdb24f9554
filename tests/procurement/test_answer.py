"""What is said first of a case: its amounts, signs, counts and names, worked out here from the model file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from oracles.procurement import open_case, pm, small, value
from shipped import opened, report_of

from ggu_costs.catalogue import compare_models
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Answer
from ggu_costs.procurement import ProcurementCase
from ggu_costs.procurement.answers import take_up_sentence
from ggu_costs.reference import municipalities

MODELS = ("gt-mobiel-1", "example-ibd", "example-specialised-care", "example-once-for-all")
LANGS = ("nl", "en")


def rough(amount: Decimal, lang: str) -> str:
    """Three digits, as a reader of the language writes them."""
    size = abs(amount)
    power = size.adjusted() - 2
    kept = (size / Decimal(10) ** power).quantize(Decimal(1), ROUND_HALF_UP) * Decimal(10) ** power
    mark, sign = {"nl": ("mln", "€ "), "en": ("million", "€")}[lang]
    millions = format((kept / 1_000_000).normalize(), "f")
    whole, _, rest = millions.partition(".")
    rest = rest.ljust(3 - len(whole), "0")
    text = f"{whole}.{rest}" if rest else whole
    return f"{sign}{text.replace('.', ',') if lang == 'nl' else text} {mark}"


def cents(amount: Any, lang: str) -> str:
    text = f"{abs(amount):,.2f}"
    return f"€ {text.translate(str.maketrans(',.', '.,'))}" if lang == "nl" else f"€{text}"


def tiered(tiers: Sequence[Mapping[str, Any]], volume: Decimal) -> Decimal:
    """Each unit at the price of its tier."""
    starts = [Decimal(tier["from_volume"]) for tier in tiers] + [Decimal(10**12)]
    return sum(
        (max(min(volume, end) - start, Decimal(0)) * tier["price"]["value"]
         for tier, start, end in zip(tiers, starts, starts[1:], strict=False)),
        Decimal(0),
    )  # fmt: skip


def worked_out(case: ProcurementCase) -> tuple[Decimal, dict[str, Decimal | None]]:
    """The joint cost without what is PM, and the cost of each on its own, from the file and the counted inhabitants."""
    file = tomllib.loads(Path(case.loaded.path).read_text(encoding="utf-8"), parse_float=Decimal)
    years = Decimal(file["case"].get("duration", {"value": 1})["value"])
    table: Any = municipalities(file["case"]["map_date"]["value"].year)
    (terms,) = file["volumes"]
    volumes = {
        code: Decimal(terms["own"][code]["value"]) if code in terms.get("own", {})
        else (Decimal(int(table.loc[code, "inhabitants"])) * terms["factor"]["value"]).quantize(
            Decimal(1), ROUND_HALF_UP)
        for code in case.codes
    }  # fmt: skip
    joint = Decimal(0)
    for pool in file["pools"]:
        times = Decimal(1) if pool.get("once") else years
        if "fixed" in pool:
            amount = Decimal(pool["fixed"].get("value", 0))
        elif "per_participant" in pool:
            amount = pool["per_participant"]["amount"]["value"] * Decimal(len(volumes))
        elif "regional" in pool:
            regions = {table.loc[code, pool["regional"]["region"]] for code in volumes}
            amount = pool["regional"]["amount"]["value"] * Decimal(len(regions))
        elif "levels" in pool:
            amount = max(Decimal(level["cost"]["value"]) for level in pool["levels"]["levels"])
        else:
            amount = tiered(pool["volume"]["tiers"], sum(volumes.values(), Decimal(0)))
        joint += amount * times
    alone = file["alternatives"]["stand_alone"]
    own = {
        code: None if code in alone.get("own", {}) else Decimal(alone.get("once", {}).get("value", 0))
        + years * (Decimal(alone["fixed"]["value"]) + tiered(alone["volumes"][0]["tiers"], volume))
        for code, volume in volumes.items()
    }  # fmt: skip
    return joint, own


def answer_of(found: Any, lang: str) -> Answer:
    answer = report_in(found, lang).answer
    assert answer is not None
    return answer


@pytest.mark.compiled
@pytest.mark.parametrize("name", MODELS)
def test_the_sentence_of_a_shipped_case(name: str) -> None:
    joint, own = worked_out(opened(f"procurement/{name}"))
    found = report_of(f"procurement/{name}")
    frame = found.frames["participants"]
    known = [code for code, cost in own.items() if cost is not None]
    compared = Decimal(str(round(frame.loc[known, "share"].sum(), 2)))
    alone = sum((cost for cost in own.values() if cost is not None), Decimal(0))
    assert frame["share"].sum() == pytest.approx(float(joint), abs=0.005)
    assert alone > compared  # all of them save
    municipal = sum(code.startswith("GM") for code in own)
    words = {"nl": ("minder dan", "gemeenten", "meer dan"), "en": ("less than", "municipalities", "more than")}
    for lang, (less, towns, more) in words.items():
        answer = answer_of(found, lang)
        assert rough(joint, lang) in answer.sentence
        assert f"{rough(alone - compared, lang)} {less}" in answer.sentence
        assert more not in answer.sentence
        assert str(len(own)) in answer.sentence
        assert f"{municipal} " in answer.sentence
        assert towns in answer.sentence
        values = [tile.value for tile in answer.tiles]
        assert values[:2] == [rough(compared, lang), rough(alone, lang)]
        assert values[2] == f"{rough(alone - compared, lang)} {less.split()[0]}"
        assert len({tile.basis for tile in answer.tiles}) == 1  # never two bases in one row
        assert all(text[0].isupper() or text[0].isdigit() for text in (answer.sentence, *answer.more, *answer.outside))


def better_off(frame: pd.DataFrame, lang: str) -> list[str]:
    """How many pay less and more than alone, and who most, in the words of the language."""
    said = []
    for sign in (1, -1):
        moved = frame[frame["saving"] * sign >= 0.005]
        if len(moved):
            most = moved.loc[(moved["saving"] * sign).idxmax()]
            said.append(f"{most['name']} {'het meest' if lang == 'nl' else 'most'} ({cents(most['saving'], lang)})")
            said.append(str(len(moved)))
    return said


@pytest.mark.compiled
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MODELS)
def test_who_is_better_off_and_under_which_rules_everyone_stays(name: str, lang: str) -> None:
    found = report_of(f"procurement/{name}")
    answer = answer_of(found, lang)
    text = "\n".join(answer.more)
    assert all(part in text for part in better_off(found.frames["participants"], lang))
    rules = found.frames["stability"]
    rules = rules[rules["exists"].astype(bool)]
    stable = int(rules["stable"].astype(bool).sum())
    sentence = next(
        line for line in answer.more if str(len(rules)) in line and line.startswith(("Van", "Of", "O", "U"))
    )
    assert str(stable) in sentence
    assert (f"{'exclusief PM' if lang == 'nl' else 'excluding PM'} (Beproeving" in answer.sentence) is (
        name == "example-once-for-all"
    )


@pytest.mark.compiled
def test_what_else_is_said_of_shipped_cases() -> None:
    """Hours by hand: 342 x (420 - 90) - 26,000 = 86,860 in a year; 1,363 are productive."""
    assert (342 * (420 - 90) - 26_000, round(86_860 / 1363)) == (86_860, 64)
    ibd = "\n".join(answer_of(report_of("procurement/example-ibd"), "nl").more)
    assert "circa 64 fte (86.860 uur in 1 jaar, 1.363 productieve uren per fte per jaar)" in ibd
    report = report_of("procurement/example-once-for-all")
    years = report.frames["take_up"]
    lines = "\n".join(answer_of(report, "nl").more)
    assert rough(Decimal(str(years["joint"].sum())), "nl") in lines
    assert f"{rough(Decimal(str(years['saving_at_least'].sum())), 'nl')} minder" in lines
    assert "ten minste" not in lines  # the lab is PM, and would take something off the saving
    assert "in die jaren samen, exclusief PM (Beproeving (lab)), €" in lines
    assert lines.count("duurder dan zelfstandig in 2021.") == 1
    passed = report.frames["pass_through"]["passed_on"]
    assert f"{cents(passed.sum(), 'nl')} door aan {int((passed > 0).sum())} gemeenten" in lines
    report = report_of("procurement/gt-mobiel-1")
    prices = report.frames["ratchet"]
    lines = "\n".join(answer_of(report, "nl").more)
    assert f"betalen {int((prices['price_before'] > prices['price_after']).sum())} deelnemers" in lines
    assert "€ 804.000 minder" in lines
    assert round(prices["saving"].sum(), -3) == 804_000
    assert "€ 90.000.000" in lines


@pytest.mark.compiled
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MODELS)
def test_the_note_of_one_participant(name: str, lang: str) -> None:
    row: Any = report_of(f"procurement/{name}").frames["participants"].loc["GM0599"]
    found = report_of(f"procurement/{name}", "GM0599")
    answer = answer_of(found, lang)
    less = int(row["share"] < row["alone"])
    words = {"nl": ("meer dan", "minder dan"), "en": ("more than", "less than")}[lang]
    assert answer.sentence.startswith("Rotterdam ")
    assert cents(row["share"], lang) in answer.sentence
    assert f"{cents(row['saving'], lang)} {words[less]}" in answer.sentence
    assert {"nl": "verdeeld volgens: ", "en": "by this rule: "}[lang] in answer.sentence
    assert [tile.value for tile in answer.tiles[:2]] == [cents(row["share"], lang), cents(row["alone"], lang)]
    rules = found.frames["rules"]["share"]
    text = "\n".join(answer.more)
    assert cents(rules.min(), lang) in text
    assert cents(rules.max(), lang) in text
    if "exit" in found.frames:
        assert cents(found.frames["exit"].loc["due_on_exit", "amount"], lang) in text


@pytest.mark.compiled
@pytest.mark.parametrize("lang", LANGS)
def test_a_comparison_says_the_second_minus_the_first(lang: str) -> None:
    one, two = opened("procurement/example-specialised-care"), opened("procurement/example-ibd")
    answer = answer_of(compare_models(one, two).report(), lang)
    a, b = (case.split().to_frame()["share"] for case in (one, two))
    assert b.sum() > a.sum()
    more, less = {"nl": ("meer", "minder"), "en": ("more", "less")}[lang]
    change = rough(Decimal(str(b.sum())) - Decimal(str(a.sum())), lang)
    assert f"{change} {more}" in answer.sentence
    assert answer.tiles[2].value == f"{change} {more}"
    moved = (b - a).round(2)
    frame = compare_models(one, two).report().frames["comparison"]
    assert frame["change_b"].tolist() == pytest.approx(moved.tolist(), abs=0.005)
    text = "\n".join(answer.more)
    assert str(int((moved > 0).sum())) in text
    assert str(int((moved < 0).sum())) in text
    assert cents(moved.max(), lang) in text
    assert cents(moved.min(), lang) in text
    back = answer_of(compare_models(two, one).report(), lang)
    assert f"{change} {less}" in back.sentence
    same = answer_of(compare_models(one, one).report(), lang)
    assert {"nl": "evenveel als A", "en": "as much as A"}[lang] in same.sentence


def test_what_is_not_known_is_never_a_saving() -> None:
    tables = small()
    tables["alternatives"] = {}
    answer = open_case(tables).report().answer
    assert answer is not None
    assert "is niet bekend (PM)" in answer.sentence
    assert "minder dan" not in answer.sentence
    assert len(answer.tiles) == 1
    tables = small()
    tables["alternatives"]["stand_alone"]["own"] = {"GM0106": pm()}
    answer = open_case(tables).report().answer
    assert answer is not None
    assert "voor de 4 van wie de eigen kosten bekend zijn" in answer.sentence
    note = open_case(tables).report("GM0106").answer
    assert note is not None
    assert "is niet bekend (PM)" in note.sentence
    assert [tile.value for tile in note.tiles][1:] == ["PM"]


def test_dearer_together_says_so() -> None:
    tables = small()
    tables["alternatives"]["stand_alone"] = {"fixed": value(1)}
    answer = open_case(tables).report().answer
    assert answer is not None
    assert "€ 2.660 voor 5 deelnemers" in answer.sentence.replace(" per jaar", "")
    assert "meer dan bij zelfstandige uitvoering" in answer.sentence
    assert any(line.startswith("Alle deelnemers (5) zijn samen duurder uit") for line in answer.more)


def test_a_saving_of_some_is_at_least_so_much() -> None:
    """Where somebody's own cost is PM and no cost component is, the years save at least what is known."""
    frame = pd.DataFrame({"participants": [1], "joint": [100.0], "alone": [350.0], "saving_at_least": [250.0]}, [2024])
    assert "€ 100: ten minste € 250 minder dan" in take_up_sentence(frame, ())
    assert "in geen jaar duurder" in take_up_sentence(frame, ())
    assert "ten minste" not in take_up_sentence(frame, ("ICT",))
    dearer = frame.assign(alone=50.0, saving_at_least=-50.0)
    assert "ten hoogste € 50 meer dan" in take_up_sentence(dearer, ())
    assert "duurder dan zelfstandig in 2024" in take_up_sentence(dearer, ())
