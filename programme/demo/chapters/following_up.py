"""Demonstration: whoever has a place at the induction is asked once more, about the night and the coach."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.demo import openings, people, signing_up
from programme.demo.happenings import FOOD, Asked
from programme.demo.strands.cohorts import INDUCTION
from programme.engines.questionnaire.actions import asked_by
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.flows.answering import follow_ups

if TYPE_CHECKING:
    from programme.demo.stage import Stage

BED = "Shall we keep a room for you on the night between the cities?"
FORM = (
    Asked("one_of", BED, required=True, options=("Yes, a room of my own", "Yes, and I would share", "No, thank you")),
    Asked(
        "short_text",
        "Whom would you share with?",
        hint="Leave it empty if anybody will do.",
        only_if=(BED, ("Yes, and I would share",)),
    ),
    Asked("yes_no", "Do you come on the coach from Liverpool to Oxford?", required=True),
    FOOD,
)
ASKED, ANSWER_BY, ANSWERED = timedelta(days=4), timedelta(days=6), 5


def follow_up(stage: Stage) -> None:
    """Liverpool's organiser asks; some have answered already."""
    session, opening, actor = stage.session, stage.openings[INDUCTION], stage.actors[people.LIVERPOOL]
    asked = stage.now - ASKED
    form = follow_ups.ensure_follow_up(session, opening.id, now=asked).questionnaire
    openings.ask(session, form, FORM)
    follow_ups.plan_follow_up(session, opening.id, answer_by=stage.now + ANSWER_BY, actor=actor, now=asked)
    follow_ups.ask(session, opening.id, actor=actor, now=asked)
    confirmed = (Registration.opening_id == opening.id, Registration.state == RegistrationState.CONFIRMED)
    rows = session.scalars(select(Registration).where(*confirmed).order_by(Registration.id)).all()
    for turn, row in enumerate(rows[1 : ANSWERED + 1]):
        answers = signing_up.given_to(asked_by(form), turn)
        follow_ups.answer_follow_up(session, row.id, answers, now=asked + timedelta(hours=8 * (turn + 1)))
