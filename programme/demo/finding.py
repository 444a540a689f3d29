"""Demonstration: who somebody is, and what they registered for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.registration.models import Registration
from programme.people.affiliations import address_key, person_of

if TYPE_CHECKING:
    from programme.demo.people import Somebody
    from programme.demo.stage import Stage


def person_id_of(stage: Stage, somebody: Somebody) -> int:
    """Return the id of somebody with an account."""
    person = person_of(stage.session, key=address_key(somebody.address))
    if person is None:
        raise LookupError(somebody.address)
    return person.id


def registration_of(stage: Stage, title: str, somebody: Somebody) -> Registration:
    """Return somebody's registration for the opening of a title."""
    theirs = (Registration.opening_id == stage.openings[title].id, Registration.address == somebody.address)
    return stage.session.scalars(select(Registration).where(*theirs)).one()
