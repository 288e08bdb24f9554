"""What is said first: its amount, sign, counts and names follow from the tables, computed here from the files alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cases import EVERY_MODEL
from oracles.carry import rows
from oracles.fund import Cents, codes_on, counted, fee_of, half_up, hamilton, moved, moved_cents, nation
from typer.testing import CliRunner

from ggu_costs.catalogue import compare_models, open_model
from ggu_costs.cli import app
from ggu_costs.display.report import Report
from ggu_costs.errors import InputError
from ggu_costs.report.dossier import comparison_dossier, dossier, files_of
from ggu_costs.report.tables import csv_bytes
from ggu_costs.words.messages import say, say_all

FIRST = 12  # lines of a terminal that are read
RATES = {
    2023: [(0, "1.81"), (5_000, "1.66"), (25_000, "1.43"), (200_000, "0.71")],
    2024: [(0, "1.92"), (5_000, "1.76"), (25_000, "1.52"), (200_000, "0.75")],
}
MIXED = {"inhabitants": Fraction(4, 5), "equal": Fraction(1, 5)}
VEENENDAAL = "GM0345"


def fund(year: int, total: int = 5_230_000_000, key: Mapping[str, Fraction] | None = None) -> Cents:
    """The bill of 1 January of a year, the slow way."""
    day = f"{year}-01-01"
    parts = {
        code: sum(
            (part * counted(name, year, day)[code] / nation(name, year, day) for name, part in (key or ONE).items()),
            Fraction(0),
        )
        for code in codes_on(day)
    }
    return hamilton(total, parts)


ONE = {"inhabitants": Fraction(1)}


def fee(year: int) -> Cents:
    brackets = [(start, Fraction(rate)) for start, rate in RATES[year]]
    people = counted("inhabitants", year, f"{year}-01-01")
    return {code: half_up(100 * fee_of(count, brackets)) for code, count in people.items()}


def written(cents: float | Fraction, lang: str) -> str:
    """An amount in euro as it is read, from cents."""
    sign, text = abs(half_up(Fraction(cents))), ""
    text = f"{sign // 100:,}.{sign % 100:02d}"
    if lang == "nl":
        return "€ " + text.translate(str.maketrans(",.", ".,"))
    return "€" + text


def more(cents: int, lang: str) -> str:
    """A difference with its sign in words."""
    if not cents:
        return {"nl": "evenveel", "en": "the same"}[lang]
    word = {"nl": ("meer", "minder"), "en": ("more", "less")}[lang][cents < 0]
    return f"{written(cents, lang)} {word}"


def name_of(code: str, year: int) -> str:
    return next(row["name"] for row in rows(f"municipalities_{year}.csv") if row["code"] == code)


def said(report: Report, lang: str) -> str:
    assert report.answer is not None
    answer = report.answer
    tiles = [text for tile in answer.tiles for text in (tile.name, tile.value, tile.basis)]
    return "\n".join(say_all([answer.sentence, *tiles, *answer.more, *answer.outside], lang))


def terminal(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return "\n".join(result.stdout.splitlines()[:FIRST])


# bills


BILLS: dict[str, tuple[int, Cents, str]] = {
    **{f"funds/ggu/{year}": (year, fund(year), "inclusief btw") for year in (2018, 2019, 2020)},
    **{f"fees/vng-contributie/{year}": (year, fee(year), "btw onbekend") for year in (2023, 2024)},
}
SHOWN = [*BILLS] if EVERY_MODEL else ["funds/ggu/2020", "fees/vng-contributie/2024"]
STATE = {"inclusief btw": "including VAT", "btw onbekend": "VAT unknown"}


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("model", SHOWN)
def test_a_bill_says_what_it_totals_and_what_that_is_per_inhabitant(model: str, lang: str, tmp_path: Path) -> None:
    year, cents, state = BILLS[model]
    total, people = sum(cents.values()), nation("inhabitants", year, f"{year}-01-01")
    facts = [
        written(total, lang), written(Fraction(total) / people, lang), str(year), str(len(cents)),
        state if lang == "nl" else STATE[state], "PM",
    ]  # fmt: skip
    text = said(open_model(model).report(), lang)
    first = terminal("run", model, "--out", tmp_path / "out", "--lang", lang)
    for fact in facts:
        assert fact in text
        assert fact in first


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("model", SHOWN)
def test_a_note_says_what_one_pays_and_who_is_alike(model: str, lang: str, tmp_path: Path) -> None:
    year, cents, _ = BILLS[model]
    people = counted("inhabitants", year, f"{year}-01-01")
    rate = Fraction(cents[VEENENDAAL]) / people[VEENENDAAL]
    place = 1 + sum(count > people[VEENENDAAL] for count in people.values())
    near = sorted((code for code in people if code != VEENENDAAL), key=lambda c: abs(people[c] - people[VEENENDAAL]))
    facts = [
        "Veenendaal", written(cents[VEENENDAAL], lang), written(rate, lang),
        f"{place} {'van' if lang == 'nl' else 'of'}",
        *(f"{name_of(code, year)} ({written(cents[code], lang)})" for code in near[:4]),
    ]  # fmt: skip
    text = said(open_model(model).report(VEENENDAAL), lang)
    first = terminal("run", model, "--out", tmp_path / "out", "--lang", lang, "--municipality", VEENENDAAL)
    for fact in facts:
        assert fact in text
        assert fact in first


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_a_portfolio_says_what_changed_and_why_and_what_became_of_the_money(lang: str, tmp_path: Path) -> None:
    """By hand from the file: 2025 has budgets of 28.6 million and no withdrawal, 2024 30.2 million less 0.5."""
    old, new = 2_970_000_000, 2_860_000_000
    people = {year: nation("inhabitants", year, f"{year}-01-01") for year in (2021, 2024, 2025)}
    running = 2_860_000_000 - Fraction(103, 100) * 3_020_000_000
    assert running == -250_600_000  # what four activities cost less than the index would have it
    facts = [
        written(new, lang), more(new - old, lang), written(old / people[2024], lang), written(new / people[2025], lang),
        {"nl": "€ 2,51 mln minder door bijstelling lopende activiteiten", "en": "€2.51 million less"}[lang],
        {"nl": "toevoegen aan de reserve", "en": "reserve"}[lang] + f" ({written(40_000_000, lang)})",
        "2022-H1", more(4_030_000_000 - 4_040_000_000, lang), written(140_000_000, lang),
        written(3_800_000_000 / people[2021], lang),
    ]  # fmt: skip
    text = said(open_model("funds/example-portfolio").report(), lang)
    first = terminal("run", "funds/example-portfolio", "--out", tmp_path / "out", "--lang", lang)
    for fact in facts:
        assert fact in text
        assert fact in first


def test_what_is_left_after_vat_has_its_name_and_its_caution() -> None:
    model = open_model("funds/ggu/2020", data={"taxed_share": 1, "recoverable_share": 0.5})
    text = said(model.report(), "nl")
    tax = sum(half_up(Fraction(cents) * 21 / 121) for cents in fund(2020).values())
    assert re.search(r"Netto na BCF blijft € 47\.761\.\d{3},\d\d over", text)
    assert abs(half_up(Fraction(5_230_000_000) * 21 / 121) - tax) < 400
    assert "Gemeenten samen winnen niets met compensabele btw voor zover het plafond" in text
    assert "PM" not in text


# comparisons


FUNDS = {year: open_model(f"funds/ggu/{year}") for year in (2018, 2019, 2020)}
FEES = {year: open_model(f"fees/vng-contributie/{year}") for year in (2023, 2024)}
OTHER = FUNDS[2020].with_changes(key={"inhabitants": 0.8, "equal": 0.2})

COMPARED: dict[str, tuple[list[Any], int, list[Cents], list[int]]] = {
    "2018, 2019 and 2020": (
        list(FUNDS.values()), 2020,
        [moved_cents(fund(year), f"{year}-01-01", "2020-01-01") for year in FUNDS], [2018, 2019, 2020],
    ),
    "fees": (list(FEES.values()), 2024, [fee(2023), fee(2024)], [2023, 2024]),
    "another key": ([FUNDS[2020], OTHER], 2020, [fund(2020), fund(2020, key=MIXED)], [2020, 2020]),
}  # fmt: skip


def extremes(year: int, before: Cents, after: Cents, years: tuple[int, int]) -> list[tuple[str, Fraction, Fraction]]:
    """Whose amount per inhabitant rises and falls most, with it as it was and becomes, in cents."""
    old = moved(counted("inhabitants", years[0], f"{years[0]}-01-01"), f"{years[0]}-01-01", f"{year}-01-01")
    new = moved(counted("inhabitants", years[1], f"{years[1]}-01-01"), f"{years[1]}-01-01", f"{year}-01-01")
    rates = {code: (Fraction(before[code]) / old[code], Fraction(after[code]) / new[code]) for code in after}
    change = {code: last - first for code, (first, last) in rates.items()}
    ends = max(change, key=lambda code: change[code]), min(change, key=lambda code: change[code])
    if change[ends[0]] - change[ends[1]] < Fraction(1, 2):
        return []
    return [
        (name_of(code, year), *rates[code]) for code, up in zip(ends, (1, -1), strict=True) if change[code] * up > 0
    ]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("case", COMPARED)
def test_a_comparison_leads_with_new_minus_old_and_with_who_pays_more(case: str, lang: str, tmp_path: Path) -> None:
    models, year, sides, years = COMPARED[case]
    comparison = compare_models(*models)
    report = comparison.report()
    text = said(report, lang)
    words = [model.definition.id for model in models]
    shown = [text]
    if case != "another key":
        shown.append(terminal("compare", *words, "--out", tmp_path / "out", "--lang", lang))
    for place, after in enumerate(sides[1:], 1):
        before = sides[0]
        differences = {code: after[code] - before[code] for code in after}
        up, down = (sum(cents * side > 0 for cents in differences.values()) for side in (1, -1))
        facts = [more(sum(differences.values()), lang), written(sum(after.values()), lang), str(len(after))]
        if up < len(after):
            facts += [str(up), str(down), written(sum(cents for cents in differences.values() if cents > 0), lang)]
        for name, was, becomes in extremes(year, before, after, (years[0], years[place])):
            facts += [name, written(was, lang), written(becomes, lang)]
        letter = "bc"[place - 1]
        frame = comparison.to_frame()
        assert {code: half_up(Fraction(str(euro)) * 100) for code, euro in frame[f"difference_{letter}"].items()} == (
            differences
        )
        for fact in facts:
            assert all(fact in each for each in shown), fact
    alike = len({round(rate, 3) for rate in (frame["per_inhabitant_b"] - frame["per_inhabitant_a"])}) == 1
    assert report.map == ("comparison", "difference_b" if alike else "per_inhabitant_change_b")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_fee_of_one_rises_by_the_whole_difference(lang: str, tmp_path: Path) -> None:
    """A1 of the faults that were found: + 781.76 stood where the bill rises by 7,858.05."""
    words = [model.definition.id for model in FEES.values()]
    first = terminal("compare", *words, "--municipality", VEENENDAAL, "--out", tmp_path / "out", "--lang", lang)
    sentence = first.splitlines()[1]
    for cents in (785_805, 78_176, 707_629):
        assert more(cents, lang) in sentence
    assert sentence.index(more(785_805, lang)) < sentence.index(more(78_176, lang))
    for amount in (10_449_075, 11_234_880):
        assert written(amount, lang) in sentence
    frame = pd.read_csv(tmp_path / "out" / "difference.csv")
    assert [str(value).lstrip("'") for value in frame["value"]][:3] == [
        f"+{sign}{amount}" for sign, amount in (
            [(" € ", "7.858,05"), (" € ", "7.076,29"), (" € ", "781,76")] if lang == "nl"
            else [("€", "7,858.05"), ("€", "7,076.29"), ("€", "781.76")]
        )
    ]  # fmt: skip


def test_parts_add_up_to_the_difference_for_everyone_the_nation_and_groups() -> None:
    for models, _, _, _ in COMPARED.values():
        comparison = compare_models(*models)
        for table in (comparison.to_frame(), comparison.by("province"), comparison.by("size_class")):
            for letter in list(comparison.meanings)[1:]:
                parts = [table[name] for name in (f"other_total_{letter}", f"redistribution_{letter}") if name in table]
                assert (sum(parts) - table[f"difference_{letter}"]).abs().max() < 1e-6
                assert (table[letter] - table["a"] - table[f"difference_{letter}"]).abs().max() < 1e-6
            columns = list(table.columns)
            assert columns.index("difference_b") < columns.index("redistribution_b")
        for letter in list(comparison.meanings)[1:]:
            change = comparison.causes(letter)
            assert change is not None
            difference = comparison.effects["bc".index(letter)].difference
            assert all(sum(c[code] for c in change.causes.values()) == difference[code] for code in difference)


def test_a_rate_that_falls_is_never_shown_as_a_rise() -> None:
    """From 3.04 in 2018 to 3.00 in 2020, while the bill of many rises."""
    comparison = compare_models(FUNDS[2018], FUNDS[2020])
    frame = comparison.to_frame()
    assert (frame["per_inhabitant_b"] < frame["per_inhabitant_a"]).all()
    assert (frame["difference_b"] > 0).sum() == 126
    assert not [name for name in frame if "per_inhabitant" in name and name[-2:] not in ("_a", "_b")]
    report = comparison.report("GM0363")
    text = said(report, "nl")
    assert "meer dan" in text
    assert "per inwoner was € 3,04, wordt € 3,00" in text
    assert not [name for name, value, unit in report.summary if unit == "EUR/inhabitant" and float(str(value)) < 1]


def test_a_comparison_with_an_earlier_map_says_that_it_has_no_causes() -> None:
    report = compare_models(FUNDS[2020], FUNDS[2018]).report("GM0363")
    assert not [table for table in report.tables if table.name.startswith("change_")]
    assert any("niet ouder is dan de eerste" in note for note in report.notes)


# the phase-in


def test_the_phase_in_stands_where_the_reader_is(tmp_path: Path) -> None:
    comparison = compare_models(FUNDS[2020], OTHER, phase_in=[0.25] * 4)
    report = comparison_dossier(comparison, [FUNDS[2020], OTHER])
    frames = report.frames
    path = comparison.effects[0].phase_in(0.25, 4)
    table = frames["phase_in_b"]
    assert table["year_4"].tolist() == path.to_frame()[4].tolist()
    assert (table["redistribution"] - table["year_4"] - table["residual"]).abs().max() < 1e-6
    assert int((table["years_capped"] == 4).sum()) == frames["path_b"]["limited"].iloc[-1] == 67
    assert "201 gemeenten met afgetopt nadeel in jaar 1, nog 67 in jaar 4" in said(report, "nl")
    files = files_of(report)
    assert "Nog niet verwerkt herverdeeleffect" in files["result.html"].decode()
    assert {"phase_in_b.csv", "path_b.csv"} <= files.keys()
    note = comparison.report("GM0088")
    assert "Ingroeipad: in jaar 1 € 236,75 meer" in said(note, "nl")  # 947 inhabitants at 0.25
    assert "phase_in_b" in note.frames


def test_the_phase_in_on_the_command_line(tmp_path: Path) -> None:
    fees = [model.definition.id for model in FEES.values()]
    text = terminal("compare", *fees, "--phase-in", "0.001x2:residual", "--out", tmp_path / "out")
    assert re.search(r"Ingroeipad van 2 jaar: \d+ gemeenten met afgetopt nadeel in jaar 1", text)
    assert "blijvend restant" in text
    assert (tmp_path / "out" / "phase_in_b.csv").exists()
    for wrong, words in (
        ("0.25xvier:soms:soms", ["'soms'", "'vier' years"]), ("7,5", ["euro per inhabitant"]), ("1/-2", ["year 2: -2"]),
    ):  # fmt: skip
        result = CliRunner().invoke(app, ["compare", *fees, "--phase-in", wrong, "--out", str(tmp_path / "no")])
        assert result.exit_code == 1
        assert all(word in result.stderr for word in words), result.stderr
        assert result.stderr.count("this phase-in cannot be") == 1
    with pytest.raises(InputError, match="2 caps, while years is 3"):
        compare_models(*FEES.values(), phase_in={"per_inhabitant_per_year": [1, 2], "years": 3})
    with pytest.raises(InputError, match=r"phase_in: 'cap'(.|\n)*no per_inhabitant_per_year"):
        compare_models(*FEES.values(), phase_in={"cap": 1})
    with pytest.raises(InputError, match="a procurement is not phased in"):
        compare_models(*[open_model("procurement/gt-mobiel-1")] * 2, phase_in=[1])


# words that are gone


GONE = (
    "volume-effect", "meer (+) / minder (-) bijdrage", "om het even", "geraamd, door de gebruiker", "quotum",
    "geraamd, door ggu_costs", "niet toebedeeld", "nog te gaan", "onder de grens", "correctie van het totaal",
    "gemeentelijke indeling op", "grootste resten", "dat wordt uitgekeerd",
)  # fmt: skip


@pytest.mark.parametrize("asked", [None, VEENENDAAL])
@pytest.mark.parametrize("model", [*SHOWN, "funds/example-portfolio"])
def test_words_that_mislead_are_gone(model: str, asked: str | None) -> None:
    assert found_in(dossier(open_model(model), municipality=asked)) == set()


@pytest.mark.parametrize("asked", [None, VEENENDAAL])
@pytest.mark.parametrize("case", COMPARED)
def test_words_that_mislead_are_gone_from_comparisons(case: str, asked: str | None) -> None:
    models = COMPARED[case][0]
    comparison = compare_models(*models, phase_in=[0.1])
    assert found_in(comparison_dossier(comparison, models, municipality=asked)) == set()


def found_in(report: Report) -> set[str]:
    files = files_of(report)
    texts = [files["result.html"].decode(), files["provenance.json"].decode(), say(report.title), said(report, "nl")]
    texts += [csv_bytes(table, style="dutch").decode() for table in report.tables]
    return {word for word in GONE for text in texts if word in text.casefold()}


def test_an_input_that_nobody_gave_is_still_to_be_given_and_a_date_is_an_assumption() -> None:
    values = dossier(open_model("funds/ggu/2020")).frames["values"].set_index("item")
    assert list(values.loc["fund.vat.taxed_share", ["status", "by"]]) == ["to_give", ""]
    assert values.loc["fund.map_date", "status"] == "assumed"
    given = dossier(open_model("funds/ggu/2020", data={"taxed_share": 1})).frames["values"].set_index("item")
    assert list(given.loc["fund.vat.taxed_share", ["status", "by"]]) == ["given", "de gebruiker"]
    steps = [(step.label, step.basis) for step in open_model("funds/ggu/2020").contributions().explain("GM0363").steps]
    assert ("peildatum", "aanname van ggu_costs") in steps
    assert ("btw", "nog op te geven") in steps
