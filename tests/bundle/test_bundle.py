"""Bundles: components on common draws, as a plain twin adds them up; who is hit; and what cannot be added up."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from oracles import bundle as twin
from typer.testing import CliRunner

import ggu_costs as ggu
from ggu_costs.bundle.answer import outside
from ggu_costs.bundle.result import BundleResult
from ggu_costs.cli import app
from ggu_costs.errors import InputError, ModelFileError, UnknownNameError

SHIPPED = "bundles/example-stapeling"
DRAWS = 512
CLOSE = 1e-7
"""The engine has distributions as tables, the twin as functions."""
DAY = "2025-01-01"


def stated(*components: dict[str, Any], years: tuple[int, int] = (2016, 2032), **more: Any) -> dict[str, Any]:
    """A bundle as a mapping."""
    day = {"value": DAY, "unit": "date", "status": "illustrative", "by": "test"}
    return {
        "schema": 1, "kind": "bundle", "id": "bundles/test", "title": "Proef", "checked_on": "2026-11-30",
        "sources": {"test": {"title": "Proef", "publisher": "test"}},
        "years": list(range(years[0], years[1] + 1)), "bundle": {"map_date": day, "counting_date": day},
        "simulation": {"seed": 5, "draws": DRAWS}, "components": [dict(one) for one in components], **more,
    }  # fmt: skip


OMGEVINGSWET = {"id": "ow", "model": "programmes/omgevingswet/2025"}
FORMER = {"id": "ow21", "model": "programmes/omgevingswet/2021"}
INBURGERING = {"id": "ib", "model": "programmes/inburgering"}
SIGNALS = {"id": "vs", "model": "programmes/vroegsignalering", "alternative": "gezamenlijk"}
MORE = {
    "key": "fund.total",
    "set": {"value": 57_530_000, "unit": "EUR", "vat": "incl", "price_level": "current", "status": "illustrative",
            "by": "test"},
}  # fmt: skip
FUND = {"id": "fonds", "model": "funds/ggu/2020", "instead_of": "funds/ggu/2020", "nature": "structural",
        "changes": [MORE]}  # fmt: skip
SCALE = {"id": "schaal", "name": "schaal", "drivers": ["ow:schaal", "ow21:schaal"], "reason": "dezelfde schaal"}


@pytest.fixture(scope="module")
def shipped() -> BundleResult:
    return ggu.open_model(SHIPPED).simulate(draws=DRAWS, seed=3, exact=True)


@pytest.fixture(scope="module")
def plain() -> dict[str, np.ndarray]:
    """The shipped bundle by hand."""
    streams = {
        "omgevingswet": ["schaal"],
        "inburgering": ["invoering"],
        "vroegsignalering": ["blijft-lokaal", "tegenvaller"],
    }
    models = {"omgevingswet": "programmes/omgevingswet/2025", "inburgering": "programmes/inburgering",
              "vroegsignalering": "programmes/vroegsignalering"}  # fmt: skip
    made = {
        name: twin.programme(
            models[name], DAY, "gezamenlijk" if name == "vroegsignalering" else "",
            {driver: f"{name}:{driver}" for driver in drivers}, seed=3, draws=DRAWS,
        )
        for name, drivers in streams.items()
    }  # fmt: skip
    one_off = [(part, sorted({year for _, year in part})) for part in made.values()]
    each = {"omgevingswet": 2032, "inburgering": 2022, "vroegsignalering": 2024}
    structural = [(part, [each[name]]) for name, part in made.items()]
    fund = ggu.open_model("funds/ggu/2020")
    old, new = fund.contributions(), fund.with_changes(total=57_530_000).contributions()
    change = new.to_frame()["contribution"] - old.to_frame()["contribution"]
    carried = ggu.carry(change.rename("change"), from_year=2020, to_year=2025).to_numpy()
    return {
        "one_off": twin.added(one_off, "one_off"),
        "structural": twin.added(structural, "structural") + carried[:, None],
    }


@pytest.mark.parametrize("quantity", ["one_off", "structural"])
def test_the_shipped_bundle_is_the_sum_of_its_components_draw_by_draw(
    shipped: BundleResult, plain: dict[str, np.ndarray], quantity: str
) -> None:
    means = [shipped.runner.nation(name, quantity).mean[0] for name in shipped.components]
    rows = shipped.runner.nation("all", quantity)
    assert rows.mean[0] == pytest.approx(sum(means), rel=1e-9)
    of_units = [shipped.runner.units(name, quantity).mean for name in shipped.components]
    assert shipped.runner.units("all", quantity).mean == pytest.approx(np.sum(of_units, axis=0), rel=1e-9)
    nation, units = plain[quantity].sum(axis=0), plain[quantity]
    assert rows.mean[0] == pytest.approx(nation.mean(), rel=CLOSE)
    assert rows.sd[0] == pytest.approx(nation.std(ddof=1), rel=1e-6)
    found = shipped.runner.units("all", quantity)
    assert found.sd == pytest.approx(units.std(axis=1, ddof=1), rel=1e-6)
    for p in (0.05, 0.5, 0.95):
        assert found.quantile(p) == pytest.approx(np.quantile(units, p, axis=1), rel=CLOSE), p
        assert rows.quantile(p)[0] == pytest.approx(np.quantile(nation, p), rel=CLOSE)


def test_what_is_not_known_of_a_component_is_not_nil(shipped: BundleResult) -> None:
    known = shipped.by_component("structural")
    assert known.loc["omgevingswet", ["mean", "p5", "p50", "p95"]].isna().all()  # its structural lines are all PM
    assert known.drop(index="omgevingswet")["mean"].iloc[:-1].sum() == pytest.approx(known["mean"].iloc[-1])
    assert "mean" in known.attrs["pm"]
    assert shipped.by_component("one_off").loc["fonds", "mean"] == 0  # it has none: that is nil
    here = shipped.by_component("structural", of="GM0345")
    assert np.isnan(here.loc["omgevingswet", "mean"])
    assert here.loc["inburgering", "mean"] > 0


def test_drivers_that_are_declared_common_are_one_and_others_of_one_name_are_not() -> None:
    apart = ggu.open_model(stated(OMGEVINGSWET, FORMER)).simulate(exact=True)
    common = ggu.open_model(stated(OMGEVINGSWET, FORMER, common=[SCALE])).simulate(exact=True)
    years = range(2016, 2033)
    for result, names in ((apart, ("ow:schaal", "ow21:schaal")), (common, ("schaal", "schaal"))):
        parts = []
        for model, mark, name in zip(("2025", "2021"), ("ow", "ow21"), names, strict=True):
            assembly = ggu.open_model(f"programmes/omgevingswet/{model}").assembly()
            streams = {driver.name: f"{mark}:{driver.name}" for driver in assembly.drivers} | {"schaal": name}
            part = twin.programme(f"programmes/omgevingswet/{model}", DAY, "", streams, seed=5, draws=DRAWS)
            parts.append((part, [year for year in years if ("one_off", year) in part]))
        units = twin.added(parts, "one_off")
        rows = result.runner.units("all", "one_off")
        assert rows.sd == pytest.approx(units.std(axis=1, ddof=1), rel=1e-6)
        assert rows.quantile(0.95) == pytest.approx(np.quantile(units, 0.95, axis=1), rel=CLOSE)
    small = apart.assembly.units.index("GM0088")  # where the scale decides
    assert common.runner.units("all", "one_off").sd[small] > 1.2 * apart.runner.units("all", "one_off").sd[small]
    assert "Eén trekking voor ow:schaal, ow21:schaal (schaal): dezelfde schaal" in common.notes


def test_curves_indices_and_correlations_keep_their_formula_on_other_years() -> None:
    """A bundle that starts after the programme: adoption in its first year is less that of the year before."""
    whole = {"id": "di", "model": "programmes/example-digital-identity", "years": [2026, 2027, 2028],
             "structural_year": 2028}  # fmt: skip
    other = {"id": "cg", "model": "funds/ggu/2020", "years": [2020], "nature": "one_off"}
    bundle = ggu.open_model(stated(whole, {**other, "years": []}, years=(2020, 2028)))
    late = ggu.open_model(stated(whole, {"id": "fee", "model": "fees/vng-contributie/2024", "nature": "structural"},
                                 years=(2024, 2028)))  # fmt: skip
    assembly = ggu.open_model("programmes/example-digital-identity").assembly()
    streams = {driver.name: f"di:{driver.name}" for driver in assembly.drivers}
    part = twin.programme("programmes/example-digital-identity", DAY, "", streams, seed=5, draws=DRAWS)
    for model in (bundle, late):
        result = model.simulate().component("di")
        for year in (2026, 2027, 2028):
            plain = part["one_off", year] + part["structural", year]
            assert result.runner.units("di", f"gross:{year}").mean == pytest.approx(plain.mean(axis=1), rel=1e-6)
        assert not result.runner.units("di", "gross:2025").mean.any() or year == 2025


@pytest.mark.compiled
@pytest.mark.filterwarnings("ignore")  # of a cluster that stops on a busy machine
def test_the_same_bits_for_threads_and_dask() -> None:
    distributed = pytest.importorskip("distributed")
    bundle = ggu.open_model(stated(INBURGERING, SIGNALS, FUND))
    how: dict[str, Any] = {"draws": 9000, "seed": 1}
    one, two = (bundle.simulate(threads=threads, **how) for threads in (1, 2))
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        third = bundle.simulate(executor=client.get_executor(), **how)
    assert one.digest() == two.digest() == third.digest()


def test_who_is_hit_most_and_by_what(shipped: BundleResult) -> None:
    frame = shipped.hardest_hit("structural")
    assert list(frame["per_inhabitant"]) == sorted(frame["per_inhabitant"], reverse=True)
    code = frame.index[0]
    place = shipped.assembly.units.index(code)
    means = {name: shipped.runner.units(name, "structural").mean[place] for name in shipped.components}
    most = max(means, key=lambda name: means[name])
    assert frame.loc[code, "hit_by"] == shipped.components[most].name
    assert frame.loc[code, "mean"] == pytest.approx(sum(means.values()))
    assert frame.loc[code, "per_inhabitant"] == pytest.approx(sum(means.values()) / frame.loc[code, "inhabitants"])
    grant = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025").amounts()
    share = frame.loc[code, "mean"] / (grant.general_cents[code] / 100)
    assert frame.loc[code, "share_of_grant"] == pytest.approx(share)


def test_separate_quantiles_are_more_than_those_of_the_sum() -> None:
    result = ggu.open_model(stated(SIGNALS, {**OMGEVINGSWET}, FUND)).simulate(draws=4096)
    frame = result.separate_quantiles("structural")
    apart = sum(result.runner.nation(name, "structural").quantile(0.95)[0] for name in result.components)
    assert frame.loc["nation", "sum_of_p95"] == pytest.approx(apart)
    assert (frame["too_much"] == frame["sum_of_p95"] - frame["p95"]).all()
    both = ggu.open_model(stated(OMGEVINGSWET, FORMER)).simulate(draws=4096).separate_quantiles("one_off")
    assert both.loc["GM0088", "too_much"] > 0.05 * both.loc["GM0088", "p95"]


def test_without_a_component_the_others_keep_their_draws() -> None:
    bundle = ggu.open_model(stated(OMGEVINGSWET, FORMER, SIGNALS, common=[SCALE]))
    result, fewer = bundle.simulate(), bundle.without("ow21").simulate()
    assert fewer.runner.nation("all", "one_off").mean[0] == pytest.approx(
        result.without("ow21").runner.nation("without:ow21", "one_off").mean[0], rel=1e-12
    )
    assert list(fewer.components) == ["ow", "vs"]
    with pytest.raises(UnknownNameError, match="component 'ow2'"):
        bundle.without("ow2")
    with pytest.raises(UnknownNameError, match="component 'nation'"):
        result.component("nation")


def test_a_bundle_within_a_bundle_is_all_that_it_holds(tmp_path: Path) -> None:
    inner = stated(INBURGERING, FUND) | {"id": "bundles/inner"}
    (tmp_path / "bundles").mkdir()
    (tmp_path / "bundles/inner.toml").write_text(tomli_w.dumps(inner).replace('"2026-11-30"', "2026-11-30"))
    outer = stated({"id": "binnen", "model": "bundles/inner"}, SIGNALS)
    result = ggu.open_model(outer, models=tmp_path).simulate()
    flat = ggu.open_model(stated(INBURGERING, FUND, SIGNALS)).simulate()  # those of vs have the same streams
    means = [one.runner.nation("all", "structural").mean[0] for one in (result, flat)]
    assert means[0] == pytest.approx(means[1], rel=1e-12)
    assert result.runner.nation("binnen", "structural").mean[0] == pytest.approx(103_200_000 + 5_230_000)
    with pytest.raises(ModelFileError, match=r"components.ib: programmes/inburgering, which binnen holds already"):
        ggu.open_model(stated({"id": "binnen", "model": "bundles/inner"}, INBURGERING), models=tmp_path)


def test_a_bundle_that_goes_round_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bundles").mkdir()
    for name, other in (("a", "b"), ("b", "a")):
        file = stated({"id": "x", "model": f"bundles/{other}"}, SIGNALS) | {"id": f"bundles/{name}"}
        text = tomli_w.dumps(file).replace('"2026-11-30"', "2026-11-30")
        (tmp_path / f"bundles/{name}.toml").write_text(text)
    with pytest.raises(ModelFileError, match="goes round in a circle: bundles/a -> bundles/b -> bundles/a"):
        ggu.open_model("bundles/a", models=tmp_path)


def test_every_fault_of_the_components_is_told_at_once() -> None:
    wrong = stated(
        {"id": "a", "model": "programmes/inburgring"},
        {"id": "b", "model": "ballots/one-each"},
        {"id": "c", "model": "funds/ggu/2020", "instead_of": "fees/vng-contributie/2024"},
        {"id": "d", "model": "grants/gemeentefonds/septembercirculaire-2024/2025", "nature": "structural"},
        {"id": "e", "model": "programmes/vroegsignalering", "rule": "shapley"},
    )
    with pytest.raises(ModelFileError) as caught:
        ggu.open_model(wrong)
    said = {fault.where: fault for fault in caught.value.faults}
    assert set(said) == {
        "components.a.model", "components.b.model", "components.c.nature", "components.c.instead_of",
        "components.d.instead_of", "components.e.rule",
    }  # fmt: skip
    assert "programmes/inburgering" in said["components.a.model"].found + said["components.a.model"].remedy
    assert said["components.c.nature"].remedy == (
        "No file of a fund says so: say whether its amounts are one-off or structural."
    )


def test_what_shows_between_components_is_told_at_once() -> None:
    file = stated(
        OMGEVINGSWET, {**INBURGERING, "id": "ow"}, {**SIGNALS, "years": [2021, 2022]}, years=(2022, 2024),
        common=[{**SCALE, "drivers": ["ow:schaal", "nobody:schaal", "ow:schaal"]}],
    )  # fmt: skip
    with pytest.raises(ModelFileError) as caught:
        ggu.open_model(file)
    found = [(fault.where, fault.found) for fault in caught.value.faults]
    assert found == [
        ("components", "id 'ow' 2 times"),
        ("components.vs.years", "2021"),
        ("common", "driver 'ow:schaal' 2 times"),
        ("common.schaal.drivers", "'nobody:schaal'"),
    ]
    for name, wrong in (("years", [2021, 2024]), ("id", "all"), ("structural_year", 2030)):
        part = {**SIGNALS, "years": [2021], name: wrong}
        with pytest.raises(ModelFileError, match=r"years in order|another id|one of its years"):
            ggu.open_model(stated(OMGEVINGSWET, part))


def test_the_same_item_twice_is_refused() -> None:
    with pytest.raises(ModelFileError, match="programmes/vroegsignalering 2 times; allowed: each item once"):
        ggu.open_model(stated(SIGNALS, {**SIGNALS, "id": "twee", "alternative": "zelf"}))


def test_components_that_cannot_be_built_are_told_at_once() -> None:
    later = {"id": "later", "model": "programmes/vroegsignalering"}
    file = stated(later, {**INBURGERING, "alternative": "x"}, FUND, years=(2020, 2024))
    early = deepcopy(file)
    for name in ("map_date", "counting_date"):
        early["bundle"][name] = {**early["bundle"][name], "value": "2022-01-01"}
    with pytest.raises(InputError) as caught:
        ggu.open_model(early).simulate()
    said = {fault.where: fault.found for fault in caught.value.faults}
    assert said["components.later"] == "on the map of 2024-01-01, later than that of the bundle, 2022-01-01"
    assert "alternative 'x'" in said["components.ib"]
    assert len(said) == 2


def test_drivers_with_other_distributions_are_not_one() -> None:
    identity = {"id": "di", "model": "programmes/example-digital-identity"}
    file = stated(
        OMGEVINGSWET, identity, SIGNALS,
        common=[
            {**SCALE, "drivers": ["ow:schaal", "di:schaal"]},
            {"id": "x", "name": "x", "drivers": ["vs:signalen", "vs:tegenvallr"], "reason": "proef"},
        ],
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        ggu.open_model(file).simulate()
    found = [(fault.where, fault.found) for fault in caught.value.faults]
    assert ("common.schaal", "ow:schaal and di:schaal have different distributions") in found
    assert ("common.x", "'vs:signalen', which is fixed") in found
    assert ("common.x", "'vs:tegenvallr', which is no driver that is drawn") in found


def test_different_known_price_levels_are_refused_and_unknown_ones_are_marked() -> None:
    woo = {"id": "cg", "model": "programmes/example-common-ground"}
    level = ggu.open_model("programmes/example-common-ground").assembly()
    assert level.prices == "constant"
    with pytest.raises(InputError, match=rf"different price levels \({level.price_level}: cg; current: fonds\)"):
        ggu.open_model(stated(woo, FUND)).simulate()
    result = ggu.open_model(stated(INBURGERING, FUND)).simulate()
    assert result.bases == ("lopende prijzen; van 1 van de 2 onderdelen is het prijspeil onbekend",)


def test_years_outside_the_bundle_and_a_structural_year_that_does_not_count() -> None:
    with pytest.raises(InputError) as caught:
        ggu.open_model(stated(OMGEVINGSWET, {**SIGNALS, "years": [2021, 2022]}, years=(2020, 2024))).simulate()
    said = {fault.where: fault for fault in caught.value.faults}
    assert said["components.ow.years"].allowed == "years of the bundle: 2020 to 2024"
    assert said["components.vs.structural_year"].found == "2024, which does not count"
    part = {**SIGNALS, "years": [2021, 2022], "structural_year": 2021}
    window = [*range(2020, 2025)]
    result = ggu.open_model(stated({**OMGEVINGSWET, "years": window}, part, years=(2020, 2024))).simulate()
    structural, once, year = (
        float(result.runner.nation("vs", name).mean[0]) for name in ("structural", "one_off", "gross:2021")
    )
    assert structural + once == pytest.approx(year)
    assert result.runner.nation("vs", "gross:2023").mean[0] == 0
    assert result.runner.nation("ow", "one_off").mean[0] == pytest.approx(2.1e9 * (0.05 * 2 + 0.0875 * 3))


def test_a_change_of_a_grant_is_income_and_a_procurement_a_cost() -> None:
    grant = {
        "id": "uitkering", "model": "grants/gemeentefonds/septembercirculaire-2024/2025", "nature": "structural",
        "instead_of": "grants/gemeentefonds/meicirculaire-2024/2025",
    }  # fmt: skip
    result = ggu.open_model(stated(grant, SIGNALS)).simulate()
    new, old = (
        ggu.open_grant(f"grants/gemeentefonds/{name}/2025").amounts().to_frame()["grants"]
        for name in ("septembercirculaire-2024", "meicirculaire-2024")
    )
    assert result.runner.units("uitkering", "structural").mean == pytest.approx((old - new).to_numpy(), abs=1e-3)
    case = ggu.open_model("procurement/example-specialised-care")
    years = case.definition.years
    part = {"id": "inkoop", "model": "procurement/example-specialised-care", "rule": "equal"}
    result = ggu.open_model(stated(part, SIGNALS, years=(min(2021, *years), max(2024, *years)))).simulate()
    whole = result.runner.nation("inkoop", "one_off").mean[0] + sum(
        result.runner.nation("inkoop", f"structural:{year}").mean[0] for year in years
    )
    assert whole == pytest.approx(case.split("equal").total, abs=0.01)


def test_bundles_with_and_without_a_component_differ_by_that_component(tmp_path: Path) -> None:
    bundle = ggu.open_model(stated(OMGEVINGSWET, FORMER, SIGNALS, common=[SCALE]))
    whole, fewer = bundle.simulate(), bundle.without("ow21")
    compared = fewer.compare(bundle)
    frame = compared.to_frame()
    own = whole.runner.nation("ow21", "one_off")
    assert frame.loc["one_off", "b_less_a"] == pytest.approx(own.mean[0], rel=1e-9)
    apart = compared.difference("b").by_municipality("one_off")
    alone = whole.component("ow21").by_municipality("one_off")
    for name in ("mean", "p5", "p95"):  # draw by draw: the difference is the component
        assert apart[name].to_numpy() == pytest.approx(alone[name].to_numpy(), rel=1e-6)
    said = compared.report().answer
    assert said is not None
    assert f"alleen in b: {whole.components['ow21'].name}." in said.sentence
    assert fewer.title.startswith("Proef (zonder ")
    rows = whole.with_and_without("one_off")
    assert rows.loc["ow21", "mean_without"] == pytest.approx(frame.loc["one_off", "mean_a"], rel=1e-9)
    together = (rows["mean"] + rows["mean_without"]).to_numpy()
    assert together == pytest.approx(np.full(3, whole.runner.nation("all", "one_off").mean[0]))
    with pytest.raises(InputError, match="1 bundles to compare"):
        bundle.compare()
    with pytest.raises(InputError, match="difference of 'a'"):
        compared.difference("a")
    other = ggu.open_model(stated(OMGEVINGSWET, SIGNALS, years=(2015, 2032)))
    with pytest.raises(InputError, match="years: 2015-2032 and 2016-2032; allowed: the same years"):
        bundle.compare(other)


def test_a_bundle_on_the_command_line(tmp_path: Path) -> None:
    files = {"with": stated(INBURGERING, FUND, SIGNALS), "less": stated(INBURGERING, FUND)}
    for name, file in files.items():
        text = tomli_w.dumps(file | {"id": name, "title": name})
        (tmp_path / f"{name}.toml").write_text(text.replace('"2026-11-30"', "2026-11-30"))
    out = tmp_path / "out"
    run = ["--models", str(tmp_path), "--out", str(out), "--lang", "en"]
    said = ""
    for line in (["run", "with", "--draws", "300", "--municipality", "GM0345"], ["compare", "less", "with"]):
        done = CliRunner().invoke(app, [*line, *run])
        assert done.exit_code == 0, done.output
        said += done.output
    assert "Veenendaal, 3 components together" in said
    assert "only in b: Vroegsignalering van schulden" in said
    assert (out / "b_less_a_structural.csv").exists()


def test_what_is_known_of_compensation_is_told_where_it_is_not_taken_off(shipped: BundleResult) -> None:
    left = outside(shipped)
    assert left[0] == (
        "Compensatie van het Rijk voor Wet inburgering en Vroegsignalering van schulden (gezamenlijke dienst): "
        "niet opgenomen en dus PM, niet nul"
    )
    assert "Compensatie van het Rijk voor Omgevingswet, som van alle jaren: € 72 mln bekend" in left[1]
    assert left[1].endswith("de rest is PM; ook het bekende deel is hier niet afgetrokken")
    assert shipped.runner.nation("omgevingswet", "compensation").mean[0] == pytest.approx(71_534_998)


def test_the_sources_of_the_components_are_those_of_the_bundle() -> None:
    sources = ggu.open_model(SHIPPED).definition.sources
    assert {"voorbeeld", "omgevingswet:nulmeting-2025", "inburgering:aef-2019", "fonds:vng-77726"} <= set(sources)
    assert len({str(source) for source in sources.values()}) == len(sources)


def test_a_bundle_has_no_next_year_of_its_own(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["new", "bundles/next", "--from", SHIPPED, "--folder", str(tmp_path)])
    assert done.exit_code != 0
    assert "names other models, which have their own next year" in done.output
    assert "Copy the file, give it its own id, and state its years and components anew." in done.output


def test_what_drives_the_sum_is_told_by_component() -> None:
    """Of components that add up and share no driver, the effects of its drivers are its part of the variance."""
    result = ggu.open_model(stated(FORMER, INBURGERING)).simulate(draws=4096)
    found = result.sensitivity("one_off", points=512)
    frame = found.to_frame()
    own = [(result.component(name).runner.nation(name, "one_off").sd[0]) ** 2 for name in ("ow21", "ib")]
    parts = [frame["shapley"][frame.index.str.startswith(f"{name}:")].sum() for name in ("ow21", "ib")]
    assert parts == pytest.approx([part / sum(own) for part in own], abs=0.02)
    assert sum(parts) == pytest.approx(1)
    assert min(own) > 0
    assert frame.loc["ib:invoering", "name"].startswith("Wet inburgering: ")
