"""A command that cannot be read: what is wrong with it, in the language that it asks for."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from ggu_costs.cli.messages import USAGE, say
from ggu_costs.errors import nearest
from ggu_costs.words import messages
from ggu_costs.words.languages import LANGUAGES, MESSAGES_IN
from ggu_costs.words.messages import message

_UsageError: Any = typer.BadParameter.__mro__[1]  # of click, or of the copy of it that typer has of late


class Misused(typer.BadParameter):
    """A line that can be read, and asks for what cannot be; with what to say of it."""

    def __init__(self, told: str, ctx: Any) -> None:
        super().__init__(told, ctx=ctx)
        self.told = told


class Commands(TyperGroup):
    """The commands, which say in the language asked what is wrong with a line."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Read the options before the name of a command."""
        lang = _asked(args)
        if told := _no_word(args):
            _write(None, told, lang)
            raise typer.Exit(USAGE)
        with _said(lang):
            return super().make_context(info_name, args, parent, obj=lang, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Read the rest of the line and run the command."""
        with _said(ctx.obj):
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command of a name."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            told = message("usage_command", name=repr(args[0]), remedy=_meant(nearest(args[0], self.commands)))
            _write(ctx, told, ctx.obj)
            raise typer.Exit(USAGE)
        return super().resolve_command(ctx, args)


def _asked(args: Sequence[str]) -> str:
    """Return the language that a line asks for; the first one where it asks for none that there is."""
    for place, word in enumerate(args):
        name, _, value = word.partition("=")
        if name == "--lang":
            asked = value or "".join(args[place + 1 : place + 2])
            return asked if asked in LANGUAGES else MESSAGES_IN
    return MESSAGES_IN


def _no_word(args: Sequence[str]) -> str:
    """Say where a word of the line is empty, as where a variable of a script was not set, or no name can be.

    An empty path would be read as the folder that one stands in. Nothing is said where every word is one.
    """
    for before, word in zip(["", *args], args, strict=False):
        name, given, value = word.partition("=")
        if name.startswith("--") and given and not value.strip():
            return message("usage_value", name=name)
        if "\0" in word:
            return message("usage_character")
        if not word.strip():
            return message("usage_value", name=before) if before.startswith("-") else message("usage_blank")
    return ""


@contextmanager
def _said(lang: str) -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            raise
        _write(getattr(error, "ctx", None), _fault(error), lang)
        raise typer.Exit(USAGE) from None


def _write(ctx: Any, fault: str, lang: str) -> None:
    if ctx is not None:
        usage = " ".join([ctx.command_path, *ctx.command.collect_usage_pieces(ctx)])
        fault = message("usage", usage=usage, command=ctx.command_path, fault=fault)
    say(*messages.say(fault, lang).split("\n"), err=True)


def _fault(error: Any) -> str:
    """Say what is wrong; what has no words of ours is quoted."""
    if isinstance(error, Misused):
        return error.told
    told = error.format_message()
    kind = type(error).__name__
    if missing := re.match(r"Missing \w+ ('[^']*')", told):
        return message("usage_missing", name=missing[1])
    if kind == "NoSuchOption":
        return message("usage_option", name=error.option_name, remedy=_meant("".join((error.possibilities or ())[:1])))
    if flag := re.match(r"Option ('[^']*') does not take a value", told):
        return message("usage_no_value", name=flag[1])
    if kind == "BadOptionUsage":
        return message("usage_value", name=error.option_name)
    if wrong := re.match(r"Invalid value for ('[^']*').*\bvalid (integer|float|number)", told):
        return message("usage_number" if wrong[2] != "integer" else "usage_whole_number", name=wrong[1])
    if extra := re.fullmatch(r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)\.?", told):
        return message("usage_extra", names=extra[1])
    return message("usage_other", told=told)


def _meant(name: str) -> str:
    return message("meant", name=repr(name)) if name else ""
