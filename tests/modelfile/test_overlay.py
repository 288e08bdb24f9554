"""A file with a base: its changes, their sources, and the hash of every file that went into it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from model_files import FUND, tables

from ggu_costs.catalogue import load_model, open_model
from ggu_costs.errors import Faults, ModelFileError
from ggu_costs.modelfile.listing import values_frame
from ggu_costs.modelfile.overlay import lay_over

HEAD = """\
schema = 1
kind = "fund"
id = "funds/proef/voorstel"
base = "funds/proef/2024"
title = "Voorstel"
checked_on = 2024-06-01
notes = ["Een voorstel."]

[sources.voorstel]
title = "Voorstel van het bestuur"
publisher = "VNG"
"""

EURO = 'unit = "EUR", vat = "incl", price_level = "current", status = "proposed", source = "voorstel"'

TOTAL = f"""
[[changes]]
key = "fund.total"
set = {{ value = 1_100_000, {EURO} }}
"""

BUDGET = f"""
[[changes]]
key = "activities.ibd.budget"
set = {{ value = 700_000, {EURO} }}
"""

KEY = """
[[changes]]
key = "fund.key.parts"
set = { inhabitants = 1 }
status = "proposed"
source = "voorstel"
note = "weer alleen naar inwoners"
"""

ACTIVITY = f"""
[[changes]]
key = "activities.nieuw"
status = "proposed"
source = "voorstel"
[changes.set]
id = "nieuw"
name = "Nieuw"
part = "project"
budget = {{ value = 1_000, {EURO} }}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "funds/proef").mkdir(parents=True)
    (tmp_path / "funds/proef/2024.toml").write_text(FUND)
    return tmp_path


def overlay(folder: Path, *parts: str, head: str = HEAD) -> Path:
    path = folder / "funds/proef/voorstel.toml"
    path.write_text(head + "".join(parts))
    return path


def faults(folder: Path, *parts: str, head: str = HEAD) -> dict[str, str]:
    path = overlay(folder, *parts, head=head)
    with pytest.raises(ModelFileError) as caught:
        load_model(path, folder)
    return {fault.where: str(fault) for fault in caught.value.faults}


def test_changes_are_laid_over_the_base(folder: Path) -> None:
    path = overlay(folder, TOTAL, BUDGET, KEY, ACTIVITY)
    loaded = load_model("funds/proef/voorstel", folder)
    definition: Any = loaded.definition
    assert (definition.id, definition.title) == ("funds/proef/voorstel", "Voorstel")
    assert definition.description == "Een fonds voor de proef."  # not stated again, so that of the base
    assert definition.notes == ("Een voorstel.",)
    assert definition.sources.keys() == {"besluit", "voorstel"}
    values = dict(definition.values())
    assert values["fund.total"].value == 1_100_000
    assert values["fund.total"].status == "proposed"
    assert values["activities.ibd.budget"].value == 700_000
    assert definition.fund.key.parts == {"inhabitants": 1}
    assert [activity.id for activity in definition.activities] == ["ibd", "rest", "nieuw"]
    assert loaded.hashes == {
        "funds/proef/2024": hashlib.sha256((folder / "funds/proef/2024.toml").read_bytes()).hexdigest(),
        "funds/proef/voorstel": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def test_provenance_holds_the_hash_of_each_file_and_the_bill_follows(folder: Path) -> None:
    overlay(folder, TOTAL, BUDGET, ACTIVITY)
    fund = open_model("funds/proef/voorstel", models=folder)
    bill = fund.contributions()
    assert bill.total == 1_100_000
    assert bill.provenance["files"].keys() == {"funds/proef/2024", "funds/proef/voorstel"}


def test_a_base_may_itself_have_a_base(folder: Path) -> None:
    overlay(folder, TOTAL)
    later = HEAD.replace('id = "funds/proef/voorstel"', 'id = "amendement"')
    later = later.replace('base = "funds/proef/2024"', 'base = "funds/proef/voorstel"').replace("voorstel]", "motie]")
    (folder / "amendement.toml").write_text(later + KEY.replace('source = "voorstel"', 'source = "motie"'))
    loaded = load_model("amendement", folder)
    assert dict(loaded.definition.values())["fund.total"].value == 1_100_000
    assert list(loaded.hashes) == ["funds/proef/2024", "funds/proef/voorstel", "amendement"]
    assert loaded.definition.notes == ("Een voorstel.", "Een voorstel.")


def test_laying_over_leaves_the_base_alone() -> None:
    base = tables()
    found = Faults()
    change = {"key": "activities.ibd.name", "set": "IBD", "status": "proposed", "by": "ons"}
    result = lay_over(base, {"changes": [change]}, found)
    assert result["activities"][0]["name"] == "IBD"
    assert base == tables()
    assert not found


def test_a_change_of_a_whole_activity_by_id() -> None:
    found = Faults()
    change = {"key": "activities.ibd", "set": {"id": "ibd", "name": "anders"}, "status": "proposed", "by": "ons"}
    result = lay_over(tables(), {"changes": [change]}, found)
    assert result["activities"][0] == {"id": "ibd", "name": "anders"}
    assert len(result["activities"]) == 2
    assert not found


FREE = """
[[changes]]
key = "fund.total.value"
set = 99_000_000
status = "illustrative"
by = "ik"
"""


def test_a_change_within_a_value_brings_its_own_source_and_status(folder: Path) -> None:
    """Nothing of what the base rested on is left, so nobody takes the new amount for a published one."""
    path = overlay(folder, FREE, KEY.replace('note = "weer alleen naar inwoners"', 'place = "blz. 3"'))
    definition: Any = load_model(path, folder).definition
    total = dict(definition.values())["fund.total"]
    assert (total.value, total.status, total.by, total.source, total.place) == (
        99_000_000,
        "illustrative",
        "ik",
        "",
        "",
    )
    key = definition.fund.key
    assert (key.parts, key.status, key.source, key.place) == ({"inhabitants": 1}, "proposed", "voorstel", "blz. 3")
    assert definition.illustrative
    bill = open_model(path, models=folder).contributions()
    assert bill.illustrative
    assert any("verzonnen" in str(step.basis) or "ik" in str(step.basis) for step in bill.explain("GM0363").steps)


def test_a_change_of_a_whole_value_may_say_beside_it_on_what_it_rests(folder: Path) -> None:
    bare = 'set = { value = 1_200_000, unit = "EUR", vat = "incl", price_level = "current" }'
    path = overlay(folder, FREE.replace("fund.total.value", "fund.total").replace("set = 99_000_000", bare))
    total = dict(load_model(path, folder).definition.values())["fund.total"]
    assert (total.value, total.status, total.by, total.source) == (1_200_000, "illustrative", "ik", "")


def test_a_change_that_leads_into_no_value_keeps_its_status_too(folder: Path) -> None:
    choice = FREE.replace("fund.total.value", "activities.rest.part").replace("99_000_000", '"structural"')
    definition = load_model(overlay(folder, choice), folder).definition
    assert definition.illustrative
    shown = values_frame(definition).set_index("item")
    assert shown.loc["activities.rest.part", ["value", "status", "by"]].tolist() == ["structural", "illustrative", "ik"]
    unknown = choice.replace('by = "ik"', 'source = "nergens"')
    assert "an id in [sources]" in faults(folder, unknown)["changes of activities.rest.part.source"]


def test_one_year_of_several_cannot_be_changed_alone(folder: Path) -> None:
    base = FUND.replace("years = [2024]", "years = [2023, 2024]")
    base = base.replace("value = 1_000_000.00", "years = { 2023 = 1_000_000, 2024 = 1_000_000 }")
    (folder / "funds/proef/2024.toml").write_text(base)
    said = faults(folder, FREE.replace("fund.total.value", "fund.total.years.2024"))["changes[0].key"]
    assert "is one year of several that rest on one source; allowed: key = 'fund.total'. Set the whole value" in said
    old = EURO.replace('"proposed", source = "voorstel"', '"enacted", source = "besluit"')
    whole = f"""
[[changes]]
key = "fund.total"
set = [{{ years = {{ 2023 = 1_000_000 }}, {old} }}, {{ years = {{ 2024 = 2_000_000 }}, {EURO} }}]
"""
    values = dict(load_model(overlay(folder, whole), folder).definition.values())
    assert [values[f"fund.total[{place}]"].status for place in (0, 1)] == ["enacted", "proposed"]


def test_entries_go_by_position_year_and_period_as_messages_name_them(folder: Path) -> None:
    rate = {"key": "fee.brackets[1].rate.value", "set": 5, "status": "estimated", "by": "ons"}
    file = {"id": "proef", "base": "fees/vng-contributie/2024", "changes": [rate]}
    assert open_model(file).tariff().rates[1] == 5
    policy = {"key": "underspend.2021.policy", "set": "carry_forward", "status": "proposed", "by": "ons"}
    period = policy | {"key": "activities[0].half_year.2021-H1.explanation", "set": "nader"}
    definition: Any = load_model({"id": "p", "base": "funds/example-portfolio", "changes": [policy, period]}).definition
    assert definition.underspend[0].policy == "carry_forward"
    assert definition.activities[0].half_year[0].explanation == "nader"
    whole = {"key": "notes[0]", "set": "anders", "status": "proposed", "by": "ons"}
    found = Faults()
    assert lay_over({"notes": ["een"]}, {"changes": [whole]}, found)["notes"] == ["anders"]
    lay_over({"notes": ["een"]}, {"changes": [whole | {"key": "notes[3]"}]}, found)
    assert "leads into ['een']" in str(found.found[0])


def test_changes_ask_for_a_base() -> None:
    file = tables() | {"changes": [{"key": "fund.total.value", "set": 5, "status": "proposed", "by": "ons"}]}
    with pytest.raises(ModelFileError, match="changes: changes without a base; allowed: base = the id of the model"):
        load_model(file)


@pytest.mark.parametrize(
    ("part", "where", "words"),
    [
        (
            TOTAL.replace("fund.total", "fnd.total"),
            "changes[0].key",
            "'fnd.total' leads nowhere at 'fnd'; allowed: a key",
        ),
        (TOTAL.replace("fund.total", "fnd.total"), "changes[0].key", "Did you mean 'fund'?"),
        (TOTAL.replace("fund.total", "activities.idb.budget"), "changes[0].key", "Did you mean 'ibd'?"),
        (TOTAL.replace("fund.total", "fund.basis.total"), "changes[0].key", "'fund.basis.total' leads into 'budget'"),
        (TOTAL.replace("fund.total", "fund.totl"), "fund.totl", "unknown key 'totl'. Did you mean 'total'?"),
        (TOTAL.replace('key = "fund.total"', ""), "changes[0]", "a change without key or set"),
        (TOTAL.replace("set =", "put ="), "changes[0].put", "unknown key; allowed: key, set, status"),
        (TOTAL.replace('status = "proposed", ', ""), "changes[0]", "a change without status and source (or by)"),
        (TOTAL.replace(', source = "voorstel"', ""), "changes[0]", "a change without status and source (or by)"),
        (KEY.replace('status = "proposed"\n', ""), "changes[0]", "a change without status and source (or by)"),
        (KEY.replace('"voorstel"', '"nergens"'), "fund.key.source", "'nergens'; allowed: an id in [sources]"),
        (KEY.replace('"proposed"', '"propsed"'), "changes[0].status", "Did you mean 'proposed'?"),
        (KEY.replace("note =", "notes ="), "changes[0].notes", "Did you mean 'note'?"),
        (TOTAL.replace('source = "voorstel"', 'source = "voorstl"'), "fund.total.source", "Did you mean 'voorstel'?"),
        (KEY.replace("{ inhabitants = 1 }", "{ inhabitants = 1, equal = 1 }"), "fund.key.parts", "add up to 2"),
        ("\n[fund]\nbasis = 'rate'\n", "fund", "a table of its own in a file with a base; allowed: schema"),
    ],
)
def test_faults_of_changes(folder: Path, part: str, where: str, words: str) -> None:
    assert words in faults(folder, part)[where]


def test_changes_that_are_no_tables(folder: Path) -> None:
    head = HEAD.replace("checked_on", 'changes = ["fund.total = 5"]\nchecked_on')
    assert "[[changes]] with key, set, status and source" in faults(folder, head=head)["changes"]


def test_header_parts_of_the_wrong_form_are_told(folder: Path) -> None:
    found = faults(folder, head=HEAD.replace('notes = ["Een voorstel."]', "notes = 5\ninputs = 3"))
    assert found.keys() == {"notes", "inputs", "fund.vat.taxed_share.input"}


def test_a_file_with_a_base_needs_an_id_of_its_own(folder: Path) -> None:
    line = 'id = "funds/proef/voorstel"\n'
    assert "missing; allowed: an id of its own" in faults(folder, TOTAL, head=HEAD.replace(line, ""))["id"]
    same = HEAD.replace(line, 'id = "funds/proef/2024"\n')
    assert "which is also the id of its base" in faults(folder, TOTAL, head=same)["id"]


def test_faults_of_the_base_are_those_of_the_overlay(folder: Path) -> None:
    (folder / "funds/proef/2024.toml").write_text(FUND.replace("0.21", "21"))
    assert "21 as a share" in faults(folder, TOTAL)["fund.vat.rate"]


def test_a_base_that_is_not_there(folder: Path) -> None:
    found = faults(folder, head=HEAD.replace("funds/proef/2024", "funds/proef/2042"))
    assert found == {
        "base": "base: no model 'funds/proef/2042'; allowed: the id of a model. Did you mean 'funds/proef/2024'?"
    }


def test_a_base_that_goes_round(folder: Path) -> None:
    (folder / "funds/proef/2024.toml").write_text('id = "funds/proef/2024"\nbase = "funds/proef/voorstel"\n')
    path = overlay(folder, TOTAL)
    with pytest.raises(
        ModelFileError, match=r"base goes round in a circle: .*voorstel.toml -> .*2024.toml -> .*voorst"
    ):
        load_model(path, folder)


def test_an_own_model_may_not_hide_its_base(folder: Path) -> None:
    """A private file of the same id as the shipped one it builds on would be its own base."""
    (folder / "funds/ggu").mkdir()
    (folder / "funds/ggu/2020.toml").write_text('id = "funds/ggu/2020"\nbase = "funds/ggu/2020"\n')
    with pytest.raises(ModelFileError, match="base goes round in a circle"):
        load_model("funds/ggu/2020", folder)


def test_a_mapping_with_a_base() -> None:
    change = {
        "key": "fund.total",
        "set": {
            "value": 53_000_000.10, "unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated",
            "by": "de proef",
        },
    }  # fmt: skip
    loaded = load_model({"id": "proef", "base": "funds/ggu/2020", "changes": [change]})
    assert dict(loaded.definition.values())["fund.total"].value == Decimal("53000000.1")
    assert list(loaded.hashes) == ["funds/ggu/2020", "proef"]
