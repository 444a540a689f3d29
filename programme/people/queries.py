"""Named reads of the people room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from programme.core.audit import AuditEntry
from programme.people.models import (
    Affiliation,
    Installation,
    Organisation,
    OrganisationKind,
    Person,
    RoleGrant,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def organisations(session: Session) -> Sequence[Organisation]:
    """Return every organisation in its order on pages."""
    return session.scalars(select(Organisation).order_by(Organisation.position, Organisation.id)).all()


def universities(session: Session) -> Sequence[Organisation]:
    """Return the universities, which are the controllers of personal data."""
    return [row for row in organisations(session) if row.kind is OrganisationKind.UNIVERSITY]


def organisations_run_by(session: Session, actor: Actor) -> Sequence[Organisation]:
    """Return the organisations that `actor` organises for; an administrator looks after all."""
    known = organisations(session)
    return known if actor.is_administrator else [row for row in known if row.id in actor.organises_for]


def with_ties(session: Session, person_id: int) -> Person:
    """Return a person with ties and roles loaded."""
    options = (
        selectinload(Person.affiliations).selectinload(Affiliation.organisation),
        selectinload(Person.grants).selectinload(RoleGrant.organisation),
    )
    return session.scalars(select(Person).where(Person.id == person_id).options(*options)).one()


def holders(actor: Actor, *, search: str = "", never_here: bool = False) -> Select[Person]:
    """Return the people who hold a role that `actor` may see, by name; `never_here` those who never signed in."""
    held = select(RoleGrant.person_id).where(visible(actor))
    found = select(Person).where(Person.id.in_(held)).order_by(func.lower(Person.name), Person.id)
    if never_here:
        found = found.where(Person.signed_in_at.is_(None))
    if search:
        words = f"%{escaped(search.casefold())}%"
        like = (func.lower(Person.name).like(words, escape="\\"), Person.address_key.like(words, escape="\\"))
        found = found.where(or_(*like))
    return found


def visible_roles(session: Session, actor: Actor, people: Iterable[Person]) -> dict[int, list[RoleGrant]]:
    """Return the roles of `people` that `actor` may see, by person, in one query."""
    found: dict[int, list[RoleGrant]] = {person.id: [] for person in people}
    rows = session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id.in_(found), visible(actor))
        .options(selectinload(RoleGrant.organisation))
        .order_by(RoleGrant.id)
    )
    for row in rows:
        found[row.person_id].append(row)
    return found


def visible(actor: Actor) -> Any:
    """Return the condition for roles that concern `actor`: those within what they organise."""
    everything = RoleGrant.id.is_not(None)
    return everything if actor.is_administrator else RoleGrant.organisation_id.in_(actor.organises_for)


def entries(actor: Actor) -> Select[AuditEntry]:
    """Return the trail of the organisations `actor` organises for, the newest first; administrators read all."""
    found = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    return found if actor.is_administrator else found.where(AuditEntry.organisation_id.in_(actor.organises_for))


def people_called(search: str) -> Select[int]:
    """Return the ids of people whose name or address contains `search`."""
    words = f"%{escaped(search.casefold())}%"
    like = (func.lower(Person.name).like(words, escape="\\"), Person.address_key.like(words, escape="\\"))
    return select(Person.id).where(or_(*like))


def names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    """Return what people are called, by id; somebody without a name by the address."""
    rows = session.execute(select(Person.id, Person.name, Person.address).where(Person.id.in_(person_ids)))
    return {row.id: row.name or row.address for row in rows}


def programme_name(session: Session) -> str:
    """Return what this installation calls itself."""
    return session.scalar(select(Installation.name).order_by(Installation.id).limit(1)) or "The programme"


def escaped(text: str) -> str:
    """Return `text` so that LIKE takes every character of it as itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
