"""One letter for an organiser and opening: what comes in soon after one has left goes together in the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.tokens import token_hash
from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.engines.approvals.rights import links_held
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.mail.keeping.plugs import ON_ITS_WAY, forget_letters
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import post
from programme.engines.mail.states import OutboxState
from programme.engines.registration.deciding.keys import REGISTRATION
from programme.engines.registration.models import Registration

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.outbox import Post

KEY, OPENING_KEYS = "approval_key", "opening_keys"
"""What letters about keys are about, in the outbox: one key, or those of an opening that wait for their reader."""
APART = timedelta(hours=1)
"""How long after a letter the next one of its kind about an opening goes to the same person."""
TOKEN = "token"  # noqa: S105  the name in the context, not a secret
TOLD = "keys"
"""The name in the context of a letter that has no links: the housekeeping takes secrets out, and these are none."""
S = OutboxState
STANDS = (S.PENDING, S.SENDING, S.SENT, S.HELD, S.UNKNOWN)


def thread_of(session: Session, key: ApprovalKey) -> tuple[str, int]:
    """Return what a letter about a key is about: those about registrations of one opening go together."""
    approval = key.approval
    if approval.subject_kind == REGISTRATION:
        opening = select(Registration.opening_id).where(Registration.id == approval.subject_id)
        return OPENING_KEYS, session.scalars(opening).one()
    return KEY, key.id


def gather(session: Session, letter: Post, *, now: datetime) -> None:
    """Queue a letter about a key, or let one that has not left yet be about it, too.

    Where one has just left, this waits until an hour after it, and takes in what else comes in by then.
    """
    last = last_alike(session, letter)
    if last is None:
        post(session, letter, now=now)
    elif has_not_left(session, last):
        more = {name: {**last.context.get(name, {}), **keys} for name, keys in letter.context.items()}
        last.context = {**last.context, **more}
        session.flush()
    else:
        due = last.due_at + APART
        post(session, replace(letter, due_at=due) if due > now else letter, now=now)


def last_alike(session: Session, letter: Post) -> OutboxMessage | None:
    """Return the last letter of a kind about the same to the same person, or address, for the same organisation."""
    to = letter.recipient
    same = OutboxMessage.person_id == to.person_id if to.person_id else OutboxMessage.recipient == to.address
    alike = select(OutboxMessage).where(
        OutboxMessage.letter == letter.letter,
        OutboxMessage.subject_kind == letter.subject[0],
        OutboxMessage.subject_id == letter.subject[1],
        same,
        OutboxMessage.organisation_id == letter.organisation_id,
        OutboxMessage.state.in_(STANDS),
    )
    return session.scalar(alike.order_by(OutboxMessage.due_at.desc(), OutboxMessage.id.desc()).limit(1))


def has_not_left(session: Session, letter: OutboxMessage) -> bool:
    """Lock a letter, and say whether nobody has taken it up: one that somebody holds counts as leaving."""
    own = select(OutboxMessage).where(OutboxMessage.id == letter.id).with_for_update(skip_locked=True)
    row = session.scalar(own.execution_options(populate_existing=True))
    return row is not None and row.state is S.PENDING and row.lease_token is None and row.attempts == 0


def secrets_of(message: OutboxMessage) -> dict[int, str]:
    """Return the secrets of the links in a letter, by the id of the key, empty where it has none.

    One of before told of a single key.
    """
    told = message.context.get(TOKEN) or message.context.get(TOLD) or {}
    return {message.subject_id or 0: told} if isinstance(told, str) else {int(one): told[one] for one in told}


def open_secrets(session: Session, messages: Sequence[OutboxMessage]) -> set[str]:
    """Return the hashes of those secrets in letters whose key waits, of links that have not ended and are held still.

    A link ends when its key is given to another.
    """
    hashes = {token_hash(secret) for message in messages for secret in secrets_of(message).values()}
    waits = (ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN)
    live = links_held().where(SignOffLink.token_hash.in_(hashes), SignOffLink.ended_at.is_(None), *waits)
    return set(session.scalars(live))


def forget_keys_in_letters(session: Session, opening_id: int, key_ids: Collection[int]) -> None:
    """Take keys out of letters, as whom they are about is gone: what names them goes, what is yet to leave asks on."""
    about = (OutboxMessage.subject_kind == OPENING_KEYS, OutboxMessage.subject_id == opening_id)
    gone = []
    for row in session.scalars(select(OutboxMessage).where(*about)):
        secrets = secrets_of(row)
        rest = {str(one): secret for one, secret in secrets.items() if one not in key_ids}
        if len(rest) < len(secrets) and rest and row.state in ON_ITS_WAY:
            row.context = {**row.context, TOLD if TOLD in row.context else TOKEN: rest}
        elif len(rest) < len(secrets):
            gone.append(row.id)
    session.flush()
    if gone:
        forget_letters(session, OutboxMessage.id.in_(gone))
