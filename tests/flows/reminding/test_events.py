"""Reminders from rule to letter: once, to those with a place, by the dates that hold now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.mail.actions import cancel
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.reminders.actions import Thing, Wish, change, ensure_default_rule, remove
from programme.engines.reminders.models import OffsetUnit
from programme.engines.reminders.queries import rules_of
from programme.flows.reminding import queue_due_reminders
from programme.flows.subjects.events import EVENTS
from programme.people.identity import actor_of
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import SOON, event, opening, registration

DAY = timedelta(days=1)
DUE = SOON - DAY


@dataclass
class Talk:
    """An event with one confirmed participant and the usual reminder."""

    app: Flask
    session: Session
    cast: Cast
    event: Event
    place: Registration

    def tick(self, now: datetime) -> None:
        """Everything that is due at an instant."""
        self.session.commit()
        run_due(self.app, now)
        self.session.expire_all()

    def move(self, start: datetime) -> None:
        """Move the event."""
        self.event.starts_at, self.event.ends_at = start, start + timedelta(hours=1)
        self.event.sequence += 1
        self.session.commit()

    def states(self) -> list[OutboxState]:
        """Where its reminders stand."""
        rows = select(OutboxMessage.state).where(OutboxMessage.letter == "event_reminder").order_by(OutboxMessage.id)
        return list(self.session.scalars(rows))


@pytest.fixture
def talk(app: Flask, session: Session) -> Talk:
    cast = assemble(session)
    made = event(
        session,
        lead=cast.oxford,
        room="Lecture theatre 2",
        contact_name="Omar Otterbrook",
        contact_address="omar@ox.example",
    )
    place = registration(session, to=opening(session, events=[made]), who=cast.alice)
    ensure_default_rule(session, made.id, LONG_AGO)
    session.commit()
    return Talk(app, session, cast, made, place)


def test_reminder_goes_out_the_day_before_and_once(talk: Talk, capture: Capture) -> None:
    talk.tick(DUE - timedelta(minutes=1))
    assert capture.messages == []
    for minutes in (0, 1, 60, 600):
        talk.tick(DUE + timedelta(minutes=minutes))
    [message] = capture.to("alice@liverpool.example.ac.uk")
    assert message["Subject"] == "Tomorrow: Quantum sensing for chemists (Tue 16 Feb, 14:00)"
    assert str(message["From"]).startswith("Omar Otterbrook <")
    assert str(message["Reply-To"]) == "Omar Otterbrook <omar@ox.example>"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for words in (
        "Dear Alice Aldgrove",
        "Tuesday 16 February 2027, 14:00 to 15:00 GMT",
        "Oxford: Tuesday of 5th week, Hilary 2027",
        "Liverpool: dates not confirmed",
        "Lecture theatre 2",
        f"/registrations/{talk.place.id}-",
        "/events/quantum-sensing-for-chemists-",
    ):
        assert words in text


def test_moved_event_reminds_the_day_before_its_new_date(talk: Talk, capture: Capture) -> None:
    talk.move(SOON + DAY)
    talk.tick(DUE)
    assert capture.messages == []
    talk.tick(DUE + DAY)
    talk.tick(DUE + DAY)
    assert [message["Subject"] for message in capture.messages] == [
        "Tomorrow: Quantum sensing for chemists (Wed 17 Feb, 14:00)"
    ]


def test_moved_there_and_back_still_reminds_once(talk: Talk, capture: Capture) -> None:
    assert queue_due_reminders(talk.session, DUE) == 1
    talk.move(SOON + DAY)
    talk.tick(DUE + timedelta(minutes=1))
    assert (talk.states(), capture.messages) == ([OutboxState.CANCELLED], [])
    talk.move(SOON)
    talk.tick(DUE + timedelta(minutes=2))
    talk.tick(DUE + timedelta(minutes=3))
    assert (talk.states(), len(capture.messages)) == ([OutboxState.SENT], 1)


def test_moved_after_it_went_out_reminds_of_the_new_date_as_well(talk: Talk, capture: Capture) -> None:
    talk.tick(DUE)
    talk.move(SOON + 3 * DAY)
    talk.tick(DUE + 3 * DAY)
    talk.move(SOON + 5 * DAY)
    talk.move(SOON + 3 * DAY)
    talk.tick(DUE + 3 * DAY + timedelta(hours=1))
    assert len(capture.messages) == 2


def test_move_to_sooner_than_the_offset_reminds_at_once(talk: Talk, capture: Capture) -> None:
    talk.move(SOON - 3 * DAY)
    talk.tick(SOON - 3 * DAY - timedelta(hours=5))
    assert len(capture.messages) == 1


def test_who_was_confirmed_after_it_fell_due_is_not_reminded(talk: Talk, capture: Capture) -> None:
    late = registration(talk.session, to=talk.place.opening, who=talk.cast.bob, confirmed_at=DUE + timedelta(seconds=1))
    talk.tick(DUE + timedelta(minutes=1))
    assert [message["To"].addresses[0].addr_spec for message in capture.messages] == ["alice@liverpool.example.ac.uk"]
    assert late.state is RegistrationState.CONFIRMED


@pytest.mark.one_database
@pytest.mark.parametrize("state", [s for s in RegistrationState if s is not RegistrationState.CONFIRMED])
def test_only_the_confirmed_are_reminded(talk: Talk, capture: Capture, state: RegistrationState) -> None:
    talk.place.opening.capacity = 1
    other = registration(talk.session, to=talk.place.opening, who=talk.cast.bob, state=state, confirmed_at=LONG_AGO)
    talk.tick(DUE)
    assert capture.to(other.address) == []


def test_unproved_registration_holds_a_place_and_is_reminded(talk: Talk, capture: Capture) -> None:
    talk.place.prove_by = SOON
    talk.tick(DUE)
    assert len(capture.to(talk.place.address)) == 1


def test_skipped_seat_is_not_reminded(talk: Talk, capture: Capture) -> None:
    talk.place.seats[0].state = SeatState.SKIPPED
    talk.tick(DUE)
    assert capture.messages == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    "changed",
    [
        {"state": EventState.CANCELLED},
        {"state": EventState.POSTPONED, "date_is_known": False},
        {"state": EventState.DRAFT},
        {"date_is_known": False},
        {"is_archive": True},
    ],
)
@pytest.mark.parametrize("queued", [0, 1])
def test_event_that_does_not_happen_reminds_nobody(
    talk: Talk, capture: Capture, changed: dict[str, Any], queued: int
) -> None:
    if queued:
        assert queue_due_reminders(talk.session, DUE) == queued
    for name, value in changed.items():
        setattr(talk.event, name, value)
    talk.tick(DUE)
    talk.tick(DUE + timedelta(minutes=1))
    assert capture.messages == []
    assert talk.states() == [OutboxState.CANCELLED] * queued


@pytest.mark.one_database
def test_event_postponed_to_a_known_date_reminds_before_it(talk: Talk, capture: Capture) -> None:
    talk.event.state = EventState.POSTPONED
    talk.tick(DUE)
    assert len(capture.messages) == 1


def test_registration_cancelled_after_queueing_is_not_reminded(talk: Talk, capture: Capture) -> None:
    queue_due_reminders(talk.session, DUE)
    talk.place.state = RegistrationState.CANCELLED
    talk.tick(DUE)
    assert (talk.states(), capture.messages) == ([OutboxState.CANCELLED], [])


def test_after_an_outage_over_the_start_nobody_is_reminded(talk: Talk, capture: Capture) -> None:
    talk.tick(SOON)
    assert (talk.states(), capture.messages) == ([], [])


def test_reminder_still_of_use_after_an_outage_goes_out_late(talk: Talk, capture: Capture) -> None:
    talk.tick(SOON - timedelta(hours=2))
    assert str(capture.messages[0]["Subject"]).startswith("Today: ")


def test_queueing_again_and_again_writes_nothing(talk: Talk) -> None:
    assert [queue_due_reminders(talk.session, DUE) for _ in range(3)] == [1, 0, 0]


def test_reminder_taken_back_by_hand_is_not_queued_again(talk: Talk, capture: Capture) -> None:
    queue_due_reminders(talk.session, DUE)
    row = talk.session.scalars(select(OutboxMessage)).one()
    cancel(talk.session, row, actor=actor_of(talk.cast.omar), now=DUE)
    talk.tick(DUE)
    assert (talk.states(), capture.messages) == ([OutboxState.CANCELLED], [])


def test_clocks_that_change_in_between_keep_the_time_on_the_wall(talk: Talk, capture: Capture) -> None:
    talk.move(datetime.fromisoformat("2027-03-28T09:00+01:00"))
    talk.tick(datetime.fromisoformat("2027-03-27T08:59+00:00"))
    assert capture.messages == []
    talk.tick(datetime.fromisoformat("2027-03-27T09:00+00:00"))
    [message] = capture.messages
    body = message.get_body(("plain",))
    assert body is not None
    assert "Clocks go forward on Sunday 28 March" in body.get_content()


def test_changed_and_removed_rules_hold(talk: Talk, capture: Capture) -> None:
    [rule] = rules_of(talk.session, "event", talk.event.id)
    thing, by = Thing(EVENTS, talk.event.id, talk.cast.oxford.id), actor_of(talk.cast.omar)
    hours = Wish(offset=-3, unit=OffsetUnit.HOURS)
    three = change(talk.session, rule, thing, hours, actor=by, now=LONG_AGO)
    talk.tick(DUE + timedelta(hours=1))
    assert capture.messages == []
    talk.tick(SOON - timedelta(hours=3))
    assert len(capture.messages) == 1
    remove(talk.session, three, thing, actor=by, now=LONG_AGO)
    talk.move(SOON + DAY)
    talk.tick(SOON + DAY - timedelta(hours=3))
    assert len(capture.messages) == 1


def test_joining_link_and_address_are_told_to_those_with_a_place(talk: Talk, capture: Capture) -> None:
    talk.event.is_online, talk.event.online_link = True, "https://meet.example.ac.uk/colloquium"
    talk.tick(DUE)
    for kind in ("plain", "html"):
        body = capture.messages[0].get_body((kind,))
        assert body is not None
        assert "https://meet.example.ac.uk/colloquium" in body.get_content()


def test_many_recipients_cost_one_statement(talk: Talk) -> None:
    other = event(talk.session, lead=talk.cast.oxford, title="Another talk")
    ensure_default_rule(talk.session, other.id, LONG_AGO)
    both = opening(talk.session, events=[talk.event, other])
    for person in (talk.cast.bob, talk.cast.charlie, talk.cast.olga):
        registration(talk.session, to=both, who=person)
    talk.session.commit()
    assert queue_due_reminders(talk.session, DUE) == 7
    keys = talk.session.scalar(select(func.count(OutboxMessage.dedup_key.distinct())))
    assert keys == 7
