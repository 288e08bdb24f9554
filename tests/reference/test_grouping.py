"""Groups: columns, mappings, Series, files; disjoint and overlapping."""

import pandas as pd
import pytest
from years import SPAN

from ggu_costs.catalogue import open_model
from ggu_costs.errors import InputError, OutsidePeriodError, UnknownNameError
from ggu_costs.fund import redistribution
from ggu_costs.reference import groups, inhabitants_on, members, municipalities, read_labels, regions

G4 = ["GM0363", "GM0599", "GM0518", "GM0344"]
DAY = "2024-01-01"


def test_groups_by_a_column():
    found = groups("province", members(DAY), DAY)
    assert (found.name, found.overlapping, found.left_out) == ("province", False, ())
    assert len(found.members) == 12
    labels = found.labels()
    pd.testing.assert_series_equal(labels, municipalities(2024)["province"], check_dtype=False)
    sums = found.sums(inhabitants_on(DAY))
    assert sums.sum() == 17_942_942
    assert sums.index.name == "province"
    assert sums.name == "inhabitants"
    assert sums["Drenthe"] == municipalities(2024).query("province == 'Drenthe'")["inhabitants"].sum()


def test_classes_come_in_order():
    assert list(groups("size_class", members(DAY), DAY).members) == list(range(1, 9))


def test_a_day_within_the_year():
    found = groups("safety_region", members("2022-03-24"), "2022-03-24")
    assert sum(len(codes) for codes in found.members.values()) == 344


def test_columns_that_cannot_group():
    with pytest.raises(InputError, match="column 'inhabitants' is a total, not a label"):
        groups("inhabitants", members(DAY), DAY)
    with pytest.raises(OutsidePeriodError, match="urbanity_class: 2021, 2022, 2024"):
        groups("urbanity_class", members("2020-01-01"), "2020-01-01")
    with pytest.raises(UnknownNameError, match="did you mean 'province'"):
        groups("provincie", members(DAY), DAY)


def test_a_mapping_or_series_of_code_to_group():
    mapping = {"GM0363": "a", "GM0599": "b", "GM0344": "a", "GM0518": "c"}
    for by in (mapping, pd.Series(mapping)):
        found = groups(by, ["GM0599", "GM0363", "GM0344"], DAY)
        assert dict(found.members) == {"a": ("GM0344", "GM0363"), "b": ("GM0599",)}
        assert found.name == "group"
        assert found.labels().to_dict() == {"GM0344": "a", "GM0363": "a", "GM0599": "b"}
    assert groups(regions("corop", 2026), members("2025-01-01"), "2025-01-01").name == "corop"


def test_a_file(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("code;group\nGM0363;G4\nGM0599;=G4\n", encoding="utf-8")
    for by in (path, str(path)):
        assert dict(groups(by, ["GM0363", "GM0599"], DAY).members) == {"=G4": ("GM0599",), "G4": ("GM0363",)}
    path.write_text("code;group\nGM0363;G4\nGM0363;G4\nGM0599;\nGM9999;G4\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        groups(path, ["GM0363"], DAY)
    assert [str(fault).split("groups.csv ")[1] for fault in caught.value.faults] == [
        "line 4, group: empty; allowed: a group. A code that is in no group has no row.",
        "line 3, code: GM0363 again in 'G4', after line 2; allowed: every code once in a group",
        f"line 5, code: no municipality of {SPAN} has code GM9999",
    ]
    path.write_text("code;group;other\nGM0363;G4;x\n", encoding="utf-8")
    with pytest.raises(InputError, match="2 columns beside the codes"):
        groups(path, ["GM0363"], DAY)


def test_a_column_needs_a_label_for_everyone():
    with pytest.raises(InputError, match=r"groups WS:Rijnland: no province for WS:Rijnland; .*groups of your own"):
        groups("province", [*members(DAY), "WS:Rijnland"], DAY)


@pytest.fixture
def write(tmp_path):
    def _write(pairs):
        path = tmp_path / "own.csv"
        path.write_text("code;groep\n" + "".join(f"{code};{group}\n" for code, group in pairs), encoding="utf-8")
        return path

    return _write


def forms(pairs, write):
    """One and the same set of groups, in every form that can hold it."""
    lists = {}
    for code, group in pairs:
        lists.setdefault(group, []).append(code)
    series = pd.Series([group for _, group in pairs], index=[code for code, _ in pairs])
    made = [lists, series, write(pairs), str(write(pairs)), read_labels(write(pairs))]
    return [*made, dict(pairs)] if len(dict(pairs)) == len(pairs) else made


@pytest.mark.parametrize(("pairs", "overlapping", "left_out"), [
    ([(code, "G4") for code in G4], False, 338),
    ([*((code, "G4") for code in G4), ("GM0014", "noord"), ("GM0363", "noord")], True, 337),
    ([*((code, "alle") for code in members(DAY)), ("GM0363", "hoofdstad")], True, 0),
])  # fmt: skip
def test_every_form_may_leave_out_and_overlap(write, pairs, overlapping, left_out):
    first, *others = (groups(by, members(DAY), DAY) for by in forms(pairs, write))
    for found in others:
        assert dict(found.members) == dict(first.members)
        assert (found.overlapping, len(found.left_out)) == (overlapping, left_out)
    fund = open_model("funds/ggu/2020").with_changes(map_date=DAY, counting_date=DAY)
    bill, other = fund.contributions(), fund.with_changes(key={"equal": 1}).contributions()
    for result in (bill, redistribution(bill, other), other.change_from(bill)):
        for by in forms(pairs, write):
            frame = result.by(by)
            assert frame.attrs["total"] == []  # nothing to add up where a code is twice or not in it
            assert frame["municipalities"].to_dict() == {label: len(codes) for label, codes in first.members.items()}


def test_groups_of_your_own_that_cannot_be_used():
    with pytest.raises(InputError, match="groups GM0599: an empty group; allowed: a label") as caught:
        groups(pd.Series(["a", None, "a", ["a", "b"]], index=["GM0363", "GM0599", "GM0363", "GM0014"]), G4, DAY)
    assert [str(fault) for fault in caught.value.faults[1:]] == [
        "groups GM0363: twice in 'a'; allowed: once in a group",
        "groups GM0014: a list; allowed: one label. Put a code in two groups twice.",
    ]
    for by in ({"GM0363": "a"}, {"a": ["GM0363"]}):
        with pytest.raises(InputError, match="groups: none of the 2 participants is in a group"):
            groups(by, ["GM0014", "GM0599"], DAY)


def test_lists_of_codes_may_leave_out_and_overlap():
    found = groups({"G4": G4, "north": {"GM0363", "GM0014"}}, members(DAY), DAY)
    assert found.overlapping
    assert found.members["north"] == ("GM0014", "GM0363")
    assert len(found.left_out) == 342 - 5
    sums = found.sums(inhabitants_on(DAY))
    assert sums["G4"] == inhabitants_on(DAY)[G4].sum()
    assert list(sums.index) == ["G4", "north"]
    with pytest.raises(InputError, match="these groups overlap"):
        found.labels()
    disjoint = groups({"G4": G4}, [*members(DAY), "WS:Rijnland"], DAY)
    assert not disjoint.overlapping
    assert "WS:Rijnland" in disjoint.left_out


def test_wrong_codes_are_all_named():
    with pytest.raises(InputError, match="these groups cannot be used on 2024-01-01") as caught:
        groups({"G4": ["Amsterdam", "GM0363", "GM0363"], "old": ["GM0457"]}, ["GM0363", "GM9999"], DAY)
    assert [fault.where for fault in caught.value.faults] == [
        "codes GM9999", "group G4 Amsterdam", "group G4 GM0363", "group old GM0457",
    ]  # fmt: skip
    with pytest.raises(InputError, match="groups GM0457: Weesp ended on 2022-03-24"):
        groups({"GM0363": "a", "GM0457": "b"}, ["GM0363"], DAY)


@pytest.mark.parametrize("by", [None, 5, {}, {"a": ["GM0363"], "GM0599": "b"}, ["GM0363"]])
def test_what_are_no_groups(by):
    with pytest.raises(InputError, match="not groups"):
        groups(by, ["GM0363"], DAY)


def test_sums_refuse_rates_and_missing_figures():
    found = groups({"G4": G4}, members(DAY), DAY)
    with pytest.raises(InputError, match="column oad: a rate"):
        found.sums(inhabitants_on(DAY).rename("oad"))
    with pytest.raises(InputError, match="GM0344: in a group, but without a figure"):
        found.sums(inhabitants_on(DAY).drop(["GM0344", "GM0014"]))


def test_members_cannot_be_changed():
    found = groups({"G4": G4}, members(DAY), DAY)
    with pytest.raises(TypeError):
        found.members["G5"] = ()
