"""The one place where what a report says gets its language: just before it becomes files.

Results hold messages (:mod:`ggu_costs.words.messages`), which are Dutch text wherever nobody asks for another language.
"""

from __future__ import annotations

from dataclasses import replace

from ggu_costs.display.chart import Chart
from ggu_costs.display.explanation import Explanation, Step
from ggu_costs.display.report import Answer, Report, Section, Tile
from ggu_costs.display.table_language import frame_in, names_in_language, said_in, table_in
from ggu_costs.words.languages import MESSAGES_IN, check_language
from ggu_costs.words.messages import say


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
        summary=tuple((say(name, lang), said_in(value, lang), unit) for name, value, unit in report.summary),
        answer=report.answer and _answer_in(report.answer, lang),
        notes=tuple(say(note, lang) for note in report.notes),
        technique=tuple(say(note, lang) for note in report.technique),
        provenance=said_in(report.provenance, lang),
        sources=tuple(said_in(source, lang) for source in report.sources),
        charts=tuple(chart_in(chart, lang) for chart in report.charts),
        more_charts=tuple(chart_in(chart, lang) for chart in report.more_charts),
        sections=tuple(_section_in(section, lang) for section in report.sections),
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
    names = names_in_language(chart.frame, lang)
    drawn = tuple(names.get(name, name) for name in chart.y)
    return replace(chart, title=say(chart.title, lang), frame=frame_in(chart.frame, lang), y=drawn, mark=mark)


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
