"""Giving a role: the person is found or made, the role is granted, and they are told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.core.database import LARGEST_ID
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event, Series
from programme.flows.notices.people import accounts
from programme.people import roles
from programme.people.affiliations import person_for
from programme.people.models import Role
from programme.people.permissions import Grant

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Person, RoleGrant, Strand
    from programme.people.permissions import Actor

NO_SUCH_THING = "Paste the address of an event’s or a series’ page, like /events/pitch-night-42."
OTHER_LEAD = "That is led by another organisation."


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is to hold a role: an address, and a name in case nobody has it yet."""

    address: str
    name: str = ""


def give(
    session: Session, holder: Holder, wanted: Grant, *, actor: Actor, now: datetime
) -> tuple[RoleGrant, Person, bool]:
    """Give a role to the person of an address and tell them, once; return it, them, and whether it is new."""
    roles.check_shape(wanted)
    person = person_for(session, address=holder.address, name=holder.name, now=now)
    row, is_new = roles.grant(session, actor=actor, holder=person, wanted=wanted, now=now)
    if is_new:
        accounts.tell_of_role(session, row, holder=person, giver=actor.name, now=now)
    return row, person, is_new


def wanted_grant(
    session: Session, *, role: Role, organisation: int | None, strand: Strand | None, helps_with: str = ""
) -> Grant:
    """Return the role as the table reads it; a helper's strand is that of the thing helped with, unless one is said."""
    if role is not Role.HELPER or not helps_with:
        return Grant(role, organisation, strand)
    kind, thing = thing_at(session, helps_with)
    if organisation is not None and thing.lead_organisation_id != organisation:
        raise Refusal(OTHER_LEAD, field="helps_with")
    return Grant(role, thing.lead_organisation_id, strand or thing.strand, (kind, thing.id))


def thing_at(session: Session, text: str) -> tuple[str, Event | Series]:
    """Return the kind and row of the event or series whose page has the address `text`."""
    match = re.search(r"/(event|serie)s/(?:[^/?#]*-)?(\d{1,19})/?(?:[?#].*)?$", text.strip())
    number = int(match[2]) if match else 0
    if match is None or not 0 < number <= LARGEST_ID:
        raise Refusal(NO_SUCH_THING, field="helps_with")
    kind = "event" if match[1] == "event" else "series"
    row = session.get(Event, number) if kind == "event" else session.get(Series, number)
    if row is None:
        raise Refusal(NO_SUCH_THING, field="helps_with")
    return kind, row
