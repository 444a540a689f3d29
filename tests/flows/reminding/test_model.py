"""Moves, cancellations, copies, promotions and new rules, before and after reminders: what goes out is what must.

Scripts are carried out by the verbs that people use, on a real database; the oracle imports nothing of the rule.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.plans import copies
from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.actions import Thing, Wish, change, ensure_default_rule, put_back, remove
from programme.engines.reminders.models import OffsetUnit, ReminderRule
from programme.flows import registering, scheduling
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from tests.factories.cast import Cast, assemble
from tests.factories.things import event, opening, registration

HOUR = timedelta(hours=1)
BEGIN = datetime.fromisoformat("2027-01-11T09:00+00:00")
NAMES = ("Alice", "Bob", "Charlie")


@dataclass
class Oracle:
    """What must go out: the event and its people as anybody would keep them, and who was told of which date."""

    start: datetime
    since: dict[str, datetime]
    waiting: list[str]
    hours: int = 24
    made: datetime = BEGIN
    rule: int = 0
    on: bool = True
    active: bool = True
    told: set[tuple[int, str, datetime]] = field(default_factory=set)

    def goes_out(self, now: datetime) -> list[str]:
        """Everybody with a place since before it fell due, while it lies ahead, once for each rule and date."""
        due = self.start - self.hours * HOUR
        if not (self.on and self.active and self.made <= due <= now < self.start):
            return []
        new = {(self.rule, name, self.start) for name, since in self.since.items() if since <= due} - self.told
        self.told |= new
        return sorted(name for _, name, _ in new)

    def gives_up(self, name: str, now: datetime) -> None:
        """The place goes to the first who waits."""
        if name in self.waiting:
            self.waiting.remove(name)
        elif self.since.pop(name, None) and self.waiting:
            self.since[self.waiting.pop(0)] = now


@dataclass
class Play:
    """One script on the database, with the oracle beside it."""

    app: Flask
    session: Session
    cast: Cast
    talk: Event
    rows: dict[str, Registration]
    rule: ReminderRule
    oracle: Oracle
    now: datetime = BEGIN

    @property
    def by(self) -> dict[str, Any]:
        """Who acts, and when."""
        return {"actor": actor_of(self.cast.omar), "now": self.now}

    @property
    def thing(self) -> Thing:
        """The event as something that has rules."""
        return Thing(EVENTS, self.talk.id, self.cast.oxford.id)

    def act(self, verb: str, number: int) -> None:
        """Carry out one line of a script; what the programme refuses is not done."""
        try:
            with self.session.begin_nested():
                getattr(self, verb)(number)
        except Refusal:
            self.session.refresh(self.talk)

    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.now += hours * HOUR

    def queue(self, _: int) -> None:
        """Queue what is due, and send nothing yet."""
        queue_due_reminders(self.session, self.now)

    def send(self, _: int) -> None:
        """Queue what is due and send it, asked for all at once; compare with the oracle."""
        self.queue(0)
        rows = self.session.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING)).all()
        mine = [row for row in rows if row.letter == "event_reminder"]
        wanted = (
            self.app.extensions["mail_room"].letters["event_reminder"].compose_all(self.session, mine, now=self.now)
        )
        for row in mine:
            is_late = row.valid_until is not None and row.valid_until <= self.now
            row.state = (
                OutboxState.EXPIRED if is_late else OutboxState.SENT if row.id in wanted else OutboxState.CANCELLED
            )
        self.session.flush()
        sent = sorted(row.recipient_name.split()[0] for row in mine if row.state is OutboxState.SENT)
        assert sent == self.oracle.goes_out(self.now)

    def move(self, hours: int) -> None:
        """Move the event to so many hours from the beginning, which may be past by now."""
        start = BEGIN + (hours % 96) * HOUR
        plan = replace(plan_of(self.talk), starts_at=start, ends_at=start + HOUR)
        scheduling.move(self.session, self.talk.id, plan, **self.by)
        self.oracle.start = start

    def cancel(self, _: int) -> None:
        """Call it off."""
        scheduling.cancel(self.session, self.talk.id, **self.by)
        self.oracle.on = False

    def reinstate(self, _: int) -> None:
        """Put it on again."""
        scheduling.reinstate(self.session, self.talk.id, plan_of(self.talk), **self.by)
        self.oracle.on = True

    def copy(self, hours: int) -> None:
        """Make another one like it, which has nobody in it."""
        copies.copy(self.session, self.talk.id, starts_at=self.now + hours * HOUR, **self.by)

    def give_up(self, number: int) -> None:
        """Somebody gives the place back, or leaves the waiting list; the next moves up."""
        name = NAMES[number % 3]
        registering.cancel_registration(self.session, self.rows[name].id, now=self.now)
        self.oracle.gives_up(name, self.now)

    def other_time(self, hours: int) -> None:
        """Let the reminder go out so many hours before."""
        wish = Wish(offset=-(1 + hours % 48), unit=OffsetUnit.HOURS)
        self.rule = change(self.session, self.rule, self.thing, wish, **self.by)
        if self.oracle.hours != 1 + hours % 48 or self.oracle.rule == 0:
            self.oracle.rule += 1
            self.oracle.made = self.now
        self.oracle.hours, self.oracle.active = 1 + hours % 48, True

    def remove(self, _: int) -> None:
        """Take the reminder away."""
        remove(self.session, self.rule, self.thing, **self.by)
        self.oracle.active = False

    def put_back(self, _: int) -> None:
        """Put it back."""
        put_back(self.session, self.rule, self.thing, **self.by)
        self.oracle.active = True


VERBS = ("wait", "queue", "send", "move", "cancel", "reinstate", "copy", "give_up", "other_time", "remove", "put_back")
lines = st.tuples(st.sampled_from(VERBS), st.integers(1, 60))
often = st.sampled_from(["wait", "send", "move", "give_up"])
scripts = st.lists(lines | st.tuples(often, st.integers(1, 60)), min_size=3, max_size=14)


def played(app: Flask, session: Session, cast: Cast) -> Play:
    """A talk two days on with one place: Alice has it, Bob and Charlie wait."""
    talk = event(session, lead=cast.oxford, starts_at=BEGIN + 48 * HOUR)
    offer = opening(session, events=[talk], capacity=1)
    states = (RegistrationState.CONFIRMED, RegistrationState.WAITLISTED, RegistrationState.WAITLISTED)
    people = zip(NAMES, (cast.alice, cast.bob, cast.charlie), states, strict=True)
    rows = {name: registration(session, to=offer, who=who, state=state) for name, who, state in people}
    rule = ensure_default_rule(session, talk.id, BEGIN)
    assert rule is not None
    oracle = Oracle(talk.starts_at, {"Alice": BEGIN}, ["Bob", "Charlie"])
    return Play(app, session, cast, talk, rows, rule, oracle)


SENT = ("send", 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(script=scripts)
@example(script=[("wait", 24), SENT, ("move", 72), ("wait", 24), SENT, ("move", 48), SENT])  # there and back, after
@example(script=[("wait", 24), ("queue", 1), ("move", 72), SENT, ("move", 48), SENT, SENT])  # there and back, before
@example(script=[("wait", 24), ("queue", 1), ("give_up", 0), SENT, ("move", 90), ("wait", 42), SENT])  # promoted late
@example(script=[("give_up", 0), ("wait", 24), SENT, ("wait", 24), SENT])  # promoted before
@example(script=[("wait", 24), SENT, ("cancel", 1), ("reinstate", 1), SENT])  # off and on, once told
@example(script=[("wait", 24), ("queue", 1), ("cancel", 1), SENT, ("reinstate", 1), SENT, SENT])  # off and on, not yet
@example(script=[("wait", 24), SENT, ("move", 10), SENT, ("move", 60), ("wait", 12), SENT])  # into the past
@example(script=[("wait", 20), ("other_time", 47), SENT, ("wait", 20), SENT])  # a rule made too late
@example(script=[("wait", 24), ("queue", 1), ("remove", 1), SENT, ("put_back", 1), SENT])  # undone
@example(script=[("copy", 30), ("wait", 24), SENT, ("copy", 5), SENT])  # a copy tells nobody
@example(script=[("wait", 47), SENT, ("wait", 1), SENT])  # late, and too late
def test_what_goes_out_is_what_must(app: Flask, session: Session, script: list[tuple[str, int]]) -> None:
    cast = session.info.get("cast") or assemble(session)
    session.info["cast"] = cast
    play = played(app, session, cast)
    try:
        for verb, number in script:
            play.act(verb, number)
        play.send(1)
    finally:
        session.rollback()
