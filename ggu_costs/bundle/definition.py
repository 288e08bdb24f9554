"""What a model file of kind ``bundle`` says: programmes, funds, fees, procurement and grants together (stapeling)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field

from ggu_costs.errors import Faults, did_you_mean, listed, repeated
from ggu_costs.impact.programme.definition import SimulationTerms
from ggu_costs.impact.programme.driver_terms import ID
from ggu_costs.modelfile.header import HeaderOfYears
from ggu_costs.modelfile.values import Checked, DateValue, Found, Status, Value, WholeYear, missing_basis
from ggu_costs.reference import Reference

ModelId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_\-]*(/[a-z0-9_\-]+)*$")]
"""The id of a model, never the path of a file."""
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+$")]
"""The code name of an alternative or a rule."""
ALL = "all"
"""The selection of every part together."""
WITHOUT = "without:"
"""Before the id of a part: the selection of all others."""


class BundleTerms(Checked):
    """What holds for all components.

    Attributes
    ----------
    map_date
        The municipal map that every component is carried to.
    counting_date
        Of the inhabitants in amounts per inhabitant.
    grant
        Id of a grant: amounts are also told as a share of what a municipality receives of it (algemene uitkering).
    """

    map_date: DateValue
    counting_date: DateValue
    grant: ModelId = ""

    def _wrong(self) -> Iterator[Found]:
        for name in ("map_date", "counting_date"):
            dated = getattr(self, name)
            if len(dated.items) > 1 or not isinstance(dated.first.value, date):
                yield f"{name} without one date", "value = a date", ""


def _as_value(raw: Any) -> Any:
    """Read what a change sets as a value, where it is one, so that it is listed with what it rests on."""
    return Value.model_validate(raw) if isinstance(raw, dict) and {"unit", "status"} <= raw.keys() else raw


class ChangeTerms(Checked):
    """A change of the model of a component, as a model file with a base states one.

    Attributes
    ----------
    key
        Dotted key of the model that is changed.
    set
        What it becomes: a value with its basis, or a bare one with the basis beside it.
    """

    key: str = Field(min_length=1)
    set: Annotated[Any, BeforeValidator(_as_value)]
    status: Status | None = None
    source: str = ""
    place: str = ""
    by: str = ""
    calculation: str = ""
    note: str = ""

    def as_table(self) -> dict[str, Any]:
        """Return it as it stands in a file."""
        stated = {name: getattr(self, name) for name in type(self).model_fields if name != "set"}
        new = self.set.model_dump(by_alias=True, exclude_unset=True) if isinstance(self.set, Value) else self.set
        return {name: item for name, item in stated.items() if item} | {"set": new}


class ComponentTerms(Checked):
    """One component of a bundle (onderdeel).

    Attributes
    ----------
    id
        How tables and drivers call it.
    model
        Id of a programme, fund, fee, procurement case, grant or bundle.
    name
        By default the title of the model.
    alternative
        Of a programme; by default its first.
    rule
        Of a procurement case; by default that of the file.
    years
        The years of it that count; by default all that it has.
    structural_year
        Its year of the structural result; by default that of the programme, or the last of its years.
    nature
        Whether the amounts of a fund, a fee or a grant are one-off or structural, which no file of these says.
    instead_of
        Id of a model of the same kind (fund, fee or grant): only the difference from it counts.
    changes
        Changes of the model, each with what it rests on.
    """

    id: str = Field(pattern=ID)
    model: ModelId
    name: str = ""
    alternative: Name = ""
    rule: Name = ""
    years: tuple[WholeYear, ...] = ()
    structural_year: WholeYear | None = None
    nature: Literal["one_off", "structural"] | None = None
    instead_of: ModelId = ""
    changes: tuple[ChangeTerms, ...] = ()

    def _wrong(self) -> Iterator[Found]:
        if self.id == ALL:
            yield f"id {self.id!r}", "another id: this one means everything together", ""
        if self.years and list(self.years) != list(range(self.years[0], self.years[0] + len(self.years))):
            yield f"years {listed(self.years)}", "years in order, without gaps", ""
        if self.structural_year is not None and self.years and self.structural_year not in self.years:
            yield f"structural_year {self.structural_year}", f"one of its years: {listed(self.years)}", ""

    @property
    def item(self) -> tuple[str, bool]:
        """The model, and whether only a difference of it counts; no two components may be the same."""
        return self.model, self.instead_of != ""


class CommonTerms(Checked):
    """A driver that several components have in common, such as an index, wages or inhabitants: one draw for them all.

    Attributes
    ----------
    drivers
        Two or more, as ``component:driver``; each has the same distribution.
    reason
        Why they are one.
    """

    id: str = Field(pattern=ID)
    name: str = Field(min_length=1)
    drivers: tuple[str, ...] = Field(min_length=2)
    reason: str = Field(min_length=1)


class BundleDefinition(HeaderOfYears):
    """Programmes, funds, fees, procurement cases and grants that fall on municipalities together (pakket).

    Attributes
    ----------
    bundle
        Map, counting date and grant.
    simulation
        Seed, draws and method of all components.
    components
        What falls on municipalities together.
    common
        Drivers that components have in common.
    """

    kind: Literal["bundle"]
    bundle: BundleTerms
    simulation: SimulationTerms
    components: tuple[ComponentTerms, ...] = Field(min_length=2)
    common: tuple[CommonTerms, ...] = ()

    @property
    def map_day(self) -> date:
        """The day of the map of all components."""
        return cast("date", self.bundle.map_date.first.value)  # BundleTerms says so

    @property
    def counting_day(self) -> date:
        """The day on which inhabitants are counted."""
        return cast("date", self.bundle.counting_date.first.value)

    def check(self, faults: Faults, reference: Reference) -> None:
        """Add the faults between the components; those of their models show when they are read."""
        super().check(faults, reference)
        for table in ("components", "common"):
            for name, count in repeated(part.id for part in getattr(self, table)):
                faults.add(table, f"id {name!r} {count} times", "ids that differ")
        for item, count in repeated(one.item for one in self.components):
            found = f"{item[0]} {count} times"
            faults.add("components", found, "each item once", "Leave one of them out: it would be counted twice.")
        for one in self.components:
            outside = [year for year in one.years if year not in self.years]
            if outside:
                allowed = f"years of the bundle: {self.years[0]} to {self.years[-1]}"
                faults.add(f"components.{one.id}.years", listed(outside), allowed)
            for place, change in enumerate(one.changes):
                if not isinstance(change.set, Value):
                    for fault in missing_basis(change):
                        faults.add(f"components.{one.id}.changes[{place}]", *fault)
        known = [one.id for one in self.components]
        for name, count in repeated(driver for common in self.common for driver in common.drivers):
            faults.add("common", f"driver {name!r} {count} times", "each driver in one of them, once")
        for common in self.common:
            for driver in common.drivers:
                component, colon, _ = driver.partition(":")
                if not colon or component not in known:
                    remedy = did_you_mean(component, known)
                    faults.add(f"common.{common.id}.drivers", repr(driver), "component:driver", remedy)
