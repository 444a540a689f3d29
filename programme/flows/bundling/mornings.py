"""Organisers' morning letter of what needs them: one a person and day, by choice; none where nothing does."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from programme.engines.mail.addresses.models import LetterChoice
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import USUAL, Post, Recipient, post_all
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.wishes.quiet import day_of, instant_of
from programme.people.identity import actor_of
from programme.people.models import Person, Role, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.flows.bundling.ports import NeedsOf

MORNING = "morning"
USEFUL_FOR = timedelta(hours=10)
MOST_TOLD = 20


def queue_mornings(session: Session, now: datetime) -> int:
    """Queue the morning letters whose time has come and that are not queued yet; return how many.

    What needs somebody is reckoned as the letter leaves. Whoever asks for it after its time has it from tomorrow.
    """
    due = [
        (choice, person, key)
        for choice, person in session.execute(wanting()).all()
        for key in [f"{MORNING}:{person.id}:{day_of(now).isoformat()}"]
        if is_time(choice, now=now)
    ]
    known = select(OutboxMessage.dedup_key).where(OutboxMessage.dedup_key.in_([key for *_, key in due]))
    there = set(session.scalars(known)) if due else set()
    letters = [letter_to(choice, person, key, now=now) for choice, person, key in due if key not in there]
    return post_all(session, letters, now=now)


@cache
def wanting() -> Any:
    """Return how to find the choices and rows of organisers who want the letter: built once for every minute."""
    organises = select(RoleGrant.person_id).where(RoleGrant.role.in_((Role.ORGANISER, Role.ADMINISTRATOR)))
    found = select(LetterChoice, Person).join(Person, Person.id == LetterChoice.person_id)
    return found.where(LetterChoice.wants_morning, Person.id.in_(organises)).order_by(Person.id)


def is_time(choice: LetterChoice, *, now: datetime) -> bool:
    """Whether today's letter is due: its time has come, not too long ago, and not before it was asked for."""
    at = time_of(choice, now=now)
    return at <= now < at + USEFUL_FOR and at >= choice.changed_at


def time_of(choice: LetterChoice, *, now: datetime) -> datetime:
    """Return when today's letter goes."""
    return instant_of(day_of(now), choice.digest_at)


def letter_to(choice: LetterChoice, person: Person, key: str, *, now: datetime) -> Post:
    """Return the letter to one organiser."""
    return Post(
        letter=MORNING,
        key=key,
        recipient=Recipient(person.address, person.name, person.id),
        subject=("person", person.id),
        valid_until=time_of(choice, now=now) + USEFUL_FOR,
        priority=USUAL,
    )


def compose(
    session: Session, message: OutboxMessage, *, now: datetime, needs: NeedsOf, base_url: str
) -> Composed | None:
    """Write what needs its reader now; None where nothing does, or where they want the letter no more."""
    choice = session.get(LetterChoice, message.person_id or 0, populate_existing=True)
    if choice is None or not choice.wants_morning:
        return None
    options = (selectinload(Person.grants), selectinload(Person.affiliations))
    person = session.get_one(Person, message.person_id or 0, options=options, populate_existing=True)
    found = needs(session, actor_of(person), now=now)
    if not found:
        return None
    told = [
        {"title": one.title, "why": one.why, "by": one.words(now), "link": f"{base_url}{one.url}"}
        for one in found[:MOST_TOLD]
    ]
    more = len(found) - len(told)
    return Composed(
        {
            "name": person.name or "organiser",
            "needs": told,
            "more": more,
            "count": len(found),
            "home": f"{base_url}/organise",
        }
    )


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> set[int]:
    """Ask again who wants the letter; what needs them was reckoned a moment ago."""
    del now
    people = {row.person_id for row in messages if row.person_id is not None}
    wanting_it = set(session.scalars(wanting().with_only_columns(Person.id).where(Person.id.in_(people))))
    return {row.id for row in messages if row.person_id in wanting_it}


def example() -> dict[str, Any]:
    """Return invented variables: the preview of this kind of letter."""
    site = "https://programme.example.ac.uk"
    return {
        "name": "Olga Oakhurst",
        "needs": [
            {
                "title": "3 people wait for your decision",
                "why": "Quantum sensing for chemists. Give places or refuse; each is told.",
                "by": "Today, 17:00 GMT",
                "link": f"{site}/organise/openings/1?state=pending",
            }
        ],
        "more": 0,
        "count": 1,
        "home": f"{site}/organise",
    }


def letter(needs: NeedsOf, *, base_url: str) -> Letter:
    """Return the kind of letter, with who knows what needs somebody."""
    write = partial(compose, needs=needs, base_url=base_url)
    return Letter(
        MORNING,
        "What needs you today",
        Purpose.SERVICE,
        write,
        example,
        is_private=True,
        gathers=True,
        still_wanted=still_wanted,
    )
