"""What a procurement file may say, and every fault it may hold."""

from __future__ import annotations

import json

import pytest
from oracles.procurement import CODES, open_case, pm, small, tiers, value

from ggu_costs.errors import InputError, ModelFileError, OutsidePeriodError
from ggu_costs.modelfile.schema import json_schema
from ggu_costs.procurement import ProcurementDefinition
from ggu_costs.reference import Reference


def change(tables, key, new):
    *path, last = key.split(".")
    for step in path:
        tables = tables[int(step)] if step.isdigit() else tables.setdefault(step, {})
    if isinstance(tables, list):
        tables[int(last)] = new
    else:
        tables[last] = new


TAKE_UP = {"years": {"2024": 0.5}, "unit": "share", "status": "estimated", "by": "test"}


@pytest.mark.parametrize(
    ("key", "new", "message"),
    [
        ("years", [2024, 2026], r"years: \[2024, 2026\]; allowed: years in order"),
        ("pools.0.fixed", value(-1), r"pools.project.fixed: -1; allowed: 0 or more"),
        ("pools.0.fixed", value(1, "hours"), r"pools.project.fixed: unit 'hours'; allowed: EUR"),
        ("pools.0.fixed", {**pm(), "mark": "unallocated"}, r"mark 'unallocated'; allowed: pm"),
        ("pools.0.fixed", {**value(1), "from": "2024-01-01"}, "a value with years, from or until"),
        (
            "pools.0.regional",
            {"region": "province"},
            r"pools.project: fixed and regional given; allowed: exactly one of",
        ),
        ("pools.0", {"id": "a", "name": "A"}, r"pools.a: nothing given"),
        ("pools.1.id", "project", "pools: 'project' 2 times"),
        ("pools.1.per_participant", {}, "no amount and no own amounts"),
        ("pools.2.volume.volume", "unit", "pools.units.volume: volume 'unit'; allowed: an id of"),
        ("pools.2.volume.tiers", tiers((5, 1)), "the first tier starts at 5, a gap below it"),
        ("pools.2.volume.tiers", tiers((0, 1), (9, 2), (9, 1)), "a tier from 9 twice; allowed: bounds that rise"),
        (
            "pools.2.volume.tiers",
            tiers((5, 1), (9, 2), (9, 1), (7, 1)),
            r"(?s)gap below it.*a tier from 9 twice.*a tier from 7 after 9",
        ),
        ("case.duration", value(0, "count"), "case.duration: 0; allowed: above 0"),
        ("pools.0.fixed.price_level", "2020", "price levels mixed: 2020 .*, 2024"),
        ("volumes.0.own.GM363", value(1, "count"), "volumes.units.own GM363"),
        ("pools.1.per_participant.own", {"GM9999": value(1)}, "pools.join.per_participant.own GM9999: no municipality"),
        ("alternatives.stand_alone.own", {"Amsterdam": value(1)}, "alternatives.stand_alone.own Amsterdam"),
        (
            "alternatives.stand_alone.own",
            {"GR:NORD": value(1)},
            "alternatives.stand_alone.own: no body 'GR:NORD'; allowed: a code of .*Did you mean 'GR:NOORD'",
        ),
        (
            "alternatives.regional",
            {"region": "province", "own": {"Utrehct": value(5)}},
            "alternatives.regional.own: no region 'Utrehct'; .*Did you mean 'Utrecht'",
        ),
        ("others.0.region", "Utrehct", "others.GR:NOORD.region: no region 'Utrehct'; allowed: a label of province"),
        ("pools.2.volume.tiers.0.price", {**pm(), "unit": "EUR/unit"}, "This has to be known"),
        ("volumes.0.own.GM0014", value(-5, "count"), r"volumes.units.own.GM0014: -5; allowed: 0 or more"),
        ("volumes.0.column", "inhabitants", "column without factor"),
        ("volumes.0.input", "use", "input together with column or own"),
        ("volumes.0", {"id": "units", "name": "x"}, "no column, own figures or input"),
        ("volumes.0", {"id": "units", "name": "x", "column": "province", "factor": value(1, "count")}, "is a total"),
        ("participation.mode", "binding", "binding with a list or selection"),
        ("participation.mode", "voluntary", "voluntary without take_up"),
        ("participation.take_up", {"share": TAKE_UP, "order": "largest"}, "listed with take_up"),
        ("participation.municipalities", ["GM0014", "GM0014"], "'GM0014' 2 times; allowed: each once"),
        ("participation.municipalities", ["GM0003"], "participation.municipalities GM0003: Appingedam ended on"),
        ("others.0.code", "GM0014", "code 'GM0014'; allowed: two capitals, a colon and a name"),
        ("others.0.code", "NOORD", "code 'NOORD'"),
        ("others.0.members", {"GM0014": 0.5}, "member shares add up to 0.5; allowed: 1"),
        ("others.0.members", {"GM9999": 1}, "others.GR:NOORD.members GM9999: no municipality"),
        ("others.0.kind", "club", r"others\[0\].kind: 'club'"),
        ("case.unions", "inhabitants", "case.unions: inhabitants; allowed: a reference column of labels"),
        (
            "case.rule",
            {"project": "equal", "join": "equal", "units": "volume", "x": "equal"},
            "case.rule.x: no such pool",
        ),
        ("case.rule", {"project": "equal", "join": "equal"}, "case.rule.units: no rule for this pool"),
        ("case.rule", "by_feel", r"case.rule.*'by_feel'"),
        ("case.map_date", {**value(1, "count")}, "case.map_date: not one date"),
        ("case.vat.taxed_share", value(21, "share"), "21 as a share"),
        ("case.vat.rate", value(0.21, "count"), r"case.vat.rate: unit 'count'; allowed: share"),
        (
            "case.vat.rate",
            {**value(0.21, "share"), "from": "2024-01-01"},
            r"case.vat.rate: a value with years, from or until; allowed: one value, which holds for the whole case",
        ),
        (
            "case.vat.rate",
            {"mark": "unallocated", "unit": "share", "status": "estimated", "by": "test"},
            "case.vat.rate: mark 'unallocated'; allowed: pm",
        ),
        ("alternatives.stand_alone.fixed", {**value(1), "vat": "incl"}, "VAT states mixed: excl .*, incl"),
        (
            "alternatives.stand_alone.volumes.0.volume",
            "no",
            r"alternatives.stand_alone.volumes\[0\].volume: volume 'no'",
        ),
        (
            "alternatives.regional",
            {"region": "inhabitants", "fixed": value(1)},
            "alternatives.regional.region: inhabitants",
        ),
        ("extra", 1, "unknown key 'extra'"),
    ],
)
def test_a_fault_is_named_with_its_place(key, new, message):
    tables = small()
    change(tables, key, new)
    with pytest.raises(ModelFileError, match=message):
        open_case(tables)


def test_a_column_without_figures_on_the_day(tables, monkeypatch):
    def none_yet(self, column, day):
        raise OutsidePeriodError(f"{column} has no figures in {day.year}")

    monkeypatch.setattr(Reference, "labels_on", none_yet)
    with pytest.raises(ModelFileError, match=r"case.unions: province on 2024-01-01: province has no figures in 2024"):
        open_case(tables)


def test_misspelt_regions_of_a_pool(tables):
    regional = {"region": "province", "amount": value(40), "amounts": {"Utrehct": value(70)}}
    tables["pools"][0] = {"id": "project", "name": "P", "regional": regional}
    with pytest.raises(ModelFileError, match=r"pools.project.regional.amounts: no region 'Utrehct'"):
        open_case(tables)


def test_who_exists_but_does_not_take_part_is_no_fault(tables):
    tables["pools"][1]["per_participant"]["own"] = {"GM0363": value(1)}
    tables["alternatives"]["regional"] = {"region": "province", "own": {"Utrecht": value(5)}}
    assert open_case(tables).split().total == 2660


@pytest.mark.parametrize("count", [999, 2.5, 1, 0])
def test_a_selection_is_held_to_its_count(tables, count):
    selection = {"count": value(count, "count"), "seed": 1, "include": ["GM0014", "GM0106"], "status": "estimated",
                 "by": "test"}  # fmt: skip
    tables["participation"] = {"mode": "listed", "selection": selection}
    message = rf"participation.selection.count: {count}; allowed: a whole number, from the 2 of include to the 342"
    with pytest.raises(ModelFileError, match=message):
        open_case(tables)
    given = {"input": "n", "unit": "count", "status": "estimated", "by": "user"}
    tables["inputs"] = {"n": {"unit": "count", "description": "x"}}
    tables["participation"]["selection"] = {**selection, "count": given}
    with pytest.raises(InputError, match=message):
        open_case(tables, {"n": count}).split()


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        (
            {"levels": [{"id": "a", "cost": value(1)}], "needs": {"municipality": "b"}},
            "levels b; allowed: ids of levels",
        ),
        ({"levels": [{"id": "a", "cost": value(1)}] * 2, "needs": {"other": "a"}}, "levels that come twice"),
        ({"levels": [{"id": "a", "cost": value(1)}], "needs": {"9": "a"}}, "pools.project.levels.needs: '9'"),
        ({"levels": [{"id": "a", "cost": value(1)}], "needs": {"XX:FOO": "a"}}, "levels.needs: no body 'XX:FOO'"),
        ({"levels": [{"id": "a", "cost": value(1)}], "needs": {"GM9999": "a"}}, "levels.needs GM9999"),
    ],
)
def test_levels(tables, levels, message):
    tables["pools"][0] = {"id": "project", "name": "P", "levels": levels}
    with pytest.raises(ModelFileError, match=message):
        open_case(tables)


def test_contracts_of_suppliers(tables):
    contract = {"supplier": "A", "price": value(1, "EUR/unit"), "holders": ["4", "club"]}
    tables["ratchet"] = {"volume": "units", "contracts": [contract, contract]}
    with pytest.raises(ModelFileError, match=r"ratchet.contracts: '4' in 2 contracts") as caught:
        open_case(tables)
    assert any("'club'" in str(fault) for fault in caught.value.faults)
    tables["ratchet"] = {"volume": "units", "contracts": [{**contract, "holders": ["GM9999", "GM36"]}]}
    with pytest.raises(ModelFileError, match=r"(?s)ratchet.contracts\[0\].holders GM9999.*holders GM36"):
        open_case(tables)
    tables["ratchet"] = {"volume": "kilos", "contracts": [{**contract, "holders": ["4"]}]}
    with pytest.raises(ModelFileError, match=r"ratchet.volume: volume 'kilos'"):
        open_case(tables)


def test_selection_and_take_up(tables):
    selection = {"count": value(2, "count"), "seed": 1, "status": "illustrative", "by": "test", "include": ["GM9999"]}
    tables["participation"] = {"mode": "listed", "selection": selection}
    with pytest.raises(ModelFileError, match=r"participation.selection.include GM9999"):
        open_case(tables)
    tables["participation"]["municipalities"] = ["GM0014"]
    with pytest.raises(ModelFileError, match="municipalities together with selection"):
        open_case(tables)
    voluntary = {"mode": "voluntary", "take_up": {"share": TAKE_UP, "order": "largest"}}
    tables["participation"] = {**voluntary, "selection": {**selection, "include": []}}
    with pytest.raises(ModelFileError, match="selection with voluntary"):
        open_case(tables)
    tables["participation"] = {**voluntary, "take_up": {"share": TAKE_UP, "order": "drawn"}}
    with pytest.raises(ModelFileError, match="order 'drawn' without seed"):
        open_case(tables)
    tables["participation"] = {**voluntary, "take_up": {"share": TAKE_UP, "order": "largest", "seed": 1}}
    with pytest.raises(ModelFileError, match="order 'largest' with seed"):
        open_case(tables)
    tables["participation"] = {**voluntary, "take_up": {"share": value(0.5, "share"), "order": "largest"}}
    with pytest.raises(ModelFileError, match="not a share by year"):
        open_case(tables)
    tables["years"] = [2024, 2025]
    tables["participation"] = voluntary
    with pytest.raises(ModelFileError, match="years that differ: 2025"):
        open_case(tables)


def test_listed_but_nobody(tables):
    tables["participation"] = {"mode": "listed"}
    tables["others"] = []
    with pytest.raises(ModelFileError, match="listed, but nobody is"):
        open_case(tables)


def test_a_drawn_selection_makes_a_case_illustrative(tables):
    assert not open_case(tables).definition.illustrative
    selection = {"count": value(2, "count"), "seed": 1, "status": "illustrative", "by": "test"}
    tables["participation"] = {"mode": "listed", "selection": selection}
    assert open_case(tables).definition.illustrative


def test_every_fault_at_once(tables):
    tables["pools"][0]["fixed"] = value(-1)
    tables["volumes"][0]["own"][CODES[0]] = value(-1, "count")
    tables["others"][0]["members"] = {"GM0014": 0.5}
    with pytest.raises(ModelFileError) as caught:
        open_case(tables)
    assert len(caught.value.faults) == 3


def test_the_schema_for_editors():
    schema = json_schema(ProcurementDefinition)
    assert {"case", "participation", "pools", "alternatives"} <= set(schema["else"]["properties"])
    json.dumps(schema)
