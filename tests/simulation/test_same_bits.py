"""One digest for any threads, tasks, processes and orders of completion; runs that stop, go on, or fail."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest
from cases import cases
from hypothesis import given
from hypothesis import strategies as st
from oracles import impact_models as models

from ggu_costs.errors import InputError
from ggu_costs.simulation.constants import SUMS
from ggu_costs.simulation.machine.accumulate import fold, total_of
from ggu_costs.simulation.machine.compile import compile_spec
from ggu_costs.simulation.machine.leaves import ModelOverflowError
from ggu_costs.simulation.machine.sampling import make_sampling
from ggu_costs.simulation.runs import workers as pool_module
from ggu_costs.simulation.runs.engine import run
from ggu_costs.simulation.runs.workers import ExecutorError

SMALL = models.r1(2)


class Backwards(Executor):
    """Does nothing until asked for a result, and hands out results in the reverse order; loses some tasks."""

    def __init__(self, lose=0, error=None):
        self.lose, self.error, self.calls = lose, error, 0

    def submit(self, fn, /, *args, **kwargs):
        self.calls += 1
        future = Future()
        if self.error is not None:
            raise self.error
        if self.lose:
            self.lose -= 1
            future.set_exception(ConnectionError("the worker was killed"))
        else:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)
        return future


def digest(**how):
    return run(SMALL, draws=20, seed=1, **how).digest()


def test_an_executor_gives_the_bits_of_a_single_thread():
    assert digest(executor=Backwards()) == digest(threads=1)
    with ThreadPoolExecutor(2) as pool:
        assert digest(executor=pool, quantiles="exact") == digest(threads=2, quantiles="exact")


@pytest.mark.parametrize("method", ["random", "latin_hypercube"])
def test_joint_figures_that_are_remembered_are_those_of_the_draws(method, monkeypatch):
    """Threads of this process remember them, few enough; the workers of an executor make the draws again."""
    spec = models.everything()
    assert spec.joints

    def joints(**how):
        found = run(spec, draws=9_000, seed=5, method=method, replicates=2, quantiles="exact", exact_of="joints", **how)
        return found.digest(), [found.joint(one.name).quantile(0.05).tolist() for one in spec.joints]

    remembered = joints(threads=2)
    assert remembered == joints(executor=Backwards())
    monkeypatch.setattr(pool_module, "_REMEMBERED", 0)
    assert remembered == joints(threads=1)


def test_different_settings_give_different_bits():
    others = [
        run(SMALL, draws=20, seed=2, threads=1),
        run(SMALL, draws=21, seed=1, threads=1),
        run(SMALL, draws=20, seed=1, threads=1, method="latin_hypercube"),
        run(SMALL, draws=20, seed=1, threads=1, quantiles="exact"),
    ]
    assert len({digest(threads=1), *(other.digest() for other in others)}) == 5


def test_a_lost_task_is_done_again():
    executor = Backwards(lose=3)
    assert digest(executor=executor) == digest(threads=1)
    assert executor.calls == 4


def test_an_executor_that_keeps_losing_ends_in_an_error():
    with pytest.raises(ExecutorError, match=r"leaf 0 of replicate 0 and 0 more failed 4 times on the executor.*killed"):
        digest(executor=Backwards(lose=10))


def test_a_broken_executor_ends_in_an_error():
    with pytest.raises(ExecutorError, match="broke down and cannot go on"):
        digest(executor=Backwards(error=BrokenProcessPool("gone")))
    closed = ThreadPoolExecutor(1)
    closed.shutdown()
    with pytest.raises(ExecutorError, match="cannot schedule new futures"):
        digest(executor=closed)


def test_a_pool_that_loses_a_process_ends_in_an_error():
    class Breaking(Backwards):
        def submit(self, fn, /, *args, **kwargs):
            future = Future()
            future.set_exception(BrokenProcessPool("a process died"))
            return future

    with pytest.raises(ExecutorError, match="executor that survives the loss of a worker"):
        digest(executor=Breaking())


def test_an_error_of_the_model_is_not_tried_again():
    class Faulty(Backwards):
        def submit(self, fn, /, *args, **kwargs):
            self.calls += 1
            future = Future()
            future.set_exception(ModelOverflowError("not finite", draw=5, replicate=0, drivers={"F": 1.0}, remedy=""))
            return future

    executor = Faulty()
    with pytest.raises(ModelOverflowError, match="not finite"):
        digest(executor=executor)
    assert executor.calls == 1


def test_an_interrupt_while_waiting_stops_the_run():
    class Waiting(Backwards):
        def submit(self, fn, /, *args, **kwargs):
            self.calls += 1
            if self.calls == 3:
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    part = run(
        SMALL,
        draws=8,
        seed=3,
        method="latin_hypercube",
        replicates=4,
        executor=Waiting(),
        in_flight=1,
        on_interrupt="keep",
    )
    assert not part.complete
    assert 0 < part.draws < 32
    whole = run(SMALL, draws=8, seed=3, method="latin_hypercube", replicates=4, threads=1)
    assert (
        run(SMALL, draws=8, seed=3, method="latin_hypercube", replicates=4, threads=1, resume=part).digest()
        == whole.digest()
    )


def test_an_interrupt_within_a_leaf_keeps_what_was_handed_in(monkeypatch):
    from ggu_costs.simulation.machine.leaves import Evaluator

    true, calls = Evaluator.summarise, []

    def interrupted(self, *what):
        calls.append(what)
        if len(calls) == 5:  # two of the pilot, two of the run
            raise KeyboardInterrupt
        return true(self, *what)

    monkeypatch.setattr(Evaluator, "summarise", interrupted)
    part = run(SMALL, draws=8, seed=3, method="latin_hypercube", replicates=4, threads=1, on_interrupt="keep")
    assert (part.complete, part.draws) == (False, 16)


def test_an_interrupt_before_anything_came_in_is_passed_on(monkeypatch):
    from ggu_costs.simulation.machine.leaves import Evaluator

    true, calls = Evaluator.summarise, []

    def interrupted(self, *what):
        calls.append(what)
        if len(calls) == 3:  # two of the pilot
            raise KeyboardInterrupt
        return true(self, *what)

    monkeypatch.setattr(Evaluator, "summarise", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(SMALL, draws=8, seed=3, threads=1, on_interrupt="keep")


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("how", [{}, {"method": "latin_hypercube", "replicates": 4}, {"quantiles": "exact"}])
def test_an_interrupt_reaches_the_caller_unless_what_was_drawn_is_to_be_kept(threads, how):
    asked = {"draws": 8, "seed": 3, "threads": threads, "task_draws": 4096, **how}
    with pytest.raises(KeyboardInterrupt):
        run(SMALL, progress=interrupting(1), **asked)
    assert run(SMALL, progress=interrupting(1), on_interrupt="keep", **asked).draws > 0
    with pytest.raises(InputError, match=r"on_interrupt: 'stop'; allowed: raise, keep"):
        run(SMALL, on_interrupt="stop", **asked)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupt_while_counts_are_added_up_leaves_them_whole(monkeypatch, threads):
    from ggu_costs.simulation.runs.state import State

    true, main, calls = State.take, threading.get_ident(), []

    def take(self, *what):
        calls.append(what)
        if len(calls) == 2:
            signal.pthread_kill(main, signal.SIGINT)
            time.sleep(0.05)  # the interrupt is there before the counts are
        true(self, *what)

    monkeypatch.setattr(State, "take", take)
    how = {"draws": 6 * 4096, "seed": 3, "task_draws": 4096}
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a process in the background ignores it
    try:
        part = run(SMALL, threads=threads, on_interrupt="keep", **how)
    finally:
        signal.signal(signal.SIGINT, before)
    monkeypatch.undo()
    assert not part.complete
    assert 4096 < part.draws < 6 * 4096
    assert part.nation("net").histograms.sum() == part.draws
    assert run(SMALL, threads=1, resume=part, **how).digest() == run(SMALL, threads=1, **how).digest()


def test_no_more_threads_than_leaves():
    workers = pool_of(64, leaves=3)
    list(workers.each(lambda evaluator, own: list(own), [(0, leaf) for leaf in range(3)]))
    workers.close()
    assert workers._evaluators.qsize() <= 3
    assert pool_of(64, leaves=1)._pool is None


def interrupting(after):
    seen = []

    def progress(done, whole):
        seen.append(done)
        if len(seen) == after:
            raise KeyboardInterrupt

    return progress


@pytest.mark.parametrize("threads", [1, 2])
def test_an_interrupted_run_goes_on_to_the_same_bits(threads):
    how = {"draws": 8, "seed": 3, "method": "latin_hypercube", "replicates": 4}
    whole = run(SMALL, threads=1, **how)
    part = run(SMALL, threads=threads, task_draws=4096, progress=interrupting(2), on_interrupt="keep", **how)
    assert not part.complete
    assert part.draws < whole.draws
    assert part.nation("net").mean.shape == (1,)
    before = part.digest()
    on = run(SMALL, threads=1, resume=part, **how)
    assert on.complete
    assert on.digest() == whole.digest()
    assert part.digest() == before


def test_going_on_needs_the_same_model_and_settings():
    first = run(SMALL, draws=8, seed=3, threads=1)
    with pytest.raises(InputError, match="cannot resume from this result") as caught:
        run(models.r1(3), draws=9, seed=4, threads=1, resume=first)
    assert [fault.where for fault in caught.value.faults] == ["resume: model", "resume: seed", "resume: draws"]


@cases(30)
@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_folding_never_shows_the_order(leaves, random):
    import numpy as np

    values = {leaf: np.random.default_rng(leaf).normal(size=(2, SUMS)) for leaf in range(leaves)}
    straight, shuffled = {}, {}
    for leaf in range(leaves):
        straight[0, leaf] = values[leaf]
        fold(straight)
    order = list(range(leaves))
    random.shuffle(order)
    for leaf in order:
        shuffled[0, leaf] = values[leaf]
        fold(shuffled)
    assert np.array_equal(total_of(straight, 2), total_of(shuffled, 2))
    assert len(straight) == leaves.bit_count()
    assert total_of(straight, 2) == pytest.approx(sum(values.values()), rel=1e-12, abs=1e-12)


@pytest.fixture(scope="module")
def processes():
    """Two that begin afresh."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.mark.compiled
@pytest.mark.parametrize("model", [models.everything, models.rare_risk])
@pytest.mark.parametrize("how", [{}, {"method": "sobol", "draws": 2**13}], ids=["random", "sobol"])
def test_one_digest_for_threads_tasks_and_processes(how, model, processes):
    spec = model(20)
    settings = {"draws": 50_000, "seed": 11, "quantiles": "exact", **how}
    digests = {run(spec, threads=threads, **settings).digest() for threads in (1, 2, 3)}
    digests |= {run(spec, threads=2, task_draws=draws, **settings).digest() for draws in (4096, 16_384)}
    digests.add(run(spec, executor=processes, task_draws=8192, in_flight=3, **settings).digest())
    part = run(spec, threads=2, task_draws=4096, progress=interrupting(3), on_interrupt="keep", **settings)
    assert not part.complete
    digests.add(run(spec, threads=2, resume=part, **settings).digest())
    assert len(digests) == 1


LEAVES = st.sets(st.tuples(st.integers(0, 2), st.integers(0, 40)))


@cases(100)
@given(LEAVES, st.integers(1, 20))
def test_tasks_of_an_executor_cover_every_leaf_once(leaves, most):
    tasks = list(pool_module._tasks(sorted(leaves), most))
    assert [leaf for task in tasks for leaf in task] == sorted(leaves)
    for replicate in range(3):
        sizes = [len(task) for task in tasks if {own for own, _ in task} == {replicate}]
        assert sum(sizes) == sum(own == replicate for own, _ in leaves)
        assert set(sizes[:-1]) <= {most}
        assert all(0 < size <= most for size in sizes)


def pool_of(threads, leaves=8, most=15):
    compiled = compile_spec(SMALL)
    sampling = make_sampling(compiled.levels, draws=leaves * 4096, seed=1, method="random")
    return pool_module.WorkerPool(compiled, sampling, threads=threads, in_flight=1, most=most)


@cases(30)
@given(LEAVES, st.integers(1, 20), st.integers(1, 4))
def test_threads_take_every_leaf_once_and_hand_in_one_replicate_at_a_time(leaves, most, threads):
    workers = pool_of(threads, most=most)
    found = list(workers.each(lambda evaluator, own: list(own), sorted(leaves)))
    workers.close()
    assert sorted(leaf for own in found for leaf in own) == sorted(leaves)
    for own in found:
        assert 0 < len(own) <= most
        assert len({replicate for replicate, _ in own}) == 1


def test_a_thread_that_takes_long_hands_in_what_it_has(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr(pool_module, "monotonic", lambda: next(now) * 0.2)  # a fifth of a second for every leaf
    workers = pool_of(1)
    found = list(workers.each(lambda evaluator, own: len(list(own)), [(0, leaf) for leaf in range(8)]))
    assert found == [3, 3, 2]


def test_an_error_on_a_thread_is_raised_as_it_is_and_stops_the_others():
    gate, begun = threading.Event(), []

    def work(evaluator, leaves):
        for _, leaf in leaves:
            begun.append(leaf)
            if leaf == 1:
                gate.wait(10)
                raise MemoryError("too much")
            gate.set()
            time.sleep(0.01)

    workers = pool_of(2, leaves=400)
    with pytest.raises(MemoryError, match="too much"):
        list(workers.each(work, [(0, leaf) for leaf in range(400)]))
    workers.close()
    assert len(begun) < 300


def test_after_an_interrupt_threads_hand_in_what_they_have_and_begin_nothing(monkeypatch):
    gate, begun, wait, interrupts = threading.Event(), [], pool_module.wait, [KeyboardInterrupt]

    def interrupted(pending, **how):
        if interrupts:
            while len(begun) < 2:
                time.sleep(0.001)
            raise interrupts.pop()
        gate.set()
        return wait(pending, **how)

    def work(evaluator, leaves):
        done = []
        for leaf in leaves:
            begun.append(leaf)
            gate.wait(10)
            done.append(leaf)
        return done

    monkeypatch.setattr(pool_module, "wait", interrupted)
    workers = pool_of(2)
    found = list(workers.each(work, [(0, leaf) for leaf in range(8)]))
    workers.close()
    assert workers.stopped
    assert sorted(found) == [[(0, 0)], [(0, 1)]]
    assert sorted(begun) == [(0, 0), (0, 1)]
