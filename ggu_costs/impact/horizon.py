"""What only all years together tell: present value, the equal amount a year, and when savings have paid for costs."""

from collections.abc import Iterator

import numpy as np

from ggu_costs.impact.answers.distributions import questions_of_years
from ggu_costs.impact.answers.funding import natures_of
from ggu_costs.impact.answers.leading import after_compensation, annual_factor, is_discounted
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.result import ImpactResult
from ggu_costs.impact.spoken import costs_between, costs_more, step_of
from ggu_costs.words.messages import message


def present_value_words(result: ImpactResult) -> str:
    """Return what a present value is of: its years, the year it is of, and the rate."""
    first, last = result.assembly.years[0], result.assembly.years[-1]
    terms = None if result.definition is None else result.definition.programme.discount
    if terms is None:
        return message("present_value", first=first, last=last)
    key = "present_value_real" if terms.kind == "real" else "present_value_nominal"
    return message(key, first=first, last=last, year=terms.base_year, rate=terms.rate.value)


def spread_over_years(result: ImpactResult) -> Iterator[str]:
    """Say a present value as an equal amount a year, and when savings have paid for costs."""
    years = result.assembly.years
    if is_discounted(result):
        rows = result.runner.nation(result.selection, "net" if after_compensation(result) else "gross")
        factor = annual_factor(result)
        mean, low, high = (
            float(value) / factor for value in (rows.mean[0], rows.quantile(0.05)[0], rows.quantile(0.95)[0])
        )
        step = step_of(mean, low, high)
        what, between = costs_more(mean, step=step, how="about"), costs_between(low, high, step=step)
        key = "equivalent_annual_sure" if low == high else "equivalent_annual"
        yield message(key, what=what, between=between, first=years[0], last=years[-1])
    if len(years) > 1 and natures_of(result):
        yield from _payback(result)


def questions_of_payback(result: ImpactResult) -> list[Query]:
    """Return what it takes to say when savings have paid for costs."""
    saves = any(role.kind == "benefit" for role in result.lines())
    return questions_of_years(result) if saves and len(result.assembly.years) > 1 and natures_of(result) else []


def _payback(result: ImpactResult) -> Iterator[str]:
    benefits = [role for role in result.lines() if role.kind == "benefit"]
    if not benefits:
        return
    if all(role.pm for role in benefits):
        yield message("payback_pm", names=[role.name for role in benefits])
        return
    frame, years = result.by_year(), result.assembly.years
    saved = frame["benefit"].to_numpy(dtype=float)
    if np.count_nonzero(saved) < 2:  # one year stands for all that come after it
        yield message("payback_unknown")
        return
    left = np.cumsum(frame["cost"].to_numpy(dtype=float) - saved) if "cost" in frame else np.cumsum(-saved)
    if left[0] <= 0:
        return
    paid = [year for place, year in enumerate(years) if (left[place:] <= 0).all()]
    yield message("payback_in", year=paid[0]) if paid else message("payback_later", first=years[0], last=years[-1])
