"""Commands on reference tables: list, show, new, import and check."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ggu_costs.cli.messages import FAULTS, guarded, say, write_columns
from ggu_costs.cli.options import Lang, References, open_reference
from ggu_costs.cli.usage import Commands
from ggu_costs.errors import Faults, InputError
from ggu_costs.files import write_file
from ggu_costs.money import exact_sum
from ggu_costs.reference import Reference
from ggu_costs.reference.own import read_pack
from ggu_costs.report.files import make_folder
from ggu_costs.words import messages
from ggu_costs.words.messages import message, word

if TYPE_CHECKING:
    from ggu_costs.reference.writing import Bounds

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Reference tables: list, show, new, import, check.")


def list_(lang: Lang = "nl", reference: References = None) -> None:
    """List the years there are: municipalities, inhabitants, what is not definitive; and the mergers announced."""
    tables = open_reference(reference)
    lines = []
    for year in tables.known_years():
        table = tables.municipalities(year, ["inhabitants"])
        status, by = tables.status_of(year, "inhabitants")
        said = messages.say(word(status, of="reference_status"), lang)
        people = messages.say(message("count_of_inhabitants", count=int(table["inhabitants"].sum())), lang)
        count = messages.say(message("count_in_year", count=len(table)), lang)
        lines.append((str(year), count, people, f"{said} ({by})" if by else said))
    write_columns(lines, lang)
    for step in tables.steps():
        if step.status != "definitive":
            say(message("announced_merger", old=f"{step.old} {step.old_name}", new=f"{step.new} {step.new_name}",
                        day=step.day), lang=lang)  # fmt: skip
    for pack in tables.own:
        stated = {name: pack.manifest["pack"][name] for name in ("title", "by")}
        say(message("pack_listed", id=pack.id, where=pack.where, **stated), lang=lang)


def show(
    year: Annotated[int, typer.Argument(help="Year of the table, such as 2026.")],
    lang: Lang = "nl",
    reference: References = None,
) -> None:
    """Show the columns of a year: unit, sum, status and source; and what the year lacks."""
    tables = open_reference(reference)
    table = tables.municipalities(year)
    say(message("year_shown", year=year, count=len(table)), lang=lang)
    lines = []
    for name in map(str, table.columns):
        status, by = tables.status_of(year, name)
        kind, unit = table.attrs["kinds"][name], table.attrs["units"][name]
        total = message("adds_up_to", total=exact_sum(table[name].dropna())) if kind == "total" else ""
        said = messages.say(word(status, of="reference_status"), lang)
        lines.append((f"  {name}", tables.columns()[name]["dutch"], unit, messages.say(total, lang) if total else "",
                      f"{said} ({by})" if by else said, table.attrs["sources"][name]))  # fmt: skip
    write_columns(lines, lang)
    lacking = [name for name in tables.columns() if name not in table.columns and name != "code"]
    for name in lacking:
        years = tables.years_with(name)
        if years:
            say(message("column_of_other_years", name=name, years=list(years)), lang=lang)


def new(
    folder: Annotated[Path, typer.Argument(help="Folder of the new pack.")],
    year: Annotated[int, typer.Option("--year", help="The year to add.")],
    start: Annotated[int, typer.Option("--from", help="The year whose municipalities it starts from.")],
    by: Annotated[str, typer.Option("--by", help="Whose figures they are.")] = "",
    national: Annotated[
        int | None, typer.Option(help="Inhabitants of the nation: own growth is scaled to it, a forecast.")
    ] = None,
    lang: Lang = "nl",
    reference: References = None,
) -> None:
    """Write a pack of reference tables to fill in, or a forecast by own growth scaled to a national total."""
    from ggu_costs.reference.writing import new_pack

    if (folder / "manifest.toml").exists():
        raise InputError(f"{folder.as_posix()}: there is a pack already", remedy="Choose another folder.")
    if national is not None and not by:
        raise InputError("a forecast without whose it is", remedy="Give --by NAME.")
    files = new_pack(folder, open_reference(reference), year=year, start=start, by=by or "VUL IN", national=national)
    _write(folder, files, lang)


def import_(
    file: Annotated[Path, typer.Argument(help="A file of CBS or RvIG, or a table of your own.")],
    folder: Annotated[Path, typer.Argument(help="Folder of the pack that takes it.")],
    year: Annotated[int, typer.Option("--year", help="Year of the figures.")],
    column: Annotated[str | None, typer.Option(help="Column or measure wanted, where there are several.")] = None,
    name: Annotated[str, typer.Option(help="What the column is called here, such as inhabitants.")] = "",
    kind: Annotated[str, typer.Option(help="Of an own indicator: total, rate, class or label.")] = "",
    unit: Annotated[str, typer.Option(help="Of an own indicator: what is counted.")] = "",
    dutch: Annotated[str, typer.Option(help="Of an own indicator: its Dutch name.")] = "",
    status: Annotated[str, typer.Option(help="definitive, provisional, forecast or announced.")] = "",
    by: Annotated[str, typer.Option(help="Whose figures they are.")] = "",
    crosswalk: Annotated[
        Path | None, typer.Option(help="For a file with names only: a CSV of two columns, a name and another spelling.")
    ] = None,
    override: Annotated[str, typer.Option(help="Why the figures differ from those there are, where they do.")] = "",
    period: Annotated[int | None, typer.Option(help="Year of a CBS table to take; by default --year.")] = None,
    low: Annotated[str, typer.Option(help="Column with the low end of a forecast.")] = "",
    high: Annotated[str, typer.Option(help="Column with the high end of a forecast.")] = "",
    coverage: Annotated[float | None, typer.Option(help="Part of outcomes within, such as 0.67.")] = None,
    national: Annotated[str, typer.Option(help="National low and high end, LOW:HIGH.")] = "",
    lang: Lang = "nl",
    reference: References = None,
) -> None:
    """Take what a file of CBS or RvIG, or a table of your own, holds into a pack."""
    from ggu_costs.reference.imports import read_import
    from ggu_costs.reference.writing import Indicator, with_import

    faults = Faults()
    if (low or high or coverage is not None) and not (low and high and coverage is not None and column):
        faults.add("--low, --high, --coverage", "not all given, with --column", "a band whole, with its coverage")
    faults.check("this forecast cannot be taken", remedy="Give them all, or none.")
    tables, below = open_reference(reference), open_reference(reference, without=folder)
    day = _map_day(tables, year)
    wanted = None if low else column
    taken = year if period is None else period
    found = read_import(file, tables, day=day, period=taken, column=wanted, crosswalk=crosswalk)
    if column and low:
        found = found.only([column, low, high])
        found = found.renamed({column: name} if name else {})
    elif column and found.form in ("facts", "classes"):
        found = found.only([column])
    if name and not low:
        found = found.renamed({str(found.figures.columns[0]): name})
    columns = [str(one) for one in found.figures.columns]
    unknown = [one for one in columns if one not in tables.columns() and one not in (low, high)]
    for one in unknown:
        if not (kind and dutch):
            allowed = "--name of one that is known, or --kind, --unit and --dutch"
            faults.add(one, "a column that nothing describes", allowed)
    faults.check(f"{file}: what it holds is not known", remedy="Say what the columns are.")
    indicators = {one: Indicator(kind, unit, dutch, found.source) for one in unknown}
    bounds = {name or str(column): _bounds(low, high, coverage, national)} if low and coverage is not None else {}
    files = with_import(
        folder, below, found, year=year, by=by, status=status, indicators=indicators, bounds=bounds, override=override
    )
    for note in found.notes:
        say(f"  {note}", lang=lang)
    if not files:
        say(message("nothing_new", file=file.as_posix()), lang=lang)
        return
    _write(folder, files, lang)


def _map_day(tables: Reference, year: int) -> date:
    """Return the day of the map that names and codes of a year are looked up on."""
    first, last = tables.map_period()
    return min(max(date(year, 1, 1), first), last)


def _bounds(low: str, high: str, coverage: float, national: str) -> Bounds:
    from ggu_costs.reference.writing import Bounds

    ends = [float(part) for part in national.split(":")] if national.count(":") == 1 else [None, None]
    return Bounds(low, high, coverage, *ends)


def _write(folder: Path, files: dict[str, bytes], lang: str) -> None:
    make_folder(folder)
    for name, content in sorted(files.items()):
        write_file(folder / name, content)
    say(message("pack_written", files=sorted(files), folder=folder.as_posix()), lang=lang)
    say(message("pack_next", folder=folder.as_posix()), lang=lang)


def check(
    folder: Annotated[Path, typer.Argument(help="Folder of the pack.")], lang: Lang = "nl", reference: References = None
) -> None:
    """Check a pack: every fault, and what should be looked at again. Exit code 1 where there are faults.

    It takes a folder with manifest.toml: years (with own indicators and forecasts), mergers, groups and boundaries.
    Model files are checked with: ggu-costs check.
    """
    below = open_reference(reference, without=folder)
    _, faults, doubts = read_pack(folder, below)
    for fault in faults:
        say(str(fault), lang=lang)
    for doubt in doubts:
        say(message("to_look_at", what=str(doubt)), lang=lang)
    say(message("pack_checked", folder=folder.as_posix(), faults=faults.count, doubts=doubts.count), lang=lang)
    if faults:
        raise typer.Exit(FAULTS)


app.command("list")(guarded(list_))
app.command()(guarded(show))
app.command()(guarded(new))
app.command("import")(guarded(import_))
app.command()(guarded(check))
