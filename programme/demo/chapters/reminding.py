"""The demonstration's reminders: beside the usual ones, some for those who wait, speak, came, answered, or organise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.calendar.models import Event
from programme.engines.questionnaire.models import Question
from programme.engines.registration.models import Opening
from programme.engines.reminders.actions import Thing, Wish, add
from programme.engines.reminders.models import Anchor, Audience, OffsetUnit
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.openings import OPENINGS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

METHODS_DAY, CONTROL_ROOM = "Accelerator methods day", "In the control room"
BRING = (
    "Your afternoon is in the control room, where the fields are strong.\n\n"
    "- Leave cards with a magnetic strip in the lockers.\n- Tell us before if you have an implant: there is an equal "
    "exercise at a desk."
)
HOW_WAS_IT = "Was the day worth the journey?\n\nTwo sentences are enough: just answer this letter."
WISHES = (
    Wish(offset=-7, audience=Audience.SPEAKERS),
    Wish(offset=-2, audience=Audience.WAITING),
    Wish(audience=Audience.ORGANISERS),
    Wish(
        anchor=Anchor.END,
        offset=2,
        unit=OffsetUnit.HOURS,
        audience=Audience.PRESENT,
        subject_line="Two sentences about the methods day",
        words=HOW_WAS_IT,
    ),
)
CLOSING = Wish(anchor=Anchor.CLOSING, audience=Audience.ORGANISERS)


def remind(session: Session, *, actor: Actor, now: datetime) -> None:
    """An organiser lets the day with the accelerator remind more people than the usual ones."""
    event = session.scalars(select(Event).where(Event.title == METHODS_DAY)).one()
    opening = session.scalars(select(Opening).where(Opening.title == METHODS_DAY)).one()
    thing = Thing(EVENTS, event.id, event.lead_organisation_id)
    for wish in (*WISHES, in_control_room(session, opening)):
        add(session, thing, wish, actor=actor, now=now)
    add(session, Thing(OPENINGS, opening.id, opening.lead_organisation_id), CLOSING, actor=actor, now=now)


def in_control_room(session: Session, opening: Opening) -> Wish:
    """Return the reminder of those who chose the control room."""
    of_form = Question.questionnaire_id == opening.questionnaire_id
    question = session.scalars(select(Question).where(of_form, Question.kind == "one_of")).one()
    chosen = {"question": question.id, "choice": CONTROL_ROOM, "label": question.label}
    return Wish(offset=-3, audience=Audience.ANSWERED, parameters=chosen, words=BRING)
