"""Asks for figures, remembers what came, and asks again only for what is new: always on the same draws."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import Any, ClassVar, NamedTuple

from ggu_costs.brief import Brief
from ggu_costs.frozen import Frozen
from ggu_costs.impact.answers.questions import check_quantity
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.programme.assembly import Assembly
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.parts import Detail, Grouping, Joint
from ggu_costs.simulation.runs.engine import PROBABILITIES
from ggu_costs.simulation.runs.rows import Rows
from ggu_costs.simulation.runs.state import State
from ggu_costs.simulation.runs.summaries import digest_of
from ggu_costs.typing import FloatArray

_DETAILS: tuple[Detail, ...] = ("none", "moments", "distribution")


class Query(NamedTuple):
    """One question.

    Attributes
    ----------
    selection, quantity
        Of which selection, and what.
    units
        How much is kept per municipality.
    grouping
        Groups whose sums are asked too.
    joints, exact
        Figures over all municipalities that are no sums, which name no output yet; levels at which their quantiles
        have to be exact.
    """

    selection: str
    quantity: str
    units: Detail = "none"
    grouping: Grouping | None = None
    joints: tuple[Joint, ...] = ()
    exact: tuple[float, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Selection and quantity."""
        return self.selection, self.quantity

    @property
    def name(self) -> str:
        """Name of the output that gives it."""
        return f"{self.selection}/{self.quantity}"

    def named(self, joint: Joint) -> Joint:
        """Return a figure over all municipalities as one of this question."""
        return replace(joint, output=self.name, name=f"{self.name}/{joint.name}")


@dataclass(eq=False)
class Asked:
    """What is not known yet of one selection and quantity, whoever asks it.

    Attributes
    ----------
    query
        The question, with as much per municipality as is to be kept anew.
    nation
        Whether the nation is asked.
    groupings
        Groups by their fingerprint.
    joints
        Figures over all municipalities by their name.
    exact
        Levels at which the quantiles of these have to be exact.
    """

    query: Query
    nation: bool = False
    groupings: dict[str, Grouping] = field(default_factory=dict)
    joints: dict[str, Joint] = field(default_factory=dict)
    exact: tuple[float, ...] = ()

    @property
    def sums(self) -> bool:
        """Whether sums over municipalities are asked."""
        return self.nation or bool(self.groupings)

    @property
    def anything(self) -> bool:
        """Whether anything is left to ask."""
        return self.sums or self.query.units != "none" or bool(self.joints)


@dataclass(eq=False)
class Memory(Brief):
    """Figures that were asked before, by kind and question; it only grows, and what it holds stays to the last bit.

    `common` holds figures of municipalities without what each draws for itself; these are not saved with a result.
    Whoever looks whether something is known, or adds to it, holds the `lock`: a result may be asked by several threads,
    and what one found out another does not ask again.
    """

    units: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    nation: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    groups: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    joints: dict[tuple[str, ...], Rows] = field(default_factory=dict)
    sharp: dict[tuple[object, ...], Rows] = field(default_factory=dict)
    common: dict[tuple[str, str], Rows] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the lock at home: a copy, or what goes to another process, has one of its own."""
        with self.lock:
            return {name: dict(known) for name, known in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take in what was known."""
        vars(self).update(state, lock=RLock())

    def lacks(self, query: Query) -> bool:
        """Whether less is known of a question per municipality than is asked."""
        if query.units == "none":
            return False
        known = self.units.get(query.key)
        return known is None or (query.units == "distribution" and known.histograms is None)

    def unknown(self, queries: Iterable[Query]) -> list[Asked]:
        """Return what is not known yet, each question once with the most detail that is asked of it."""
        new: dict[tuple[str, str], Asked] = {}
        for query in queries:
            check_quantity(query.quantity)
            one = new.setdefault(query.key, Asked(Query(*query.key), nation=query.key not in self.nation))
            if self.lacks(query):
                one.query = max(query, one.query, key=lambda each: _DETAILS.index(each.units))
            if query.grouping is not None and (*query.key, mark := fingerprint(query.grouping)) not in self.groups:
                one.groupings[mark] = query.grouping
            for joint in map(query.named, query.joints):
                known = self.joints.get((joint.name,))
                if known is None or not {*query.exact} <= {*known.probabilities}:
                    one.joints[joint.name] = joint
                    one.exact = tuple(dict.fromkeys((*one.exact, *query.exact)))
        return [one for one in new.values() if one.anything]


@dataclass(frozen=True, eq=False)
class FirstRun:
    """The first run of a result, as it is saved: what going on needs, and exact quantiles where these were asked.

    Attributes
    ----------
    state
        What whole leaves gave.
    levels, exact
        Levels of exact quantiles, and these, shape (levels, rows).
    """

    state: State
    levels: tuple[float, ...]
    exact: FloatArray

    def digest(self) -> str:
        """SHA-256 of all summaries, as of the run itself."""
        return digest_of(self.state, self.levels, self.exact)


@dataclass(frozen=True, eq=False)
class Runner(Brief, Frozen, ABC):
    """A programme with the draws that every question rests on; two with the same give the same figures.

    Attributes
    ----------
    assembly, settings
        What is asked, and on which draws. Only an assembly of terms has terms.
    stated_digest
        The digest, where there is no run of the engine to take it from.
    memory
        What was asked before.
    enough
        Whether the first run made enough draws to ask other questions of.
    kept
        The first run of a result that was loaded.
    KIND
        What is asked: ``terms``, a ``function``, or a ``saved`` result.
    """

    KIND: ClassVar[str]

    assembly: Assembly
    settings: Settings
    stated_digest: str = field(default="", kw_only=True, compare=False)
    memory: Memory = field(default_factory=Memory, kw_only=True, repr=False, compare=False)
    enough: bool = field(default=True, kw_only=True)
    kept: FirstRun | None = field(default=None, kw_only=True, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 of the summaries of the net figures."""
        return self.stated_digest

    @property
    @abstractmethod
    def model(self) -> str:
        """SHA-256 of the programme that is asked, with its inputs as they were used."""

    @property
    def asked(self) -> str:
        """What is asked: ``terms`` or a ``function``; of a saved result what was asked."""
        return self.KIND

    @property
    def first_run(self) -> FirstRun | None:
        """The first run of the engine, which can be gone on with."""
        return self.kept

    @abstractmethod
    def main_figures(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line of a selection is in."""

    def again(self, settings: Settings) -> Runner:
        """Return a runner of the same programme on other draws, that knows nothing yet."""
        return replace(self, settings=settings, stated_digest="", memory=Memory(), kept=None)

    @abstractmethod
    def _answer(self, asked: Sequence[Asked]) -> None:
        """Put the answers to new questions in the memory."""

    @abstractmethod
    def require_terms(self) -> None:
        """Refuse questions that only the engine can answer, where it is not asked."""

    def require_years(self) -> None:
        """Refuse questions about single years, where there are none."""

    def same_as(self, other: Runner) -> bool:
        """Whether the same assembly gives the same figures with another runner."""
        return self.KIND == other.KIND

    def ask(self, queries: Iterable[Query]) -> None:
        """Work out what is not known yet, all in one go."""
        with self.memory.lock:
            new = self.memory.unknown(queries)
            if new:
                self._answer(new)

    def units(self, selection: str, quantity: str, detail: Detail = "distribution") -> Rows:
        """Every municipality."""
        with self.memory.lock:
            self.ask([Query(selection, quantity, detail)])
            return self.memory.units[selection, quantity]

    def nation(self, selection: str, quantity: str) -> Rows:
        """The nation, summed in every draw."""
        with self.memory.lock:
            self.ask([Query(selection, quantity)])
            return self.memory.nation[selection, quantity]

    def groups(self, selection: str, quantity: str, grouping: Grouping) -> Rows:
        """Groups, summed in every draw."""
        with self.memory.lock:
            self.ask([Query(selection, quantity, grouping=grouping)])
            return self.memory.groups[selection, quantity, fingerprint(grouping)]

    def figure(
        self, query: Query, place: int | None, *, limit: float = 0.0, p: float | None = None
    ) -> tuple[Rows, int]:
        """The nation, or a municipality by its place, as precise about a limit or a quantile as can be.

        Parameters
        ----------
        place
            None for the nation.
        limit
            Of which it is counted how many draws lie above it.
        p
            Level of a quantile: where bins and cells leave it open it is exact, with the ends of its interval. One of
            the levels that tables have is the one in the tables.

        Returns
        -------
        rows, row
            The figure is one of these rows.
        """
        del limit, p
        return self._known(query, place)

    def _known(self, query: Query, place: int | None) -> tuple[Rows, int]:
        """What tables show of a figure."""
        return (self.nation(*query.key), 0) if place is None else (self.units(*query.key), place)

    def sharp_key(
        self, query: Query, known: Rows, place: int | None, limit: float, p: float | None
    ) -> tuple[str, str, bool, float, tuple[float, ...]]:
        """Return under what key figures are remembered that are exact about a limit or a quantile.

        No level is exact of a quantile that is known well enough: that is the one which tables have.
        """
        settled = p is None or self._settled(known, place or 0, p)
        exact = () if p is None or settled else tuple(dict.fromkeys((p, *known.ranks(p))))
        return (*query.key, place is None, limit, exact)

    def _settled(self, rows: Rows, row: int, p: float) -> bool:
        """Whether a quantile of one of these rows need not be asked again."""
        known = p in rows.probabilities
        return known or (not self.settings.exact and (p in PROBABILITIES or bool(rows.settled(p)[row])))

    def joints(self, query: Query, joints: Sequence[Joint], exact: tuple[float, ...] = ()) -> list[Rows]:
        """Figures over all municipalities that are no sums, with some exact quantiles; `joints` name no output."""
        with self.memory.lock:
            self.ask([query._replace(joints=tuple(joints), exact=exact)])
            return [self.memory.joints[query.named(joint).name,] for joint in joints]
