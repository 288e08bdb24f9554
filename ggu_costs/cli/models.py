"""Commands on model files: list, show, check, new and schema."""

from __future__ import annotations

import json
import re
from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ggu_costs import catalogue
from ggu_costs.cli.messages import FAULTS, ILLUSTRATIVE, say, write_columns, write_error
from ggu_costs.cli.options import Models
from ggu_costs.errors import GguCostsError, InputError, MissingInputError
from ggu_costs.files import write_file
from ggu_costs.modelfile.schema import json_schema
from ggu_costs.modelfile.template import next_model
from ggu_costs.reading import MOST_BYTES, is_folder, why_not
from ggu_costs.report.files import make_folder
from ggu_costs.words.label import label

if TYPE_CHECKING:
    import pandas as pd


def list_(models: Models = None) -> None:
    """List the models there are: id, kind, when last checked, title."""
    definitions, faulty = catalogue.load_all(models)
    write_columns(
        (name, each.kind, f"gecontroleerd {each.checked_on}", each.title + f" ({ILLUSTRATIVE})" * each.illustrative)
        for name, each in definitions.items()
    )
    for error in faulty:
        write_error(error)
    if faulty:
        raise typer.Exit(FAULTS)


def show(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.")], models: Models = None
) -> None:
    """Show every value of a model with unit, status and source."""
    from ggu_costs.modelfile.listing import sources_frame, values_frame

    definition = catalogue.load_model(model, models).definition
    say(f"{definition.id}: {definition.title} (soort {definition.kind}, gecontroleerd {definition.checked_on})")
    if definition.illustrative:
        say(ILLUSTRATIVE)
    say(*definition.description.strip().split("\n"))
    say("", "Waarden")
    write_columns(_value_lines(values_frame(definition)))
    if definition.inputs:
        say("", "Invoer (--data NAAM=GETAL of NAAM=BESTAND)")
    for name, need in definition.inputs.items():
        asked = "optioneel" if need.optional else "verplicht"
        say(f"  {name}: {need.description} ({_word(need.unit, 'unit')}; {asked}, voor {need.needed_for})")
    say("", "Bronnen")
    for row in sources_frame(definition).reset_index().to_dict(orient="records"):
        parts = (row["title"], row["publisher"], row["published"], row["url"])
        say(f"  {row['id']}: {', '.join(str(part) for part in parts if part)}")
    if definition.notes:
        say("", "Opmerkingen")
    for note in definition.notes:
        say(f"  {note}")


def _value_lines(values: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Write values for a reader: item, amount, and on what it rests."""
    from ggu_costs.display.screen import written

    lines = []
    for row in values.to_dict(orient="records"):
        by = row["by"] and f"door {row['by']}"
        level = {"current": "lopende prijzen", "": ""}.get(row["price_level"], f"prijspeil {row['price_level']}")
        words = (_word(row["status"], "status"), row["source"], by, level, _word(row["vat"], "vat"), row["note"])
        rests = "; ".join(str(word) for word in words if word)
        lines.append((f"  {row['item']}", written(row["value"], row["unit"]), f"[{rests}]" if rests else ""))
    return lines


def _word(name: str, vocabulary: str) -> str:
    return label(name, of=vocabulary) if name else ""


def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or ids; by default every model there is.")
    ] = None,
    older_than: Annotated[str, typer.Option(help="Also list models checked longer ago, such as 12m or 1y.")] = "",
    models: Models = None,
) -> None:
    """Check model files: every fault of every file, those that show only when it is built included."""
    limit, today = _months_ago(older_than) if older_than else None, date.today()
    faulty = old = 0
    files = _files(paths, models)
    for path, folder in files:
        try:
            definition = catalogue.check_model(path, folder).definition
            if definition.checked_on > today:
                told = f"{definition.id}: checked_on is {definition.checked_on}, after today"
                raise InputError(told, remedy="Give the day on which the values were last checked.")
        except GguCostsError as error:
            faulty += 1
            write_error(error)
            continue
        if limit and definition.checked_on < limit:
            old += 1
            say(f"{definition.id}: gecontroleerd op {definition.checked_on}, nazien")
    reviewed = f", {old} na te zien" if limit else ""
    say(f"{len(files)} {'bestand' if len(files) == 1 else 'bestanden'}, {faulty} met fouten{reviewed}")
    if faulty:
        raise typer.Exit(FAULTS)


def _files(paths: list[str] | None, models: Path | None) -> list[tuple[str | Path, Path | None]]:
    """Return what to check, each with the folder in which its base is searched first."""
    if not paths:
        return [(name, models) for name in catalogue.model_files(models)]
    found: list[tuple[str | Path, Path | None]] = []
    for path in paths:
        if not is_folder(path):
            found.append((path, models))
            continue
        inside = sorted(Path(path).rglob("*.toml"))
        if not inside:
            raise InputError(f"{path}: no model files in this folder", remedy="Name a folder with .toml files.")
        found += [(file, models or Path(path)) for file in inside]
    return found


def _months_ago(text: str) -> date:
    match = re.fullmatch(r"(\d{1,3})([my])", text)
    if not match:
        raise InputError(f"--older-than {text!r}", remedy="Give a number of months or years, such as 12m or 1y.")
    months = int(match[1]) * (12 if match[2] == "y" else 1)
    today = date.today()  # here and in check only does the clock count: how long ago was a file checked
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def new(
    model: Annotated[str, typer.Argument(help="Id of the new model, such as funds/ggu/2021.")],
    source: Annotated[str, typer.Option("--from", help="Id or path of the model to start from.")],
    folder: Annotated[Path, typer.Option("--folder", help="Folder of your own models to write it in.")] = Path(
        "models"
    ),
    models: Models = None,
) -> None:
    """Write next year's model file, with the inputs and sources to fill in."""
    catalogue.load_model(source, models)
    text, blanks = next_model(catalogue.read_model(source, models), model)
    target = folder / f"{model}.toml"
    if not isinstance(why_not(target, most=MOST_BYTES), MissingInputError):
        raise InputError(f"{target.as_posix()} exists already", remedy="Choose another id, or remove the file.")
    write_file(make_folder(target.parent) / target.name, text.encode())
    say(f"{target.as_posix()} geschreven; vul in:")
    for blank in blanks:
        say(f"  {blank}")
    say(f"Daarna: ggu-costs check {target.as_posix()}")
    say(f"        ggu-costs run {model} --models {folder.as_posix()} --out MAP")


def schema(kind: Annotated[str, typer.Argument(help="Kind of model, such as fund.")]) -> None:
    """Print the JSON Schema of a kind of model file, for editors."""
    say(*json.dumps(json_schema(catalogue.definition_of(kind)), indent=2, ensure_ascii=False).split("\n"))
