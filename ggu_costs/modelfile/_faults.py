"""From what pydantic found to the faults of a file: dotted keys as in the file, words, the nearest spelling.

One fault must not hide another, nor make up one. What pydantic stops at is set aside (an unknown key dropped, a word
corrected, a value replaced by a spare one, else the entry left out) and the rest is checked again. What is then said of
a part that something was set aside of, or that holds it, is not trusted.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ggu_costs.errors import Fault, did_you_mean, nearest
from ggu_costs.modelfile.values import BASIS, Unit, VatState, shown

M = TypeVar("M", bound=BaseModel)
Step = int | str
Place = tuple[Step, ...]

RENAMED = {"hours_per_month": "Now productive_hours: the hours that one fte works in a year."}
"""Signposts: old key -> "renamed X in 0.4"."""

ENOUGH = 300
"""Faults told of one file; whoever mends those is told the rest."""

_ROUNDS = 40  # an unknown key can hide a fault of its value, and that one a fault of the part it is in, and so on up
_LEFT_OUT: Any = object()
_GROUNDS = (*BASIS, "unit", "vat", "price_level")  # stated once for a part, they go for the values in it
_WHOLE = "the file"


def faults_of_file(
    tables: Mapping[str, Any], definition: type[M], known: Iterable[str], check: Callable[[M], list[Fault]]
) -> list[Fault]:
    """Return the faults of a file that cannot be read: of its parts, and between those that can be.

    Parameters
    ----------
    known
        Every key of the definition.
    check
        Gives the faults that show when all parts are seen together.
    """
    found: list[Fault] = []
    rest = deepcopy(dict(tables))
    aside: dict[Place, list[Any]] = {}  # by place, what else could still stand there

    def add(faults: list[Fault], *, between: bool) -> None:
        new = (fault for fault in faults if fault not in found)
        found.extend(fault for fault in new if _is_trusted(fault, aside, tables, rest, between=between))

    for _ in range(_ROUNDS):
        try:
            checked = definition.model_validate(_kept(rest))
        except ValidationError as error:
            entries = error.errors(include_url=False)[:ENOUGH]
            placed = _of_the_form_meant([(_place(entry, rest), entry) for entry in entries])
        else:
            add(check(checked), between=True)
            break
        told = [fault for place, entry in placed for fault in _faults_at(_dotted(place, tables), entry, known)]
        add(told, between=False)
        if len(found) >= ENOUGH:
            found.append(Fault(_WHOLE, "more faults than are told at once", remedy="Correct these first."))
            break
        changes: dict[Place, Any] = {}
        if not all(_set_aside(place, entry, rest, aside, changes) for place, entry in placed):
            break
        for (*path, last), other in changes.items():
            _at(rest, path)[last] = other
    return found


def faults_of(entry: Mapping[str, Any], tables: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    """Return what one error of pydantic says, as faults of the file."""
    return _faults_at(_dotted(_place(entry, tables), tables), entry, known)


def _faults_at(where: str, entry: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    context = entry.get("ctx", {})
    if entry["type"] == "fault":
        return [Fault(where, *fault) for fault in context["found"]]
    if entry["type"] == "string_unicode":
        return []  # half a character: the door of texts tells it
    if entry["type"] == "extra_forbidden":
        name = str(entry["loc"][-1])
        remedy = RENAMED.get(name) or did_you_mean(name, set(known) - {name})
        return [Fault(where, f"unknown key {name!r}", remedy=remedy)]
    if entry["type"] == "missing":
        return [Fault(where, "missing", remedy="Fill it in.")]
    found, allowed = shown(entry["input"]), str(entry["msg"])
    if entry["type"] == "literal_error":
        near = _near(entry)
        return [Fault(where, found, str(context["expected"]), f"Did you mean {near!r}?" if near else "")]
    return [Fault(where, found, allowed[:1].lower() + allowed[1:])]


def _words(entry: Mapping[str, Any]) -> list[str | int]:
    """Return the words, or numbers, that a choice allows."""
    expected = str(entry["ctx"]["expected"])
    return [*re.findall("'([^']*)'", expected)] or [int(number) for number in re.findall(r"\d+", expected)]


def _near(entry: Mapping[str, Any]) -> str:
    """Return the word that was meant, in small letters or capitals."""
    words, given = [str(word) for word in _words(entry)], str(entry["input"])
    return nearest(given, words) or nearest(given.upper(), words)


def _dotted(place: Place, tables: Any) -> str:
    """Write a place as the file has it: an entry of an array of tables by its id."""
    where, node = "", tables
    for step in place:
        node = _at(node, [step])
        label = node.get("id") if isinstance(step, int) and isinstance(node, dict) else None
        where += f"[{step}]" if isinstance(step, int) and not label else f".{label or step}"
    return where.lstrip(".") or _WHOLE


def _place(entry: Mapping[str, Any], tables: Any) -> Place:
    """Return the steps of an error's place that the file has, positions counted with what was left out.

    The wrapper ``items`` around dated values, the list around a table that stands alone, and the name of the branch of
    a choice that was tried are not in the file.
    """
    place: list[Step] = []
    node = tables
    missing = len(entry["loc"]) - 1 if entry["type"] == "missing" else None
    for position, step in enumerate(entry["loc"]):
        if isinstance(node, list) and isinstance(step, int):
            step = [place for place, item in enumerate(node) if item is not _LEFT_OUT][step]  # noqa: PLW2901
        elif not isinstance(node, dict) or (node.get(step, _LEFT_OUT) is _LEFT_OUT and position != missing):
            continue
        place.append(step)
        node = _at(node, [step])
    return tuple(place)


def _at(tables: Any, place: Iterable[Step]) -> Any:
    """Return what stands at a place; None for nothing."""
    for step in place:
        if isinstance(tables, list) and isinstance(step, int):
            tables = tables[step] if step < len(tables) else None
        else:
            tables = tables.get(step) if isinstance(tables, dict) else None
    return tables


def _kept(node: Any) -> Any:
    """Return tables without what was left out."""
    if isinstance(node, dict):
        return {key: _kept(item) for key, item in node.items() if item is not _LEFT_OUT}
    return [_kept(item) for item in node if item is not _LEFT_OUT] if isinstance(node, list) else node


def _around(place: Place) -> list[Place]:
    """Return a place and all that hold it, the outermost first."""
    return [place[:end] for end in range(1, len(place) + 1)]


def _set_aside(
    place: Place, entry: Mapping[str, Any], rest: Any, aside: dict[Place, list[Any]], changes: dict[Place, Any]
) -> bool:
    """Add to the changes of this round what is to stand where an error is, or around it; False where nothing can.

    An entry is changed once a round. What can stand there is taken in turn, and after that the entry around it goes.
    """
    target = next((held for held in _around(place) if held in aside), None)
    if target is None and entry["type"] in ("extra_forbidden", "literal_error"):
        words = [_near(entry)] if entry["type"] == "literal_error" else [_LEFT_OUT]
        if words[0]:
            changes.setdefault(place, words[0])
            return True
    if target is None:
        value = _value_around(place, entry, rest)
        word = entry["type"] == "literal_error" and (value is None or place[-1] == "status")
        target = place if word else value or place
        aside[target] = _words(entry)[:1] if word else _spares(_at(rest, target), entry.get("ctx", {}).get("unit", ""))
        if len(target) == 1 and aside[target] == [_LEFT_OUT]:  # the header cannot do without: a text, a day, a number
            aside[target] += ["x", date(2020, 1, 1), 1]
    while target and not any(around in changes for around in _around(target)):
        others = aside.setdefault(target, _spares(_at(rest, target)))
        if others:
            changes[target] = others.pop(0)
        else:
            target = target[:-1]
    return bool(target)


def _value_around(place: Place, entry: Mapping[str, Any], rest: Any) -> Place | None:
    """Return the place of the value with its unit and status that an error is in."""
    if "items" in entry["loc"]:
        return _place({**entry, "loc": entry["loc"][: entry["loc"].index("items")]}, rest)
    return next((around for around in _around(place)[::-1] if _looks_like_value(_at(rest, around))), None)


def _spares(node: Any, unit: str = "") -> list[Any]:
    """What else could stand in a place: for a value a mark, then a figure; after that, and for all else, nothing."""
    if not _looks_like_value(node):
        return [_LEFT_OUT]
    entry = node[0] if isinstance(node, list) else node
    unit = unit or (entry["unit"] if entry["unit"] in get_args(Unit) else "EUR")
    vat = entry.get("vat") if entry.get("vat") in get_args(VatState) else "incl"
    rest = {"unit": unit, "status": "estimated", "by": "-"}
    rest |= {"vat": vat, "price_level": "-"} if unit.startswith("EUR") else {}
    return [{**rest, "mark": "pm"}, {**rest, "value": date(2020, 1, 1) if unit == "date" else 1}, _LEFT_OUT]


def _looks_like_value(node: Any) -> bool:
    entry = node[0] if isinstance(node, list) and node else node
    return isinstance(entry, dict) and "unit" in entry and "description" not in entry


def _is_trusted(fault: Fault, aside: Iterable[Place], tables: Any, rest: Any, *, between: bool) -> bool:
    """Whether a fault is not about something that was set aside, what it is part of, or what it holds.

    What lies beside an entry that was left out, in the same part, may have hung on it: a fault `between` parts, and
    any fault where the entry stood for the whole part. Whoever mends what is told may then be told more.
    """
    for place in aside:
        label, lost, now = _dotted(place, tables), _at(tables, place), _at(rest, place)
        key = place[-1] if place else ""
        if key == "status" and isinstance(now, str) and fault.where != label:
            if repr(now) in str(fault):  # another status stands there: what speaks of that is made up
                return False
            continue
        beside = now is _LEFT_OUT and len(place) > 1 and isinstance(key, str)
        part = _dotted(place[:-1], tables) if beside and (between or key in _GROUNDS) else label
        # a spare deep inside a list leaves what is said of the list as it is
        deep = now is not _LEFT_OUT and any(_dotted(above, tables) == fault.where for above in _around(place)[:-2])
        if fault.where == _WHOLE or (_leads_to(fault.where, label) and not deep) or _leads_to(part, fault.where):
            return False
        names = [*([label] if between or len(place) > 1 else ()), *(place[1:2] if place[:1] == ("inputs",) else ())]
        names += [lost[key] for key in ("id", "code") if lost.get(key)] if isinstance(lost, dict) else []
        if any(re.search(rf"(?<![\w-]){re.escape(str(name))}(?![\w-])", str(fault)) for name in names):
            return False
    return True


def _of_the_form_meant(placed: list[tuple[Place, Any]]) -> list[tuple[Place, Any]]:
    """Of a choice between forms, leave out the errors of the forms that were not meant."""

    def is_meant(place: Place, entry: Mapping[str, Any]) -> bool:
        word = entry["type"] == "literal_error" and not isinstance(entry["input"], str | int)
        return not (word or entry["type"].endswith("_type")) or not any(
            other is not entry and below[: len(place)] == place and (below != place or other["type"] == "literal_error")
            for below, other in placed
        )

    return [(place, entry) for place, entry in placed if is_meant(place, entry)]


def _leads_to(where: str, label: str) -> bool:
    return re.match(rf"{re.escape(where)}($|[.\[])", label) is not None
