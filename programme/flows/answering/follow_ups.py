"""Follow-up forms: asked of whoever has a place, reminded of, and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.web.words import deadline
from programme.engines.questionnaire.actions import answer, answer_again, asked_by, new_questionnaire
from programme.engines.registration import actions
from programme.engines.registration.follow_ups.models import FollowUp, FollowUpRequest
from programme.engines.registration.follow_ups.queries import follow_up_of, not_asked_yet, request_of, silent
from programme.engines.registration.states import RegistrationState
from programme.flows.answering.files import settle_files
from programme.flows.notices.follow_ups import tell_asked, tell_silent
from programme.flows.registering import as_it_is, refuse_end

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

AT_ONCE = 500
NOT_ASKED = "This form is for those who have a place. You are not asked it now."
NO_QUESTIONS = "There are no questions in the follow-up form yet. Add them first."
PAST = "Give a time to come, or leave it empty."


def ensure_follow_up(session: Session, opening_id: int, *, now: datetime) -> FollowUp:
    """Return the follow-up form of an opening, made where there is none."""
    found = follow_up_of(session, opening_id)
    if found is None:
        found = FollowUp(opening_id=opening_id, questionnaire=new_questionnaire(session, now=now))
        session.add(found)
        session.flush()
    return found


def plan_follow_up(
    session: Session, opening_id: int, *, answer_by: datetime | None, actor: Actor, now: datetime
) -> FollowUp:
    """Say until when it may be answered."""
    opening = actions.lock(session, opening_id)
    if answer_by is not None and answer_by <= now:
        raise Refusal(PAST, field="answer_by")
    found = ensure_follow_up(session, opening_id, now=now)
    found.answer_by = answer_by
    after = {"answer_by": answer_by.isoformat() if answer_by else None}
    note(session, opening, "planned the follow-up form", actor=actor, now=now, after=after)
    session.flush()
    return found


def ask(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> int:
    """Ask everybody who has a place, and from now on whoever gets one; returns how many were asked at once."""
    opening = actions.lock(session, opening_id)
    found = follow_up_of(session, opening_id)
    if found is None or not asked_by(found.questionnaire):
        raise Refusal(NO_QUESTIONS)
    if found.answer_by is not None and found.answer_by <= now:
        raise Refusal("The time to answer is over. Give another one first.")
    found.asked_from = found.asked_from or now
    note(session, opening, "asked the follow-up form", actor=actor, now=now)
    session.flush()
    return ask_newcomers(session, now)


def stop_asking(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> None:
    """Ask nobody else; who was asked may still answer."""
    opening = actions.lock(session, opening_id)
    found = follow_up_of(session, opening_id)
    if found is not None and found.asked_from is not None:
        found.asked_from = None
        note(session, opening, "stopped asking the follow-up form", actor=actor, now=now)
        session.flush()


def ask_newcomers(session: Session, now: datetime) -> int:
    """Ask whoever has a place and was not asked; the letters go with it."""
    rows = session.execute(not_asked_yet(now, limit=AT_ONCE)).all()
    for follow_up, registration in rows:
        session.add(FollowUpRequest(registration_id=registration.id, follow_up_id=follow_up.id, asked_at=now))
        tell_asked(session, registration, follow_up, now=now)
    session.flush()
    return len(rows)


def remind_silent(session: Session, now: datetime) -> int:
    """Remind whoever has not answered, once for each deadline."""
    rows = session.scalars(silent(now, limit=AT_ONCE)).all()
    for row in rows:
        tell_silent(session, row.registration, row.follow_up, now=now)
        row.reminded_of = row.follow_up.answer_by
    session.flush()
    return len(rows)


def go_on_asking(session: Session, now: datetime) -> int:
    """Ask newcomers and remind the silent: for the clock."""
    return ask_newcomers(session, now) + remind_silent(session, now)


def answer_follow_up(session: Session, registration_id: int, answers: Mapping[int, Any], *, now: datetime) -> None:
    """Keep the answers to a follow-up form, for the first time or again; Refusal where they come too late."""
    row = actions.locked_registration(session, registration_id)
    asked = request_of(session, registration_id)
    if asked is None or row.state is not RegistrationState.CONFIRMED:
        raise Refusal(NOT_ASKED)
    session.refresh(asked)
    refuse_late(asked.follow_up, now=now)
    form = asked.follow_up.questionnaire
    questions, answers = as_it_is(session, row.opening_id, asked_by(form), answers)
    refuse_end(questions, answers)
    if asked.sheet is None:
        asked.sheet = answer(session, form, answers, now=now)
    else:
        session.refresh(asked.sheet, ["answers"])
        answer_again(session, asked.sheet, answers, now=now)
    session.flush()
    settle_files(session, form, asked.sheet, now=now)


def refuse_late(follow_up: FollowUp, *, now: datetime) -> None:
    """Refuse answers after the deadline."""
    if follow_up.answer_by is not None and follow_up.answer_by <= now:
        raise Refusal(f"This could be answered until {deadline(follow_up.answer_by, now)}. Write to the organisers.")
