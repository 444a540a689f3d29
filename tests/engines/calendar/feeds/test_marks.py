"""What the database notes of a change by itself: nothing that feeds read is left out, and nobody waits for it."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.core.schema import moving
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.feeds import marks, renewing
from programme.engines.calendar.feeds.entries import edition_for
from programme.engines.calendar.feeds.feed import revision_of
from programme.engines.calendar.models import CalendarBlock, Event, Venue
from programme.engines.calendar.pictures.models import Picture
from programme.extensions import db
from tests.bed.clock import Clock
from tests.bed.databases import MIGRATIONS, statements
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, assemble

READ = re.compile(r"\b(?:FROM|JOIN) (\w+)")
CACHES = {"calendar_block", "calendar_revision"}
QUERY = (
    "q=quantum+people&strand=exchange&university=oxford&at=OXF&focus=advanced-materials&who=everyone"
    "&from=2027-01-01&to=2027-12-31"
)


@pytest.fixture
def cast(session: Session) -> Cast:
    return assemble(session)


def test_every_table_that_a_feed_reads_is_watched(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, clock: Clock
) -> None:
    run = things.series(session, lead=cast.oxford)
    things.event(session, lead=cast.oxford, series_id=run.id)
    session.commit()
    with statements(app) as seen:
        for address in ("/calendar.ics", f"/calendar.ics?{QUERY}", f"/series/corridor-colloquium-{run.id}.ics"):
            assert client.get(address).status_code == 200
    read = {table for statement in seen for table in READ.findall(statement)}
    co_owners_of_series = {"series_co_owner"}  # they decide who may see it, and the public needs no owner for that
    assert {"event", "contribution", "venue", "academic_period"} <= read
    assert read - CACHES - co_owners_of_series == set(marks.READ_BY_FEEDS)


def test_migrated_database_notes_changes_and_lets_its_tables_change_shape(empty_database_url: str) -> None:
    moving.upgrade(empty_database_url, MIGRATIONS)
    wanted = placed(empty_database_url)
    assert len(wanted) >= len(marks.READ_BY_FEEDS)
    moving.upgrade(empty_database_url, MIGRATIONS)
    assert placed(empty_database_url) == wanted
    moving.downgrade(empty_database_url, MIGRATIONS, revision="-1")
    assert placed(empty_database_url) == []


def placed(url: str) -> list[tuple[str, str]]:
    """The triggers of ours."""
    engine = moving.engine_for(url)
    with engine.connect() as connection:
        found = list(marks.placed(connection))
    engine.dispose()
    return found


def test_one_transaction_raises_the_revision_and_one_taken_back_does_not(session: Session, cast: Cast) -> None:
    before = revision_of(session).number
    session.rollback()
    things.event(session, lead=cast.oxford)
    session.rollback()
    assert revision_of(session).number == before
    session.rollback()
    things.event(session, lead=cast.oxford)
    session.commit()
    assert revision_of(session).number > before


@pytest.mark.one_database("postgresql")
def test_who_changes_another_event_waits_for_nobody(app: Flask, session: Session, cast: Cast) -> None:
    first, second = (things.event(session, lead=cast.oxford) for _ in range(2))
    session.commit()
    with app.app_context(), Session(db.engine) as slow, Session(db.engine) as quick:
        lock(slow, first.id)
        slow.flush()
        quick.execute(text("SET LOCAL lock_timeout = '2s'"))
        lock(quick, second.id)
        quick.commit()
        lock(slow, second.id)
        slow.commit()


@pytest.mark.one_database("postgresql")
def test_entry_written_meanwhile_from_what_was_is_not_taken_for_current(
    app: Flask, session: Session, cast: Cast
) -> None:
    venue = session.scalars(select(Venue).order_by(Venue.id).limit(1)).one()
    event = things.event(session, lead=cast.oxford, venue_id=venue.id)
    renewing.rebuild(session, base_url="http://localhost")
    session.commit()
    session.execute(update(Event).where(Event.id == event.id).values(room="Room 2"))
    session.commit()
    with app.app_context(), Session(db.engine) as slow:
        edition = edition_for(slow, base_url="http://localhost")
        stale = renewing.standings_of(slow, None, renewing.is_stale(edition))
        assert [one.event_id for one in stale] == [event.id]
        slow.commit()
        session.execute(update(Venue).values(name="Renamed meanwhile"))
        session.commit()
        renewing.write(slow, stale, edition)
        slow.commit()
    session.expire_all()
    assert not Standings(session).is_current(event.id)
    assert renewing.renew(session) == 1
    session.commit()
    assert b"Renamed meanwhile" in (session.scalars(select(CalendarBlock.content)).one() or b"")


class Standings:
    """How kept entries stand."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def is_current(self, event_id: int) -> bool:
        """Whether the entry says that it was written after the last change."""
        row = self.session.get_one(CalendarBlock, (event_id, "public"))
        return row.mark == row.written


PAST_ALL_VERBS = (
    "UPDATE event SET room = 'Room 2'",
    "INSERT INTO contribution (event_id, position, role, name, affiliation) SELECT id, 0, '', 'Robin', '' FROM event",
    "UPDATE contribution SET name = 'Rowan'",
    "DELETE FROM contribution",
    (
        "INSERT INTO event_picture (event_id, picture_id, words, credit, added_at) "
        "SELECT event.id, picture.id, '', '', made_at FROM event, picture"
    ),
    "UPDATE picture SET digest = '1'",
    "UPDATE event_picture SET removed_at = added_at",
    "DELETE FROM event_picture",
    "UPDATE venue SET name = 'Renamed'",
    "UPDATE series SET title = 'Renamed'",
    "UPDATE organisation SET short_name = 'Renamed ' || id",
)


def test_statement_past_all_verbs_makes_the_entry_stale(session: Session, cast: Cast) -> None:
    venue, run = session.scalars(select(Venue).limit(1)).one(), things.series(session, lead=cast.oxford)
    event = things.event(session, lead=cast.oxford, venue_id=venue.id, series_id=run.id)
    session.add(Picture(digest="0", width=800, height=400, made_at=LONG_AGO))
    renewing.rebuild(session, base_url="http://localhost")
    for statement in PAST_ALL_VERBS:
        assert Standings(session).is_current(event.id)
        session.execute(text(statement))
        session.commit()
        session.expire_all()
        assert not Standings(session).is_current(event.id), statement
        assert renewing.renew(session) == 1
        session.expire_all()


PAST_ALL_VERBS_OF_PARTS = (
    "UPDATE event SET title = 'Renamed' WHERE part_of_id IS NOT NULL",
    "UPDATE venue SET name = 'Renamed'",
    "UPDATE series SET title = 'Renamed'",
    (
        "INSERT INTO withdrawn_event (event_id, was_public, starts_at, ends_at, all_day, sequence, withdrawn_at, told) "
        "SELECT id, true, starts_at, ends_at, all_day, 1, created_at, '{}' FROM event WHERE part_of_id IS NOT NULL"
    ),
    "UPDATE withdrawn_event SET sequence = 2",
    "DELETE FROM withdrawn_event",
    "UPDATE event SET part_of_id = NULL WHERE part_of_id IS NOT NULL",
    "UPDATE event SET part_of_id = (SELECT MIN(id) FROM event) WHERE id = (SELECT MAX(id) FROM event)",
    "DELETE FROM event WHERE part_of_id IS NOT NULL",
)


def test_statement_about_a_part_makes_the_entry_of_its_whole_stale(session: Session, cast: Cast) -> None:
    venue, run = session.scalars(select(Venue).limit(1)).one(), things.series(session, lead=cast.oxford)
    whole = things.event(session, lead=cast.oxford)
    things.event(session, lead=cast.oxford, part_of_id=whole.id, venue_id=venue.id, series_id=run.id)
    renewing.rebuild(session, base_url="http://localhost")
    for statement in PAST_ALL_VERBS_OF_PARTS:
        assert Standings(session).is_current(whole.id)
        session.execute(text(statement))
        session.commit()
        session.expire_all()
        assert not Standings(session).is_current(whole.id), statement
        renewing.renew(session)
        session.expire_all()


def test_one_edit_of_a_part_writes_it_and_its_whole(session: Session, cast: Cast) -> None:
    whole, other = (things.event(session, lead=cast.oxford) for _ in range(2))
    part = things.event(session, lead=cast.oxford, title="Opening session", part_of_id=whole.id)
    things.event(session, lead=cast.oxford, title="Panel", part_of_id=whole.id)
    renewing.rebuild(session, base_url="http://localhost")
    session.commit()
    lock(session, part.id)
    assert renewing.renew(session, [part.id]) == 2
    lock(session, other.id)
    assert renewing.renew(session, [other.id]) == 1


def test_many_verbs_in_one_go_write_each_entry_once_at_the_end(app: Flask, session: Session, cast: Cast) -> None:
    events = [things.event(session, lead=cast.oxford, starts_at=things.SOON + timedelta(days=n)) for n in range(3)]
    renewing.rebuild(session, base_url="http://localhost")
    session.commit()
    with statements(app) as seen, renewing.in_one_go(session):
        for event in (*events, *events):
            lock(session, event.id)
            assert renewing.renew(session, [event.id]) == 0
    written = [statement for statement in seen if statement.startswith("UPDATE calendar_block")]
    assert len(written) == len(events)
    assert renewing.renew(session) == 0
    with pytest.raises(Refusal):
        refused(session, events[0])
    assert renewing.renew(session, [events[0].id]) == 1


def refused(session: Session, event: Event) -> None:
    """Change an event, and let a rule forbid what comes then."""
    with renewing.in_one_go(session):
        lock(session, event.id)
        raise Refusal("No.")


def test_rebuild_writes_entries_for_another_address(session: Session, cast: Cast) -> None:
    event = things.event(session, lead=cast.oxford)
    assert renewing.renew(session) == 0, "nobody knows yet where entries lead"
    assert renewing.rebuild(session, base_url="http://localhost") == 1
    assert renewing.rebuild(session, base_url="http://localhost") == 0
    assert renewing.rebuild(session, base_url="https://programme.example.ac.uk") == 1
    session.expire_all()
    content = session.get_one(CalendarBlock, (event.id, "public")).content or b""
    assert b"URL:https://programme.example.ac.uk/events/" in content


def test_unchanged_verbs_write_nothing_and_one_edit_writes_one(session: Session, cast: Cast) -> None:
    events = [things.event(session, lead=cast.oxford, starts_at=things.SOON + timedelta(days=n)) for n in range(4)]
    renewing.rebuild(session, base_url="http://localhost")
    session.commit()
    lock(session, events[1].id)
    assert renewing.renew(session) == 1
    assert renewing.renew(session) == 0


def test_marks_go_and_come_back(session: Session) -> None:
    connection = session.connection()
    there = marks.placed(connection)
    marks.lift(connection)
    assert marks.placed(connection) == []
    marks.place(connection)
    assert marks.placed(connection) == there
    session.rollback()
