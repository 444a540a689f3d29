"""Named reads of the addresses that get no letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String, cast, func, or_, select

from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.queries import readable_by

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def standing(*, among: ColumnElement[bool], cause: str = "", words: str = "") -> Select[Suppression]:
    """Return what stands against addresses, newest first; a whole address is found although its letters are erased."""
    statement = select(Suppression).where(Suppression.lifted_at.is_(None), among)
    if cause:
        statement = statement.where(cast(Suppression.cause, String) == cause)
    if words:
        has_words = Suppression.address.icontains(words, autoescape=True)
        statement = statement.where(or_(has_words, Suppression.address_hash == address_hash(words)))
    return statement.order_by(Suppression.since.desc(), Suppression.id.desc())


def counts_by_cause(session: Session, statement: Select[Suppression]) -> dict[Cause, int]:
    """Count them by their cause."""
    counted = statement.order_by(None).with_only_columns(Suppression.cause, func.count()).group_by(Suppression.cause)
    return {row[0]: row[1] for row in session.execute(counted)}


def letters_behind(session: Session, rows: Iterable[Suppression]) -> dict[int, OutboxMessage]:
    """Return the letters by which addresses were stopped, by id."""
    ids = {row.outbox_message_id for row in rows if row.outbox_message_id is not None}
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(OutboxMessage).where(OutboxMessage.id.in_(ids)))}


def stopped_lately(session: Session, actor: Actor, *, since: datetime) -> int:
    """Count the addresses that letters which `actor` may read have shown not to exist."""
    bounced = (Suppression.cause == Cause.BOUNCED) & Suppression.lifted_at.is_(None) & (Suppression.since >= since)
    statement = select(func.count()).select_from(Suppression).where(bounced)
    return session.scalar(statement.join(OutboxMessage, mine(actor))) or 0


def mine(actor: Actor) -> ColumnElement[bool]:
    """Whether the letter behind a suppression is one that `actor` may read."""
    return (OutboxMessage.id == Suppression.outbox_message_id) & readable_by(actor)


def unwelcome_since(session: Session, *, since: datetime) -> tuple[int, str]:
    """Count the messages by which mail systems called our letters unwelcome, and return what the latest said."""
    of_policy = (InboxMessage.meaning == Meaning.POLICY, InboxMessage.came_at >= since)
    count = session.scalar(select(func.count()).select_from(InboxMessage).where(*of_policy)) or 0
    latest = select(InboxMessage.detail).where(*of_policy).order_by(InboxMessage.id.desc()).limit(1)
    return count, (session.scalar(latest) or "") if count else ""
