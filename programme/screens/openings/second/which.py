"""Which of an opening's two forms a page is about, by its address: the first, or the one that follows a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request

from programme.engines.questionnaire.actions import new_questionnaire
from programme.engines.registration.follow_ups.queries import second_form
from programme.extensions import database_session
from programme.flows.answering.follow_ups import ensure_follow_up
from programme.screens.roll.heading import framed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.models import Questionnaire
    from programme.engines.registration.models import Opening

SECOND = "follow_up"
"""What the names of blueprints begin with whose pages are about the second form."""


def is_second() -> bool:
    """Whether the page is about the follow-up form."""
    return (request.blueprint or "").startswith(SECOND)


def base(opening_id: int) -> str:
    """Return what the addresses of the form's pages begin with."""
    return f"/organise/openings/{opening_id}{'/follow-up' if is_second() else ''}"


def form_of(opening: Opening) -> Questionnaire | None:
    """Return the form that the page is about, if there is one yet."""
    return second_form(database_session(), opening) if is_second() else opening.questionnaire


def form_to_change(session: Session, opening: Opening) -> Questionnaire:
    """Return the form that the page is about, made where there is none. Only right on an opening that is locked."""
    if is_second():
        return ensure_follow_up(session, opening.id, now=g.now).questionnaire
    if opening.questionnaire is None:
        opening.questionnaire = new_questionnaire(session, now=g.now)
    return opening.questionnaire


def framed_form(opening: Opening) -> dict[str, Any]:
    """Return what every page of a form is given."""
    frame = framed(database_session(), opening, now=g.now)
    return {**frame, "home": base(opening.id), "questionnaire": form_of(opening), "is_second": is_second()}
