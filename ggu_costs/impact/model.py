"""A programme: opened from a model file, or made in Python, and simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ggu_costs.display.report import Report
from ggu_costs.display.table import Table
from ggu_costs.errors import Faults, InputError, check_kind
from ggu_costs.figures import check_flags
from ggu_costs.impact.answers.elsewhere import Stated, told
from ggu_costs.impact.answers.funding import with_notes
from ggu_costs.impact.answers.placing import Placed
from ggu_costs.impact.answers.questions import spec_of
from ggu_costs.impact.answers.run import simulate
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.compare import ProgrammeComparison, check_count, compare
from ggu_costs.impact.index_part import index_part, is_indexed, without_index
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.impact.programme.build import assemble
from ggu_costs.impact.programme.definition import ProgrammeDefinition
from ggu_costs.impact.programme.discounting import EffectDiscount, discount_of
from ggu_costs.impact.programme.notes import (
    bases_of,
    indicative_note,
    is_indicative,
    notes_of,
    ranges_read,
    sign_note,
    use_of,
    vat_notes,
)
from ggu_costs.impact.programme.trial import check_buildable
from ggu_costs.impact.rate_files import with_own_rates
from ggu_costs.impact.report import report
from ggu_costs.impact.result import ImpactResult
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.loader import Loaded
from ggu_costs.modelfile.notes import Use
from ggu_costs.simulation.machine.sampling import Method
from ggu_costs.simulation.runs.engine import OnInterrupt

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.typing import InputValue


@dataclass(frozen=True)
class Programme(OpenedModel[ProgrammeDefinition]):
    """An intergovernmental programme (interbestuurlijk traject).

    Open it with :func:`ggu_costs.open_model`; a mapping of the same form as a file will do. What a file cannot say is
    written in Python: :func:`ggu_costs.impact.programme_from_parts`,
    :func:`ggu_costs.impact.programme_from_function`.
    """

    happened: Any = field(default=None, repr=False)
    rated: bool = field(default=False, repr=False)
    own_rates: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def open(cls, loaded: Loaded[ProgrammeDefinition], data: Mapping[str, InputValue] | None = None) -> Programme:
        """Make the programme of a checked file with the user's inputs, and rates by the id of their table."""
        definition, given = loaded.definition, dict(data or {})
        names = [name for name in given if name in definition.rates_by_id and name not in definition.inputs]
        rates = {name: given.pop(name) for name in names}
        opened = super().open(loaded, given)
        hashes: dict[str, str] = {}
        if rates:
            definition, hashes = with_own_rates(definition, rates, loaded.reference)
        return replace(opened, loaded=replace(loaded, definition=definition.settled(opened.inputs)), own_rates=hashes)

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result follows from, as every model does; rates of the user are among its inputs."""
        found = super().provenance(**more)
        return {**found, "inputs": {**found["inputs"], **self.own_rates}} if self.own_rates else found

    @property
    def years(self) -> tuple[int, ...]:
        """Years the programme covers."""
        return self.definition.years

    @property
    def alternatives(self) -> dict[str, str]:
        """Id and name of each alternative; the first is the one that is simulated unless another is named."""
        return {alternative.id: alternative.name for alternative in self.assembly().alternatives}

    def assembly(self, *, second_shape: bool = False) -> Assembly:
        """Return the programme in arrays, as the engine takes it."""
        return self._second_shape if second_shape else self._first_shape

    @cached_property
    def _first_shape(self) -> Assembly:
        return assemble(self.definition, self.inputs)

    @cached_property
    def _second_shape(self) -> Assembly:
        return assemble(self.definition, self.inputs, second=True)

    def simulate(
        self,
        draws: int | None = None,
        seed: int | None = None,
        method: Method | None = None,
        *,
        replicates: int | None = None,
        alternative: str | None = None,
        second_shape: bool = False,
        exact: bool = False,
        target_error: float | None = None,
        resume: ImpactResult | None = None,
        on_interrupt: OnInterrupt = "raise",
        threads: int | None = None,
        executor: Executor | None = None,
        progress: bool | Callable[[int, int], None] = False,
    ) -> ImpactResult:
        """Simulate the programme.

        Parameters
        ----------
        draws
            Number of draws (of each replicate, with Latin hypercubes and Sobol points); by default what the file says.
        seed
            0 is a seed; by default what the file says.
        method
            ``random``, ``latin_hypercube`` or ``sobol`` (draws a power of two); by default what the file says.
        replicates
            Independent repetitions for the last two.
        alternative
            Which one; by default the first. All share their draws: see :meth:`ImpactResult.difference`.
        second_shape
            Give every published range its second shape; provenance says so.
        exact
            Make quantiles exact by a second pass over the same draws.
        target_error
            Stop once the standard error of the nation's mean is this small, in euro.
        resume
            An interrupted result of the same programme and settings: its draws are not made again.
        on_interrupt
            What becomes of an interrupt (Ctrl-C): ``"raise"`` passes it on, ``"keep"`` gives the result of the draws
            made until then, with ``complete`` False.
        threads, executor, progress
            How the work is done; the figures do not depend on it. `executor` is any executor of ``concurrent.futures``,
            such as that of a Dask client. ``progress=True`` shows a bar.

        Returns
        -------
        ImpactResult
            Frozen; questions that were not asked before are simulated on the same draws when they are asked.

        Raises
        ------
        InputError
            Every fault of the arguments, or of the programme with its figures.
        MissingInputError
            Inputs that the programme needs.
        KeyboardInterrupt
            The run was interrupted, and was not asked to keep what it had.
        """
        check_flags(second_shape=second_shape)
        settings = Settings.of(
            self.definition.simulation,
            {"draws": draws, "seed": seed, "method": method, "replicates": replicates},
            exact=exact, target_error=target_error, threads=threads, executor=executor, progress=progress,
        )  # fmt: skip
        definition, assembly = self.definition, self.assembly(second_shape=second_shape)
        run = simulate(assembly, settings, alternative=alternative, resume=resume, on_interrupt=on_interrupt)
        indicative = is_indicative(definition, self.inputs)
        shape = {"second_shape": True} if second_shape else {}
        stated = definition.programme.discount
        rated = {"discount": stated.model_dump(mode="json", exclude_defaults=True)} if self.rated and stated else {}
        days = {name: definition.day(name).isoformat() for name in ("map_date", "counting_date")}
        result = ImpactResult(
            title=self.title,
            notes=(*run.notes, *notes_of(definition, self.inputs, second=second_shape)),
            technique=(*ranges_read(definition, second=second_shape), *assembly.notes),
            provenance={**self.provenance(**days), **shape, **rated, **run.provenance},
            illustrative=definition.illustrative, runner=run.runner, selection=run.selection, complete=run.complete,
            indicative=indicative, how_to_read=(sign_note(), indicative_note()) if indicative else (sign_note(),),
            vat=vat_notes(definition, self.inputs),
            needs=definition.needed_for_municipalities(self.inputs), bases=bases_of(definition, self.inputs),
            definition=definition, second_shape=second_shape,
            municipal_share=definition.municipal_share(self.inputs),
            other_shape=partial(self.assembly, second_shape=not second_shape),
        )  # fmt: skip
        return with_notes(result)

    def restore(self, result: ImpactResult) -> ImpactResult:
        """Return a loaded result of this programme that answers every question; see :func:`ggu_costs.load_result`.

        Raises
        ------
        InputError
            The result is of another programme, or of other inputs.
        """
        check_kind((result,), ImpactResult, "result", "Give a result of this programme.")
        turned = result.second_shape
        return replace(
            result, runner=result.with_model(self.assembly(second_shape=turned)), definition=self.definition,
            vat=vat_notes(self.definition, self.inputs),
            other_shape=partial(self.assembly, second_shape=not turned),
        )  # fmt: skip

    def compare(self, *others: Programme) -> ProgrammeComparison:
        """Put the national figures of this programme and one or two others side by side."""
        check_kind(others, Programme, "to compare", "Give opened programmes.")
        programmes = (self, *others)
        check_count(len(programmes))
        results = [programme.simulate() for programme in programmes]
        indexed = any(is_indexed(programme.definition) for programme in programmes)
        both = zip(programmes, results, strict=True)
        parts = [own._index_part(one) if is_indexed(own.definition) else None for own, one in both] if indexed else []
        return compare(results, parts)

    def compare_published(self, *others: Stated) -> Placed:
        """Say where what others published falls in this estimate; `elsewhere.py` says how."""
        return self.simulate().compare_published(*others)

    def realised(
        self, source: str | Path | pd.DataFrame | Sequence[Any], *, price_level: str = "", by: str = ""
    ) -> Placed:
        """Say where what really happened falls in this estimate; `elsewhere.py` says how."""
        return self.simulate().realised(source, price_level=price_level, by=by)

    def with_discount(
        self,
        rate: float | Decimal,
        *,
        base_year: int | None = None,
        until: int | None = None,
        purpose: Literal["social", "business_case"] = "business_case",
        by: str = "user",
    ) -> Programme:
        """Return the programme with another rate, for another kind of effect, on the same draws.

        Parameters
        ----------
        rate
            A year; real where the file has constant prices, else nominal.
        base_year
            Year whose amounts count in full; by default that of the file, else its first year.
        until
            Last year that counts; by default all do.
        purpose
            ``business_case`` (the municipality's own rate, omslagrente) or ``social``.
        by
            Whose rate it is.

        Raises
        ------
        InputError
            Every fault of the arguments.
        """
        terms = self.definition.programme
        first = self.years[0] if terms.discount is None else terms.discount.base_year
        table = discount_of(
            rate, terms.prices, base_year=first if base_year is None else base_year, until=until, purpose=purpose, by=by
        )
        discount = EffectDiscount.model_validate(table)
        faults = Faults()
        discount.check(faults, tuple(line.id for line in self.definition.lines), self.years)
        faults.check("this discounting cannot be used", remedy="Correct the arguments listed.")
        changed = self.definition.model_copy(update={"programme": terms.model_copy(update={"discount": discount})})
        return replace(self, loaded=replace(self.loaded, definition=changed), rated=True)

    def index_part(self) -> pd.DataFrame:
        """Return by year what part of the costs, and of their rise, is index; see :mod:`ggu_costs.impact.index_part`.

        Raises
        ------
        InputError
            No line has an index.
        """
        return self._index_part(self.simulate())

    def _index_part(self, result: ImpactResult) -> pd.DataFrame:
        bare = replace(self, loaded=replace(self.loaded, definition=without_index(self.definition)))
        return index_part(result, bare.assembly(second_shape=result.second_shape))

    def with_realisation(self, source: str | Path | pd.DataFrame | Sequence[Any]) -> Programme:
        """Return a programme whose report has what really happened beside the estimate."""
        return replace(self, happened=source)

    def uses(self) -> Iterator[Use]:
        """Return the reference figures and the map that the programme rests on."""
        yield use_of(self.definition)

    def check(self) -> None:
        """Raise every fault that a run would meet before it draws; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self._require_amounts()
        check_buildable(
            self.definition,
            self.inputs,
            lambda assembly: [
                spec_of(assembly, alternative.id, "net", "moments", "none") for alternative in assembly.alternatives
            ],
        )

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: tables, summary and notes, for all municipalities or for one."""
        self._require_amounts()
        result = self.simulate(progress=True)
        shown = report(result, municipality)
        if municipality is None and is_indexed(self.definition):
            shown = replace(shown, tables=(*shown.tables, Table("index_part", "", self._index_part(result))))
        if self.happened is None or municipality is not None:
            return shown
        placed = result.realised(self.happened)
        answer = shown.answer and replace(shown.answer, more=(*shown.answer.more, *told(placed.frame)))
        return replace(shown, tables=(*shown.tables, Table("realised", "", placed.shown())), answer=answer)

    def _require_amounts(self) -> None:
        """Refuse to tell what a programme costs of which no cost or benefit is known."""
        if all(line.pm for line in self.definition.lines if line.kind != "compensation"):
            raise InputError(
                f"{self.id}: every cost and benefit is PM, so that nothing can be said of what it costs",
                remedy="Give an amount for at least one of them; compensation alone is no effect of a programme.",
            )
