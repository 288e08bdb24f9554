"""The bill: columns, VAT to the cent, offset, groups, and how an amount is explained."""

import math
import pickle
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.fund import Year, codes_on, counted, vat_of

import ggu_costs as ggu
from ggu_costs.errors import InputError, MissingInputError, OutsidePeriodError, UnknownNameError
from ggu_costs.modelfile.vat import Vat
from ggu_costs.words.messages import message

COLUMNS = ["name", "inhabitants", "contribution", "per_inhabitant", "vat", "recoverable_vat", "net", "metric", "ratio",
           "method"]  # fmt: skip
PEOPLE = ggu.inhabitants_on("2020-01-01")


def lines(explanation):
    return {step.label: step.value for step in explanation.steps}


def test_columns_units_and_what_is_not_known(ggu_2020):
    frame = ggu_2020.contributions().to_frame()
    assert list(frame.columns) == COLUMNS
    assert frame.index.name == "code"
    assert list(frame.index) == codes_on("2020-01-01")
    assert frame[["vat", "recoverable_vat", "net"]].isna().all(axis=None)
    assert frame["metric"].unique().tolist() == ["inhabitants"]
    assert frame["method"].unique().tolist() == ["proportional"]
    assert math.fsum(frame["ratio"]) == pytest.approx(1)
    assert frame.attrs["units"]["contribution"] == "EUR"
    assert frame.attrs["units"]["per_inhabitant"] == "EUR/inhabitant"
    assert {"vat", "recoverable_vat", "net"} <= set(frame.attrs["pm"])
    assert not frame.attrs["illustrative"]
    names = ggu.municipalities(2020)["name"]
    assert (frame["name"] == names).all()


def test_a_fee_has_the_same_columns_under_its_own_name(make_fee):
    bill = make_fee().fees()
    assert list(bill.to_frame().columns) == ["fee" if name == "contribution" else name for name in COLUMNS]
    assert bill.column == "fee"
    assert bill.rule == "marginal"
    assert bill.to_frame()["ratio"].sum() == pytest.approx(1)
    assert (bill.to_frame()["vat"] == 0).all()  # the brackets say: no VAT
    assert not any("BTW" in note or "PM" in note for note in bill.notes)


def test_the_frame_is_a_copy_and_the_result_is_frozen(ggu_2020):
    bill = ggu_2020.contributions()
    frame = bill.to_frame()
    frame.loc["GM0363", "contribution"] = 0.0
    assert bill.to_frame().loc["GM0363", "contribution"] == 2_622_143.80
    with pytest.raises(AttributeError):
        bill.cents = {}
    with pytest.raises(AttributeError):
        bill.terms.level = 0
    other = ggu_2020.with_changes(key={"equal": 1}).contributions()
    effect = ggu.redistribution(bill, other)
    path = effect.phase_in(1, 2)
    change, settled = other.change_from(bill), ggu_2020.settle(50_000_000)
    held = [
        bill.cents,
        effect.redistribution,
        path.yearly[0],
        path.full,
        change.causes,
        change.causes["key"],
        settled.final,
    ]
    for mapping in (*held, ggu_2020.underspend(5, "refund").attributed):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["GM0345"] = 0
    assert repr(bill.cents).startswith("{'GM0003': ")
    for result in (effect, path, change, settled):
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 (our own bytes)


def test_vat_is_rounded_once(ggu_2020):
    """Each VAT is the cent nearest to the exact one: amount × taxed share × 21/121."""
    bill = ggu.open_model("funds/ggu/2020", data={"taxed_share": 0.8, "recoverable_share": 0.9}).contributions()
    vat = bill.to_frame()["vat"]
    for code, cents in bill.cents.items():
        assert abs(round(vat[code] * 100) - Fraction(cents * 8 * 21, 10 * 121)) <= Fraction(1, 2)


def test_the_same_bill_twice_is_the_same_and_survives_a_process_border(ggu_2020):
    first, second = ggu_2020.contributions(), ggu.open_model("funds/ggu/2020").contributions()
    assert first == second
    assert pickle.loads(pickle.dumps(first)) == first  # noqa: S301 (our own bytes)
    pd.testing.assert_frame_equal(first.to_frame(), second.to_frame())


def test_provenance_names_everything_and_no_clock(ggu_2020):
    bill = ggu_2020.with_changes(total=50_000_000).contributions()
    said = bill.provenance
    assert said["model"] == "funds/ggu/2020"
    assert said["library"] == f"ggu_costs {ggu.__version__}"
    assert len(said["files"]["funds/ggu/2020"]) == 64
    assert said["changes"] == ["total = 50000000"]
    assert (said["year"], said["map_date"], said["counting_date"]) == (2020, "2020-01-01", "2020-01-01")
    assert not any("time" in name for name in said)


def test_vat_of_everyone_with_a_national_share(make_fund):
    bill = make_fund(data={"taxed_share": 0.8, "recoverable_share": 0.75}).contributions()
    frame = bill.to_frame()
    for code, cents in bill.cents.items():
        expected = vat_of(cents, Decimal("0.21"), Decimal("0.8"), Decimal("0.75"))
        found = frame.loc[code, ["excluding_vat", "vat", "recoverable_vat", "net"]]
        assert [round(amount * 100) for amount in found] == list(expected)
    assert (frame["excluding_vat"] + frame["vat"]).round(2).equals(frame["contribution"])
    assert message("bcf") in bill.notes
    national = bill.national()
    assert national["contribution"] == 1_000_000.00
    for name in ("vat", "recoverable_vat", "net", "excluding_vat"):
        assert national[name] == round(math.fsum(frame[name]), 2)
    assert set(frame.attrs["total"]) >= {"inhabitants", "contribution", "vat", "recoverable_vat", "net"}
    stated = {"fund.vat.recoverable_share": {"unit": "share", "status": "estimated", "by": "test", "value": 0.75},
              "inputs.recoverable_share": None}  # fmt: skip
    assert make_fund(stated, {"taxed_share": 0.8}).contributions().to_frame().equals(frame)


def test_own_recoverable_shares(make_fund):
    shares = pd.Series(0.5, index=PEOPLE.index)
    shares["GM0363"] = 0.9
    frame = make_fund(data={"taxed_share": 1, "recoverable_share": shares}).contributions().to_frame()
    assert frame.loc["GM0363", "recoverable_vat"] == pytest.approx(0.9 * frame.loc["GM0363", "vat"], abs=0.005)
    assert frame.loc["GM0345", "recoverable_vat"] == pytest.approx(0.5 * frame.loc["GM0345", "vat"], abs=0.005)


def test_vat_on_top_of_the_amount(make_fund):
    data = {"taxed_share": 1, "recoverable_share": 0.75}
    bill = make_fund({"fund.total.vat": "excl"}, data).contributions()
    frame = bill.to_frame()
    for code, cents in bill.cents.items():
        _, tax, back, net = vat_of(cents, Decimal("0.21"), Decimal(1), Decimal("0.75"), includes=False)
        found = frame.loc[code, ["including_vat", "vat", "recoverable_vat", "net"]]
        assert [round(amount * 100) for amount in found] == [cents + tax, tax, back, net]
    assert "excluding_vat" not in frame
    assert lines(bill.explain("GM0363"))["inclusief btw"].startswith("€ ")


@pytest.mark.parametrize(
    ("state", "data", "words", "known"),
    [
        ("unknown", {"taxed_share": 1, "recoverable_share": 1}, "of het bedrag btw bevat", []),
        ("incl", {"recoverable_share": 1}, "het belaste deel is niet bekend", []),
        ("incl", {"taxed_share": 1}, "het compensabele deel is niet bekend", ["vat", "excluding_vat"]),
        ("excl", {}, "het belaste deel is niet bekend", []),
        ("none", {}, "", ["vat", "recoverable_vat", "net"]),
    ],
)
def test_what_is_unknown_is_pm_and_the_notes_say_why(make_fund, state, data, words, known):
    bill = make_fund({"fund.total.vat": state}, data).contributions()
    frame = bill.to_frame()
    for name in ("excluding_vat", "including_vat", "vat", "recoverable_vat", "net"):
        if name in frame:
            assert frame[name].notna().all() == (name in known)
            assert frame[name].isna().any() == (name not in known)
    assert any(words in note for note in bill.notes)
    assert message("bcf") not in bill.notes
    assert math.isnan(bill.national()["net"]) == (state != "none")
    assert (lines(bill.explain("GM0363"))["netto na BCF"] == "PM") == (state != "none")


@cases(200)
@given(
    cents=st.integers(-(10**9), 10**10),
    rate=st.decimals("0", "1", places=2),
    taxed=st.decimals("0", "1", places=3),
    back=st.decimals("0", "1", places=3),
    state=st.sampled_from(["incl", "excl"]),
)
def test_excluding_plus_vat_is_including_to_the_cent(cents, rate, taxed, back, state):
    split = Vat(state, rate, taxed, {"GM0363": back}).split(cents, "GM0363")
    without, tax, recoverable, net = vat_of(cents, rate, taxed, back, includes=state == "incl")
    assert (split.vat, split.recoverable, split.net) == (tax, recoverable, net)
    assert split.invoice == without + tax
    assert abs(split.recoverable) <= abs(split.vat)


def test_offset_is_shown_apart_and_does_not_change_the_invoice(make_fund):
    offset = (PEOPLE * 0.05).round(2)
    data = {"taxed_share": 1, "recoverable_share": 1, "offset": offset}
    frame = make_fund(data=data).contributions().to_frame()
    assert frame["offset"].equals(offset.astype(float).rename("offset"))
    assert (frame["net_after_offset"] - (frame["net"] - frame["offset"])).abs().max() < 1e-9
    assert frame["contribution"].sum() == pytest.approx(1_000_000)
    said = lines(make_fund(data=data).contributions().explain("GM0363"))
    assert said["via het gemeentefonds ontvangen"] == "€ 43.637,85"
    assert said["netto na BCF en gemeentefonds"].startswith("- € ")
    unknown = make_fund(data={"offset": offset}).contributions()
    assert unknown.to_frame()["net_after_offset"].isna().all()
    assert lines(unknown.explain("GM0363"))["netto na BCF en gemeentefonds"] == "PM"


def test_inputs_on_the_map_of_the_file_are_carried_to_a_later_map(make_fund):
    shares = pd.Series(0.5, index=PEOPLE.index)
    shares["GM0457"] = 1.0  # Weesp, into Amsterdam on 24 March 2022
    offset = pd.Series(100.01, index=PEOPLE.index)
    fund = make_fund(data={"taxed_share": 1, "recoverable_share": shares, "offset": offset})
    bill = fund.with_changes(map_date="2022-03-24").contributions()
    frame = bill.to_frame()
    carried = [note for note in bill.notes if "overgebracht" in note]
    figures = ["Inwoners", "Compensabel deel", "Via het gemeentefonds ontvangen"]
    assert [note.split(" van ")[0] for note in carried] == figures
    assert carried[1].startswith("Compensabel deel van 1 januari 2020 overgebracht bij herindeling, gewogen naar inwo")
    assert all(note.endswith("Weesp naar Amsterdam.") for note in carried)
    assert not any("overgebracht" in note for note in fund.contributions().notes)
    assert frame["offset"].sum() == pytest.approx(355 * 100.01)
    assert frame.loc["GM0363", "offset"] == 200.02
    weesp, amsterdam = PEOPLE["GM0457"], PEOPLE["GM0363"]
    mean = (weesp + 0.5 * amsterdam) / (weesp + amsterdam)
    assert frame.loc["GM0363", "recoverable_vat"] == pytest.approx(mean * frame.loc["GM0363", "vat"], abs=0.01)
    with pytest.raises(InputError, match="these are not the municipalities of 2018-01-01"):
        fund.with_changes(map_date="2018-01-01", counting_date="2018-01-01").contributions()


def test_an_offset_that_is_not_whole_cents_is_refused(make_fund):
    with pytest.raises(InputError, match=r"offset.*not.* whole"):
        make_fund(data={"offset": pd.Series(0.005, index=PEOPLE.index)}).contributions()


def test_required_input_that_is_missing(make_fund):
    changes = {"inputs.taxed_share": {"unit": "share", "description": "belast deel"}}
    with pytest.raises(MissingInputError, match="taxed_share"):
        make_fund(changes).contributions()
    changes = {"inputs.recoverable_share": {"unit": "share", "description": "deel", "scope": "either"}}
    with pytest.raises(MissingInputError, match="recoverable_share"):
        make_fund(changes, {"taxed_share": 1}).contributions()


def test_an_input_as_total_must_be_whole_cents(make_fund):
    changes = {
        "inputs.total": {"unit": "EUR", "description": "totaal"}, "fund.total.value": None, "fund.total.input": "total"
    }  # fmt: skip
    assert make_fund(changes, {"total": 1234.5}).contributions().total_cents == 123_450
    with pytest.raises(InputError, match=r"total.*1234\.567.*not.* whole"):
        make_fund(changes, {"total": 1234.567}).contributions()


def test_groups_add_up_to_the_bill(ggu_2020):
    bill = ggu_2020.contributions()
    for column in ("size_class", "province"):
        table = bill.by(column)
        assert table["municipalities"].sum() == 355
        assert table["contribution"].sum() == pytest.approx(52_300_000)
        assert table["inhabitants"].sum() == 17_407_585
        assert (table["per_inhabitant"] - table["contribution"] / table["inhabitants"]).abs().max() < 1e-12
        assert table.attrs["total"]
    own = bill.by({"G4": ["GM0363", "GM0599", "GM0518", "GM0344"]})
    assert own.loc["G4", "municipalities"] == 4
    assert own.attrs["total"] == []  # the rest is left out, so the sum of the groups is no total
    both = bill.by({"a": ["GM0363", "GM0345"], "b": ["GM0363"]})
    assert both.attrs["total"] == []


def test_own_groups_may_have_the_name_of_a_column(ggu_2020):
    bill = ggu_2020.contributions()
    quarters = pd.qcut(bill.to_frame()["contribution"], 4)
    table = bill.by(quarters)
    assert (table.index.name, list(table.columns)) == (
        "contribution", ["municipalities", "inhabitants", "contribution", "per_inhabitant"],
    )  # fmt: skip
    assert table["contribution"].sum() == pytest.approx(bill.total)


def test_explanation_of_a_budget(ggu_2020):
    explanation = ggu_2020.contributions().explain("GM0363")
    said = lines(explanation)
    assert said["inwoners"] == "872.757"
    assert said["totaal"] == "€ 52.300.000,00"
    assert said["verdeelsleutel: 100% naar inwoners"] == "872.757 van 17.407.585"
    assert said["aandeel vóór afronding"] == "€ 2.622.143,801107"
    assert said["bijdrage"] == "€ 2.622.143,80"
    assert said["btw"] == said["netto na BCF"] == "PM"
    assert "naar rato, inclusief btw" in str(explanation)
    assert str(explanation) == repr(explanation)
    frame = explanation.to_frame()
    assert list(frame.columns) == ["step", "value", "basis"]
    assert len(frame) == len(explanation.steps)
    assert "<table>" in explanation._repr_html_()


def test_explanation_of_a_mixture_and_of_a_rate(ggu_2020):
    mixed = ggu_2020.with_changes(key={"inhabitants": 0.875, "equal": 0.125}).contributions()
    said = lines(mixed.explain("GM0088"))
    assert said["verdeelsleutel: 87,5% naar inwoners"] == "947 van 17.407.585"
    assert said["verdeelsleutel: 12,5% naar gelijk deel"] == "1 van 355"
    assert mixed.metric == "0.875 inhabitants + 0.125 equal"
    rate = ggu_2020.with_changes(rate=Decimal("3.0045")).contributions()
    assert lines(rate.explain("GM0088"))["tarief"] == "€ 3,0045 per inwoner"
    assert rate.rule == "rate"
    assert "€ 3,0045 per inwoner" in rate.title
    assert "gewijzigd door de gebruiker" in str(rate.explain("GM0088"))


def test_explanation_where_municipalities_merged_after_the_count(ggu_2020):
    bill = ggu_2020.with_changes(map_date="2021-01-01").contributions()
    said = lines(bill.explain("GM0855"))  # Tilburg received part of Haaren
    people = counted("inhabitants", 2020, "2020-01-01")
    assert said["inwoners van Tilburg (GM0855)"] == f"{int(people['GM0855']):,}".replace(",", ".")
    assert said["inwoners van Haaren (GM0788)"].endswith("% van 14.370")
    assert any("Haaren naar Tilburg" in note for note in bill.notes)
    assert not any("inwoners van" in label for label in lines(bill.explain("GM0363")))


def test_explanation_of_a_portfolio(portfolio):
    said = lines(portfolio.contributions(2022).explain("GM0345"))
    assert said["begroting van 6 activiteiten"] == "€ 40.400.000,00"
    assert said["onttrekking aan de reserve"] == "€ 500.000,00"
    assert said["totaal"] == "€ 39.900.000,00"
    assert "onttrekking aan de reserve" not in lines(portfolio.contributions(2021).explain("GM0345"))


def test_explanation_of_both_readings_of_a_tariff(make_fee):
    said = lines(make_fee().fees().explain("GM0345"))  # 66,493 inhabitants
    assert said["schijf vanaf 0 tot 5.000"] == "5.000 × € 1,92 = € 9.600,00"
    assert said["schijf vanaf 5.000 tot 25.000"] == "20.000 × € 1,76 = € 35.200,00"
    assert said["schijf vanaf 25.000 tot 200.000"] == "41.493 × € 1,52 = € 63.069,36"
    assert said["contributie"] == "€ 107.869,36"
    said = lines(make_fee({"fee.mode": "whole_class"}).fees().explain("GM0345"))
    assert said["schijf vanaf 25.000 tot 200.000"] == "66.493 × € 1,52 = € 101.069,36"
    assert len([label for label in said if label.startswith("schijf")]) == 1
    said = lines(make_fee({"fee.mode": "whole_class"}).fees().explain("GM0363"))
    assert said["schijf vanaf 200.000"] == "872.757 × € 0,75 = € 654.567,75"


def test_a_code_that_is_not_there_is_explained(ggu_2020):
    bill = ggu_2020.with_changes(counting_date="2022-01-01", map_date="2022-03-24").contributions()
    with pytest.raises(UnknownNameError, match="Weesp ended on 2022-03-24, into GM0363 Amsterdam"):
        bill.explain("GM0457")
    with pytest.raises(UnknownNameError, match=r"a name instead of a code\. Use GM0345"):
        bill.explain("Veenendaal")


def test_marks_in_the_portfolio_are_named(make_fund):
    part = {"part": "project", "budget": {"unit": "EUR", "vat": "incl", "price_level": "current",
            "status": "estimated", "by": "test"}}  # fmt: skip
    activities = [
        {"id": "a", "name": "Alfa", **part, "budget": {**part["budget"], "value": 300}},
        {"id": "b", "name": "Bravo", **part, "budget": {**part["budget"], "mark": "pm"}},
        {"id": "c", "name": "Charlie", **part, "budget": {**part["budget"], "mark": "unallocated"}},
    ]
    bill = make_fund({"activities": activities}).contributions()
    assert "Exclusief PM: Bravo." in bill.notes
    assert "In het totaal, niet uitgesplitst: Charlie." in bill.notes
    alone = make_fund({"fund.total": None, "activities": activities[:2]}).contributions()
    assert alone.total == 300
    with pytest.raises(InputError, match="no budget of 2020 is known"):
        make_fund({"fund.total": None, "activities": activities[1:2]}).contributions()


def test_years(portfolio, ggu_2020):
    with pytest.raises(InputError, match=r"holds several years.*\n.*2021, 2022, 2023, 2024, 2025"):
        portfolio.contributions()
    with pytest.raises(OutsidePeriodError, match=r"no year 2026; known: 2021, 2022, 2023, 2024, 2025") as caught:
        portfolio.contributions(2026)
    assert (caught.value.asked, caught.value.known) == ("2026", "2021, 2022, 2023, 2024, 2025")
    with pytest.raises(InputError, match="year is '2020'"):
        ggu_2020.contributions("2020")
    assert portfolio.contributions(2022).title.endswith(": bijdrage 2022")
    assert ggu_2020.contributions().title == "Fonds GGU 2020: bijdrage"


def test_illustrative_values_mark_every_output(portfolio):
    bill = portfolio.contributions(2021)
    assert bill.illustrative
    assert bill.to_frame().attrs["illustrative"]
    assert "FICTIEF VOORBEELD" in bill._repr_html_()
    assert bill.by("province").attrs["illustrative"]


def test_nothing_to_pay(make_fund, make_fee):
    frame = make_fund({"fund.total.value": 0}).contributions().to_frame()
    assert (frame["contribution"] == 0).all()
    assert frame["ratio"].sum() == pytest.approx(1)
    free = make_fee({"fee.brackets.0.rate.value": 0, "fee.brackets.1.rate.value": 0,
                     "fee.brackets.2.rate.value": 0, "fee.brackets.3.rate.value": 0}).fees()  # fmt: skip
    assert (free.to_frame()["ratio"] == 0).all()


@cases(20)
@given(
    total=st.integers(0, 10**10),
    equal=st.integers(0, 100),
    land=st.integers(0, 100),
    count=st.sampled_from([2018, 2020, 2021]),
    later=st.sampled_from([0, 1, 2]),
)
def test_a_mixture_of_three_figures_follows_from_the_definition(total, equal, land, count, later):
    parts = {"inhabitants": 200 - equal - land, "equal": equal, "land_area_km2": land}
    if count != 2021:  # no land area in the other years
        parts["inhabitants"] += parts.pop("land_area_km2")
    key = {name: Fraction(part, 200) for name, part in parts.items() if part}
    day = f"{count + later}-01-01"
    bill = (
        ggu.open_model("funds/ggu/2020")
        .with_changes(total=Decimal(total) / 100, key={name: float(part) for name, part in key.items()},
                      counting_date=f"{count}-01-01", map_date=day)
        .contributions()
    )  # fmt: skip
    assert sum(bill.cents.values()) == total
    assert dict(bill.cents) == Year(count, day, Fraction(total, 100), key=key).bill()
