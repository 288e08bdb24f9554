"""Every name that a shipped model puts in a table, above a column or in a cell has its words, Dutch and English."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd
import pytest
from shipped import opened, report_of

from ggu_costs.catalogue import model_files, open_model
from ggu_costs.display.columns import columns_of
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.impact.model import Programme
from ggu_costs.joint import JointBody
from ggu_costs.modelfile.listing import values_frame
from ggu_costs.words.label import VOCABULARIES, names_in, words_of
from ggu_costs.words.messages import Message, word
from ggu_costs.words.page import phrases

MODELS = model_files()
FREE = {"item", "value"}  # ids and texts of the file among the words
SNAKE = re.compile(r"\b[a-z]+_[a-z_]+\b")


def lacking(report: Report) -> Iterator[str]:
    """Names without words."""
    frames = [*report.frames.items(), *(("", chart.frame) for chart in report.charts)]
    for table, frame in frames:
        if table and not (words_of(table) and words_of(table, "en")):
            yield f"table {table}"
        said = {str(name) for name in frame.columns if isinstance(name, Message)}
        for column in columns_of(frame):
            name = column.alias or column.name
            mixture = ": " in name or name in said  # pools of the file, each with the words of its rule; messages
            if not (mixture or (words_of(name) and words_of(name, "en"))):
                yield f"{table}: column {name}"
            if column.name in VOCABULARIES and column.kind == "text":
                yield from (f"{table}: {column.name} {cell}" for cell in cells(column.name, column.values))
    for label, _, _ in report.summary:
        if SNAKE.search(label) and not words_of(label) and label not in phrases("nl"):
            yield f"summary: {label}"


def cells(vocabulary: str, values: tuple[object, ...]) -> Iterator[str]:
    """Cells that are names and have no words."""
    for value in {str(value) for value in values if value not in (None, "")}:
        named = SNAKE.search(value) if vocabulary in FREE else re.fullmatch(r"[a-z][a-z_]*", value)
        both = words_of(value, of=vocabulary) and words_of(value, "en", of=vocabulary)
        if named and not value.startswith("invoer ") and not both:
            yield value


def losing(frame: pd.DataFrame) -> list[str]:
    """Where messages stand in a column or labels of strings, of which pandas with pyarrow keeps the Dutch text only."""
    parts = {"rows": frame.index, "columns": frame.columns, **{str(name): frame[name] for name in frame}}
    return [
        name for name, part in parts.items()
        if part.dtype != object and any(isinstance(value, Message) for value in part)
    ]  # fmt: skip


def all_losing(report: Report) -> list[str]:
    frames = [*report.frames.values(), *(chart.frame for chart in (*report.charts, *report.more_charts))]
    return [name for frame in frames for name in losing(frame)]


def test_the_check_finds_what_it_should() -> None:
    frame = pd.DataFrame({"own_figure": [1.0], "status": ["half_done"]}, index=pd.Index(["a_b"], name="item"))
    report = Report("T", (Table("own_table", "", frame),), summary=(("own_line", 1, ""),))
    assert set(lacking(report)) == {
        "table own_table", "own_table: column own_figure", "own_table: status half_done", "own_table: item a_b",
        "summary: own_line",
    }  # fmt: skip
    kept = pd.Series([word("vat")], dtype=object)
    frame = pd.DataFrame({"a": kept, "b": pd.Series([word("vat")], dtype=pd.StringDtype("python"))})
    assert losing(frame) == ["b"]


@pytest.mark.parametrize("name", [name for name in MODELS if not name.startswith(("programmes/", "procurement/"))])
def test_funds_fees_and_ballots(name: str) -> None:
    model = opened(name)
    code = model.definition.participants[0].code if isinstance(model, JointBody) else "GM0363"
    whole, note = report_of(name), report_of(name, code)
    assert set(lacking(whole)) == set()
    assert set(lacking(note)) <= {"table years"}  # stands under its title
    assert all_losing(whole) == all_losing(note) == []


@pytest.mark.compiled
@pytest.mark.parametrize("name", [name for name in MODELS if name.startswith("procurement/")])
def test_cases(name: str) -> None:
    report = report_of(name)
    assert (set(lacking(report)), all_losing(report)) == (set(), [])


@pytest.mark.compiled
@pytest.mark.parametrize("name", [name for name in MODELS if name.startswith("programmes/")])
def test_programmes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    simulate = Programme.simulate
    monkeypatch.setattr(Programme, "simulate", lambda self, **how: simulate(self, 64, **how))
    report = open_model(name).report()
    assert (set(lacking(report)), all_losing(report)) == (set(), [])


@pytest.mark.parametrize("name", MODELS)
def test_what_the_files_say(name: str) -> None:
    model = opened(name)
    definition = getattr(model, "definition", None) or model.loaded.definition
    assert losing(values_frame(definition)) == []
    for column in columns_of(values_frame(definition)):
        assert words_of(column.name), column.name
        if column.name in VOCABULARIES:
            assert set(cells(column.name, column.values)) == set()
    fields = {field for _, part in definition.parts() for field in type(part).model_fields}
    keys = " ".join(map(str, values_frame(definition)["item"]))
    told = set(re.findall(r"[a-z][a-z0-9_]*(?=[.\[ ]|$)", keys)) & fields
    assert told - names_in("item").keys() == set()


def test_questions_without_a_shipped_table() -> None:
    """Budget, convergence and compensation are asked in Python; their frames have words too."""
    names = ["2026", "2026_error", "draws", "amount", "amount_error", "share", "quantity", "probability_error"]
    assert all(words_of(name) and words_of(name, "en") for name in names)
    assert words_of("balance", of="quantity") == "saldo"
    assert words_of("2026_error") == "simulatiefout 2026"
