"""A key that follows a uitkering, in every room that divides money."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import ggu_costs as ggu
from ggu_costs.catalogue import read_model
from ggu_costs.words.messages import say

SEPTEMBER = "grants/gemeentefonds/septembercirculaire-2024/2025"
OF_2024 = "grants/gemeentefonds/septembercirculaire-2024/2024"
BY = ("base", "amount", "cluster:Orde en veiligheid", "maatstaf:inwo", "other:Participatie")
TEXT = {"status": "illustrative", "by": "the tests"}


def fund(key: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The fund of 2020 for 100 million on the map of 2025, with another key."""
    raw = deepcopy(dict(read_model("funds/ggu/2020").tables))
    raw["id"], raw["years"] = "funds/own", [2025]
    terms = raw["fund"]
    terms["total"] = {"value": Decimal(100_000_000), "unit": "EUR", "vat": "incl", "price_level": "current", **TEXT}
    for name in ("map_date", "counting_date"):
        terms[name] = {"value": terms["map_date"]["value"].replace(year=2025), "unit": "date", **TEXT}
    terms["key"] = key
    return {**raw, **more}


def programme(key: dict[str, Any], model: str = "programmes/example-digital-identity") -> dict[str, Any]:
    raw = deepcopy(dict(read_model(model).tables))
    raw["id"] = "programmes/own"
    for line in raw["lines"]:
        if line.get("instrument") == "algemene_uitkering":
            line["key"] = key
    return raw


@pytest.mark.parametrize("by", [None, *BY[:4]])
def test_a_fund_falls_by_a_uitkering(by: str | None) -> None:
    key = {"grant": SEPTEMBER} | ({"by": by} if by else {})
    opened = ggu.open_fund(fund(key))
    bill = opened.contributions()
    figures = ggu.open_grant(SEPTEMBER).amounts().key(by or "base")
    whole = sum(figures.values())
    assert sum(bill.cents.values()) == 10_000_000_000
    for code, cents in bill.cents.items():
        assert abs(cents - 10_000_000_000 * figures[code] / whole) < 1
    if by in (None, "base"):
        assert [bill.cents[code] for code in ("GM0377", "GM0917")] == [9_151_595, 63_800_144]
    if by == "amount":
        assert [bill.cents[code] for code in ("GM0377", "GM0917")] == [8_016_302, 66_491_056]
    assert SEPTEMBER in str(bill.explain("GM0377"))
    assert SEPTEMBER in opened.files
    text = "grant base of" if by in (None, "base") else SEPTEMBER
    steps = [say(step.label, "en") for step in bill.explain("GM0377").steps]
    assert any(text in step for step in steps)
    assert opened.report("GM0377").tables


def test_an_earlier_uitkering_is_carried_and_a_later_one_is_not() -> None:
    raw = fund({"grant": SEPTEMBER})
    for name in ("map_date", "counting_date"):
        raw["fund"][name]["value"] = raw["fund"][name]["value"].replace(year=2026)
    raw["years"] = [2026]
    bill = ggu.open_fund(raw).contributions()
    assert sum(bill.cents.values()) == 10_000_000_000
    raw["years"] = [2021]
    for name in ("map_date", "counting_date"):
        raw["fund"][name]["value"] = raw["fund"][name]["value"].replace(year=2021)
    with pytest.raises(ggu.InputError, match="cannot be carried back to 2021-01-01"):
        ggu.open_fund(raw).contributions()


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ({"grant": "grants/none"}, "grants/none"),
        ({"grant": "funds/ggu/2020"}, "of kind fund"),
        ({"grant": SEPTEMBER, "by": "cluster:Overige eigen middelen"}, "below 0"),
        ({"grant": SEPTEMBER, "by": "cluster:Onroerendezaakbelasting"}, "below 0"),
        ({"grant": SEPTEMBER, "by": "cluster:Ordde en veiligheid"}, "no cluster"),
        ({"grant": SEPTEMBER, "by": 3}, "''"),
        ({"grant": SEPTEMBER, "parts": {"inhabitants": 1}, **TEXT}, "grant together with parts"),
        ({**TEXT}, "no parts"),
    ],
)
def test_what_is_no_key_is_refused_with_its_place(key: dict[str, Any], found: str) -> None:
    with pytest.raises(ggu.ModelFileError) as error:
        ggu.open_fund(fund(key))
    assert any(found in fault.found and fault.where.startswith("fund.key") for fault in error.value.faults)


def test_a_compensation_through_the_factor_falls_by_the_base() -> None:
    by_base = ggu.open_programme(programme({"grant": OF_2024}))
    result = by_base.simulate(draws=256, seed=1)
    figures = ggu.open_grant(OF_2024).amounts().key("base")
    whole = sum(figures.values())
    assembly = by_base.assembly()
    paid = next(line.id for line in by_base.definition.lines if line.instrument == "algemene_uitkering")
    term = next(term for term in assembly.terms if term.name == paid)
    for code, weight in zip(assembly.units, term.weights / term.weights.sum(), strict=True):
        assert weight == pytest.approx(float(Fraction(figures[code]) / whole), rel=1e-12)
    notes = [say(note, "en") for note in result.notes]
    assert any("by the grant base of Gemeentefonds 2024, septembercirculaire 2024" in note for note in notes)
    by_people = ggu.open_programme(programme({"parts": {"inhabitants": 1}, **TEXT})).simulate(draws=256, seed=1)
    assert any("does not fall like that" in say(note, "en") for note in by_people.notes)
    nation = [made.national()["mean"].to_list() for made in (result, by_people)]
    assert nation[0] == pytest.approx(nation[1], rel=1e-9)


def test_effects_of_a_programme_are_told_as_a_share_of_the_uitkering(tmp_path: Path) -> None:
    result = ggu.open_programme(programme({"grant": OF_2024})).simulate(draws=64)
    general = ggu.open_grant(OF_2024).amounts().general_sums.by_code
    rows = result.by_municipality("structural_net")
    for code in ("GM0088", "GM0345", "GM0363"):
        assert rows["share_of_grant"][code] == pytest.approx(rows["mean"][code] / float(general[code]), rel=1e-12)
    assert "septembercirculaire 2024" in rows.attrs["notes"][-1]
    nation = rows["mean"].sum() / float(sum(general.values()))
    groups = result.by("size_class", "structural_net")
    received = {str(label): sum(float(general[code]) for code in codes) for label, codes in
                ggu.Reference.open().groups("size_class", list(general), "2024-01-01").members.items()}  # fmt: skip
    assert (groups["share_of_grant"] * [received[label] for label in groups.index]).sum() == pytest.approx(
        nation * sum(received.values()), rel=1e-9
    )
    loaded = ggu.load_result(result.save(tmp_path / "saved"))
    assert loaded.by_municipality("structural_net")["share_of_grant"].tolist() == rows["share_of_grant"].tolist()
    said = "; ".join(map(str, ggu.open_programme(programme({"grant": OF_2024})).report("GM0345").answer.more))
    assert "Als deel van één jaar algemene uitkering" in said
    # what would be enough falls by the key of the first compensation too
    raw, base = programme({"grant": OF_2024}), ggu.open_grant(OF_2024).amounts().key("base")
    for line in raw["lines"]:
        if line["kind"] == "compensation":
            line["key"] = {"grant": OF_2024}
    needed = ggu.open_programme(raw).simulate(draws=64).compensation_for(0.95).to_frame()["share"]
    assert needed["GM0345"] == pytest.approx(float(base["GM0345"] / sum(base.values())), rel=1e-12)


def test_a_programme_may_name_the_uitkering_apart() -> None:
    raw = programme({"parts": {"inhabitants": 1}, **TEXT})
    assert "share_of_grant" not in ggu.open_programme(raw).simulate(draws=64).by_municipality()
    raw["programme"]["grant"] = OF_2024
    assert "share_of_grant" in ggu.open_programme(raw).simulate(draws=64).by_municipality()
    raw["programme"]["grant"] = "grants/none"
    with pytest.raises(ggu.ModelFileError, match=r"programme.*grants/none"):
        ggu.open_programme(raw)


def test_joint_procurement_is_passed_on_by_a_uitkering() -> None:
    key = ggu.open_grant(SEPTEMBER).amounts().key("cluster:Orde en veiligheid")
    shares = {code: key[code] for code in ("GM0034", "GM0995", "GM0171", "GM0303", "GM0050", "GM0184")}
    shared = ggu.allocate(1_000_000, list(shares.values())).values
    assert [round(float(amount) / 10_000, 2) for amount in shared] == [57.09, 18.74, 8.92, 7.98, 4.36, 2.91]


def test_what_each_municipality_received_for_the_omgevingswet_in_2024() -> None:
    programme = ggu.open_programme("programmes/omgevingswet/2025")
    paid = ggu.open_grant(OF_2024).tables.others["uitvoeringskosten Omgevingswet"]
    assert sum(paid.values()) == 71_534_998
    result = programme.simulate(draws=8)
    assert result.by_line()["mean"]["uitvoeringskosten-2024"] == 71_534_998
    assembly = programme.assembly()
    weights = next(term for term in assembly.terms if term.name == "uitvoeringskosten-2024").weights
    for code, weight in zip(assembly.units, weights / weights.sum(), strict=True):
        assert weight * 71_534_998 == pytest.approx(float(paid[code]), abs=1e-3)
    assert any("andere bijdragen" in text.lower() for text in result.notes)  # the rest stays PM


def test_a_volume_of_joint_procurement_follows_a_uitkering() -> None:
    raw = deepcopy(dict(read_model("procurement/gt-mobiel-1").tables))
    raw["id"] = "procurement/own"
    for name in ("map_date", "counting_date"):
        stated = raw["participation"] if name in raw["participation"] else raw["case"]
        stated[name] = {**stated[name], "value": stated[name]["value"].replace(year=2025)}
    volume = raw["volumes"][0]
    del volume["column"]
    volume["key"] = {"grant": SEPTEMBER, "by": "maatstaf:inwo"}
    case = ggu.open_case(raw)
    people = ggu.open_grant(SEPTEMBER).amounts().key("maatstaf:inwo")
    setup = case.setup
    for code, amount in zip(setup.parties.codes, setup.volumes["connections"], strict=True):
        if code in people:
            assert amount == int(people[code] * Fraction("0.011") + Fraction(1, 2))
    assert SEPTEMBER in case.files
    for wrong, found in (
        ({**volume, "column": "inhabitants"}, "column together with key"),
        ({**volume, "key": {"parts": {"inhabitants": 1}, **TEXT}}, "a key without grant"),
        ({**volume, "key": {"grant": SEPTEMBER, "by": "maatstaf:WOZwe80"}}, "a deduction"),
    ):
        raw["volumes"][0] = wrong
        with pytest.raises(ggu.ModelFileError, match=found):
            ggu.open_case(raw)


def test_another_key_in_python_is_that_of_the_file() -> None:
    own = ggu.open_fund(fund({"parts": {"inhabitants": 1}, **TEXT}))
    changed = own.with_changes(key=ggu.open_grant(SEPTEMBER).key("cluster:Orde en veiligheid"))
    stated = ggu.open_fund(fund({"grant": SEPTEMBER, "by": "cluster:Orde en veiligheid"}))
    assert changed.contributions().cents == stated.contributions().cents
    assert "het cluster Orde en veiligheid" in changed.title
    effect = ggu.redistribution(own.contributions(), changed.contributions())
    assert sum(effect.difference.values()) == 0
    change = changed.contributions().change_from(own.contributions())
    assert change.causes["key"] == effect.difference
