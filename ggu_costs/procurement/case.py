"""A joint procurement: opened from a model file, changed, and asked how its cost is split and if that is stable."""

from dataclasses import dataclass

from ggu_costs.display.report import Report
from ggu_costs.procurement import budget as of_budget
from ggu_costs.procurement import business, cases, comparison, membership, run, settlement
from ggu_costs.procurement.model import CaseModel
from ggu_costs.procurement.ratchet import apply_ratchet
from ggu_costs.procurement.stability import check_stability


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
    entry = membership.entry
    exit = membership.exit_
    ratchet = apply_ratchet
    compare = cases.compare_cases
    check = run.check

    def _report(self, municipality: str | None) -> Report:
        return run.report(self, municipality)
