"""Settlement on what a year really cost, and what happens with money that was not spent."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.fund import Year, codes_on, hamilton, moved_cents, vat_of

import ggu_costs as ggu
from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError

TOTAL = Fraction(52_300_000)


@cases(20)
@given(actual=st.integers(0, 10**10))
def test_settlement_is_final_minus_advance_for_everyone_and_in_total(actual):
    fund = ggu.open_model("funds/ggu/2020")
    settled = fund.settle(Decimal(actual) / 100)
    advance = fund.contributions()
    final = Year(2020, "2020-01-01", Fraction(actual, 100)).bill()
    assert dict(settled.advance) == dict(advance.cents)
    assert dict(settled.final) == final
    assert settled.settlement_cents == {code: final[code] - advance.cents[code] for code in final}
    assert round(settled.total * 100) == actual - 5_230_000_000


def test_the_frame_and_the_explanation(ggu_2020):
    settled = ggu_2020.settle(51_000_000)
    frame = settled.to_frame()
    assert list(frame.columns) == ["name", "advance", "final", "settlement"]
    assert (frame["final"] - frame["advance"] - frame["settlement"]).abs().max() < 1e-6
    assert settled.total == -1_300_000
    assert frame.attrs["total"] == ["advance", "final", "settlement"]
    assert set(settled.provenance) == {"advance", "final"}
    assert settled.provenance["final"]["changes"][0] == "total = 51000000"
    said = {step.label: step.value for step in settled.explain("GM0363").steps}
    assert said["voorschot"] == "€ 2.622.143,80"
    assert said["afrekening"].startswith("- €")
    assert settled.title == "Fonds GGU 2020: afrekening 2020"
    with pytest.raises(UnknownNameError, match="GM9999"):
        settled.explain("GM9999")


def test_numbers_from_numpy_and_bad_ones(ggu_2020):
    assert ggu_2020.settle(np.float64(51e6)).settlement_cents == ggu_2020.settle(51_000_000).settlement_cents
    for actual in (float("nan"), -1, 10.005, None):
        with pytest.raises(InputError, match="total"):
            ggu_2020.settle(actual)


def test_by_default_the_count_of_the_advance_holds(ggu_2020):
    fund = ggu_2020.with_changes(counting_date="2019-01-01")
    settled = fund.settle(52_300_000)
    assert not any(settled.settlement_cents.values())
    other = fund.settle(52_300_000, counting_date="2020-01-01")
    assert any(other.settlement_cents.values())
    assert sum(other.settlement_cents.values()) == 0
    final = ggu_2020.contributions().cents
    assert dict(other.final) == dict(final)


def test_advances_go_to_the_legal_successors(ggu_2020):
    settled = ggu_2020.settle(53_000_000, counting_date="2021-01-01", map_date="2021-01-01")
    advance = ggu_2020.contributions()
    assert list(settled.final) == codes_on("2021-01-01")
    assert dict(settled.advance) == moved_cents(advance.cents, "2020-01-01", "2021-01-01")
    assert dict(settled.final) == Year(2021, "2021-01-01", Fraction(53_000_000)).bill()
    assert sum(settled.advance.values()) == 5_230_000_000
    assert "Voorschotten van opgeheven gemeenten zijn bij de rechtsopvolger geteld." in settled.notes
    with pytest.raises(UnknownNameError, match="Haaren ended on 2021-01-01"):
        settled.explain("GM0788")
    with pytest.raises(InputError, match="lies after map_date 2019-01-01"):
        ggu_2020.settle(53_000_000, map_date="2019-01-01")
    with pytest.raises(OutsidePeriodError, match="map_date 2031-01-01"):
        ggu_2020.settle(53_000_000, map_date="2031-01-01")


def test_a_rate_is_settled_on_the_real_total(ggu_2020):
    settled = ggu_2020.with_changes(rate=3).settle(52_000_000)
    assert settled.total == 52_000_000 - 52_222_755


def test_a_settlement_goes_into_the_next_bill():
    earlier, later = (ggu.open_model(f"funds/ggu/{year}") for year in (2019, 2020))
    settled = earlier.settle(50_000_000, map_date="2020-01-01")
    bill = later.contributions()
    both = bill.including(settled)
    assert both.total == 50_000_000
    frame = both.to_frame()
    assert (frame["contribution"] - frame["settlement"] - bill.to_frame()["contribution"]).abs().max() < 1e-6
    assert (frame["ratio"] == bill.to_frame()["ratio"]).all()
    assert both.national()["settlement"] == -2_300_000
    assert "Inclusief Fonds GGU 2019: afrekening 2019." in both.notes
    assert both.provenance["settlement"]["final"]["model"] == "funds/ggu/2019"
    assert "afrekening" in str(both.explain("GM0363"))
    assert bill.settlement is None
    with pytest.raises(InputError, match="holds a settlement already"):
        both.including(settled)
    with pytest.raises(InputError, match=r"another municipal map than this bill\n.*map_date='2020-01-01'"):
        bill.including(ggu.open_model("funds/ggu/2018").settle(50_000_000))


def test_a_refund_is_pro_rata_to_what_was_paid_and_a_credit_with_vat(make_fund):
    fund = make_fund(data={"taxed_share": 1})
    back = fund.underspend(123_456.78, policy="refund")
    paid = fund.contributions().cents
    expected = hamilton(12_345_678, {code: Fraction(cents) for code, cents in paid.items()})
    assert dict(back.attributed) == expected
    frame = back.to_frame()
    assert list(frame.columns) == ["name", "paid", "attributed", "refund", "vat"]
    assert (frame["refund"] == frame["attributed"]).all()
    for code, cents in expected.items():
        assert round(frame.loc[code, "vat"] * 100) == vat_of(cents, Decimal("0.21"), Decimal(1), Decimal(0))[1]
    assert back.where()["amount"].to_dict() == {"teruggave aan gemeenten": 123_456.78}
    said = {step.label: step.value for step in back.explain("GM0363").steps}
    assert said["teruggave"] == said["deel in de onderbesteding"] != "€ 0,00"


@pytest.mark.parametrize("policy", ["carry_forward", "reserve"])
def test_other_policies_keep_the_money_but_show_whose_it_is(ggu_2020, policy):
    kept = ggu_2020.underspend(1_000_000, policy=policy)
    frame = kept.to_frame()
    assert (frame["refund"] == 0).all()
    assert frame["attributed"].sum() == pytest.approx(1_000_000)
    assert kept.where()["amount"].sum() == 1_000_000
    assert frame["vat"].isna().all()
    assert kept.provenance["policy"] == policy
    assert "€ 0,00" in str(kept.explain("GM0363"))
    with pytest.raises(UnknownNameError, match="municipality in this underspend"):
        kept.explain("GM9999")


def test_earmarks_of_the_file(portfolio):
    marked = portfolio.underspend(year=2021)
    assert marked.policy == "earmark"
    assert marked.amount == 195_000_000
    assert marked.where()["amount"].to_dict() == {"Common Ground": 1_170_000.0, "Digitale identiteit": 780_000.0}
    assert marked.where().attrs["illustrative"]
    other = portfolio.underspend(Decimal("0.01"), year=2021)
    assert sum(other.purposes.values()) == 1
    assert list(other.purposes) == ["Common Ground", "Digitale identiteit"]
    assert portfolio.underspend(policy="refund", year=2021).to_frame()["refund"].sum() == pytest.approx(1_950_000)


def test_nothing_paid_and_nothing_left(ggu_2020):
    nothing = ggu_2020.with_changes(total=0).underspend(0, policy="refund")
    assert not any(nothing.attributed.values())
    assert ggu_2020.underspend(52_300_000, policy="refund").attributed == ggu_2020.contributions().cents


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "states no underspend of 2020"), ({"amount": 1}, "states no underspend of 2020"),
        ({"amount": 52_300_000.01, "policy": "refund"}, r"lies outside 0 to the 52300000\.00 that was paid"),
        ({"amount": -1, "policy": "refund"}, r"underspend of -1\.00 euro lies outside"),
        ({"amount": float("nan"), "policy": "refund"}, "the underspend is nan"),
        ({"amount": 0.001, "policy": "refund"}, r"the underspend is 0\.001"),
        ({"amount": 1, "policy": "earmark"}, "names no earmarks for 2020"),
    ],
)  # fmt: skip
def test_bad_arguments(ggu_2020, arguments, words):
    with pytest.raises(InputError, match=words):
        ggu_2020.underspend(**arguments)


def test_an_unknown_policy_names_those_there_are(ggu_2020):
    with pytest.raises(UnknownNameError, match="Did you mean 'refund'") as caught:
        ggu_2020.underspend(1, policy="refunds")
    assert caught.value.allowed == ("carry_forward", "refund", "earmark", "reserve")
