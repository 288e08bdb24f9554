"""What a run shows, plots, and programmes side by side; with files, so that all parts are there."""

from __future__ import annotations

import pandas as pd
import pytest
from programme_files import EURO, OURS, driver, line, programme, share
from small_programmes import two_ways, uniform_cost

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.impact.answers.charts import CHARTS
from ggu_costs.impact.answers.questions import INCOME
from ggu_costs.impact.programme import build_units
from ggu_costs.impact.report import with_rate
from ggu_costs.report.vega import specification
from ggu_costs.words.label import words_of

CODES = ("GM0014", "GM0034", "GM0037", "GM0059", "GM0363")
RANGE = {
    "low": 1e6, "high": 3e6, "unit": "EUR", "status": "published", "source": "besluit", "vat": "none",
    "price_level": "2024", "reading": "min_max",
}  # fmt: skip


@pytest.fixture
def few(monkeypatch):
    """A map of five municipalities, so that these tests are quick without the compiler too."""
    monkeypatch.setattr(build_units.Units, "codes", CODES)


def tables(**more):
    lines = [
        line("invoering", amount=None, factors=["omvang"]),
        line("beheer", nature="structural", factors=["prijs"]),
        line("pm-post", amount={"mark": "pm", "unit": "EUR"} | EURO, key=None),
        line("vergoeding", kind="compensation", instrument="algemene_uitkering", profile=share(y2024=0.5, y2025=0.5)),
    ]
    ranged = {
        "id": "omvang",
        "name": "de omvang",
        "shape": "triangular",
        "second_shape": "uniform",
        "shape_by": "ons",
    } | RANGE
    published = [{"id": "invoering", "name": "Invoering", "of": "one_off"} | RANGE]
    both = ["invoering", "beheer", "pm-post", "vergoeding"]
    alternatives = [
        {"id": "een", "name": "een", "lines": both} | OURS, {"id": "twee", "name": "twee", "lines": both[1:]} | OURS,
    ]  # fmt: skip
    udo = [
        {"question": "Kan het?", "answer": "Ja, als het eenmaal voor allen is.", "by": "de proef"},
        {"question": "Is er genoeg geld?", "answer": "Nee.", "source": "besluit"},
    ]
    drivers = [ranged, driver("prijs")]
    parts = {"drivers": drivers, "published": published, "alternatives": alternatives, "udo": udo}
    return programme(*lines, **parts | {"simulation": {"draws": 512}} | more)


@pytest.mark.usefixtures("few")
def test_a_run_of_all_municipalities():
    report = ggu.open_model(tables()).report()
    assert list(report.frames) == [
        "national", "published_ranges", "readings", "by_line", "by_year", "adequacy", "national_twee",
        "difference_twee", "winners_and_losers", "by_size_class", "by_province", "by_municipality",
        "by_size_class_structural", "by_province_structural", "by_municipality_structural", "budget",
        "one_off_items", "sensitivity", "sensitivity_structural",
    ]  # fmt: skip
    assert report.title == "Proef: impactanalyse"
    assert report.notes[0] == "Onder de aannames van deze analyse, niet van het onderzoek."
    assert report.notes[1].startswith("Aanname van ons: bedragen halverwege de gepubliceerde bandbreedte")
    assert "Exclusief PM: pm-post." in report.notes
    assert report.notes[-1].startswith("Begrippen: lasten zijn kosten van gemeenten")
    assert report.technique[0] == "Simulaties: 512, aselecte trekking, seed 7."
    assert any("vorm driehoek aangenomen door ons" in text for text in report.technique)
    assert report.map == ("by_municipality", "per_inhabitant")
    assert report.illustrative
    assert report.summary == (("municipalities", 5, "count"),)
    national = report.frames["national"]
    # structural compensation is not stated: no net, and no sum of one-off and structural years
    assert not {"net", "gross", "structural_net", "cost"} & set(national.index)
    assert national["probability_of_loss"].isna().to_dict() == {name: name in INCOME for name in national.index}
    for name in ("by_line", "difference_twee"):
        assert not {"probability_of_loss", "probability_error"} & set(report.frames[name])
    answers = dict(report.sections[0].texts)
    paid = answers["Langs welke bekostigingswijze worden de financiële gevolgen opgevangen?"]
    assert paid == "Met vergoeding (algemene uitkering)."
    judged = answers["Is de compensatie toereikend voor gemeenten samen?"]
    assert judged == "De compensatie is PM (structureel); een oordeel over toereikendheid is nog niet mogelijk."
    assert "pm-post" in answers["Wat is niet in de raming opgenomen?"]
    assert report.sections[1].texts == (
        ("Kan het?", "Ja, als het eenmaal voor allen is. (de proef)"),
        ("Is er genoeg geld?", "Nee. (Besluit van de proef)"),
    )
    assert {chart.kind for chart in report.charts} == {"line", "bars"}
    one_off, structural = (chart for chart in report.charts if chart.x == "amount")  # never on one axis
    assert one_off.title == "Kans dat de lasten onder dit bedrag blijven: incidenteel, vóór compensatie"
    assert one_off.y == ("driehoek", "uniform", "gelezen als P10-P90 (normale verdeling)")
    assert structural.y == ("probability",)
    for curve in (one_off, structural):
        assert all(curve.frame[name].is_monotonic_increasing for name in curve.y)
        assert curve.frame["amount"].is_monotonic_increasing
    near = (one_off.frame["amount"] - national["p50"]["one_off"]).abs().idxmin()
    assert one_off.frame["driehoek"][near] == pytest.approx(0.5, abs=0.1)
    published = report.frames["published_ranges"].loc["invoering"]
    assert published["low"] <= published["second_p5"] < published["p5"] < published["p95"] < published["high"]
    assert (published["shape"], published["shape_by"], published["second_shape"]) == ("driehoek", "ons", "uniform")
    units = report.frames["by_municipality"].attrs["units"]
    assert (units["mean"], units["per_inhabitant"]) == ("EUR", "EUR/inhabitant")
    assert report.frames["by_line"].loc["pm-post"].isna().sum() > 5
    # figures of single municipalities only
    assert {name for name, table in report.frames.items() if table.attrs.get("indicative")} == {
        "by_municipality",
        "by_municipality_structural",
    }
    assert (
        report.frames["by_municipality"]
        .attrs["title"]
        .endswith("incidenteel, vóór compensatie per gemeente (indicatief)")
    )
    assert "mean" in report.frames["by_line"].attrs["pm"]


@pytest.mark.usefixtures("few")
def test_a_run_of_one_municipality():
    report = ggu.open_model(tables()).report("GM0363")
    assert report.title.startswith("Amsterdam (GM0363)")
    assert list(report.frames) == ["budget", "one_off_items", "steps", "similar_size"]
    assert "GM0363" in report.frames["similar_size"].index
    assert all(table.indicative for table in report.tables)
    assert report.title.endswith("(indicatief)")
    own = ggu.open_model(tables(programme={"indicative": False})).report("GM0363")
    assert "indicatief" not in own.title
    assert not any(table.indicative for table in own.tables)
    assert report.provenance["municipality"] == "GM0363"
    with pytest.raises(UnknownNameError, match="GM0000"):
        ggu.open_model(tables()).report("GM0000")


def test_euro_per_inhabitant_stand_beside_the_mean():
    codes = pd.Index(["GM0363", "GM0345"], name="code")
    given = pd.DataFrame({"inhabitants": [10, 0], "mean": [25.0, 0.0]}, index=codes)
    given.attrs = {"units": {"mean": "EUR"}, "indicative": True}
    frame = with_rate(given)
    assert list(given.columns) == ["inhabitants", "mean"]
    assert list(frame.columns) == ["inhabitants", "per_inhabitant", "mean"]
    assert frame["per_inhabitant"].iloc[0] == 2.5
    assert frame["per_inhabitant"].isna().iloc[1]  # nobody lives there
    assert frame.attrs == {"units": {"mean": "EUR", "per_inhabitant": "EUR/inhabitant"}, "indicative": True}


@pytest.mark.usefixtures("few")
def test_settings_of_the_file_and_those_that_override():
    made = ggu.open_model(tables(simulation={"seed": 3, "draws": 64}))
    result = made.simulate()
    assert (result.provenance["seed"], result.provenance["draws"], result.draws) == (3, 64, 64)
    assert made.simulate(seed=0).digest() != result.digest()
    assert made.simulate(seed=3, threads=2).digest() == result.digest()
    assert made.simulate(method="sobol", replicates=2, draws=64).provenance["method"] == "sobol"
    seen = []
    made.simulate(progress=lambda done, whole: seen.append((done, whole)))
    assert seen[-1] == (64, 64)
    assert made.alternatives == {"een": "een", "twee": "twee"}
    assert (made.id, made.title, made.years) == ("programmes/proef", "Proef", (2024, 2025))


@pytest.mark.usefixtures("few")
def test_two_programmes_side_by_side():
    first, second = ggu.open_model(tables()), ggu.open_model(tables(title="Ander"))
    found = first.compare(second)
    frame = found.to_frame()
    assert frame["mean_a"].to_numpy() == pytest.approx(frame["mean_b"].to_numpy())
    assert frame["comparable"].to_dict() == {"one_off": "no", "structural": "yes"}  # a line of the first is PM
    assert found.differs() == ("incidenteel: in een van de programma’s PM of niet opgenomen",)
    assert (frame["p95_a_error"] >= 0).all()
    assert frame.attrs["decimals"] == {"EUR": -5} | {name: 0 for name in frame if name.endswith("_error")}
    assert all(words_of(name) and words_of(name, "en") for name in frame)
    assert found.notes[:2] == ("a: Proef", "b: Ander")
    answer = found.report().answer
    assert answer.sentence == (
        "Vergelijkbaar: structureel per jaar, vóór compensatie: b vergeleken met a: geen verandering van de lasten."
    )
    with pytest.raises(InputError, match="1 programmes"):
        first.compare()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_plots(lang):
    plot = two_ways().simulate(512, seed=1).plot
    for name in ("s_curve", "tornado", "intervals", "per_inhabitant", "fan", "convergence"):
        figure = getattr(plot, name)(lang=lang)
        assert figure.axes
        figure.draw_without_rendering()
    with pytest.raises(InputError, match="no drivers"):
        certain().plot.tornado()
    for most in ("3", 0, 2.5, True, None):
        with pytest.raises(InputError, match="most: "):
            two_ways().simulate(64, seed=1).plot.tornado(most=most)


def certain():
    import numpy as np
    from small_programmes import PEOPLE

    from ggu_costs.impact import MadeLine, Term, programme_from_parts

    return programme_from_parts(
        "Zeker", by="de proef", inhabitants=PEOPLE, map_date="2024-01-01", years=(2024,), drivers=[],
        lines=[MadeLine("a", "a", "cost", "one_off", (Term("a", np.ones(5)),))],
    ).simulate(64, seed=1)  # fmt: skip


def test_what_is_certain_has_no_spread():
    frame = certain().by_municipality()
    assert (frame[["mean", "p5", "p50", "p95"]] == 1.0).all().all()
    assert (frame[["sd", "mean_error"]] == 0.0).all().all()


def test_a_run_that_stops_at_its_target():
    result = uniform_cost().simulate(4096, seed=1, target_error=1e12)
    assert result.draws == 4096
    assert result.national("net")["mean_error"].iloc[0] < 1e12


def test_public_names():
    import ggu_costs.impact as room

    for name in room.__all__:
        assert getattr(room, name) is not None
    assert set(room.__all__) <= set(dir(room))
    with pytest.raises(AttributeError, match="no attribute 'nee'"):
        room.nee  # noqa: B018 (asking is the test)


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_of_a_notebook_can_stand_on_a_page(name):
    result = two_ways().simulate(512, seed=1)
    years = result.by_year().attrs
    spec = specification(CHARTS[name](result, lang="en"), lang="en")
    assert spec["description"].startswith(f"{result.title}: ")
    assert len(spec["data"]["values"]) > 0
    assert result.by_year().attrs == years  # drawing changes nothing
    assert name in dir(result.plot)
