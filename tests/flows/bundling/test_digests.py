"""The letter of a day: one a person and day in London, whatever the clock and the scheduler do; nothing is lost."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine, bindparam, select
from sqlalchemy.orm import Session

from programme.core.database import begin_writing
from programme.engines.mail.addresses.states import Cause
from programme.engines.mail.addresses.suppression.suppressing import suppress
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK, Post, Recipient, post
from programme.engines.mail.states import OutboxState, Scope
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.wishes.holding import hold_back
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.actions import ensure_default_rule
from programme.extensions import db
from programme.flows.bundling.digests import bundle, due_people
from programme.flows.reminding import queue_due_reminders
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories import things
from tests.factories.cast import LONG_AGO, Cast, assemble

LONDON = ZoneInfo("Europe/London")
KEYS = count()
DAY = timedelta(days=1)
DUE = select(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING, OutboxMessage.due_at <= bindparam("now"))
"""What a dispatcher takes up, built once for thousands of ticks."""


@pytest.fixture
def cast(session: Session) -> Cast:
    """The cast; Alice wants one letter a day."""
    found = assemble(session)
    choose(session, found.alice.id, Wishes(wants_digest=True), now=LONG_AGO)
    session.commit()
    return found


def remind(session: Session, cast: Cast, at: datetime, *, useful: timedelta = timedelta(days=3)) -> None:
    """A reminder falls due, and is taken up at once, as the dispatcher does."""
    recipient, key = Recipient(cast.alice.address, cast.alice.name, cast.alice.id), f"reminder:{next(KEYS)}"
    letter = Post(
        "event_reminder",
        key,
        recipient,
        ("registration", 1),
        {"instant": "2027-01-13T09:00Z"},
        rule_id=1,
        priority=BULK,
        due_at=at,
        valid_until=at + useful,
    )
    post(session, letter, now=at)
    take_up(session, at)


def take_up(session: Session, now: datetime) -> None:
    """Hold back what may not go; the rest goes."""
    rows = session.scalars(DUE, {"now": now}).all()
    held = hold_back(session, rows, private=frozenset({"digest"}), now=now)
    for row in rows:
        if row.id not in held:
            row.state, row.accepted_at = OutboxState.SENT, now
    session.commit()


def tick(session: Session, now: datetime) -> None:
    """The scheduler's tick, and the dispatcher's after it."""
    for person_id in due_people(session, now):
        bundle(session, person_id, now, kinds={})
        session.commit()
    take_up(session, now)


def digests(session: Session) -> list[OutboxMessage]:
    return list(
        session.scalars(select(OutboxMessage).where(OutboxMessage.letter == "digest").order_by(OutboxMessage.id))
    )


def reminders(session: Session) -> Counter[str]:
    rows = session.scalars(select(OutboxMessage.state).where(OutboxMessage.letter == "event_reminder"))
    return Counter(str(state) for state in rows)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def test_several_go_in_one_letter_and_one_goes_as_itself(session: Session, cast: Cast) -> None:
    for hour in (9, 14, 22):
        remind(session, cast, at(12, hour))
    tick(session, at(12, 23))
    assert (digests(session), reminders(session)) == ([], {"held": 3})
    tick(session, at(13, 7))
    (digest,) = digests(session)
    assert digest.dedup_key == f"digest:{cast.alice.id}:2027-01-13"
    assert reminders(session) == {"bundled": 3}
    assert {row.digest_id for row in session.scalars(select(OutboxMessage).where(OutboxMessage.rule_id == 1))} == {
        digest.id
    }
    remind(session, cast, at(13, 9))
    tick(session, at(14, 7))
    assert reminders(session) == {"bundled": 3, "sent": 1}
    assert len(digests(session)) == 1


def test_what_would_come_too_late_goes_by_itself_at_once(session: Session, cast: Cast) -> None:
    remind(session, cast, at(12, 9), useful=timedelta(hours=5))
    assert reminders(session) == {"sent": 1}


def test_whoever_wants_it_no_more_gets_each_as_itself(session: Session, cast: Cast) -> None:
    for hour in (9, 10):
        remind(session, cast, at(12, hour))
    choose(session, cast.alice.id, Wishes(), now=at(12, 12))
    session.commit()
    tick(session, at(13, 7))
    assert (digests(session), reminders(session)) == ([], {"sent": 2})


def test_scheduler_down_for_26_hours_makes_one_letter_and_loses_nothing(session: Session, cast: Cast) -> None:
    for hour in (9, 10):
        remind(session, cast, at(12, hour))
    tick(session, at(13, 7) + timedelta(hours=26))
    for hour in (12, 13):
        remind(session, cast, at(14, hour))
    tick(session, at(15, 7))
    assert [row.dedup_key[-10:] for row in digests(session)] == ["2027-01-13", "2027-01-15"]
    assert reminders(session) == {"bundled": 4}


def test_down_beyond_their_use_they_expire(session: Session, cast: Cast) -> None:
    for hour in (9, 10):
        remind(session, cast, at(12, hour), useful=DAY)
    tick(session, at(14, 7))
    assert (digests(session), reminders(session)) == ([], {"expired": 2})


def changes() -> Iterator[date]:
    """Every day on which the clocks change, 2024 to 2030."""
    for year in range(2024, 2031):
        for month in (3, 10):
            last = date(year, month, 31)
            yield last - timedelta(days=(last.weekday() + 1) % 7)


@pytest.mark.one_database
@pytest.mark.parametrize("jump", [-2, 0, 2], ids=["back two hours", "steady", "forward two hours"])
@pytest.mark.parametrize("change", [*changes()], ids=str)
def test_exactly_one_letter_for_each_day_over_every_change_of_the_clocks(
    session: Session, cast: Cast, change: date, jump: int
) -> None:
    """Five days around the change, a tick each half hour, and a jump of the machine's clock in the night itself."""
    choose(session, cast.alice.id, Wishes(wants_digest=True, digest_at=90), now=LONG_AGO)
    start = datetime(change.year, change.month, change.day, tzinfo=UTC) - 2 * DAY
    jumps_at, now, queued = start + timedelta(days=2, hours=1, minutes=45), start, 0
    for step in range(5 * 48):
        now = start + step * timedelta(minutes=30)
        now += timedelta(hours=jump) if now >= jumps_at else timedelta(0)
        if step % 7 == 0 and step < 4 * 48:
            remind(session, cast, now)
            queued += 1
        tick(session, now)
    days = Counter(row.dedup_key for row in digests(session))
    assert set(days.values()) == {1}
    assert len(days) >= 4
    ends = reminders(session)
    assert ends["bundled"] + ends["sent"] == queued, "nothing was lost, and nothing expired"
    assert ends["sent"] < queued / 4, "few go by themselves: the only one of a day, or due just as the letter goes"


def test_two_schedulers_make_one_letter(app: Flask, session: Session, cast: Cast) -> None:
    for hour in (9, 10):
        remind(session, cast, at(12, hour))
    with app.app_context():
        engine: Engine = db.engine
    together = threading.Barrier(4, timeout=30)

    def ticks() -> None:
        with Session(engine) as own:
            begin_writing(own) if engine.dialect.name == "sqlite" else together.wait()
            bundle(own, cast.alice.id, at(13, 7), kinds={})
            own.commit()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(ticks) for _ in range(4)]:
            done.result()
    session.rollback()
    session.expire_all()
    assert len(digests(session)) == 1
    assert reminders(session) == {"bundled": 2}


def test_letter_tells_what_is_still_wanted_with_time_place_and_link(
    app: Flask, session: Session, cast: Cast, capture: Capture
) -> None:
    places = []
    for title in ("Tides", "Moss", "Stars"):
        event = things.event(session, lead=cast.liverpool, title=title, room="Lecture theatre 2")
        ensure_default_rule(session, event.id, LONG_AGO)
        places.append(things.registration(session, to=things.opening(session, events=[event]), who=cast.alice))
    session.commit()
    start = things.SOON
    queue_due_reminders(session, start - timedelta(hours=20))
    session.commit()
    take_up(session, start - timedelta(hours=20))
    session.get_one(Registration, places[1].id).state = RegistrationState.CANCELLED
    session.commit()
    run_due(app, start - timedelta(hours=6))
    (message,) = capture.to(cast.alice.address)
    assert message["Subject"] in {"Reminders: Tides and 1 other", "Reminders: Stars and 1 other"}
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert "Moss" not in text
    for words in (
        "Tides",
        "Stars",
        "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
        "Lecture theatre 2",
        "/registrations/",
    ):
        assert words in text


def test_letter_of_which_nothing_is_wanted_any_more_is_not_sent(
    app: Flask, session: Session, cast: Cast, capture: Capture
) -> None:
    for hour in (9, 10):
        remind(session, cast, at(12, hour))
    run_due(app, at(13, 7))
    assert capture.messages == []
    assert (digests(session), reminders(session)) == ([], {"cancelled": 2}), "each can be wanted again"


def test_what_its_reader_declined_or_cannot_get_is_in_no_letter_of_a_day(
    app: Flask, session: Session, cast: Cast, capture: Capture
) -> None:
    for title in ("Tides", "Stars"):
        event = things.event(session, lead=cast.liverpool, title=title)
        ensure_default_rule(session, event.id, LONG_AGO)
        things.registration(session, to=things.opening(session, events=[event]), who=cast.alice)
    session.commit()
    start = things.SOON
    queue_due_reminders(session, start - timedelta(hours=20))
    session.commit()
    take_up(session, start - timedelta(hours=20))
    suppress(session, cast.alice.address, scope=Scope.EVERYTHING, cause=Cause.BOUNCED, now=start)
    session.commit()
    run_due(app, start - timedelta(hours=6))
    assert capture.messages == []
    assert (digests(session), reminders(session)) == ([], {"suppressed": 2})
