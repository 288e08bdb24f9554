"""The next file of a model that looks years ahead: its years move on, and what is known of them stays.

Such a file holds this year, the year that the budget is made for, and the years after it. A year later the first year
falls away and a new last one is to be filled in; ``ggu-costs check`` names each amount, figure and rate that it lacks.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any, Final

from ggu_costs.errors import InputError
from ggu_costs.modelfile.loader import RawModel, walk
from ggu_costs.reference import Reference
from ggu_costs.words.messages import message

KINDS: Final = frozenset({"joint-body"})
"""Kinds whose files look years ahead."""
_YEAR = re.compile(r"\d{4}")


def looks_ahead(tables: Mapping[str, Any]) -> bool:
    """Whether a file looks years ahead: a joint body, or a procurement case over years."""
    return tables.get("kind") in KINDS or "over_years" in tables


def first_asked(tables: Mapping[str, Any]) -> int:
    """Return the year that the next file is made for, unless another is asked: of a case its first year stays."""
    years = list(tables["years"])
    return int(years[0] if "over_years" in tables else years[min(1, len(years) - 1)] + 1)


def move_case(
    raw: RawModel, new_id: str, year: int, reference: Reference
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return a procurement case that starts in another year: its tables, what was changed, what is to be filled in.

    All that stands by year moves by as many years; amounts stay, to be confirmed.
    """
    tables, old = deepcopy(raw.tables), list(raw.tables["years"])
    step, known = year - old[0], date(reference.known_years()[-1], 1, 1)
    years = [one + step for one in old]
    told = {"id": (tables["id"], new_id), "years": (old, years)}
    for name in ("map_date", "counting_date"):
        day = tables["case"][name]["value"]
        moved = min(date(day.year + step, 1, 1), known) if step else day
        told[f"case.{name}"] = (str(day), str(moved))
        tables["case"][name] = tables["case"][name] | {"value": moved}
    tables |= {"id": new_id, "years": years, "over_years": _moved(tables["over_years"], step)}
    if "take_up" in tables.get("participation", {}):
        tables["participation"] = tables["participation"] | {
            "take_up": _moved(tables["participation"]["take_up"], step)
        }
    changed: list[str] = [
        message("template_changed", where=where, old=str(before), new=str(after))
        for where, (before, after) in told.items()
        if before != after
    ]
    return tables, changed, [message("template_case"), message("template_head"), message("template_confirm")]


def _moved(part: Any, step: int) -> Any:
    """Return a part with its years moved: keys that are years, and values whose key says that they are one."""
    if isinstance(part, list):
        return [_moved(one, step) for one in part]
    if not isinstance(part, dict):
        return part
    found = {}
    for key, item in part.items():
        name = str(int(key) + step) if _YEAR.fullmatch(str(key)) else key
        if key not in ("first_year", "last_year", "base_year"):
            found[name] = _moved(item, step)
        else:
            found[name] = {code: one + step for code, one in item.items()} if isinstance(item, dict) else item + step
    return found


def roll_forward(
    raw: RawModel, new_id: str, year: int | None, reference: Reference
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return the tables of the next file, what was changed, and what is to be filled in.

    Parameters
    ----------
    raw
        A model that loads.
    new_id
        Id of the new file.
    year
        The year that its budget is made for; by default the one after that of the old file.
    reference
        The reference tables, for the days that are known.
    """
    tables = deepcopy(raw.tables)
    old = list(tables["years"])
    budget = old[min(1, len(old) - 1)]
    step = (budget + 1 if year is None else year) - budget
    years = [one + step for one in old]
    told = {"id": (tables["id"], new_id), "years": (old, years)}
    title = in_year(tables["title"], budget, budget + step)
    told["title"] = (tables["title"], title)
    tables |= {"id": new_id, "title": title, "years": years}
    tables["participants"] = [one for one in tables["participants"] if one.get("last_year", years[0]) >= years[0]]
    tables["settlements"] = [one for one in tables.get("settlements", []) if one["year"] in years]
    known = date(reference.known_years()[-1], 1, 1)
    for key, day in _days(tables["body"], old, years, known).items():
        told[f"body.{key}"] = (_shown(tables["body"][key]), _shown(day))
        tables["body"][key] = day
    for _, entry in walk(tables):
        stated = entry.get("years")
        if isinstance(stated, dict) and "unit" in entry:
            for one in [one for one in stated if int(one) < years[0] - 1]:  # before all that the new file knows
                del stated[one]
    codes = {one["code"] for one in tables["participants"]}
    for figure in tables.get("figures", []):
        if "own" in figure:
            figure["own"] = {code: own for code, own in figure["own"].items() if code in codes}
        figure |= {"total": {one: total for one, total in figure.get("total", {}).items() if int(one) in years}}
    changed: list[str] = [
        message("template_changed", where=where, old=str(before), new=str(after))
        for where, (before, after) in told.items()
        if before != after
    ]
    blanks: list[str] = [message("template_years", last=years[-1], first=years[0]), message("template_head")]
    return tables, changed, [*blanks, message("template_confirm")]


def next_index(
    raw: RawModel, new_id: str, year: int, decision: str, filled: str
) -> tuple[dict[str, Any], list[str], list[str]]:
    """Return an index file with one more year: a publication and, of every series with own values, a figure to give.

    Parameters
    ----------
    decision
        Id of the source and the publication of the new figures.
    filled
        Title of that source until it is filled in: the file does not load before.

    Raises
    ------
    InputError
        A year that is not the one after the last of the file.
    """
    tables, old = deepcopy(raw.tables), list(raw.tables["years"])
    if year != old[-1] + 1:
        raise InputError(f"year {year} after {old[-1]}", remedy=f"Give {old[-1] + 1}: each file adds one year.")
    tables |= {"id": new_id, "years": [*old, year]}
    tables["sources"][decision] = {"title": filled, "publisher": "CPB", "url": ""}
    tables["vintages"].append({"id": decision, "name": decision, "month": f"{year - 1}-03"})
    change = {"mark": "pm", "unit": "share", "status": "published", "source": decision}
    for series in tables["series"]:
        if not (series.get("weights") or series.get("added")):
            series.setdefault("values", []).append({"year": year, "vintage": decision, "change": dict(change)})
    told = {"id": (raw.tables["id"], new_id), "years": (old, tables["years"])}
    changed: list[str] = [
        message("template_changed", where=where, old=str(before), new=str(after))
        for where, (before, after) in told.items()
    ]
    blanks: list[str] = [message("template_source", id=decision, year=year), message("template_index", year=year)]
    return tables, changed, [*blanks, message("template_head")]


def in_year(words: str, last: int, year: int) -> str:
    """Return the words of last year's file for another year."""
    return words.replace(str(last), str(year))


def _days(body: dict[str, Any], old: list[int], years: list[int], known: date) -> dict[str, Any]:
    """Return the days of the new file: of the last map, and of the last count where that of the year is not known."""
    found: dict[str, Any] = {"map_date": body["map_date"] | {"value": known}}
    counted = body["counting_date"]
    first = counted.get("years", {}).get(str(old[0]), counted.get("value"))
    if isinstance(first, date):
        lag = old[0] - first.year
        rest = {key: item for key, item in counted.items() if key != "value"}
        days = {str(one): min(date(one - lag, 1, 1), known) for one in years}
        found["counting_date"] = rest | {"years": days}
    decided = body.get("decision_date", {}).get("value")
    if isinstance(decided, date):
        moved = date(decided.year + years[0] - old[0], decided.month, min(decided.day, 28))
        found["decision_date"] = body["decision_date"] | {"value": moved}
    return found


def _shown(value: dict[str, Any]) -> str:
    """Write a day, or the days of the years, in a few words."""
    days = value.get("years", {})
    return ", ".join(f"{year}: {day}" for year, day in days.items()) if days else str(value.get("value"))
