r"""What each component gives beside all of them together, and what adding up separate figures would have said.

Means add up over components; quantiles do not. With :math:`Q_{0.95}` the quantile of which 95 % of the draws are at
most,

.. math:: \sum_p Q_{0.95}(y^{(p)}) \ge Q_{0.95}\Big(\sum_p y^{(p)}\Big)

for components that do not move together: not everything turns out badly at once. The difference is what a reserve of
separate worst cases holds too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ggu_costs.bundle.definition import ALL, WITHOUT
from ggu_costs.impact.answers.base import describe
from ggu_costs.impact.answers.distributions import of_years
from ggu_costs.impact.answers.funding import NATURES, told
from ggu_costs.impact.answers.leading import leading, or_leading
from ggu_costs.impact.answers.runner import Query
from ggu_costs.impact.answers.statistics import distribution
from ggu_costs.impact.programme.notes import quantity_words
from ggu_costs.words.messages import message

if TYPE_CHECKING:
    from ggu_costs.bundle.base import BundleFigures

_SHOWN = ("mean", "p5", "p50", "p95")
_P95 = 0.95


def by_component(result: BundleFigures, quantity: str = "", *, of: str = "nation") -> pd.DataFrame:
    """Return one figure of each component and of all together, on the same draws.

    Parameters
    ----------
    quantity
        By default the first that is told.
    of
        ``nation``, or the code of a municipality.

    Returns
    -------
    pandas.DataFrame
        By component, ``all`` last: ``component, kind`` and ``mean, p5, p50, p95`` with their errors, euro. Means add
        up to that of ``all``, quantiles do not. A component of which every amount of this nature is PM has no
        figures: it is not known, and not nil.
    """
    quantity = or_leading(result, quantity)
    names = [*result.components, ALL]
    place = None if of == "nation" else result.assembly.units.index(of)
    detail = "none" if place is None else "distribution"
    result.runner.ask([Query(name, quantity, detail) for name in names])  # type: ignore[arg-type]
    rows = [result.runner.nation(name, quantity) if place is None else result.runner.units(name, quantity)
            for name in names]  # fmt: skip
    if place is None:
        frame = distribution(rows, pd.Index(names, name="component_id"))
    else:
        frame = pd.concat([distribution([one], pd.Index(result.assembly.units)).loc[[of]] for one in rows])
        frame.index = pd.Index(names, name="component_id")
    kept = [f"{name}{end}" for end in ("", "_error") for name in _SHOWN]
    frame = frame[kept].copy()
    frame.loc[[name for name in result.components if _unknown(result, name, quantity)]] = np.nan
    frame.insert(0, "component", pd.Series([result.alternatives[name] for name in names], index=frame.index,
                                           dtype=object))  # fmt: skip
    kinds = [one.kind for one in result.components.values()]
    frame.insert(1, "kind", [*kinds, "bundle"])
    words = message("by_component_of" if place is None else "by_component_here", what=quantity_words(quantity))
    return describe(result.everything(), frame, words, pm=kept, nation=place is None, own=place is not None)


def _unknown(result: BundleFigures, component: str, quantity: str) -> bool:
    """Whether all that a component has of what is asked is PM."""
    natures = [nature for nature in NATURES if quantity.startswith(nature)]
    lines = [role for role in result.component(component).lines() if role.nature in natures]
    costs = [role.pm for role in lines if role.kind != "compensation"]
    return bool(costs) and all(costs)


def component_by_year(result: BundleFigures) -> pd.DataFrame:
    """Return the mean of each component in each year for the nation, not discounted.

    Returns
    -------
    pandas.DataFrame
        By year a column a component by its name, and one of all together; euro.
    """
    years, names = result.assembly.years, [*result.components, ALL]
    whole = told(result.everything(), "year")
    result.runner.ask([Query(name, f"{whole}:{year}") for name in names for year in years])
    columns = {
        message("component_column", name=result.alternatives[name]): [
            float(result.runner.nation(name, f"{whole}:{year}").mean[0]) for year in years
        ]
        for name in names
    }
    frame = pd.DataFrame(columns, index=pd.Index(years, name="year"))
    frame.columns = pd.Index(list(columns), dtype=object)  # messages stay messages
    words = message("component_by_year", what=quantity_words("net" if whole == "year" else whole))
    return describe(result.everything(), frame, words, units=dict.fromkeys(columns, "EUR"))


def with_and_without(result: BundleFigures, quantity: str = "") -> pd.DataFrame:
    """Return what everything would be for the nation without each component, on the same draws.

    Parameters
    ----------
    quantity
        By default the first that is told.

    Returns
    -------
    pandas.DataFrame
        By component ``component``, ``mean`` and ``p95`` of it alone, ``mean_without`` and ``p95_without`` of all
        others, and ``adds_to_p95``: how much lower the P95 of everything is without it.
    """
    quantity = or_leading(result, quantity)
    names = list(result.components)
    others = [f"{WITHOUT}{name}" for name in names]
    result.runner.ask([Query(name, quantity) for name in (ALL, *names, *others)])
    alone, rest = ([result.runner.nation(name, quantity) for name in part] for part in (names, others))
    whole = float(result.runner.nation(ALL, quantity).quantile(_P95)[0])
    frame = pd.DataFrame(index=pd.Index(names, name="component_id"))
    frame["component"] = pd.Series([result.alternatives[name] for name in names], index=frame.index, dtype=object)
    frame["mean"] = [float(rows.mean[0]) for rows in alone]
    frame["p95"] = [float(rows.quantile(_P95)[0]) for rows in alone]
    frame["mean_without"] = [float(rows.mean[0]) for rows in rest]
    frame["p95_without"] = [float(rows.quantile(_P95)[0]) for rows in rest]
    frame["adds_to_p95"] = whole - frame["p95_without"]
    words = message("with_and_without_of", what=quantity_words(quantity))
    euro: dict[str, str] = dict.fromkeys(("mean_without", "p95_without", "adds_to_p95"), "EUR")
    return describe(result.everything(), frame, words, units=euro)


def yearly(result: BundleFigures) -> Iterator[tuple[str, pd.DataFrame]]:
    """Return by nature the distribution of the nation in each year."""
    for quantity in leading(result):
        yield quantity, of_years(result, quantity)


def separate_quantiles(result: BundleFigures, quantity: str = "") -> pd.DataFrame:
    """Return the P95 of everything together beside the sum of the P95 of each component.

    Parameters
    ----------
    quantity
        By default the first that is told.

    Returns
    -------
    pandas.DataFrame
        By code, and ``nation`` first: ``name, mean, p95, sum_of_p95`` and ``too_much``, by how much the sum is higher.
    """
    quantity = or_leading(result, quantity)
    names = [*result.components, ALL]
    result.runner.ask([Query(name, quantity, "distribution") for name in names])

    def p95(name: str) -> list[float]:
        nation, units = result.runner.nation(name, quantity), result.runner.units(name, quantity)
        return [float(nation.quantile(_P95)[0]), *map(float, units.quantile(_P95))]

    nation, units = result.runner.nation(ALL, quantity), result.runner.units(ALL, quantity)
    frame = pd.DataFrame(index=pd.Index(["nation", *result.assembly.units], name="code"))
    frame["name"] = pd.Series(
        [message("municipalities_together"), *result.assembly.names], index=frame.index, dtype=object
    )
    frame["mean"] = [float(nation.mean[0]), *map(float, units.mean)]
    frame["p95"] = p95(ALL)
    frame["sum_of_p95"] = np.sum([p95(name) for name in result.components], axis=0)
    frame["too_much"] = frame["sum_of_p95"] - frame["p95"]
    words = message("separate_of", what=quantity_words(quantity))
    euro: dict[str, str] = dict.fromkeys(("sum_of_p95", "too_much"), "EUR")
    return describe(result.everything(), frame, words, units=euro, nation=False)
