"""The models that a bundle names, read and checked with it: loops and what is wrong in any of them is told at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from ggu_costs.bundle.definition import BundleDefinition, ComponentTerms
from ggu_costs.errors import Faults, GguCostsError, ModelFileError, listed
from ggu_costs.impact.programme.build_drivers import taken_over
from ggu_costs.modelfile import Loaded
from ggu_costs.modelfile.sources import InputNeed, Source

BEFORE = ":before"
"""After the id of a component: the model that it is the difference from."""

Load: TypeAlias = Callable[[str | Mapping[str, Any], tuple[str, ...]], Loaded[Any]]
"""Reads a model by id or mapping; takes the bundles on the way to it."""

GRANT = ":grant"
"""The model of the grant that amounts are told as a share of."""

_KINDS = ("programme", "fund", "fee", "procurement", "grant", "bundle")
_BILLED = ("fund", "fee", "grant")
_ONLY = {
    "alternative": ("programme",), "rule": ("procurement",), "instead_of": _BILLED,
    "nature": (*_BILLED, "procurement"), "structural_year": ("programme", *_BILLED, "procurement"),
}  # fmt: skip
"""Keys of a component that some kinds have only."""


def with_components(loaded: Loaded[BundleDefinition], load: Load, seen: tuple[str, ...] = ()) -> Loaded[Any]:
    """Return a bundle with the models of its components, their hashes and sources, and the inputs that they ask for.

    Parameters
    ----------
    load
        Reads and checks a model.
    seen
        Bundles on the way here.

    Raises
    ------
    ModelFileError
        Every fault of every component, under its id: a model that does not exist or has faults, a kind that cannot be
        added up, a bundle that goes round in a circle, what the bundle has already.
    """
    definition, faults = loaded.definition, Faults()
    way = (*seen, definition.id)
    parts: dict[str, Loaded[Any]] = {}
    for one in definition.components:
        for key, source in _sources(definition, one).items():
            where = f"components.{one.id}{'.instead_of' if key.endswith(BEFORE) else '.model'}"
            name = one.instead_of if key.endswith(BEFORE) else one.model
            if name in way:
                circle = " -> ".join((*way[way.index(name) :], name))
                faults.add(where, f"goes round in a circle: {circle}", "a model that does not hold this bundle")
                continue
            try:
                parts[key] = load(source, way)
            except GguCostsError as error:
                taken_over(error, where, faults)
        _check_kind(one, parts, faults)
    if definition.bundle.grant:
        try:
            parts[GRANT] = load(definition.bundle.grant, way)
        except GguCostsError as error:
            taken_over(error, "bundle.grant", faults)
        if GRANT in parts and (kind := parts[GRANT].definition.kind) != "grant":
            faults.add("bundle.grant", f"a {kind}", "the id of a grant")
    _check_items(definition, parts, faults)
    inputs = _inputs(parts, faults)
    if faults:
        raise ModelFileError(
            f"{loaded.path}: this model file cannot be used", path=loaded.path, faults=faults,
            remedy="Correct every component named.",
        )  # fmt: skip
    changed = {f"{definition.id}/{one.id}" for one in definition.components if one.changes}
    hashes = {name: digest for part in parts.values() for name, digest in part.hashes.items() if name not in changed}
    return replace(
        loaded,
        definition=definition.model_copy(update={"inputs": inputs, "sources": _all_sources(definition, parts)}),
        hashes=loaded.hashes | hashes,
        named=parts,
    )


def _sources(definition: BundleDefinition, one: ComponentTerms) -> dict[str, str | Mapping[str, Any]]:
    """What is read for a component: its model, as changed where it is, and what it is the difference from."""
    found: dict[str, str | Mapping[str, Any]] = {one.id: one.model}
    if one.changes:
        found[one.id] = {
            "schema": 1, "base": one.model, "id": f"{definition.id}/{one.id}",
            "changes": [change.as_table() for change in one.changes],
            "sources": {name: source.model_dump(exclude_unset=True) for name, source in definition.sources.items()},
        }  # fmt: skip
    if one.instead_of:
        found[one.id + BEFORE] = one.instead_of
    return found


def _check_kind(one: ComponentTerms, parts: Mapping[str, Loaded[Any]], faults: Faults) -> None:
    """What can be said of a component once the kind of its model is known."""
    if one.id not in parts:
        return
    kind, where = parts[one.id].definition.kind, f"components.{one.id}"
    if kind not in _KINDS:
        faults.add(f"{where}.model", f"a {kind}", f"a model of kind {', '.join(_KINDS)}", "It has no amounts.")
        return
    for name, kinds in _ONLY.items():
        if getattr(one, name) and kind not in kinds:
            faults.add(f"{where}.{name}", f"stated of a {kind}", f"of {listed(kinds)} only", "Leave it out.")
    if kind in _BILLED and one.nature is None:
        remedy = f"No file of a {kind} says so: say whether its amounts are one-off or structural."
        faults.add(f"{where}.nature", "missing", "one_off or structural", remedy)
    if kind == "grant" and not one.instead_of:
        remedy = "State instead_of: the grant before the change; the whole uitkering is no effect of anything."
        faults.add(f"{where}.instead_of", "missing", "the id of a grant", remedy)
    before = parts.get(one.id + BEFORE)
    if before is not None and before.definition.kind != kind:
        faults.add(f"{where}.instead_of", f"a {before.definition.kind}", f"a {kind}, as its model is")


def _check_items(definition: BundleDefinition, parts: Mapping[str, Loaded[Any]], faults: Faults) -> None:
    """Refuse an item that another component holds already, in a bundle within this one as well."""
    seen: dict[tuple[str, bool], str] = {}
    for one in definition.components:
        loaded = parts.get(one.id)
        held = _items(loaded) if loaded is not None and loaded.definition.kind == "bundle" else [one.item]
        for item in held:
            if item in seen:
                remedy = "Leave it out of one of them: it would be counted twice."
                faults.add(f"components.{one.id}", f"{item[0]}, which {seen[item]} holds already", "once", remedy)
            seen.setdefault(item, one.id)


def _items(loaded: Loaded[Any]) -> list[tuple[str, bool]]:
    """Every item that a bundle adds up, those of bundles within it among them."""
    found: list[tuple[str, bool]] = []
    for one in loaded.definition.components:
        part = loaded.named[one.id]
        found += _items(part) if part.definition.kind == "bundle" else [one.item]
    return found


def _all_sources(definition: BundleDefinition, parts: Mapping[str, Loaded[Any]]) -> dict[str, Source]:
    """Return the sources of the bundle and of all its components, each once."""
    sources = dict(definition.sources)
    for key, part in parts.items():
        for name, source in part.definition.sources.items():
            if source not in sources.values():
                sources[f"{key.removesuffix(BEFORE)}:{name}".lstrip(":")] = source
    return sources


def _inputs(parts: Mapping[str, Loaded[Any]], faults: Faults) -> dict[str, InputNeed]:
    """Return the inputs of all components by name; one name is one input, brought once for all that ask for it."""
    inputs: dict[str, InputNeed] = {}
    whose: dict[str, str] = {}
    for key, part in parts.items():
        for name, need in part.definition.inputs.items():
            known = inputs.setdefault(name, need)
            if (known.unit, known.scope) != (need.unit, need.scope):
                found = (
                    f"input {name!r} in {need.unit} ({need.scope}), in {whose[name]} in {known.unit} ({known.scope})"
                )
                faults.add(f"components.{key.removesuffix(BEFORE)}", found, "one unit and scope for one name")
            if known.optional and not need.optional:
                inputs[name] = need
            whose.setdefault(name, key.removesuffix(BEFORE))
    return inputs
