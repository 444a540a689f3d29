"""The live server answers many at once and tells of every failure."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.bed.servers.server import LiveServer
from tests.bed.trials.pages import little_app


@pytest.fixture
def app() -> Flask:
    """Pages made for the purpose."""
    return little_app()


def status(live_server: LiveServer, path: str) -> int:
    """Ask as a plain client does."""
    connection = HTTPConnection(urlsplit(live_server.url).netloc, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_server_answers_many_at_once(live_server: LiveServer) -> None:
    with ThreadPoolExecutor(16) as people:
        assert set(people.map(lambda _: status(live_server, "/good"), range(100))) == {200}


def test_server_notes_a_failure(live_server: LiveServer) -> None:
    assert status(live_server, "/fails") == 500
    assert live_server.failures == ["GET /fails: 500 INTERNAL SERVER ERROR"]
    live_server.failures.clear()
