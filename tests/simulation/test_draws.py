"""Philox, normal scores, nets and hypercubes."""

from __future__ import annotations

import math
from importlib.util import find_spec

import numpy as np
import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import impact as twin
from scipy.special import ndtr, ndtri

from ggu_costs.simulation import marginals
from ggu_costs.simulation.machine import _draw_kernels as kernels
from ggu_costs.simulation.machine import _engine_kernels, sampling
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.draws import aligned
from ggu_costs.simulation.machine.leaves import Evaluator
from ggu_costs.simulation.machine.sampling import make_sampling, stream_of
from ggu_costs.simulation.parts import Driver, Output, Term
from ggu_costs.simulation.spec import ModelSpec

pytestmark = pytest.mark.kernels

WORDS = st.integers(0, 2**32 - 1)

# counter, key, answer: Random123's published known-answer vectors of philox4x32-10
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_vectors(counter, key, answer):
    assert twin.philox(counter, key) == answer
    u, (leaf, place) = np.empty(4096), divmod(counter[0], 2048)
    words = np.array([*key, *counter[2:]], np.uint64)
    kernels.philox_uniforms(u, place + 1, leaf, counter[1], words)
    assert (u[place], u[2048 + place]) == (twin.centred(*answer[:2]), twin.centred(*answer[2:]))


@pytest.mark.parametrize("count", [1, 2048, 2050])
def test_uniforms_are_a_function_of_seed_name_draw_and_dimension(count):
    u = np.empty(4096)
    key = np.array([5, 9, *stream_of("hours")], np.uint64)
    kernels.philox_uniforms(u, count, 3, 7, key)
    for place in {0, count // 2, count - 1}:
        assert u[place] == twin.uniform(5 + (9 << 32), "hours", 3 * 4096 + place, 7)
    assert u[:count].min() > 0
    assert u[:count].max() < 1


@cases(25)
@given(WORDS, WORDS, st.integers(0, 2**64 - 1))
def test_uniforms_agree_with_whole_numbers(leaf, dimension, seed):
    u, leaf = np.empty(4096), leaf >> 11  # the counter of a draw has 32 bits
    kernels.philox_uniforms(
        u, 1, leaf, dimension, np.array([seed & 0xFFFFFFFF, seed >> 32, *stream_of("x")], np.uint64)
    )
    assert u[0] == twin.uniform(seed, "x", 4096 * leaf, dimension)


def test_normal_scores_over_the_whole_range():
    u = np.concatenate([2.0 ** -np.arange(1, 54), 1 - 2.0 ** -np.arange(1, 54), np.linspace(0.001, 0.999, 50)])
    z = np.empty(u.size)
    kernels.normal_scores(u, z, np.empty(u.size), np.empty(u.size, np.int64))
    assert z == pytest.approx(ndtri(u), rel=1e-14, abs=1e-16)
    assert z.min() == pytest.approx(-8.2095, abs=1e-4)


@cases(50)
@given(st.floats(1e-300, 1e300))
def test_logarithm(v):
    assert kernels.natural_log(np.float64(v)) == pytest.approx(math.log(v), rel=4e-16, abs=1e-16)


def exponential(x):
    return float(_engine_kernels.exponential(np.float64(x * _engine_kernels.STEPS_PER_E)))


@cases(100)
@given(st.floats(-707.9, 709.7))
def test_exponential(x):
    assert exponential(x) == pytest.approx(math.exp(x), rel=4e-16 * (1 + abs(x)))  # the steps themselves are rounded


def test_exponential_at_its_ends():
    with np.errstate(all="ignore"):
        assert [exponential(x) for x in (0.0, 800.0, np.inf)] == [1.0, np.inf, np.inf]
        assert [exponential(x) for x in (-800.0, -np.inf)] == [2.0**-1022] * 2
        assert math.isnan(exponential(np.nan))


def uniforms(method, draws, names=("a", "b"), seed=1, replicate=0):
    """National uniforms of every leaf of a replicate."""
    spec = ModelSpec(
        units=("GM0001",), years=(2024,), drivers=tuple(Driver(name, marginals.normal(0.0, 1.0)) for name in names),
        terms=(Term("cost", np.ones(1), factors=((names[0], 1),)),), outputs=(Output("net", np.ones((1, 1))),),
    )  # fmt: skip
    compiled = compile_spec(spec)
    sampling = make_sampling(compiled.levels, draws=draws, seed=seed, method=method)
    evaluator = Evaluator(compiled, sampling)
    leaves = [evaluator.drivers_of(replicate, leaf) for leaf in range(sampling.leaves)]
    return np.array([ndtr(np.concatenate([leaf[name] for leaf in leaves])) for name in names])


@pytest.mark.parametrize("draws", [2, 3, 37, 256])
def test_a_latin_hypercube_has_one_draw_in_every_stratum(draws):
    for row in uniforms("latin_hypercube", draws):
        assert sorted(np.floor(row * draws)) == list(range(draws))


def test_the_two_rows_of_a_hypercube_are_paired_at_random():
    a, b = uniforms("latin_hypercube", 512)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.15
    assert abs(np.corrcoef(a, np.arange(512))[0, 1]) < 0.15
    assert not np.array_equal(uniforms("latin_hypercube", 512, replicate=1)[0], a)


@pytest.mark.parametrize("draws", [2, 256])
def test_sobol_points_form_a_net_in_every_replicate(draws):
    for replicate in (0, 3):
        points = uniforms("sobol", draws, replicate=replicate)
        for row in points:
            assert sorted(np.floor(row * draws)) == list(range(draws))
        if draws == 256:  # a (0, 8, 2)-net in base 2: every box of 2**-k by 2**(k-8) holds one point
            for k in range(9):
                boxes = {(int(x * 2**k), int(y * 2 ** (8 - k))) for x, y in points.T}
                assert len(boxes) == 256


def test_a_net_can_be_entered_anywhere():
    columns, points = np.array([1, 2, 4, 8], np.uint64) << np.uint64(48), np.zeros(4096, np.uint64)
    whole, part = np.empty(16), np.empty(3)
    kernels.net_uniforms(whole, 0, columns, np.uint64(5), points)
    kernels.net_uniforms(part, 12, columns, np.uint64(5), points)
    assert np.array_equal(part, whole[12:15])
    assert whole[0] == 5.5 * 2.0**-52


@pytest.mark.compiled
def test_methods_go_on_over_leaves():
    for method in ("sobol", "latin_hypercube"):
        a, b = uniforms(method, 2**14)
        assert sorted(np.floor(a * 2**14)) == list(range(2**14))
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.02
    plain = uniforms("random", 2**16)
    assert np.abs(np.corrcoef(plain)[0, 1]) < 0.02
    assert plain.mean() == pytest.approx(0.5, abs=4 * 0.2887 / 2**8.5)


def test_streams_of_different_names_differ():
    names = [f"driver {k}" for k in range(2000)]
    assert len({stream_of(name) for name in names}) == 2000


@pytest.mark.parametrize(("shape", "dtype"), [((3, 5), float), ((7,), np.int32)])
def test_scratch_begins_on_a_line_of_the_cache(shape, dtype):
    for array in [aligned(*shape, dtype=dtype) for _ in range(9)]:
        assert array.ctypes.data % 64 == 0
        assert (array.shape, array.dtype, np.count_nonzero(array)) == (shape, np.dtype(dtype), 0)
        array.fill(1)


@pytest.mark.parametrize(("dimensions", "count"), [(1, 1), (1, 9), (2, 1), (40, 26), (21_201, 12)])
def test_direction_numbers_are_those_of_scipys_points(monkeypatch, dimensions, count):
    """They are computed from the polynomials, and read off points where scipy keeps those elsewhere."""
    columns = sampling.net_columns(dimensions, count)
    monkeypatch.setattr(sampling, "_joe_kuo", lambda: None)
    np.testing.assert_array_equal(columns, sampling.net_columns(dimensions, count))


def test_a_scipy_that_keeps_its_numbers_elsewhere(monkeypatch):
    monkeypatch.setattr(sampling, "find_spec", lambda name: find_spec("json"))  # a folder without such a file
    assert sampling._joe_kuo.__wrapped__() is None
    monkeypatch.setattr(sampling, "find_spec", lambda name: None)
    assert sampling._joe_kuo.__wrapped__() is None
