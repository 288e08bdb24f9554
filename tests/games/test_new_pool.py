"""A kind of pool is a class in a file: the room takes one that it has never heard of."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from ggu_costs.errors import Faults, InputError
from ggu_costs.games import axioms
from ggu_costs.games import pools as pools_package
from ggu_costs.games.core import core_check
from ggu_costs.games.figures import player_figures
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import KINDS, Fixed, ServiceLevels
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.games.values import owen, shapley, weighted_shapley

if TYPE_CHECKING:
    from ggu_costs.typing import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Toll(Pool):
    """An entrance fee for the group, and an amount for each member; as a pool of this test only."""

    fee: float
    amounts: Sequence[float]

    def part(self, players: Sequence[str], codes: Sequence[str], where: str, faults: Faults) -> Part:
        amounts = player_figures(self.amounts, players, codes, f"{where}.amounts", faults, least=0.0)
        return TollPart(self.fee, amounts)


@dataclass(frozen=True, eq=False)
class TollPart(Part):
    fee: float
    amounts: FloatArray
    label = "toll"
    concave: bool = True

    def costs(self, members: BoolArray) -> FloatArray:
        return np.where(members.any(axis=1), self.fee, 0.0) + members @ self.amounts

    def table(self, n: int) -> FloatArray:
        return self.costs((np.arange(1 << n)[:, None] >> np.arange(n)) & 1 == 1)

    def along(self, orders: IntArray) -> FloatArray:
        added = self.amounts[orders]
        added[:, 0] += self.fee
        return added

    def pieces(self) -> Pieces:
        return Pieces(due=self.fee, own=self.amounts)

    def alike(self, i: int, j: int) -> bool:
        return bool(self.amounts[i] == self.amounts[j])


def game(n: int = 4) -> CostGame:
    """A toll of 12 and own amounts of 0, 1, 2, ..."""
    return CostGame.from_pools([f"m{i}" for i in range(n)], [Toll(12.0, np.arange(n, dtype=float).tolist())])


def test_the_shipped_kinds_are_named_in_messages() -> None:
    names = "Fixed, PerParticipant, VolumeTiers, ServiceLevels, Regional"
    assert ", ".join(KINDS) == names
    with pytest.raises(InputError, match=names):
        CostGame.from_pools(["a"], [5])  # type: ignore[list-item]


def test_values_without_a_closed_form_come_from_the_table() -> None:
    by_table = CostGame.from_table(game().table())
    assert shapley(game()).values.tolist() == pytest.approx([3, 4, 5, 6])
    for value in (
        shapley,
        lambda made: owen(made, [[0, 1], [2], [3]]),
        lambda made: weighted_shapley(made, [1, 2, 3, 4]),
    ):
        assert value(game()).values == pytest.approx(value(by_table).values)


def test_beyond_a_table_values_are_sampled() -> None:
    with pytest.raises(InputError, match="30 players are too many for the Shapley value of a toll pool"):
        shapley(game(30))
    sampled = owen(game(30), [range(15), range(15, 30)], seed=0)
    assert sampled.values.sum() == pytest.approx(game(30).total)


def test_the_worst_group_is_found_beside_other_pools() -> None:
    n = 22
    costs = np.linspace(10, 50, n).tolist()
    pools = [Toll(12.0, [1.0] * n), ServiceLevels(costs), Fixed(3)]
    made = CostGame.from_pools([f"m{i}" for i in range(n)], pools)
    equal = core_check(made, np.full(n, made.total / n))
    plain = CostGame.from_pools(made.players, [ServiceLevels([15 + cost for cost in costs])])
    expected = core_check(plain, np.full(n, made.total / n) - 1.0)
    assert equal.complaint == pytest.approx(expected.complaint)
    assert equal.coalition == expected.coalition
    assert nucleolus(made).values == pytest.approx(nucleolus(plain).values + 1.0)


def test_players_with_the_same_figures_are_alike() -> None:
    twins = CostGame.from_pools([f"m{i}" for i in range(22)], [Toll(12.0, [1.0] * 22)])
    unequal = np.full(22, twins.total / 22) + np.eye(22)[0] - np.eye(22)[1]
    assert axioms.symmetry(twins, unequal).witness == ("m0", "m1")
    with pytest.raises(InputError, match="no volume pool"):
        axioms.volume_monotonicity(shapley, twins)


def test_equal_pools_have_equal_digests() -> None:
    assert game().digest() == game().digest()
    other = CostGame.from_pools([f"m{i}" for i in range(4)], [Toll(13.0, [0.0, 1.0, 2.0, 3.0])])
    assert game().digest() != other.digest()


def test_nothing_in_the_room_asks_which_kind_a_pool_is() -> None:
    room = Path(pools_package.__file__).parents[1]
    names = {name for kind in KINDS for name in (kind, f"{kind}Part")} | {
        part.__name__ for part in Part.__subclasses__()
    }
    asked = [
        f"{file.name}:{node.lineno}"
        for file in room.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        and {inner.id for inner in ast.walk(node.args[1]) if isinstance(inner, ast.Name)} & names
    ]  # fmt: skip
    assert len(names) >= 10
    assert asked == []
