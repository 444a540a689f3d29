"""Named reads of what calendars answered, and of the tray."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from programme.engines.registration.models import Opening, OpeningEvent, Registration, Seat
from programme.engines.registration.openings.rights import listed_under
from programme.engines.registration.replies.models import OddReply, SeatReply
from programme.engines.registration.replies.states import TrayState
from programme.engines.registration.states import LIVE
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.calendar.replies.reading import Answer
    from programme.people.permissions import Actor

SILENT = "none"
"""What an address says for those whose calendar has not answered."""


class Answered(NamedTuple):
    """What a calendar answered about one chair, and when, by its own time."""

    answer: Answer
    at: datetime


def chair_of(
    session: Session, event_id: int, *, letters_about: Collection[int], people: Collection[int]
) -> Registration | None:
    """Return the registration with a chair at an event that letters of ours are about, or that is one of some people's.

    Of several the one that has not ended, else the newest.
    """
    keyed = or_(Registration.id.in_(letters_about), Registration.person_id.in_(people))
    return session.scalar(at_event(event_id).where(keyed))


def chair_under(session: Session, event_id: int, addresses: Collection[str]) -> Registration | None:
    """Return the registration with a chair at an event that was made under one of some folded addresses."""
    return session.scalar(at_event(event_id).where(func.lower(Registration.address).in_(addresses)))


def at_event(event_id: int) -> Select[Registration]:
    """Return those with a chair at an event, who has not ended first, then the newest."""
    live = case((Registration.state.in_(LIVE), 0), else_=1)
    found = select(Registration).join(Seat, Seat.registration_id == Registration.id)
    return found.where(Seat.event_id == event_id).order_by(live, Registration.id.desc()).limit(1)


def answers_of(session: Session, registration_ids: Collection[int]) -> dict[int, dict[int, Answer]]:
    """Return what calendars answered, by registration and event."""
    found: dict[int, dict[int, Answer]] = {one: {} for one in registration_ids}
    rows = select(Seat.registration_id, Seat.event_id, SeatReply.answer).join(Seat, Seat.id == SeatReply.seat_id)
    for registration_id, event_id, answer in session.execute(rows.where(Seat.registration_id.in_(registration_ids))):
        found[registration_id][event_id] = answer
    return found


def answers_since(session: Session, registration_ids: Select[int]) -> dict[int, Answered]:
    """Return what calendars answered and when, by chair, of all registrations that a statement selects: one query."""
    rows = select(SeatReply.seat_id, SeatReply.answer, SeatReply.answered_at).join(Seat, Seat.id == SeatReply.seat_id)
    found = session.execute(rows.where(Seat.registration_id.in_(registration_ids)))
    return {seat_id: Answered(answer, at) for seat_id, answer, at in found}


def answered(word: str) -> ColumnElement[bool]:
    """Whether somebody's calendar gave an answer about any of their chairs; `none` is that it gave none."""
    given = exists().where(Seat.registration_id == Registration.id, SeatReply.seat_id == Seat.id)
    return ~given if word == SILENT else given.where(SeatReply.answer == word)


def given_back(session: Session, registration_id: int) -> Sequence[SeatReply]:
    """Return the replies by which the place of a registration was given back, if that stands."""
    found = select(SeatReply).join(Seat, Seat.id == SeatReply.seat_id).where(Seat.registration_id == registration_id)
    return session.scalars(found.where(SeatReply.gave_back_at.is_not(None)).order_by(SeatReply.seat_id)).all()


def tray(actor: Actor, *, state: TrayState = TrayState.WAITING) -> Select[OddReply]:
    """Return the replies that `actor` may look at, the newest first."""
    found = select(OddReply).where(OddReply.state == state, concerning(actor))
    whole = found.options(
        joinedload(OddReply.registration).joinedload(Registration.opening), joinedload(OddReply.event)
    )
    return whole.order_by(OddReply.came_at.desc(), OddReply.id.desc())


def counts_by_state(session: Session, actor: Actor) -> dict[TrayState, int]:
    """Count the replies that `actor` may look at, by where they stand."""
    found = select(OddReply.state, func.count()).where(concerning(actor)).group_by(OddReply.state)
    return {row[0]: row[1] for row in session.execute(found)}


def waiting_for(session: Session, actor: Actor) -> int:
    """Count the replies that wait for `actor`."""
    waits = select(func.count()).select_from(OddReply)
    return session.scalar(waits.where(OddReply.state == TrayState.WAITING, concerning(actor))) or 0


def concerning(actor: Actor) -> ColumnElement[bool]:
    """Whether a reply is `actor`'s to look at.

    Those about a registration, or about an event alone, are for whoever may see the people there; those that concern
    nobody known, or an event for which nobody can register, for administrators, who see no other.
    """
    seen = or_(false(), *(listed_under(grant) for grant in actor.grants if grant.role is Role.ORGANISER))
    openings = select(Opening.id).where(seen)
    events = select(OpeningEvent.event_id).where(OpeningEvent.opening_id.in_(openings))
    people = select(Registration.id).where(Registration.opening_id.in_(openings))
    of_event = OddReply.registration_id.is_(None) & OddReply.event_id.in_(events)
    has_people = exists().where(OpeningEvent.event_id == OddReply.event_id)
    nobodys = OddReply.registration_id.is_(None) & ~has_people
    return or_(OddReply.registration_id.in_(people), of_event, nobodys if actor.is_administrator else false())
