"""The words of every output, Dutch and English, in one place.

Frames carry code names (``recoverable_vat``); people read words ("compensabele btw"). Every header, status and cause
that a table, plot or workbook prints comes from here, so that one thing has one name everywhere.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ggu_costs.errors import UnknownNameError, listed
from ggu_costs.words.languages import check_language, vocabularies

ILLUSTRATIVE = "FICTIEF VOORBEELD"
"""Printed on every output that holds a value with status `illustrative`, in any language."""

_NONE: Mapping[str, str] = MappingProxyType({})
VOCABULARIES = frozenset(vocabularies("nl")) - {"form", "likely", "number", "date", "text", "page", "message"}
"""Names of the vocabularies. A column named after one holds its names as values."""

_FORMS = tuple(
    (re.compile(pattern), name, made)
    for pattern, name, made in (
        (r"(.+)_error", "error", True),
        (r"(.+)_low", "low", True),
        (r"(.+)_high", "high", True),
        (r"second_(.+)", "second", True),
        (r"(.+)_parts", "parts", True),
        (r"(.+)_to", "to", True),
        (r"national_(.+)", "national", False),
        (r"difference_(.+)", "difference", False),
        (r"half_year_(.+)", "half_year", False),
        (r"(\d{4})_side", "side", True),
        (r"year_(\d+)", "year", False),
        (r"values_(\d+)", "values", False),
        (r"month_(\d+)", "month", False),
        (r"settlement_(\d{4})", "settlement", False),
        (r"exit_(\d+)", "exit", False),
        (r"exit_others_(\d+)", "exit_others", False),
        (r"exit_damage_(\d+)", "exit_damage", False),
    )
)
"""Names that are made of another, which has words of its own, or of an id or a period, which stays as it is."""

SIGNED = frozenset({
    "change", "difference", "other_total", "per_inhabitant_change", "redistribution", "settlement", "together_change",
    "others_more", "more_regulation", "more_years", "more_declining", "more_real_damage", "more_book_value",
    "participants_changed", "figures_changed", "keys_changed", "key_step", "index_effect", "cost_changed",
    "reserve_changed",
})  # fmt: skip
"""Columns in which plus and minus are both news: a plus is printed."""


def names_in(vocabulary: str) -> Mapping[str, str]:
    """Return the names of a vocabulary with their Dutch words; nothing for what is no vocabulary."""
    return vocabularies("nl")[vocabulary] if vocabulary in VOCABULARIES else {}


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
    >>> label("own_reserve"), label("contributions_2024"), label("fee_2024_b"), label("mean_error")
    ('own reserve', 'bijdragen 2024', 'contributie 2024 B', 'simulatiefout gemiddeld')
    """
    return words_of(name, lang, of=of) or str(name).replace("_", " ")


def words_of(name: object, lang: str = "nl", *, of: str = "column", own: Mapping[str, str] = _NONE) -> str:
    """Return the words for a code name, or nothing where it has none.

    A name may end in a letter or year (`difference_b`, `contributions_2024`), say which figure it is beside
    (`mean_error`), or hold an id of a model file (`national_together`). The key of a model file is read part by part.
    `own` are words of the user's own, by code name: those of the columns of a pack.

    Examples
    --------
    >>> words_of("lines.ict.amount 2024", of="item"), words_of("brackets[0].rate", of="item"), words_of("own_reserve")
    ('kostenposten: ict: bedrag 2024', 'schijf 1: tarief', '')
    >>> words_of("drivers.bouw.mode", of="item"), words_of("fee.mode", of="item")
    ('onzekere aannames: bouw: meest waarschijnlijk (modus)', 'contributie: wijze')
    """
    check_language(lang)
    if of not in VOCABULARIES:
        raise UnknownNameError("vocabulary", of, sorted(VOCABULARIES))
    if of == "item":
        return _key(str(name), lang, own)
    return _words(str(name), of, lang) or own.get(str(name), "")


def _words(name: str, of: str, lang: str) -> str:
    known = vocabularies(lang)[of]
    if name in known:
        return known[name]
    base, suffix = stem(name)
    inner = _words(base, of, lang) if suffix else ""  # fee_2024_b: of a year and a letter
    if inner:
        return f"{inner} {suffix.upper()}"
    for pattern, form, made in _FORMS:
        found = pattern.fullmatch(name)
        inner = (_words(found[1], of, lang) if made else found[1]) if found else ""
        if inner:
            return vocabularies(lang)["form"][form].format(inner)
    return name if re.fullmatch(r"\d{4}", name) else ""


def _key(name: str, lang: str, own: Mapping[str, str]) -> str:
    """Write the dotted key of a model file; ids in it stay as they are."""
    known = vocabularies(lang)["item"]
    key, _, when = name.partition(" ")
    if not re.search(r"[.\[]", key) and key not in known:
        return ""
    parts = []
    top = key.partition(".")[0]  # some words mean something else there: the mode of a distribution, of a tariff
    for part in key.split("."):
        word, _, number = part.rstrip("]").partition("[")
        words = known.get(f"{top}.{word}", known.get(word, own.get(word, "")) or _of_grant(word, lang))
        parts.append(f"{words} {int(number) + 1}" if number else words)
    when = when.replace("from ", vocabularies(lang)["text"]["from"] + " ")
    return ": ".join(parts) + (f" {_of_grant(when, lang)}" if when else "")


def _of_grant(text: str, lang: str) -> str:
    """Write what a key by a uitkering says before its colon: a circulaire, or a part of one; other text as it is."""
    kind, colon, name = text.partition(":")
    words = {**vocabularies(lang)["column"], **vocabularies(lang)["kind"]}
    found = words.get(kind) or words.get(f"{kind}_grant")
    return f"{found} {name}" if colon and found else text


def in_words(names: Iterable[object], lang: str = "nl", *, most: int = 12) -> str:
    """Write names in a row, cut after `most` with the count of the rest.

    Examples
    --------
    >>> in_words(["Assen", "Emmen", "Meppel"], most=2)
    'Assen, Emmen en nog 1'
    """
    return listed(names, most, more=vocabularies(lang)["text"]["and_more"])


def names_year(title: str, year: int) -> bool:
    """Whether a title says of which year it is.

    Examples
    --------
    >>> names_year("Fonds GGU 2020", 2020), names_year("Fonds GGU", 2020)
    (True, False)
    """
    return str(year) in title


def stem(name: object) -> tuple[str, str]:
    """Split a name such as `difference_b` or `contributions_2024` into what it is and which it is.

    Examples
    --------
    >>> stem("difference_b"), stem("total 2024"), stem("net")
    (('difference', 'b'), ('total', '2024'), ('net', ''))
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
