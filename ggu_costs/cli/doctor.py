"""The command that says whether an installation is whole: versions, extras, and where things are kept."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from ggu_costs._version import __version__
from ggu_costs.cli.messages import FAULTS, say, say_json, write_columns
from ggu_costs.cli.options import Json, Lang
from ggu_costs.words.messages import message

PACKAGE = "ggu-costs"
USERS = ("plots", "excel", "html", "dask", "arrow", "service")
"""Extras that users install; the others are for who works on the library."""

_NEED = re.compile(r"([\w.-]+)\s*>=\s*([\d.]+)(?:.*\bextra\s*==\s*['\"]([\w-]+)['\"])?")


@dataclass(frozen=True)
class Package:
    """A package that the library, or one of its extras, needs: its lowest version, and the one that is there."""

    name: str
    needed: str
    extra: str
    found: str

    @property
    def state(self) -> str:
        """``found``, ``old`` or ``lacking``."""
        if not self.found:
            return "lacking"
        return "old" if _numbers(self.found) < _numbers(self.needed) else "found"


def doctor(lang: Lang = "nl", as_json: Json = False) -> None:
    """Say whether the installation is whole: versions of packages, extras, and where kernels and scripts are kept.

    Exit code 1 where a package that is needed is missing or too old.
    """
    packages = list(_packages())
    needed = [one for one in packages if not one.extra]
    faulty = sum(one.state != "found" for one in needed)
    kernels, pages = _kernels(), _pages()
    folders = {name: os.environ.get(name, "") for name in ("GGU_COSTS_MODELS", "GGU_COSTS_REFERENCE")}
    if as_json:
        told = {
            "version": __version__, "python": platform.python_version(), "system": platform.platform(),
            "packages": [asdict(one) | {"state": one.state} for one in packages],
            "kernels": {"folder": kernels[0], "writable": kernels[1]},
            "pages": {"folder": pages[0], "writable": pages[1]}, "folders": folders, "whole": not faulty,
        }  # fmt: skip
        say_json(json.dumps(told, ensure_ascii=False))
    else:
        say(message("doctor_head", version=__version__, python=platform.python_version(), system=platform.system()),
            lang=lang)  # fmt: skip
        write_columns([(f"  {one.name}", _said(one)) for one in needed], lang)
        say(*_extras(packages), _kept("doctor_kernels", *kernels), _kept("doctor_cache", *pages), lang=lang)
        stated = {name: each.split(os.pathsep) for name, each in folders.items() if each}
        for name, each in stated.items():
            say(message("doctor_folders", name=name, folders=each), lang=lang)
        say(message("doctor_faults", count=faulty) if faulty else message("doctor_fine"), lang=lang)
    if faulty:
        raise typer.Exit(FAULTS)


def _packages() -> Iterator[Package]:
    """Return what the installed library says that it and its extras need."""
    from importlib import metadata

    try:
        needs = metadata.requires(PACKAGE) or []
    except metadata.PackageNotFoundError:  # read from a folder, not installed
        return
    for need in needs:
        stated = _NEED.match(need)
        if stated is None or (stated[3] or "") not in ("", *USERS):
            continue
        try:
            found = metadata.version(stated[1])
        except metadata.PackageNotFoundError:
            found = ""
        yield Package(stated[1], stated[2], stated[3] or "", found)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version.split("+", maxsplit=1)[0])]


def _said(one: Package) -> str:
    facts = {} if one.state == "found" else {"remedy": f"python -m pip install '{one.name}>={one.needed}'"}
    return message(f"doctor_{one.state}", version=one.found, needed=one.needed, **facts)


def _extras(packages: list[Package]) -> Iterator[str]:
    for extra in dict.fromkeys(one.extra for one in packages if one.extra):
        names = [one.name for one in packages if one.extra == extra and one.state != "found"]
        key = "doctor_extra_lacking" if names else "doctor_extra_whole"
        yield message(key, extra=extra, **({"names": names} if names else {}))


def _kept(key: str, folder: str, writable: bool) -> str:
    if not folder:
        return message(f"{key}_off")
    return message(key if writable else f"{key}_closed", path=folder)


def _kernels() -> tuple[str, bool]:
    """Return where compiled kernels are kept, and whether they can be; no folder where nothing is compiled."""
    from ggu_costs.allocation import _kernels as kernels

    cache = getattr(kernels.proportional_rows, "_cache", None)
    if cache is None:
        return "", False
    folder = getattr(cache, "cache_path", None) or os.environ.get("NUMBA_CACHE_DIR") or str(Path(__file__).parents[1])
    return Path(folder).as_posix(), _writable(Path(folder))


def _pages() -> tuple[str, bool]:
    from ggu_costs.report.bundle import cache_folder

    return cache_folder().as_posix(), _writable(cache_folder())


def _writable(folder: Path) -> bool:
    """Whether a folder, or the nearest above it that is there, can be written."""
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
