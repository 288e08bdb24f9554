"""One result asked by many threads at once gives each of them what one thread gets, and asks nothing twice."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from small_programmes import two_ways

import ggu_costs as ggu
from ggu_costs.catalogue import open_joint_body
from ggu_costs.impact.answers.term_runner import TermRunner
from ggu_costs.simulation.remembered import remembered

THREADS = 8
MAY = "grants/gemeentefonds/meicirculaire-2024/2025"

QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "national": lambda result: result.national().to_json(),
    "municipalities": lambda result: result.by_municipality("cost").to_json(),
    "years": lambda result: result.by_year().to_json(),
    "quantile": lambda result: repr(result.quantile(0.437)),
    "probability": lambda result: repr(result.probability(above=1_000.0)),
    "report": lambda result: result.to_json(),
}


def at_once(ask: Callable[[int], Any]) -> list[Any]:
    """Let threads ask at the same moment."""
    begin = Barrier(THREADS)

    def one(place: int) -> Any:
        begin.wait()
        return ask(place)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(THREADS)))


@pytest.mark.compiled
def test_a_simulation_asked_by_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {name: ask(two_ways().simulate(512, seed=1)) for name, ask in QUESTIONS.items()}
    asked: list[tuple[str, ...]] = []
    run = TermRunner._run

    def counted(self: TermRunner, outputs: Any, *more: Any, **named: Any) -> Any:
        asked.append(tuple(output.name for output in outputs))
        return run(self, outputs, *more, **named)

    for _ in range(3):
        result, names = two_ways().simulate(512, seed=1), list(QUESTIONS)
        asked.clear()
        monkeypatch.setattr(TermRunner, "_run", counted)

        def every(place: int, result: Any = result, names: list[str] = names) -> dict[str, Any]:
            turned = names[place % len(names) :] + names[: place % len(names)]  # each begins with another
            return {name: QUESTIONS[name](result) for name in turned}

        assert all(told == expected for told in at_once(every))
        assert len(asked) == len(set(asked))
        monkeypatch.setattr(TermRunner, "_run", run)


def test_a_copy_of_a_result_knows_the_same_and_has_a_lock_of_its_own() -> None:
    result = two_ways().simulate(64, seed=1)
    for made in (copy.deepcopy(result), pickle.loads(pickle.dumps(result))):  # noqa: S301
        assert made.runner.memory.lock is not result.runner.memory.lock
        assert made.runner.memory.units.keys() == result.runner.memory.units.keys()


@pytest.mark.parametrize(
    ("make", "ask"),
    [
        (lambda: ggu.open_fund("funds/ggu/2020").contributions(), lambda bill: bill.to_json()),
        (lambda: ggu.open_case("procurement/gt-mobiel-1"), lambda case: case.split("shapley").to_json()),
        (
            lambda: open_joint_body("joint-bodies/example-shared-services"),
            lambda body: body.council_view(2027).to_json(),
        ),
        (
            lambda: ggu.open_grant("grants/gemeentefonds/meicirculaire-2024/2025"),
            lambda grant: grant.amounts().to_json(),
        ),
    ],
    ids=["bill", "split", "body", "grant"],
)
def test_an_answer_asked_by_threads(make: Callable[[], Any], ask: Callable[[Any], str]) -> None:
    expected, thing = ask(make()), make()
    assert set(at_once(lambda _: ask(thing))) == {expected}


def test_what_is_remembered_is_one_object_for_all_threads() -> None:
    class Thing:
        @remembered
        def parts(self) -> list[int]:
            return [1]

    thing = Thing()
    first, *others = at_once(lambda _: thing.parts)
    assert all(other is first for other in others)
