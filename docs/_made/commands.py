"""The page of the command line, from the commands there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from ggu_costs.cli import app

from . import write


def _commands(command: Any, name: str) -> list[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    return (
        [(name, command)]
        if not inner
        else [pair for key, one in inner.items() for pair in _commands(one, f"{name} {key}")]
    )


def _cell(text: object) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|")


def _section(name: str, command: Any) -> list[str]:
    context = typer.Context(command, info_name=name)
    lines = [
        "",
        f"## {name}",
        "",
        *(paragraph.replace("\n", " ") + "\n" for paragraph in (command.help or "").split("\n\n")),
    ]
    rows = [part.get_help_record(context) or (part.human_readable_name, part.help) for part in command.params]
    return [
        *lines,
        "| option or argument | what |",
        "|---|---|",
        *(f"| `{_cell(left)}` | {_cell(right)} |" for left, right in rows),
    ]


def make(path: Path) -> None:
    """Write the page."""
    program = typer.main.get_command(app)
    lines = ["# Command line", "", "`ggu-costs COMMAND --help` says the same.", ""]
    lines += ["Exit codes: see the last table.", ""]
    for name, command in _commands(program, "ggu-costs"):
        lines += _section(name, command)
    import ggu_costs.cli

    codes = (ggu_costs.cli.__doc__ or "").partition("Exit codes:")[2].strip().rstrip(".")
    lines += ["", "## Exit codes", "", "| code | when |", "|---|---|"]
    lines += [
        f"| {code} | {' '.join(words.split())} |"
        for code, _, words in (part.strip().partition(" ") for part in codes.split(", ") if part.strip()[:1].isdigit())
    ]
    write(path, "\n".join(lines) + "\n")
