"""Whatever happens to a person's places: the SEQUENCE of an event never falls in a file, nor behind their own feed."""

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.feeds.entries import Site
from programme.engines.calendar.feeds.personal import personal_calendar
from programme.engines.calendar.models import Event
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.plugs import CALENDAR_SOURCE
from programme.flows import scheduling
from programme.flows.calendars.personal import calendar_of
from programme.flows.registering import cancel_registration
from programme.flows.series.skipping import skip_week, take_week_back
from programme.people.permissions import NOBODY
from tests.factories import things
from tests.factories.cast import Cast
from tests.flows.conftest import NOW, Enter

ANNA = "anna@example.org"
STEPS = 20


@dataclass
class Life:
    """What Anna does and what happens to two events that two openings let her register for."""

    session: Session
    openings: list[Opening]
    events: list[Event]
    enter: Enter
    chance: random.Random
    now: datetime = NOW
    seen: dict[str, int] = field(default_factory=dict)

    def go_on(self) -> None:
        """Do one thing; what the rules refuse leaves everything as it was."""
        self.now += timedelta(hours=1)
        verbs = [self.register, self.give_back, self.skip, self.take_back, self.move]
        try:
            self.chance.choice(verbs)()
            self.session.commit()
        except Refusal:
            self.session.rollback()

    def register(self) -> None:
        self.enter(self.chance.choice(self.openings), ANNA, now=self.now)

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

    def one(self) -> Registration:
        """One of her registrations, the last ones likelier."""
        found = self.session.scalars(select(Registration).order_by(Registration.id)).all()
        if not found:
            raise Refusal("There is none yet.")
        return found[-self.chance.choice([1, 1, 1, min(2, len(found))])]

    def look(self, app: Flask) -> None:
        """Compare what her files and her feed say with all that they said before."""
        self.session.expire_all()
        links = app.extensions["links"]
        rows = self.session.scalars(select(Registration).order_by(Registration.id)).all()
        if not rows:
            return
        latest = sequences(calendar_of(self.session, rows[-1], links=links))
        site = Site(links.base_url, "programme.example.ac.uk", terms(self.session))
        feed = personal_calendar(
            self.session, rows[-1].person_id or 0, sources=(CALENDAR_SOURCE,), site=site, name="Anna", now=self.now
        )
        in_feed = sequences(feed)
        assert {uid: in_feed[uid] for uid in latest if uid in in_feed} == {
            uid: number for uid, number in latest.items() if uid in in_feed
        }
        for uid, number in (latest | in_feed).items():
            assert number >= self.seen.get(uid, 0), (uid, number, self.seen[uid])
            self.seen[uid] = number


def sequences(content: bytes) -> dict[str, int]:
    """Return the SEQUENCE of each UID."""
    entries = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return {str(entry["UID"]): int(str(entry["SEQUENCE"])) for entry in entries}


@pytest.fixture
def openings(session: Session, people: Cast) -> list[Opening]:
    """Two evenings, given together by one opening; another is for the first of them alone."""
    events = [
        things.event(session, lead=people.oxford, starts_at=things.SOON + timedelta(weeks=week)) for week in (0, 1)
    ]
    made = [things.opening(session, events=of, capacity=9) for of in (events, events[:1])]
    session.commit()
    return made


@pytest.mark.parametrize("seed", range(3))
def test_no_history_lowers_the_sequence_of_an_event(
    app: Flask, session: Session, openings: list[Opening], enter: Enter, seed: int
) -> None:
    life = Life(session, openings, list(openings[0].events), enter, random.Random(seed))
    for _ in range(STEPS):
        life.go_on()
        life.look(app)
    assert max(life.seen.values()) > 2


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
