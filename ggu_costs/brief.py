"""How objects show themselves in Python: their kind and their fields, each with a head and the number of the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from html import escape
from itertools import islice
from typing import Any

from ggu_costs.text import visible

_ITEMS = 4  # of a list, mapping or set
_LONGEST = 400  # characters of one field
_MOST = 4_000  # characters of one object
_DEEPEST = 3


class Brief:
    """Base of objects that may hold thousands of figures: ``repr`` shows a head of each field."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "__repr__" not in vars(cls):  # else a dataclass writes one that shows everything
            cls.__repr__ = Brief.__repr__  # type: ignore[method-assign]  # of a class that is being made

    def __repr__(self) -> str:
        return brief(self)

    def _repr_html_(self) -> str:
        """Write its kind and a head of each field as a table for a notebook; what has figures shows these instead."""
        kind = type(self).__name__
        if not _has_fields(self):
            return f"<p><b>{kind}</b></p><pre>{_escaped(repr(self))}</pre>"
        shown = {name: _held(getattr(self, name, None), 0) for name in _names(self)}
        rows = "".join(f"<tr><td>{name}</td><td>{_escaped(text)}</td></tr>" for name, text in shown.items())
        return f"<table><caption>{kind}</caption>{rows}</table>"


def brief(value: object, depth: int = 0) -> str:
    """Write a value with a head of what is in it, in at most 4,000 characters.

    Examples
    --------
    >>> brief({"a": 1, "b": 2}), brief(list(range(9))), brief(("x",))
    ("{'a': 1, 'b': 2}", '[0, 1, 2, 3, ... 5 more]', "('x',)")
    """
    if not isinstance(value, type) and _has_fields(value) and (depth == 0 or isinstance(value, Brief)):
        text = _fields(value, depth)
    elif isinstance(value, str):  # no longer than it can be shown
        text = repr(value[: _LONGEST + 1])
    elif isinstance(value, Mapping):
        inside = [f"{_cut(brief(key, depth + 1))}: {_held(value[key], depth)}" for key in islice(value, _ITEMS)]
        text = f"{{{_joined(inside, len(value))}}}"
    elif isinstance(value, list | tuple | Set):
        inside = [_held(item, depth) for item in islice(value, _ITEMS)]
        lone = "," if isinstance(value, tuple) and len(value) == 1 else ""
        begin, end = "()" if isinstance(value, tuple) else "[]" if isinstance(value, Sequence) else "{}"
        text = f"{begin}{_joined(inside, len(value))}{lone}{end}"
    elif (shape := getattr(value, "shape", ())) and (dtype := getattr(value, "dtype", None)) is not None:
        text = f"<{type(value).__name__} of shape {shape}, {dtype}>"
    elif hasattr(value, "columns") and hasattr(value, "shape"):
        text = "<{} of {} rows and {} columns>".format(type(value).__name__, *shape)
    else:
        text = _printed(value)
    return _cut(text, _MOST if depth == 0 else _LONGEST)


def _has_fields(value: Any) -> bool:
    """Whether it is a dataclass, or a part of a model file, which pydantic checks."""
    return is_dataclass(value) or hasattr(type(value), "model_fields")


def _names(value: Any) -> list[str]:
    return [own.name for own in fields(value) if own.repr] if is_dataclass(value) else list(type(value).model_fields)


def _fields(value: Any, depth: int) -> str:
    kind = type(value).__name__
    if depth >= _DEEPEST:
        return f"{kind}(...)"
    shown = [f"{name}={_held(getattr(value, name, None), depth)}" for name in _names(value)]
    return f"{kind}({', '.join(shown)})"


def _held(value: object, depth: int) -> str:
    return "..." if depth >= _DEEPEST else _cut(brief(value, depth + 1))


def _printed(value: object) -> str:
    if type(value).__repr__ is object.__repr__:  # says where it lies in memory, and nothing else
        return f"<{type(value).__name__}>"
    try:
        return repr(value)
    except Exception:  # such as a whole number of more digits than Python writes
        return f"<{type(value).__name__}>"


def _escaped(text: str) -> str:
    return escape(visible(text))


def _joined(shown: list[str], count: int) -> str:
    rest = count - len(shown)
    return ", ".join(shown) + (f", ... {rest} more" if rest > 0 else "")


def _cut(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 5]} ..."
