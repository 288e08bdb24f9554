"""A kind of pool is a class in a file: the room takes one that it has never heard of."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import ggu_costs
from ggu_costs.errors import Faults, InputError
from ggu_costs.games import axioms
from ggu_costs.games.core import core_check
from ggu_costs.games.figures import player_figures
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import KINDS, Fixed, ServiceLevels
from ggu_costs.games.pools.part import Part, Pieces, Pool
from ggu_costs.games.values import owen, shapley, weighted_shapley
from ggu_costs.modelfile.pools import KindTerms

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


def test_a_note_of_a_pool_is_no_error_of_a_lattice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TollPart, "shapley", lambda part, n, threads: (np.full(n, 3.0), 0.5, 0.0, "to 0.5 euro"))
    certificate = shapley(CostGame.from_pools(["a", "b"], [Toll(6.0, [0.0, 0.0])])).certificate
    assert certificate.notes == ("to 0.5 euro",)
    assert certificate.lattice_error == 0


def test_what_changes_with_volumes_is_a_volume_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        TollPart, "with_volumes_times", lambda part, scale: TollPart(part.fee, part.amounts * scale), raising=False
    )
    assert axioms.volume_monotonicity(shapley, game()).holds


def _kinds_asked(text: str, names: Collection[str]) -> list[int]:
    """Lines that ask whether something is of a kind with one of these names."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        and {getattr(inner, "id", getattr(inner, "attr", "")) for inner in ast.walk(node.args[1])} & set(names)
    ]  # fmt: skip


def test_nothing_asks_which_kind_a_pool_is() -> None:
    package = Path(ggu_costs.__file__).parent
    kinds = [*Part.__subclasses__(), *Pool.__subclasses__(), *KindTerms.__subclasses__()]
    names = {kind.__name__ for kind in kinds}
    rooms = [package / room for room in ("games", "procurement", "impact/programme")]
    files = [package / "modelfile/pools.py", *(file for room in rooms for file in room.rglob("*.py"))]
    asked = [(file.name, line) for file in files for line in _kinds_asked(file.read_text(encoding="utf-8"), names)]
    assert {*KINDS, "VolumePart", "VolumeTerms"} <= names
    assert len(files) > 60
    assert asked == []


def test_a_kind_is_asked_by_its_name_or_as_an_attribute() -> None:
    for found in ("VolumePart", "volume.VolumePart", "(int, volume.VolumePart)", "int | VolumePart"):
        assert _kinds_asked(f"isinstance(part, {found})", {"VolumePart"}) == [1]
    assert _kinds_asked("isinstance(part, volume.Other)", {"VolumePart"}) == []
