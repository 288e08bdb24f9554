"""Several uitkeringsjaren of one circulaire, at current and constant prices, with an accres that may be uncertain."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs.grants import grant_years
from ggu_costs.simulation import marginals

FOLDER = "grants/gemeentefonds"


@pytest.fixture(scope="module")
def opened() -> dict[str, Any]:
    names = [f"{month}circulaire-2024/{year}" for month in ("mei", "september") for year in (2024, 2025)]
    return {name: ggu.open_grant(f"{FOLDER}/{name}") for name in names}


def of(opened: dict[str, Any], month: str, **more: Any) -> Any:
    return grant_years(*(opened[f"{month}circulaire-2024/{year}"] for year in (2025, 2024)), **more)


def test_the_table_of_a_kadernota(opened: dict[str, Any]) -> None:
    years = of(opened, "september", price_rise={2025: 0.025, 2026: 0.02}, accres={2026: 500_000_000})
    table = years.table("GM0345")
    amounts = [opened[f"septembercirculaire-2024/{year}"].amounts() for year in (2024, 2025)]
    base = amounts[1].base
    added = 500_000_000 * base["GM0345"] / sum(base.values())
    general = [amounts[0].general_cents["GM0345"], amounts[1].general_cents["GM0345"]]
    general.append(round((amounts[1].general_sums.by_code["GM0345"] + added) * 100))
    assert table["general_grant"].tolist() == [cents / 100 for cents in general]
    grants = [general[place] + amounts[min(place, 1)].other_cents["GM0345"] for place in range(3)]
    assert table["grants"].tolist() == [cents / 100 for cents in grants]
    assert table["year_change"].tolist()[1:] == [(b - a) / 100 for a, b in pairwise(grants)]
    prices = [Fraction(1), Fraction("1.025"), Fraction("1.025") * Fraction("1.02")]
    assert table["constant_prices"].tolist() == pytest.approx(
        [float(Fraction(cents, 100) / price) for cents, price in zip(grants, prices, strict=True)], rel=1e-14
    )
    assert round(years.table()["general_grant"][2026] - years.table()["general_grant"][2025]) == 500_000_000
    assert years.to_frame().loc["GM0345", "2026"] == grants[2] / 100
    assert any("geen tabellen" in note for note in years.notes)
    with pytest.raises(ggu.UnknownNameError):
        years.table("GM9999")


def test_an_uncertain_accres_gives_percentiles_that_scale_with_the_base(opened: dict[str, Any]) -> None:
    normal = marginals.normal(400e6, 100e6)
    asked = {"accres": {2026: 300_000_000, 2027: normal, 2028: normal}, "seed": 16, "draws": 50_000}
    years = of(opened, "september", **asked)
    nation, one = years.table(), years.table("GM0363")
    base = years.last.base
    share = float(base["GM0363"] / sum(base.values()))
    assert nation.loc[2026, ["p5", "p95"]].isna().all()
    for year, sd in ((2027, 100e6), (2028, 2**0.5 * 100e6)):
        for name, p in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):
            exact = nation["grants"][year] + sd * NormalDist().inv_cdf(p)
            assert nation[name][year] == pytest.approx(exact, abs=0.04 * sd)
            distance = nation[name][year] - nation["grants"][year]
            assert one[name][year] - one["grants"][year] == pytest.approx(share * distance, abs=1e-3)
    again = of(opened, "september", **{**asked, "accres": {2026: 300_000_000, 2027: normal}})
    assert again.table()["p5"][2027] == nation["p5"][2027]  # a year more leaves the others


def test_september_against_may_per_year_with_causes(opened: dict[str, Any]) -> None:
    change = of(opened, "mei").compare(of(opened, "september"))
    table, one = change.table(), change.table("GM1892")
    assert list(table.index) == [2024, 2025]
    causes = ["volumes_changed", "weights_changed", "factor_changed", "others_changed"]
    for frame in (table, one):
        assert frame["grants_change"].tolist() == pytest.approx(frame[causes].sum(axis=1).tolist(), abs=0.01)
        assert (frame["after"] - frame["before"]).tolist() == pytest.approx(frame["grants_change"].tolist(), abs=0.01)
    general = table[causes[:3]].sum(axis=1)
    assert general[2024] == pytest.approx(38_911_085_596 - 38_422_385_620, abs=2)
    assert general[2025] == pytest.approx(146_755_550, abs=2)
    assert one["before"][2025] == opened["meicirculaire-2024/2025"].amounts().columns["grants"]["GM1892"] / 100


def test_every_fault_of_years_is_named(opened: dict[str, Any]) -> None:
    with pytest.raises(ggu.InputError) as error:
        grant_years(
            opened["meicirculaire-2024/2024"],
            opened["septembercirculaire-2024/2025"],
            price_rise={2025: 2.5},
            accres={2027: 1},
            draws=1,
        )
    assert {fault.where for fault in error.value.faults} == {"grants", "accres", "price_rise.2025", "draws"}
    with pytest.raises(ggu.InputError) as error:
        of(opened, "mei", accres={2026: marginals.normal(1, 1)}, price_rise={2024: 0.1})
    assert {fault.where for fault in error.value.faults} == {"seed", "price_rise"}
    with pytest.raises(ggu.InputError, match="none"):
        grant_years()
    one = opened["meicirculaire-2024/2024"]
    with pytest.raises(ggu.InputError, match="2024 twice"):
        grant_years(one, one)
    with pytest.raises(ggu.InputError, match="a year with tables in both"):
        grant_years(one).compare(grant_years(opened["meicirculaire-2024/2025"]))
