"""The solvers say nothing: a programme that embeds the library owns its output, also what C libraries write to it."""

from __future__ import annotations

import subprocess
import sys

SOLVED = """
import numpy as np
import ggu_costs as ggu
from ggu_costs.games.programme import Programme
from ggu_costs.games.worst import PoolSearch

make, made = Programme.__init__, set()

def counted(self, *given, whole=None):
    made.add("linear" if whole is None else "mixed-integer")
    make(self, *given, whole=whole)

Programme.__init__ = counted

tiers = ggu.VolumeTiers([2, 2, 2], [(0, 10), (3, 1), (4, 10)], all_units=True)
table = ggu.CostGame.from_savings([0, 0, 0, 1, 0, 2, 3, 5.5])
pools = ggu.CostGame.from_pools(["a", "b", "c"], [tiers, ggu.ServiceLevels([1, 2, 2]), ggu.Fixed(7)])
falling = ggu.CostGame.from_pools(["a", "b", "c"], [ggu.VolumeTiers([1, 2, 3], tiers=[(0, 3), (2, 1)])])
for game in (table, pools, falling):
    for solve in (ggu.nucleolus, ggu.least_core, ggu.shapley):
        ggu.core_check(game, solve(game).values)
ggu.nucleolus(falling, method="pools")
many = [str(i) for i in range(30)]
large = ggu.CostGame.from_pools(many, [ggu.VolumeTiers(range(1, 31), [(0, 1.0), (9, 2.0), (50, 0.5)])])
ggu.core_check(large, ggu.shapley(large).values)
ggu.least_core(large)
PoolSearch(pools)._selection.exact(1, np.array([10.0, 20.0, 30.0]))
ggu.round_table(np.array([[0.333, 0.667, 0.5], [0.5, 0.5, 1.5], [1.167, 0.833, 2.0]]))
assert made == {"linear", "mixed-integer"}, made
"""


def test_no_solver_writes_to_the_output_of_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", SOLVED], capture_output=True, check=False, text=True)
    assert (done.stderr, done.stdout, done.returncode) == ("", "", 0)
