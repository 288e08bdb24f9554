"""Messages in the JSON of a saved result: the key and the facts, so that a loaded result speaks every language.

A message is ``{"$message": KEY, "facts": {NAME: FACT}}``. A fact is text, a number, a truth value, nothing, a list,
another message, ``{"$date": "2024-01-01"}``, ``{"$decimal": "0.10"}``, ``{"$fraction": "1/3"}`` or
``{"$float": "nan"}``. Nothing else is read.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from string import Formatter
from typing import Any

import numpy as np

from ggu_costs.errors import GguCostsError
from ggu_costs.text import unclean, visible
from ggu_costs.words import languages
from ggu_costs.words.messages import Message, say

_MESSAGE = "$message"
_DIGITS = r"-?\d{1,400}"
_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "$date": (r"\d{4}-\d\d-\d\d", date.fromisoformat),
    "$decimal": (rf"{_DIGITS}(\.\d{{1,400}})?", Decimal),
    "$fraction": (rf"{_DIGITS}(/\d{{1,400}})?", Fraction),
    "$float": (r"nan|-?inf", float),
}  # how each is written, and what reads it
_HOW = r"[^\d{}]{0,40}\d{0,2}[^\d{}]{0,40}"  # of a fact that says how another is written: two digits are enough
_DEEP = 20


def plain(thing: Any) -> Any:
    """Return what JSON has words for; what it has none for is told as text, in which nothing is hidden."""
    if isinstance(thing, Message):
        return {_MESSAGE: thing.key, "facts": {name: _fact(one) for name, one in thing.facts.items()}}
    if isinstance(thing, np.generic):
        return plain(thing.item())
    if isinstance(thing, Mapping):
        return {visible(str(name)): plain(one) for name, one in thing.items()}
    if isinstance(thing, tuple | list):
        return [plain(one) for one in thing]
    if thing is None or isinstance(thing, bool | int) or (isinstance(thing, float) and np.isfinite(thing)):
        return thing
    return visible(str(thing))


def _fact(fact: Any) -> Any:
    """Return a fact with its type."""
    if isinstance(fact, np.generic):
        return _fact(fact.item())
    if isinstance(fact, date):
        return {"$date": f"{fact:%Y-%m-%d}"}
    if isinstance(fact, Decimal) and fact.is_finite():
        return {"$decimal": f"{fact:f}"}
    if isinstance(fact, Fraction):
        return {"$fraction": str(fact)}
    if isinstance(fact, float | Decimal) and not np.isfinite(float(fact)):
        return {"$float": str(float(fact))}
    return [_fact(one) for one in fact] if isinstance(fact, tuple | list) else plain(fact)


def read_text(thing: Any) -> str:
    """Return the text or message that was saved.

    Raises
    ------
    ValueError
        Neither; or a message that cannot be said in every language.
    """
    if isinstance(thing, str):
        return _clean(thing)
    if not isinstance(thing, dict):
        raise ValueError("no text")
    try:
        return _message(thing, 0)
    except (GguCostsError, LookupError, TypeError, ArithmeticError, AttributeError) as error:
        raise ValueError(f"no message: {error}"[:120]) from error


def read_any(thing: Any) -> Any:
    """Return what was saved of a mapping or list in which messages may stand."""
    if isinstance(thing, dict):
        return read_text(thing) if _MESSAGE in thing else {name: read_any(one) for name, one in thing.items()}
    return [read_any(one) for one in thing] if isinstance(thing, list) else thing


def _message(thing: dict[str, Any], depth: int) -> Message:
    key, told = str(thing.get(_MESSAGE)), thing.get("facts")
    templates = [languages.vocabularies(lang)["message"].get(key, "") for lang in languages.LANGUAGES]
    if not all(templates) or not isinstance(told, dict) or len(thing) != 2 or depth > _DEEP:
        raise ValueError(f"no message that there is: {key!r:.60}")
    parsed = [part for template in templates for part in Formatter().parse(template)]
    hows = {field for _, _, how, _ in parsed for _, field, _, _ in Formatter().parse(how or "") if field}
    if not told.keys() >= hows | {field for _, field, _, _ in parsed if field}:
        raise ValueError(f"not the facts of {key}")
    facts = {name: _read_fact(one, depth + 1) for name, one in told.items()}
    if not all(re.fullmatch(_HOW, str(facts[name])) for name in hows):
        raise ValueError(f"no way to write a fact of {key}")
    made = Message(key, facts)
    for lang in languages.LANGUAGES:
        _clean(say(made, lang))
    return made


def _read_fact(fact: Any, depth: int) -> Any:
    if isinstance(fact, list):
        if depth > _DEEP:
            raise ValueError("facts too deep")
        return [_read_fact(one, depth + 1) for one in fact]
    if isinstance(fact, str):
        return _clean(fact)
    if not isinstance(fact, dict):
        return fact
    if _MESSAGE in fact:
        return _message(fact, depth)
    (name, text), *more = fact.items()
    if more or name not in _READ or not isinstance(text, str) or not re.fullmatch(_READ[name][0], text, re.ASCII):
        raise ValueError(f"no fact: {name!r:.60}")
    return _READ[name][1](text)


def _clean(text: str) -> str:
    if words := unclean(text):
        raise ValueError(f"a text {words}")
    return text
