"""Terms of cost pools: the pool of a game that they make, and what they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError

from ggu_costs.games.game import CostGame
from ggu_costs.games.pools import KINDS
from ggu_costs.modelfile.pools import PoolTerms
from ggu_costs.modelfile.short_pools import ShortPool
from ggu_costs.modelfile.values import Value

if TYPE_CHECKING:
    from ggu_costs.typing import FloatArray


@dataclass
class Case:
    """Three participants: two of the north, a volume each, amounts over two years."""

    codes: Sequence[str] = ("GM0001", "GM0002", "GR:X")
    missing: list[str] = field(default_factory=list)

    def amount(self, value: Value) -> float:
        return float(value.value) * 2 if isinstance(value.value, Decimal) else float("nan")

    def amounts(self, values: Sequence[Value | None], key: str) -> FloatArray | None:
        if None in values:
            self.missing.append(key)
            return None
        amounts = np.array([self.amount(value) for value in values if value is not None])
        return None if np.isnan(amounts).any() else amounts

    def price(self, value: Value) -> Decimal:
        assert isinstance(value.value, Decimal)
        return value.value * 2

    @property
    def parties(self) -> Case:
        return self

    @property
    def volumes(self) -> Mapping[str, FloatArray]:
        return {"use": np.array([10.0, 20.0, 30.0])}

    def by_specific(self, named: Mapping[str, str]) -> Sequence[object]:
        return [named.get(code, named.get("municipality")) for code in self.codes]

    def regions(self, column: str) -> Sequence[str]:
        return {"province": ["noord", "noord", "zuid"]}[column]


def euro(amount: float | None, unit: str = "EUR") -> dict[str, Any]:
    grounds = {"unit": unit, "status": "estimated", "by": "de proef", "vat": "none", "price_level": "2024"}
    return {"mark": "pm", **grounds} if amount is None else {"value": amount, **grounds}


TIERS = [{"from_volume": 0, "price": euro(3, "EUR/unit")}, {"from_volume": 40, "price": euro(1, "EUR/unit")}]
LEVELS = [{"id": "laag", "cost": euro(5)}, {"id": "hoog", "cost": euro(9)}]


@pytest.mark.parametrize(
    ("kind", "terms", "total", "first"),
    [
        ("fixed", euro(50), 100, 100),
        ("per_participant", {"amount": euro(4), "own": {"GM0002": euro(1)}}, 18, 8),
        ("volume", {"volume": "use", "tiers": TIERS}, 2 * (120 + 20), 60),
        ("volume", {"volume": "use", "tiers": TIERS, "all_units": True}, 2 * 60, 60),
        ("levels", {"levels": LEVELS, "needs": {"municipality": "laag", "GR:X": "hoog"}}, 18, 10),
        ("regional", {"region": "province", "amount": euro(7), "amounts": {"zuid": euro(2)}}, 18, 14),
    ],
)
def test_terms_make_a_pool_of_a_game(kind: str, terms: dict[str, Any], total: float, first: float) -> None:
    pool = PoolTerms.model_validate({"id": "pot", "name": "Pot", kind: terms})
    assert pool.kind == kind
    stated = pool.terms.stated(Case())
    assert stated is not None
    made = KINDS[stated.kind](**stated.figures)
    game = CostGame.from_pools(list(Case().codes), [made])
    assert (game.total, game.alone[0]) == (total, first)
    assert made.total(3) == total
    assert made.serial(3).sum() == pytest.approx(total)
    assert made.average(lambda: np.array([1.0, 2.0, 3.0]), 3).sum() == pytest.approx(total)


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("fixed", euro(None)),
        ("per_participant", {"amount": euro(None)}),
        ("levels", {"levels": [{"id": "laag", "cost": euro(None)}], "needs": {"municipality": "laag", "GR:X": "laag"}}),
        ("regional", {"region": "province", "amount": euro(None)}),
    ],
)
def test_an_unknown_amount_makes_no_pool(kind: str, terms: dict[str, Any]) -> None:
    case = Case()
    assert PoolTerms.model_validate({"id": "pot", "name": "Pot", kind: terms}).terms.stated(case) is None
    assert case.missing == []


def test_what_is_missing_for_somebody_is_told_with_its_key() -> None:
    case = Case()
    terms = {"levels": LEVELS, "needs": {"GM0001": "laag"}}
    assert PoolTerms.model_validate({"id": "pot", "name": "Pot", "levels": terms}).terms.stated(case) is None
    assert case.missing == [".needs"]


def test_what_the_terms_name() -> None:
    own = PoolTerms.model_validate({"id": "a", "name": "A", "per_participant": {"own": {"GM0002": euro(1)}}}).terms
    volume = PoolTerms.model_validate({"id": "b", "name": "B", "volume": {"volume": "use", "tiers": TIERS}}).terms
    regional = {"region": "province", "amounts": {"zuid": euro(1)}}
    region = PoolTerms.model_validate({"id": "c", "name": "C", "regional": regional}).terms
    fixed = PoolTerms.model_validate({"id": "d", "name": "D", "fixed": euro(1)}).terms
    assert [list(names) for names in own.by_code().values()] == [["GM0002"]]
    assert list(volume.volumes()) == ["use"]
    assert {key: (column, list(names)) for key, (column, names) in region.by_region().items()} == {
        "amounts": ("province", ["zuid"])
    }
    assert [*fixed.by_code(), *fixed.by_class(), *fixed.by_region(), *fixed.volumes()] == []


def test_exactly_one_kind() -> None:
    with pytest.raises(ValidationError, match="nothing given"):
        PoolTerms.model_validate({"id": "pot", "name": "Pot"})
    both = {"id": "pot", "name": "Pot", "fixed": euro(1), "regional": {"region": "province"}}
    with pytest.raises(ValidationError, match="fixed and regional given"):
        PoolTerms.model_validate(both)


@pytest.mark.parametrize(
    ("short", "total"),
    [
        ({"kind": "fixed", "amount": 5}, 5),
        ({"kind": "per_participant", "amount": 5}, 15),
        ({"kind": "volume", "column": "use", "tiers": [[0, 3], [40, 1]]}, 140),
        ({"kind": "levels", "levels": {"noord": 4, "zuid": 6}, "column": "province"}, 6),
        ({"kind": "regional", "column": "province", "amount": 5}, 10),
    ],
)
def test_a_pool_in_short(short: dict[str, Any], total: float) -> None:
    case = Case()
    stated = ShortPool.model_validate(short).stated(case.volumes.__getitem__, case.regions, 3)
    assert KINDS[stated.kind](**stated.figures).total(3) == total
