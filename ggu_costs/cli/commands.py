"""The commands, in the order of the help."""

from typing import Annotated

import typer

from ggu_costs._version import __version__
from ggu_costs.cli import doctor, estimates, grants, models, reference, runs
from ggu_costs.cli.messages import guarded, say
from ggu_costs.cli.usage import Commands

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


app.command("list")(guarded(models.list_))
app.command()(guarded(models.show))
app.command()(guarded(models.check))
app.command()(guarded(models.new))
app.command()(guarded(runs.run))
app.command()(guarded(runs.compare))
app.command()(guarded(runs.assembly))
app.command()(guarded(estimates.calibrate))
app.command()(guarded(runs.verify))
app.command()(guarded(runs.warmup))
app.command()(guarded(doctor.doctor))
app.command()(guarded(models.schema))
app.add_typer(reference.app, name="reference")
app.add_typer(grants.app, name="grant")
