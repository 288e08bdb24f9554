"""What readers see of the shipped models: no names of Python, no English numbers in Dutch, no old words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from shipped import dossier_of, opened, report_of

from ggu_costs.catalogue import model_files
from ggu_costs.display.chart import Chart
from ggu_costs.display.language import report_in
from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.modelfile.listing import values_frame
from ggu_costs.report.shown import shown_table, traced
from ggu_costs.words.label import VOCABULARIES, names_in

MODELS = model_files()
CASES = [name for name in MODELS if name.startswith("procurement/")]
ENGLISH = re.compile(r"(?<![\d.])\d+\.(?:\d{1,2}|\d{4,})(?![\d.])|\d,\d{3},\d{3}")
"""A decimal point, or thousands marked by commas; 1.000 and 0,125 are Dutch."""
LONG = re.compile(r",\d*0000\b")
OLD = re.compile(
    r"alleen-toets|op eigen kracht|ieder voor zich|klacht\b|omslagpunt|kostenpot|\bpot met\b|maanden werk"
    r"|niet toebedeeld|te toetsen is is|volgorde van de SHA|[Ee]en keer (?:gebouwd|voor)|Coordinatie|netto in\b"
    r"|\bEUR \d|bestaat hier niet:"
)
"""Rows 46 and 52 to 60 of what a professional would not write."""


def quoted(name: str) -> bool:
    """Whether a column quotes the file or a source."""
    return name in ("note", "source", "item", "name", "unit", "by")


@pytest.mark.parametrize("name", MODELS)
def test_a_table_of_values_in_dutch(name: str) -> None:
    frame = values_frame(opened(name).definition)
    shown = shown_table(Table("values", "", frame, role="values"), "nl")
    wrong = []
    for _, cells in shown.rows:
        for head, cell in zip(shown.heads, cells, strict=True):
            text = cell.text
            words = names_in(head.name) if head.name in VOCABULARIES else {}
            coded = text in words and text not in words.values()
            snake = head.name == "value" and not text.startswith("invoer ") and re.search(r"[a-z]_[a-z]", text)
            english = not quoted(head.name) and ENGLISH.search(text)
            if "None" in text.split() or LONG.search(text) or english or coded or snake:
                wrong.append(f"{cells[0].text}: {text}")
    assert wrong == []
    units = list(frame["unit"])
    large = [value for value, unit in zip(frame["value"], units, strict=True) if isinstance(value, int) and not unit]
    assert all(value < 10_000 or value > 10**8 for value in large)  # years and seeds; what is counted has a unit


def texts(report: Report) -> Iterator[str]:
    """Everything that a report says, and its tables as a page shows them."""
    assert report.answer is not None
    answer = report.answer
    yield from (report.title, answer.sentence, *answer.more, *answer.outside, *report.notes)
    for tile in answer.tiles:
        yield from (tile.name, tile.value, tile.basis)
    yield from (" ".join((str(name), str(value))) for name, value, _ in report.summary if isinstance(value, str))
    charts: tuple[Chart, ...] = (*report.charts, *report.more_charts)
    yield from (chart.title for chart in charts)
    for table in report.tables:
        shown = shown_table(table, "nl")
        yield from (shown.title, shown.words, *shown.notes, *(head.text for head in shown.heads))
        yield from (cell.text for _, cells in shown.rows for cell in cells)


@pytest.mark.compiled
@pytest.mark.parametrize("name", CASES)
def test_no_old_words_in_what_a_case_says(name: str) -> None:
    case = opened(name)
    code = "GM0599" if "GM0599" in case.codes else case.codes[0]
    for municipality in (None, code):
        said = list(texts(report_in(dossier_of(name, municipality), "nl")))
        assert [text for text in said if OLD.search(text)] == []
        report = report_of(name, municipality)
        assert report.answer is not None
        sentences = [report.answer.sentence, *report.answer.more, *report.answer.outside, *report.notes]
        assert [text for text in sentences if text[:1].islower()] == []


def test_what_an_output_rests_on_in_words() -> None:
    lines = traced({"library": "0.1", "files": {"funds/ggu/2020": "ab"}, "years": [2020], "own": 1}, "nl")
    assert lines == [
        ("Programmatuur", "0.1"), ("SHA-256 van het modelbestand: funds/ggu/2020", "ab"), ("Jaren", "2020"),
        ("Own", "1"),
    ]  # fmt: skip
    assert traced({"library": "0.1"}, "en") == [("Software", "0.1")]


@pytest.mark.parametrize("name", [name for name in MODELS if not name.startswith("programmes/")])
def test_provenance_has_words(name: str) -> None:
    heads = dossier_of(name).provenance
    assert set(heads) - names_in("provenance").keys() == set()
