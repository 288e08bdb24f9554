"""Which lines and drivers make up a municipality's mean and its spread."""

from ggu_costs.impact.answers.base import (
    SimulationResult,
    of_line,
    place_of,
    require_municipalities,
    structural_year_of,
)
from ggu_costs.impact.answers.estimate import rounded_euro
from ggu_costs.impact.answers.funding import NATURES, natures_of
from ggu_costs.impact.answers.leading import leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.sensitivity import OWN, sensitivity
from ggu_costs.impact.answers.statistics import error_of
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.results.base import Explanation, Step
from ggu_costs.words.messages import message, number, percent, word

_POINTS = 1024


def explain(result: SimulationResult, code: str) -> Explanation:
    """Return which lines and drivers make up a municipality's mean and spread.

    The steps are inhabitants, each line with mean and spread, the figures that are told first with their range, and
    what drives the spread of the first of these.

    Raises
    ------
    UnknownNameError
        A code that is not in this result.
    """
    require_municipalities(result)
    assembly, place = result.assembly, place_of(result, code)
    lines = result.lines()
    known = [role for role in lines if not role.pm]
    result.runner.ask([Query(result.selection, of_line(result, role), "moments") for role in known])
    basis: str
    steps = [Step(word("inhabitants"), number(assembly.inhabitants[place], decimals=0))]
    for role in lines:
        basis = message("kind_and_nature", kind=role.kind, nature=role.nature)
        if (year := structural_year_of(result, role)) is not None:
            basis = message("kind_structural_in", kind=role.kind, year=year)
        if role.pm:
            steps.append(Step(role.name, word("pm"), basis))
            continue
        rows = result.runner.units(result.selection, of_line(result, role), "moments")
        basis = message(
            "spread_of_line", basis=basis, sd=rounded_euro(rows.sd[place], nation=False),
            error=rows.standard_error[place],
        )  # fmt: skip
        steps.append(Step(role.name, rounded_euro(rows.mean[place], nation=False), basis))
    natures = natures_of(result)
    names = [name for name in leading(result) if not name.startswith(NATURES) or name.startswith(natures)]
    result.runner.ask([Query(result.selection, quantity, "distribution") for quantity in names])
    for quantity in names:
        steps += _figure(result, quantity, place)
    caveats: tuple[str, ...] = ()
    if assembly.terms and names and result.runner.units(result.selection, names[0]).sd[place] > 0:
        influence = sensitivity(result, names[0], of=code, points=_POINTS)
        caveats = influence.caveats
        for name, row in influence.to_frame().sort_values("shapley", ascending=False, kind="stable").iterrows():
            part = percent(max(float(row["shapley"]), 0.0), decimals=0)
            ends = {end: float(row[f"shapley_{end}"]) for end in ("low", "high")}
            key = "part_of_variance" if name == OWN else "part_of_variance_named"
            basis = message(key, name=name, **ends)
            steps.append(Step(message("spread_by", name=row["name"]), part, basis))
    title = message("titled_code", name=assembly.names[place], code=code, title=result.title)
    return Explanation(title, tuple(steps), (*caveats, *result.how_to_read))


def _figure(result: SimulationResult, quantity: str, place: int) -> list[Step]:
    """One figure of a municipality: mean, range, and how probable higher costs are where that is open."""
    rows, words = result.runner.units(result.selection, quantity), quantity_words(quantity)
    low, high = (rounded_euro(rows.quantile(p)[place], nation=False) for p in (0.05, 0.95))
    errors = [rows.standard_error[place], *rows.quantile_errors((0.05, 0.95))[:, place]]
    basis = message("mean_basis", error=errors[0])
    steps = [Step(message("mean_of", what=words), rounded_euro(rows.mean[place], nation=False), basis)]
    basis = message("range_basis", low=errors[1], high=errors[2])
    steps.append(Step(message("range_of", what=words), message("from_to", low=low, high=high), basis))
    share = float(rows.probability(0.0)[place])
    if 0 < share < 1:
        off = message("simulation_error", error=error_of(rows.probability_interval(0.0))[place])
        steps.append(Step(message("chance_of_higher", quantity=words), message("chance", value=share), off))
    return steps
