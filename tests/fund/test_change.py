"""Why the bill changed: the causes add up to the cent in every order, and each means what it says."""

import random
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pandas as pd
import pytest
from oracles.fund import (
    Year,
    causes_in_order,
    codes_on,
    counted,
    fee_of,
    half_up,
    mean_over_orders,
    moved,
    moved_cents,
)

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError
from ggu_costs.fund.causes import FEE_CAUSES, FUND_CAUSES

MIXED = {"inhabitants": 0.8, "equal": 0.2}
HALVES = {"inhabitants": Fraction(1, 2), "equal": Fraction(1, 2)}
EIGHTY = {"inhabitants": Fraction(4, 5), "equal": Fraction(1, 5)}
TOTAL = Fraction(52_300_000)
BRACKETS = {
    2023: [(0, Fraction("1.81")), (5_000, Fraction("1.66")), (25_000, Fraction("1.43")), (200_000, Fraction("0.71"))],
    2024: [(0, Fraction("1.92")), (5_000, Fraction("1.76")), (25_000, Fraction("1.52")), (200_000, Fraction("0.75"))],
}


def fund_on(year, **changes):
    return ggu.open_model("funds/ggu/2020").with_changes(
        counting_date=f"{year}-01-01", map_date=f"{year}-01-01", **changes
    )


def january(year, **terms):
    return Year(year, f"{year}-01-01", **{"level": TOTAL, **terms})


def adds_up(change):
    return all(
        change.before[code] + sum(cents[code] for cents in change.causes.values()) == change.after[code]
        for code in change.after
    )


def orders(causes, *seeds):
    """The printed order, its reverse, and a mixed one for each seed."""
    some = [list(causes), list(reversed(causes))]
    for seed in seeds:
        mixed = list(causes)
        random.Random(seed).shuffle(mixed)  # noqa: S311 (any order will do)
        some.append(mixed)
    return some


CASES = {
    "one year, Winsum divided": (fund_on(2018), january(2018), fund_on(2019), january(2019)),
    "one year, Haaren divided": (fund_on(2020), january(2020), fund_on(2021), january(2021)),
    "seven years": (fund_on(2018), january(2018), fund_on(2025), january(2025)),
    "under a mixture": (
        fund_on(2018, key=MIXED), january(2018, key=EIGHTY), fund_on(2019, key=MIXED), january(2019, key=EIGHTY)
    ),
    "to a mixture and another total": (
        fund_on(2020), january(2020),
        fund_on(2022, key={"inhabitants": 0.5, "equal": 0.5}, total=60_000_000),
        january(2022, key=HALVES, level=Fraction(60_000_000)),
    ),
    "rate to rate": (
        fund_on(2019, rate=3), january(2019, level=Fraction(3), basis="rate"),
        fund_on(2021, rate=Decimal("3.19")), january(2021, level=Fraction("3.19"), basis="rate"),
    ),
    "budget to rate": (
        fund_on(2018), january(2018), fund_on(2019, rate=3), january(2019, level=Fraction(3), basis="rate")
    ),
    "rate to budget": (
        fund_on(2020, rate=3), january(2020, level=Fraction(3), basis="rate"),
        fund_on(2021, key=MIXED), january(2021, key=EIGHTY),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_causes_of_the_fund_follow_from_the_definition(name):
    before, first, after, last = CASES[name]
    old, new = before.contributions(), after.contributions()
    for order in orders(FUND_CAUSES, len(name)):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert dict(change.after) == dict(new.cents)
        assert dict(change.before) == moved_cents(old.cents, first.day, last.day)
        expected = causes_in_order(order, first, last)
        assert {cause: dict(cents) for cause, cents in change.causes.items()} == expected


@pytest.mark.parametrize("name", ["one year, Winsum divided", "to a mixture and another total", "budget to rate"])
def test_the_mean_over_all_orders(name):
    before, first, after, last = CASES[name]
    change = after.contributions().change_from(before.contributions(), "shapley")
    assert adds_up(change)
    idle = {"index", "activities_ended", "activities_new", "activities_running", "reserve_change", "settlement"}
    if "mixture" not in name:
        idle |= {"key"}
    active = [cause for cause in FUND_CAUSES if cause not in idle]
    expected = mean_over_orders(active, idle, first, last)
    for cause in FUND_CAUSES:
        for code, cents in change.causes[cause].items():
            exact = expected[cause][code] if cause in active else Fraction(0)
            assert abs(cents - exact) < 1 + Fraction(1, 1000)
            assert cents == 0 or cause in active
    assert "shapley" in change.provenance["causes"]


def portfolio_year(year, key=None):
    budgets = {
        "ibd": {2021: 9_000_000, 2022: 9_300_000, 2023: 9_600_000, 2024: 9_900_000, 2025: 10_200_000},
        "gegevensknooppunt": {2021: 4_000_000, 2022: 4_100_000, 2023: 4_200_000, 2024: 4_300_000, 2025: 4_400_000},
        "common-ground": {2021: 12_000_000, 2022: 13_000_000, 2023: 13_000_000, 2024: 11_000_000, 2025: 9_000_000},
        "omgevingswet": {2021: 10_000_000, 2022: 10_000_000, 2023: 8_000_000},
        "dashboards": {2021: 3_000_000, 2022: 2_000_000},
        "datalabs": {2022: 2_000_000, 2023: 4_000_000, 2024: 5_000_000, 2025: 5_000_000},
    }
    held = {name: 100 * years[year] for name, years in budgets.items() if year in years}
    reserve = {2021: 0, 2022: 500_000, 2023: 1_000_000, 2024: 500_000, 2025: 0}[year]
    index = {2021: "0", 2022: "0.02", 2023: "0.034", 2024: "0.05", 2025: "0.03"}[year]
    return january(year, level=Fraction(sum(held.values()), 100) - reserve, budgets=held, index=Fraction(index),
                   taken=100 * reserve, **({"key": key} if key else {}))  # fmt: skip


@pytest.mark.parametrize(("earlier", "later"), list(pairwise(range(2021, 2026))))
def test_causes_of_a_portfolio(portfolio, earlier, later):
    first, last = portfolio_year(earlier), portfolio_year(later)
    old, new = portfolio.contributions(earlier), portfolio.contributions(later)
    assert dict(old.cents) == first.bill()
    for order in orders(FUND_CAUSES, earlier):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert {cause: dict(cents) for cause, cents in change.causes.items()} == causes_in_order(order, first, last)


def test_what_the_causes_of_a_portfolio_amount_to(portfolio):
    change = portfolio.contributions(2022).change_from(portfolio.contributions(2021))
    national = change.national()
    assert national["index"] == 760_000  # 2 per cent of 38 million
    assert national["activities_new"] == 2_000_000  # datalabs
    assert national["activities_ended"] == 0
    assert national["activities_running"] == 38_400_000 - 38_000_000 - 760_000  # five that ran in both years
    assert national["reserve_change"] == -500_000
    assert national["correction"] == 0
    assert national["own_growth"] == -national["national_growth"] > 0
    later = portfolio.contributions(2023).change_from(portfolio.contributions(2022)).national()
    assert later["reserve_change"] == -500_000  # 1.0 million instead of 0.5
    assert later["correction"] == pytest.approx(0.034 * 500_000)  # the index counts on what was paid, after the reserve
    assert later["activities_ended"] == pytest.approx(-2_000_000 * 1.034)  # dashboards, index applied before


def test_an_activity_whose_budget_becomes_known_is_not_a_new_activity(make_fund):
    money = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "test"}

    def with_budget(budget, name="a"):
        part = {"id": name, "name": "Alfa", "part": "project", "budget": {**money, **budget}}
        return make_fund({"activities": [part]}).contributions()

    unknown, known = with_budget({"mark": "unallocated"}), with_budget({"value": 1_000_000})
    for change in (known.change_from(unknown), unknown.change_from(known)):
        assert not any(any(cents.values()) for cents in change.causes.values())
    other = with_budget({"value": 1_000_000}, "b").change_from(known).national()
    assert (other["activities_ended"], other["activities_new"]) == (-1_000_000, 1_000_000)


def test_settlement_in_the_bill_is_a_cause_of_its_own(portfolio):
    first, last = portfolio_year(2022), portfolio_year(2023, EIGHTY)
    earlier = portfolio.settle(38_500_000.07, year=2021, counting_date="2021-01-01", map_date="2022-01-01")
    later = portfolio.settle(39_000_000, year=2022, map_date="2023-01-01")
    old = portfolio.contributions(2022).including(earlier)
    new = portfolio.with_changes(key=MIXED).contributions(2023).including(later)
    first = Year(**{**vars(first), "settlement": earlier.settlement_cents})
    last = Year(**{**vars(last), "settlement": later.settlement_cents})
    for order in orders(FUND_CAUSES, 2):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert {cause: dict(cents) for cause, cents in change.causes.items()} == causes_in_order(order, first, last)
    gone = portfolio.contributions(2023).change_from(old)
    back = moved_cents(earlier.settlement_cents, "2022-01-01", "2023-01-01")
    assert dict(gone.causes["settlement"]) == {code: -cents for code, cents in back.items()}
    mean = new.change_from(old, "shapley")
    assert adds_up(mean)
    assert all(any(mean.causes[cause].values()) for cause in FUND_CAUSES if cause != "activities_new")
    assert not any(mean.causes["activities_new"].values())


def test_own_growth_is_nothing_where_the_own_figure_did_not_change():
    old, new = fund_on(2019).contributions(), fund_on(2020).contributions()
    people = {year: counted("inhabitants", year, f"{year}-01-01") for year in (2019, 2020)}
    same = [code for code in new.cents if people[2019][code] == people[2020][code]]
    assert same
    change = new.change_from(old)
    for code in same:
        assert abs(change.causes["own_growth"][code]) <= 1  # a cent of rounding
        assert change.causes["national_growth"][code] < 0  # the nation grew, so the rate fell
    national = sum(people[2020].values()) / sum(people[2019].values())
    assert change.national()["own_growth"] == pytest.approx(float(TOTAL * (national - 1)), abs=0.01)
    grown = "GM0363"
    exact = TOTAL * (people[2020][grown] - people[2019][grown]) / sum(people[2019].values()) * 100
    assert change.causes["own_growth"][grown] == pytest.approx(float(exact), abs=1)


def test_under_a_fixed_rate_the_growth_of_the_nation_does_not_matter():
    old, new = fund_on(2019, rate=3).contributions(), fund_on(2020, rate=3).contributions()
    change = new.change_from(old)
    assert not any(change.causes["national_growth"].values())
    assert change.national()["own_growth"] == 3 * (17_407_585 - 17_282_163)


def test_mergers_move_everyone_under_a_key_with_an_equal_part_only():
    for key, everyone in (({"inhabitants": 1}, False), (MIXED, True)):
        old = fund_on(2018, key=key).contributions()
        new = ggu.open_model("funds/ggu/2018").with_changes(key=key, map_date="2019-01-01").contributions()
        change = new.change_from(old)
        merged = {code for code in codes_on("2019-01-01") if code not in codes_on("2018-01-01")}
        others = [abs(cents) for code, cents in change.causes["mergers"].items() if code not in merged]
        assert sum(change.causes["mergers"].values()) == 0
        if everyone:  # 380 equal parts become 355, so each is larger; receivers that existed lose a part or two
            stayed = [code for code in codes_on("2018-01-01") if code in change.after]
            exact = TOTAL * Fraction(1, 5) * (Fraction(1, 355) - Fraction(1, 380)) * 100
            grown = [change.causes["mergers"][code] for code in stayed]
            assert sum(abs(cents - exact) <= 1 for cents in grown) > 330
        else:
            assert max(others) <= 1
        assert not any(any(change.causes[name].values()) for name in FUND_CAUSES if name not in ("mergers",))
        assert any("Winsum naar Het Hogeland" in note for note in change.notes)


def test_causes_of_the_fee_follow_from_the_definition():
    old, new = (ggu.open_model(f"fees/vng-contributie/{year}").fees() for year in (2023, 2024))
    first = january(2023, brackets=BRACKETS[2023])
    last = january(2024, brackets=BRACKETS[2024], index=Fraction("0.051"), cover=Fraction("0.01"))
    named = [cause for cause in FEE_CAUSES if cause != "merger_correction"]
    for order in orders(FEE_CAUSES, 3):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert dict(change.before) == dict(old.cents)
        expected = causes_in_order([cause for cause in order if cause in named], first, last)
        assert {cause: dict(change.causes[cause]) for cause in named} == expected
        assert not any(change.causes["merger_correction"].values())
    mean = new.change_from(old, "shapley")
    assert adds_up(mean)
    idle = {"mergers", "settlement"}
    active = [cause for cause in named if cause not in idle]
    for cause, by_code in mean_over_orders(active, idle, first, last).items():
        assert all(abs(mean.causes[cause][code] - exact) < 1.001 for code, exact in by_code.items())


def test_the_causes_of_the_fee_mean_what_they_say():
    change = (
        ggu.open_model("fees/vng-contributie/2024")
        .fees()
        .change_from(ggu.open_model("fees/vng-contributie/2023").fees())
    )
    people = counted("inhabitants", 2024, "2024-01-01")
    rates = [rate for _, rate in BRACKETS[2023]]
    code = "GM0345"
    own = fee_of(people[code], BRACKETS[2023]) - fee_of(
        counted("inhabitants", 2023, "2023-01-01")[code], BRACKETS[2023]
    )
    assert change.causes["own_growth"][code] == half_up(own * 100)
    assert change.causes["index"][code] == pytest.approx(5.1 * float(fee_of(people[code], BRACKETS[2023])), abs=1)
    assert change.causes["growth_to_cost_cover"][code] == pytest.approx(
        float(fee_of(people[code], BRACKETS[2023])), abs=1
    )
    # what the rounding of 1.81 x 1.061 to 1.92, and so on, leaves
    left = fee_of(people[code], BRACKETS[2024]) - Fraction("1.061") * fee_of(people[code], BRACKETS[2023])
    assert change.causes["tariff"][code] == pytest.approx(float(left * 100), abs=1)
    assert rates[0] * Fraction("1.061") != Fraction("1.92")


def test_a_merger_costs_the_fee_the_lost_brackets(make_fee):
    """Two times 20,000 inhabitants pay 72,000 euro; one of 40,000 pays 67,600 at the rates of 2024."""
    assert 2 * fee_of(Fraction(20_000), BRACKETS[2024]) - fee_of(Fraction(40_000), BRACKETS[2024]) == 4_400
    dates = {"counting_date": "2022-01-01", "map_date": "2022-01-01"}
    old = make_fee().with_changes(**dates).fees()
    new = make_fee().with_changes(**{**dates, "map_date": "2023-01-01"}).fees()
    change = new.change_from(old)
    people = counted("inhabitants", 2022, "2022-01-01")
    later = moved(people, "2022-01-01", "2023-01-01")
    lost = sum(fee_of(n, BRACKETS[2024]) for n in later.values())
    lost -= sum(fee_of(n, BRACKETS[2024]) for n in people.values())
    assert lost < 0
    assert change.national()["mergers"] == pytest.approx(float(lost), abs=0.02)
    assert change.national()["after"] - change.national()["before"] == pytest.approx(change.national()["mergers"])
    amsterdam = fee_of(later["GM0363"], BRACKETS[2024]) - sum(
        fee_of(people[code], BRACKETS[2024]) for code in ("GM0363", "GM0457")
    )
    assert change.causes["mergers"]["GM0363"] == half_up(amsterdam * 100)
    untouched = [code for code in people if later.get(code) == people[code]]
    assert len(untouched) > 330
    assert all(change.causes["mergers"][code] == 0 for code in untouched)


def test_one_tariff_two_years_running_still_has_a_tariff_cause(make_fee):
    """An index that the tariff did not follow is taken back by the tariff, in every order and in the mean."""
    share = {"value": 0.05, "unit": "share", "status": "estimated", "by": "test"}
    old, new = make_fee().fees(), make_fee({"fee.index": share}).fees()
    for order in (None, "shapley"):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert change.national()["index"] == pytest.approx(0.05 * change.national()["before"], rel=0.03)
        assert change.national()["tariff"] == pytest.approx(-change.national()["index"])


def test_a_column_without_figures_on_one_of_the_dates_falls_under_the_key(ggu_2020):
    old = ggu_2020.contributions()
    later = {"counting_date": "2024-01-01", "map_date": "2024-01-01"}
    new = ggu_2020.with_changes(key={"households": 0.5, "inhabitants": 0.5}, **later).contributions()
    for order in orders(FUND_CAUSES, 2):
        change = new.change_from(old, order)
        assert adds_up(change)
        assert dict(change.after) == dict(new.cents)
    assert any("Geen cijfers op beide peildata voor huishoudens" in note for note in change.notes)
    # and the other way round: a column that the new date lacks
    first = ggu_2020.with_changes(
        key={"land_area_km2": 1}, counting_date="2021-01-01", map_date="2021-01-01"
    ).contributions()
    change = ggu_2020.with_changes(counting_date="2022-01-01", map_date="2022-01-01").contributions().change_from(first)
    assert adds_up(change)
    assert sum(change.causes["key"].values()) == 0
    assert any("oppervlakte land (km²)" in note for note in change.notes)


def test_no_change(ggu_2020):
    bill = ggu_2020.contributions()
    for order in (None, "shapley"):
        change = bill.change_from(bill, order)
        assert not any(any(cents.values()) for cents in change.causes.values())


def test_the_frame_groups_and_explanation():
    change = fund_on(2019).contributions().change_from(fund_on(2018).contributions())
    frame = change.to_frame()
    assert list(frame.columns) == ["name", "before", *FUND_CAUSES, "after"]
    assert frame.index.name == "code"
    assert (frame["before"] + frame[list(FUND_CAUSES)].sum(axis=1) - frame["after"]).abs().max() < 1e-6
    assert set(frame.attrs["units"].values()) == {"EUR"}
    table = change.by("province")
    assert table["municipalities"].sum() == 355
    for name in ("before", "after", "own_growth"):
        assert table[name].sum() == pytest.approx(change.national()[name])
    assert change.by({"G4": ["GM0363"]}).attrs["total"] == []
    said = {step.label: step.value for step in change.explain("GM0363").steps}
    assert said["was"] == "€ 2.599.757,86"
    assert said["wordt"] == "€ 2.611.540,55"
    growth = ["eigen groei van inwoners", "landelijke groei van inwoners"]
    assert list(said) == ["was", *growth, "wordt"]  # and no cause that changed nothing
    assert sum(change.causes[name]["GM0363"] for name in ("own_growth", "national_growth")) == 1_178_269
    with pytest.raises(UnknownNameError, match="Winsum ended on 2019-01-01"):
        change.explain("GM0053")


def test_an_order_may_be_any_list_of_causes():
    older, newer = fund_on(2019).contributions(), fund_on(2020).contributions()
    change = newer.change_from(older)
    again = newer.change_from(older, order=change.to_frame().columns[2:-1])
    assert again.causes == change.causes


@pytest.mark.parametrize("previous", [None, pd.DataFrame({"contribution": [1.0]})])
def test_a_previous_bill_that_is_none(ggu_2020, previous):
    with pytest.raises(InputError, match=f"previous is a {type(previous).__name__}\nGive an earlier bill"):
        ggu_2020.contributions().change_from(previous)
    with pytest.raises(InputError, match="order: 5; allowed: 'shapley', or all causes"):
        ggu_2020.contributions().change_from(ggu_2020.contributions(), order=5)


def test_bad_arguments(ggu_2020, make_fund, make_fee):
    bill, fee = ggu_2020.contributions(), make_fee().fees()
    with pytest.raises(InputError, match="a fee, while this bill is a fund"):
        bill.change_from(fee)
    with pytest.raises(InputError, match="on the map of 2020-01-01, later than 2018-01-01") as caught:
        ggu.open_model("funds/ggu/2018").contributions().change_from(bill, ["index"])
    assert len(caught.value.faults) == 2
    for order in ("backwards", ["index"], [*FUND_CAUSES, "index"], [1, *FUND_CAUSES[1:]]):
        with pytest.raises(InputError, match="order: "):
            bill.change_from(bill, order)
    excl = make_fund({"fund.total.vat": "excl"}).contributions()
    with pytest.raises(InputError, match="vat 'incl', while this bill has 'excl'; allowed: one VAT state"):
        excl.change_from(bill)


def test_a_plain_rise_is_called_another_total_and_nothing_else_is_said(ggu_2020):
    old, new = ggu_2020.contributions(), ggu_2020.with_changes(total=54_300_000).contributions()
    change = new.change_from(old)
    assert change.present_frame().columns.tolist() == ["name", "before", "total_change", "after"]
    assert [step.label for step in change.explain("GM0345").steps] == ["was", "ander totaal", "wordt"]
    rated = [ggu_2020.with_changes(rate=rate).contributions() for rate in (3, 3.1)]
    steps = rated[1].change_from(rated[0]).explain("GM0345").steps
    assert [step.label for step in steps] == ["was", "ander bedrag per inwoner", "wordt"]
    same = old.change_from(old)
    assert [step.label for step in same.explain("GM0345").steps] == ["was", "wordt"]
    mixed = new.change_from(rated[0])  # from a rate to a total: that it was a rate is a cause too
    assert "correction" in mixed.present_frame().columns
