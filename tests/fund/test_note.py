"""The note for one municipality: years or proposals side by side, why they differ, its place among others."""

import pytest

from ggu_costs import compare, open_model
from ggu_costs.catalogue import compare_models, open_models
from ggu_costs.display.table import similar_size
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund.compare import rank_lines
from ggu_costs.report.dossier import comparison_dossier, dossier


def test_the_note_of_a_fund_has_the_years_side_by_side() -> None:
    fund = open_model("funds/example-portfolio")
    content = dossier(fund, municipality="GM0345")
    assert [table.name for table in content.tables[:2]] == ["years", "change_2025"]
    assert next(table.name for table in content.tables if table.name.startswith("steps")) == "steps_2025"
    years = content.tables[0]
    assert list(years.frame.index) == ["2021", "2022", "2023", "2024", "2025"]
    assert years.illustrative
    for year in (2024, 2025):
        assert years.frame.loc[str(year), "contribution"] == fund.contributions(year).cents["GM0345"] / 100
    assert {"vat", "recoverable_vat", "net"} <= set(years.frame)
    assert ("place_by_size", "57e van 342", "") in content.summary
    assert not content.explained


def test_amounts_per_inhabitant_have_a_place_only_where_they_differ() -> None:
    fee = open_model("fees/vng-contributie/2024").fees().to_frame()
    assert rank_lines(fee, "GM0363", "per_inhabitant") == [
        ("place_by_size", "1e van 342", ""), ("place_by_rate", "342e van 342", ""),
    ]  # fmt: skip
    fund = open_model("funds/ggu/2020").contributions().to_frame()
    assert [name for name, *_ in rank_lines(fund, "GM0363", "per_inhabitant")] == ["place_by_size"]


def test_municipalities_of_the_nearest_size_are_shown_at_either_end_too() -> None:
    frame = open_model("funds/ggu/2020").contributions().to_frame()
    for code, count in (("GM0345", 11), ("GM0363", 6), ("GM0088", 6)):
        found = similar_size(frame, code, "T").frame
        assert len(found) == count
        assert code in found.index
        assert found["inhabitants"].is_monotonic_increasing


def test_the_note_of_a_comparison_says_what_the_proposal_does_and_why() -> None:
    now = open_model("funds/ggu/2020")
    other = now.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    comparison = compare(now.contributions(), other.contributions())
    content = comparison_dossier(comparison, [now, other], municipality="GM0345")
    tables = {table.name: table for table in content.tables}
    assert list(tables) == [
        "sides",
        "difference",
        "change_b",
        "similar_size",
        "steps_a",
        "steps_b",
        "values_a",
        "values_b",
    ]
    assert content.title.startswith("Veenendaal (GM0345): Vergelijking")
    cents = [bill.contributions().cents["GM0345"] for bill in (now, other)]
    assert list(tables["sides"].frame["contribution"] * 100) == pytest.approx(cents)
    summary = {name: value for name, value, _ in content.summary}
    assert summary["difference_b"] == pytest.approx((cents[1] - cents[0]) / 100)
    assert summary["place_by_size"] == "57e van 355"
    causes = dict(zip(tables["change_b"].frame["step"], tables["change_b"].frame["value"], strict=True))
    assert causes["andere verdeelsleutel"] == "- € 10.490,02"
    assert "similar_size" in tables
    assert len(tables["similar_size"].frame) == 11


def test_a_municipality_that_began_later_is_in_the_later_bill_only() -> None:
    old, new = open_models(["fees/vng-contributie/2023", "fees/vng-contributie/2024"])
    earlier = old.with_changes(map_date="2022-01-01", counting_date="2022-01-01")
    comparison = compare(earlier.fees(), new.fees())
    note = comparison.report("GM1992")  # Voorne aan Zee, of 2023
    tables = note.frames
    assert list(tables["sides"].index) == ["B: Contributie VNG 2024"]
    causes = tables["change_b"].set_index("step")["value"]
    assert causes["was"] != causes["wordt"]  # against the sum of its predecessors
    assert "difference_b" in {name for name, *_ in note.summary}


def test_the_note_of_another_model_is_as_the_model_gives_it() -> None:
    content = dossier(open_model("ballots/one-each"), municipality="GM0345")
    assert [table.name for table in content.tables] == ["weights", "values"]
    assert content.municipality == "GM0345"


def test_what_has_no_note() -> None:
    models = open_models(["funds/ggu/2019", "funds/ggu/2020"])
    with pytest.raises(UnknownNameError, match="GM9999"):
        compare_models(*models).report("GM9999")
    with pytest.raises(InputError, match="only funds and fees"):
        compare_models(*open_models(["procurement/gt-mobiel-1"] * 2)).report("GM0345")
