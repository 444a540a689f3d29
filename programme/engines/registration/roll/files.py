"""Who may read a file that came with answers: whoever answered, and organisers as far as they may read the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.engines.questionnaire.models import Question
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.rights import opening_scope, opening_with_owners, sensitive_reach
from programme.people.permissions import Verb, may

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.documents.ports import Reader

REGISTRATION = "registration"


def may_read_answer(session: Session, sheet_id: int, question_id: int | None, reader: Reader) -> bool:
    """Whether a reader may read the file with which a sheet answers a question."""
    second = select(FollowUpRequest.registration_id).where(FollowUpRequest.sheet_id == sheet_id)
    its = or_(Registration.answer_sheet_id == sheet_id, Registration.id.in_(second))
    row = session.scalar(select(Registration).where(its))
    question = session.get(Question, question_id) if question_id else None
    if row is None or question is None:
        return False
    if (REGISTRATION, row.id) in reader.opened or is_own(row, reader):
        return True
    return may_organiser_read(session, row, question, reader)


def is_own(row: Registration, reader: Reader) -> bool:
    """Whether a registration is the reader's own."""
    return reader.actor.person_id is not None and reader.actor.person_id == row.person_id


def may_organiser_read(session: Session, row: Registration, question: Question, reader: Reader) -> bool:
    """Whether a reader organises the opening, with the right to this answer."""
    opening = opening_with_owners(session, row.opening_id)
    if opening is None or not may(reader.actor, Verb.SEE_PEOPLE, opening_scope(opening)):
        return False
    return not question.is_sensitive or sensitive_reach(reader.actor, opening).covers(row.organisation_id)
