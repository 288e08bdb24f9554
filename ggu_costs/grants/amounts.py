"""What each municipality receives by a circulaire: algemene uitkering, other uitkeringen, and how it came about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, get_args

import pandas as pd

from ggu_costs.display.result import Explanation, Result, Step
from ggu_costs.errors import Faults, UnknownNameError, is_one_of
from ggu_costs.grants.tables import GrantTables
from ggu_costs.money import euros, round_half_up, round_steps, to_integers
from ggu_costs.reference import SHIPPED, Reference
from ggu_costs.words.messages import euro, message, number, word

Detail = Literal["maatstaf", "cluster", "other_grant"]
"""What an amount is broken down by."""

ROUNDING = "weight_rounding"
"""The part of an algemene uitkering that no cluster has, since published weights are rounded."""

_EXACT = Context(prec=100, traps=[Inexact])  # figures have 27 digits at most, so a sum of products fits easily
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
    outside_factor
        Maatstaven that it does not multiply.
    people
        The maatstaf that counts inhabitants.
    year, circular
        The uitkeringsjaar, and what the circulaire is called.
    map_date
        Day of the municipal map.
    lacking
        Uitkeringen that are not in the tables.
    outside
        The same in words: memorandum items.
    """

    tables: GrantTables
    factor: Decimal
    outside_factor: tuple[str, ...]
    people: str
    year: int
    circular: str
    map_date: date
    lacking: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    reference: Reference = field(default=SHIPPED, repr=False)

    @property
    def codes(self) -> list[str]:
        """Codes of the municipalities, in order."""
        return self.tables.codes

    @property
    def names(self) -> Mapping[str, str]:
        """Name by code."""
        return self.reference.names_of(self.map_date)

    @property
    def inhabitants(self) -> Mapping[str, Decimal]:
        """Inhabitants that the circulaire counts with, estimates included."""
        return self.tables.volumes[self.people]

    @cached_property
    def base(self) -> dict[str, Decimal]:
        """Euro by municipality that the factor multiplies (uitkeringsbasis)."""
        return grant_base(self.tables.weights, self.tables, self.outside_factor, multiplied=True)

    @cached_property
    def deduction(self) -> dict[str, Decimal]:
        """Euro by municipality that the factor leaves alone: negative, for the WOZ values."""
        return grant_base(self.tables.weights, self.tables, self.outside_factor, multiplied=False)

    @cached_property
    def general_cents(self) -> dict[str, int]:
        """The algemene uitkering in cents by municipality, rounded once."""
        return general_cents(self.factor, self.base, self.deduction)

    @cached_property
    def other_cents(self) -> dict[str, int]:
        """The other uitkeringen together in cents by municipality."""
        sums = dict.fromkeys(self.codes, Decimal(0))
        for column in self.tables.others.values():
            for code, amount in column.items():
                sums[code] += amount
        return {code: round_half_up(amount * 100) for code, amount in sums.items()}

    @cached_property
    def columns(self) -> dict[str, dict[str, int]]:
        """Cents by column and municipality."""
        both = {code: cents + self.other_cents[code] for code, cents in self.general_cents.items()}
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
        for name, cents in self.columns.items():
            frame[name] = euros(list(cents.values()))
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
        people = sum((self.inhabitants[code] for code in codes), Decimal(0))
        sums = {name: sum(cents[code] for code in codes) for name, cents in self.columns.items()}
        return {
            "municipalities": len(codes), "inhabitants": float(people),
            **{name: cents / 100 for name, cents in sums.items()},
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
        made: dict[str, dict[str, int]] = {name: {} for name in parts}
        for code in self.codes:
            steps, scale = to_integers([Fraction(part[code]) for part in parts.values()])
            for name, cents in zip(parts, round_steps(whole[code], [step * 100 for step in steps], scale), strict=True):
                made[name][code] = cents
        return made

    def _exact_parts(self, detail: Detail) -> dict[str, dict[str, Decimal]]:
        if detail == "other_grant":
            return {name: dict(column) for name, column in self.tables.others.items()}
        with localcontext(_EXACT):
            if detail == "maatstaf":
                return {
                    name: {
                        code: self._times(name) * weight * volume for code, volume in self.tables.volumes[name].items()
                    }
                    for name, weight in self.tables.weights.items()
                }
            parts = {name: self._of_weights(weights) for name, weights in self.tables.clusters.items()}
            whole = self._of_weights(self.tables.weights)
            parts[ROUNDING] = {
                code: total - sum(part[code] for part in parts.values()) for code, total in whole.items()
            }
            return parts

    def _of_weights(self, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Return what weights bring, exactly, within the exact context."""
        base = grant_base(weights, self.tables, self.outside_factor, multiplied=True)
        alone = grant_base(weights, self.tables, self.outside_factor, multiplied=False)
        return {code: self.factor * base[code] + alone[code] for code in self.codes}

    def _times(self, maatstaf: str) -> Decimal:
        return Decimal(1) if maatstaf in self.outside_factor else self.factor

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
        people = sum((self.inhabitants[one] for one in codes), Decimal(0))
        labels = [word(ROUNDING) if name == ROUNDING else name for name in cells]
        frame = pd.DataFrame(index=pd.Index(labels, name=detail, dtype=object))
        if detail == "maatstaf":
            frame["called"] = list(self.tables.names.values())
            frame["unit_weight"] = [float(weight) for weight in self.tables.weights.values()]
            frame["units"] = [float(sum(self.tables.volumes[name][one] for one in codes)) for name in cells]
        cents = [sum(part[one] for one in codes) for part in cells.values()]
        frame["amount"] = euros(cents)
        frame["per_inhabitant"] = [rate(part, people) for part in cents]
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
        for name in (*(n for n in self.tables.weights if n not in self.outside_factor), None, *self.outside_factor):
            if name is None:
                yield Step(word("grant_base"), euro(Fraction(self.base[code])))
                yield Step(
                    message("times_factor"), euro(Fraction(self.factor * self.base[code])),
                    message("factor_of", factor=number(self.factor), circular=self.circular),
                )  # fmt: skip
                continue
            volume, weight = self.tables.volumes[name][code], self.tables.weights[name]
            if volume and weight:
                label = message("maatstaf_named", name=self.tables.names[name], code=name,
                                weight=euro(weight, decimals=_decimals(weight)))  # fmt: skip
                with localcontext(_EXACT):
                    yield Step(label, euro(Fraction(volume * weight)), number(volume))
        yield Step(word("general_grant"), euro(Fraction(self.general_cents[code], 100)), message("not_multiplied"))
        for name, column in self.tables.others.items():
            if column[code]:
                yield Step(name, euro(Fraction(column[code])))
        yield Step(word("other_grants"), euro(Fraction(self.other_cents[code], 100)))
        yield Step(word("grants"), euro(Fraction(self.columns["grants"][code], 100)))


def grant_base(
    weights: Mapping[str, Decimal], tables: GrantTables, outside: tuple[str, ...], *, multiplied: bool
) -> dict[str, Decimal]:
    """Return the sum of weight times volume by municipality, exactly: of what the factor multiplies, or of the rest.

    Parameters
    ----------
    weights
        Euro per unit by maatstaf; one without volumes brings nothing.
    outside
        Maatstaven that the factor leaves alone.
    """
    sums = dict.fromkeys(tables.codes, Decimal(0))
    with localcontext(_EXACT):
        for name, weight in weights.items():
            if weight and name in tables.volumes and (name not in outside) == multiplied:
                for code, volume in tables.volumes[name].items():
                    sums[code] += weight * volume
    return sums


def general_cents(factor: Decimal, base: Mapping[str, Decimal], deduction: Mapping[str, Decimal]) -> dict[str, int]:
    """Return the algemene uitkering in cents by municipality, rounded once, halves away from zero."""
    with localcontext(_EXACT):
        exact = {code: (factor * amount + deduction[code]) * 100 for code, amount in base.items()}
    return {code: round_half_up(Fraction(amount)) for code, amount in exact.items()}


def _decimals(weight: Decimal) -> int:
    """As many decimals as a weight has, at least those of cents."""
    return max(2, -int(weight.normalize().as_tuple().exponent))


def rate(cents: int, people: Decimal) -> float | None:
    """Euro per inhabitant, rounded once; None where nobody lives."""
    return float(Fraction(cents, 100) / Fraction(people)) if people else None
