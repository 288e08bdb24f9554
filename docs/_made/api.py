"""Pages of the API: every public name of every room, and the classes that their answers are."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pydantic import BaseModel

import ggu_costs

from . import write

ROOMS = {
    "": "Opening models, errors, reference tables and what needs no model",
    "fund": "Funds and fees",
    "allocation": "Keys, bounds, tariffs and cents",
    "games": "Cooperative games",
    "games.axioms": "Fairness properties",
    "procurement": "Joint procurement",
    "joint": "Joint bodies",
    "impact": "Programmes",
    "simulation.marginals": "Distributions",
    "bundle": "Bundles",
    "grants": "Circulaires of the gemeentefonds",
    "ballot": "Votes",
    "catalogue": "Models by id",
}
"""Room -> what it is about. What these packages list is public, and so are the classes of their answers."""

_INDEX = """Everything that is public: what the package and its rooms list, and the classes of their answers.
``import ggu_costs as ggu`` gives the names of the first page; the others are imported from their room. What is not here
may change without notice."""
_MEMBERS = "   :members:\n   :inherited-members: BaseModel, Exception, BaseException, tuple, Protocol, dict\n"


def _package(room: str) -> ModuleType:
    return import_module(f"ggu_costs.{room}".rstrip("."))


def _names(module: ModuleType) -> list[str]:
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return list(listed)
    return [name for name, one in vars(module).items() if not name.startswith("_") and _home(one) == module.__name__]


def _home(one: object) -> str:
    return str(getattr(one, "__module__", "")) if inspect.isclass(one) or inspect.isroutine(one) else ""


def public() -> dict[str, object]:
    """Full name -> object, each object once, under the shortest package that lists it."""
    found: dict[str, object] = {}
    for room in ROOMS:
        module = _package(room)
        for name in _names(module):
            one = getattr(module, name)
            if not isinstance(one, ModuleType) and not any(one is other for other in found.values()):
                found[f"{module.__name__}.{name}"] = one
    return found


def _classes() -> dict[str, type]:
    """Classes of the package by name; a name that two have stands for neither."""
    found: dict[str, list[type]] = {}
    for module in pkgutil.walk_packages(ggu_costs.__path__, "ggu_costs."):
        if module.name.rpartition(".")[2].endswith("_kernels") or ".cli" in module.name:
            continue
        for name, one in vars(import_module(module.name)).items():
            if inspect.isclass(one) and one.__module__ == module.name and not name.startswith("_"):
                found.setdefault(name, []).append(one)
    return {name: each[0] for name, each in found.items() if len(each) == 1}


def _answers_of(one: object) -> Iterator[str]:
    """Names in the return annotations of a function, or of the public methods and properties of a class."""
    parts: Iterable[object] = [one]
    if inspect.isclass(one):
        parts = [
            member
            for name, member in inspect.getmembers_static(one)
            if not name.startswith("_") and (_home(member) or isinstance(member, property))
        ]
    for part in parts:
        function = part.fget if isinstance(part, property) else getattr(part, "__func__", part)
        yield from re.findall(r"\w+", str(getattr(function, "__annotations__", {}).get("return", "")))


def answers(known: dict[str, object]) -> dict[str, type]:
    """Classes that public functions and methods return, and what those return, that no package lists."""
    classes, found = _classes(), dict[str, type]()
    left = list(known.values())
    while left:
        for name in _answers_of(left.pop()):
            one = classes.get(name)
            listed = any(one is other for other in (*known.values(), *found.values()))
            if (
                one is None
                or listed
                or issubclass(one, BaseModel)
                or issubclass(one, str)
                or getattr(one, "_is_protocol", False)
            ):
                continue
            found[f"{one.__module__}.{one.__name__}"] = one
            left.append(one)
    return dict(sorted(found.items()))


def _entry(name: str, one: object) -> str:
    module, _, own = name.rpartition(".")
    lines = f".. currentmodule:: {module}\n\n"
    if not inspect.isclass(one):
        return lines + f".. autofunction:: {own}\n"
    if issubclass(one, BaseModel):  # its keys are told with the model files
        return lines + f".. autoclass:: {own}()\n"
    return lines + f".. autoclass:: {own}\n{_MEMBERS}"


def _headed(title: str, mark: str) -> str:
    return f"{title}\n{mark * len(title)}\n\n"


def _section(title: str, objects: dict[str, object], text: str) -> str:
    table = "".join(f"   ~{full}\n" for full in sorted(objects, key=lambda full: full.rpartition(".")[2].lower()))
    return f"{_headed(title, '-')}{text}\n\n.. autosummary::\n\n{table}\n"


def make(folder: Path) -> None:
    """Write a page for each room: what it lists, and the classes that its answers are."""
    known = public()
    returned = answers(known)
    rooms = {room: {} for room in ROOMS}
    for full, one in returned.items():
        room = full.split(".")[1]
        rooms[room if room in ROOMS else ""][full] = one
    pages = []
    for room, title in ROOMS.items():
        package = f"ggu_costs.{room}".rstrip(".")
        own = {full: one for full, one in known.items() if full.rpartition(".")[0] == package}
        if not own:
            continue
        text = _headed(title, "=") + _section("What you call", own, f"``import {package}``")
        if rooms[room]:
            text += _section("What answers are", rooms[room], "You get these from methods; you do not make them.")
        text += _headed("Each of them", "-")
        each = sorted((own | rooms[room]).items(), key=lambda pair: pair[0].rpartition(".")[2].lower())
        text += "\n".join(_entry(full, one) for full, one in each)
        pages.append(f"room-{room or 'top'}".replace(".", "-"))
        write(folder / f"{pages[-1]}.rst", text)
    listed = "".join(f"   {page}\n" for page in pages)
    write(folder / "index.rst", f"{_headed('Python', '=')}{_INDEX}\n\n.. toctree::\n   :maxdepth: 1\n\n{listed}")
