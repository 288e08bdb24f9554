"""A bundle: opened from a model file with the models it names, and simulated on common draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ggu_costs.bundle.billed import of_amounts
from ggu_costs.bundle.compare import BundleComparison, compare
from ggu_costs.bundle.component import Component
from ggu_costs.bundle.definition import ALL, BundleDefinition, ComponentTerms
from ggu_costs.bundle.joining import joined
from ggu_costs.bundle.loading import GRANT
from ggu_costs.bundle.notes import level_words, levels_words, notes_of
from ggu_costs.bundle.programmes import later_map, of_programme
from ggu_costs.bundle.report import report
from ggu_costs.bundle.result import BundleResult
from ggu_costs.display.report import Report
from ggu_costs.errors import (
    Faults,
    GguCostsError,
    InputError,
    MissingInputError,
    UnknownNameError,
    check_kind,
    is_one_of,
)
from ggu_costs.fund.terms import carry_cents
from ggu_costs.grants import Grant
from ggu_costs.impact.answers.questions import spec_of
from ggu_costs.impact.answers.run import simulate
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.build_drivers import taken_over
from ggu_costs.impact.programme.build_units import Units
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.notes import Use
from ggu_costs.simulation.machine.sampling import Method
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.modelfile import Loaded


@dataclass(frozen=True)
class Bundle(OpenedModel[BundleDefinition]):
    """Programmes, funds, fees, procurement cases and changes of grants that fall on municipalities together (pakket).

    Open it with :func:`ggu_costs.open_model`.

    Attributes
    ----------
    left_out
        Names of components that were left out.
    """

    left_out: tuple[str, ...] = ()

    def _changes_in_words(self) -> list[str]:
        return [message("components_left_out", names=self.left_out)] if self.left_out else []

    @property
    def years(self) -> tuple[int, ...]:
        """Years of the bundle."""
        return self.definition.years

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """What is added up, each on the map of the bundle."""
        return self._built[0]

    def assembly(self) -> Assembly:
        """Return all components in arrays, as the engine takes them."""
        return self._built[1]

    @cached_property
    def _built(self) -> tuple[tuple[Component, ...], Assembly]:
        """Build every component and join them, or raise every fault of all of them."""
        definition, faults, lacking = self.definition, Faults(), list[MissingInputError]()
        frame, components = self._frame, list[Component]()
        for stated in definition.components:
            try:
                components.append(self._component(stated, frame))
            except MissingInputError as error:
                lacking.append(error)
            except GguCostsError as error:
                taken_over(error, f"components.{stated.id}", faults)
        if lacking and not faults:
            self.inputs.require([name for error in lacking for name in error.names])
            raise lacking[0]
        assembly = joined(frame, components, definition.common, faults)
        faults.check(f"{self.id}: this bundle cannot be added up", remedy="Correct every component named.")
        return tuple(components), assembly

    @property
    def _frame(self) -> Assembly:
        """The municipalities and years, with nothing in them yet."""
        said = self.definition
        units = Units(said.map_day, said.counting_day, self.inputs, frozenset())
        people = units.column("inhabitants")
        return Assembly(
            units=units.codes, names=units.names, inhabitants=people, years=said.years, drivers=(), correlations=(),
            groupings=(), terms=(), roles={}, alternatives=(), discount=np.ones(len(said.years)),
            structural_year=len(said.years) - 1, key=people / people.sum(), map_day=said.map_day,
            grant=self.grant, grant_title="" if self.grant is None else self.loaded.named[GRANT].definition.title,
            reference=self.reference,
        )  # fmt: skip

    def _component(self, stated: ComponentTerms, frame: Assembly) -> Component:
        """Build one component from its model."""
        parts: Mapping[str, Loaded[Any]] = self.loaded.named
        loaded = parts[stated.id]
        data = {name: self.inputs.asked_by(part.definition.inputs) for name, part in parts.items()}
        if loaded.definition.kind == "programme":
            return of_programme(stated, loaded, data[stated.id], self.definition.map_day)
        if loaded.definition.kind == "bundle":
            return _of_bundle(stated, loaded, data[stated.id], self.definition.map_day)
        return of_amounts(stated, parts, data, frame)

    @cached_property
    def grant(self) -> FloatArray | None:
        """Euro of the algemene uitkering by municipality, where the file names a grant."""
        loaded: Loaded[Any] | None = self.loaded.named.get(GRANT)
        if loaded is None:
            return None
        amounts = Grant.open(loaded, {}).amounts()
        day = self.definition.map_day
        if amounts.map_date > day:
            raise later_map(amounts.map_date, day)
        cents = carry_cents(amounts.general_cents, amounts.map_date, day, self.reference)
        return np.array([cents[code] / 100 for code in self.reference.member_codes(day)])

    def simulate(
        self,
        draws: int | None = None,
        seed: int | None = None,
        method: Method | None = None,
        *,
        replicates: int | None = None,
        exact: bool = False,
        target_error: float | None = None,
        threads: int | None = None,
        executor: Executor | None = None,
        progress: bool | Callable[[int, int], None] = False,
    ) -> BundleResult:
        """Simulate all components on common draws.

        Parameters
        ----------
        draws, seed, method, replicates, exact, target_error, threads, executor, progress
            As for :meth:`ggu_costs.impact.model.Programme.simulate`; by default what the file of the bundle says.

        Returns
        -------
        BundleResult
            Frozen; of everything together, with each component as a selection on the same draws.

        Raises
        ------
        InputError
            Every fault of the arguments, or of the components with their figures.
        MissingInputError
            Inputs that components need.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> result = ggu.open_model("bundles/example-stapeling").simulate(draws=256, seed=1)
        >>> parts = [result.component(name).national("one_off")["mean"].iloc[0] for name in result.components]
        >>> bool(abs(sum(parts) - result.national("one_off")["mean"].iloc[0]) < 1)
        True
        """
        settings = Settings.of(
            self.definition.simulation,
            {"draws": draws, "seed": seed, "method": method, "replicates": replicates},
            exact=exact, target_error=target_error, threads=threads, executor=executor, progress=progress,
        )  # fmt: skip
        components, assembly = self._built
        run = simulate(assembly, settings, alternative=ALL)
        said = self.definition
        days = {"map_date": said.map_day.isoformat(), "counting_date": said.counting_day.isoformat()}
        return BundleResult(
            title=self.title,
            notes=(*run.notes, *notes_of(said, components, assembly, self.reference)),
            provenance={**self.provenance(**days), **run.provenance},
            illustrative=said.illustrative or any(one.illustrative for one in components),
            runner=run.runner, selection=run.selection, complete=run.complete,
            indicative=any(one.indicative for one in components), bases=(levels_words(components, assembly),),
            components={one.id: one for one in components},
            common={one.name: one.drivers for one in said.common},
        )  # fmt: skip

    def without(self, *names: str) -> Self:
        """Return the bundle without some components; what is left keeps its draws.

        Parameters
        ----------
        names
            Ids of components.

        Raises
        ------
        UnknownNameError
            No such component.
        """
        known = [one.id for one in self.definition.components]
        for name in names:
            if not is_one_of(name, known):
                raise UnknownNameError("component", name, known)
        left = tuple(one for one in self.definition.components if one.id not in names)
        common = []
        for one in self.definition.common:  # one that is left of several keeps the name, and so the stream, of them all
            drivers = tuple(driver for driver in one.drivers if driver.partition(":")[0] not in names)
            common += [one.model_copy(update={"drivers": drivers})] if drivers else []
        definition = self.definition.model_copy(update={"components": left, "common": tuple(common)})
        gone = tuple(one.name or one.id for one in self.definition.components if one.id in names)
        loaded = replace(self.loaded, definition=definition)
        return replace(self, loaded=loaded, left_out=(*self.left_out, *gone))

    def compare(self, *others: Self) -> BundleComparison:
        """Put this bundle and one or two others side by side, on the draws of this one.

        Raises
        ------
        InputError
            Another number of bundles; bundles on other maps or years, or in other prices.
        """
        check_kind(others, Bundle, "to compare", "Give opened bundles.")
        if not 1 <= len(others) <= 2:
            raise InputError(f"{1 + len(others)} bundles to compare", remedy="Give two or three.")
        stated = self.definition.simulation
        how: dict[str, Any] = {name: getattr(stated, name) for name in ("draws", "seed", "method", "replicates")}
        return compare([one.simulate(**how) for one in (self, *others)])

    def uses(self) -> Iterator[Use]:
        """Return the reference figures and the map that amounts per inhabitant rest on."""
        yield Use(("inhabitants",), self.definition.counting_day, self.definition.map_day, self.years[0])

    def check(self) -> None:
        """Raise every fault that a run would meet before it draws; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        spec_of(self.assembly(), ALL, "net", "moments", "none")

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: tables, charts and notes, for all municipalities or for one."""
        return report(self.simulate(progress=True), municipality)


def _of_bundle(
    stated: ComponentTerms, loaded: Loaded[BundleDefinition], data: Mapping[str, Any], day: date
) -> Component:
    """A bundle within a bundle: all of it, on the map of the outer one."""
    definition = loaded.definition
    own = definition.map_day
    if own > day:
        raise later_map(own, day)
    dated = definition.bundle.map_date
    moved = dated.model_copy(update={"items": (dated.first.model_copy(update={"value": day}),)})
    on_map = definition.model_copy(update={"bundle": definition.bundle.model_copy(update={"map_date": moved})})
    bundle = Bundle.open(replace(loaded, definition=on_map), data)
    assembly = bundle.assembly()
    level = "current" if assembly.prices == "current" else assembly.price_level
    return Component(
        id=stated.id, name=stated.name or definition.title, kind=definition.kind, model=definition.id,
        assembly=assembly, alternative=assembly.alternative(ALL), years=stated.years or definition.years,
        structural_year=definition.years[-1], price_level=level, bases=(level_words(level),), map_day=own,
        outside=tuple(dict.fromkeys(text for one in bundle.components for text in one.outside)),
        illustrative=definition.illustrative or any(one.illustrative for one in bundle.components),
        indicative=any(one.indicative for one in bundle.components),
    )  # fmt: skip
