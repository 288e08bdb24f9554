"""Voluntary participation: each year along the curve by hand, and the whole duration by the year that is held."""

from __future__ import annotations

import math

import pytest
from oracles.procurement import CODES, open_case, pm, small, value

from ggu_costs.catalogue import open_model
from ggu_costs.procurement.take_up import along_the_curve, over_the_duration


def voluntary(shares, order="largest", years=3):
    """The small case over some years: joining by size Groningen, Emmen, Assen, Coevorden, and then the arrangement."""
    tables = small()
    share = {"years": shares, "unit": "share", "status": "estimated", "by": "test"}
    tables["years"] = [int(year) for year in shares]
    take_up = {"share": share, "order": order}
    tables["participation"] = {"mode": "voluntary", "municipalities": list(CODES[:4]), "take_up": take_up}
    tables["case"]["duration"] = value(years, "count")
    tables["pools"][0]["once"] = tables["pools"][1]["once"] = True
    tables["alternatives"]["stand_alone"]["once"] = value(50)
    return tables


def test_each_year_by_hand():
    """2025: 1000 + 2 x 100 + 800 for 100 units; 2026: 3 x 100 + 1160 for 160 units."""
    frame = along_the_curve(open_case(voluntary({"2024": 0.0, "2025": 0.4, "2026": 1})))
    assert frame["participants"].tolist() == [0, 2, 5]
    assert frame["joining"].tolist() == [0, 2, 3]
    assert frame["joint"].tolist() == [0, 2000, 1460]
    assert frame["alone"].tolist() == [0, 2 * 50 + 2 * 300 + 1100, 3 * 50 + 5 * 300 + 1760]
    assert frame["saving"].tolist() == [0, -200, 1950]
    assert frame.attrs["total"] == ["joining", "joint", "alone", "saving"]
    assert "bij de deelname van dat jaar" in frame.attrs["notes"][0]


def test_who_comes_back_does_not_join_again():
    frame = along_the_curve(open_case(voluntary({"2024": 1, "2025": 0.4, "2026": 1})))
    assert frame["joint"].tolist() == [1000 + 500 + 1160, 800, 1160]
    assert frame["alone"].tolist() == [250 + 1500 + 1760, 600 + 1100, 1500 + 1760]


def test_full_take_up_is_the_whole_duration():
    tables = voluntary({"2024": 1, "2025": 1, "2026": 1})
    frame, case = along_the_curve(open_case(tables)), open_case(tables)
    assert frame["joint"].sum() == pytest.approx(case.setup.total)
    assert frame["saving"].sum() == pytest.approx(case.business_case().saving)


def test_pm_gives_a_saving_of_at_least():
    tables = voluntary({"2024": 0.4, "2025": 1})
    tables["alternatives"]["stand_alone"]["own"] = {"GR:NOORD": pm(), "GM0106": value(500)}
    report = open_case(tables).report()
    frame = report.frames["take_up"]
    # Assen pays 500 a year and nothing once
    assert frame["alone"].tolist() == [1800, 50 + 3 * 300 + 500 + 11 * 110]
    assert frame["saving_at_least"].tolist() == [-200, frame["alone"].iloc[1] - 1460]
    assert any(
        note.startswith("Van 1 deelnemer zijn de kosten bij zelfstandige uitvoering PM")
        for note in frame.attrs["notes"]
    )
    assert report.summary[-1] == ("saving_at_least_along_curve", float(frame["saving_at_least"].sum()), "EUR")
    tables["alternatives"] = {}
    report = open_case(tables).report()
    assert report.summary[-1] == ("saving_at_least_along_curve", None, "EUR")


def test_the_whole_duration_by_year_has_the_saving_of_the_rule():
    tables = voluntary({"2024": 0.0, "2025": 0.4, "2026": 1})
    tables["alternatives"]["stand_alone"]["own"] = {"GM0014": pm()}
    case = open_case(tables)
    frame = over_the_duration(case)
    assert frame.index.tolist() == ["2024", "2025", "2026"]
    assert frame["joint"].tolist()[1:] == [1200 + 3 * 800, 1500 + 3 * 1160]
    assert math.isnan(frame.loc["2024", "joint"])
    for year in (2025, 2026):
        assert frame.loc[str(year), "saving"] == case.at(year).business_case().saving
    report = case.report()
    assert ("saving", frame.loc["2026", "saving"], "EUR") in report.summary
    assert "(3 jaar)" in frame.attrs["title"]
    assert "Over de hele looptijd gerekend met de deelnemers van 2026." in report.notes
    assert case.title == "Klein (deelname van 2026)"
    assert case.provenance()["changes"] == []
    assert case.with_changes(participants=CODES).title == "Klein (5 deelnemers)"


@pytest.mark.parametrize("unknown", [False, True])
def test_a_year_in_which_the_rule_does_not_exist(unknown):
    """The arrangement alone has no inhabitants: what it saves follows from the totals."""
    tables = voluntary({"2024": 0.2, "2025": 1}, order="smallest", years=1)
    tables["case"]["rule"] = "inhabitants"
    if unknown:
        tables["alternatives"]["stand_alone"]["own"] = {"GR:NOORD": pm()}
    row = over_the_duration(open_case(tables)).loc["2024"]
    assert row["joint"] == 1000 + 100 + 200
    assert math.isnan(row["saving"]) if unknown else row["saving"] == 50 + 300 + 220 - 1300


@pytest.mark.compiled
def test_one_saving_for_one_situation_in_the_shipped_model():
    case = open_model("procurement/example-once-for-all")
    frame = over_the_duration(case)
    assert frame.loc["2025", "saving"] == case.business_case().saving
    assert along_the_curve(case)["joining"].sum() == len(case.codes)
