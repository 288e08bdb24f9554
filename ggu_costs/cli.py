"""The command line: list, show, check, new, run, compare, warmup, schema.

Exit codes: 0 fine, 1 faults in files or arguments, 2 an input is missing, 3 no result could be written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import typer

from ggu_costs import catalogue
from ggu_costs.errors import Faults, GguCostsError, InputError, MissingInputError, OutputError

__all__ = ["app", "main"]

P = ParamSpec("P")
R = TypeVar("R")

FAULTS, MISSING, NO_RESULT = 1, 2, 3

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
    list[str] | None, typer.Option("--data", metavar="NAME=FILE", help="An input: a CSV or Excel file, or a number.")
]
Lang = Annotated[str, typer.Option("--lang", help="nl or en.")]


def _guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the library's errors into a message and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GguCostsError as error:
            typer.echo(str(error), err=True)
            code = MISSING if isinstance(error, MissingInputError) else FAULTS
            raise typer.Exit(NO_RESULT if isinstance(error, OutputError) else code) from None

    return run


@app.command("list")
@_guarded
def list_(models: Models = None) -> None:
    """List the models there are: id, kind, title, when last checked."""
    table = catalogue.list_models(models)
    width = max((len(name) for name in table.index), default=0)
    for name, row in table.iterrows():
        mark = "  FICTIEF VOORBEELD" if row["illustrative"] else ""
        typer.echo(f"{name:<{width}}  {row['kind']:<12} {row['title']} (gecontroleerd {row['checked_on']}){mark}")


@app.command()
@_guarded
def show(model: str, models: Models = None) -> None:
    """Show every value of a model with unit, status and source."""
    from ggu_costs.modelfile import check_definition
    from ggu_costs.modelfile.listing import sources_frame, values_frame

    raw = catalogue.read_model(model, models)
    definition = check_definition(raw, catalogue.definition_of(catalogue.kind_of(raw))).definition
    typer.echo(f"{definition.id}: {definition.title}")
    if definition.illustrative:
        typer.echo("FICTIEF VOORBEELD")
    typer.echo(definition.description.strip())
    for row in values_frame(definition).to_dict(orient="records"):
        by, vat = row["by"] and f"door {row['by']}", row["vat"] and f"btw {row['vat']}"
        rest = [str(text) for text in (row["source"], by, row["price_level"], vat, row["note"]) if text]
        typer.echo(f"  {row['key']} = {row['value']} {row['unit']}  [{'; '.join([row['status'], *rest])}]")
    for name, need in definition.inputs.items():
        typer.echo(
            f"  invoer {name} ({need.unit}, {'optioneel' if need.optional else 'verplicht'}): {need.description}"
        )
    for source in sources_frame(definition).reset_index().to_dict(orient="records"):
        typer.echo(f"  bron {source['id']}: {source['title']}, {source['publisher']} {source['url']}")
    for note in definition.notes:
        typer.echo(f"  {note}")


@app.command()
@_guarded
def check(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders or ids; by default every model there is.")
    ] = None,
    older_than: Annotated[str, typer.Option(help="Also list models checked longer ago, such as 12m.")] = "",
    models: Models = None,
) -> None:
    """Check model files: every fault of every file."""
    from ggu_costs.modelfile import check_definition

    limit = _months_ago(older_than) if older_than else None
    faulty = 0
    files = _files(paths, models)
    for path in files:
        try:
            raw = catalogue.read_model(path, models)
            definition = check_definition(raw, catalogue.definition_of(catalogue.kind_of(raw))).definition
        except GguCostsError as error:
            faulty += 1
            typer.echo(str(error), err=True)
            continue
        if limit and definition.checked_on < limit:
            typer.echo(f"{definition.id}: gecontroleerd op {definition.checked_on}, nazien")
    typer.echo(f"{len(files)} bestanden, {faulty} met fouten")
    if faulty:
        raise typer.Exit(FAULTS)


def _files(paths: list[str] | None, models: Path | None) -> list[str | Path]:
    if not paths:
        return list(catalogue.model_files(models).values())
    found: list[str | Path] = []
    for path in paths:
        found += sorted(Path(path).rglob("*.toml")) if Path(path).is_dir() else [path]
    return found


def _months_ago(text: str) -> date:
    match = re.fullmatch(r"(\d+)([my])", text)
    if not match:
        raise InputError(f"--older-than {text!r}", remedy="Give a number of months or years, such as 12m or 1y.")
    months = int(match[1]) * (12 if match[2] == "y" else 1)
    today = date.today()  # the one place where the clock counts: how long ago was a file checked
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


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

    target = folder / f"{model}.toml"
    if target.exists():
        raise InputError(f"{target.as_posix()} exists already", remedy="Choose another id, or remove the file.")
    raw = catalogue.read_model(source, models)
    text, blanks = next_model(raw, model)
    write_atomically(target.parent, {target.name: text.encode()})
    typer.echo(f"{target.as_posix()} geschreven; vul in:")
    for blank in blanks:
        typer.echo(f"  {blank}")


@app.command()
@_guarded
def run(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.")],
    out: Out,
    municipality: Annotated[str | None, typer.Option(help="Code of one municipality, such as GM0345.")] = None,
    data: Data = None,
    lang: Lang = "nl",
    models: Models = None,
) -> None:
    """Run a model and write its tables, workbook and provenance."""
    from ggu_costs.report.dossier import dossier
    from ggu_costs.report.files import check_folder

    check_folder(out)
    opened = catalogue.open_model(model, _data(data), models=models)
    _write(dossier(opened, municipality=municipality), out, lang)


@app.command()
@_guarded
def compare(
    model: Annotated[list[str], typer.Argument(help="Two or three models of one kind: current, proposal, amendment.")],
    out: Out,
    data: Data = None,
    lang: Lang = "nl",
    models: Models = None,
) -> None:
    """Put two or three models side by side."""
    from ggu_costs.report.dossier import comparison_dossier
    from ggu_costs.report.files import check_folder

    check_folder(out)
    inputs = _data(data)
    opened = tuple(catalogue.open_model(name, inputs, models=models) for name in model)
    comparison = catalogue.compare_models(*opened)
    _write(comparison_dossier(comparison, opened), out, lang)


@app.command()
def warmup() -> None:
    """Compile the kernels on purpose, so that a first run is quick."""
    from ggu_costs.allocation.warmup import warm_up

    typer.echo("Rekenkernen worden vertaald (eenmalig, enkele seconden) ...")
    warm_up()
    typer.echo("Klaar.")


@app.command()
@_guarded
def schema(kind: Annotated[str, typer.Argument(help="Kind of model, such as fund.")]) -> None:
    """Print the JSON Schema of a kind of model file, for editors."""
    from ggu_costs.modelfile.schema import json_schema

    typer.echo(json.dumps(json_schema(catalogue.definition_of(kind)), indent=2, ensure_ascii=False))


def _data(items: list[str] | None) -> dict[str, Any]:
    """Read NAME=FILE or NAME=number."""
    faults = Faults()
    found: dict[str, Any] = {}
    for item in items or []:
        name, separator, value = item.partition("=")
        if not (separator and name and value):
            faults.add("--data", repr(item), "NAME=FILE")
            continue
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = Path(value)
            if not found[name].is_file():
                faults.add("--data", f"{value!r} is no file", "a CSV or Excel file, or a number with a decimal point")
    faults.check("these inputs cannot be read", remedy="Write --data NAME=FILE.")
    return found


def _write(content: Any, out: Path, lang: str) -> None:
    from ggu_costs.report.dossier import files_of
    from ggu_costs.report.files import write_atomically

    files = files_of(content, lang=lang)
    written = write_atomically(out, files)
    typer.echo(content.title)
    for note in content.notes:
        typer.echo(f"  {note}")
    typer.echo(f"{len(written)} bestanden in {out.as_posix()}: {', '.join(sorted(files))}")
    if "result.xlsx" not in files:
        typer.echo("Geen werkboek: installeer de extra 'excel' (pip install 'ggu-costs[excel]').", err=True)


def main() -> None:
    """Entry point of the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a Dutch name must print on any terminal
        if reconfigure:
            reconfigure(encoding="utf-8")
    app()


if __name__ == "__main__":
    main()
