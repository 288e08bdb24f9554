"""What a run says at its end: the answer, the main figures, and which files there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ggu_costs.cli.messages import say, write_columns
from ggu_costs.words.label import SIGNED, banner, stem
from ggu_costs.words.messages import message
from ggu_costs.words.page import lettered, named

if TYPE_CHECKING:
    from ggu_costs.display.report import Report


def tell(
    content: Report, files: Mapping[str, bytes], older: tuple[str, ...], out: Path, lang: str, *, quiet: bool
) -> None:
    """Say what is in the files, and, where errors go, which of them cannot be made here."""
    if not quiet:
        _tell_content(content, files, older, out, lang)
    tell_lacking(files, lang)


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
    if "result.html" in files:
        say(message("open_page", page=(out / "result.html").as_posix()), lang=lang)


def tell_lacking(files: Mapping[str, bytes], lang: str) -> None:
    """Say which files cannot be made here, and what to install for them."""
    for name, extra, key in (("result.xlsx", "excel", "no_workbook"), ("result.html", "html", "no_page")):
        if name not in files:
            say(message(key, extra=extra), lang=lang, err=True)
