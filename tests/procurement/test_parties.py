"""Participants: who is where, amounts per inhabitant, groups, and what holds for the most specific key."""

from __future__ import annotations

import math

import numpy as np
import pytest
from oracles.procurement import CODES

from ggu_costs.errors import UnknownNameError
from ggu_costs.procurement.business import known_sum


@pytest.fixture
def parties(case):
    return case.setup.parties


OTHERS = "overige deelnemers (geen gemeente)"


def test_an_amount_per_inhabitant_is_of_municipalities_only(parties):
    amounts = np.array([10.0, 20.0, 30.0, np.nan, 1e6])
    each = parties.per_inhabitant(amounts)
    assert each[0] == 10 / parties.inhabitants[0]
    assert np.isnan(each[3:]).all()
    everyone = np.ones(5, dtype=np.bool_)
    assert parties.per_inhabitant_of(amounts, everyone) == 60 / parties.inhabitants[:3].sum()
    assert math.isnan(parties.per_inhabitant_of(amounts, parties.among([CODES[4]])))
    assert math.isnan(parties.per_inhabitant_of(amounts, parties.among([CODES[3]])))


def test_what_is_known_is_added_up():
    assert known_sum(np.array([0.1, np.nan, 0.2])) == 0.1 + 0.2
    assert math.isnan(known_sum(np.array([np.nan])))
    assert math.isnan(known_sum(np.array([])))


def test_bodies_in_no_class_come_last(parties):
    groups = parties.groups("size_class")
    assert groups.whole
    assert list(groups.members)[-1] == OTHERS
    assert groups.members[OTHERS] == (CODES[4],)
    own = parties.groups({"first": [CODES[0]], "others": [CODES[1]]})
    assert not own.whole
    assert own.members == {"first": (CODES[0],), "others": (CODES[1],)}


def test_the_most_specific_key_holds(parties):
    table = {"municipality": 1, "GM0014": 2, parties.size_classes[1]: 3}
    found = parties.by_specific(table)
    assert found[0] == 2
    assert found[1] == 3
    assert found[4] is None


def test_who_is_chosen(parties):
    chosen = parties.among(CODES[1:3])
    assert parties.where(chosen) == list(CODES[1:3])
    assert parties.names_where(chosen) == ["Assen", "Coevorden"]
    assert parties.only(CODES[1:3]).codes == CODES[1:3]
    assert list(parties.frame(kind=True).columns) == ["name", "kind"]
    with pytest.raises(UnknownNameError, match="GM9999"):
        parties.at("GM9999")
