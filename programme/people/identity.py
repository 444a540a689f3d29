"""Who is acting: from the browser's cookie to an Actor, in one place."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from programme.core.tokens import token_hash
from programme.people.models import Basis, BrowserSession, Person
from programme.people.permissions import NOBODY, Actor, Grant

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

COOKIE = "programme_session"
SIGNED_IN_FOR = timedelta(days=30)


def actor_for_cookie(session: Session, token: str | None, *, now: datetime) -> Actor:
    """Return who holds the cookie's secret; NOBODY where it is unknown, revoked or thirty days old.

    Every request asks this first, so it is one statement: grants and ties multiply its rows, and are few.
    """
    if not token:
        return NOBODY
    found = session.scalars(browsers(), {"token_hash": token_hash(token), "after": now - SIGNED_IN_FOR})
    row = found.unique().one_or_none()
    return actor_of(row.person, session_id=row.id, seen_at=row.last_seen_at) if row else NOBODY


@cache
def browsers() -> Select[BrowserSession]:
    """Return the statement behind `actor_for_cookie`: built once, as building it costs as much as running it."""
    person = joinedload(BrowserSession.person, innerjoin=True)
    return (
        select(BrowserSession)
        .where(
            BrowserSession.token_hash == bindparam("token_hash"),
            BrowserSession.revoked_at.is_(None),
            BrowserSession.created_at > bindparam("after"),
        )
        .options(person.joinedload(Person.grants), person.joinedload(Person.affiliations))
    )


def actor_of(person: Person, *, session_id: int | None = None, seen_at: datetime | None = None) -> Actor:
    """Return `person` as the permission table reads them."""
    proved = [tie for tie in person.affiliations if tie.basis is Basis.PROVED]
    return Actor(
        person_id=person.id,
        name=person.name,
        address=person.address,
        grants=tuple(
            Grant(
                role=grant.role,
                organisation=grant.organisation_id,
                strand=grant.strand,
                subject=(grant.subject_kind, grant.subject_id)
                if grant.subject_kind and grant.subject_id is not None
                else None,
            )
            for grant in person.grants
        ),
        member_of=frozenset(tie.organisation_id for tie in proved),
        home=next((tie.organisation_id for tie in proved if tie.is_home), None),
        session_id=session_id,
        seen_at=seen_at,
    )
