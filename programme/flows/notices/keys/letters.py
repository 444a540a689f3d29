"""Letters to those who turn a key: it waits, it is due soon, it is late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from programme.core.tokens import token_hash
from programme.engines.approvals.actions import make_link
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.rights import organisers_of, still_organises
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.flows.notices.keys.gathering import KEY, TOKEN, gather, open_secrets, secrets_of, thread_of
from programme.people.models import Organisation, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.approvals.ports import Described, Subjects
    from programme.engines.mail.models import OutboxMessage

EVERY_KEY = "/organise/keys"
ASKED, DUE, LATE = "key_asked", "key_due", "key_late"
KINDS = {ASKED: "A key waits for you", DUE: "A key is due soon", LATE: "A key is late"}


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
    """Queue the letter with a link of their own to whoever turns a key: its delegate, else its organisers.

    What is asked of one of them about an opening within an hour goes in one letter (see `gathering`).
    """
    if key.delegate is not None:
        people: Sequence[Person] = [key.delegate]
    else:
        people = session.scalars(organisers_of(key.organisation_id, key.approval.strand)).all()
    for person in people:
        row = asking(session, key, letter, person, now=now)
        gather(session, replace(row, subject=thread_of(session, key)), now=now)


def tell_delegate(session: Session, key: ApprovalKey, *, now: datetime) -> None:
    """Queue the letter to the person whom a key was given to by hand: at once, as they are told to look for it."""
    if key.delegate is not None:
        row = asking(session, key, ASKED, key.delegate, now=now)
        post(session, replace(row, subject=thread_of(session, key)), now=now)


def asking(session: Session, key: ApprovalKey, letter: str, person: Person, *, now: datetime) -> Post:
    """Return a letter that asks somebody for a key, with a new link."""
    token = make_link(session, key.id, person.id, now=now)
    to = Recipient(person.address, person.name, person.id)
    return letter_to(session, key, letter, to, {TOKEN: {str(key.id): token}}, now=now)


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
    """Write a letter from what is true now; None where no key in it waits any more, or its links have ended."""
    if message.id not in still_wanted(session, [message], now=now):
        return None
    if message.letter == LATE:
        links = {message.subject_id or 0: ""}
    else:
        live = open_secrets(session, [message])
        links = {one: secret for one, secret in secrets_of(message).items() if token_hash(secret) in live}
    options = [joinedload(ApprovalKey.approval), joinedload(ApprovalKey.organisation)]
    keys = select(ApprovalKey).where(ApprovalKey.id.in_(links)).options(*options)
    order = (ApprovalKey.due_at.asc().nulls_last(), ApprovalKey.id)
    things = things_of(session, rows := session.scalars(keys.order_by(*order)).all(), subjects)
    told = [
        Told(
            name=message.recipient_name,
            title=things[key.id].title,
            about=things[key.id].about,
            organisation=key.organisation.short_name,
            due_at=key.due_at,
            link=f"{base_url}/keys/{links[key.id]}" if links[key.id] else "",
            page=f"{base_url}{things[key.id].path}",
            is_delegate=key.delegate_id is not None and key.delegate_id == message.person_id,
        )
        for key in rows
        if key.id in things
    ]
    return Composed({"it": told[0], "keys": told, "all_page": f"{base_url}{EVERY_KEY}"}) if told else None


def things_of(session: Session, keys: Sequence[ApprovalKey], subjects: Subjects) -> dict[int, Described]:
    """Return what keys decide about, by the key's id; what is gone, or of no kind that is known here, is left out."""
    found = {}
    for kind in {key.approval.subject_kind for key in keys} & subjects.keys():
        own = {key.id: key.approval.subject_id for key in keys if key.approval.subject_kind == kind}
        described = subjects[kind].described(session, list(own.values()))
        found.update({key_id: described[one] for key_id, one in own.items() if one in described})
    return found


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters of which a key still waits, to those who hold it still, whose link still turns it."""
    del now
    late = [row for row in messages if row.letter == LATE]
    asked = [row for row in messages if row.letter != LATE]
    live = open_secrets(session, asked) if asked else set()
    wanted = {row.id for row in asked if any(token_hash(one) in live for one in secrets_of(row).values())}
    return wanted | (told_late(session, late) if late else set())


def told_late(session: Session, messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the ids of letters that a key is late, and waits still: to those who organise still, or escalated to."""
    waiting = (
        select(ApprovalKey.id)
        .join(Approval, Approval.id == ApprovalKey.approval_id)
        .where(ApprovalKey.id.in_({row.subject_id or 0 for row in messages}))
        .where(ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN)
    )
    waits = set(session.scalars(waiting))
    leads = still_organises(Person.id, Approval.organisation_id)
    organises = or_(leads, still_organises(Person.id, ApprovalKey.organisation_id))
    about = select(ApprovalKey.id, Person.id).join(Approval, Approval.id == ApprovalKey.approval_id)
    people = {row.person_id for row in messages if row.person_id is not None}
    pairs = about.join(Person, Person.id.in_(people)).where(
        ApprovalKey.id.in_({row.subject_id for row in messages}), organises
    )
    found = {(key_id, person_id) for key_id, person_id in session.execute(pairs)}
    theirs = [row for row in messages if row.person_id is None or (row.subject_id, row.person_id) in found]
    return {row.id for row in theirs if row.subject_id in waits}


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
    return {"it": told, "keys": [told], "all_page": f"{site}{EVERY_KEY}"}


def letters(base_url: str, subjects: Subjects) -> tuple[Letter, ...]:
    """Return the kinds of letter about keys."""
    write = partial(compose, subjects=subjects, base_url=base_url)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, partial(example, name), still_wanted=still_wanted)
        for name, title in KINDS.items()
    )
