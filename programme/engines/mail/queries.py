"""Named reads of the outbox, of captured letters and of the ticks' heartbeats."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select

from programme.engines.mail.models import CapturedMail, Heartbeat, OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.people.models import Installation
from programme.people.states import Role

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor, Grant

MISSED_TICKS = 3
PAUSED = select(Installation.id).where(Installation.sending_paused_at.is_not(None)).limit(1)


def installation(session: Session) -> Installation | None:
    """Return the one row about this installation; None before `init`."""
    return session.scalar(select(Installation).order_by(Installation.id).limit(1))


def is_paused(session: Session) -> bool:
    """Whether this installation sends nothing for now."""
    return session.scalar(PAUSED) is not None


def next_due(session: Session, *, now: datetime, limit: int, lock: bool = False) -> list[OutboxMessage]:
    """Return what is due, most urgent first; with `lock`, what no other dispatcher is taking up."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.PENDING, OutboxMessage.due_at <= now)
        .order_by(OutboxMessage.priority, OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
    )
    return list(session.scalars(statement.with_for_update(skip_locked=True) if lock else statement))


def stranded(session: Session, *, now: datetime, lock: bool = False) -> list[OutboxMessage]:
    """Return what was taken up under a lease that has ended; with `lock`, what nobody else is bringing back."""
    statement = (
        select(OutboxMessage)
        .where(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.lease_until < now)
        .order_by(OutboxMessage.id)
    )
    return list(session.scalars(statement.with_for_update(skip_locked=True) if lock else statement))


def letters_for(actor: Actor, *, state: str = "", letter: str = "", words: str = "") -> Select[OutboxMessage]:
    """Return the letters that `actor` may see in the outbox, newest first.

    Organisers see those of their organisations and strands; an administrator sees that every letter exists.
    """
    statement = select(OutboxMessage).where(visible_to(actor))
    if state:
        statement = statement.where(cast(OutboxMessage.state, String) == state)
    if letter:
        statement = statement.where(OutboxMessage.letter == letter)
    if words:
        statement = statement.where(readable_by(actor), matching(words))
    return statement.order_by(OutboxMessage.created_at.desc(), OutboxMessage.id.desc())


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Whether `actor` may know of a letter."""
    return OutboxMessage.id.is_not(None) if actor.is_administrator else readable_by(actor)


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Whether `actor` may read a letter: as an organiser of its organisation, and of its strand where restricted."""
    grants = [grant for grant in actor.grants if grant.role is Role.ORGANISER and grant.organisation is not None]
    return or_(false(), *[within(grant) for grant in grants])


def within(grant: Grant) -> ColumnElement[bool]:
    """Whether a letter lies within an organiser's grant."""
    of_organisation = OutboxMessage.organisation_id == grant.organisation
    return and_(of_organisation, OutboxMessage.strand == grant.strand) if grant.strand else of_organisation


def matching(words: str) -> ColumnElement[bool]:
    """Whether a letter's recipient or subject holds every word."""
    return and_(*[or_(*[column.icontains(word, autoescape=True) for column in SEARCHED]) for word in words.split()[:8]])


SEARCHED = (OutboxMessage.recipient, OutboxMessage.recipient_name, OutboxMessage.subject_line)


def counts_by_state(session: Session, statement: Select[OutboxMessage]) -> dict[OutboxState, int]:
    """Count the letters of a list by their state."""
    found = statement.order_by(None).with_only_columns(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    return {row[0]: row[1] for row in session.execute(found)}


def captured(*, recipient: str = "") -> Select[CapturedMail]:
    """Return captured letters, newest first."""
    statement = select(CapturedMail).order_by(CapturedMail.captured_at.desc(), CapturedMail.id.desc())
    return statement.where(CapturedMail.recipient.icontains(recipient, autoescape=True)) if recipient else statement


def late_ticks(session: Session, *, now: datetime) -> dict[str, str]:
    """Return each tick that missed three beats, with why; `scheduler` itself where none ever beat."""
    beats = list(session.scalars(select(Heartbeat).order_by(Heartbeat.tick)))
    if not beats:
        return {"scheduler": "no scheduler has run yet"}
    return {beat.tick: why_late(beat) for beat in beats if is_late(beat, now=now)}


def succeeded_at(session: Session, tick: str) -> datetime | None:
    """Return when a tick came to its end last; None where it never did."""
    return session.scalar(select(Heartbeat.succeeded_at).where(Heartbeat.tick == tick))


def trouble(session: Session, tick: str) -> str:
    """Return what a tick complained of when it ran last, if anything."""
    beat = session.get(Heartbeat, tick)
    return "" if beat is None else beat.last_error


def is_late(beat: Heartbeat, *, now: datetime) -> bool:
    """Whether the last success is more than three intervals ago, or there was none but a failure."""
    if beat.succeeded_at is None and beat.last_error:
        return True
    return now - (beat.succeeded_at or beat.started_at) > timedelta(seconds=MISSED_TICKS * beat.seconds_between)


def why_late(beat: Heartbeat) -> str:
    """Say it for a monitor."""
    return beat.last_error or (
        f"last succeeded {beat.succeeded_at:%Y-%m-%d %H:%M:%S}Z" if beat.succeeded_at else "never"
    )
