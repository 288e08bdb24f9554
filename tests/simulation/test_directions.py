"""Direction numbers against those of scipy, which has them from the same file."""

import numpy as np
import pytest
from scipy.stats import qmc

from ggu_costs.simulation.machine.directions import KNOWN, columns_of
from ggu_costs.simulation.machine.sampling import net_columns


def test_columns_are_those_of_scipy() -> None:
    engine, digits, count = qmc.Sobol(KNOWN, scramble=False, bits=30), 30, 26
    expected = np.zeros((KNOWN, count), np.uint64)
    for j in range(count):
        engine.fast_forward(2**j - engine.num_generated)
        point = (engine.random(1)[0] * 2.0**digits).astype(np.uint64)
        expected[:, j] = point ^ expected[:, j - 1] if j else point
    assert np.array_equal(columns_of(KNOWN, count, digits), expected)
    assert np.array_equal(net_columns(KNOWN, count), expected << np.uint64(22))
    assert np.array_equal(net_columns(KNOWN + 2, count)[:KNOWN], expected << np.uint64(22))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_columns_are_the_first_of_many(count: int) -> None:
    assert np.array_equal(columns_of(20, count, 52), columns_of(20, 26, 52)[:, :count])
