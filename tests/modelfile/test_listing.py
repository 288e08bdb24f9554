"""The values and sources of a file as tables, and what is made up in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from model_files import tables

from ggu_costs.catalogue import load_model
from ggu_costs.modelfile.listing import sources_frame, values_frame


def rows(*pairs: tuple[str, str]) -> dict[str, dict[str, object]]:
    frame = values_frame(load_model(tables(*pairs)).definition)
    return {str(row["item"]): {str(key): item for key, item in row.items()} for row in frame.to_dict(orient="records")}


def test_every_value_is_a_row_with_what_it_rests_on() -> None:
    found = rows()
    assert list(found) == [
        "fund.basis", "fund.total", "fund.map_date", "fund.counting_date", "fund.key.parts.inhabitants",
        "fund.key.parts.equal", "fund.vat.rate", "fund.vat.taxed_share", "fund.vat.recoverable_share",
        "activities.ibd.part", "activities.ibd.budget", "activities.rest.part", "activities.rest.budget",
    ]  # fmt: skip
    assert found["fund.total"] == {
        "item": "fund.total", "value": Decimal("1000000.00"), "unit": "EUR", "status": "enacted",
        "source": "Besluit van de proef, bladzijde 2", "by": "", "price_level": "current", "vat": "incl", "note": "",
    }  # fmt: skip
    assert found["fund.map_date"]["value"] == date(2024, 1, 1)
    assert found["fund.counting_date"]["by"] == "de proef"
    assert found["fund.vat.taxed_share"]["value"] == "invoer taxed_share"
    assert found["fund.vat.recoverable_share"]["value"] == "PM"
    assert found["activities.rest.budget"]["value"] == "niet uitgesplitst"


def test_the_key_is_listed_with_its_status_and_choices_too() -> None:
    found = rows()
    key = found["fund.key.parts.equal"]
    assert (key["value"], key["status"], key["source"]) == (Decimal("0.2"), "enacted", "Besluit van de proef")
    assert (found["fund.basis"]["value"], found["fund.basis"]["status"]) == ("budget", "")


def test_values_of_several_years_and_dated_values_are_a_row_each() -> None:
    years = ("value = 1_000_000.00", "years = { 2025 = 'pm', 2024 = 1_000_000 }")
    assert list(rows(years, ("years = [2024]", "years = [2024, 2025]")))[1:3] == ["fund.total 2024", "fund.total 2025"]
    assert "fund.total from 2024-01-01" in rows(("value = 1_000_000.00", "value = 1_000_000.00\nfrom = 2024-01-01"))
    started = ('{ input = "taxed_share",', '{ input = "taxed_share", from = 2024-01-01,')
    assert rows(started)["fund.vat.taxed_share from 2024-01-01"]["value"] == "invoer taxed_share"


def test_a_calculation_is_told_as_the_note() -> None:
    derived = ('status = "estimated", by = "de proef" }', 'status = "derived", calculation = "1 - 0,1" }')
    assert rows(derived)["fund.vat.recoverable_share"]["note"] == "1 - 0,1"


def test_the_brackets_of_a_fee_are_listed_with_their_bounds() -> None:
    frame = values_frame(load_model("fees/vng-contributie/2024").definition).set_index("item")
    assert frame.loc["fee.mode", "value"] == "marginal"
    assert frame.loc["fee.brackets[1].from_inhabitants", "value"] == 5000
    assert frame.loc["fee.brackets[1].rate", "value"] == Decimal("1.76")


def test_sources_are_listed_by_id() -> None:
    frame = sources_frame(load_model("fees/vng-contributie/2023").definition)
    assert list(frame.index) == ["bb-2024", "bb-2023", "derijnpost"]
    assert list(frame.columns) == ["title", "publisher", "published", "url", "read"]
    assert frame.loc["bb-2024", "published"] == "2023-05-24"


@pytest.mark.parametrize(
    "pair",
    [
        ('status = "estimated", by = "de proef" }', 'status = "illustrative", by = "de proef" }'),
        ('parts = { inhabitants = 0.8, equal = 0.2 }\nstatus = "enacted"\nsource = "besluit"',
         'parts = { inhabitants = 0.8, equal = 0.2 }\nstatus = "illustrative"\nby = "de proef"'),
    ],
)  # fmt: skip
def test_one_made_up_value_or_key_marks_the_whole_file(pair: tuple[str, str]) -> None:
    assert load_model(tables(pair)).definition.illustrative
    assert not load_model(tables()).definition.illustrative
