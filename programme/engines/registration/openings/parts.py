"""Parts of an opening's events, as a question offers them: what is part of them, else its events one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from programme.core.web.words import day_date, time_range
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.calendar.states import Visibility
from programme.engines.questionnaire.kinds import KINDS
from programme.engines.questionnaire.kinds.choices import PARTS
from programme.engines.registration.models import OpeningEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.questionnaire.kinds import Asked

SEVERAL = 2


def asks_for_parts(asked: Sequence[Asked]) -> bool:
    """Whether a form asks for parts."""
    return any(one.kind == PARTS for one in asked)


def with_parts(session: Session, opening_id: int, asked: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Hand the parts that there are now to the questions that ask for them; one query, none where none does.

    As many may choose a part as its room holds, where that is known.
    """
    if not asks_for_parts(asked):
        return asked
    found = parts_of(session, opening_id)
    parts = tuple((str(event.id), words_of(event)) for event in found)
    places = tuple((str(event.id), event.room_capacity) for event in found if event.room_capacity is not None)
    return tuple(replace(one, parts=parts, places=places) if one.kind == PARTS else one for one in asked)


def parts_of(session: Session, opening_id: int) -> list[Event]:
    """Return what is part of an opening's events, in order of time; without any, its events if they are several.

    What is called off, not announced yet or not for everybody's eyes is offered to nobody.
    """
    own = select(OpeningEvent.event_id).where(OpeningEvent.opening_id == opening_id)
    statement = (
        select(Event)
        .where(or_(Event.part_of_id.in_(own), Event.id.in_(own)), Event.state.in_(ANNOUNCED))
        .where(or_(Event.visibility == Visibility.PUBLIC, Event.id.in_(own)))
        .order_by(Event.starts_at, Event.id)
    )
    rows = session.scalars(statement).all()
    admits = set(session.scalars(own))
    inside = [event for event in rows if event.id not in admits]
    whole = [event for event in rows if event.id in admits]
    return inside or (whole if len(whole) >= SEVERAL else [])


def words_of(event: Event) -> str:
    """Say a part: its title, its day and its time."""
    title = shown_title(event.title, is_known=event.title_is_known)
    if not event.date_is_known:
        return f"{title}, date to be announced"
    times = "" if event.all_day else f", {time_range(event.starts_at, event.ends_at)}"
    return f"{title}, {day_date(event.starts_at)}{times}"


def chosen_now(asked: Sequence[Asked], answers: Mapping[int, Any]) -> dict[int, Any]:
    """Return answers with the parts in them read afresh. Refusal where one is not offered any more.

    A part that moved since the form was shown is kept as it is called now.
    """
    renewed = dict(answers)
    for one in asked:
        if one.kind == PARTS and answers.get(one.id):
            kind = KINDS[PARTS]
            renewed[one.id] = kind.value(one, kind.typed(answers[one.id]))
    return renewed
