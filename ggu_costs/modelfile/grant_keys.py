"""Keys that follow a uitkering: a key of a model file that names a model of kind ``grant`` and a part of it.

In a file ``key = { grant = "grants/gemeentefonds/...", by = "base" }`` stands for one column, ``grant:ID by``. Whoever
opens the file reads the figures of the column from the model named (:mod:`ggu_costs.grants.keys`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError, listed
from ggu_costs.frozen import Frozen
from ggu_costs.modelfile.notes import Mark
from ggu_costs.reference import Reference
from ggu_costs.words.messages import Message, message, word

_MARK = "grant:"
_PARTS, _WHOLE = ("cluster", "maatstaf", "other"), ("base", "amount")
BASE = "base"
"""By what money falls that goes through the uitkeringsfactor."""


@dataclass(frozen=True)
class KeyFigures(Brief, Frozen):
    """The figures of a key that follows a uitkering.

    Attributes
    ----------
    figures
        By code; only their proportions matter.
    day
        Day of the municipal map that the codes are on.
    title
        Title of the model that they are of.
    column
        The column that they are the figures of.
    marks
        Those of the model, for every result that rests on them.
    general
        Euro of algemene uitkering by code, beside which other amounts may be put.
    """

    figures: Mapping[str, Fraction]
    day: date
    title: str
    column: str
    marks: tuple[Mark, ...] = ()
    general: Mapping[str, Fraction] = field(default_factory=dict)

    def on_map(self, mapped: date, reference: Reference) -> dict[str, Fraction]:
        """Return the figures by code of a map: the own one, or a later one, carried to the legal successors.

        Raises
        ------
        InputError
            A map of before the circulaire, with other municipalities.
        """
        return self._carried(self.figures, mapped, reference)

    def general_on(self, mapped: date, reference: Reference) -> dict[str, Fraction]:
        """Return the algemene uitkering by code of a map, as :meth:`on_map` carries figures."""
        return self._carried(self.general, mapped, reference)

    def _carried(self, figures: Mapping[str, Fraction], mapped: date, reference: Reference) -> dict[str, Fraction]:
        codes = reference.member_codes(mapped)
        if set(codes) == figures.keys():
            return {code: figures[code] for code in codes}
        if mapped < self.day:
            apart = listed(sorted(set(codes) ^ figures.keys()))
            raise InputError(
                f"{self.title} is on the map of {self.day} and cannot be carried back to {mapped}: {apart}",
                remedy="Name a circulaire of that year or an earlier one, or use a later map_date.",
            )
        result = dict.fromkeys(codes, Fraction(0))
        for old, parts in reference.transfer(self.day, mapped, "inhabitants").items():
            for new, share in parts:
                result[new] += figures[old] * share
        return result


def grant_column(grant: str, by: str) -> str:
    """Return the column that a key by a uitkering stands for."""
    return f"{_MARK}{grant} {by}"


def is_grant_column(column: str) -> bool:
    """Whether a column of a key is that of a uitkering."""
    return column.startswith(_MARK)


def read_column(column: str) -> tuple[str, str]:
    """Return the model and the part of it that a column names."""
    grant, _, by = column.removeprefix(_MARK).partition(" ")
    return grant, by


def grant_columns(columns: Iterable[str]) -> Iterator[str]:
    """Yield those columns that are of a uitkering."""
    return (column for column in columns if is_grant_column(column))


def column_words(column: str, title: str = "") -> Message:
    """Say for a reader what a column of a key is, with the title of the circulaire where it is known."""
    if not is_grant_column(column):
        return word(column)
    grant, by = read_column(column)
    kind, _, name = by.partition(":")
    part: str = by  # no form that there is: told by whoever reads its figures
    if name and kind in _PARTS:
        part = message(f"grant_part_{kind}", name=name)
    elif by in _WHOLE:
        part = message(f"grant_key_{by}")
    return message("grant_key_of", part=part, grant=title or grant)
