"""The columns of a frame, ready to be shown: each with its unit, its kind, and what is unknown in it.

Notebook tables, CSV files and workbooks all start from :func:`columns_of`, so they agree on what a column is. Units are
those of the model files (``EUR``, ``EUR/inhabitant``, ``share``, ``inhabitants``, ...).
"""

import datetime
import math
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from ggu_costs.display.cells import cells_of, floats, sum_of_cents
from ggu_costs.errors import Faults, listed
from ggu_costs.money import CENT_TOLERANCE, add_up
from ggu_costs.words import numbers
from ggu_costs.words.label import SIGNED, VOCABULARIES, label, names_in, stem, words_of
from ggu_costs.words.messages import message, say
from ggu_costs.words.page import capital, phrase

Kind: TypeAlias = Literal["text", "cents", "integer", "number", "date", "truth"]
"""What the cells of a column are; `cents`: amounts in euro that are all whole cents."""

Missing: TypeAlias = Literal["pm", "unknown", "none"]
"""What it means where there is no value; see :attr:`Column.missing`."""

Units: TypeAlias = Mapping[str, str] | str | None
"""Unit by column name, one unit for every column with figures, or None: what the frame's attrs say."""

_PARTS = re.compile(
    r"(?:^| \+ )(0\.\d+|\d(?:\.\d+)?e-\d+) (\S+)(?=$| \+ )"
)  # of a key with several: 0.8 inhabitants + 0.2 equal
_DIGITS = 6  # of a figure that is rounded for a reader
_ROUNDING = Context(prec=400, rounding=ROUND_HALF_UP)
_MOST_DECIMALS = 4  # shown, of a number without a unit of its own
_LARGE = 100  # figures from here on have two decimals at most, where small ones stand among them


@dataclass(frozen=True)
class Column:
    """One column of an output.

    Attributes
    ----------
    name
        The code name.
    unit
        Its unit; empty for text.
    kind
        What its cells are.
    values
        The cells as plain Python values; None where there is none.
    pm
        Whether a missing figure is a memorandum item (PM-post).
    alias
        The name whose words stand above it, where that is another.
    places
        Decimals that people are shown, where that is stated; below 0: rounded to tens, thousands and so on.
    mixed
        Whether each figure has a unit of its own, which stands beside it: then each has decimals of its own too.
    own_words
        What names of the user's own are called.
    """

    name: str
    unit: str
    kind: Kind
    values: tuple[object, ...]
    pm: bool = False
    alias: str = ""
    places: int | None = None
    mixed: bool = False
    own_words: Mapping[str, str] = field(default_factory=dict)

    @property
    def numeric(self) -> bool:
        """Whether the cells are figures."""
        return self.kind in ("cents", "integer", "number")

    @property
    def signed(self) -> bool:
        """Whether a plus is printed."""
        return stem(self.name)[0] in SIGNED

    @property
    def lacking(self) -> int:
        """How many cells have no value."""
        return sum(value is None for value in self.values)

    @property
    def only_pm(self) -> bool:
        """Whether it holds figures of which none is known yet."""
        return self.pm and self.numeric and bool(self.values) and self.lacking == len(self.values)

    @cached_property
    def decimals(self) -> int:
        """Digits after the mark that people are shown."""
        if self.places is not None:
            return self.places
        if self.unit.startswith("EUR"):
            return 2
        if self.unit == "share":
            least = min((abs(figure) for figure in floats(self.values) if figure), default=1.0)
            return min(max(1, math.ceil(-math.log10(least * 100))), _MOST_DECIMALS)
        if self.kind != "number":
            return 0
        figures = floats(self.values)
        shown = figures.round(_MOST_DECIMALS)
        return next(d for d in range(_MOST_DECIMALS + 1) if (figures.round(d) == shown).all())

    def is_whole(self, value: object) -> bool:
        """Whether a figure is written without decimals, whatever those beside it need: a count among amounts."""
        return self.mixed and numbers.is_number(value) and float(value).is_integer()

    def _decimals_of(self, value: object) -> int:
        if self.is_whole(value):
            return 0
        large = self.mixed and numbers.is_number(value) and abs(float(value)) >= _LARGE
        return min(self.decimals, 2) if large else self.decimals

    def title(self, lang: str = "nl") -> str:
        """Return the words above the column."""
        name = self.alias or self.name
        return words_of(name, lang, own=self.own_words) or label(name, lang)

    def header(self, lang: str = "nl") -> str:
        """Return the words above the column, with the euro sign where it holds amounts."""
        return self.title(lang) + (" (€)" if self.unit.startswith("EUR") else "")

    def absent(self, lang: str = "nl") -> str:
        """Return what stands where there is no value: PM, unknown, or nothing where none is to be had.

        That is per inhabitant where nobody lives, and the probability of a loss of what is income.
        """
        return "" if self.missing == "none" else label(self.missing, lang)

    @property
    def missing(self) -> Missing:
        """What it means where there is no value: it is a memorandum item, it is not known, or none is to be had."""
        none_is_due = self.name == "inhabitants" or self.unit.endswith("/inhabitant") or self.unit == "probability"
        if not self.numeric or (none_is_due and not self.pm):
            return "none"
        return "pm" if self.pm else "unknown"

    def text(self, value: object, lang: str = "nl") -> str:
        """Write one cell for a reader."""
        if value is None:
            return self.absent(lang)
        if self.numeric:
            plus = self.signed
            if self.unit.startswith("EUR"):
                return numbers.euro(value, decimals=self.decimals, lang=lang, plus=plus)
            if self.name == "year":
                return str(value)
            if self.unit == "probability":
                return numbers.probability(value, lang=lang)
            if self.unit == "share":
                return numbers.percent(value, decimals=self.decimals, lang=lang, plus=plus)
            return numbers.number(value, decimals=self._decimals_of(value), lang=lang, plus=plus)
        if isinstance(value, datetime.date):
            return numbers.date(value, lang=lang)
        return self.word(value, lang)

    def word(self, value: object, lang: str = "nl") -> str:
        """Return the text of a cell without a unit; in a column named after a vocabulary (status, cause) its word."""
        if isinstance(value, bool):
            return label("yes" if value else "no", lang)
        if numbers.is_number(value) and not self.worded:
            return numbers.number(value, lang=lang)
        if self.name == "metric" and len(parts := _PARTS.findall(str(value))) > 1:
            return " + ".join(f"{_percent(part, lang)} {self._said(name, lang)}" for part, name in parts)
        return self._said(value, lang)

    def _said(self, value: object, lang: str) -> str:
        known = self.name in VOCABULARIES
        return (words_of(value, lang, of=self.name, own=self.own_words) if known else "") or str(value)

    @property
    def is_rate(self) -> bool:
        """Whether its figures are per something or a part of something, so that nobody adds them up."""
        return self.unit.startswith("EUR/") or self.unit in ("share", "probability")

    @cached_property
    def worded(self) -> bool:
        """Whether the cells are code names that have words, its numbers too."""
        known = names_in(self.name)
        return bool(known) and all(str(value) in known for value in self.values if numbers.is_number(value))

    def total(self) -> int | float | None:
        """Return the sum of the figures, exact in cents; without PM items, and None where it is not known.

        A column of PM items only, or with a missing figure that is no PM item, has no known sum. No rows add up to 0.
        """
        known = [value for value in self.values if value is not None]
        if self.lacking and not (self.pm and known):
            return None
        whole = sum_of_cents(known)
        if whole is None:
            whole = add_up(numbers.exact(value) or Fraction(0) for value in known)
        return int(whole) if self.kind == "integer" else float(whole)


def _percent(part: str, lang: str) -> str:
    """Write a fraction as a percentage with the decimals it has."""
    whole = Decimal(part) * 100
    return numbers.percent(Decimal(part), decimals=max(0, -int(whole.normalize().as_tuple().exponent)), lang=lang)


def rounded(value: float, *, decimals: int = 6) -> str:
    """Write a figure with the digits that mean something to a reader: so many decimals, and six digits of a small one.

    Examples
    --------
    >>> [rounded(figure) for figure in (3.3806685280445925, 0.0018013093879087163, 1234567.25, 0.0)]
    ['3.380669', '0.00180131', '1234567.25', '0']
    >>> rounded(379000.0644231, decimals=2)
    '379000.06'
    """
    large = abs(value) >= 10.0 ** (_DIGITS - decimals)  # its decimals are all there is to choose
    if large and decimals > 0 and not numbers.may_tie(value, decimals):  # any way of rounding gives the same
        return f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    exact = Decimal(repr(float(value)))
    if not exact:
        return "0"
    last = min(-decimals, exact.adjusted() - _DIGITS + 1)
    return format(_ROUNDING.quantize(exact, Decimal(1).scaleb(last)).normalize(_ROUNDING), "f")


def _kind(values: tuple[object, ...], unit: str, figures: bool) -> Kind:
    known = [value for value in values if value is not None]
    if not known:
        return "number" if figures else "text"
    if all(isinstance(value, bool) for value in known):
        return "truth"
    if all(isinstance(value, datetime.date) for value in known):
        return "date"
    if not all(numbers.is_number(value) for value in known):
        return "text"
    amounts = floats(known)
    with np.errstate(invalid="ignore", over="ignore"):  # infinite ones are told with those of other columns
        off = np.abs(amounts * 100 - np.rint(amounts * 100))
    if unit == "EUR" and np.all(off <= 100 * CENT_TOLERANCE):
        return "cents"
    whole = np.all(amounts == np.rint(amounts)) and not unit.startswith("EUR") and unit != "share"
    return "integer" if whole else "number"


def column_name(name: object) -> str:
    """Return a column's name as text; levels of a name are joined."""
    return " ".join(str(level) for level in name if str(level)) if isinstance(name, tuple) else str(name)


def columns_of(
    frame: pd.DataFrame, *, units: Units = None, pm: Iterable[object] | None = None, total: Iterable[object] = ()
) -> list[Column]:
    """Return the columns of a frame, its index first.

    Parameters
    ----------
    frame
        Any frame. A numbered index without a name is left out; an index without a name counts as ``code``. A column
        ``name`` is of municipalities where the codes are theirs. ``frame.attrs["decimals"]`` may hold the decimals
        that people are shown, by column or by unit.
    units
        Unit by column name, or one unit for all columns with figures. None: ``frame.attrs["units"]``.
    pm
        Columns whose missing figures are memorandum items. None: ``frame.attrs["pm"]``.
    total
        Columns that the output will add up; they must be there and hold figures.

    Returns
    -------
    list of Column

    Raises
    ------
    InputError
        Names in `units`, `pm` or `total` that are no columns, columns of one name, infinite figures: all at once.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"contribution": [0.1, 0.2]}, index=pd.Index(["GM0363", "GM0345"], name="code"))
    >>> code, contribution = columns_of(frame, units={"contribution": "EUR"})
    >>> code.kind, contribution.kind, contribution.total(), contribution.header()
    ('text', 'cents', 0.3, 'bijdrage (€)')
    """
    faults = Faults()
    series = _series(frame)
    names = [name for name, _, _ in series]
    stated = frame.attrs.get("units", {}) if units is None else units
    stated = {column_name(name): unit for name, unit in stated.items()} if isinstance(stated, Mapping) else stated
    in_pm = {column_name(name) for name in (frame.attrs.get("pm", ()) if pm is None else pm)}
    added = {column_name(name) for name in total}
    decimals, called = frame.attrs.get("decimals", {}), {"name": _called(series)}
    if "metric" in names:  # beside what they are figures of; elsewhere a key is a cause of change
        called["key"] = "key_figure"
    turned = "_gemeentefonds" if frame.attrs.get("sign") == "gemeentefonds" else ""
    for name in sorted({name for name in names if names.count(name) > 1}):
        faults.add(name, "is the name of two columns", "names that differ")
    # attrs travel along when columns are left out, so only what was named here must be there
    named: dict[str, Collection[str]] = {"units": list(stated) if isinstance(units, Mapping) else []}
    named |= {"pm": () if pm is None else in_pm, "total": added}
    for argument, asked in named.items():
        for name in sorted(asked):
            if name not in names:
                faults.add(argument, f"{name!r} is no column", listed(names))
    columns = []
    for name, values, figures in series:
        unit = stated if isinstance(stated, str) else stated.get(name, "")
        kind = _kind(values, unit, figures or bool(unit and not isinstance(stated, str)))
        if kind == "integer" and all(value is None or str(value) in names_in(name) for value in values):
            kind = "text"  # numbers that are names, such as size classes
        alias = name + turned if turned and name + turned in names_in("column") else called.get(name, "")
        shown = unit if kind in ("cents", "integer", "number") else ""
        places = decimals.get(name, decimals.get(shown)) if shown else None
        mixed = name == "value" and kind == "number" and not shown and "unit" in names
        column = Column(name, shown, kind, values, name in in_pm, alias, places, mixed)
        columns.append(column)
        infinite = [row for row, value in enumerate(values) if isinstance(value, float | Decimal) and math.isinf(value)]
        if infinite:
            faults.add(name, f"infinite for {listed(frame.index[infinite])}", "finite figures; empty where unknown")
        if name in added and not column.numeric:
            faults.add("total", f"{name!r} holds no figures", "columns with figures")
    faults.check("this table cannot be shown", remedy="Correct the columns listed.")
    return columns


def _called(series: list[tuple[str, tuple[object, ...], bool]]) -> str:
    """Return what a column of names is called: of municipalities the usual word, so nothing."""
    codes = next((values for name, values, _ in series if name == "code"), None)
    if codes is None:
        return "called"
    return "" if all(str(code).startswith("GM") for code in codes) else "participant"


def _series(frame: pd.DataFrame) -> list[tuple[str, tuple[object, ...], bool]]:
    """Return name, cells, and whether the column is one of figures by its type; index levels first."""
    index = frame.index
    levels = [index.get_level_values(level) for level in range(index.nlevels)]
    if index.nlevels == 1 and index.name is None and index.dtype.kind in "iu":
        levels = []
    names = ["code" if level.name is None else level.name for level in levels] + list(frame.columns)
    cells = [level.to_series() for level in levels] + [frame.iloc[:, place] for place in range(frame.shape[1])]
    return [
        (column_name(name), cells_of(column), column.dtype.kind in "iuf")
        for name, column in zip(names, cells, strict=True)
    ]


def memoranda(columns: Iterable[Column], lang: str = "nl") -> list[str]:
    """Say which columns hold memorandum items, which are in no total; those of nothing else in one sentence.

    Not of a year as a column: its sums are rows, which say themselves what is PM.

    Examples
    --------
    >>> memoranda([Column("net", "EUR", "cents", (1.0, None), pm=True)])
    ['netto na BCF: exclusief PM (1 keer nog onbekend).']
    >>> memoranda([Column(name, "EUR", "number", (None, None), pm=True) for name in ("vat", "net")])
    ['Btw en netto na BCF: PM (nog niet bekend).']
    """
    columns = [column for column in columns if column.pm and column.lacking and not column.name[:4].isdecimal()]
    nothing = [label(column.name, lang) for column in columns if column.only_pm]
    together = [capital(say(message("only_pm", names=nothing), lang))] if nothing else []
    return together + [
        f"{label(column.name, lang)}: {phrase('without_pm', lang).format(n=column.lacking)}"
        for column in columns
        if not column.only_pm
    ]
