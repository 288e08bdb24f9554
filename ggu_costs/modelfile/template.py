"""The model file of another year: dates move, amounts become inputs, the decision is to be filled in."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from ggu_costs.errors import InputError
from ggu_costs.modelfile import rolling
from ggu_costs.modelfile.loader import RawModel, walk
from ggu_costs.modelfile.values import FIRST_YEAR, LAST_YEAR
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.words.languages import MESSAGES_IN
from ggu_costs.words.messages import message, say

_OF_THE_YEAR = ("half_year", "realised", "underspend", "base", "changes")
"""Tables that belong to the old year alone."""
_DECIDED_YEARLY = ("index", "growth_to_cost_cover", "merger_correction")
"""Shares that say how a year differs from the one before."""
_HEAD = ("schema", "kind", "id", "title", "checked_on", "description", "notes", "years")
_FIGURE = ("value", "years", "mark", "input", "from", "until")


class NewModel(NamedTuple):
    """A new model file: its TOML text, what was changed, and what is to be filled in."""

    text: str
    changed: list[str]
    blanks: list[str]


def next_model(
    raw: RawModel,
    new_id: str,
    *,
    year: int | None = None,
    reference: Reference = SHIPPED,
    lang: str = MESSAGES_IN,
) -> NewModel:
    """Return the file of another year, what was changed, and what is to be filled in.

    Every amount becomes an input that rests on the source of the decision, whose title is to be filled in: until then
    the file does not load. Dates move by as many years; one that the reference tables do not know becomes that of the
    last year they know. Marks (PM, unallocated), shares and the key are kept to be confirmed. Sources that no value
    rests on any more are left out.

    Parameters
    ----------
    raw
        A model that loads; of several years, the last counts.
    new_id
        Id of the new file.
    year
        Its year; by default the last one in its id, or else the year after that of the model.
    reference
        The reference tables, for the days that are known.
    lang
        Language of what the file has to be filled in with.

    Raises
    ------
    InputError
        A model without years, a programme or a bundle; an id that is not written as one; a year that is not of the
        calendar.
    """
    import tomli_w

    years = raw.tables.get("years")
    if not years:
        raise InputError(f"{raw.path} holds no years", remedy="Make the new file by hand, or start from a fund or fee.")
    if raw.tables.get("kind") == "programme":  # its drivers, profiles and published ranges are no yearly decision
        why = f"{raw.path} is an estimate over several years, not a decision that returns every year"
        raise InputError(why, remedy="Copy the file, give it its own id, and state its dates, drivers and lines anew.")
    if raw.tables.get("kind") == "bundle":
        why = f"{raw.path} names other models, which have their own next year"
        raise InputError(why, remedy="Copy the file, give it its own id, and state its years and components anew.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_\-]*(/[a-z0-9_\-]+)*", new_id):
        raise InputError(f"{new_id!r} is not a model id", remedy="Write it in small letters, such as funds/ggu/2021.")
    last = max(years)
    if raw.tables["kind"] == "index":
        wanted = _year_of(new_id, last + 1) if year is None else year
        filled = say(message("to_fill_in", year=wanted), lang)
        tables, *told_of = rolling.next_index(
            raw, new_id, wanted, say(message("decision_id", year=wanted), lang), filled
        )
        return NewModel(tomli_w.dumps(tables, multiline_strings=True), *told_of)
    rolls = rolling.looks_ahead(raw.tables)
    year = _year_of(new_id, rolling.first_asked(raw.tables) if rolls else last + 1) if year is None else year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InputError(f"year {year}", remedy=f"Give a year from {FIRST_YEAR} to {LAST_YEAR}.")
    if rolls:
        roll = rolling.move_case if "over_years" in raw.tables else rolling.roll_forward
        rolled, *told_of = roll(raw, new_id, year, reference)
        return NewModel(tomli_w.dumps(rolled, multiline_strings=True), *told_of)
    decided = say(message("decision_id", year=year), lang)
    purpose = say(message("needed_for_result"), lang)
    move = _Move(last, year, reference, decided, purpose, dict(raw.tables.get("inputs", {})))
    body = {key: item for key, item in raw.tables.items() if key not in (*_HEAD, *_OF_THE_YEAR, "inputs", "sources")}
    if "budget" in body:  # its year and index are those of the old file
        body["budget"] = {key: item for key, item in body["budget"].items() if key == "task_field"}
    moved = move.part(body, "")
    head = {key: raw.tables[key] for key in _HEAD if key in raw.tables}
    head |= {"id": new_id, "title": rolling.in_year(head["title"], last, year), "notes": [], "years": [year]}
    decision = {"title": say(message("to_fill_in", year=year), lang), "publisher": "VNG", "url": ""}
    used = {(key, name) for _, entry in walk(moved) for key in ("source", "input") if (name := entry.get(key))}
    sources = {name: source for name, source in raw.tables["sources"].items() if ("source", name) in used}
    inputs = {name: need for name, need in move.inputs.items() if need.get("optional") or ("input", name) in used}
    asked = [name for name, need in inputs.items() if not need.get("optional")]
    blanks: list[str] = [message("template_source", id=move.decision, year=year)]
    blanks += [message("template_input", name=name, description=inputs[name]["description"]) for name in asked]
    blanks += [message("template_head"), message("template_confirm")]
    tables = {**head, "sources": {move.decision: decision, **sources}, "inputs": inputs, **moved}
    told = {"id": raw.tables.get("id", ""), "title": raw.tables["title"], "years": list(years)}
    changed: list[str] = [
        message("template_changed", where=where, old=str(old), new=str(head[where]))
        for where, old in told.items()
        if old != head[where]
    ]
    changed += [message(key, where=where, old=old, new=new, asked=asked) for key, where, old, new, asked in move.days]
    return NewModel(tomli_w.dumps(tables, multiline_strings=True), changed, blanks)


def _year_of(new_id: str, otherwise: int) -> int:
    """Return the last year in an id, or else another."""
    stated = re.findall(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)", new_id)
    return int(stated[-1]) if stated else otherwise


@dataclass(frozen=True)
class _Move:
    """Moves the tables of a file to another year; `inputs` takes the amounts that are to be filled in, `days` dates."""

    last: int
    year: int
    reference: Reference
    decision: str
    purpose: str
    inputs: dict[str, Any]
    days: list[tuple[str, str, date, date, date]] = field(default_factory=list)

    def part(self, part: Any, where: str) -> Any:
        """Move one part of the file."""
        if isinstance(part, list) and part and all(_is_value(item) for item in part):
            return self.value(self._latest(part), where)
        if isinstance(part, list):
            kept = [item for item in part if not isinstance(item, dict) or self.last in item.get("years", [self.last])]
            return [self.part(item, f"{where}.{_label(item, place)}") for place, item in enumerate(kept)]
        if _is_value(part):
            return self.value(part, where)
        if not isinstance(part, dict):
            return part
        dropped = (*_OF_THE_YEAR, "years")  # of an activity: the years in which it runs
        return {key: self.part(item, f"{where}.{key}") for key, item in part.items() if key not in dropped}

    def _latest(self, values: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the value that holds at the end of the last year."""
        end = date(self.last, 12, 31)
        for value in values:
            if str(self.last) in value.get("years", {}):
                return value
            if "years" not in value and value.get("from", date.min) <= end <= value.get("until", date.max):
                return value
        return values[-1]

    def value(self, value: dict[str, Any], where: str) -> dict[str, Any]:
        """Move one value; a share that is stated by year, such as a take-up curve, stays stated by year."""
        rest = {key: item for key, item in value.items() if key not in _FIGURE}
        figure = value.get("years", {}).get(str(self.last), value.get("value"))
        mark = value.get("mark", figure if isinstance(figure, str) else None)
        if mark is not None:
            return rest | {"mark": mark}
        if "input" in value:
            decided = {"status": "proposed", "source": self.decision} if "source" in value else {}
            return rest | {"input": value["input"]} | decided
        if isinstance(figure, date):
            rest = {key: item for key, item in rest.items() if key not in ("note", "place")}
            return rest | {"value": self.day(figure, where.lstrip("."))}
        if figure is not None and value["unit"] == "share" and not where.endswith(_DECIDED_YEARLY):
            return rest | ({"years": {str(self.year): figure}} if "years" in value else {"value": figure})
        where = where.lstrip(".")
        name = re.sub(r"[^a-z0-9]+", "_", where.removeprefix("fund.").removeprefix("fee.").lower()).strip("_")
        self.inputs[name] = {
            "unit": value["unit"],
            "description": f"{where} ({value['unit']})",
            "needed_for": self.purpose,
        }
        kept = {key: rest[key] for key in ("unit", "vat", "price_level") if key in rest}
        return kept | {"input": name, "status": "proposed", "source": self.decision}

    def day(self, day: date, where: str) -> date:
        """Move a day by as many years; one that the reference tables do not know is moved to the last they know."""
        asked = _in(day, day.year + self.year - self.last)
        known = self.reference.known_years()
        last = known[-1] if where.endswith("counting_date") else self.reference.map_period().last.year
        moved = _in(asked, min(max(asked.year, known[0]), last))
        self.days.append(("template_day" if moved == asked else "template_day_unknown", where, day, moved, asked))
        return moved


def _is_value(part: Any) -> bool:
    return isinstance(part, dict) and "status" in part and "unit" in part


def _label(item: Any, place: int) -> object:
    return item.get("id", place) if isinstance(item, dict) else place


def _in(day: date, year: int) -> date:
    """Return the same day of another year; 29 February becomes the 28th."""
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=year, day=28 if leap_day else day.day)
