from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import ballot as oracle

import ggu_costs as ggu
from ggu_costs.ballot.power import MOST_WEIGHT
from ggu_costs.display.language import report_in

SCALES = ("ballots/one-each", "ballots/per-inhabitant", "ballots/steps-example")


def codes(count: int) -> list[str]:
    return [f"GM{1000 + place}" for place in range(count)]


# --- scales ---------------------------------------------------------------------------------------------------------


def test_members_on_the_day_of_the_assembly() -> None:
    weights = ggu.open_model("ballots/one-each").weights("2022-06-29", counting_date="2022-01-01")
    assert len(weights) == 344
    assert set(weights) == {1}
    assert "GM0457" not in weights.index  # Weesp went on 24 March 2022


def test_inhabitants_are_carried_to_the_map_of_the_day() -> None:
    weights = ggu.open_model("ballots/per-inhabitant").weights("2022-06-29", counting_date="2022-01-01")
    people = ggu.municipalities(2022)["inhabitants"]
    assert weights["GM0363"] == people["GM0363"] + people["GM0457"]
    assert weights.sum() == people.sum()
    assert weights.dtype == "int64"


def test_steps_are_rounded_up_and_capped() -> None:
    weights = ggu.open_model("ballots/steps-example").weights("2024-06-26", counting_date="2024-01-01")
    people = ggu.municipalities(2024)["inhabitants"]
    assert weights.to_dict() == {code: min(75, -(-count // 1000)) for code, count in people.items()}
    assert weights.sum() == 13_398
    assert weights.loc["GM0363"] == 75


@pytest.mark.parametrize(
    ("rounding", "expected"), [("up", [1, 1, 2, 2, 3]), ("down", [1, 1, 1, 1, 2]), ("nearest", [1, 1, 1, 2, 2])]
)
def test_rounding(rounding: str, expected: list[int]) -> None:
    from fractions import Fraction

    from ggu_costs.ballot.definition import WeightRule
    from ggu_costs.ballot.scale import _votes

    rule = WeightRule(rule="per_inhabitants", per=1000, rounding=rounding, status="illustrative", by="test")
    assert [_votes(Fraction(people), rule) for people in (400, 1000, 1499, 1500, 2001)] == expected


@pytest.mark.parametrize("name", SCALES)
def test_shipped_scales_say_that_they_are_examples(name: str) -> None:
    scale = ggu.open_model(name)
    report = scale.report()
    assert not scale.enacted
    assert report.illustrative
    assert report.frames["weights"].attrs["illustrative"]
    assert report.frames["weights"]["weight_share"].sum() == pytest.approx(1)
    assert len(scale.report("GM0345").frames["weights"]) == 1
    words = " ".join([report.title, *report.notes]).lower()
    assert "aangenomen" not in words


def test_scale_refuses_what_it_cannot_know() -> None:
    scale = ggu.open_model("ballots/per-inhabitant")
    with pytest.raises(ggu.OutsidePeriodError, match="2030"):
        scale.weights("2030-01-01")
    with pytest.raises(ggu.OutsidePeriodError, match="1 January"):
        scale.weights("2024-06-26", counting_date="2024-03-01")
    with pytest.raises(ggu.InputError, match="forward"):
        scale.weights("2022-06-29", counting_date="2024-01-01")
    with pytest.raises(ggu.UnknownNameError, match="GM9999"):
        scale.report("GM9999")


def test_faults_of_a_scale_come_together() -> None:
    source = {
        "schema": 1, "kind": "ballot", "id": "ballots/own", "title": "Eigen", "checked_on": "2026-11-21",
        "sources": {"s": {"title": "Statuten", "publisher": "VNG"}},
        "weights": {"rule": "per_inhabitants", "per": 1000, "minimum": 5, "maximum": 2, "status": "enacted"},
        "map_date": {"value": "2024-06-26", "unit": "date", "status": "enacted", "source": "s"},
        "counting_date": {"mark": "pm", "unit": "date", "status": "illustrative", "by": "test"},
    }  # fmt: skip
    with pytest.raises(ggu.ModelFileError) as caught:
        ggu.open_model(source)
    text = str(caught.value)
    assert "weights.maximum: 2; allowed: the minimum of 5 or more" in text
    assert "status 'enacted' without a source" in text
    assert "counting_date: no date" in text
    source["weights"] = {"rule": "one_each", "status": "illustrative"}
    with pytest.raises(ggu.ModelFileError, match="without by"):
        ggu.open_model(source)


# --- tally ----------------------------------------------------------------------------------------------------------


def test_abstentions_and_absence_are_not_in_the_percentage() -> None:
    ballot = ggu.Ballot(
        {"GM0363": 75, "GM0345": 67, "GM0088": 1, "GM0014": 60},
        {"GM0363": "for", "GM0345": "against", "GM0088": "abstain"},
    )
    tally = ballot.tally()
    assert tally.weight == {"for": 75, "against": 67, "abstain": 1, "absent": 60}
    assert tally.share_for == pytest.approx(75 / 142)
    assert tally.turnout == pytest.approx(143 / 203)
    frame = tally.to_frame()
    assert frame["share"].dropna().sum() == pytest.approx(1)
    assert frame["weight"].sum() == 203
    assert frame["members"].sum() == 4


def test_a_majority_is_kept_as_it_is_given() -> None:
    votes = {"GM0001": "for", "GM0002": "against"}
    for majority in (Fraction(1_000_002, 2_000_003), Decimal(1_000_002) / 2_000_003 + Decimal("1e-20")):
        close = ggu.Ballot({"GM0001": 1_000_002, "GM0002": 1_000_001}, votes, majority=majority).tally()
        assert close.majority == Fraction(majority)
        assert not close.exceeds_majority
    exact = Fraction(1_000_001, 2_000_003)
    assert ggu.Ballot({"GM0001": 1_000_002, "GM0002": 1_000_001}, votes, majority=exact).tally().exceeds_majority
    assert ggu.Ballot({"GM0001": 1}, majority=2 / 3).majority == Fraction(2, 3)
    assert ggu.Ballot({"GM0001": 1}, majority=0.123456789).majority == Fraction("0.123456789")
    assert ggu.Ballot({"GM0001": 1}, majority=np.float64(0.5)).majority == Fraction(1, 2)


def test_at_least_a_majority_and_a_quota_of_votes() -> None:
    weights, votes = {"GM0001": 2, "GM0002": 1, "GM0003": 5}, {"GM0001": "for", "GM0002": "against"}
    assert ggu.Ballot(weights, votes, majority=2 / 3, at_least=True).tally().exceeds_majority
    assert not ggu.Ballot(weights, votes, majority=2 / 3).tally().exceeds_majority
    assert not ggu.Ballot(weights, votes, majority=1, at_least=True).tally().exceeds_majority
    assert ggu.Ballot(weights, {"GM0001": "for"}, majority=1, at_least=True).tally().exceeds_majority
    assert not ggu.Ballot(weights, {"GM0001": "abstain"}, majority=1, at_least=True).tally().exceeds_majority
    assert ggu.Ballot(weights, votes, quota=2).tally().exceeds_majority
    assert not ggu.Ballot(weights, votes, quota=3).tally().exceeds_majority
    for quota, majority in ((2, Fraction(1, 8)), (4, Fraction(3, 8)), (5, Fraction(1, 2)), (8, Fraction(7, 8))):
        asked = ggu.Ballot(weights, quota=quota).power()
        assert asked.attrs["quota"] == quota
        assert asked.tolist() == ggu.Ballot(weights, majority=majority).power().tolist()
        tripled = ggu.Ballot({code: 3 * weight for code, weight in weights.items()}, quota=3 * quota - 1).power()
        assert tripled.tolist() == asked.tolist()
    assert ggu.Ballot(weights, majority=1 / 2, at_least=True).power().attrs["quota"] == 4
    assert ggu.Ballot(weights, majority=1 / 2, at_least=np.True_).threshold.at_least is True  # type: ignore[arg-type]
    scale = ggu.open_model("ballots/one-each")
    assert scale.ballot(quota=172).threshold.quota == 172
    wrong: list[dict[str, Any]] = [
        {"quota": 0}, {"quota": 9}, {"quota": 2.5}, {"quota": "5"}, {"quota": 2, "majority": 0.5}, {"majority": 1},
        {"at_least": "yes"}, {"majority": 0, "at_least": True}, {"quota": 2, "at_least": True},
    ]  # fmt: skip
    for asked_wrongly in wrong:
        with pytest.raises(ggu.InputError, match=r"quota|majority|at_least"):
            ggu.Ballot(weights, **asked_wrongly)


def test_a_tie_does_not_exceed_a_plain_majority() -> None:
    ballot = ggu.Ballot({"GM0001": 5, "GM0002": 5}, {"GM0001": "for", "GM0002": "against"})
    assert ballot.tally().share_for == 0.5
    assert not ballot.tally().exceeds_majority
    two_thirds = ggu.Ballot({"GM0001": 2, "GM0002": 1}, {"GM0001": "for", "GM0002": "against"}, majority=2 / 3)
    assert not two_thirds.tally().exceeds_majority


def test_nobody_votes() -> None:
    tally = ggu.Ballot({"GM0001": 5}, {}).tally()
    assert tally.cast == 0
    assert tally.share_for == 0
    assert not tally.exceeds_majority


def test_three_way_vote() -> None:
    # weights chosen so that the shares are those published for the membership fee of 2021: 62, 34 and 4 per cent
    weights = {"GM0001": 62, "GM0002": 34, "GM0003": 4}
    votes = {"GM0001": "voorstel bestuur", "GM0002": "gewijzigd voorstel", "GM0003": "against"}
    tally = ggu.Ballot(weights, votes).tally()
    shares = tally.shares
    for asked in (lambda: tally.share_for, lambda: tally.exceeds_majority, ggu.Ballot(weights, votes).swing):
        with pytest.raises(ggu.InputError, match=r"between options .gewijzigd voorstel, voorstel bestuur"):
            asked()
    assert shares == pytest.approx({"against": 0.04, "gewijzigd voorstel": 0.34, "voorstel bestuur": 0.62})


@given(st.data())
@cases(60)
def test_tally_reproduces_from_the_list(data: st.DataObject) -> None:
    names = codes(data.draw(st.integers(1, 12)))
    weights = {code: data.draw(st.integers(1, 75)) for code in names}
    votes = {code: data.draw(st.sampled_from(["for", "against", "abstain", "absent"])) for code in names}
    tally = ggu.Ballot(pd.Series(weights), pd.Series(votes)).tally()
    for answer in ("for", "against", "abstain", "absent"):
        assert tally.weight.get(answer, 0) == sum(weights[code] for code in names if votes[code] == answer)
    cast = sum(weights[code] for code in names if votes[code] in ("for", "against"))
    if cast:
        agreed = sum(weights[code] for code in names if votes[code] == "for")
        assert tally.exceeds_majority == (2 * agreed > cast)


def test_dutch_answers_and_capitals() -> None:
    votes = {"GM0001": "Voor", "GM0002": " TEGEN", "GM0003": "onthouding", "GM0004": "afwezig"}
    tally = ggu.Ballot(dict.fromkeys(votes, 2), votes).tally()
    assert tally.weight == {"for": 2, "against": 2, "abstain": 2, "absent": 2}


def test_what_is_counted_with_an_example_scale_says_so() -> None:
    ballot = ggu.open_model("ballots/one-each").ballot({"GM0363": "for", "GM0345": "for"})
    tally = ballot.tally()
    assert tally.illustrative
    assert "geen besluit" in tally.notes[0]
    assert ballot.swing().attrs["illustrative"]
    assert "FICTIEF VOORBEELD" in tally._repr_html_()
    assert ggu.Ballot({"GM0363": 1}).power().attrs["illustrative"] is False


def test_swing() -> None:
    ballot = ggu.Ballot(
        {"GM0001": 5, "GM0002": 4, "GM0003": 2}, {"GM0001": "for", "GM0002": "against", "GM0003": "for"}
    )
    assert ballot.swing().index.tolist() == ["GM0001", "GM0003"]
    votes = {"GM0001": "for", "GM0002": "against", "GM0003": "abstain"}
    sure = ggu.Ballot({"GM0001": 9, "GM0002": 4, "GM0003": 9}, votes)
    assert sure.swing().index.tolist() == ["GM0001"]


def test_ballots_of_the_wrong_kind_are_all_told_at_once() -> None:
    weights: Any = {
        "GM0001": float("nan"),
        "GM0002": "5",
        "GM0003": None,
        "GM0004": float("inf"),
        "GM0005": True,
        "a": 10**400,
    }
    votes: Any = ["for"]
    majority: Any = "half"
    with pytest.raises(ggu.InputError) as caught:
        ggu.Ballot(weights, votes, majority=majority)
    told = str(caught.value)
    for words in ("GM0001: nan", "GM0002: '5'", "GM0003: None", "GM0004: inf", "GM0005: True", "votes: list", "'half'"):
        assert words in told
    assert "weights a" not in told
    with pytest.raises(ggu.InputError, match="weights: list"):
        ggu.Ballot(votes)


def test_bad_ballots() -> None:
    weights = pd.Series([1, 2.5, -1, 3], index=["GM0001", "GM0002", "GM0003", "GM0001"])
    with pytest.raises(ggu.InputError) as caught:
        ggu.Ballot(
            weights, pd.Series(["for", "", "for", "for"], index=["GM0002", "GM0003", "GM0009", "GM0002"]), majority=1.0
        )
    text = str(caught.value)
    for words in (
        "GM0001: there twice",
        "GM0002: 2.5",
        "GM0003: -1",
        "GM0009",
        "votes GM0002: there twice",
        "majority",
    ):
        assert words in text
    with pytest.raises(ggu.InputError, match="no votes at all"):
        ggu.Ballot({"GM0001": 0})
    with pytest.raises(ggu.InputError, match="no votes to count"):
        ggu.Ballot({"GM0001": 1}).tally()


# --- power ----------------------------------------------------------------------------------------------------------


def test_published_power() -> None:
    # weights 50, 49 and 1 with 51 needed: CoopGame, test 15.8
    power = ggu.Ballot({"GM0001": 50, "GM0002": 49, "GM0003": 1}).power("shapley_shubik")
    assert power.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-12)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=9).filter(any), st.sampled_from([0.5, 0.0, 2 / 3, 0.75]))
@cases(40)
def test_power_agrees_with_enumeration(weights: list[int], majority: float) -> None:
    ballot = ggu.Ballot(dict(zip(codes(len(weights)), weights, strict=True)), majority=majority)
    quota = ballot.power().attrs["quota"]
    assert sum(weights) >= quota > ballot.majority * sum(weights)
    assert ballot.power("shapley_shubik").tolist() == pytest.approx(
        [float(x) for x in oracle.shapley_shubik(weights, quota)], abs=1e-12
    )
    assert ballot.power("banzhaf").tolist() == pytest.approx(
        [float(x) for x in oracle.banzhaf(weights, quota)], abs=1e-12
    )


def test_the_oracle_agrees_with_all_orders() -> None:
    assert oracle.shapley_shubik([4, 3, 2, 1], 6) == oracle.shapley_shubik_by_orders([4, 3, 2, 1], 6)


def test_power_at_fifteen_members() -> None:
    weights = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]
    ballot = ggu.Ballot(dict(zip(codes(15), weights, strict=True)))
    quota = ballot.power().attrs["quota"]
    assert ballot.power().tolist() == pytest.approx(
        [float(x) for x in oracle.shapley_shubik(weights, quota)], abs=1e-12
    )
    assert ballot.power("banzhaf").tolist() == pytest.approx(
        [float(x) for x in oracle.banzhaf(weights, quota)], abs=1e-12
    )


@pytest.mark.compiled
@pytest.mark.parametrize("kind", ["shapley_shubik", "banzhaf"])
def test_power_of_all_municipalities(kind: str) -> None:
    weights = ggu.open_model("ballots/steps-example").weights("2024-06-26", counting_date="2024-01-01")
    power = ggu.Ballot(weights).power(kind)
    assert power.sum() == pytest.approx(1, abs=1e-10)
    assert power.index.equals(weights.index)
    assert power.groupby(weights).nunique().eq(1).all()  # equal votes, equal power
    assert power.groupby(weights).first().is_monotonic_increasing
    assert power.attrs["error"] == 0


def test_too_much_weight_for_an_exact_answer() -> None:
    ballot = ggu.Ballot({"GM0001": MOST_WEIGHT, "GM0002": 1})
    with pytest.raises(ggu.InputError, match="approximate=True"):
        ballot.power()
    with pytest.raises(ggu.UnknownNameError, match="banzhaf"):
        ballot.power("coleman")


def test_large_votes_with_a_common_divisor_are_exact() -> None:
    power = ggu.Ballot({"GM0001": 50_000, "GM0002": 49_000, "GM0003": 1_000}).power()
    assert power.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-12)
    assert (power.attrs["quota"], power.attrs["error"]) == (50_001, 0)


def test_a_scale_too_coarse_to_tell_who_is_larger_shows_in_the_error() -> None:
    power = ggu.Ballot({"GM0001": 15_001, "GM0002": 15_000}).power("banzhaf", approximate=True)
    assert max(abs(power["GM0001"] - 1), abs(power["GM0002"])) <= power.attrs["error"]


@pytest.mark.compiled
def test_approximate_power_states_its_error() -> None:
    weights = dict(zip(codes(8), [100_003, 90_001, 80_009, 70_001, 60_013, 50_021, 40_009, 30_011], strict=True))
    exact = ggu.Ballot({code: round(weight / 10_000) for code, weight in weights.items()}).power()
    power = ggu.Ballot(weights).power(approximate=True)
    assert power.sum() == pytest.approx(1, abs=1e-10)
    assert (power - exact).abs().max() <= power.attrs["error"] + 0.02


# --- effects and published results ----------------------------------------------------------------------------------


def test_weighted_effects_side_by_side() -> None:
    fund = ggu.open_model("funds/ggu/2020").with_changes(counting_date="2024-01-01", map_date="2024-01-01")
    other = fund.with_changes(key={"inhabitants": 0.8, "equal": 0.2})
    effect = ggu.redistribution(fund.contributions(), other.contributions())
    scales = [ggu.open_model(name) for name in SCALES]
    frame = ggu.weighted_effects(effect, scales)
    assert frame.attrs["illustrative"]
    assert frame[["disadvantage", "advantage", "unchanged"]].sum(axis=1).tolist() == pytest.approx([1, 1, 1])
    cents = pd.Series(effect.redistribution)
    for scale in scales:
        weights = scale.weights()
        assert frame.loc[scale.title, "disadvantage"] == pytest.approx(weights[cents > 0].sum() / weights.sum())
    words = " ".join([*frame.columns, *frame.attrs["notes"]])
    assert "adopted" not in words
    assert "geen besluit" in frame.attrs["notes"][1]
    alone = ggu.weighted_effects(effect.to_frame()["difference"], scales[0])
    assert alone["members"].tolist() == [342]


def test_effects_that_cannot_be_weighed() -> None:
    scale = ggu.open_model("ballots/one-each")
    weights = scale.weights()
    effects = pd.Series(1.0, index=[*weights.index[1:], "GM0457", "GM0345"], dtype=object)
    effects.iloc[0], effects.iloc[1] = float("nan"), "veel"
    with pytest.raises(ggu.InputError) as caught:
        ggu.weighted_effects(effects, scale)
    text = str(caught.value)
    assert "none for 1 members" in text
    assert "GM0457" in text
    assert "there twice" in text
    assert "nan" in text
    assert "'veel'" in text
    with pytest.raises(ggu.InputError, match="no column difference"):
        ggu.weighted_effects(ggu.open_model("funds/ggu/2020").contributions(), scale)
    nobody = ggu.open_model({
        "schema": 1, "kind": "ballot", "id": "ballots/own", "title": "Niemand", "checked_on": "2026-11-21",
        "sources": {"s": {"title": "Voorbeeld", "publisher": "test"}},
        "weights": {"rule": "per_inhabitants", "per": 10**8, "rounding": "down", "minimum": 0, "status": "illustrative",
                    "by": "test"},
        "map_date": {"value": "2024-06-26", "unit": "date", "status": "illustrative", "by": "test"},
        "counting_date": {"value": "2024-01-01", "unit": "date", "status": "illustrative", "by": "test"},
    })  # fmt: skip
    with pytest.raises(ggu.InputError, match="no votes at all"):
        ggu.weighted_effects(pd.Series(1.0, index=weights.index), nobody)
    with pytest.raises(ggu.InputError, match="no scale"):
        ggu.weighted_effects(effects, [])
    for wrong in ([1, 2], None, "x", pd.DataFrame({"difference": [1.0]})):
        with pytest.raises(ggu.InputError, match=r"effects: .*\nGive effects as a Series by code"):
            ggu.weighted_effects(wrong, scale)  # type: ignore[arg-type]
    for strange in ("x", None, 5, [scale, "x"]):
        with pytest.raises(ggu.InputError, match=r"scales: .*\nGive scales, such as"):
            ggu.weighted_effects(effects, strange)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "adopted", "share"),
    [
        ("contributiesystematiek en contributie 2019: aangenomen met 95,96 %", True, "95.96"),
        ("Aangenomen met 99.91%", True, "99.91"),
        ("motie Barendrecht beleggingsportefeuille: verworpen met 90,04 %", False, "9.96"),
        ("motie Zaanstad: verworpen met 43,02 % voor", False, "43.02"),
        ("verworpen met 60 procent tegen", False, "40"),
        ("motie: verworpen met 90.04", False, "9.96"),
        ("verworpen met 60 %; 12 stemmen voor", False, "40"),
        ("verworpen: 12 tegen, 43,02 % voor", False, "43.02"),
        ("verworpen met 43,02 % vóór", False, "43.02"),
        ("verworpen met 43,02% van de gewogen stemmen voor", False, "43.02"),
        ("statutenwijziging verworpen (60 % voor)", False, "60"),
        ("stijging van 6,1 %: aangenomen met 95,96 % op 27 juni 2018", True, "95.96"),
        ("met 99,91 procent aangenomen", True, "99.91"),
        ("GGU jaarprogramma 2019 en bijdrage: aangenomen bij acclamatie", True, None),
    ],
)
def test_published_results(text: str, adopted: bool, share: str | None) -> None:
    result = ggu.read_result(text)
    assert result.adopted is adopted
    assert result.share_for == (None if share is None else Decimal(share))


@pytest.mark.parametrize(
    "text",
    [
        "aangenomen met 12 stemmen tegen", "aangenomen met 60 stemmen voor", "aangenomen met 60 voor",
        "verworpen met 75", "aangenomen met 90,5 punten", "verworpen met 60 %, 12 leden voor 3 tegen en 4 % blanco",
        "aangehouden", "aangenomen met 120 %", "aangenomen met 43 %", "aangenomen met 60 % tegen",
        "aangenomen met -60 %",
        "verworpen met 43,02 %", "niet aangenomen", "A aangenomen met 60 %, B verworpen met 90 %",
        "aangenomen met 62 % voor en 34 % tegen", "aangenomen op 29 juni 2022", "aangenomen met 60 % voor of tegen",
        None,
    ],
)  # fmt: skip
def test_published_results_that_cannot_be(text: Any) -> None:
    with pytest.raises(ggu.InputError, match=r"outcome|would mean|may be a number of votes|single figure|not NoneType"):
        ggu.read_result(text)


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("name", ["one-each", "per-inhabitant", "steps-example"])
def test_a_scale_says_first_how_the_votes_are_spread(name, lang):
    scale = ggu.open_model(f"ballots/{name}")
    votes = sorted(scale.weights().tolist(), reverse=True)
    half = next(n for n in range(1, len(votes) + 1) if 2 * sum(votes[:n]) > sum(votes))
    answer = report_in(scale.report(), lang).answer
    marks = str.maketrans(",.", ".,") if lang == "nl" else {}
    assert f"{sum(votes):,}".translate(marks) in answer.sentence
    assert f"{half} " in answer.sentence
    share = f"{100 * votes[0] / sum(votes):.1f}%".translate(marks)
    assert [tile.value for tile in answer.tiles][:1] == ([] if name == "one-each" else [share])
    if name == "steps-example":
        assert f"{votes.count(75)} " in answer.sentence
        assert "Groningen" not in answer.sentence  # as many as others
    assert ("Amsterdam" in answer.sentence) is (name == "per-inhabitant")
    assert {"nl": "hieruit volgt geen besluit", "en": "no decision follows"}[lang] in answer.outside[0]
    one = report_in(scale.report("GM0345"), lang).answer
    own = int(scale.weights()["GM0345"])
    assert one.sentence.startswith("Veenendaal ")
    assert f"{own:,}".translate(marks) in one.sentence
    assert f" {sum(vote > own for vote in votes)} " in one.sentence
