"""Fetching from a real server: what is taken, what is refused, and that nothing takes for ever."""

import gzip
import itertools
import time
import zlib
from collections.abc import Sequence

import pytest

from programme.core.fetching.client import Fetched, Fetcher, Marks, Unfetched
from programme.core.refusal import Refusal
from tests.bed.servers.elsewhere import Elsewhere, answered

BODY = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
LATE = 10.0
"""Seconds after which a fetch that should have ended counts as endless."""


def here(elsewhere: Elsewhere) -> Fetcher:
    """A fetcher for which this machine's server is named, with short bounds."""
    return Fetcher(allowed=frozenset({elsewhere.host}), connecting=2, reading=2, whole=1.5, most_bytes=100_000)


def test_what_is_there_is_fetched_with_its_marks(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(BODY, 'ETag: "7"', "Last-Modified: Mon, 04 Jan 2027 10:00:00 GMT")
    found = here(elsewhere).fetch(elsewhere.url())
    assert found == Fetched(BODY, Marks('"7"', "Mon, 04 Jan 2027 10:00:00 GMT"))
    assert f"Host: {elsewhere.host}\r\n" in elsewhere.asked[0]
    assert "If-None-Match" not in elsewhere.asked[0]


def test_the_marks_are_said_again_and_what_is_the_same_is_not_sent(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = [b"HTTP/1.1 304 Not Modified\r\n\r\n"]
    known = Marks('"7"', "Mon, 04 Jan 2027 10:00:00 GMT")
    assert here(elsewhere).fetch(elsewhere.url(), known=known) == Fetched(None, known)
    assert 'If-None-Match: "7"\r\n' in elsewhere.asked[0]
    assert "If-Modified-Since: Mon, 04 Jan 2027 10:00:00 GMT\r\n" in elsewhere.asked[0]


def test_a_server_that_says_not_modified_unasked_has_said_nothing(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = [b"HTTP/1.1 304 Not Modified\r\n\r\n"]
    with pytest.raises(Unfetched):
        here(elsewhere).fetch(elsewhere.url())


@pytest.mark.parametrize(
    ("status", "is_gone", "said"),
    [
        ("404 Not Found", False, "404"),
        ("410 Gone", True, "gone for good"),
        ("401 Unauthorized", False, "sign in"),
        ("403 Forbidden", False, "sign in"),
        ("429 Too Many Requests", False, "too often"),
        ("500 Oh", False, "trouble"),
        ("204 No Content", False, "204"),
    ],
)
def test_another_answer_is_told_in_a_sentence(elsewhere: Elsewhere, status: str, is_gone: bool, said: str) -> None:  # noqa: FBT001
    elsewhere.answers["/feed.ics"] = answered(b"", status=status)
    with pytest.raises(Unfetched, match=said) as failed:
        here(elsewhere).fetch(elsewhere.url())
    assert failed.value.is_gone is is_gone


def test_a_redirect_is_followed_five_times_at_most(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/5"] = answered(BODY)
    for step in range(5):
        elsewhere.answers[f"/{step}"] = answered(b"", f"Location: /{step + 1}", status="302 Found")
    assert here(elsewhere).fetch(elsewhere.url("/0")).body == BODY
    elsewhere.answers["/5"] = answered(b"", "Location: /0", status="302 Found")
    with pytest.raises(Unfetched, match="on and on"):
        here(elsewhere).fetch(elsewhere.url("/0"))


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:{port}/feed.ics", "http://[::1]/", "http://169.254.169.254/", "file:///etc/passwd", "http://["],
)
def test_a_redirect_to_our_own_network_is_refused(elsewhere: Elsewhere, location: str) -> None:
    to = location.replace("{port}", str(elsewhere.port))
    elsewhere.answers["/feed.ics"] = answered(b"", f"Location: {to}", status="301 Moved")
    with pytest.raises(Refusal):
        here(elsewhere).fetch(elsewhere.url())
    assert len(elsewhere.asked) == 1


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::1"], ["10.1.2.3"], ["8.8.8.8", "192.168.0.1"], ["fe80::1%1"], ["::ffff:7f00:1"], []],
)
def test_a_name_that_leads_to_our_own_network_is_refused(elsewhere: Elsewhere, addresses: Sequence[str]) -> None:
    fetcher = Fetcher(resolver=lambda *_: addresses)
    with pytest.raises(Unfetched, match="public internet" if addresses else "cannot be found"):
        fetcher.fetch("http://talks.example.ac.uk/feed.ics")
    assert elsewhere.asked == []


def test_a_redirect_to_a_name_that_leads_to_our_own_network_is_refused(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(b"", "Location: http://talks.example.ac.uk/", status="302 Found")
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with pytest.raises(Unfetched, match="public internet"):
        Fetcher(allowed=frozenset({elsewhere.host}), resolver=resolver).fetch(elsewhere.url())
    assert asked == ["localhost", "talks.example.ac.uk"]
    assert len(elsewhere.asked) == 1


def test_the_address_that_was_checked_is_the_one_connected_to(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(BODY)
    answers = itertools.chain([["127.0.0.1"]], itertools.repeat(["192.0.2.1"]))
    name = f"rebound.example.ac.uk:{elsewhere.port}"
    fetcher = Fetcher(allowed=frozenset({name}), resolver=lambda *_: next(answers))
    assert fetcher.fetch(f"http://{name}/feed.ics").body == BODY
    assert next(answers) == ["192.0.2.1"], "looked up once"
    assert f"Host: {name}\r\n" in elsewhere.asked[0]


def test_the_next_address_is_tried_where_one_does_not_answer(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(BODY)
    fetcher = Fetcher(allowed=frozenset({elsewhere.host}), resolver=lambda *_: ["127.0.0.2", "127.0.0.1"])
    assert fetcher.fetch(elsewhere.url()).body == BODY


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_trickles_is_hung_up_on(elsewhere: Elsewhere, first: bytes) -> None:
    for_ever: itertools.cycle[bytes | float] = itertools.cycle((b"x", 0.05))
    elsewhere.answers["/feed.ics"] = lambda _: itertools.chain([first], for_ever)
    started = time.monotonic()
    with pytest.raises(Unfetched, match="too long"):
        here(elsewhere).fetch(elsewhere.url())
    assert time.monotonic() - started < LATE


def test_a_server_that_says_nothing_is_hung_up_on(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = [LATE]
    started = time.monotonic()
    with pytest.raises(Unfetched, match="too long"):
        here(elsewhere).fetch(elsewhere.url())
    assert time.monotonic() - started < LATE


def test_a_body_without_end_is_cut_short(elsewhere: Elsewhere) -> None:
    endless = itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], itertools.repeat(b"x" * 10_000))
    elsewhere.answers["/feed.ics"] = lambda _: endless
    with pytest.raises(Unfetched, match="too large"):
        here(elsewhere).fetch(elsewhere.url())


def test_what_is_compressed_counts_as_large_as_it_is(elsewhere: Elsewhere) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1_000_000)) for _ in range(50)), packer.flush()])
    elsewhere.answers["/feed.ics"] = answered(bomb, "Content-Encoding: gzip")
    with pytest.raises(Unfetched, match="too large"):
        here(elsewhere).fetch(elsewhere.url())
    elsewhere.answers["/feed.ics"] = answered(gzip.compress(BODY), "Content-Encoding: gzip")
    assert here(elsewhere).fetch(elsewhere.url()).body == BODY


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_answer_is_told_in_a_sentence(elsewhere: Elsewhere, octets: bytes) -> None:
    elsewhere.answers["/feed.ics"] = [octets]
    with pytest.raises(Unfetched, match="no answer that can be read"):
        here(elsewhere).fetch(elsewhere.url())


def test_a_port_where_nobody_listens_is_told_in_a_sentence(elsewhere: Elsewhere) -> None:
    fetcher = Fetcher(allowed=frozenset({"localhost:9"}), resolver=lambda *_: ["127.0.0.1"])
    with pytest.raises(Unfetched, match="no answer"):
        fetcher.fetch("http://localhost:9/")


def test_marks_that_would_break_a_line_are_left_out(elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(BODY, f"ETag: {'x' * 600}", "Last-Modified: \xff")
    assert here(elsewhere).fetch(elsewhere.url()).marks == Marks()
