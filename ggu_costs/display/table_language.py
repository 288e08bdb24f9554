"""Tables in a language: what a frame says in its cells, labels and names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from ggu_costs.display.table import Table
from ggu_costs.frames import describe
from ggu_costs.words.languages import MESSAGES_IN
from ggu_costs.words.messages import Message, say

_BY_COLUMN = frozenset({"units", "total", "pm", "decimals"})
"""Facts of a frame that name its columns."""


def table_in(table: Table, lang: str) -> Table:
    """Return a table with all that it says in a language."""
    if lang == MESSAGES_IN:
        return table
    names = names_in_language(table.frame, lang)
    return replace(
        table,
        title=say(table.title, lang),
        frame=frame_in(table.frame, lang),
        units=_renamed(table.units, names),
        notes=tuple(say(note, lang) for note in table.notes or ()),
        total=_renamed(table.total, names),
        pm=_renamed(table.pm, names),
        meanings={names.get(name, name): say(meaning, lang) for name, meaning in table.meanings.items()},
    )


def frame_in(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a frame whose cells and labels are said in a language; itself where it holds no message."""
    texts = [name for name in frame.columns if frame[name].dtype.kind == "O" and _any(frame[name])]
    rows, columns = _any(frame.index), _any(frame.columns)
    if not (texts or rows or columns):
        return frame
    result = frame.copy()
    for name in texts:
        result[name] = [said_in(value, lang) for value in frame[name]]
    if rows:
        result.index = pd.Index([said_in(value, lang) for value in frame.index], name=frame.index.name)
    if columns:
        names = names_in_language(frame, lang)
        result.columns = pd.Index([said_in(value, lang) for value in frame.columns], name=frame.columns.name)
        facts = {str(key): _renamed(fact, names) if key in _BY_COLUMN else fact for key, fact in frame.attrs.items()}
        return describe(result, **facts)
    return result


def names_in_language(frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return what columns that are named by a message are called in a language."""
    return {str(name): say(name, lang) for name in frame.columns if isinstance(name, Message)}


def _renamed(fact: Any, names: Mapping[str, str]) -> Any:
    """Return names of columns, or a mapping by them, as the columns are called now."""
    if isinstance(fact, Mapping):
        return {names.get(str(name), name): value for name, value in fact.items()}
    return [names.get(str(name), name) for name in fact] if isinstance(fact, list | tuple) else fact


def _any(values: Any) -> bool:
    return any(isinstance(value, Message) for value in values)


def said_in(value: Any, lang: str) -> Any:
    """Say what is a message, in a mapping or list as well."""
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, Mapping):
        return {said_in(key, lang): said_in(part, lang) for key, part in value.items()}
    return [said_in(part, lang) for part in value] if isinstance(value, list | tuple) else value
