"""A time limit for what runs inside pyoxigraph, which has none and cannot be interrupted.

pyoxigraph 0.5.13 lets go of the interpreter lock while it parses, answers and updates (measured: another thread never
waits longer than it does beside an idle one), so a thread of its own can be waited for. What it computes goes on when
the waiting ends: until it yields its next row, or for good where it sorts, groups or counts. Only the end of the
process ends that, which is what the command line does.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from kg.errors import QueryTimeoutError

__all__ = ["Deadline"]

T = TypeVar("T")


class Deadline:
    """The moment, `seconds` from now, at which something has had its time.

    >>> Deadline(5).run(lambda: 1 + 1)
    2
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise QueryTimeoutError if the moment has passed; for whoever can stop between two rows."""
        if time.monotonic() > self._end:
            raise self._error()

    def run(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, which a thread of its own calls, or raise what it raises.

        Raises:
            QueryTimeoutError: the moment came first. The thread may still be running: see the top of this module.
        """
        outcome: SimpleQueue[tuple[T, None] | tuple[None, BaseException]] = SimpleQueue()
        Thread(target=_work, args=(work, outcome), name="kg-query", daemon=True).start()
        try:
            value, error = outcome.get(timeout=max(0.0, self._end - time.monotonic()))
        except Empty:
            raise self._error() from None
        finally:
            self._end = 0.0  # Whoever checks from now on is not waited for: it is late, or Ctrl-C was pressed.
        if error is not None:
            raise error
        return value  # type: ignore[return-value]

    def _error(self) -> QueryTimeoutError:
        return QueryTimeoutError(
            f"not done within {self._seconds:g} seconds; ask for less, or allow more time (--timeout, 0 for no limit)"
        )


def _work(work: Callable[[], T], outcome: SimpleQueue[tuple[T, None] | tuple[None, BaseException]]) -> None:
    try:
        outcome.put((work(), None))
    except BaseException as error:  # Whatever it is, it belongs to the thread that waits.
        # Solutions of pyoxigraph may only be dropped by the thread that made them, and frames hold on to them.
        chain: BaseException | None = error
        while chain is not None:
            traceback.clear_frames(chain.__traceback__)
            chain = chain.__cause__ or chain.__context__
        outcome.put((None, error))
