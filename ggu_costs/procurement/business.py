"""The business case: together against each for itself, when it breaks even, and what work it saves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ggu_costs.brief import Brief
from ggu_costs.display.chart import Chart
from ggu_costs.display.plots import Plots
from ggu_costs.errors import InputError
from ggu_costs.frames import amend
from ggu_costs.frozen import Frozen
from ggu_costs.games.limits import TOLERANCE
from ggu_costs.money import exact_sum
from ggu_costs.procurement.rules import RuleChoice
from ggu_costs.procurement.setup import Setup
from ggu_costs.results.base import Result
from ggu_costs.typing import FloatArray
from ggu_costs.words.messages import message
from ggu_costs.words.numbers import missing

if TYPE_CHECKING:
    from ggu_costs.procurement.model import CaseModel
    from ggu_costs.procurement.split import Split


NEVER = message("never")
"""The break-even number of what never pays."""

_WHERE_PM = ("alone_unknown", "joint_compared")  # columns by group where some stand-alone cost is PM


def known_sum(amounts: FloatArray) -> float:
    """Sum of the amounts that are known, euro; NaN (PM) where none is."""
    known = amounts[~np.isnan(amounts)]
    return exact_sum(known) if known.size else math.nan


@dataclass(frozen=True)
class EffortSaved:
    """Work saved by doing it together; beside the amounts in pools and alternatives.

    Attributes
    ----------
    alone_hours, joint_hours
        All participants, each for itself; and together, the central work included.
    value
        Euro: hours saved times the rate.
    hired
        Euro of external hire saved: the hired share of the same hours, at the rate of hire; part of what they are
        worth, and not added to it.
    years
        Over which the hours are.
    productive_hours
        Hours of work of one full-time equivalent (fte) in a year.
    """

    alone_hours: Decimal
    joint_hours: Decimal
    value: Decimal
    hired: Decimal
    years: Decimal
    productive_hours: Decimal

    @property
    def hours(self) -> Decimal:
        """Hours saved; negative: more work together."""
        return self.alone_hours - self.joint_hours

    @property
    def fte(self) -> Decimal:
        """Full-time equivalents that come free in every year of the period."""
        return self.hours / self.years / self.productive_hours


@dataclass(frozen=True)
class BreakEven(Brief, Frozen):
    """From how many participants on the joint cost stays below that of each for itself, in one order of joining.

    Attributes
    ----------
    order
        ``largest`` or ``smallest`` first.
    number
        Participants; None where it never does.
    joint, alone : numpy.ndarray
        Cost together and each for itself of the first 1, 2, ... n participants, euro.
    """

    order: str
    number: int | None
    joint: FloatArray
    alone: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class BusinessCase(Result):
    """Joint cost, stand-alone cost and saving of a case under one split.

    Attributes
    ----------
    split
        By which the joint cost is shared.
    effort
        Work saved; None where the file states no effort.
    break_even
        Largest and smallest participants first, of those whose stand-alone cost is known; empty where none is.
    claims
        What sources state: name, value, unit, status and source.
    """

    split: Split
    effort: EffortSaved | None
    break_even: tuple[BreakEven, ...]
    claims: tuple[tuple[str, Decimal | None, str, str, str], ...]

    @property
    def _setup(self) -> Setup:
        return self.split.setup

    @property
    def _saved(self) -> FloatArray:
        """Saving of each, euro; NaN where its stand-alone cost is PM."""
        return np.asarray(self._setup.known_alone - self.split.values)

    @property
    def _compared(self) -> FloatArray:
        """Share of each, euro; NaN where its stand-alone cost is PM."""
        return np.where(np.isnan(self._setup.known_alone), np.nan, self.split.values)

    @property
    def joint(self) -> float:
        """Joint cost, euro over the period."""
        return self.split.total

    @property
    def alone(self) -> float:
        """Cost of each for itself, euro over the period, without those that are PM; NaN where all are."""
        return known_sum(self._setup.known_alone)

    @property
    def joint_compared(self) -> float:
        """Joint cost of those whose stand-alone cost is known, euro over the period; NaN where nobody's is."""
        return known_sum(self._compared)

    @property
    def saving(self) -> float:
        """Saving of those whose stand-alone cost is known, euro over the period; NaN where nobody's is."""
        return known_sum(self._saved)

    @property
    def saving_per_inhabitant(self) -> float:
        """Saving of the municipalities whose stand-alone cost is known, by their inhabitants; NaN without any."""
        parties = self._setup.parties
        return parties.per_inhabitant_of(self._saved, np.ones(parties.count, dtype=np.bool_))

    def lines(self) -> tuple[tuple[str, object, str], ...]:
        """Return the outcome as lines of code name, value and unit; None is a memorandum item (PM).

        The number from which it pays is ``nooit`` where it never does. Where the stand-alone cost of some is PM, their
        number stands beside it, and the joint cost of the others, with which the saving is worked out.
        """
        setup = self._setup
        years = float(setup.duration)
        unknown = int(np.isnan(setup.known_alone).sum())
        lines: list[tuple[str, object, str]] = [
            ("participants", setup.parties.count, "count"),
            ("of_whom_municipalities", setup.parties.kinds.count("municipality"), "count"),
            ("duration", years, "years"),
            ("joint_cost", self.joint, "EUR"),
            ("alone_cost", self.alone, "EUR"),
        ]
        if unknown:
            lines += [("own_cost_unknown", unknown, "count"), ("joint_cost_compared", self.joint_compared, "EUR")]
        lines += [
            ("saving", self.saving, "EUR"),
            ("saving_per_year", self.saving / years, "EUR"),
            ("saving_of_municipalities_per_inhabitant", self.saving_per_inhabitant, "EUR/inhabitant"),
        ]
        for turn in self.break_even:
            lines.append((f"break_even_{turn.order}_first", NEVER if turn.number is None else turn.number, "count"))
        if self.effort is not None:
            lines += [
                ("hours_saved", float(self.effort.hours), "hours"),
                ("capacity_freed", round(float(self.effort.fte), 1), "fte"),
                ("value_of_hours", float(self.effort.value), "EUR"),
                ("hire_saved", float(self.effort.hired), "EUR"),
            ]
        return tuple((name, None if missing(value) else value, unit) for name, value, unit in lines)

    def to_frame(self) -> pd.DataFrame:
        """Return the outcome, one line a row: ``value, unit``; NaN where it is not known, ``nooit`` as text."""
        rows = [(name, math.nan if value is None else value, unit) for name, value, unit in self.lines()]
        frame = pd.DataFrame(rows, columns=["line", "value", "unit"]).set_index("line")
        if any(isinstance(value, str) for value in frame["value"]):
            frame["value"] = frame["value"].astype(object)
        return self._framed(frame, {}, pm=("value",))

    @property
    def plot(self) -> Plots:
        """Charts of this result (extra ``plots``): ``saving``."""
        return Plots(saving=self.saving_chart)

    def saving_chart(self, group: Any = "size_class", *, lang: str = "nl") -> Chart:
        """Draw the cost of each for itself beside the joint cost; participants whose own cost is PM are left out.

        Parameters
        ----------
        group
            As for :meth:`by`.
        """
        frame = self.by(group).dropna(subset="alone")
        joint = "joint_compared" if "joint_compared" in frame else "joint"
        return Chart(title=self.title, frame=frame, kind="pair", x=str(frame.index.name), y=("alone", joint))

    def by_participant(self) -> pd.DataFrame:
        """Return ``name, kind, alone, joint, saving, saving_per_inhabitant`` by code; NaN is PM."""
        frame = self.split.to_frame()
        table = frame[["name", "kind", "alone"]].copy()
        table["joint"] = frame["share"]
        table["saving"] = frame["saving"]
        table["saving_per_inhabitant"] = self._setup.parties.per_inhabitant(self._saved)
        amounts = ("alone", "joint", "saving")
        units = {**dict.fromkeys(amounts, "EUR"), "saving_per_inhabitant": "EUR/inhabitant"}
        return self._framed(table, units, pm=("alone", "saving"), total=amounts)

    def by(self, group: Any = "size_class") -> pd.DataFrame:
        """Return the outcome by size class, kind, region or groups of your own.

        Parameters
        ----------
        group
            ``size_class``, ``kind``, or a reference column of labels such as ``province``: bodies that are in no class
            or region come together last. Or your own groups as :func:`ggu_costs.groups` takes them; where they overlap
            or leave participants out there is no total.

        Returns
        -------
        pandas.DataFrame
            ``participants, inhabitants, alone, joint, saving, saving_per_inhabitant``. Where the stand-alone cost of
            some is PM also ``alone_unknown``, their number, and ``joint_compared``, the joint cost of the others: then
            ``saving = alone - joint_compared``.

        Notes
        -----
        The saving is of those whose stand-alone cost is known; per inhabitant it is that of the municipalities among
        them, by their inhabitants.

        Raises
        ------
        InputError, UnknownNameError
            Groups that cannot be used; see :func:`ggu_costs.groups`.
        """
        parties, known, shares = self._setup.parties, self._setup.known_alone, self.split.values
        compared, saved = self._compared, self._saved
        groups = parties.groups(group)
        partly = any(np.isnan(known[parties.among(codes)]).any() for codes in groups.members.values())

        def row(codes: tuple[str, ...]) -> dict[str, object]:
            inside = parties.among(codes)
            figures: dict[str, object] = {
                "participants": int(inside.sum()),
                "inhabitants": float(parties.people[inside].sum()),
                "alone": known_sum(known[inside]),
                "alone_unknown": int(np.isnan(known[inside]).sum()),
                "joint": exact_sum(shares[inside]),
                "joint_compared": known_sum(compared[inside]),
                "saving": known_sum(saved[inside]),
                "saving_per_inhabitant": parties.per_inhabitant_of(saved, inside),
            }
            return figures if partly else {name: figures[name] for name in figures if name not in _WHERE_PM}

        amounts = ("alone", "joint", "joint_compared", "saving")
        units = {**dict.fromkeys(amounts, "EUR"), "saving_per_inhabitant": "EUR/inhabitant"}
        total = ("participants", "alone_unknown", *amounts)
        frame = self._grouped(groups, row, units, pm=("alone", "joint_compared", "saving"), total=total)
        if all(kind == "municipality" for kind in parties.kinds):
            return frame
        per_inhabitant = message("saving_of_municipalities")
        return amend(frame, notes=[*self.notes, per_inhabitant])

    def curve(self) -> pd.DataFrame:
        """Return the cost together and each for itself of the first 1, 2, ... participants, in both orders.

        Raises
        ------
        InputError
            No stand-alone cost is known.
        """
        if not self.break_even:
            raise InputError("no stand-alone cost is known", remedy="Give them, for a break-even number.")
        count = len(self.break_even[0].joint)
        frame = pd.DataFrame(index=pd.RangeIndex(1, count + 1, name="participants"))
        for turn in self.break_even:
            frame[f"joint_{turn.order}_first"], frame[f"alone_{turn.order}_first"] = turn.joint, turn.alone
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"))

    def claimed(self) -> pd.DataFrame:
        """Return what sources state about the case: ``name, value, unit, status, source``."""
        frame = pd.DataFrame(self.claims, columns=["name", "value", "unit", "status", "source"])
        return self._framed(frame, {})


def business_case(case: CaseModel, split: Split | RuleChoice | None = None) -> BusinessCase:
    """Put the joint cost beside that of each for itself, under a split; by default by the rule of the file.

    Raises
    ------
    InputError
        A split of another case, or of other participants, volumes or amounts.
    """
    split, definition = case.own_split(split), case.definition
    claims = []
    for claim in definition.claims:
        source = definition.sources[claim.value.source].title if claim.value.source else claim.value.by
        claims.append((claim.name, case.numbers.number(claim.value), claim.value.unit, claim.value.status, source))
    return BusinessCase(
        title=message("business_case_of", title=case.title),
        notes=split.notes,
        provenance=split.provenance,
        illustrative=split.illustrative,
        split=split,
        effort=_effort(case),
        break_even=_break_even(case.setup),
        claims=tuple(claims),
    )


def _effort(case: CaseModel) -> EffortSaved | None:
    terms = case.definition.effort
    if terms is None:
        return None
    known = {name: case.numbers.known(getattr(terms, name), f"effort.{name}") for name in type(terms).model_fields}
    count = case.setup.parties.count
    alone = known["alone_hours"] * count
    joint = known["joint_hours"] * count + known["central_hours"]
    saved = alone - joint
    if not known["productive_hours"]:
        raise InputError(f"{case.id}: effort.productive_hours is 0", remedy="Give the hours an fte works in a year.")
    return EffortSaved(
        alone_hours=alone,
        joint_hours=joint,
        value=saved * known["rate"],
        hired=saved * known["hired_share"] * known["hired_rate"],
        years=case.numbers.duration,
        productive_hours=known["productive_hours"],
    )


def _break_even(setup: Setup) -> tuple[BreakEven, ...]:
    """Both orders, over the participants whose stand-alone cost is known."""
    if setup.alone is None or np.isnan(setup.alone).all():
        return ()
    known = int(np.count_nonzero(~np.isnan(setup.alone)))
    both = []
    for name, sign in (("largest", -1.0), ("smallest", 1.0)):
        order = np.argsort(sign * setup.alone, kind="stable")  # NaN comes last
        joint = np.cumsum(setup.joint_game.along(order[None, :])[0])[:known]
        alone = np.cumsum(setup.alone[order[:known]])
        dearer = np.flatnonzero(joint > alone + TOLERANCE * np.maximum(1.0, joint))
        last = int(dearer[-1]) + 1 if dearer.size else 0  # the largest number that does not pay
        both.append(BreakEven(name, last + 1 if last < known else None, joint, alone))
    return tuple(both)
