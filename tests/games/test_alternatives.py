"""Core, least core and nucleolus of the game with alternatives, against the table of all ways in which groups split up.

The 500 random games of the nightly profile go to 12 players; the profile by default tries a tenth of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import nucleolus as exact
from oracles.alternatives import beside
from oracles.games import members
from oracles.pool_games import PoolGame, pool_games

from ggu_costs.errors import InfeasibleError, InputError
from ggu_costs.games import CostGame, Fixed, PerParticipant, Regional, ServiceLevels, VolumeTiers
from ggu_costs.games.alternatives import Alternatives
from ggu_costs.games.core import core_check
from ggu_costs.games.least_core import least_core
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.sampling import sampled_shapley
from ggu_costs.games.values import shapley


@dataclass(frozen=True)
class Made:
    """A game with alternatives, and c(S) by definition."""

    joint: PoolGame
    game: CostGame
    table: list[Fraction]

    @property
    def rest(self) -> CostGame:
        """The same game as a table without structure."""
        return CostGame.from_table([float(cost) for cost in self.table])

    @property
    def room(self) -> bool:
        """Somebody could accept: the costs alone cover C(N)."""
        return sum(self.table[1 << i] for i in range(self.game.n)) >= self.table[-1]


@st.composite
def made(draw, least=2, most=12, concave=True):
    joint = draw(pool_games(least, most, concave=concave, crossing=not concave))
    n = joint.game.n
    labels = [None] * n
    regions = [part.pieces().regions for part in joint.game.parts if part.pieces().regions is not None]
    if regions and draw(st.booleans()):
        labels = regions[0][0].tolist()  # the regions of the pool can act as one
    elif draw(st.booleans()):
        labels = draw(st.lists(st.sampled_from([None, 0, 1, 2]), min_size=n, max_size=n))
    price = st.integers(0, draw(st.sampled_from([40, 150, 600])))
    alone = draw(st.lists(st.one_of(st.none(), price, price), min_size=n, max_size=n))
    groups = []
    for label in sorted({label for label in labels if label is not None}):
        inside = tuple(i for i in range(n) if labels[i] == label)
        groups.append((inside, Fraction(draw(st.integers(0, 100 * len(inside))))))
    game = joint.game.with_alternatives(alone, {tuple(f"m{i}" for i in inside): float(g) for inside, g in groups})
    exactly = [None if amount is None else Fraction(amount) for amount in alone]
    return Made(joint, game, beside(joint.table, exactly, groups))


@cases(50)
@given(made(), st.data())
def test_core_and_nucleolus_equal_those_of_the_table(one, data):
    game, n = one.game, one.game.n
    rows = np.array([[bool(S >> i & 1) for i in range(n)] for S in range(1 << n)])
    wanted, size = np.array([float(cost) for cost in one.table]), max(1.0, abs(game.total))
    np.testing.assert_allclose(game.costs(rows), wanted, rtol=0, atol=1e-9 * size)
    np.testing.assert_allclose(game.table(), wanted, rtol=0, atol=1e-9 * size)

    parts = np.array(data.draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)), dtype=float)
    split = parts / parts.sum() * game.total
    check, table = core_check(game, split), core_check(one.rest, split)
    assert check.complaint == pytest.approx(table.complaint, abs=1e-8 * size)
    assert check.stable == table.stable
    paid = sum(split[game.players.index(name)] for name in check.coalition)
    assert paid - game.value(check.coalition) == pytest.approx(check.complaint, abs=1e-8 * size)

    if not one.room:
        with pytest.raises(InfeasibleError, match="there is no nucleolus"):
            nucleolus(game)
        return
    expected = nucleolus(one.rest).values
    np.testing.assert_allclose(nucleolus(game).values, expected, rtol=0, atol=1e-8 * size)
    if game.splitting is not None:
        solved = nucleolus(game, method="pools")
        np.testing.assert_allclose(solved.values, expected, rtol=0, atol=1e-8 * size)
        assert solved.certificate.residual < 1e-9
    assert core_check(game, nucleolus(game)).stable == (least_core(one.rest).epsilon <= 1e-9 * size)


@cases(15)
@given(made(2, 4, concave=False))
def test_the_nucleolus_by_its_definition_in_fractions(one):
    if not one.room:
        return
    expected = [float(share) for share in exact.nucleolus(one.table, [Fraction(1)] * len(one.table))]
    size = max(1.0, abs(one.game.total))
    np.testing.assert_allclose(nucleolus(one.game).values, expected, rtol=0, atol=1e-8 * size)
    if one.game.splitting is not None:
        np.testing.assert_allclose(nucleolus(one.game, method="pools").values, expected, rtol=0, atol=1e-8 * size)


@cases(15)
@given(made(2, 6))
def test_the_core_is_that_of_groups_that_go_one_way(one):
    """Splitting up changes no verdict: x(S) <= C(S) and x(S) <= A(S) for all S say the same."""
    game, n = one.game, one.game.n
    answer = least_core(game)
    shares = answer.values
    check = core_check(game, answer)
    assert check.complaint == pytest.approx(answer.epsilon, abs=1e-7 * max(1, game.total))
    one_way = max(
        sum(shares[i] for i in members(S)) - min(float(one.joint.table[S]), _apart(game.alternatives, S, n))
        for S in range(1, (1 << n) - 1)
    )
    assert one_way <= check.complaint + 1e-7 * max(1, game.total)
    if abs(check.complaint) > 1e-6:
        assert (one_way > 0) == (check.complaint > 0)


def _apart(alternatives: Alternatives, mask: int, n: int) -> float:
    return float(alternatives.costs(np.array([[bool(mask >> i & 1) for i in range(n)]]))[0])


def facility(n=3):
    """Fixed 90, and 10 each: together 120 for three."""
    return CostGame.from_pools([f"m{i}" for i in range(n)], [Fixed(90), PerParticipant([10] * n)])


def test_by_hand():
    """Three share 120; c has a cheaper on its own at 20, and b with c as a region at 70.

    Groups: a 20, b and c 100; ab min(110, 20 + 100) = 110, ac 110, bc min(110, 70) = 70. All shares: a at most 20, so
    b and c pay 100 or more, and as a region 70: the core is empty. The nucleolus gives a and the region the same
    complaint: 120 is 30 more than 20 + 70, so each pays 15 more than it would: but nobody pays more than alone, so a
    pays 20 and the region 100, each of it 50.
    """
    game = facility().with_alternatives([20, None, None], {("m1", "m2"): 70})
    assert [game.value(group) for group in (["m0"], ["m1"], ["m0", "m1"], ["m1", "m2"], ["m0", "m1", "m2"])] == [
        20, 100, 110, 70, 120,
    ]  # fmt: skip
    assert game.joint.value(["m1", "m2"]) == 110
    solved = nucleolus(game)
    assert solved.values == pytest.approx([20, 50, 50])
    assert nucleolus(game, method="pools").values == pytest.approx([20, 50, 50])
    assert least_core(game).epsilon == pytest.approx(15)
    assert core_check(game, solved).coalition == ("m1", "m2")
    assert core_check(game, solved).complaint == pytest.approx(30)
    assert nucleolus(facility()).values == pytest.approx([40, 40, 40])


def test_groups_split_up():
    """Of four, three stay together and one goes alone: not at 15, as it costs 10 to bring it along, but at 5."""
    game = facility(5).with_alternatives([15, None, None, None, None])
    assert game.value(["m0", "m1", "m2", "m3"]) == 90 + 3 * 10 + 10
    game = facility(5).with_alternatives([5, None, None, None, None])
    assert game.value(["m0", "m1", "m2", "m3"]) == 90 + 3 * 10 + 5
    assert game.total == 140


def test_the_shapley_value_of_the_game_with_alternatives():
    """Over the six orders: a adds 20, 20, 20, 20, 10, 10; b 60, 60, 60, 50, 40, 40; c as b."""
    game = facility().with_alternatives([20, 60, 60])
    assert [game.value([f"m{i}" for i in members(S)]) for S in range(8)] == [0, 20, 60, 80, 60, 80, 110, 120]
    assert shapley(game).values == pytest.approx([100 / 6, 310 / 6, 310 / 6])
    np.testing.assert_allclose(sampled_shapley(game, seed=1).values, shapley(game).values, atol=2)


def test_large_games_without_a_closed_form():
    """Rising prices: together and apart are each searched for; the verdict is that of the core."""
    n = 24
    volumes = [1 + i % 5 for i in range(n)]
    joint = CostGame.from_pools([f"m{i}" for i in range(n)], [Fixed(40), VolumeTiers(volumes, [(0, 5), (20, 8)])])
    game = joint.with_alternatives([9.0] * n, {("m0", "m1"): 10})
    assert game.splitting is None
    even = np.full(n, joint.total / n)
    check = core_check(game, even)
    assert not check.stable
    assert check.complaint == pytest.approx(even[:2].sum() - 10 + (even[3:] - 9.0).sum())  # all but one of the others
    assert game.value(["m0", "m1"]) == 10
    answer = least_core(game)
    assert answer.certificate.complaint == pytest.approx(answer.epsilon, abs=1e-6)
    with pytest.raises(InputError, match=r"24 players exists here where prices fall(.|\n)*least_core"):
        nucleolus(joint.with_alternatives([100.0] * n))


def test_several_levels_and_a_region_at_any_size():
    """Levels are tiers as well: two pools of them and a region, beyond what a table holds, with and without beside."""
    n = 30
    needs = [[i % 3 * 10 for i in range(n)], [i % 4 * 7 for i in range(n)]]
    pools = [Fixed(50), *(ServiceLevels(need) for need in needs), Regional(["r", "s"] * 15, {"r": 20, "s": 30})]
    game = CostGame.from_pools([f"m{i}" for i in range(n)], pools)
    plain = nucleolus(game)
    assert plain.certificate.residual < 1e-12
    assert core_check(game, plain).stable
    evens = tuple(f"m{i}" for i in range(0, n, 2))
    apart = nucleolus(game.with_alternatives(groups={evens: 60.0}))
    check = core_check(apart.game, apart)
    assert check.stable
    assert apart.values[::2].sum() < 60
    with pytest.raises(InputError, match="regions that cross"):
        nucleolus(game.with_alternatives(groups={("m0", "m1"): 20.0}))


def test_alternatives_dear_beyond_use_change_nothing():
    game = CostGame.from_pools(
        [f"m{i}" for i in range(40)], [Fixed(100), VolumeTiers(range(1, 41), [(0, 9), (50, 6), (300, 4)])]
    )
    beside_dear = game.with_alternatives([1e6] * 40)
    np.testing.assert_allclose(nucleolus(beside_dear).values, nucleolus(game).values, atol=1e-7)
    assert core_check(beside_dear, shapley(game)).complaint == pytest.approx(core_check(game, shapley(game)).complaint)
    assert beside_dear.parts is None
    assert beside_dear.joint.parts == game.parts
    assert beside_dear.digest() != game.digest()


def test_everything_that_is_wrong_at_once():
    game = facility()
    with pytest.raises(InputError, match="no alternatives to the joint facility") as error:
        game.with_alternatives(
            [1, math.inf, 2], {("m0", "m1"): 5, ("m1", "nobody"): "dear", (): 3, 7: 2, ("m2", "m2"): 1}
        )
    text = str(error.value)
    for words in (
        "alone[m1]: inf", "no player 'nobody'", "m1 is in groups[m0, m1] as well", "no members", "m2 twice",
        "groups[m1, nobody]", "groups[7]", "Correct the values listed.",
    ):  # fmt: skip
        assert words in text
    with pytest.raises(InputError, match="has alternatives; allowed: one without"):
        game.with_alternatives([1, 2, 3]).with_alternatives([1, 2, 3])
    with pytest.raises(InputError, match="a mapping of members to euro"):
        game.with_alternatives(groups=[("m0", 3)])
    with pytest.raises(InputError, match="a profit game"):
        CostGame.from_savings([0, 1, 1, 3]).with_alternatives([1, 1])
    assert game.with_alternatives(groups={("m0", "m1"): math.nan, "m2": None}).alternatives.groups == ()
