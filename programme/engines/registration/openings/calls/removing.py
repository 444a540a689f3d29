"""Deleting a call that was made by mistake: nobody applied, nobody began, and it takes nobody now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.web.words import plural
from programme.engines.questionnaire.models import AnswerSheet, Questionnaire
from programme.engines.registration.actions import lock
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.states import OpeningState
from programme.people.models import RoleGrant

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

SILENT = {"synchronize_session": False}


def reasons_to_stay(session: Session, opening: Opening) -> list[str]:
    """Say what keeps a call from being deleted; nothing where it may be."""
    found = []
    if opening.state is OpeningState.OPEN:
        found.append("It is open: close it first, so that nobody applies meanwhile.")
    if session.scalar(select(OpeningEvent.event_id).where(OpeningEvent.opening_id == opening.id).limit(1)):
        found.append("It admits to an event.")
    for model, one, many in ((Registration, "application", "applications"), (Draft, "form begun", "forms begun")):
        number = session.scalar(select(func.count()).select_from(model).where(model.opening_id == opening.id)) or 0
        if number:
            found.append(f"There {'is' if number == 1 else 'are'} {plural(number, one, many)}.")
    return found


def remove(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a call with its form, its keys and who was invited. Refusal where something keeps it.

    What hangs on it elsewhere, whoever calls this deletes before: its reminders, and what ties it to something else.
    """
    opening = lock(session, opening_id)
    reasons = reasons_to_stay(session, opening)
    if reasons:
        raise Refusal(" ".join(reasons))
    audit.note(session, opening, "deleted a call", actor=actor, now=now, before={"title": opening.title})
    sheet = opening.questionnaire_id
    granted = (RoleGrant.subject_kind == Opening.__tablename__, RoleGrant.subject_id == opening_id)
    session.execute(delete(RoleGrant).where(*granted), execution_options=SILENT)
    session.flush()
    session.expunge(opening)
    session.execute(delete(Opening).where(Opening.id == opening_id), execution_options=SILENT)
    if sheet is not None and not is_used(session, sheet):
        session.execute(delete(Questionnaire).where(Questionnaire.id == sheet), execution_options=SILENT)


def is_used(session: Session, questionnaire_id: int) -> bool:
    """Whether a form is another opening's as well, or was answered."""
    used = (
        select(Opening.id).where(Opening.questionnaire_id == questionnaire_id),
        select(AnswerSheet.id).where(AnswerSheet.questionnaire_id == questionnaire_id),
    )
    return any(session.scalar(found.limit(1)) is not None for found in used)
