"""Why somebody got a reminder or did not, answered from the record."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.mail.actions import cancel
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import Post, Recipient, post
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.actions import Thing, Wish, add, ensure_default_rule, remove
from programme.engines.reminders.models import Audience
from programme.engines.reminders.queries import rules_of
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from tests.bed.clock import START, Clock
from tests.bed.databases import statements
from tests.factories.cast import LONG_AGO, Cast, cookie_for
from tests.factories.things import SOON, event, opening, registration

DUE = SOON - timedelta(days=1)
LATER = timedelta(hours=2)


@pytest.fixture
def place(session: Session, cast: Cast) -> Registration:
    """Alice's place at a talk of Liverpool's, with the usual reminder."""
    talk = event(session, lead=cast.liverpool)
    row = registration(session, to=opening(session, events=[talk]), who=cast.alice)
    ensure_default_rule(session, talk.id, LONG_AGO)
    session.commit()
    return row


def text(client: FlaskClient, place: Registration, status: int = 200) -> str:
    """The page about a registration."""
    answer = client.get(f"/organise/registrations/{place.id}/letters")
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def the_talk(session: Session) -> Event:
    """The talk."""
    return session.scalars(select(Event)).one()


def queued(session: Session) -> OutboxMessage:
    """The reminder, queued when it fell due."""
    queue_due_reminders(session, DUE)
    return session.scalars(select(OutboxMessage)).one()


def went(session: Session, cast: Cast, place: Registration) -> None:
    """The reminder went."""
    row = queued(session)
    row.state, row.accepted_at = OutboxState.SENT, DUE


def bundled(session: Session, cast: Cast, place: Registration) -> None:
    """It went in a digest."""
    queued(session).state = OutboxState.BUNDLED


def came_back(session: Session, cast: Cast, place: Registration) -> None:
    """The reminder went, and its address did not exist."""
    went(session, cast, place)
    row = session.scalars(select(OutboxMessage)).one()
    row.bounced_at, row.bounce_detail = DUE + timedelta(minutes=5), "no such mailbox here."


def digest_failed(session: Session, cast: Cast, place: Registration) -> None:
    """The digest that took it in could not be sent."""
    bundled(session, cast, place)
    [row] = session.scalars(select(OutboxMessage))
    recipient = Recipient(row.recipient, row.recipient_name, row.person_id)
    post(session, Post("digest", "the day's", recipient, ("person", row.person_id or 0)), now=DUE)
    digest = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup_key == "the day's")).one()
    digest.state, digest.last_error, row.digest_id = OutboxState.FAILED, "550 no such mailbox", digest.id


def suppressed(session: Session, cast: Cast, place: Registration) -> None:
    """The address gets none."""
    queued(session).state = OutboxState.SUPPRESSED


def taken_back(session: Session, cast: Cast, place: Registration) -> None:
    """An organiser took it back."""
    row = queued(session)
    cancel(session, row, actor=actor_of(cast.olga), now=DUE)


def came_late(session: Session, cast: Cast, place: Registration) -> None:
    """The place came after it fell due."""
    place.confirmed_at = DUE + timedelta(minutes=1)


def had_no_place(session: Session, cast: Cast, place: Registration) -> None:
    """No place then."""
    place.state = RegistrationState.WAITLISTED


def cancelled(session: Session, cast: Cast, place: Registration) -> None:
    """The event does not take place."""
    the_talk(session).state = EventState.CANCELLED


def removed(session: Session, cast: Cast, place: Registration) -> None:
    """No rule any more."""
    talk = the_talk(session)
    [rule] = rules_of(session, "event", talk.id)
    remove(session, rule, Thing(EVENTS, talk.id, cast.liverpool.id), actor=actor_of(cast.olga), now=LONG_AGO)


def made_late(session: Session, cast: Cast, place: Registration) -> None:
    """A rule made too late."""
    [rule] = rules_of(session, "event", the_talk(session).id)
    rule.created_at = DUE + timedelta(minutes=1)


def nothing(session: Session, cast: Cast, place: Registration) -> None:
    """All as it should be, and nothing sent yet."""


STORIES: list[tuple[Callable[..., None], datetime, str]] = [
    (nothing, START, "It will go on Mon 15 Feb 2027, 14:00 GMT."),
    (nothing, DUE + LATER, "and goes with the next round"),
    (nothing, SOON + LATER, "nothing could be sent while it was of use"),
    (went, SOON + LATER, "It went on Mon 15 Feb 2027, 14:00 GMT."),
    (bundled, DUE + LATER, "It went in the digest of the day."),
    (came_back, DUE + LATER, "and came back on Mon 15 Feb 2027, 14:05 GMT: no such mailbox here."),
    (digest_failed, DUE + LATER, "It could not be sent: 550 no such mailbox"),
    (suppressed, DUE + LATER, "The address gets no such letters."),
    (taken_back, DUE + LATER, "Olga Oakhurst took it back before it went."),
    (came_late, DUE + LATER, "before Alice Aldgrove was one of everybody with a place since Mon 15 Feb 2027, 14:01"),
    (had_no_place, DUE + LATER, "It is for everybody with a place. Alice Aldgrove waits for a place"),
    (cancelled, DUE + LATER, "It does not take place"),
    (removed, DUE + LATER, "The reminder was removed."),
    (made_late, DUE + LATER, "after it would have been due"),
]


@pytest.mark.parametrize(("story", "at", "words"), STORIES)
def test_page_says_why(
    client: FlaskClient,
    session: Session,
    cast: Cast,
    clock: Clock,
    place: Registration,
    story: Callable[..., None],
    at: datetime,
    words: str,
) -> None:
    story(session, cast, place)
    session.commit()
    clock.set(at)
    client.set_cookie("programme_session", cookie_for(session, cast.olga))
    assert words in text(client, place)


def test_other_university_and_strangers_stay_out(
    client: FlaskClient, session: Session, cast: Cast, place: Registration
) -> None:
    text(client, place, 303)
    for who in (cast.omar, cast.ada, cast.alice):
        client.set_cookie("programme_session", cookie_for(session, who))
        text(client, place, 403)


def test_roll_leads_there(olga: FlaskClient, place: Registration) -> None:
    page = olga.get(f"/organise/registrations/{place.id}").get_data(as_text=True)
    assert f"/organise/registrations/{place.id}/letters" in page


def test_page_asks_no_more_for_many_rules(
    app: Flask, olga: FlaskClient, session: Session, cast: Cast, place: Registration
) -> None:
    few = count(app, olga, place)
    thing = Thing(EVENTS, the_talk(session).id, cast.liverpool.id)
    for number in range(2, 12):
        add(session, thing, Wish(offset=-number), actor=actor_of(cast.olga), now=LONG_AGO)
    session.commit()
    assert count(app, olga, place) == few


def test_who_speaks_is_told_as_a_speaker(olga: FlaskClient, session: Session, cast: Cast, place: Registration) -> None:
    thing = Thing(EVENTS, the_talk(session).id, cast.liverpool.id)
    add(session, thing, Wish(audience=Audience.SPEAKERS), actor=actor_of(cast.olga), now=LONG_AGO)
    session.commit()
    assert "As things stand, it is for the speakers. Alice Aldgrove has a place" in text(olga, place)


def count(app: Flask, client: FlaskClient, place: Registration) -> int:
    """How many statements the page costs."""
    with statements(app) as seen:
        text(client, place)
    return len(seen)
