"""Saving a result and loading it again: numbers in an npz file, all else in JSON beside it, with a version.

What was asked is saved: the loaded result answers the same questions with the same figures, and says so where it
cannot. Nothing in the files is executed when they are read.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from ggu_costs._version import __version__
from ggu_costs.errors import Fault, InputError, OutputError
from ggu_costs.impact.answers.runner import Asked, Runner, Settings
from ggu_costs.impact.programme.assembly import Assembly, Choice, Role
from ggu_costs.simulation.runs.rows import Replicate, Rows

if TYPE_CHECKING:
    from ggu_costs.impact.result import ImpactResult

__all__ = ["FORMAT", "load", "save"]

FORMAT = 1
"""Version of the form; a result of another version is refused."""

_ARRAYS = ("sums", "table", "histograms", "above", "extremes", "exact")
_SPREAD = ("mean", "quantiles", "shares")


def save(result: ImpactResult, path: str | Path) -> Path:
    """Save a result, with the main figures of every alternative asked beforehand.

    Parameters
    ----------
    path
        ``NAME``, ``NAME.npz`` or ``NAME.json``: both are written.

    Returns
    -------
    pathlib.Path
        The JSON file.

    Raises
    ------
    OutputError
        The files cannot be written.
    """
    _ask_all(result)
    known = dict.fromkeys((*result.alternatives, result.selection))
    runner = result.runner
    arrays: dict[str, Any] = {}
    kept: list[dict[str, Any]] = []
    for kind, table in runner.kept().items():
        for key, rows in table.items():
            kept.append({"kind": kind, "key": list(key), **_take(f"r{len(kept)}", rows, arrays)})
    assembly = result.assembly
    arrays |= {name: getattr(assembly, name) for name in ("inhabitants", "discount", "key")}
    settings = runner.settings
    told = {
        "format": FORMAT, "library": __version__, "title": result.title, "notes": list(result.notes),
        "provenance": result.provenance, "illustrative": result.illustrative, "selection": result.selection,
        "needs": result.needs,
        "stated": {name: runner.told(name) for name in known}, "digest": runner.digest, "rows": kept,
        "settings": {name: getattr(settings, name) for name in ("draws", "seed", "method", "replicates", "exact")},
        "units": assembly.units, "names": assembly.names, "years": assembly.years, "fixed": dict(assembly.fixed),
        "roles": [asdict(role) for role in assembly.roles.values()],
        "choices": [
            {"id": c.id, "name": c.name, "lines": list(c.terms), "participants": c.participants}
            for c in assembly.choices
        ],
        "structural_year": assembly.structural_year, "national": assembly.national, "prices": assembly.prices,
        "price_level": assembly.price_level, "map_day": None if assembly.map_day is None else str(assembly.map_day),
    }  # fmt: skip
    base = _base(path)
    try:
        np.savez_compressed(base.with_suffix(".npz"), **arrays)
        target = base.with_suffix(".json")
        target.write_text(json.dumps(told, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{base.as_posix()}: {error.strerror or error}", remedy="Check that the folder exists and can be written."
        ) from error
    return target


def _ask_all(result: ImpactResult) -> None:
    """Ask the main figures, years and lines of every alternative, so that the saved result can give them."""
    if not result.assembly.terms:
        return
    for name in dict.fromkeys((*result.alternatives, result.selection)):
        chosen = replace(result, selection=name)
        chosen.national()
        chosen.by_year()
        chosen.by_line()
        chosen.adequacy()
        if not result.assembly.national:
            asked = [Asked(name, quantity, "distribution") for quantity in ("net", "one_off", "structural")]
            asked += [Asked(name, f"line:{role.id}", "moments") for role in chosen.lines() if not role.pm]
            result.runner.ask(asked)
            chosen.winners_and_losers()
            for group in ("size_class", "province") if result.assembly.map_day else ():
                chosen.by(group)


def _take(name: str, rows: Rows, arrays: dict[str, Any]) -> dict[str, Any]:
    """Put the arrays of some rows in `arrays`, and return the rest."""
    for part in _ARRAYS:
        array = getattr(rows, part)
        if array is not None:
            arrays[f"{name}_{part}"] = array
    for place, replicate in enumerate(rows.replicates):
        for part in _SPREAD:
            arrays[f"{name}_{place}_{part}"] = getattr(replicate, part)
    return {
        "name": name, "count": rows.count, "probabilities": list(rows.probabilities),
        "spread_probabilities": list(rows.spread_probabilities), "replicates": len(rows.replicates),
        "histograms": rows.histograms is not None,
    }  # fmt: skip


def load(path: str | Path) -> ImpactResult:
    """Load a saved result.

    Raises
    ------
    InputError
        No such files, files that are no saved result, or one of another version.
    """
    from ggu_costs.impact.result import ImpactResult

    base = _base(path)
    told = _told(base.with_suffix(".json"))
    try:
        with base.with_suffix(".npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        runner = _runner(told, arrays)
        return ImpactResult(
            title=told["title"], notes=tuple(told["notes"]), provenance=told["provenance"],
            illustrative=told["illustrative"], runner=runner, selection=told["selection"], needs=told["needs"],
        )  # fmt: skip
    except (OSError, EOFError, KeyError, ValueError, TypeError, BadZipFile, zlib.error) as error:
        raise InputError(
            f"{base.as_posix()}: no saved result ({type(error).__name__}: {error})",
            remedy="Keep the .npz and .json files of a result together, unchanged.",
        ) from error


def _told(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.as_posix()}: no saved result ({error})", remedy="Check the path.") from error
    found = told.get("format") if isinstance(told, Mapping) else None
    if found != FORMAT:
        version = told.get("library", "unknown") if isinstance(told, Mapping) else "unknown"
        fault = Fault("format", f"{found!r}, written by ggu_costs {version}", f"{FORMAT}")
        raise InputError(
            f"{path.as_posix()}: a result of another version", faults=[fault],
            remedy="Simulate again, or read it with the version that wrote it.",
        )  # fmt: skip
    return dict(told)


def _runner(told: Mapping[str, Any], arrays: Mapping[str, Any]) -> Runner:
    day = told["map_day"]
    assembly = Assembly(
        units=tuple(told["units"]), names=tuple(told["names"]), inhabitants=arrays["inhabitants"],
        years=tuple(told["years"]), drivers=(), correlations=(), groupings=(), terms=(),
        roles={role["id"]: Role(**role) for role in told["roles"]},
        choices=tuple(
            Choice(c["id"], c["name"], dict.fromkeys(c["lines"], ()),
                   None if c["participants"] is None else tuple(c["participants"]))
            for c in told["choices"]
        ),
        discount=arrays["discount"], structural_year=told["structural_year"], key=arrays["key"],
        map_day=None if day is None else date.fromisoformat(day), national=told["national"], prices=told["prices"],
        price_level=told["price_level"], fixed=told["fixed"],
    )  # fmt: skip
    stated = {name: tuple(names) for name, names in told["stated"].items()}
    runner = Runner(assembly, Settings(**told["settings"]), stated=stated, stated_digest=told["digest"])
    tables = runner.kept()
    for item in told["rows"]:
        tables[item["kind"]][tuple(item["key"])] = _rows(item, arrays)
    return runner


def _rows(item: Mapping[str, Any], arrays: Mapping[str, Any]) -> Rows:
    name = item["name"]
    parts: dict[str, Any] = {
        part: None if part == "histograms" and not item["histograms"] else arrays[f"{name}_{part}"] for part in _ARRAYS
    }
    spread = tuple(
        Replicate(**{part: arrays[f"{name}_{place}_{part}"] for part in _SPREAD}) for place in range(item["replicates"])
    )
    return Rows(
        count=item["count"], probabilities=tuple(item["probabilities"]),
        spread_probabilities=tuple(item["spread_probabilities"]), replicates=spread, **parts,
    )  # fmt: skip


def _base(path: str | Path) -> Path:
    found = Path(path)
    return found.with_suffix("") if found.suffix in (".npz", ".json") else found
