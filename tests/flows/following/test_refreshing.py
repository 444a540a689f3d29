"""Refreshing by the clock: fetched from a real server, once at a time, less often where it fails, told in sentences."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.fetching.client import Fetcher
from programme.engines.calendar.models import Event
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.engines.calendar.subscribed.states import AddressState
from programme.engines.mail.delivery.claiming import writing
from programme.flows.following import carrying_out
from programme.flows.following.refreshing import claim, due_addresses
from programme.jobs.following import refresh
from programme.jobs.working import work_of
from tests.bed.clock import Clock
from tests.bed.servers.elsewhere import Elsewhere, answered
from tests.factories.cast import Cast
from tests.flows.following.conftest import address_of, calendar, talk

CALENDAR = calendar(talk(), talk("fern", "On ferns"))
Turn = Callable[[], SubscribedAddress]


@pytest.fixture
def turn(app: Flask, session: Session, cast: Cast, clock: Clock, elsewhere: Elsewhere) -> Iterator[Turn]:
    """Follow a calendar of the server elsewhere; each call is one turn of the job."""
    app.extensions["fetcher"] = Fetcher(allowed=frozenset({elsewhere.host}), whole=5)
    row = address_of(session, cast, url=elsewhere.url(), every_hours=3, next_at=clock.now)

    def turned() -> SubscribedAddress:
        session.rollback()
        refresh(work_of(app, lambda: clock.now))
        session.expire_all()
        return session.get_one(SubscribedAddress, row.id)

    yield turned
    session.rollback()


def test_what_is_due_is_fetched_once_and_then_after_its_hours(
    session: Session, turn: Turn, clock: Clock, elsewhere: Elsewhere
) -> None:
    elsewhere.answers["/feed.ics"] = answered(CALENDAR, 'ETag: "1"')
    row = turn()
    assert (row.trouble, row.failures, row.etag) == ("", 0, '"1"')
    assert (row.succeeded_at, row.next_at) == (clock.now, clock.now + timedelta(hours=3))
    assert len(session.scalars(select(Event)).all()) == row.last["new"] == 2
    turn()
    assert len(elsewhere.asked) == 1
    clock.forward(hours=3)
    elsewhere.answers["/feed.ics"] = [b"HTTP/1.1 304 Not Modified\r\n\r\n"]
    row = turn()
    assert 'If-None-Match: "1"' in elsewhere.asked[1]
    assert (row.succeeded_at, row.last["new"]) == (clock.now, 2)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (answered(b"", status="500 Oh"), "trouble of its own"),
        (answered(b"<!doctype html><p>Sign in"), "not a calendar"),
        (answered(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), "holds no events"),
        (answered(CALENDAR.replace(b"END:VCALENDAR", b"")), "cut short"),
        (answered(CALENDAR[: len(CALENDAR) // 2]), "cut short"),
    ],
)
def test_trouble_changes_nothing_and_is_told(
    session: Session, turn: Turn, clock: Clock, elsewhere: Elsewhere, answer: list[bytes], said: str
) -> None:
    elsewhere.answers["/feed.ics"] = answered(CALENDAR)
    turn()
    before = [(row.id, row.state, row.version) for row in session.scalars(select(Event).order_by(Event.id))]
    elsewhere.answers["/feed.ics"] = answer
    pauses = []
    for _ in range(3):
        clock.forward(hours=24)
        pauses.append((turn().next_at or clock.now) - clock.now)
    row = turn()
    assert said in row.trouble
    assert (row.failures, row.state, row.last["new"]) == (3, AddressState.FOLLOWED, 2)
    assert pauses == [timedelta(hours=hours) for hours in (6, 12, 24)]
    assert [(row.id, row.state, row.version) for row in session.scalars(select(Event).order_by(Event.id))] == before
    elsewhere.answers["/feed.ics"] = answered(CALENDAR)
    clock.forward(hours=24)
    assert (turn().trouble, turn().failures) == ("", 0)


def test_what_is_gone_for_good_is_paused(turn: Turn, clock: Clock, elsewhere: Elsewhere) -> None:
    elsewhere.answers["/feed.ics"] = answered(b"", status="410 Gone")
    row = turn()
    assert (row.state, "for good" in row.trouble) == (AddressState.PAUSED, True)
    clock.forward(days=9)
    turn()
    assert len(elsewhere.asked) == 1


def test_an_address_of_our_own_network_is_told_and_never_asked(app: Flask, turn: Turn, elsewhere: Elsewhere) -> None:
    app.extensions["fetcher"] = Fetcher()
    assert "We fetch from the usual ports" in turn().trouble
    assert elsewhere.asked == []


def test_no_transaction_is_open_while_it_is_fetched(app: Flask, turn: Turn, clock: Clock, elsewhere: Elsewhere) -> None:
    wrote = []

    def meanwhile(_: str) -> list[bytes]:
        with writing(work_of(app, lambda: clock.now).factory) as own:
            wrote.append(own.scalar(select(Event.id).limit(1)))
        return answered(CALENDAR)

    elsewhere.answers["/feed.ics"] = meanwhile
    assert turn().trouble == ""
    assert wrote == [None]


def test_of_many_at_once_one_fetches(app: Flask, session: Session, turn: Turn, clock: Clock) -> None:
    session.rollback()
    work, start, got = work_of(app, lambda: clock.now), threading.Barrier(4), list[bool]()
    with work.factory() as own:
        (address_id,) = due_addresses(own, clock.now)

    def take() -> None:
        start.wait()
        with writing(work.factory) as own:
            got.append(claim(own, address_id, now=clock.now) is not None)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False, False, False, True]


def test_where_a_part_was_left_the_next_turn_fetches_the_whole_again(
    session: Session, turn: Turn, clock: Clock, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying_out, "MOST_NEW", 1)
    elsewhere.answers["/feed.ics"] = answered(CALENDAR, 'ETag: "1"')
    turn()
    clock.forward(minutes=1)
    row = turn()
    assert "If-None-Match" not in elsewhere.asked[1]
    assert len(session.scalars(select(Event)).all()) == 2
    assert (row.etag, row.next_at) == ('"1"', clock.now + timedelta(hours=3))
