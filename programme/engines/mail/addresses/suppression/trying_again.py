"""Trying an address again: what stands against it is lifted, and the letter that it stopped goes after all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.engines.mail import actions
from programme.engines.mail.addresses.states import OWN_WISHES
from programme.engines.mail.addresses.suppression.hashing import address_hash
from programme.engines.mail.addresses.suppression.suppressing import lift, standing_by_hash
from programme.engines.mail.composing import MASK, NOTE
from programme.engines.mail.outbox import COPY, Post, Recipient, post
from programme.engines.mail.states import OutboxState, Scope

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.addresses.models import Suppression
    from programme.engines.mail.models import OutboxMessage
    from programme.people.permissions import Actor


def try_again_here(session: Session, message: OutboxMessage, actor: Actor, now: datetime) -> None:
    """Let letters go to the address of a letter again, and this one first.

    A letter that was sent and came back goes as a copy: the one that was sent stays, with what became of it.
    """
    key = address_hash(message.recipient)
    for row in in_the_way(message, standing_by_hash(session, [key]).get(key, {}).values()):
        lift(session, row, actor=actor, now=now, organisation_id=message.organisation_id)
    if message.state is OutboxState.SENT and message.bounced_at is not None:
        post_copy(session, message, now=now)
        actions.told(session, message, "send a letter again", before=message.state, actor=actor, now=now)
    else:
        message.bounced_at, message.bounce_status, message.bounce_detail = None, "", ""
        actions.retry(session, message, actor=actor, now=now)


def in_the_way(message: OutboxMessage, standing: Iterable[Suppression]) -> list[Suppression]:
    """Return what must be lifted for a letter to go; refuses where it is its owner's wish that stops it."""
    rows = list(standing)
    is_stopped = message.state is OutboxState.SUPPRESSED
    chosen = [row for row in rows if row.scope is Scope.EVERYTHING or (is_stopped and row.cause not in OWN_WISHES)]
    if rows and is_stopped and not chosen:
        raise Refusal("Its owner asked for no more of these letters. Only they can take that back.")
    return chosen


def send_again(session: Session, message: OutboxMessage, *, note: str, actor: Actor, now: datetime) -> None:
    """Queue a letter that went once more, with a note above it that says why; the one that went stays."""
    if message.state not in {OutboxState.SENT, OutboxState.UNKNOWN}:
        raise Refusal("Only a letter that went can be sent once more. Try this one again instead.")
    post_copy(session, message, now=now, note=note)
    actions.told(session, message, "send a letter again", before=message.state, actor=actor, now=now)


def post_copy(session: Session, message: OutboxMessage, *, now: datetime, note: str = "") -> None:
    """Queue a letter that says the same to the same person, with a note above it if there is one."""
    if message.valid_until is not None and message.valid_until <= now:
        raise Refusal("This letter is too late to be useful. Write a new one if it is still needed.")
    if MASK in message.context.values():
        raise Refusal(
            "This letter held a secret link, which is forgotten once it is sent. A new one must be asked for."
        )
    copy = Post(
        letter=message.letter,
        key=f"{COPY}{message.id}:{now:%Y%m%d%H%M%S}",
        recipient=Recipient(message.recipient, message.recipient_name, message.person_id),
        subject=(message.subject_kind, message.subject_id or 0),
        context={**message.context, **({NOTE: note} if note else {})},
        sender_name=message.sender_name,
        reply_to=message.reply_to,
        organisation_id=message.organisation_id,
        strand=message.strand,
        valid_until=message.valid_until,
        priority=message.priority,
        rule_id=message.rule_id,
    )
    post(session, copy, now=now)
