"""What people know of an event who are still to get a letter about several dates of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from programme.engines.calendar.actions.values import Told
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

CHANGED = "dates_changed"
CHANGES = "changes"
GONE = (OutboxState.SENT, OutboxState.UNKNOWN)
EVENT, REGISTRATION, COUNT, BEFORE = "event_id", "registration_id", "sequence", "before"
"""The number of the news stands under the name that it had when every news raised the SEQUENCE."""


def known_before(session: Session, event_ids: Collection[int]) -> dict[int, dict[int, Told]]:
    """Return what each person knew of each event before a letter about several dates that has not gone out yet.

    The letter itself stays: it leaves out what a later change has overtaken. Whoever was told of a later one by a
    letter that is gone knows that, and is not among them. Three statements at most.
    """
    known: dict[int, dict[int, Told]] = {event_id: {} for event_id in event_ids}
    found = entries_about(session, event_ids)
    lag = {entry[EVENT] for _, entry, unsent in found if unsent}
    if not lag:
        return known
    told = told_singly(session, lag)
    told += [(entry[EVENT], person, entry[COUNT]) for person, entry, unsent in found if not unsent]
    last = {(event_id, person): count for event_id, person, count in sorted(told, key=lambda one: one[2])}
    for person, entry, unsent in sorted(found, key=lambda one: -one[1][COUNT]):
        if unsent and entry[COUNT] > last.get((entry[EVENT], person), -1):
            known[entry[EVENT]][person] = Told.from_json(entry[BEFORE])
    return known


def entries_about(session: Session, event_ids: Collection[int]) -> list[tuple[int, dict[str, Any], bool]]:
    """Return what letters about several dates say of these events: (person, entry, whether it is unsent)."""
    series = select(Event.series_id).where(Event.id.in_(event_ids), Event.series_id.is_not(None))
    mine = (
        OutboxMessage.letter == CHANGED,
        OutboxMessage.subject_kind == "series",
        OutboxMessage.subject_id.in_(series),
        OutboxMessage.person_id.is_not(None),
    )
    columns = (OutboxMessage.person_id, OutboxMessage.context, is_unsent().label("is_unsent"))
    rows = session.execute(select(*columns).where(*mine, or_(is_unsent(), OutboxMessage.state.in_(GONE)))).all()
    wanted = set(event_ids)
    return [
        (row.person_id or 0, entry, bool(row.is_unsent))
        for row in rows
        for entry in row.context[CHANGES]
        if entry[EVENT] in wanted
    ]


def is_unsent() -> ColumnElement[bool]:
    """Whether a letter is surely unsent."""
    waits = OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.SENDING))
    return and_(waits, OutboxMessage.inflight_at.is_(None), OutboxMessage.ambiguous_count == 0)


def told_singly(session: Session, event_ids: Collection[int]) -> list[tuple[int, int, int]]:
    """Return who was told of which change of an event by a letter about it alone: (event, person, number of news)."""
    about = (OutboxMessage.subject_kind == "event", OutboxMessage.subject_id.in_(event_ids))
    columns = (OutboxMessage.subject_id, OutboxMessage.person_id, OutboxMessage.context)
    gone = select(*columns).where(*about, OutboxMessage.state.in_(GONE), OutboxMessage.person_id.is_not(None))
    rows = session.execute(gone).all()
    return [(row.subject_id or 0, row.person_id or 0, row.context[COUNT]) for row in rows if COUNT in row.context]
