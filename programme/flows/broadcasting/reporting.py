"""What became of a broadcast: how many letters went, wait, failed, came back, were not sent, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.flows.broadcasting.audiences import visible
from programme.flows.broadcasting.sending import BROADCAST
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.mail.written.models import Broadcast

S = OutboxState


class Fate(StrEnum):
    """What became of a letter, as a report counts it."""

    SENT = "sent"
    WAITING = "waiting"
    FAILED = "failed"
    BOUNCED = "bounced"
    DECLINED = "declined"
    DROPPED = "dropped"


FATES: Mapping[Fate, tuple[str, frozenset[OutboxState]]] = {
    Fate.SENT: ("sent", frozenset({S.SENT, S.BUNDLED})),
    Fate.WAITING: ("waiting to go", frozenset({S.PENDING, S.SENDING, S.HELD})),
    Fate.FAILED: ("could not be sent", frozenset({S.FAILED, S.UNKNOWN})),
    Fate.BOUNCED: ("came back", frozenset({S.SENT})),
    Fate.DECLINED: ("want no such letters", frozenset({S.SUPPRESSED})),
    Fate.DROPPED: ("not sent", frozenset({S.CANCELLED, S.EXPIRED})),
}
"""What a report calls each, and the states of letters that it counts."""


@dataclass(frozen=True, slots=True)
class Report:
    """How many letters there are of each fate."""

    counts: Mapping[Fate, int]

    @property
    def all(self) -> int:
        """Every letter."""
        return sum(self.counts.values())


def report(session: Session, broadcast_ids: Collection[int]) -> dict[int, Report]:
    """Count the letters of broadcasts, in one query."""
    fate = case(*[(is_fate(one), one.value) for one in (Fate.BOUNCED, *FATES)], else_=Fate.DROPPED.value)
    statement = (
        select(OutboxMessage.subject_id, fate, func.count())
        .where(OutboxMessage.subject_kind == BROADCAST, OutboxMessage.subject_id.in_(broadcast_ids))
        .group_by(OutboxMessage.subject_id, fate)
    )
    found: dict[int, dict[Fate, int]] = {one: {} for one in broadcast_ids}
    for broadcast_id, word, number in session.execute(statement) if broadcast_ids else ():
        found[broadcast_id][Fate(word)] = number
    return {one: Report(counts) for one, counts in found.items()}


def is_fate(fate: Fate) -> ColumnElement[bool]:
    """Whether a letter came to an end, or waits for one."""
    state = OutboxMessage.state.in_(FATES[fate][1])
    if fate is Fate.BOUNCED:
        return and_(state, OutboxMessage.bounced_at.is_not(None))
    return and_(state, OutboxMessage.bounced_at.is_(None)) if fate is Fate.SENT else state


def letters(broadcast: Broadcast, *, fate: Fate | None = None) -> Select[OutboxMessage]:
    """Return a broadcast's letters to people whom its organisers may see; what went wrong comes first."""
    found = (
        select(OutboxMessage)
        .outerjoin(Person, Person.id == OutboxMessage.person_id)
        .where(OutboxMessage.subject_kind == BROADCAST, OutboxMessage.subject_id == broadcast.id)
        .where(visible(broadcast))
    )
    if fate is not None:
        found = found.where(is_fate(fate))
    wrong = case((is_fate(Fate.FAILED), 0), (is_fate(Fate.BOUNCED), 1), (is_fate(Fate.DECLINED), 2), else_=3)
    return found.order_by(wrong, func.lower(OutboxMessage.recipient_name), OutboxMessage.id)
