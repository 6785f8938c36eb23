from __future__ import annotations

import os
import signal
import time

import pytest

from kg.build.workers import Fault, Job, work_in_order

pytestmark = pytest.mark.slow


def act(task: str) -> str:
    """Do as told; a function of a module, since workers import it."""
    verb, _, number = task.partition(" ")
    if verb == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if verb == "leave":
        os._exit(7)
    if verb == "hang":
        time.sleep(60)
    if verb == "raise":
        raise ValueError(task)
    time.sleep(float(number) / 100)
    return f"{task} {os.environ.get('PREPARED', '-')}"


def prepare(word: str) -> None:
    os.environ["PREPARED"] = word


def test_results_come_in_order_and_notes_stay_where_they_stand() -> None:
    steps = [Job("wait 30"), "a note", Job("wait 1"), Job("wait 0", about="mine"), "another"]
    expected = ["wait 30 x", "a note", "wait 1 x", "wait 0 x", "another"]
    for processes in (1, 2):
        got = list(work_in_order(steps, act, processes=processes, prepare=prepare, settings=("x",)))
        assert [step if isinstance(step, str) else step[1] for step in got] == expected
        assert got[3][0].about == "mine"
    os.environ.pop("PREPARED")


def test_a_worker_that_dies_or_hangs_is_replaced_and_its_task_reported() -> None:
    tasks = ["wait 0", "die", "hang", "leave", *(f"wait {n}" for n in range(6))]
    steps = [Job(task, seconds=2.0) for task in tasks]
    results = [result for _, result in work_in_order(steps, act, processes=2)]
    assert [r.reason if isinstance(r, Fault) else r for r in results[:4]] == [
        "wait 0 -",
        "the process that worked on it ended (SIGKILL)",
        "it took longer than 2 seconds",
        "the process that worked on it ended (exit code 7)",
    ]
    assert results[4:] == [f"wait {n} -" for n in range(6)]


def test_what_the_work_raises_is_raised() -> None:
    for processes in (1, 2):
        with pytest.raises(ValueError, match="raise me"):
            list(work_in_order([Job("raise me")], act, processes=processes))


def test_no_more_is_read_ahead_than_keeps_the_workers_busy() -> None:
    read = []

    def steps():
        for number in range(100):
            read.append(number)
            yield Job(f"wait {0}")

    results = work_in_order(steps(), act, processes=2)
    next(results)
    assert len(read) <= 10
    results.close()
