"""Answers that change after somebody said something about them: whether they may, and what is decided anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from programme.core.refusal import Refusal
from programme.engines.registration.deciding.changing import reason_against
from programme.engines.registration.deciding.keys import ask_anew
from programme.engines.registration.deciding.queries import changing_of, decision_terms
from programme.engines.registration.states import PlacesBy, RegistrationState
from programme.flows.deciding.keys import tell_asked
from programme.flows.notices.places.registrations import tell_considered

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import AnswerSheet
    from programme.engines.registration.models import Registration


def why_fixed(session: Session, row: Registration, *, now: datetime) -> str:
    """Say why the answers of a registration stay as they are; nothing where they may be changed."""
    changing = changing_of(decision_terms(session, row.opening_id))
    return reason_against(changing, row.state, row.opening.places_by, now=now) or ""


def refuse_fixed(session: Session, row: Registration, *, now: datetime) -> None:
    """Refuse to change answers that stay as they are; asked under the opening's lock."""
    reason = why_fixed(session, row, now=now)
    if reason:
        raise Refusal(reason)


def look_again(session: Session, row: Registration, before: Mapping[int, Any], *, now: datetime) -> None:
    """Ask for a new decision where answers did change, and the opening says so; tells keys, and whoever has a place."""
    terms = decision_terms(session, row.opening_id)
    by_decision = row.opening.places_by is PlacesBy.DECISION
    if terms is None or not terms.asks_anew or not by_decision or values_of(row.answer_sheet) == before:
        return
    approval = ask_anew(session, row, terms, now=now)
    if approval is None:
        return
    tell_asked(session, approval, now=now)
    if row.state is not RegistrationState.PENDING:
        tell_considered(session, row, approval.id, now=now)


def values_of(sheet: AnswerSheet | None) -> dict[int, Any]:
    """Return what a sheet says, by question."""
    return {one.question_id: one.value for one in sheet.answers} if sheet is not None else {}
