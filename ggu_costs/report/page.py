"""The page an assembly reads: one HTML file that works from disk, without a network.

Tables are in the page as tables: search, sorting and the panel of one municipality take their figures from them, and
without scripts everything can still be read. A policy in the page forbids it to load anything, and to run any script
but its own. The same inputs give the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ggu_costs._version import __version__
from ggu_costs.display.explanation import Explanation
from ggu_costs.display.language import explanation_in, report_in
from ggu_costs.display.report import Chart, Explained, Line, Report
from ggu_costs.display.table import Table
from ggu_costs.display.titles import short_titles
from ggu_costs.errors import Faults, listed, not_installed
from ggu_costs.report.bundle import keep, kept, script_bundle
from ggu_costs.report.drawing import Boundaries, Drawing, drawing_of
from ggu_costs.report.focus import GROUPS, Focus, focus_of
from ggu_costs.report.shown import ShownTable, shown_memoranda, shown_sources, shown_table, summary_column, traced
from ggu_costs.report.vega import specification
from ggu_costs.text import one_line, visible
from ggu_costs.words.label import banner
from ggu_costs.words.languages import vocabularies
from ggu_costs.words.messages import Message
from ggu_costs.words.page import capital, lettered, named, phrase, phrases

if TYPE_CHECKING:
    import jinja2

    from ggu_costs.reference.grouping import Grouping


_SAID_BY_SCRIPTS = (
    "became", "close", "found", "link", "neighbours", "none_found", "not_here", "place", "steps", "year",
)  # fmt: skip

_AMOUNT = re.compile(r"(?:[-+] )?€ ?[\d.,]*\d(?: (?:mln|mld|million|billion))?")


def lacking_packages() -> list[str]:
    """Return the packages of the extra ``html`` that are not installed; a page needs all of them."""
    needed = {"jinja2": "Jinja2", "vl_convert": "vl-convert-python"}
    return [package for module, package in needed.items() if find_spec(module) is None]


def page_bytes(
    report: Report,
    *,
    lang: str = "nl",
    boundaries: Boundaries = None,
    groups: Sequence[Grouping] = GROUPS,
) -> bytes:
    """Return the page as bytes.

    Parameters
    ----------
    report
        What the page shows. Of one municipality it is a note, without map and search.
    lang
        ``nl`` or ``en``.
    boundaries
        Boundaries of municipalities (GeoJSON, TopoJSON) for the map, instead of those that are shipped.
    groups
        Groups to add up by, as :func:`ggu_costs.groups` takes them. A reference column without figures in the year of
        the table is left out.

    Returns
    -------
    bytes
        HTML in UTF-8, at most a few megabytes. What is illustrative carries FICTIEF VOORBEELD.

    Raises
    ------
    InputError
        A table or chart that cannot be shown, boundaries that do not fit, a section that names no table.
    GguCostsError
        Jinja2 or vl-convert-python is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"fee": [1.5]}, index=pd.Index(["GM0363"], name="code"))
    >>> fees = Table("fees", "Contributie 2024", frame, units="EUR")
    >>> page_bytes(Report("Contributie 2024", (fees,))).startswith(b"<!doctype html>")
    True
    """
    quoted, report = _quoted(report), report_in(report, lang)
    if lacking_packages():
        raise not_installed("a page", " and ".join(lacking_packages()), "html")
    _check(report)
    focus = focus_of(report, groups=groups, lang=lang)
    main, column, charts = focus.main, focus.column, focus.charts
    drawing = drawing_of(main, column, boundaries, lang) if main and column else None
    bundle = script_bundle() if charts else ""
    values = [table for table in focus.tables if table.role == "values"]
    steps = packed(_explanations(report.explained, lang)) if main else {}
    context = {
        "lang": lang, "words": phrases(lang), "version": __version__,
        "title": one_line(report.title), "notes": [lettered(note) for note in report.further_notes],
        "quoted": quoted, "municipality": report.municipality, "banner": banner(lang) if report.illustrative else "",
        "answer": report.answer, "technique": _technique(report, lang),
        "summary": _summary(report.summary, lang), "drawing": drawing,
        "charts": [
            (capital(chart.title), _twin(chart, place, lang), chart.frame.attrs.get("illustrative", True))
            for place, chart in enumerate(charts, start=1)
        ],
        "provenance": traced(report.provenance, lang), "sources": shown_sources(report.sources, values, lang),
        **_parts(report, focus, lang), "style": _asset("page.css"),
        "data": _data(drawing, charts, column.name if column else "", steps, lang),
        "bundle": bundle, "script": _asset("page.js"), "policy": _policy([bundle, _asset("page.js")]),
    }  # fmt: skip
    return str(_template().render(context)).encode()


def _quoted(report: Report) -> frozenset[str]:
    """Return the texts that are in Dutch on a page in any language: those of a model file, which are no messages."""
    answers = [text for section in report.sections for pair in section.texts for text in pair]
    said = (*report.answer.more, *report.answer.outside) if report.answer else ()
    texts = (report.title, *said, *report.notes, *report.technique, *answers)
    plain = [text for text in texts if not isinstance(text, Message)]
    return frozenset(written for text in plain for written in (text, one_line(text), lettered(text)))


def _technique(report: Report, lang: str) -> list[str]:
    """Return how it was computed, and where the simulation errors are that the tables of a page leave out."""
    errors = any(column.name.endswith("_error") for table in report.tables for column in table.columns())
    return [*map(lettered, report.technique), *[phrase("errors_elsewhere", lang)] * errors]


def _parts(report: Report, focus: Focus, lang: str) -> dict[str, object]:
    """Share the tables out over the parts of the page; earlier years open on demand, as do lists in a section."""
    tables, main, whole = focus.tables, focus.main.table if focus.main else None, not report.municipality
    titles = short_titles(tables, report.title, main=main, lang=lang)
    inside = {name for section in report.sections for name in section.tables}
    said = (*report.notes, *(report.answer.outside if report.answer else ()))
    ready = {}
    for table in tables:
        folded = table is not main and (table.earlier or (table.name in inside and table.by_code))
        ready[table.name] = shown_table(table, lang, title=titles[table.name], said=said, folded=folded)
    parts: dict[str, list[ShownTable]] = {"per_code": [], "groups": [], "more": [], "values": []}
    for table in tables:
        shown = ready[table.name]
        if table.role == "values":
            parts["values"].append(shown)
        elif table.name not in inside and table is not main:
            part = "groups" if table.role == "groups" else "per_code" if whole and shown.by_code else "more"
            parts[part].append(shown)
    sums = [table for table in tables if table.role != "groups"]
    values = [table for table in tables if table.role == "values"]
    return {
        **parts,
        "main": ready[main.name] if main else None,
        "sections": [(section, [ready[name] for name in section.tables]) for section in report.sections],
        "memoranda": shown_memoranda(sums, values, lang),
    }


def _explanations(results: Iterable[Explained], lang: str) -> dict[str, list[Explanation]]:
    """Return how each amount came about, by code, in the order of the results."""
    explained: dict[str, list[Explanation]] = {}
    for result in results:
        for code in map(str, result.codes):
            explained.setdefault(code, []).append(explanation_in(result.explain(code), lang))
    return explained


def packed(explained: Mapping[str, Sequence[Explanation]]) -> dict[str, object]:
    """Return explanations as few bytes: every text once, and numbers that say where it is.

    Returns
    -------
    dict
        ``texts``; ``of``: by code a list of titles with their steps, each step label, value and basis. Titles are
        without the name of the municipality, which is the same for all of its steps.

    Examples
    --------
    >>> from ggu_costs.display.explanation import Step
    >>> bill = Explanation("Veenendaal: bijdrage", (Step("inwoners", "3", "CBS"),), subject="bijdrage")
    >>> packed({"GM0345": [bill]})
    {'texts': ['bijdrage', 'inwoners', '3', 'CBS'], 'of': {'GM0345': [[0, [[1, 2, 3]]]]}}
    """
    texts: dict[str, int] = {}

    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    of = {
        code: [
            [place(item.subject or item.title),
             [[place(step.label), place(step.value), place(step.basis)] for step in item.steps]]
            for item in items
        ]
        for code, items in explained.items()
    }  # fmt: skip
    return {"texts": list(texts), "of": of} if of else {}


def _check(report: Report) -> None:
    """Refuse a map or a section that names no table of the report."""
    faults, names = Faults(), report.frames
    if report.map is not None:
        table, column = report.map
        if table not in names or column not in names[table].columns:
            faults.add("map", f"{table}.{column} is no column of a table", listed(names))
    for section in report.sections:
        for name in section.tables:
            if name not in names:
                faults.add(f"section {section.title}", f"{name!r} is no table", listed(names))
    faults.check("this page cannot be made", remedy="Name tables of the report.")


def _summary(summary: Iterable[Line], lang: str) -> list[tuple[str, str]]:
    shown = []
    for words, value, unit in summary:
        column = summary_column(words, value, unit)
        shown.append((capital(lettered(named(words, lang))), column.text(column.values[0], lang)))
    return shown


def _twin(chart: Chart, place: int, lang: str) -> ShownTable:
    """Return the table beside a chart: the columns that are drawn."""
    drawn = list(chart.columns)
    frame = chart.frame.reset_index() if chart.frame.index.name in drawn else chart.frame.reset_index(drop=True)
    return shown_table(Table(f"chart{place}", chart.title, frame[drawn], notes=()), lang)


def _data(drawing: Drawing | None, charts: Sequence[Chart], shown: str, steps: Mapping[str, object], lang: str) -> str:
    """Return what the scripts need, as JSON that cannot end the element it stands in."""
    words, drawn = phrases(lang), [specification(chart, lang=lang) for chart in charts]
    said = {name: words[name] for name in _SAID_BY_SCRIPTS}
    told = {"lang": lang, "decimal": vocabularies(lang)["number"]["decimal"]}
    content: dict[str, Any] = {**told, "words": said, "shown": shown, "charts": drawn, "steps": steps}
    if drawing:
        content["map"] = drawing.by_script
    return json_in_script(content)


def json_in_script(content: object) -> str:
    r"""Return content as JSON that cannot end the element of a page it stands in, nor begin another.

    Examples
    --------
    >>> print(json_in_script({"a": "</script><!--"}))
    {"a":"\u003c/script\u003e\u003c!--"}
    """
    text = json.dumps(_visible(content), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _visible(content: Any) -> Any:
    if isinstance(content, str):
        return visible(content)
    if isinstance(content, Mapping):
        return {visible(str(name)): _visible(item) for name, item in content.items()}
    return [_visible(item) for item in content] if isinstance(content, list | tuple) else content


def _unbroken(text: str) -> str:
    """Keep an amount on one line: its sign, the euro sign, the figure and its unit."""
    return _AMOUNT.sub(lambda found: found.group().replace(" ", "\N{NO-BREAK SPACE}"), text)


def _shown(value: object) -> object:
    """Write what the template is given; what is marked as HTML is the library's own."""
    return visible(value) if type(value) is str else value


def _policy(scripts: Iterable[str]) -> str:
    """Return a policy under which the page loads nothing, runs these scripts only, and turns no text into a script.

    The expressions of charts go through Vega's interpreter; what is drawn has styles of its own.
    """
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts if script]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return files("ggu_costs.report").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    """Return the template; every text is escaped, and a name that is not there is an error.

    Compiled, it is kept in the user's cache, where one can be written.
    """
    from jinja2 import BytecodeCache, DictLoader, Environment, StrictUndefined
    from jinja2.bccache import Bucket

    class Kept(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            found = kept(f"page-{bucket.key}.cache")
            if found is not None:
                bucket.bytecode_from_string(found)

        def dump_bytecode(self, bucket: Bucket) -> None:
            keep(f"page-{bucket.key}.cache", bucket.bytecode_to_string())

    environment = Environment(
        autoescape=True, loader=DictLoader({"page.html": _asset("page.html.j2")}), undefined=StrictUndefined,
        finalize=_shown, trim_blocks=True, lstrip_blocks=True, bytecode_cache=Kept(),
    )  # fmt: skip
    environment.filters |= {"kept": _unbroken, "capital": capital}
    return environment.get_template("page.html")
