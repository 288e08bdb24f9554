"""Every answer leaves Python: as JSON that the published schema allows, a workbook, files; and shows itself short."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import jsonschema
import pandas as pd
import pytest
from objects import objects

import ggu_costs as ggu
from ggu_costs.display.explanation import Explanation
from ggu_costs.errors import InputError, OutputError, UnknownNameError
from ggu_costs.results import JsonResult, read_json, result_schema
from ggu_costs.results.portable import Portable

SCHEMA = Path(inspect.getfile(Portable)).parent / "result-1.schema.json"
KEY = pd.Series({"GM0363": 2.0, "GM0345": 1.0})
PARTS = 5


@pytest.fixture(scope="module")
def found() -> dict[type, Any]:
    """One of every class of answers: everything that has a frame."""
    return {kind: thing for kind, thing in objects().items() if hasattr(thing, "to_frame")}


def kinds_of(base: type) -> Iterator[type]:
    """Every class made from another, however far."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("ggu_costs."):  # not those that other tests make
            yield kind
            yield from kinds_of(kind)


@pytest.mark.compiled
def test_what_has_a_frame_is_an_answer_that_can_leave(found: dict[type, Any]) -> None:
    assert {kind.__name__ for kind in found if not issubclass(kind, Portable)} == {"Explanation"}
    for module in walk_packages(ggu.__path__, "ggu_costs."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    assert {kind.__name__ for kind in kinds_of(Portable) if kind not in found and not kind.__subclasses__()} == set()
    assert {"Allocation", "Redistribution", "ImpactResult", "BundleResult", "Exit", "GrantAmounts", "GameSolution"} <= {
        kind.__name__ for kind in found
    }


@pytest.mark.compiled
@pytest.mark.parametrize("part", range(PARTS))
def test_every_answer_leaves_python_and_comes_back(found: dict[type, Any], part: int, tmp_path: Path) -> None:
    """Each class in one part: which there are is known once the objects are made, not when tests are collected."""
    for kind in [*found][part::PARTS]:
        try:
            leaves_and_comes_back(kind, found[kind], tmp_path / kind.__name__)
        except BaseException as error:
            error.add_note(f"of {kind.__name__}")
            raise


def leaves_and_comes_back(kind: type, thing: Any, folder: Path) -> None:
    """JSON round trip, held to the published schema; files; a short head in Python and in a notebook."""
    for lang in (thing.lang,) if kind is JsonResult else ("nl", "en"):
        text = thing.to_json(lang=lang)
        told = json.loads(text, parse_constant=pytest.fail)
        VALIDATOR.validate(told)
        assert (told["kind"], told["lang"]) == (thing.kind if kind is JsonResult else kind.__name__, lang)
        again = read_json(text)
        assert again.to_json() == text
        assert again.report().to_dict(lang=lang) | {"kind": again.kind} == told
    same_figures(thing.to_frame(), read_json(thing.to_json()))
    assert len(repr(thing)) < 4_100
    assert 100 < len(shown := thing._repr_html_()) < 40_000
    assert "<td" in shown
    if kind is not Explanation:
        names = thing.write(folder)
        assert {path.name for path in folder.iterdir()} == {*names}
        assert {"result.xlsx", "result.html", "provenance.json"} <= {*names}
        assert ggu.verify(folder).whole


@pytest.mark.compiled
def test_everything_shows_itself_short() -> None:
    """All that can be reached from an answer: its definitions, engines and errors too."""
    for kind, thing in objects().items():
        assert 0 < len(repr(thing)) < 4_100, kind
        assert " object at 0x" not in repr(thing), kind
        if not issubclass(kind, Exception | str):
            assert len(getattr(thing, "_repr_html_", lambda: "")()) < 40_000, kind


VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def same_figures(frame: pd.DataFrame, told: Any) -> None:
    """Whether some table of a document has the figures of a frame, to the last bit, and null where it has none."""
    columns = [column for column in frame.columns if pd.api.types.is_float_dtype(frame[column])]
    for name in told.tables:
        other = told.to_frame(name)
        if len(other) == len(frame) and {str(column) for column in columns} <= {str(each) for each in other.columns}:
            for column in columns:
                pd.testing.assert_series_equal(
                    frame[column].reset_index(drop=True), other[str(column)].reset_index(drop=True),
                    check_dtype=False, check_names=False, check_exact=True,
                )  # fmt: skip
            return
    pytest.fail(f"no table of {told.tables} has the figures of the frame")


# the schema, and JSON that is refused


def test_the_schema_is_published_as_it_is_made() -> None:
    """A change of it is a change of the file beside the code, and of its version where a reader would trip over it."""
    made = json.dumps(result_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == made
    parts = [result_schema(), *result_schema()["$defs"].values()]
    assert [name for part in parts for name, each in part["properties"].items() if "description" not in each] == []


def told(**change: Any) -> dict[str, Any]:
    return ggu.allocate(100, KEY).to_dict() | change


def test_unknown_amounts_are_null_with_a_mark() -> None:
    bill = ggu.open_fund("funds/ggu/2020").contributions()
    (table,) = bill.to_dict()["tables"]
    columns = {column["name"]: column for column in table["columns"]}
    assert set(columns["net"]["values"]) == {None}
    assert [columns[name]["missing"] for name in ("net", "contribution", "name")] == ["pm", "unknown", "none"]
    assert columns["contribution"]["values"][columns["code"]["values"].index("GM0345")] == 199774.06
    assert "NaN" not in bill.to_json()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (told(version=2), "schema version 2; this ggu_costs reads version 1\nRead it with a later ggu_costs"),
        (told(version=0), "schema version 0; .*\nMake it again with result.to_json"),
        (told(version=None), "schema version None"),
        (told(version=True), "schema version True"),
        (told(format="other"), "no JSON of a ggu_costs result"),
        ("{}", "no JSON of a ggu_costs result"),
        ('{"format": NaN}', "NaN is no number of JSON"),
        ("{", "this is no JSON"),
        ("{" + '"a":[' * 100_000, "this is no JSON"),
        (b"[1]", "no JSON of a ggu_costs result"),
        (3, "the JSON of a result: a int"),
        (told(surprise=1), "surprise: 1: Extra inputs are not permitted"),
        (told(title=3), "title: 3: Input should be a valid string"),
    ],
)
def test_json_that_is_none_of_ours_is_refused(source: Any, message: str) -> None:
    with pytest.raises(InputError, match=f"(?s){message}"):
        read_json(source)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table["columns"][1]["values"].pop(), "columns of different lengths"),
        (lambda table: table["columns"][1].update(name="code"), "'code' 2 times"),
        (lambda table: table.update(labels=9), "labels: 9 of 6 columns"),
        (lambda table: table.update(total=["method"]), "'method' is no column of figures"),
        (lambda table: table["columns"][1]["values"].__setitem__(0, "PM"), "text in the cents of 'amount'"),
        (lambda table: table["columns"][1]["values"].__setitem__(0, float("inf")), "should be a finite number"),
    ],
)
def test_json_that_does_not_hold_together_is_refused(change: Callable[[dict[str, Any]], Any], message: str) -> None:
    document = told()
    change(document["tables"][0])
    with pytest.raises(InputError, match=message):
        read_json(document)


def test_a_file_of_json_is_read_and_one_that_is_not_there_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "bill.json"
    file.write_text(json.dumps(told()), encoding="utf-8")
    assert read_json(file) == read_json(str(file)) == read_json(file.read_bytes())
    with pytest.raises(ggu.MissingInputError, match=r"none\.json"):
        read_json(tmp_path / "none.json")


def test_what_was_read_stays_in_its_language_and_knows_its_tables() -> None:
    read = read_json(told())
    with pytest.raises(InputError, match=r"written in 'nl'.*\n.*to_json\(lang='en'\)"):
        read.to_json(lang="en")
    with pytest.raises(UnknownNameError, match="unknown table 'x'; there are: result"):
        read.to_frame("x")


def test_figures_without_an_end_are_refused() -> None:
    endless = ggu.allocate(100, [1, 1], cents=False)
    object.__setattr__(endless, "values", endless.values * float("inf"))
    with pytest.raises(InputError, match="infinite"):
        endless.to_json()


# workbooks, files, Arrow


def test_a_workbook_of_one_answer(tmp_path: Path) -> None:
    path = ggu.allocate(100, KEY).to_excel(tmp_path / "new" / "shares.xlsx", lang="en")
    sheets = pd.read_excel(path, sheet_name=None, header=None)
    assert list(sheets) == ["Summary", "Result", "Calculation", "Provenance"]
    assert 66.67 in sheets["Result"].to_numpy()
    with pytest.raises(InputError, match=r"named 'shares.csv'\nGive a name that ends in .xlsx"):
        ggu.allocate(1, [1]).to_excel(tmp_path / "shares.csv")


def test_files_that_cannot_be_written_leave_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(OutputError, match="is not a folder"):
        ggu.allocate(1, [1]).write(file)
    with pytest.raises(OutputError):
        ggu.allocate(1, [1]).to_excel(file / "a.xlsx")
    assert file.read_text() == "mine"


def test_files_of_an_answer_name_the_model_files_it_rests_on(tmp_path: Path) -> None:
    ggu.open_fund("funds/ggu/2020").contributions().write(tmp_path)
    provenance = json.loads((tmp_path / "provenance.json").read_text())
    assert "funds/ggu/2020" in provenance["files"]


def test_frames_go_to_arrow_and_parquet_by_pandas(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    frame = ggu.open_fund("funds/ggu/2020").contributions().to_frame()
    frame.to_parquet(tmp_path / "bill.parquet")
    again = pd.read_parquet(tmp_path / "bill.parquet")
    assert again["contribution"].equals(frame["contribution"])
    assert again.attrs["units"] == frame.attrs["units"]
