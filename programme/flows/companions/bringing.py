"""Bringing others along, leaving one out, and their own answers: under the lock, with the letters that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.questionnaire.actions import answer, answer_again, asked_by
from programme.engines.registration.actions import locked_registration
from programme.engines.registration.states import LIVE
from programme.engines.registration.together.actions import ENDED, Together, bring, leave_out
from programme.flows.notices.places.registrations import tell_promoted
from programme.flows.registering import as_it_is, refuse_answers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Companion, Registration


def come_along(session: Session, registration_id: int, name: str, *, now: datetime) -> Together:
    """Let somebody come along; whoever has a place or a chair by it is told."""
    together = bring(session, registration_id, name, now=now)
    tell_promoted(session, together.promoted, now=now)
    return together


def stay_away(session: Session, registration_id: int, companion_id: int, *, now: datetime) -> Together:
    """Let somebody not come along after all; whoever has the place is told."""
    together = leave_out(session, registration_id, companion_id, now=now)
    tell_promoted(session, together.promoted, now=now)
    return together


def answer_for(
    session: Session, registration_id: int, companion_id: int, answers: Mapping[int, Any], *, now: datetime
) -> Companion:
    """Keep the answers of somebody who comes along to the opening's form; given again they are changed."""
    row = locked_registration(session, registration_id)
    if row.state not in LIVE:
        raise Refusal(ENDED)
    companion = companion_of(row, companion_id)
    if companion is None or row.opening.questionnaire is None:
        raise Refusal("Nobody of this name comes along any more.")
    sheet = companion.answer_sheet
    if sheet is not None:
        session.refresh(sheet, ["answers"])
    asked, answers = as_it_is(session, row.opening_id, asked_by(row.opening.questionnaire), answers)
    refuse_answers(session, row.opening_id, asked, answers, sheet=sheet)
    if sheet is not None:
        answer_again(session, sheet, answers, now=now)
    else:
        companion.answer_sheet = answer(session, row.opening.questionnaire, answers, now=now)
    session.flush()
    return companion


def companion_of(row: Registration, companion_id: int) -> Companion | None:
    """Return one of those who come along, by id."""
    return next((one for one in row.companions if one.id == companion_id), None)
