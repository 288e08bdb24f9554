"""The words of pages and plots themselves: headings, buttons, what is said about maps and charts."""

import re
from collections.abc import Mapping

from ggu_costs.words.label import label
from ggu_costs.words.languages import vocabularies

_LETTERED = re.compile(r"^((?:\w+ )*)([a-c])(?=: |$)")  # the letter of a column, alone or before what it stands for


def phrase(name: str, lang: str = "nl") -> str:
    """Return one phrase.

    Examples
    --------
    >>> phrase("map"), phrase("map", "en")
    ('Kaart', 'Map')
    """
    return vocabularies(lang)["page"][name]


def phrases(lang: str) -> Mapping[str, str]:
    """Return all phrases by name, for a template."""
    return vocabularies(lang)["page"]


def named(name: object, lang: str = "nl") -> str:
    """Return what a line of a summary is called: a phrase of this page, or the word for a code name.

    Examples
    --------
    >>> named("place_by_size"), named("recoverable_vat")
    ('Plaats naar inwoners', 'compensabele btw')
    """
    return phrase(str(name), lang) if name in phrases(lang) else label(name, lang)


def capital(words: str) -> str:
    """Return words with a capital in front.

    Examples
    --------
    >>> capital("per inwoner")
    'Per inwoner'
    """
    return words[:1].upper() + words[1:]


def lettered(text: str) -> str:
    """Return text with the letter that a column is called by as that column has it.

    Examples
    --------
    >>> lettered("a: Fonds GGU 2020: bijdrage"), lettered("totaal b: Fonds GGU 2020: bijdrage"), lettered("a priori")
    ('A: Fonds GGU 2020: bijdrage', 'totaal B: Fonds GGU 2020: bijdrage', 'a priori')
    """
    return _LETTERED.sub(lambda letter: letter[1] + letter[2].upper(), text)
