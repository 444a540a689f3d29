"""Who belongs where: people found by their address, and ties claimed or shown by an address of an organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from programme.core.refusal import Refusal
from programme.core.web.forms import LONGEST_LINE, normal_address
from programme.people.models import Affiliation, AffiliationKind, Basis, Organisation, OrganisationDomain, Person

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

NOT_AN_ADDRESS = "Enter an e-mail address like name@example.ac.uk."
ANOTHERS = "Somebody is known here under that address already. If it is you, sign in with it instead."

# Built once, since every sign-up asks: building a statement costs more than running it.
BY_KEY = select(Person).where(Person.address_key == bindparam("key"))
ID_BY_KEY = select(Person.id).where(Person.address_key == bindparam("key")).with_for_update(read=True, key_share=True)
ADDITIONS = {
    name: dialect.insert(Person.__table__).on_conflict_do_nothing(index_elements=["address_key"]).returning(Person.id)
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
DOMAINS = select(OrganisationDomain.domain, OrganisationDomain.organisation_id).where(
    OrganisationDomain.domain.in_(bindparam("domains", expanding=True))
)


def address_key(address: str) -> str:
    """Return the folded form by which a person is found; Refusal where the text cannot be an address."""
    normal = normal_address(address.strip())
    if normal is None:
        raise Refusal(NOT_AN_ADDRESS, field="address")
    return normal.casefold()


def domains_of(address: str) -> tuple[str, ...]:
    """Return the domain of `address` and its parents, the nearest first: `cs.ox.ac.uk`, `ox.ac.uk`, `ac.uk`, `uk`."""
    labels = address.rpartition("@")[2].strip().rstrip(".").casefold().split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def nearest_domain(address: str, known: Iterable[str]) -> str | None:
    """Return which of the `known` domains `address` lies under, the nearest where several do."""
    folded = {domain.casefold(): domain for domain in known}
    return next((folded[domain] for domain in domains_of(address) if domain in folded), None)


def organisation_of_address(session: Session, address: str) -> Organisation | None:
    """Return the organisation under whose domains `address` lies, if any."""
    found = organisation_id_of_address(session, address)
    return session.get_one(Organisation, found) if found else None


def organisation_id_of_address(session: Session, address: str) -> int | None:
    """Return the id of the organisation under whose domains `address` lies, if any."""
    found = dict(session.execute(DOMAINS, {"domains": domains_of(address)}).all())
    return found.get(nearest_domain(address, found) or "")


def organisations_of_addresses(session: Session, addresses: Collection[str]) -> dict[str, int]:
    """Return the ids of the organisations that several addresses belong to, for those that do: one statement."""
    domains = {domain for address in addresses for domain in domains_of(address)}
    known = dict(session.execute(DOMAINS, {"domains": list(domains)}).all()) if domains else {}
    nearest = {address: nearest_domain(address, known) for address in addresses}
    return {address: known[domain] for address, domain in nearest.items() if domain is not None}


def person_for(session: Session, *, address: str, name: str, now: datetime) -> Person:
    """Return the person of `address`, made with `name` where there is none yet.

    A name that is known stays as it is. Raises Refusal where the text cannot be an address.
    """
    return session.get_one(Person, person_id_for(session, address=address, name=name, now=now))


def person_id_for(session: Session, *, address: str, name: str, now: datetime) -> int:
    """Return the id of the person of `address`, made with `name` where there is none yet.

    Two requests at once make one person: the second insert does nothing, and both find the same row, which nobody can
    delete meanwhile. The insert comes first, as in a rush most people are new; it comes again where somebody was
    deleted between the two.
    """
    key = address_key(address)
    found = None
    while found is None:
        found = insert_person(session, address=address, key=key, name=name, now=now)
        found = found or session.scalar(ID_BY_KEY, {"key": key})
    return found


def person_of(session: Session, *, key: str) -> Person | None:
    """Return the person found by the folded address, if there is one."""
    return session.scalar(BY_KEY, {"key": key})


def insert_person(session: Session, *, address: str, key: str, name: str, now: datetime) -> int | None:
    """Add a person and return their id; None where somebody was faster."""
    values = {
        "name": " ".join(name.split())[:LONGEST_LINE],
        "address": normal_address(address.strip()),
        "address_key": key,
        "created_at": now,
    }
    added: int | None = session.scalar(ADDITIONS[session.get_bind().dialect.name], values)
    return added


def prove_address(session: Session, person: Person, *, now: datetime) -> None:
    """Note that `person` reads mail at their address, and what that shows about where they belong."""
    if person.address_proved_at is None:
        person.address_proved_at = now
    organisation = organisation_of_address(session, person.address)
    if organisation is not None:
        prove_tie(session, person, organisation, now=now)
    session.flush()


def change_address(session: Session, person: Person, address: str, *, now: datetime) -> None:
    """Let a person be found and written to under an address that they showed to read; Refusal where it is another's.

    What only the old address showed of where they belong is what they say themselves from now on.
    """
    key = address_key(address)
    try:
        with session.begin_nested():
            person.address, person.address_key = normal_address(address.strip()) or address, key
            session.flush()
    except IntegrityError:
        raise Refusal(ANOTHERS, field="address") from None
    for tie in person.affiliations:
        if tie.basis is Basis.PROVED:
            tie.basis, tie.proved_at, tie.is_home = Basis.CLAIMED, None, False
    person.address_proved_at = None
    prove_address(session, person, now=now)


def prove_tie(session: Session, person: Person, organisation: Organisation, *, now: datetime) -> None:
    """Raise the tie to PROVED, or add it so; the first proved one is home."""
    tie = tie_to(person, organisation) or new_tie(person, organisation, AffiliationKind.OTHER)
    if tie.basis is Basis.PROVED:
        return
    tie.is_home = not any(other.is_home for other in person.affiliations if other.basis is Basis.PROVED)
    tie.basis, tie.proved_at = Basis.PROVED, now
    session.flush()


def claim(session: Session, person: Person, organisation: Organisation, kind: AffiliationKind) -> Affiliation:
    """Note that `person` says to belong to `organisation` as `kind`; a proved tie stays proved."""
    tie = tie_to(person, organisation) or new_tie(person, organisation, kind)
    tie.kind = kind
    session.flush()
    return tie


def withdraw(session: Session, person: Person, organisation: Organisation) -> None:
    """Take back a claim; a proved tie is a fact and stays."""
    tie = tie_to(person, organisation)
    if tie is None:
        return
    if tie.basis is Basis.PROVED:
        raise Refusal("This tie is shown by your address, so it stays as long as that address is yours.")
    person.affiliations.remove(tie)
    session.delete(tie)
    session.flush()


def tie_to(person: Person, organisation: Organisation) -> Affiliation | None:
    """Return the tie of `person` to `organisation`, if there is one."""
    return next((tie for tie in person.affiliations if tie.organisation_id == organisation.id), None)


def new_tie(person: Person, organisation: Organisation, kind: AffiliationKind) -> Affiliation:
    """Add a claimed tie."""
    tie = Affiliation(
        organisation_id=organisation.id, organisation=organisation, kind=kind, basis=Basis.CLAIMED, is_home=False
    )
    person.affiliations.append(tie)
    return tie
