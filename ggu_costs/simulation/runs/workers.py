"""Who does the work: threads of this process, or any executor of ``concurrent.futures``.

A piece of work is a picklable function of (evaluator, leaves of one replicate). Threads take leaves one by one from
what is left and hand in what they have after some; an executor is given tasks of so many leaves, a few at a time, and
a task whose worker was lost is done again. Results come in the order in which they are ready; nothing in them hangs on
it.
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from itertools import chain, groupby
from numbers import Integral
from time import monotonic
from typing import TypeVar

from ggu_costs.errors import Faults, GguCostsError
from ggu_costs.simulation.machine.compile import Compiled
from ggu_costs.simulation.machine.leaves import Evaluator, Leaf
from ggu_costs.simulation.machine.sampling import Sampling
from ggu_costs.typing import FloatArray

T = TypeVar("T")
Work = Callable[[Evaluator, Iterable[Leaf]], T]
_TRIES = 4
_REMEMBERED = 2**21  # draws of joint figures, 16 MiB: so many are kept for exact quantiles of them
_LONG = 0.5  # seconds after which a thread hands in what it has: progress is to be seen


class ExecutorError(GguCostsError, RuntimeError):
    """The executor failed, or lost a task more often than is worth trying."""


def check_workers(threads: object, executor: object, faults: Faults) -> None:
    """Add the faults of who is to do the work."""
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, Integral) or threads < 1):
        faults.add("threads", repr(threads), "a whole number, 1 or more")
    if executor is not None and not isinstance(executor, Executor):
        allowed = "an executor of concurrent.futures, such as that of a Dask client: client.get_executor()"
        faults.add("executor", f"a {type(executor).__name__}", allowed)


class _Share:
    """Leaves that threads take one by one, so that all are ready at about the same time."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self._left, self._lock = deque(leaves), threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._left)

    def stop(self) -> None:
        """Leave nothing to be taken."""
        with self._lock:
            self._left.clear()

    def some(self, most: int) -> Iterator[Leaf]:
        """Give leaves of one replicate until there is enough to hand in."""
        began, leaf = monotonic(), self._next()
        while leaf is not None:
            yield leaf
            most -= 1
            if most == 0 or monotonic() - began > _LONG:
                return
            leaf = self._next(leaf[0])

    def _next(self, replicate: int | None = None) -> Leaf | None:
        with self._lock:
            if self._left and replicate in {None, self._left[0][0]}:
                return self._left.popleft()
            return None


class WorkerPool:
    """Does work on leaves.

    Parameters
    ----------
    compiled, sampling
        The model and its draws.
    threads
        Threads of this process, when there is no executor; no more than there are leaves.
    executor
        Any executor of ``concurrent.futures``.
    in_flight
        Tasks that an executor holds at a time; what they give back is held in memory until it is taken in.
    most
        Leaves of a task, or after which a thread hands in what it has.

    Attributes
    ----------
    stopped
        True after an interrupt (Ctrl-C): threads and workers finish what is under way and begin nothing else; a run on
        one thread drops what it has not handed in.
    """

    def __init__(
        self,
        compiled: Compiled,
        sampling: Sampling,
        *,
        threads: int,
        executor: Executor | None = None,
        in_flight: int,
        most: int,
    ) -> None:
        threads = min(threads, sampling.leaves * sampling.replicates)
        self.compiled, self.sampling, self.stopped, self.most = compiled, sampling, False, most
        self._threads, self._remote, self._window = threads, executor, in_flight
        self._pool: ThreadPoolExecutor | None = None
        self._evaluators: queue.SimpleQueue[Evaluator] = queue.SimpleQueue()
        values = compiled.layout.joint_row.size * sampling.draws * sampling.replicates
        self._memory: dict[Leaf, FloatArray] | None = {} if 0 < values <= _REMEMBERED else None
        if executor is None and threads > 1:
            self._pool = ThreadPoolExecutor(threads)
            for _ in range(threads):  # ready by the time the pilot is
                self._pool.submit(lambda: self._evaluators.put(self._evaluator()))

    def close(self) -> None:
        """Let own threads go; an executor that was given stays as it is."""
        if self._pool is not None:
            self._pool.shutdown()

    def each(self, work: Work[T], leaves: Sequence[Leaf]) -> Iterator[T]:
        """Do every leaf; results as they come, of as many leaves each as the work was given."""
        if self._remote is not None:
            yield from self._handed_out(self._remote, work, _tasks(leaves, self.most))
        elif self._pool is not None:
            yield from self._shared(self._pool, work, _Share(leaves))
        else:
            yield from self._alone(work, _Share(leaves))

    # -- threads ----------------------------------------------------------------------------------------------------

    def _alone(self, work: Work[T], share: _Share) -> Iterator[T]:
        while share:
            try:
                result = self.run_local(work, share)
            except KeyboardInterrupt:
                self.stopped = True
                return
            if result is not None:
                yield result

    def _shared(self, pool: ThreadPoolExecutor, work: Work[T], share: _Share) -> Iterator[T]:
        pending: set[Future[T | None]] = set()
        try:
            for _ in range(2 * self._threads):  # one waiting for each thread
                pending.add(pool.submit(self.run_local, work, share))
            while pending:
                for future in self._first_done(pending, share.stop):
                    pending.remove(future)
                    result = future.result()
                    if share:
                        pending.add(pool.submit(self.run_local, work, share))
                    if result is not None:
                        yield result
        finally:
            share.stop()

    def run_local(self, work: Work[T], share: _Share) -> T | None:
        """Do some leaves of what is left; nothing where nothing is."""
        leaves = share.some(self.most)
        first = next(leaves, None)
        if first is None:
            return None
        try:
            evaluator = self._evaluators.get_nowait()
        except queue.Empty:
            evaluator = self._evaluator()
        result = work(evaluator, chain([first], leaves))
        self._evaluators.put(evaluator)  # not after an error: its scratch may be half used
        return result

    def _evaluator(self) -> Evaluator:
        return Evaluator(self.compiled, self.sampling, memory=self._memory)

    # -- an executor ------------------------------------------------------------------------------------------------

    def _handed_out(self, executor: Executor, work: Work[T], tasks: Iterator[list[Leaf]]) -> Iterator[T]:
        pending: dict[Future[T], list[Leaf]] = {}
        tries: dict[Leaf, int] = {}
        try:
            while True:
                while len(pending) < self._window and not self.stopped:
                    task = next(tasks, None)
                    if task is None:
                        break
                    pending[self._submit(executor, work, task)] = task
                if not pending:
                    return
                done = self._first_done(pending)
                while done:
                    future = done.pop(0)
                    task = pending.pop(future)
                    error = None if future.cancelled() else future.exception()
                    if not future.cancelled() and error is None:
                        result = future.result()
                        del future  # it holds the result, as long as others take in theirs
                        yield result
                        del result
                        continue
                    tries[task[0]] = tries.get(task[0], 1) + 1
                    _judge(error, tries[task[0]], task)
                    pending[self._submit(executor, work, task)] = task
        finally:
            for future in pending:
                future.cancel()

    def _submit(self, executor: Executor, work: Work[T], task: list[Leaf]) -> Future[T]:
        try:
            return executor.submit(run_remote, self.compiled, self.sampling, work, task)
        except (BrokenExecutor, RuntimeError) as error:
            raise _broken(error) from error

    def _first_done(self, pending: Iterable[Future[T]], stop: Callable[[], None] | None = None) -> list[Future[T]]:
        """Wait for some of what is pending; after an interrupt for all, with `stop` called first."""
        pending = list(pending)
        try:
            return list(wait(pending, return_when=FIRST_COMPLETED).done)
        except KeyboardInterrupt:
            self.stopped = True
            if stop is not None:
                stop()
            with suppress(KeyboardInterrupt):
                wait(pending)
            return [future for future in pending if future.done()]


def _tasks(leaves: Iterable[Leaf], most: int) -> Iterator[list[Leaf]]:
    """Cut leaves into tasks of one replicate each."""
    for _, own in groupby(leaves, key=lambda leaf: leaf[0]):
        together = list(own)
        yield from (together[first : first + most] for first in range(0, len(together), most))


def _judge(error: BaseException | None, tries: int, task: list[Leaf]) -> None:
    """Raise what makes no sense to try again."""
    if isinstance(error, GguCostsError):
        raise error
    if isinstance(error, BrokenExecutor):
        raise _broken(error) from error
    if tries > _TRIES:
        replicate, leaf = task[0]
        raise ExecutorError(
            f"the task of leaf {leaf} of replicate {replicate} and {len(task) - 1} more failed {_TRIES} times on the "
            f"executor, the last time with: {error!r}",
            remedy="Look at the workers' own messages; workers need the same version of this library.",
        ) from error


def _broken(error: BaseException) -> ExecutorError:
    return ExecutorError(
        f"the executor broke down and cannot go on: {error!r}",
        remedy="Run again on threads, or on an executor that survives the loss of a worker, such as Dask's.",
    )


def run_remote(compiled: Compiled, sampling: Sampling, work: Work[T], task: list[Leaf]) -> T:
    """Run on a worker."""
    return work(Evaluator(compiled, sampling), task)
