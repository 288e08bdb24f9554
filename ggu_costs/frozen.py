"""Frozen data: compares by content, has a hash, pickles and copies; and a mapping that cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)

_HASHED = (str, int, float, date, type(None))  # equal ones have equal hashes, also after a file or another process


class Frozen:
    """Base of frozen dataclasses that hold mappings, arrays or frames, which have no hash and no single truth value.

    Two are equal when they are of one class and what they hold is equal: arrays and frames too, with NaN equal to NaN.
    Fields with ``compare=False`` do not count. Classes that say ``eq=False`` without this base are equal to themselves
    only.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Figures(Frozen):
    ...     name: str
    ...     amounts: dict[str, float]
    >>> one, two = (Figures("fund", {"GM0363": float("nan")}) for _ in range(2))
    >>> one == two, hash(one) == hash(two), one == "fund"
    (True, True, False)
    """

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for name in ("__eq__", "__hash__"):  # of the class itself, or its decorator would put others there
            if name not in vars(cls):
                setattr(cls, name, getattr(Frozen, name))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and same(self, other)

    def __hash__(self) -> int:
        return content_hash(self, [field.name for field in fields(self) if field.compare])  # type: ignore[arg-type]


def content_hash(thing: object, names: list[str]) -> int:
    """Return the hash of what is text, a number or a day among the attributes of a thing."""
    values = [getattr(thing, name) for name in names]
    kept = (value for value in values if isinstance(value, _HASHED) and value == value)  # noqa: PLR0124 (not NaN)
    return hash((type(thing).__qualname__, *kept))


def same(one: Any, two: Any) -> bool:
    """Whether two things hold the same; never an array of answers."""
    if one is two:
        return True
    if isinstance(one, Mapping):
        alike = isinstance(two, Mapping) and one.keys() == two.keys()
        return alike and all(same(value, two[name]) for name, value in one.items())
    if type(one) is not type(two):
        return bool(one == two) if isinstance(one, int | float) and isinstance(two, int | float) else False
    if isinstance(one, tuple | list):
        return len(one) == len(two) and all(map(same, one, two))
    if hasattr(one, "equals"):  # a frame, Series or index
        return bool(one.equals(two))
    if hasattr(one, "dtype"):
        import numpy as np

        return np.array_equal(one, two, equal_nan=one.dtype.kind in "fc")
    if is_dataclass(one):
        names = [field.name for field in fields(one) if field.compare]
        return all(same(getattr(one, name), getattr(two, name)) for name in names)
    return bool(one == two) or (isinstance(one, float) and one != one and two != two)  # noqa: PLR0124 (NaN)


class ReadOnly(Mapping[K, V_co]):
    """A mapping that cannot be changed; unlike a ``MappingProxyType`` it can be pickled."""

    __slots__ = ("_held",)

    def __init__(self, held: Mapping[K, V_co]) -> None:
        self._held = dict(held)

    def __getitem__(self, key: K) -> V_co:
        return self._held[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __repr__(self) -> str:
        return repr(self._held)

    def __hash__(self) -> int:
        return hash((type(self).__qualname__, len(self._held)))
