"""Models of funds and fees as mappings, small enough to change one thing at a time."""

from copy import deepcopy
from typing import Any

MONEY = {"unit": "EUR", "vat": "incl", "price_level": "current", "status": "estimated", "by": "test"}
RATE = {**MONEY, "unit": "EUR/inhabitant"}
SHARE = {"unit": "share", "status": "estimated", "by": "test"}
DATE = {"unit": "date", "status": "estimated", "by": "test"}

FUND: dict[str, Any] = {
    "schema": 1, "kind": "fund", "id": "test/fund", "title": "Proeffonds", "checked_on": "2026-01-01", "years": [2020],
    "sources": {"own": {"title": "proef", "publisher": "test"}},
    "inputs": {
        "taxed_share": {"unit": "share", "description": "belast deel", "optional": True},
        "recoverable_share": {"unit": "share", "description": "compensabel deel", "scope": "either", "optional": True},
        "offset": {"unit": "EUR", "description": "via het gemeentefonds", "scope": "municipality", "optional": True},
    },
    "fund": {
        "basis": "budget", "total": {**MONEY, "value": 1_000_000},
        "map_date": {**DATE, "value": "2020-01-01"}, "counting_date": {**DATE, "value": "2020-01-01"},
        "key": {"parts": {"inhabitants": 1}, "status": "estimated", "by": "test"},
        "vat": {
            "rate": {**SHARE, "value": 0.21}, "taxed_share": {**SHARE, "input": "taxed_share"},
            "recoverable_share": {**SHARE, "input": "recoverable_share"},
        },
    },
}  # fmt: skip

FEE: dict[str, Any] = {
    "schema": 1, "kind": "fee", "id": "test/fee", "title": "Proefcontributie", "checked_on": "2026-01-01",
    "years": [2020], "sources": {"own": {"title": "proef", "publisher": "test"}},
    "fee": {
        "mode": "marginal",
        "map_date": {**DATE, "value": "2020-01-01"}, "counting_date": {**DATE, "value": "2020-01-01"},
        "vat": {
            "rate": {**SHARE, "value": 0.21}, "taxed_share": {**SHARE, "mark": "pm"},
            "recoverable_share": {**SHARE, "mark": "pm"},
        },
        "brackets": [
            {"from_inhabitants": start, "rate": {**RATE, "vat": "none", "value": rate}}
            for start, rate in ((0, 1.92), (5_000, 1.76), (25_000, 1.52), (200_000, 0.75))
        ],
    },
}  # fmt: skip


def changed(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy of a model in which each dotted key has its new value; None removes it."""
    model = deepcopy(base)
    for key, value in changes.items():
        *path, last = key.split(".")
        part: Any = model
        for step in path:
            part = part[int(step)] if isinstance(part, list) else part.setdefault(step, {})
        if value is None:
            del part[last]
        else:
            part[int(last) if isinstance(part, list) else last] = value
    return model
