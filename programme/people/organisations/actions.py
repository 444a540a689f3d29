"""Adding an organisation, and changing what is known of one: its mailboxes, and the domains that prove a tie."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.people.models import Organisation, OrganisationDomain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import OrganisationKind

LONGEST_DOMAIN, MOST_DOMAINS = 253, 50
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
TOO_WIDE = frozenset({"ac.uk", "co.uk", "gov.uk", "org.uk", "com", "org", "net", "uk"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What may change of an organisation."""

    contact_address: str = ""
    privacy_address: str = ""
    privacy_url: str = ""
    domains: tuple[str, ...] = ()


def add(
    session: Session, name: str, short_name: str, kind: OrganisationKind, *, actor: Actor, now: datetime
) -> Organisation:
    """Add an organisation as the last of all; who it is stays from then on. Refusal where its name is taken.

    What its addresses are called follows from its short name.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", short_name.casefold()).strip("-")
    if not slug:
        raise Refusal("Enter a short name with letters in it.", field="short_name")
    same = or_(func.lower(Organisation.name) == name.lower(), Organisation.slug == slug)
    taken = session.scalar(select(Organisation.name).where(same).limit(1))
    if taken is not None:
        raise Refusal(f"{taken} is here already.", field="name" if taken.lower() == name.lower() else "short_name")
    last = session.scalar(select(func.max(Organisation.position))) or 0
    row = Organisation(slug=slug, name=name, short_name=short_name, kind=kind, position=last + 1)
    session.add(row)
    session.flush()
    audit.record(
        session,
        person_id=actor.person_id,
        verb="organisation added",
        subject=("organisation", row.id),
        now=now,
        organisation_id=row.id,
        after={"name": name, "kind": kind.value},
    )
    return row


def edit(
    session: Session, organisation: Organisation, details: Details, *, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Change an organisation; ties that were proved stay proved. Refusal where a domain is none, or another's.

    Refused, too, where it is not any more what the form was made from, of which `seen` is the mark.
    """
    session.refresh(organisation, with_for_update=True)
    session.expire(organisation, ["domains"])
    refuse_if_changed(seen, seen_of(organisation))
    wanted = checked(session, organisation, details.domains)
    before = facts_of(organisation)
    organisation.contact_address, organisation.privacy_address = details.contact_address, details.privacy_address
    organisation.privacy_url = details.privacy_url
    for row in [row for row in organisation.domains if row.domain not in wanted]:
        organisation.domains.remove(row)
        session.delete(row)
    session.flush()
    known = {row.domain for row in organisation.domains}
    organisation.domains += [OrganisationDomain(domain=domain) for domain in wanted if domain not in known]
    session.flush()
    note(session, organisation, before, actor=actor, now=now)


def checked(session: Session, organisation: Organisation, domains: Iterable[str]) -> list[str]:
    """Return the domains in small letters, each once; Refusal says which is wrong, and why."""
    wanted = sorted({domain.strip().casefold().removeprefix("@").rstrip(".") for domain in domains if domain.strip()})
    if len(wanted) > MOST_DOMAINS:
        raise Refusal(f"Name {MOST_DOMAINS} domains at most.", field="domains")
    for domain in wanted:
        if not DOMAIN.fullmatch(domain):
            raise Refusal(f"“{domain[:60]}” is not a domain like liverpool.ac.uk.", field="domains")
        if domain in TOO_WIDE:
            raise Refusal(f"“{domain}” is everybody’s: name one that is this organisation’s alone.", field="domains")
    taken = select(OrganisationDomain.domain).where(
        OrganisationDomain.domain.in_(wanted), OrganisationDomain.organisation_id != organisation.id
    )
    others = session.scalars(taken).first()
    if others is not None:
        raise Refusal(f"“{others}” belongs to another organisation here.", field="domains")
    return wanted


def seen_of(organisation: Organisation) -> str:
    """Return a mark of everything that the form of an organisation shows."""
    return mark_of(facts_of(organisation))


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """Return what the trail compares."""
    return {
        "contact_address": organisation.contact_address,
        "privacy_address": organisation.privacy_address,
        "privacy_url": organisation.privacy_url,
        "domains": sorted(row.domain for row in organisation.domains),
    }


def note(session: Session, organisation: Organisation, before: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Write what changed into the trail."""
    was, now_is = audit.differing(before, facts_of(organisation))
    if not now_is:
        return
    audit.record(
        session,
        person_id=actor.person_id,
        verb="organisation edited",
        subject=("organisation", organisation.id),
        now=now,
        organisation_id=organisation.id,
        before=was,
        after=now_is,
    )
