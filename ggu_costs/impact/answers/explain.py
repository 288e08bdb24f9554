"""Which lines and drivers make up a municipality's mean and its spread."""

from ggu_costs.display.result import Explanation, Step
from ggu_costs.impact.answers.base import SimulationResult, place_of, require_municipalities
from ggu_costs.impact.answers.estimate import rounded_euro
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.sensitivity import OWN, sensitivity
from ggu_costs.impact.answers.statistics import error_of
from ggu_costs.words.messages import message, number, percent, word

_POINTS = 1024


def explain(result: SimulationResult, code: str) -> Explanation:
    """Return which lines and drivers make up a municipality's mean and spread.

    The steps are inhabitants, each line with mean and spread, net with its range, and what drives the spread.

    Raises
    ------
    UnknownNameError
        A code that is not in this result.
    """
    require_municipalities(result)
    assembly, place = result.assembly, place_of(result, code)
    lines = result.lines()
    known = [role for role in lines if not role.pm]
    result.runner.ask([Query(result.selection, f"line:{role.id}", "moments") for role in known])
    basis: str
    steps = [Step(word("inhabitants"), number(assembly.inhabitants[place], decimals=0))]
    for role in lines:
        basis = message("kind_and_nature", kind=role.kind, nature=role.nature)
        if role.pm:
            steps.append(Step(role.name, word("pm"), basis))
            continue
        rows = result.runner.units(result.selection, f"line:{role.id}", "moments")
        basis = message(
            "spread_of_line", basis=basis, sd=rounded_euro(rows.sd[place], nation=False),
            error=rows.standard_error[place],
        )  # fmt: skip
        steps.append(Step(role.name, rounded_euro(rows.mean[place], nation=False), basis))
    net = result.runner.units(result.selection, "net")
    low, high = (rounded_euro(net.quantile(p)[place], nation=False) for p in (0.05, 0.95))
    errors = [net.standard_error[place], *net.quantile_errors((0.05, 0.95))[:, place]]
    basis = message("net_basis", error=errors[0])
    steps.append(Step(message("net_mean"), rounded_euro(net.mean[place], nation=False), basis))
    basis = message("range_basis", low=errors[1], high=errors[2])
    steps.append(Step(message("net_range"), message("from_to", low=low, high=high), basis))
    chance = message("chance", value=float(net.probability(0.0)[place]))
    off = message("simulation_error", error=error_of(net.probability_interval(0.0))[place])
    steps.append(Step(message("chance_worse_off"), chance, off))
    caveats: tuple[str, ...] = ()
    if assembly.terms and net.sd[place] > 0:
        influence = sensitivity(result, of=code, points=_POINTS)
        caveats = influence.caveats
        for name, row in influence.to_frame().sort_values("shapley", ascending=False, kind="stable").iterrows():
            part = percent(max(float(row["shapley"]), 0.0), decimals=0)
            ends = {end: float(row[f"shapley_{end}"]) for end in ("low", "high")}
            key = "part_of_variance" if name == OWN else "part_of_variance_named"
            basis = message(key, name=name, **ends)
            steps.append(Step(message("spread_by", name=row["name"]), part, basis))
    title = message("titled_code", name=assembly.names[place], code=code, title=result.title)
    return Explanation(title, tuple(steps), (*caveats, *result.how_to_read))
