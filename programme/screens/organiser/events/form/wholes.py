"""The events that one may be part of, to choose from: what lies ahead by its date, and whatever a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import selectinload
from wtforms import SelectChoice

from programme.core.web.words import clock_time, long_date, plural
from programme.engines.calendar import sight
from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.people.permissions import Verb, may
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.forms.events import EventForm
    from programme.people.permissions import Actor

MOST_AHEAD, MOST_FOUND = 50, 20
MOST_WORDS = 8


def fill(session: Session, actor: Actor, form: EventForm, *, event: Event | None, now: datetime) -> None:
    """Give the form what it may be part of: what was chosen, what a search finds, and what lies ahead.

    An event with parts of its own is not asked.
    """
    if event is not None and session.scalar(select(Event.id).where(Event.part_of_id == event.id).limit(1)):
        del form.part_of, form.part_of_words
        return
    kept = {row for row in (form.part_of.data, event.part_of_id if event else None) if isinstance(row, int)}
    words = (form.part_of_words.data or "").split()[:MOST_WORDS]
    found, total = search(session, actor, words, apart_from=event) if words else ([], 0)
    chosen = [row for row in by_ids(session, kept) if is_kept(row, actor, event)]
    ahead = editable(session.scalars(coming(actor, event, now).limit(MOST_AHEAD)), actor)
    seen = {row.id for row in (*chosen, *found)}
    form.part_of.choices = [
        SelectChoice("", "Nothing: it stands by itself"),
        *(choice(row, "Chosen") for row in chosen),
        *(choice(row, "Found") for row in found if row.id not in kept),
        *(choice(row) for row in ahead if row.id not in seen),
    ]
    if words:
        form.part_of.description = found_words(len(found), total)


def search(
    session: Session, actor: Actor, words: Sequence[str], *, apart_from: Event | None
) -> tuple[list[Event], int]:
    """Return the latest of the actor's events with all the words in their titles, and how many there are."""
    wanted = may_be_whole(actor, apart_from).where(*(Event.title.icontains(word, autoescape=True) for word in words))
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    rows = session.scalars(wanted.order_by(Event.starts_at.desc(), Event.id.desc()).limit(MOST_FOUND))
    return editable(rows, actor), total


def coming(actor: Actor, event: Event | None, now: datetime) -> Select[Event]:
    """Return the actor's events that lie ahead, in order."""
    return may_be_whole(actor, event).where(Event.ends_at > now).order_by(Event.starts_at, Event.id)


def may_be_whole(actor: Actor, event: Event | None) -> Select[Event]:
    """Return the actor's events that may have parts: no parts themselves, and not called off."""
    statement = select(Event).where(
        organised_by(actor), Event.part_of_id.is_(None), Event.id != (event.id if event else 0)
    )
    return statement.where(Event.state != EventState.CANCELLED).options(selectinload(Event.co_owners))


def organised_by(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor organises an event; that they run the installation does not count."""
    conditions = [sight.organised_under(grant) for grant in actor.grants if grant.role is Role.ORGANISER]
    return or_(false(), *(condition for condition in conditions if condition is not None))


def by_ids(session: Session, ids: Iterable[int]) -> list[Event]:
    """Return events by their ids, in order of date."""
    rows = select(Event).where(Event.id.in_(ids)).options(selectinload(Event.co_owners))
    return list(session.scalars(rows.order_by(Event.starts_at, Event.id)))


def is_kept(row: Event, actor: Actor, event: Event | None) -> bool:
    """Whether what was chosen stays on the list: what it is part of already, and what the actor may add parts to."""
    return (event is not None and event.part_of_id == row.id) or may(actor, Verb.EDIT, sight.event_scope(row))


def editable(rows: Iterable[Event], actor: Actor) -> list[Event]:
    """Keep the events that the actor may change."""
    return [row for row in rows if may(actor, Verb.EDIT, sight.event_scope(row))]


def choice(row: Event, group: str = "") -> SelectChoice:
    """Return an event as a line of the menu, under its day; out of its day the day is said in the line."""
    day = long_date(row.starts_at) if row.date_is_known else "No date yet"
    time = "" if row.all_day or not row.date_is_known else clock_time(row.starts_at)
    title = f"{row.title} (draft)" if row.state is EventState.DRAFT else row.title
    words = " ".join(filter(None, [f"{day}," if group else "", time, title]))
    return SelectChoice(row.id, words, optgroup=group or day)


def found_words(shown: int, total: int) -> str:
    """Say what a search found."""
    if not total:
        return "None of your events has these words in its title. Try fewer."
    if shown < total:
        return f"The latest {shown} of {plural(total, 'event')} found stand first in the menu. More words find fewer."
    return f"{plural(shown, 'event')} found: first in the menu."
