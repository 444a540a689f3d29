"""Undoing a decision about many, as long as its letters wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, g

from programme.core.refusal import Refusal
from programme.core.web.answers import button, done
from programme.core.web.words import clock_time, plural
from programme.engines.registration.deciding.models import DecisionRound
from programme.extensions import database_session
from programme.flows.deciding.undoing import undo_round
from programme.people.guards import actor, needs
from programme.people.permissions import Verb
from programme.screens.roll.scopes import of_opening

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

MOST_TOLD = 20
PAUSED = "Places are free, but as a decision was undone nobody moves up until {}. Decide anew, or leave it to the list."
blueprint = Blueprint("roll_rounds", __name__, url_prefix="/organise/openings/<id:opening_id>/rounds/<id:round_id>")


def home(opening_id: int, round_id: int) -> str:
    """Return the address of the roll."""
    del round_id
    return f"/organise/openings/{opening_id}"


@blueprint.post("/undoing")
@needs(Verb.DECIDE, of_opening)
@button(home)
def undo(opening_id: int, round_id: int) -> Any:
    """Undo a decision; what cannot be undone is said."""
    session = database_session()
    made = session.get(DecisionRound, round_id)
    if made is None or made.opening_id != opening_id:
        abort(404)
    undone = undo_round(session, round_id, actor=actor(), now=g.now)
    if not undone.done:
        raise Refusal(" ".join(["Nothing could be undone.", *first_of(undone.problems)]))
    session.commit()
    said = f"Undone for {plural(len(undone.done), 'person', 'people')}. No letter goes to them."
    return done(" ".join([said, *first_of([*undone.problems, *undone.remarks])]), home(opening_id, round_id))


def pause_words(until: datetime | None) -> str:
    """Say until when nobody moves up by themselves; nothing where it is not so."""
    return PAUSED.format(clock_time(until)) if until else ""


def first_of(sentences: Sequence[str]) -> list[str]:
    """Return the first of many sentences, and how many more there are: a message holds no more than so many."""
    more = len(sentences) - MOST_TOLD
    words = f"And {more:,} more, whom the roll shows as they stand." if more > 0 else ""
    return [*sentences[:MOST_TOLD], *([words] if words else [])]
