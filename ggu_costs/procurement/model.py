"""A joint procurement as data: the file with the changes made to it, the case in figures, and its split.

Answers take a :class:`CaseModel`; :class:`ggu_costs.procurement.case.ProcurementCase` adds them as methods.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, overload

from numpy.typing import ArrayLike

from ggu_costs.errors import Faults, InputError, OutsidePeriodError, is_one_of, repeated
from ggu_costs.figures import has_entries, shown
from ggu_costs.games.game import CostGame
from ggu_costs.modelfile import Inputs, Loaded, OpenedModel
from ggu_costs.modelfile.notes import Use, carried_note, status_notes
from ggu_costs.modelfile.vat import Vat
from ggu_costs.procurement.build import build_setup, check_volumes
from ggu_costs.procurement.definition import ProcurementDefinition
from ggu_costs.procurement.numbers import Numbers
from ggu_costs.procurement.participation import all_parties, taking_part
from ggu_costs.procurement.parties import Parties
from ggu_costs.procurement.period import OneYear, Period
from ggu_costs.procurement.rules import RuleChoice, rule_words, shares_of
from ggu_costs.procurement.scenarios import ScenarioSplit, split_scenarios
from ggu_costs.procurement.setup import Setup
from ggu_costs.procurement.split import Split, in_cents
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.typing import ByCode


@dataclass(frozen=True)
class CaseModel(OpenedModel[ProcurementDefinition]):
    """A case and its split.

    Attributes
    ----------
    loaded, inputs
        The checked file and what the user brings.
    year
        Of a case over years the year that is asked, and else the year of the take-up of a voluntary case whose
        participation is held for the whole duration; by default the last.
    participants, volumes
        What was changed in Python; None where the file holds.
    """

    year: int | None = None
    participants: tuple[str, ...] | None = None
    volumes: Mapping[str, ByCode] | None = None

    @classmethod
    def open(cls, loaded: Loaded[ProcurementDefinition], data: Mapping[str, Any] | None = None) -> Self:
        """Make the case of a checked file; in an input of stand-alone costs a figure may be left empty (PM)."""
        definition = loaded.definition
        alone = definition.alternatives.stand_alone
        blank = () if alone is None else tuple(alone.inputs())
        return cls(
            loaded,
            Inputs(
                definition.inputs, data, model=definition.id, blank=blank, reference=loaded.reference, keys=loaded.keys
            ),
        )

    @property
    def rule(self) -> RuleChoice:
        """The rule of the bills, as the file states."""
        return self.definition.case.rule

    @cached_property
    def numbers(self) -> Numbers:
        """Values of the file as numbers."""
        return Numbers(self.definition, self.inputs)

    @cached_property
    def everyone(self) -> Parties:
        """Every municipality of the map and every body of the file."""
        return all_parties(self.definition, self.reference)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Who takes part, in order of code; nobody in some years of a take-up."""
        return self.codes_in(self.of_year if self.of_year is not None else self.year)

    def codes_in(self, year: int | None) -> tuple[str, ...]:
        """Who takes part in a year, in order of code."""
        drawn, terms = self.definition.participation.selection, self.definition.over_years
        if self.participants is not None:
            codes = self.participants
        else:
            count = None if drawn is None else self.numbers.known(drawn.count, "participation.selection.count")
            codes = taking_part(self.definition, self.everyone, count, year)
        if terms is None or year is None:
            return codes
        return tuple(code for code in codes if terms.takes_part(code, year))

    @property
    def of_year(self) -> int | None:
        """The year that is asked of a case over years; None of another case."""
        if self.definition.over_years is None:
            return None
        return self.definition.years[-1] if self.year is None else self.year

    @property
    def taken_up(self) -> int | None:
        """Year of the take-up whose participants these are; None where participation does not grow."""
        years = self.definition.participation.years
        return (
            None
            if not years or self.definition.over_years is not None
            else self.year
            if self.year is not None
            else years[-1]
        )

    @cached_property
    def _parties(self) -> Parties:
        """Who takes part; at least one."""
        if not self.codes:
            raise InputError(f"{self.id}: nobody takes part", remedy="Choose a later year, or name participants.")
        return self.everyone.only(self.codes)

    @cached_property
    def setup(self) -> Setup:
        """The case in figures."""
        return build_setup(self.definition, self.inputs, self._parties, self.volumes, period=self._period)

    @property
    def _period(self) -> Period | None:
        """The year that is asked of a case over years."""
        year = self.of_year
        if year is None:
            return None
        before = {code for one in self.definition.years if one < year for code in self.codes_in(one)}
        return OneYear(definition=self.definition, year=year, newcomers=frozenset(self.codes) - before)

    @property
    def game(self) -> CostGame:
        """The game that `nucleolus` and the test of stability speak of; :attr:`CostGame.joint` is the joint cost alone.

        See :attr:`ggu_costs.procurement.setup.Setup.game`. Its players are codes.
        """
        return self.setup.game

    def at(self, year: int) -> Self:
        """Return a case over years in one of them, or else with the participants of a year of the take-up.

        Raises
        ------
        InputError
            The case has no years and no take-up curve.
        OutsidePeriodError
            A year that the case has not.
        """
        over = self.definition.over_years is not None
        known = [*self.definition.years] if over else self.definition.participation.years
        if not known:
            raise InputError(
                f"{self.id} has no take-up curve",
                remedy="Ask the case itself: its participation is the same in every year.",
            )
        if isinstance(year, bool) or year not in known:
            years = ", ".join(map(str, known))
            raise OutsidePeriodError(
                f"{self.loaded.path}: no {'year' if over else 'take-up in'} {shown(year)}; known: {years}",
                key="years" if over else "participation.take_up.share", asked=str(year), known=years,
                remedy=f"Choose one of {years}.",
            )  # fmt: skip
        return replace(self, year=year, participants=self.participants if over else None)

    def with_changes(
        self,
        *,
        participants: Sequence[str] | None = None,
        volumes: ByCode | Mapping[str, ByCode] | None = None,
    ) -> Self:
        """Return a new case that remembers what was changed.

        Parameters
        ----------
        participants
            Codes of municipalities of the map and bodies of the file.
        volumes
            Figures by code of every participant, instead of those of the file: one Series where the case has one
            volume, or a mapping of volume to Series.

        Raises
        ------
        InputError
            Every fault of the arguments at once.
        """
        changed = self
        if participants is not None:
            faults = Faults()
            given = list(participants) if has_entries(participants) and not isinstance(participants, str) else []
            for code in given:
                if not is_one_of(code, self.everyone.position):
                    faults.add(
                        f"participants {code if isinstance(code, str) else shown(code)}",
                        "no such participant",
                        "a code of the map, or a body of the file",
                    )
            for code, _ in repeated(code for code in given if isinstance(code, str)):
                faults.add(f"participants {code}", "twice", "each once")
            if not given:
                faults.add("participants", "nobody", "at least one")
            faults.check(f"{self.id}: these participants cannot be used", remedy="Correct the codes listed.")
            changed = replace(changed, participants=tuple(sorted(given)))
        return changed if volumes is None else changed.with_volumes(volumes)

    def with_volumes(self, volumes: ByCode | Mapping[str, ByCode]) -> Self:
        """Return the case with other volumes; see :meth:`with_changes`."""
        names = [volume.id for volume in self.definition.volumes]
        checked = check_volumes(volumes, names, self._parties.codes, self.id)
        return replace(self, volumes={**(self.volumes or {}), **checked})

    @overload
    def split(self, rule: RuleChoice | None = None, *, amounts: None = None) -> Split: ...
    @overload
    def split(self, rule: RuleChoice | None = None, *, amounts: Mapping[str, ArrayLike]) -> ScenarioSplit: ...
    def split(
        self, rule: RuleChoice | None = None, *, amounts: Mapping[str, ArrayLike] | None = None
    ) -> Split | ScenarioSplit:
        """Split the joint cost.

        Parameters
        ----------
        rule
            ``inhabitants, equal, volume, fixed_plus_volume, stand_alone, average, serial, decreasing_serial, scrb,
            shapley, owen, nucleolus`` (see :mod:`ggu_costs.procurement.rules`), or a mapping of pool to rule, which is
            one split; by default the rule of the file.
        amounts
            Scenarios: pool to its amount in each, euro, shape (draws,); pools left out keep theirs. The split is then
            unrounded, of shape (draws, n).

        Returns
        -------
        Split or ScenarioSplit

        Raises
        ------
        UnknownNameError
            Another rule.
        InputError
            The rule does not exist for these pools; the message says why.
        """
        chosen = self._due(self.rule if rule is None else rule)
        if amounts is not None:
            return split_scenarios(self.setup, chosen, amounts)
        shares = shares_of(self.setup, chosen)
        chosen = chosen if isinstance(chosen, str) else dict(chosen)
        seed = self.definition.case.seed
        words = rule_words(chosen, self.setup.pool_names)
        accuracy = shares.accuracy_notes(words, seed)
        bodies = [code for code in self.setup.parties.codes if code in self.setup.parties.others]
        by_inhabitants = "inhabitants" in ([chosen] if isinstance(chosen, str) else chosen.values())
        own = (message("bodies_without_inhabitants", count=len(bodies)),) if bodies and by_inhabitants else ()
        sampled = {"seed": seed, "samples": shares.samples} if shares.samples else {}
        return Split(
            title=message("split_of", title=self.title, rule=words),
            notes=(*self.notes(), *accuracy, *own),
            provenance=self.provenance(
                rule=chosen, method=shares.method, participants=self.setup.parties.count, **sampled
            ),
            illustrative=self.definition.illustrative,
            rule=chosen,
            setup=self.setup,
            shares=shares,
            cents=in_cents(shares.values, self.setup.total),
            vat=self._vat(),
            accuracy=accuracy,
            own_notes=own,
        )

    def _due(self, rule: RuleChoice) -> RuleChoice:
        """Return a rule for each pool without the pools that are not due in the year that is asked."""
        if self.of_year is None or not isinstance(rule, Mapping):
            return rule
        due, stated = {pool.id for pool in self.setup.pools}, {pool.id for pool in self.definition.pools}
        return {name: one for name, one in rule.items() if name in due or name not in stated}

    def own_split(self, split: Split | RuleChoice | None) -> Split:
        """Return the split, checked to be of this case."""
        if not isinstance(split, Split):
            return self.split(split)
        if split.setup is not self.setup and split.setup.digest != self.setup.digest:
            raise InputError(
                "this split is of another case, or of other participants, volumes or amounts",
                remedy=f"Make it with {self.id}.",
            )
        return split

    def _vat(self) -> Vat:
        terms, members = self.definition.case.vat, self.reference.member_codes(self.definition.map_date)
        back = self.numbers.number(terms.recoverable_share.first)
        return Vat(
            state=self.definition.vat_state,
            rate=self.numbers.number(terms.rate.first),
            taxed_share=self.numbers.number(terms.taxed_share.first),
            recoverable_share=None if back is None else dict.fromkeys(members, back),
        )

    def uses(self) -> Iterator[Use]:
        """Return the reference figures and maps that the case rests on."""
        definition = self.definition
        columns = ("inhabitants", *(volume.column for volume in definition.volumes if volume.column))
        yield Use(tuple(dict.fromkeys(columns)), definition.counting_date, definition.map_date, definition.years[0])

    def notes(self, *, period: bool = True) -> tuple[str, ...]:
        """What a reader must know of every result of this case.

        Parameters
        ----------
        period
            Say over which years amounts are counted, and with the participants of which year.
        """
        unknown = [message("without_pm_list", names=self.setup.unknown)] if self.setup.unknown else []
        return (*self.about(period=period), *unknown, *self.vat_notes())

    def about(self, *, period: bool = True) -> tuple[str, ...]:
        """The notes without those on what is PM."""
        definition, duration = self.definition, self.setup.duration
        notes = [*definition.notes]
        if period:
            key = "amounts_over_years" if duration != 1 else "amounts_a_year"
            year = self.of_year
            notes.append(message(key, years=duration) if year is None else message("amounts_of_year", year=year))
        if period and self.taken_up is not None and self.participants is None:
            notes.append(message("participants_of_year", year=self.taken_up))
        notes += carried_note("inhabitants", definition.counting_date, definition.map_date, reference=self.reference)
        for use in self.uses():
            notes += status_notes(self.reference, use)
        if definition.vat_state != "none" and self._vat().known:
            notes.append(message("bcf"))
        return tuple(notes)

    def vat_notes(self) -> tuple[str, ...]:
        """Say that net amounts are PM, where they are."""
        vat = self._vat()
        return () if vat.state == "none" or vat.known else (message("vat_part_unknown"),)

    def technique(self) -> tuple[str, ...]:
        """How participants were drawn, where they were."""
        if self.participants is not None:
            return ()
        part = self.definition.participation
        seeds = [part.selection.seed] if part.selection is not None else []
        if part.take_up is not None and part.take_up.seed is not None:
            seeds.append(part.take_up.seed)
        return tuple(message("drawn_by", seed=seed) for seed in seeds)

    @property
    def title(self) -> str:
        """Title of the model file, with the changes made and the year whose participants are held, in Dutch."""
        words = self._changes_in_words()
        if self.of_year is not None:
            words = [message("in_the_year", year=self.of_year), *words]
        elif self.taken_up is not None and self.participants is None and self.year is None:
            words = [message("participation_in", year=self.taken_up), *words]
        title = self.definition.title
        return message("changed_title", title=title, changes=words) if words else title

    def _changes_in_words(self) -> list[str]:
        words: list[str] = []
        if self.year is not None and self.of_year is None:
            words.append(message("participation_in", year=self.year))
        if self.participants is not None:
            words.append(message("count_of_participants", count=len(self.participants)))
        if self.volumes is not None:
            words.append(message("own_volumes", names=list(self.volumes)))
        return words

    def provenance(self, **more: Any) -> dict[str, Any]:
        """Describe what a result of this case follows from."""
        return super().provenance(
            inputs={**self.inputs.hashes, **self._volume_hashes()},
            map_date=self.definition.map_date,
            counting_date=self.definition.counting_date,
            **more,
        )

    def _volume_hashes(self) -> dict[str, str]:
        return {
            f"volumes.{name}": hashlib.sha256(
                "\n".join(f"{code},{float(figure)!r}" for code, figure in sorted(figures.items())).encode()
            ).hexdigest()
            for name, figures in (self.volumes or {}).items()
        }
