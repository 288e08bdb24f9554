"""The SHA-256 of a specification, by content."""

import hashlib
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np

_PRINTED = frozenset({str, int, float, bool, type(None)})
"""Whose print tells their kind and content."""


def fingerprint(*things: object) -> str:
    """Return the SHA-256 of dataclasses, tuples, arrays, numbers and text, by content."""
    arrays: list[bytes] = []
    printed = [_printable(thing, arrays) for thing in things]
    return hashlib.sha256(b"".join([repr(printed).encode(), *arrays])).hexdigest()


def _printable(thing: object, arrays: list[bytes]) -> object:
    """Return what prints as its content: sequences as lists, all else with its kind; arrays apart, as bytes."""
    kind: Any = type(thing)
    if isinstance(thing, np.ndarray):
        arrays.append(thing.tobytes())
        return "array", thing.shape, thing.dtype.str
    if isinstance(thing, tuple | list):
        return [item if type(item) in _PRINTED else _printable(item, arrays) for item in thing]
    if is_dataclass(thing):
        return kind.__name__, {name: _printable(getattr(thing, name), arrays) for name in _public(kind)}
    return thing if kind in _PRINTED else (kind.__name__, repr(thing))


@cache
def _public(kind: Any) -> tuple[str, ...]:
    """Fields of a dataclass that count."""
    return tuple(own.name for own in fields(kind) if own.name[0] != "_")
