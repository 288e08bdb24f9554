"""Other figures in the distribution of an estimate, against plain numpy; and where a figure becomes what is asked."""

import numpy as np
import pandas as pd
import pytest
from small_programmes import PEOPLE, SIZE, TOTAL, two_ways, uniform_cost

import ggu_costs as ggu
from ggu_costs.errors import InputError
from ggu_costs.impact.answers.placing import _share, calibration

DRAWS = 20_000


@pytest.fixture(scope="module")
def estimate():
    """EUR 1 to 3 an inhabitant, one-off."""
    return uniform_cost().simulate(DRAWS, seed=3)


def test_a_synthetic_realisation_falls_where_a_plain_twin_says(estimate):
    """The twin draws the same uniform price with numpy; sampling errors of both are below 0.02."""
    price = np.random.default_rng(8).uniform(1.0, 3.0, 100_000)
    happened = pd.DataFrame({
        "post": ["kosten"] * 4, "jaar": ["", "2024", "", ""], "gemeentecode": ["", "GM0034", "GM0363", "GM0014"],
        "bedrag": [1.2 * TOTAL, 2.7 * SIZE[1], 2.95 * SIZE[-1], 3.2 * SIZE[0]],
    })  # fmt: skip
    frame = estimate.realised(happened, price_level="2024").to_frame()
    twin = [float(np.mean(price <= at)) for at in (1.2, 2.7, 2.95, 3.2)]
    assert frame["share_below"].tolist() == pytest.approx(twin, abs=0.02)
    assert frame["verdict"].tolist() == ["within", "within", "above", "above_all"]
    found = frame["driver_value"].tolist()
    assert found[:3] == pytest.approx([1.2, 2.7, 2.95], abs=2e-3)  # the price that explains it
    assert np.isnan(found[3])
    assert frame["driver"].tolist()[3] == "geen enkele alleen"
    assert [code for *_, code in frame.index] == ["nation", "GM0034", "GM0363", "GM0014"]


def test_calibration_counts_what_falls_within_p5_to_p95(estimate):
    """Of figures drawn from the estimate itself nine in ten fall within; counted by hand."""
    price = np.random.default_rng(2).uniform(1.0, 3.0, 40)
    rows = [{"line": "kosten", "year": "", "code": code, "amount": part * PEOPLE[code]}
            for code, part in zip(list(PEOPLE.index) * 8, price, strict=True)]  # fmt: skip
    placed = [estimate.realised(rows[start : start + 5]) for start in range(0, 40, 5)]
    by_hand = sum(1.1 <= part <= 2.9 for part in price)
    table = calibration({f"programma {position}": one for position, one in enumerate(placed)})
    assert table.loc["all", "within"] == by_hand
    assert table.loc["all", "share"] == by_hand / 40
    assert table.loc["all", "expected"] == pytest.approx(0.9)
    assert table.loc["all", "like_for_like"] == 0  # no price level was stated
    assert table.loc["all", "share_low"] < by_hand / 40 < table.loc["all", "share_high"]
    with pytest.raises(InputError, match="nothing to calibrate"):
        calibration({})


@pytest.mark.parametrize(
    ("within", "count", "low", "high"), [(9, 10, 0.5958, 0.9821), (10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775)]
)
def test_the_share_within_has_the_interval_of_wilson(within, count, low, high):
    """As printed in tables of Wilson's score interval for 0, 9 and 10 of 10, at 95 %."""
    assert _share(within, count) == pytest.approx(
        {"share": within / count, "share_low": low, "share_high": high},
        abs=5e-5,  # printed to four digits
    )


def test_the_omgevingswet_of_2025_lies_above_that_of_2021_and_is_not_like_for_like():
    first, later = (ggu.open_programme(f"programmes/omgevingswet/{year}") for year in (2021, 2025))
    placed = first.simulate(4_096, seed=2021).compare_published(later)
    row = placed.to_frame().loc[("programmes/omgevingswet/2025", "invoering")]
    assert (row["low"], row["high"], row["share_below"], row["verdict"]) == (2.1e9, 2.1e9, 1.0, "above_all")
    assert row["like_for_like"] == "no"
    for part in ("2016-2029, 2016-2032", "het prijspeil is niet bekend", "de afbakening verschilt"):
        assert part in row["why"]
    assert row["driver"] == "geen enkele alleen"
    assert any("ligt boven de hele raming" in note for note in placed.notes)
    own = first.simulate(4_096, seed=2021).compare_published().to_frame()
    assert own["verdict"].tolist() == [
        "overlaps",
        "overlaps",
    ]  # wider than P5 to P95
    assert own["like_for_like"].tolist() == ["yes", "yes"]


def test_every_fault_of_a_realisation_is_told_at_once(estimate):
    rows = [
        {"line": "kosten", "year": 2030, "code": "", "amount": 1},
        {"line": "kostn", "year": 2024, "code": "", "amount": 1},
        {"line": "kosten", "year": 2024, "code": "GM9999", "amount": "veel"},
        {"line": "kosten", "year": 2024, "code": "", "amount": 5},
        {"line": "kosten", "year": 2024, "code": "", "amount": 6},
    ]
    with pytest.raises(InputError) as caught:
        estimate.realised(rows)
    told = str(caught.value)
    for part in (
        "row 1, year: '2030'; allowed: a year of this estimate: 2024 to 2024",
        "'kostn'; allowed: a line of this estimate",
        "Did you mean 'kosten'?", "row 3, code: 'GM9999'",
        "'veel' is not a finite number", "row 5: kosten 2024 a second time",
    ):  # fmt: skip
        assert part in told
    with pytest.raises(InputError, match="no column 'amount'"):
        estimate.realised([{"line": "kosten"}])
    with pytest.raises(InputError, match="does not know its model file"):
        estimate.compare_published()
    known = ggu.open_programme("programmes/omgevingswet/2021").simulate(256, seed=1)
    with pytest.raises(InputError, match=r"(?s)programme 1: a str.*programme 2: a Fund") as wrong:
        known.compare_published("funds/ggu/2020", ggu.open_fund("funds/ggu/2020"))
    assert "an opened programme" in str(wrong.value)


def test_break_even_is_where_the_sum_turns(estimate):
    """Net of 1.50 compensation: the price of 1.50 turns the sign, a quarter of the way from 1 to 3."""
    found = estimate.break_even("net")
    row = found.to_frame().loc["prijs"]
    assert (row["median"], row["value"], row["driver_place"]) == (
        pytest.approx(2.0), pytest.approx(1.5, abs=2e-3), pytest.approx(0.25, abs=2e-3),
    )  # fmt: skip
    assert found.middle == pytest.approx(0.5 * TOTAL)
    assert np.isnan(estimate.break_even("net", at=9 * TOTAL).to_frame().loc["prijs", "value"])
    assert estimate.break_even("net", at=0.5 * PEOPLE["GM0363"], of="GM0363").to_frame().loc["prijs", "value"] == (
        pytest.approx(2.0, abs=2e-3)
    )
    with pytest.raises(InputError, match="at inf"):
        estimate.break_even("net", at=float("inf"))


def test_jointly_drivers_move_along_the_gradient():
    """At the joint point the figure is the target; the twin computes it from the formula of the programme."""
    result = two_ways().simulate(1_024, seed=1, alternative="samen")
    target = 2.2e6
    found = result.break_even("one_off", at=3.5e6)
    assert found.to_frame().loc["prijs", "joint_value"] == pytest.approx(3.5 / 3, abs=2e-3)
    both = result.break_even("net", at=target).to_frame()["joint_value"]
    assert 3e6 * both["prijs"] - 2 * TOTAL * both["baat"] == pytest.approx(target, rel=2e-3)


def test_hostile_figures_of_what_happened_are_told_at_once(estimate):
    """Below 0 of a line, beyond what amounts may be, a year that is none or in other digits: one error with all."""
    rows = [("kosten", "", -5.0), ("kosten", float("inf"), 1.0), ("kosten", "٢٠٢٤", 1.0), ("one_off", "", 1e300)]
    with pytest.raises(InputError) as caught:
        estimate.realised([{"line": line, "year": year, "amount": amount} for line, year, amount in rows])
    text = str(caught.value)
    for said in ("-5 of 'kosten'", "'inf'", "'٢٠٢٤'", "below 1e13 euro"):
        assert said in text, said


def test_amounts_in_thousands_are_asked_about():
    programme = ggu.open_programme("programmes/omgevingswet/2021")
    notes = programme.realised([{"line": "one_off", "amount": 1_400_000}]).notes
    assert any("in duizenden euro" in note for note in notes)
    plain = programme.realised([{"line": "one_off", "amount": 1_400_000_000}]).notes
    assert not any("duizenden" in note for note in plain)
