"""Which reference tables an output rests on: as sources that a reader sees, and by hash and date for who checks it.

A result states the days of its municipal map and of its counts of inhabitants; the figures of a day are those of the
table of its year, which municipalities there are follows from the reorganisations, and a map is drawn on boundaries.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ggu_costs.display.report import Report
from ggu_costs.modelfile.notes import column_word
from ggu_costs.reference import Reference
from ggu_costs.words.messages import Message, message, word

_DAYS = {"map_date", "map_dates", "counting_date", "counting_dates"}


def tables_used(report: Report, *, drawn: bool) -> list[str]:
    """Return the names of the reference tables that a report rests on, the figures first.

    Parameters
    ----------
    report
        The report.
    drawn
        Whether it has a map on the shipped boundaries.
    """
    stated = [table.map_date for table in report.tables if table.map_date]
    if not stated and not report.municipality and not any(table.by_code for table in report.tables):
        return []
    years = {day.year for day in (*stated, *_days(report.provenance))}
    figures = report.reference.tables_of(years)
    return [*figures, *report.reference.merger_tables(), *["outlines"] * drawn] if figures else []


def _days(provenance: object, name: str = "") -> Iterator[datetime.date]:
    """Return the days of maps and counts, however deep they stand."""
    if isinstance(provenance, Mapping):
        for key, part in provenance.items():
            yield from _days(part, str(key))
    elif isinstance(provenance, list | tuple):
        for part in provenance:
            yield from _days(part, name)
    elif name in _DAYS and isinstance(provenance, datetime.date):
        yield provenance
    elif name in _DAYS and isinstance(provenance, str):
        yield datetime.date.fromisoformat(provenance)


def reference_sources(
    names: Iterable[str], reference: Reference, columns: Collection[str] = ()
) -> tuple[Mapping[str, object], ...]:
    """Return reference tables as sources: title, publisher, licence, day and status.

    Parameters
    ----------
    columns
        Which figures were used: of a table of a user's pack, the sources of these are named, with whose they are.
    """
    return tuple(
        source
        for name in names
        for source in (_of_pack(name, reference, columns) if "/" in name else [_source(name, reference)])
    )


def _of_pack(name: str, reference: Reference, columns: Collection[str]) -> list[dict[str, object]]:
    """Return the sources that a pack states of a table, each once, with what was taken from it."""
    entry, told = reference.table_entry(name), list[dict[str, object]]()
    for cited, stated, covers in reference.cited_in(name, columns):
        record: dict[str, object] = {"id": name, "title": stated.get("title") or entry["title"]}
        record |= {key: str(stated[key]) for key in ("publisher", "published", "url", "licence") if stated.get(key)}
        whole = cited == entry.get("source", "") or "publisher" not in record  # else it is of someone else
        if whole and entry["by"] != record.get("publisher"):
            record["by"] = entry["by"]
        period = str(stated.get("period", ""))
        record["figures"] = _covered(period, entry, covers, reference) if covers else word("mergers", of="cause")
        told.append(record)
    return told


def _covered(period: str, entry: Mapping[str, Any], covers: Mapping[str, str], reference: Reference) -> Message:
    """Say which figures of which day or other period, and how sure they are."""
    by_status: dict[str, list[str]] = {}
    for column, status in covers.items():
        by_status.setdefault(status, []).append(column_word(column, reference))
    said = [message("figures_with_status", columns=words, status=status) for status, words in by_status.items()]
    if period:
        return message("figures_from_period", figures=said, period=period)
    return message("figures_of_day", figures=said, day=entry["date"])


def _source(name: str, reference: Reference) -> dict[str, object]:
    entry = reference.table_entry(name)
    kind = "municipalities" if name.startswith("municipalities") else name
    day = entry["date"]
    whose: Message = message(f"publisher_of_{kind}")
    told: dict[str, object] = {
        "id": name, "title": message(f"reference_{kind}", day=day.rpartition("/")[2]), "publisher": whose,
        "status": "published",
    }  # fmt: skip
    licence = str(entry["licence"]).partition(" (")[0]
    return {**told, "licence": licence} if licence.startswith("CC") else told


def hashes_and_days(names: Iterable[str], reference: Reference) -> dict[str, Any]:
    """Return the SHA-256 and the day of each table, for the provenance of an output."""
    hashes = reference.table_hashes()
    return {
        "reference": {name: hashes[name] for name in names},
        "reference_days": {name: reference.table_entry(name)["date"] for name in names},
    }
