"""Quiet hours and the letter of the day through the real scheduler: held at night, sent in the morning, once."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy.orm import Session

from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.reminders.actions import ensure_default_rule
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import LONG_AGO
from tests.factories.stories import many
from tests.flows.broadcasting.conftest import Evening, evening

__all__ = ["evening"]
NIGHT = datetime(2027, 1, 12, 23, tzinfo=UTC)
MORNING = datetime(2027, 1, 13, 7, tzinfo=UTC)


def test_letter_to_many_waits_for_the_morning_of_whoever_wants_quiet(
    app: Flask, evening: Evening, session: Session, capture: Capture
) -> None:
    choose(session, evening.cast.alice.id, Wishes(quiet_from=21 * 60, quiet_until=7 * 60), now=LONG_AGO)
    many.send(session, evening.letter(), by=evening.olga, now=NIGHT)
    session.commit()
    run_due(app, NIGHT)
    assert [len(capture.to(who.address)) for who in (evening.cast.alice, evening.cast.bob)] == [0, 1]
    run_due(app, MORNING - timedelta(seconds=1))
    assert capture.to(evening.cast.alice.address) == []
    for minutes in (0, 5):
        run_due(app, MORNING + timedelta(minutes=minutes))
    assert len(capture.to(evening.cast.alice.address)) == 1


def test_reminders_of_a_day_come_in_one_letter_at_its_hour(app: Flask, evening: Evening, capture: Capture) -> None:
    session, alice = evening.session, evening.cast.alice
    choose(session, alice.id, Wishes(wants_digest=True), now=LONG_AGO)
    other = things.event(session, lead=evening.cast.liverpool, title="Moss")
    things.registration(session, to=things.opening(session, events=[other]), who=alice)
    for event in (*evening.opening.events, other):
        ensure_default_rule(session, event.id, LONG_AGO)
    session.commit()
    for hours in (23, 20, 8):
        run_due(app, things.SOON - timedelta(hours=hours))
    assert capture.to(alice.address) == []
    for minutes in (0, 1, 30):
        run_due(app, things.SOON.replace(hour=7) + timedelta(minutes=minutes))
    (message,) = capture.to(alice.address)
    assert str(message["Subject"]).startswith("Reminders: ")
