"""Asking how it was: a letter to each who came, once, by their organisers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.mail.outbox import post_all
from programme.engines.registration.feedback.actions import FEEDBACK, NOT_ASKED, begin, form_of
from programme.engines.registration.feedback.queries import silent
from programme.engines.reminders.actions import give_usual_rules
from programme.flows.notices.feedback import post_for

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.feedback.models import FeedbackForm
    from programme.engines.registration.models import Opening
    from programme.people.permissions import Actor

AT_ONCE = 200
NOBODY = "Nobody is left to ask: whoever came has answered, or is not marked as present."


def begin_asking(session: Session, opening: Opening, *, now: datetime) -> FeedbackForm:
    """Ask what is ready-made of those who come, and let the letter go by itself when it is usual."""
    form = begin(session, opening.id, now=now)
    give_usual_rules(session, (FEEDBACK, opening.id), strand=opening.strand, now=now)
    return form


def ask_those_who_came(session: Session, opening: Opening, *, actor: Actor, now: datetime) -> int:
    """Queue the letter to each who came and has not answered; return to how many it goes for the first time."""
    if form_of(session, opening.id) is None:
        raise Refusal(NOT_ASKED)
    posts = [post_for(opening, row) for row in session.scalars(silent(opening.id))]
    if not posts:
        raise Refusal(NOBODY)
    queued = sum(post_all(session, posts[start : start + AT_ONCE], now=now) for start in range(0, len(posts), AT_ONCE))
    if queued:
        note(session, opening, "asked how it was", actor=actor, now=now, after={"letters": queued})
    return queued
