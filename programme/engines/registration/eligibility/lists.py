"""The list of addresses that may register for an opening: added, taken off, counted; under the opening's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from programme.core.audit import note
from programme.core.refusal import Refusal
from programme.engines.registration.actions import lock
from programme.engines.registration.eligibility.models import ListedAddress
from programme.people.affiliations import address_key
from programme.people.queries import escaped

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

MOST_LISTED = 20_000


def listed(opening_id: int, *, words: str = "") -> Select[ListedAddress]:
    """Return the addresses on the list, by address; those that hold the words."""
    found = select(ListedAddress).where(ListedAddress.opening_id == opening_id).order_by(ListedAddress.address_key)
    like = f"%{escaped(words.lower())}%"
    return found.where(ListedAddress.address_key.like(like, escape="\\")) if words else found


def number_listed(session: Session, opening_id: int) -> int:
    """Return how many are on the list."""
    return session.scalar(select(func.count()).where(ListedAddress.opening_id == opening_id)) or 0


def add(session: Session, opening_id: int, addresses: Collection[str], *, actor: Actor, now: datetime) -> int:
    """Put addresses on the list; return how many were not on it."""
    opening = lock(session, opening_id)
    wanted = {address_key(one): one.strip() for one in addresses}
    if number_listed(session, opening_id) + len(wanted) > MOST_LISTED:
        raise Refusal(f"The list holds {MOST_LISTED:,} addresses at most.", field="people")
    if not wanted:
        return 0
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [
        {"opening_id": opening_id, "address_key": key, "address": address, "added_at": now}
        for key, address in sorted(wanted.items())
    ]
    once = insert(ListedAddress).on_conflict_do_nothing(index_elements=["opening_id", "address_key"])
    number = len(session.execute(once.returning(ListedAddress.address_key), rows).all())
    if number:
        note(session, opening, "added addresses", actor=actor, now=now, after={"addresses": number})
    return number


def take_off(session: Session, opening_id: int, keys: Collection[str], *, actor: Actor, now: datetime) -> int:
    """Take addresses off the list; return how many were on it. Whoever registered before stays registered."""
    opening = lock(session, opening_id)
    meant = (ListedAddress.opening_id == opening_id, ListedAddress.address_key.in_(keys))
    number = len(session.execute(delete(ListedAddress).where(*meant).returning(ListedAddress.address_key)).all())
    if number:
        note(session, opening, "took addresses off", actor=actor, now=now, before={"addresses": number})
    return number
