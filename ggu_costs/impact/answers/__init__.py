"""Questions asked of a simulated programme, each answered with a frame."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the methods of a result are functions of these modules, which type checkers find only so
    from ggu_costs.impact.answers import adequacy as adequacy
    from ggu_costs.impact.answers import budget as budget
    from ggu_costs.impact.answers import charts as charts
    from ggu_costs.impact.answers import compensation as compensation
    from ggu_costs.impact.answers import convergence as convergence
    from ggu_costs.impact.answers import difference as difference
    from ggu_costs.impact.answers import distributions as distributions
    from ggu_costs.impact.answers import explain as explain
    from ggu_costs.impact.answers import grouped as grouped
    from ggu_costs.impact.answers import save as save
    from ggu_costs.impact.answers import sensitivity as sensitivity
