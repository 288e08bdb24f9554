"""Every shipped programme: held to its published total or range, with what it has to say about it."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from oracles import impact_answers as oracle

import ggu_costs as ggu
from ggu_costs.catalogue import find_model, model_files
from ggu_costs.errors import MissingInputError
from ggu_costs.impact.answers.questions import output_of, weights_of
from ggu_costs.simulation.marginals import describe
from ggu_costs.simulation.parts import Output

PROGRAMMES = [name for name in model_files() if name.startswith("programmes/")]
PUBLISHED = [name for name in PROGRAMMES if not name.startswith("programmes/example")]
EUROS = 1e-6  # relative; a point value is the same in every draw


def expected(name):
    with Path(find_model(name)).with_suffix(".expected.csv").open(encoding="utf-8") as file:
        return [
            (row["quantity"], row["alternative"], float(row["low"]), float(row["high"]), row["basis"])
            for row in csv.DictReader(file)
        ]


def extremes(assembly, selection, quantity):
    """Lowest and highest national outcome over the corners of the drivers' ranges, by the plain twin."""
    spec = assembly.spec([output_of(assembly, selection, quantity, "moments", "none")])
    ends = [(d.name, d.marginal.parameters[0], d.marginal.parameters[-1]) for d in spec.drivers]
    corners = np.array(list(product(*[(low, high) for _, low, high in ends])))
    values = {name: corners[:, [place]] for place, (name, _, _) in enumerate(ends)}
    found = next(iter(oracle.outputs(spec, values or {"none": np.zeros((1, 1))}).values())).sum(axis=1)
    return found.min(), found.max()


def test_all_are_there():
    assert PROGRAMMES == [
        "programmes/bcf/2025", "programmes/dso-beheer",
        "programmes/example-common-ground", "programmes/example-digital-identity", "programmes/gdi-doorbelasting",
        "programmes/inburgering", "programmes/omgevingswet/2021", "programmes/omgevingswet/2025",
        "programmes/vroegsignalering", "programmes/woo",
    ]  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_range_is_the_published_one(name):
    """The smallest and the largest outcome that can be are the ends of the published range, to the euro."""
    programme = ggu.open_model(name)
    assembly = programme.assembly()
    for quantity, alternative, low, high, _ in expected(name):
        if name == "programmes/vroegsignalering":
            assert alternative == "zelf"  # the other one is an example
        found = extremes(assembly, alternative, quantity)
        assert found == pytest.approx((low, high), rel=EUROS)
    stated = {(item.of, item.alternative or "base") for item in programme.definition.published}
    assert stated == {(of, alternative) for of, alternative, *_, basis in expected(name) if basis == "published"}


@pytest.mark.compiled
@pytest.mark.parametrize("name", PUBLISHED)
def test_draws_stay_within_it(name):
    result = ggu.open_model(name).simulate(draws=20_000)
    for row in result.published().itertuples():
        assert row.low - abs(row.low) * EUROS <= row.p5 <= row.p95 <= row.high + abs(row.high) * EUROS
        if row.reading == "min_max":
            second = (row.second_p5, row.second_p50, row.second_p95)
            assert row.low <= second[0] < row.p5  # a uniform shape has wider tails than a triangle
            assert row.p95 < second[2] <= row.high
            assert row.shape == "driehoek"
            assert row.shape_by == "ggu_costs"


@pytest.mark.compiled
@pytest.mark.parametrize("name", PROGRAMMES)
def test_what_each_says(name):
    programme = ggu.open_model(name)
    example = name.startswith("programmes/example") or name == "programmes/vroegsignalering"
    assert programme.definition.illustrative == example
    result = programme.simulate(draws=2)
    assert "Plus is hogere lasten" in " ".join(result.notes)
    assert result.illustrative == example


@pytest.mark.compiled
def test_omgevingswet_prints_the_conflict_and_the_later_figure():
    programme = ggu.open_model("programmes/omgevingswet/2021")
    result = programme.simulate(draws=2)
    text = " ".join(result.notes)
    assert result.notes[0] == "Onder de aannames van deze analyse, niet van het onderzoek."
    assert "Tegenstrijdig: een factor 9" in text
    assert "programmes/omgevingswet/2025 noemt ongeveer 2,1 miljard" in text
    assert "-35 tot +168" in text
    assert "indicatief" in text
    estimated = next(d for d in programme.definition.drivers if d.id == "schaal")
    assert estimated.status == "estimated"


def test_the_scale_hands_out_the_national_total_in_every_draw():
    assembly = ggu.open_model("programmes/omgevingswet/2021").assembly()
    spec = assembly.spec([Output("y", weights_of(assembly, "base", "one_off_cost"))])
    drawn = oracle.draw(spec, 32, 1)
    assert oracle.outputs(spec, drawn)["y"].sum(axis=1) == pytest.approx(drawn["eenmalig"][:, 0])


def test_the_exponent_follows_from_the_factor_nine():
    people = ggu.municipalities(2021)["inhabitants"]
    exponent = np.log(4_100_000 / 445_000) / np.log(people.max() / people.min())
    low = next(d for d in ggu.open_model("programmes/omgevingswet/2021").definition.drivers if d.id == "schaal").low
    assert low is not None
    assert float(low.value) == pytest.approx(exponent, abs=5e-5)


def test_three_quarters_fall_in_the_first_six_years():
    assembly = ggu.open_model("programmes/omgevingswet/2021").assembly()
    profile = assembly.terms[0].profile
    assert profile is not None
    assert profile[:6].sum() == pytest.approx(0.75)
    assert profile.sum() == pytest.approx(1)


@pytest.mark.compiled
def test_woo_needs_the_part_of_municipalities():
    result = ggu.open_model("programmes/woo").simulate(draws=16)
    assert result.national("one_off")["mean"].iloc[0] == pytest.approx(200e6)
    for ask in (
        result.by_municipality,
        lambda: result.by("province"),
        lambda: result.explain("GM0363"),
        result.winners_and_losers,
    ):
        with pytest.raises(MissingInputError, match="municipal_share"):
            ask()
    text = " ".join(result.notes)
    assert "van alle betrokken overheden samen" in text
    other = result.alternative("voor-novelle")
    assert other.national("structural")["mean"].iloc[0] == pytest.approx(2e9)
    assert "een ondergrens" in text
    given = ggu.open_model("programmes/woo", {"municipal_share": 0.5}).simulate(draws=2)
    assert given.by_municipality()["mean"].sum() == pytest.approx(0.5 * 300e6)


@pytest.mark.compiled
def test_unknown_costs_are_pm():
    for name, words in (
        ("omgevingswet/2025", "Structurele kosten en besparingen; Andere bijdragen van het Rijk aan de invoering"),
        ("inburgering", "ICT (eenmalig); ICT (structureel)"),
    ):
        result = ggu.open_model(f"programmes/{name}").simulate(draws=2)
        assert f"Exclusief PM: {words}." in result.notes
        assert result.by_line()["mean"].isna().any()


def test_signals_grow_from_650_000_to_a_million():
    assembly = ggu.open_model("programmes/vroegsignalering").assembly()
    term = next(term for term in assembly.terms if term.name == "dienst-signalen")
    assert term.profile is not None
    assert term.profile[[0, -1]] * 1_000_000 == pytest.approx([650_000, 1_000_000])


@pytest.mark.compiled
def test_inburgering_is_price_times_volume_and_never_one_off_and_structural_together():
    """103.2 million is 18,100 x 5,701.66; the groups have no price; 36.5 to 56.5 million is no part of a sum."""
    result = ggu.open_programme("programmes/inburgering").simulate(draws=256)
    product = result.volumes()
    whole = product.loc["uitvoering"]
    assert whole["volume"] == 9_100 + 9_000
    assert round(float(whole["unit_price"]), 2) == 5_701.66
    assert float(whole["mean"]) == pytest.approx(103_200_000, abs=0.005)
    assert product.loc[["uitvoering/asiel", "uitvoering/overig"], ["unit_price", "mean"]].isna().all(axis=None)
    assert product["volume"].tolist() == [9_100, 9_000, 18_100]
    for table in ggu.open_programme("programmes/inburgering").report().tables:
        figures = table.frame.select_dtypes("number").to_numpy(dtype=float)
        assert not (np.abs(figures - 149.7e6) < 1e6).any(), table.name
    assert float(result.to_frame()["mean"].sum()) == pytest.approx(46.5e6, rel=0.05)


@pytest.mark.compiled
def test_the_administration_of_the_vat_fund_has_its_response_and_no_interval():
    result = ggu.open_programme("programmes/bcf/2025").simulate(draws=2)
    found = result.surveys()
    assert found["per_inhabitant"].tolist() == [1.46, 0.05]
    assert found[["asked", "answered", "usable"]].to_numpy().tolist() == [[90, 36, 33]] * 2
    assert set(found["interval"]) == {"interval niet te geven"}
    assert "provincies" in found["who"].iloc[0]
    assert result.by_line()[["sd", "p5", "p50", "p95"]].isna().all(axis=None)
    said = "Personeel: € 1,46 per inwoner, het gemiddelde van 33 bruikbare antwoorden; 36 van 90 aangeschreven"
    assert any(note.startswith(said) and note.endswith("interval niet te geven.") for note in result.notes)
    people = ggu.municipalities(2025)["inhabitants"]
    np.testing.assert_allclose(result.by_municipality("structural")["mean"], people * 1.51, rtol=1e-12)


@pytest.mark.compiled
def test_who_does_not_take_part_renews_at_the_costs_of_the_sample():
    """On the same draws, the sampling error among them: those below 50,000 inhabitants differ by nothing."""
    programme = ggu.open_programme("programmes/example-common-ground")
    own = next(driver for driver in programme.assembly().drivers if driver.name == "eigen-spreiding")
    assert describe(own.marginal)[0] == pytest.approx(1, abs=1e-12)
    result = programme.simulate(draws=256)
    difference = result.alternative("voorlopers").difference("ieder-voor-zich").by_municipality("one_off")
    others = ggu.municipalities(2025)["size_class"].isin([1, 2, 3, 4]).reindex(difference.index)
    assert np.abs(difference.loc[others, ["mean", "p5", "p95"]].to_numpy()).max() < 1e-6
    assert np.abs(difference.loc[~others, "mean"].to_numpy()).min() > 1


@pytest.mark.compiled
def test_a_growth_pact_costs_what_was_promised_where_nobody_takes_up():
    """At full take-up: the price of suppliers and the rest of own maintenance; at none: the guarantee and own costs."""
    assembly = ggu.open_programme("programmes/example-common-ground").assembly()
    spec = assembly.spec([output_of(assembly, "groeipact", "structural", "moments", "none")])
    people = float(assembly.inhabitants.sum())
    values = {driver.name: np.full((2, 1), 0.2) for driver in spec.drivers}
    values |= {"opname": np.array([[0.0], [1.0]]), "stijging": np.zeros((2, 1)), "garantie": np.full((2, 1), 0.5)}
    found = next(iter(oracle.outputs(spec, values).values())).sum(axis=1)
    by_hand = [people * (1.45 * 0.5 + 2.10), people * (1.45 + 2.10 * 0.8)]
    assert found == pytest.approx(by_hand, rel=1e-12)


def test_both_ways_of_early_signalling_move_with_the_signals():
    assembly = ggu.open_programme("programmes/vroegsignalering").assembly()
    for term in assembly.terms:
        if term.name in ("uitvoering", "lokaal-deel", "dienst-signalen"):
            assert term.profile is not None
            np.testing.assert_allclose(term.profile / term.profile[-1], [0.65, 0.7667, 0.8833, 1], rtol=1e-4)


def test_the_dso_has_two_readings_and_falls_by_what_an_uitname_falls_by():
    """18 million is what municipalities pay or the whole of which they bear 70 %; the source leaves it open."""
    programme = ggu.open_programme("programmes/dso-beheer")
    base = ggu.open_grant("grants/gemeentefonds/meicirculaire-2024/2024").amounts().key("base")
    part, whole = (
        programme.simulate(draws=2, alternative=name).by_municipality("structural") for name in ("deel", "geheel")
    )
    assert part.loc["GM0345", "mean"] == pytest.approx(18_000_000 * float(base["GM0345"] / sum(base.values())))
    assert whole["mean"].to_numpy() == pytest.approx(0.7 * part["mean"].to_numpy())
    assert any("valt, staat niet in de gelezen bron" in note for note in programme.definition.notes)
