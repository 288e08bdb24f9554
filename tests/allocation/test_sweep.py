"""The volume sweep against the Shapley value by all orders."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import rules as plain

from ggu_costs import InputError
from ggu_costs.allocation import volume_shapley
from ggu_costs.allocation.sweep import arrival_by_sweep, lattice_points, lattice_step

pytestmark = pytest.mark.kernels


@cases(60)
@given(
    st.lists(st.fractions(0, 6, max_denominator=4), min_size=1, max_size=4),
    st.lists(st.integers(-20, 20), min_size=30, max_size=30),
    st.integers(1, 30),
)
def test_any_function_of_the_volume(volumes: list[Fraction], table: list[int], last: int) -> None:
    known = np.array(table[:last], dtype=np.float64)
    swept = volume_shapley([float(volume) for volume in volumes], known, saturated=True)
    exact = plain.shapley_of_volume(volumes, lambda cell: Fraction(table[min(int(cell), last - 1)]))
    np.testing.assert_allclose(swept.values, [float(share) for share in exact], rtol=0, atol=1e-12)
    assert abs(swept.residual) < 1e-12
    assert swept.exact == all(volume.denominator == 1 for volume in volumes)


@cases(40)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=7), st.integers(1, 3))
def test_equal_volumes_get_equal_values_for_any_threads(volumes: list[int], step: int) -> None:
    scaled = np.array([*volumes, *volumes]) * float(step)
    values = np.sqrt(lattice_points(scaled, step))
    swept = volume_shapley(scaled, values, step=step)
    assert swept.values[: len(volumes)].tolist() == swept.values[len(volumes) :].tolist()
    again = volume_shapley(scaled, values, step=step, threads=3)
    assert again.values.tobytes() == swept.values.tobytes()
    assert swept.values.sum() == pytest.approx(values[-1], abs=1e-11)
    assert all(value == 0 for value, volume in zip(swept.values, scaled, strict=True) if volume == 0)


def test_fewer_nodes_are_less_exact_and_say_so() -> None:
    volumes = [3, 1, 4, 1, 5, 9, 2, 6]
    values = np.maximum(0, lattice_points(volumes, 1.0) - 15)
    full, few = volume_shapley(volumes, values), volume_shapley(volumes, values, nodes=2)
    assert (full.nodes, full.exact, few.nodes, few.exact) == (4, True, 2, False)
    assert abs(few.residual) > 1e-3
    assert abs(full.residual) < 1e-12


@pytest.mark.compiled
@pytest.mark.parametrize(("counts", "bound"), [((60, 60), 20), ((300, 42), 700), ((50, 250), 3), ((799, 1), 640)])
def test_the_stated_error_is_true_for_any_number_of_nodes(counts: tuple[int, int], bound: int) -> None:
    volumes = [*[2] * counts[0], *[7] * counts[1]]
    points = np.arange(sum(volumes) + 1)
    for values in (np.minimum(points, bound) * 1.0, (points >= bound) * 100.0):
        known = [Fraction(value) for value in values.tolist()]
        exact = plain.shapley_of_two_volumes(counts, (2, 7), known.__getitem__)
        for nodes in (None, 40, 64):
            swept = volume_shapley(volumes, values, nodes=nodes)
            found = [swept.values[0], swept.values[-1]]
            assert max(abs(Fraction(one) - other) for one, other in zip(found, exact, strict=True)) <= swept.error
            assert math.fsum(swept.values) == pytest.approx(values[-1], rel=1e-15)
            if nodes is None:
                assert swept.error < 5e-11 * values[-1]


@pytest.mark.compiled
def test_nodes_by_the_number_of_volumes_are_enough_for_a_nation() -> None:
    rng = np.random.default_rng(2025)
    volumes = rng.integers(1, 60, 342)
    points = lattice_points(volumes, 1.0)
    values = np.minimum(3.0 * points, 2.0 * points + 4000)
    usual, exact = volume_shapley(volumes, values), volume_shapley(volumes, values, nodes=171)
    np.testing.assert_allclose(usual.values, exact.values, rtol=0, atol=1e-11 * values[-1])
    assert exact.exact
    assert not usual.exact


@cases(40)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=6), st.floats(0, 1))
def test_random_arrival_on_its_lattice(claims: list[int], part: float) -> None:
    estate = int(part * sum(claims))
    awards, error = arrival_by_sweep(float(estate), np.array(claims, dtype=np.float64))
    exact = plain.random_arrival(Fraction(estate), [Fraction(claim) for claim in claims])
    np.testing.assert_allclose(awards, [float(award) for award in exact], rtol=0, atol=1e-11)
    assert error < 1e-9


@cases(25)
@given(st.lists(st.fractions(0, 8, max_denominator=7), min_size=2, max_size=5), st.fractions(0, 1, max_denominator=9))
def test_random_arrival_between_cells_keeps_its_stated_error(claims: list[Fraction], part: Fraction) -> None:
    estate = part * sum(claims)
    floats = np.array([float(claim) for claim in claims])
    awards, error = arrival_by_sweep(min(float(estate), floats.sum()), floats, cells=40)
    exact = np.array([float(award) for award in plain.random_arrival(estate, claims)])
    assert np.abs(awards - exact).max() <= 2 * error + 1e-3 * float(sum(claims))


def test_the_cell_is_the_common_divisor_where_that_is_small() -> None:
    assert lattice_step([20, 30]) == 10
    assert lattice_step([20, 30], most_cells=4) == 12.5
    assert lattice_step([0.5, 0.25], most_cells=3) == 0.25
    assert lattice_points([20, 35], 10.0).tolist() == [0, 10, 20, 30, 40, 50, 60]


def test_faults() -> None:
    with pytest.raises(InputError, match=r"(?s)volumes\[0\]: -1.*volumes\[2\]: nan"):
        volume_shapley([-1, 2, np.nan], [0, 1])
    with pytest.raises(InputError, match=r"shape \(0,\)"):
        lattice_step([])
    with pytest.raises(InputError, match="2 values; allowed: 4, up to the volume of all"):
        volume_shapley([1, 2], [0.0, 1.0])
    with pytest.raises(InputError, match=r"(?s)values\[0\]: nan.*step: 0.*nodes: 0"):
        volume_shapley([1, 2], [np.nan], step=0, nodes=0)


def test_volumes_are_read_as_demands_are() -> None:
    by_code = pd.Series({"GM0363": 50, "GM0344": Decimal(49), "GM0345": 1})
    quota = [0.0] * 51 + [1.0]
    expected = volume_shapley([50, 49, 1], quota, saturated=True).values.tolist()
    assert volume_shapley(by_code, quota, saturated=True).values.tolist() == expected
    with pytest.raises(InputError, match=r"volumes\[GM0344\]: -1; allowed: 0 or more"):
        volume_shapley(by_code.replace(Decimal(49), -1), quota, saturated=True)
    with pytest.raises(InputError, match=r"volumes\[0\]: 'a'; allowed: a finite number"):
        volume_shapley(["a"], quota)
    for wrong, shape in ([], r"\(0,\)"), ([[1.0]], r"\(1, 1\)"):
        with pytest.raises(InputError, match=rf"volumes: shape {shape}; allowed: one volume for each of one or more"):
            volume_shapley(wrong, quota)


def test_what_too_few_nodes_miss_altogether_goes_to_who_has_a_volume() -> None:
    swept = volume_shapley([1, 1, 1, 0], [0, 1, 0, 1], nodes=1)
    assert swept.values.tolist() == [1 / 3, 1 / 3, 1 / 3, 0]
    assert swept.error >= 1


def test_every_fault_of_a_sweep_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        volume_shapley([-1, 2], [np.nan], step=0, nodes=0)
    assert [fault.where for fault in caught.value.faults] == ["volumes[0]", "values[0]", "step", "nodes"]
    with pytest.raises(InputError, match="values"):
        volume_shapley([1, 2], ["a", "b"])
    with pytest.raises(InputError, match=r"(?s)step: 'x'; allowed: a finite number, above 0.*nodes: 1\.5; allowed"):
        volume_shapley([1, 2], [0, 1, 2, 3], step="x", nodes=1.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"step is 0\nGive a finite volume above 0"):
        lattice_points([1, 2], 0)
