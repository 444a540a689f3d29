"""Asked in the transaction that marks letters, `still_wanted` says what `compose` says, for many in few statements."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Letter
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import SeatState
from programme.engines.reminders.models import ReminderRule
from programme.flows import admitting, registering, scheduling
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import RoleGrant, SignInLink
from tests.bed.databases import statements
from tests.factories.cast import assemble
from tests.factories.letters import EXAMPLES, Desk
from tests.factories.things import opening as opening_for
from tests.flows.notices.keys_overtaken import asked_no_more, given_away, turned

Overtake = Callable[[Desk, OutboxMessage], datetime]
"""Make a letter unwanted, and return when it is asked."""
STATEMENTS = 2
MORE: Mapping[str, int] = {"digest": 3}
"""A letter that is made of others asks for these, and then each kind of them once."""


def registration_of(desk: Desk, message: OutboxMessage) -> Registration:
    """The registration that a letter is about."""
    return desk.session.get_one(Registration, message.context.get("registration_id") or message.subject_id)


def events_of(desk: Desk, message: OutboxMessage) -> list[Event]:
    """The events that a letter is about."""
    return registration_of(desk, message).opening.events


def ended(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to cancels."""
    later = desk.now + timedelta(minutes=1)
    registering.cancel_registration(desk.session, registration_of(desk, message).id, now=later)
    return later


def moved_up(desk: Desk, message: OutboxMessage) -> datetime:
    """The organisers say yes, after all or at last."""
    row = registration_of(desk, message)
    admitting.promote_registration(desk.session, row.id, even_if_full=True, **desk.by(desk.olga))
    return desk.now


def all_over(desk: Desk, message: OutboxMessage) -> datetime:
    """It waits until everything lies behind."""
    return max(event.ends_at for event in events_of(desk, message))


def all_over_and_not_asked_for(desk: Desk, message: OutboxMessage) -> datetime:
    """The organisers did it, and the letter waits until everything lies behind."""
    message.context = {**message.context, "is_own": False}
    return all_over(desk, message)


def changed_again(desk: Desk, message: OutboxMessage) -> datetime:
    """The event changes once more."""
    desk.session.execute(update(Event).where(Event.id == message.subject_id).values(sequence=Event.sequence + 1))
    desk.session.expire_all()
    return desk.now


def moved_on(desk: Desk, message: OutboxMessage) -> datetime:
    """The event moves once more, by the verb; this letter had gone out of reach already."""
    event = desk.session.get_one(Event, message.subject_id)
    plan = plan_of(event)
    later = replace(plan, starts_at=plan.starts_at + timedelta(days=3), ends_at=plan.ends_at + timedelta(days=3))
    scheduling.move(desk.session, event.id, later, **desk.by(desk.olga))
    desk.session.expire_all()
    return desk.now


def skipped(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to gives up this one date."""
    seats = update(Seat).where(Seat.registration_id == message.context["registration_id"])
    desk.session.execute(seats.values(state=SeatState.SKIPPED))
    desk.session.expire_all()
    return desk.now


def chairs_otherwise(desk: Desk, message: OutboxMessage) -> datetime:
    """The weeks that a letter tells of stand otherwise since."""
    seats = select(Seat).where(Seat.registration_id == message.subject_id)
    for seat in desk.session.scalars(seats).all():
        seat.state = SeatState.SKIPPED if seat.state is not SeatState.SKIPPED else SeatState.HELD
    return desk.now


def used(desk: Desk, message: OutboxMessage) -> datetime:
    """The link is used."""
    desk.session.get_one(SignInLink, message.subject_id).used_at = desk.now
    return desk.now


def too_late(desk: Desk, message: OutboxMessage) -> datetime:
    """The link has ended."""
    return desk.session.get_one(SignInLink, message.subject_id).expires_at


def forgotten(desk: Desk, message: OutboxMessage) -> datetime:
    """The housekeeping took the secret out."""
    message.context = {}
    return desk.now


def taken_back(desk: Desk, message: OutboxMessage) -> datetime:
    """The role is taken back."""
    grant = desk.session.get_one(RoleGrant, message.subject_id)
    roles.revoke(desk.session, grant, **desk.by(actor_of(desk.cast.ada)))
    return desk.now


def without_organisation(desk: Desk, message: OutboxMessage) -> datetime:
    """The letter belongs to nobody any more."""
    message.organisation_id = None
    return desk.now


def chosen_otherwise(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to wants no such letter any more."""
    assert message.person_id is not None
    choose(desk.session, message.person_id, Wishes(), now=desk.now)
    return desk.now


def organises_no_more(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to loses every role."""
    desk.session.execute(delete(RoleGrant).where(RoleGrant.person_id == message.person_id))
    return desk.now


def places_given_back(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to cancels everything that the letter tells of."""
    later = desk.now + timedelta(minutes=1)
    mine = select(Registration.id).where(Registration.person_id == message.person_id)
    for registration_id in desk.session.scalars(mine).all():
        registering.cancel_registration(desk.session, registration_id, now=later)
    return later


def of_no_more_use(desk: Desk, message: OutboxMessage) -> datetime:
    """It waits until everything that the letter tells of has begun."""
    ends = desk.session.scalars(select(OutboxMessage.valid_until).where(OutboxMessage.digest_id == message.id))
    return max(end for end in ends if end is not None)


def called_back(desk: Desk, message: OutboxMessage) -> datetime:
    """The broadcast is called off."""
    desk.session.get_one(Broadcast, message.subject_id).state = BroadcastState.CANCELLED
    return desk.now


def off(desk: Desk, message: OutboxMessage) -> datetime:
    """The rule that queued it is switched off."""
    desk.session.get_one(ReminderRule, message.rule_id).is_active = False
    return desk.now


LINK: tuple[Overtake, ...] = (used, too_late, forgotten)
CHANGE: tuple[Overtake, ...] = (ended, changed_again, skipped)
OVERTAKEN: Mapping[str, tuple[Overtake, ...]] = {
    "sign_in": LINK,
    "sign_in_unknown": LINK,
    "role_granted": (taken_back,),
    "things_handed_over": (without_organisation,),
    "event_moved": (*CHANGE, moved_on),
    "event_postponed": CHANGE,
    "event_cancelled": CHANGE,
    "event_reinstated": CHANGE,
    "registration_confirmed": (ended, all_over),
    "registration_waitlisted": (ended, moved_up, all_over),
    "registration_pending": (ended, moved_up, all_over),
    "registration_promoted": (ended, all_over),
    "registration_cancelled": (all_over_and_not_asked_for,),
    "registration_refused": (moved_up, all_over),
    "registration_lapsed": (all_over,),
    "already_registered": (ended,),
    "weeks_changed": (ended, chairs_otherwise),
    "week_lent": (ended, chairs_otherwise, all_over),
    "organiser_message": (ended,),
    "key_asked": (turned, given_away, asked_no_more, forgotten),
    "key_due": (turned, given_away, asked_no_more, forgotten),
    "key_late": (turned, asked_no_more),
    "answers_considered": (ended,),
    "data_deleted": (),
    "digest": (places_given_back, of_no_more_use),
    "morning": (chosen_otherwise, organises_no_more),
    "broadcast": (called_back, places_given_back),
    "news": (called_back, chosen_otherwise),
    "event_reminder": (off, places_given_back),
    "event_notice": (off,),
    "event_briefing": (off,),
    "opening_closes": (off,),
    "opening_briefing": (off,),
}
EVERY = [(kind, overtake) for kind, several in OVERTAKEN.items() for overtake in several or (None,)]
"""Every kind, and each way in which its letters come to nothing; the last letter of all has none."""


@pytest.mark.parametrize(
    ("kind", "overtake"), EVERY, ids=[f"{kind}-{one.__name__ if one else 'always'}" for kind, one in EVERY]
)
def test_still_wanted_says_what_composing_says(
    app: Flask, session: Session, kind: str, overtake: Overtake | None
) -> None:
    letter, desk = letter_of(app, kind), Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = letters(session, kind)
    wanted = both(session, letter, rows, now=desk.now)
    assert wanted, "the story ends with a letter that is wanted"
    if overtake is not None:
        first = next(row for row in rows if row.id in wanted)
        now = overtake(desk, first)
        session.flush()
        assert first.id not in both(session, letter, rows, now=now)


def both(session: Session, letter: Letter, rows: list[OutboxMessage], *, now: datetime) -> set[int]:
    """The letters that are wanted: the same by composing each and by asking for all."""
    assert letter.still_wanted is not None
    session.expire_all()
    asked = set(letter.still_wanted(session, rows, now=now))
    assert asked == {row.id for row in rows if letter.compose(session, row, now=now) is not None}
    return asked


@pytest.mark.parametrize("kind", OVERTAKEN)
@pytest.mark.one_database
def test_asking_takes_as_many_statements_for_one_as_for_all(app: Flask, session: Session, kind: str) -> None:
    letter, desk = letter_of(app, kind), Desk(session, assemble(session), app.extensions["keepers"])
    EXAMPLES[kind](desk)
    session.commit()
    rows = letters(session, kind) * 20
    assert letter.still_wanted is not None
    counts = []
    for batch in (rows[:1], rows):
        with statements(app) as seen:
            letter.still_wanted(session, batch, now=desk.now)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= MORE.get(kind, STATEMENTS)


def test_nothing_is_wanted_of_what_is_not_there(app: Flask, session: Session) -> None:
    assemble(session)
    for letter in app.extensions["mail_room"].letters.values():
        if letter.still_wanted is not None:
            assert list(letter.still_wanted(session, [], now=Desk.now)) == []


def test_opening_without_an_event_is_never_over(app: Flask, session: Session) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    call: Opening = opening_for(session, events=[desk.event()], capacity=2)
    call.events = []
    session.flush()
    desk.enter(call)
    session.commit()
    rows = letters(session, "registration_confirmed")
    later = desk.now + timedelta(days=2000)
    assert both(session, letter_of(app, "registration_confirmed"), rows, now=later) == {row.id for row in rows}


def test_date_that_is_not_known_is_never_over(app: Flask, session: Session) -> None:
    desk = Desk(session, assemble(session), app.extensions["keepers"])
    desk.enter(desk.opening(desk.event(), capacity=2))
    session.execute(update(Event).values(date_is_known=False))
    session.commit()
    rows = letters(session, "registration_confirmed")
    later = desk.now + timedelta(days=2000)
    assert both(session, letter_of(app, "registration_confirmed"), rows, now=later) == {row.id for row in rows}


def letter_of(app: Flask, kind: str) -> Letter:
    """A kind of letter as the application knows it."""
    found: Letter = app.extensions["mail_room"].letters[kind]
    return found


def letters(session: Session, kind: str) -> list[OutboxMessage]:
    """Every letter of a kind."""
    return list(session.scalars(select(OutboxMessage).where(OutboxMessage.letter == kind).order_by(OutboxMessage.id)))
