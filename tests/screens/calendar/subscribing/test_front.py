"""What is asked for again and again: answered without a session, and never with what is not true any more."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as listening
from sqlalchemy import update
from sqlalchemy.orm import Session

from programme.engines.calendar.feeds.feed import PAST_STAYS, SETTLES, Reading
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.models.blocks import LONG_AGO
from programme.extensions import db
from programme.screens.calendar.subscribing.front import Kept, KeptFeeds
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import things
from tests.factories.cast import Cast, assemble, cookie_for

FEED = "/calendar.ics"


@pytest.fixture
def cast(session: Session, clock: Clock) -> Cast:
    return assemble(session)


def test_feed_asked_for_again_costs_no_session_and_no_cookie(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    first = client.get(FEED)
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    with statements(app) as seen:
        again = client.get(FEED)
        unchanged = client.get(FEED, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
        head = client.head(FEED)
    assert seen == []
    assert (again.status_code, again.data, dict(again.headers)) == (200, first.data, dict(first.headers))
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(len(first.data)))
    assert "Set-Cookie" not in again.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"
    for name in ("ETag", "Last-Modified", "Cache-Control"):
        assert unchanged.headers[name] == first.headers[name]


@pytest.mark.one_database("postgresql")
def test_a_connection_that_forgot_its_statements_is_told_again(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    client.get(FEED)
    client.get(FEED)
    (own,) = app.extensions["calendar_front"].revisions.idle
    own.dbapi_connection.execute("DEALLOCATE ALL")
    with statements(app) as seen:
        assert client.get(FEED).status_code == 200
    assert seen == []


def test_unchanged_answer_says_the_same_before_and_behind_the_front(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    tag = {"If-None-Match": client.get(f"{FEED}?strand=exchange").headers["ETag"]}
    kept = client.get(f"{FEED}?strand=exchange", headers=tag)
    read = client.get(f"{FEED}?strand=exchange&unread=1", headers=tag)
    assert kept.status_code == read.status_code == 304
    assert dict(kept.headers) == dict(read.headers)


def test_what_another_process_commits_is_seen_at_once(client: FlaskClient, session: Session, cast: Cast) -> None:
    row = things.event(session, lead=cast.oxford)
    session.commit()
    tag = client.get(FEED).headers["ETag"]
    for number in range(3):
        session.execute(update(Event).where(Event.id == row.id).values(room=f"Room {number}"))
        session.commit()
        answer = client.get(FEED, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert f"Room {number}".encode() in answer.data
        tag = answer.headers["ETag"]


def test_tag_stays_where_the_change_is_none_of_the_feed_s(client: FlaskClient, session: Session, cast: Cast) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    tag = client.get(FEED).headers["ETag"]
    things.series(session, lead=cast.oxford)
    things.event(session, lead=cast.oxford, state="draft", published_at=None)
    session.commit()
    assert client.get(FEED, headers={"If-None-Match": tag}).status_code == 304


def test_kept_feed_loses_an_event_at_the_very_instant(
    client: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    things.event(session, lead=cast.oxford)
    old = things.event(session, lead=cast.oxford, title="Old", starts_at=clock.now - timedelta(days=60))
    session.commit()
    first = client.get(FEED)
    clock.set(old.ends_at + PAST_STAYS - timedelta(seconds=1))
    known = {"If-None-Match": first.headers["ETag"]}
    dated = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert [client.get(FEED, headers=one).status_code for one in (known, dated)] == [304, 304]
    clock.set(old.ends_at + PAST_STAYS)
    answers = [client.get(FEED, headers=one) for one in (known, dated)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert b"SUMMARY:Old" in first.data
    assert b"SUMMARY:Old" not in answers[0].data


def test_second_change_of_a_second_is_not_hidden_by_its_date(
    client: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    row = things.event(session, lead=cast.oxford, changed_at=clock.now)
    session.commit()
    first = client.get(FEED)
    row.title = "Changed in the same second"
    session.commit()
    dated = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(FEED, headers=dated).status_code == 200
    clock.forward(seconds=SETTLES.total_seconds())
    settled = client.get(FEED, headers=dated)
    assert settled.status_code == 200
    assert parsedate_to_datetime(settled.headers["Last-Modified"]) == row.changed_at
    dated = {"If-Modified-Since": settled.headers["Last-Modified"]}
    assert client.get(FEED, headers=dated).status_code == 304


def test_change_between_two_statements_of_one_answer_is_seen_by_the_next(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    run = things.series(session, lead=cast.oxford)
    things.event(session, lead=cast.oxford, series_id=run.id)
    session.commit()
    done: list[bool] = []

    def rename(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        """Change the series from elsewhere, right after it was read."""
        if "FROM series" in statement and not done:
            done.append(True)
            session.execute(update(Series).values(description="Described meanwhile"))
            session.commit()

    with app.app_context():
        engine = db.engine
    listening.listen(engine, "after_cursor_execute", rename)
    address = f"/series/corridor-colloquium-{run.id}.ics"
    client.get(address)
    listening.remove(engine, "after_cursor_execute", rename)
    assert done
    assert b"Described meanwhile" in client.get(address).data


def test_front_hands_on_what_it_cannot_look_up(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    first, front = client.get(FEED), app.extensions["calendar_front"]
    there = front.revisions.number()
    assert isinstance(there, int)
    for own in front.revisions.idle:
        own.dbapi_connection.close()
    assert front.revisions.idle
    with statements(app) as seen:
        assert client.get(FEED).data == first.data
    assert seen
    assert front.revisions.number() == there


def test_front_asks_over_one_connection_of_its_own_and_closes_it_with_the_engine(
    app: Flask, client: FlaskClient, session: Session, cast: Cast
) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    for _ in range(5):
        client.get(FEED)
    revisions = app.extensions["calendar_front"].revisions
    (own,) = [one.dbapi_connection for one in revisions.idle]
    assert revisions.engine.pool.checkedout() == 0
    revisions.engine.dispose()
    assert revisions.idle == []
    with pytest.raises(revisions.error):
        own.execute("SELECT 1")


def test_an_answer_that_nothing_changed_says_no_more_than_how_long_that_is_good(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    things.event(session, lead=cast.oxford)
    session.commit()
    tag = {"If-None-Match": client.get(FEED).headers["ETag"]}
    unchanged = client.get(FEED, headers=tag)
    assert unchanged.status_code == 304
    assert set(unchanged.headers.keys()) == {"ETag", "Last-Modified", "Cache-Control"}


def test_front_keeps_so_many_octets_and_addresses_and_forgets_the_longest_unused() -> None:
    kept = KeptFeeds(most=250, addresses=3)
    for number in range(4):
        reading = Reading(b"x" * 100, f'"{number}"', LONG_AGO, is_settled=True, until=LONG_AGO)
        kept.keep(("", "/calendar.ics", f"q={number}"), number, Kept(1, reading))
    assert (kept.octets, sorted(map(str, kept.feeds))) == (200, ["2", "3"])
    assert len(kept.addresses) == 3
    assert kept.at(("", "/calendar.ics", "q=0")) is None
    assert kept.at(("", "/calendar.ics", "q=3")) is not None
    kept.keep(("", "/calendar.ics", "q=9"), 9, Kept(1, Reading(b"x" * 300, "", LONG_AGO, True, LONG_AGO)))  # noqa: FBT003
    assert (kept.octets, list(kept.feeds)) == (0, [])


def test_front_keeps_no_more_feeds_than_addresses_however_small_they_are() -> None:
    kept = KeptFeeds(addresses=3)
    for number in range(9):
        kept.keep(("", FEED, f"q={number}"), number, Kept(1, Reading(b"", "", LONG_AGO, True, LONG_AGO)))  # noqa: FBT003
    assert sorted(map(str, kept.feeds)) == ["6", "7", "8"]
