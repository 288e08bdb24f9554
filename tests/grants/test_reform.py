from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import grants as oracle

import ggu_costs as ggu
from ggu_costs.display.language import report_in
from ggu_costs.words.messages import say

SEPTEMBER = "grants/gemeentefonds/septembercirculaire-2024/2025"
BY_PEOPLE = {"amount": 100_000_000, "by": "maatstaf:inwo"}


@pytest.fixture(scope="module")
def grant() -> Any:
    return ggu.open_grant(SEPTEMBER)


def twin(grant: Any, **asked: Any) -> dict[str, Fraction]:
    said = grant.definition
    return oracle.reformed(said.weights.text, said.volumes.text, "1.457", said.outside_factor, **asked)


def test_a_top_slice_falls_by_the_base(grant: Any) -> None:
    sliced = grant.with_changes(top_slice=100_000_000)
    assert round(float(sliced.factor), 10) == 1.4537062715
    change = grant.compare(sliced).to_frame()["grants_change"]
    assert {code: change[code] for code in ("GM0363", "GM0345", "GM0088")} == {
        "GM0363": -7_020_237.47,
        "GM0345": -368_861.47,
        "GM0088": -11_373.55,
    }
    assert sliced.amounts().general_sums.by_code == twin(grant, top_slice="100000000")
    assert "uitname van € 100.000.000" in sliced.title
    assert any("1,4537062715" in note for note in sliced.amounts().notes)
    assert grant.amounts().general_sums.total - sliced.amounts().general_sums.total == 100_000_000


def test_a_top_slice_returned_by_inhabitants(grant: Any) -> None:
    returned = grant.with_changes(top_slice=100_000_000, tasks=BY_PEOPLE)
    exact = twin(grant, top_slice="100000000", tasks=(("100000000", "inwo"),))
    assert returned.amounts().general_sums.by_code == exact
    effect = ggu.redistribution(grant.amounts(), returned.amounts())
    assert sum(effect.difference.values()) == 0
    nation = effect.by("size_class")[["receive_more", "receive_less"]].sum()
    assert nation.tolist() == [257, 85]
    assert round(sum(cents for cents in effect.difference.values() if cents > 0) / 100) == 7_009_984
    rates = {code: float(after - before) for code, (before, after) in effect.rates.items()}
    assert [round(rates[code], 2) for code in ("GM0312", "GM0096", "GM0088")] == [1.85, -5.71, -6.06]
    before = grant.amounts().general_sums.by_code
    assert all(abs(effect.difference[code] - 100 * (exact[code] - before[code])) < 1 for code in exact)


def test_a_redistribution_of_what_is_received_is_phased_in(grant: Any) -> None:
    effect = ggu.redistribution(grant.amounts(), grant.with_changes(top_slice=100_000_000, tasks=BY_PEOPLE).amounts())
    path = effect.phase_in(1.5, years=5)
    people = effect.inhabitants
    for year, cents in enumerate(path.yearly, 1):
        assert sum(cents.values()) == 0
        assert all(cents[code] >= -150 * year * people[code] - Fraction(1, 2) for code in cents)
        assert all((cents[code] < 0) == (effect.redistribution[code] < 0) or not cents[code] for code in cents)
    assert path.reaches_full
    assert [path.yearly[year]["GM0088"] for year in range(5)] == [
        oracle.half_up(-Fraction(3, 2) * year * people["GM0088"]) if year < 5 else effect.redistribution["GM0088"]
        for year in range(1, 6)
    ]
    summary = path.summary()
    assert summary["moved"].iloc[-1] == pytest.approx(7_009_984, abs=1)
    assert summary["residual"].iloc[-1] == 0
    frame = effect.to_frame()
    assert frame["difference"]["GM0088"] < 0
    assert effect.to_frame(sign="costs")["difference"]["GM0088"] > 0


def test_other_totals_ask_to_be_scaled(grant: Any) -> None:
    sliced = grant.with_changes(top_slice=100_000_000)
    with pytest.raises(ggu.InputError, match="the totals differ"):
        ggu.redistribution(grant.amounts(), sliced.amounts())
    effect = ggu.redistribution(grant.amounts(), sliced.amounts(), total="scale")
    assert sum(effect.redistribution.values()) == 0
    with pytest.raises(ggu.InputError, match="what is received and what is paid"):
        ggu.redistribution(grant.amounts(), pd.Series({"GM0363": 1.0}))


def test_what_units_of_2026_are_worth(grant: Any) -> None:
    of_2026 = grant.with_changes(
        factor=1.491, weights={"woonr": 11.55, "inwo": 374.88, "bo3_nw": 5136.70, "woonrbfk": 52.99}
    ).amounts()
    factor = Fraction("1.491")
    for units, expected in (
        ({"woonr": 1, "inwo": 1.93}, factor * (Fraction("11.55") + Fraction("1.93") * Fraction("374.88"))),
        ({"bo3_nw": 1}, factor * Fraction("5136.70")),
    ):
        assert sum(of_2026.worth(units).exact.values()) == expected
    dwelling = {"woonr": 1, "inwo": 1.93}
    assert round(of_2026.worth(dwelling).total, 2) == 1_095.99
    # exactly 1,174.9950744: the 1,174.99 of the notes on the circulaire is cut off, not rounded
    assert of_2026.worth({**dwelling, "woonrbfk": 1}).total == pytest.approx(1_174.9950744, abs=1e-9)
    assert round(of_2026.worth({**dwelling, "woonrbfk": 1.92}).total, 2) == 1_247.68
    assert any("bodemfactor" in note and "79,01" in note for note in of_2026.worth(dwelling).notes)
    assert any("WOZ" in note for note in of_2026.worth(dwelling).notes)
    client = of_2026.worth({"bo3_nw": 1})
    assert round(client.total, 2) == 7_658.82
    assert any("drie jaar" in note for note in client.notes)
    assert any("BUIG" in note for note in client.notes)
    assert client.to_frame()["amount"].sum() == pytest.approx(client.total)
    with pytest.raises(ggu.InputError) as error:
        of_2026.worth({"inwoners": 1, "woonr": "veel"})
    assert [fault.where for fault in error.value.faults] == ["units.inwoners", "units.woonr"]


@cases(8)
@given(
    st.decimals(-5_000_000, 5_000_000, places=2),
    st.lists(st.tuples(st.integers(-(10**8), 10**8), st.sampled_from(["inwo", "woonr", "jong"])), max_size=3),
)
def test_any_change_is_that_of_the_plain_twin(top_slice: Decimal, tasks: list[tuple[int, str]]) -> None:
    grant = ggu.open_grant(SEPTEMBER)
    changed = grant.with_changes(
        top_slice=top_slice, tasks=[{"amount": amount, "by": f"maatstaf:{name}"} for amount, name in tasks] or None
    )
    exact = twin(grant, top_slice=str(top_slice), tasks=tuple((str(amount), name) for amount, name in tasks))
    amounts = changed.amounts()
    assert amounts.general_sums.by_code == exact
    cells = amounts.cells("cluster")
    assert {code: sum(part[code] for part in cells.values()) for code in amounts.codes} == amounts.general_cents


def test_a_total_fixes_the_factor_and_a_mix_shares_a_task(grant: Any) -> None:
    amounts = grant.with_changes(total=40_000_000_000).amounts()
    assert amounts.general_sums.total == 40_000_000_000
    mixed = {"amount": 60_000_000, "by": {"cluster:Bestuur en ondersteuning": 0.5, "base": 0.25, "maatstaf:inwo": 0.25}}
    changed = grant.with_changes(total=40_000_000_000, tasks=mixed)
    assert changed.amounts().general_sums.total == 40_000_000_000
    added = grant.with_changes(tasks=mixed).amounts()
    before = grant.amounts()
    assert added.general_sums.total - before.general_sums.total == 60_000_000
    keys = {by: before.key(by) for by in mixed["by"]}  # type: ignore[attr-defined]
    for code in ("GM0014", "GM0377"):
        shares = sum(
            60_000_000 * Fraction(str(share)) * keys[by][code] / sum(keys[by].values())
            for by, share in mixed["by"].items()  # type: ignore[attr-defined]
        )
        assert added.general_sums.by_code[code] - before.general_sums.by_code[code] == shares
    change = grant.compare(grant.with_changes(tasks=BY_PEOPLE))
    assert change.national()["tasks_changed"] == pytest.approx(100_000_000, abs=2)
    assert change.national()["weights_changed"] == 0
    assert any("Taakmutaties" in note for note in change.notes)


def test_weights_and_volumes_change_and_changes_add_up(grant: Any) -> None:
    volumes = {"inwo": {"GM0345": 70_000}, "woonr": pd.Series({"GM0345": 30_000.5})}
    changed = grant.with_changes(volumes=volumes).with_changes(weights={"inwo": {"Bestuur en ondersteuning": 200}})
    amounts = changed.amounts()
    tables, before = changed.tables, grant.tables
    assert tables.volumes["inwo"]["GM0345"] == 70_000
    difference = Fraction(200) - Fraction(before.clusters["Bestuur en ondersteuning"]["inwo"])
    assert tables.weights["inwo"] == Fraction(before.weights["inwo"]) + difference
    change = grant.compare(changed)
    for code in amounts.codes:
        assert sum(cents[code] for cents in change.causes.values()) == (
            amounts.columns["grants"][code] - grant.amounts().columns["grants"][code]
        )
    assert change.causes["volumes_changed"]["GM0363"] == 0
    assert change.causes["volumes_changed"]["GM0345"] != 0
    assert len(changed.state.words) == 2
    own = grant.with_changes(weights={"inwo": 380}).amounts().breakdown("cluster")
    assert own["amount"].iloc[-1] == pytest.approx(1.457 * (380 - 374.52) * 18_130_127, rel=1e-6)


@pytest.mark.parametrize(
    ("by", "amounts"),
    [("base", (91_515.95, 638_001.44)), ("amount", (80_163.02, 664_910.56))],
)
def test_a_hundred_million_by_base_and_by_amount(grant: Any, by: str, amounts: tuple[float, float]) -> None:
    key = grant.amounts().key(by)
    whole = sum(key.values())
    assert [round(float(key[code] / whole * 100_000_000), 2) for code in ("GM0377", "GM0917")] == list(amounts)


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("cluster:Overige eigen middelen", "below 0"),
        ("cluster:Onroerendezaakbelasting", "below 0"),
        ("maatstaf:WOZwe80", "a deduction"),
        ("cluster:Bestuur", "no cluster"),
        ("maatstaf:inwoners", "no maatstaf"),
        ("bas", "bas"),
        (3, "3"),
    ],
)
def test_what_is_no_key_is_refused(grant: Any, by: Any, found: str) -> None:
    with pytest.raises(ggu.InputError, match="this key cannot be used") as error:
        grant.amounts().key(by)
    assert found in error.value.faults[0].found


def test_every_fault_of_a_change_is_named(grant: Any) -> None:
    with pytest.raises(ggu.InputError) as error:
        grant.with_changes(
            weights={"inwonr": 3, "inwo": "veel", "woonr": {"Jeugd": 1}},
            volumes={"inwo": {"GM0345": -1, "GM9999": 3}, "x": 3},
            factor=0, total=1, top_slice=3,
            tasks=[{"amount": None, "by": {"base": 0.5}}, {"by": "base"}, {"amount": 1, "by": "amount"}],
        )  # fmt: skip
    where = {fault.where for fault in error.value.faults}
    assert where == {
        "weights.inwonr", "weights.inwo", "weights.woonr.Jeugd", "volumes.inwo.GM0345", "volumes.inwo.GM9999",
        "volumes.x", "factor", "total, top_slice", "tasks[0].amount", "tasks[0].by", "tasks[1]", "tasks[2].by",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "nothing to change"),
        ({"factor": 1.4, "total": 4e10}, "both given"),
        ({"total": -1e10}, "a factor of -"),
        ({"top_slice": 9e10}, "a factor of -"),
        ({"tasks": 3}, "3"),
        ({"weights": {}}, ""),
        ({"weights": {"inwo": -1e6}}, "uitkeringsbasis"),
    ],
)
def test_changes_that_cannot_be_are_refused(grant: Any, asked: dict[str, Any], found: str) -> None:
    with pytest.raises(ggu.InputError, match="this change cannot be made") as error:
        grant.with_changes(**asked)
    assert any(found in fault.found for fault in error.value.faults)


def test_a_change_answers_first_in_both_languages(grant: Any) -> None:
    report = grant.compare(grant.with_changes(top_slice=100_000_000, tasks=BY_PEOPLE)).report()
    assert report.answer is not None
    for lang, part in (("nl", "257"), ("en", "257")):
        assert part in report_in(report, lang).answer.sentence
    title = say(grant.with_changes(tasks=BY_PEOPLE).title, "en")
    assert "task mutation of +€100,000,000, shared by the measure" in title


def test_many_reforms_are_each_of_them(grant: Any) -> None:
    asked = {"factor": [1.457, 1.46, 1.4], "inwo": [374.52, 380.0, 370.1], "WOZwe80": [-0.000914, -0.001, -0.0009]}
    slices = [0.0, 1e8, -5e7]
    made = grant.reforms(
        factor=asked["factor"], weights={name: asked[name] for name in ("inwo", "WOZwe80")}, top_slice=slices
    )
    before = grant.amounts().general_sums.by_code
    for place in range(3):
        changed = grant.with_changes(
            factor=asked["factor"][place],
            weights={name: asked[name][place] for name in ("inwo", "WOZwe80")},
            top_slice=slices[place],
        )
        exact = changed.amounts().general_sums.by_code
        assert made.factor[place] == pytest.approx(float(changed.factor), abs=1e-14)
        effects = [float(exact[code] - before[code]) for code in before]
        assert made.effects[place].tolist() == pytest.approx(effects, abs=1e-5)
    groups = made.by("province")
    assert groups.to_numpy().sum(axis=1).tolist() == pytest.approx(made.to_frame()["general_change"].tolist())
    assert made.to_frame()["receive_more"][1] + made.to_frame()["receive_less"][1] == 342


def test_faults_of_many_reforms_are_named_at_once(grant: Any) -> None:
    with pytest.raises(ggu.InputError) as error:
        grant.reforms(factor=[1.4, "veel"], weights={"inwoners": [1.0]}, top_slice=[1.0, 2.0, 3.0])
    where = [fault.where for fault in error.value.faults]
    assert "weights.inwoners" in where
    assert "reforms" in where
    assert any(place.startswith("factor") for place in where)
    with pytest.raises(ggu.InputError, match="nothing to change"):
        grant.reforms()


def reform_file(**reform: Any) -> dict[str, Any]:
    return {
        "schema": 1, "kind": "grant", "id": "grants/own", "title": "Uitname en terug", "base": SEPTEMBER,
        "checked_on": date(2026, 11, 30),
        "changes": [{"key": "reform", "set": {"status": "estimated", "by": "the tests", **reform}}],
    }  # fmt: skip


def test_a_reform_in_a_file_is_that_of_python(grant: Any) -> None:
    own = ggu.open_grant(reform_file(top_slice=100_000_000, tasks=[BY_PEOPLE], weights={"woonr": 12}))
    made = grant.with_changes(top_slice=100_000_000, tasks=BY_PEOPLE, weights={"woonr": 12})
    assert own.amounts().columns == made.amounts().columns
    assert own.title == "Uitname en terug"
    assert "uitname van € 100.000.000; taakmutatie" in own.amounts().notes[0]
    again = own.with_changes(factor=1.5)
    assert again.factor == Fraction("1.5")
    assert len(again.state.words) == 4
    change = grant.compare(own)
    assert change.national()["tasks_changed"] == pytest.approx(100_000_000, abs=2)


def test_a_comparison_says_what_moves_at_an_equal_total(grant: Any) -> None:
    report = grant.compare(ggu.open_grant(reform_file(top_slice=100_000_000, tasks=[BY_PEOPLE]))).report()
    assert report.answer is not None
    assert "verschuift er € 7.009.984" in report.answer.sentence
    assert [tile.value for tile in report.answer.tiles] == ["- € 6,06", "+ € 1,85"]
    assert report.map == ("comparison", "general_change_per_inhabitant")
    same = grant.compare(grant.with_changes(factor=1.457)).report()
    assert same.answer is not None
    assert "voor iedere gemeente gelijk" in same.answer.sentence


def test_faults_of_a_reform_in_a_file_are_those_of_the_file() -> None:
    with pytest.raises(ggu.ModelFileError) as error:
        ggu.open_grant(reform_file(total=1, factor=1.4, tasks=[{"amount": 1, "by": "amount"}]))
    assert {fault.where for fault in error.value.faults} == {"reform.total, factor", "reform.tasks[0].by"}
    with pytest.raises(ggu.ModelFileError, match="reform"):
        ggu.open_grant(reform_file(topslice=1))
