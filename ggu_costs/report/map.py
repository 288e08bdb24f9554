"""The figures of a table on a map: boundaries, or tiles; classes, legend, and what was carried.

The map has the municipalities since the last reorganisation. Amounts on an earlier map are carried to it: what
merged is added up, what was split is divided by inhabitants. Only columns that add up can be carried.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ggu_costs.display.columns import Column
from ggu_costs.report.bycode import ByCode
from ggu_costs.report.shown import marks_of
from ggu_costs.words import numbers
from ggu_costs.words.page import phrase

_CLASSES, _CLASSES_A_SIDE = 5, 3
_MOST_LAYERS = 6  # more are not looked at
_UNKNOWN, _ABSENT, _NOTHING = "u", "none", "z"
_ERROR = "_error"  # how the columns of errors end


@dataclass(frozen=True)
class Layer:
    """One column on the map.

    Attributes
    ----------
    name, title
        The column, and its words.
    classes
        Class of each area: ``s1`` to ``s5`` from little to much; ``m1`` to ``m3`` pays more, ``l1`` to ``l3`` less,
        ``z`` nothing, or less than a cent or than the stated error; ``u`` unknown; ``none`` where the area takes no
        part. Figures that differ by less than the error have one class.
    texts
        What is shown when an area is pointed at.
    legend
        Class and its range in words.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    texts: tuple[str, ...]
    legend: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MapData:
    """What a page needs to draw a map: areas, names, of which municipalities each is made, the layers, what to say."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]
    layers: tuple[Layer, ...]
    notes: tuple[str, ...]
    banner: str


def first_shown(data: ByCode, asked: str = "") -> Column | None:
    """Return the column that readers look for first: what was asked, else effects, else what is paid.

    Among effects those per inhabitant come first; among amounts the first.
    """
    figures = [column for column in data.columns if column.unit.startswith("EUR") and column.lacking < len(data.codes)]
    for chosen in (
        [column for column in data.columns if column.name == asked],
        [column for column in figures if column.signed and column.unit != "EUR"],
        [column for column in figures if column.signed],
        figures,
    ):
        if chosen:
            return chosen[0]
    return None


def as_shown(column: Column, figure: float) -> float:
    """Return a figure as precise as it is shown: what reads the same is the same, cents rounded off make no difference.

    Examples
    --------
    >>> as_shown(Column("per_inhabitant", "EUR/inhabitant", "number", ()), 3.004437)
    3.0
    """
    return round(figure, column.decimals + 2 * (column.unit == "share")) + 0.0


def map_data(data: ByCode, areas: Collection[str], *, day: datetime.date, lang: str, first: str) -> MapData | None:
    """Put a table on a map.

    Parameters
    ----------
    data
        The table.
    areas
        Codes of the areas that are drawn.
    day
        A day whose municipal map the areas are.
    lang
        ``nl`` or ``en``.
    first
        Name of the column to show first.

    Returns
    -------
    MapData or None
        None where the table is on no map, on a later one than the areas, or has nothing that can be shown.
    """
    own = data.day
    carried = not set(data.municipalities) <= set(data.reference.member_codes(day))
    if own is None or (own > day and carried):
        return None
    codes = tuple(sorted(areas))
    made = _made_of(data, codes, own, day) if carried else [((code, 1.0),) for code in codes]
    present = set(data.municipalities)
    takes_part = [any(code in present for code, _ in part) for part in made]
    figures = data.gathered(made) if carried else _as_they_are(data, codes)
    known = [column for column in data.columns if any(figure is not None for figure in figures.get(column.name, ()))]
    known = [column for column in known if not column.name.endswith(_ERROR)]
    known.sort(key=lambda column: (column.name != first, not column.signed, not column.unit.startswith("EUR")))
    if not known or (known[0].name != first and not known[0].unit.startswith("EUR")):
        return None  # a map of inhabitants alone says nothing about the result
    names = {**data.reference.names_of(own), **data.reference.names_of(day)}
    notes = [phrase("carried", lang).format(day=numbers.date(day, lang=lang))] if carried else []
    if not all(takes_part):
        notes.append(phrase("some_take_part", lang))
    return MapData(
        codes=codes,
        names=tuple(names.get(code, code) for code in codes),
        parts=tuple(tuple(code for code, _ in part if code in present) for part in made),
        layers=tuple(
            _layer(column, figures[column.name], _errors(data, column, made), takes_part, lang)
            for column in known[:_MOST_LAYERS]
        ),
        notes=tuple(notes),
        banner=marks_of(data.table, lang),
    )


def _made_of(
    data: ByCode, codes: Sequence[str], start: datetime.date, end: datetime.date
) -> list[tuple[tuple[str, float], ...]]:
    """Return for each area the earlier municipalities it is made of, with the share of each that it received."""
    made: dict[str, list[tuple[str, float]]] = {code: [] for code in codes}
    moved = data.reference.transfer(start, end)
    for old in data.municipalities:
        for new, share in moved[old]:
            if new in made:
                made[new].append((old, float(share)))
    return [tuple(made[code]) or ((code, 1.0),) for code in codes]


def _as_they_are(data: ByCode, codes: Sequence[str]) -> Mapping[str, list[float | None]]:
    place = {code: row for row, code in enumerate(data.codes)}
    return {
        column.name: [
            float(figure) if code in place and numbers.is_number(figure := column.values[place[code]]) else None
            for code in codes
        ]
        for column in data.columns
        if column.numeric
    }


def _errors(data: ByCode, column: Column, made: Sequence[Sequence[tuple[str, float]]]) -> list[float]:
    """Return the stated error of each area's figure, 0 where none is; of parts added up, at most their sum."""
    stated = next((other for other in data.columns if other.name == column.name + _ERROR and other.numeric), None)
    if stated is None:
        return [0.0] * len(made)
    errors = {
        code: float(error) for code, error in zip(data.codes, stated.values, strict=True) if numbers.is_number(error)
    }
    return [sum(share * errors.get(code, 0.0) for code, share in parts) for parts in made]


def _layer(
    column: Column, figures: Sequence[float | None], errors: Sequence[float], takes_part: Sequence[bool], lang: str
) -> Layer:
    figures = [None if figure is None else as_shown(column, figure) for figure in figures]
    known = [figure for figure in figures if figure is not None]
    signed = column.signed or min(known) < 0 < max(known)
    told = [
        figure and (0.0 if signed and abs(figure) < error else figure)
        for figure, error in zip(figures, errors, strict=True)
    ]
    alike = not signed and max(known) - min(known) < max(errors)
    sure = [known[0]] * alike or [figure for figure in told if figure is not None]
    class_of = (_signed_classes if signed else _classes)(sure)
    classes = tuple(
        _ABSENT if not inside else _UNKNOWN if figure is None else class_of[sure[0] if alike else figure]
        for figure, inside in zip(told, takes_part, strict=True)
    )
    return Layer(
        name=column.name,
        title=column.title(lang),
        classes=classes,
        texts=tuple(column.text(figure, lang) for figure in figures),
        legend=tuple(_legend(column, figures, classes, any(errors), lang)),
    )


def _classes(known: Sequence[float]) -> dict[float, str]:
    """Return a class for each figure: about as many areas in each, what is equal in one; few figures, middle shades."""
    cuts = _cuts(known, _CLASSES)
    first = 1 + (_CLASSES - 1 - len(cuts)) // 2
    return {figure: f"s{first + sum(figure >= cut for cut in cuts)}" for figure in known}


def _signed_classes(known: Sequence[float]) -> dict[float, str]:
    """Return a class for each figure: more and less apart, in the same steps, so that equal shades mean equal sizes."""
    cuts = _cuts([abs(figure) for figure in known if figure], _CLASSES_A_SIDE)
    return {
        figure: ("m" if figure > 0 else "l") + str(1 + sum(abs(figure) >= cut for cut in cuts)) if figure else _NOTHING
        for figure in known
    }


def _cuts(known: Sequence[float], classes: int) -> list[float]:
    if not known:
        return []
    cuts = np.quantile(known, np.arange(1, classes) / classes)
    return sorted({float(cut) for cut in cuts if cut > min(known)})


def _legend(
    column: Column, figures: Sequence[float | None], classes: Sequence[str], uncertain: bool, lang: str
) -> list[tuple[str, str]]:
    """Return each class in use with its least and largest figure, from less to more."""
    found: dict[str, list[float]] = {}
    for figure, name in zip(figures, classes, strict=True):
        if figure is not None:
            found.setdefault(name, []).append(figure)
    legend = []
    for name, inside in sorted(found.items(), key=lambda item: min(item[1])):
        ends = dict.fromkeys((column.text(min(inside), lang), column.text(max(inside), lang)))
        words = f" {phrase('to', lang)} ".join(ends)
        if name == _NOTHING:
            words = phrase("within_error", lang) if uncertain else phrase("no_difference", lang)
        legend.append((name, words))
    if _UNKNOWN in classes:
        legend.append((_UNKNOWN, column.text(None, lang)))
    return legend
