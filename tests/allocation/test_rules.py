"""Rules on claims and cost sharing by demand, against their definitions."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import rules as plain

from ggu_costs import InputError, UnknownNameError
from ggu_costs.allocation import allocate, average_cost, rules, serial
from ggu_costs.allocation.inputs import read_key
from ggu_costs.allocation.on_claims import OnClaims
from ggu_costs.allocation.rules import RULES, rule_named
from ggu_costs.allocation.rules.cel import cel
from ggu_costs.allocation.scenarios import share_scenarios
from ggu_costs.allocation.sharing import Problem
from ggu_costs.errors import Faults

pytestmark = pytest.mark.kernels

CLAIMS = st.lists(st.fractions(0, 50, max_denominator=12), min_size=1, max_size=5)
PARTS = st.fractions(0, 1, max_denominator=20)
ON_CLAIMS = [name for name in RULES if isinstance(rule_named(name), OnClaims)]


@cases(150)
@given(CLAIMS, PARTS)
def test_rules_on_claims_are_exact(claims: list[Fraction], part: Fraction) -> None:
    estate = part * sum(claims)
    for name in ON_CLAIMS:
        rule = rule_named(name)
        assert isinstance(rule, OnClaims)
        awards = rule.awards(estate, claims)
        assert awards == getattr(plain, name)(estate, claims)
        assert sum(awards) == estate
        assert all(0 <= award <= claim for award, claim in zip(awards, claims, strict=True))


@cases(100)
@given(st.lists(st.integers(0, 4000), min_size=1, max_size=6), st.floats(0, 1))
def test_nobody_gets_more_cents_than_claimed(claims: list[int], part: float) -> None:
    estate = int(part * sum(claims))
    for name in ON_CLAIMS:
        awards = np.rint(allocate(estate / 100, np.array(claims) / 100, rule=name).values * 100)
        assert awards.sum() == estate
        assert (awards <= claims).all()
        assert (awards >= 0).all()


def test_a_rule_is_a_file_and_a_word() -> None:
    files = {file.stem for file in Path(rules.__file__).parent.glob("*.py")} - {"__init__"}
    assert set(RULES) == files
    for name in RULES:
        rule = rule_named(name)
        assert rule.name == name
        assert rule.takes_bounds == (name in ("proportional", "equal"))
    with pytest.raises(UnknownNameError, match="unknown rule 'cae'") as caught:
        rule_named("cae")
    assert caught.value.allowed == RULES


@pytest.mark.parametrize("cents", [True, False])
def test_a_rule_without_a_kernel_shares_scenarios_one_by_one(cents: bool) -> None:
    codes = pd.Index(["GM0363", "GM0344", "GM0345"])
    amounts, claims = np.array([[10.0, 0.05], [7.31, 20.0]]), pd.Series([4.0, 8.11, 9.5], index=codes)
    participants = read_key(claims, amounts.shape, Faults())
    assert participants is not None
    plain_rule = OnClaims("cel", cel)
    shares, error = share_scenarios(amounts, plain_rule, Problem(participants, None, None, cents))
    by_kernel = allocate(amounts, claims, rule="cel", cents=cents).values
    assert error is None
    np.testing.assert_allclose(shares, by_kernel, rtol=1e-14, atol=0 if cents else 1e-14)
    one = allocate(7.31, claims, rule="cel", cents=cents).values
    assert shares[1, 0].tolist() == one.tolist()


def test_claims_that_floats_hold_inexactly_cover_their_sum() -> None:
    assert allocate(1.0, [1 / 3, 1 / 3, 1 / 3], rule="cea", cents=False).values.sum() == pytest.approx(1.0)
    assert allocate(1.0, [1 / 3, 1 / 3, 1 / 3], rule="cea").values.tolist() == [0.34, 0.33, 0.33]
    assert allocate(0.3, [0.1, 0.2], rule="cel").values.tolist() == [0.1, 0.2]


@cases(100)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=7), st.booleans())
def test_serial_by_its_formula(demands: list[int], down: bool) -> None:
    shares = serial(demands, lambda q: 3 * q + q**2 / 4, decreasing=down)
    exact = plain.serial([Fraction(d) for d in demands], lambda q: 3 * q + q**2 / 4, down=down)
    np.testing.assert_allclose(shares, [float(share) for share in exact], rtol=1e-10, atol=1e-9)
    total = sum(demands)
    assert shares.sum() == pytest.approx(3 * total + total**2 / 4, abs=1e-8)


def test_serial_protects_small_demands_from_large_ones() -> None:
    cost = np.square
    assert serial([1, 2, 3], cost)[0] == serial([1, 2, 300], cost)[0]
    assert serial(pd.Series([2.0], index=["GM0001"]), cost).tolist() == [4]
    assert average_cost([0, 0], cost).tolist() == [0, 0]


def test_faults_of_cost_sharing() -> None:
    for share in (serial, average_cost):
        with pytest.raises(InputError, match=r"demands\[0\]: '1'; allowed: a finite number"):
            share(["1", "2"], np.square)
        with pytest.raises(InputError, match=r"(?s)demands\[0\]: .*cost: a int; allowed: a function"):
            share(["a"], 5)
    with pytest.raises(InputError, match=r"(?s)demands\[GM0002\]: -1; allowed: 0 or more.*demands\[GM0003\]: nan"):
        serial(pd.Series([1, -1, np.nan], index=["GM0001", "GM0002", "GM0003"]), np.square)
    with pytest.raises(InputError, match=r"demands\[1\]: inf"):
        serial([1, np.inf], np.square)
    with pytest.raises(InputError, match=r"shape \(0,\)"):
        serial([], np.square)
    with pytest.raises(InputError, match=r"(?s)5\.00 at 0.*fixed cost"):
        serial([1, 2], lambda q: q + 5)
    with pytest.raises(InputError, match=r"cost: shape \(\)"):
        average_cost([1, 2], lambda q: 3.0)
    with pytest.raises(InputError, match=r"cost\[1\]: nan"):
        serial([1, 2], lambda q: np.where(q > 1, np.nan, 0.0))
