"""Commands that compute: run, compare and warmup."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from ggu_costs import catalogue
from ggu_costs.cli.given import read_inputs, read_path
from ggu_costs.cli.messages import FAULTS, NO_RESULT, all_or_nothing, say, say_json
from ggu_costs.cli.options import (
    Boundaries,
    BudgetYear,
    Data,
    Decimal,
    Encoding,
    Groups,
    Json,
    Lang,
    Models,
    Municipality,
    Out,
    Quiet,
    References,
    TaskField,
    ids_like,
    open_reference,
)
from ggu_costs.cli.told import tell
from ggu_costs.cli.usage import Misused
from ggu_costs.errors import GguCostsError, InputError
from ggu_costs.modelfile.header import Header, HeaderOfYears
from ggu_costs.report.files import check_folder, write_run
from ggu_costs.simulation import first_run
from ggu_costs.words.messages import message
from ggu_costs.words.messages import say as say_in

if TYPE_CHECKING:
    from ggu_costs.display.report import Report
    from ggu_costs.reference import Reference


def run(
    ctx: typer.Context,
    model: Annotated[str, typer.Argument(help="Id of a model or path of a model file.", autocompletion=ids_like)],
    out: Out = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    encoding: Encoding = None,
    decimal: Decimal = None,
    draws: Annotated[int | None, typer.Option(help="Draws of a programme, instead of those in the file.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of a programme, instead of the one in the file.")] = None,
    budget_year: BudgetYear = None,
    task_field: TaskField = None,
    discount_rate: Annotated[
        float | None,
        typer.Option(help="The municipality's own rate (omslagrente) for a programme, as a fraction: 0.015."),
    ] = None,
    realised: Annotated[
        Path | None,
        typer.Option(help="What really happened, beside the estimate of a programme: line, year, code and amount."),
    ] = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    as_json: Json = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Run a model and write its tables, workbook, page and provenance.

    Files of an earlier run that the folder's provenance.json lists, and this run does not write, are removed. After an
    interrupt (Ctrl-C) nothing is written, what was there stays, and the exit code is 130.
    """
    folder = _folder(ctx, out, as_json=as_json)
    if folder is not None:
        from ggu_costs.report.bundle import bundle_ahead

        bundle_ahead()
    tables = open_reference(reference)
    own = _checked(folder, groups, boundaries, tables)
    with all_or_nothing(lang):
        _compile_ahead(model, models)
        given = catalogue.open_model(
            model, read_inputs(data, tables, encoding, decimal), models=models, reference=tables
        )
        opened = _redrawn(given, draws, seed)
        opened = _happened(_rated(_budgeted(opened, budget_year, task_field), discount_rate), realised)
        from ggu_costs.report.dossier import dossier

        first_run.compile_rest()
        content = dossier(opened, municipality=municipality, groups=own)
        written = _write(content, folder, lang, boundaries, as_json=as_json)
    _end(written, folder, lang, quiet=quiet, as_json=as_json)


def _compile_ahead(model: str, models: Path | None) -> None:
    """On the first run of a machine of a model that is simulated, begin to compile its kernels."""
    if first_run.is_first_run():
        with suppress(GguCostsError):  # what is wrong is told where the model is opened
            if catalogue.kind_of(catalogue.read_model(model, models)) in ("programme", "bundle"):
                first_run.compile_ahead()


def _folder(ctx: typer.Context, out: Path | None, *, as_json: bool) -> Path | None:
    """Return the folder for the files; None where only JSON is asked."""
    if out == Path("-"):
        raise Misused(message("usage_no_stream"), ctx)
    if out is None and not as_json:
        raise Misused(message("usage_missing", name="'--out'"), ctx)
    return out


def _checked(
    out: Path | None, groups: Path | None, boundaries: Path | None, tables: Reference
) -> dict[str, list[str]] | None:
    """Check what can be checked before long work starts; return the groups, where they are given."""
    if out is not None:
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


def _rated(model: Any, rate: float | None) -> Any:
    """Return a programme at another discount rate, where one is given."""
    if rate is None:
        return model
    if model.definition.kind != "programme":
        found = f"{model.definition.id}: a {model.definition.kind} is not discounted by an option"
        raise InputError(found, remedy="Leave out --discount-rate.")
    return model.with_discount(rate)


def _happened(model: Any, realised: Path | None) -> Any:
    """Return a programme with what really happened, where that is given."""
    if realised is None:
        return model
    if model.definition.kind != "programme":
        found = f"{model.definition.id}: a {model.definition.kind} is no estimate"
        raise InputError(found, remedy="Leave out --realised.")
    return model.with_realisation(realised)


def _restated(model: Any, definition: Header) -> Any:
    """Return a model whose file says something else."""
    return replace(model, loaded=replace(model.loaded, definition=definition))


def compare(
    ctx: typer.Context,
    model: Annotated[
        list[str],
        typer.Argument(help="Two or three models of one kind: current, proposal, amendment.", autocompletion=ids_like),
    ],
    out: Out = None,
    year: Annotated[int | None, typer.Option(help="Which year, where the models hold several.")] = None,
    phase_in: Annotated[
        str | None,
        typer.Option(
            help="Spread the redistribution of a fund, fee or grant: euro per inhabitant a year by years (0.25x4), or "
            "one cap a year (7.50/15/15); with ':residual' what is left stays, with ':both' gains are capped too."
        ),
    ] = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    encoding: Encoding = None,
    decimal: Decimal = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    as_json: Json = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Put two or three models side by side."""
    tables = open_reference(reference)
    folder = _folder(ctx, out, as_json=as_json)
    own = _checked(folder, groups, boundaries, tables)
    with all_or_nothing(lang):
        opened = catalogue.open_models(
            model, read_inputs(data, tables, encoding, decimal), models=models, reference=tables
        )
        comparison = catalogue.compare_models(*opened, year=year, phase_in=read_path(phase_in))
        from ggu_costs.report.dossier import comparison_dossier

        content = comparison_dossier(comparison, opened, municipality=municipality, groups=own)
        written = _write(content, folder, lang, boundaries, as_json=as_json)
    _end(written, folder, lang, quiet=quiet, as_json=as_json)


def assembly(
    ctx: typer.Context,
    model: Annotated[
        list[str], typer.Argument(help="Funds and fees of next year, any number of them.", autocompletion=ids_like)
    ],
    out: Out = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="The same of this year, one for each; a file that holds the year before needs none."),
    ] = None,
    year: Annotated[int | None, typer.Option(help="Next year, where a file holds several years.")] = None,
    municipality: Municipality = None,
    groups: Groups = None,
    boundaries: Boundaries = None,
    data: Data = None,
    encoding: Encoding = None,
    decimal: Decimal = None,
    lang: Lang = "nl",
    quiet: Quiet = False,
    as_json: Json = False,
    models: Models = None,
    reference: References = None,
) -> None:
    """Write what members get before a vote: what each pays this year and next, and why; a note for every member.

    Funds and fees stand side by side. With --municipality only the note of that member is written.
    """
    tables = open_reference(reference)
    folder = _folder(ctx, out, as_json=as_json)
    own = _checked(folder, groups, boundaries, tables)
    with all_or_nothing(lang):
        earlier = against or []
        opened = catalogue.open_models(
            [*model, *earlier], read_inputs(data, tables, encoding, decimal), models=models, reference=tables
        )
        from ggu_costs.fund import assembly_of
        from ggu_costs.report.dossier import assembly_dossier, member_notes

        table = assembly_of(opened[: len(model)], opened[len(model) :], year=year)
        content = assembly_dossier(table, opened, municipality=municipality, groups=own)
        members = [] if municipality or folder is None else _followed(table.codes, lang, quiet=quiet)
        notes = member_notes(table, content, members)
        written = _write(content, folder, lang, boundaries, notes, as_json=as_json)
    _end(written, folder, lang, quiet=quiet, as_json=as_json)


def _followed(codes: Sequence[str], lang: str, *, quiet: bool) -> Iterable[str]:
    """Show how far the notes are, where errors go."""
    from tqdm import tqdm

    unit = say_in(message("notes_unit"), lang)
    shown = not quiet and sys.stderr is not None and sys.stderr.isatty()  # a log has no use for it
    return tqdm(codes, unit=f" {unit}", leave=False, disable=not shown)


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
    if first_run.is_first_run():
        first_run.compile_ahead()
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


Written: TypeAlias = tuple["Report", Mapping[str, bytes], tuple[str, ...]]
"""What is in the files, the files, and the names of those that were removed."""


def _write(
    content: Report,
    out: Path | None,
    lang: str,
    boundaries: Path | None = None,
    pages: Iterable[tuple[str, Report]] = (),
    *,
    as_json: bool,
) -> Written:
    """Write the files, where a folder is given; say what is in them as JSON, where that is asked."""
    from ggu_costs.display.language import report_in

    told = content.to_json(lang=lang) if as_json else ""  # first: what cannot be said leaves no files
    if out is None:
        files, removed = dict[str, bytes](), tuple[str, ...]()
    else:
        from ggu_costs.report.dossier import files_of

        files = files_of(content, lang=lang, boundaries=boundaries, pages=pages, apart=True)
        removed = write_run(out, files)
    if as_json:
        say_json(told)
    return report_in(content, lang), files, removed


def _end(written: Written, out: Path | None, lang: str, *, quiet: bool, as_json: bool) -> None:
    """Say what was written, unless nothing but JSON may stand where a program reads."""
    if out is not None:
        tell(*written, out, lang, quiet=quiet or as_json)
