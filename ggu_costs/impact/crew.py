"""Who does the work: threads of this process, or any executor of ``concurrent.futures``.

A piece of work is a picklable function of (evaluator, task). A crew hands out tasks a few at a time and gives results
in the order in which they come; nothing in the results hangs on that order. A task whose worker was lost is handed
out again.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from numbers import Integral
from typing import TYPE_CHECKING, TypeVar

from ggu_costs.errors import GguCostsError
from ggu_costs.impact.leaves import Evaluator

if TYPE_CHECKING:
    from ggu_costs.errors import Faults
    from ggu_costs.impact.compile import Compiled
    from ggu_costs.impact.sampling import Sampling
    from ggu_costs.impact.state import Task

__all__ = ["Crew", "ExecutorError", "check_workers"]

T = TypeVar("T")
_TRIES = 4
_IN_FLIGHT = 16


class ExecutorError(GguCostsError, RuntimeError):
    """The executor failed, or lost a task more often than is worth trying."""


def check_workers(threads: object, executor: object, faults: Faults) -> None:
    """Add the faults of who is to do the work."""
    if threads is not None and (isinstance(threads, bool) or not isinstance(threads, Integral) or threads < 1):
        faults.add("threads", repr(threads), "a whole number, 1 or more")
    if executor is not None and not isinstance(executor, Executor):
        allowed = "an executor of concurrent.futures, such as that of a Dask client: client.get_executor()"
        faults.add("executor", f"a {type(executor).__name__}", allowed)


class Crew:
    """Hands out tasks.

    Parameters
    ----------
    compiled, sampling
        The model and its draws.
    threads
        Threads of this process, when there is no executor.
    executor
        Any executor of ``concurrent.futures``.
    in_flight
        Tasks that an executor holds at a time; what they give back is held in memory until it is taken in.

    Attributes
    ----------
    stopped
        True after an interrupt (Ctrl-C): tasks under way were finished, no others begun.
    """

    def __init__(
        self,
        compiled: Compiled,
        sampling: Sampling,
        *,
        threads: int,
        executor: Executor | None = None,
        in_flight: int = _IN_FLIGHT,
    ) -> None:
        self.compiled, self.sampling, self.stopped = compiled, sampling, False
        self._remote, self._window = executor, in_flight if executor is not None else 2 * threads  # one waiting each
        self._pool: Executor | None = executor
        self._evaluators: queue.SimpleQueue[Evaluator] = queue.SimpleQueue()
        if executor is None and threads > 1:
            self._pool = ThreadPoolExecutor(threads)
            for _ in range(threads):  # ready by the time the pilot is
                self._pool.submit(lambda: self._evaluators.put(Evaluator(compiled, sampling)))

    def close(self) -> None:
        """Let own threads go; an executor that was given stays as it is."""
        if self._pool is not None and self._remote is None:
            self._pool.shutdown()

    def each(self, work: Callable[[Evaluator, Task], T], tasks: Iterable[Task]) -> Iterator[tuple[Task, T]]:
        """Do every task; results as they come."""
        if self._pool is None:
            for task in tasks:
                try:
                    result = self._here(work, task)
                except KeyboardInterrupt:
                    self.stopped = True
                    return
                yield task, result
        else:
            yield from self._spread(self._pool, work, iter(tasks))

    def _here(self, work: Callable[[Evaluator, Task], T], task: Task) -> T:
        try:
            evaluator = self._evaluators.get_nowait()
        except queue.Empty:
            evaluator = Evaluator(self.compiled, self.sampling)
        result = work(evaluator, task)
        self._evaluators.put(evaluator)  # not after an error: its scratch may be half used
        return result

    def _submit(self, pool: Executor, work: Callable[[Evaluator, Task], T], task: Task) -> Future[T]:
        try:
            if self._remote is None:
                return pool.submit(self._here, work, task)
            return pool.submit(_there, self.compiled, self.sampling, work, task)
        except (BrokenExecutor, RuntimeError) as error:
            raise _broken(error) from error

    def _spread(
        self, pool: Executor, work: Callable[[Evaluator, Task], T], tasks: Iterator[Task]
    ) -> Iterator[tuple[Task, T]]:
        pending: dict[Future[T], Task] = {}
        tries: dict[Task, int] = {}
        try:
            while True:
                while len(pending) < self._window and not self.stopped:
                    task = next(tasks, None)
                    if task is None:
                        break
                    pending[self._submit(pool, work, task)] = task
                if not pending:
                    return
                for future in self._first_done(pending):
                    task = pending.pop(future)
                    error = None if future.cancelled() else future.exception()
                    if not future.cancelled() and error is None:
                        yield task, future.result()
                        continue
                    tries[task] = tries.get(task, 1) + 1
                    _judge(error, tries[task], task)
                    pending[self._submit(pool, work, task)] = task
        finally:
            for future in pending:
                future.cancel()

    def _first_done(self, pending: dict[Future[T], Task]) -> list[Future[T]]:
        try:
            return list(wait(pending, return_when=FIRST_COMPLETED).done)
        except KeyboardInterrupt:
            self.stopped = True
            if self._remote is None:  # what still waits for a thread is not begun
                for future in [future for future in pending if future.cancel()]:
                    del pending[future]
            with suppress(KeyboardInterrupt):
                wait(pending)
            return [future for future in pending if future.done()]


def _judge(error: BaseException | None, tries: int, task: Task) -> None:
    """Raise what makes no sense to try again."""
    if isinstance(error, GguCostsError):
        raise error
    if isinstance(error, BrokenExecutor):
        raise _broken(error) from error
    if tries > _TRIES:
        raise ExecutorError(
            f"leaves {task[1]} to {task[2]} failed {_TRIES} times on the executor, the last time with: {error!r}",
            remedy="Look at the workers' own messages; workers need the same version of this library.",
        ) from error


def _broken(error: BaseException) -> ExecutorError:
    return ExecutorError(
        f"the executor broke down and cannot go on: {error!r}",
        remedy="Run again on threads, or on an executor that survives the loss of a worker, such as Dask's.",
    )


def _there(compiled: Compiled, sampling: Sampling, work: Callable[[Evaluator, Task], T], task: Task) -> T:
    """Run on a worker."""
    return work(Evaluator(compiled, sampling), task)
