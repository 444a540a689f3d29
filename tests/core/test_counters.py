"""The file that counts requests: one count for all, and no connection that outlives its thread."""

import gc
import sqlite3
import sys
from pathlib import Path
from threading import Thread

import pytest

from programme.core.web.limits import CounterFile


def counters(file: Path) -> CounterFile:
    """Return the counters in a file."""
    return CounterFile(f"counterfile://{file}")


def test_threads_and_workers_count_together(tmp_path: Path) -> None:
    first, second = counters(tmp_path / "counters"), counters(tmp_path / "counters")
    assert first.incr("somebody", 60) == 1
    assert in_a_thread(first) == 2
    assert second.incr("somebody", 60) == 3
    assert first.get("somebody") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="what is open is told by /proc")
def test_connection_is_closed_with_its_thread(tmp_path: Path) -> None:
    """Where Python warns of one that was left open, from 3.13 on, that is an error here."""
    kept = counters(tmp_path / "counters")
    assert in_a_thread(kept) == 1
    gc.collect()
    assert [name for name in map(named, Path("/proc/self/fd").iterdir()) if name.startswith(str(tmp_path))] == []


def test_file_that_cannot_be_opened_is_said_once(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = []
    kept = counters(tmp_path / "absent" / "counters")
    try:
        kept.connection()
    except sqlite3.Error as error:
        said.append(str(error))
    gc.collect()
    assert said == ["unable to open database file"]
    assert capfd.readouterr().err == ""


def in_a_thread(kept: CounterFile) -> int:
    """Count somebody in a thread that ends, and return how often they came."""
    found: list[int] = []
    thread = Thread(target=lambda: found.append(kept.incr("somebody", 60)))
    thread.start()
    thread.join()
    return found[0]


def named(descriptor: Path) -> str:
    """What a descriptor is of; one that was closed meanwhile is of nothing."""
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""
