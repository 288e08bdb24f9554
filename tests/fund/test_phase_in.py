"""The phase-in: neutral to the cent in every year, never beyond the full effect, and honest about what remains."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles.fund import phase_in_year

import ggu_costs as ggu
from ggu_costs.errors import InputError, UnknownNameError

CODES = list(ggu.members("2020-01-01")[:19])
CAPS = st.lists(st.decimals("0", "20", places=2), min_size=1, max_size=5)


@st.composite
def effects(draw):
    """Two bills of equal total with inhabitants."""
    size = draw(st.integers(2, 9))
    amounts = st.lists(st.integers(0, 200_000), min_size=size, max_size=size)
    before, after = draw(amounts), draw(amounts)
    short = sum(before) - sum(after)
    (after if short > 0 else before)[draw(st.integers(0, size - 1))] += abs(short)
    people = draw(st.lists(st.integers(0, 300), min_size=size, max_size=size))
    index = CODES[:size]
    return ggu.redistribution(
        *(pd.Series([cents / 100 for cents in side], index=index) for side in (before, after)),
        inhabitants=pd.Series(people, index=index),
    )


@cases(300)
@given(effect=effects(), caps=CAPS, both_sides=st.booleans(), after=st.sampled_from(["full", "residual"]))
def test_every_year_follows_from_the_definition(effect, caps, both_sides, after):
    phased = effect.phase_in(caps, both_sides=both_sides, after=after)
    people = dict(effect.inhabitants)
    for year, cap in enumerate(accumulate(map(Fraction, caps))):
        expected, held = phase_in_year(effect.redistribution, people, cap, both_sides=both_sides)
        assert dict(phased.yearly[year]) == expected
        assert phased.limited[year] == held
        assert phased.caps[year] == cap


@cases(300)
@given(effect=effects(), caps=CAPS, both_sides=st.booleans())
def test_neutral_never_beyond_and_the_rest_is_shown(effect, caps, both_sides):
    phased = effect.phase_in(caps, both_sides=both_sides)
    summary = phased.summary()
    for year, cents in enumerate(phased.yearly, 1):
        assert sum(cents.values()) == 0
        for code, amount in cents.items():
            full = effect.redistribution[code]
            assert 0 <= amount <= full or full <= amount <= 0
            cap = phased.caps[year - 1] * effect.inhabitants[code] * 100 + Fraction(1, 2)
            assert amount <= cap
            assert not both_sides or -amount <= cap
        assert 0 <= summary.loc[year, "phi"] <= 1
        assert summary.loc[year, "moved"] == sum(amount for amount in cents.values() if amount > 0) / 100
    moved = summary["moved"].tolist()
    assert all(earlier <= later for earlier, later in pairwise(moved))
    left = phased.residual
    assert left.sum() == pytest.approx(0, abs=1e-6)
    assert (left == 0).all() == phased.reaches_full
    assert phased.reaches_full != any("nog te verschuiven" in note for note in phased.notes)
    whole = sum(amount for amount in effect.redistribution.values() if amount > 0) / 100
    assert summary["residual"].iloc[-1] == pytest.approx(whole - moved[-1])


@cases(100)
@given(effect=effects(), both_sides=st.booleans())
def test_a_horizon_that_is_long_enough_ends_at_the_full_effect(effect, both_sides):
    people = effect.inhabitants
    if all(people[code] or not cents for code, cents in effect.redistribution.items()):
        phased = effect.phase_in([10_000_000], both_sides=both_sides)
        assert dict(phased.yearly[-1]) == dict(effect.redistribution)
        assert phased.reaches_full
        assert phased.limited == (0,)


def test_gainers_all_receive_the_same_fraction(ggu_2020):
    new = ggu_2020.with_changes(key={"inhabitants": 0.8, "equal": 0.2}).contributions()
    effect = ggu.redistribution(ggu_2020.contributions(), new)
    phased = effect.phase_in(per_inhabitant_per_year=0.25, years=4)
    summary = phased.summary()
    assert summary["cap"].tolist() == [0.25, 0.5, 0.75, 1.0]
    for year, cents in enumerate(phased.yearly, 1):
        gains = {code: full for code, full in effect.redistribution.items() if full < 0}
        for code, full in gains.items():
            assert abs(cents[code] - summary.loc[year, "phi"] * full) < 1
        for code, full in effect.redistribution.items():
            if full > 0:
                assert cents[code] == min(full, int(effect.inhabitants[code] * 25 * year))
    assert summary["limited"].is_monotonic_decreasing
    assert summary["limited"].iloc[-1] > 0
    assert any(note.startswith("Na jaar 4: sprong naar het volle effect voor ") for note in phased.notes)
    stays = effect.phase_in(0.25, 4, after="residual")
    assert any(note.startswith("Na jaar 4: blijvend restant voor ") for note in stays.notes)
    assert stays.yearly == phased.yearly
    assert effect.phase_in(200, 1).reaches_full


def test_a_list_of_caps_and_one_cap_for_all_years(ggu_2020):
    effect = ggu.redistribution(ggu_2020.contributions(), ggu_2020.with_changes(key={"equal": 1}).contributions())
    steps = effect.phase_in([7.50, 15, 15])
    assert [float(cap) for cap in steps.caps] == [7.5, 22.5, 37.5]
    assert list(steps.to_frame().columns) == [1, 2, 3]
    assert steps.to_frame().index.name == "code"
    for same in ([15, 15.0], (Decimal(15), Fraction(15)), np.array([15.0, 15.0])):
        assert effect.phase_in(same).yearly == effect.phase_in(15, years=2).yearly
    assert effect.phase_in(np.float64(15), years=np.int64(2)).yearly == effect.phase_in(15, 2).yearly
    assert steps.provenance["caps"] == ["15/2", "45/2", "75/2"]


def test_explanation_of_one_municipality(ggu_2020):
    effect = ggu.redistribution(ggu_2020.contributions(), ggu_2020.with_changes(key={"equal": 1}).contributions())
    explanation = effect.phase_in(7.50, 2).explain("GM0088")  # 947 inhabitants
    said = {step.label: step.value for step in explanation.steps}
    assert said["jaar 1"] == "+ € 7.102,50"
    assert said["jaar 2"] == "+ € 14.205,00"
    assert said["herverdeeleffect (bij gelijk totaal)"] == "+ € 144.478,75"  # 147,323.95 less 2,845.20
    assert said["nog niet verwerkt herverdeeleffect"] == "+ € 130.273,75"
    assert "Schiermonnikoog" in explanation.title
    with pytest.raises(UnknownNameError, match="a name instead of a code"):
        effect.phase_in(1, 1).explain("Amsterdam")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"per_inhabitant_per_year": 1.0}, "years: not given; allowed: a number of years"),
        ({"per_inhabitant_per_year": 1.0, "years": 0}, "years: 0; allowed: a whole number of years, 1 or more"),
        ({"per_inhabitant_per_year": 1.0, "years": 2.5}, r"years: 2\.5"),
        ({"per_inhabitant_per_year": 1.0, "years": True}, "years: True"),
        ({"per_inhabitant_per_year": []}, "0 caps; allowed: one cap a year"),
        ({"per_inhabitant_per_year": [1, 2], "years": 3}, "2 caps, while years is 3"),
        ({"per_inhabitant_per_year": [1, -2, float("nan")]}, r"year 2: -2(.|\n)*year 3: nan"),
        (
            {"per_inhabitant_per_year": Decimal("NaN"), "years": 1},
            r"per_year: NaN; allowed: euro, 0 or more",
        ),
        (
            {"per_inhabitant_per_year": "7,50", "years": 1},
            "per_year: '7,50'; allowed: euro, 0 or more: one number, or a list",
        ),
        (
            {"per_inhabitant_per_year": "0.25", "years": 4},
            r"^[^\n]*\n  - per_inhabitant_per_year: '0.25'[^\n]*\nCorrect",
        ),
        ({"per_inhabitant_per_year": {2026: 0.25, 2027: 0.5}, "years": 2}, r"per_year: a dict; .*a list with one cap"),
        ({"per_inhabitant_per_year": {0.25, 0.5}, "years": 2}, "one number, or a list with one cap a year"),
    ],
)
def test_bad_arguments(arguments, words):
    amounts = pd.Series({"GM0003": 1.0, "GM0010": 2.0})
    effect = ggu.redistribution(amounts, amounts, inhabitants=pd.Series({"GM0003": 1, "GM0010": 2}))
    with pytest.raises(InputError, match=words):
        effect.phase_in(**arguments)


def test_without_inhabitants_there_is_no_cap_per_inhabitant():
    amounts = pd.Series({"GM0003": 1.0, "GM0010": 2.0})
    effect = ggu.redistribution(amounts, amounts, inhabitants=pd.Series({"GM0003": 1}))
    with pytest.raises(InputError, match=r"not known for 1: GM0010(.|\n)*inhabitants="):
        effect.phase_in(1, 1)
    with pytest.raises(UnknownNameError, match="unknown end of a phase-in 'jump'"):
        effect.phase_in(1, 1, after="jump")
