"""Commands on circulaires of the gemeentefonds: import, and several uitkeringsjaren."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from ggu_costs import catalogue
from ggu_costs.cli.messages import guarded, say, write_columns
from ggu_costs.cli.options import Lang, Models, References, open_reference
from ggu_costs.cli.usage import Commands
from ggu_costs.errors import Faults, InputError, MissingInputError, shortened
from ggu_costs.files import write_file
from ggu_costs.grants import read_circular
from ggu_costs.reading import MOST_BYTES, read_decimal, why_not
from ggu_costs.report.files import make_folder
from ggu_costs.words.messages import message

app = typer.Typer(cls=Commands, no_args_is_help=True, help="Circulaires of the gemeentefonds: import, years.")


def import_(
    weights: Annotated[Path, typer.Argument(help="Table of weights: a row a maatstaf, a column a cluster.")],
    volumes: Annotated[Path, typer.Argument(help="Table of volumes: a row a municipality, a column a maatstaf.")],
    others: Annotated[Path, typer.Argument(help="Table of other uitkeringen: a row a municipality.")],
    circular: Annotated[str, typer.Option("--circular", help="The circulaire, such as 'meicirculaire 2026'.")],
    year: Annotated[int, typer.Option("--year", help="The year that the money is for (uitkeringsjaar).")],
    factor: Annotated[str, typer.Option("--factor", help="The uitkeringsfactor, such as 1.491.")],
    source: Annotated[str, typer.Option("--source", help="Title of the document that the tables come from.")],
    publisher: Annotated[str, typer.Option("--publisher", help="Who published it.")] = (
        "Ministerie van Binnenlandse Zaken en Koninkrijksrelaties"
    ),
    url: Annotated[str, typer.Option("--url", help="Where it can be read.")] = "",
    checked_on: Annotated[
        str, typer.Option("--checked-on", help="Day on which the tables were compared with it; by default today.")
    ] = "",
    weights_year: Annotated[
        int, typer.Option(show_default=False, help="Year of the weights, where it is another.")
    ] = 0,
    volumes_year: Annotated[
        int, typer.Option(show_default=False, help="Year of the volumes, where it is another.")
    ] = 0,
    others_year: Annotated[
        int, typer.Option(show_default=False, help="Year of the other uitkeringen, where it is another.")
    ] = 0,
    name: Annotated[str, typer.Option("--id", help="Id of the new model; by default from circulaire and year.")] = "",
    folder: Annotated[Path, typer.Option("--folder", help="Folder of your own models to write it in.")] = Path(
        "models"
    ),
    lang: Lang = "nl",
    reference: References = None,
) -> None:
    """Make the model file of a circulaire from its three tables, as xlsx or as text with tabs or semicolons."""
    tables = open_reference(reference)
    model = name or f"grants/gemeentefonds/{_slug(circular)}/{year}"
    target = folder / f"{model}.toml"
    if not isinstance(why_not(target, most=MOST_BYTES), MissingInputError):
        raise InputError(f"{target.as_posix()} exists already", remedy="Choose another --id, or remove the file.")
    years = {"weights": weights_year, "volumes": volumes_year, "others": others_year}
    text = read_circular(
        weights, volumes, others, model_id=model, circular=circular, year=year, factor=factor,
        source={"title": source, "publisher": publisher, **({"url": url} if url else {})},
        checked_on=_day(checked_on), reference=tables, table_years={table: of for table, of in years.items() if of},
    )  # fmt: skip
    opened = catalogue.open_grant(tomllib.loads(text, parse_float=Decimal), reference=tables)  # whole, or not written
    write_file(make_folder(target.parent) / target.name, text.encode())
    amounts = opened.amounts()
    sums = amounts.national()
    say(message("grant_written", path=target.as_posix()), lang=lang)
    say(message("grant_read", count=len(amounts.codes), measures=len(amounts.tables.weights),
                clusters=len(amounts.tables.clusters), others=len(amounts.tables.others),
                general=sums["general_grant"], rest=sums["other_grants"]), lang=lang)  # fmt: skip
    for note in (*amounts.outside, *opened.definition.notes):
        say(note, lang=lang)
    named = "".join(f" --reference {each.as_posix()}" for each in reference or [])
    say(message("grant_next", path=target.as_posix(), model=model, folder=folder.as_posix(), named=named,
                former=_former(model, year)), lang=lang)  # fmt: skip


def years(
    model: Annotated[list[str], typer.Argument(help="Circulaires of one name, one for each uitkeringsjaar.")],
    against: Annotated[
        list[str] | None, typer.Option(help="A former circulaire of one of those years; may be repeated.")
    ] = None,
    price_rise: Annotated[
        list[str] | None, typer.Option(metavar="YEAR=FRACTION", help="Rise of prices in a year, such as 2025=0.025.")
    ] = None,
    accres: Annotated[
        list[str] | None, typer.Option(metavar="YEAR=EURO", help="Accres of a year after the last, through the factor.")
    ] = None,
    municipality: Annotated[str | None, typer.Option(help="Code of one municipality; by default all together.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the amounts of every municipality.")] = None,
    lang: Lang = "nl",
    models: Models = None,
    reference: References = None,
) -> None:
    """Show several uitkeringsjaren as the table of a kadernota, or what a former circulaire said of them, by cause."""
    from ggu_costs.display.screen import budget_lines
    from ggu_costs.display.table import Table
    from ggu_costs.display.table_language import table_in
    from ggu_costs.grants import GrantYears, GrantYearsChange, grant_years

    tables, faults = open_reference(reference), Faults()
    rises, added = (_by_year(name, given, faults) for name, given in (("price-rise", price_rise), ("accres", accres)))
    faults.check("these years cannot be shown", remedy="Write such as --price-rise 2025=0.025, once for each year.")
    now, before = ([catalogue.open_grant(one, models=models, reference=tables) for one in given or []]
                   for given in (model, against))  # fmt: skip
    shown = grant_years(*now, price_rise=rises, accres=added)
    made: GrantYears | GrantYearsChange = grant_years(*before).compare(shown) if before else shown
    table = table_in(Table("years", "", made.table(municipality)), lang)
    say(made.title, lang=lang)
    write_columns(budget_lines(table, lang))
    say("", *(f"  {note}" for note in table.notes or ()))
    if out is not None:
        made.write(out, lang=lang)


def _by_year(name: str, given: list[str] | None, faults: Faults) -> dict[int, Decimal] | None:
    """Read figures by year; None where none are given."""
    found: dict[int, Decimal] = {}
    for text in given or []:
        year, _, figure = text.partition("=")
        number = read_decimal(figure)
        if not re.fullmatch(r"\d{4}", year, re.ASCII) or number is None or not number.is_finite() or int(year) in found:
            faults.add(f"--{name}", repr(shortened(text)), "YEAR=FIGURE, each year once")
        else:
            found[int(year)] = number
    return found or None


def _slug(circular: str) -> str:
    """Return the name of a circulaire as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", circular.lower()).strip("-") or "circulaire"


def _day(text: str) -> date:
    if not text:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"--checked-on {text!r}", remedy="Give a day such as 2026-06-01.") from None


def _former(model: str, year: int) -> str:
    """Return the shipped circulaire to compare with: of the same year where there is one, else of the last."""
    known = [one for one in catalogue.model_files() if one.startswith("grants/") and one != model]
    return next((one for one in reversed(known) if one.endswith(f"/{year}")), known[-1])


app.command("import")(guarded(import_))
app.command("years")(guarded(years))
