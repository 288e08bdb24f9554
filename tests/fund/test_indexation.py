"""Funds and fees that follow an index: what part of a change it is, over several years, and of which publication."""

from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from fund_files import FEE, FUND, changed

import ggu_costs as ggu
from ggu_costs.errors import ModelFileError
from ggu_costs.fund.indexation import product_of
from ggu_costs.money import round_half_up

SHARE = {"unit": "share", "status": "estimated", "by": "test"}


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with an index file of two vintages."""
    values = [(2021, "old", 0.02), (2022, "old", 0.03), (2022, "new", 0.05), (2021, "new", 0.02)]
    index = {
        "schema": 1,
        "kind": "index",
        "id": "index/test",
        "title": "Proefindex",
        "checked_on": "2026-01-01",
        "years": [2020, 2021, 2022, 2023],
        "sources": {"own": {"title": "proef", "publisher": "test"}},
        "vintages": [
            {"id": "old", "name": "CEP 2022", "month": "2022-03"},
            {"id": "new", "name": "MEV 2023", "month": "2022-09"},
        ],
        "series": [
            {
                "id": "loon",
                "name": "loonvoet",
                "measure": "wages",
                "values": [
                    {"year": year, "vintage": vintage, "change": {**SHARE, "value": change}}
                    for year, vintage, change in values
                ]
                + [{"year": 2023, "vintage": "new", "change": {**SHARE, "mark": "pm"}}],
            }
        ],
    }
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "test.toml").write_text(tomli_w.dumps(index), encoding="utf-8")
    return tmp_path


def fund_of(models: Path, year: int, changes: dict[str, Any] | None = None) -> Any:
    follows = {"index": "index/test", "series": "loon", "base_year": 2020}
    return ggu.open_fund(changed(FUND, {"years": [year], "fund.indexed": follows, **(changes or {})}), models=models)


def test_the_fee_of_2022_to_2024_is_explained_in_euro() -> None:
    """5.1 + 1.0 are added, 6.1 per cent; the years are multiplied. Recomputed by hand from the old tariff."""
    old, new = (ggu.open_fee(f"fees/vng-contributie/{year}").fees() for year in (2022, 2024))
    change = new.change_from(old)
    own = change.causes["mergers"]["GM0345"] + change.causes["own_growth"]["GM0345"] + change.before["GM0345"]
    tariff, people = old.terms.tariff, new.terms.figures["inhabitants"]["GM0345"]
    assert tariff is not None
    paid = tariff.exact(people) * 100
    assert own == round_half_up(paid)
    index, both = Fraction("1.034") * Fraction("1.051"), Fraction("1.044") * Fraction("1.061")
    assert change.causes["index"]["GM0345"] == round_half_up(paid * index) - own == 879_627
    assert change.causes["growth_to_cost_cover"]["GM0345"] == round_half_up(paid * both) - round_half_up(paid * index)
    assert change.causes["growth_to_cost_cover"]["GM0345"] == 212_468
    assert abs(sum(change.causes["tariff"].values())) < 300_000  # tenths of a cent in the rates of 2022
    assert not [note for note in change.notes if "PM" in note and "index" in note.lower()]


def test_across_a_year_that_is_pm_no_part_is_called_index() -> None:
    old = ggu.open_fee(changed(FEE, {"years": [2021]})).fees()
    new = ggu.open_fee("fees/vng-contributie/2024").fees()
    change = new.change_from(old)
    assert not any(change.causes["index"].values())
    assert not any(change.causes["growth_to_cost_cover"].values())
    assert any("2022 is niet bekend (PM)" in note for note in change.notes)


def test_another_vintage_makes_another_bill_and_the_change_names_it(models: Path) -> None:
    fund = fund_of(models, 2022)
    newest, earlier = fund.contributions(), fund.with_changes(vintage="old").contributions()
    assert newest.total_cents == round_half_up(Fraction(100_000_000) * Fraction("1.02") * Fraction("1.05"))
    assert earlier.total_cents == round_half_up(Fraction(100_000_000) * Fraction("1.02") * Fraction("1.03"))
    change = newest.change_from(earlier)
    assert sum(change.causes["vintage"].values()) == newest.total_cents - earlier.total_cents
    assert not any(sum(map(abs, cents.values())) for name, cents in change.causes.items() if name != "vintage")
    assert any("CEP 2022 in de eerdere nota, MEV 2023 in deze" in note for note in change.notes)
    used = newest.provenance["index"]
    assert used == {
        "file": "index/test",
        "series": {"index": "loon"},
        "vintage": "newest",
        "base_year": 2020,
        "used": {"2021": ["new"], "2022": ["new"]},
    }
    assert "prijzen 2020 naar 2022" in str(newest.explain("GM0345"))


def test_index_and_vintage_add_up_with_everything_else(models: Path) -> None:
    first = fund_of(models, 2021, {"fund.indexed.vintage": "old"}).contributions()
    last = fund_of(models, 2022).contributions()
    for order in (None, "shapley"):
        change = last.change_from(first, order)
        for code, before in change.before.items():
            assert before + sum(cents[code] for cents in change.causes.values()) == change.after[code]
    change = last.change_from(first)
    assert sum(change.causes["index"].values()) == round_half_up(first.total_cents * Fraction("0.05"))
    assert not any(change.causes["vintage"].values())  # 2021 is the same in both


def test_a_fee_at_the_prices_of_a_base_year_follows_the_index(models: Path) -> None:
    fee = ggu.open_fee(
        changed(FEE, {"years": [2022], "fee.indexed": {"index": "index/test", "series": "loon", "base_year": 2021}}),
        models=models,
    )
    assert fee.tariff().rates[0] == Fraction("1.92") * Fraction("1.05")
    assert fee.with_changes(vintage="old").tariff().rates[0] == Fraction("1.92") * Fraction("1.03")


def test_every_fault_of_an_index_that_is_named_is_told(models: Path) -> None:
    wrong = {
        "series": ({"fund.indexed.series": "lonen"}, "fund.indexed.series: 'lonen'; allowed: loon"),
        "vintage": ({"fund.indexed.vintage": "cep-2030"}, "fund.indexed.vintage: 'cep-2030'; allowed: old, new"),
        "pm": ({"years": [2023]}, "loon of 2023 is PM, so that no amount of 2023 follows"),
        "late": ({"fund.indexed.base_year": 2024}, "2024, after 2022; allowed: a year of the file, or earlier"),
        "twice": ({"fund.index": {**SHARE, "value": 0.05}}, "stated beside indexed.base_year"),
        "growth": ({"fund.indexed.growth": "loon"}, "none: a fund has an index only"),
        "kind": ({"fund.indexed.index": "funds/ggu/2020"}, "funds/ggu/2020, a fund; allowed: a file of kind 'index'"),
    }
    for changes, told in wrong.values():
        with pytest.raises(ModelFileError) as caught:
            fund_of(models, 2022, changes)
        assert told in str(caught.value)
    other = {"fund.indexed": {"index": "index/test", "series": "loon"}, "fund.index": {**SHARE, "value": 0.04}}
    with pytest.raises(ModelFileError, match=r"0\.04 in 2022; allowed: 0\.05, as index/test has it"):
        fund_of(models, 2022, other)
    with pytest.raises(ggu.errors.InputError, match="allowed: old, new"):
        fund_of(models, 2022).with_changes(vintage="cep-2030")
    with pytest.raises(ggu.errors.InputError, match="This file names no index"):
        ggu.open_fund(deepcopy(FUND)).with_changes(vintage="old")


def test_the_product_is_over_years_and_the_sum_within_one() -> None:
    years = [{"index": Fraction(1, 10), "growth_to_cost_cover": Fraction(1, 100)}, {"index": Fraction(1, 5)}]
    assert product_of(years) == Fraction("1.11") * Fraction("1.2")
    assert product_of(years, ("index",)) == Fraction("1.1") * Fraction("1.2")
    assert product_of([]) == 1
