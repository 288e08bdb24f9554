"""A circulaire of the gemeentefonds, opened from a model file and asked for its amounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, cast

from ggu_costs.display.report import Line, Report
from ggu_costs.display.table import Table, similar_size
from ggu_costs.errors import Faults, InputError, ModelFileError, check_kind
from ggu_costs.grants.amounts import Detail, GrantAmounts, lacking_words
from ggu_costs.grants.answer import answer_of_all, answer_of_one
from ggu_costs.grants.change import GrantChange, change_between
from ggu_costs.grants.definition import GrantDefinition
from ggu_costs.grants.exact import Exact
from ggu_costs.grants.many import Reforms, many_reforms
from ggu_costs.grants.mergers import on_later_map
from ggu_costs.grants.reform import Asked, State, reformed
from ggu_costs.grants.tables import GrantTables, read_tables
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.grant_keys import KeyFigures, grant_column
from ggu_costs.words.messages import Message, message, word

if TYPE_CHECKING:
    from ggu_costs.modelfile import Loaded
    from ggu_costs.typing import DateLike, InputValue

_DETAILS: tuple[Detail, ...] = ("cluster", "maatstaf", "other_grant")


@dataclass(frozen=True)
class Grant(OpenedModel[GrantDefinition]):
    """One circulaire for one year (uitkeringen uit het gemeentefonds), as the file has it or as changed.

    Attributes
    ----------
    changed
        How it stands after changes; None where the file holds.
    moved
        The later municipal map that it was brought to, and what a reader must know of that.
    """

    changed: State | None = None
    moved: tuple[date, tuple[Message, ...]] | None = None

    @classmethod
    def open(cls, loaded: Loaded[GrantDefinition], data: Mapping[str, InputValue] | None = None) -> Self:
        """Make the model of a checked file; its tables are checked too.

        Raises
        ------
        ModelFileError
            Every fault of the tables.
        """
        model = super().open(loaded, data)
        _ = model.tables
        return model

    @property
    def state(self) -> State:
        """Tables and factor: of the file, and after changes."""
        return self.changed or self._of_file

    @cached_property
    def _of_file(self) -> State:
        """What the file has: its checked tables, after its own reform where it states one."""
        faults, stated = Faults(), self.definition.reform
        day = self.reference.map_day(self._stated_map, what="map_date")
        tables = read_tables(self.definition, self.reference.member_codes(day), faults)
        made = None if tables is None else State(tables, cast("Decimal", self.definition.factor.first.value))
        if made is not None and stated is not None:
            told = Faults()
            tasks = [{"amount": task.amount, "by": task.by} for task in stated.tasks] or None
            asked = Asked(stated.weights, None, stated.factor, stated.total, stated.top_slice, tasks)
            made = reformed(made, asked, told)
            faults.found += [replace(fault, where=f"reform.{fault.where}") for fault in told.found]
        if made is None:
            raise ModelFileError(
                f"{self.loaded.path}: the tables of this circulaire cannot be used", path=self.loaded.path,
                faults=faults, remedy="Correct every cell named.",
            )  # fmt: skip
        return made

    @property
    def tables(self) -> GrantTables:
        """The tables of the circulaire, checked; after changes, where there are any."""
        return self.state.tables

    @property
    def _map_date(self) -> date:
        """Day of the map that its amounts are on."""
        return self._stated_map if self.moved is None else self.moved[0]

    @property
    def _stated_map(self) -> date:
        return cast("date", self.definition.map_date.first.value)  # the definition says so

    @property
    def factor(self) -> Exact:
        """The uitkeringsfactor, after changes."""
        return self.state.factor

    def _changes_in_words(self) -> list[str]:
        return list(self.state.words[len(self._of_file.words) :])

    def with_changes(
        self,
        *,
        weights: Mapping[str, Any] | None = None,
        volumes: Mapping[str, Any] | None = None,
        factor: Decimal | float | None = None,
        total: Decimal | float | None = None,
        top_slice: Decimal | float | None = None,
        tasks: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
    ) -> Self:
        """Return a new circulaire that remembers what was changed, and can be changed again.

        Parameters
        ----------
        weights
            Euro per unit by maatstaf; or by maatstaf and cluster, ``{"inwo": {"Participatie": 20}}``.
        volumes
            Units by maatstaf and municipality; who is not named keeps those of the circulaire.
        factor
            The uitkeringsfactor.
        total
            Euro of algemene uitkering of all municipalities together, which fixes the factor.
        top_slice
            Euro taken out through the factor (uitname); below 0 it is added.
        tasks
            Task mutations: ``{"amount": 5e7, "by": "maatstaf:inwo"}`` or a list of those. ``by`` is ``base``,
            ``cluster:NAME`` or ``maatstaf:CODE``, or a mix of those with shares that add up to 1.

        Raises
        ------
        InputError
            Every fault of the arguments at once.

        See Also
        --------
        ggu_costs.grants.reform : the definitions and their order.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> grant = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025")
        >>> round(float(grant.with_changes(top_slice=100_000_000).factor), 10)
        1.4537062715
        """
        asked = Asked(weights, volumes, factor, total, top_slice, tasks)
        faults = Faults()
        if asked == Asked():
            faults.add("with_changes", "nothing to change", "weights, volumes, factor, total, top_slice or tasks")
        changed = reformed(self.state, asked, faults)
        faults.check(f"{self.id}: this change cannot be made", remedy="Correct the arguments listed.")
        return self._with(changed=changed)

    def _with(self, **parts: Any) -> Self:
        """Return the model with other parts; what its file has is not read again."""
        made = replace(self, **parts)
        made.__dict__["_of_file"] = self._of_file
        return made

    def on_map(self, map_date: DateLike, volumes: Mapping[str, Mapping[str, Any]] | None = None) -> Self:
        """Return the circulaire on a later municipal map, where municipalities merged.

        Parameters
        ----------
        map_date
            A later day.
        volumes
            Volumes of merged municipalities that do not add up, by maatstaf and code of the new map; what is not
            given is added up and marked.

        Raises
        ------
        InputError
            An earlier day, or a fault in the volumes.

        See Also
        --------
        ggu_costs.grants.mergers : what adds up, and what does not.
        """
        day = self.reference.map_day(map_date, what="map_date")
        if day < self._map_date:
            raise InputError(
                f"{self.id}: {day} lies before its map of {self._map_date}",
                remedy="Give a later day: municipalities are carried forward only.",
            )
        given = {name: dict(column.items()) for name, column in (volumes or {}).items() if hasattr(column, "items")}
        tables, notes = on_later_map(self.tables, self._map_date, day, given, self.reference)
        earlier = () if self.moved is None else self.moved[1]
        state = replace(self.state, tables=tables)
        model = self._with(changed=state, moved=(day, (*earlier, *notes)))
        return model if volumes is None else model.with_changes(volumes=volumes)

    def key(self, by: str = "base") -> KeyFigures:
        """Return a key that follows this uitkering, as ``fund.with_changes(key=...)`` takes it.

        Parameters
        ----------
        by
            ``base``, ``cluster:NAME``, ``maatstaf:CODE``, ``other:NAME`` or ``amount``; see :meth:`GrantAmounts.key`.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> grant = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025")
        >>> fund = ggu.open_fund("funds/ggu/2020").with_changes(map_date="2025-01-01", key=grant.key())
        >>> float(fund.contributions().to_frame()["contribution"]["GM0377"])
        47862.84
        """
        amounts = self.amounts()
        figures = amounts.key(by)
        return KeyFigures(
            figures, amounts.map_date, self.title, grant_column(self.id, by), self.definition.marks,
            amounts.general_sums.by_code,
        )  # fmt: skip

    def reforms(
        self, *, factor: Any = None, weights: Mapping[str, Any] | None = None, top_slice: Any = None
    ) -> Reforms:
        """Return the effects of many changes at once, in float64 euro, per municipality and by group.

        Parameters
        ----------
        factor, top_slice
            The uitkeringsfactor, and euro taken out through it, of each reform: lists of one length.
        weights
            Euro per unit of each reform, by maatstaf.

        See Also
        --------
        ggu_costs.grants.many : the definition.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> grant = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025")
        >>> made = grant.reforms(top_slice=[100_000_000, 200_000_000])
        >>> made.factor.round(6).tolist()
        [1.453706, 1.450413]
        """
        return many_reforms(self.amounts(), factor, weights, top_slice)

    @cached_property
    def _amounts(self) -> GrantAmounts:
        said = self.definition
        unrounded = message("grant_factor_unrounded", factor=self.factor)
        words = self._of_file.words
        own = (message("grant_reform_of_file", words=words),) if words else ()
        moved = () if self.moved is None else self.moved[1]
        mixed = (message("grant_mixed_years", circular=said.circular, **said.table_years),) if said.marks else ()
        counted = message("grant_fixed_table", inhabitants=said.inhabitants)
        what_if = (unrounded,) if (Fraction(self.factor) * 1000).denominator != 1 else ()
        remarks = (*own, *moved, *said.notes, counted, *what_if)
        return GrantAmounts(
            title=self.title,
            notes=(*mixed, *remarks, *(lacking_words(name, said.circular) for name in said.pm)),
            provenance=self.provenance(year=said.year, map_date=self._map_date),
            illustrative=said.illustrative,
            tables=self.tables, factor=self.factor,
            people=said.inhabitants, year=said.year, circular=said.circular, map_date=self._map_date,
            lacking=said.pm, mixed=mixed, remarks=remarks, reference=self.reference,
        )  # fmt: skip

    def amounts(self) -> GrantAmounts:
        """Return what each municipality receives.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> amounts = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025").amounts()
        >>> round(amounts.national()["general_grant"])
        40064257716
        """
        return self._amounts

    def compare(self, *others: Grant) -> GrantChange:
        """Return the difference of another circulaire from this one, by cause: the other is the new one.

        Raises
        ------
        InputError
            More than one other, or circulaires that cannot be compared.
        """
        check_kind(others, Grant, "to compare", "Give opened models of a grant.")
        if len(others) != 1:
            raise InputError(f"{len(others)} circulaires beside this one", remedy="Compare two: the old and the new.")
        return change_between(self.amounts(), others[0].amounts())

    def check(self) -> None:
        """Raise what a run would; see :class:`~ggu_costs.modelfile.kinds.Model`."""
        self.report()

    def _report(self, municipality: str | None) -> Report:
        """Return what a run shows: the amounts of all municipalities, or of one with every step."""
        amounts = self.amounts()
        provenance = self.provenance(year=amounts.year, map_date=amounts.map_date, municipality=municipality)
        details = tuple(
            Table(f"by_{detail}", message("grant_by", title=amounts.title, detail=word(detail)),
                  amounts.breakdown(detail, municipality))
            for detail in _DETAILS
        )  # fmt: skip
        frame = amounts.to_frame()
        if municipality is None:
            groups = (Table(f"by_{name}", "", amounts.by(name), role="groups") for name in ("size_class", "province"))
            summary: tuple[Line, ...] = tuple(
                (word(name), float(amounts.national()[name]), unit)
                for name, unit in (("municipalities", "count"), ("general_grant", "EUR"), ("other_grants", "EUR"),
                                   ("grants", "EUR"), ("grants_per_inhabitant", "EUR"))
            )  # fmt: skip
            return Report(
                self.title, (Table("grants", "", frame, map_date=amounts.map_date), *groups, *details), summary,
                amounts.notes, provenance, answer=answer_of_all(amounts), explained=(amounts,),
                reference=self.reference, made_up=amounts.illustrative,
            )  # fmt: skip
        steps = amounts.explain(municipality).table("steps", message("steps_of", title=amounts.title))
        near_frame = frame[["name", "inhabitants", "general_grant", "general_per_inhabitant"]]
        near = similar_size(near_frame, municipality, message("similar_size_of", title=amounts.title), total=())
        title = message("titled_code", name=amounts.names[municipality], code=municipality, title=self.title)
        lines = (("general_grant", "EUR"), ("other_grants", "EUR"), ("grants", "EUR"),
                 ("general_per_inhabitant", "EUR"), ("grants_per_inhabitant", "EUR"))  # fmt: skip
        return Report(
            title,
            (*details, near, steps),
            tuple((word(name), float(frame[name][municipality]), unit) for name, unit in lines),
            amounts.notes, provenance,
            answer=answer_of_one(amounts, municipality), municipality=municipality, reference=self.reference,
            made_up=amounts.illustrative,
        )  # fmt: skip
