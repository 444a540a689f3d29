"""Words that organisers put on registrations: on, off, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.core.web.forms import one_line
from programme.engines.registration.actions import lock
from programme.engines.registration.models import Registration, RegistrationTag

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

LONGEST_TAG, MOST_TAGS = 60, 20
EMPTY = "Enter a word, such as “speaker” or “needs a visa”."
TOO_LONG = f"Keep a tag to {LONGEST_TAG} characters."
TOO_MANY = f"There are {MOST_TAGS} tags here already, which is the most. Use one of them, or take one off everybody."


def tags_in(session: Session, opening_id: int) -> dict[str, int]:
    """Return the tags of an opening in the order of the alphabet, with how many bear each."""
    statement = (
        select(RegistrationTag.tag, func.count())
        .join(Registration, Registration.id == RegistrationTag.registration_id)
        .where(Registration.opening_id == opening_id)
        .group_by(RegistrationTag.tag)
        .order_by(func.lower(RegistrationTag.tag), RegistrationTag.tag)
    )
    return dict(session.execute(statement).all())


def tags_of(session: Session, registration_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the tags of some registrations, in one query."""
    if not registration_ids:
        return {}
    statement = select(RegistrationTag.registration_id, RegistrationTag.tag).where(
        RegistrationTag.registration_id.in_(registration_ids)
    )
    found: dict[int, list[str]] = {}
    for registration_id, tag in session.execute(statement.order_by(func.lower(RegistrationTag.tag))):
        found.setdefault(registration_id, []).append(tag)
    return found


def tags_among(session: Session, some: Select[int]) -> list[str]:
    """Return which tags are borne by any of some registrations, given by a statement of their ids."""
    statement = select(RegistrationTag.tag).where(RegistrationTag.registration_id.in_(some)).distinct()
    return sorted(session.scalars(statement), key=str.casefold)


def bearers(session: Session, opening_id: int, tag: str) -> frozenset[int]:
    """Return who bears a tag in an opening already, however it is spelt."""
    rows = select(RegistrationTag.registration_id, RegistrationTag.tag).join(
        Registration, Registration.id == RegistrationTag.registration_id
    )
    found = session.execute(rows.where(Registration.opening_id == opening_id))
    word = one_line(tag).casefold()
    return frozenset(one for one, borne in found if borne.casefold() == word)


def put(
    session: Session, opening_id: int, ids: Collection[int], tag: str, *, actor: Actor, now: datetime
) -> tuple[str, int]:
    """Put a tag on registrations of an opening; return it as it is spelt there, and how many did not bear it.

    Under the opening's lock, so that two at once make neither a tag too many nor two spellings of one.
    """
    word = checked(tag)
    opening = lock(session, opening_id)
    there = tags_in(session, opening_id)
    word = next((known for known in there if known.casefold() == word.casefold()), word)
    if word not in there and len(there) >= MOST_TAGS:
        raise Refusal(TOO_MANY, field="word")
    rows = [{"registration_id": one, "tag": word} for one in on_roll(session, opening_id, ids)]
    number = insert(session, rows)
    if number:
        note(session, opening, "tagged people", actor=actor, now=now, after={"tag": word, "people": number})
    return word, number


def take_off(session: Session, opening_id: int, ids: Collection[int], tag: str, *, actor: Actor, now: datetime) -> int:
    """Take a tag off registrations of an opening; return how many bore it."""
    opening = lock(session, opening_id)
    meant = on_roll(session, opening_id, ids)
    gone = delete(RegistrationTag).where(RegistrationTag.tag == tag, RegistrationTag.registration_id.in_(meant))
    number = len(session.execute(gone.returning(RegistrationTag.registration_id)).all())
    if number:
        note(session, opening, "took a tag off", actor=actor, now=now, before={"tag": tag, "people": number})
    return number


def checked(tag: str) -> str:
    """Return a tag as it is kept; Refusal where it cannot be one."""
    word = one_line(tag)
    if not word:
        raise Refusal(EMPTY, field="word")
    if len(word) > LONGEST_TAG:
        raise Refusal(TOO_LONG, field="word")
    return word


def on_roll(session: Session, opening_id: int, ids: Collection[int]) -> list[int]:
    """Return which of `ids` are people on the roll; a nameless registration bears no words about anybody."""
    found = select(Registration.id).where(
        Registration.opening_id == opening_id, Registration.id.in_(ids), Registration.person_id.is_not(None)
    )
    return list(session.scalars(found.order_by(Registration.id)))


def insert(session: Session, rows: list[dict[str, object]]) -> int:
    """Add tags that are not there; return how many were not."""
    if not rows:
        return 0
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    once = dialect.insert(RegistrationTag).on_conflict_do_nothing(index_elements=["registration_id", "tag"])
    return len(session.execute(once.returning(RegistrationTag.registration_id), rows).all())
