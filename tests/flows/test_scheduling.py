"""Scheduling: whoever has a place hears of a change once, with what they knew before."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from programme.core.refusal import Refusal
from programme.engines.calendar.actions.plans.copies import details_of
from programme.engines.calendar.actions.values import Plan, plan_of
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.mail.delivery.claiming import claimed, ours
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.states import RegistrationState, SeatState
from programme.engines.reminders.queries import rules_of
from programme.flows import scheduling
from programme.flows.calendars.personal import calendar_of
from programme.people.permissions import NOBODY
from programme.scheduler import run_due
from tests.bed.mail import Capture
from tests.factories.cast import LONG_AGO, Cast, assemble
from tests.factories.things import SOON, event, opening, registration

NOW = SOON - timedelta(days=20)
DAY = timedelta(days=1)
BY: dict[str, Any] = {"actor": NOBODY, "now": NOW}


@dataclass
class Talk:
    """A talk with Alice in it and Bob waiting."""

    session: Session
    cast: Cast
    event: Event
    opening: Opening
    alice: Registration
    bob: Registration

    def by(self, amount: timedelta) -> Plan:
        """Its plan, shifted."""
        now = plan_of(self.event)
        return replace(now, starts_at=now.starts_at + amount, ends_at=now.ends_at + amount)

    def letters(self) -> list[tuple[str, str, str]]:
        """Letter, first name and state of each row about it."""
        rows = select(OutboxMessage).where(OutboxMessage.letter.like("event_%")).order_by(OutboxMessage.id)
        found = self.session.scalars(rows.execution_options(populate_existing=True))
        return [(row.letter, row.recipient_name.split()[0], row.state.value) for row in found]


@pytest.fixture
def talk(session: Session) -> Talk:
    """The talk, three weeks ahead."""
    cast = assemble(session)
    row = event(session, lead=cast.liverpool)
    place = opening(session, events=[row], capacity=1)
    alice = registration(session, to=place, who=cast.alice)
    bob = registration(session, to=place, who=cast.bob, state=RegistrationState.WAITLISTED)
    session.commit()
    return Talk(session, cast, row, place, alice, bob)


def test_move_is_told_to_those_with_a_place_and_those_who_wait(talk: Talk) -> None:
    _, told = scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    assert told == 2
    assert talk.letters() == [("event_moved", "Alice", "pending"), ("event_moved", "Bob", "pending")]


def test_move_to_the_same_place_and_time_tells_nobody(talk: Talk) -> None:
    assert scheduling.move(talk.session, talk.event.id, talk.by(timedelta(0)), **BY)[1] == 0
    assert talk.letters() == []


def test_second_move_replaces_an_unsent_letter_and_keeps_the_first_before(talk: Talk) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    states = [state for _, _, state in talk.letters()]
    assert states == ["cancelled", "cancelled", "pending", "pending"]
    last = talk.session.scalars(select(OutboxMessage).where(OutboxMessage.state == OutboxState.PENDING)).first()
    assert last is not None
    assert datetime.fromisoformat(last.context["before"]["starts_at"]) == SOON


def test_second_move_replaces_a_letter_that_is_taken_up_and_not_handed_over(app: Flask, talk: Talk) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    talk.session.commit()
    factory = sessionmaker(talk.session.get_bind())
    claim = claimed(factory, app.extensions["mail_room"], lambda: NOW, limit=10)
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    talk.session.commit()
    assert len(claim.rows) == 2
    assert [state for _, _, state in talk.letters()] == ["cancelled", "cancelled", "pending", "pending"]
    assert ours(talk.session, claim.token, [row.id for row in claim.rows]) == []


def test_moved_there_and_back_before_the_mail_went_tells_nothing(talk: Talk) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    _, told = scheduling.move(talk.session, talk.event.id, talk.by(-DAY), **BY)
    assert told == 0
    assert {state for _, _, state in talk.letters()} == {"cancelled"}
    assert talk.event.sequence == 2


def test_moved_there_and_back_after_the_mail_went_is_told_both_times(app: Flask, talk: Talk, capture: Capture) -> None:
    for amount, hours in ((DAY, 1), (-DAY, 2)):
        scheduling.move(talk.session, talk.event.id, talk.by(amount), actor=NOBODY, now=NOW + timedelta(hours=hours))
        talk.session.commit()
        run_due(app, NOW + timedelta(hours=hours, minutes=30))
        talk.session.expire_all()
    letters = capture.to("alice@liverpool.example.ac.uk")
    assert [str(letter["subject"]) for letter in letters] == ["New time: Quantum sensing for chemists"] * 2


def test_letter_says_before_and_after_and_carries_the_raised_sequence(app: Flask, talk: Talk, capture: Capture) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), reason="The train does not run.", **BY)
    talk.session.commit()
    run_due(app, NOW + timedelta(minutes=5))
    (letter,) = capture.to("alice@liverpool.example.ac.uk")
    text = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Tuesday 16 February 2027, 14:00 to 15:00 GMT" in text
    assert "Wednesday 17 February 2027, 14:00 to 15:00 GMT" in text
    assert "The train does not run." in text
    assert f"/registrations/{talk.alice.id}-" in text
    entry = the_event(letter)
    assert (entry["SEQUENCE"], entry.start) == (1, SOON + DAY)
    assert entry["UID"] == f"event-{talk.event.id}@programme.example.ac.uk"


def test_who_waits_gets_no_calendar_file(app: Flask, talk: Talk, capture: Capture) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    talk.session.commit()
    run_due(app, NOW + timedelta(minutes=5))
    (letter,) = capture.to("bob@oxford.example.ac.uk")
    assert list(letter.iter_attachments()) == []
    assert "waiting list" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_where_to_join_online_is_told_to_nobody_whose_place_is_an_offer(
    app: Flask, talk: Talk, capture: Capture
) -> None:
    talk.event.online_link = "https://meet.example.ac.uk/secret"
    talk.bob.state, talk.bob.answer_by = RegistrationState.OFFERED, SOON
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    talk.session.commit()
    run_due(app, NOW + timedelta(minutes=5))
    (taken,), (offered,) = capture.to("alice@liverpool.example.ac.uk"), capture.to("bob@oxford.example.ac.uk")
    assert "https://meet.example.ac.uk/secret" in str(the_event(taken)["DESCRIPTION"])
    of_bob = the_event(offered)
    assert str(of_bob["STATUS"]) == "TENTATIVE"
    assert "This place is offered to you." in str(of_bob["DESCRIPTION"])
    by_hand = calendar_of(talk.session, talk.bob, links=app.extensions["links"])
    assert not [text for text in (offered.as_string(), of_bob.to_ical().decode(), by_hand.decode()) if "secret" in text]


def test_cancellation_marks_the_calendar(app: Flask, talk: Talk, capture: Capture) -> None:
    scheduling.cancel(talk.session, talk.event.id, **BY)
    talk.session.commit()
    run_due(app, NOW + timedelta(minutes=5))
    (letter,) = capture.to("alice@liverpool.example.ac.uk")
    assert str(letter["subject"]) == "Cancelled: Quantum sensing for chemists"
    entry = the_event(letter)
    assert (str(entry["STATUS"]), entry["SEQUENCE"]) == ("CANCELLED", 1)


def test_unsent_move_then_cancellation_is_one_letter(talk: Talk) -> None:
    scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)
    scheduling.cancel(talk.session, talk.event.id, **BY)
    pending = [(letter, name) for letter, name, state in talk.letters() if state == "pending"]
    assert pending == [("event_cancelled", "Alice"), ("event_cancelled", "Bob")]


def test_cancelled_and_reinstated_before_the_mail_went_tells_nothing(talk: Talk) -> None:
    scheduling.cancel(talk.session, talk.event.id, **BY)
    _, told = scheduling.reinstate(talk.session, talk.event.id, **BY)
    assert (told, talk.event.sequence, talk.event.state) == (0, 2, EventState.PUBLISHED)


@pytest.mark.parametrize("letter", ["event_postponed", "event_reinstated"])
def test_every_other_letter_goes_out(app: Flask, talk: Talk, capture: Capture, letter: str) -> None:
    scheduling.postpone(talk.session, talk.event.id, None, **BY)
    if letter == "event_reinstated":
        talk.session.commit()
        run_due(app, NOW + timedelta(minutes=5))
        talk.session.expire_all()
        scheduling.reinstate(talk.session, talk.event.id, talk.by(7 * DAY), **BY)
    talk.session.commit()
    run_due(app, NOW + timedelta(minutes=15))
    last = capture.to("alice@liverpool.example.ac.uk")[-1]
    wanted = {"event_postponed": "Postponed: ", "event_reinstated": "Takes place after all: "}[letter]
    assert str(last["subject"]) == f"{wanted}Quantum sensing for chemists"
    assert last.get_body(("html",)) is not None


@pytest.mark.parametrize("given", [{"is_archive": True}, {"starts_at": NOW - 3 * DAY}])
def test_nobody_is_told_of_archives_and_of_what_is_past(session: Session, given: dict[str, Any]) -> None:
    cast = assemble(session)
    row = event(session, lead=cast.liverpool, **given)
    registration(session, to=opening(session, events=[row]), who=cast.alice)
    assert scheduling.cancel(session, row.id, **BY)[1] == 0
    assert session.scalars(select(OutboxMessage)).all() == []


def test_who_gave_it_up_or_skips_it_is_not_told(talk: Talk) -> None:
    talk.alice.seats[0].state = SeatState.SKIPPED
    talk.bob.state = RegistrationState.CANCELLED
    talk.session.commit()
    assert scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)[1] == 0


def test_who_has_two_places_is_told_once(talk: Talk) -> None:
    other = opening(talk.session, events=[talk.event], title="Founders")
    registration(talk.session, to=other, who=talk.cast.alice)
    assert scheduling.reach(talk.session, talk.event.id) == 2
    assert scheduling.move(talk.session, talk.event.id, talk.by(DAY), **BY)[1] == 2


def test_event_with_people_is_not_made_a_draft(talk: Talk) -> None:
    with pytest.raises(Refusal, match="2 people have a place or wait for one"):
        scheduling.unpublish(talk.session, talk.event.id, **BY)


def test_larger_room_moves_the_waiting_up(talk: Talk) -> None:
    talk.event.room_capacity = 1
    talk.opening.capacity = None
    talk.session.commit()
    wider = replace(details_of(talk.event), room_capacity=30)
    scheduling.edit(talk.session, talk.event.id, wider, **BY)
    talk.session.refresh(talk.bob)
    assert talk.bob.state is RegistrationState.CONFIRMED
    told = select(OutboxMessage.recipient).where(OutboxMessage.letter == "registration_promoted")
    assert talk.session.scalars(told).all() == [talk.bob.address]


def test_publishing_gives_the_usual_reminder_to_what_lies_ahead_only(session: Session) -> None:
    cast = assemble(session)
    ahead = event(session, lead=cast.liverpool, state=EventState.DRAFT, published_at=None)
    past = event(session, lead=cast.liverpool, state=EventState.DRAFT, starts_at=LONG_AGO, published_at=None)
    for row in (ahead, past):
        scheduling.publish(session, row.id, **BY)
    assert [len(rules_of(session, "event", row.id)) for row in (ahead, past)] == [1, 0]


def the_event(letter: object) -> icalendar.Event:
    """The one event in a letter's calendar file."""
    (part,) = letter.iter_attachments()  # type: ignore[attr-defined]
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    (found,) = calendar.walk("VEVENT")
    assert isinstance(found, icalendar.Event)
    return found
