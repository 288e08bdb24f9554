"""What every model file begins with, whatever its kind."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, field_validator

from ggu_costs.display.task_field import read_task_field
from ggu_costs.errors import Faults
from ggu_costs.modelfile.budget import BudgetTerms
from ggu_costs.modelfile.notes import Mark
from ggu_costs.modelfile.sources import InputNeed, Source
from ggu_costs.modelfile.values import (
    FIRST_YEAR,
    LAST_YEAR,
    Checked,
    Dated,
    Status,
    Value,
    Whole,
    fault,
)
from ggu_costs.reference import Reference


class Change(Checked):
    """On what a change of the base file rests that leads into no value, such as another tariff mode.

    Attributes
    ----------
    key
        Dotted key that is changed.
    """

    key: str
    status: Status
    source: str = ""
    place: str = ""
    by: str = ""
    calculation: str = ""
    note: str = ""


class Header(Checked):
    """Id, title, sources, and when somebody last checked the values.

    Attributes
    ----------
    schema_version
        Version of the form of the file; 1 is the only one there is.
    kind
        What the file is about; it decides which tables it has.
    id
        Name of the model and its place in the folder: ``funds/ggu/2020`` is ``funds/ggu/2020.toml``.
    title
        Title on every output, as a reader knows it.
    checked_on
        Day on which somebody last checked the values against the sources.
    description
        A sentence or two on what it is.
    notes
        What a reader has to know; each is told with every result.
    sources
        Where values come from: an entry for each, by the id that values name.
    inputs
        What no source gives and the user has to bring, by name.
    changes
        On what changes of a base file rest.
    """

    schema_version: Literal[1] = Field(alias="schema")
    kind: str
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_\-]*(/[a-z0-9_\-]+)*$")
    title: str = Field(min_length=1)
    checked_on: date
    description: str = ""
    notes: tuple[str, ...] = ()
    sources: dict[str, Source] = Field(min_length=1)
    inputs: dict[str, InputNeed] = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    @classmethod
    def filled_in(cls, tables: dict[str, Any], reference: Reference, faults: Faults) -> dict[str, Any]:
        """Return the tables of a file with what it asks of the reference tables; by default it asks for nothing."""
        return tables

    def named_models(self) -> dict[str, str]:
        """Ids of other models that it rests on, by the key that names them; by default none."""
        return {}

    def check_named(self, faults: Faults, key: str, named: "Header") -> None:
        """Add the faults of a model that a key names."""

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults that show only when the parts are seen together; each kind has its own."""

    @property
    def first_day(self) -> date:
        """First day the file knows; a kind without years knows every day."""
        return date.min

    @property
    def last_day(self) -> date:
        """Last day the file knows."""
        return date.max

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What must stand on every table of its results, whatever the reference tables; by default nothing."""
        return ()

    @property
    def beside(self) -> str:
        """Id of the grant as a share of which its amounts are told; by default none is named apart."""
        return ""

    def named_inputs(self) -> set[str]:
        """Inputs that a part of the file names."""
        named = (getattr(part, "input", None) for _, part in self.parts())
        return {name for name in named if name}

    def check_inputs(self, faults: Faults) -> None:
        """Add a fault for an input that no part of the file names: what the user brings would do nothing."""
        named = self.named_inputs()
        written = named <= self.inputs.keys()  # else a name is wrong, which is told, and is perhaps this one
        for name, need in self.inputs.items() if written else ():
            remedy = f"Name it where it is meant: input = {name!r}."
            need.check_use(faults, f"inputs.{name}", "nothing uses this input", used=name in named, remedy=remedy)

    def parts(self) -> Iterator[tuple[str, Checked]]:
        """Every part of the file with its dotted key, in the order of the file; arrays of tables by their id."""
        yield from parts_of(self, "")

    def values(self) -> list[tuple[str, Value]]:
        """Every value in the file with its dotted key, in the order of the file."""
        return [(where, part) for where, part in self.parts() if isinstance(part, Value)]

    @property
    def illustrative(self) -> bool:
        """Whether anything is made up for the example; every output then says so."""
        return any(getattr(part, "status", "") == "illustrative" for _, part in self.parts())


class HeaderOfYears(Header):
    """Header of a file about one or more years.

    Attributes
    ----------
    years
        Calendar years that the file is about, without gaps.
    budget
        The budget table of a run: year, task field and index.
    """

    years: tuple[Whole, ...] = Field(min_length=1)
    budget: BudgetTerms | None = None

    @field_validator("years")
    @classmethod
    def _in_the_calendar(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        wrong = [year for year in years if not FIRST_YEAR <= year <= LAST_YEAR]
        if wrong:
            raise fault(str(wrong), f"years from {FIRST_YEAR} to {LAST_YEAR}")
        return years

    def check(self, faults: Faults, reference: Reference) -> None:
        """Years in order, one after the other."""
        if list(self.years) != list(range(self.years[0], self.years[0] + len(self.years))):
            faults.add("years", str(list(self.years)), "years in order, without gaps")
        first = None if self.budget is None else self.budget.first_year
        if first is not None and first not in self.years:
            faults.add("budget.first_year", str(first), f"a year of the file: {self.years[0]} to {self.years[-1]}")

    def with_budget(self, first_year: int | None, task_field: str | None) -> Self:
        """Return what the file says with another first year or task field of its budget table.

        Raises
        ------
        InputError
            A year that the file has not, or no task field: all at once.
        """
        faults, stated = Faults(), dict[str, object]()
        if first_year is not None:
            stated["first_year"] = first_year
            if first_year not in self.years:
                faults.add("budget year", str(first_year), f"a year of the model: {self.years[0]} to {self.years[-1]}")
        if task_field is not None:
            stated["task_field"] = read_task_field(task_field, "task field", faults)
        faults.check(f"{self.id}: this budget cannot be made", remedy="Correct every option named.")
        return self.model_copy(update={"budget": (self.budget or BudgetTerms()).model_copy(update=stated)})


def parts_of(part: Any, where: str) -> Iterator[tuple[str, Checked]]:
    """Every part within a part of a file with its dotted key, as :meth:`Header.parts` gives those of all of it."""
    if isinstance(part, Dated):
        several = len(part.items) > 1
        for position, value in enumerate(part.items):
            yield f"{where}[{position}]" if several else where, value
    elif isinstance(part, Checked):
        yield where, part
        for name in type(part).model_fields:
            yield from parts_of(getattr(part, name), f"{where}.{name}".lstrip("."))
    elif isinstance(part, dict):
        for name, item in part.items():
            yield from parts_of(item, f"{where}.{name}")
    elif isinstance(part, tuple | list):
        for position, item in enumerate(part):
            label = getattr(item, "id", None)
            yield from parts_of(item, f"{where}.{label}" if label else f"{where}[{position}]")
