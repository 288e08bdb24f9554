r"""A what-if on a circulaire: other weights and volumes, factor or total, a top-slice (uitname) and task mutations.

With base B and deduction D of the changed weights and volumes, the factor f is the one stated, or of a total T with
task mutations a in all

.. math:: f = (T - D - \sum a) / B

A top-slice of u euro, and a task mutation b that falls by the base, move it to :math:`f - (u - b) / B`. The other task
mutations raise weights so that each brings its amount exactly: by a maatstaf with volume V the weight rises by
:math:`a / (f V)`, by a cluster all weights of it rise in one proportion. Factors and weights are not rounded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ggu_costs.brief import Brief
from ggu_costs.errors import Faults, did_you_mean, shortened
from ggu_costs.figures import adds_up, finite, shown
from ggu_costs.frozen import Frozen
from ggu_costs.grants.exact import Column, Exact
from ggu_costs.grants.keys import base_total, deduction_of, key_of, key_words
from ggu_costs.grants.tables import OWN_CHANGE, GrantTables
from ggu_costs.money import shortest
from ggu_costs.words.messages import Message, message

_MOST = 10**15
_TASK = ("amount", "by")


@dataclass(frozen=True)
class State(Brief, Frozen):
    """A circulaire as it stands after changes.

    Attributes
    ----------
    tables, factor
        Weights and volumes, and the factor, exact.
    words
        What was changed, in order.
    """

    tables: GrantTables
    factor: Exact
    words: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Asked(Brief, Frozen):
    """What is asked to change, as the user gives it; None where nothing is."""

    weights: Any = None
    volumes: Any = None
    factor: Any = None
    total: Any = None
    top_slice: Any = None
    tasks: Any = None


def reformed(state: State, asked: Asked, faults: Faults) -> State | None:
    """Return the circulaire after changes; None, with every fault, where they cannot be made."""
    words: list[Message] = []
    tables = _volumes(state.tables, asked.volumes, faults, words)
    tables = _weights(tables, asked.weights, faults, words)
    money = _Money(
        factor=_number("factor", asked.factor, faults, above=0),
        total=_number("total", asked.total, faults),
        top_slice=_number("top_slice", asked.top_slice, faults),
        tasks=_tasks(asked.tasks, tables, faults),
    )
    for name, given in (("factor", money.factor), ("top_slice", money.top_slice)):
        if money.total is not None and given is not None:
            remedy = "Leave the total out, or the other."
            faults.add(f"total, {name}", "both given", "one of them: a total fixes the factor", remedy)
    if faults:
        return None
    factor = _factor(tables, Fraction(state.factor), money, faults)
    if factor is None:
        return None
    words += _in_words(money, tables)
    for task in money.tasks:
        for by, share in task.by.items():
            if by != "base":
                tables = _with_task(tables, by, task.amount * share / factor)
    return State(tables, state.factor if factor == Fraction(state.factor) else factor, (*state.words, *words))


@dataclass(frozen=True)
class _Task:
    amount: Fraction
    by: dict[str, Fraction]


@dataclass(frozen=True)
class _Money:
    """What a change says of money, exactly."""

    factor: Fraction | None
    total: Fraction | None
    top_slice: Fraction | None
    tasks: list[_Task]


def _factor(tables: GrantTables, before: Fraction, money: _Money, faults: Faults) -> Fraction | None:
    """Return the factor after a change; None, with a fault, where there is none above 0."""
    base = base_total(tables.weights, tables)
    if base <= 0:
        faults.add("weights", f"an uitkeringsbasis of {float(base):,.2f}", "more than 0")
        return None
    factor = before if money.factor is None else money.factor
    if money.total is not None:
        brought = sum((task.amount for task in money.tasks), Fraction(0))
        factor = (money.total - deduction_of(tables.weights, tables).total - brought) / base
    by_base = sum((task.amount * task.by.get("base", 0) for task in money.tasks), Fraction(0))
    factor += (by_base - (money.top_slice or 0)) / base
    if factor <= 0:
        where = "total" if money.total is not None else "top_slice"
        faults.add(where, f"a factor of {float(factor):.6f}", "an amount that leaves a factor above 0")
        return None
    return factor


def _in_words(money: _Money, tables: GrantTables) -> Iterator[Message]:
    if money.factor is not None:
        yield message("grant_changed_factor", factor=money.factor)
    if money.total is not None:
        yield message("grant_changed_total", total=money.total)
    if money.top_slice is not None:
        yield message("grant_top_slice" if money.top_slice >= 0 else "grant_added", amount=abs(money.top_slice))
    for task in money.tasks:
        keys = [key_words(by, tables) for by in task.by]
        if len(keys) > 1:
            keys = [message("grant_key_share", share=share, key=key)
                    for key, share in zip(keys, task.by.values(), strict=True)]  # fmt: skip
        yield message("grant_task", amount=task.amount, keys=keys)


def _number(name: str, given: Any, faults: Faults, *, above: int | None = None) -> Fraction | None:
    """Read a number exactly; a float stands for its shortest decimal."""
    if given is None:
        return None
    figure = finite(given)
    exact = None if figure is None else shortest(figure)
    if exact is None or abs(exact) >= _MOST or (above is not None and exact <= above):
        faults.add(name, shown(given), "a finite number" if above is None else f"a finite number above {above}")
        return None
    return exact


def _items(name: str, given: Any, faults: Faults, allowed: str) -> dict[Any, Any]:
    if given is None:
        return {}
    if not hasattr(given, "items") or not len(given):
        faults.add(name, shown(given), allowed)
        return {}
    return dict(given.items())


def _volumes(tables: GrantTables, given: Any, faults: Faults, words: list[Message]) -> GrantTables:
    """Lay other volumes over those of the circulaire; what a maatstaf does not name stays."""
    volumes, columns = dict(tables.volumes), dict(tables.columns)
    asked = _items("volumes", given, faults, "units by maatstaf and code, such as {'inwo': {'GM0345': 70000}}")
    for name, by_code in asked.items():
        where = f"volumes.{shortened(str(name))}"
        if name not in volumes:
            faults.add(where, "no such maatstaf", "a maatstaf of the circulaire", did_you_mean(str(name), volumes))
            continue
        column = dict(volumes[name])
        for code, units in _items(where, by_code, faults, "units by code").items():
            figure = _number(f"{where}.{shortened(str(code))}", units, faults)
            if code not in column:
                allowed = "a municipality of the circulaire"
                faults.add(f"{where}.{shortened(str(code))}", "no such code", allowed, did_you_mean(str(code), column))
            elif figure is not None and figure < 0:
                faults.add(f"{where}.{code}", shown(units), "0 or more")
            elif figure is not None:
                column[code] = figure
        volumes[name], columns[name] = column, Column.of(column.values())
    if asked:
        words.append(message("grant_changed_volumes", names=[tables.names.get(name, str(name)) for name in asked]))
    return replace(tables, volumes=volumes, columns=columns)


def _weights(tables: GrantTables, given: Any, faults: Faults, words: list[Message]) -> GrantTables:
    """Lay other weights over those of the circulaire: of a maatstaf in all, or of its clusters."""
    asked = _items("weights", given, faults, "euro per unit by maatstaf, such as {'inwo': 380}")
    change: dict[str, dict[str, Fraction]] = {}
    for name, new in asked.items():
        where = f"weights.{shortened(str(name))}"
        if name not in tables.weights:
            faults.add(
                where, "no such maatstaf", "a maatstaf of the circulaire", did_you_mean(str(name), tables.weights)
            )
            continue
        if hasattr(new, "items"):
            for cluster, weight in new.items():
                figure = _number(f"{where}.{shortened(str(cluster))}", weight, faults)
                if cluster not in tables.clusters:
                    known = did_you_mean(str(cluster), tables.clusters)
                    faults.add(f"{where}.{shortened(str(cluster))}", "no such cluster", "a cluster", known)
                elif figure is not None:
                    difference = figure - Fraction(tables.clusters[cluster].get(name, 0))
                    change.setdefault(cluster, {})[name] = difference
            continue
        figure = _number(where, new, faults)
        if figure is not None:
            own = [cluster for cluster, weights in tables.clusters.items() if weights.get(name)]
            cluster = own[0] if len(own) == 1 else OWN_CHANGE
            change.setdefault(cluster, {})[name] = figure - Fraction(tables.weights[name])
    if asked:
        words.append(message("grant_changed_weights", names=[tables.names.get(name, str(name)) for name in asked]))
    return _added(tables, change)


def _added(tables: GrantTables, change: Mapping[str, Mapping[str, Fraction]]) -> GrantTables:
    """Return tables with euro per unit added, by cluster and maatstaf."""
    weights, clusters = dict(tables.weights), {name: dict(part) for name, part in tables.clusters.items()}
    for cluster, by_name in change.items():
        part = clusters.setdefault(cluster, {})
        for name, difference in by_name.items():
            weights[name] = Fraction(weights[name]) + difference
            part[name] = Fraction(part.get(name, 0)) + difference
    return replace(tables, weights=weights, clusters=clusters)


def _tasks(given: Any, tables: GrantTables, faults: Faults) -> list[_Task]:
    """Read task mutations: one, or a list."""
    if given is None:
        return []
    stated = [given] if isinstance(given, Mapping) else given
    if not isinstance(stated, Sequence) or isinstance(stated, str | bytes) or not stated:
        faults.add("tasks", shown(given), "{'amount': euro, 'by': key}, or a list of those")
        return []
    read = []
    for place, task in enumerate(stated):
        where = "tasks" if isinstance(given, Mapping) else f"tasks[{place}]"
        if not isinstance(task, Mapping) or set(task) != set(_TASK):
            faults.add(where, shown(task), "{'amount': euro, 'by': key}")
            continue
        amount = _number(f"{where}.amount", task["amount"], faults)
        if amount is None and task["amount"] is None:
            faults.add(f"{where}.amount", "none", "an amount in euro")
        mix = task["by"] if isinstance(task["by"], Mapping) else {task["by"]: 1}
        shares: dict[str, Fraction] = {}
        for by, part in mix.items():
            share = _number(f"{where}.by.{shortened(str(by))}", part, faults)
            if by == "amount" or (isinstance(by, str) and by.startswith("other:")):
                remedy = "Say base: money through the factor falls by the uitkeringsbasis."
                faults.add(f"{where}.by", repr(shortened(by)), "base, cluster:NAME or maatstaf:CODE", remedy)
            elif key_of(by, tables, Fraction(1), faults, f"{where}.by") is not None and share is not None:
                shares[by] = share
        if len(shares) == len(mix) and not adds_up(shares.values()):
            faults.add(f"{where}.by", f"shares that add up to {float(sum(shares.values())):g}", "1")
        if amount is not None:
            read.append(_Task(amount, shares))
    return read


def _with_task(tables: GrantTables, by: str, base: Fraction) -> GrantTables:
    """Return tables whose weights bring `base` more before the factor, by a cluster or maatstaf."""
    kind, _, name = by.partition(":")
    if kind == "cluster":
        parts = {code: Fraction(weight) for code, weight in tables.clusters[name].items()
                 if weight and code not in tables.outside}  # fmt: skip
        rise = base / base_total(parts, tables)
        change = {name: {code: weight * rise for code, weight in parts.items()}}
    else:
        whole = tables.columns[name].total
        own = [one for one, weights in tables.clusters.items() if weights.get(name)]
        change = {own[0] if len(own) == 1 else OWN_CHANGE: {name: base / whole}}
    tasks = dict(tables.tasks)
    for by_name in change.values():
        for code, difference in by_name.items():
            tasks[code] = tasks.get(code, Fraction(0)) + difference
    return replace(_added(tables, change), tasks=tasks)
