"""The business case: together against each for itself, when it breaks even, and what work it saves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from ggu_costs.display.result import Result
from ggu_costs.errors import InputError
from ggu_costs.money import exact_sum
from ggu_costs.procurement.grouping import grouped
from ggu_costs.words.numbers import missing

if TYPE_CHECKING:
    import pandas as pd

    from ggu_costs.procurement.case import ProcurementCase
    from ggu_costs.procurement.charts import BusinessPlots
    from ggu_costs.procurement.setup import Setup
    from ggu_costs.procurement.split import Split
    from ggu_costs.typing import BoolArray, FloatArray

__all__ = ["NEVER", "BreakEven", "BusinessCase", "EffortSaved", "business_case"]

NEVER = "nooit"
"""The break-even number of what never pays."""

_TOLERANCE = 1e-9  # relative


@dataclass(frozen=True)
class EffortSaved:
    """Work saved by doing it together; beside the amounts in pools and alternatives.

    Attributes
    ----------
    alone_hours, joint_hours
        All participants, each for itself; and together, the central work included.
    value
        Euro: hours saved times the rate.
    months
        Months of work saved.
    hired
        Euro of external hire saved: the hired share of the hours saved, at the rate of hire.
    """

    alone_hours: Decimal
    joint_hours: Decimal
    value: Decimal
    months: Decimal
    hired: Decimal

    @property
    def hours(self) -> Decimal:
        """Hours saved; negative: more work together."""
        return self.alone_hours - self.joint_hours


@dataclass(frozen=True)
class BreakEven:
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
    claims: tuple[tuple[str, str, str, str, str], ...]

    @property
    def _setup(self) -> Setup:
        return self.split.setup

    @property
    def _known(self) -> FloatArray:
        alone = self._setup.alone
        return np.full(self._setup.parties.count, np.nan) if alone is None else alone

    @property
    def joint(self) -> float:
        """Joint cost, euro over the period."""
        return self.split.total

    @property
    def alone(self) -> float:
        """Cost of each for itself, euro over the period, without those that are PM; NaN where all are."""
        known = self._known[~np.isnan(self._known)]
        return exact_sum(known) if known.size else math.nan

    @property
    def joint_compared(self) -> float:
        """Joint cost of those whose stand-alone cost is known, euro over the period; NaN where nobody's is."""
        shares = self.split.values[~np.isnan(self._known)]
        return exact_sum(shares) if shares.size else math.nan

    @property
    def saving(self) -> float:
        """Saving of those whose stand-alone cost is known, euro over the period; NaN where nobody's is."""
        saved = self._known - self.split.values
        return exact_sum(saved[~np.isnan(saved)]) if not np.isnan(saved).all() else math.nan

    @property
    def saving_per_inhabitant(self) -> float:
        """Saving of the municipalities whose stand-alone cost is known, by their inhabitants; NaN without any."""
        return self._per_inhabitant(np.ones(self._setup.parties.count, dtype=np.bool_))

    def _per_inhabitant(self, inside: BoolArray) -> float:
        """Saving per inhabitant of the municipalities in a group whose stand-alone cost is known."""
        municipal = np.array([kind == "municipality" for kind in self._setup.parties.kinds])
        tested = inside & municipal & ~np.isnan(self._known)
        people = float(self._setup.parties.people[tested].sum())
        return exact_sum((self._known - self.split.values)[tested]) / people if people else math.nan

    def lines(self) -> tuple[tuple[str, object, str], ...]:
        """Return the outcome as lines of code name, value and unit; None is a memorandum item (PM).

        The number from which it pays is ``nooit`` where it never does. Where the stand-alone cost of some is PM, their
        number stands beside it, and the joint cost of the others, with which the saving is worked out.
        """
        setup = self._setup
        years = float(setup.duration)
        unknown = int(np.isnan(self._known).sum())
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
        for found in self.break_even:
            number: object = NEVER if found.number is None else found.number
            lines.append((f"break_even_{found.order}_first", number, "count"))
        if self.effort is not None:
            lines += [
                ("hours_saved", float(self.effort.hours), "hours"),
                ("months_saved", round(float(self.effort.months), 1), "months"),
                ("value_of_hours", float(self.effort.value), "EUR"),
                ("hire_saved", float(self.effort.hired), "EUR"),
            ]
        return tuple((name, None if missing(value) else value, unit) for name, value, unit in lines)

    def to_frame(self) -> pd.DataFrame:
        """Return the outcome, one line a row: ``value, unit``; NaN where it is not known, ``nooit`` as text."""
        import pandas as pd

        rows = [(name, math.nan if value is None else value, unit) for name, value, unit in self.lines()]
        frame = pd.DataFrame(rows, columns=["line", "value", "unit"]).set_index("line")
        if any(isinstance(value, str) for value in frame["value"]):
            frame["value"] = frame["value"].astype(object)
        return self._framed(frame, {}, pm=("value",))

    @property
    def plot(self) -> BusinessPlots:
        """Plots of this result (extra ``plots``)."""
        from ggu_costs.procurement.charts import BusinessPlots

        return BusinessPlots(self)

    def by_participant(self) -> pd.DataFrame:
        """Return ``name, kind, alone, joint, saving, saving_per_inhabitant`` by code; NaN is PM."""
        frame = self.split.to_frame()
        people = np.where(self._setup.parties.people > 0, self._setup.parties.people, np.nan)
        table = frame[["name", "kind", "alone"]].copy()
        table["joint"] = frame["share"]
        table["saving"] = frame["saving"]
        table["saving_per_inhabitant"] = frame["saving"] / people
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
        import pandas as pd

        parties, known, shares = self._setup.parties, self._known, self.split.values
        made = grouped(parties, group)
        rows = []
        for label, inside in made.inside.items():
            tested = inside & ~np.isnan(known)
            rows.append({
                made.name: label,
                "participants": int(inside.sum()),
                "inhabitants": float(parties.people[inside].sum()),
                "alone": exact_sum(known[tested]) if tested.any() else math.nan,
                "alone_unknown": int((inside & ~tested).sum()),
                "joint": exact_sum(shares[inside]),
                "joint_compared": exact_sum(shares[tested]) if tested.any() else math.nan,
                "saving": exact_sum((known - shares)[tested]) if tested.any() else math.nan,
                "saving_per_inhabitant": self._per_inhabitant(inside),
            })  # fmt: skip
        frame = pd.DataFrame(rows).set_index(made.name)
        if not frame["alone_unknown"].any():
            frame = frame.drop(columns=["alone_unknown", "joint_compared"])
        amounts = ("alone", "joint", "joint_compared", "saving")
        units = {**dict.fromkeys(amounts, "EUR"), "saving_per_inhabitant": "EUR/inhabitant"}
        total = ("participants", "alone_unknown", *amounts) if made.whole else ()
        frame = self._framed(frame, units, pm=("alone", "joint_compared", "saving"), total=total)
        if parties.kinds.count("municipality") < parties.count:
            frame.attrs["notes"].append("De besparing per inwoner is die van de gemeenten, zonder andere organisaties.")
        return frame

    def curve(self) -> pd.DataFrame:
        """Return the cost together and each for itself of the first 1, 2, ... participants, in both orders.

        Raises
        ------
        InputError
            No stand-alone cost is known.
        """
        import pandas as pd

        if not self.break_even:
            raise InputError("no stand-alone cost is known", remedy="Give them, for a break-even number.")
        count = len(self.break_even[0].joint)
        frame = pd.DataFrame(index=pd.RangeIndex(1, count + 1, name="participants"))
        for found in self.break_even:
            frame[f"joint_{found.order}_first"], frame[f"alone_{found.order}_first"] = found.joint, found.alone
        return self._framed(frame, dict.fromkeys(frame.columns, "EUR"))

    def claimed(self) -> pd.DataFrame:
        """Return what sources state about the case: ``name, value, unit, status, source``."""
        import pandas as pd

        frame = pd.DataFrame(self.claims, columns=["name", "value", "unit", "status", "source"])
        return self._framed(frame, {})


def business_case(case: ProcurementCase, split: Split) -> BusinessCase:
    """Work out the business case under a split."""
    definition = case.definition
    claims = []
    for claim in definition.claims:
        source = definition.sources[claim.value.source].title if claim.value.source else claim.value.by
        claims.append((claim.name, str(case.numbers.number(claim.value)), claim.value.unit, claim.value.status, source))
    return BusinessCase(
        title=f"{case.title}: businesscase",
        notes=split.notes,
        provenance=split.provenance,
        illustrative=split.illustrative,
        split=split,
        effort=_effort(case),
        break_even=_break_even(case.setup),
        claims=tuple(claims),
    )


def _effort(case: ProcurementCase) -> EffortSaved | None:
    terms = case.definition.effort
    if terms is None:
        return None
    held: Mapping[str, Decimal] = {
        name: case.numbers.known(getattr(terms, name), f"effort.{name}") for name in type(terms).model_fields
    }
    count = case.setup.parties.count
    alone = held["alone_hours"] * count
    joint = held["joint_hours"] * count + held["central_hours"]
    saved = alone - joint
    if not held["hours_per_month"]:
        raise InputError(f"{case.id}: effort.hours_per_month is 0", remedy="Give the hours of a month of work.")
    return EffortSaved(
        alone_hours=alone,
        joint_hours=joint,
        value=saved * held["rate"],
        months=saved / held["hours_per_month"],
        hired=saved * held["hired_share"] * held["hired_rate"],
    )


def _break_even(setup: Setup) -> tuple[BreakEven, ...]:
    """Both orders, over the participants whose stand-alone cost is known."""
    if setup.alone is None or np.isnan(setup.alone).all():
        return ()
    known = int(np.count_nonzero(~np.isnan(setup.alone)))
    found = []
    for name, sign in (("largest", -1.0), ("smallest", 1.0)):
        order = np.argsort(sign * setup.alone, kind="stable")  # NaN comes last
        joint = np.cumsum(setup.game.along(order[None, :])[0])[:known]
        alone = np.cumsum(setup.alone[order[:known]])
        dearer = np.flatnonzero(joint > alone + _TOLERANCE * np.maximum(1.0, joint))
        last = int(dearer[-1]) + 1 if dearer.size else 0  # the largest number that does not pay
        found.append(BreakEven(name, last + 1 if last < known else None, joint, alone))
    return tuple(found)
