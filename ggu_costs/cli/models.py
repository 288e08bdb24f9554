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
from ggu_costs.cli.messages import FAULTS, say, say_json, write_columns, write_error
from ggu_costs.cli.options import Json, Lang, Models, References, ids_like, open_reference
from ggu_costs.errors import GguCostsError, InputError, MissingInputError
from ggu_costs.files import write_file
from ggu_costs.modelfile.schema import json_schema
from ggu_costs.modelfile.template import next_model
from ggu_costs.reading import MOST_BYTES, is_folder, why_not
from ggu_costs.report.files import make_folder
from ggu_costs.words import messages
from ggu_costs.words.label import banner
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    import pandas as pd


def list_(lang: Lang = "nl", as_json: Json = False, models: Models = None) -> None:
    """List the models there are: id, kind, when last checked, title."""
    definitions, faulty = catalogue.load_all(models)
    if as_json:
        told = [{"id": name, "kind": each.kind, "checked_on": each.checked_on.isoformat(), "title": each.title,
                 "illustrative": each.illustrative} for name, each in definitions.items()]  # fmt: skip
        say_json(json.dumps(told, ensure_ascii=False))
    else:
        write_columns(
            (
                name,
                each.kind,
                messages.say(message("checked", day=str(each.checked_on)), lang),
                each.title + f" ({banner(lang)})" * each.illustrative,
            )
            for name, each in definitions.items()
        )
    for error in faulty:
        write_error(error, lang)
    if faulty:
        raise typer.Exit(FAULTS)


def show(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.", autocompletion=ids_like)],
    lang: Lang = "nl",
    models: Models = None,
    reference: References = None,
) -> None:
    """Show every value of a model with unit, status and source."""
    from ggu_costs.modelfile.listing import sources_frame, values_frame

    definition = catalogue.load_model(model, models, open_reference(reference)).definition
    head = {"id": definition.id, "title": definition.title, "kind": definition.kind, "day": str(definition.checked_on)}
    lines = [message("shown_model", **head), *[banner(lang)] * definition.illustrative]
    say(*lines, *definition.description.strip().split("\n"), "", message("shown_values"), lang=lang)
    write_columns(_value_lines(values_frame(definition), lang), lang)
    lines = ["", message("shown_inputs")] if definition.inputs else []
    for name, need in definition.inputs.items():
        key = "shown_input" if need.optional else "shown_input_required"
        told = {"description": need.description, "unit": need.unit, "needed_for": need.purpose}
        lines.append(message(key, name=name, **told))
    lines += ["", message("shown_sources")]
    for row in sources_frame(definition).reset_index().to_dict(orient="records"):
        parts = (row["title"], row["publisher"], row["published"], row["url"])
        lines.append(f"  {row['id']}: {', '.join(str(part) for part in parts if part)}")
    lines += ["", message("shown_notes")] if definition.notes else []
    say(*lines, *(f"  {note}" for note in definition.notes), lang=lang)


def _value_lines(values: pd.DataFrame, lang: str) -> list[tuple[str, str, str]]:
    """Write values for a reader: item, amount, and on what it rests."""
    from ggu_costs.display.screen import written

    lines = []
    for row in values.to_dict(orient="records"):
        by = row["by"] and message("estimate_by", by=row["by"])
        level, vat = _level(row["price_level"]), _word(row["vat"], "vat")
        words = (_word(row["status"], "status"), row["source"], by, level, vat, row["note"])
        rests = message("joined", parts=[word for word in words if word], between="; ")
        value = messages.say(row["value"], lang) if isinstance(row["value"], str) else row["value"]
        lines.append(
            (f"  {row['item']}", written(value, row["unit"], lang), f"[{messages.say(rests, lang)}]" if rests else "")
        )
    return lines


def _level(name: str) -> str:
    """Say of which year prices are."""
    if not name:
        return ""
    return messages.word(name, of="price_level") if name == "current" else message("prices_of", level=name)


def _word(name: str, vocabulary: str) -> str:
    return messages.word(name, of=vocabulary) if name else ""


def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(help="Model files, folders of them, or ids of models; by default every model there is."),
    ] = None,
    older_than: Annotated[str, typer.Option(help="Also list models checked longer ago, such as 12m or 1y.")] = "",
    lang: Lang = "nl",
    models: Models = None,
    reference: References = None,
) -> None:
    """Check model files: every fault of every file, those that show only when it is built included.

    A pack of reference tables is checked with: ggu-costs reference check DIR.
    """
    limit, today = _months_ago(older_than) if older_than else None, date.today()
    faulty, old, tables = 0, 0, open_reference(reference)
    files = _files(paths, models)
    for path, folder in files:
        try:
            definition = catalogue.check_model(path, folder, tables).definition
            if definition.checked_on > today:
                told = f"{definition.id}: checked_on is {definition.checked_on}, after today"
                raise InputError(told, remedy="Give the day on which the values were last checked.")
        except GguCostsError as error:
            faulty += 1
            write_error(error, lang)
            continue
        if limit and definition.checked_on < limit:
            old += 1
            say(message("to_review", id=definition.id, day=str(definition.checked_on)), lang=lang)
    key = "checked_files_old" if limit else "checked_files"
    say(message(key, count=len(files), faulty=faulty, **({"old": old} if limit else {})), lang=lang)
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
        if (Path(path) / "manifest.toml").exists():
            told = f"{path}: a pack of reference tables, not a folder of models"
            raise InputError(told, remedy=f"ggu-costs reference check {path} checks it.")
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
    year: Annotated[int | None, typer.Option(help="Its year; by default the one in its id, or the next.")] = None,
    lang: Lang = "nl",
    models: Models = None,
    reference: References = None,
) -> None:
    """Write the model file of another year, and say what was changed and what is to be filled in."""
    tables = open_reference(reference)
    catalogue.load_model(source, models, tables)
    raw = catalogue.read_model(source, models)
    text, changed, blanks = next_model(raw, model, year=year, reference=tables, lang=lang)
    target = folder / f"{model}.toml"
    if not isinstance(why_not(target, most=MOST_BYTES), MissingInputError):
        raise InputError(f"{target.as_posix()} exists already", remedy="Choose another id, or remove the file.")
    write_file(make_folder(target.parent) / target.name, text.encode())
    path = target.as_posix()
    say(message("template_changes"), *(f"  {messages.say(one, lang)}" for one in changed), lang=lang)
    say(message("template_written", path=path), lang=lang)
    say(*(f"  {messages.say(blank, lang)}" for blank in blanks))
    named = "".join(f" --reference {each.as_posix()}" for each in reference or [])
    told = (
        message("template_check", path=path, named=named),
        message("template_run", model=model, folder=folder.as_posix(), named=named),
    )
    say(*told, lang=lang)


def schema(
    kind: Annotated[str, typer.Argument(help="Kind of model, such as fund; or result: that of --json.")],
    lang: Lang = "nl",
) -> None:
    """Print the JSON Schema of a kind of model file, for editors; or of the JSON of results, for programs."""
    if kind == "result":
        from ggu_costs.results import result_schema

        made = result_schema()
    else:
        made = json_schema(catalogue.definition_of(kind))
    say(*json.dumps(made, indent=2, ensure_ascii=False).split("\n"))
