"""What every command writes alike: columns, errors with their exit code, and the mark of what is made up."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from typing import ParamSpec, TypeVar

import typer

from ggu_costs.errors import GguCostsError, MissingInputError, OutputError
from ggu_costs.text import one_line
from ggu_costs.words import messages
from ggu_costs.words.languages import MESSAGES_IN, check_language
from ggu_costs.words.page import phrase

P = ParamSpec("P")
R = TypeVar("R")

FAULTS, USAGE, NO_RESULT, MISSING = 1, 2, 3, 4
"""Exit codes: faults in what was given, a line that cannot be read, nothing could be written, an input is missing."""
INTERRUPTED = 130  # 128 and the number of the signal, as shells count


def say(*lines: str, lang: str = MESSAGES_IN, err: bool = False) -> None:
    """Write lines where a user reads them; what a file or a name holds cannot move the cursor, colour or link."""
    _echo("\n".join(one_line(messages.say(line, lang)) for line in lines), err=err)


def say_json(text: str) -> None:
    """Write JSON where a program reads it; what is in it is escaped as JSON does."""
    _echo(text)


def _echo(text: str, *, err: bool = False) -> None:
    try:
        typer.echo(text, err=err)
    except BrokenPipeError:  # who reads has enough, such as head
        raise
    except OSError as error:
        words = f"cannot write what is to be said: {error.strerror or error}"
        raise OutputError(words, remedy="Free some space.") from error


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Refuse a language that there is not, and turn the library's errors into a message and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        lang = str(kwargs.get("lang", MESSAGES_IN))
        try:
            check_language(lang)
            return command(*args, **kwargs)
        except GguCostsError as error:
            write_error(error, lang)
            code = MISSING if isinstance(error, MissingInputError) else FAULTS
            raise typer.Exit(NO_RESULT if isinstance(error, OutputError) else code) from None
        except ImportError as error:  # a package that is not whole, or that refuses its settings
            say(str(error), err=True)
            raise typer.Exit(FAULTS) from None
        except KeyboardInterrupt:
            say(phrase("interrupted", lang), err=True)
            raise typer.Exit(INTERRUPTED) from None

    return run


@contextmanager
def all_or_nothing(lang: str) -> Iterator[None]:
    """Say of an interrupt here that nothing was written: what is computed inside is written whole at its end."""
    try:
        yield
    except KeyboardInterrupt:
        say(phrase("interrupted_whole", lang), err=True)
        raise typer.Exit(INTERRUPTED) from None


def write_error(error: GguCostsError, lang: str) -> None:
    """Write an error with every fault that fits in a message, and what to do, where errors go."""
    text = messages.say(error.said, lang) if error.said else error.text()
    with suppress(OutputError):  # where errors go is full too: the exit code tells
        say(*text.split("\n"), err=True)


def write_columns(lines: Iterable[tuple[str, ...]], lang: str = MESSAGES_IN) -> None:
    """Write lines with their cells under one another."""
    rows = [tuple(one_line(messages.say(cell, lang)) for cell in cells) for cells in lines]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
