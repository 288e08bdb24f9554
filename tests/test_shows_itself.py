"""Every public object shows itself in Python and in a notebook, short, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ggu_costs as ggu
from ggu_costs.brief import Brief, brief
from ggu_costs.impact import Driver, MadeLine, Term, marginals, programme_from_parts
from ggu_costs.impact.model import Programme
from ggu_costs.simulation.parts import Correlation

PEOPLE = ggu.municipalities(2024)["inhabitants"]
FUND = ggu.open_fund("funds/ggu/2020")
BILL = FUND.contributions()
OTHER = FUND.with_changes(key={"inhabitants": 0.8, "equal": 0.2}).contributions()
CASE = ggu.open_case("procurement/example-ibd")
LARGE = ggu.CostGame.from_pools([str(i) for i in range(300)], [ggu.Fixed(100), ggu.PerParticipant(list(range(300)))])


def made() -> Any:
    head = PEOPLE.head(300)
    line = MadeLine("l", "l", "cost", "one_off", (Term("l", head.to_numpy(float), factors=(("x", 1),)),))
    drivers = [Driver("x", marginals.empirical(np.arange(5_000.0)))]
    return programme_from_parts(
        "p", by="x", inhabitants=head, map_date="2024-01-01", years=(2024,), drivers=drivers, lines=[line]
    )


OBJECTS: dict[str, Callable[[], Any]] = {
    "fund": lambda: FUND,
    "bill": lambda: BILL,
    "change": lambda: OTHER.change_from(BILL),
    "redistribution": lambda: ggu.redistribution(BILL, OTHER),
    "of allocations": lambda: ggu.redistribution(ggu.allocate(100, PEOPLE), ggu.allocate(100, PEOPLE**0.5)),
    "phase-in": lambda: ggu.redistribution(BILL, OTHER).phase_in(1, 3),
    "comparison": lambda: ggu.compare(BILL, OTHER),
    "settlement": lambda: FUND.settle(50_000_000),
    "half year": lambda: ggu.open_fund("funds/example-portfolio").half_year("2021-H1"),
    "allocation": lambda: ggu.allocate(100, PEOPLE),
    "scenarios": lambda: ggu.allocate(np.ones(50), PEOPLE),
    "groups": lambda: ggu.groups("province", PEOPLE.index, "2024-01-01"),
    "case": lambda: CASE,
    "split": lambda: CASE.split("inhabitants"),
    "rules": CASE.compare_rules,
    "stability": lambda: CASE.stability(CASE.split("inhabitants")),
    "business case": CASE.business_case,
    "made in Python": made,
    "simulation": lambda: made().simulate(200, 1),
    "summaries": lambda: made().simulate(200, 1).runner,
    "ballot": lambda: ggu.Ballot(dict.fromkeys(map(str, range(9_999)), 1), {"1": "for"}),
    "tally": lambda: ggu.Ballot(dict.fromkeys(map(str, range(9_999)), 1), {"1": "for"}).tally(),
    "scale": lambda: ggu.open_ballot("ballots/one-each"),
    "game": lambda: LARGE,
    "solution": lambda: ggu.shapley(LARGE),
    "core": lambda: ggu.core_check(LARGE, ggu.shapley(LARGE)),
    "tiers": lambda: ggu.VolumeTiers(list(range(1, 3_001)), [(0, 2.0)]),
    "own amounts": lambda: ggu.PerParticipant(dict.fromkeys(map(str, range(9_999)), 1.0)),
    "regional": lambda: ggu.Regional({str(i): "a" for i in range(3_000)}, {"a": 1}),
    "tariff": lambda: ggu.tariff(range(9_999), [1] * 9_999),
    "correlation": lambda: Correlation(tuple(map(str, range(200))), np.eye(200)),
    "published": lambda: ggu.read_result("aangenomen met 90,5 %"),
    "report": FUND.report,
}  # fmt: skip


@pytest.mark.compiled
@pytest.mark.parametrize("name", OBJECTS)
def test_every_public_object_shows_itself_short(name: str) -> None:
    thing = OBJECTS[name]()
    assert repr(thing)
    assert " object at 0x" not in repr(thing)
    assert max(len(repr(thing)), len(str(thing))) < 10_000
    if hasattr(thing, "_repr_html_"):
        assert 100 < len(thing._repr_html_()) < 40_000


def test_a_head_says_how_many_more_there_are() -> None:
    assert brief({i: i for i in range(342)}) == "{0: 0, 1: 1, 2: 2, 3: 3, ... 338 more}"
    assert brief([[1] * 9] * 9) == "[[1, 1, 1, 1, ... 5 more], [1, 1, 1, 1, ... 5 more], [1, 1, 1, 1, ... 5 more], " \
        "[1, 1, 1, 1, ... 5 more], ... 5 more]"  # fmt: skip
    assert brief(np.ones((3, 4))) == "<ndarray of shape (3, 4), float64>"
    assert brief(pd.DataFrame({"a": [1]})) == "<DataFrame of 1 rows and 1 columns>"
    assert brief(pd.Series([1, 2])) == "<Series of shape (2,), int64>"
    assert brief(10**5000) == "<int>"
    assert len(brief("x" * 10**6)) < 500
    holds_itself: list[Any] = []
    holds_itself.append(holds_itself)
    assert len(brief(holds_itself)) < 500
    assert issubclass(Programme, Brief)
