"""What people know of an event who are still to get a letter about several dates of its series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select

from programme.engines.calendar.actions.values import Told
from programme.engines.calendar.models import Event
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

CHANGED = "dates_changed"
CHANGES = "changes"
GONE = (OutboxState.SENT, OutboxState.UNKNOWN)
EVENT, REGISTRATION, COUNT, BEFORE = "event_id", "registration_id", "sequence", "before"
"""The number of the news stands under the name that it had when every news raised the SEQUENCE."""


def known_before(session: Session, event_id: int) -> dict[int, Told]:
    """Return what each person knew of an event before a letter about several dates that has not gone out yet.

    The letter itself stays: it leaves out what a later change has overtaken. Whoever was told of a later one by a
    letter that is gone knows that, and is not among them.
    """
    series_id = select(Event.series_id).where(Event.id == event_id).scalar_subquery()
    mine = (
        OutboxMessage.letter == CHANGED,
        OutboxMessage.subject_kind == "series",
        OutboxMessage.subject_id == series_id,
    )
    columns = (OutboxMessage.person_id, OutboxMessage.context, is_unsent().label("is_unsent"))
    rows = session.execute(select(*columns).where(*mine, or_(is_unsent(), OutboxMessage.state.in_(GONE)))).all()
    found = [
        (row.person_id, entry, bool(row.is_unsent))
        for row in rows
        for entry in row.context[CHANGES]
        if row.person_id and entry[EVENT] == event_id
    ]
    if not any(is_unsent for _, _, is_unsent in found):
        return {}
    told = told_singly(session, event_id) + [(person, entry[COUNT]) for person, entry, unsent in found if not unsent]
    last = dict(sorted(told, key=lambda pair: pair[1]))
    waits = [(person, entry) for person, entry, unsent in found if unsent and entry[COUNT] > last.get(person, -1)]
    earliest_last = sorted(waits, key=lambda pair: -pair[1][COUNT])
    return {person: Told.from_json(entry[BEFORE]) for person, entry in earliest_last}


def is_unsent() -> ColumnElement[bool]:
    """Whether a letter is surely unsent."""
    waits = OutboxMessage.state.in_((OutboxState.PENDING, OutboxState.SENDING))
    return and_(waits, OutboxMessage.inflight_at.is_(None), OutboxMessage.ambiguous_count == 0)


def told_singly(session: Session, event_id: int) -> list[tuple[int, int]]:
    """Return who was told of which change of an event by a letter about it alone: (person, number of the news)."""
    about = (OutboxMessage.subject_kind == "event", OutboxMessage.subject_id == event_id)
    gone = select(OutboxMessage.person_id, OutboxMessage.context).where(*about, OutboxMessage.state.in_(GONE))
    rows = session.execute(gone.where(OutboxMessage.person_id.is_not(None))).all()
    return [(row.person_id, row.context[COUNT]) for row in rows if COUNT in row.context]
