"""A joint procurement: opened from a model file, changed, and asked how its cost is split and if that is stable."""

from dataclasses import dataclass
from typing import Any, Literal, overload

from ggu_costs.display.report import Report
from ggu_costs.modelfile.leaving import ExitRule
from ggu_costs.procurement import adoption as of_adoption
from ggu_costs.procurement import budget as of_budget
from ggu_costs.procurement import (
    business,
    cases,
    comparison,
    membership,
    run,
    settlement,
    year_moves,
    year_report,
)
from ggu_costs.procurement import over_years as years
from ggu_costs.procurement.membership import Membership
from ggu_costs.procurement.model import CaseModel
from ggu_costs.procurement.ratchet import apply_ratchet
from ggu_costs.procurement.rules import RuleChoice
from ggu_costs.procurement.stability import check_stability
from ggu_costs.procurement.year_moves import CaseEntry, CaseExit


@dataclass(frozen=True)
class ProcurementCase(CaseModel):
    """A joint procurement (gezamenlijke inkoop). Open it with :func:`ggu_costs.open_model`.

    See Also
    --------
    ggu_costs.procurement.model.CaseModel : ``loaded, inputs, year, participants, volumes``, and the split.

    Examples
    --------
    >>> from ggu_costs.catalogue import open_model
    >>> case = open_model("procurement/example-specialised-care")
    >>> len(case.codes), case.split("equal").total
    (342, 3450620.0)
    >>> print(case.stability("fixed_plus_volume"))
    Stability: no group of participants is better off without the others. [FICTIEF VOORBEELD]
    """

    compare_rules = comparison.compare_rules
    stability = check_stability
    business_case = business.business_case
    budget = of_budget.budget
    settle = settlement.settle
    over_years = years.over_years
    adoption = of_adoption.adoption
    ratchet = apply_ratchet
    compare = cases.compare_cases
    check = run.check

    @overload
    def exit(self, code: str, rule: RuleChoice | None = None, *, year: None = None) -> Membership: ...
    @overload
    def exit(self, code: str, rule: Literal["regulation"] | ExitRule | None = None, *, year: int) -> CaseExit: ...
    def exit(self, code: str, rule: Any = None, *, year: int | None = None) -> Membership | CaseExit:
        """Return what leaving costs.

        Parameters
        ----------
        code
            A participant.
        rule
            Without a year the rule of the split. With a year the rule by which the fee is due: by default that of the
            contract; ``years``, ``declining``, ``real_damage`` and ``book_value`` are comparisons.
        year
            Of a case over years the last year in which it takes part: by every rule, beside the bills of the others.

        Raises
        ------
        InputError
            Participation is binding, it is the only participant, or a year is asked of a case without years.
        UnknownNameError
            A code that does not take part, or a rule that does not exist.
        OutsidePeriodError
            A year that is not in the file.
        """
        return membership.exit_(self, code, rule) if year is None else year_moves.leave(self, code, year, rule)

    @overload
    def entry(self, code: str, rule: RuleChoice | None = None, *, year: None = None) -> Membership: ...
    @overload
    def entry(self, code: str, rule: None = None, *, year: int) -> CaseEntry: ...
    def entry(self, code: str, rule: Any = None, *, year: int | None = None) -> Membership | CaseEntry:
        """Return what joining costs, and the least that leaves the others no worse off.

        Parameters
        ----------
        code
            A municipality of the map, or a body of the file.
        rule
            The rule of the split; of a case without years.
        year
            Of a case over years its first year: its bills and step-in payments, beside the bills of the others.

        Raises
        ------
        InputError
            Participation is binding, the code takes part already, or a year is asked of a case without years.
        UnknownNameError
            A code that could not join.
        OutsidePeriodError
            A year that is not in the file.
        """
        return membership.entry(self, code, rule) if year is None else year_moves.join(self, code, year)

    def _report(self, municipality: str | None) -> Report:
        if self.definition.over_years is not None:
            return year_report.report(self, municipality)
        return run.report(self, municipality)
