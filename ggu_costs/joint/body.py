"""What can be asked of a joint body: contributions now and in the years ahead, leaving and joining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from ggu_costs.joint.definition import JointBodyDefinition
from ggu_costs.joint.joining import Entry, join
from ggu_costs.joint.leaving import Exit, leave
from ggu_costs.joint.plan import Plan
from ggu_costs.joint.questions import contributions, council_view, outlook, settlement
from ggu_costs.joint.results import BodyOutlook, BodySettlement, Contributions, CouncilView
from ggu_costs.joint.tables import Advances, body_budget, deadlines, related_party
from ggu_costs.modelfile import OpenedModel
from ggu_costs.modelfile.leaving import REGULATION, ExitRule
from ggu_costs.words.messages import message


@dataclass(frozen=True)
class BodyModel(OpenedModel[JointBodyDefinition]):
    """What can be asked of a joint body; see :class:`ggu_costs.joint.model.JointBody`."""

    @cached_property
    def plan(self) -> Plan:
        """Its programme budget as numbers, with the exit fees of those who leave within the file."""
        plain = Plan(definition=self.definition, inputs=self.inputs, reference=self.reference)
        fees: dict[int, int] = {}
        for one in self.definition.participants:
            left = one.last_year
            if left is None or self.definition.exit is None or left + 1 not in plain.years or left not in plain.years:
                continue
            if len(self.definition.members(left)) > 1:  # else nobody is left with anything
                fees[left + 1] = fees.get(left + 1, 0) + (leave(plain, one.code, left).due_cents or 0)
        return replace(plain, fees=fees)

    def facts(self, **asked: Any) -> dict[str, Any]:
        """What every result of this body has."""
        return {
            "notes": self.definition.notes,
            "provenance": self.provenance(map_date=self.definition.map_date, **asked),
            "illustrative": self.definition.illustrative,
        }

    def contributions(self, year: int | None = None) -> Contributions:
        """Return what each participant contributes in a year of the file.

        Parameters
        ----------
        year
            By default the second year: the one that the budget is made for, or the only one.

        Examples
        --------
        >>> from ggu_costs.catalogue import open_joint_body
        >>> body = open_joint_body("joint-bodies/example-shared-services")
        >>> bill = body.contributions(2027)
        >>> float(bill.national()["contribution"])
        5872260.0
        """
        year = self.plan.check_year(self.next_year if year is None else year)
        return contributions(self.plan, year, self.title, self.facts(year=year))

    @property
    def next_year(self) -> int:
        """The year that the budget is made for: the second of the file, or the only one."""
        return self.definition.years[min(1, len(self.definition.years) - 1)]

    def outlook(self) -> BodyOutlook:
        """Return the contributions of all years, and the money of the body, which closes to the cent."""
        return outlook(self.plan, self.title, self.facts())

    def council_view(self, year: int | None = None) -> CouncilView:
        """Return what councils are asked their view (zienswijze) of: why a year differs from the one before.

        Raises
        ------
        OutsidePeriodError
            A year of which the one before is not in the file.
        """
        year = self.plan.check_year(self.next_year if year is None else year)
        self.plan.check_year(year - 1)
        return council_view(self.plan, year, self.title, self.facts(year=year))

    def advances(self, year: int | None = None) -> Advances:
        """Return the parts of the advance of a year, by the months of the file."""
        bill = self.contributions(year)
        return Advances(
            title=message("advances_of", title=self.title, year=bill.year), months=self.definition.body.invoice_months,
            cents=bill.cents, called=bill.called, people=bill.people, map_date=bill.map_date,
            reference=self.reference, **self.facts(year=bill.year),
        )  # fmt: skip

    def settle(self, year: int) -> BodySettlement:
        """Return the settlement of a year by actual cost and use.

        Raises
        ------
        InputError
            A year whose realisation is not in the file.
        """
        return settlement(self.plan, self.plan.check_year(year), self.title, self.facts(year=year))

    def budget(self, code: str, *, task_field: str | None = None) -> pd.DataFrame:
        """Return the lines of the budget of one participant, by task field; together its contributions.

        Raises
        ------
        InputError
            No task field.
        UnknownNameError
            A code that takes part in no year.
        """
        return body_budget(self.plan, code, task_field)

    def deadlines(self, year: int | None = None) -> pd.DataFrame:
        """Return the last day of each step of a budget year; none for a body that the Wgr does not hold for."""
        return deadlines(self.plan, self.plan.check_year(self.next_year if year is None else year))

    def related_party(self, year: int | None = None) -> pd.DataFrame:
        """Return the figures of the paragraph on related parties: equity, debt and result of a year."""
        return related_party(self.plan, self.plan.check_year(self.next_year if year is None else year))

    def exit(self, code: str, *, year: int, rule: Literal["regulation"] | ExitRule | None = None) -> Exit:
        """Return what it costs to leave at the end of a year, by every rule, and what the others then pay.

        Parameters
        ----------
        code
            A participant.
        year
            The last year in which it takes part.
        rule
            The rule by which the fee is due: by default that of the regulation; ``years``, ``declining``,
            ``real_damage`` and ``book_value`` are comparisons.

        Raises
        ------
        UnknownNameError
            A code that takes no part in that year, or a rule that does not exist.
        OutsidePeriodError
            A year that is not in the file.
        InputError
            It is the only participant.
        """
        return leave(
            self.plan, code, year, rule, **self.facts(code=code, year=year, rule=REGULATION if rule is None else rule)
        )

    def entry(self, code: str, *, year: int, figures: Mapping[str, float | Decimal] | None = None) -> Entry:
        """Return what it costs to join in a year, and what the others then pay.

        Parameters
        ----------
        code
            A municipality, or a participant that joins in that year by the file.
        year
            Its first year.
        figures
            Of a municipality that is not in the file: a number for each of its own figures.

        Raises
        ------
        InputError
            It takes part already, or figures that are missing or too many: all at once.
        UnknownNameError
            No municipality.
        """
        return join(self.plan, code, year, figures, **self.facts(code=code, year=year))
