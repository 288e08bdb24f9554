"""From a TOML file, or a mapping of the same form, to a checked definition; every fault of a file in one error."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ggu_costs.brief import Brief
from ggu_costs.errors import (
    Fault,
    Faults,
    InputError,
    MissingInputError,
    ModelFileError,
    OutsidePeriodError,
    UnknownNameError,
    did_you_mean,
    shortened,
)
from ggu_costs.frozen import Frozen
from ggu_costs.modelfile._faults import ENOUGH, faults_of, faults_of_file
from ggu_costs.modelfile.grant_keys import KeyFigures
from ggu_costs.modelfile.header import Header
from ggu_costs.modelfile.limits import MOST_BYTES, NotTomlError, note_limits, note_slips, plain, read_toml
from ggu_costs.modelfile.overlay import lay_over
from ggu_costs.reading import read_file, reason
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.text import REMEDY, unclean
from ggu_costs.words.languages import LANGUAGES, vocabularies

D = TypeVar("D", bound=Header)


@dataclass(frozen=True)
class RawModel(Brief, Frozen):
    """A model before it is checked: the tables, what was read to get them, and faults found on the way."""

    path: str
    tables: dict[str, Any]
    hashes: dict[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Loaded(Brief, Frozen, Generic[D]):
    """A checked definition, and what it rests on.

    Attributes
    ----------
    hashes
        SHA-256 of each file that went into it, by id.
    reference
        The reference tables.
    keys
        Figures of the keys that follow a uitkering, by column.
    named
        Other models that it rests on, by id; those of a bundle by the names it has for them.
    """

    definition: D
    path: str
    hashes: dict[str, str]
    reference: Reference = field(default=SHIPPED, repr=False)
    keys: Mapping[str, KeyFigures] = field(default_factory=dict, repr=False)
    named: Mapping[str, "Loaded[Header]"] = field(default_factory=dict)


def read_raw(source: Path | Mapping[str, Any], find: Callable[[str], Path], seen: tuple[str, ...] = ()) -> RawModel:
    """Read a file or mapping, with its base and changes applied.

    Parameters
    ----------
    source
        A TOML file, or a mapping of the same form.
    find
        Gives the file of a model id; used for `base`.
    seen
        Files on the way here.

    Raises
    ------
    ModelFileError
        Not readable as TOML in UTF-8, or a base that refers to itself.
    """
    if isinstance(source, Path):
        path = source.as_posix()
        tables, digest = _parse(source)
    else:
        stated = source.get("id")
        path = shortened(stated) if isinstance(stated, str) else "(mapping)"
        try:
            tables = plain(source)
        except NotTomlError as error:
            raise _unusable(path, str(error), remedy=error.remedy) from error
    faults = Faults()
    note_limits(tables, faults)
    if faults:
        raise _unusable(path, faults=faults, remedy="Correct every key named.")
    if isinstance(source, Path):
        note_slips(tables, faults)
    else:
        digest = hashlib.sha256(json.dumps(tables, sort_keys=True, default=str).encode()).hexdigest()
    name = str(tables.get("id", path))
    faults.found += _unclean_texts(tables)
    if "base" not in tables:
        if tables.pop("changes", None) is not None:
            faults.add("changes", "changes without a base", "base = the id of the model that is changed")
        return RawModel(path, tables, {name: digest}, tuple(faults))
    if path in seen:
        way = " -> ".join((*seen, path))
        raise _unusable(path, f"base goes round in a circle: {way}", remedy="Let one of them stand on its own.")
    try:
        base_file = find(str(tables["base"]))
    except UnknownNameError as error:
        fault = Fault("base", f"no model {error.name!r}", "the id of a model", error.remedy)
        raise _unusable(path, faults=[fault]) from error
    base = read_raw(base_file, find, (*seen, path))
    faults.found += base.faults
    if "id" not in tables or name in base.hashes:
        found = f"{name!r}, which is also the id of its base" if "id" in tables else "missing"
        faults.add("id", found, "an id of its own for a file with a base")
    tables = lay_over(base.tables, tables, faults)
    return RawModel(path, tables, {**base.hashes, name: digest}, tuple(faults.found))


def _unclean_texts(part: Any, where: str = "") -> Iterator[Fault]:
    """Every text, and every key, that holds what no text may hold: the door of what others wrote."""
    if isinstance(part, str) and (sign := unclean(part)):
        yield Fault(where, sign, remedy=REMEDY)
    elif isinstance(part, Mapping):
        for key, item in part.items():
            place = f"{where}.{key}".lstrip(".")
            yield from (Fault(f"the key {place}", sign, remedy=REMEDY) for sign in [unclean(key)] if sign)
            yield from _unclean_texts(item, place)
    elif isinstance(part, list):
        for position, item in enumerate(part):
            yield from _unclean_texts(item, f"{where}[{position}]")


def _parse(path: Path) -> tuple[dict[str, Any], str]:
    name = path.as_posix()
    try:
        content = read_file(path, most=MOST_BYTES)
        tables = read_toml(content)
    except MissingInputError as error:
        remedy = "Check the path; the id of a model has no .toml at its end."
        raise _unusable(name, reason(error), remedy=remedy) from error
    except InputError as error:
        raise _unusable(name, error.message.removeprefix(f"{path}: "), remedy=error.remedy) from error
    except NotTomlError as error:
        raise _unusable(name, str(error), remedy=error.remedy) from error
    return tables, hashlib.sha256(content).hexdigest()


def _unusable(
    path: str, words: str = "this model file cannot be used", *, faults: Iterable[Fault] = (), remedy: str = ""
) -> ModelFileError:
    return ModelFileError(f"{path}: {words}", path=path, faults=faults, remedy=remedy)


def check_definition(raw: RawModel, definition: type[D], reference: Reference = SHIPPED) -> Loaded[D]:
    """Check the tables against `definition`.

    Raises
    ------
    ModelFileError
        Lists every fault: dotted key, value found, what is allowed, nearest spelling of an unknown key.
    """
    asked = Faults()
    tables = definition.filled_in(raw.tables, reference, asked)
    found = [*raw.faults, *islice(_references(tables), ENOUGH), *asked]
    checked: D | None = None
    try:
        checked = definition.model_validate(tables)
        found += _seen_together(checked, reference)
    except ValidationError:
        told = faults_of_file(
            tables, definition, _field_names(definition), partial(_seen_together, reference=reference)
        )
        found += [fault for fault in told if fault not in found and fault.where != "sources"]  # that one is told apart
    if checked is None or found:
        raise _unusable(raw.path, faults=found, remedy="Correct every key named.")
    return Loaded(checked, raw.path, raw.hashes, reference)


def with_named(loaded: Loaded[D], load: Callable[[str], Loaded[Header]]) -> Loaded[D]:
    """Return a checked model with the other models that it rests on; `load` reads one by its id.

    Raises
    ------
    ModelFileError
        A model that is not there, has faults itself, rests on others in its turn, or is not what is asked.
    """
    faults, found = Faults(), dict[str, Loaded[Header]]()
    for key, name in loaded.definition.named_models().items():
        try:
            other = load(name)
        except (UnknownNameError, ModelFileError) as error:
            faults.add(key, error.message, "the id of a model", error.remedy)
            continue
        count = len(faults.found)
        loaded.definition.check_named(faults, key, other.definition)
        if other.definition.named_models() and len(faults.found) == count:
            faults.add(key, f"{name}, which rests on another file itself", "the model that one starts from")
        found[name] = other
    if faults:
        raise _unusable(loaded.path, faults=faults, remedy="Correct every key named.")
    hashes = {name: digest for other in found.values() for name, digest in other.hashes.items()}
    return replace(loaded, named=found, hashes={**hashes, **loaded.hashes})


def header_faults(raw: RawModel) -> list[Fault]:
    """Return what is wrong with a file whatever its kind."""
    found = [*raw.faults, *islice(_references(raw.tables), ENOUGH)]
    try:
        Header.model_validate(raw.tables)
    except ValidationError as error:
        for entry in error.errors(include_url=False)[:ENOUGH]:
            if entry["type"] != "extra_forbidden" and entry["loc"] not in {("kind",), ("sources",)}:
                found += faults_of(entry, raw.tables, ())
    return found


def _seen_together(definition: Header, reference: Reference) -> list[Fault]:
    within, faults = Faults(), Faults()
    first, last = definition.first_day, definition.last_day
    for where, value in definition.values():
        for span in value.periods(first, last):
            outside = span.until < first or span.start > last
            if outside or (value.years is not None and not first <= span.start <= last):
                within.add(where, f"an amount for {span.start} to {span.until}", f"within {first} to {last}")
        need = definition.inputs.get(value.input or "")
        if need is not None and need.unit != value.unit:
            within.add(where, f"unit {value.unit!r}, but input {value.input!r} has {need.unit!r}", "one unit")
    definition.check_inputs(within)
    try:
        definition.check(faults, reference)
    except OutsidePeriodError as error:
        faults.add(error.key, f"no value on {error.asked}; known: {error.known}", remedy=error.remedy)
    return within.found + faults.found


def _is_to_fill_in(stated: str) -> bool:
    """Whether the title of a source begins as one does that is still to be filled in, in any language.

    Such a marker is of capitals; the words of all languages are read for what looks like one only.
    """
    if not " ".join(stated.split()[:2]).isupper():
        return False
    words = (vocabularies(lang)["message"]["to_fill_in"] for lang in LANGUAGES)
    return stated.startswith(tuple(each.partition(":")[0] for each in words))


def _references(tables: Mapping[str, Any]) -> Iterator[Fault]:
    """Every source and input that a value names must exist, and every source must be filled in."""
    sources, inputs = (_table(tables.get(name)) for name in ("sources", "inputs"))
    if not sources:
        yield Fault("sources", "none", "at least one [sources.ID] with title and url or publisher")
    for name, source in sources.items():
        if _is_to_fill_in(str(_table(source).get("title", ""))):
            yield Fault(f"sources.{name}.title", "still to fill in", "the title of the decision or document")
    changes = ((f"changes of {change['key']}", change) for change in tables.get("changes", ()))
    rest = {key: part for key, part in tables.items() if key not in ("sources", "changes")}
    for where, entry in (*walk(rest), *changes):
        for key, known in (("source", sources), ("input", inputs)):
            named = entry.get(key)
            if isinstance(named, str) and named and named not in known:
                place = f"{where}.{key}".lstrip(".")
                yield Fault(place, repr(named), f"an id in [{key}s]", did_you_mean(named, known))


def _table(part: Any) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def walk(part: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every table in a part of a file, however deep, with its dotted key; arrays of tables by their id."""
    if isinstance(part, Mapping):
        yield where, part
        for key, item in part.items():
            yield from walk(item, f"{where}.{key}".lstrip("."))
    elif isinstance(part, list):
        for position, item in enumerate(part):
            label = _table(item).get("id")
            yield from walk(item, f"{where}.{label}" if label else f"{where}[{position}]")


@cache
def _field_names(model: type[BaseModel]) -> frozenset[str]:
    schema = model.model_json_schema(by_alias=True)
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", {})) - {"items"}
