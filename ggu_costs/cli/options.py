"""Options that several commands share; typer reads them at run time."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ggu_costs.reference import Reference
from ggu_costs.words.languages import LANGUAGES

Models = Annotated[Path | None, typer.Option("--models", help="A folder of your own models, searched first.")]
Out = Annotated[Path, typer.Option("--out", help="Folder for the results; made where it does not exist.")]
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
