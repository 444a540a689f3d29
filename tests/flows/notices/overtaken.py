"""What overtakes each kind of letter: what may happen between its queueing and its leaving."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from programme.engines.calendar.actions.values import plan_of
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import BroadcastState
from programme.engines.mail.wishes.choices import Wishes, choose
from programme.engines.mail.written.models import Broadcast
from programme.engines.registration.models import Opening, Registration, Seat
from programme.engines.registration.states import Eligibility, SeatState
from programme.engines.reminders.models import ReminderRule
from programme.flows import admitting, registering, scheduling
from programme.flows.following.refreshing import settle
from programme.people import roles
from programme.people.identity import actor_of
from programme.people.models import RoleGrant, SignInLink
from programme.people.roles import OPERATOR
from tests.factories.desk import Desk
from tests.factories.stories.followed import AS_BEFORE, TROUBLE
from tests.flows.notices import signatures_overtaken as signatures
from tests.flows.notices.keys_overtaken import asked_no_more, given_away, turned

Overtake = Callable[[Desk, OutboxMessage], datetime]
"""Make a letter unwanted, and return when it is asked."""


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
    desk.session.execute(update(Event).where(Event.id == message.subject_id).values(news=Event.news + 1))
    desk.session.expire_all()
    return desk.now


def all_changed_again(desk: Desk, message: OutboxMessage) -> datetime:
    """Every date that the letter tells of changes once more."""
    told = [entry["event_id"] for entry in message.context["changes"]]
    desk.session.execute(update(Event).where(Event.id.in_(told)).values(news=Event.news + 1))
    desk.session.expire_all()
    return desk.now


def all_skipped(desk: Desk, message: OutboxMessage) -> datetime:
    """Whoever is written to gives up every date of it."""
    places = [entry["registration_id"] for entry in message.context["changes"]]
    desk.session.execute(update(Seat).where(Seat.registration_id.in_(places)).values(state=SeatState.SKIPPED))
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


def read_again(desk: Desk, message: OutboxMessage) -> datetime:
    """The calendar that could not be read is read again."""
    settle(desk.session, message.subject_id or 0, AS_BEFORE, actor=OPERATOR, now=desk.now)
    return desk.now


def fails_again(desk: Desk, message: OutboxMessage) -> datetime:
    """The calendar that was read again is not any more."""
    settle(desk.session, message.subject_id or 0, TROUBLE, actor=OPERATOR, now=desk.now)
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


def for_anybody(desk: Desk, message: OutboxMessage) -> datetime:
    """The opening is for anybody now."""
    desk.session.get_one(Opening, message.subject_id).eligibility = Eligibility.ANYONE
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
    "dates_changed": (places_given_back, all_changed_again, all_skipped),
    "registration_confirmed": (ended, all_over),
    "registration_waitlisted": (ended, moved_up, all_over),
    "registration_pending": (ended, moved_up, all_over),
    "registration_promoted": (ended, all_over),
    "registration_cancelled": (all_over_and_not_asked_for,),
    "registration_refused": (moved_up, all_over),
    "registration_lapsed": (all_over,),
    "already_registered": (ended,),
    "address_not_listed": (for_anybody,),
    "weeks_changed": (ended, chairs_otherwise),
    "week_lent": (ended, chairs_otherwise, all_over),
    "organiser_message": (ended,),
    "key_asked": (turned, given_away, asked_no_more, forgotten, organises_no_more),
    "key_due": (turned, given_away, asked_no_more, forgotten, organises_no_more),
    "key_late": (turned, asked_no_more, forgotten, organises_no_more),
    "key_terms_changed": (organises_no_more,),
    "signature_asked": signatures.EVERY,
    "signatures_waiting": (signatures.all_signed, signatures.supervises_nobody),
    "signature_answered": (signatures.signed, signatures.changed),
    "answers_considered": (ended,),
    "calendar_failing": (read_again, organises_no_more),
    "calendar_works": (fails_again, organises_no_more),
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
