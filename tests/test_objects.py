"""Every public object pickles, copies, compares to one truth value, and has a hash where it is frozen."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, is_dataclass
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import pytest
from objects import objects
from small_programmes import two_ways

import ggu_costs as ggu
from ggu_costs.errors import GguCostsError
from ggu_costs.frozen import Frozen, ReadOnly, same


@pytest.fixture(scope="module")
def found() -> dict[type, Any]:
    return objects()


def public_classes() -> set[type]:
    """Classes among the names that packages offer."""
    packages = [module.name for module in pkgutil.walk_packages(ggu_costs_path(), "ggu_costs.") if module.ispkg]
    modules = [importlib.import_module(name) for name in ("ggu_costs", *packages)]
    named = [getattr(module, name) for module in modules for name in getattr(module, "__all__", ())]
    return {thing for thing in named if inspect.isclass(thing) and not inspect.isabstract(thing)}


def ggu_costs_path() -> Any:
    return ggu.__path__


def test_every_public_class_is_among_the_objects(found: dict[type, Any]) -> None:
    missing = {kind.__name__ for kind in public_classes() if not any(issubclass(one, kind) for one in found)}
    assert missing == set()
    assert len(found) > 140


@pytest.mark.parametrize("make", [lambda thing: pickle.loads(pickle.dumps(thing)), copy.deepcopy, copy.copy])  # noqa: S301
def test_every_object_pickles_copies_and_compares(found: dict[type, Any], make: Callable[[Any], Any]) -> None:
    """What defines equality is equal to its copy; the rest is equal to itself only."""
    for kind, thing in found.items():
        made = make(thing)
        assert type(made) is kind
        by_content = kind.__eq__ is not object.__eq__
        for other in (made, thing, object(), None, "text"):
            answer = thing == other
            assert type(answer) is bool, kind
            assert answer is (other is thing or (by_content and other is made)), (kind, other)
            assert (thing != other) is not answer


def test_what_is_frozen_has_a_hash_and_equals_have_the_same(found: dict[type, Any]) -> None:
    for kind, thing in found.items():
        frozen = is_dataclass(kind) and kind.__dataclass_params__.frozen
        if frozen or getattr(kind, "model_config", {}).get("frozen"):
            made = copy.deepcopy(thing)
            assert made != thing or hash(made) == hash(thing), kind
            assert {thing: 1}[thing] == 1


@dataclass(frozen=True)
class Figure(Frozen):
    value: float


def test_numbers_that_are_equal_have_one_hash_in_any_form() -> None:
    assert len({Figure(1), Figure(1.0), Figure(np.float64(1))}) == 1
    assert len({Figure(0.0), Figure(-0.0)}) == 1
    assert len({Figure(float("nan")), Figure(float("nan"))}) == 1


def test_errors_keep_what_they_know(found: dict[type, Any]) -> None:
    errors = [thing for thing in found.values() if isinstance(thing, GguCostsError)]
    assert len(errors) >= 10
    for error in errors:
        for made in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):  # noqa: S301
            assert (str(made), vars(made)) == (str(error), vars(error))


def test_objects_go_to_other_processes_and_come_back(found: dict[type, Any]) -> None:
    """As joblib and multiprocessing send them: by pickle, to a process that begins afresh."""
    chosen = [thing for kind, thing in found.items() if kind.__eq__ is not object.__eq__]
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for sent, back in zip(chosen, pool.map(_back, chosen, chunksize=50), strict=True):
            assert back == sent, type(sent)


def _back(thing: Any) -> Any:
    return thing


def test_a_result_that_was_pickled_answers_the_same() -> None:
    programme = ggu.open_programme("programmes/omgevingswet/2021")
    result = programme.simulate(draws=128, seed=1)
    back = pickle.loads(pickle.dumps(result))  # noqa: S301
    assert back.digest() == result.digest()
    pd.testing.assert_frame_equal(back.national(), result.national())
    pd.testing.assert_frame_equal(back.published(), result.published())


def test_equal_is_what_gives_the_same_figures() -> None:
    name = "programmes/omgevingswet/2021"
    programme, again = ggu.open_programme(name), ggu.open_programme(name)
    assert programme == again
    assert programme.simulate(64, seed=1) == again.simulate(64, seed=1, threads=1)
    assert programme.simulate(64, seed=1) != again.simulate(64, seed=2)
    assert two_ways().simulate(64, seed=1) != two_ways(0.5).simulate(64, seed=1)
    assert two_ways().simulate(64, seed=1).alternative("samen") != two_ways().simulate(64, seed=1)
    bills = [ggu.open_fund(f"funds/ggu/{year}").contributions() for year in (2019, 2020, 2020)]
    assert [one == two for one, two in pairwise(bills)] == [False, True]
    assert len(set(bills)) == 2
    assert ggu.allocate(100, [1, 2]) != ggu.allocate(200, [1, 2]) == ggu.allocate(200, [1, 2])


def test_same_tells_kinds_apart() -> None:
    frame = pd.DataFrame({"a": [1.0, float("nan")]})
    assert same({"a": (1, [frame])}, ReadOnly({"a": (1, [frame.copy()])}))
    assert not same(frame, frame.rename(columns={"a": "b"}))
    assert same(1, 1.0)
    assert not same((1,), [1])
    assert not same(1, "1")
    assert same([float("nan")], [float("nan")])
    assert not same({"a": 1}, {"b": 1})
