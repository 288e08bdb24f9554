"""From bytes or a mapping to plain tables: size, depth and figures are looked at before anything is done with them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from numbers import Integral
from typing import Any

from ggu_costs.errors import Faults, shortened
from ggu_costs.reading import MOST_DIGITS, as_written_here, is_written_out, may_be_thousands

MOST_BYTES = 2_000_000
"""Of a model file; those shipped have a hundredth of it."""

_DEEPEST = 32  # tables within tables; models have a third of it
_TOO_DEEP = f"more than {_DEEPEST} tables or arrays within one another"
_MOST_PARTS = 500_000  # tables, arrays and figures together
_LONG_KEY = re.compile(rb"""(?<![\w"'-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){%d}""" % _DEEPEST)
_WHOLE = ("EUR", "inhabitants")
"""Units in which a figure has no three decimals."""
_ANY_FIGURE = ("share", "number", "text", "date", "months", "years")
"""Units in which thousands would stand out by themselves."""
_BARE = ("amount", "price", "fixed", "free", "brackets", "rates", "tiers", "from_volume")
"""Keys of money and volumes that stand without a unit."""
_SLIP = re.compile(r"=\s*([+-]?\d[\d.,]*,\d[\d.,]*|[+-]?\d{1,3}(?:\.\d{3}){2,})\s*(?:[#}]|$)")


class NotTomlError(ValueError):
    """What stands in the way of reading a file, with what to do about it."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(words)
        self.remedy = remedy


def read_toml(content: bytes) -> dict[str, Any]:
    """Read the tables of a file; figures with a point as they are written.

    Raises
    ------
    NotTomlError
        Not UTF-8, no TOML, or too deep to be a model.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        remedy = "Save the file as UTF-8; it was probably saved as Windows-1252, or as Unicode of another form."
        raise NotTomlError(f"not UTF-8: line {line} holds a byte 0x{content[error.start]:02x}", remedy) from error
    if _LONG_KEY.search(content):
        raise NotTomlError(f"a key of more than {_DEEPEST} parts", "Take it out.")
    try:
        return tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        words = shortened(str(error), 300)
        raise NotTomlError(f"not valid TOML: {words}", _remedy(text, str(error))) from error
    except RecursionError as error:
        raise NotTomlError(_TOO_DEEP, "Take them out.") from error
    except ValueError as error:  # a number of more digits than Python reads, or a day that is none
        raise NotTomlError(f"not valid TOML: {shortened(str(error), 300)}", "Correct the figure or date.") from error


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("1e999999")  # an exponent that cannot even be kept: refused with the others


def _remedy(text: str, told: str) -> str:
    """Say what to do about a line that is no TOML, where it shows a figure as it is written in Dutch."""
    at = re.search(r"at line (\d+)", told)
    lines = text.splitlines()
    line = lines[int(at[1]) - 1] if at and int(at[1]) <= len(lines) else ""
    slip = _SLIP.search(line) if len(line) <= MOST_DIGITS else None
    return f"Correct the line named. {as_written_here(slip[1])}".rstrip() if slip else "Correct the line named."


def plain(value: Any) -> Any:
    """Return a deep copy of a mapping as TOML would give it: floats by their shortest decimal.

    Raises
    ------
    NotTomlError
        Too deep or too large to be a model, such as a mapping that holds itself.
    """
    return _Copy().of(value, 0)


class _Copy:
    def __init__(self) -> None:
        self.parts = 0

    def of(self, value: Any, depth: int) -> Any:
        self.parts += 1
        if depth > _DEEPEST or self.parts > _MOST_PARTS:
            raise NotTomlError(f"{_TOO_DEEP}, or more than {_MOST_PARTS:,} parts", "Take them out.")
        if isinstance(value, Mapping):
            return {str(key): self.of(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.of(item, depth + 1) for item in value]
        if isinstance(value, Integral) and not isinstance(value, bool):
            return int(value)
        return Decimal(repr(float(value))) if isinstance(value, float) else value


def note_limits(tables: Mapping[str, Any], faults: Faults) -> None:
    """Note what is too deep, and figures of more digits than any can have: with those nothing can be done."""
    for where, item, depth in _parts(tables):
        if depth > _DEEPEST:
            faults.add(where, _TOO_DEEP, "fewer", "Take it out.")
            return
        if isinstance(item, bool) or not isinstance(item, int | Decimal):
            continue
        if isinstance(item, int) and not -(2**63) <= item < 2**63:
            faults.add(where, f"a whole number of {_digits(item)} digits", "at most 64 bits, some 19 digits")
        elif isinstance(item, Decimal) and not is_written_out(item):
            faults.add(where, "a figure of too many digits", f"at most {MOST_DIGITS} before and behind the point")


def note_slips(tables: Mapping[str, Any], faults: Faults) -> None:
    """Note figures of a file that may be thousands as they are written in Dutch, such as 850.000 euro."""
    for where, item, _ in _parts(tables):
        if not isinstance(item, Mapping):
            continue
        unit = item.get("unit")
        named = {"value": "value", "years": "years"} if isinstance(unit, str) and unit not in _ANY_FIGURE else {}
        for key in (*named, *(name for name in _BARE if name in item)):
            for place, figure, _ in _parts(item.get(key), f"{where}.{key}".lstrip(".")):
                written = f"{figure:f}" if isinstance(figure, Decimal) and is_written_out(figure) else ""
                sure = not written.endswith("0") and not (key in named and unit in _WHOLE)
                if may_be_thousands(written) and not sure:
                    words = f"{written}, which may be thousands or a fraction"
                    faults.add(place, words, remedy=as_written_here(written))


def _digits(number: int) -> int:
    return int(number.bit_length() * 0.30103) + 1


def _parts(tables: Any, where: str = "") -> Iterator[tuple[str, Any, int]]:
    """Every part of tables, however deep, with its dotted key and depth; entries of arrays by their id."""
    waiting: list[tuple[str, Any, int]] = [(where, tables, 0)]
    while waiting:
        where, part, depth = waiting.pop()
        yield where, part, depth
        if depth > _DEEPEST:
            continue
        if isinstance(part, Mapping):
            waiting += [
                (f"{where}.{shortened(str(key))}".lstrip("."), item, depth + 1)
                for key, item in reversed(list(part.items()))
            ]
        elif isinstance(part, list):
            for position, item in reversed(list(enumerate(part))):
                label = item.get("id") if isinstance(item, Mapping) else None
                step = f".{shortened(label)}" if isinstance(label, str) and label else f"[{position}]"
                waiting.append((f"{where}{step}", item, depth + 1))
