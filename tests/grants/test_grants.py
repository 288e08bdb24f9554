from __future__ import annotations

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
from ggu_costs.catalogue import compare_models, read_model
from ggu_costs.display.language import report_in

FOLDER = "grants/gemeentefonds"
SETS = {
    "meicirculaire-2023/2024": (37_771_132_690, 4_388_860_916),
    "septembercirculaire-2023/2024": (38_292_713_336, 4_441_315_299),  # without its second column of codes, 281,758
    "meicirculaire-2024/2024": (38_422_385_620, 4_910_327_567),
    "septembercirculaire-2024/2024": (38_911_085_596, 5_002_155_013),
    "meicirculaire-2024/2025": (39_917_502_166, 4_619_298_086),
    "septembercirculaire-2024/2025": (40_064_257_716, 4_741_590_998),
}
SEPTEMBER = f"{FOLDER}/septembercirculaire-2024/2025"
MAY = f"{FOLDER}/meicirculaire-2024/2025"
VOLUMES = st.decimals(0, 10**9, places=4)


def tables(**more: Any) -> dict[str, Any]:
    """The tables of a shipped circulaire, with changes of their text."""
    raw = dict(read_model(SEPTEMBER).tables)
    raw["id"] = "grants/own"
    for name, change in more.items():
        raw[name] = {**raw[name], "text": change(raw[name]["text"])}
    return raw


def few(volumes: list[Decimal], factor: str, weights: list[Decimal]) -> dict[str, Any]:
    """A circulaire of three maatstaven in which every municipality has volumes drawn from a list."""
    codes = ggu.open_grant(SEPTEMBER).amounts().codes
    names = ("inwo", "vast", "WOZ")
    by_code = [[volumes[(place + part) % len(volumes)] for part in range(3)] for place, _ in enumerate(codes)]
    raw = tables()
    for name, header, lines in (
        (
            "weights",
            "code\tname\ttotal\tBestuur",
            [f"{n}\t{n}\t{w:f}\t{w:f}" for n, w in zip(names, weights, strict=True)],
        ),
        (
            "volumes",
            "code\tinwo\tvast\tWOZ",
            ["\t".join((c, *(f"{v:f}" for v in row))) for c, row in zip(codes, by_code, strict=True)],
        ),
        ("others", "code\tjeugd", [f"{code}\t1.005" for code in codes]),
    ):
        raw[name] = {**raw[name], "text": "\n".join((header, *lines)) + "\n"}
    return {**raw, "outside_factor": ["WOZ"], "traits": {}, "factor": {**raw["factor"], "value": Decimal(factor)}}


@pytest.mark.parametrize(("name", "sums"), SETS.items())
def test_sums_of_the_six_circulaires(name: str, sums: tuple[int, int]) -> None:
    nation = ggu.open_grant(f"{FOLDER}/{name}").amounts().national()
    assert nation["general_grant"] == pytest.approx(sums[0], abs=1)
    assert nation["other_grants"] == pytest.approx(sums[1], abs=1)
    assert nation["municipalities"] == 342


def test_september_2024_for_2025_per_municipality() -> None:
    amounts = ggu.open_grant(SEPTEMBER).amounts()
    general = amounts.to_frame()["general_grant"]
    for code, euro in {
        "GM0014": 671_977_971,
        "GM0088": 4_495_151,
        "GM0363": 2_792_211_647,
        "GM0345": 148_061_582,
    }.items():
        assert round(general[code]) == euro
    assert round(sum(amounts.base.values())) == 30_360_729_784
    assert round(sum(amounts.deduction.values())) == -4_171_325_579
    assert amounts.national()["grants"] / 1e6 == pytest.approx(44_805.8, abs=0.1)
    fixed = amounts.cells("maatstaf")["vast"]
    assert set(fixed.values()) <= {142_838_150, 142_838_151}  # 980,357.93 x 1.457, not lost


@pytest.mark.parametrize("name", SETS)
def test_amounts_are_those_of_the_plain_twin(name: str) -> None:
    grant = ggu.open_grant(f"{FOLDER}/{name}")
    said, amounts = grant.definition, grant.amounts()
    general = oracle.general(said.weights.text, said.volumes.text, str(amounts.factor), said.outside_factor)
    assert amounts.general_cents == {code: oracle.half_up(amount) for code, amount in sorted(general.items())}
    others = oracle.others(said.others.text)
    assert amounts.other_cents == {code: oracle.half_up(amount) for code, amount in sorted(others.items())}


@cases(12)
@given(
    st.lists(VOLUMES, min_size=3, max_size=7),
    st.decimals("0.001", 9, places=3),
    st.lists(VOLUMES, min_size=3, max_size=3),
)
def test_any_circulaire_is_that_of_the_plain_twin_and_adds_up(
    volumes: list[Decimal], factor: Decimal, weights: list[Decimal]
) -> None:
    weights = [weights[0], weights[1], -weights[2]]
    raw = few(volumes, str(factor), weights)
    amounts = ggu.open_grant(raw).amounts()
    exact = oracle.general(raw["weights"]["text"], raw["volumes"]["text"], str(factor), ("WOZ",))
    assert amounts.general_cents == {code: oracle.half_up(amount) for code, amount in exact.items()}
    assert set(amounts.other_cents.values()) == {101}  # half a cent goes up
    for detail in ("maatstaf", "cluster"):
        cells = amounts.cells(detail)
        assert {code: sum(part[code] for part in cells.values()) for code in amounts.codes} == amounts.general_cents


def test_parts_add_up_to_the_cent() -> None:
    amounts = ggu.open_grant(SEPTEMBER).amounts()
    for detail, whole in (
        ("maatstaf", amounts.general_cents),
        ("cluster", amounts.general_cents),
        ("other_grant", amounts.other_cents),
    ):
        cells = amounts.cells(detail)
        assert {code: sum(part[code] for part in cells.values()) for code in amounts.codes} == whole
        assert amounts.breakdown(detail, "GM0345")["amount"].sum() == pytest.approx(whole["GM0345"] / 100, abs=1e-6)
    clusters = amounts.breakdown("cluster")["amount"]
    assert clusters["Onroerendezaakbelasting"] / 1e6 == pytest.approx(-4_935.4, abs=0.05)
    assert clusters["Overige eigen middelen"] / 1e6 == pytest.approx(-3_114.1, abs=0.05)


def test_by_group_is_the_whole() -> None:
    amounts = ggu.open_grant(SEPTEMBER).amounts()
    groups = amounts.by("province")
    assert groups["general_grant"].sum() == pytest.approx(amounts.national()["general_grant"], abs=0.01)
    flevoland = amounts.cells("cluster")["Orde en veiligheid"]
    shares = {code: flevoland[code] for code in ("GM0034", "GM0995", "GM0171", "GM0303", "GM0050", "GM0184")}
    percent = [round(100 * cents / sum(shares.values()), 2) for cents in shares.values()]
    assert percent == [57.09, 18.74, 8.92, 7.98, 4.36, 2.91]


def test_suppletie_is_in_one_set_only_and_pm_in_others() -> None:
    grant = ggu.open_grant(f"{FOLDER}/septembercirculaire-2024/2024")
    suppletie = grant.tables.others["Suppletie nieuwe verdeling GF"]
    assert sum(suppletie.values()) == -9_355_829
    assert sum(amount != 0 for amount in suppletie.values()) == 262
    assert (suppletie["GM0014"], suppletie["GM0518"]) == (-35_479_988, 96_038_315)
    assert grant.amounts().lacking == ()
    assert sum(grant.tables.others["uitvoeringskosten Omgevingswet"].values()) == 71_534_998
    assert sum(grant.tables.others["Wet kwaliteitsborging bouw"].values()) == 10_076_002
    report = ggu.open_grant(SEPTEMBER).report()
    assert report.answer is not None
    assert len(report.answer.outside) == 3
    assert all("(PM)" in said for said in report.answer.outside)


def test_from_may_to_september() -> None:
    change = compare_models(ggu.open_grant(MAY), ggu.open_grant(SEPTEMBER))
    nation, frame = change.national(), change.to_frame()
    assert nation["general_change"] / 1e6 == pytest.approx(146.8, abs=0.05)
    assert nation["factor_changed"] == 0
    rates = frame["general_change_per_inhabitant"]
    assert (frame["name"][rates.idxmin()], round(rates.min(), 2)) == ("Loon op Zand", -54.70)
    assert (frame["name"][rates.idxmax()], round(rates.max(), 2)) == ("Waddinxveen", 55.76)
    for code in change.after.codes:
        causes = sum(cents[code] for cents in change.causes.values())
        assert causes == change.after.columns["grants"][code] - change.before.columns["grants"][code]
    assert change.by("size_class")["grants_change"].sum() == pytest.approx(nation["grants_change"], abs=0.01)


def test_causes_are_those_of_the_plain_twin() -> None:
    old, new = (
        ggu.open_grant(f"{FOLDER}/meicirculaire-2024/2024"),
        ggu.open_grant(f"{FOLDER}/septembercirculaire-2024/2024"),
    )
    change = old.compare(new)
    a, b = old.definition, new.definition
    state = [
        oracle.general(weights, volumes, factor, a.outside_factor)
        for weights, volumes, factor in (
            (a.weights.text, a.volumes.text, "1.414"), (a.weights.text, b.volumes.text, "1.414"),
            (b.weights.text, b.volumes.text, "1.414"), (b.weights.text, b.volumes.text, "1.420"),
        )
    ]  # fmt: skip
    for name, before, after in zip(
        ("volumes_changed", "weights_changed", "factor_changed"), state, state[1:], strict=False
    ):
        assert change.causes[name] == {
            c: oracle.half_up(after[c]) - oracle.half_up(before[c]) for c in new.amounts().codes
        }
    assert any("Suppletie nieuwe verdeling GF" in note for note in change.notes)


def test_steps_lead_to_the_amount() -> None:
    said = str(ggu.open_grant(SEPTEMBER).amounts().explain("GM0088"))
    assert "€ 4.495.150,96" in said
    assert "vast bedrag (vast)" in said
    assert "- € 0,000914" in said
    with pytest.raises(ggu.UnknownNameError, match="GM0089"):
        ggu.open_grant(SEPTEMBER).amounts().explain("GM0089")


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("code", [None, "GM0345"])
def test_a_run_answers_first(lang: str, code: str | None) -> None:
    report = report_in(ggu.open_grant(SEPTEMBER).report(code), lang)
    assert report.answer is not None
    assert ("148.061.582" if lang == "nl" else "148,061,582") in report.answer.sentence or code is None
    assert report.tables


def test_hostile_tables_are_refused_with_every_fault() -> None:
    def weights(text: str) -> str:
        return text.replace("\nvast\t", "\nvast nieuw\t", 1).replace("inwoners\t374.52", "inwoners\t374,52", 1)

    def volumes(text: str) -> str:
        lines = text.rstrip("\n").split("\n")
        lines[2] = lines[2] + "\t1"
        lines[3] = "GM9999" + lines[3][6:]
        return "\n".join([*lines, lines[5]]) + "\n"

    raw = tables(
        weights=weights, volumes=volumes, others=lambda text: text.replace("code\t", "code\tParticipatie\t", 1)
    )
    with pytest.raises(ggu.ModelFileError) as error:
        ggu.open_grant({**raw, "outside_factor": ["WOZ"]})
    where = " ".join(fault.where for fault in error.value.faults)
    for part in (
        "weights.vast nieuw", "volumes.vast", "weights.inwo, column total", "volumes, row 3", "volumes, row 4",
        "others, header", "outside_factor", "others, row 2",
    ):  # fmt: skip
        assert part in where, part
    assert any("twice" in fault.found for fault in error.value.faults)


def test_clusters_that_do_not_make_the_total_are_refused() -> None:
    raw = tables(weights=lambda text: text.replace("\t134.78\t", "\t135.78\t", 1))
    with pytest.raises(ggu.ModelFileError, match=r"clusters of 134\.78 and a total of 135\.78"):
        ggu.open_grant(raw)


def test_maps_that_differ_are_not_compared() -> None:
    grant = ggu.open_grant(SEPTEMBER)
    with pytest.raises(ggu.InputError, match="Compare two"):
        grant.compare(grant, grant)


def test_factor_and_sources_are_asked() -> None:
    raw = tables()
    with pytest.raises(ggu.ModelFileError) as error:
        ggu.open_grant({**raw, "factor": {**raw["factor"], "value": 0}, "weights": {**raw["weights"], "source": ""}})
    assert {fault.where for fault in error.value.faults} == {"factor", "weights"}


def test_whole_is_exact() -> None:
    amounts = ggu.open_grant(SEPTEMBER).amounts()
    exact = sum(Fraction(amounts.factor) * base for base in amounts.base.values())
    assert (
        abs(exact + sum(map(Fraction, amounts.deduction.values())) - Fraction(sum(amounts.general_cents.values()), 100))
        < 2
    )


def test_other_amounts_stand_beside_the_uitkering() -> None:
    amounts = ggu.open_grant(SEPTEMBER).amounts()
    bill = ggu.open_fund("funds/ggu/2020").with_changes(map_date="2025-01-01").contributions()
    frame = amounts.beside(bill.to_frame()["contribution"])
    own, general = bill.cents["GM0345"] / 100, amounts.general_sums.by_code["GM0345"]
    assert frame["share_of_general"]["GM0345"] == pytest.approx(own / float(general), rel=1e-14)
    assert frame["per_inhabitant"]["GM0345"] == pytest.approx(own / float(amounts.inhabitants["GM0345"]), rel=1e-14)
    with pytest.raises(ggu.InputError) as error:
        amounts.beside(pd.Series({"GM0345": float("inf"), "GM9999": 1.0}))
    assert len(error.value.faults) == 2
    with pytest.raises(ggu.InputError, match="a Series of euros by code"):
        amounts.beside(3)  # type: ignore[arg-type]


def test_which_weights_changed_and_what_follows() -> None:
    """From May to September 2024 for 2025: six amounts per unit, worked out by hand; they add up to their cause."""
    may, september = (
        ggu.open_grant(f"grants/gemeentefonds/{name}circulaire-2024/2025") for name in ("mei", "september")
    )
    change = may.compare(september)
    frame = change.weights()
    assert list(frame.index) == ["inwo", "woonr", "cf.regionaal", "nwmigr", "oadw", "kernen"]
    assert (frame.loc["inwo", "old_weight"], frame.loc["inwo", "new_weight"]) == (374.77, 374.52)
    people, factor = frame.loc["inwo", "volume"], float(may.amounts().factor)
    assert frame.loc["inwo", "weights_changed"] == pytest.approx(-0.25 * people * factor)
    assert people == pytest.approx(float(sum(september.amounts().inhabitants.values())))
    assert abs(frame["weights_changed"].sum() - change.national()["weights_changed"]) < 0.005 * 342
    assert "weights" in {table.name for table in change.report().tables}
    assert not len(may.compare(may).weights())
    assert "weights" not in {table.name for table in may.compare(may).report().tables}
