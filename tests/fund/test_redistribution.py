"""Another key: effects that add up to zero to the cent; totals and maps that differ; bills side by side."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import assume, given
from hypothesis import strategies as st
from oracles.fund import codes_on, hamilton, moved_cents

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError
from ggu_costs.words.messages import message

MIXED = {"inhabitants": 0.8, "equal": 0.2}
CODES = list(ggu.members("2020-01-01")[:39])


def euros_by_code(cents):
    return pd.Series([amount / 100 for amount in cents], index=CODES[: len(cents)], dtype=float)


@pytest.fixture(scope="module")
def effect(ggu_2020):
    return ggu.redistribution(ggu_2020.contributions(), ggu_2020.with_changes(key=MIXED).contributions())


def test_effects_of_another_key_add_up_to_zero(effect):
    assert sum(effect.redistribution.values()) == 0
    assert sum(cents > 0 for cents in effect.redistribution.values()) > 200
    frame = effect.to_frame()
    assert list(frame.columns) == [
        "name", "inhabitants", "before", "after", "difference", "redistribution", "per_inhabitant_before",
        "per_inhabitant_after",
    ]  # fmt: skip
    assert frame.loc["GM0363", "name"] == "Amsterdam"
    assert frame.loc["GM0363", "difference"] == pytest.approx(2_127_179.83 - 2_622_143.80)
    assert (frame["before"] + frame["difference"] - frame["after"]).abs().max() < 1e-6
    assert (frame["difference"] == frame["redistribution"]).all()
    for side in ("before", "after"):
        assert (frame[f"per_inhabitant_{side}"] - frame[side] / frame["inhabitants"]).abs().max() < 1e-12
    assert frame.attrs["units"] == {
        **dict.fromkeys(("before", "after", "difference", "redistribution"), "EUR"),
        **dict.fromkeys(("per_inhabitant_before", "per_inhabitant_after"), "EUR/inhabitant"),
    }  # fmt: skip


@pytest.mark.parametrize("other", [{"equal": 1}, {"equal": 0.5, "inhabitants": 0.5}, {"inhabitants": 1}])
@pytest.mark.parametrize("year", [2018, 2021, 2024])
def test_any_two_keys_at_equal_totals(ggu_2020, year, other):
    fund = ggu_2020.with_changes(counting_date=f"{year}-01-01", map_date=f"{year}-01-01", total=Decimal("52299999.99"))
    effect = ggu.redistribution(fund.contributions(), fund.with_changes(key=other).contributions())
    assert sum(effect.redistribution.values()) == 0
    assert not any(effect.other_total.values())


def test_the_habit_of_the_gemeentefonds_turns_the_sign_by_name(effect):
    costs, habit = effect.to_frame(), effect.to_frame(sign="gemeentefonds")
    for name in ("difference", "redistribution"):
        assert (habit[name] == -costs[name]).all()
    for name in ("before", "after", "per_inhabitant_before", "per_inhabitant_after"):
        assert (habit[name] == costs[name]).all()
    assert (costs.attrs["sign"], habit.attrs["sign"]) == ("costs", "gemeentefonds")
    with pytest.raises(UnknownNameError, match="unknown sign 'plus'"):
        effect.to_frame(sign="plus")


def test_groups(effect):
    table = effect.by("size_class")
    assert table["municipalities"].sum() == 355
    assert table["difference"].sum() == pytest.approx(0, abs=1e-6)
    assert table["pay_more"].sum() == sum(cents > 0 for cents in effect.redistribution.values())
    assert table["pay_less"].sum() == sum(cents < 0 for cents in effect.redistribution.values())
    rise = (table["per_inhabitant_after"] - table["per_inhabitant_before"]) * table["inhabitants"]
    assert (rise - table["difference"]).abs().max() < 1e-6
    assert table.loc[1, "difference"] > 0 > table.loc[8, "difference"]
    assert table.attrs["total"]
    assert effect.by({"one": ["GM0363", "GM0345"], "two": ["GM0363"]}).attrs["total"] == []
    assert effect.by({"G4": ["GM0363"]}).attrs["total"] == []
    bare = ggu.redistribution(euros_by_code([100, 300]), euros_by_code([200, 200]))
    with pytest.raises(InputError, match=r"groups need the date.*\n.*map_date="):
        bare.by("province")


def test_explanation(effect):
    said = {step.label: step.value for step in effect.explain("GM0363").steps}
    assert said == {
        "was": "€ 2.622.143,80", "wordt": "€ 2.127.179,83", "verschil, meer (+) / minder (-)": "- € 494.963,97",
        "herverdeeleffect (bij gelijk totaal)": "- € 494.963,97", "per inwoner, was": "€ 3,00",
        "per inwoner, wordt": "€ 2,44",
    }  # fmt: skip
    with pytest.raises(UnknownNameError, match="unknown municipality in this comparison 'GM0001'"):
        effect.explain("GM0001")


def test_provenance_and_title(effect, ggu_2020):
    assert effect.provenance["before"]["changes"] == []
    assert effect.provenance["after"]["changes"] == ["key = 0.8 inhabitants + 0.2 equal"]
    changed = "Fonds GGU 2020 (verdeelsleutel 80% inwoners + 20% gelijk deel): bijdrage"
    assert effect.title == f"{changed} ten opzichte van Fonds GGU 2020: bijdrage"
    assert len(effect.notes) == len(set(effect.notes))


def test_unequal_totals_must_be_said(ggu_2020):
    old, new = ggu_2020.contributions(), ggu_2020.with_changes(total=60_000_000, key=MIXED).contributions()
    with pytest.raises(InputError, match=r'totals differ: 52300000\.00 before, 60000000\.00 after.*\n.*total="scale"'):
        ggu.redistribution(old, new)
    effect = ggu.redistribution(old, new, total="scale")
    assert sum(effect.other_total.values()) == 770_000_000
    assert sum(effect.redistribution.values()) == 0
    scaled = hamilton(6_000_000_000, {code: Fraction(cents) for code, cents in old.cents.items()})
    for code in old.cents:
        assert effect.before[code] + effect.other_total[code] == scaled[code]
        assert effect.before[code] + effect.other_total[code] + effect.redistribution[code] == new.cents[code]
    assert message("other_total_apart") in effect.notes
    assert "other_total" in effect.to_frame()
    assert "effect van het andere totaal" in str(effect.explain("GM0363"))
    with pytest.raises(UnknownNameError, match="unknown way to compare totals 'schaal'"):
        ggu.redistribution(old, new, total="schaal")


def test_unequal_maps_must_be_said():
    old, new = (ggu.open_model(f"funds/ggu/{year}").contributions() for year in (2018, 2020))
    with pytest.raises(InputError, match=r"sets of municipalities differ(.|\n)*only before: 34: GM0005(.|\n)*scale"):
        ggu.redistribution(old, new)
    effect = ggu.redistribution(old, new, total="scale")
    assert dict(effect.before) == moved_cents(old.cents, "2018-01-01", "2020-01-01")
    assert "Bedragen van voorgangers zijn bij de rechtsopvolger geteld." in effect.notes
    back = ggu.redistribution(new, old, total="scale")  # both on the later map, whichever comes first
    assert {code: -cents for code, cents in back.redistribution.items()} == dict(effect.redistribution)
    assert float(back.inhabitants["GM1966"]) == pytest.approx(48_081.65, abs=0.01)  # of 2018, carried
    later = ggu.redistribution(old, new, map_date="2022-01-01")
    assert list(later.redistribution) == codes_on("2022-01-01")
    assert sum(later.redistribution.values()) == 0
    series = pd.Series(new.values, index=new.codes)
    with pytest.raises(InputError, match="Give amounts for the same municipalities"):
        ggu.redistribution(old, series, total="scale")


def test_bill_allocation_and_series_meet_by_code(ggu_2020):
    bill = ggu_2020.contributions()
    allocation = ggu.allocate(52_300_000.0, ggu.inhabitants_on("2020-01-01"))
    effect = ggu.redistribution(allocation, bill)
    assert not any(effect.redistribution.values())
    mixed = ggu.allocate(52_300_000.0, pd.Series(1.0, index=bill.codes))
    other = ggu.redistribution(bill, mixed)
    assert other.map_date is not None
    assert other.by("province")["difference"].sum() == pytest.approx(0, abs=1e-6)
    assert other.to_frame()["inhabitants"].sum() == 17_407_585
    own = ggu.redistribution(
        euros_by_code([100, 300]), euros_by_code([200, 200]), inhabitants=pd.Series({"GM0003": 10, "GM0010": 0})
    )
    assert own.to_frame()["per_inhabitant_after"].tolist()[0] == 0.2
    assert pd.isna(own.to_frame()["per_inhabitant_after"].tolist()[1])
    assert own.title == "herverdeeleffect (bij gelijk totaal)"
    named = ggu.redistribution(
        pd.Series({"GM0363": 1.0, "GM0345": 2.0}), pd.Series({"GM0345": 1.0, "GM0363": 2.0}), map_date="2020-01-01"
    )
    assert named.to_frame()["name"].tolist() == ["Veenendaal", "Amsterdam"]
    assert named.by("province").loc["Utrecht", "difference"] == -1


def test_other_participants():
    before = pd.Series({"WS:Rijnland": 10.0, "GM0363": 5.0})
    assert dict(ggu.redistribution(before, before[::-1]).effect) == {"GM0363": 0, "WS:Rijnland": 0}


@pytest.mark.parametrize(
    ("amounts", "words"),
    [
        (pd.Series({"GM0003": float("nan"), "GM0010": 1.0}), "before of GM0003: nan; allowed: a finite amount"),
        (pd.Series({"GM0003": None, "GM0010": 1.0}), "before of GM0003"),
        (pd.Series({"GM0003": "1,00", "GM0010": 1.0}), "before of GM0003: '1,00'"),
        (pd.Series({"GM0003": np.inf, "GM0010": 1.0}), "before of GM0003: inf"),
        (pd.Series({"GM0003": 0.005, "GM0010": 1.0}), r"before of GM0003: 0\.005; allowed: .*whole cents"),
        (pd.Series([1.0, 1.0], index=["Amsterdam", "GM0010"]), "before of Amsterdam: not a code.*Join on code"),
        (pd.Series([1.0, 1.0], index=["GM0010", "GM0010"]), "before of GM0010: there twice; allowed: each code once"),
        (pd.Series([1.0, 1.0]), "before of 0: not a code"),
        (pd.DataFrame({"a": [1.0]}, index=["GM0003"]), "a DataFrame without amounts by code"),
        ([1.0, 2.0], "a list without amounts by code"),
        (ggu.allocate(2.0, [1.0, 1.0]), "without amounts by code"),
        (ggu.open_model("funds/ggu/2020"), "a Fund without amounts by code; allowed: a bill"),
    ],
)
def test_amounts_that_cannot_be_compared(amounts, words):
    with pytest.raises(InputError, match=words):
        ggu.redistribution(amounts, euros_by_code([100, 100]))


def test_labels_are_codes_of_the_day_or_of_any_day():
    fine = pd.Series({"GM0363": 1.0, "GM0345": 2.0})
    with pytest.raises(InputError, match="before of GM9999: no municipality has this code; allowed: codes of 2018"):
        ggu.redistribution(fine.rename({"GM0363": "GM9999"}), fine.rename({"GM0363": "GM9999"}))
    ended = fine.rename({"GM0345": "GM0788"})  # Haaren, until 2021
    plain = ggu.redistribution(ended, ended)
    assert plain.effect == {"GM0363": 0, "GM0788": 0}
    assert [step.value for step in plain.explain("GM0788").steps] == ["€ 2,00", "€ 2,00", "€ 0,00", "€ 0,00"]
    with pytest.raises(UnknownNameError, match="unknown municipality in this comparison 'GM0344'"):
        plain.explain("GM0344")
    with pytest.raises(InputError, match="before GM0788: Haaren ended on 2021-01-01"):
        ggu.redistribution(ended, ended, map_date="2022-01-01")
    people = pd.Series([1.0, 2.0, 3.0, 4.0], index=["GM0363", "GM0345", "GM0345", "Utrecht"])
    with pytest.raises(InputError, match=r"inhabitants of GM0345: there twice(.|\n)*of Utrecht: not a code"):
        ggu.redistribution(fine, fine, inhabitants=people)
    with pytest.raises(InputError, match=r"inhabitants GM0345: 2 times(.|\n)*inhabitants Utrecht: a name instead"):
        ggu.redistribution(fine, fine, inhabitants=people, map_date="2020-01-01")


def test_a_fund_and_a_fee_are_not_compared(ggu_2020, make_fee):
    with pytest.raises(InputError, match="before, after: a fee and a fund; allowed: bills of one kind"):
        ggu.redistribution(make_fee().fees(), ggu_2020.contributions(), total="scale")


def test_an_amount_of_numpy_is_written_as_a_number():
    with pytest.raises(InputError, match=r"before of GM0363: 1\.005; allowed: a finite amount"):
        ggu.redistribution(pd.Series({"GM0363": 1.005}), pd.Series({"GM0363": 1.0}))


def test_other_bad_arguments(make_fund):
    fine = euros_by_code([100, 100])
    with pytest.raises(InputError, match=r"inhabitants of GM0003: nan(.|\n)*inhabitants of GM0010: -1"):
        ggu.redistribution(fine, fine, inhabitants=pd.Series({"GM0003": float("nan"), "GM0010": -1.0}))
    with pytest.raises(OutsidePeriodError, match="map_date 2030-01-01"):
        ggu.redistribution(fine, fine, map_date="2030-01-01")
    with pytest.raises(InputError, match="total before is 0 and cannot be scaled"):
        ggu.redistribution(euros_by_code([0, 0]), fine, total="scale")
    incl, excl = make_fund().contributions(), make_fund({"fund.total.vat": "excl"}).contributions()
    with pytest.raises(InputError, match="vat 'incl' and 'excl'; allowed: amounts in one VAT state"):
        ggu.redistribution(incl, excl)


cents_lists = st.lists(st.integers(-10_000, 1_000_000), min_size=2, max_size=12)


@cases(200)
@given(first=cents_lists, data=st.data())
def test_scaling_keeps_both_sums_for_any_amounts(first, data):
    last = data.draw(st.lists(st.integers(-10_000, 1_000_000), min_size=len(first), max_size=len(first)))
    assume(sum(first) != 0)
    effect = ggu.redistribution(euros_by_code(first), euros_by_code(last), total="scale")
    assert sum(effect.redistribution.values()) == 0
    assert sum(effect.other_total.values()) == sum(last) - sum(first)
    ratio = Fraction(sum(last), sum(first))
    for code, amount in zip(CODES, first, strict=False):
        assert abs(effect.before[code] + effect.other_total[code] - amount * ratio) < 1
        assert effect.after[code] == effect.before[code] + effect.other_total[code] + effect.redistribution[code]


def test_scaling_credits_mirrors_scaling_amounts():
    """A ratio below 0 or amounts below 0 follow the same largest remainders."""
    for first in ([100, 300, 7], [-100, -300, -7]):
        for last in ([10, 20, 13], [-10, -20, -13]):
            effect = ggu.redistribution(euros_by_code(first), euros_by_code(last), total="scale")
            sign = 1 if sum(last) > 0 else -1
            weights = {code: Fraction(abs(cents)) for code, cents in zip(CODES, first, strict=False)}
            scaled = {code: effect.before[code] + effect.other_total[code] for code in weights}
            assert scaled == {code: sign * cents for code, cents in hamilton(43, weights).items()}


def test_two_bills_side_by_side(ggu_2020):
    current, proposal = ggu_2020.contributions(), ggu_2020.with_changes(key=MIXED).contributions()
    comparison = ggu.compare(current, proposal)
    frame = comparison.to_frame()
    assert list(frame.columns) == [
        "name", "inhabitants", "a", "b", "difference_b", "redistribution_b", "per_inhabitant_a", "per_inhabitant_b",
        "per_inhabitant_change_b",
    ]  # fmt: skip
    becomes_minus_was = frame["per_inhabitant_b"] - frame["per_inhabitant_a"]
    assert frame["per_inhabitant_change_b"].to_numpy() == pytest.approx(becomes_minus_was.to_numpy(), abs=1e-8)
    assert frame["difference_b"].sum() == pytest.approx(0, abs=1e-6)
    assert comparison.summary() == (
        ("totaal a: Fonds GGU 2020: bijdrage", 52_300_000.0, "EUR"),
        ("totaal b: Fonds GGU 2020 (verdeelsleutel 80% inwoners + 20% gelijk deel): bijdrage", 52_300_000.0, "EUR"),
        ("difference_b", 0.0, "EUR"),
    )
    assert comparison.notes[0] == "a: Fonds GGU 2020: bijdrage"
    assert set(comparison.provenance) == {"a", "b"}
    same = ggu_2020.compare(ggu_2020.with_changes(key=MIXED))
    pd.testing.assert_frame_equal(same.to_frame(), frame)


def test_three_bills_on_three_maps_and_totals():
    bills = [ggu.open_model(f"funds/ggu/{year}").contributions() for year in (2018, 2019)]
    amendment = ggu.open_model("funds/ggu/2020").with_changes(
        total=Decimal("53000000.01"), counting_date="2021-01-01", map_date="2021-01-01"
    )
    comparison = ggu.compare(*bills, amendment.contributions())
    frame = comparison.to_frame()
    assert list(frame.index) == codes_on("2021-01-01")
    assert not frame.isna().any(axis=None)
    assert frame["inhabitants"].sum() == 17_475_415
    for letter, day, bill in (("a", "2018-01-01", bills[0]), ("b", "2019-01-01", bills[1])):
        carried = moved_cents(bill.cents, day, "2021-01-01")
        assert (frame[letter] * 100).round().astype(int).to_dict() == carried
    assert (frame["a"] + frame["difference_b"] - frame["b"]).abs().max() < 1e-6
    assert "other_total_b" not in frame
    assert (frame["other_total_c"] + frame["redistribution_c"] - frame["difference_c"]).abs().max() < 1e-6
    assert (frame["a"] + frame["difference_c"] - frame["c"]).abs().max() < 1e-6
    assert frame["other_total_c"].sum() == pytest.approx(700_000.01)
    said = {step.label: step.value for step in comparison.explain("GM0363").steps}
    assert said["a"] == "€ 2.599.757,86"
    with pytest.raises(UnknownNameError, match="Haaren ended on 2021-01-01"):
        comparison.explain("GM0788")
    turned = ggu.compare(amendment.contributions(), *bills).to_frame()
    assert (turned["a"] == frame["c"]).all()
    assert (turned["b"] == frame["a"]).all()


def test_fees_side_by_side():
    old, new = (ggu.open_model(f"fees/vng-contributie/{year}") for year in (2023, 2024))
    frame = old.compare(new).to_frame()
    assert frame["b"].sum() - frame["a"].sum() == pytest.approx(frame["other_total_b"].sum())


def test_what_is_not_compared(ggu_2020, make_fee):
    bill = ggu_2020.contributions()
    for bills, words in (
        ((bill,), "1 bills to compare"), ((bill,) * 4, "4 bills to compare"),
        ((bill, make_fee().fees()), "a fund and a fee are not compared"), ((ggu_2020, bill), "a Fund to compare"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            ggu.compare(*bills)
