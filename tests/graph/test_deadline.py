"""The time limit: what is late is left, what is not is as it would be without."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import warnings

import pyoxigraph as ox
import pytest

from kg.errors import QueryError, QueryTimeoutError
from kg.graph.deadline import Deadline
from kg.graph.store import GraphStore

NAMES = [f"?{letter}" for letter in "abcdefghij"]
JOIN = " ".join(f"VALUES {name} {{ 1 2 3 4 5 6 7 8 9 }}" for name in NAMES)
"""3.5 thousand million solutions, which no machine counts in a second."""


def wait_until_alone() -> None:
    """Wait for the threads that were left behind, which end at their next row."""
    for thread in threading.enumerate():
        if thread.name == "kg-query":
            thread.join(10)
            assert not thread.is_alive()


def test_the_value_comes_back_from_another_thread() -> None:
    assert Deadline(60).run(threading.get_ident) != threading.get_ident()


def test_an_error_comes_back_as_it_was() -> None:
    with pytest.raises(KeyError, match="missing"):
        Deadline(60).run(lambda: {}["missing"])


def test_what_takes_too_long_is_left() -> None:
    begun = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"within 0\.1 seconds.*--timeout"):
        Deadline(0.1).run(lambda: time.sleep(1))
    assert time.monotonic() - begun < 0.9
    wait_until_alone()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal there")
def test_ctrl_c_ends_the_waiting() -> None:
    threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        Deadline(threading.TIMEOUT_MAX).run(lambda: time.sleep(2))
    wait_until_alone()


def test_who_checks_stops_at_the_moment() -> None:
    deadline = Deadline(0)
    time.sleep(0.001)
    with pytest.raises(QueryTimeoutError):
        deadline.check()
    Deadline(60).check()


def test_rows_stop_coming_when_nobody_waits() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryTimeoutError):
        store.query(f"SELECT * {{ {JOIN} }}", timeout=0.2)
    wait_until_alone()


def test_triples_too() -> None:
    with GraphStore.open(None) as store, pytest.raises(QueryTimeoutError):
        store.query(f"CONSTRUCT {{ [] <a:b> 1 }} WHERE {{ {JOIN} }}", timeout=0.2)
    wait_until_alone()


def test_a_quick_query_is_answered_the_same() -> None:
    sparql = "SELECT ?a ?b { VALUES ?a { 1 2 } VALUES ?b { 'x' 'y' } }"
    with GraphStore.open(None) as store:
        assert store.query(sparql, timeout=60) == store.query(sparql)


def test_an_error_amid_the_rows_drops_them_where_they_were_made() -> None:
    # Solutions of pyoxigraph may not cross threads: dropped elsewhere, they complain and leak.
    with warnings.catch_warnings(), GraphStore.open(None) as store:
        warnings.simplefilter("error")
        with pytest.raises(QueryError, match="malformed"):
            store.query("SELECT * {", timeout=60)
        with pytest.raises(ZeroDivisionError):
            Deadline(60).run(lambda: [1 / 0 for _ in store._store.query("SELECT * { VALUES ?a { 1 } }")])


def test_the_program_ends_though_a_thread_counts_on() -> None:
    program = (
        "from kg.errors import QueryTimeoutError\n"
        "from kg.graph.store import GraphStore\n"
        "try:\n"
        f"    GraphStore.open(None).query('SELECT (COUNT(*) AS ?n) {{ {JOIN} }}', timeout=0.2)\n"
        "except QueryTimeoutError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("not done within 0.2 seconds")


def test_another_thread_runs_while_pyoxigraph_computes() -> None:
    # What all of this rests on; where it fails, pyoxigraph no longer lets go of the interpreter lock.
    with pytest.raises(QueryTimeoutError):
        Deadline(0.2).run(lambda: bool(ox.Store().query(f"ASK {{ {JOIN} FILTER({' + '.join(NAMES)} = 0) }}")))
