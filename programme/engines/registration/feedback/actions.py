"""Verbs of feedback: a form is begun and changed under the opening's lock, and each who came answers it once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.engines.questionnaire import actions
from programme.engines.questionnaire.moving import move_question
from programme.engines.registration.actions import lock
from programme.engines.registration.feedback.models import Feedback, FeedbackForm, FeedbackGiven
from programme.engines.registration.models import Registration
from programme.engines.registration.states import HOLDING, Attendance

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Question

FEEDBACK, ASKED = "feedback", "feedback_asked"
"""What asking is called among what reminds, and the letter that asks."""
READY_MADE: tuple[Mapping[str, Any], ...] = (
    {
        "kind": "one_of",
        "label": "How was it?",
        "is_required": True,
        "settings": {"options": ["Very good", "Good", "Fair", "Poor"]},
    },
    {
        "kind": "one_of",
        "label": "Was it worth your time?",
        "settings": {"options": ["Yes, wholly", "Mostly", "Hardly", "No"]},
    },
    {"kind": "long_text", "label": "What will you take up, or whom will you meet again?"},
    {"kind": "long_text", "label": "What should we do better next time?"},
)
"""What is asked unless an organiser asks something else."""
KINDS_ASKED = ("one_of", "many_of", "yes_no", "number", "short_text", "long_text", "note")
"""Kinds that make sense without a name."""
NOT_ASKED = "Nothing is asked about this, or not any more."
NOT_THERE = "This form is for those who were there. The organisers have not marked you as present."
GIVEN = "You have answered this already. Thank you."
NO_SUCH_KIND = "Choose one of these kinds: the others make no sense without a name."


def begin(session: Session, opening_id: int, *, now: datetime) -> FeedbackForm:
    """Ask what is ready-made of those who come to an opening, unless something is asked already."""
    lock(session, opening_id)
    row = form_of(session, opening_id)
    if row is not None:
        return row
    sheet = actions.new_questionnaire(session, now=now)
    for values in READY_MADE:
        actions.add_question(session, sheet, **values)
    row = FeedbackForm(opening_id=opening_id, questionnaire_id=sheet.id)
    session.add(row)
    session.flush()
    return row


def ask(session: Session, opening_id: int, values: Mapping[str, Any]) -> Question:
    """Ask one more question."""
    row = locked_form(session, opening_id)
    if values.get("kind") not in KINDS_ASKED:
        raise Refusal(NO_SUCH_KIND, field="kind")
    return actions.add_question(session, row.questionnaire, **{**values, "is_sensitive": False})


def stop_asking(session: Session, opening_id: int, question_id: int) -> str:
    """Ask a question no more, and return its words; answers that were given stay. Refusal where it is not asked."""
    found = locked_question(session, opening_id, question_id)
    label = found.label
    actions.retire_question(session, found)
    return label


def move(session: Session, opening_id: int, question_id: int, *, steps: int) -> str:
    """Ask a question earlier (negative) or later, and return its words. Refusal where it is not asked."""
    found = locked_question(session, opening_id, question_id)
    move_question(session, found, steps=steps)
    return found.label


def locked_question(session: Session, opening_id: int, question_id: int) -> Question:
    """Lock an opening, and return a question that it asks afterwards. Refusal where it is not asked."""
    row = locked_form(session, opening_id)
    found = [one for one in actions.current_questions(row.questionnaire) if one.id == question_id]
    if not found:
        raise Refusal("This question is not asked any more.")
    return found[0]


def locked_form(session: Session, opening_id: int) -> FeedbackForm:
    """Lock an opening, and return what it asks afterwards, read afresh."""
    lock(session, opening_id)
    row = form_of(session, opening_id)
    if row is None:
        raise Refusal(NOT_ASKED)
    actions.read_afresh(session, row.questionnaire)
    return row


def form_of(session: Session, opening_id: int) -> FeedbackForm | None:
    """Return what an opening asks afterwards, if anything."""
    return session.get(FeedbackForm, opening_id)


def reason_against(session: Session, row: Registration) -> str:
    """Return why somebody may not answer, in a sentence; nothing where they may."""
    if form_of(session, row.opening_id) is None or row.person_id is None:
        return NOT_ASKED
    came = any(seat.attendance is Attendance.PRESENT for seat in row.seats)
    if row.state not in HOLDING or not came:
        return NOT_THERE
    return GIVEN if session.get(FeedbackGiven, row.id) is not None else ""


def give(session: Session, registration_id: int, values: Mapping[int, Any]) -> Feedback:
    """Keep what somebody says, once, and apart from it that they have said something.

    The lock is an ordinary UPDATE of the registration. Every sheet bears the end of the last event as its time, so that
    nobody can put it beside a letter or a log.
    """
    same = {"link_version": Registration.link_version}
    session.execute(update(Registration.__table__).where(Registration.id == registration_id).values(same))  # type: ignore[arg-type]
    row = session.get_one(Registration, registration_id, populate_existing=True)
    against = reason_against(session, row)
    if against:
        raise Refusal(against)
    form = session.scalars(select(FeedbackForm).where(FeedbackForm.opening_id == row.opening_id)).one()
    told_at = max(event.ends_at for event in row.opening.events)
    sheet = actions.answer(session, form.questionnaire, values, now=told_at)
    session.add(FeedbackGiven(registration_id=registration_id))
    session.flush()
    said = Feedback(opening_id=row.opening_id, answer_sheet_id=sheet.id)
    session.add(said)
    session.flush()
    return said
