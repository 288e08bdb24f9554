"""Joint bodies for tests, as mappings of the form of a model file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

BY = {"status": "illustrative", "by": "test"}
A, B, C = "GM0345", "GM0340", "GM0351"


def euro(value: object) -> dict[str, Any]:
    """An amount, or one by year."""
    stated = {"years": {str(k): v for k, v in value.items()}} if isinstance(value, dict) else {"value": value}
    return {**stated, "unit": "EUR", "vat": "none", "price_level": "current", **BY}


def share(value: object) -> dict[str, Any]:
    """A share."""
    return {"value": value, "unit": "share", **BY}


def day(value: object) -> dict[str, Any]:
    """A date."""
    return {"value": value, "unit": "date", **BY}


def body(**more: Any) -> dict[str, Any]:
    """Three participants and four keys over four years; every amount can be checked by hand."""
    from datetime import date

    new_part = {"2026": Decimal("0.25"), "2027": Decimal("0.5"), "2028": Decimal("0.75"), "2029": 1}
    use = {A: (100, 100, 120, 100), B: (60, 80, 60, 50), C: (40, 20, 20, 50)}
    return {
        "schema": 1, "kind": "joint-body", "id": "joint-bodies/test", "title": "Proef",
        "checked_on": date(2026, 11, 30), "years": [2026, 2027, 2028, 2029],
        "sources": {"s": {"title": "s", "publisher": "s"}},
        "body": {
            "legal_form": "public_body", "map_date": day(date(2026, 1, 1)), "counting_date": day(date(2025, 1, 1)),
            "vat": {"route": "cost", "rate": share(0), "taxed_share": share(0), "recoverable_share": share(0)},
            "invoice_months": [1, 4, 7],
        },
        "participants": [{"code": A}, {"code": B}, {"code": C}],
        "figures": [
            {"id": "people", "name": "inwoners", "own": {A: 60, B: 30, C: 10}, **BY},
            {"id": "seats", "name": "plaatsen", **BY,
             "own": {code: dict(zip(("2026", "2027", "2028", "2029"), row, strict=True)) for code, row in use.items()}},
            {"id": "former", "name": "voorheen", "own": {A: 50, B: 25, C: 25}, **BY},
        ],
        "keys": [
            {"id": "equal", "name": "gelijk", "parts": {"equal": 1}, **BY},
            {"id": "people", "name": "inwoners", "parts": {"people": 1}, **BY},
            {"id": "use", "name": "afname", "parts": {"seats": 1}, **BY},
            {"id": "old", "name": "historisch", "parts": {"people": 1}, **BY,
             "transition": {"from_key": {"former": 1}, "new_part": new_part, **BY}},
        ],
        "indices": [{"id": "wages", "name": "lonen", **BY,
                     "rates": {"2027": Decimal("0.02"), "2028": Decimal("0.02"), "2029": Decimal("0.02")}}],
        "groups": [
            {"id": "fixed", "name": "Vast", "key": "equal", "amount": euro({2026: 300000}), "index": {"wages": 1}},
            {"id": "people", "name": "Inwoners", "key": "people", "amount": euro(500000)},
            {"id": "use", "name": "Afname", "key": "use", "amount": euro(200000)},
            {"id": "old", "name": "Historisch", "key": "old", "amount": euro(100000)},
        ],
        **more,
    }  # fmt: skip


def simple(yearly: dict[str, int], **more: Any) -> dict[str, Any]:
    """A body of one cost group of which each participant bears a stated amount in every year."""
    figures = [{"id": "agreed", "name": "afgesproken", "own": yearly, **BY}]
    keys = [{"id": "agreed", "name": "afgesproken", "parts": {"agreed": 1}, **BY}]
    groups = [{"id": "all", "name": "Alles", "key": "agreed", "amount": euro(sum(yearly.values()))}]
    made = body(participants=[{"code": code} for code in yearly], figures=figures, keys=keys, groups=groups, indices=[])
    return {**made, **more}
