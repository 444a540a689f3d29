"""Whatever happens to a person's places: the SEQUENCE of an event never falls in a file, nor behind their own feed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

import icalendar
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.feeds.blocks import Blocks
from programme.engines.calendar.feeds.entries import edition_for
from programme.engines.calendar.feeds.personal import Rooms, Wanted, personal_calendar
from programme.engines.calendar.models import Event
from programme.engines.mail.composing import said_now
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.plugs import CALENDAR_SOURCE
from programme.flows import scheduling
from programme.flows.calendars.personal import calendar_of
from programme.flows.registering import cancel_registration
from programme.flows.series.skipping import skip_week, take_week_back
from programme.people.permissions import NOBODY, Actor
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.calendars.invited import checked
from tests.flows.conftest import NOW, Enter

ANNA = "anna@example.org"
STEPS = 16


@dataclass
class Life:
    """What Anna does and what happens to two events that two openings let her register for."""

    session: Session
    openings: list[Opening]
    events: list[Event]
    enter: Enter
    chance: random.Random
    address: str = ANNA
    now: datetime = NOW
    seen: dict[str, int] = field(default_factory=dict)
    invited: dict[str, tuple[str, int, bytes]] = field(default_factory=dict)

    def go_on(self) -> None:
        """Do one thing; what the rules refuse leaves everything as it was."""
        self.now += timedelta(hours=1)
        verbs = [self.register, self.give_back, self.skip, self.take_back, self.move, self.call_off, self.bring_back]
        try:
            self.chance.choice(verbs)()
            self.session.commit()
        except Refusal:
            self.session.rollback()

    def register(self) -> None:
        self.enter(self.chance.choice(self.openings), self.address, now=self.now)

    def give_back(self) -> None:
        cancel_registration(self.session, self.one().id, now=self.now)

    def skip(self) -> None:
        skip_week(self.session, self.one().id, self.chance.choice(self.events).id, now=self.now)

    def take_back(self) -> None:
        take_week_back(self.session, self.one().id, self.chance.choice(self.events).id, now=self.now)

    def move(self) -> None:
        event = self.chance.choice(self.events)
        plan = plan_of(event)
        later = replace(plan, starts_at=plan.starts_at + timedelta(hours=1), ends_at=plan.ends_at + timedelta(hours=1))
        scheduling.move(self.session, event.id, later, actor=NOBODY, now=self.now)

    def call_off(self) -> None:
        scheduling.cancel(self.session, self.chance.choice(self.events).id, actor=NOBODY, now=self.now)

    def bring_back(self) -> None:
        scheduling.reinstate(self.session, self.chance.choice(self.events).id, actor=NOBODY, now=self.now)

    def registrations(self) -> Sequence[Registration]:
        """Hers, oldest first."""
        hers = select(Registration).where(Registration.address == self.address)
        return self.session.scalars(hers.order_by(Registration.id)).all()

    def one(self) -> Registration:
        """One of her registrations, the last ones likelier."""
        found = self.registrations()
        if not found:
            raise Refusal("There is none yet.")
        return found[-self.chance.choice([1, 1, 1, min(2, len(found))])]

    def look(self, app: Flask) -> None:
        """Compare what her files and her feed say with all that they said before."""
        self.session.expire_all()
        links = app.extensions["links"]
        rows = self.registrations()
        if not rows:
            return
        latest = sequences(calendar_of(self.session, rows[-1], links=links))
        edition = edition_for(self.session, base_url=links.base_url)
        wanted, rooms = Wanted(reader=Actor(person_id=rows[-1].person_id)), Rooms(holding=(CALENDAR_SOURCE,))
        feed = personal_calendar(self.session, wanted, rooms=rooms, edition=edition, blocks=Blocks(), now=self.now)
        in_feed = sequences(feed)
        assert {uid: in_feed[uid] for uid in latest if uid in in_feed} == {
            uid: number for uid, number in latest.items() if uid in in_feed
        }
        for uid, number in (latest | in_feed).items():
            assert number >= self.seen.get(uid, 0), (uid, number, self.seen[uid])
            self.seen[uid] = number

    def read_letters(self, app: Flask) -> None:
        """Send her letters, and compare what they ask of her calendar with what letters asked of it before."""
        self.session.expire_all()
        waiting = select(OutboxMessage).where(
            OutboxMessage.recipient == self.address, OutboxMessage.state == OutboxState.PENDING
        )
        for row in self.session.scalars(waiting.order_by(OutboxMessage.id)).all():
            body = said_now(self.session, row, room=app.extensions["mail_room"], now=self.now)
            row.state = OutboxState.SENT if body else OutboxState.CANCELLED
            for file in body.attachments if body else ():
                if file.is_invitation:
                    self.compare(file.content)
        self.session.commit()

    def compare(self, content: bytes) -> None:
        """One organiser, one UID an event, and a SEQUENCE that is higher wherever something else is said."""
        method, entry = checked(content, to=self.address)
        uid, number = str(entry["UID"]), int(entry["SEQUENCE"])
        before = self.invited.get(uid)
        if before is not None:
            assert number >= before[1], (uid, number, before)
            is_new = (method, entry["DTSTART"].to_ical()) != (before[0], before[2])
            assert number > before[1] or not is_new, (uid, method, number, before)
        self.invited[uid] = (method, number, entry["DTSTART"].to_ical())


def sequences(content: bytes) -> dict[str, int]:
    """Return the SEQUENCE of each UID."""
    entries = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(entry["UID"]): int(str(entry["SEQUENCE"])) for entry in entries}


@pytest.fixture
def openings(session: Session, people: Cast) -> list[Opening]:
    """Two evenings."""
    return two_evenings(session, people)


def two_evenings(session: Session, people: Cast) -> list[Opening]:
    """Two evenings, given together by one opening; another is for the first of them alone."""
    events = [
        things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(weeks=week)) for week in (0, 1)
    ]
    made = [things.opening(session, events=of, capacity=9) for of in (events, events[:1])]
    session.commit()
    return made


LIVES = count()


@pytest.mark.one_database
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False))
def test_no_history_lowers_the_sequence_of_an_event(
    app: Flask, session: Session, people: Cast, enter: Enter, chance: random.Random
) -> None:
    openings = two_evenings(session, people)
    events = list(openings[0].events)
    life = Life(session, openings, events, enter, chance, address=f"anna-{next(LIVES)}@example.org")
    for _ in range(STEPS):
        life.go_on()
        life.look(app)
        life.read_letters(app)
    assert set(life.invited) <= {f"event-{event.id}@programme.example.ac.uk" for event in events}


def test_lives_of_this_kind_are_told_by_letters(
    app: Flask, session: Session, openings: list[Opening], enter: Enter
) -> None:
    life = Life(session, openings[1:], list(openings[1].events), enter, random.Random(1))
    for verb in (life.register, life.move, life.call_off, life.bring_back, life.give_back):
        life.now += timedelta(hours=1)
        verb()
        session.commit()
        life.read_letters(app)
    ((method, number, _),) = life.invited.values()
    assert (method, number) == ("CANCEL", 4)


def test_whoever_registers_again_is_not_behind_what_took_their_place_out(
    app: Flask, session: Session, openings: list[Opening], enter: Enter
) -> None:
    links, (both, _) = app.extensions["links"], openings
    first = enter(both, ANNA).registration
    cancel_registration(session, first.id, now=NOW)
    taken_out = sequences(calendar_of(session, first, links=links))
    again = sequences(calendar_of(session, enter(both, ANNA).registration, links=links))
    assert again.keys() == taken_out.keys()
    assert all(again[uid] > number for uid, number in taken_out.items())
