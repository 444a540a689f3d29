"""Keys: turned by an organiser or by a link, delegated, asked for; what they decide is carried out and told at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.approvals import actions as approvals
from programme.engines.approvals.actions import ENDED, Turn, Turned
from programme.engines.approvals.models import ApprovalKey, SignOffLink
from programme.engines.approvals.outcome import TURNED
from programme.engines.approvals.queries import open_approval
from programme.engines.approvals.rights import holds, may_turn, still_holds
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.flows.notices.keys.letters import ASKED, tell_delegate, tell_holders
from programme.people.affiliations import person_for
from programme.people.permissions import Actor

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.approvals.models import Approval
    from programme.engines.approvals.ports import ApprovalSubject, Subjects

VERBS = {KeyState.YES: "turned a key to yes", KeyState.NO: "turned a key to no"}
NOT_YOURS = "This key belongs to another organisation: its organisers turn it."
NOT_TO_THEM = "It is about them, or they have a part in it otherwise. Give the key to somebody else."
NOT_ASKED = "The universities are asked once the address is proved."
NOT_WAITING = "It waits for the other university’s key, not for yours."
LINK_ENDED = "This link has ended, as the key was given to somebody else. Use the link of the newest letter."

HOLDS_NO_MORE = "You do not decide about this any more, so this link turns no key. Its organisers know more: {whom}."


def tell_asked(session: Session, approval: Approval, *, now: datetime) -> None:
    """Tell everybody whose key an approval waits for."""
    for key in approval.keys:
        if key.state is KeyState.WAITING:
            tell_holders(session, key, ASKED, now=now)


def turn_key(session: Session, key_id: int, turned: Turn, *, subjects: Subjects, actor: Actor, now: datetime) -> Turned:
    """Turn a key that the actor holds; what that decides is carried out and told."""
    key = session.get_one(ApprovalKey, key_id)
    subject = subjects[key.approval.subject_kind]
    subject.hold(session, key.approval.subject_id, now=now)
    approval = approvals.lock(session, key.approval_id)
    scope = subject.scope(session, approval.subject_id)
    if scope is None or not may_turn(actor, key, scope):
        raise Refusal(NOT_YOURS)
    refuse_apart(session, subject, approval.subject_id, actor.person_id)
    done = approvals.decide(session, approval, key, replace(turned, person_id=actor.person_id), now=now)
    carry_out(session, subject, done, actor=actor, now=now)
    return done


def turn_own_keys(
    session: Session, thing: tuple[str, int], turned: Turn, *, subjects: Subjects, actor: Actor, now: datetime
) -> None:
    """Turn every key of a thing that the actor organises for and that waits; Refusal where none does."""
    approval, scope = open_approval(session, *thing), subjects[thing[0]].scope(session, thing[1])
    if approval is None or scope is None:
        raise Refusal(NOT_ASKED)
    own = [key.id for key in approval.keys if key.state is KeyState.WAITING and holds(actor, key, scope)]
    if not own:
        raise Refusal(NOT_WAITING)
    for key_id in own:
        turn_key(session, key_id, turned, subjects=subjects, actor=actor, now=now)


def turn_by_link(session: Session, link: SignOffLink, turned: Turn, *, subjects: Subjects, now: datetime) -> Turned:
    """Turn the key of a secret link; the same link again changes nothing, and one that ended opens nothing."""
    key = session.get_one(ApprovalKey, link.key_id)
    subject = subjects[key.approval.subject_kind]
    subject.hold(session, key.approval.subject_id, now=now)
    approval = approvals.lock(session, key.approval_id)
    session.refresh(link)
    if link.used_at is None:
        refuse_ended(session, approval, key, link)
        refuse_apart(session, subject, approval.subject_id, link.person_id)
    done = approvals.decide(session, approval, key, replace(turned, person_id=link.person_id), now=now)
    if done.changed:
        link.used_at = now
        session.flush()
        carry_out(session, subject, done, actor=Actor(person_id=link.person_id), now=now)
    return done


def refuse_ended(session: Session, approval: Approval, key: ApprovalKey, link: SignOffLink) -> None:
    """Refuse a link that ended before it was used, or whose person holds the key no more, with why."""
    if approval.state is not ApprovalState.OPEN:
        raise Refusal(ENDED[approval.state])
    if key.state in TURNED:
        raise Refusal("A colleague has turned this key already.")
    if link.ended_at is not None:
        raise Refusal(LINK_ENDED)
    if not still_holds(session, link):
        raise Refusal(HOLDS_NO_MORE.format(whom=key.organisation.contact_address or key.organisation.name))


def refuse_apart(session: Session, subject: ApprovalSubject, subject_id: int, person_id: int | None) -> None:
    """Refuse a key to whom it concerns otherwise than as an organiser."""
    why = subject.kept_out(session, subject_id, person_id)
    if why:
        raise Refusal(why)


def carry_out(session: Session, subject: ApprovalSubject, done: Turned, *, actor: Actor, now: datetime) -> None:
    """Write a turn down, stop what asked for it, and let the thing follow where it decided."""
    if not done.changed:
        return
    key, approval = done.key, done.key.approval
    note(session, key, VERBS[key.state], actor=actor, now=now)
    if done.decided:
        words = key.words if key.state is KeyState.NO else ""
        subject.on_decided(session, approval, words=words, actor=actor, now=now)


def delegate_key(
    session: Session, key_id: int, *, name: str, address: str, subjects: Subjects, actor: Actor, now: datetime
) -> ApprovalKey:
    """Give a key to another person, who gets a link and needs no account; links told before end."""
    key = own_key(session, key_id, subjects=subjects, actor=actor, now=now)
    person = person_for(session, address=address, name=name, now=now)
    if subjects[key.approval.subject_kind].kept_out(session, key.approval.subject_id, person.id):
        raise Refusal(NOT_TO_THEM, field="address")
    approvals.delegate(session, key_id, person.id, now=now)
    session.refresh(key)
    tell_delegate(session, key, now=now)
    note(session, key, "delegated a key", actor=actor, now=now)
    return key


def take_back_delegation(
    session: Session, key_id: int, *, subjects: Subjects, actor: Actor, now: datetime
) -> ApprovalKey:
    """Let only its organisers turn a key again."""
    key = own_key(session, key_id, subjects=subjects, actor=actor, now=now)
    if key.delegate_id is None:
        return key
    approvals.delegate(session, key_id, None, now=now)
    note(session, key, "took a key back", actor=actor, now=now)
    return key


def own_key(session: Session, key_id: int, *, subjects: Subjects, actor: Actor, now: datetime) -> ApprovalKey:
    """Return a key that the actor organises for, its thing locked; a delegate passes nothing on."""
    key = session.get_one(ApprovalKey, key_id)
    subject = subjects[key.approval.subject_kind]
    subject.hold(session, key.approval.subject_id, now=now)
    scope = subject.scope(session, key.approval.subject_id)
    if scope is None or not holds(actor, key, scope):
        raise Refusal(NOT_YOURS)
    refuse_apart(session, subject, key.approval.subject_id, actor.person_id)
    return key


def note(session: Session, key: ApprovalKey, verb: str, *, actor: Actor, now: datetime) -> None:
    """Write an act on a key into the trail of its thing: whose key, never why."""
    approval = key.approval
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(approval.subject_kind, approval.subject_id),
        now=now,
        organisation_id=approval.organisation_id,
        after={"organisation": key.organisation.short_name},
    )
