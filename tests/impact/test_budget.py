"""What a programme puts in the budget: by hand from the model files' own numbers, and what is asked wrongly."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from programme_files import EURO, driver, line, programme, share
from small_programmes import PEOPLE, two_ways

import ggu_costs as ggu
from ggu_costs.display.task_field import TaskFieldWarning
from ggu_costs.errors import InputError, ModelFileError, OutsidePeriodError, UnknownNameError
from ggu_costs.impact.programme import build_units
from ggu_costs.modelfile.listing import values_frame

MODELS = Path(__file__).parents[2] / "models" / "programmes"
REAL = ("gdi-doorbelasting", "inburgering", "omgevingswet/2021", "omgevingswet/2025", "vroegsignalering", "woo")
CODES = ("GM0014", "GM0034", "GM0037", "GM0059", "GM0363")


def stated(name):
    return tomllib.loads((MODELS / f"{name}.toml").read_text(encoding="utf-8"))


def by_id(items):
    return {item["id"]: item for item in items}


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(build_units.Units, "codes", CODES)


def made(**more):
    lines = [
        line("invoering"), line("beheer", nature="structural"), line("besparing", kind="benefit", nature="structural"),
        line("vergoeding", kind="compensation", instrument="algemene_uitkering", profile=share(y2024=0.5, y2025=0.5)),
    ]  # fmt: skip
    changed = more.pop("lines", {})
    lines = [part | changed.get(part["id"], {}) for part in lines if changed.get(part["id"]) is not False]
    return ggu.open_model(programme(*lines, **more))


def test_omgevingswet_2021_by_hand():
    file = stated("omgevingswet/2021")
    drivers, lines = by_id(file["drivers"]), by_id(file["lines"])
    once = (drivers["eenmalig"]["low"] + drivers["eenmalig"]["high"]) / 2  # the middle, of either shape
    half = (drivers["structureel"]["low"] + drivers["structureel"]["high"]) / 2
    profile = lines["transitie"]["profile"]["years"]
    result = ggu.open_programme("programmes/omgevingswet/2021").simulate(draws=4096)
    table = result.budget(2027)
    assert [name for name in table if name.isdecimal()] == ["2026", "2027", "2028", "2029", "2030"]
    for year in range(2026, 2031):
        amounts, errors = table[str(year)], table[f"{year}_error"]
        transition = once * profile.get(str(year), 0)
        full = year == file["programme"]["structural_year"]
        cost = lines["structurele-kosten"]["amount"]["value"] * (1 - half) * full
        saved = lines["structurele-besparing"]["amount"]["value"] * half * full
        by_hand = {
            "one_off_cost": transition, "structural_cost": cost, "costs": transition + cost,
            "structural_income": saved, "balance_before": saved - transition - cost,
        }  # fmt: skip
        for item, amount in by_hand.items():
            assert abs(amounts[item] - amount) <= 4 * errors[item], (year, item)
            side = (
                ""
                if amount == 0
                else "V"
                if (amount > 0) == (item not in ("one_off_cost", "structural_cost", "costs"))
                else "N"
            )
            assert table.loc[item, f"{year}_side"] == side
        # nothing of it is nil: no compensation is stated, and no mutation of reserves
        assert amounts[["compensation", "income", "balance", "addition", "withdrawal", "result"]].isna().all()
    assert table.attrs["title"].endswith(": begrotingstabel (BBV)")
    assert any("prijspeil is onbekend" in note for note in table.attrs["notes"])
    # the same draw decides cost and saving
    last = table["2030"]
    parts = last["structural_cost"] / 35_000_000 + last["structural_income"] / 168_000_000
    assert parts == pytest.approx(1, abs=1e-12)
    own, people = result.budget(2030, of="GM0345"), ggu.municipalities(2021)["inhabitants"]
    part = people["GM0345"] / people.sum()
    assert own.loc["structural_income", "2030"] == pytest.approx(last["structural_income"] * part)
    assert own.attrs["title"].endswith("begrotingstabel (BBV) van Veenendaal (indicatief)")
    items = result.one_off_items(2027)
    assert items["line"].head(1).to_dict() == {"one_off_cost": "Eenmalige transitiekosten"}
    assert items.loc["one_off_cost", "2027"] == table.loc["one_off_cost", "2027"]


def test_vroegsignalering_by_hand():
    file = stated("vroegsignalering")
    drivers, lines = by_id(file["drivers"]), by_id(file["lines"])
    result = ggu.open_programme("programmes/vroegsignalering").simulate(draws=4096)
    alone = result.budget(2021, task_field="6.3")
    signals_of, each_signal = (lines["uitvoering"]["scm"][part] for part in ("cases", "steps"))
    own = {year: each_signal[0]["price"]["value"] * count for year, count in signals_of["years"].items()}
    assert own["2024"] == 50_000_000
    for year, whole in own.items():
        amounts = alone[year].loc[["structural_cost", "costs", "balance_before"]]
        assert amounts.to_numpy() == pytest.approx([whole, whole, -whole], rel=1e-14)
    assert alone.loc[["structural_cost", "structural_income"], "task_field"].tolist() == ["6.3", "6.3"]
    assert alone.loc["structural_income", "2021":"2024"].drop(labels=["2021_error", "2021_side"]).isna().any()
    assert "one_off_cost" not in alone.index
    local = sum(drivers["blijft-lokaal"][part] for part in ("low", "mode", "high")) / 3
    low, high = (math.log(drivers["tegenvaller"][name]) for name in ("p10", "p90"))
    sd = (high - low) / 2 / NormalDist().inv_cdf(0.9)
    off = math.exp((low + high) / 2 + sd**2 / 2)
    fixed, each = (pool["amount"] for pool in lines["dienst-vast"]["joint"]["pools"])
    service = (fixed + each * len(ggu.municipalities(2024))) * off
    price, signals = lines["dienst-signalen"]["amount"]["value"], drivers["signalen"]["value"]
    moves, classes = lines["overgang"]["classes"]["amounts"], ggu.municipalities(2024)["size_class"].astype(str)
    once = {"2021": sum(moves[label] for label in classes) * off}
    together = result.alternative("gezamenlijk").budget(2021)
    for year, level in lines["dienst-signalen"]["profile"]["years"].items():
        by_hand = own[year] * local + once.get(year, 0) + service + price * signals * level * off
        assert abs(together.loc["costs", year] - by_hand) <= 4 * together.loc["costs", f"{year}_error"]


@pytest.mark.parametrize("name", REAL)
def test_every_real_programme_gives_a_budget(name):
    model = ggu.open_programme(f"programmes/{name}")
    table = model.simulate(draws=64).budget()
    last = [year for year in model.years if year > model.years[-1] - 4]
    assert [int(year) for year in table if year.isdecimal()][-len(last) :] == last
    assert "structural_cost" in table.index or "one_off_cost" in table.index


@pytest.mark.usefixtures("few")
def test_compensation_reserves_and_task_fields_of_lines():
    lines = {"invoering": {"task_field": "0.4"}, "beheer": {"task_field": "6.10"}, "vergoeding": {"task_field": "0.7"}}
    no_more = {"compensation": {"value": "none", "status": "enacted", "source": "besluit"}}
    result = made(lines=lines, budget={"task_field": "6.3"}, programme=no_more).simulate(draws=4)
    table = result.budget(2024, withdrawals={2024: 250_000}, additions={2024: 50_000, 2025: 0})
    million = 1_000_000.0
    rows = list(zip(table["task_field"], table.index, table["2024"], table["2024_side"], table["2025"], strict=True))
    known = [row for row in rows if row[1] not in ("withdrawal", "result")]
    assert known == [
        ("0.4", "one_off_cost", pytest.approx(million), "N", 0.0),
        ("6.10", "structural_cost", pytest.approx(million), "N", pytest.approx(million)),
        ("", "costs", pytest.approx(2 * million), "N", pytest.approx(million)),
        ("6.3", "structural_income", pytest.approx(million), "V", pytest.approx(million)),
        ("0.7", "one_off_compensation", pytest.approx(million / 2), "V", pytest.approx(million / 2)),
        ("", "income", pytest.approx(1.5 * million), "V", pytest.approx(1.5 * million)),
        ("", "balance", pytest.approx(-million / 2), "N", pytest.approx(million / 2)),
        ("", "addition", 50_000.0, "N", 0.0),
    ]
    assert table.loc["result", "2024"] == pytest.approx(-300_000)
    assert math.isnan(table.loc["withdrawal", "2025"])
    assert math.isnan(table.loc["result", "2025"])
    # of what is structural nobody says whether the State pays: that is not nil
    plain = made().simulate(draws=4).budget(task_field="6.3")
    assert plain.loc["one_off_compensation", "2024"] == pytest.approx(million / 2)
    assert plain.loc[["compensation", "balance"], "2024"].isna().all()
    assert made().simulate(draws=4).one_off_items().loc["balance", "2024"] == pytest.approx(-million / 2)
    assert plain.loc["one_off_compensation", "task_field"] == "nog op te geven"  # only the file can name it


@pytest.mark.usefixtures("few")
def test_prices_of_each_year():
    result = made(lines={"vergoeding": False}).simulate(draws=4)
    plain = result.budget(2024, 2)
    assert any(
        note == "In prijspeil 2024; niet geïndexeerd naar de prijzen van elk jaar." for note in plain.attrs["notes"]
    )
    found = result.budget(2024, 2, index={2025: 0.1})
    assert found.loc["structural_cost", "2025"] == pytest.approx(1.1 * plain.loc["structural_cost", "2025"])
    assert found.loc["structural_cost", "2024"] == plain.loc["structural_cost", "2024"]
    terms = {"series": "CEP", "index": {2025: 0.1}, "status": "estimated", "by": "de proef", "first_year": 2025}
    of_file = made(lines={"vergoeding": False}, budget=terms).simulate(draws=4)
    assert of_file.budget(2024, 2).equals(found)
    assert [year for year in of_file.budget() if year.isdecimal()] == ["2024", "2025"]
    with pytest.raises(InputError) as raised:
        result.budget(2023, 0, index={2025: -2, 2024: "a"}, task_field=4, of="GM1", additions={2030: -1})
    told = str(raised.value)
    for part in (
        "years: 0", "index[2025]: -2", "index[2024]", "task_field: 4", "of: 'GM1'", "additions: an amount for 2030",
        "additions[2030]: -1", "first_year: 2023", "no year 2023",
    ):  # fmt: skip
        assert part in told, part
    with pytest.raises(InputError, match="no rate for 2025"):
        result.budget(2024, 2, index={})
    for wrong in ({"index": 0.1}, {"additions": 5}, {"first_year": "2024"}):
        with pytest.raises(InputError, match=next(iter(wrong))):
            result.budget(**wrong)


@pytest.mark.usefixtures("few")
def test_an_unknown_price_level_gives_the_table_and_a_mark():
    amounts = {name: {"amount": {"value": 1000, "unit": "EUR"} | EURO | {"price_level": "unknown"}}
               for name in ("invoering", "beheer", "besparing", "vergoeding")}  # fmt: skip
    result = made(lines=amounts, programme={"price_level": "unknown"}).simulate(draws=4)
    table = result.budget(2024, 2)
    assert table.loc["costs", "2024"] == pytest.approx(2000)
    assert any("het prijspeil is onbekend" in note for note in table.attrs["notes"])
    with pytest.raises(InputError, match="price level is unknown"):
        result.budget(2024, 2, index={2025: 0.1})


@pytest.mark.usefixtures("few")
def test_a_task_field_of_another_form_is_a_warning():
    result = made().simulate(draws=4)
    with pytest.warns(TaskFieldWarning, match=r"'overhead' has not the form of an Iv3 task field, such as 0\.4"):
        table = result.budget(task_field="overhead")
    assert table.loc["one_off_cost", "task_field"] == "overhead"
    assert any("“overhead” heeft niet de vorm" in note for note in table.attrs["notes"])
    with pytest.warns(TaskFieldWarning, match="'zes'"):
        made(lines={"beheer": {"task_field": "zes"}})


def test_what_a_file_may_not_say_of_its_budget():
    with pytest.raises(ModelFileError) as raised:
        made(budget={"first_year": 2030, "years": 0, "index": {2025: 3}, "task_field": "x" * 50})
    told = str(raised.value)
    assert all(part in told for part in ("budget.years", "budget.task_field"))
    with pytest.raises(ModelFileError, match=r"budget\.first_year: 2030; allowed: a year of the file: 2024 to 2025"):
        made(budget={"first_year": 2030})
    with pytest.raises(ModelFileError) as raised:
        made(budget={"index": {2025: 3}})
    told = str(raised.value)
    for part in ("index 3 for 2025", "index without series", "index without status"):
        assert part in told


def test_a_programme_made_in_python():
    ways = two_ways().simulate(256, seed=5)
    table = ways.budget(2024, 2)
    assert list(table.columns) == ["task_field", "2024", "2024_error", "2024_side", "2025", "2025_error", "2025_side"]
    for year in (2024, 2025):
        for item, quantity in (("structural_cost", "cost"), ("structural_income", "benefit")):
            assert table.loc[item, str(year)] == pytest.approx(ways.national(f"{quantity}:{year}")["mean"].iloc[0])
        net = ways.national(f"year:{year}").iloc[0]
        assert table.loc["balance", str(year)] == pytest.approx(-net["mean"])
        assert table.loc["balance", f"{year}_error"] >= net["mean_error"]  # at most together
    own = ways.budget(2025, 1, of="GM0363")
    assert own.loc["structural_income", "2025"] == pytest.approx(0.5 * PEOPLE["GM0363"], rel=0.05)
    assert any("onbekend of er btw in zit" in note for note in own.attrs["notes"])
    with pytest.raises(OutsidePeriodError, match="no year 2026"):
        ways.budget(2025, 2)
    known = dict(ways.runner.memory.nation)
    with pytest.raises(UnknownNameError, match="GM9999"):
        ways.alternative("samen").budget(2025, 1, of="GM9999")
    assert ways.runner.memory.nation == known  # nothing was simulated for it
    with pytest.raises(InputError, match="years: 0"):
        ways.budget(2025, 0)
    with pytest.raises(InputError, match="an index for a programme in current prices"):
        ways.budget(2024, 1, index={2025: 0.03})
    difference = ways.difference("samen").budget(2024, 2)
    saved = (
        ways.budget(2024, 2).loc["balance", "2025"] - ways.alternative("samen").budget(2024, 2).loc["balance", "2025"]
    )
    assert difference.loc["balance", "2025"] == pytest.approx(saved)


@pytest.mark.usefixtures("few")
def test_a_report_has_the_table_and_the_one_off_items():
    for code in (None, "GM0363"):
        report = made(drivers=[driver("prijs")], lines={"beheer": {"factors": ["prijs"]}}).report(code)
        assert {"budget", "one_off_items"} <= set(report.frames)
        frame = report.frames["budget"]
        assert isinstance(frame, pd.DataFrame)
        assert frame.attrs["decimals"]["EUR"] == -3
        assert bool(frame.attrs.get("indicative")) == (code is not None)
    later = made(lines={"invoering": False, "vergoeding": False}).report()
    assert "one_off_items" not in later.frames
    assert np.isnan(later.frames["budget"].loc["balance", "2024"])


def test_what_a_file_says_of_its_budget_is_among_its_values():
    terms = {"series": "CEP", "index": {2025: 0.1}, "status": "estimated", "by": "de proef", "first_year": 2025}
    frame = values_frame(made(budget=terms).definition)
    found = {row["item"]: (str(row["value"]), row["by"]) for row in frame.to_dict(orient="records")}
    assert found["budget.first_year"] == ("2025", "de proef")
    assert found["budget.index.2025"] == ("0.1", "de proef")
