"""Options that several commands share; typer reads them at run time."""

from pathlib import Path
from typing import Annotated

import typer

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
    Path | None, typer.Option("--groups", help="A CSV file of code and group, to add up by; groups may overlap.")
]
Municipality = Annotated[str | None, typer.Option(help="Code of one municipality, such as GM0345, for its note.")]
Lang = Annotated[str, typer.Option("--lang", help=f"Language of what is said: {' or '.join(LANGUAGES)}.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Say nothing but errors.")]
BudgetYear = Annotated[int | None, typer.Option(help="First year of the budget table, instead of that of the file.")]
TaskField = Annotated[
    str | None,
    typer.Option(help="Task field (taakveld, Iv3) of the budget table, such as 0.4, where the file has none."),
]
