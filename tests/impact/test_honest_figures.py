"""Figures that could mislead: atoms, alike programmes that are not, PM, own draws, runs that ended early."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from programme_files import EURO, NONE, OURS, key, line, programme
from small_programmes import PAID, PEOPLE, SIZE, TOTAL, two_ways, uniform_cost

import ggu_costs as ggu
from ggu_costs.display.columns import columns_of
from ggu_costs.errors import InputError
from ggu_costs.impact import Driver, ImpactResult, MadeLine, Term
from ggu_costs.impact import programme_from_function as from_function
from ggu_costs.impact import programme_from_parts as from_parts
from ggu_costs.impact.answers.charts import cumulative
from ggu_costs.impact.answers.questions import spec_of
from ggu_costs.impact.answers.sensitivity import OWN
from ggu_costs.impact.answers.settings import Settings, draws_made
from ggu_costs.impact.programme import build_units
from ggu_costs.simulation import marginals
from ggu_costs.simulation.runs.engine import draw_blocks

CODES = tuple(PEOPLE.index)
DRAWS = 256 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 4096  # the kernels as plain Python are slow
COMMON = {"by": "de proef", "inhabitants": PEOPLE, "map_date": "2024-01-01", "paid_in_full": True}


@pytest.fixture
def few(monkeypatch):
    """A map of five municipalities, so that files are quick without the compiler too."""
    monkeypatch.setattr(build_units.Units, "codes", CODES)


def cost(name, weights, *factors, kind="cost", nature="one_off", constant=1.0):
    terms = (Term(name, weights, constant=constant, factors=tuple((factor, 1) for factor in factors)),)
    return MadeLine(name, name, kind, nature, terms)


def made(lines, drivers=(), years=(2024,), **more):
    return from_parts("Proef", lines=lines, drivers=list(drivers), years=years, **COMMON | more)


def steps(draws=DRAWS, **more):
    """A million, two or three, with probabilities of 0.2, 0.5 and 0.3, by inhabitants."""
    values = Driver("d", marginals.discrete([1.0, 2.0, 3.0], [0.2, 0.5, 0.3]))
    return made([cost("a", 1e6 * SIZE / TOTAL, "d")], [values]).simulate(draws, seed=1, **more)


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_figures_that_many_draws_share(method):
    result = steps(method=method, **({} if method == "random" else {"replicates": 3, "draws": 64}))
    for above, true in ((0.5e6, 1.0), (1e6, 0.8), (1.5e6, 0.8), (2e6, 0.3), (3e6, 0.0)):
        found = result.probability(above=above)
        assert abs(found - true) <= max(4 * found.error, 0.02)
        assert found.low <= found <= found.high
        own = above * SIZE[4] / TOTAL
        assert result.probability(above=own, of="GM0363") == found
    for p, true in ((0.1, 1e6), (0.4, 2e6), (0.5, 2e6), (0.9, 3e6)):
        found = result.quantile(p)
        assert found == pytest.approx(true, rel=1e-12)
        assert found.low <= found <= found.high
        assert found.high - found.low < 1e-6 or method == "sobol"
        assert result.quantile(p, of="GM0363") == pytest.approx(true * SIZE[4] / TOTAL, rel=1e-12)
    for of in ("nation", "every"):
        needed = result.compensation_for(0.9, of=of).amount
        assert needed == pytest.approx(3e6, rel=1e-12)
        assert needed.low <= needed <= needed.high


def test_what_a_histogram_leaves_open_is_in_the_interval(tmp_path):
    """Of a loaded result, and in every table: the true figure of the draws lies within the ends of its bins."""
    result = steps(exact=True)
    exact = result.quantile(0.5)
    assert exact.low <= exact <= exact.high
    loaded = ImpactResult.load(steps().save(tmp_path / "a"))
    for p, true in ((0.1, 1e6), (0.5, 2e6), (0.9, 3e6)):
        found = loaded.quantile(p)
        assert found.low <= true <= found.high
        assert found.high - found.low < 0.03e6
    for above, true in ((1e6, result.probability(above=1e6)), (3e6, 0.0), (9e9, 0.0), (-1.0, 1.0)):
        found = loaded.probability(above=above)
        assert found.low - 1e-12 <= true <= found.high + 1e-12
    row = loaded.national("net").iloc[0]
    assert abs(row["p50"] - 2e6) <= 1.96 * 2 * row["p50_error"]
    sure = made([cost("a", SIZE)]).simulate(64, seed=1).quantile(0.3)
    assert (sure, sure.error, sure.low) == (TOTAL, 0.0, TOTAL)


def rare_risk(draws=DRAWS, **more):
    """A base cost, and a rare calamity of two thousand times as much: both by inhabitants."""
    drivers = [Driver("uren", marginals.uniform(0.5, 1.5)), Driver("ramp", marginals.bernoulli(0.03))]
    lines = [cost("beheer", 2e5 * SIZE / TOTAL, "uren"), cost("ramp", 4e8 * SIZE / TOTAL, "ramp")]
    return made(lines, drivers).simulate(draws, seed=7, **more)


def test_quantiles_of_a_rare_risk_beside_a_base_cost_are_those_of_the_draws():
    told, exact = rare_risk(), rare_risk(exact=True)
    asked = [("national", "net"), ("by_municipality",), ("by", "province"), ("by_line",)]
    for question, *of in asked:
        frame, sharp = getattr(told, question)(*of), getattr(exact, question)(*of)
        for name in ("p5", "p25", "p50", "p75", "p95"):
            off = (frame[name] - sharp[name]).abs()
            assert (off <= frame[f"{name}_error"]).all()
            assert (frame[f"{name}_error"] < 0.1 * frame["p50"].abs() + 1e-9).all()
            assert (frame[name] >= 0).all()  # costs


@pytest.mark.parametrize("make", [rare_risk, steps, lambda: uniform_cost().simulate(DRAWS, seed=1)],
                         ids=["rare risk", "atoms", "uniform"])  # fmt: skip
def test_one_result_has_one_quantile_of_a_figure(make, tmp_path):
    """The table, the answer to a question, the compensation, the chart, the page's words, and the saved result."""
    result = make()
    for quantity in ("net", "gross"):
        row, own = result.national(quantity).iloc[0], result.by_municipality(quantity)
        for name, p in (("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95)):
            found = result.quantile(p, quantity)
            assert (found, found.error) == (row[name], row[f"{name}_error"])
            for code in CODES:
                alone = result.quantile(p, quantity, of=code)
                assert (alone, alone.error) == (own.loc[code, name], own.loc[code, f"{name}_error"])
    gross = result.national("gross").iloc[0]
    needed = result.compensation_for(0.95)
    assert (float(needed), needed.amount.error) == (gross["p95"], gross["p95_error"])
    assert result.compensation_for(0.9).amount == result.quantile(0.9, "gross")
    by_year = result.by_year()
    assert by_year["p95"].iloc[0] == result.quantile(0.95, f"year:{by_year.index[0]}")
    curve = cumulative({"": result.runner.nation(result.selection, "net")})  # of the page
    for amount, below in curve.iloc[[5, 20, 35]].to_numpy():
        chance = result.probability("net", above=amount)
        assert below == pytest.approx(1 - chance, abs=3 * chance.error)
    loaded = ggu.load_result(result.save(tmp_path / "r"))
    assert loaded.quantile(0.95, "gross") == gross["p95"]
    assert loaded.compensation_for(0.9).amount == result.compensation_for(0.9).amount


def test_a_level_far_in_a_tail_is_asked_again_and_exact():
    heavy = Driver("zwaar", marginals.lognormal(0.0, 2.0))
    programme = made([cost("a", 1e6 * SIZE / TOTAL, "zwaar")], [heavy])
    result = programme.simulate(DRAWS, seed=1)
    y = drawn_nation(programme, result)
    for p in (0.0003, 0.999, 0.9999):
        found = result.quantile(p)
        assert found == pytest.approx(np.quantile(y, p), rel=1e-9)
        assert found.low <= found <= found.high


def drawn_nation(programme, result):
    spec = spec_of(programme.assembly, result.selection, "net", "none", "distribution")
    return np.concatenate([y[0].sum(axis=0) for _, y in draw_blocks(spec, draws=DRAWS, seed=1)])


def test_an_error_that_is_not_known_is_shown_as_unknown():
    heavy = Driver("zwaar", marginals.lognormal(0.0, 2.0))
    unknown = [cost("a", 1e6 * SIZE / TOTAL, "zwaar"), cost("b", SIZE)]
    result = made(unknown, [heavy]).simulate(DRAWS, seed=1)
    for frame in (result.national("net"), result.by_municipality(), result.by_line(), result.by("province")):
        columns = {column.name: column for column in columns_of(frame)}
        for name in ("sd_error", "expected_shortfall_error"):
            assert frame[name].isna().any()
            assert columns[name].absent() == "onbekend"
        assert frame[["sd", "mean_error", "p95_error"]].notna().all().all()


def test_who_is_not_touched_pays_neither_more_nor_less():
    weights = np.array([0.0, 1.0, -1.0, 0.0, 0.0])
    result = made([cost("a", weights, "d")], [Driver("d", marginals.uniform(1.0, 2.0))]).simulate(64, seed=1)
    found = result.winners_and_losers()
    counts = found.loc["municipalities"]
    assert counts[["higher", "lower", "unchanged"]].tolist() == pytest.approx([0.2, 0.2, 0.6])
    assert counts[["p5", "p95", "likely_more", "likely_less"]].tolist() == pytest.approx([0.2, 0.2, 1, 1])
    people = found.loc["inhabitants", ["higher", "lower", "unchanged"]]
    assert people.tolist() == pytest.approx([SIZE[1] / TOTAL, SIZE[2] / TOTAL, SIZE[[0, 3, 4]].sum() / TOTAL])


def test_programmes_that_differ_in_more_than_their_terms():
    base, draws = uniform_cost(), 64
    kind = replace(base.assembly.roles["kosten"], kind="benefit")
    turned = replace(base, assembly=replace(base.assembly, roles=base.assembly.roles | {"kosten": kind}))
    first, second = base.simulate(draws, seed=1), turned.simulate(draws, seed=1)
    twice = first.difference(second).national("net")["mean"].iloc[0]
    assert twice == pytest.approx(2 * (first.national("net")["mean"].iloc[0] + PAID))
    assert first.provenance["digest_of_model"] != second.provenance["digest_of_model"]
    natures = first.difference(made([cost("kosten", SIZE, "prijs", nature="structural")],
                                    base.assembly.drivers).simulate(draws, seed=1))  # fmt: skip
    assert natures.national("one_off")["mean"].iloc[0] == pytest.approx(first.national("one_off")["mean"].iloc[0])
    assert natures.by_line().loc["b:kosten", "mean"] == -natures.by_line().loc["a:kosten", "mean"]
    assert natures.national("line:a:kosten:2024")["mean"].iloc[0] == natures.by_line().loc["a:kosten", "mean"]
    ways = two_ways()
    earlier = replace(ways, assembly=replace(ways.assembly, structural_year=0)).simulate(draws, seed=1)
    with pytest.raises(InputError, match="structural_year: 2025 and 2024"):
        ways.simulate(draws, seed=1).difference(earlier)
    dearer = replace(base, assembly=replace(base.assembly, prices="constant", price_level="2020"))
    with pytest.raises(InputError, match="prices: current and constant 2020"):
        first.difference(dearer.simulate(draws, seed=1))
    undated = replace(base, assembly=replace(base.assembly, map_day=None)).simulate(draws, seed=1)
    with pytest.raises(InputError, match="map_date: 2024-01-01 and None"):
        first.difference(undated)


def test_a_saved_difference_is_one(tmp_path):
    ways = two_ways().simulate(64, seed=1)
    difference = ways.difference("samen")
    loaded = ImpactResult.load(difference.save(tmp_path / "verschil"))
    assert loaded.national()["mean"].to_list() == difference.national()["mean"].to_list()


def by_function(factor, lines=("a",), drivers=("prijs",)):
    def function(given, municipalities):
        assert set(given) == set(drivers)
        return {name: factor * given["prijs"] * municipalities["inhabitants"].to_numpy() for name in lines}

    return from_function(
        "Functie", function, drivers=[Driver(name, marginals.uniform(1.0, 3.0)) for name in drivers],
        lines=[MadeLine(name, name, "cost", "one_off") for name in lines], **COMMON,
    )  # fmt: skip


def test_the_difference_of_two_functions():
    first, second = by_function(3.0), by_function(1.0, drivers=("prijs", "ander"))
    one, two = first.simulate(64, seed=1, exact=True), second.simulate(64, seed=1, exact=True)
    found, own = one.difference(two), one.national("net").iloc[0]
    assert found.national("net")[["mean", "p95"]].iloc[0].tolist() == pytest.approx(
        (own[["mean", "p95"]] * 2 / 3).tolist()
    )
    assert found.by_line()["mean"].tolist() == pytest.approx([own["mean"], -own["mean"] / 3])
    assert one.difference(first.simulate(64, seed=1, exact=True)).national("net")["mean"].iloc[0] == 0
    for left, right in ((one, uniform_cost()), (uniform_cost().simulate(64, seed=1, exact=True), second)):
        other = right.simulate(64, seed=1, exact=True)
        with pytest.raises(InputError, match="the difference of terms and a function"):
            left.difference(other)
    assert one.quantile(0.95) == own["p95"]
    assert one.probability(above=float(own["p95"])) == pytest.approx(0.05, abs=0.02)
    assert one.probability(above=1.0, of="GM0363") == 1.0
    assert one.winners_and_losers().loc["municipalities", "lower"] == 0
    digest = one.provenance["digest_of_model"]
    assert digest == by_function(3.0).simulate(64, seed=1).provenance["digest_of_model"]
    named = replace(first, function=np.add)  # has no text
    assert replace(named, function=None).function is None


def test_own_draws_have_a_row():
    """y = d + e + f of each: V = 0.01 + 0.04 + 0.25 per municipality; f averages out over the nation."""
    normals = {"d": (0.1, "nation"), "e": (0.2, "nation"), "f": (0.5, "unit")}
    drivers = [Driver(name, marginals.normal(1.0, sd), level) for name, (sd, level) in normals.items()]
    result = made([cost(name, SIZE, name) for name in normals], drivers).simulate(DRAWS, seed=1)
    slack = 0.1 if DRAWS == 256 else 0.02
    herfindahl = float((SIZE**2).sum()) / TOTAL**2
    for of, own in (("nation", 0.25 * herfindahl), ("GM0363", 0.25), (("province", "Noord-Holland"), 0.25)):
        frame = result.sensitivity(of=of, points=1024).to_frame()
        true = np.array([0.01, 0.04, own]) / (0.05 + own)
        assert frame.loc[["d", "e", OWN], "shapley"].to_numpy() == pytest.approx(true, abs=slack)
        assert frame.loc[["d", "e", OWN], "total"].to_numpy() == pytest.approx(true, abs=slack)
        assert frame["shapley"].sum() == pytest.approx(1)
        assert np.isnan(frame.loc[OWN, "first"])
        assert np.isnan(frame.loc[OWN, "swing"])
    table = result.sensitivity_by(points=256)
    assert table["shapley", OWN].to_numpy() == pytest.approx(np.full(5, 25 / 30), abs=slack)
    assert result.sobol_by_municipality(points=256)["total", OWN].to_numpy() == pytest.approx([25 / 30] * 5, abs=slack)
    text = str(result.explain("GM0363"))
    assert "Onzekerheid door de aanname: wat elke gemeente voor zich trekt" in text
    assert "is één regel" in text
    only = made([cost("f", SIZE, "f")], drivers[2:]).simulate(64, seed=1)
    assert only.sensitivity().to_frame()["shapley"].to_dict() == {OWN: 1.0}


def test_groups_do_not_swing_together():
    from ggu_costs.impact import Grouping

    ring = Grouping("ring", ("in", "uit"), np.array([0, 0, 0, 1, 1], dtype=np.int64))
    drivers = [Driver("g", marginals.uniform(1.0, 2.0), "ring"), Driver("n", marginals.uniform(1.0, 2.0))]
    result = made([cost("a", SIZE, "g"), cost("b", SIZE, "n")], drivers, groupings=[ring]).simulate(2, seed=1)
    nation = result.sensitivity(points=256)
    assert nation.to_frame()["swing"].isna().to_dict() == {"n": False, "g": True}
    assert any("geen uitslag" in note for note in nation.notes)
    assert result.sensitivity(of="GM0363", points=256).to_frame()["swing"].notna().all()


@pytest.mark.usefixtures("few")
def test_pm_is_not_zero():
    pm = {"amount": {"mark": "pm", "unit": "EUR"} | EURO, "key": None}
    paid = {"kind": "compensation", "instrument": "algemene_uitkering"}
    lines = [
        line("kosten"), line("baten", kind="benefit", **pm), line("vergoeding", **paid, **pm),
        line("beheer", nature="structural", **pm), line("structureel-geld", nature="structural", **paid),
    ]  # fmt: skip
    result = ggu.open_model(programme(*lines)).simulate(draws=64)
    years = result.by_year()
    assert years["benefit"].isna().all()
    assert {"benefit", "benefit_error"} <= set(years.attrs["pm"])
    assert years["cost"].sum() == pytest.approx(1e6)
    found = result.adequacy()
    assert found.loc["one_off", "cost"] == pytest.approx(1e6)
    assert found.loc["structural", "compensation"] == pytest.approx(1e6)
    unknown = ["cover", "mean", "p5", "probability_short", "probability_error", "municipalities_short"]
    assert found[unknown].isna().all(axis=None)
    assert np.isnan(found.loc["one_off", "compensation"])
    assert np.isnan(found.loc["structural", "cost"])
    assert set(unknown) <= set(found.attrs["pm"])


@pytest.mark.usefixtures("few")
def test_discounted_figures_say_so():
    rate = {"rate": {"value": 0.1, "unit": "share"} | OURS, "kind": "real", "base_year": 2023}
    terms = {"discount": rate, "compensation": NONE}
    result = ggu.open_model(programme(line("a", nature="one_off"), programme=terms)).simulate(draws=64)
    found = result.national()
    assert found["discounted"].to_dict() == {
        "net": "yes",
        "gross": "yes",
        "cost": "yes",
        "one_off": "no",
        "one_off_net": "no",
    }
    assert found.loc["net", "mean"] < found.loc["one_off", "mean"] == pytest.approx(1e6)
    assert (
        result.by_municipality()
        .attrs["title"]
        .endswith("lasten min baten, na compensatie per gemeente, contante waarde 2024-2025 (indicatief)")
    )
    assert any("per post en de toereikendheid niet" in note for note in result.notes)


@pytest.mark.usefixtures("few")
def test_published_ranges_with_the_other_shape_and_without_a_range():
    amount = {"unit": "EUR", "status": "published", "source": "besluit", "vat": "none", "price_level": "2024"}
    span = amount | {"low": 1e6, "high": 3e6, "reading": "min_max"}
    shapes = {"id": "omvang", "name": "de omvang", "shape": "triangular", "second_shape": "uniform", "shape_by": "ons"}
    model = programme(
        line("a", amount=None, factors=["omvang"]), line("b"), drivers=[shapes | span],
        published=[{"id": "a", "name": "A", "of": "a"} | span,
                   {"id": "b", "name": "B", "of": "b", "reading": "point", "value": 1e6} | amount],
    )  # fmt: skip
    opened = ggu.open_model(model)
    first, second = opened.simulate(draws=DRAWS), opened.simulate(draws=DRAWS, second_shape=True)
    assert second.provenance["second_shape"] is True
    assert "second_shape" not in first.provenance
    one, two = first.published(), second.published()
    assert one.loc["a", ["shape", "second_shape"]].tolist() == ["driehoek", "uniform"]
    assert two.loc["a", ["shape", "second_shape"]].tolist() == ["uniform", "driehoek"]
    assert two.loc["a", ["p5", "second_p5"]].tolist() == one.loc["a", ["second_p5", "p5"]].tolist()
    assert any("vorm uniform aangenomen" in text for text in second.technique)
    assert one.loc["b", ["shape", "shape_by", "second_shape"]].tolist() == ["", "", ""]


def test_woo_says_that_published_amounts_are_of_all_governments():
    result = ggu.open_model("programmes/woo", {"municipal_share": 0.4}).simulate(draws=2)
    found = result.published()
    assert found["municipal_share"].tolist() == [0.4] * len(found)
    assert found["p50"].to_numpy() == pytest.approx(0.4 * found["low"].to_numpy())
    assert found.attrs["title"].endswith(": gepubliceerde bandbreedtes")  # no shape was assumed, more alternatives
    assert any(note.startswith("Gepubliceerde bedragen zijn van alle betrokken overheden") for note in result.notes)


@pytest.mark.usefixtures("few")
def test_a_key_from_another_alternative_is_named():
    lines = [line("a"), line("geld", kind="compensation", instrument="algemene_uitkering", key=key(equal=1))]
    ways = [
        {"id": name, "name": name, "lines": ids} | OURS for name, ids in (("met", ["a", "geld"]), ("zonder", ["a"]))
    ]
    result = ggu.open_model(programme(*lines, alternatives=ways)).simulate(draws=64)
    assert "Verdeeld" not in result.compensation_for(0.9).notes[0]
    without = result.alternative("zonder").compensation_for(0.9)
    assert without.notes[0] == "Verdeeld met de sleutel van geld, die niet in dit alternatief zit."


def stop_at(least):
    def progress(done, whole):
        if done >= least:
            raise KeyboardInterrupt

    return progress


class Now(Executor):
    """Does at once, in order, what is asked."""

    def submit(self, call, /, *args, **more):
        done = Future()
        done.set_result(call(*args, **more))
        return done


@pytest.mark.compiled
def test_an_interrupted_run_answers_from_what_was_made(tmp_path):
    part = two_ways().simulate(300_000, seed=5, executor=Now(), progress=stop_at(1), on_interrupt="keep")
    assert not part.complete
    told, made = part.provenance, part.provenance["draws_made"]
    assert 0 < made < 300_000
    assert part.notes[0] == f"Onderbroken na {made:,} simulaties.".replace(",", ".")
    assert (told["draws"], told["draws_asked"], part.draws) == (made, 300_000, made)
    whole = two_ways().simulate(made, seed=5)
    for name in ("by_municipality", "national", "by_line", "winners_and_losers"):
        pd.testing.assert_frame_equal(getattr(part, name)(), getattr(whole, name)())
    assert part.quantile(0.37) == whole.quantile(0.37)
    loaded = ImpactResult.load(part.save(tmp_path / "deel"))
    assert not loaded.complete
    assert two_ways().simulate(300_000, seed=5, resume=part).digest() == two_ways().simulate(300_000, seed=5).digest()


def test_an_interrupted_run_answers_from_whole_replicates():
    how = {"method": "sobol", "replicates": 4}
    part = two_ways().simulate(64, seed=5, threads=1, progress=stop_at(128), on_interrupt="keep", **how)
    assert (part.provenance["replicates"], part.provenance["draws_made"]) == (2, 128)
    assert part.national("gross")["mean_error"].iloc[0] > 0
    two = two_ways().simulate(64, seed=5, method="sobol", replicates=2)
    pd.testing.assert_frame_equal(part.national(), two.national())


@pytest.mark.parametrize(
    ("method", "done", "made", "kept", "anew"),
    [
        ("random", [{0, 1, 3}], 3 * 4096, (3 * 4096, 8), True),
        ("random", [{0, 1}], 8192, (8192, 8), False),
        ("random", [set()], 0, None, False),
        ("sobol", [{0}, {0}, set()], 2 * 4096, (4096, 2), False),
        ("sobol", [{0}, set(), {0}], 2 * 4096, (4096, 2), True),
        ("sobol", [{0}, set(), set()], 4096, None, False),
    ],
)
def test_which_draws_of_an_interrupted_run_are_gone_by(method, done, made, kept, anew):
    how = Settings(4096 if method == "sobol" else 20_000, 1, method)
    found = draws_made(how, SimpleNamespace(state=SimpleNamespace(done=done), draws=made, complete=False))
    assert found.enough is (kept is not None)
    assert (found.settings.draws, found.settings.replicates) == (kept or (how.draws, 8))
    assert found.in_order is not anew


def test_a_target_that_was_not_reached_is_said():
    result = uniform_cost().simulate(64, seed=1, target_error=1.0)
    assert result.provenance["target_error"] == 1.0
    assert result.notes[0].startswith("De gevraagde simulatiefout van € 1 is na 64 simulaties niet bereikt: zij is € ")
    reached = uniform_cost().simulate(64, seed=1, target_error=1e12)
    assert reached.provenance["target_error"] == 1e12
    assert not any("simulatiefout" in note for note in reached.notes)


def test_a_programme_of_which_no_cost_is_known_tells_nothing() -> None:
    pm = {"mark": "pm", "unit": "EUR"} | EURO
    paid = line("uitkering", kind="compensation", instrument="decentralisatie_uitkering")
    model = ggu.open_programme(programme(line("invoering", amount=pm), paid))
    for asked in (model.check, model.report):
        with pytest.raises(InputError, match="every cost and benefit is PM"):
            asked()
