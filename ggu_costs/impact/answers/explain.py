"""Which lines and drivers make up a municipality's mean and its spread."""

from ggu_costs.display.result import Explanation, Step
from ggu_costs.impact.answers.base import SimulationResult, place_of, require_municipalities
from ggu_costs.impact.answers.estimate import rounded_euro
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.sensitivity import OWN, sensitivity
from ggu_costs.impact.answers.statistics import error_of
from ggu_costs.words import numbers
from ggu_costs.words.label import label

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
    steps = [Step(label("inhabitants"), numbers.number(assembly.inhabitants[place], decimals=0))]
    for role in lines:
        basis = f"{label(role.kind, of='kind')}, {label(role.nature, of='nature')}"
        if role.pm:
            steps.append(Step(role.name, "PM", basis))
            continue
        rows = result.runner.units(result.selection, f"line:{role.id}", "moments")
        basis += f"; standaardafwijking {rounded_euro(rows.sd[place], nation=False)}"
        basis += f"; simulatiefout {numbers.euro(rows.standard_error[place], decimals=0)}"
        steps.append(Step(role.name, rounded_euro(rows.mean[place], nation=False), basis))
    net = result.runner.units(result.selection, "net")
    low, high = (rounded_euro(net.quantile(p)[place], nation=False) for p in (0.05, 0.95))
    errors = [net.standard_error[place], *net.quantile_errors((0.05, 0.95))[:, place]]
    mean_off, low_off, high_off = (numbers.euro(error, decimals=0) for error in errors)
    basis = f"kosten - baten - vergoeding; simulatiefout {mean_off}"
    steps.append(Step("Netto, gemiddeld", rounded_euro(net.mean[place], nation=False), basis))
    basis = f"90% van de trekkingen; simulatiefouten {low_off} en {high_off}"
    steps.append(Step("Netto, P5 tot P95", f"{low} tot {high}", basis))
    chance = numbers.probability(float(net.probability(0.0)[place]))
    off = numbers.percent(error_of(net.probability_interval(0.0))[place], decimals=1)
    steps.append(Step("Kans dat de gemeente erop achteruitgaat", chance, f"simulatiefout {off}"))
    caveats: tuple[str, ...] = ()
    if assembly.terms and net.sd[place] > 0:
        influence = sensitivity(result, of=code, points=_POINTS)
        caveats = influence.caveats
        for name, row in influence.to_frame().sort_values("shapley", ascending=False, kind="stable").iterrows():
            part = numbers.percent(max(float(row["shapley"]), 0.0), decimals=0)
            ends = " tot ".join(numbers.percent(float(row[f"shapley_{end}"]), decimals=0) for end in ("low", "high"))
            which = "" if name == OWN else f" ({name})"
            steps.append(Step(f"Spreiding door: {row['name']}", part, f"deel van de variantie{which}; 95%: {ends}"))
    title = f"{assembly.names[place]} ({code}): {result.title}"
    return Explanation(title, tuple(steps), (*caveats, *result.how_to_read))
