"""A small procurement case that tests can change, and slow plain twins for its rules and for the stand-alone test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

from ggu_costs.modelfile import check_definition, read_raw
from ggu_costs.procurement import ProcurementCase, ProcurementDefinition

CODES = ("GM0014", "GM0106", "GM0109", "GM0114", "GR:NOORD")  # Groningen, Assen, Coevorden, Emmen


def value(number: Any, unit: str = "EUR", **more: Any) -> dict[str, Any]:
    money = {"vat": "excl", "price_level": "2024"} if unit.startswith("EUR") else {}
    return {"value": number, "unit": unit, **money, "status": "estimated", "by": "test", **more}


def pm() -> dict[str, Any]:
    return {"mark": "pm", "unit": "EUR", "vat": "excl", "price_level": "2024", "status": "estimated", "by": "test"}


def tiers(*rows: tuple[Any, Any]) -> list[dict[str, Any]]:
    return [{"from_volume": start, "price": value(price, "EUR/unit")} for start, price in rows]


def day(text: str) -> dict[str, Any]:
    return {"value": text, "unit": "date", "status": "estimated", "by": "test"}


def small() -> dict[str, Any]:
    """Volumes 60, 30, 10, 40, 20; fixed 1,000; own 100 each; price 10 to 50 units, 6 beyond."""
    return {
        "schema": 1,
        "kind": "procurement",
        "id": "procurement/small",
        "title": "Klein",
        "checked_on": "2026-11-21",
        "sources": {"own": {"title": "Eigen cijfers", "publisher": "test"}},
        "years": [2024],
        "case": {
            "rule": "fixed_plus_volume",
            "unions": "province",
            "map_date": day("2024-01-01"),
            "counting_date": day("2024-01-01"),
            "vat": {
                "rate": value(0.21, "share"),
                "taxed_share": value(1, "share"),
                "recoverable_share": value(0.5, "share"),
            },
        },
        "participation": {"mode": "listed", "municipalities": list(CODES[:4])},
        "others": [
            {
                "code": "GR:NOORD",
                "name": "Regeling Noord",
                "kind": "joint_arrangement",
                "members": {"GM0109": 0.25, "GM0114": 0.75},
            }
        ],
        "volumes": [
            {
                "id": "units",
                "name": "stuks",
                "own": {code: value(n, "count") for code, n in zip(CODES, (60, 30, 10, 40, 20), strict=True)},
            }
        ],
        "pools": [
            {"id": "project", "name": "Project", "fixed": value(1000)},
            {"id": "join", "name": "Aansluiten", "per_participant": {"amount": value(100)}},
            {"id": "units", "name": "Stuks", "volume": {"volume": "units", "tiers": tiers((0, 10), (50, 6))}},
        ],
        "alternatives": {
            "stand_alone": {"fixed": value(300), "volumes": [{"volume": "units", "tiers": tiers((0, 11))}]},
        },
    }


def open_case(tables: dict[str, Any], data: dict[str, Any] | None = None) -> ProcurementCase:
    raw = read_raw(tables, Path)
    return ProcurementCase.open(check_definition(raw, ProcurementDefinition), data)


def tiered(volume: Fraction, rows: Sequence[tuple[int, int]], all_units: bool = False) -> Fraction:
    """Cost of a volume by tiers, unit by bound."""
    held = [row for row in rows if row[0] <= volume][-1]
    if all_units:
        return volume * held[1]
    cost = Fraction(0)
    for (start, price), following in zip(rows, [*[row[0] for row in rows[1:]], math.inf], strict=True):
        top = volume if following == math.inf else min(volume, Fraction(following))
        cost += max(Fraction(0), top - start) * price
    return cost


def shapley(count: int, cost: Any) -> list[Fraction]:
    """Mean over all orders of what each adds; `cost` takes a tuple of positions."""
    values = [Fraction(0)] * count
    orders = list(permutations(range(count)))
    for order in orders:
        before = Fraction(0)
        for place, player in enumerate(order):
            after = cost(tuple(sorted(order[: place + 1])))
            values[player] += after - before
            before = after
    return [value / len(orders) for value in values]
