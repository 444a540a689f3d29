"""Named reads of follow-up forms."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from programme.engines.registration.follow_ups.models import FollowUp, FollowUpRequest
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Questionnaire
    from programme.engines.registration.models import Opening

MOST_REQUESTS = 50
BEFORE_DEADLINE = timedelta(days=3)
JUST_ASKED = timedelta(hours=12)
"""Whoever was asked so lately needs no reminder."""
HAS_PLACE = (Registration.state == RegistrationState.CONFIRMED, Registration.person_id.is_not(None))


def follow_up_of(session: Session, opening_id: int) -> FollowUp | None:
    """Return the follow-up form of an opening."""
    return session.scalar(select(FollowUp).where(FollowUp.opening_id == opening_id))


def second_form(session: Session, opening: Opening) -> Questionnaire | None:
    """Return the questions of an opening's follow-up form, if it has one."""
    found = follow_up_of(session, opening.id)
    return found.questionnaire if found else None


def request_of(session: Session, registration_id: int) -> FollowUpRequest | None:
    """Return what was asked of a registration, with its form."""
    wanted = select(FollowUpRequest).where(FollowUpRequest.registration_id == registration_id)
    return session.scalar(wanted.options(joinedload(FollowUpRequest.follow_up)))


def sheets_of(session: Session, registration_ids: Collection[int]) -> dict[int, int | None]:
    """Return which of some registrations were asked, each with the sheet of its answers, if they are given."""
    asked = select(FollowUpRequest.registration_id, FollowUpRequest.sheet_id)
    found = session.execute(asked.where(FollowUpRequest.registration_id.in_(registration_ids)))
    return dict(found.all())


def sums(session: Session, follow_up_id: int) -> tuple[int, int]:
    """Return how many were asked, and how many of them answered."""
    counted = select(func.count(), func.count(FollowUpRequest.sheet_id))
    asked, answered = session.execute(counted.where(FollowUpRequest.follow_up_id == follow_up_id)).one()
    return asked, answered


def not_asked_yet(now: datetime, *, limit: int) -> Select[FollowUp, Registration]:
    """Return whoever has a place and was not asked, of forms that are asked now."""
    return (
        select(FollowUp, Registration)
        .join(Registration, Registration.opening_id == FollowUp.opening_id)
        .where(FollowUp.asked_from <= now, or_(FollowUp.answer_by.is_(None), FollowUp.answer_by > now), *HAS_PLACE)
        .where(~exists().where(FollowUpRequest.registration_id == Registration.id))
        .order_by(Registration.id)
        .limit(limit)
    )


def silent(now: datetime, *, limit: int) -> Select[FollowUpRequest]:
    """Return whoever was asked and has not answered shortly before the deadline, and was not reminded of it."""
    unreminded = or_(FollowUpRequest.reminded_of.is_(None), FollowUpRequest.reminded_of != FollowUp.answer_by)
    return (
        select(FollowUpRequest)
        .join(FollowUp, FollowUp.id == FollowUpRequest.follow_up_id)
        .join(Registration, Registration.id == FollowUpRequest.registration_id)
        .where(FollowUpRequest.sheet_id.is_(None), FollowUp.asked_from.is_not(None), *HAS_PLACE)
        .where(FollowUp.answer_by > now, FollowUp.answer_by <= now + BEFORE_DEADLINE)
        .where(FollowUpRequest.asked_at <= now - JUST_ASKED, unreminded)
        .options(joinedload(FollowUpRequest.registration), joinedload(FollowUpRequest.follow_up))
        .order_by(FollowUpRequest.registration_id)
        .limit(limit)
    )


def unanswered(session: Session, ids: Collection[int], *, now: datetime) -> Sequence[int]:
    """Return which of some registrations still have a place, were asked, did not answer and still may."""
    statement = (
        select(FollowUpRequest.registration_id)
        .join(FollowUp, FollowUp.id == FollowUpRequest.follow_up_id)
        .join(Registration, Registration.id == FollowUpRequest.registration_id)
        .where(FollowUpRequest.registration_id.in_(ids), FollowUpRequest.sheet_id.is_(None), *HAS_PLACE)
        .where(or_(FollowUp.answer_by.is_(None), FollowUp.answer_by > now))
    )
    return session.scalars(statement).all()


def open_requests(session: Session, person_id: int, *, now: datetime) -> Sequence[FollowUpRequest]:
    """Return what somebody who has a place was asked and has not answered, as long as it can be."""
    statement = (
        select(FollowUpRequest)
        .join(FollowUp, FollowUp.id == FollowUpRequest.follow_up_id)
        .join(Registration, Registration.id == FollowUpRequest.registration_id)
        .where(Registration.person_id == person_id, Registration.state == RegistrationState.CONFIRMED)
        .where(FollowUpRequest.sheet_id.is_(None), FollowUp.asked_from.is_not(None))
        .where(or_(FollowUp.answer_by.is_(None), FollowUp.answer_by > now))
        .options(joinedload(FollowUpRequest.registration).joinedload(Registration.opening))
        .options(joinedload(FollowUpRequest.follow_up))
        .order_by(FollowUpRequest.registration_id)
        .limit(MOST_REQUESTS)
    )
    return session.scalars(statement).all()
