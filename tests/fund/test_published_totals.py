"""Official tables that are some euros off their own lines: the gap is said, and nothing is changed."""

import csv
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from fund_files import FUND, MONEY, changed

import ggu_costs as ggu
from ggu_costs.errors import InputError, ModelFileError
from ggu_costs.reference._published import PublishedTotalWarning
from ggu_costs.words.messages import say

WORKED = Path(__file__).parents[1] / "allocation/worked/combinatiefuncties_2009.csv"
"""Annex 9 of 2009: 30 municipalities; the printed total of 8,763,818 is 2 euro less than its column."""


def rows() -> list[dict[str, str]]:
    """Lines with their code, and the row Totaal, which has none."""
    codes = {name: code for code, name in ggu.municipalities(2018)["name"].items()}
    codes = {name.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"): code for name, code in codes.items()}
    codes["Hengelo (O)"] = codes["Hengelo"]
    with WORKED.open(encoding="utf-8", newline="") as file:
        return [{"code": codes.get(row["gemeente"], row["gemeente"]), **row} for row in csv.DictReader(file)]


def test_a_published_total_that_its_lines_miss_is_a_warning_with_the_gap() -> None:
    with pytest.warns(PublishedTotalWarning) as told:
        table = ggu.read_table(rows(), total="Totaal")
    assert [str(one.message) for one in told] == [
        "list, total_eur: the published total of 8,763,818.00 is 2.00 less than its 30 lines together; "
        "neither is changed"
    ]
    assert isinstance(table, pd.DataFrame)
    assert len(table) == 30
    assert "Totaal" not in table.index
    assert table.attrs["published_total"] == {
        "base_eur": 8_450_000,
        "looncompensatie_eur": 313_818,
        "total_eur": 8_763_818,
    }
    assert table.attrs["gap"] == {"base_eur": 0, "looncompensatie_eur": 0, "total_eur": -2}
    assert table["total_eur"].sum() == 8_763_820  # as published, not rescaled


def test_a_total_from_a_dutch_file_is_read_with_the_marks_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "tabel.csv"
    path.write_text("code;bedrag\nGM0345;1.234,50\nGM0363;10,25\nTotaal;1.244,00\n")
    with pytest.warns(PublishedTotalWarning, match=r"total of 1,244.00 is 0.75 less than its 2 lines"):
        lines = ggu.read_table(path, total="totaal")
    assert lines.tolist() == [1234.5, 10.25]
    path.write_text("code;bedrag\nGM0345;1.234,50\nGM0363;10,25\nTotaal;1.244,75\n")
    assert ggu.read_table(path, total="totaal").attrs["gap"] == {"bedrag": 0}  # and no warning


def test_a_row_with_the_total_is_one_row() -> None:
    with pytest.raises(InputError, match="list: 0 rows are marked 'Som'"):
        ggu.read_table(rows(), total="Som")
    with pytest.raises(InputError, match="list: 2 rows are marked 'Totaal': lines 31, 32"):
        ggu.read_table([*rows(), rows()[-1]], total="Totaal")
    with pytest.raises(InputError, match="total is 3"):
        ggu.read_table(rows(), total=3)  # type: ignore[call-overload]
    with pytest.raises(InputError, match=r"name it: total='\.\.\.'"):
        ggu.read_table([*rows()[:-1], {**rows()[-1], "code": "Totaal"}])


def published(total: object, *budgets: object) -> dict[str, object]:
    activities = [
        {"id": f"line-{place}", "name": f"Regel {place}", "part": "structural", "budget": {**MONEY, "value": budget}}
        for place, budget in enumerate(budgets)
    ]
    return changed(FUND, {"fund.total": {**MONEY, "value": total}, "activities": activities})


def test_a_fund_shares_the_published_total_and_says_the_gap_with_its_lines() -> None:
    lines = [int(row["total_eur"]) for row in rows()[:-1]]
    bill = ggu.open_fund(published(8_763_818, *lines)).contributions()
    assert bill.total_cents == 876_381_800
    note = next(one for one in bill.notes if one.startswith("Let op"))
    assert note == (
        "Let op: het gepubliceerde totaal van 2020 (€ 8.763.818,00) is € 2,00 minder dan de activiteiten samen "
        "(€ 8.763.820,00). Het totaal is verdeeld zoals het is gepubliceerd; er is niets rechtgetrokken."
    )
    assert say(note, "en").startswith(
        "Note: the published total of 2020 (€8,763,818.00) is €2.00 less than its activities"
    )
    other = ggu.open_fund(published(8_763_818, *lines)).with_changes(total=9_000_000).contributions()
    assert not [one for one in other.notes if one.startswith("Let op")]  # the total is the user's own


@pytest.mark.parametrize(
    ("total", "budgets"),
    [
        (1_000_002, [500_000, 500_000]),  # two lines of whole euros miss a total of whole euros by 1.50 at most
        (999_998, [500_000, 500_000]),
        (Decimal("1000000.50"), [500_000, 500_000]),  # cents were not rounded to euros
        (1_000_001, [Decimal("500000.25"), Decimal("499999.75")]),
    ],
)
def test_a_gap_that_rounding_does_not_make_is_refused(total: object, budgets: list[object]) -> None:
    with pytest.raises(ModelFileError, match=r"activities: budgets of 2020 add up to 1000000.*; allowed: the total of"):
        ggu.open_fund(published(total, *budgets))
    assert ggu.open_fund(published(1_000_001, 500_000, 500_000)).contributions().total == 1_000_001
