"""Whom an act upon a roll is about: those ticked, or all whom the filters leave, on this page and on every other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from programme.core.refusal import Refusal
from programme.core.web.lists import note_unread
from programme.engines.registration.follow_ups.queries import second_form
from programme.engines.registration.models import Registration
from programme.engines.registration.openings.rights import sensitive_reach
from programme.engines.registration.roll.answers import questions_of
from programme.engines.registration.roll.filters import UNPROVED, Wanted, chosen
from programme.extensions import database_session
from programme.people.guards import actor
from programme.screens.roll.asking import wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from programme.engines.registration.models import Opening
    from programme.engines.registration.states import RegistrationState

EVERYBODY = "everybody"
UNREAD = "All who gave this answer cannot be chosen here: tick the people instead."
"""Where the filter is dropped, everybody would be meant."""


class Head(NamedTuple):
    """What a decision depends on of one registration, read without the rest of it."""

    id: int
    state: RegistrationState
    counts_for_id: int | None
    heads: int
    person_id: int | None


def whom(opening: Opening, args: MultiDict[str, str]) -> Wanted:
    """Read what an address asks of a roll, as far as whoever asks may know the answers that it asks by."""
    asked = wanted(args)
    if not asked.said:
        return asked
    second = questions_of(second_form(database_session(), opening))
    every = (*questions_of(opening.questionnaire), *second)
    question = next((row for row in every if row.id == asked.question), None)
    reach = sensitive_reach(actor(), opening)
    if question is None or (question.is_sensitive and not reach.is_any):
        note_unread("answer")
        return replace(asked, said="")
    asked = replace(asked, is_second=question in second)
    return replace(asked, reach=reach.homes) if question.is_sensitive and not reach.is_everybody else asked


def meant(opening: Opening, args: MultiDict[str, str]) -> Wanted | None:
    """Read whom an act is about; None where nobody is ticked."""
    asked = whom(opening, args)
    if args.get(EVERYBODY) and args.get("said") and not asked.said:
        raise Refusal(UNREAD)
    if args.get(EVERYBODY):
        return replace(asked, ids=(), everybody=True)
    return Wanted(ids=asked.ids) if asked.ids else None


def heads(session: Session, opening_id: int, asked: Wanted) -> Sequence[Head]:
    """Return those who are meant, in the order in which they joined, however many."""
    columns = (
        *(Registration.id, Registration.state, Registration.counts_for_id, Registration.heads, Registration.person_id),
    )
    found = chosen(opening_id, asked).with_only_columns(*columns).order_by(Registration.joined_at, Registration.id)
    return [Head(*row) for row in session.execute(found)]


def people(session: Session, ids: Collection[int]) -> Sequence[Registration]:
    """Return some registrations by id, in the order in which they joined."""
    found = select(Registration).where(Registration.id.in_(ids))
    return session.scalars(found.order_by(Registration.joined_at, Registration.id)).all()


def carried(asked: Wanted) -> Iterator[tuple[str, str]]:
    """Give what a form has to send so that the same people are meant: names and values."""
    if not asked.everybody:
        yield from (("id", str(one)) for one in asked.ids)
        return
    yield EVERYBODY, "1"
    yield from (("state", word) for word in asked.states)
    if asked.unproved:
        yield "state", UNPROVED
    told = {
        "home": asked.home,
        "attendance": asked.attendance,
        "q": asked.words,
        "tag": asked.tag,
        "share": asked.share,
        "event": asked.event,
        "version": asked.version,
        "follow_up": asked.follow_up,
        "reply": asked.reply,
    }
    yield from ((name, str(value)) for name, value in told.items() if value)
    if asked.said:
        yield "answer", str(asked.question)
        yield "said", asked.said
