"""An organiser edits an event at the very moment at which its calendar says something else: nothing is lost."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.calendar.actions import events
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.subscribed.models import SubscribedAddress
from programme.extensions import db
from programme.flows.following import carrying_out, deciding
from programme.flows.following.refreshing import reading_of
from programme.flows.following.values import Compared, Pair
from tests.flows.following.conftest import NOW, OMAR, Follow, calendar, only_entry, only_event, talk

PATIENCE = 30
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def meanwhile(app: Flask, session: Session, address: SubscribedAddress) -> None:
    """Let an organiser's edit and a refresh meet: the edit is under way when the calendar is compared."""
    address_id = address.id

    def refresh(own: Session) -> None:
        row = own.get_one(SubscribedAddress, address_id)
        reading = reading_of(calendar(talk("moss", "Words of theirs", "20270203T130000Z")), around=NOW.date())
        carrying_out.take_in(own, row, reading, actor=OMAR, now=NOW)

    beside_an_edit(app, session, refresh, title="Words of ours")


def beside_an_edit(app: Flask, session: Session, verb: Callable[[Session], object], **words: str) -> None:
    """Let a verb begin while an edit of the only event is under way, which ends once the verb waits for it."""
    with app.app_context():
        engine = db.engine
    session.rollback()
    begin_writing(session)
    event = only_event(session)
    details = replace(details_of(event), **words)  # type: ignore[arg-type]
    events.edit(session, event.id, details, actor=OMAR, now=NOW)

    def beside() -> None:
        with Session(engine) as own:
            begin_writing(own)
            verb(own)
            own.commit()

    thread = threading.Thread(target=beside)
    thread.start()
    until = time.monotonic() + PATIENCE
    with Session(engine) as watch:
        while not watch.scalar(WAITING) and time.monotonic() < until:
            watch.rollback()
            time.sleep(0.05)
    session.commit()
    thread.join(PATIENCE)
    session.expire_all()


@pytest.mark.one_database("postgresql")
def test_an_edit_that_is_under_way_is_a_conflict_and_not_lost(
    app: Flask, session: Session, address: SubscribedAddress, follow: Follow
) -> None:
    follow(talk())
    meanwhile(app, session, address)
    assert (only_event(session).title, only_event(session).starts_at.day) == ("Words of ours", 3)
    assert only_entry(session).conflicts == ["title"]


@pytest.mark.one_database("postgresql")
def test_without_the_lock_it_would_be_lost(
    app: Flask, session: Session, address: SubscribedAddress, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlocked(session: Session, address: SubscribedAddress, found: Compared) -> list[Pair]:
        return found.pairs

    monkeypatch.setattr(carrying_out, "locked", unlocked)
    follow(talk())
    meanwhile(app, session, address)
    assert only_event(session).title == "Words of theirs"


@pytest.mark.one_database("postgresql")
def test_who_takes_what_the_calendar_says_loses_nothing_of_an_edit_that_is_under_way(
    app: Flask, session: Session, follow: Follow
) -> None:
    follow(talk())
    only_event(session).title = "Ours"
    session.commit()
    follow(talk("moss", "Theirs"))
    entry = only_entry(session)
    assert entry.conflicts == ["title"]
    ids = (entry.address_id, entry.id)

    def take(own: Session) -> None:
        deciding.decide(own, deciding.entry_of(own, *ids), "title", theirs=True, actor=OMAR, now=NOW)

    beside_an_edit(app, session, take, summary="Written meanwhile")
    assert (only_event(session).title, only_event(session).summary) == ("Theirs", "Written meanwhile")
