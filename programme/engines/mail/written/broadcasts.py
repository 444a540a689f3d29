"""Verbs of broadcasts: write, change, schedule, let go, stop, call off, copy; each moves the state by its table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, or_, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.transitions import move
from programme.engines.mail.states import BROADCAST_MOVES, BroadcastState
from programme.engines.mail.written.models import Broadcast
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.mail.ports import Purpose
    from programme.people.permissions import Actor, Grant
    from programme.people.states import Strand

B = BroadcastState
CHANGED = "Somebody has changed this letter meanwhile. Look at it again."
NOT_A_DRAFT = "This letter is not a draft any more, so it cannot be changed. Take it back first, or copy it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What is written, and to whom."""

    organisation_id: int
    strand: Strand | None
    purpose: Purpose
    subject: str
    text: str
    audience: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, details: Details, *, actor: Actor, now: datetime) -> Broadcast:
    """Begin a draft."""
    row = Broadcast(author_id=actor.person_id, created_at=now, changed_at=now, **values_of(details))
    session.add(row)
    session.flush()
    return row


def values_of(details: Details) -> dict[str, Any]:
    """Return the columns of what is written."""
    return {
        "organisation_id": details.organisation_id,
        "strand": details.strand,
        "purpose": details.purpose,
        "subject_line": details.subject,
        "text": details.text,
        "audience": dict(details.audience),
    }


def change(session: Session, row: Broadcast, details: Details, *, version: int, actor: Actor, now: datetime) -> None:
    """Change a draft; Refusal where somebody else did since `version` was read."""
    if row.state is not B.DRAFT:
        raise Refusal(NOT_A_DRAFT)
    check_version(row, version)
    for name, value in values_of(details).items():
        setattr(row, name, value)
    row.version += 1
    row.author_id, row.changed_at = actor.person_id, now
    session.flush()


def check_version(row: Broadcast, version: int) -> None:
    """Refuse what was decided upon looking at another letter."""
    if row.version != version:
        raise Refusal(CHANGED)


def locked(session: Session, broadcast_id: int) -> Broadcast | None:
    """Return a broadcast locked until the transaction ends, as it is now: whoever decides about one begins here."""
    return session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)


def schedule(session: Session, row: Broadcast, at: datetime, *, actor: Actor, now: datetime) -> None:
    """Let a draft wait for its time."""
    move(row, B.SCHEDULED, moves=BROADCAST_MOVES, sentence=NOT_A_DRAFT)
    row.send_at, row.changed_at = at, now
    told(session, row, "scheduled a broadcast", actor_id=actor.person_id, now=now, after={"at": at.isoformat()})


def let_go(session: Session, row: Broadcast, *, letters: int, actor_id: int | None, now: datetime) -> None:
    """Note that its letters are in the outbox."""
    move(row, B.QUEUED, moves=BROADCAST_MOVES, sentence="This letter has gone already.")
    row.queued_at, row.changed_at = now, now
    told(session, row, "sent a broadcast", actor_id=actor_id, now=now, after={"letters": letters})


def stop(session: Session, row: Broadcast, because: str, *, now: datetime) -> None:
    """Note that it could not go, and why."""
    move(row, B.STOPPED, moves=BROADCAST_MOVES)
    row.stopped_because, row.changed_at = because, now
    told(session, row, "stopped a broadcast", actor_id=None, now=now, after={"because": because})


def reopen(session: Session, row: Broadcast, *, actor: Actor, now: datetime) -> None:
    """Make a draft again of what waits or was stopped; it is the actor's from now on."""
    move(row, B.DRAFT, moves=BROADCAST_MOVES, sentence="This letter cannot be changed any more.")
    row.send_at, row.stopped_because = None, ""
    row.author_id, row.changed_at = actor.person_id, now
    row.version += 1
    told(session, row, "reopened a broadcast", actor_id=actor.person_id, now=now)


def call_off(session: Session, row: Broadcast, *, taken_back: int, actor: Actor, now: datetime) -> None:
    """Call a broadcast off, for good; `taken_back` letters had not gone."""
    move(row, B.CANCELLED, moves=BROADCAST_MOVES, sentence="This letter is called off already.")
    row.changed_at = now
    told(session, row, "called off a broadcast", actor_id=actor.person_id, now=now, after={"taken back": taken_back})


def copy(session: Session, row: Broadcast, *, actor: Actor, now: datetime) -> Broadcast:
    """Begin a draft that says the same to the same people."""
    return write(session, details_of(row), actor=actor, now=now)


def details_of(row: Broadcast) -> Details:
    """Return what a broadcast says, and to whom."""
    given = Details(
        organisation_id=row.organisation_id,
        strand=row.strand,
        purpose=row.purpose,
        subject=row.subject_line,
        text=row.text,
    )
    return replace(given, audience=dict(row.audience))


def told(
    session: Session,
    row: Broadcast,
    verb: str,
    *,
    actor_id: int | None,
    now: datetime,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a broadcast into the trail."""
    audit.record(
        session,
        person_id=actor_id,
        verb=verb,
        subject=("broadcast", row.id),
        now=now,
        organisation_id=row.organisation_id,
        after={"title": row.subject_line, **(after or {})},
    )


def broadcasts_of(actor: Actor, *, state: BroadcastState | None = None) -> Select[Broadcast]:
    """Return the broadcasts of what an actor organises, the latest first."""
    found = select(Broadcast).where(run_by(actor))
    if state is not None:
        found = found.where(Broadcast.state == state)
    return found.order_by(Broadcast.changed_at.desc(), Broadcast.id.desc())


def run_by(actor: Actor) -> ColumnElement[bool]:
    """Whether a broadcast is one of what an actor organises."""
    return or_(false(), *(run_under(grant) for grant in actor.grants))


def run_under(grant: Grant) -> ColumnElement[bool]:
    """Return what one grant opens."""
    if grant.role is not Role.ORGANISER or grant.organisation is None:
        return false()
    own = Broadcast.organisation_id == grant.organisation
    return and_(own, Broadcast.strand == grant.strand) if grant.strand else own


def counts_by_state(session: Session, actor: Actor) -> dict[BroadcastState, int]:
    """Count an actor's broadcasts by their state."""
    counted = select(Broadcast.state, func.count()).where(run_by(actor)).group_by(Broadcast.state)
    return dict(session.execute(counted).all())


def due(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of the broadcasts whose time has come, the first first."""
    waits = select(Broadcast.id).where(Broadcast.state == B.SCHEDULED, Broadcast.send_at <= now)
    return session.scalars(waits.order_by(Broadcast.send_at, Broadcast.id)).all()
