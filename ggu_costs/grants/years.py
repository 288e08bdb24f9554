r"""Several uitkeringsjaren of one circulaire: the table of a kadernota, and what another circulaire does to each year.

For a year t with tables the amounts are those of its model. A later year keeps the tables of the last year L and has
the accres A added through the factor: with base b of a municipality and B of all,

.. math:: a_t = a_L + \frac{b}{B} \sum_{L < s \le t} A_s

so that other volumes, weights and mergers of those years are not in it. An uncertain accres is a distribution; of
independent years the sum is drawn, and since b is 0 or more, the percentiles of every municipality are those of that
sum.
Constant prices divide by :math:`\prod_s (1 + r_s)`, with r the rise of prices from the year before to year s.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from ggu_costs.errors import Faults, check_kind, listed
from ggu_costs.figures import finite, read_whole, shown
from ggu_costs.grants.amounts import GrantAmounts
from ggu_costs.grants.change import GrantChange, change_between
from ggu_costs.grants.model import Grant
from ggu_costs.money import round_half_up, shortest
from ggu_costs.results.base import Result
from ggu_costs.simulation.distributions.family import Marginal
from ggu_costs.simulation.marginals import describe, quantile
from ggu_costs.words.messages import message

_PERCENTILES = {"p5": 0.05, "p50": 0.5, "p95": 0.95}
_MONEY = ("general_grant", "other_grants", "grants")
_MOST_DRAWS = 10**7


@dataclass(frozen=True, kw_only=True)
class GrantYears(Result):
    """Amounts of several uitkeringsjaren.

    Attributes
    ----------
    amounts
        By year that has tables.
    added
        Accres since the last of those, in euro by later year: its mean where it is uncertain.
    percentiles
        By later year P5, P50 and P95 of the accres since, where any of it is uncertain.
    deflators
        By year what prices are of those of the base year; empty where no prices were given.
    """

    amounts: Mapping[int, GrantAmounts]
    added: Mapping[int, Fraction] = field(default_factory=dict)
    percentiles: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    deflators: Mapping[int, Fraction] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """Every year, in order."""
        return (*self.amounts, *self.added)

    @property
    def last(self) -> GrantAmounts:
        """The amounts of the last year with tables."""
        return self.amounts[max(self.amounts)]

    def cents(self, year: int) -> dict[str, int]:
        """Return all uitkeringen together of one year, in cents by municipality, at current prices."""
        if year in self.amounts:
            return self.amounts[year].columns["grants"]
        general = self._general(year)
        return {code: cents + self.last.other_cents[code] for code, cents in general.items()}

    def _general(self, year: int) -> dict[str, int]:
        """The algemene uitkering in cents of a year."""
        if year in self.amounts:
            return self.amounts[year].general_cents
        last, base = self.last.general_sums.by_code, self.last.base
        each = self.added[year] / sum(base.values(), Fraction(0))
        return {code: round_half_up(100 * (amount + each * base[code])) for code, amount in last.items()}

    def to_frame(self) -> pd.DataFrame:
        """Return by code ``name`` and all uitkeringen together in each year, in euro at current prices."""
        frame = pd.DataFrame(index=pd.Index(self.last.codes, name="code"))
        frame["name"] = [self.last.names[code] for code in self.last.codes]
        for year in self.years:
            cents = self.cents(year)
            frame[str(year)] = [cents[code] / 100 for code in self.last.codes]
        years = [str(year) for year in self.years]
        return self._framed(frame, dict.fromkeys(years, "EUR"), total=years)

    def table(self, code: str | None = None) -> pd.DataFrame:
        """Return the table of a kadernota: by year the amounts of one municipality, or of all.

        Parameters
        ----------
        code
            A municipality; by default all together.

        Returns
        -------
        pandas.DataFrame
            By year ``general_grant, other_grants, grants`` and ``year_change`` (against the year before) in euro at
            current prices; ``constant_prices`` where prices were given; ``p5, p50, p95`` of ``grants`` where the accres
            is uncertain.
        """
        if code is not None:
            self.last.check_known(code)
        rows: list[dict[str, float | None]] = []
        codes, before = self.last.codes if code is None else [code], 0
        for year in self.years:
            others = self.amounts.get(year, self.last).other_cents
            sums = [sum(part[one] for one in codes) for part in (self._general(year), others)]
            now = sum(sums)
            row: dict[str, float | None] = {name: cents / 100 for name, cents in zip(_MONEY, (*sums, now), strict=True)}
            row["year_change"] = (now - before) / 100 if rows else None
            if self.deflators:
                row["constant_prices"] = float(Fraction(now, 100) / self.deflators[year])
            rows.append(row | self._band(year, codes, Fraction(now, 100)))
            before = now
        frame = pd.DataFrame(rows, index=pd.Index(list(self.years), name="year"))
        return self._framed(frame, dict.fromkeys(map(str, frame.columns), "EUR"))

    def _band(self, year: int, codes: Sequence[str], mean: Fraction) -> dict[str, float | None]:
        """Percentiles of what codes receive in a year; None in a year that is certain."""
        if not self.percentiles:
            return {}
        if year not in self.percentiles:
            return dict.fromkeys(_PERCENTILES)
        base = self.last.base
        share = float(sum((base[code] for code in codes), Fraction(0)) / sum(base.values(), Fraction(0)))
        certain = float(mean) - share * float(self.added[year])
        return {name: certain + share * added for name, added in self.percentiles[year].items()}

    def compare(self, new: "GrantYears") -> "GrantYearsChange":
        """Return what another circulaire does to each year that both have tables of, by cause; the other is the new."""
        check_kind((new,), GrantYears, "to compare", "Give the years of another circulaire.")
        both = [year for year in self.amounts if year in new.amounts]
        faults = Faults()
        if not both:
            found = f"{listed(self.amounts)} and {listed(new.amounts)}"
            faults.add("years", found, "a year with tables in both")
        faults.check("these years cannot be compared", remedy="Give years that both have.")
        changes = {year: change_between(self.amounts[year], new.amounts[year]) for year in both}
        return GrantYearsChange(
            title=message("change_from", title=new.title, previous=self.title),
            notes=tuple(dict.fromkeys(note for change in changes.values() for note in change.notes)),
            provenance={"before": dict(self.provenance), "after": dict(new.provenance)},
            illustrative=self.illustrative or new.illustrative, changes=changes,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class GrantYearsChange(Result):
    """What another circulaire does to each year; see :class:`~ggu_costs.grants.change.GrantChange` of each."""

    changes: Mapping[int, GrantChange]

    def to_frame(self) -> pd.DataFrame:
        """Return the table of all municipalities; see :meth:`table`."""
        return self.table()

    def table(self, code: str | None = None) -> pd.DataFrame:
        """Return by year ``before``, a column a cause, ``after``, ``grants_change``, in euro: of one, or of all.

        Parameters
        ----------
        code
            A municipality; by default all together.
        """
        rows = []
        for change in self.changes.values():
            if code is not None:
                change.after.check_known(code)
            frame = change.to_frame()
            kept = ["before", *change.causes, "after", "grants_change"]
            rows.append((change.national() if code is None else frame.loc[code])[kept])
        table = pd.DataFrame(rows, index=pd.Index(list(self.changes), name="year")).astype(float)
        return self._framed(table, dict.fromkeys(map(str, table.columns), "EUR"))


def grant_years(
    *grants: Grant,
    price_rise: Mapping[int, Any] | None = None,
    accres: Mapping[int, Any] | None = None,
    seed: int | None = None,
    draws: int = 100_000,
) -> GrantYears:
    """Return several uitkeringsjaren of one circulaire; see the module for the definitions.

    Parameters
    ----------
    grants
        Opened models of one circulaire, one a year.
    price_rise
        Fraction by which prices rise from the year before to each year after the first: the index that the user
        chooses, for constant prices.
    accres
        Euro added through the factor in each year after the last: a number, or a distribution of
        :mod:`ggu_costs.simulation.marginals`.
    seed, draws
        Of an uncertain accres.

    Raises
    ------
    InputError
        Every fault of the arguments at once.

    Examples
    --------
    >>> import ggu_costs as ggu
    >>> from ggu_costs.grants import grant_years
    >>> folder = "grants/gemeentefonds/septembercirculaire-2024"
    >>> years = grant_years(*(ggu.open_grant(f"{folder}/{year}") for year in (2024, 2025)), price_rise={2025: 0.025})
    >>> years.table()["general_grant"].round().tolist()
    [38911085596.0, 40064257716.0]
    """
    check_kind(grants, Grant, "uitkeringsjaren", "Give opened models of a grant.")
    faults = Faults()
    amounts = _by_year(grants, faults)
    later = _later(accres, max(amounts, default=0), faults)
    years = [*amounts, *later]
    rises = {} if price_rise is None else _numbers("price_rise", price_rise, faults)
    if price_rise is not None and set(rises) != set(years[1:]):
        faults.add("price_rise", f"years {listed(rises) or 'none'}", f"each year after the first: {listed(years[1:])}")
    for year, rise in rises.items():
        if not -1 < rise < 1:
            faults.add(f"price_rise.{year}", str(float(rise)), "a fraction; 2.5 per cent is 0.025")
    uncertain = any(isinstance(one, Marginal) for one in later.values())
    if uncertain and seed is None:
        faults.add("seed", "not given with an uncertain accres", "a whole number, 0 or more")
    chosen = 0 if seed is None else read_whole(seed, "seed", faults, least=0, most=2**63 - 1)
    count = read_whole(draws, "draws", faults, least=100, most=_MOST_DRAWS)
    faults.check("these uitkeringsjaren cannot be put together", remedy="Correct the arguments listed.")
    added, percentiles = _added(later, chosen or 0, count or 0) if uncertain else (_sums(later), {})
    deflators = {years[0]: Fraction(1)} if rises else {}
    for year in years[1:] if rises else ():
        deflators[year] = list(deflators.values())[-1] * (1 + rises[year])
    first = next(iter(amounts.values()))
    notes = [note for one in amounts.values() for note in one.notes]
    if later:
        notes.insert(0, message("years_without_tables", years=list(later), last=max(amounts)))
    if rises:
        notes.insert(0, message("years_constant", year=years[0]))
    return GrantYears(
        title=message("grant_years", circular=first.circular, first=years[0], last=years[-1]),
        notes=tuple(dict.fromkeys(notes)),
        provenance={
            **{str(year): dict(one.provenance) for year, one in amounts.items()},
            "price_rise": {str(year): str(rise) for year, rise in rises.items()},
            "accres": {str(year): str(one) for year, one in later.items()},
            **({"seed": seed, "draws": draws} if uncertain else {}),
        },
        illustrative=any(one.illustrative for one in amounts.values()),
        amounts=amounts, added=added, percentiles=percentiles, deflators=deflators,
    )  # fmt: skip


def _by_year(grants: Sequence[Grant], faults: Faults) -> dict[int, GrantAmounts]:
    """Amounts by year, in order; circulaires that differ, and a year twice, are faults."""
    if not grants:
        faults.add("grants", "none", "one opened model for each uitkeringsjaar")
    made: dict[int, GrantAmounts] = {}
    for grant in sorted(grants, key=lambda one: one.definition.year):
        year = grant.definition.year
        if year in made:
            faults.add("grants", f"{year} twice", "each uitkeringsjaar once")
        made[year] = grant.amounts()
    circulars = list(dict.fromkeys(one.circular for one in made.values()))
    if len(circulars) > 1:
        remedy = "Compare two circulaires with compare."
        faults.add("grants", f"of {listed(circulars)}", "uitkeringsjaren of one circulaire", remedy)
    if len({tuple(one.codes) for one in made.values()}) > 1:
        faults.add("grants", "on maps with other municipalities", "uitkeringsjaren on one municipal map")
    gaps = sorted(set(range(min(made, default=0), max(made, default=0) + 1)) - made.keys()) if made else []
    if gaps:
        faults.add("grants", f"no {listed(gaps)}", "years one after the other")
    return made


def _numbers(name: str, given: Mapping[int, Any], faults: Faults) -> dict[int, Fraction]:
    if not isinstance(given, Mapping):
        faults.add(name, shown(given), "a figure by year")
        return {}
    read: dict[int, Fraction] = {}
    for year, value in sorted(given.items(), key=lambda item: str(item[0])):
        figure = finite(value)
        if not isinstance(year, int) or figure is None:
            faults.add(f"{name}.{year}", shown(value), "a finite number for a year")
        else:
            read[year] = shortest(figure)
    return read


def _later(accres: Mapping[int, Any] | None, last: int, faults: Faults) -> dict[int, Fraction | Marginal]:
    """The accres of each year after the last with tables."""
    if accres is None:
        return {}
    if not isinstance(accres, Mapping):
        faults.add("accres", shown(accres), "euro by year")
        return {}
    drawn = {year: one for year, one in accres.items() if isinstance(one, Marginal)}
    read = _numbers("accres", {year: one for year, one in accres.items() if year not in drawn}, faults)
    both: dict[int, Fraction | Marginal] = {**read, **drawn}
    if set(both) != set(range(last + 1, last + 1 + len(both))):
        faults.add("accres", f"years {listed(sorted(both)) or 'none'}", f"{last + 1} and the years after it, no gaps")
        return {}
    return dict(sorted(both.items()))


def _sums(later: Mapping[int, Fraction | Marginal]) -> dict[int, Fraction]:
    """Accres since the last year with tables: its mean where it is uncertain."""
    total, sums = Fraction(0), {}
    for year, one in later.items():
        total += shortest(describe(one)[0]) if isinstance(one, Marginal) else one
        sums[year] = total
    return sums


def _added(
    later: Mapping[int, Fraction | Marginal], seed: int, draws: int
) -> tuple[dict[int, Fraction], dict[int, dict[str, float]]]:
    """Mean of the accres since the last year with tables, and its percentiles; each year has draws of its own."""
    total, bands = np.zeros(draws), {}
    for year, one in later.items():
        if isinstance(one, Marginal):
            source = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=(year,))))
            total += quantile(one, source.standard_normal(draws))
        else:
            total += float(one)
        if np.ptp(total):
            found = np.quantile(total, list(_PERCENTILES.values())).tolist()
            bands[year] = dict(zip(_PERCENTILES, found, strict=True))
    return _sums(later), bands
