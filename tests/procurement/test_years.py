"""A case over years: by hand, against its plain twin, 19 municipalities with one that leaves, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import case_years as oracle
from oracles.procurement import day, open_case, pm, tiers, value

from ggu_costs import municipalities
from ggu_costs.catalogue import open_case as open_shipped
from ggu_costs.catalogue import read_model
from ggu_costs.errors import InputError, ModelFileError, OutsidePeriodError, UnknownNameError
from ggu_costs.modelfile.template import next_model
from ggu_costs.procurement import ProcurementCase
from tests.cases import cases

YEARS = [2024, 2025, 2026, 2027]
PEOPLE = {str(code): int(n) for code, n in municipalities(2024)["inhabitants"].items()}
CODES = sorted(PEOPLE)[:19]
BY = {"status": "estimated", "by": "test"}
SHARE = {"unit": "share", **BY}


def rate(number: float = 0.04, base: int = 2024) -> dict[str, Any]:
    return {"rate": number, "kind": "real", "base_year": base, **SHARE}


def once_for_all(codes: list[str] | None = None) -> dict[str, Any]:
    """Built once for 615,600 and 34,200 a year; each for itself 2,500 once and 200 a year; over three years."""
    everyone = sorted(PEOPLE) if codes is None else codes
    return {
        "schema": 1, "kind": "procurement", "id": "procurement/once", "title": "1x", "checked_on": "2026-11-21",
        "sources": {"own": {"title": "Eigen cijfers", "publisher": "test"}}, "years": [2024, 2025, 2026],
        "case": {
            "rule": "equal", "map_date": day("2024-01-01"), "counting_date": day("2024-01-01"),
            "vat": {"rate": value(0.21, "share"), "taxed_share": value(1, "share"),
                    "recoverable_share": value(0.5, "share")},
        },
        "participation": {"mode": "listed", "municipalities": everyone},
        "pools": [
            {"id": "build", "name": "Bouw", "once": True, "fixed": value(615_600)},
            {"id": "upkeep", "name": "Beheer", "fixed": value(34_200)},
        ],
        "alternatives": {"stand_alone": {"once": value(2_500), "fixed": value(200)}},
        "over_years": {"discount": rate(), "pools": {"build": {"term": 3, "life": 5}}},
    }  # fmt: skip


def test_once_for_342_instead_of_342_times_by_hand() -> None:
    """615,600 + 34,200 (1 + 1/1.04 + 1/1.04^2) beside 342 x (2,500 + 200 (1 + 1/1.04 + 1/1.04^2))."""
    years = open_case(once_for_all()).over_years()
    factor = 1 + 1 / 1.04 + 1 / 1.04**2
    assert years.present_value == pytest.approx(615_600 + 34_200 * factor, abs=0.005)
    assert years.net_present_value == pytest.approx(342 * (2_500 + 200 * factor) - 615_600 - 34_200 * factor, abs=0.005)
    frame = years.to_frame()
    assert frame["joint"].tolist() == [239_400.0] * 3  # 205,200 a year of what is written off
    assert frame["cash"].tolist() == [649_800.0, 34_200.0, 34_200.0]
    assert frame["saving_so_far"].tolist() == [273_600.0, 307_800.0, 342_000.0]
    assert (years.payback, years.total) == (2024, 718_200.0)
    assert years.yearly == pytest.approx(years.present_value / factor)
    assert set(years.bills()["together"][CODES]) == {2_100.0}
    # each for itself 3,077.22 in present value: 714,304.44 is met by 232.13 of them
    assert years.break_even == {"largest": 233, "smallest": 233}


def test_it_pays_back_in_the_year_in_which_savings_have_paid_for_costs() -> None:
    tables = once_for_all()
    tables["alternatives"]["stand_alone"] = {"fixed": value(1_000)}
    years = open_case(tables).over_years()
    assert years.to_frame()["saving_so_far"].tolist() == [-307_800.0, 0.0, 307_800.0]
    assert years.payback == 2025
    tables["alternatives"]["stand_alone"] = {"fixed": value(500)}
    years = open_case(tables).over_years()
    assert (years.payback, years.break_even) == (None, {"largest": None, "smallest": None})
    assert "Niet terugverdiend in 2024-2026" in " ".join(open_case(tables).report().answer.more)  # type: ignore[union-attr]


def test_cost_of_somebody_on_its_own_that_is_pm_leaves_the_saving_pm() -> None:
    tables = once_for_all(CODES)
    tables["alternatives"]["stand_alone"]["own"] = {CODES[3]: pm()}
    years = open_case(tables).over_years()
    assert years.to_frame()["saving"].isna().all()
    assert np.isnan(years.net_present_value)
    assert years.break_even == {}
    assert "niet bekend (PM)" in open_case(tables).report().answer.sentence  # type: ignore[union-attr]


def nineteen(**changed: Any) -> tuple[dict[str, Any], oracle.Case]:
    """A case of 19 municipalities as a file and as its twin has it; the third leaves after two years of four."""
    twin: oracle.Case = {
        "years": YEARS, "members": dict.fromkeys(CODES, (2024, 2027)),
        "people": {code: PEOPLE[code] for code in CODES},
        "units": {code: 40 + 7 * n for n, code in enumerate(CODES)},
        "use": {2024: Fraction(1, 2), 2025: Fraction(4, 5), 2026: Fraction(1), 2027: Fraction(1)},
        "fixed": (95_000, Fraction(2, 100)), "written_off": (612_345, 4),
        "tiers": [(0, 250), (1_000, 215), (1_700, 190)],
        "own": {code: 9_000 + 431 * n for n, code in enumerate(CODES)}, **changed,
    }  # fmt: skip
    tables = once_for_all(CODES)
    tables["years"] = YEARS
    tables["inputs"] = {"implementation": {
        "unit": "EUR", "description": "eigen invoeringskosten", "scope": "municipality", "optional": False,
        "needed_for": "eigen invoering"}}  # fmt: skip
    tables["case"]["rule"] = {"build": "inhabitants", "upkeep": "equal", "units": "volume", "own": "fixed_plus_volume"}
    tables["volumes"] = [{"id": "units", "name": "stuks",
                          "own": {code: value(n, "count") for code, n in twin["units"].items()}}]  # fmt: skip
    tables["pools"] = [
        {"id": "build", "name": "Bouw", "once": True, "fixed": value(twin["written_off"][0])},
        {"id": "upkeep", "name": "Beheer", "fixed": value(twin["fixed"][0])},
        {"id": "units", "name": "Stuks",
         "volume": {"volume": "units", "all_units": True, "tiers": tiers(*twin["tiers"])}},
        {"id": "own", "name": "Invoering", "once": True, "per_participant": {"amount": {
            **{name: part for name, part in value(0).items() if name != "value"}, "input": "implementation"}}},
    ]  # fmt: skip
    rise = float(twin["fixed"][1])
    tables["over_years"] = {
        "discount": rate(), "pools": {"build": {"term": 4, "life": 6}, "upkeep": {"index": {"wages": 1}}},
        "indices": [{"id": "wages", "name": "lonen", "rates": {str(y): rise for y in YEARS[1:]}, **SHARE}],
        "volumes": {"units": {"share": {"years": {str(y): float(part) for y, part in twin["use"].items()},
                                        **SHARE}}},
        "exit": {"rule": "declining", "bridging_years": 5, "notice_months": 12, "friction": value(2_500), **BY},
    }  # fmt: skip
    first = {code: span[0] for code, span in twin["members"].items() if span[0] > 2024}
    last = {code: span[1] for code, span in twin["members"].items() if span[1] < 2027}
    tables["over_years"] |= {"first_year": first, "last_year": last}
    return tables, twin


def with_csv(tables: dict[str, Any], twin: oracle.Case, folder: Path) -> ProcurementCase:
    """Open it with the own implementation cost from a CSV."""
    path = folder / "implementation.csv"
    path.write_text("code,value\n" + "".join(f"{code},{amount}\n" for code, amount in twin["own"].items()))
    return open_case(tables, {"implementation": path})


def check_fees(case: ProcurementCase, twin: oracle.Case, code: str, year: int) -> None:
    """Fees by every rule, and the bills of the others, are those of the twin."""
    out, fees = case.exit(code, year=year), oracle.exit_fees(twin, code, year, 250_000)
    assert out.yearly == fees.pop("yearly")
    assert {name: cents for name, cents in out.amounts.items() if name != "regulation"} == fees
    assert out.damage == fees["real_damage"]
    gone = oracle.leaving_after(twin, code, year)
    for one, bill in out.leaves.items():
        assert dict(bill) == oracle.bills(gone, one)
        assert dict(out.stays[one]) == {name: cents for name, cents in oracle.bills(twin, one).items() if name != code}
    for rule, cents in out.amounts.items():
        due = min(cents or 0, out.damage)
        assert out.due_by(rule) == due
        others = sum(sum(change.values()) for change in out.change(rule).values())
        assert others == out.damage - due >= 0  # never more than the real damage: the others never gain


def test_nineteen_municipalities_of_which_one_leaves_after_two_years_of_four(tmp_path: Path) -> None:
    stays, twin = nineteen()
    leaver = CODES[2]
    tables, left = nineteen(members={**twin["members"], leaver: (2024, 2025)})
    case = with_csv(tables, twin, tmp_path)
    years = case.over_years()
    for year in (2024, 2025):
        assert years.cents[year] == oracle.bills(left, year)
    check_fees(case, twin, leaver, 2025)
    out = case.exit(leaver, year=2025)
    assert (out.rule, str(out.notice)) == ("regulation", "2024-12-31")
    frame = years.payments()
    assert frame.loc[2026, "exit_fees"] == out.due
    closing = frame["cost"] + frame["friction"] - frame["fee_released"] - frame["step_in"] - frame["bills"]
    assert closing.round(2).tolist() == [0.0] * 4
    assert frame["fee_released"].sum() == pytest.approx(out.due)
    assert frame.loc[2027, "reserved"] == 0
    assert years.names.keys() == set(CODES)
    assert leaver not in years.cents[2026]
    shown = case.report()
    assert {"years", "bills", "exit", "exit_others", "payments"} <= shown.frames.keys()
    assert shown.frames["exit"]["due"].tolist() == [(out.due_by(rule) or 0) / 100 for rule in out.amounts]
    assert with_csv(stays, twin, tmp_path).over_years().cents[2027] == oracle.bills(twin, 2027)


spans = st.tuples(st.integers(2024, 2027), st.integers(2024, 2027)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(spans, min_size=17, max_size=17), st.integers(1, 4_000_000), st.integers(0, 16), st.data())
@cases(3)
def test_random_entries_and_exits_sum_to_the_cent(moves: list[Any], amount: int, place: int, data: Any) -> None:
    members = dict.fromkeys(CODES[:2], (2024, 2027)) | dict(zip(CODES[2:], moves, strict=True))
    tables, twin = nineteen(members=members, written_off=(amount, 4))
    case = open_case(tables, {"implementation": _series(twin)})
    years, frame = case.over_years(), case.over_years().payments()
    closing = frame["cost"] + frame["friction"] - frame["fee_released"] - frame["step_in"] - frame["bills"]
    assert closing.round(2).abs().max() == 0
    for year, split in years.splits.items():
        assert dict(zip(split.codes, split.cents.tolist(), strict=True)) == oracle.bills(twin, year)
    assert frame["fee_released"].sum().round(2) == frame["exit_fees"].sum().round(2)
    code = CODES[2 + place]
    year = data.draw(st.integers(*members[code]))
    whole = {**twin, "members": {**members, code: (members[code][0], 2027)}}
    if year < 2027:
        check_fees(case, whole, code, year)


def _series(twin: oracle.Case) -> Any:
    import pandas as pd

    return pd.Series(twin["own"], dtype=float)


def test_leaving_at_the_end_of_the_last_year_costs_nothing() -> None:
    tables, twin = nineteen()
    out = open_case(tables, {"implementation": _series(twin)}).exit(CODES[0], year=2027)
    assert (out.due, out.damage, dict(out.stays)) == (0, 0, {})


def test_joining_in_a_year_and_what_the_others_then_pay() -> None:
    tables, twin = nineteen(members=dict.fromkeys(CODES[:18], (2024, 2027)))
    tables["participation"]["municipalities"] = CODES[:18]
    tables["over_years"]["entry"] = {"once": value(10_000), "yearly": value(1_000), "years": 2, **BY}
    case = open_case(tables, {"implementation": _series(twin)})
    entry = case.entry(CODES[18], year=2026)
    joined = {**twin, "members": {**twin["members"], CODES[18]: (2026, 2027)}}
    for year in (2026, 2027):
        assert {**entry.after[year], CODES[18]: entry.bills[year]} == oracle.bills(joined, year)
        assert dict(entry.before[year]) == oracle.bills(twin, year)
    assert dict(entry.payments) == {2026: 1_000_000, 2027: 100_000, 2028: 100_000}
    assert entry.total == 12_000.0
    assert entry.least == 0.0
    planned, _ = nineteen(members=joined["members"])
    planned["over_years"]["entry"] = tables["over_years"]["entry"]
    frame = open_case(planned, {"implementation": _series(twin)}).over_years().payments()
    assert frame["step_in"].tolist() == [0, 0, 10_000, 1_000]
    assert (frame["cost"] - frame["step_in"] - frame["bills"]).round(2).tolist() == [0.0] * 4


def test_volumes_of_each_year_come_from_a_table() -> None:
    tables, twin = nineteen()
    need = {"unit": "count", "description": "stuks", "scope": "municipality", "optional": False, "needed_for": "stuks"}
    tables["inputs"] |= {f"units_{year}": need for year in YEARS}
    tables["over_years"]["volumes"]["units"] = {"tables": {str(y): {"input": f"units_{y}"} for y in YEARS}}
    import pandas as pd

    given_units = {f"units_{y}": pd.Series({c: float(n) for c, n in oracle.units(twin, y).items()}) for y in YEARS}
    case = open_case(tables, {"implementation": _series(twin), **given_units})
    assert case.over_years().cents[2025] == oracle.bills(twin, 2025)


def test_a_year_is_a_case_of_its_own() -> None:
    tables, twin = nineteen()
    case = open_case(tables, {"implementation": _series(twin)})
    assert case.at(2025).split().total_cents == sum(oracle.bills(twin, 2025).values())
    assert case.split().total_cents == sum(oracle.bills(twin, 2027).values())  # the last, unless another is asked
    assert "in 2025" in case.at(2025).title
    vat = case.at(2025).split().to_frame().loc[CODES[0]]
    assert vat["net"] == pytest.approx(vat["share"] * (1 + 0.21 / 2), abs=0.01)
    with pytest.raises(OutsidePeriodError, match="no year 2031; known: 2024, 2025, 2026, 2027"):
        case.at(2031)


def test_a_budget_holds_the_bills_net_of_what_comes_back() -> None:
    tables, twin = nineteen()
    case = open_case(tables, {"implementation": _series(twin)})
    table = case.budget(CODES[0], task_field="0.4")
    net = [case.at(year).split().to_frame().loc[CODES[0], "net"] for year in YEARS]
    assert table.loc["costs", list(map(str, YEARS))].tolist() == pytest.approx(net, abs=0.011)
    assert table.loc["one_off_cost", "2025"] == 0 < table.loc["one_off_cost", "2024"]


# uncertain take-up


def voluntary() -> dict[str, Any]:
    tables = once_for_all(CODES)
    share = {"years": {"2024": 0.2, "2025": 0.6, "2026": 0.9}, **SHARE}
    tables["participation"] |= {"mode": "voluntary", "take_up": {"share": share, "order": "largest"}}
    tables["pools"] = [
        {"id": "build", "name": "Bouw", "once": True, "fixed": value(5_000)},
        {"id": "upkeep", "name": "Beheer", "fixed": value(1_500)},
        {"id": "join", "name": "Aansluiten", "once": True, "per_participant": {"amount": value(120)}},
        {"id": "units", "name": "Stuks", "volume": {"volume": "units", "tiers": tiers((0, 0.02), (200_000, 0.01))}},
    ]
    tables["volumes"] = [{"id": "units", "name": "stuks", "column": "inhabitants", "factor": value(1, "count")}]
    factor = {"shape": "triangular", "low": 0.3, "likely": 1, "high": 1.4, "unit": "number", **BY}
    build = {"shape": "triangular", "low": 0.8, "likely": 1, "high": 2, "unit": "number", **BY}
    tables["over_years"]["uncertainty"] = {"seed": 3, "draws": 60_000, "take_up": factor, "pools": {"build": build}}
    return tables


def worth_by_hand(take_up: float, build: float) -> float:
    """Net present value of one draw."""
    order = sorted(CODES, key=lambda code: -PEOPLE[code])
    joined: set[str] = set()
    value_now = 0.0
    for place, share in enumerate((0.2, 0.6, 0.9)):
        inside = order[: int(len(order) * min(1.0, take_up * share) + 0.5)]
        volume = sum(float(PEOPLE[code]) for code in inside)
        joint = 1_500 + min(volume, 200_000) * 0.02 + max(0.0, volume - 200_000) * 0.01
        new = set(inside) - joined
        joint += 120 * len(new) + (5_000 * build if place == 0 else 0)
        value_now += (200 * len(inside) + 2_500 * len(new) - joint) / 1.04**place
        joined |= new
    return value_now


def test_uncertain_take_up_against_a_plain_twin() -> None:
    sure = open_case(voluntary()).adoption()
    random = np.random.default_rng(8)
    take_up, build = random.triangular(0.3, 1, 1.4, 40_000), random.triangular(0.8, 1, 2, 40_000)
    plain = np.array([worth_by_hand(*pair) for pair in zip(take_up, build, strict=True)])
    error = plain.std() / 200
    assert sure.mean == pytest.approx(plain.mean(), abs=5 * (error + sure.error))
    for found, share in ((sure.low, 0.05), (sure.high, 0.95)):
        near = np.quantile(plain, [share - 0.01, share + 0.01])
        assert near[0] <= found <= near[1]
    assert sure.pays == pytest.approx((plain > 0).mean(), abs=0.01)
    assert sure.stated == pytest.approx(worth_by_hand(1, 1), abs=0.01)
    assert sure.stated == pytest.approx(open_case(voluntary()).over_years().net_present_value, abs=0.02)
    assert "kans dat samen doen loont" in " ".join(open_case(voluntary()).report().answer.more)  # type: ignore[union-attr]


# what it refuses


def worse(change: Callable[[dict[str, Any]], object]) -> ModelFileError:
    tables, _ = nineteen()
    change(tables)
    with pytest.raises(ModelFileError) as caught:
        open_case(tables)
    return caught.value


def test_all_faults_of_the_years_at_once_with_their_remedy() -> None:
    def change(tables: dict[str, Any]) -> None:
        over = tables["over_years"]
        over["first_year"] = {CODES[0]: 2026, CODES[1]: 2031}
        over["last_year"] = {CODES[0]: 2025}
        over["pools"]["build"] = {"term": 5, "life": 8}
        over["pools"]["upkeep"] = {"first_year": 2030, "index": {"wagse": 1}}
        over["volumes"]["units"]["share"]["years"] = {"2024": 0.5, "2026": 1}
        tables["case"]["duration"] = value(4, "count")

    error = worse(change)
    found = {fault.where: f"{fault.found}; {fault.allowed}; {fault.remedy}" for fault in error.faults}
    assert "leaves after 2025, before it joins in 2026" in found[f"over_years.last_year.{CODES[0]}"]
    assert "2031; a year of the file: 2024 to 2027" in found[f"over_years.first_year.{CODES[1]}"]
    assert "written off until 2028, while the file ends in 2027" in found["over_years.pools.build.term"]
    assert "or write it off sooner" in found["over_years.pools.build.term"]
    assert "2030; a year of the file" in found["over_years.pools.upkeep.first_year"]
    assert "no index 'wagse'; wages" in found["over_years.pools.upkeep.index"]
    assert "no figures for 2025, 2027" in found["over_years.volumes.units"]
    assert "Leave it out" in found["case.duration"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t["over_years"]["pools"].update(build={"term": 6, "life": 5}), "written off in 6 years while it"),
        (lambda t: t["over_years"]["pools"].update(build={"term": 3}), "term without life"),
        (lambda t: t["over_years"]["pools"].update(own={"term": 2, "life": 2}), "a term with per_participant"),
        (lambda t: t["over_years"]["pools"].update(rent={"first_year": 2024}), "no 'rent'"),
        (lambda t: t["over_years"]["indices"][0]["rates"].pop("2026"), "no rate for 2026"),
        (lambda t: t["over_years"]["volumes"]["units"]["share"]["years"].update({"2024": 0}), "start later"),
        (lambda t: t["over_years"].update(last_year=dict.fromkeys(CODES, 2026)), "nobody takes part in 2027"),
        (lambda t: t["over_years"].update(last_year={"GM0363": 2026}), "takes no part"),
        (lambda t: t["over_years"]["pools"].pop("build") and t["over_years"]["exit"].update(rule="book_value"),
         "book_value, and nothing is written off"),
        (lambda t: t["over_years"].update(uncertainty={"seed": 1, "pools": {"upkeep": {
            "low": 1, "likely": 2, "high": 1.5, "unit": "number", **BY}}}), "from low to high"),
        (lambda t: t["over_years"].update(uncertainty={"seed": 1, "pools": {"upkeep": {
            "low": 1, "likely": 1, "high": 1.5, "unit": "number", **BY}}}), "participation 'voluntary'"),
        (lambda t: t["pools"][2].update(once=True), "once with volume in a case over years"),
        (lambda t: t["over_years"]["discount"].update(rate=4), "4 per cent is 0.04"),
    ],
)  # fmt: skip
def test_bad_input_is_named(change: Callable[[dict[str, Any]], object], message: str) -> None:
    assert message in str(worse(change))


def test_what_cannot_be_asked_is_refused() -> None:
    tables, twin = nineteen()
    case = open_case(tables, {"implementation": _series(twin)})
    with pytest.raises(OutsidePeriodError, match="2031 is no year that can be asked; known: 2024 to 2027"):
        case.exit(CODES[0], year=2031)
    with pytest.raises(UnknownNameError, match="participant in 2025"):
        case.exit("GM0363", year=2025)
    with pytest.raises(UnknownNameError, match="rule for leaving"):
        case.exit(CODES[0], year=2025, rule="decling")  # type: ignore[call-overload]
    with pytest.raises(InputError, match="takes part in 2026 already"):
        case.entry(CODES[0], year=2026)
    with pytest.raises(InputError, match=r"(?s)says nothing of its years.*over_years"):
        open_shipped("procurement/example-ibd").exit("GM0363", year=2024)
    with pytest.raises(InputError, match="states nothing that is uncertain"):
        case.adoption()


def test_a_new_case_over_years_starts_in_the_year_that_is_asked() -> None:
    raw = read_model("procurement/example-region-years")
    made = next_model(raw, "procurement/region-2027")
    assert "years = [\n    2027,\n    2028,\n    2029,\n    2030,\n]" in made.text
    assert "GM0119 = 2028" in made.text
    assert "base_year = 2027" in made.text
    assert next_model(raw, "procurement/region").text.count("2026") > 3  # the same years, unless another is asked
