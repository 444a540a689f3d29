"""Registrations without a name: what is taken out of them, and when; what counts stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, and_, cast, delete, func, or_, select, update

from programme.core.audit import AuditEntry
from programme.engines.approvals.keeping import forget_about
from programme.engines.calendar.models import Event
from programme.engines.documents.actions import forget_all, forget_parts
from programme.engines.questionnaire.kinds.files import FILE
from programme.engines.questionnaire.models import Answer, AnswerSheet, Question
from programme.engines.registration.deciding.models import DecisionLine
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Companion, Opening, OpeningEvent, Registration, RegistrationTag
from programme.engines.registration.notes.models import RegistrationNote
from programme.engines.registration.states import RegistrationState, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

NAMELESS = "Name deleted"
"""What stands for the name on a roll."""
REASON = "reason"
SHEET = "answer_sheet"


def make_nameless(session: Session, ids: Sequence[int], *, now: datetime) -> None:
    """Take the person out of registrations: name, address, answers, notes, tags, reasons, keys go, every link ends.

    The names and answers of those who come along go, too: whoever told them is not known any more.

    State, home organisation, source, times and attendance stay. A second time changes nothing.
    """
    if not ids:
        return
    sheets = session.scalars(select(Registration.answer_sheet_id).where(Registration.id.in_(ids))).all()
    emptied = {"name": NAMELESS, "address": "", "reason": "", "note": "", "form_key": None, "prove_by": None}
    nobodys = {"person_id": None, "answer_sheet_id": None, "link_version": Registration.link_version + 1}
    session.execute(update(Registration).where(Registration.id.in_(ids)).values(**emptied, **nobodys))
    session.execute(delete(RegistrationTag).where(RegistrationTag.registration_id.in_(ids)))
    session.execute(delete(RegistrationNote).where(RegistrationNote.registration_id.in_(ids)))
    session.execute(delete(DecisionLine).where(DecisionLine.registration_id.in_(ids)))
    forget_about(session, Registration.__tablename__, ids)
    second = session.scalars(select(FollowUpRequest.sheet_id).where(FollowUpRequest.registration_id.in_(ids))).all()
    session.execute(update(FollowUpRequest).where(FollowUpRequest.registration_id.in_(ids)).values(sheet_id=None))
    theirs = session.scalars(select(Companion.answer_sheet_id).where(Companion.registration_id.in_(ids))).all()
    unnamed = update(Companion).where(Companion.registration_id.in_(ids))
    session.execute(unnamed.values(name=NAMELESS, answer_sheet_id=None))
    forget_sheets(session, [*sheets, *second, *theirs], now=now)
    forget_reasons(session, ids)


def forget_sheets(session: Session, sheets: Sequence[int | None], *, now: datetime) -> None:
    """Delete sheets of answers that nothing names any more, and the files on them."""
    answered = [sheet for sheet in sheets if sheet is not None]
    forget_all(session, SHEET, answered, now=now)
    session.execute(delete(Answer).where(Answer.sheet_id.in_(answered)))
    session.execute(delete(AnswerSheet).where(AnswerSheet.id.in_(answered)))


def forget_reasons(session: Session, ids: Sequence[int]) -> None:
    """Take out of the trail why somebody was refused or cancelled: it is about them."""
    told = select(AuditEntry).where(AuditEntry.subject_kind == "registration", AuditEntry.subject_id.in_(ids))
    for entry in session.scalars(told.where(cast(AuditEntry.after, String).contains(f'"{REASON}"'))):
        entry.after = {name: value for name, value in (entry.after or {}).items() if name != REASON}
    session.flush()


def forget_sensitive(session: Session, *, ended_before: datetime, limit: int, now: datetime) -> int:
    """Delete the answers to sensitive questions of openings whose every event ended before an instant.

    Those of a call go by when it had closed and was decided about whoever answered.
    """
    done = or_(Registration.opening_id.in_(over(before=ended_before)), is_settled(before=ended_before))
    own = select(Registration.answer_sheet_id).where(done, Registration.answer_sheet_id.is_not(None))
    others = select(Companion.answer_sheet_id).join(Registration, Registration.id == Companion.registration_id)
    sheets = own.union_all(others.where(done, Companion.answer_sheet_id.is_not(None)))
    sensitive = select(Question.id).where(Question.is_sensitive)
    second = (
        select(FollowUpRequest.sheet_id)
        .join(Registration, Registration.id == FollowUpRequest.registration_id)
        .where(done, FollowUpRequest.sheet_id.is_not(None))
    )
    chosen = select(Answer.id, Answer.sheet_id, Answer.question_id).where(
        or_(Answer.sheet_id.in_(sheets), Answer.sheet_id.in_(second)), Answer.question_id.in_(sensitive)
    )
    rows = session.execute(chosen.order_by(Answer.id).limit(limit)).all()
    files = set(session.scalars(select(Question.id).where(Question.is_sensitive, Question.kind == FILE)))
    forget_parts(session, SHEET, [(sheet, question) for _, sheet, question in rows if question in files], now=now)
    if rows:
        session.execute(delete(Answer).where(Answer.id.in_([row[0] for row in rows])))
    return len(rows)


def is_settled(*, before: datetime) -> ColumnElement[bool]:
    """Whether a registration for what admits to no event needs no more of its answers since an instant.

    What has an end has closed, and the place was given or refused; of what has none the registration has ended. As long
    as somebody waits, whoever decides reads on; and what was answered after a place was given is read for as long.
    """
    closed = select(Opening.id).where(is_eventless(), Opening.closes_at < before)
    endless = select(Opening.id).where(is_eventless(), Opening.closes_at.is_(None))
    given = and_(Registration.state == RegistrationState.CONFIRMED, Registration.confirmed_at < before)
    lately = (
        select(FollowUpRequest.registration_id)
        .join(AnswerSheet, AnswerSheet.id == FollowUpRequest.sheet_id)
        .where(FollowUpRequest.registration_id == Registration.id, AnswerSheet.answered_at >= before)
    )
    is_over = Registration.ended_at < before
    decided = and_(Registration.opening_id.in_(closed), or_(given, is_over))
    return and_(or_(decided, and_(Registration.opening_id.in_(endless), is_over)), ~lately.exists())


def is_eventless() -> ColumnElement[bool]:
    """Whether an opening admits to no event."""
    return ~select(OpeningEvent.opening_id).where(OpeningEvent.opening_id == Opening.id).exists()


def served_their_time(*, before: datetime) -> Select[int]:
    """Return the registrations that still name somebody although all was over before an instant, the oldest first.

    What admits to no event is over when its registration closed; without an end it is over for each when theirs ended.
    """
    closed = select(Opening.id).where(is_eventless(), Opening.closes_at < before)
    endless = select(Opening.id).where(is_eventless(), Opening.closes_at.is_(None))
    done = or_(
        Registration.opening_id.in_(over(before=before)),
        Registration.opening_id.in_(closed),
        (Registration.ended_at < before) & Registration.opening_id.in_(endless),
    )
    by_name_alone = (Registration.source == Source.WALK_IN) & (Registration.name != NAMELESS)
    names_somebody = or_(Registration.person_id.is_not(None), by_name_alone)
    return select(Registration.id).where(names_somebody, done).order_by(Registration.id)


def over(*, before: datetime) -> Select[int]:
    """Return the openings whose every event ended before an instant; what lost its date counts by the one it had."""
    return (
        select(OpeningEvent.opening_id)
        .join(Event, Event.id == OpeningEvent.event_id)
        .group_by(OpeningEvent.opening_id)
        .having(func.max(Event.ends_at) < before)
    )
