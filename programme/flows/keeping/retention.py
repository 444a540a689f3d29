"""Retention: what personal data has served its time goes, room by room, as the privacy page says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from programme.engines.approvals.models import ApprovalKey
from programme.engines.approvals.states import KeyState
from programme.engines.calendar.models import PersonalFeed
from programme.engines.registration.deciding.models import KeyHolder
from programme.engines.registration.eligibility.keeper import long_over
from programme.engines.registration.models import Registration
from programme.people.keeping.ports import AT_ONCE, Hanging, known_to
from programme.people.models import Person, RoleGrant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Keeper, Times


def forget(session: Session, keepers: Iterable[Keeper], times: Times, *, now: datetime) -> int:
    """Let every room go what has served its time, then guests of whom nothing is left; returns how many rows went.

    What hangs on other rooms' things goes in the same turn as these: rooms that keep such are asked once more. At most
    `AT_ONCE` of each kind go in one turn, so that no turn holds the database for long.
    """
    keepers = tuple(keepers)
    gone = sum(keeper.retire(session, times, now=now) for keeper in (*keepers, *also(keepers)))
    return gone + forget_guests(session, keepers, known_before=now - times.registered)


def also(keepers: Iterable[Keeper]) -> list[Keeper]:
    """Return the keepers whose data hang on what others have just let go."""
    return [keeper for keeper in keepers if isinstance(keeper, Hanging)]


def forget_guests(session: Session, keepers: Iterable[Keeper], *, known_before: datetime) -> int:
    """Delete guests who registered for nothing that still names them; whoever ever signed in has an account."""
    nameless = guests(known_before=known_before, known=known_to(keepers)).order_by(Person.id)
    ids = session.scalars(nameless.limit(AT_ONCE)).all()
    if ids:
        session.execute(delete(Person).where(Person.id.in_(ids)), execution_options={"synchronize_session": False})
    return len(ids)


def guests(*, known_before: datetime, known: Iterable[Select[Any]] = ()) -> Select[int]:
    """Return those who never signed in and hold nothing: no registration, role, key or calendar address.

    `known` select those whom other rooms keep something about, though they may never sign in. Who turns the keys of an
    opening is known as long as those who registered for it are.
    """
    named = (KeyHolder.person_id == Person.id, KeyHolder.opening_id.not_in(long_over(before=known_before)))
    held = (ApprovalKey.delegate_id == Person.id, ApprovalKey.state == KeyState.WAITING)
    return select(Person.id).where(
        Person.signed_in_at.is_(None),
        Person.created_at < known_before,
        ~exists().where(Registration.person_id == Person.id),
        ~exists().where(RoleGrant.person_id == Person.id),
        ~exists().where(PersonalFeed.person_id == Person.id),
        ~exists().where(*named),
        ~exists().where(*held),
        *(Person.id.not_in(people) for people in known),
    )
