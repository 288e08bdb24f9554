"""Inhabitants of years to come: a forecast with its band, and own growth scaled to a national total."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from own_packs import NATION, NEXT, ZEIST, people_of_last, write_pack
from programme_files import line, programme
from years import LAST

import ggu_costs as ggu
from ggu_costs import impact as ggu_impact
from ggu_costs.errors import InputError, OutsidePeriodError
from ggu_costs.reference import SHIPPED
from ggu_costs.reference.writing import new_pack, scaled_growth

NEW = f"{NEXT}-01-01"
LOW, HIGH, GROWN = (NATION + change for change in (-130_000, 170_000, 80_000))


def banded(folder: Path, *, national: bool = True) -> ggu.Reference:
    people = people_of_last()
    bounds = {"inhabitants_low": {code: round(count * 0.98) for code, count in people.items()},
              "inhabitants_high": {code: round(count * 1.03) + 1 for code, count in people.items()}}  # fmt: skip
    band: dict[str, object] = {"low": "inhabitants_low", "high": "inhabitants_high", "coverage": 0.67}
    if national:
        band |= {"national_low": LOW, "national_high": HIGH}
    pack = write_pack(folder, people, columns=bounds, entry={"band": {"inhabitants": band}, "by": "CBS en PBL"})
    return ggu.Reference.open(pack)


def test_a_band_says_its_coverage(tmp_path: Path) -> None:
    reference = banded(tmp_path / "p")
    band = reference.band(NEW)
    assert list(band.columns) == ["low", "middle", "high"]
    assert band.attrs == {
        "coverage": 0.67, "by": "CBS en PBL", "national": {"low": LOW, "high": HIGH},
    }  # fmt: skip
    assert (band["low"] <= band["middle"]).all()
    assert (band["middle"] <= band["high"]).all()
    with pytest.raises(OutsidePeriodError, match="have no band"):
        reference.band(f"{LAST}-01-01")


def test_the_outlook_shows_low_middle_and_high(tmp_path: Path) -> None:
    reference = banded(tmp_path / "p")
    fund = ggu.open_fund("funds/ggu/2020", reference=reference)
    years = dict.fromkeys(range(2021, NEXT + 1), 0.02)
    ahead = fund.outlook(NEXT, index=years, vintage="proef")
    row = ahead.summary().loc[NEXT]
    assert (row["inhabitants_low"], row["inhabitants"], row["inhabitants_high"]) == (LOW, NATION, HIGH)
    assert row["per_inhabitant_low"] == pytest.approx(row["contribution"] / HIGH)
    assert row["per_inhabitant_low"] < row["per_inhabitant"] < row["per_inhabitant_high"]
    assert ahead.summary()["inhabitants_low"].isna().sum() == len(years)  # of the other years nobody knows one
    told = [note for note in ahead.notes if "band" in note]
    assert told == [
        f"Inwoners van 1 januari {NEXT}: volgens CBS en PBL ligt de uitkomst met een kans van 67% binnen de band; "
        "dat is geen P5-P95.",
    ]  # fmt: skip
    bounds = ahead.bounds(NEXT)
    people, total = people_of_last(), NATION
    low = round(people[ZEIST] * 0.98)
    expected = float(row["contribution"]) * low / (total - people[ZEIST] + low)
    assert bounds.loc[ZEIST, "low"] == pytest.approx(expected, abs=0.006)
    assert bounds.loc[ZEIST, "low"] < bounds.loc[ZEIST, "middle"] < bounds.loc[ZEIST, "high"]
    with pytest.raises(OutsidePeriodError, match="no band of inhabitants in 2021"):
        ahead.bounds(2021)


def test_without_a_national_band_the_nation_has_none(tmp_path: Path) -> None:
    fund = ggu.open_fund("funds/ggu/2020", reference=banded(tmp_path / "p", national=False))
    ahead = fund.outlook(NEXT, index=dict.fromkeys(range(2021, NEXT + 1), 0.02), vintage="proef")
    assert ahead.summary()["inhabitants_low"].isna().all()
    assert ahead.bounds(NEXT)["low"].notna().all()


def test_own_growth_is_scaled_to_a_national_total() -> None:
    grown = scaled_growth(SHIPPED, LAST, NEXT, GROWN)
    assert sum(grown) == GROWN
    now, before = (SHIPPED.municipalities(year)["inhabitants"] for year in (LAST, LAST - 1))
    expected = now * (now / before)
    assert max(abs(grown - expected / expected.sum() * GROWN)) < 1
    with pytest.raises(InputError, match="national total 0"):
        scaled_growth(SHIPPED, LAST, NEXT, 0)


def test_a_new_pack_with_a_national_total_is_a_forecast(tmp_path: Path) -> None:
    folder = tmp_path / "groei 2027"
    folder.mkdir()
    for name, content in new_pack(folder, SHIPPED, year=NEXT, start=LAST, by="analist", national=GROWN).items():
        (folder / name).write_bytes(content)
    reference = ggu.Reference.open(folder)
    assert reference.inhabitants_on(NEW).sum() == GROWN
    assert reference.status_of(NEXT, "inhabitants") == ("forecast", "analist")
    assert repr(reference) == f"Reference(2018 to {NEXT}, groei-2027)"
    blank = new_pack(folder, SHIPPED, year=NEXT, start=LAST, by="VUL IN", national=None)
    for name, content in blank.items():
        (folder / name).write_bytes(content)
    with pytest.raises(InputError, match="still to fill in"):
        ggu.Reference.open(folder)
    with pytest.raises(InputError, match="cannot be added"):
        new_pack(folder, SHIPPED, year=LAST, start=LAST, by="", national=None)
    assert reference.members(datetime.date(NEXT, 6, 1)).equals(reference.members(NEW))


def drawn(reference: ggu.Reference, **more: object) -> ggu_impact.Programme:
    growth = {
        "id": "groei", "name": "Groei", "shape": "jqpd", "second_shape": "metalog", "shape_by": "de proef",
        "forecast": datetime.date(NEXT, 1, 1), **more,
    }  # fmt: skip
    days = {name: {"value": NEW, "unit": "date", "status": "estimated", "by": "de proef"}
            for name in ("map_date", "counting_date")}  # fmt: skip
    tables = programme(
        line("invoering", factors=["groei"]), years=[NEXT], programme=days, drivers=[growth],
        simulation={"draws": 4096, "method": "sobol", "replicates": 2},
    )  # fmt: skip
    return ggu.open_programme(tables, reference=reference)


def test_a_programme_draws_the_band_by_its_coverage(tmp_path: Path) -> None:
    reference = banded(tmp_path / "p")
    opened = drawn(reference)
    quantiles = {name: float(str(figure.value)) for name, figure in opened.definition.drivers[0].quantiles.items()}
    assert quantiles == {
        "p16.5": pytest.approx(LOW / NATION), "p50": 1.0, "p83.5": pytest.approx(HIGH / NATION),
    }  # fmt: skip
    result = opened.simulate()
    assert result.quantile(0.165) == pytest.approx(1e6 * LOW / NATION, rel=2e-3)
    assert result.quantile(0.835) == pytest.approx(1e6 * HIGH / NATION, rel=2e-3)
    assert result.quantile(0.05) < 1e6 * LOW / NATION * 0.9999  # beyond the band: it is no P5 to P95
    assert any("volgens CBS en PBL ligt de uitkomst" in note for note in result.notes)
    told = opened.definition.sources[f"forecast-{NEXT}"]
    assert told.publisher == "CBS en PBL"


def test_a_band_that_is_not_there_cannot_be_drawn(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"drivers.groei.forecast: no band of the nation"):
        drawn(banded(tmp_path / "p", national=False))
    with pytest.raises(InputError, match=r"drivers.groei.forecast: counting date"):
        drawn(ggu.Reference.open())
    with pytest.raises(InputError, match=r"drivers.groei.forecast: with quantiles as well"):
        drawn(banded(tmp_path / "p"), quantiles={"p10": 1, "p50": 2, "p90": 3})
