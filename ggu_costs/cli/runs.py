"""Commands that compute: run, compare and warmup."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ggu_costs import catalogue
from ggu_costs.cli.messages import FAULTS, NO_RESULT, all_or_nothing, say, write_columns
from ggu_costs.cli.options import (
    Boundaries,
    BudgetYear,
    Data,
    Groups,
    Lang,
    Models,
    Municipality,
    Out,
    Quiet,
    References,
    TaskField,
    open_reference,
)
from ggu_costs.errors import Faults, InputError, MissingInputError, shortened
from ggu_costs.modelfile.header import Header, HeaderOfYears
from ggu_costs.reading import MOST_BYTES, as_written_here, may_be_thousands, read_decimal, why_not
from ggu_costs.report.files import check_folder, write_run
from ggu_costs.words.label import SIGNED, banner, stem
from ggu_costs.words.messages import message
from ggu_costs.words.messages import say as say_in
from ggu_costs.words.page import lettered, named

if TYPE_CHECKING:
    from ggu_costs.display.report import Report
    from ggu_costs.reference import Reference


def run(
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.")],
    out: Out,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    draws: Annotated[int | None, typer.Option(help="Draws of a programme, instead of those in the file.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of a programme, instead of the one in the file.")] = None,
    budget_year: BudgetYear = None,
    task_field: TaskField = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Run a model and write its tables, workbook, page and provenance.

    Files of an earlier run that the folder's provenance.json lists, and this run does not write, are removed. After an
    interrupt (Ctrl-C) nothing is written, what was there stays, and the exit code is 130.
    """
    tables = open_reference(reference)
    own = _checked(out, groups, boundaries, tables)
    with all_or_nothing(lang):
        given = catalogue.open_model(model, _read_inputs(data), models=models, reference=tables)
        opened = _redrawn(given, draws, seed)
        opened = _budgeted(opened, budget_year, task_field)
        from ggu_costs.report.dossier import dossier

        content = dossier(opened, municipality=municipality, groups=own)
        written = _write(content, out, lang, boundaries)
    _tell(*written, out, lang, quiet=quiet)


def _checked(out: Path, groups: Path | None, boundaries: Path | None, tables: Reference) -> dict[str, list[str]] | None:
    """Check what can be checked before long work starts; return the groups, where they are given."""
    check_folder(out)
    if boundaries is not None:  # also where a model turns out to have no map: what is stated is looked at
        from ggu_costs.report.shapes import read_shapes

        read_shapes(boundaries)
    if groups is None:
        return None
    from ggu_costs.report.bycode import read_groups

    return read_groups(groups, tables)


def _redrawn(model: Any, draws: int | None, seed: int | None) -> Any:
    """Return a programme or bundle with other draws or another seed than its file states."""
    asked = {name: value for name, value in (("draws", draws), ("seed", seed)) if value is not None}
    if not asked:
        return model
    definition = model.definition
    if definition.kind not in ("programme", "bundle"):
        raise InputError(
            f"{definition.id}: a {definition.kind} has no draws or seed", remedy="Leave out --draws and --seed."
        )
    stated = definition.simulation.model_copy(update=asked)  # checked when it is simulated
    return _restated(model, definition.model_copy(update={"simulation": stated}))


def _budgeted(model: Any, year: int | None, task_field: str | None) -> Any:
    """Return a model with another budget year or task field than its file states."""
    definition = model.definition
    if year is None and task_field is None:
        return model
    if not isinstance(definition, HeaderOfYears):
        remedy = "Leave out --budget-year and --task-field."
        raise InputError(f"{definition.id}: a {definition.kind} has no budget", remedy=remedy)
    return _restated(model, definition.with_budget(year, task_field))


def _restated(model: Any, definition: Header) -> Any:
    """Return a model whose file says something else."""
    return replace(model, loaded=replace(model.loaded, definition=definition))


def compare(
    model: Annotated[list[str], typer.Argument(help="Two or three models of one kind: current, proposal, amendment.")],
    out: Out,
    year: Annotated[int | None, typer.Option(help="Which year, where the models hold several.")] = None,
    phase_in: Annotated[
        str | None,
        typer.Option(
            help="Spread the redistribution of a fund or fee: euro per inhabitant a year by years (0.25x4), or "
            "one cap a year (7.50/15/15); with ':residual' what is left stays, with ':both' gains are capped too."
        ),
    ] = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Put two or three models side by side."""
    tables = open_reference(reference)
    own = _checked(out, groups, boundaries, tables)
    with all_or_nothing(lang):
        opened = catalogue.open_models(model, _read_inputs(data), models=models, reference=tables)
        comparison = catalogue.compare_models(*opened, year=year, phase_in=_read_path(phase_in))
        from ggu_costs.report.dossier import comparison_dossier

        content = comparison_dossier(comparison, opened, municipality=municipality, groups=own)
        written = _write(content, out, lang, boundaries)
    _tell(*written, out, lang, quiet=quiet)


def assembly(
    model: Annotated[list[str], typer.Argument(help="Funds and fees of next year, any number of them.")],
    out: Out,
    against: Annotated[
        list[str] | None,
        typer.Option(help="The same of this year, one for each; a file that holds the year before needs none."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Next year, where a file holds several years.")] = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Write what members get before a vote: what each pays this year and next, and why; a note for every member.

    Funds and fees stand side by side. With --municipality only the note of that member is written.
    """
    tables = open_reference(reference)
    own = _checked(out, groups, boundaries, tables)
    with all_or_nothing(lang):
        earlier = against or []
        opened = catalogue.open_models([*model, *earlier], _read_inputs(data), models=models, reference=tables)
        from ggu_costs.fund import assembly_of
        from ggu_costs.report.dossier import assembly_dossier, member_notes

        table = assembly_of(opened[: len(model)], opened[len(model) :], year=year)
        content = assembly_dossier(table, opened, municipality=municipality, groups=own)
        members = [] if municipality else _followed(table.codes, lang, quiet=quiet)
        notes = member_notes(table, content, members)
        written = _write(content, out, lang, boundaries, notes)
    _tell(*written, out, lang, quiet=quiet)


def _followed(codes: Sequence[str], lang: str, *, quiet: bool) -> Iterable[str]:
    """Show how far the notes are, where errors go."""
    from tqdm import tqdm

    unit = say_in(message("notes_unit"), lang)
    return tqdm(codes, unit=f" {unit}", leave=False, disable=quiet or sys.stderr is None)


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder that run or compare wrote.")],
    lang: Lang = "nl",
    models: Models = None,
    reference: References = None,
) -> None:
    """Say whether a folder of outputs is of one run, whole; and what differs, is missing or is not of that run.

    Exit code 1 where it is not whole.
    """
    from ggu_costs.verification import verify as verified

    found = verified(folder, models=models, reference=open_reference(reference))
    say(*found.lines(lang))
    if not found.whole:
        raise typer.Exit(FAULTS)


def warmup(lang: Lang = "nl") -> None:
    """Compile the kernels on purpose, so that a first run is quick."""
    from ggu_costs._jit import not_kept
    from ggu_costs.warmup import ROOMS

    say(message("kernels_compiled"), lang=lang)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what it says is said below, as the outcome
        for name, warm in ROOMS.items():
            start = perf_counter()
            warm()
            say(f"  {name}: {perf_counter() - start:.1f} s")
    why = not_kept()
    if why:
        say(message("kernels_not_kept", why=why), message("kernels_remedy"), lang=lang, err=True)
        raise typer.Exit(NO_RESULT)
    say(message("kernels_kept"), lang=lang)


def _read_inputs(items: list[str] | None) -> dict[str, Any]:
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
        found[name], wrong = _number_or_file(value)
        if wrong:
            faults.add("--data", wrong, "a CSV or Excel file, or a number such as 53000000.50", as_written_here(value))
    faults.check("these inputs cannot be read", remedy="Write --data NAME=FILE or --data NAME=number.")
    return found


def _read_path(text: str | None) -> dict[str, Any] | None:
    """Read a phase-in such as 0.25x4 or 7.50/15/15:residual as the arguments it stands for."""
    if text is None:
        return None
    caps, *marks = text.split(":")
    faults = Faults()
    for mark in marks:
        if mark not in ("residual", "both") or marks.count(mark) > 1:
            faults.add("--phase-in", shortened(repr(mark)), "residual, both: each once, behind a colon")
    cap, by, years = caps.partition("x")
    parts = [_cap(part, faults) for part in (caps.split("/") if not by else [cap])]
    if by and not (years.isascii() and years.isdigit()):
        faults.add("--phase-in", f"{shortened(repr(years))} years", "a whole number of years")
    faults.check("this phase-in cannot be read", remedy="Write --phase-in 0.25x4, or 7.50/15/15 for a cap a year.")
    several = {"per_inhabitant_per_year": parts[0], "years": int(years)} if by else {"per_inhabitant_per_year": parts}
    return {**several, "after": "residual" if "residual" in marks else "full", "both_sides": "both" in marks}


def _cap(text: str, faults: Faults) -> Any:
    """Return one cap in euro."""
    number, wrong = _number_or_file(text.strip())
    if wrong or isinstance(number, Path):
        faults.add("--phase-in", wrong or shortened(repr(text)), "euro per inhabitant, such as 0.25")
    return number


def _number_or_file(value: str) -> tuple[Any, str]:
    """Return the number or the path that a text is, and what is wrong with it; empty where nothing is."""
    quoted = shortened(repr(value))
    try:
        number = read_decimal(value)
    except InputError as error:
        return None, f"{quoted} is {error.message}"
    if number is not None:
        return number, f"{quoted}, which may be thousands or a fraction" if may_be_thousands(value) else ""
    refused = why_not(value, most=MOST_BYTES)
    if isinstance(refused, MissingInputError):
        return None, f"{quoted} is no file"
    return Path(value), refused.message if refused else ""


def _write(
    content: Report,
    out: Path,
    lang: str,
    boundaries: Path | None = None,
    pages: Iterable[tuple[str, Report]] = (),
) -> tuple[Report, Mapping[str, bytes], tuple[str, ...]]:
    """Write the files; return what is in them, the files, and the names of those that were removed."""
    from ggu_costs.display.language import report_in
    from ggu_costs.report.dossier import files_of

    files = files_of(content, lang=lang, boundaries=boundaries, pages=pages)
    return report_in(content, lang), files, write_run(out, files)


def _tell(
    content: Report, files: Mapping[str, bytes], older: tuple[str, ...], out: Path, lang: str, *, quiet: bool
) -> None:
    """Say what is in the files, and, where errors go, which of them cannot be made here."""
    if not quiet:
        _tell_content(content, files, older, out, lang)
    _tell_lacking(files, lang)


def _tell_content(content: Report, files: Mapping[str, bytes], older: tuple[str, ...], out: Path, lang: str) -> None:
    from ggu_costs.display.screen import budget_lines, written
    from ggu_costs.display.table import MUNICIPALITY

    say(content.title)
    if content.illustrative:
        say(banner(lang))
    if content.answer:
        say(content.answer.sentence)
        write_columns((f"  {tile.name}", f"{tile.value}; {tile.basis}") for tile in content.answer.tiles)
        say(*(f"  {text}" for text in (*content.answer.more, *content.answer.outside)))
    write_columns(
        (f"  {lettered(named(name, lang))}", written(value, unit, lang, per=False, plus=stem(name)[0] in SIGNED))
        for name, value, unit in content.summary
    )
    for table in content.tables:
        if table.role == "budget":
            say("", table.title)
            write_columns(("", *cells) for cells in budget_lines(table, lang))
            say(*(f"  {note}" for note in table.notes_beyond(content.notes)))
        if table.role == "steps" and not table.earlier:  # the files have every year
            say("", table.title)
            write_columns((f"  {row.step}", str(row.value)) for row in table.frame.itertuples())
    say("")
    for note in content.further_notes:
        say(f"  {lettered(note)}")
    each = [name for name in files if MUNICIPALITY.fullmatch(name.removesuffix(".html"))]
    single = sorted(name for name in files if not name.endswith(".csv") and name not in each)
    count = len(content.tables)
    say(message("files_written", count=len(files), out=out.as_posix(), names=single, tables=count), lang=lang)
    if each:
        say(message("notes_written", count=len(each), first=min(each), last=max(each)), lang=lang)
    if content.municipality and "result.html" in files:
        say(message("note_written", page=(out / "result.html").as_posix()), lang=lang)
    if older:
        say(message("files_removed", names=older), lang=lang)


def _tell_lacking(files: Mapping[str, bytes], lang: str) -> None:
    """Say which files cannot be made here, and what to install for them."""
    for name, extra, key in (("result.xlsx", "excel", "no_workbook"), ("result.html", "html", "no_page")):
        if name not in files:
            say(message(key, extra=extra), lang=lang, err=True)
