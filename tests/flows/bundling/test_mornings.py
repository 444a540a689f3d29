"""The morning letter: to organisers who chose it, one a day in London, and none where nothing needs them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.wishes.quiet import instant_of
from programme.flows.bundling import mornings
from programme.flows.bundling.mornings import queue_mornings
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, assemble

SEVEN = datetime(2027, 1, 12, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast; Olga and Alice asked for the letter, and only Olga organises."""
    found = assemble(session)
    for who in (found.olga, found.alice):
        choose(session, who.id, Wishes(wants_morning=True), now=LONG_AGO)
    session.commit()
    return found


def keys(session: Session) -> list[str]:
    letters = select(OutboxMessage.dedup_key).where(OutboxMessage.letter == "morning")
    return list(session.scalars(letters.order_by(OutboxMessage.id)))


def test_letter_tells_organisers_what_needs_them_once(
    app: Flask, session: Session, cast: Cast, capture: Capture
) -> None:
    things.event(session, lead=cast.liverpool, title="Tides", starts_at=SEVEN + 5 * DAY, state=EventState.DRAFT)
    session.commit()
    for minutes in (-1, 0, 1, 90):
        run_due(app, SEVEN + timedelta(minutes=minutes))
    (message,) = capture.to(cast.olga.address)
    body = message.get_body(("plain",))
    assert body is not None
    for words in ("Publish Tides", "http://localhost/organise/events/", "/me/letters"):
        assert words in body.get_content()
    assert keys(session) == [f"morning:{cast.olga.id}:2027-01-12"]
    assert capture.to(cast.alice.address) == []


def test_nothing_needs_them_no_letter(app: Flask, session: Session, cast: Cast) -> None:
    queue_mornings(session, SEVEN)
    session.commit()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "morning")).one()
    calm = mornings.letter(lambda *_, **__: [], base_url="http://localhost")
    assert calm.compose(session, row, now=SEVEN) is None
    assert app.extensions["mail_room"].letters["morning"].compose(session, row, now=SEVEN) is not None
    choose(session, cast.olga.id, Wishes(), now=SEVEN)
    assert app.extensions["mail_room"].letters["morning"].compose(session, row, now=SEVEN) is None


def test_letter_that_was_not_wanted_is_not_queued_again_the_same_day(session: Session, cast: Cast) -> None:
    queue_mornings(session, SEVEN)
    session.execute(update(OutboxMessage).values(state=OutboxState.CANCELLED))
    session.commit()
    assert queue_mornings(session, SEVEN + timedelta(minutes=1)) == 0
    assert len(keys(session)) == 1


def test_asked_for_after_its_time_it_comes_from_the_next_day_on(session: Session, cast: Cast) -> None:
    choose(session, cast.olga.id, Wishes(wants_morning=True), now=SEVEN + timedelta(minutes=1))
    assert queue_mornings(session, SEVEN + timedelta(minutes=2)) == 0
    assert queue_mornings(session, SEVEN + DAY) == 1


def test_scheduler_down_all_day_sends_no_morning_letter_at_night(session: Session, cast: Cast) -> None:
    assert queue_mornings(session, SEVEN + timedelta(hours=11)) == 0
    assert queue_mornings(session, SEVEN + timedelta(hours=26)) == 1


def changes() -> Iterator[date]:
    """Every day on which the clocks change, 2024 to 2030."""
    for year in range(2024, 2031):
        for month in (3, 10):
            last = date(year, month, 31)
            yield last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.one_database
@pytest.mark.parametrize("jump", [-2, 2])
@pytest.mark.parametrize("change", [*changes()], ids=str)
def test_one_a_day_over_every_change_of_the_clocks_and_jumps(
    session: Session, cast: Cast, change: date, jump: int
) -> None:
    long_before = datetime(2023, 1, 1, tzinfo=UTC)
    choose(session, cast.olga.id, Wishes(wants_morning=True, digest_at=90), now=long_before)
    session.commit()
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - DAY
    for step in range(3 * 48):
        moved = timedelta(hours=jump) if step > 48 + 4 else timedelta(0)
        queue_mornings(session, start + step * timedelta(minutes=30) + moved)
    days = [key.rpartition(":")[2] for key in keys(session) if key.startswith(f"morning:{cast.olga.id}:")]
    assert len(days) == len(set(days))
    assert {str(change + number * DAY) for number in (-1, 0, 1)} <= set(days)


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)], ids=["autumn", "spring"])
@pytest.mark.parametrize("jump", [-2, 2], ids=["back two hours", "forward two hours"])
def test_organiser_reads_one_a_day_over_a_change_of_the_clocks_a_jump_and_an_outage(
    app: Flask, session: Session, cast: Cast, capture: Capture, change: date, jump: int
) -> None:
    """Through the whole clock: the hour changes in the first night, the machine's jumps in the first morning."""
    night = datetime(change.year, change.month, change.day, tzinfo=UTC)
    things.event(session, lead=cast.liverpool, starts_at=night + 9 * DAY, state=EventState.DRAFT)
    session.commit()
    first, second = (instant_of(change + number * DAY, 7 * 60) for number in range(2))
    minute, back = timedelta(minutes=1), second + timedelta(hours=26)
    ticks = (
        night,
        first,
        first + minute,
        first + timedelta(hours=jump),
        first + 2 * minute,
        second,
        back,
        back + DAY / 8,
    )
    for now in ticks:
        run_due(app, now)
    assert keys(session) == [f"morning:{cast.olga.id}:{change + number * DAY}" for number in range(3)]
    assert len(capture.to(cast.olga.address)) == 3
