"""Is a column a total, a rate, a class or a label? Known from the manifest, otherwise read from the name.

A total (inhabitants, euros) adds up over municipalities; a rate (percentage, density, average, amount per inhabitant)
does not, and a class or label even less. A wrong answer would carry a percentage over a merger by adding it up.
"""

import re
from collections.abc import Mapping

_RATE_WORDS = frozenset({
    "pct", "perc", "percent", "percentage", "percentages", "procent", "procenten", "promille", "promillage",
    "aandeel", "aandelen", "share", "shares", "fraction", "fractie", "proportion", "proportie",
    "rate", "rates", "ratio", "quote", "verhouding", "relatief", "relatieve", "relative",
    "avg", "average", "averages", "mean", "means", "gem", "gemid", "gemidd", "gemiddeld", "gemiddelde",
    "median", "medians", "mediaan", "mediane", "density", "dichtheid", "oad", "graad", "probability", "kans", "per",
})  # fmt: skip
_RATE_ENDINGS = (
    "dichtheid", "density", "percentage", "promillage", "aandeel", "quote", "gemiddelde", "mediaan", "graad",
)  # fmt: skip
_CLASS_WORDS = frozenset({"class", "klasse", "stedelijkheid", "urbanity"})
_TIMES = frozenset({
    "year", "quarter", "month", "week", "day", "jaar", "kwartaal", "maand", "dag", "ultimo",
    "januari", "january", "jan", "juli", "july", "december", "dec",
})  # fmt: skip
"""What makes "per" no rate: an amount per year, or a count per 1 January, adds up."""
_TOTALS = frozenset({"gemiddeldaantalinwoners", "gemiddeldebevolking", "averagepopulation"})
"""An average over time of a number of people adds up over municipalities all the same."""


def stem(name: object) -> str:
    """Return a column name without the running number that CBS puts behind it.

    Examples
    --------
    >>> stem("Inwonertal_54 ")
    'Inwonertal'
    """
    return re.sub(r"_\d+$", "", str(name).strip())


def _words(name: str) -> list[str]:
    """Return the words of a name in small letters: divided by all but letters, and by capitals in the middle."""
    parts = re.findall(r"[^\W\d_]+", name)
    return [word.lower() for part in parts for word in re.findall(r"[A-Z]+(?![^\WA-Z])|[A-Z]?[^\WA-Z]+", part)]


def kind_of(name: object, described: Mapping[str, str]) -> str:
    """Return what a column is, by its name; see :meth:`.facts.Facts.column_kind`.

    Parameters
    ----------
    described
        Kind of the columns that are described, by name, and by their name at CBS in small letters.
    """
    if name is None:
        return "unknown"
    bare = stem(name)
    known = described.get(str(name)) or described.get(bare.lower())
    if known:
        return known
    words = _words(bare)
    if "".join(words) in _TOTALS:
        return "total"
    if any(word in _CLASS_WORDS or word.endswith("klasse") for word in words):
        return "class"
    timed = [word == "per" and after in _TIMES for word, after in zip(words, [*words, ""][1:], strict=True)]
    telling = [word for word, time in zip(words, timed, strict=True) if not time]
    if "%" in bare or "\u2030" in bare or any(w in _RATE_WORDS or w.endswith(_RATE_ENDINGS) for w in telling):
        return "rate"
    return "unknown"
