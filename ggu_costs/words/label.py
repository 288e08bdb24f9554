"""The words of every output, Dutch and English, in one place.

Frames carry code names (``recoverable_vat``); people read words ("compensabele btw"). Every header, status and cause
that a table, plot or workbook prints comes from here, so that one thing has one name everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, TypeAlias

from ggu_costs.errors import UnknownNameError, listed
from ggu_costs.words.gathered import gathered

__all__ = [
    "BCF_NOTE",
    "ILLUSTRATIVE",
    "LANGUAGES",
    "SIGNED",
    "VOCABULARIES",
    "Language",
    "banner",
    "checked_language",
    "in_words",
    "label",
    "stem",
    "words_of",
]

Language: TypeAlias = Literal["nl", "en"]
"""Language of an output."""

LANGUAGES = ("nl", "en")

BCF_NOTE = (
    "Compensabele btw: gemeenten samen winnen hier niets mee zolang het plafond van het BTW-compensatiefonds via het "
    "gemeentefonds wordt verrekend."
)
"""Goes with every national sum of recoverable VAT."""

ILLUSTRATIVE = "FICTIEF VOORBEELD"
"""Printed on every output that holds a value with status `illustrative`, in any language."""

VOCABULARIES = gathered()
VOCABULARIES["column"] = VOCABULARIES["cause"] | VOCABULARIES["column"]
VOCABULARIES["metric"] = VOCABULARIES["column"]
VOCABULARIES["method"] = VOCABULARIES["rule"]
"""Vocabulary to its words: name to (Dutch, English). A column named after one holds its names as values."""

_FORMS: tuple[tuple[re.Pattern[str], tuple[str, str], bool], ...] = tuple(
    (re.compile(pattern), (dutch, english), made)
    for pattern, dutch, english, made in (
        (r"(.+)_error", "simulatiefout {}", "simulation error of {}", True),
        (r"(.+)_low", "{}, ondergrens", "{}, lower bound", True),
        (r"(.+)_high", "{}, bovengrens", "{}, upper bound", True),
        (r"second_(.+)", "{}, tweede vorm", "{}, second shape", True),
        (r"(.+)_parts", "{} per onderdeel", "{} by part", True),
        (r"(.+)_to", "bestemming van {}", "use of {}", True),
        (r"national_(.+)", "landelijk, {}", "national, {}", False),
        (r"difference_(.+)", "verschil met {}", "difference with {}", False),
        (r"half_year_(.+)", "halfjaarrapportage {}", "half-yearly report {}", False),
        (r"(\d{4})", "{}", "{}", False),
    )
)
"""Names that are made of another, which has words of its own, or of an id, a period or a year, which stays as it is."""

SIGNED = frozenset({"change", "effect", "effect_per_inhabitant", "redistribution", "settlement", "volume_effect"})
"""Columns in which plus and minus are both news: a plus is printed."""


def checked_language(lang: str) -> int:
    """Return the place of `lang` in a pair of words, or raise naming the languages there are."""
    if lang not in LANGUAGES:
        raise UnknownNameError("language", str(lang), LANGUAGES)
    return LANGUAGES.index(lang)


def label(name: object, lang: str = "nl", *, of: str = "column") -> str:
    """Return the word for a code name.

    Parameters
    ----------
    name
        A column name, status, cause, size class (1 to 8), unit or VAT state.
    lang
        ``nl`` or ``en``.
    of
        The vocabulary: `actual` is "realisatie" as a column and "gerealiseerd" as a status.

    Returns
    -------
    str
        As :func:`words_of`; for a name that has no words the name itself, underscores as spaces.

    Raises
    ------
    UnknownNameError
        A language or vocabulary that does not exist.

    Examples
    --------
    >>> label("recoverable_vat"), label("recoverable_vat", "en")
    ('compensabele btw', 'recoverable VAT')
    >>> label("actual"), label("actual", of="status"), label(4, of="size_class")
    ('realisatie', 'gerealiseerd', '4 (20.000 tot 50.000)')
    >>> label("own_reserve"), label("contributions_2024"), label("effect_b"), label("mean_error")
    ('own reserve', 'bijdragen 2024', 'meer (+) / minder (-) bijdrage B', 'simulatiefout gemiddeld')
    """
    return words_of(name, lang, of=of) or str(name).replace("_", " ")


def words_of(name: object, lang: str = "nl", *, of: str = "column") -> str:
    """Return the words for a code name, or nothing where it has none.

    A name may end in a letter or year (`effect_b`, `contributions_2024`), say which figure it is beside (`mean_error`),
    or hold an id of a model file (`national_together`). The key of a model file is read part by part.

    Examples
    --------
    >>> words_of("lines.ict.amount 2024", of="item"), words_of("brackets[0].rate", of="item"), words_of("own_reserve")
    ('kostenposten: ict: bedrag 2024', 'schijf 1: tarief', '')
    """
    place = checked_language(lang)
    if of not in VOCABULARIES:
        raise UnknownNameError("vocabulary", of, VOCABULARIES)
    text = str(name)
    if of == "item":
        return _key(text, place)
    return _words(text, VOCABULARIES[of], place)


def _words(name: str, known: Mapping[str, tuple[str, str]], place: int) -> str:
    if name in known:
        return known[name][place]
    base, suffix = stem(name)
    if base in known:
        return f"{known[base][place]} {suffix.upper()}"
    for form, pair, made in _FORMS:
        found = form.fullmatch(name)
        inner = (_words(found[1], known, place) if made else found[1]) if found else ""
        if inner:
            return pair[place].format(inner)
    return ""


def _key(name: str, place: int) -> str:
    """Write the dotted key of a model file; ids in it stay as they are."""
    key, _, when = name.partition(" ")
    if not re.search(r"[.\[]", key) and key not in VOCABULARIES["item"]:
        return ""
    parts = []
    for part in key.split("."):
        word, _, number = part.rstrip("]").partition("[")
        words = VOCABULARIES["item"].get(word, (word, word))[place]
        parts.append(f"{words} {int(number) + 1}" if number else words)
    when = when.replace("from ", ("vanaf ", "from ")[place])
    return ": ".join(parts) + (f" {when}" if when else "")


def in_words(names: Iterable[object], lang: str = "nl", *, most: int = 12) -> str:
    """Write names in a row, cut after `most` with the count of the rest.

    Examples
    --------
    >>> in_words(["Assen", "Emmen", "Meppel"], most=2)
    'Assen, Emmen en nog 1'
    """
    return listed(names, most, more=(" en nog {}", " and {} more")[checked_language(lang)])


def names_year(title: str, year: int) -> bool:
    """Whether a title says of which year it is.

    Examples
    --------
    >>> names_year("Fonds GGU 2020", 2020), names_year("Fonds GGU", 2020)
    (True, False)
    """
    return str(year) in title


def stem(name: object) -> tuple[str, str]:
    """Split a name such as `effect_b` or `contributions_2024` into what it is and which it is.

    Examples
    --------
    >>> stem("effect_b"), stem("total 2024"), stem("net")
    (('effect', 'b'), ('total', '2024'), ('net', ''))
    """
    parts = re.fullmatch(r"(.+)[_ ]([a-z]|\d{4})", str(name))
    return (parts[1], parts[2]) if parts else (str(name), "")


def banner(lang: str = "nl") -> str:
    """Return the line that marks every output with illustrative values.

    Examples
    --------
    >>> banner(), banner("en")
    ('FICTIEF VOORBEELD', 'FICTIEF VOORBEELD (fictitious example)')
    """
    return label("illustrative", lang, of="status")
