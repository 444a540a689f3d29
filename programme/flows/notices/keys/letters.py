"""Letters to those who turn a key: it waits, it is due soon, it is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from programme.core.tokens import token_hash
from programme.engines.approvals.actions import make_link
from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.engines.approvals.rights import links_held, organisers_of, still_organises
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.people.models import Organisation, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.approvals.ports import Subjects
    from programme.engines.mail.models import OutboxMessage

KEY = "approval_key"
"""What these letters are about, in the outbox."""
ASKED, DUE, LATE = "key_asked", "key_due", "key_late"
KINDS = {ASKED: "A key waits for you", DUE: "A key is due soon", LATE: "A key is late"}
TOKEN = "token"  # noqa: S105  the name in the context, not a secret


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says about a key: `link` turns it and is empty in the letter that only tells that it is late."""

    name: str
    title: str
    about: str
    organisation: str
    due_at: datetime | None
    link: str
    page: str
    is_delegate: bool = False


def tell_holders(session: Session, key: ApprovalKey, letter: str, *, now: datetime) -> None:
    """Queue the letter with a link of their own to whoever turns a key: its delegate, else its organisers."""
    if key.delegate is not None:
        people: Sequence[Person] = [key.delegate]
    else:
        people = session.scalars(organisers_of(key.organisation_id, key.approval.strand)).all()
    for person in people:
        token = make_link(session, key.id, person.id, now=now)
        to = Recipient(person.address, person.name, person.id)
        post(session, letter_to(session, key, letter, to, {TOKEN: token}, now=now), now=now)


def tell_late(session: Session, key: ApprovalKey, *, now: datetime) -> None:
    """Queue the letter that a key is late: to the organisers of the lead and of the key, and where it escalates to."""
    approval = key.approval
    people = [
        *session.scalars(organisers_of(approval.organisation_id, approval.strand)),
        *session.scalars(organisers_of(key.organisation_id, approval.strand)),
    ]
    told = {row.address.casefold(): Recipient(row.address, row.name, row.id) for row in people}
    if approval.escalation_address:
        told.setdefault(approval.escalation_address.casefold(), Recipient(approval.escalation_address))
    for to in told.values():
        post(session, letter_to(session, key, LATE, to, {}, now=now), now=now)


def letter_to(
    session: Session, key: ApprovalKey, letter: str, to: Recipient, context: dict[str, Any], *, now: datetime
) -> Post:
    """Return the letter about a key to one person; answers go to the organisation that leads the thing."""
    lead = session.get_one(Organisation, key.approval.organisation_id)
    return Post(
        letter=letter,
        key=f"{letter}:{key.id}:{to.person_id or to.address}:{now:%Y%m%d%H%M%S%f}",
        recipient=to,
        subject=(KEY, key.id),
        context=context,
        sender_name=lead.name,
        reply_to=lead.contact_address,
        organisation_id=key.organisation_id,
        strand=key.approval.strand,
        priority=USUAL,
    )


def compose(
    session: Session, message: OutboxMessage, *, now: datetime, subjects: Subjects, base_url: str
) -> Composed | None:
    """Write a letter from what is true now; None where the key waits no more, or its link has ended."""
    del now
    options = [joinedload(ApprovalKey.approval), joinedload(ApprovalKey.organisation)]
    key = session.get(ApprovalKey, message.subject_id or 0, options=options)
    if key is None or key.state is not KeyState.WAITING or key.approval.subject_kind not in subjects:
        return None
    if message.id not in still_theirs(session, [message]):
        return None
    things = subjects[key.approval.subject_kind].described(session, [key.approval.subject_id])
    thing = things.get(key.approval.subject_id)
    if thing is None:
        return None
    link = f"{base_url}/keys/{message.context[TOKEN]}" if message.letter != LATE else ""
    told = Told(
        name=message.recipient_name,
        title=thing.title,
        about=thing.about,
        organisation=key.organisation.short_name,
        due_at=key.due_at,
        link=link,
        page=f"{base_url}{thing.path}",
        is_delegate=key.delegate_id is not None and key.delegate_id == message.person_id,
    )
    return Composed({"it": told})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose key still waits, to those who hold it still, whose link still turns it."""
    del now
    waiting = (
        select(ApprovalKey.id)
        .join(Approval, Approval.id == ApprovalKey.approval_id)
        .where(ApprovalKey.id.in_({message.subject_id or 0 for message in messages}))
        .where(ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN)
    )
    found, theirs = set(session.scalars(waiting)), still_theirs(session, messages)
    return [row.id for row in messages if row.subject_id in found and row.id in theirs]


def still_theirs(session: Session, messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of letters to those whom they concern still: a role may end while a letter waits."""
    late = [row for row in messages if row.letter == LATE]
    asked = [row for row in messages if row.letter != LATE]
    return (with_live_links(session, asked) if asked else set()) | (told_late(session, late) if late else set())


def with_live_links(session: Session, messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of letters that know a link which has not ended, of somebody who holds its key still.

    A link ends when its key is given to another.
    """
    secrets = {row.id: token_hash(str(row.context[TOKEN])) for row in messages if row.context.get(TOKEN)}
    live = links_held().where(SignOffLink.token_hash.in_(secrets.values()), SignOffLink.ended_at.is_(None))
    found = set(session.scalars(live))
    return {one for one, secret in secrets.items() if secret in found}


def told_late(session: Session, messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of letters that a key is late to where it escalates to, and to those who organise still."""
    leads = still_organises(Person.id, Approval.organisation_id)
    organises = or_(leads, still_organises(Person.id, ApprovalKey.organisation_id))
    about = select(ApprovalKey.id, Person.id).join(Approval, Approval.id == ApprovalKey.approval_id)
    people = {row.person_id for row in messages if row.person_id is not None}
    pairs = about.join(Person, Person.id.in_(people)).where(
        ApprovalKey.id.in_({row.subject_id for row in messages}), organises
    )
    found = {(key_id, person_id) for key_id, person_id in session.execute(pairs)}
    return {row.id for row in messages if row.person_id is None or (row.subject_id, row.person_id) in found}


def example(letter: str) -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    site = "https://programme.example.ac.uk"
    told = Told(
        name="Olga Oakhurst",
        title="Alice Aldgrove",
        about="Summer school on quantum sensing",
        organisation="Liverpool",
        due_at=datetime(2027, 3, 3, 17, tzinfo=UTC),
        link="" if letter == LATE else f"{site}/keys/example",
        page=f"{site}/organise/registrations/1",
    )
    return {"it": told}


def letters(base_url: str, subjects: Subjects) -> tuple[Letter, ...]:
    """Return the kinds of letter about keys."""
    write = partial(compose, subjects=subjects, base_url=base_url)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, partial(example, name), still_wanted=still_wanted)
        for name, title in KINDS.items()
    )
