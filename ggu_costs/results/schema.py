"""The JSON of results as a schema, and its one reader: what another program, or an earlier day, wrote is checked first.

The schema is made from the classes below and published as ``result-1.schema.json`` beside this file; the command
``ggu-costs schema result`` prints it. A version stays as it is once it is released: what a reader of it would
trip over is a new version.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ggu_costs.display.columns import Kind, Missing
from ggu_costs.display.document import FORMAT, VERSION
from ggu_costs.display.table import Role
from ggu_costs.errors import Faults, InputError, repeated, shortened
from ggu_costs.reading import MOST_BYTES, read_file

NUMERIC = ("cents", "integer", "number")
"""Kinds of columns that hold figures."""
Cell = bool | int | float | str | None
"""A value of a column; None where there is none."""


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class ColumnSaid(_Part):
    """A column of a table, with its values from the first row to the last."""

    name: str = Field(description="Code name; the same in every language.")
    words: str = Field(description="What stands above it, in the language of the document.")
    unit: str = Field(description="Unit of its figures, such as EUR, EUR/inhabitant or share; empty where it has none.")
    kind: Kind = Field(description="What its values are; cents: amounts in euro that are all whole cents.")
    missing: Missing = Field(
        description="What null means in it: pm, a memorandum item (PM-post), whose amount is not known and in no "
        "total; unknown, a figure that is not known; none, there is none to be had."
    )
    values: list[Cell] = Field(
        description="One value a row: numbers, text, truth values, days as ISO text; null where there is none."
    )


class TableSaid(_Part):
    """A table: columns of one length."""

    name: str = Field(description="Code name of the table, which is also the stem of its CSV file.")
    title: str = Field(description="What stands above it.")
    role: Role = Field(description="What it is to a report: sums by group, steps, values of a file, a budget, or not.")
    map_date: str | None = Field(
        description="Day of the municipal map that its codes are on, as ISO text; null where it has none.",
        pattern=r"^\d{4}-\d\d-\d\d$",
    )
    illustrative: bool = Field(description="Whether its figures are made up for the example: say so wherever shown.")
    indicative: bool = Field(description="Whether its figures were broken down from a national estimate.")
    labels: int = Field(description="How many of the first columns say what a row is of.", ge=0)
    total: list[str] = Field(description="Code names of columns that may be added up.")
    notes: list[str] = Field(description="What a reader of it must know.")
    columns: list[ColumnSaid] = Field(description="Its columns, the labels first.")


class TileSaid(_Part):
    """A figure beside the answer, in words."""

    name: str = Field(description="What it is.")
    value: str = Field(description="The figure as it is read.")
    basis: str = Field(description="Of what it is: one year or several, VAT, price level, range.")


class AnswerSaid(_Part):
    """What is said first."""

    sentence: str = Field(description="The answer in a sentence.")
    tiles: list[TileSaid] = Field(description="At most three figures beside it.")
    more: list[str] = Field(description="What else must be said at once.")
    outside: list[str] = Field(description="What is not in the figures.")


class LineSaid(_Part):
    """One of the main figures."""

    name: str = Field(description="Code name, or words.")
    words: str = Field(description="What it is called.")
    value: Cell = Field(description="The figure or text; null where it is not known (PM).")
    unit: str = Field(description="Its unit; empty for text.")


class QuestionSaid(_Part):
    """A question with its answer."""

    question: str = Field(description="What is asked.")
    answer: str = Field(description="What is said.")


class SectionSaid(_Part):
    """A part in words."""

    title: str = Field(description="What stands above it.")
    texts: list[QuestionSaid] = Field(description="Its questions, each with its answer.")
    tables: list[str] = Field(description="Code names of the tables that belong to it.")


class ResultDocument(_Part):
    """A result of ggu_costs, a report of several tables, or the explanation of one amount."""

    format: Literal["ggu_costs result"] = Field(description="What it is.")
    version: Literal[1] = Field(description="Version of this schema. A program that knows another must refuse it.")
    library: str = Field(description="Name and version of the library that made it.")
    kind: str = Field(description="Class of the result in Python, such as Bill.")
    lang: str = Field(description="Language of what is said in it: nl or en.")
    title: str = Field(description="What it is of, for people.")
    illustrative: bool = Field(description="Whether any table in it is made up for the example.")
    municipality: str | None = Field(description="Code of the one municipality that it is about; else null.")
    answer: AnswerSaid | None = Field(description="What is said first; null where the figures say it.")
    summary: list[LineSaid] = Field(description="The main figures.")
    notes: list[str] = Field(description="What a reader must know.")
    sections: list[SectionSaid] = Field(description="Parts in words.")
    tables: list[TableSaid] = Field(description="Its tables, the main one first.")
    technique: list[str] = Field(description="How it was computed, for who checks it.")
    sources: list[dict[str, Any]] = Field(description="What it rests on: id, title, publisher, url and so on.")
    provenance: dict[str, Any] = Field(
        description="Library version, model, SHA-256 of files and inputs, settings; no clock."
    )


def result_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the JSON of results."""
    made = _as_published(ResultDocument.model_json_schema())
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:ggu-costs:result:{VERSION}",
        "title": f"ggu_costs result, version {VERSION}",
        **{name: part for name, part in made.items() if name != "title"},
    }


def _as_published(part: Any) -> Any:
    """Return a schema as newer versions of pydantic say it.

    Older ones give one allowed value as ``enum`` beside ``const``, and leave unsaid that an object takes any key.
    """
    if isinstance(part, list):
        return [_as_published(inner) for inner in part]
    if not isinstance(part, Mapping):
        return part
    kept = {name: _as_published(inner) for name, inner in part.items()}
    if "const" in kept:
        kept.pop("enum", None)
    if kept.get("type") == "object" and not kept.keys() & {"properties", "additionalProperties"}:
        return {"additionalProperties": True, **kept}
    return kept


def read_document(source: str | os.PathLike[str] | bytes | Mapping[str, Any]) -> dict[str, Any]:
    """Read and check a document; see :func:`ggu_costs.results.read_json`."""
    told = dict(source) if isinstance(source, Mapping) else _parsed(source)
    if told.get("format") != FORMAT:
        raise InputError("this is no JSON of a ggu_costs result", remedy="Give what result.to_json() returned.")
    _check_version(told.get("version"))
    try:
        document = ResultDocument.model_validate(told).model_dump()
    except ValidationError as error:
        faults = Faults()
        for entry in error.errors(include_url=False):
            faults.add(_place(entry["loc"]), f"{shortened(repr(entry['input']))}: {entry['msg']}")
        remedy = "Make it again with result.to_json(); ggu-costs schema result prints what may stand in it."
        raise InputError("this JSON does not follow the schema of results", faults=faults, remedy=remedy) from None
    faults = Faults()
    for place, table in enumerate(document["tables"]):
        for where, found, allowed in _wrong(table):
            faults.add(f"tables[{place}].{where}", found, allowed)
    faults.check("this JSON does not hold together", remedy="Make it again with result.to_json().")
    return document


def _parsed(source: str | os.PathLike[str] | bytes) -> dict[str, Any]:
    """Return what JSON text, or a file of it, says."""
    if not isinstance(source, str | bytes | os.PathLike):
        raise InputError(f"the JSON of a result: a {type(source).__name__}", remedy="Give its text, or a path.")
    inside = isinstance(source, bytes) or (isinstance(source, str) and source.lstrip().startswith("{"))
    text = source if inside else read_file(Path(os.fspath(source)), most=MOST_BYTES)  # type: ignore[arg-type]
    try:
        told = json.loads(text, parse_constant=_no_number)  # type: ignore[arg-type]
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is no JSON: {shortened(str(error), 200)}", remedy="Give the text as it was.") from None
    if not isinstance(told, dict):
        raise InputError("this is no JSON of a ggu_costs result", remedy="Give what result.to_json() returned.")
    return told


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _check_version(version: object) -> None:
    if version == VERSION and not isinstance(version, bool):
        return
    newer = isinstance(version, int | float) and version > VERSION
    remedy = "Read it with a later ggu_costs." if newer else "Make it again with result.to_json() of this ggu_costs."
    raise InputError(
        f"JSON of schema version {shortened(repr(version))}; this ggu_costs reads version {VERSION}", remedy=remedy
    )


def _place(steps: tuple[int | str, ...]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")


def _wrong(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Find what a schema cannot say of a table: where, what was found, what is allowed."""
    columns = table["columns"]
    names = [column["name"] for column in columns]
    for name, times in repeated(names):
        yield "columns", f"{name!r} {times} times", "names that differ"
    if len({len(column["values"]) for column in columns}) > 1:
        yield "columns", "columns of different lengths", "one value a row in every column"
    if table["labels"] > len(columns):
        yield "labels", f"{table['labels']} of {len(columns)} columns", "no more than there are"
    figures = {column["name"] for column in columns if column["kind"] in NUMERIC}
    for name in table["total"]:
        if name not in figures:
            yield "total", f"{name!r} is no column of figures", "columns of figures"
    for place, column in enumerate(columns):
        if column["kind"] in NUMERIC and not all(map(_is_figure, column["values"])):
            yield f"columns[{place}].values", f"text in the {column['kind']} of {column['name']!r}", "numbers or null"


def _is_figure(value: Cell) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))
