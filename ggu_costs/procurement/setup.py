"""A case in figures: participants, volumes, pools and alternatives as arrays in order of code."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from ggu_costs.brief import Brief
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import Pool
from ggu_costs.games.result import GameSolution
from ggu_costs.money import exact_sum
from ggu_costs.procurement.parties import Parties
from ggu_costs.typing import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class CostPool(Brief):
    """One cost pool: a pool of the game with its name in the file, euro over the period (an amount a year times years).

    The joint cost of a group S is the sum over pools, as in :mod:`ggu_costs.games.pools`.

    Attributes
    ----------
    once
        True: due once; False: every year of the duration.
    pool
        What it costs, over the participants in order.
    count
        Number of participants.
    """

    id: str
    name: str
    once: bool
    pool: Pool
    count: int

    @cached_property
    def total(self) -> float:
        """Cost for everyone together."""
        return self.pool.total(self.count)


@dataclass(frozen=True, eq=False)
class RegionChoice:
    """What the participants of one region would pay as a region; NaN where it is not known."""

    label: str
    members: IntArray
    cost: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Setup(Brief):
    """A case in figures, euro over the period.

    Attributes
    ----------
    volumes, volume_names
        By id: one figure a participant, and its name.
    pools
        Those with a known amount.
    unknown
        Names of pools whose amount is PM, which are in no total.
    fillable
        Of the pools whose amount is PM, those whose split is known all the same, at an amount of 1 euro each.
    pool_ids
        Of all pools of the file, in its order.
    alone : numpy.ndarray or None
        Stand-alone cost of each; NaN where it is PM; None where the file states none.
    alone_once : numpy.ndarray or None
        The part of it that is due once, whatever the duration.
    regional
        What regions would pay as a region.
    duration
        Years that an amount a year is counted.
    unions
        Column of the regions that act together under the Owen value; empty where there is none.
    seed
        For rules that are sampled.
    """

    parties: Parties
    volumes: Mapping[str, FloatArray]
    volume_names: Mapping[str, str]
    pools: tuple[CostPool, ...]
    unknown: tuple[str, ...]
    fillable: tuple[CostPool, ...]
    pool_ids: tuple[str, ...]
    alone: FloatArray | None
    alone_once: FloatArray | None
    regional: tuple[RegionChoice, ...]
    duration: Decimal
    unions: str
    seed: int | None

    @property
    def total(self) -> float:
        """Joint cost of everyone together."""
        return exact_sum(pool.total for pool in self.pools)

    @property
    def pool_names(self) -> dict[str, str]:
        """Name of each pool by its id, of those that a rule may be stated for."""
        return {pool.id: pool.name for pool in (*self.pools, *self.fillable)}

    @property
    def main_volume(self) -> FloatArray | None:
        """The first volume of the file."""
        return next(iter(self.volumes.values()), None)

    @property
    def known_alone(self) -> FloatArray:
        """Stand-alone cost of each, NaN where it is PM or not stated, shape (n,)."""
        return np.full(self.parties.count, np.nan) if self.alone is None else self.alone

    @cached_property
    def joint_game(self) -> CostGame:
        """The joint cost of every group, as a game; its players are codes."""
        return self.game_of(self.pools)

    @property
    def stated_groups(self) -> tuple[RegionChoice, ...]:
        """The regions of which it is known what they would pay as a region."""
        return tuple(way for way in self.regional if not math.isnan(way.cost))

    @cached_property
    def game(self) -> CostGame:
        """The game of which the nucleolus and the test of every split speak: what a group would pay without the others.

        A group that leaves may split up: those of it that stay together pay the joint cost of that group, others what
        they would pay alone, or as a region where it is whole; see :mod:`ggu_costs.games.alternatives`. What is PM is
        nobody's way out. Without any alternative it is :attr:`joint_game`.
        """
        codes, ways = self.parties.codes, self.stated_groups
        if not ways and np.isnan(self.known_alone).all():
            return self.joint_game
        groups = {tuple(codes[i] for i in way.members): way.cost for way in ways}
        return self.joint_game.with_alternatives(self.known_alone, groups)

    @cached_property
    def most_even(self) -> GameSolution:
        """The nucleolus of :attr:`game`."""
        return nucleolus(self.game)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all figures: two cases with the same one have the same cost for every group."""
        state = hashlib.sha256(f"{self.joint_game.digest()} {self.duration.normalize():f}".encode())
        figures = [*self.volumes.items(), ("alone", self.alone), *((way.label, way.cost) for way in self.regional)]
        for name, figure in figures:
            state.update(
                f"{name} ".encode() + (b"" if figure is None else np.asarray(figure, dtype=np.float64).tobytes())
            )
        return state.hexdigest()

    def game_of(self, pools: tuple[CostPool, ...]) -> CostGame:
        """The cost of some pools for every group."""
        return CostGame.from_pools(list(self.parties.codes), [pool.pool for pool in pools])
