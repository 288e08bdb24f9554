"""What every command writes alike: columns, errors with their exit code, and the mark of what is made up."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

import typer

from ggu_costs.errors import GguCostsError, MissingInputError, OutputError

P = ParamSpec("P")
R = TypeVar("R")

FAULTS, MISSING, NO_RESULT = 1, 2, 3

ILLUSTRATIVE = "FICTIEF VOORBEELD"


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turn the library's errors into a message and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except GguCostsError as error:
            write_error(error)
            code = MISSING if isinstance(error, MissingInputError) else FAULTS
            raise typer.Exit(NO_RESULT if isinstance(error, OutputError) else code) from None

    return run


def write_error(error: GguCostsError) -> None:
    """Write an error with every fault that fits in a message, and what to do, where errors go."""
    typer.echo(error.text(), err=True)


def write_columns(lines: Iterable[tuple[str, ...]]) -> None:
    """Write lines with their cells under one another."""
    rows = list(lines)
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
