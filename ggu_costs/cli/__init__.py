"""The command line: list, show, check, new, run, compare, assembly, verify, warmup, doctor, schema, reference, grant.

Exit codes: 0 fine, 1 faults in files or figures, 2 the line cannot be read, 3 no result could be written, 4 an input or
file is missing, 130 interrupted.
"""

import gc
import sys
import warnings
from typing import Annotated

import typer

from ggu_costs._version import __version__
from ggu_costs.cli import doctor, grants, models, reference, runs
from ggu_costs.cli.messages import guarded, say
from ggu_costs.cli.usage import Commands

__all__ = ["app", "main"]

app = typer.Typer(
    cls=Commands,
    help="Wie betaalt wat als gemeenten samen iets doen. Who pays what when Dutch municipalities do things together.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _tell_version(asked: bool) -> None:
    if asked:
        say(__version__)
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", help="Print the version.", callback=_tell_version, is_eager=True)]


@app.callback()
def _options(version: Version = False) -> None: ...


# in the order of the help
app.command("list")(guarded(models.list_))
app.command()(guarded(models.show))
app.command()(guarded(models.check))
app.command()(guarded(models.new))
app.command()(guarded(runs.run))
app.command()(guarded(runs.compare))
app.command()(guarded(runs.assembly))
app.command()(guarded(runs.verify))
app.command()(guarded(runs.warmup))
app.command()(guarded(doctor.doctor))
app.command()(guarded(models.schema))
app.add_typer(reference.app, name="reference")
app.add_typer(grants.app, name="grant")


def main() -> None:
    """Entry point of the command."""
    gc.set_threshold(50_000, 20, 50)  # a short process makes much and leaves little: collecting less often is quicker
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # a Dutch name must print on any terminal
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    warnings.showwarning = _show_warning
    app()


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Write what is said, without the place in the source where it is."""
    say(*str(message).split("\n"), err=True)
