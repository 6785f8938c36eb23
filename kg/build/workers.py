"""Work that is spread over processes: results in the order of the tasks, whatever finishes first.

A worker that dies, or takes too long over one task, is replaced; that task has a fault for a result, and the others go
on. No more tasks are read ahead than keep the workers busy.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pebble import ProcessFuture

_AHEAD = 4
"""Tasks for each worker that are read ahead of the one whose result is awaited."""

Task = TypeVar("Task")
Result = TypeVar("Result")
Note = TypeVar("Note")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a task has no result."""

    reason: str


@dataclass(frozen=True, slots=True)
class Job(Generic[Task]):
    """A task to be worked on, for at most `seconds` where that is not None; `about` is for whoever set it."""

    task: Task
    seconds: float | None = None
    about: Any = None


def work_in_order(
    steps: Iterable[Job[Task] | Note],
    work: Callable[[Task], Result],
    *,
    processes: int = 1,
    prepare: Callable[..., None] | None = None,
    settings: tuple[Any, ...] = (),
) -> Iterator[tuple[Job[Task], Result | Fault] | Note]:
    """Yield each job with its result, and whatever else stands among the steps as it is, all in order.

    With one process the work is done in this one, without a limit of time. Otherwise `work` and `prepare` are functions
    of a module: workers import it, and call `prepare(*settings)` once. What `work` raises is raised here.
    """
    if processes == 1:
        if prepare:
            prepare(*settings)
        for step in steps:
            yield (step, work(step.task)) if isinstance(step, Job) else step
        return
    from pebble import ProcessPool

    # Forking a process that holds a store open, with threads of its own, is no good idea.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(processes, initializer=_begin, initargs=(prepare, settings), context=context)
    waiting: deque[tuple[Any, ProcessFuture[Any] | None]] = deque()
    try:
        for step in steps:
            future = pool.schedule(work, args=[step.task], timeout=step.seconds) if isinstance(step, Job) else None
            waiting.append((step, future))
            if len(waiting) > _AHEAD * processes:
                yield _await(*waiting.popleft())
        while waiting:
            yield _await(*waiting.popleft())
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _await(step: Any, future: ProcessFuture[Any] | None) -> Any:
    if future is None:
        return step
    from pebble import ProcessExpired

    try:
        return step, future.result()
    except FutureTimeoutError:
        return step, Fault(f"it took longer than {step.seconds:.0f} seconds")
    except ProcessExpired as error:
        return step, Fault(f"the process that worked on it ended ({_explain(error.exitcode)})")


def _explain(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        try:
            return signal.Signals(-exit_code).name
        except ValueError:
            return f"signal {-exit_code}"
    return f"exit code {exit_code}"


def _begin(prepare: Callable[..., None] | None, settings: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one stops the others
    if prepare:
        prepare(*settings)
