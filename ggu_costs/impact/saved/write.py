"""Saving a result: what was asked of it, and what is needed to go on with it, in one file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from ggu_costs._version import __version__
from ggu_costs.impact.answers.adequacy import questions_of_adequacy
from ggu_costs.impact.answers.base import SimulationResult
from ggu_costs.impact.answers.distributions import asked, known_lines, questions_of_years
from ggu_costs.impact.answers.funding import told
from ggu_costs.impact.answers.grouped import questions_by, questions_of_shares
from ggu_costs.impact.answers.leading import leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.work import questions_of_work
from ggu_costs.impact.programme.assembly import Alternative
from ggu_costs.impact.saved.container import VERSION, file_of, write
from ggu_costs.impact.saved.contents import KINDS
from ggu_costs.impact.saved.texts import plain
from ggu_costs.simulation.runs.stored import rows_parts, run_parts
from ggu_costs.simulation.runs.stored_cells import Arrays

FIGURES = ("inhabitants", "discount", "key")
"""Arrays of a programme that are kept."""


def save(result: SimulationResult, path: str | os.PathLike[str]) -> Path:
    """Save a result in one file, with the main figures of every alternative asked beforehand.

    Parameters
    ----------
    path
        ``NAME`` or ``NAME.npz``: the file is ``NAME.npz``. What has this name is replaced once the new file is whole;
        until then, and where something fails, it stays as it was.

    Returns
    -------
    pathlib.Path
        The file, for :func:`ggu_costs.load_result`.

    Raises
    ------
    InputError
        A path that names no file, or a result of more than 1 GiB.
    OutputError
        The file cannot be written.
    """
    target = file_of(path)
    _ask_all(result)
    runner, assembly = result.runner, result.assembly
    arrays: Arrays = {name: np.asarray(getattr(assembly, name), float) for name in FIGURES}
    arrays |= {} if assembly.grant is None else {"grant": np.asarray(assembly.grant, float)}
    answers: list[dict[str, Any]] = []
    for kind in KINDS:
        for key, rows in list(getattr(runner.memory, kind).items()):  # other threads may ask meanwhile
            facts, parts = rows_parts(rows)
            arrays |= {f"answer{len(answers)}_{name}": array for name, array in parts.items()}
            answers.append({"kind": kind, "key": key, "rows": asdict(facts)})
    first, run = runner.first_run, None
    if first is not None:
        facts_of_run, parts = run_parts(first.state)
        arrays |= {f"run_{name}": array for name, array in parts.items()} | {"run_exact": first.exact}
        run = asdict(facts_of_run)
    settings, known = runner.settings, dict.fromkeys((*result.alternatives, result.selection))
    contents = {
        "format": "ggu_costs result", "version": VERSION, "library": __version__,
        "digest": runner.digest, "model": runner.model, "asked": runner.asked,
        "result": {
            "title": result.title, "notes": result.notes, "provenance": result.provenance,
            "illustrative": result.illustrative, "selection": result.selection, "needs": result.needs,
            "complete": result.complete, "indicative": result.indicative, "how_to_read": result.how_to_read,
            "municipal_share": result.municipal_share, "second_shape": result.second_shape,
            "technique": result.technique,
        },
        "draws": {name: getattr(settings, name) for name in ("draws", "seed", "method", "replicates", "exact")},
        "programme": {
            "units": assembly.units, "names": assembly.names, "years": assembly.years,
            "lines": [asdict(role) for role in assembly.roles.values()],
            "choices": [
                {"id": one.id, "name": one.name, "lines": list(one.terms), "participants": one.participants,
                 **_work_of(one)}
                for one in assembly.alternatives
            ],
            "fixed": assembly.fixed, "structural_year": assembly.structural_year, "national": assembly.national,
            "prices": assembly.prices, "price_level": assembly.price_level, "map_day": assembly.map_day,
            "paid_in_full": assembly.paid_in_full, "grant_title": assembly.grant_title,
        },
        "main": {name: runner.main_figures(name) for name in known}, "answers": answers,
        "enough": runner.enough, "run": run, "levels": () if first is None else first.levels,
    }  # fmt: skip
    facts_as_text = json.dumps(plain(contents), ensure_ascii=False, indent=1)
    return write(target, facts_as_text.encode(), arrays)


def _work_of(one: Alternative) -> dict[str, object]:
    """Steps and volumes of an alternative, without their terms; nothing where it has none."""
    works = [
        {name: value for name, value in asdict(work).items() if name not in ("cost", "hours")} for work in one.works
    ]
    return {"works": works, "volumes": list(one.volumes)} if works else {}


def _ask_all(result: SimulationResult) -> None:
    """Ask the main figures, years and lines of every alternative, so that the saved result can give them."""
    if result.runner.KIND != "terms" or not result.runner.enough:
        return
    selections = dict.fromkeys((*result.alternatives, result.selection))
    result.runner.ask(query for name in selections for query in _questions(replace(result, selection=name)))


def _questions(chosen: SimulationResult) -> Iterator[Query]:
    """What is asked of one alternative."""
    yield from asked(chosen, [*chosen.runner.main_figures(chosen.selection), *known_lines(chosen)])
    yield from questions_of_years(chosen)
    yield from questions_of_adequacy(chosen)
    yield from questions_of_work(chosen)
    if not chosen.assembly.national:
        wanted = dict.fromkeys(("net", told(chosen, "net"), "one_off", "structural", *leading(chosen)))
        yield from asked(chosen, wanted, "distribution")
        yield from asked(chosen, known_lines(chosen), "moments")
        yield from questions_of_shares(chosen, told(chosen, "net"))
        for group in ("size_class", "province") if chosen.assembly.map_day else ():
            yield from questions_by(chosen, group, ["net"])
