"""Programmes of a few municipalities whose answers are known, quick even without the compiler."""

from __future__ import annotations

import numpy as np

import ggu_costs as ggu
from ggu_costs.impact import Driver, MadeLine, Term, programme_from_parts
from ggu_costs.simulation import marginals

PEOPLE = ggu.municipalities(2024)["inhabitants"].loc[["GM0014", "GM0034", "GM0037", "GM0059", "GM0363"]]
SIZE = PEOPLE.to_numpy(dtype=float)
TOTAL = float(SIZE.sum())
PAID = 1.5 * TOTAL


def uniform_cost(**more):
    """EUR 1 to 3 an inhabitant, one draw for all, and a compensation of EUR 1.50 an inhabitant."""
    lines = [
        MadeLine("kosten", "Kosten", "cost", "one_off", (Term("kosten", SIZE, factors=(("prijs", 1),)),)),
        MadeLine(
            "vergoeding", "Vergoeding", "compensation", "one_off", (Term("vergoeding", SIZE / TOTAL, constant=PAID),)
        ),
    ]
    return programme_from_parts(
        "Gelijke kosten", by="de proef", inhabitants=PEOPLE, map_date="2024-01-01", years=(2024,),
        drivers=[Driver("prijs", marginals.uniform(1.0, 3.0))], lines=lines, **more,
    )  # fmt: skip


def two_ways(seed_of_prices=0.0):
    """Each for itself against once for all, over two years, with a benefit, a national and an own driver."""
    profile = np.array([1.0, 1.1])
    lines = [
        MadeLine("zelf", "Zelf", "cost", "structural", (
            Term("zelf", SIZE, constant=2.0 + seed_of_prices, factors=(("prijs", 1), ("eigen", 1)), profile=profile),
        )),
        MadeLine("samen", "Samen", "cost", "one_off", (
            Term("samen", SIZE / TOTAL, constant=3e6, factors=(("prijs", 1),), profile=np.array([1.0, 0.0])),
        )),
        MadeLine("baten", "Baten", "benefit", "structural", (Term("baten", SIZE, factors=(("baat", 1),)),)),
    ]  # fmt: skip
    return programme_from_parts(
        "Twee wegen", by="de proef", inhabitants=PEOPLE, map_date="2024-01-01", years=(2024, 2025),
        drivers=[
            Driver("prijs", marginals.triangular(0.8, 1.0, 1.6)), Driver("baat", marginals.normal(0.5, 0.1)),
            Driver("eigen", marginals.lognormal(0.0, 0.2), "unit"),
        ],
        lines=lines, alternatives={"zelf": ["zelf", "baten"], "samen": ["samen", "baten"]}, paid_in_full=True,
    )  # fmt: skip
