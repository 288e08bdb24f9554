"""Reading and checking model files: every fault at once, each with its dotted key and what to do."""

from __future__ import annotations

import copy
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import numpy as np
import pytest
from cases import cases
from hypothesis import event, example, given
from hypothesis import strategies as st
from model_files import FUND, changed, tables
from pydantic import Field, model_validator

from ggu_costs.catalogue import definition_of, kind_of, load_model, read_model
from ggu_costs.errors import Faults, ModelFileError, OutsidePeriodError
from ggu_costs.modelfile import Header, _faults, check_definition
from ggu_costs.modelfile.values import Checked, fault
from ggu_costs.reference import Reference


def write(folder: Path, text: str | bytes, name: str = "model.toml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults_of(source: Path | dict[str, Any]) -> dict[str, str]:
    """Load a faulty file and return its faults: dotted key to what is said about it."""
    with pytest.raises(ModelFileError) as caught:
        load_model(source)
    assert caught.value.faults, str(caught.value)
    assert caught.value.remedy
    found: dict[str, str] = {}
    for one in caught.value.faults:
        line = str(one).removeprefix(f"{one.where}: ")
        found[one.where] = f"{found[one.where]} | {line}" if one.where in found else line
    return found


def only_fault(*pairs: tuple[str, str]) -> tuple[str, str]:
    found = faults_of(tables(*pairs))
    assert len(found) == 1, found
    return next(iter(found.items()))


def test_a_good_file_loads_with_its_hash(tmp_path: Path) -> None:
    path = write(tmp_path, FUND)
    loaded = load_model(path)
    assert loaded.definition.id == "funds/proef/2024"
    assert loaded.hashes == {"funds/proef/2024": hashlib.sha256(path.read_bytes()).hexdigest()}
    assert loaded.path == path.as_posix()
    assert not loaded.definition.illustrative


def test_every_fault_of_a_file_is_told_in_one_error(tmp_path: Path) -> None:
    """One file with faults of every level: text, keys, values, between values, between parts."""
    text = changed(
        ('basis = "budget"', 'basis = "budgt"\ncolour = "red"'),
        ('[fund.total]\nvalue = 1_000_000.00', '[fund.total]\nvalu = 1_000_000.00'),
        ('status = "enacted"\nsource = "besluit"\nplace', 'status = "enacted"\nsource = "beslut"\nplace'),
        ('value = 2024-01-01\nunit = "date"\nstatus = "enacted"',
         'value = 2024-01-01\nunit = "date"\nstatus = "enactd"'),
        ('status = "estimated"\nby = "de proef"\n\n[fund.key]', 'status = "estimated"\n\n[fund.key]'),
        ("rate = { value = 0.21,", "rate = { value = 21,"),
        ('recoverable_share = { mark = "pm", unit = "share", status = "estimated", by = "de proef" }',
         'recoverable_share = { value = 0.9, unit = "share", status = "derived" }'),
        ('value = 600_000\nunit = "EUR"\nvat = "incl"\nprice_level = "current"', 'value = 600_000.001\nunit = "EUR"'),
        ("inhabitants = 0.8, equal = 0.2", "inhabitants = 80, equal = 20"),
    )  # fmt: skip
    path = write(tmp_path, text)
    found = faults_of(path)
    assert found["fund.basis"] == "'budgt'; allowed: 'budget', 'rate' or 'tariff'. Did you mean 'budget'?"
    assert found["fund.colour"] == "unknown key 'colour'"
    assert found["fund.total.valu"] == "unknown key 'valu'. Did you mean 'value'?"
    assert found["fund.total.source"] == "'beslut'; allowed: an id in [sources]. Did you mean 'besluit'?"
    assert "Did you mean 'enacted'?" in found["fund.map_date.status"]
    assert found["fund.counting_date"] == "status 'estimated' without by; allowed: by = whose estimate or example it is"
    assert "21 as a share; allowed: a fraction from 0 to 1; 21 per cent is 0.21" in found["fund.vat.rate"]
    assert "without calculation" in found["fund.vat.recoverable_share"]
    assert "an amount without vat and price_level" in found["activities.ibd.budget"]
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert caught.value.path == path.as_posix()
    assert str(caught.value).startswith(path.as_posix())


def test_faults_between_the_parts_are_told_with_those_of_the_values() -> None:
    """A fault that stops pydantic does not hide that the key adds up to 100, or budgets pass the total."""
    found = faults_of(
        tables(
            ("inhabitants = 0.8, equal = 0.2", "inhabitants = 80, equal = 20"),
            ('title = "Proeffonds 2024"', 'title = "Proeffonds 2024"\nowner = "x"'),
            ("rate = { value = 0.21,", "rate = { value = 21,"),
        )
    )
    assert found.keys() == {"owner", "fund.vat.rate", "fund.key.parts"}
    assert "They look like percentages: divide each by 100" in found["fund.key.parts"]
    found = faults_of(
        tables(("value = 600_000", "value = 1_600_000"), ("rate = { value = 0.21,", "rate = { value = 21,"))
    )
    assert found.keys() == {"fund.vat.rate", "activities"}
    assert "budgets of 2024 add up to 1600000; allowed: at most the total of 1000000.00" in found["activities"]


def test_one_value_tells_all_its_faults() -> None:
    with pytest.raises(ModelFileError) as caught:
        load_model(tables(('vat = "incl"\nprice_level = "current"\nstatus = "enacted"\nsource = "besluit"\nplace',
                           'status = "enacted"\nplace')))  # fmt: skip
    assert [one.where for one in caught.value.faults] == ["fund.total", "fund.total"]
    assert [one.found for one in caught.value.faults] == [
        "status 'enacted' without a source", "an amount without vat and price_level",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pairs", "where", "words"),
    [
        ([("value = 1_000_000.00", 'value = "1.000.000,00"')], "fund.total.value", "a number or a date, without"),
        ([("value = 1_000_000.00", 'value = "pm"')], "fund.total.value", "Write mark = 'pm' instead of a value"),
        ([("value = 1_000_000.00", "value = true")], "fund.total.value", "True; allowed: a number or a date"),
        ([("value = 1_000_000.00", "value = [1, 2]")], "fund.total.value", "[1, 2]; allowed: a number or a date"),
        ([("value = 1_000_000.00", "value = inf")], "fund.total.value", "a finite number"),
        ([("value = 1_000_000.00", "value = nan")], "fund.total.value", "a finite number"),
        ([("value = 1_000_000.00", "value = 1e30")], "fund.total.value", "a finite number below 10,000,000,000,000"),
        ([("value = 1_000_000.00", "value = 2024-01-01")], "fund.total", "2024-01-01 with unit 'EUR'"),
        ([("value = 1_000_000.00", "value = 2024-01-01T00:00:00")], "fund.total.value", "a number or a date"),
        ([("value = 1_000_000.00", "value = 1_000_000.00\nmark = 'pm'")], "fund.total", "value and mark given"),
        ([("value = 1_000_000.00\n", "")], "fund.total", "nothing given; allowed: exactly one of value, years, mark"),
        ([("value = 1_000_000.00", "value = 1_000_000.005")], "fund.total", "1000000.005 EUR; allowed: whole cents"),
        ([("value = 1_000_000.00", "years = {}")], "fund.total", "years without a year"),
        ([("value = 1_000_000.00", "years = { 2030 = 5 }")], "fund.total", "2030-01-01 to 2030-12-31; allowed: within"),
        ([("value = 1_000_000.00", "years = { 24 = 5 }")], "fund.total.years.24", "greater than or equal to 1900"),
        ([("value = 1_000_000.00", "value = 5\nfrom = 2030-01-01")], "fund.total", "an amount for 2030-01-01"),
        ([("value = 1_000_000.00", "value = 5\nfrom = 2024-02-01\nuntil = 2024-01-01")], "fund.total", "lies before"),
        ([("value = 1_000_000.00", "years = { 2024 = 5 }\nfrom = 2024-01-01")], "fund.total", "years together with"),
        ([('unit = "EUR"\nvat = "incl"\nprice_level = "current"\nstatus = "enacted"\nsource = "besluit"\nplace',
           'unit = "share"\nstatus = "enacted"\nsource = "besluit"\nplace')], "fund.total", "'share'; allowed: EUR"),
        ([("rate = { value = 0.21,", 'rate = { vat = "incl", value = 0.21,')], "fund.vat.rate", "vat on a value in"),
        ([('input = "taxed_share"', 'input = "taxed"')], "fund.vat.taxed_share.input", "Did you mean 'taxed_share'?"),
        ([('[inputs.taxed_share]\nunit = "share"', '[inputs.taxed_share]\nunit = "EUR"')],
         "fund.vat.taxed_share", "unit 'share', but input 'taxed_share' has 'EUR'"),
        ([('publisher = "VNG"', "")], "sources.besluit", "no publisher and no url"),
        ([('title = "Besluit van de proef"', 'title = "VUL IN: het besluit"')], "sources.besluit.title", "still to"),
        ([("schema = 1", "schema = 2")], "schema", "2; allowed: 1"),
        ([('id = "funds/proef/2024"', 'id = "Funds Proef"')], "id", "'Funds Proef'; allowed: string should match"),
        ([("checked_on = 2024-05-01\n", "")], "checked_on", "missing. Fill it in."),
        ([('part = "project"', 'part = "projects"')], "activities.rest.part", "Did you mean 'project'?"),
        ([("years = [2024]", "years = [2024, 2026]")], "years", "years in order, without gaps"),
        ([("years = [2024]", "years = [24, 0]")], "years", "[24, 0]; allowed: years from 1900 to 2200"),
        ([("schema = 1", "schema = 1\nstart = 2024-01-01")], "start", "unknown key 'start'"),
    ],
)  # fmt: skip
def test_one_fault(pairs: list[tuple[str, str]], where: str, words: str) -> None:
    found_where, line = only_fault(*pairs)
    assert found_where == where
    assert words in line


def test_a_key_that_was_renamed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_faults.RENAMED, "counting_day", "Renamed to counting_date in 0.4.")
    found = faults_of(tables(("[fund.counting_date]", "[fund.counting_day]")))
    assert found["fund.counting_day"] == "unknown key 'counting_day'. Renamed to counting_date in 0.4."
    assert found["fund.counting_date"] == "missing. Fill it in."


def test_a_long_value_is_cut_short() -> None:
    _, line = only_fault(("value = 1_000_000.00", f'value = "{"x" * 300}"'))
    assert line.startswith("'" + "x" * 79 + "...; allowed")


@pytest.mark.parametrize(
    ("before", "dated", "words"),
    [
        ("value", [{"from": "2024-01-01"}, {"from": "2024-07-01"}], "values overlap on 2024-07-01"),
        ("value", [{}, {"from": "2024-07-01"}], "several values of which one has no from"),
        ("input", [{"from": "2024-01-01"}, {"from": "2024-07-01"}], "values overlap on 2024-07-01"),
    ],
)
def test_dated_values_do_not_overlap(before: str, dated: list[dict[str, str]], words: str) -> None:
    file = tables()
    file["inputs"]["total"] = {"unit": "EUR", "description": "totaal"}
    one = {key: item for key, item in file["fund"]["total"].items() if key != "value"}
    figure = {"value": 1_000_000} if before == "value" else {"input": "total"}
    file["fund"]["total"] = [one | figure | dates for dates in dated]
    file.pop("activities")
    assert words in faults_of(file)["fund.total"]


def test_dated_values_that_follow_one_another_load_and_name_themselves() -> None:
    file = tables()
    one = file["fund"]["total"]
    file["fund"]["total"] = [one | {"until": "2024-06-30", "from": "2024-01-01"}, one | {"from": "2024-07-01"}]
    names = [where for where, _ in load_model(file).definition.values()]
    assert names[:2] == ["fund.total[0]", "fund.total[1]"]
    file["fund"]["total"][1]["status"] = "enactd"
    assert faults_of(file).keys() == {"fund.total[1].status"}
    file["fund"]["total"] = []
    assert faults_of(file)["fund.total"].startswith("[]; allowed: a table with value, unit, status and source")


def test_a_value_that_is_no_table() -> None:
    file = tables()
    file["fund"]["total"] = 5
    assert faults_of(file) == {"fund.total": "5; allowed: a table with value, unit, status and source"}


def test_a_budget_without_a_value_in_the_year_is_a_fault_of_the_file() -> None:
    found = faults_of(
        tables(("years = [2024]", "years = [2023, 2024]"), ("value = 600_000", "years = { 2023 = 600_000 }"))
    )
    assert found.keys() == {"activities.ibd.budget"}
    assert "no value in 2024" in found["activities.ibd.budget"]


@pytest.mark.parametrize(
    "text", [FUND.split("[sources.besluit]")[0], FUND.replace("[sources.besluit]", "[sources]\n[x]")]
)
def test_a_file_without_a_source_does_not_load(text: str, tmp_path: Path) -> None:
    found = faults_of(write(tmp_path, text))
    assert found["sources"].startswith("none; allowed: at least one [sources.ID]")


def test_an_empty_file_says_everything_it_lacks(tmp_path: Path) -> None:
    found = faults_of(write(tmp_path, ""))
    assert found.keys() == {"kind", "sources", "schema", "id", "title", "checked_on"}
    assert found["kind"].startswith("missing; allowed: fund")


def test_a_wrong_kind_is_told_with_the_other_faults_of_the_header() -> None:
    found = faults_of(tables(('kind = "fund"', 'kind = "fnd"'), ("checked_on = 2024-05-01\n", "")))
    assert found.keys() == {"kind", "checked_on"}
    assert "Did you mean 'fund'?" in found["kind"]


def test_a_windows_1252_file_names_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, FUND.replace("Een fonds", "Één fonds").encode("cp1252"))
    with pytest.raises(ModelFileError, match=r"not UTF-8: line 6 holds a byte 0xc9\n.*Windows-1252"):
        load_model(path)
    utf16 = write(tmp_path, FUND.encode("utf-16"))
    with pytest.raises(ModelFileError, match="not UTF-8: line 1"):
        load_model(utf16)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    path = write(tmp_path, b"\xef\xbb\xbf" + FUND.replace("\n", "\r\n").encode())
    assert load_model(path).definition.title == "Proeffonds 2024"


@pytest.mark.parametrize(
    ("text", "words", "slip"),
    [
        (FUND.replace("schema = 1", "schema = "), "line 1", ""),
        (FUND.replace("2024-05-01", "2024-05-32"), "line 5", ""),
        (FUND.replace('kind = "fund"', 'kind = "fund"\nkind = "fee"'), "line 3", ""),
        (FUND.replace("1_000_000.00", "1.000.000,00"), "line 22", " Write 1000000.00."),
        (FUND.replace("1_000_000.00", "1.000.000"), "line 22", " Write 1000000."),
        (FUND.replace("1_000_000.00", "12,5 # miljoen"), "line 22", " Write 12.5."),
    ],
)
def test_invalid_toml_names_its_line(text: str, words: str, slip: str, tmp_path: Path) -> None:
    with pytest.raises(
        ModelFileError, match=rf"model.toml: not valid TOML: .*\({'at '}{words}, column \d+\)"
    ) as caught:
        load_model(write(tmp_path, text))
    assert caught.value.remedy == f"Correct the line named.{slip}"


def test_a_path_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"missing.toml: No such file.*\n.*the id of a model has no .toml"):
        load_model(tmp_path / "missing.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(ModelFileError, match=r"folder.toml: "):
        load_model(tmp_path / "folder.toml")


def test_a_mapping_is_read_as_the_file_would_be() -> None:
    """Floats count by their shortest decimal, so 0.1 + 0.2 is told as what it is, and 52300000.1 is whole cents."""
    plain = json.loads(
        json.dumps(tables(), default=lambda item: float(item) if isinstance(item, Decimal) else str(item))
    )
    loaded = load_model(plain)
    assert loaded.definition == load_model(tables()).definition
    plain["fund"]["total"]["value"] = np.float64(1_000_000.10)
    plain["years"] = (np.int64(2024),)
    assert load_model(plain).definition.values()[0][1].value == Decimal("1000000.1")
    plain["fund"]["total"]["value"] = 0.1 + 0.2
    assert faults_of(plain)["fund.total"] == "0.30000000000000004 EUR; allowed: whole cents"


def test_reading_a_mapping_leaves_it_alone() -> None:
    plain = tables()
    before = copy.deepcopy(plain)
    assert load_model(plain).hashes == load_model(before).hashes
    assert plain == before
    assert load_model(tables(("0.21", "0.20"))).hashes != load_model(plain).hashes


def test_a_mapping_without_an_id_has_a_name_for_messages() -> None:
    with pytest.raises(ModelFileError, match=r"^\(mapping\): this model file"):
        load_model({"kind": "fund"})


def test_a_definition_that_finds_a_day_without_a_value_makes_it_a_fault_of_the_file() -> None:
    class Asking(Header):
        def check(self, faults: Faults, reference: Reference) -> None:
            raise OutsidePeriodError("nothing", key="fund.total", asked="2030-01-01", known="2024", remedy="Add it.")

    header = {key: item for key, item in tables().items() if key not in ("years", "fund", "activities")}
    with pytest.raises(ModelFileError, match=r"fund.total: no value on 2030-01-01; known: 2024. Add it"):
        check_definition(read_model(header), Asking)


def test_a_fault_of_the_whole_file_and_a_choice_between_forms() -> None:
    """Definitions of other kinds may judge the whole file, and choose a form by one of its keys."""

    class Low(Checked):
        form: Literal["from_below"]
        low: int

    class High(Checked):
        form: Literal["from_above"]
        high: int

    class Whole(Header):
        drivers: tuple[Annotated[Low | High, Field(discriminator="form")], ...]

        @model_validator(mode="after")
        def _never(self) -> Self:
            raise fault("too much", "less")

    header = {key: item for key, item in tables().items() if key not in ("years", "fund", "activities")}
    header["drivers"] = [{"form": "from_below", "low": 1}]
    with pytest.raises(ModelFileError, match="the file: too much; allowed: less"):
        check_definition(read_model(header), Whole)
    header["drivers"] = [{"form": "from_below", "low": "x", "lwo": 1}, {"form": "from_above"}]
    with pytest.raises(ModelFileError) as caught:
        check_definition(read_model(header), Whole)
    assert [one.where for one in caught.value.faults] == ["drivers[0].low", "drivers[0].lwo", "drivers[1].high"]


def test_a_definition_is_frozen() -> None:
    raw = read_model(tables())
    loaded = check_definition(raw, definition_of(kind_of(raw)))
    with pytest.raises(ValueError, match="frozen"):
        loaded.definition.title = "anders"


# every node of the small file, for the test below
def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3000), st.text(max_size=5), st.just([]), st.just({}), st.just([{}]),
    st.just([[1]]), st.just({"": 1}), st.decimals(allow_nan=True, allow_infinity=True), st.dates(), st.datetimes(),
    st.just({"items": 1}), st.just([{"id": 5}]),
)  # fmt: skip


@cases(150)
@example(place=("activities", 0), junk=None, second=("activities", 1, "budget", "mark"), more=None)
@given(place=st.sampled_from(places(tables())), junk=JUNK, second=st.sampled_from(places(tables())), more=JUNK)
def test_whatever_stands_in_a_file_it_loads_or_tells_its_faults(
    place: tuple[Any, ...], junk: Any, second: tuple[Any, ...], more: Any
) -> None:
    file = tables()
    for path, new in ((place, junk), (second, more)):
        *steps, last = path
        target: Any = file
        for step in steps:
            target = dict(enumerate(target)) if isinstance(target, list) else target
            target = target.get(step) if isinstance(target, dict) else None
        if isinstance(target, dict) or (isinstance(target, list) and last in range(len(target))):
            target[last] = copy.deepcopy(new)
    try:
        assert load_model(file).definition.values()
    except ModelFileError as error:
        event(f"{min(len(error.faults), 3)} faults")
