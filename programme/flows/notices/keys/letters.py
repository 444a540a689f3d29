"""Letters to those who turn a key: it waits, it is due soon, it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.core.tokens import token_hash
from programme.core.web.words import join_words
from programme.engines.approvals.actions import make_link
from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.rights import organisers_of
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.deciding.own import whom
from programme.flows.notices.keys.gathering import KEY, TOKEN, TOLD, gather, open_secrets, secrets_of, thread_of
from programme.flows.notices.keys.late import once_each, waiting_late
from programme.flows.notices.keys.told import Told
from programme.people.models import Organisation, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.approvals.models import Approval
    from programme.engines.approvals.ports import Described, Subjects
    from programme.engines.mail.models import OutboxMessage

EVERY_KEY = "/organise/keys"
ASKED, DUE, LATE = "key_asked", "key_due", "key_late"
KINDS = {ASKED: "A key waits for you", DUE: "A key is due soon", LATE: "A key is late"}


def tell_holders(session: Session, key: ApprovalKey, letter: str, *, now: datetime) -> None:
    """Queue the letter with a link of their own to whoever turns a key: its delegate, else its organisers.

    What is asked of one of them about an opening within an hour goes in one letter (see `gathering`).
    """
    if key.delegate is not None:
        people: Sequence[Person] = [key.delegate]
    else:
        people = organisers(session, key.organisation_id, key.approval)
    for person in people:
        row = asking(session, key, letter, person, now=now)
        gather(session, replace(row, subject=thread_of(session, key)), now=now)


def organisers(session: Session, organisation_id: int, approval: Approval) -> Sequence[Person]:
    """Return who is told about a key at an organisation: never whom it is about."""
    concerned = whom(session, approval)
    found = session.scalars(organisers_of(organisation_id, approval.strand)).all()
    return [one for one in found if one.id != concerned]


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
    """Let the letter that keys of an opening are late tell of one more (see `gathering`).

    It goes to the organisers of the lead, who lead the thing, to where it escalates to, and to the organisers of the
    key, whose letter is of their own university's keys alone.
    """
    approval = key.approval
    leads = organisers(session, approval.organisation_id, approval)
    own = organisers(session, key.organisation_id, approval)
    told = {
        row.address.casefold(): (Recipient(row.address, row.name, row.id), approval.organisation_id) for row in leads
    }
    for row in own:
        told.setdefault(row.address.casefold(), (Recipient(row.address, row.name, row.id), key.organisation_id))
    if approval.escalation_address:
        to = Recipient(approval.escalation_address)
        told.setdefault(approval.escalation_address.casefold(), (to, approval.organisation_id))
    subject = thread_of(session, key)
    for to, organisation_id in told.values():
        letter = letter_to(session, key, LATE, to, {TOLD: {str(key.id): ""}}, now=now)
        gather(session, replace(letter, subject=subject, organisation_id=organisation_id), now=now)


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
    del now
    links = links_in(session, message)
    if not links:
        return None
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
    return Composed(variables_of(told, all_page=f"{base_url}{EVERY_KEY}")) if told else None


def links_in(session: Session, message: OutboxMessage) -> dict[int, str]:
    """Return the keys in a letter that it is still about, by id, each with the secret of its link, if it has one."""
    if message.letter == LATE:
        return dict.fromkeys(waiting_late(session, [message])[message.id], "")
    live = open_secrets(session, [message])
    return {one: secret for one, secret in secrets_of(message).items() if token_hash(secret) in live}


def variables_of(told: Sequence[Told], *, all_page: str) -> dict[str, Any]:
    """Return what a letter is written from: each thing once, and the universities that it is about."""
    keys = once_each(told)
    organisations = join_words(dict.fromkeys(one.organisation for one in told))
    return {"it": keys[0], "keys": keys, "organisations": organisations, "several": len(told) > 1, "all_page": all_page}


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
    return wanted | {one for one, keys in (waiting_late(session, late) if late else {}).items() if keys}


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
    return variables_of([told], all_page=f"{site}{EVERY_KEY}")


def letters(base_url: str, subjects: Subjects) -> tuple[Letter, ...]:
    """Return the kinds of letter about keys."""
    write = partial(compose, subjects=subjects, base_url=base_url)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, partial(example, name), still_wanted=still_wanted)
        for name, title in KINDS.items()
    )
