"""The one place where what a report says gets its language: just before it becomes files.

Results hold messages (:mod:`ggu_costs.words.messages`), which are Dutch text wherever nobody asks for another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.report import Answer, Report, Section, Tile
from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.words.languages import MESSAGES_IN, check_language
from ggu_costs.words.messages import Message, say

_BY_COLUMN = frozenset({"units", "total", "pm", "decimals"})
"""Facts of a frame that name its columns."""


def report_in(report: Report, lang: str) -> Report:
    """Return a report with all that it says in a language; what is no message (names, quoted texts) stays as it is.

    Raises
    ------
    UnknownNameError
        A language that does not exist.
    """
    check_language(lang)
    if lang == MESSAGES_IN:
        return report
    return replace(
        report,
        title=say(report.title, lang),
        tables=tuple(table_in(table, lang) for table in report.tables),
        summary=tuple((say(name, lang), _said(value, lang), unit) for name, value, unit in report.summary),
        answer=report.answer and _answer_in(report.answer, lang),
        notes=tuple(say(note, lang) for note in report.notes),
        technique=tuple(say(note, lang) for note in report.technique),
        provenance=_said(report.provenance, lang),
        sources=tuple(_said(source, lang) for source in report.sources),
        charts=tuple(chart_in(chart, lang) for chart in report.charts),
        more_charts=tuple(chart_in(chart, lang) for chart in report.more_charts),
        sections=tuple(_section_in(section, lang) for section in report.sections),
    )


def table_in(table: Table, lang: str) -> Table:
    """Return a table with all that it says in a language."""
    if lang == MESSAGES_IN:
        return table
    names = _names_in(table.frame, lang)
    return replace(
        table,
        title=say(table.title, lang),
        frame=_frame_in(table.frame, lang),
        units=_renamed(table.units, names),
        notes=tuple(say(note, lang) for note in table.notes or ()),
        total=_renamed(table.total, names),
        pm=_renamed(table.pm, names),
        meanings={names.get(name, name): say(meaning, lang) for name, meaning in table.meanings.items()},
    )


def explanation_in(explanation: Explanation, lang: str) -> Explanation:
    """Return steps with all that they say in a language."""
    return replace(
        explanation,
        title=say(explanation.title, lang),
        subject=say(explanation.subject, lang),
        steps=tuple(Step(*(say(text, lang) for text in (s.label, s.value, s.basis))) for s in explanation.steps),
        notes=tuple(say(note, lang) for note in explanation.notes),
    )


def chart_in(chart: Chart, lang: str) -> Chart:
    """Return a chart with all that it says in a language."""
    if lang == MESSAGES_IN:
        return chart
    mark = chart.mark and (*chart.mark[:2], say(chart.mark[2], lang))
    names = _names_in(chart.frame, lang)
    drawn = tuple(names.get(name, name) for name in chart.y)
    return replace(chart, title=say(chart.title, lang), frame=_frame_in(chart.frame, lang), y=drawn, mark=mark)


def _answer_in(answer: Answer, lang: str) -> Answer:
    tiles = (Tile(name=say(t.name, lang), value=say(t.value, lang), basis=say(t.basis, lang)) for t in answer.tiles)
    return Answer(
        sentence=say(answer.sentence, lang),
        tiles=tuple(tiles),
        more=tuple(say(text, lang) for text in answer.more),
        outside=tuple(say(text, lang) for text in answer.outside),
    )


def _section_in(section: Section, lang: str) -> Section:
    texts = tuple((say(question, lang), say(answer, lang)) for question, answer in section.texts)
    return replace(section, title=say(section.title, lang), texts=texts)


def _frame_in(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a frame whose cells and labels are said in a language; itself where it holds no message."""
    texts = [name for name in frame.columns if frame[name].dtype.kind == "O" and _any(frame[name])]
    rows, columns = _any(frame.index), _any(frame.columns)
    if not (texts or rows or columns):
        return frame
    result = frame.copy()
    for name in texts:
        result[name] = [_said(value, lang) for value in frame[name]]
    if rows:
        result.index = pd.Index([_said(value, lang) for value in frame.index], name=frame.index.name)
    if columns:
        names = _names_in(frame, lang)
        result.columns = pd.Index([_said(value, lang) for value in frame.columns], name=frame.columns.name)
        facts = {str(key): _renamed(fact, names) if key in _BY_COLUMN else fact for key, fact in frame.attrs.items()}
        return describe(result, **facts)
    return result


def _names_in(frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return what columns that are named by a message are called in a language."""
    return {str(name): say(name, lang) for name in frame.columns if isinstance(name, Message)}


def _renamed(fact: Any, names: Mapping[str, str]) -> Any:
    """Return names of columns, or a mapping by them, as the columns are called now."""
    if isinstance(fact, Mapping):
        return {names.get(str(name), name): value for name, value in fact.items()}
    return [names.get(str(name), name) for name in fact] if isinstance(fact, list | tuple) else fact


def _any(values: Any) -> bool:
    return any(isinstance(value, Message) for value in values)


def _said(value: Any, lang: str) -> Any:
    """Say what is a message, in a mapping or list as well."""
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, Mapping):
        return {_said(key, lang): _said(part, lang) for key, part in value.items()}
    return [_said(part, lang) for part in value] if isinstance(value, list | tuple) else value
