"""`programme serve`: what it refuses to start with, what gunicorn lets through, and the lines it writes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from programme.config import ROOT
from tests.bed.application import PLAIN
from tests.commands.keyboard import typed

PATIENCE = 30
pytestmark = pytest.mark.one_database


@dataclass
class Served:
    """A process that serves; `end` gives what it wrote."""

    process: subprocess.Popen[str]
    port: int

    def get(self, address: str, **headers: str) -> tuple[int, str]:
        """Return the code and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        return answer.status, page

    def end(self) -> tuple[str, list[dict[str, Any]]]:
        """End it; return what it said, and its log."""
        self.process.send_signal(signal.SIGTERM)
        said, written = self.process.communicate(timeout=PATIENCE)
        return said, [json.loads(line) for line in written.splitlines()]


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """The settings of a process."""
    absent = {"PROGRAMME_ENV": str(tmp_path / "absent.env"), "STORE": str(tmp_path)}
    return {**PLAIN, **absent, "PATH": os.environ["PATH"], "DATABASE_URL": database_url}


@pytest.fixture
def served(environment: dict[str, str]) -> Iterator[Served]:
    """A process that answers."""
    port = free_port()
    with start(environment, "serve", "--port", str(port)) as process:
        made = Served(process, port)
        try:
            wait_until_ready(made)
            yield made
        finally:
            process.terminate()  # killed, it would leave a worker at work on what the next test has
            process.wait(timeout=PATIENCE)


def test_log_is_a_json_object_a_line_and_never_holds_an_address(served: Served) -> None:
    assert served.get("/feeds/a-very-secret-token.ics")[0] == 404
    assert served.get("/nowhere/at-all?q=another-secret")[0] == 404
    said, log = served.end()
    assert "Serving at http://localhost" in said
    lines = [line for line in log if line["event"] == "request" and line["route"] != "/health/live"]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/feeds/<token>.ics", 404),
        ("GET", "", 404),
    ]
    assert all(line["milliseconds"] > 0 and len(line["request_id"]) == 16 for line in lines)
    assert "secret" not in json.dumps(log)


def test_gunicorn_lets_through_what_we_refuse_better(served: Served) -> None:
    code, page = served.get(f"/events?q={'x' * 8_000}")
    assert (code, "The address is too long" in page) == (414, True)
    code, page = served.get("/events", Cookie=f"a={'x' * 16_000}")
    assert (code, "Your browser sends too much" in page) == (431, True)
    assert 400 <= served.get(f"/events?q={'x' * 10_000}")[0] < 500
    _, log = served.end()
    assert all({"event", "level", "timestamp"} <= set(line) for line in log), log


def test_bytes_that_no_address_has_are_refused_by_gunicorn(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE) as raw:
        raw.sendall(b"GET /events?q=\xff\xfe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "words",
    [("--workers", "0"), ("--workers", "65"), ("--workers", "-1"), ("--port", "0"), ("--port", "65536")],
)
def test_impossible_options_are_refused(words: tuple[str, str]) -> None:
    done = typed("serve", *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is not in the range" in done.stderr


def test_busy_port_gets_one_sentence(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said, written, code = ended(environment, "serve", "--port", port)
    assert (code, said) == (1, "")
    assert written.splitlines() == [
        f"Error: Cannot listen on 127.0.0.1:{port} (Address already in use). Choose another with --host and --port."
    ]


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.6])
def test_whoever_ends_it_while_it_is_loading_reads_no_error(environment: dict[str, str], seconds: float) -> None:
    with start(environment, "serve", "--port", str(free_port()), start_new_session=True) as process:
        assert process.stdout is not None
        assert "Serving at" in process.stdout.readline()
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does for Ctrl-C: to the server and its worker
        _, written = process.communicate(timeout=PATIENCE)
    assert (written, process.returncode) == ("", 0)


def start(environment: dict[str, str], *words: str, start_new_session: bool = False) -> subprocess.Popen[str]:
    """Start the command."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("programme"), *words],
        cwd=ROOT,
        env={**environment, "PYTHONUNBUFFERED": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=start_new_session,
    )


def ended(environment: dict[str, str], *words: str) -> tuple[str, str, int]:
    """Run the command to its end: what it said, what it complained of, its code."""
    process = start(environment, *words)
    said, written = process.communicate(timeout=PATIENCE)
    return said, written, process.returncode


def wait_until_ready(served: Served) -> None:
    """Return once the process answers."""
    end = time.monotonic() + PATIENCE
    while not answers(served):
        assert served.process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(served: Served) -> bool:
    """Whether the process answers yet."""
    try:
        return served.get("/health/live")[0] == 200
    except OSError:
        return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
