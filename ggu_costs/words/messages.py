"""Sentences that people read: a key of the words files with its facts, said in a language at the very end.

A template stands in the table ``message`` of ``nl.toml`` and ``en.toml``. A field is the name of a fact, with how it is
written behind a colon::

    carried = "{old} is op {day:date} opgegaan in {new}: {amount:euro} over {count} {count:plural gemeente|gemeenten}."

======================  ===============================================================================
``{fact}``              a message in its language, a date in words, another as Python writes it
``{fact:euro 0}``       an amount, with decimals (2 unless given); ``plus``: a plus is printed; ``pm``: an unknown
                        one is PM
``{fact:number 1}``     a number with its thousands marked; as many decimals as it has unless given
``{fact:percent 1}``    a fraction as percentage
``{fact:rough 2}``      an amount with two significant digits: € 1,4 mld; ``plus`` and ``pm`` as for ``euro``
``{fact:more 2}``       a difference with its sign in words, to the cent or with so many digits: € 66 mln minder
``{fact:probability}``  a probability in whole percents with a word
``{fact:date}``         a date or its ISO text in words
``{fact:plural a|b}``   ``a`` where the fact is one, else ``b``
``{fact:list 5}``       a sequence in a row, cut after 5 (12 unless given) with the count of the rest
``{fact:and}``          a sequence in a row, with a word for "and" before the last
``{fact:join ; }``      a sequence with what follows the blank between its parts
``{fact:capital}``      as without, with a capital in front
``{fact:rule}``         the words of a code name in a vocabulary, here ``rule``, or a message as said; ``capital`` may
                        stand behind it
``{fact:{how}}``        as another fact, ``how``, says
======================  ===============================================================================
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from string import Formatter
from types import MappingProxyType
from typing import Any, TypeAlias

from ggu_costs.words import numbers
from ggu_costs.words.label import VOCABULARIES, in_words, label
from ggu_costs.words.languages import MESSAGES_IN, check_language, vocabularies

_NUMBERS: dict[str, tuple[Callable[..., str], str]] = {
    "euro": (numbers.euro, "decimals"),
    "number": (numbers.number, "decimals"),
    "percent": (numbers.percent, "decimals"),
    "rough": (numbers.rough_euro, "digits"),
    "more": (numbers.more_or_less, "digits"),
}  # how a number is written, and what a number among the words of its field says


_Writer: TypeAlias = Callable[[Any], str]
"""What writes a fact."""


class Message(str):
    """A text of this library: the Dutch words, with the key and the facts of which they were made.

    It is text wherever text is asked; :func:`say` writes it in another language. Two messages are equal when their
    Dutch words are.

    Parameters
    ----------
    key
        Name of the template in the words files.
    facts
        What the template's fields stand for.

    Examples
    --------
    >>> taken_up = Message("participation_in", {"year": 2024})
    >>> taken_up, say(taken_up, "en"), taken_up.key
    ('deelname van 2024', 'participation of 2024', 'participation_in')
    """

    __slots__ = ("facts", "key")
    key: str
    facts: Mapping[str, Any]

    def __new__(cls, key: str, facts: Mapping[str, Any]) -> Message:
        """Write the Dutch words."""
        made = super().__new__(cls, _written(key, facts, MESSAGES_IN))
        made.key, made.facts = key, MappingProxyType(dict(facts))
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Message, (self.key, dict(self.facts))

    def __copy__(self) -> Message:
        return self

    def __deepcopy__(self, memo: object) -> Message:
        return self


def message(key: str, /, **facts: Any) -> Message:
    """Return a message.

    Examples
    --------
    >>> message("participation_in", year=2024)
    'deelname van 2024'
    """
    return Message(key, facts)


def word(name: object, *, of: str = "column") -> Message:
    """Return the word for a code name of a vocabulary, as :func:`~ggu_costs.words.label.label` writes it.

    Examples
    --------
    >>> say(word("recoverable_vat"), "en")
    'recoverable VAT'
    """
    return _word(name, of) if type(name) is str else message("word", name=name, of=of)


@lru_cache(maxsize=4096)  # there are few, and a bill of all municipalities says them thousands of times
def _word(name: str, of: str) -> Message:
    return message("word", name=name, of=of)


def euro(value: object, *, decimals: int = 2, plus: bool = False, pm: bool = False) -> Message:
    """Return an amount, written as :func:`ggu_costs.words.numbers.euro` does.

    Examples
    --------
    >>> euro(-1234.5), say(euro(-1234.5), "en")
    ('- € 1.234,50', '-€1,234.50')
    """
    return message("amount", value=value, how=_how(decimals, plus, pm))


def number(value: object, *, decimals: int | None = None, plus: bool = False, pm: bool = False) -> Message:
    """Return a number, written as :func:`ggu_costs.words.numbers.number` does."""
    return message("figure", value=value, how=_how(decimals, plus, pm))


def percent(value: object, *, decimals: int = 1, plus: bool = False, pm: bool = False) -> Message:
    """Return a fraction as a percentage, written as :func:`ggu_costs.words.numbers.percent` does."""
    return message("percentage", value=value, how=_how(decimals, plus, pm))


def day(value: object) -> Message:
    """Return a date in words."""
    return message("day", value=value)


def joined(parts: Iterable[str], between: str = ", ") -> str:
    """Return texts in a row; messages among them are said in the language of the whole.

    Examples
    --------
    >>> say(joined([word("vat"), "Assen"], "; "), "en")
    'VAT; Assen'
    """
    return message("joined", parts=tuple(parts), between=between)


def _how(decimals: int | None, plus: bool, pm: bool) -> str:
    return " ".join(["" if decimals is None else str(decimals), *["plus"] * plus, *["pm"] * pm]).strip()


def say(text: str, lang: str = "nl") -> str:
    """Write a text in a language: a message in its words, another text (a name, a quotation from a file) as it is.

    Parameters
    ----------
    text
        A message or any text.
    lang
        ``nl`` or ``en``.

    Returns
    -------
    str

    Raises
    ------
    UnknownNameError
        A language that does not exist.

    Examples
    --------
    >>> say(message("participation_in", year=2024), "en"), say("Amsterdam", "en")
    ('participation of 2024', 'Amsterdam')
    """
    check_language(lang)
    if isinstance(text, Message) and lang != MESSAGES_IN:
        return _written(text.key, text.facts, lang)
    return str(text)  # of a message the words it was made with


def say_all(texts: Iterable[str], lang: str = "nl") -> list[str]:
    """Write texts in a language, in order.

    Examples
    --------
    >>> say_all([message("participation_in", year=2024), "Assen"], "en")
    ['participation of 2024', 'Assen']
    """
    return [say(text, lang) for text in texts]


def _written(key: str, facts: Mapping[str, Any], lang: str) -> str:
    parts = []
    for literal, field, how, write in _template(vocabularies(lang)["message"][key], lang):
        parts.append(literal)
        if field is not None:
            writes = write or _writer(how.format(**facts), lang)
            parts.append(writes(facts[field]))
    return "".join(parts)


@cache
def _template(text: str, lang: str) -> tuple[tuple[str, str | None, str, _Writer | None], ...]:
    """Take a template apart: text, the field behind it, how that is written, and what writes it where facts say how."""
    return tuple(
        (literal, field, how or "", None if field is None or "{" in (how or "") else _writer(how or "", lang))
        for literal, field, how, _ in Formatter().parse(text)
    )


@lru_cache(maxsize=1024)
def _writer(how: str, lang: str) -> _Writer:
    """Return what writes a fact the way its field says."""
    kind, _, more = how.partition(" ")
    if kind in _NUMBERS:
        (write, precision), marks = _NUMBERS[kind], more.split()
        asked: dict[str, Any] = {mark: True for mark in marks if mark in ("plus", "pm")}
        if digits := [int(mark) for mark in marks if mark not in asked]:
            asked[precision] = digits[0]
        return partial(write, lang=lang, **asked)
    if kind == "probability":
        return partial(numbers.probability, lang=lang)
    if kind == "date":
        return partial(numbers.date, lang=lang)
    if kind == "plural":
        one, _, many = more.partition("|")
        return lambda fact: one if fact == 1 else many
    if kind == "list":
        return lambda fact: in_words([_plain(part, lang) for part in fact], lang, most=int(more or 12))
    if kind == "and":
        return lambda fact: _anded([_plain(part, lang) for part in fact], lang)
    if kind == "join":
        return lambda fact: more.join(_plain(part, lang) for part in fact)
    named = partial(_named, lang=lang, of=kind) if kind in VOCABULARIES else partial(_plain, lang=lang)
    if "capital" in (kind, more):
        return lambda fact: _capital(named(fact))
    return named


def _named(fact: Any, lang: str, of: str) -> str:
    return _plain(fact, lang) if isinstance(fact, Message) else label(fact, lang, of=of)


def _anded(parts: Sequence[str], lang: str) -> str:
    *before, last = parts
    return f"{', '.join(before)} {vocabularies(lang)['text']['and']} {last}" if before else last


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _plain(fact: Any, lang: str) -> str:
    if isinstance(fact, datetime.date):
        return numbers.date(fact, lang=lang)
    return say(fact, lang) if isinstance(fact, str) else str(fact)
