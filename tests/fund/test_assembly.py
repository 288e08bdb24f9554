"""The table of an assembly: streams side by side, tied out to the cent in every file, and a note for every member."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_cli import fails, succeeds

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund import assembly_of, assembly_table
from ggu_costs.fund.assembly import Assembly
from ggu_costs.report.dossier import assembly_dossier
from ggu_costs.words.messages import say

FEES = [f"fees/vng-contributie/{year}" for year in (2023, 2024)]
FUNDS = [f"funds/ggu/{year}" for year in (2019, 2020)]


@cache
def of_one_year() -> Assembly:
    """A fund with the year before in its file, and a fee with a file for each year."""
    this, following = map(ggu.open_fee, FEES)
    return assembly_of([ggu.open_fund("funds/example-portfolio"), following], [this], year=2024)


@cache
def of_two_years() -> Assembly:
    """Two funds and two fees, of 2020 and of 2024."""
    (old, new), (this, following) = map(ggu.open_fund, FUNDS), map(ggu.open_fee, FEES)
    return assembly_of([new, following], [this, old])


def tariff(people: int, *rates: str) -> Decimal:
    """A marginal tariff worked out by hand: brackets from 0, 5,000, 25,000 and 200,000 inhabitants."""
    ends = (5_000, 25_000, 200_000, None)
    paid, start = Decimal(0), 0
    for end, rate in zip(ends, rates, strict=True):
        units = max(0, (people if end is None else min(people, end)) - start)
        paid, start = paid + units * Decimal(rate), end or start
    return round(paid, 2)


def test_amounts_of_veenendaal_by_hand() -> None:
    row = of_one_year().to_frame().loc["GM0345"]
    assert row["fee_2024_b"] == float(tariff(69_440, "1.92", "1.76", "1.52", "0.75")) == 112_348.80
    whole = int(ggu.municipalities(2024)["inhabitants"].sum())
    quota = Fraction(29_700_000 * 69_440, whole)
    assert abs(Fraction(row["contribution_2024_a"]) - quota) < Fraction(1, 100)
    assert row["change_b"] == pytest.approx(7_858.05)
    assert row["together_2024"] == pytest.approx(row["contribution_2024_a"] + row["fee_2024_b"])
    assert row["together_change"] == pytest.approx(row["change_a"] + row["change_b"])
    assert row["per_inhabitant_2024_b"] == pytest.approx(112_348.80 / 69_440, abs=1e-12)


def test_totals_are_those_of_the_bills() -> None:
    table = of_one_year()
    fund, fee = ggu.open_fund("funds/example-portfolio"), ggu.open_fee(FEES[1])
    totals = table.national()
    assert totals["contribution_2023_a"] == fund.contributions(2023).total
    assert totals["contribution_2024_a"] == fund.contributions(2024).total == 29_700_000
    assert totals["fee_2024_b"] == fee.fees().total == 27_939_447.04
    assert totals["together_2024"] == 57_639_447.04
    streams = table.by_stream()
    assert streams["after"].tolist() == [29_700_000, 27_939_447.04]
    assert streams["vat_state"].tolist() == ["inclusief btw", "btw onbekend"]
    assert streams[["vat", "net"]].isna().all(axis=None)  # PM, not 0


@pytest.mark.parametrize("group", ["province", "size_class"])
def test_groups_add_up_to_the_whole(group: str) -> None:
    for table in (of_one_year(), of_two_years()):
        sums = table.by(group)
        assert sums["municipalities"].sum() == 342
        for name, cents in table.columns.items():
            assert round(sums[name].sum() * 100) == sum(cents.values())
    own = of_one_year().by({"two": ["GM0345", "GM0363"], "one": ["GM0363"]})
    first = of_one_year().to_frame().loc[["GM0345", "GM0363"]]
    assert own.loc["two", "together_2024"] == pytest.approx(first["together_2024"].sum())
    assert own.attrs["total"] == []  # they overlap


@pytest.mark.parametrize("table", [of_one_year, of_two_years])
def test_causes_add_up_to_the_cent_for_every_member_and_stream(table: Any) -> None:
    for stream in table().streams:
        cents = stream.cents
        for code in table().codes:
            assert sum(cents[name][code] for name in ("before", *stream.change.causes)) == cents["after"][code]
    causes = table().causes()
    assert {name: round(causes[name].sum(), 2) for name in causes} == {
        f"change_{s.letter}": round(s.after.total - s.before.total, 2) for s in table().streams
    }


def test_a_bill_of_an_earlier_map_is_carried_whole() -> None:
    """355 municipalities of 2020 on the map of 2024: mergers add up, and a divided one leaves no cent behind."""
    table = of_two_years()
    bill = ggu.open_fund(FUNDS[1]).contributions()
    assert len(table.codes) == 342
    assert sum(table.columns["contribution_2020_a"].values()) == bill.total_cents
    merged = sum(bill.cents[code] for code in ("GM0398", "GM0416"))  # Heerhugowaard and Langedijk: Dijk en Waard
    assert table.columns["contribution_2020_a"]["GM1980"] == merged
    steps = [t.name for t in table.report("GM1980").tables if t.role == "steps"]
    assert steps == ["steps_a", "steps_a1", "steps_b"]  # of both predecessors


def test_amounts_of_different_years_are_not_added_up_and_that_is_said() -> None:
    table = of_two_years()
    assert not [name for name in table.to_frame() if name.startswith("together")]
    assert table.by_stream().attrs["total"] == []
    assert "De bedragen gelden voor verschillende jaren en worden daarom niet bij elkaar opgeteld." in table.notes
    said = table.report().answer
    assert said is not None
    assert "in 2020 € 52.300.000,00 voor Fonds GGU 2020, evenveel als in 2019" in said.sentence
    assert "in 2024 € 27.939.447,04 voor Contributie VNG 2024, € 1.772.095,98 meer dan in 2023" in said.sentence


def test_the_note_of_veenendaal_says_what_it_pays_how_much_more_and_why() -> None:
    answer = of_one_year().report("GM0345").answer
    assert answer is not None
    first = "Veenendaal betaalt in 2024 in totaal € 227.289,15, € 22.628,73 minder dan in 2023, vooral € 32.500 minder"
    assert answer.sentence.startswith(f"{first} door beëindigde activiteiten (A)")
    assert say(answer.sentence, "en").startswith(
        "Veenendaal pays €227,289.15 in all in 2024, €22,628.73 less than in 2023, mainly €32,500 less from activities"
    )
    assert answer.more[1].startswith(
        "B, Contributie VNG 2024 (btw onbekend): € 112.348,80, € 7.858,05 meer dan in 2023."
    )
    one = assembly_of([ggu.open_fee(FEES[1])], [ggu.open_fee(FEES[0])]).report("GM0345").answer
    assert one is not None
    assert one.sentence == (
        "Veenendaal betaalt in 2024 € 112.348,80 voor Contributie VNG 2024, € 7.858,05 meer dan in 2023, "
        "vooral € 5.400 meer door indexering (loon- en prijsbijstelling) en € 1.310 meer door eigen groei van inwoners."
    )


def test_faults_of_pairs_come_at_once() -> None:
    fund, fee = ggu.open_fund(FUNDS[1]).contributions(), ggu.open_fee(FEES[1]).fees()
    with pytest.raises(InputError) as error:
        assembly_table((fund, fee), (fee, fee), fund)  # type: ignore[arg-type]
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        ("pairs[0]", "a fund and a fee"), ("pairs[1]", "bills of 2024 and 2024"), ("pairs[2]", "a Bill"),
    ]  # fmt: skip
    with pytest.raises(InputError, match="1 to 26"):
        assembly_table()
    with pytest.raises(UnknownNameError, match="member"):
        of_one_year().report("GM9999")


def test_models_that_cannot_be_paired_are_all_named() -> None:
    this, following = map(ggu.open_fee, FEES)
    fund = ggu.open_fund(FUNDS[1])
    with pytest.raises(InputError) as error:
        assembly_of([fund, following], [this, ggu.open_fee(FEES[0])])
    assert [(fault.where, fault.found) for fault in error.value.faults] == [
        (FUNDS[1], "no bill of this year"),
        (FEES[1], f"{FEES[0]}, {FEES[0]} could belong to it"),
        (FEES[0], "belongs to no fund or fee of next year"),
        (FEES[0], "belongs to no fund or fee of next year"),
    ]
    with pytest.raises(InputError, match="ballots/one-each: a ballot"):
        assembly_of([ggu.open_model("ballots/one-each")])
    with pytest.raises(InputError, match=r"years 2024; allowed: a year before 2023"):
        assembly_of([this], [following])


class Cells(HTMLParser):
    """Texts of the cells of the row of one municipality, and the heading of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def words_of(page: bytes) -> str:
    """All text of a page, blanks as one."""
    parser = Cells()
    parser.feed(re.sub(r"<(script|style).*?</\1>", "", page.decode(), flags=re.DOTALL))
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", " ".join(parser.text))


def dutch(amount: Decimal) -> str:
    return f"{abs(amount):,.2f}".translate(str.maketrans(",.", ".,"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of one run for two funds and two fees, with own groups."""
    folder = tmp_path_factory.mktemp("assembly")
    groups = folder / "groups.csv"
    groups.write_text("code,group\nGM0345,vallei\nGM0228,vallei\nGM0363,groot\n")
    told = succeeds(
        "assembly", FUNDS[1], FEES[1], "--against", FEES[0], "--against", FUNDS[0], "--groups", groups,
        "--out", folder / "out",
    )  # fmt: skip
    assert "342 notities, één per lid: GM0014.html tot en met GM1992.html" in told
    return folder / "out"


def test_page_workbook_notes_and_csv_tie_out_to_the_cent(written: Path) -> None:
    with (written / "assembly.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    table = of_two_years()
    assert list(rows) == list(table.codes)
    for name, cents in table.columns.items():
        assert {code: Decimal(row[name]) * 100 for code, row in rows.items()} == dict(cents)
    book = openpyxl.load_workbook(written / "result.xlsx", data_only=True)
    sheet = next(s for s in book if s.title.casefold() == "ledenvergadering")
    cells = list(sheet.iter_rows(values_only=True))
    lines = {str(code): line for line in cells for code in line[:2] if re.fullmatch(r"GM\d{4}", str(code))}
    assert len(lines) == 342
    assert "Waarden 1" in book.sheetnames
    page = words_of((written / "result.html").read_bytes())
    for code, row in rows.items():
        amounts = [Decimal(row[name]) for name in table.columns]
        in_book = [Decimal(str(round(cell, 2))) for cell in lines[code] if isinstance(cell, float)]
        assert all(amount in in_book for amount in amounts if amount % 1)
        note = words_of((written / f"{code}.html").read_bytes())
        for name, amount in zip(table.columns, amounts, strict=True):
            assert dutch(amount) in note, (code, name)
            assert dutch(amount) in page, (code, name)
    known = json.loads((written / "provenance.json").read_text())["outputs"]
    assert sum(bool(re.fullmatch(r"GM\d{4}\.html", name)) for name in known) == 342
    with (written / "by_group.csv").open(encoding="utf-8-sig", newline="") as file:
        sums = {row["group"]: row for row in csv.DictReader(file)}
    both = sum(Decimal(rows[code]["fee_2024_b"]) for code in ("GM0345", "GM0228"))
    assert Decimal(sums["vallei"]["fee_2024_b"]) == both


def test_the_folder_is_verified_and_one_note_can_be_asked(written: Path, tmp_path: Path) -> None:
    assert "Heel" in succeeds("verify", written)
    told = succeeds(
        "assembly", FEES[1], "--against", FEES[0], "--municipality", "GM0345", "--lang", "en", "--out", tmp_path
    )
    assert told.startswith("Veenendaal (GM0345): Members' assembly: Contributie VNG 2024\n")
    assert not (tmp_path / "GM0345.html").exists()  # result.html is the note
    error = fails(1, "assembly", FUNDS[1], "--out", tmp_path)
    assert "funds/ggu/2020: no bill of this year; allowed: one fund or fee of this year" in error
    assert "Name one fund or fee of this year for each of next year" in error


def test_a_dossier_of_one_member_has_its_note_with_values() -> None:
    models = list(map(ggu.open_fee, FEES))
    content = assembly_dossier(assembly_of(models[1:], models[:1]), models, municipality="GM0345")
    names = [table.name for table in content.tables]
    assert names == ["streams", "causes", "similar_size", "steps_a", "values_1", "values_2"]
    assert content.title.startswith("Veenendaal (GM0345)")
