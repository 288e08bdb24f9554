"""Options that several commands share; typer reads them at run time."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ggu_costs.errors import GguCostsError
from ggu_costs.reference import Reference
from ggu_costs.words.languages import LANGUAGES

Models = Annotated[Path | None, typer.Option("--models", help="A folder of your own models, searched first.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for the results; made where it does not exist. Needed, unless --json is given."),
]
Json = Annotated[
    bool, typer.Option("--json", help="Write what is found as JSON, and nothing else, where a program reads it.")
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help="How CSV files of --data are encoded, such as cp1252 of older Excel.")
]
Decimal = Annotated[
    str | None, typer.Option("--decimal", help="Decimal mark in files of --data: '.' or ','; by default as they show.")
]
Data = Annotated[
    list[str] | None, typer.Option("--data", metavar="NAME=FILE", help="An input: a number, or a CSV or Excel file.")
]
Boundaries = Annotated[
    Path | None, typer.Option("--boundaries", help="GeoJSON or TopoJSON of municipalities, for the map of the page.")
]
Groups = Annotated[
    Path | None,
    typer.Option("--groups", help="A CSV file of code and group, to add up by; may overlap; not with --municipality."),
]
Municipality = Annotated[
    str | None, typer.Option(help="Code of one municipality, such as GM0345, for its note; not with --groups.")
]
Lang = Annotated[str, typer.Option("--lang", help=f"Language of what is said: {' or '.join(LANGUAGES)}.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
BudgetYear = Annotated[int | None, typer.Option(help="First year of the budget table, instead of that of the file.")]
TaskField = Annotated[
    str | None,
    typer.Option(help="Task field (taakveld, Iv3) of the budget table, such as 0.4, where the file has none."),
]
References = Annotated[
    list[Path] | None,
    typer.Option("--reference", metavar="DIR", help="A folder with reference tables of your own; may be repeated."),
]


def ids_like(begun: str) -> list[str]:
    """Return the ids of models that begin as what was typed, for a shell to complete."""
    from ggu_costs.modelfile.finding import model_files

    try:
        return [name for name in model_files() if name.startswith(begun)]
    except GguCostsError:  # a folder of models that is not there
        return []


def open_reference(folders: list[Path] | None, *, without: Path | None = None) -> Reference:
    """Open the reference tables that a line and GGU_COSTS_REFERENCE name, each above those before it.

    Parameters
    ----------
    without
        A folder that is left out: the one that is checked against the others.
    """
    stated = [Path(folder) for folder in os.environ.get("GGU_COSTS_REFERENCE", "").split(os.pathsep) if folder]
    every = [*stated, *(folders or [])]
    kept = [folder for folder in every if without is None or folder.resolve() != without.resolve()]
    return Reference.open(*dict.fromkeys(kept))
