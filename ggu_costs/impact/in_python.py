"""Programmes made in Python: from terms of the engine, or a function over arrays for what no term can say.

The function is called with blocks of draws and gives, for each line, an amount per draw and municipality. It may look
at all municipalities together, such as for an allocation in every draw. Of its outcomes the same summaries are kept as
of a run: see :mod:`ggu_costs.impact.answers.function_runner`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, InputError, repeated
from ggu_costs.figures import read_figures, read_whole, shown
from ggu_costs.frozen import Frozen
from ggu_costs.impact.answers.function_runner import Outcome, source_of
from ggu_costs.impact.answers.funding import with_notes
from ggu_costs.impact.answers.run import simulate
from ggu_costs.impact.answers.settings import Settings
from ggu_costs.impact.programme.assembly import SIGNS, Alternative, Assembly, Role
from ggu_costs.impact.programme.build_notes import repair_notes
from ggu_costs.impact.result import ImpactResult
from ggu_costs.modelfile.notes import Use, status_notes
from ggu_costs.reference import SHIPPED, Reference, as_date
from ggu_costs.simulation.fingerprint import fingerprint
from ggu_costs.simulation.machine.sampling import Method
from ggu_costs.simulation.parts import Correlation, Driver, Grouping, Term
from ggu_costs.simulation.runs.engine import OnInterrupt
from ggu_costs.typing import DateLike
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class MadeLine(Brief):
    """A line of a programme made in Python: what it is, and its terms where it has any."""

    id: str
    name: str
    kind: str
    nature: str
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, eq=False)
class MadeProgramme(Brief, Frozen):
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
        on_interrupt: OnInterrupt = "raise",
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
        run = simulate(
            self.assembly, settings, alternative=alternative, resume=resume, function=self.function,
            on_interrupt=on_interrupt,
        )  # fmt: skip
        whose, day = message("made_in_python", by=self.by), self.assembly.map_day
        sure = status_notes(self.assembly.reference, Use((), day, day)) if day else ()
        result = ImpactResult(
            title=self.title, notes=(*run.notes, whose, *sure),
            technique=tuple(repair_notes({}, self.assembly.correlations)),
            provenance={"model": self.title, "by": self.by, "digest_of_model": _fingerprint(self), **run.provenance},
            illustrative=self.illustrative, runner=run.runner, selection=run.selection, complete=run.complete,
        )  # fmt: skip
        return with_notes(result)

    def restore(self, result: ImpactResult) -> ImpactResult:
        """Return a loaded result of this programme that answers every question; see :func:`ggu_costs.load_result`."""
        return replace(result, runner=result.with_model(self.assembly, self.function))


def _fingerprint(programme: MadeProgramme) -> str:
    parts = programme.assembly
    return fingerprint(
        parts.units, parts.inhabitants, parts.years, parts.drivers, parts.correlations, parts.groupings, parts.terms,
        parts.discount, str(parts.map_day), list(parts.roles.values()),
        [(one.id, sorted(one.terms.items())) for one in parts.alternatives], source_of(programme.function),
    )  # fmt: skip


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
    paid_in_full: bool = False,
    illustrative: bool = False,
    reference: Reference = SHIPPED,
) -> MadeProgramme:
    """Make a programme from terms of the engine.

    Parameters
    ----------
    by
        Whose model it is.
    inhabitants
        By code, of the municipalities of `map_date`; their order is that of all arrays per municipality.
    lines
        Lines with their terms; see :class:`ggu_costs.simulation.parts.Term`.
    alternatives
        Lines of each alternative; all lines in one by default.
    groupings
        Of drivers drawn for each group.
    discount
        Weight of each year in a total; 1 by default.
    paid_in_full
        The lines of kind ``compensation`` are all that the State pays. Otherwise compensation that no line states is
        not known (PM), and there is no net and no probability of a loss.
    reference
        The reference tables that the municipalities are of; the shipped ones by default.

    Raises
    ------
    InputError
        Every fault of the parts.
    """
    roles, faults = _roles(lines), Faults()
    chosen = alternatives or {"base": list(roles)}
    for name, ids in chosen.items():
        for unknown in [one for one in ids if one not in roles]:
            faults.add(f"alternatives.{name}", f"no line {unknown!r}", ", ".join(roles))
    terms: list[Term] = []
    places = {}
    for line in lines:
        if not line.terms:
            faults.add(f"lines.{line.id}", "no terms", "one or more")
        places[line.id] = tuple(range(len(terms), len(terms) + len(line.terms)))
        terms += line.terms
    faults.check(f"{title}: these parts do not fit", remedy="Correct every part named.")
    built = tuple(Alternative(name, name, {one: places[one] for one in ids}) for name, ids in chosen.items())
    assembly = replace(
        _without_parts(title, inhabitants, map_date, years, discount, reference=reference),
        drivers=tuple(drivers), terms=tuple(terms),
        correlations=tuple(correlations), groupings=tuple(groupings), roles=roles, alternatives=built,
        paid_in_full=paid_in_full,
    )  # fmt: skip
    return MadeProgramme(title, by, assembly, illustrative)


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
    paid_in_full: bool = False,
    illustrative: bool = False,
    reference: Reference = SHIPPED,
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
    assembly = replace(
        _without_parts(title, inhabitants, map_date, (0,), None, reference=reference),
        drivers=tuple(drivers), roles=roles,
        correlations=tuple(correlations), groupings=tuple(groupings),
        alternatives=(Alternative("base", title, dict.fromkeys(roles, ())),), paid_in_full=paid_in_full,
    )  # fmt: skip
    return MadeProgramme(title, by, assembly, illustrative, function)


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


def _without_parts(
    title: str,
    inhabitants: pd.Series,
    map_date: DateLike,
    years: Sequence[int],
    discount: Sequence[float] | None,
    *,
    reference: Reference,
) -> Assembly:
    """Return a programme of these municipalities and years, without drivers and lines."""
    day = reference.map_day(as_date(map_date, what="map_date"), what="map_date")
    known = reference.names_of(day)
    faults = Faults()
    if not isinstance(inhabitants, pd.Series):
        faults.add("inhabitants", shown(inhabitants), "a Series of inhabitants by code")
        faults.check(f"{title}: these figures cannot be used", remedy="Correct the figures named.")
    for code in [str(code) for code in inhabitants.index if code not in known][:12]:
        faults.add(f"inhabitants {code}", "no such municipality", f"codes of {day}")
    for code, times in repeated(inhabitants.index):
        faults.add(f"inhabitants {code}", f"there {times} times", "every municipality once")
    people = read_figures(inhabitants, "inhabitants", faults, above=0)
    labels = [read_whole(year, f"years[{place}]", faults, least=0, most=9999) for place, year in enumerate(years)]
    weights = np.ones(len(years)) if discount is None else read_figures(discount, "discount", faults)
    if weights is not None and weights.shape != (len(years),):
        faults.add("discount", f"{weights.size} weights for {len(years)} years", "one for each year")
    faults.check(f"{title}: these figures cannot be used", remedy="Correct the figures named.")
    assert people is not None  # noqa: S101 (a fault otherwise)
    assert weights is not None  # noqa: S101 (a fault otherwise)
    return Assembly(
        units=tuple(map(str, inhabitants.index)), names=tuple(known[code] for code in inhabitants.index),
        inhabitants=people, years=tuple(year or 0 for year in labels), drivers=(), correlations=(), groupings=(),
        terms=(), roles={}, alternatives=(), discount=weights, structural_year=len(years) - 1,
        key=people / people.sum(), map_day=day, reference=reference,
    )  # fmt: skip
