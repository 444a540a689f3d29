"""The letter that somebody changed how keys decide: to the organisers of every university that holds one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core.web.words import plural
from programme.engines.approvals.rights import organisers_of
from programme.engines.mail.outbox import USUAL, Post, Recipient, post
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.deciding.queries import key_holders
from programme.engines.registration.deciding.states import DecidedBy
from programme.engines.registration.models import Opening
from programme.people.models import Person, Role, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.people.models import Organisation
    from programme.people.permissions import Actor

TERMS = "key_terms_changed"
OPENING = "opening"
DECIDES = {DecidedBy.KEYS: "A key of each university", DecidedBy.ORGANISERS: "Any organiser"}
NO_DECISION = "Nobody, as places are given in another way"


def tell_terms(
    session: Session, opening: Opening, changed: Mapping[str, tuple[Any, Any]], *, actor: Actor, now: datetime
) -> None:
    """Queue the letter to the organisers of all that hold a key, but to whoever did it; nothing where nothing changed.

    An address stands in no letter of others, so of where lateness is told to it says only that it changed.
    """
    told: set[int | None] = {actor.person_id}
    for holder in key_holders(opening) if changed else ():
        for person in session.scalars(organisers_of(holder.id, opening.strand)):
            if person.id not in told:
                told.add(person.id)
                post(session, letter_to(opening, holder, person, in_words(changed), actor=actor, now=now), now=now)


def in_words(changed: Mapping[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Return what changed as people read it: what it is, before, and now."""
    rows = []
    if "decided_by" in changed:
        before, after = changed["decided_by"]
        rows.append(("Who decides", DECIDES[before], DECIDES.get(after, NO_DECISION)))
    if "days" in changed:
        before, after = changed["days"]
        rows.append(("Each key has", plural(before, "day"), plural(after, "day")))
    if "escalation_address" in changed:
        before, after = changed["escalation_address"]
        rows.append(("Told when late", "An address" if before else "Organisers alone", where_told(before, after)))
    return rows


def where_told(before: str, after: str) -> str:
    """Say where lateness is told to from now on, without the address."""
    if not after:
        return "Organisers alone"
    return "Another address" if before else "An address, too"


def letter_to(
    opening: Opening,
    holder: Organisation,
    person: Person,
    rows: list[tuple[str, str, str]],
    *,
    actor: Actor,
    now: datetime,
) -> Post:
    """Return the letter to one organiser; who did it is known by number, so that a name that goes is gone here, too."""
    lead = opening.lead_organisation
    return Post(
        letter=TERMS,
        key=f"{TERMS}:{opening.id}:{person.id}:{now:%Y%m%d%H%M%S%f}",
        recipient=Recipient(person.address, person.name, person.id),
        subject=(OPENING, opening.id),
        context={"by": actor.person_id, "changed": [list(row) for row in rows]},
        sender_name=lead.name,
        reply_to=lead.contact_address,
        organisation_id=holder.id,
        strand=opening.strand,
        priority=USUAL,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, base_url: str) -> Composed | None:
    """Write the letter as it was meant, with the names of today; None where its reader organises no more."""
    if not still_wanted(session, [message], now=now):
        return None
    opening = session.get_one(Opening, message.subject_id)
    doer = session.get(Person, message.context.get("by") or 0)
    return Composed(
        {
            "name": message.recipient_name,
            "who": (doer.name or doer.address) if doer else "Somebody who organises it",
            "title": opening.title,
            "rows": message.context.get("changed", []),
            "contact": message.reply_to or message.sender_name,
            "page_url": f"{base_url}/organise/openings/{opening.id}/decisions",
        }
    )


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters about openings that are there, to those who organise for the holder of a key still."""
    del now
    there = set(session.scalars(select(Opening.id).where(Opening.id.in_({row.subject_id or 0 for row in messages}))))
    people = {row.person_id or 0 for row in messages}
    roles = select(RoleGrant.person_id, RoleGrant.organisation_id, RoleGrant.strand)
    organise = roles.where(RoleGrant.person_id.in_(people), RoleGrant.role == Role.ORGANISER)
    held = {tuple(found) for found in session.execute(organise)}
    return [
        row.id
        for row in messages
        if row.subject_id in there
        and any((row.person_id, row.organisation_id, within) in held for within in (None, row.strand))
    ]


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of the letter."""
    return {
        "name": "Omar Oxley",
        "who": "Olga Oakhurst",
        "title": "Summer school on quantum sensing",
        "rows": [("Who decides", DECIDES[DecidedBy.KEYS], DECIDES[DecidedBy.ORGANISERS])],
        "contact": "exchange@liverpool.example.ac.uk",
        "page_url": "https://programme.example.ac.uk/organise/openings/1/decisions",
    }


def letters(base_url: str) -> tuple[Letter, ...]:
    """Return the kind of letter."""
    write = partial(compose, base_url=base_url)
    return (Letter(TERMS, "How keys decide was changed", Purpose.SERVICE, write, example, still_wanted=still_wanted),)
