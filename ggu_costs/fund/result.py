"""What the results of this room share: amounts in whole cents by municipality, their frame, groups and explanation."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

import pandas as pd

from ggu_costs.display.chart import Chart
from ggu_costs.errors import InputError
from ggu_costs.fund.terms import check_known, freeze
from ggu_costs.money import euros
from ggu_costs.reference import SHIPPED, Groups, Reference
from ggu_costs.results.base import Explanation, Result, Step
from ggu_costs.words.messages import euro, message, word


@dataclass(frozen=True, kw_only=True)
class CentsResult(Result):
    """A result in whole cents by municipality.

    Attributes
    ----------
    map_date
        Date of the municipal map that the codes are on, where it is known.
    reference
        The reference tables that the map and groups are of.
    """

    map_date: date | None = None
    reference: Reference = field(default=SHIPPED, repr=False)

    noun: ClassVar[str]
    """What an error calls the result, such as ``settlement``."""

    def __post_init__(self) -> None:
        """Keep the amounts as they are."""
        freeze(self)

    @property
    def names(self) -> Mapping[str, str]:
        """Name by code on the municipal map; empty where the map is not known."""
        return {} if self.map_date is None else self.reference.names_of(self.map_date)

    @property
    @abstractmethod
    def columns(self) -> Mapping[str, Mapping[str, int]]:
        """Cents by code of each column; every column has all codes, in one order."""

    def _steps(self, code: str) -> Iterable[Step]:
        """Steps to the amount of one municipality; by default each column."""
        return [cents_step(name, cents[code]) for name, cents in self.columns.items()]

    def to_frame(self) -> pd.DataFrame:
        """Return ``name`` and the columns of the result, in euro, by code."""
        frame = euro_frame(self.columns, self.names)
        return self._framed(frame, dict.fromkeys(self.columns, "EUR"), total=tuple(self.columns))

    def national(self) -> pd.Series:
        """Return each column for all municipalities together, in euro."""
        return pd.Series({name: sum(cents.values()) / 100 for name, cents in self.columns.items()}, name="total")

    def by(self, group: Any) -> pd.DataFrame:
        """Return each column by group, in euro, with the number of ``municipalities``.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them. Groups that overlap, or leave municipalities out, have no total.
        """
        columns = self.columns

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            sums = {name: sum(cents[code] for code in codes) / 100 for name, cents in columns.items()}
            return {"municipalities": len(codes), **sums}

        total = ("municipalities", *columns)
        return self._grouped(self._groups(group), row, dict.fromkeys(columns, "EUR"), total=total)

    def _by_people(
        self, group: Any, column: str, people: Mapping[str, Fraction], rate: str, **counts: Callable[[int], bool]
    ) -> pd.DataFrame:
        """Return by group its municipalities and inhabitants, one column in euro, and that per inhabitant.

        Parameters
        ----------
        rate
            What the amount per inhabitant is called.
        counts
            Columns that count the municipalities whose cents pass a test.
        """
        cents = self.columns[column]

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            amounts = [cents[code] for code in codes]
            number = sum((people.get(code, Fraction(0)) for code in codes), Fraction(0))
            return {
                "municipalities": len(codes), **{name: sum(map(test, amounts)) for name, test in counts.items()},
                "inhabitants": float(number), column: sum(amounts) / 100, rate: per_inhabitant(sum(amounts), number),
            }  # fmt: skip

        units = {column: "EUR", rate: "EUR/inhabitant"}
        return self._grouped(self._groups(group), row, units, total=("municipalities", *counts, "inhabitants", column))

    def _groups(self, group: Any) -> Groups:
        if self.map_date is None:
            raise InputError(
                "groups need the date of the municipal map, and these amounts carry none",
                remedy="Give bills, or say redistribution(..., map_date=...).",
            )
        return self.reference.groups(group, next(iter(self.columns.values())), self.map_date)

    def explain(self, code: str) -> Explanation:
        """Return the steps to the amounts of one municipality.

        Raises
        ------
        UnknownNameError
            A code that is not in this result.
        """
        check_known(
            code, next(iter(self.columns.values())), f"municipality in this {self.noun}", self.map_date, self.reference
        )
        title = message("titled_code", name=self.names.get(code, code), code=code, title=self.title)
        return Explanation(title, tuple(self._steps(code)), self.notes, self.title)


def group_chart(result: CentsResult, column: str, group: Any = "size_class", *, lang: str) -> Chart:
    """Draw the amount of each group, which are those that the result's own ``by`` takes."""
    frame = result.by(group)
    return Chart(title=result.title, frame=frame, kind="bars", x=str(frame.index.name), y=(column,))


def euro_frame(columns: Mapping[Any, Mapping[str, int]], names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return columns of cents as euros by code, ``name`` first where `names` are given."""
    codes = list(next(iter(columns.values())))
    named = {} if names is None else {"name": [names.get(code, "") for code in codes]}
    amounts = {name: euros([cents[code] for code in codes]) for name, cents in columns.items()}
    return pd.DataFrame({**named, **amounts}, index=pd.Index(codes, name="code"))


def per_inhabitant(cents: int, people: Fraction | None) -> float | None:
    """Euro per inhabitant, rounded once; None where nobody lives or the number is not known."""
    return float(Fraction(cents, 100) / people) if people else None


def whole_people(people: Fraction | None) -> float | None:
    """Inhabitants as a frame has them: whole where they are; a part of a divided municipality may not be."""
    return None if people is None else int(people) if people.denominator == 1 else float(people)


def cents_step(name: str, cents: int, basis: str = "", *, plus: bool = False) -> Step:
    """Write an amount as a step; `name` is the code name of what it is."""
    return Step(word(name), euro(Fraction(cents, 100), plus=plus), basis)
