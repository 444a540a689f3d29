"""What the people room keeps on somebody: who they are, where they belong, their roles, and where they signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select

from programme.core.web.words import plural
from programme.people.keeping.ports import Fate, Section, iso
from programme.people.models import Affiliation, BrowserSession, Organisation, Person, RoleGrant, SignInLink

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 200


class PeopleKept:
    """The account and what hangs on it."""

    tables = frozenset({"person", "affiliation", "role_grant", "browser_session", "sign_in_link"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give the account, its ties and roles, browsers and links; never a secret."""
        yield Section("person", [account_of(session.get_one(Person, who.person_id))], is_one=True)
        yield Section("affiliations", affiliations(session, who))
        yield Section("roles", roles(session, who))
        yield Section("browsers", browsers(session, who))
        yield Section("sign-in links", links(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that all of it goes."""
        yield Fate("The account: name, e-mail address, and the universities it belongs to")
        held = session.scalar(select(func.count()).where(RoleGrant.person_id == who.person_id)) or 0
        if held:
            yield Fate(f"{plural(held, 'role')}: whatever goes with it is to be handed over first")
        yield Fate("Every browser that is signed in")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Delete the person; ties, roles and browsers go with the row."""
        del now
        session.execute(delete(SignInLink).where(of_address(who)))
        session.execute(delete(Person).where(Person.id == who.person_id))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Nothing here has a time of its own: accounts stay until their people go, guests with their registrations."""
        del session, times, now
        return 0


def account_of(person: Person) -> Mapping[str, Any]:
    """Return who somebody is."""
    return {
        "name": person.name,
        "address": person.address,
        "address proved": iso(person.address_proved_at),
        "known since": iso(person.created_at),
        "last signed in": iso(person.signed_in_at),
    }


def affiliations(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give where somebody belongs."""
    statement = (
        select(Affiliation, Organisation.name)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(Affiliation.person_id == who.person_id)
        .order_by(Affiliation.id)
    )
    for tie, name in session.execute(statement):
        yield {
            "organisation": name,
            "as": tie.kind.value,
            "basis": tie.basis.value,
            "home": tie.is_home,
            "proved": iso(tie.proved_at),
        }


def roles(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody may do."""
    statement = (
        select(RoleGrant, Organisation.name)
        .outerjoin(Organisation, Organisation.id == RoleGrant.organisation_id)
        .where(RoleGrant.person_id == who.person_id)
        .order_by(RoleGrant.id)
    )
    for row, name in session.execute(statement):
        yield {
            "role": row.role.value,
            "organisation": name,
            "strand": row.strand.value if row.strand else None,
            "thing": f"{row.subject_kind} {row.subject_id}" if row.subject_kind else None,
            "given": iso(row.granted_at),
        }


def browsers(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the browsers that signed in, as long as they are remembered."""
    statement = select(BrowserSession).where(BrowserSession.person_id == who.person_id).order_by(BrowserSession.id)
    for row in session.scalars(statement.execution_options(yield_per=PART)):
        yield {
            "browser": row.browser,
            "signed in": iso(row.created_at),
            "last seen": iso(row.last_seen_at),
            "signed out": iso(row.revoked_at),
        }


def links(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the sign-in links that were asked for, as long as they are remembered."""
    statement = select(SignInLink).where(of_address(who)).order_by(SignInLink.id)
    for row in session.scalars(statement.execution_options(yield_per=PART)):
        yield {
            "to": row.address,
            "asked for": iso(row.created_at),
            "ended": iso(row.expires_at),
            "used": iso(row.used_at),
        }


def of_address(who: Subject) -> ColumnElement[bool]:
    """Whether a link was asked for by somebody, known or not at that time."""
    return or_(SignInLink.person_id == who.person_id, func.lower(SignInLink.address) == who.key)


PEOPLE = PeopleKept()
