"""From what pydantic found to the faults of a file: dotted keys as in the file, words, the nearest spelling.

One fault must not hide another, nor make up one. A file with faults is therefore read twice. In either reading, what
pydantic stops at is set aside (an unknown key dropped, a word that does not exist replaced by one that does, a value by
a spare one, else the entry left out) and the rest is checked again. The two readings put other things in the place of
what they set aside; what shows in both, and is not about something left out, is a fault of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ggu_costs.errors import Fault, did_you_mean, nearest
from ggu_costs.modelfile.overlay import copied
from ggu_costs.modelfile.values import Unit, VatState, shown

__all__ = ["TURNS", "Reading", "dotted", "faults_of"]

M = TypeVar("M", bound=BaseModel)
Step = int | str
Place = tuple[Step, ...]

RENAMED: dict[str, str] = {}
"""Signposts: old key -> "renamed X in 0.4"."""

TURNS = (0, 1)
"""The two readings."""

_SPARE_MARKS = ({"mark": "pm", "vat": "incl"}, {"mark": "unallocated", "vat": "excl"})
_SPARE_DATES = (date(2020, 1, 1), date(2021, 1, 1))
_ROUNDS = 40  # an unknown key can hide a fault of its value, and that one a fault of the part it is in, and so on up
_LEFT_OUT: Any = object()


def faults_of(entry: Mapping[str, Any], tables: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    """Return what one error of pydantic says, as faults of the file."""
    return _faults_at(dotted(_place(entry, tables), tables), entry, known)


def _faults_at(where: str, entry: Mapping[str, Any], known: Iterable[str]) -> list[Fault]:
    context = entry.get("ctx", {})
    if entry["type"] == "fault":
        return [Fault(where, *fault) for fault in context["found"]]
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


def dotted(place: Place, tables: Any) -> str:
    """Write a place as the file has it: an entry of an array of tables by its id."""
    where, node = "", tables
    for step in place:
        node = _below(node, step)
        label = node.get("id") if isinstance(step, int) and isinstance(node, dict) else None
        where += f"[{step}]" if isinstance(step, int) and not label else f".{label or step}"
    return where.lstrip(".") or "the file"


def _place(entry: Mapping[str, Any], tables: Any) -> Place:
    """Return the steps of an error's place that the file has, positions counted with what was left out.

    The wrapper ``items`` around dated values, the list around a table that stands alone, and the name of the branch of
    a choice that was tried are not in the file.
    """
    place: list[Step] = []
    node = tables
    for position, step in enumerate(entry["loc"]):
        if isinstance(node, list) and isinstance(step, int):
            step = [place for place, item in enumerate(node) if item is not _LEFT_OUT][step]  # noqa: PLW2901
        elif not (isinstance(node, dict) and isinstance(step, str)):
            continue
        elif _below(node, step) is _LEFT_OUT or step not in node:
            absent = entry["type"] == "missing" and position == len(entry["loc"]) - 1
            if not absent:
                continue
        place.append(step)
        node = _below(node, step)
    return tuple(place)


def _below(node: Any, step: Step) -> Any:
    if isinstance(node, list) and isinstance(step, int):
        return node[step] if step < len(node) else None
    return node.get(step) if isinstance(node, dict) else None


def _at(tables: Any, place: Place) -> Any:
    for step in place:
        tables = _below(tables, step)
    return tables


def _kept(node: Any) -> Any:
    """Return tables without what was left out."""
    if isinstance(node, dict):
        return {key: _kept(item) for key, item in node.items() if item is not _LEFT_OUT}
    return [_kept(item) for item in node if item is not _LEFT_OUT] if isinstance(node, list) else node


class Reading(Generic[M]):
    """One reading of a file with faults.

    Attributes
    ----------
    definition
        What is left of the file, checked; None where that cannot be read either.
    told
        Faults of the parts.
    """

    def __init__(self, tables: Mapping[str, Any], definition: type[M], known: Iterable[str], turn: int) -> None:
        self.definition: M | None = None
        self.told: list[Fault] = []
        self._tables, self._known, self._turn = tables, known, turn
        self._rest: dict[str, Any] = copied(tables)
        self._aside: dict[Place, Iterator[Any]] = {}  # what else could stand there
        for _ in range(_ROUNDS):
            try:
                self.definition = definition.model_validate(_kept(self._rest))
                break
            except ValidationError as error:
                entries = error.errors(include_url=False)
            placed = _of_the_form_tried([(_place(entry, self._rest), entry) for entry in entries])
            for place, entry in placed:
                if not self._is_made_up(place):
                    told = _faults_at(dotted(place, tables), entry, known)
                    self.told += [fault for fault in told if fault not in self.told]
            moved: set[Place] = set()
            values = [self._value_around(place, entry) for place, entry in placed]  # before positions move
            done = [self._set_aside(*one, value, moved) for one, value in zip(placed, values, strict=True)]
            if not all(done):
                break

    def _is_made_up(self, place: Place) -> bool:
        """Whether an error there may come from what was set aside."""
        left_out = any(_at(self._rest, aside) is _LEFT_OUT for aside in self._aside if aside[: len(place)] == place)
        return left_out or self._holder(place) is not None

    def _holder(self, place: Place) -> Place | None:
        return next((place[:end] for end in range(1, len(place) + 1) if place[:end] in self._aside), None)

    def trusts(self, fault: Fault) -> bool:
        """Whether a fault between the parts is not about something that was left out."""
        for place in self._aside:
            if _at(self._rest, place) is not _LEFT_OUT:
                continue
            label, lost = dotted(place, self._tables), _at(self._tables, place)
            if _leads_to(fault.where, label) or _leads_to(label, fault.where):
                return False
            name = lost.get("id", lost.get("code")) if isinstance(lost, dict) else None
            if name and re.search(rf"(?<![\w-]){re.escape(str(name))}(?![\w-])", str(fault)):
                return False
        return True

    def _set_aside(self, place: Place, entry: Mapping[str, Any], value: Place | None, moved: set[Place]) -> bool:
        """Put the next thing in the place of what an error is about, once a round; False where nothing can be done."""
        target = self._holder(place)
        if target is None and entry["type"] == "extra_forbidden":
            _at(self._rest, place[:-1]).pop(place[-1], None)
            return True
        if target is None:
            target, others = self._others(place, entry, value)
            self._aside[target] = others
        while target and not any(target[:end] in moved for end in range(1, len(target) + 1)):
            for other in self._aside.setdefault(target, self._spares(target)):
                _at(self._rest, target[:-1])[target[-1]] = other
                moved.add(target)
                return True
            target = target[:-1]
        return bool(target)

    def _others(self, place: Place, entry: Mapping[str, Any], value: Place | None) -> tuple[Place, Iterator[Any]]:
        """Return what is to be set aside for an error, and what could stand there instead."""
        if entry["type"] == "literal_error":
            return place, iter([_near(entry) or _words(entry)[-self._turn]])
        if value is not None:
            return value, self._spares(value, entry.get("ctx", {}).get("unit", ""))
        return place, iter([_spare(None, self._turn), _LEFT_OUT][1 - self._turn :])

    def _value_around(self, place: Place, entry: Mapping[str, Any]) -> Place | None:
        """Return the place of the value with its unit and status that an error is in."""
        if "items" in entry["loc"]:
            return _place({**entry, "loc": entry["loc"][: entry["loc"].index("items")]}, self._rest)
        ends = range(len(place), 0, -1)
        return next((place[:end] for end in ends if _looks_like_value(_at(self._rest, place[:end]))), None)

    def _spares(self, place: Place, unit: str = "") -> Iterator[Any]:
        """What else could stand at a place: for a value a mark, then a figure; else, and after that, nothing."""
        there = _at(self._tables, place)
        if _looks_like_value(there):
            yield _spare(there, self._turn, unit)
            yield _spare(there, self._turn, unit, figure=True)
        yield _LEFT_OUT


def _of_the_form_tried(placed: list[tuple[Place, Any]]) -> list[tuple[Place, Any]]:
    """Of a choice between forms, leave out the errors of the forms that were not meant."""

    def meant_otherwise(place: Place, entry: Mapping[str, Any]) -> bool:
        word = entry["type"] == "literal_error" and not isinstance(entry["input"], str | int)
        if not (word or entry["type"].endswith("_type")):
            return False
        return any(
            other is not entry and below[: len(place)] == place and (below != place or other["type"] == "literal_error")
            for below, other in placed
        )

    return [(place, entry) for place, entry in placed if not meant_otherwise(place, entry)]


def _leads_to(where: str, label: str) -> bool:
    return re.match(rf"{re.escape(where)}($|[.\[])", label) is not None


def _looks_like_value(node: Any) -> bool:
    entry = node[0] if isinstance(node, list) and node else node
    return isinstance(entry, dict) and "unit" in entry and "description" not in entry


def _spare(node: Any, turn: int, unit: str = "", *, figure: bool = False) -> dict[str, Any]:
    """Return a value that loads, with unit and VAT state as asked, or as the file has them where they can be read."""
    held = node[0] if isinstance(node, list) and node else node
    entry = held if isinstance(held, dict) else {}
    unit = unit or (entry["unit"] if entry.get("unit") in get_args(Unit) else "EUR")
    spare = _SPARE_MARKS[turn]
    vat = entry.get("vat") if entry.get("vat") in get_args(VatState) else spare["vat"]
    amount = {"vat": vat, "price_level": "-"} if unit.startswith("EUR") else {}
    given: dict[str, Any] = {"mark": spare["mark"]}
    if figure:
        given = {"value": _SPARE_DATES[turn] if unit == "date" else turn if unit == "share" else turn + 1}
    return {**given, "unit": unit, "status": "estimated", "by": "-", **amount}
