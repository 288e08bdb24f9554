"""The answers of a simulated programme against closed forms and against the draws themselves."""

from __future__ import annotations

import inspect
import os
import pickle
from dataclasses import FrozenInstanceError, replace
from importlib.metadata import version

import numpy as np
import pandas as pd
import pytest
from small_programmes import PAID, PEOPLE, SIZE, TOTAL, two_ways, uniform_cost

import ggu_costs as ggu
from ggu_costs.display.columns import columns_of
from ggu_costs.errors import InputError, MissingInputError, OutsidePeriodError, UnknownNameError
from ggu_costs.impact import ImpactResult
from ggu_costs.impact.answers.estimate import Estimate, rounded_euro, rounded_frame
from ggu_costs.impact.answers.questions import output_of
from ggu_costs.simulation.runs.engine import draw_blocks

DRAWS = 256 if os.environ.get("NUMBA_DISABLE_JIT") == "1" else 2048  # the kernels as plain Python are slow


@pytest.fixture(scope="module")
def result():
    return uniform_cost().simulate(DRAWS, seed=11)


@pytest.fixture(scope="module")
def ways():
    return two_ways().simulate(DRAWS, seed=5)


def drawn(result, quantity, selection=None):
    """The very draws of a question, shape (municipalities, draws)."""
    assembly, settings = result.assembly, result.runner.settings
    spec = assembly.spec([output_of(assembly, selection or result.selection, quantity, "distribution", "distribution")])
    blocks = [own[0] for _, own in draw_blocks(spec, draws=settings.draws, seed=settings.seed)]
    return np.concatenate(blocks, axis=1)


def test_closed_form_per_municipality_and_nation(result):
    frame = result.by_municipality()
    assert list(frame.columns[:10]) == [
        "name", "inhabitants", "mean", "sd", "p5", "p25", "p50", "p75", "p95", "probability_of_loss",
    ]  # fmt: skip
    off = (frame["mean"] - 0.5 * SIZE).abs() / frame["mean_error"]
    assert (off < 4).all()
    assert frame["sd"].to_numpy() == pytest.approx(2 / np.sqrt(12) * SIZE, rel=0.1)
    for name, p in (("p5", 0.05), ("p50", 0.5), ("p95", 0.95)):
        exact = (1 + 2 * p - 1.5) * SIZE
        assert ((frame[name] - exact).abs() < 4 * frame[f"{name}_error"]).all()
    assert ((frame["probability_of_loss"] - 0.75).abs() < 4 * frame["probability_error"]).all()
    # the mean of the 5 % highest of a uniform from -0.5 to 1.5 is 1.45 an inhabitant
    assert frame["expected_shortfall"].to_numpy() == pytest.approx(1.45 * SIZE, rel=0.05)
    nation = result.national().loc["net"]
    assert abs(nation["mean"] - 0.5 * TOTAL) < 4 * nation["mean_error"]
    chance = result.probability("net", above=0)
    assert isinstance(chance, Estimate)
    assert chance.low < 0.75 < chance.high
    assert abs(result.quantile(0.9) - 1.3 * TOTAL) < 4 * result.quantile(0.9).error
    with pytest.raises(InputError, match=r"the fraction first: quantile\(0\.9, 'net'\)"):
        result.quantile("net", 0.9)
    assert result.probability("net", above=0, of="GM0363") == frame.loc["GM0363", "probability_of_loss"]


def test_answers_are_those_of_the_draws(ways):
    y = drawn(ways, "net")
    frame = ways.by_municipality()
    assert frame["mean"].to_numpy() == pytest.approx(y.mean(axis=1))
    assert frame["sd"].to_numpy() == pytest.approx(y.std(axis=1, ddof=1))
    for name, p in (("p5", 0.05), ("p25", 0.25), ("p50", 0.5), ("p75", 0.75), ("p95", 0.95)):
        assert frame[name].to_numpy() == pytest.approx(np.quantile(y, p, axis=1), abs=0.01 * y.std())
    assert frame["probability_of_loss"].to_numpy() == pytest.approx((y > 0).mean(axis=1))
    nation = ways.national("net").iloc[0]
    assert nation["mean"] == pytest.approx(y.sum(axis=0).mean())
    assert nation["sd"] == pytest.approx(y.sum(axis=0).std(ddof=1))


def test_exact_quantiles_on_request():
    result = two_ways().simulate(512, seed=5, exact=True)
    y = drawn(result, "net")
    assert result.by_municipality()["p95"].to_numpy() == pytest.approx(np.quantile(y, 0.95, axis=1), rel=1e-12)
    assert result.provenance["quantiles"] == "exact"


def test_groups_add_up_to_the_nation_in_every_draw(ways):
    groups = {code: "noord" if code < "GM0040" else "zuid" for code in PEOPLE.index}
    frame = ways.by(groups)
    y = drawn(ways, "net")
    inside = np.array([groups[code] == "noord" for code in PEOPLE.index])
    assert frame["mean"].sum() == pytest.approx(ways.national("net")["mean"].iloc[0])
    assert frame.loc["noord", "sd"] == pytest.approx(y[inside].sum(axis=0).std(ddof=1))
    assert frame.loc["noord", "municipalities"] == 3
    assert frame["per_inhabitant"].to_numpy() == pytest.approx((frame["mean"] / frame["inhabitants"]).to_numpy())
    overlap = ways.by({"alle": list(PEOPLE.index), "een": ["GM0363"]})
    assert overlap.loc["alle", "mean"] == pytest.approx(ways.national("net")["mean"].iloc[0])
    assert overlap.loc["een", "p95"] == pytest.approx(ways.by_municipality().loc["GM0363", "p95"])
    assert ways.by("province")["inhabitants"].sum() == TOTAL
    # a grouping that sorts the municipalities otherwise rests on the same draws
    assert ways.by("province")["mean"].sum() == pytest.approx(ways.national("net")["mean"].iloc[0], rel=1e-12)


def test_years_and_lines_add_up(ways):
    years = ways.by_year()
    assert list(years.index) == [2024, 2025]
    assert years["mean"].sum() == pytest.approx(ways.national("net")["mean"].iloc[0])
    assert (years["cost"] - years["benefit"]).to_numpy() == pytest.approx(years["mean"].to_numpy())
    lines = ways.by_line()
    assert list(lines["line"]) == ["Zelf", "Baten"]
    assert lines.loc["zelf", "mean"] - lines.loc["baten", "mean"] == pytest.approx(years.loc[2025, "mean"])
    assert lines.attrs["title"].endswith("structureel per jaar (2025)")  # no sum of structural years
    joint = ways.alternative("samen").by_line()
    assert joint.loc["samen", "mean"] == pytest.approx(ways.alternative("samen").national("one_off")["mean"].iloc[0])


def test_compensation_is_neutral_and_alternatives_share_draws(result, ways):
    paid = drawn(result, "compensation")
    assert paid.sum(axis=0) == pytest.approx(np.full(DRAWS, PAID))
    apart = drawn(ways, "net", "zelf") - drawn(ways, "net", "samen")
    difference = ways.difference("samen")
    assert difference.by_municipality()["sd"].to_numpy() == pytest.approx(apart.std(axis=1, ddof=1))
    assert difference.national("net")["mean"].iloc[0] == pytest.approx(apart.sum(axis=0).mean())
    other = two_ways().simulate(DRAWS, seed=5, alternative="samen")
    again = ways.difference(other)
    pd.testing.assert_frame_equal(again.by_municipality(), difference.by_municipality())
    # benefits are the same in both, so the difference does not vary with them
    assert drawn(ways, "benefit", "zelf - samen") == pytest.approx(np.zeros((5, DRAWS)))


def test_difference_between_programmes(ways):
    other = two_ways(seed_of_prices=0.5).simulate(DRAWS, seed=5)
    found = other.difference(ways)
    y = drawn(other, "cost") - drawn(ways, "cost")
    assert found.national("net")["mean"].iloc[0] == pytest.approx(y.sum(axis=0).mean())
    assert found.national("net")["sd"].iloc[0] == pytest.approx(y.sum(axis=0).std(ddof=1))
    assert found.provenance.keys() == {"first", "second"}
    with pytest.raises(InputError, match="seed: 5 and 6"):
        ways.difference(two_ways(0.5).simulate(64, seed=6))
    with pytest.raises(InputError, match="years: 2024-2025 and 2024-2024"):
        ways.difference(uniform_cost().simulate(DRAWS, seed=5))
    with pytest.raises(InputError, match=r"drivers\.prijs: another distribution"):
        ways.difference(uniform_cost().simulate(DRAWS, seed=5))
    with pytest.raises(InputError, match="a difference of differences"):
        found.difference("zelf")
    with pytest.raises(UnknownNameError, match="alternative 'nee'"):
        ways.difference("nee")


def test_who_pays_more(ways):
    y = drawn(ways, "net")
    found = ways.winners_and_losers()
    assert found.loc["municipalities", "higher"] == pytest.approx((y > 0).mean())
    weights = SIZE / TOTAL
    assert found.loc["inhabitants", "higher"] == pytest.approx(((y > 0) * weights[:, None]).sum(axis=0).mean())
    assert found.loc["municipalities", "likely_more"] == ((y > 0).mean(axis=1) > 0.8).sum()
    assert found["p5"].min() >= 0
    assert found["p95"].max() <= 1
    pays = ((y > 0) * weights[:, None]).sum(axis=0)
    assert found.loc["inhabitants", "higher_error"] == pytest.approx(pays.std(ddof=1) / np.sqrt(DRAWS))
    likely = (y > 0).mean(axis=1) > 0.8
    assert found.loc["inhabitants", "likely_more"] == SIZE[likely].sum()
    assert found.loc["municipalities", "likely_more_error"] >= 0
    assert found["lower"].to_numpy() == pytest.approx([(y < 0).mean(), ((y < 0) * weights[:, None]).sum(0).mean()])
    assert found["unchanged"].to_numpy() == pytest.approx([0.0, 0.0], abs=1e-12)
    shares = (y > 0).sum(axis=0) / 5
    assert found.loc["municipalities", "p5"] == np.quantile(shares, 0.05)


def test_compensation_that_is_enough(result):
    for of in ("nation", "every", ("share", 0.6)):
        needed = result.compensation_for(0.9, of=of)
        assert float(needed) == pytest.approx(2.8 * TOTAL, rel=0.05)
        assert needed.to_frame()["amount"].sum() == pytest.approx(float(needed))
        assert needed.to_frame()["amount_error"].sum() == pytest.approx(needed.amount.error)
        assert needed.amount.low < 2.8 * TOTAL < needed.amount.high
        # the density of the cost at its 90 % point is 1 / (2 TOTAL)
        assert needed.amount.error == pytest.approx(2 * TOTAL * np.sqrt(0.09 / DRAWS), rel=0.35)
    own = two_ways().simulate(DRAWS, seed=5)
    y = drawn(own, "gross") / (SIZE / TOTAL)[:, None]
    assert float(own.compensation_for(0.8, of="every")) == pytest.approx(np.quantile(y.max(axis=0), 0.8), rel=0.03)
    third = np.quantile(np.sort(y, axis=0)[2], 0.8)  # three of the five are covered
    assert float(own.compensation_for(0.8, of=("share", 0.6))) == pytest.approx(third, rel=0.03)
    for confidence, of, match in (
        (1.0, "nation", "confidence: 1;"), (0.9, "some", "of: 'some'"), (0.9, np.array([0.5, 0.6]), r"of: array"),
        (0.9, ("share", 2), "a share above 0"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=match):
            result.compensation_for(confidence, of=of)


def test_adequacy(result):
    row = result.adequacy().loc["one_off"]
    assert row["compensation"] == pytest.approx(PAID)
    assert row["cover"] == pytest.approx(PAID / row["cost"])
    assert row["mean"] == pytest.approx(row["cost"] - PAID)
    assert abs(row["probability_short"] - 0.75) < 4 * row["probability_error"]
    assert row["municipalities_short"] == pytest.approx(row["probability_short"])  # all move together here
    # the cover is 1.5 / cost, and the cost of an inhabitant has mean 2 and standard deviation 1 / sqrt(3)
    assert row["cover_error"] == pytest.approx(0.75 * np.sqrt(1 / 12) / np.sqrt(DRAWS), rel=0.15)
    assert row["compensation_error"] == pytest.approx(0, abs=1e-6)
    assert row["municipalities_short_error"] == pytest.approx(np.sqrt(0.1875 / DRAWS), rel=0.2)
    assert set(result.adequacy()) == {
        f"{name}{end}" for end in ("", "_error")
        for name in ("cost", "compensation", "cover", "mean", "p5", "p50", "p95", "municipalities_short")
    } | {"probability_short", "probability_error"}  # fmt: skip


def test_convergence_and_explain(ways):
    frame = ways.convergence()
    assert frame.index[-1] == DRAWS
    assert frame["mean_error"].is_monotonic_decreasing
    first = int(frame.index[0])
    assert frame.loc[first, "mean"] == pytest.approx(drawn(ways, "net")[:, :first].sum(axis=0).mean())
    text = str(ways.explain("GM0363"))
    assert "Amsterdam (GM0363): Twee wegen" in text
    assert "Structureel per jaar, vóór compensatie, 90%-interval" in text
    assert "Onzekerheid door de aanname: prijs" in text
    with pytest.raises(UnknownNameError, match="GM9999"):
        ways.explain("GM9999")


def test_what_some_programmes_cannot_answer():
    made = uniform_cost()
    key = np.array([0.0, 0.25, 0.25, 0.25, 0.25])
    with pytest.raises(InputError, match="key: no part for GM0014"):
        replace(made, assembly=replace(made.assembly, key=key)).simulate(64, seed=1).compensation_for(0.9, of="every")
    with pytest.raises(InputError, match="groups need the date of the municipal map"):
        replace(made, assembly=replace(made.assembly, map_day=None)).simulate(64, seed=1).by("province")
    nation = replace(made, assembly=replace(made.assembly, national=True)).simulate(64, seed=1)
    assert list(nation.to_frame().index) == list(nation.national().index)
    with pytest.raises(MissingInputError, match="figures per municipality"):
        nation.by_municipality()
    later = replace(made.assembly, prices="constant", price_level="2025")
    with pytest.raises(InputError, match="first_year: 2024; allowed: 2025 or later, which is the price level"):
        replace(made, assembly=later).simulate(64, seed=1).budget(2024, 1, index={})


def test_questions_that_cannot_be(ways):
    with pytest.raises(UnknownNameError, match="quantity 'nett'"):
        ways.by_municipality("nett")
    with pytest.raises(UnknownNameError, match="line 'nee'"):
        ways.national("line:nee")
    with pytest.raises(OutsidePeriodError, match="no year 2030"):
        ways.national("year:2030")
    with pytest.raises(UnknownNameError, match="GM0000"):
        ways.probability("net", of="GM0000")
    with pytest.raises(InputError, match=r"quantile 1\.5"):
        ways.quantile(1.5)
    with pytest.raises(InputError, match="above nan"):
        ways.probability("net", above=float("nan"))
    with pytest.raises(InputError, match="no published ranges"):
        ways.published()
    with pytest.raises(InputError, match="no seed"):
        two_ways().simulate(64)
    with pytest.raises(InputError, match="a power of two for Sobol"):
        two_ways().simulate(100, seed=1, method="sobol")


def test_every_figure_has_its_error(ways):
    for frame in (ways.by_municipality(), ways.by("province"), ways.national(), ways.by_year(), ways.by_line()):
        figures = [name for name, unit in frame.attrs["units"].items() if not name.endswith("_error") and unit]
        lacking = {name for name in figures if f"{name}_error" not in frame} - {"probability_of_loss"}
        both = ("probability_of_loss" in frame, "probability_error" in frame)
        assert (lacking, both) == (set(), (False, False) if frame.index.name == "item" else (True, True))
    assert (ways.by_municipality().filter(like="_error") > 0).all().all()


def test_provenance_says_which_numpy_and_numba_made_the_figures():
    """Another version gives the same draws, and may give another last bit."""
    told = two_ways().simulate(64, seed=5).provenance
    assert (told["numpy"], told["numba"]) == (version("numpy"), version("numba"))


def test_an_interrupted_run_is_gone_on_with():
    """The same bits as without the interrupt."""
    how = {"method": "latin_hypercube", "replicates": 4}

    def stop(done, whole):
        raise KeyboardInterrupt

    whole = two_ways().simulate(64, seed=5, **how)
    with pytest.raises(KeyboardInterrupt):
        two_ways().simulate(64, seed=5, threads=1, progress=stop, **how)
    part = two_ways().simulate(64, seed=5, threads=1, progress=stop, on_interrupt="keep", **how)
    assert not part.complete
    assert part.notes[0] == "Onderbroken na 64 simulaties."
    assert part.by_municipality()["mean"].notna().all()
    assert (part.provenance["draws_asked"], part.provenance["draws_made"]) == (64, 64)
    with pytest.raises(InputError, match="interrupted after 64 draws"):  # one replicate has no error
        part.national("gross")
    with pytest.raises(InputError, match="resume: seed"):
        two_ways().simulate(64, seed=6, resume=part, **how)
    done = two_ways().simulate(64, seed=5, resume=part, **how)
    assert done.complete
    assert done.digest() == whole.digest() != part.digest()
    assert done.notes == whole.notes
    pd.testing.assert_frame_equal(done.by_municipality(), whole.by_municipality())
    pd.testing.assert_frame_equal(done.national(), whole.national())


def test_own_groups_from_a_file_and_a_series(ways, tmp_path):
    labels = pd.Series(["a", "a", "b", "b", "b"], index=PEOPLE.index, name="soort gebied")
    path = tmp_path / "groepen.csv"
    path.write_text("code,groep\n" + "".join(f"{code},{label}\n" for code, label in labels.items()), encoding="utf-8")
    for given, name in ((labels, "soort gebied"), (path, "group"), (str(path), "group"), (dict(labels), "group")):
        frame = ways.by(given)
        assert frame.index.name == name
        pd.testing.assert_frame_equal(frame, ways.by(labels), check_names=False)


def test_replicated_draws_and_a_target():
    result = two_ways().simulate(64, seed=1, method="sobol", replicates=4)
    assert result.provenance["replicates"] == 4
    assert (result.by_municipality()["mean_error"] > 0).all()
    assert result.by_year()["mean"].sum() == pytest.approx(result.national("net")["mean"].iloc[0])


def test_estimates_travel(result):
    chance = result.probability("net", above=0)
    back = pickle.loads(pickle.dumps(chance))  # noqa: S301 (made here)
    assert (back, back.error, back.low, back.high) == (chance, chance.error, chance.low, chance.high)


def test_what_is_shown_is_rounded(result):
    page = result._repr_html_()
    assert "per gemeente" in page
    assert "_error" not in page
    shown = rounded_frame(result.by_municipality(), nation=False)
    assert all(text.endswith("000") or text == "€ 0" for text in shown["mean"])
    assert shown["probability_of_loss"].iloc[0].endswith("waarschijnlijk)")
    assert rounded_frame(result.national(), nation=True)["mean"].iloc[0].endswith("mln")
    assert rounded_euro(float("nan"), nation=True) == "PM"
    nation, own = result.national(), result.by_municipality()
    shown = {column.name: column for column in columns_of(nation)}
    assert shown["mean"].text(31_234_567.0) == "€ 31.200.000"
    assert shown["mean_error"].text(1234.5) == "€ 1.235"
    assert shown["probability_of_loss"].text(0.76) == "76% (waarschijnlijk)"
    assert {column.name: column for column in columns_of(own)}["p95"].text(1_234_567.0) == "€ 1.235.000"


def test_a_model_that_runs_away_names_the_draw():
    from ggu_costs.impact import Driver, MadeLine, Term, programme_from_parts
    from ggu_costs.simulation import marginals

    made = programme_from_parts(
        "Deling", by="de proef", inhabitants=PEOPLE, map_date="2024-01-01", years=(2024,),
        drivers=[Driver("deel", marginals.bernoulli(0.5))],
        lines=[MadeLine("a", "a", "cost", "one_off", (Term("a", SIZE, factors=(("deel", -1),)),))],
    )  # fmt: skip
    with pytest.raises(ggu.GguCostsError, match="deel = 0"):
        made.simulate(64, seed=1)


def test_what_a_result_is_does_not_depend_on_its_notes():
    result = ggu.open_model("programmes/vroegsignalering").simulate(draws=16)
    bare = replace(result, notes=(), provenance={})
    assert result.indicative
    assert result.complete
    assert (bare.indicative, bare.complete, bare.second_shape) == (True, True, False)
    assert bare.by_municipality().attrs["indicative"] is True
    assert bare.compensation_for(0.5).to_frame().attrs["indicative"] is True
    assert bare.explain("GM0363").notes == result.explain("GM0363").notes
    turned = ggu.open_model("programmes/omgevingswet/2021").simulate(draws=16, second_shape=True)
    assert turned.second_shape
    assert list(replace(turned, provenance={}).published()["shape"]) == list(turned.published()["shape"])


def test_a_runner_is_never_changed():
    result = uniform_cost().simulate(20_000, seed=1, target_error=1e12)
    before = (result.draws, result.digest(), dict(result.provenance))
    with pytest.raises(FrozenInstanceError):
        result.runner.settings = None
    result.national(), result.by("province"), result.quantile(0.3)
    assert (result.draws, result.digest(), dict(result.provenance)) == before


def test_every_answer_is_a_method_with_its_own_words():
    answers = [name for name, own in vars(ImpactResult).items() if name[0] != "_" and inspect.isfunction(own)]
    assert {"by", "national", "adequacy", "sensitivity", "difference", "explain", "save"} <= set(answers)
    for name in answers:
        method = getattr(ImpactResult, name)
        assert inspect.getdoc(method), name
        assert inspect.signature(method).return_annotation is not inspect.Signature.empty, name
