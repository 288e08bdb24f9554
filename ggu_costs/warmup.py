"""Compiling the kernels on purpose, so that no later call waits for it: every kernel is called once on a tiny case.

The machine code is kept on disk, so once an installation is enough; where it cannot be, `_jit.not_kept` says why. Below
the command line, above the rooms.
"""

from collections.abc import Callable
from itertools import product

import numpy as np

from ggu_costs.allocation.rules import RULES, rule_named
from ggu_costs.games.game import CostGame
from ggu_costs.games.nucleolus import nucleolus
from ggu_costs.games.pools import VolumeTiers
from ggu_costs.games.values import shapley, weighted_shapley
from ggu_costs.simulation import marginals
from ggu_costs.simulation.influence.effects import LEAST_POINTS, effects_of
from ggu_costs.simulation.influence.normal_scores import NormalScoreModel
from ggu_costs.simulation.machine.sampling import METHODS
from ggu_costs.simulation.parts import Correlation, Driver, Output, Term
from ggu_costs.simulation.runs.engine import run
from ggu_costs.simulation.runs.given import summarise_values
from ggu_costs.simulation.runs.uncertainty import sd_error, shortfall
from ggu_costs.simulation.spec import ModelSpec


def warm_up() -> tuple[str, ...]:
    """Compile the kernels of every room; return the names of the rooms."""
    for warm in ROOMS.values():
        warm()
    return tuple(ROOMS)


def _allocation() -> None:
    from ggu_costs.allocation import allocate, volume_shapley

    amounts = np.array([90.0, 60.0])
    for cents, rule in product((True, False), RULES):
        allocate(amounts, [100, 200, 300], rule=rule, cents=cents)
        if rule_named(rule).takes_bounds:
            allocate(amounts, [1, 2, 6], rule=rule, cents=cents, minimum=5, maximum=50)
    allocate(amounts, np.linspace(0.1, 1, 3), cents=True)  # a key that is not in whole numbers
    volume_shapley([1, 2], np.sqrt(np.arange(4)))


def _games() -> None:
    from ggu_costs.games._kernels import GROUP_BITS

    shapley(CostGame.from_table(np.sqrt(np.arange(1 << GROUP_BITS))))  # large tables have kernels of their own
    two_pairs = np.add.outer([0.0, 5.0, 5.0, 7.0], [0.0, 10.0, 10.0, 12.0])  # its nucleolus takes two stages
    small = CostGame.from_table(two_pairs.ravel())
    shapley(small)
    weighted_shapley(small, [1, 2, 3, 4])
    nucleolus(small)
    nucleolus(CostGame.from_pools(["a", "b", "c"], [VolumeTiers([1, 2, 3], tiers=[(0, 3), (2, 1)])]), method="pools")


def _impact() -> None:
    shapes = {"table": marginals.uniform(1, 2), "curved": marginals.lognormal(0, 1), "steps": marginals.bernoulli(0.5)}
    names = tuple(shapes)
    spec = ModelSpec(
        units=("one", "other"),
        years=(1,),
        drivers=tuple(Driver(name, shape) for name, shape in shapes.items()),
        terms=(Term("cost", weights=np.array([1.0, 2.0]), factors=tuple((name, 1) for name in names)),),
        outputs=(Output("net", weights=np.ones((1, 1))),),
        correlations=(Correlation(names, (1 + np.eye(3)) / 2),),
    )
    for method in METHODS:
        result = run(spec, draws=2, seed=0, method=method, replicates=2, threads=1, quantiles="exact")
    sd_error(result.nation("net"))
    shortfall(result.nation("net"))
    summarise_values(np.tile([1.0, 2.0], (1, 64)))  # bins so full that their draws are counted in cells
    effects_of(NormalScoreModel.of(spec), None, 0, LEAST_POINTS)


ROOMS: dict[str, Callable[[], None]] = {"allocation": _allocation, "games": _games, "impact": _impact}
"""What calls the kernels of a room once."""
