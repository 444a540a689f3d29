"""Verbs of approvals: ask, turn a key, delegate it, withdraw; each under the approval's lock, none tells anybody."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from programme.core.refusal import Refusal
from programme.core.tokens import new_token, token_hash
from programme.core.transitions import move
from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.engines.approvals.outcome import TURNED, outcome
from programme.engines.approvals.queries import open_approval
from programme.engines.approvals.states import (
    APPROVAL_MOVES,
    APPROVALS_TAKEN_BACK,
    KEY_MOVES,
    KEYS_TAKEN_BACK,
    ApprovalState,
    KeyState,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.states import Strand

WORDS = {KeyState.YES: "yes", KeyState.NO: "no"}
ENDED = {
    ApprovalState.GRANTED: "Every key has been turned already: this is granted.",
    ApprovalState.REFUSED: "Another key said no, which ended it.",
    ApprovalState.WITHDRAWN: "Nobody asks for this any more.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision that is asked: about what, led by whom, of which organisations, until when.

    `delegates` are people who turn the key of an organisation from the beginning, by its id.
    """

    subject: tuple[str, int]
    lead_id: int
    organisation_ids: tuple[int, ...]
    strand: Strand | None = None
    due_at: datetime | None = None
    escalation_address: str = ""
    delegates: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How a key is turned: yes or no, why (between organisers), and words for whoever it is about."""

    says: KeyState
    person_id: int | None
    reason: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """A key after a turn (`changed` is false where it stood so already), and whether that decided everything."""

    key: ApprovalKey
    changed: bool
    decided: bool = False


def ask(session: Session, asked: Asked, *, now: datetime) -> Approval:
    """Ask for a decision; the one that is open already is given back. Only right where the thing itself is locked."""
    kind, number = asked.subject
    found = open_approval(session, kind, number)
    if found is not None:
        return found
    row = Approval(
        subject_kind=kind,
        subject_id=number,
        organisation_id=asked.lead_id,
        strand=asked.strand,
        state=ApprovalState.OPEN,
        escalation_address=asked.escalation_address,
        asked_at=now,
    )
    row.keys = [
        ApprovalKey(organisation_id=one, due_at=asked.due_at, delegate_id=asked.delegates.get(one))
        for one in asked.organisation_ids
    ]
    session.add(row)
    session.flush()
    return row


def lock(session: Session, approval_id: int) -> Approval:
    """Lock an approval until the transaction ends, and read it and its keys afresh."""
    session.execute(update(Approval).where(Approval.id == approval_id).values(revision=Approval.revision + 1))
    row = session.get_one(Approval, approval_id, populate_existing=True)
    session.scalars(
        select(ApprovalKey).where(ApprovalKey.approval_id == approval_id).execution_options(populate_existing=True)
    ).all()
    session.expire(row, ["keys"])
    return row


def turn(session: Session, key_id: int, turned: Turn, *, now: datetime) -> Turned:
    """Turn a key under the lock. The same turn again changes nothing; Refusal where it is decided otherwise."""
    key = session.get_one(ApprovalKey, key_id)
    return decide(session, lock(session, key.approval_id), key, turned, now=now)


def decide(session: Session, approval: Approval, key: ApprovalKey, turned: Turn, *, now: datetime) -> Turned:
    """Turn a key of an approval and draw the conclusion. Only right on an approval that is locked."""
    if key.state is turned.says and approval.state is not ApprovalState.WITHDRAWN:
        return Turned(key, changed=False)
    if key.state in TURNED:
        raise Refusal(f"This key has been turned already: {WORDS[key.state]}.")
    if approval.state is not ApprovalState.OPEN:
        raise Refusal(ENDED[approval.state])
    move(key, turned.says, moves=KEY_MOVES)
    key.turned_at, key.turned_by_id = now, turned.person_id
    key.reason, key.words = turned.reason, turned.words
    session.flush()
    end_links(session, [key.id], now=now)
    result = outcome(one.state for one in approval.keys)
    if result is not ApprovalState.OPEN:
        end(session, approval, result, now=now)
    return Turned(key, changed=True, decided=result is not ApprovalState.OPEN)


def end(session: Session, approval: Approval, state: ApprovalState, *, now: datetime) -> None:
    """Close an approval that is locked: keys that wait are needed no more, and every link ends."""
    move(approval, state, moves=APPROVAL_MOVES)
    approval.decided_at = now
    for key in approval.keys:
        if key.state is KeyState.WAITING:
            move(key, KeyState.CLOSED, moves=KEY_MOVES)
    session.flush()
    end_links(session, [key.id for key in approval.keys], now=now)


def withdraw(session: Session, kind: str, subject_id: int, *, now: datetime) -> Approval | None:
    """Ask no more about a thing; None where nothing was asked."""
    found = open_approval(session, kind, subject_id)
    if found is None:
        return None
    approval = lock(session, found.id)
    if approval.state is not ApprovalState.OPEN:
        return None
    end(session, approval, ApprovalState.WITHDRAWN, now=now)
    return approval


def delegate(session: Session, key_id: int, person_id: int | None, *, now: datetime) -> ApprovalKey:
    """Let another person turn a key, or nobody but its organisers again; links told before open nothing any more."""
    key = session.get_one(ApprovalKey, key_id)
    approval = lock(session, key.approval_id)
    if approval.state is not ApprovalState.OPEN:
        raise Refusal(ENDED[approval.state])
    if key.state is not KeyState.WAITING:
        raise Refusal(f"This key has been turned already: {WORDS[key.state]}.")
    key.delegate_id = person_id
    session.flush()
    end_links(session, [key.id], now=now)
    session.expire(key, ["delegate"])
    return key


def take_back(session: Session, key_id: int) -> Approval:
    """Let keys wait again as they did before one was turned, by their links too: as long as nobody has been told."""
    key = session.get_one(ApprovalKey, key_id)
    approval = lock(session, key.approval_id)
    turned_at = key.turned_at
    move(key, KeyState.WAITING, moves=KEYS_TAKEN_BACK)
    key.turned_at, key.turned_by_id, key.reason, key.words = None, None, "", ""
    reopen(approval)
    session.flush()
    revive_links(session, approval, ended_at=turned_at)
    return approval


def ask_on(session: Session, approval_id: int) -> Approval | None:
    """Ask again what was withdrawn, with every key as it had been turned; None where it cannot be, or is asked anew."""
    approval = lock(session, approval_id)
    ended_at = approval.decided_at
    if approval.state is not ApprovalState.WITHDRAWN:
        return None
    if open_approval(session, approval.subject_kind, approval.subject_id) is not None:
        return None
    reopen(approval)
    session.flush()
    revive_links(session, approval, ended_at=ended_at)
    return approval


def reopen(approval: Approval) -> None:
    """Let an approval that is locked wait for the keys that were needed no more."""
    if approval.state is ApprovalState.OPEN:
        return
    move(approval, ApprovalState.OPEN, moves=APPROVALS_TAKEN_BACK)
    approval.decided_at = None
    for key in approval.keys:
        if key.state is KeyState.CLOSED:
            move(key, KeyState.WAITING, moves=KEYS_TAKEN_BACK)


def revive_links(session: Session, approval: Approval, *, ended_at: datetime | None) -> None:
    """Let links that ended at an instant open their keys again, where those wait."""
    waiting = [one.id for one in approval.keys if one.state is KeyState.WAITING]
    ended = (SignOffLink.key_id.in_(waiting), SignOffLink.ended_at == ended_at, SignOffLink.used_at.is_(None))
    session.execute(update(SignOffLink).where(*ended).values(ended_at=None))


def make_link(session: Session, key_id: int, person_id: int, *, now: datetime) -> str:
    """Make a link for one person to turn one key, and return its secret, which is kept nowhere here."""
    token = new_token()
    session.add(SignOffLink(key_id=key_id, person_id=person_id, token_hash=token_hash(token), made_at=now))
    session.flush()
    return token


def end_links(session: Session, key_ids: list[int], *, now: datetime) -> None:
    """End every link of keys that opens something still."""
    live = update(SignOffLink).where(SignOffLink.key_id.in_(key_ids), SignOffLink.ended_at.is_(None))
    session.execute(live.values(ended_at=now))
