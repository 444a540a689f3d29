"""The calendar part of every kind of letter that brings one, over the whole catalogue: valid, by the right method."""

import email
import email.policy
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.engines.mail.composing import bytes_of, said_now
from programme.engines.mail.models import OutboxMessage
from tests.factories.cast import assemble
from tests.factories.desk import Desk
from tests.factories.letters import EXAMPLES
from tests.flows.calendars.invited import calendar_part, checked, files, method_and_entries, octets, words

METHODS = {
    "registration_confirmed": {"REQUEST", "PUBLISH"},
    "registration_promoted": {"REQUEST"},
    "registration_cancelled": {"CANCEL"},
    "registration_refused": {"CANCEL"},
    "registration_lapsed": {"CANCEL"},
    "place_given_back": {"CANCEL"},
    "event_moved": {"REQUEST"},
    "event_postponed": {"REQUEST", "CANCEL"},
    "event_cancelled": {"CANCEL"},
    "event_reinstated": {"REQUEST"},
    "weeks_changed": {"PUBLISH"},
    "dates_changed": {"PUBLISH"},
    "week_lent": {"REQUEST"},
}
SAYS = {
    "REQUEST": "is an invitation for your calendar",
    "CANCEL": "takes the entry out of your calendar",
    "PUBLISH": "The attached file",
}


@pytest.mark.one_database
def test_every_kind_that_brings_something_is_looked_at(app: Flask) -> None:
    room = app.extensions["mail_room"]
    assert {name for name, kind in room.letters.items() if kind.description.calendar} == set(METHODS)


@pytest.mark.one_database
@pytest.mark.parametrize("kind", METHODS)
def test_what_a_letter_brings_is_valid_and_it_says_so(app: Flask, session: Session, kind: str) -> None:
    found = {method for method, _ in brought(app, session, kind)}
    assert found == METHODS[kind]


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["registration_cancelled", "event_moved", "event_cancelled", "week_lent"])
@pytest.mark.parametrize("is_answered", [False])
def test_where_nobody_reads_answers_no_kind_invites(
    app: Flask, session: Session, kind: str, *, is_answered: bool
) -> None:
    assert not is_answered
    assert {method for method, _ in brought(app, session, kind)} == {"PUBLISH"}


def brought(app: Flask, session: Session, kind: str) -> list[tuple[str, int]]:
    """Play the story of a kind, and read the letters of it as they go; return each method and number of events."""
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind)).all()
    read = [read_as_it_goes(app, session, row, now=desk.now) for row in rows]
    return [one for one in read if one]


def read_as_it_goes(app: Flask, session: Session, row: OutboxMessage, *, now: datetime) -> tuple[str, int] | None:
    """Read one letter, if it is wanted and brings anything, and check what it brings."""
    room = app.extensions["mail_room"]
    body = said_now(session, row, room=room, now=now)
    if body is None:
        return None
    message = email.message_from_bytes(bytes_of(row, body, room=room), policy=email.policy.default)
    part = calendar_part(message)
    if part is not None:
        method, _ = checked(octets(part), to=row.recipient)
        assert part["Content-Type"].params["method"] == method
        assert octets(files(message)[0]) == octets(part)
        assert SAYS[method] in words(message)
        return method, 1
    found = [file for file in files(message) if file.get_content_type() == "text/calendar"]
    if not found:
        return None
    method, entries = method_and_entries(octets(found[0]))
    assert found[0]["Content-Type"].params["method"] == method
    assert [entry for entry in entries if entry.errors or "ATTENDEE" in entry or "ORGANIZER" in entry] == []
    assert SAYS[method] in words(message)
    return method, len(entries)
