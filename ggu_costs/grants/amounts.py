"""What each municipality receives by a circulaire: algemene uitkering, other uitkeringen, and how it came about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Literal, get_args

import pandas as pd

from ggu_costs.errors import Faults, UnknownNameError, is_one_of
from ggu_costs.figures import read_figures, shown
from ggu_costs.grants.exact import Exact, Sums, cents, general, weighted
from ggu_costs.grants.keys import base_of, deduction_of, key_of
from ggu_costs.grants.tables import OWN_CHANGE, GrantTables
from ggu_costs.grants.worth import UnitWorth, shown_decimals, worth_of
from ggu_costs.money import euros, round_steps
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.results.base import Explanation, Result, Step
from ggu_costs.words.messages import Message, euro, message, number, word

Detail = Literal["maatstaf", "cluster", "other_grant"]
"""What an amount is broken down by."""

ROUNDING = "weight_rounding"
"""The part of an algemene uitkering that no cluster has, since published weights are rounded."""

_NO_CLUSTERS = (ROUNDING, OWN_CHANGE)
_EURO = ("general_grant", "other_grants", "grants")


@dataclass(frozen=True, kw_only=True)
class GrantAmounts(Result):
    """The money of one circulaire for one year, in whole cents by municipality.

    Attributes
    ----------
    tables
        Weights, volumes and other uitkeringen, exact.
    factor
        The uitkeringsfactor.
    people
        The maatstaf that counts inhabitants.
    year, circular
        The uitkeringsjaar, and what the circulaire is called.
    map_date
        Day of the municipal map.
    lacking
        Uitkeringen that are not in the tables.
    mixed
        That tables of several years met, in words, where they did.
    remarks
        What else a reader must know; the notes are all of it.
    """

    tables: GrantTables
    factor: Exact
    people: str
    year: int
    circular: str
    map_date: date
    lacking: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    reference: Reference = field(default=SHIPPED, repr=False)

    @property
    def outside(self) -> tuple[str, ...]:
        """What is not in the amounts, in words: memorandum items."""
        return (*self.mixed, *(lacking_words(name, self.circular) for name in self.lacking))

    @property
    def codes(self) -> list[str]:
        """Codes of the municipalities, in order."""
        return self.tables.codes

    @property
    def names(self) -> Mapping[str, str]:
        """Name by code."""
        return self.reference.names_of(self.map_date)

    @cached_property
    def inhabitants(self) -> dict[str, Fraction]:
        """Inhabitants that the circulaire counts with, estimates included."""
        return {code: Fraction(count) for code, count in self.tables.volumes[self.people].items()}

    @cached_property
    def base(self) -> dict[str, Fraction]:
        """Euro by municipality that the factor multiplies (uitkeringsbasis)."""
        return self._base.by_code

    @cached_property
    def _base(self) -> Sums:
        return base_of(self.tables.weights, self.tables)

    @cached_property
    def _deduction(self) -> Sums:
        return deduction_of(self.tables.weights, self.tables)

    @cached_property
    def general_sums(self) -> Sums:
        """The algemene uitkering by municipality, not rounded."""
        return general(Fraction(self.factor), self._base, self._deduction)

    @cached_property
    def deduction(self) -> dict[str, Fraction]:
        """Euro by municipality that the factor leaves alone: negative, for the WOZ values."""
        return self._deduction.by_code

    @cached_property
    def general_cents(self) -> dict[str, int]:
        """The algemene uitkering in cents by municipality, rounded once."""
        return cents(self.general_sums)

    @cached_property
    def other_cents(self) -> dict[str, int]:
        """The other uitkeringen together in cents by municipality."""
        columns = self.tables.other_columns
        return cents(weighted(dict.fromkeys(columns, Fraction(1)), columns, self.codes))

    @cached_property
    def columns(self) -> dict[str, dict[str, int]]:
        """Cents by column and municipality."""
        both = {code: amount + self.other_cents[code] for code, amount in self.general_cents.items()}
        return {"general_grant": self.general_cents, "other_grants": self.other_cents, "grants": both}

    def to_frame(self) -> pd.DataFrame:
        """Return the amounts by code.

        Returns
        -------
        pandas.DataFrame
            ``name, inhabitants, general_grant, other_grants, grants`` in euro, ``general_per_inhabitant`` and
            ``grants_per_inhabitant``.
        """
        frame = pd.DataFrame(index=pd.Index(self.codes, name="code"))
        frame["name"] = [self.names[code] for code in self.codes]
        frame["inhabitants"] = [float(count) for count in self.inhabitants.values()]
        for name, column in self.columns.items():
            frame[name] = euros(list(column.values()))
        for name, of in (("general_per_inhabitant", "general_grant"), ("grants_per_inhabitant", "grants")):
            frame[name] = [rate(self.columns[of][code], self.inhabitants[code]) for code in self.codes]
        return self._framed(frame, self._units(), total=("inhabitants", *_EURO))

    @staticmethod
    def _units() -> dict[str, str]:
        rates = ("general_per_inhabitant", "grants_per_inhabitant")
        units: dict[str, str] = dict.fromkeys(_EURO, "EUR")
        return units | dict.fromkeys(rates, "EUR/inhabitant")

    def national(self) -> pd.Series:
        """Return the figures of all municipalities together."""
        return pd.Series(self._row(tuple(self.codes)), name="total")

    def by(self, group: Any) -> pd.DataFrame:
        """Return the amounts by group, with euro per inhabitant of the circulaire.

        Parameters
        ----------
        group
            A reference column (``size_class``, ``province``), or your own groups as :func:`ggu_costs.groups` takes
            them. Groups that overlap, or leave municipalities out, have no total.
        """
        groups = self.reference.groups(group, self.codes, self.map_date)
        return self._grouped(groups, self._row, self._units(), total=("municipalities", "inhabitants", *_EURO))

    def _row(self, codes: tuple[str, ...]) -> dict[str, object]:
        people = sum((self.inhabitants[code] for code in codes), Fraction(0))
        sums = {name: sum(column[code] for code in codes) for name, column in self.columns.items()}
        return {
            "municipalities": len(codes), "inhabitants": float(people),
            **{name: amount / 100 for name, amount in sums.items()},
            "general_per_inhabitant": rate(sums["general_grant"], people),
            "grants_per_inhabitant": rate(sums["grants"], people),
        }  # fmt: skip

    def cells(self, detail: Detail) -> dict[str, dict[str, int]]:
        """Return cents by part and municipality, which add up to the cent.

        Parameters
        ----------
        detail
            ``maatstaf`` or ``cluster``: the parts of the algemene uitkering; ``other_grant``: the other uitkeringen.
            Weights are published in rounded parts, so clusters have a part ``weight_rounding`` besides.
        """
        if not is_one_of(detail, get_args(Detail)):
            raise UnknownNameError("detail of a grant", detail, get_args(Detail))
        parts = self._exact_parts(detail)
        whole = self.other_cents if detail == "other_grant" else self.general_cents
        scale = lcm(*(part.denominator for part in parts.values()))
        times = [100 * scale // part.denominator for part in parts.values()]
        made: dict[str, dict[str, int]] = {name: {} for name in parts}
        for place, code in enumerate(self.codes):
            steps = [by * part.numerators[place] for by, part in zip(times, parts.values(), strict=True)]
            for name, amount in zip(parts, round_steps(whole[code], steps, scale), strict=True):
                made[name][code] = amount
        return made

    def _exact_parts(self, detail: Detail) -> dict[str, Sums]:
        codes, tables = self.codes, self.tables
        if detail == "other_grant":
            return {name: weighted({name: Fraction(1)}, tables.other_columns, codes) for name in tables.others}
        if detail == "maatstaf":
            return {
                name: weighted({name: self._times(name) * Fraction(weight)}, tables.columns, codes)
                for name, weight in tables.weights.items()
            }
        return {name: self._of_weights(weights) for name, weights in self._clusters().items()}

    def _clusters(self) -> dict[str, dict[str, Fraction]]:
        """Weights by cluster, and what no cluster has: what rounding leaves, and an own change."""
        exact = {
            name: {code: Fraction(weight) for code, weight in weights.items()}
            for name, weights in self.tables.clusters.items()
        }
        own = {OWN_CHANGE: exact.pop(OWN_CHANGE)} if OWN_CHANGE in exact else {}
        in_parts = [*exact.values(), *own.values()]
        left = {
            code: Fraction(weight) - sum(part.get(code, Fraction(0)) for part in in_parts)
            for code, weight in self.tables.weights.items()
        }
        return {**exact, ROUNDING: left, **own}

    def _of_weights(self, weights: Mapping[str, Fraction]) -> Sums:
        """Return what weights bring, the factor counted."""
        paid = {name: self._times(name) * weight for name, weight in weights.items()}
        return weighted(paid, self.tables.columns, self.codes)

    def _times(self, maatstaf: str) -> Fraction:
        return Fraction(1) if maatstaf in self.tables.outside else Fraction(self.factor)

    def key(self, by: str = "base") -> dict[str, Fraction]:
        """Return by what money falls that goes the way of this uitkering, by code: only the proportions matter.

        Parameters
        ----------
        by
            ``base``: the uitkeringsbasis, by which money through the factor falls; ``cluster:NAME`` or
            ``maatstaf:CODE``: part of it; ``other:NAME``: an other uitkering; ``amount``: the algemene uitkering
            itself, after its deductions.

        Raises
        ------
        InputError
            No such cluster or maatstaf, or a deduction, which is no key.
        """
        faults = Faults()
        figures = key_of(by, self.tables, self.factor, faults)
        faults.check("this key cannot be used", remedy="Name another key.")
        return figures or {}

    def beside(self, euros: pd.Series) -> pd.DataFrame:
        """Return amounts of anything else per inhabitant and as a share of the algemene uitkering.

        Parameters
        ----------
        euros
            Euro by code, such as a contribution or what a programme costs; of all municipalities or of some.

        Returns
        -------
        pandas.DataFrame
            ``name, amount, per_inhabitant, share_of_general``, by code; a share of 0.01 is one per cent.

        Raises
        ------
        InputError
            No Series of finite euros by code of municipalities in the circulaire.
        """
        faults = Faults()
        read: dict[str, float] = {}
        if not isinstance(euros, pd.Series):
            faults.add("euros", shown(euros), "a Series of euros by code")
        else:
            labels = list(euros.index)
            self.reference.check_codes(labels, self.map_date, what="euros", complete=False, faults=faults)
            figures = read_figures(euros.tolist(), "euros", faults, labels=labels)
            read = {} if figures is None else dict(zip(map(str, labels), figures.tolist(), strict=True))
        faults.check("these amounts cannot be put beside a circulaire", remedy="Correct everything named.")
        frame = pd.DataFrame(index=pd.Index(list(read), name="code"))
        frame["name"] = [self.names[code] for code in read]
        frame["amount"] = list(read.values())
        frame["per_inhabitant"] = [amount / float(self.inhabitants[code]) for code, amount in read.items()]
        frame["share_of_general"] = [amount / float(self.general_sums.by_code[code]) for code, amount in read.items()]
        units = {"amount": "EUR", "per_inhabitant": "EUR/inhabitant", "share_of_general": "share"}
        return self._framed(frame, units, total=("amount",))

    def worth(self, units: Mapping[str, Any]) -> UnitWorth:
        """Return what more units are worth in a year, weight by weight, and what that leaves out.

        Parameters
        ----------
        units
            More units by maatstaf: ``{"woonr": 1, "inwo": 1.93}`` is a dwelling with 1.93 inhabitants.

        Examples
        --------
        >>> import ggu_costs as ggu
        >>> amounts = ggu.open_grant("grants/gemeentefonds/septembercirculaire-2024/2025").amounts()
        >>> round(amounts.worth({"inwo": 1}).total, 2)
        545.68
        """
        heading: dict[str, Any] = {"provenance": dict(self.provenance), "illustrative": self.illustrative}
        return worth_of(units, self.tables, self.factor, title=message("grant_worth", title=self.title), **heading)

    def breakdown(self, detail: Detail, code: str | None = None) -> pd.DataFrame:
        """Return the parts of the amounts, of all municipalities or of one.

        Parameters
        ----------
        detail
            As for :meth:`cells`.
        code
            One municipality; by default all together.

        Returns
        -------
        pandas.DataFrame
            By part ``amount`` and ``per_inhabitant`` in euro; by maatstaf ``called, weight, units`` too.
        """
        if code is not None:
            self.check_known(code)
        codes = self.codes if code is None else [code]
        cells = self.cells(detail)
        people = sum((self.inhabitants[one] for one in codes), Fraction(0))
        labels = [word(name) if name in _NO_CLUSTERS else name for name in cells]
        frame = pd.DataFrame(index=pd.Index(labels, name=detail, dtype=object))
        if detail == "maatstaf":
            frame["called"] = list(self.tables.names.values())
            frame["unit_weight"] = [float(weight) for weight in self.tables.weights.values()]
            volumes = self.tables.volumes
            frame["units"] = [float(sum(Fraction(volumes[name][one]) for one in codes)) for name in cells]
        amounts = [sum(part[one] for one in codes) for part in cells.values()]
        frame["amount"] = euros(amounts)
        frame["per_inhabitant"] = [rate(part, people) for part in amounts]
        units = {"amount": "EUR", "per_inhabitant": "EUR/inhabitant"}
        return self._framed(frame, units, total=("amount",))

    def check_known(self, code: str) -> None:
        """Raise when a code is none of these; says what became of it, or which code belongs to a name."""
        if is_one_of(code, self.codes):
            return
        faults = Faults()
        if isinstance(code, str):
            self.reference.check_codes([code], self.map_date, what="code", complete=False, others=True, faults=faults)
        remedy = " ".join(str(fault).rstrip(".") + "." for fault in faults.found)
        raise UnknownNameError("municipality in this circulaire", code, self.codes, remedy=remedy)

    def explain(self, code: str) -> Explanation:
        """Return the steps from volumes to the amount of one municipality.

        Raises
        ------
        UnknownNameError
            A code that is not in the circulaire.
        """
        self.check_known(code)
        title = message("titled_code", name=self.names[code], code=code, title=self.title)
        return Explanation(title, tuple(self._steps(code)), self.notes, self.title)

    def _steps(self, code: str) -> Iterator[Step]:
        for name in (*(n for n in self.tables.weights if n not in self.tables.outside), None, *self.tables.outside):
            if name is None:
                yield Step(word("grant_base"), euro(self.base[code]))
                yield Step(
                    message("times_factor"), euro(Fraction(self.factor) * self.base[code]),
                    message("factor_of", factor=number(self.factor), circular=self.circular),
                )  # fmt: skip
                continue
            volume, weight = self.tables.volumes[name][code], self.tables.weights[name]
            if volume and weight:
                label = message("maatstaf_named", name=self.tables.names[name], code=name,
                                weight=euro(weight, decimals=shown_decimals(weight)))  # fmt: skip
                yield Step(label, euro(Fraction(volume) * Fraction(weight)), number(volume))
        yield Step(word("general_grant"), euro(Fraction(self.general_cents[code], 100)), message("not_multiplied"))
        for name, column in self.tables.others.items():
            if column[code]:
                yield Step(name, euro(Fraction(column[code])))
        yield Step(word("other_grants"), euro(Fraction(self.other_cents[code], 100)))
        yield Step(word("grants"), euro(Fraction(self.columns["grants"][code], 100)))


def lacking_words(name: str, circular: str) -> Message:
    """Say that the tables of a circulaire lack an uitkering."""
    return message(f"grant_without_{name}", circular=circular)


def rate(amount: int, people: Fraction) -> float | None:
    """Euro per inhabitant of an amount in cents, rounded once; None where nobody lives."""
    return float(Fraction(amount, 100) / people) if people else None
