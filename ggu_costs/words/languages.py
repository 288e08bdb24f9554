"""The words of each language, from one data file a language beside this module: ``nl.toml``, ``en.toml``.

A file holds vocabularies: tables of code name to words. ``page`` holds the phrases of page and workbook, ``form`` names
made of other names, ``likely`` what a probability is called. Another language is another file.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ggu_costs.errors import UnknownNameError, is_one_of

_FOLDER = Path(__file__).parent

MESSAGES_IN = "nl"
"""The language that a message is text in."""


def found_in(folder: Path) -> tuple[str, ...]:
    """Return the languages of which there is a file in a folder, Dutch first."""
    return (MESSAGES_IN, *sorted({path.stem for path in folder.glob("*.toml")} - {MESSAGES_IN}))


LANGUAGES = found_in(_FOLDER)
"""The languages there are, Dutch first."""


def check_language(lang: str) -> None:
    """Raise, naming the languages there are, unless `lang` is one."""
    if type(lang) is str and lang in LANGUAGES:
        return
    if not is_one_of(lang, LANGUAGES):
        raise UnknownNameError("language", lang, LANGUAGES)


@cache
def vocabularies(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Return the words of a language by vocabulary and code name; read once.

    A column may be named after a cause or a line of a business case, a metric is a column, and a method is a rule of
    splitting.

    Raises
    ------
    UnknownNameError
        A language that does not exist.

    Examples
    --------
    >>> vocabularies("en")["status"]["published"], vocabularies("nl")["metric"]["vat"]
    ('published', 'btw')
    """
    check_language(lang)
    words: dict[str, dict[str, str]] = tomllib.loads((_FOLDER / f"{lang}.toml").read_text(encoding="utf-8"))
    words["column"] = words["cause"] | words["line"] | words["column"]
    return {**words, "metric": words["column"], "method": words["rule"]}
