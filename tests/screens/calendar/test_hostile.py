"""Addresses that nobody should type get a clear answer, never a crash."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from tests.factories.cast import assemble
from tests.factories.things import event

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.usefixtures("clock")
LARGE = 2**63
NAMES = ("q", "strand", "university", "at", "focus", "who", "from", "to", "month", "page", "when")
ODD = (
    "2026-13-01",
    "2027-02-29",
    "0000-00-00",
    "9999-12-31",
    "١٢٣",
    "-1",
    str(LARGE),
    "%2527%2520OR%25201=1",
    "' OR 1=1 --",
    "%25_\\",
    "x" * 5000,
    "<script>",
)


@pytest.fixture(autouse=True)
def one_event(session: Session) -> None:
    """Something to find."""
    event(session, lead=assemble(session).oxford)
    session.commit()


@pytest.mark.parametrize("path", ["/", "/events", "/calendar", "/calendar.ics"])
def test_odd_values_are_left_out_with_a_note_or_refused(client: FlaskClient, path: str) -> None:
    for value in ODD:
        for name in ("q", "from", "university"):
            answer = client.get(path, query_string={name: value})
            assert answer.status_code in {200, 400, 414}, (name, value)
            assert "<script>" not in answer.text or path.endswith(".ics")
        everything = dict.fromkeys(NAMES, value)
        assert client.get(path, query_string=everything).status_code in {200, 400, 414}, value


def test_what_was_left_out_is_said(client: FlaskClient) -> None:
    page = client.get("/events?from=2026-13-01&strand=sport").text
    assert "We could not read the strand and first day in this address" in page
    assert "We could not read the month" in client.get("/calendar?month=2027-13").text
    assert "last day" in client.get("/events?from=2027-03-02&to=2027-03-01").text


@pytest.mark.parametrize(
    "address",
    [
        f"/events/x-{LARGE}",
        f"/events/x-{LARGE}.ics",
        f"/series/x-{LARGE}",
        f"/series/x-{LARGE}.ics",
        "/events/x-0",
        "/events/nothing",
        "/events/%00-1",
        "/events?q=%00",
        "/events?q=%ff%fe",
        "/events/%ff-1",
        "/strands/%00",
        f"/feeds/{'x' * 3000}.ics",
        "/feeds/%00.ics",
        "/feeds/%ff.ics",
        "/calendar.ics?from=yesterday",
        f"/events?{'q=x&' * 20_000}",
    ],
)
def test_impossible_addresses_get_a_4xx(client: FlaskClient, address: str) -> None:
    code = client.get(address).status_code
    assert 400 <= code < 500 or (code == 200 and address.startswith("/events?"))


def test_the_edges_of_time_are_shown(client: FlaskClient) -> None:
    for day in ("1990-01-01", "2100-12-31"):
        assert client.get(f"/?from={day}").status_code == 200
        assert client.get(f"/events?from={day}&to={day}").status_code == 200
    for month, code in (("1991-01", 200), ("2099-12", 200), ("1990-01", 400), ("2100-12", 400)):
        assert client.get(f"/calendar?month={month}").status_code == code


@pytest.mark.parametrize(
    "path", ["/calendar?month=1991-01", "/calendar?month=2099-12", "/?from=1990-01-01", "/?from=2100-12-31"]
)
def test_no_page_at_the_edge_of_time_links_beyond_it(client: FlaskClient, path: str) -> None:
    links = set(re.findall(r'href="(/(?:calendar|events)?\?[^"]+)"', client.get(path).text))
    assert links
    assert [link for link in links if client.get(html.unescape(link)).status_code >= 400] == []


@pytest.mark.parametrize(
    "path",
    [
        "/events?strand=foo",
        "/events?page=-1",
        f"/events?page={2**63}",
        "/events?when=soon",
        "/?from=2027-13-45",
        "/calendar?month=2026-13",
    ],
)
def test_values_that_cannot_be_read_are_answered_with_400_and_kept_by_nobody(client: FlaskClient, path: str) -> None:
    for _ in range(2):
        answer = client.get(path)
        assert answer.status_code == 400
        assert "We could not read the" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/events?colour=blue", "/?month=x", "/calendar?page=-1", "/calendar.ics?month=2026-13"]
)
def test_parameters_that_a_page_does_not_know_are_ignored(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "We could not read" not in answer.text
