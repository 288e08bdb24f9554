"""Saving a result and loading it again: numbers in an npz file, all else in JSON beside it, with a version.

What was asked is saved: the loaded result answers the same questions with the same figures, and says so where it
cannot. Nothing in the files is executed when they are read.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np

from ggu_costs._version import __version__
from ggu_costs.errors import Fault, InputError, OutputError
from ggu_costs.impact.answers import distributions, grouped
from ggu_costs.impact.answers.adequacy import adequacy
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.questions import output_of
from ggu_costs.impact.answers.runner import Query, Runner
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.programme.assembly import Alternative, Assembly, Role
from ggu_costs.impact.programme.notes import INDICATIVE, SIGN
from ggu_costs.simulation.parts import Grouping, Joint
from ggu_costs.simulation.runs.rows import Replicate, Rows

Loaded = TypeVar("Loaded", bound="SimulationResult")

FORMAT = 1
"""Version of the form; a result of another version is refused."""

_ARRAYS = ("sums", "table", "histograms", "above", "extremes", "exact")
_FIGURES = ("inhabitants", "discount", "key")
_STATED = ("structural_year", "national", "prices", "price_level")
_KINDS = ("units", "nation", "groups", "joints")
_SPREAD = ("mean", "quantiles", "shares")


@dataclass(frozen=True, eq=False)
class SavedRunner(Runner):
    """Gives what was asked before a result was saved, and nothing else.

    Attributes
    ----------
    main
        By selection, the main figures that some line of it is in.
    """

    KIND = "saved"

    main: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def main_figures(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line of a selection is in."""
        return self.main.get(selection, ("net",))

    def require_terms(self) -> None:
        """Refuse: the terms were not saved."""
        raise InputError(
            "this result was loaded and does not hold the answer to this question",
            remedy="Open the programme and simulate it again, or ask the question before you save the result.",
        )

    def _answer(self, queries: Sequence[Query], grouping: Grouping | None) -> None:
        for query in queries:
            output_of(self.assembly, *query, "distribution")  # a question that does not exist is another fault
        self.require_terms()

    def joints(self, query: Query, joints: Sequence[Joint], exact: tuple[float, ...] = ()) -> list[Rows]:
        """Figures over all municipalities that are no sums, as they were saved."""
        output = output_of(self.assembly, *query.key, "none", "none")
        names = [f"{output.name}/{joint.name}" for joint in joints]
        if any((name,) not in self.memory.joints for name in names):
            self.require_terms()
        return [self.memory.joints[name,] for name in names]


def save(result: SimulationResult, path: str | Path) -> Path:
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
    for kind in _KINDS:
        for key, rows in getattr(runner.memory, kind).items():
            kept.append({"kind": kind, "key": list(key), **_take(f"r{len(kept)}", rows, arrays)})
    assembly = result.assembly
    arrays |= {name: getattr(assembly, name) for name in _FIGURES}
    settings = runner.settings
    contents = {
        "format": FORMAT, "library": __version__, "title": result.title, "notes": list(result.notes),
        "provenance": result.provenance, "illustrative": result.illustrative, "selection": result.selection,
        "needs": result.needs, "complete": result.complete, "indicative": result.indicative,
        "how_to_read": result.how_to_read,
        "stated": {name: runner.main_figures(name) for name in known}, "digest": runner.digest, "rows": kept,
        "settings": {name: getattr(settings, name) for name in ("draws", "seed", "method", "replicates", "exact")},
        "units": assembly.units, "names": assembly.names, "years": assembly.years, "fixed": dict(assembly.fixed),
        "roles": [asdict(role) for role in assembly.roles.values()],
        "choices": [
            {"id": c.id, "name": c.name, "lines": list(c.terms), "participants": c.participants}
            for c in assembly.alternatives
        ],
        **{name: getattr(assembly, name) for name in _STATED}, "map_day": assembly.map_day,
    }  # fmt: skip
    base = _base(path)
    try:
        np.savez_compressed(base.with_suffix(".npz"), **arrays)
        target = base.with_suffix(".json")
        target.write_text(json.dumps(contents, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{base.as_posix()}: {error.strerror or error}", remedy="Check that the folder exists and can be written."
        ) from error
    return target


def _ask_all(result: SimulationResult) -> None:
    """Ask the main figures, years and lines of every alternative, so that the saved result can give them."""
    if result.runner.KIND != "terms":
        return
    for name in dict.fromkeys((*result.alternatives, result.selection)):
        chosen = replace(result, selection=name)
        for answer in (distributions.national, distributions.by_year, distributions.by_line, adequacy):
            answer(chosen)
        if not result.assembly.national:
            queries = [Query(name, quantity, "distribution") for quantity in ("net", "one_off", "structural")]
            queries += [Query(name, f"line:{role.id}", "moments") for role in chosen.lines() if not role.pm]
            result.runner.ask(queries)
            grouped.winners_and_losers(chosen)
            for group in ("size_class", "province") if result.assembly.map_day else ():
                grouped.by(chosen, group)


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


def load(path: str | Path, kind: type[Loaded]) -> Loaded:
    """Load a saved result of a kind.

    Raises
    ------
    InputError
        No such files, files that are no saved result, or one of another version.
    """
    base = _base(path)
    stated = _read_json(base.with_suffix(".json"))
    try:
        with base.with_suffix(".npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        facts = stated if "complete" in stated else _facts_of_old_file(stated["notes"], stated["provenance"])
        return kind(
            title=stated["title"], notes=tuple(stated["notes"]), provenance=stated["provenance"],
            illustrative=stated["illustrative"], runner=_runner(stated, arrays), selection=stated["selection"],
            needs=stated["needs"], complete=facts["complete"],
            indicative=facts["indicative"], how_to_read=tuple(facts["how_to_read"]),
        )  # fmt: skip
    except (OSError, EOFError, KeyError, ValueError, TypeError, BadZipFile, zlib.error) as error:
        raise InputError(
            f"{base.as_posix()}: no saved result ({type(error).__name__}: {error})",
            remedy="Keep the .npz and .json files of a result together, unchanged.",
        ) from error


def _facts_of_old_file(texts: Sequence[str], origin: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that a file written before they were fields keeps in its texts only."""
    known = tuple(text for text in (SIGN, INDICATIVE) if text in texts)
    return {"complete": "draws_asked" not in origin, "indicative": INDICATIVE in known, "how_to_read": known}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        stated = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path.as_posix()}: no saved result ({error})", remedy="Check the path.") from error
    found = stated.get("format") if isinstance(stated, Mapping) else None
    if found != FORMAT:
        version = stated.get("library", "unknown") if isinstance(stated, Mapping) else "unknown"
        fault = Fault("format", f"{found!r}, written by ggu_costs {version}", f"{FORMAT}")
        raise InputError(
            f"{path.as_posix()}: a result of another version", faults=[fault],
            remedy="Simulate again, or read it with the version that wrote it.",
        )  # fmt: skip
    return dict(stated)


def _runner(stated: Mapping[str, Any], arrays: Mapping[str, Any]) -> Runner:
    day = stated["map_day"]
    parts: dict[str, Any] = {name: tuple(stated[name]) for name in ("units", "names", "years")}
    parts |= {name: arrays[name] for name in _FIGURES} | {name: stated[name] for name in _STATED}
    assembly = Assembly(
        **parts,
        drivers=(), correlations=(), groupings=(), terms=(), fixed=stated["fixed"],
        map_day=None if day is None else date.fromisoformat(day),
        roles={role["id"]: Role(**role) for role in stated["roles"]},
        alternatives=tuple(
            Alternative(c["id"], c["name"], dict.fromkeys(c["lines"], ()),
                   None if c["participants"] is None else tuple(c["participants"]))
            for c in stated["choices"]
        ),
    )  # fmt: skip
    main = {name: tuple(names) for name, names in stated["stated"].items()}
    runner = SavedRunner(assembly, Settings(**stated["settings"]), main=main, stated_digest=stated["digest"])
    for item in stated["rows"]:
        getattr(runner.memory, item["kind"])[tuple(item["key"])] = _rows(item, arrays)
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
