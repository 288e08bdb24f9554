"""The command line: list, show, check, new, run, compare, warmup, schema.

Exit codes: 0 fine, 1 faults in files, 2 an input or argument is missing, 3 no result could be written.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar

import typer

from ggu_costs import catalogue
from ggu_costs.errors import Faults, GguCostsError, InputError, MissingInputError, ModelFileError, OutputError

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.report.dossier import Dossier

__all__ = ["app", "main"]

P = ParamSpec("P")
R = TypeVar("R")

FAULTS, MISSING, NO_RESULT = 1, 2, 3

_ILLUSTRATIVE = "FICTIEF VOORBEELD"

app = typer.Typer(
    help="Wie betaalt wat als gemeenten samen iets doen. Who pays what when Dutch municipalities do things together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

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
Lang = Annotated[str, typer.Option("--lang", help="nl or en.")]


def _guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the library's errors into a message and an exit code; every fault is written, however many."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GguCostsError as error:
            _tell(error)
            code = MISSING if isinstance(error, MissingInputError) else FAULTS
            raise typer.Exit(NO_RESULT if isinstance(error, OutputError) else code) from None

    return run


def _tell(error: GguCostsError) -> None:
    lines = [error.message, *(f"  - {fault}" for fault in error.faults), error.remedy]
    typer.echo("\n".join(line for line in lines if line), err=True)


@app.command("list")
@_guarded
def list_(models: Models = None) -> None:
    """List the models there are: id, kind, when last checked, title."""
    faulty, lines = [], []
    for name in catalogue.model_files(models):
        try:
            definition = catalogue.load_model(name, models).definition
        except ModelFileError as found:
            faulty.append(found)
            continue
        mark = f" ({_ILLUSTRATIVE})" if definition.illustrative else ""
        lines.append((name, definition.kind, f"gecontroleerd {definition.checked_on}", definition.title + mark))
    _columns(lines)
    for error in faulty:
        _tell(error)
    if faulty:
        raise typer.Exit(FAULTS)


def _columns(lines: Iterable[tuple[str, ...]]) -> None:
    """Write lines with their cells under one another."""
    rows = list(lines)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command()
@_guarded
def show(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.")], models: Models = None
) -> None:
    """Show every value of a model with unit, status and source."""
    from ggu_costs.modelfile.listing import sources_frame, values_frame

    definition = catalogue.load_model(model, models).definition
    typer.echo(f"{definition.id}: {definition.title} (soort {definition.kind}, gecontroleerd {definition.checked_on})")
    if definition.illustrative:
        typer.echo(_ILLUSTRATIVE)
    typer.echo(definition.description.strip())
    typer.echo("\nWaarden")
    _columns(_value_lines(values_frame(definition)))
    if definition.inputs:
        typer.echo("\nInvoer (--data NAAM=GETAL of NAAM=BESTAND)")
    for name, need in definition.inputs.items():
        asked = "optioneel" if need.optional else "verplicht"
        typer.echo(f"  {name}: {need.description} ({_word(need.unit, 'unit')}; {asked}, voor {need.needed_for})")
    typer.echo("\nBronnen")
    for row in sources_frame(definition).reset_index().to_dict(orient="records"):
        parts = (row["title"], row["publisher"], row["published"], row["url"])
        typer.echo(f"  {row['id']}: {', '.join(str(part) for part in parts if part)}")
    if definition.notes:
        typer.echo("\nOpmerkingen")
    for note in definition.notes:
        typer.echo(f"  {note}")


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


def _word(name: str, vocabulary: str, lang: str = "nl") -> str:
    from ggu_costs.words.label import label

    return label(name, lang, of=vocabulary) if name else ""


@app.command()
@_guarded
def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or ids; by default every model there is.")
    ] = None,
    older_than: Annotated[str, typer.Option(help="Also list models checked longer ago, such as 12m or 1y.")] = "",
    models: Models = None,
) -> None:
    """Check model files: every fault of every file."""
    limit, today = _months_ago(older_than) if older_than else None, date.today()
    faulty = old = 0
    files = _files(paths, models)
    for path, folder in files:
        try:
            definition = catalogue.load_model(path, folder).definition
            if definition.checked_on > today:
                told = f"{definition.id}: checked_on is {definition.checked_on}, after today"
                raise InputError(told, remedy="Give the day on which the values were last checked.")
        except GguCostsError as error:
            faulty += 1
            _tell(error)
            continue
        if limit and definition.checked_on < limit:
            old += 1
            typer.echo(f"{definition.id}: gecontroleerd op {definition.checked_on}, nazien")
    reviewed = f", {old} na te zien" if limit else ""
    typer.echo(f"{len(files)} {'bestand' if len(files) == 1 else 'bestanden'}, {faulty} met fouten{reviewed}")
    if faulty:
        raise typer.Exit(FAULTS)


def _files(paths: list[str] | None, models: Path | None) -> list[tuple[str | Path, Path | None]]:
    """Return what to check, each with the folder in which its base is searched first."""
    if not paths:
        return [(name, models) for name in catalogue.model_files(models)]
    found: list[tuple[str | Path, Path | None]] = []
    for path in paths:
        if not Path(path).is_dir():
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


@app.command()
@_guarded
def new(
    model: Annotated[str, typer.Argument(help="Id of the new model, such as funds/ggu/2021.")],
    source: Annotated[str, typer.Option("--from", help="Id or path of the model to start from.")],
    folder: Annotated[Path, typer.Option("--folder", help="Folder of your own models to write it in.")] = Path(
        "models"
    ),
    models: Models = None,
) -> None:
    """Write next year's model file, with the inputs and sources to fill in."""
    from ggu_costs.modelfile.template import next_model
    from ggu_costs.report.files import write_atomically

    catalogue.load_model(source, models)
    text, blanks = next_model(catalogue.read_model(source, models), model)
    target = folder / f"{model}.toml"
    if target.exists():
        raise InputError(f"{target.as_posix()} exists already", remedy="Choose another id, or remove the file.")
    write_atomically(target.parent, {target.name: text.encode()})
    typer.echo(f"{target.as_posix()} geschreven; vul in:")
    for blank in blanks:
        typer.echo(f"  {blank}")
    typer.echo(f"Daarna: ggu-costs check {target.as_posix()}")
    typer.echo(f"        ggu-costs run {model} --models {folder.as_posix()} --out MAP")


@app.command()
@_guarded
def run(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.")],
    out: Out,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    draws: Annotated[int | None, typer.Option(help="Draws of a programme, instead of those in the file.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of a programme, instead of the one in the file.")] = None,
    lang: Lang = "nl",
    models: Models = None,
) -> None:
    """Run a model and write its tables, workbook, page and provenance.

    Tables of an earlier run that the folder's provenance.json lists, and this run does not write, are removed.
    """
    own = _checked(out, lang, groups)
    opened = _redrawn(catalogue.open_model(model, _data(data), models=models), draws, seed)
    from ggu_costs.report.dossier import dossier

    _write(dossier(opened, municipality=municipality, groups=own), out, lang, boundaries)


def _checked(out: Path, lang: str, groups: Path | None) -> dict[str, list[str]] | None:
    """Check what can be checked before long work starts; return the groups, where they are given."""
    from ggu_costs.report.files import check_folder
    from ggu_costs.words.label import checked_language

    check_folder(out)
    checked_language(lang)
    if groups is None:
        return None
    from ggu_costs.report.bycode import read_groups

    return read_groups(groups)


def _redrawn(model: Any, draws: int | None, seed: int | None) -> Any:
    """Return a programme with other draws or another seed than its file states."""
    asked = {name: value for name, value in (("draws", draws), ("seed", seed)) if value is not None}
    if not asked:
        return model
    definition = model.definition
    if definition.kind != "programme":
        raise InputError(
            f"{definition.id}: a {definition.kind} has no draws or seed", remedy="Leave out --draws and --seed."
        )
    stated = definition.simulation.model_copy(update=asked)  # checked when it is simulated
    loaded = replace(model.loaded, definition=definition.model_copy(update={"simulation": stated}))
    return replace(model, loaded=loaded)


@app.command()
@_guarded
def compare(
    model: Annotated[list[str], typer.Argument(help="Two or three models of one kind: current, proposal, amendment.")],
    out: Out,
    year: Annotated[int | None, typer.Option(help="Which year, where the models hold several.")] = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    lang: Lang = "nl",
    models: Models = None,
) -> None:
    """Put two or three models side by side."""
    own = _checked(out, lang, groups)
    opened = catalogue.open_models(model, _data(data), models=models)
    comparison = catalogue.compare_models(*opened, year=year)
    from ggu_costs.report.dossier import comparison_dossier

    _write(comparison_dossier(comparison, opened, municipality=municipality, groups=own), out, lang, boundaries)


@app.command()
@_guarded
def warmup() -> None:
    """Compile the kernels on purpose, so that a first run is quick."""
    from time import perf_counter

    from ggu_costs.warmup import ROOMS

    typer.echo("Rekenkernen worden vertaald; dat hoeft maar een keer.")
    for name, warm in ROOMS.items():
        start = perf_counter()
        warm()
        typer.echo(f"  {name}: {perf_counter() - start:.1f} s")


@app.command()
@_guarded
def schema(kind: Annotated[str, typer.Argument(help="Kind of model, such as fund.")]) -> None:
    """Print the JSON Schema of a kind of model file, for editors."""
    from ggu_costs.modelfile.schema import json_schema

    typer.echo(json.dumps(json_schema(catalogue.definition_of(kind)), indent=2, ensure_ascii=False))


def _data(items: list[str] | None) -> dict[str, Any]:
    """Read NAME=FILE or NAME=number; a number exactly as it is written."""
    faults = Faults()
    found: dict[str, Any] = {}
    for item in items or []:
        name, _, value = item.partition("=")
        if not (name and value):
            faults.add("--data", repr(item), "NAME=FILE or NAME=number")
            continue
        if name in found:
            faults.add("--data", f"{name!r} twice", "each input once")
        try:
            found[name] = Decimal(value)
        except InvalidOperation:
            found[name] = Path(value)
            if not found[name].is_file():
                faults.add("--data", f"{value!r} is no file", "a CSV or Excel file, or a number such as 53000000.50")
    faults.check("these inputs cannot be read", remedy="Write --data NAME=FILE or --data NAME=number.")
    return found


def _write(content: Dossier, out: Path, lang: str, boundaries: Path | None = None) -> None:
    """Write the files, then say what is in them."""
    from ggu_costs.display.screen import written
    from ggu_costs.report.dossier import files_of
    from ggu_costs.report.files import write_run
    from ggu_costs.words.label import SIGNED, stem
    from ggu_costs.words.page import lettered, named

    files = files_of(content, lang=lang, boundaries=boundaries)
    older = write_run(out, files)
    typer.echo(content.title)
    if content.illustrative:
        typer.echo(_ILLUSTRATIVE)
    _columns(
        (f"  {lettered(named(name, lang))}", written(value, unit, lang, per=False, plus=stem(name)[0] in SIGNED))
        for name, value, unit in content.summary
    )
    for table in content.tables:
        if table.role == "steps" and not table.earlier:  # the files have every year
            typer.echo(f"\n{table.title}")
            _columns((f"  {row.step}", str(row.value)) for row in table.frame.itertuples())
    typer.echo("")
    for note in content.notes:
        typer.echo(f"  {lettered(note)}")
    single = sorted(name for name in files if not name.endswith(".csv"))
    words = {
        "nl": "{n} bestanden in {out}: {single} en {m} tabellen, elk als .csv en .nl.csv",
        "en": "{n} files in {out}: {single} and {m} tables, each as .csv and .en.csv",
    }[lang]
    typer.echo(words.format(n=len(files), out=out.as_posix(), single=", ".join(single), m=len(content.tables)))
    if older:
        gone = {"nl": "Weggehaald, van een eerdere run in deze map", "en": "Removed, of an earlier run in this folder"}
        typer.echo(f"{gone[lang]}: {', '.join(older)}")
    if "result.xlsx" not in files:
        typer.echo("Geen werkboek: installeer de extra 'excel' (pip install 'ggu-costs[excel]').", err=True)
    if "result.html" not in files:
        typer.echo("Geen pagina: installeer de extra 'html' (pip install 'ggu-costs[html]').", err=True)


def main() -> None:
    """Entry point of the command."""
    gc.set_threshold(50_000, 20, 50)  # a short process makes much and leaves little: collecting less often is quicker
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a Dutch name must print on any terminal
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    app()


if __name__ == "__main__":
    main()
