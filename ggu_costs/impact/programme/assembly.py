"""A programme in arrays: units, drivers, terms and which term belongs to which line, alternative and role.

From this every question becomes an output of the engine: a weight for each term and year. Net = costs - benefits -
compensation; discounting is in the weights, so all questions rest on the same draws.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.errors import InputError, UnknownNameError, is_one_of
from ggu_costs.frozen import Frozen
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import UNIT_LEVEL, Correlation, Driver, Grouping, Joint, Output, Term, drivers_in
from ggu_costs.simulation.spec import ModelSpec
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

SIGNS = {"cost": 1.0, "benefit": -1.0, "compensation": -1.0}
"""How each kind of line counts in net."""

JOINED = " - "
"""Between the alternatives of a difference."""

EVERYONE, MUNICIPALITIES = "Nederland", "Gemeenten samen"
"""Whom the one unit is of, where only the nation is modelled: all governments together, or municipalities."""

SAMPLING = "steekproef_"
"""Before the id of a line: the name of the driver that is its sampling error."""


@dataclass(frozen=True)
class Role:
    """A line as results speak of it."""

    id: str
    name: str
    kind: str
    nature: str
    instrument: str = ""
    pm: bool = False
    bound: Literal["", "at_least", "at_most"] = ""


@dataclass(frozen=True)
class Work:
    """A step of a line by the standard cost model.

    Attributes
    ----------
    line, step
        Their ids; `name` is that of the step.
    function
        Who takes it; empty of a step at a price.
    productive_hours
        Hours in a year of one fte; None where that is not known, or the step has no hours.
    cost, hours
        Places of the terms that give euro (they are among those of the line), and hours.
    """

    line: str
    step: str
    name: str
    function: str = ""
    productive_hours: float | None = None
    cost: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()


@dataclass(frozen=True)
class Alternative(Brief, Frozen):
    """An alternative: for each of its lines the terms that make it up.

    Attributes
    ----------
    works, volumes
        Steps of lines by the standard cost model, and by line the terms that give how many cases there are.
    """

    id: str
    name: str
    terms: Mapping[str, tuple[int, ...]]
    participants: tuple[str, ...] | None = None
    works: tuple[Work, ...] = ()
    volumes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Assembly(Brief):
    """Everything about a programme that the engine needs, apart from the question.

    Attributes
    ----------
    units, names, inhabitants
        Code, name and inhabitants of each municipality, in order of code.
    discount
        float64, shape (years,): the weight of each year in a total.
    line_discounts
        The same of the lines that have a rate of their own.
    structural_year
        Place of the year of the structural result.
    structural_years
        The same by line, where lines of several models each have a year of their own.
    national
        Only the nation is modelled: the unit is the Netherlands.
    key
        float64, shape (units,): shares by which compensation is handed out where no line says otherwise.
    prices, price_level
        ``constant`` with a price level, or ``current``.
    fixed
        Drivers that are certain.
    paid_in_full
        Whether the compensation that lines state is all there is: somebody says that there is no other. Otherwise what
        no line states is not known (PM).
    grant, grant_title
        float64, shape (units,): euro of algemene uitkering, as a share of which amounts are told, and of which grant;
        None where no grant is named.
    called
        What drivers are called, by name; one that is not there is called by its name.
    notes
        What building it showed, for who checks the figures.
    reference
        The municipalities of `map_day` and their groups.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    inhabitants: FloatArray
    years: tuple[int, ...]
    drivers: tuple[Driver, ...]
    correlations: tuple[Correlation, ...]
    groupings: tuple[Grouping, ...]
    terms: tuple[Term, ...]
    roles: Mapping[str, Role]
    alternatives: tuple[Alternative, ...]
    discount: FloatArray
    structural_year: int
    key: FloatArray
    map_day: date | None = None
    national: bool = False
    prices: str = "current"
    price_level: str = ""
    fixed: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    paid_in_full: bool = False
    structural_years: Mapping[str, int] = field(default_factory=dict)
    line_discounts: Mapping[str, FloatArray] = field(default_factory=dict)
    grant: FloatArray | None = None
    grant_title: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    reference: Reference = field(default=SHIPPED, repr=False)

    @property
    def of_all_governments(self) -> bool:
        """Whether figures are of all governments together, of which the part of municipalities is not known."""
        return self.national and self.names != (MUNICIPALITIES,)

    def alternative(self, name: str) -> Alternative:
        """Return an alternative by id."""
        for alternative in self.alternatives:
            if is_one_of(name, (alternative.id,)):
                return alternative
        raise UnknownNameError("alternative", name, [alternative.id for alternative in self.alternatives])

    def sides(self, selection: str) -> list[tuple[float, Alternative]]:
        """Return the alternatives of a selection: one that counts for 1, or two, of which the second for -1."""
        names = selection.split(JOINED)
        return [(sign, self.alternative(name)) for sign, name in zip((1.0, -1.0), names, strict=False)]

    def driver_words(self, name: str) -> str:
        """Return what a driver is called; of the sample of a line, that it is the error of its sampling."""
        if name.startswith(SAMPLING) and name.removeprefix(SAMPLING) in self.roles:
            return message("sampling_error_of", name=self.roles[name.removeprefix(SAMPLING)].name)
        return self.called.get(name, name)

    def at(self, year: int) -> FloatArray:
        """Weight 1 for one year (by place), 0 for the others."""
        found = np.zeros(len(self.years))
        found[year] = 1.0
        return found

    def digest(self) -> str:
        """Return the SHA-256 of the programme as it is simulated: its terms with the user's inputs in them."""
        return fingerprint(
            self.units, self.inhabitants, self.years, self.drivers, self.correlations, self.groupings, self.terms,
            self.discount, self.structural_year, self.key, self.prices, self.price_level, sorted(self.fixed.items()),
            str(self.map_day), list(self.roles.values()),
            [(alternative.id, sorted(alternative.terms.items())) for alternative in self.alternatives],
            *([sorted(self.structural_years.items())] if self.structural_years else []),
            *([sorted(self.line_discounts.items())] if self.line_discounts else []),
        )  # fmt: skip

    def spec(
        self, outputs: Sequence[Output], joints: Sequence[Joint] = (), groupings: Sequence[Grouping] = ()
    ) -> ModelSpec:
        """Return the specification of the engine for these questions; what none of them needs is left out.

        That is terms, and drivers that each municipality draws for itself: those cost most.
        """
        if not self.terms:
            raise InputError("this question needs the terms of the programme, and this result has none",
                             remedy="Simulate the model file, or a programme made from parts; load a saved result with "
                                    "load_result(path, model=...).")  # fmt: skip
        used = np.zeros(len(self.terms), dtype=bool)
        for output in outputs:
            used |= (output.weights != 0).any(axis=1)
        used[0] |= not used.any()
        known = {grouping.name for grouping in groupings}
        levels = {driver.level for driver in self.drivers}
        own = [grouping for grouping in self.groupings if grouping.name in levels and grouping.name not in known]
        terms = tuple(term for term, keep in zip(self.terms, used, strict=True) if keep)
        needed = {name for term in terms for name in drivers_in(term)}
        needed |= {name for part in self.correlations for name in part.names}
        return ModelSpec(
            units=self.units,
            years=self.years,
            drivers=tuple(one for one in self.drivers if one.level != UNIT_LEVEL or one.name in needed),
            terms=terms,
            outputs=tuple(replace(output, weights=np.ascontiguousarray(output.weights[used])) for output in outputs),
            groupings=(*groupings, *own),
            correlations=self.correlations,
            joints=tuple(joints),
        )
