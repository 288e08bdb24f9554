"""Programmes made in Python: from terms of the engine, or a function over arrays for what no term can say.

The function is called with blocks of draws and gives, for each line, an amount per draw and municipality. It may look
at all municipalities together, such as for an allocation in every draw. Of its outcomes the same summaries are kept as
of a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.errors import Faults, InputError
from ggu_costs.impact.assembly import SIGNS, Assembly, Choice, Role
from ggu_costs.impact.questions import QUANTITIES, select_of
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.runner import Asked, Runner, Settings
from ggu_costs.impact.spec import NATION, Correlation, Driver, Grouping, Joint, ModelSpec, Output, Term, fingerprint
from ggu_costs.reference import as_date, map_day, names_of

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.impact.sampling import Method
    from ggu_costs.impact.summaries import Rows, Summaries
    from ggu_costs.typing import DateLike, FloatArray

__all__ = ["MadeLine", "MadeProgramme", "programme_from_function", "programme_from_parts"]

_BUFFER = 2**28
"""Bytes of outcomes held at a time; more draws or municipalities mean more passes over the draws."""

Outcome = Callable[[Mapping[str, "FloatArray"], "pd.DataFrame"], Mapping[str, "FloatArray"]]
"""Drivers by name (shape (draws, 1) for the nation, (draws, municipalities) otherwise) and municipalities to amounts by
line, shape (draws, municipalities)."""


@dataclass(frozen=True)
class MadeLine:
    """A line of a programme made in Python: what it is, and its terms where it has any."""

    id: str
    name: str
    kind: str
    nature: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, eq=False)
class MadeProgramme:
    """A programme made in Python; a seed is required to simulate it."""

    title: str
    by: str
    assembly: Assembly
    illustrative: bool
    function: Outcome | None = None

    def simulate(
        self,
        draws: int = 100_000,
        seed: int | None = None,
        method: Method = "random",
        *,
        replicates: int = 8,
        alternative: str | None = None,
        resume: ImpactResult | None = None,
        **how: Any,
    ) -> ImpactResult:
        """Simulate; arguments as :meth:`ggu_costs.impact.Programme.simulate`.

        Raises
        ------
        InputError
            No seed (0 is a seed), or other settings that cannot be used.
        """
        if seed is None:
            raise InputError("no seed", remedy="State a seed, such as seed=2026; 0 is a seed.")
        settings = replace(Settings(draws, seed), method=method, replicates=replicates, **how)
        told = {"model": self.title, "by": self.by, "digest_of_model": _print(self)}
        return ImpactResult.of(
            self.assembly, settings, alternative=alternative, resume=resume, title=self.title,
            notes=(f"Gemaakt in Python door {self.by}.",), provenance=told, illustrative=self.illustrative,
            runner=None if self.function is None else _FunctionRunner(self.assembly, settings, function=self.function),
        )  # fmt: skip


def _print(made: MadeProgramme) -> str:
    parts = made.assembly
    return fingerprint(parts.units, parts.years, parts.drivers, parts.terms, parts.discount)


def programme_from_parts(
    title: str,
    *,
    by: str,
    inhabitants: pd.Series,
    map_date: DateLike,
    years: Sequence[int],
    drivers: Sequence[Driver],
    lines: Sequence[MadeLine],
    alternatives: Mapping[str, Sequence[str]] | None = None,
    correlations: Sequence[Correlation] = (),
    groupings: Sequence[Grouping] = (),
    discount: Sequence[float] | None = None,
    illustrative: bool = False,
) -> MadeProgramme:
    """Make a programme from terms of the engine.

    Parameters
    ----------
    by
        Whose model it is.
    inhabitants
        By code, of the municipalities of `map_date`; their order is that of all arrays per municipality.
    lines
        Lines with their terms; see :class:`ggu_costs.impact.spec.Term`.
    alternatives
        Lines of each alternative; all lines in one by default.
    groupings
        Of drivers drawn for each group.
    discount
        Weight of each year in a total; 1 by default.

    Raises
    ------
    InputError
        Every fault of the parts.
    """
    roles = _roles(lines)
    chosen = alternatives or {"base": list(roles)}
    terms = [term for line in lines for term in line.terms]
    faults = Faults()
    for name, ids in chosen.items():
        for asked in ids:
            if asked not in roles:
                faults.add(f"alternatives.{name}", f"no line {asked!r}", ", ".join(roles))
    for line in lines:
        if not line.terms:
            faults.add(f"lines.{line.id}", "no terms", "one or more")
    faults.check(f"{title}: these parts do not fit", remedy="Correct every part named.")
    places, first = {}, 0
    for line in lines:
        places[line.id] = tuple(range(first, first + len(line.terms)))
        first += len(line.terms)
    choices = tuple(Choice(name, name, {asked: places[asked] for asked in ids}) for name, ids in chosen.items())
    made = _assembly(
        title, inhabitants=inhabitants, map_date=map_date, years=years, drivers=drivers, correlations=correlations,
        groupings=groupings, discount=discount,
    )  # fmt: skip

    return MadeProgramme(title, by, replace(made, terms=tuple(terms), roles=roles, choices=choices), illustrative)


def programme_from_function(
    title: str,
    function: Outcome,
    *,
    by: str,
    inhabitants: pd.Series,
    map_date: DateLike,
    drivers: Sequence[Driver],
    lines: Sequence[MadeLine],
    correlations: Sequence[Correlation] = (),
    groupings: Sequence[Grouping] = (),
    illustrative: bool = False,
) -> MadeProgramme:
    """Make a programme from a function over arrays.

    Parameters
    ----------
    function
        Called as ``function(drivers, municipalities)`` with a block of draws; gives for each line an array of shape
        (draws, municipalities). Amounts are totals over the years, as the author discounts them.
    lines
        The lines it gives, without terms.

    See Also
    --------
    programme_from_parts : the other parameters.
    """
    roles = _roles(lines)
    made = _assembly(
        title, inhabitants=inhabitants, map_date=map_date, years=(0,), drivers=drivers, correlations=correlations,
        groupings=groupings, discount=None,
    )  # fmt: skip

    choice = Choice("base", title, dict.fromkeys(roles, ()))
    return MadeProgramme(title, by, replace(made, roles=roles, choices=(choice,)), illustrative, function)


def _roles(lines: Sequence[MadeLine]) -> dict[str, Role]:
    faults, roles = Faults(), {}
    for line in lines:
        if line.kind not in SIGNS:
            faults.add(f"lines.{line.id}.kind", repr(line.kind), ", ".join(SIGNS))
        if line.nature not in ("one_off", "structural"):
            faults.add(f"lines.{line.id}.nature", repr(line.nature), "one_off, structural")
        if line.id in roles:
            faults.add("lines", f"id {line.id!r} twice", "ids that differ")
        roles[line.id] = Role(line.id, line.name, line.kind, line.nature)
    if not lines:
        faults.add("lines", "none", "one or more")
    faults.check("these lines cannot be used", remedy="Correct every line named.")
    return roles


def _assembly(
    title: str,
    *,
    inhabitants: pd.Series,
    map_date: DateLike,
    years: Sequence[int],
    drivers: Sequence[Driver],
    correlations: Sequence[Correlation],
    groupings: Sequence[Grouping],
    discount: Sequence[float] | None,
) -> Assembly:
    day = map_day(as_date(map_date, what="map_date"), what="map_date")
    known = names_of(day)
    people = np.array(inhabitants.to_numpy(), dtype=np.float64)
    faults = Faults()
    for code in [str(code) for code in inhabitants.index if code not in known][:12]:
        faults.add(f"inhabitants {code}", "no such municipality", f"codes of {day}")
    if not (np.isfinite(people) & (people > 0)).all():
        faults.add("inhabitants", "figures that are missing, 0 or negative", "above 0")
    weights = np.ones(len(years)) if discount is None else np.array(discount, dtype=np.float64)
    if len(weights) != len(years):
        faults.add("discount", f"{len(weights)} weights for {len(years)} years", "one for each year")
    faults.check(f"{title}: these figures cannot be used", remedy="Correct the figures named.")
    return Assembly(
        units=tuple(map(str, inhabitants.index)), names=tuple(known[code] for code in inhabitants.index),
        inhabitants=people, years=tuple(years), drivers=tuple(drivers), correlations=tuple(correlations),
        groupings=tuple(groupings), terms=(), roles={}, choices=(), discount=weights,
        structural_year=len(years) - 1, key=people / people.sum(), map_day=day,
    )  # fmt: skip


@dataclass(eq=False)
class _FunctionRunner(Runner):
    """Asks a function instead of the engine, on the engine's draws."""

    function: Outcome | None = None

    def told(self, selection: str) -> tuple[str, ...]:
        """Main figures that some line is in."""
        del selection  # a function has one
        roles = self.assembly.roles.values()
        return tuple(name for name in QUANTITIES if any(select_of(name, self.assembly)(role) for role in roles))

    def again(self, settings: Settings, assembly: Assembly | None = None) -> Runner:
        """Return a runner of the same function on other settings."""
        if assembly is not None:
            raise _no_terms()
        return _FunctionRunner(self.assembly, settings, function=self.function)

    def run(
        self,
        outputs: Sequence[Output],
        joints: Sequence[Joint] = (),
        groupings: Sequence[Grouping] = (),
        *,
        exact: tuple[float, ...] = (),
    ) -> Summaries:
        """Refuse: a function has no terms."""
        raise _no_terms()

    def begin(self, selection: str, resume: Summaries | None = None) -> None:
        """Ask the net figures."""
        del resume  # refused before
        rows = self.units(selection, "net")
        self.digest = fingerprint(rows.sums, rows.table, rows.histograms, rows.above, rows.extremes)

    def ask(self, asked: Any, grouping: Grouping | None = None) -> None:
        """Work out what is not known yet."""
        for one in asked:
            self._one(one, grouping)

    def _one(self, one: Asked, grouping: Grouping | None) -> None:
        key = (one.selection, one.quantity)
        by_group = grouping is not None and (*key, fingerprint(grouping)) not in self._groups
        if key in self._nation and not by_group and (one.units == "none" or key in self._units):
            return
        from ggu_costs.impact.summaries import summarise_values

        if self.settings.method != "random":
            raise InputError("a function with replicated draws", remedy="Use method='random'.")
        units, draws = len(self.assembly.units), self.settings.draws
        together = max(1, _BUFFER // (8 * draws))
        parts, nation, groups = [], np.zeros(draws), None
        for start in range(0, units, together):
            held = np.empty((min(together, units - start), draws))
            done = 0
            for y in self._outcomes(one.quantity):
                held[:, done : done + len(y)] = y[:, start : start + together].T
                if start == 0:
                    nation[done : done + len(y)] = y.sum(axis=1)
                    groups = _added(groups, y, grouping, done, draws)
                done += len(y)
            parts.append(summarise_values(held))
        self._units[key] = _stacked(parts)
        self._nation[key] = summarise_values(nation[None])
        if grouping is not None and groups is not None:
            self._groups[*key, fingerprint(grouping)] = summarise_values(groups)

    def joints(self, selection: str, quantity: str, joints: Sequence[Joint]) -> list[Rows]:
        """Figures over all municipalities that are no sums."""
        from ggu_costs.impact.summaries import summarise_values

        found = []
        for joint in joints:
            values = [
                ((y > joint.threshold) * joint.weights).sum(axis=1) if joint.kind == "share_above"
                else (y * joint.weights).max(axis=1)
                for y in self._outcomes(quantity)
            ]  # fmt: skip
            found.append(summarise_values(np.concatenate(values)[None]))
        return found

    def _outcomes(self, quantity: str) -> Iterator[FloatArray]:
        """The outcome of each block of draws, shape (draws, municipalities)."""
        select = select_of(quantity, self.assembly)
        for amounts in self._blocks():
            total: FloatArray = np.zeros(next(iter(amounts.values())).shape)
            for name, amount in amounts.items():
                total = total + select(self.assembly.roles[name]) * amount
            yield total

    def _blocks(self) -> Iterator[dict[str, FloatArray]]:
        """Amounts by line of each block of draws, checked."""
        import pandas as pd

        from ggu_costs.impact.engine import draw_blocks

        assert self.function is not None  # noqa: S101 (given when made)
        assembly, units = self.assembly, len(self.assembly.units)
        local = [driver.name for driver in assembly.drivers if driver.level != NATION]
        frame = pd.DataFrame(
            {"name": list(assembly.names), "inhabitants": assembly.inhabitants},
            index=pd.Index(assembly.units, name="code"),
        )
        spec = self._drawing(local)
        for national, own in draw_blocks(spec, draws=self.settings.draws, seed=self.settings.seed):
            values = {name: row[:, None] for name, row in national.items()}
            values |= {name: own[place].T for place, name in enumerate(local)}
            count = own.shape[2]
            given = {
                name: np.asarray(amount, dtype=np.float64) for name, amount in self.function(values, frame).items()
            }
            faults = Faults()
            for name in given.keys() ^ assembly.roles.keys():
                faults.add(
                    f"line {name!r}", "given but not stated" if name in given else "not given", "the lines stated"
                )
            for name, amount in given.items():
                if amount.shape != (count, units):
                    faults.add(f"line {name!r}", f"shape {amount.shape}", f"({count}, {units}): draws, municipalities")
                elif not np.isfinite(amount).all():
                    draw = int(np.argmax(~np.isfinite(amount).all(axis=1)))
                    told = ", ".join(f"{driver} = {float(row[draw]):g}" for driver, row in national.items())
                    faults.add(f"line {name!r}", f"not finite, first with {told}", "finite amounts")
            faults.check("the function gave amounts that cannot be used", remedy="Correct the function.")
            yield given

    def _drawing(self, local: Sequence[str]) -> ModelSpec:
        """A specification that only draws: an output for every driver that is not national."""
        assembly, ones = self.assembly, np.ones(len(self.assembly.units))
        names = list(local) or ["none"]
        terms = tuple(Term(name, weights=ones, factors=((name, 1),) if local else ()) for name in names)
        outputs = [
            Output(name, np.eye(len(names))[:, [place]], units="moments", groups="none")
            for place, name in enumerate(names)
        ]
        return ModelSpec(
            units=assembly.units, years=(0,), drivers=assembly.drivers, terms=terms, outputs=tuple(outputs),
            groupings=assembly.groupings, correlations=assembly.correlations,
        )  # fmt: skip


def _no_terms() -> InputError:
    return InputError(
        "this question needs terms, and the programme is a function", remedy="Make it with programme_from_parts."
    )


def _added(
    groups: FloatArray | None, y: FloatArray, grouping: Grouping | None, first: int, draws: int
) -> FloatArray | None:
    """Sums of the groups of one block, put in their place."""
    if grouping is None:
        return None
    found = np.zeros((len(grouping.labels), draws)) if groups is None else groups
    for place in range(len(grouping.labels)):
        found[place, first : first + len(y)] = y[:, grouping.members == place].sum(axis=1)
    return found


def _stacked(parts: Sequence[Rows]) -> Rows:
    """Rows of several passes, one after the other."""
    arrays = ("sums", "table", "histograms", "above", "extremes")
    joined: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return replace(parts[0], **joined, exact=np.concatenate([part.exact for part in parts], axis=1))
