"""A small programme file, right in every part, for tests that put something else in it."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from oracles import impact_answers as oracle

import ggu_costs as ggu
from ggu_costs.impact.answers.questions import output_of

OURS = {"status": "illustrative", "by": "de proef"}
EURO = OURS | {"vat": "none", "price_level": "2024"}
NONE = {"value": "none"} | OURS
"""No compensation, which is known."""
PEOPLE = ggu.municipalities(2024)["inhabitants"].to_numpy(dtype=float)
CLASSES = ggu.municipalities(2024)["size_class"].astype(str).to_numpy()


def euro(value: float, **more: Any) -> dict[str, Any]:
    """An amount."""
    return {"value": value, "unit": "EUR"} | EURO | more


def key(**parts: float) -> dict[str, Any]:
    """A key."""
    return {"parts": parts or {"inhabitants": 1}} | OURS


def share(**years: float) -> dict[str, Any]:
    """A profile: share(y2024=0.5, y2025=0.5)."""
    return {"years": {name[1:]: part for name, part in years.items()}, "unit": "share"} | OURS


def line(name: str, **more: Any) -> dict[str, Any]:
    """A one-off cost of a million, by inhabitants, unless told otherwise; None takes a part out."""
    made = {
        "id": name,
        "name": name,
        "kind": "cost",
        "nature": "one_off",
        "amount": euro(1_000_000),
        "key": key(),
    } | more
    return {part: value for part, value in made.items() if value is not None}


def driver(name: str, shape: str = "uniform", **more: Any) -> dict[str, Any]:
    """A driver in shares, from 1 to 3."""
    given = {"low": 1, "high": 3} if shape == "uniform" and "low" not in more and "p10" not in more else {}
    return {"id": name, "name": name, "shape": shape, "unit": "share"} | OURS | given | more


def programme(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A programme file as a mapping; keywords replace its tables, and those of [programme] and [simulation]."""
    day = {"value": "2024-01-01", "unit": "date"} | OURS
    terms = {"map_date": day, "counting_date": day, "prices": "constant", "price_level": "2024"}
    tables = {
        "schema": 1,
        "kind": "programme",
        "id": "programmes/proef",
        "title": "Proef",
        "checked_on": "2026-11-21",
        "sources": {"besluit": {"title": "Besluit van de proef", "publisher": "VNG"}},
        "years": more.pop("years", [2024, 2025]),
        "programme": {k: v for k, v in (terms | more.pop("programme", {})).items() if v is not None},
        "simulation": {"seed": 7, "draws": 256} | more.pop("simulation", {}),
        "lines": list(lines) or [line("invoering")],
    }
    return copy.deepcopy(tables | more)


def fixed(name: str, value: float, unit: str = "share", **more: Any) -> dict[str, Any]:
    """A driver that is certain."""
    return {"id": name, "name": name, "shape": "fixed", "value": value, "unit": unit} | OURS | more


def amounts(
    tables: dict[str, Any], quantity: str = "net", selection: str | None = None, data: Any = None, values: Any = None
) -> np.ndarray:
    """An output per municipality by the plain twin; draws of the twin's own where there are drivers."""
    made = ggu.open_model(tables, data).assembly()
    spec = made.spec([output_of(made, selection or made.alternatives[0].id, quantity, "moments", "none")])
    drawn = values if values is not None else oracle.draw(spec, 16, 1)
    return next(iter(oracle.outputs(spec, drawn).values()))
