"""What part of costs is index: on the page of a programme, over its years, and of what another programme costs more."""

from __future__ import annotations

import numpy as np
import pytest
from programme_files import OURS, line, programme

import ggu_costs as ggu
from ggu_costs.impact.answers import settings


def indexed(amount: int, base: int = 2024):
    """Costs a year at prices of the base year, which rise by 10 % a year."""
    index = {"series": "loonvoet", "rates": {2024: 0.1, 2025: 0.1}, "base_year": base, **OURS}
    value = {"value": amount, "unit": "EUR", "vat": "none", "price_level": str(base), **OURS}
    made = line("l", nature="structural", amount=value, index=index)
    return ggu.open_programme(programme(made, programme={"prices": "current", "price_level": None}))


def test_the_page_says_what_of_costs_and_their_rise_is_index():
    """1,000 in 2024 and 1,100 in 2025: of the second 100 is index, which is the whole rise."""
    (table,) = [one for one in indexed(1_000).report().tables if one.name == "index_part"]
    frame = table.frame
    assert frame.loc[2024, ["without_index", "index", "cost"]].tolist() == pytest.approx([1_000, 0, 1_000])
    assert frame.loc[2025, ["without_index", "index", "cost"]].tolist() == pytest.approx([1_000, 100, 1_100])
    assert frame.loc[2025, ["index_share", "rise", "index_rise"]].tolist() == pytest.approx([100 / 1_100, 100, 100])
    assert "index_part" not in {one.name for one in ggu.open_programme(programme()).report().tables}


def test_the_part_that_is_index_takes_one_pass_over_the_draws(monkeypatch):
    """The net figures, the report with what the index part asks of it, and the programme without index."""
    passes = []
    true = settings.run
    monkeypatch.setattr(settings, "run", lambda spec, **how: passes.append(spec) or true(spec, **how))
    assert "index_part" in {one.name for one in indexed(1_000).report().tables}
    assert len(passes) == 3


def test_a_comparison_says_what_of_the_difference_is_index():
    """3,000 against 1,000 at prices of one year: in 2025 3,300 - 1,100 = 2,200 more, of which 300 - 100 is index."""
    tables = {one.name: one.frame for one in indexed(1_000).compare(indexed(3_000)).report().tables}
    assert {"index_part_a", "index_part_b"} <= set(tables)
    found = tables["index_between_b"].loc[2025, ["cost_a", "cost_b", "rise", "index_rise"]]
    assert found.tolist() == pytest.approx([1_100, 3_300, 2_200, 200])


def test_between_prices_of_other_years_the_index_of_a_difference_is_pm():
    tables = {one.name: one.frame for one in indexed(1_000).compare(indexed(1_000, base=2023)).report().tables}
    assert np.isnan(tables["index_between_b"]["index_rise"]).all()
    alone = indexed(1_000).compare(ggu.open_programme(programme()))
    assert {one.name for one in alone.report().tables if one.name.startswith("index")} == {"index_part_a"}
