"""Many numbers: a list, an array, a Series or a frame becomes a clean array, each entry that is no number named."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ggu_costs.errors import Faults
from ggu_costs.figures.labels import is_pandas
from ggu_costs.figures.one import (
    LONGEST,
    MOST,
    Number,
    about_text,
    allowed_words,
    finite,
    in_range,
    is_missing,
    note,
    plain,
    shown,
)
from ggu_costs.typing import FloatArray

_DEEPEST = 8  # lists within lists; one that holds itself has no end
_MOST_FAULTS = 100  # entries of one array that are named; the rest is counted
_WORDS = {"U": "text", "S": "bytes", "b": "truth values", "c": "complex numbers", "M": "dates", "m": "times"}
_LIST = "Give a list, an array or a Series."


def read_figures(
    values: object,
    where: str,
    faults: Faults,
    *,
    labels: Sequence[object] | None = None,
    least: float | None = None,
    above: float | None = None,
    most: float = MOST,
    missing: bool = False,
    infinite: bool = False,
    copy: bool = True,
) -> FloatArray | None:
    """Return figures as a new float64 array of their own shape; None, with a fault for each entry that is none.

    Parameters
    ----------
    values
        A list, an array, a masked array, a Series, a frame, or lists of these; a single number has shape ().
    labels
        What the entries of one dimension are called; by default those of a Series, else their positions.
    least, above, most
        The range of each entry.
    missing
        Whether an entry may be missing: it is NaN then.
    infinite
        Whether an entry may be infinite.
    copy
        False: a float64 array is not copied, for those who only read it.
    """
    known = len(faults.found)
    opened = _open(values, where, faults)
    if opened is None:
        return None
    name = _namer(where, values, labels)
    clean = _floats(opened, name, allowed_words(None, least, above, most), faults, missing=missing, copy=copy)
    if clean is None:
        return None
    lowest, highest = (float(clean.min()), float(clean.max())) if clean.size else (0.0, 0.0)  # NaN spreads
    if math.isnan(lowest) or not all(in_range(end, least, above, most) and end >= -MOST for end in (lowest, highest)):
        wrong = ~((clean <= most) & (clean >= (-MOST if least is None else least)))
        wrong |= np.False_ if above is None else clean <= above
        wrong &= ~((np.isnan(clean) & missing) | (np.isinf(clean) & infinite))
        places = np.argwhere(wrong)
        found = ((name(place), clean[tuple(place)]) for place in places)
        _add_each(found, lambda value: allowed_words(value, least, above, most), len(places), faults)
    return clean if len(faults.found) == known else None


def read_exact(
    values: object, where: str, faults: Faults, *, labels: Sequence[object] | None = None, least: float | None = None
) -> list[Number] | None:
    """Return the numbers of one dimension as they were given; None, with a fault for each entry that is none."""
    known = len(faults.found)
    opened = _open(values, where, faults, exact=True)
    if opened is None:
        return None
    if opened.ndim != 1:
        faults.add(where, _shape_words(opened), "a list of numbers", _LIST)
        return None
    name = _namer(where, values, labels)
    if opened.dtype.kind not in "iufO":
        _floats(opened, name, "", faults, missing=False, copy=True)
        return None
    numbers = [finite(value) for value in opened.tolist()]
    wrong = [place for place, number in enumerate(numbers) if number is None or not in_range(number, least, None, MOST)]
    found = ((name(np.array([place])), opened[place]) for place in wrong)
    _add_each(found, lambda value: allowed_words(value, least, None, MOST), len(wrong), faults)
    return [number for number in numbers if number is not None] if len(faults.found) == known else None


def _shape_words(array: NDArray[Any]) -> str:
    return "one number" if array.ndim == 0 else f"figures of shape {array.shape}"


def _namer(where: str, values: object, labels: Sequence[object] | None) -> Callable[[NDArray[np.intp]], str]:
    """Return what names an entry by its label, or its position."""
    if labels is None and is_pandas(values) and values.ndim == 1:
        labels = values.index
    if labels is None and is_pandas(values):
        return lambda place: f"{where}[{values.index[place[0]]!s:.60}, {values.columns[place[1]]!s:.60}]"

    def name(place: NDArray[np.intp]) -> str:
        if labels is not None and place.size == 1:
            return f"{where}[{str(labels[int(place[0])])[:LONGEST]}]"
        return f"{where}[{', '.join(str(step) for step in place.tolist())}]" if place.size else where

    return name


def _add_each(
    found: Iterable[tuple[str, object]], allowed: Callable[[object], str], count: int, faults: Faults
) -> None:
    """Note entries one by one, and the number of those beyond the first hundred."""
    for number, (where, value) in enumerate(found):
        if number == _MOST_FAULTS:
            faults.add(where, f"this and {count - _MOST_FAULTS - 1} more like those before", allowed(value))
            return
        note(where, value, allowed(value), faults)


def _floats(
    array: NDArray[Any],
    name: Callable[[NDArray[np.intp]], str],
    allowed: str,
    faults: Faults,
    *,
    missing: bool,
    copy: bool,
) -> FloatArray | None:
    """Return the entries as float64, what is missing as NaN; None where some are no numbers."""
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=copy)
    if array.dtype.kind != "O":
        kind = _WORDS.get(array.dtype.kind, f"values of type {array.dtype}")
        first = f"{shown(array.flat[0])}: {kind}" if array.size else kind
        where = name(np.zeros(array.ndim if array.size else 0, dtype=np.intp))
        faults.add(where, first, "numbers", about_text(plain(array.flat[0])) if array.size else "")
        return None
    clean, wrong = np.empty(array.size), []
    for place, value in enumerate(array.flat):
        number = plain(value)
        if isinstance(number, float):
            clean[place] = number
        elif missing and is_missing(number):
            clean[place] = math.nan
        elif (exact := finite(number)) is not None:
            clean[place] = float(exact)
        elif isinstance(number, Decimal) and number.is_infinite():
            clean[place] = math.inf if number > 0 else -math.inf
        else:
            wrong.append(place)
    places = [np.array(np.unravel_index(place, array.shape), dtype=np.intp) for place in wrong[: _MOST_FAULTS + 1]]
    entries = ((name(place), array[tuple(place)]) for place in places)
    _add_each(entries, lambda _: allowed, len(wrong), faults)
    return None if wrong else clean.reshape(array.shape)


def _open(values: object, where: str, faults: Faults, *, exact: bool = False) -> NDArray[Any] | None:
    """Return an array of what was given: of objects where it is mixed, masked or exact; None for no list."""
    try:
        return _opened(values, exact=exact)
    except (TypeError, ValueError, OverflowError) as error:
        reason = (
            str(error) if isinstance(error, _NoArrayError) else f"a {type(values).__name__} that is no list of numbers"
        )
        faults.add(where, reason, "numbers", _LIST)
        return None


class _NoArrayError(ValueError):
    """What cannot become an array, in the words of a fault."""


def _opened(values: object, *, exact: bool, depth: int = 0) -> NDArray[Any]:
    kinds = list(values.dtypes) if is_pandas(values) and values.ndim == 2 else [getattr(values, "dtype", None)]
    if any(hasattr(kind, "categories") for kind in kinds):
        raise _NoArrayError("values of type category")
    if is_pandas(values):
        return np.asarray(values.to_numpy())
    if isinstance(values, np.ma.MaskedArray):
        mask = np.ma.getmaskarray(values)
        if not mask.any():
            return np.asarray(values.data)
        opened = np.array(values.data, dtype=np.object_)
        for place in np.argwhere(mask):  # one by one: as a whole it would be read as 0
            opened[tuple(place)] = np.ma.masked
        return opened
    if isinstance(values, np.ndarray):
        return np.asarray(values)
    if values is None or isinstance(values, str | bytes | bytearray | bool | Mapping | Set):
        raise _NoArrayError(shown(values))
    if not isinstance(values, list | tuple) and hasattr(values, "__array__"):
        return np.asarray(values)
    if isinstance(values, Iterable):
        return _of_items(list(values), exact=exact, depth=depth)
    opened = np.empty((), dtype=np.object_)
    opened[()] = values
    return opened


def _of_items(items: list[Any], *, exact: bool, depth: int) -> NDArray[Any]:
    """Return an array of the items of a list; rows that are lists themselves are of one length."""
    if depth > _DEEPEST:
        raise _NoArrayError(f"lists within lists, more than {_DEEPEST} deep")
    kinds = set(map(type, items))
    if not exact and kinds <= {float, int}:
        try:
            return np.array(items, dtype=np.float64)
        except OverflowError:  # whole numbers beyond a float
            pass
    nested = [
        isinstance(item, list | tuple | range) or is_pandas(item) or getattr(item, "ndim", 0) > 0 for item in items
    ]
    if not items or not all(nested):  # a list among numbers is an entry that is no number
        opened = np.empty(len(items), dtype=np.object_)
        for place, item in enumerate(items):
            opened[place] = item
        return opened
    rows = [_opened(item, exact=exact, depth=depth + 1) for item in items]
    if len({row.shape for row in rows}) > 1:
        raise _NoArrayError("lists of unequal length that are not numbers of one shape")
    kind = {row.dtype.kind for row in rows}
    if len(kind) > 1 and not kind <= set("iuf"):
        rows = [row.astype(np.object_) for row in rows]
    return np.stack(rows)
