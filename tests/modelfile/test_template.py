"""Next year's file: what moves on, what becomes an input, what is to be filled in."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from model_files import tables
from years import LAST

from ggu_costs.catalogue import load_model, open_model, read_model
from ggu_costs.errors import InputError, MissingInputError, ModelFileError
from ggu_costs.modelfile.template import next_model


def next_file(source: Any, new_id: str = "funds/proef/2025") -> dict[str, Any]:
    load_model(source)
    return tomllib.loads(next_model(read_model(source), new_id).text, parse_float=Decimal)


def filled(file: dict[str, Any]) -> dict[str, Any]:
    for source in file["sources"].values():
        source["title"] = source["title"].removeprefix("VUL IN: ")
    return file


def test_amounts_become_inputs_dates_move_marks_and_shares_stay() -> None:
    file = next_file(tables())
    fund = file["fund"]
    assert (file["id"], file["title"], file["years"], file["notes"]) == (
        "funds/proef/2025", "Proeffonds 2025", [2025], [],
    )  # fmt: skip
    assert fund["total"] == {
        "unit": "EUR", "vat": "incl", "price_level": "current", "input": "total", "status": "proposed",
        "source": "besluit-2025",
    }  # fmt: skip
    assert fund["map_date"]["value"] == date(2025, 1, 1)
    assert fund["counting_date"] == {
        "unit": "date", "status": "estimated", "by": "de proef", "value": date(2024, 1, 1),
    }  # fmt: skip
    assert fund["key"] == tables()["fund"]["key"]
    assert fund["vat"] == tables()["fund"]["vat"]
    assert [activity["id"] for activity in file["activities"]] == ["ibd", "rest"]
    assert file["activities"][0]["budget"]["input"] == "activities_ibd_budget"
    assert file["activities"][1]["budget"]["mark"] == "unallocated"
    assert file["inputs"].keys() == {"taxed_share", "total", "activities_ibd_budget"}
    assert file["sources"]["besluit-2025"]["title"].startswith("VUL IN")


def test_it_does_not_load_until_the_decision_is_filled_in() -> None:
    file = next_file(tables())
    with pytest.raises(ModelFileError, match=r"sources.besluit-2025.title: still to fill in"):
        load_model(file)
    fund = open_model(filled(file))
    with pytest.raises(MissingInputError, match="total: not given"):
        fund.contributions()
    fund = open_model(filled(file), data={"total": 2_000_000, "activities_ibd_budget": 700_000})
    assert fund.contributions().total == 2_000_000


def test_what_to_fill_in_is_told() -> None:
    blanks = next_model(read_model(tables()), "funds/proef/2025").blanks
    assert blanks[0] == "sources.besluit-2025: titel en vindplaats van het besluit over 2025"
    assert blanks[1].startswith("inputs.total: fund.total (EUR); als value in het bestand, of bij elke run met --data")
    assert len(blanks) == 5


def test_the_year_after_that_asks_for_its_own_decision() -> None:
    first = tables(("2024-01-01", "2023-01-01"), ("years = [2024]", "years = [2023]"))
    later = next_file(filled(next_file(first, "funds/proef/2024")), "funds/proef/2025")
    assert later["fund"]["total"]["source"] == "besluit-2025"
    assert later["fund"]["total"]["input"] == "total"
    assert later["sources"].keys() == {"besluit-2025", "besluit"}
    assert open_model(filled(later), data={"total": 1, "activities_ibd_budget": 0}).contributions().total == 1


def test_only_what_holds_in_the_last_year_goes_on() -> None:
    """The portfolio of five years: ended activities, half-years and underspends are left out, the rest moves on."""
    file = next_file("funds/example-portfolio", "funds/portfolio-2026")
    assert [activity["id"] for activity in file["activities"]] == [
        "ibd",
        "gegevensknooppunt",
        "common-ground",
        "datalabs",
    ]
    assert all(activity.keys() == {"id", "name", "part", "budget"} for activity in file["activities"])
    assert file.keys().isdisjoint({"underspend", "changes"})
    assert file["fund"]["map_date"]["value"] == date(2026, 1, 1)
    assert file["fund"]["index"]["input"] == "index"
    assert file["reserve"]["opening"]["input"] == "reserve_opening"
    assert "vng-magazine-4-2018" not in file["sources"]  # nothing rests on it any more
    for name in ("map_date", "counting_date"):  # the map of 2026 is not known yet
        file["fund"][name]["value"] = date(2025, 1, 1)
    definition = load_model(filled(file)).definition
    assert [where for where, value in definition.values() if value.status == "illustrative"] == [
        "fund.map_date", "fund.counting_date", "fund.vat.rate",
    ]  # fmt: skip


def test_the_rates_of_a_fee_become_inputs() -> None:
    file = filled(next_file("fees/vng-contributie/2024", "fees/vng-contributie/2025"))
    rates = {f"brackets_{place}_rate": rate for place, rate in enumerate((2.0, 1.8, 1.6, 0.8))}
    fee = open_model(file, data=rates | {"index": 0.03, "growth_to_cost_cover": 0.01}).fees()
    people = fee.to_frame()["inhabitants"]
    assert fee.to_frame().loc["GM0088", "fee"] == pytest.approx(2.0 * people["GM0088"])


def test_of_dated_values_the_one_at_the_end_of_the_year_goes_on() -> None:
    file = tables()
    rate = {"unit": "share", "status": "enacted", "source": "besluit"}
    early, late = rate | {"value": 0.19, "until": date(2024, 6, 30), "from": date(2020, 1, 1)}, rate | {
        "value": 0.21, "from": date(2024, 7, 1),
    }  # fmt: skip
    file["fund"]["vat"]["rate"] = [early, late]
    assert next_file(file)["fund"]["vat"]["rate"] == rate | {"value": Decimal("0.21")}
    file["fund"]["vat"]["rate"] = [rate | {"years": {"2023": 0.19, "2024": 0.2}}, rate | {"from": date(2030, 1, 1)}]
    assert moved_rate(file) == rate | {"years": {"2025": Decimal("0.2")}}


def test_where_no_value_holds_in_the_last_year_it_is_asked() -> None:
    file = tables()
    rate = {"unit": "share", "status": "enacted", "source": "besluit"}
    file["fund"]["vat"]["rate"] = [rate | {"value": 0.3, "from": date(2030, 1, 1)}, rate | {"years": {"2023": 0.2}}]
    assert moved_rate(file)["input"] == "vat_rate"


def moved_rate(file: dict[str, Any]) -> Any:
    """Move a file that need not load."""
    return tomllib.loads(next_model(read_model(file), "x")[0], parse_float=Decimal)["fund"]["vat"]["rate"]


def test_a_take_up_curve_stays_a_curve() -> None:
    """Five years of voluntary participation end in one year, which begins with the share that was reached."""
    file = filled(next_file("procurement/example-once-for-all", "procurement/next"))
    curve = file["participation"]["take_up"]["share"]
    assert (curve["years"], "value" in curve, "input" in curve) == ({"2026": Decimal("0.60")}, False, False)
    case = open_model(file)
    assert case.at(2026).codes == case.codes
    assert len(case.codes) == round(0.6 * len(case.everyone.codes))


def test_leap_days_move_to_the_last_of_february() -> None:
    file = tables(("value = 2024-01-01", "value = 2024-02-29"))
    assert next_file(file)["fund"]["map_date"]["value"] == date(2025, 2, 28)


def test_an_amount_of_years_that_is_pm_in_the_last_stays_pm() -> None:
    file = tables(("value = 600_000", "years = { 2024 = 'pm' }"))
    assert next_file(file)["activities"][0]["budget"]["mark"] == "pm"


def test_without_activities_none_are_written() -> None:
    file = tables()
    del file["activities"]
    assert "activities" not in next_file(file)


@pytest.mark.parametrize("new_id", ["Funds/2025", "funds//2025", "../2025", "", "funds/2025/"])
def test_an_id_that_is_none(new_id: str) -> None:
    with pytest.raises(InputError, match="is not a model id"):
        next_model(read_model(tables()), new_id)


def test_a_model_without_years_has_no_next_year() -> None:
    with pytest.raises(InputError, match="holds no years"):
        next_model(read_model({"id": "x", "kind": "y"}), "z")


@pytest.mark.parametrize(
    ("new_id", "year", "made"),
    [
        ("funds/proef/2028", None, 2028),
        ("funds/proef", None, 2025),
        ("funds/proef", 2030, 2030),
        ("f/2027/b", None, 2027),
    ],
)
def test_a_file_of_any_year(new_id: str, year: int | None, made: int) -> None:
    new = next_model(read_model(tables()), new_id, year=year)
    file = tomllib.loads(new.text, parse_float=Decimal)
    assert (file["years"], file["title"]) == ([made], f"Proeffonds {made}")
    assert f"besluit-{made}" in file["sources"]
    assert f"title: Proeffonds 2024 wordt Proeffonds {made}" in new.changed


def test_days_that_the_tables_do_not_know_are_told() -> None:
    new = next_model(read_model(tables()), f"funds/proef/{LAST + 2}")
    file = tomllib.loads(new.text)
    assert file["fund"]["map_date"]["value"] == date(LAST, 1, 1)
    told = f"fund.map_date: 1 januari 2024 wordt 1 januari {LAST}; 1 januari {LAST + 2} staat nog niet"
    assert any(line.startswith(told) for line in new.changed)
    bill = open_model(filled(file), data={"total": 1000, "activities_ibd_budget": 0}).contributions()
    assert (
        f"Gemeenten van 1 januari {LAST}, dus van voor {LAST + 2}: latere herindelingen zijn niet meegenomen."
        in bill.notes
    )
    assert any(f"dus van voor {LAST + 2}." in note for note in bill.notes)


def test_a_year_that_is_none_of_the_calendar() -> None:
    with pytest.raises(InputError, match="year 20000"):
        next_model(read_model(tables()), "funds/proef", year=20_000)


def test_of_a_budget_table_only_the_task_field_stays() -> None:
    stated = {"task_field": "0.4", "first_year": 2024, "years": 1}
    file = next_file({**tables(), "budget": stated})
    assert file["budget"] == {"task_field": "0.4"}
    total = {"total": 1, "activities_ibd_budget": 0}
    assert open_model(filled(file), data=total).report().frames["budget"]["task_field"].iloc[0] == "0.4"
