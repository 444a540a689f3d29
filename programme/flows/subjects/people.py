"""Audiences that are people, whatever reminds: those who organise it, those who speak, those of a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, and_, func, literal, or_, select

from programme.engines.calendar.models import Contribution
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.states import LIVE, OpeningState
from programme.people.groups.models import GroupMember
from programme.people.models import Organisation, Person, RoleGrant
from programme.people.states import Role

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select

    from programme.engines.reminders.ports import Only

LONGEST_NAME = 200


def persons(thing: Any, due: FromClause, *, only: Only | None) -> Select[Any]:
    """Select everybody for each row of `due`: narrow it to an audience. `thing` is Event or Opening."""
    found = (
        select(
            (literal("person", String) + Person.id.cast(String)).label("who"),
            *addressed(Person.address, Person.name, Person.id),
            literal(thing.__tablename__, String).label("subject_kind"),
            due.c.subject_id.label("subject_id"),
            *sent_for(thing),
            literal(0, BigInteger).label("link_version"),
            due.c.rule_id.label("rule_id"),
            due.c.stamp.label("stamp"),
        )
        .select_from(due)
        .join(thing, thing.id == due.c.subject_id)
        .join(Organisation, Organisation.id == thing.lead_organisation_id)
        .join(Person, Person.address != "")
    )
    return found.where(Person.id.in_(only.people)) if only else found


def addressed(address: Any, name: Any, person_id: Any) -> list[ColumnElement[Any]]:
    """Return the columns that say to whom a letter goes."""
    return [address.label("recipient"), name.label("recipient_name"), person_id.label("person_id")]


def sent_for(thing: Any) -> list[ColumnElement[Any]]:
    """Return the columns that say for whom a letter goes out: the contact of a thing, or else its lead."""
    contact = func.coalesce(func.nullif(thing.contact_name, ""), Organisation.name)
    answers = func.coalesce(func.nullif(thing.contact_address, ""), Organisation.contact_address)
    return [
        thing.lead_organisation_id.label("organisation_id"),
        thing.strand.label("strand"),
        func.substr(contact, 1, LONGEST_NAME).label("sender_name"),
        answers.label("reply_to"),
    ]


def organise(thing: Any, owners: Any, due: FromClause) -> ColumnElement[bool]:
    """Whether somebody organises a thing for its lead or one that shares it, in its strand, since before it was due."""
    shares = select(owners.c.organisation_id).where(owners.c[f"{thing.__tablename__}_id"] == thing.id)
    return (
        select(RoleGrant.id)
        .where(RoleGrant.person_id == Person.id, RoleGrant.role == Role.ORGANISER)
        .where(or_(RoleGrant.organisation_id == thing.lead_organisation_id, RoleGrant.organisation_id.in_(shares)))
        .where(or_(RoleGrant.strand.is_(None), RoleGrant.strand == thing.strand))
        .where(RoleGrant.granted_at <= due.c.due_at)
        .exists()
    )


def speak(due: FromClause) -> ColumnElement[bool]:
    """Whether somebody is on the programme of an event, as a person whom we know."""
    return Person.id.in_(select(Contribution.person_id).where(Contribution.event_id == due.c.subject_id))


def belong(due: FromClause) -> ColumnElement[bool]:
    """Whether somebody was of a group before the reminder fell due."""
    return (
        select(GroupMember.id)
        .where(GroupMember.group_id == due.c.number, GroupMember.person_id == Person.id)
        .where(GroupMember.added_at <= due.c.due_at)
        .exists()
    )


def is_registered_for(openings: Select[Any]) -> ColumnElement[bool]:
    """Whether somebody has a live registration for one of `openings`."""
    return (
        select(Registration.id)
        .where(Registration.person_id == Person.id, Registration.state.in_(LIVE))
        .where(Registration.opening_id.in_(openings))
        .exists()
    )


def admitting(due: FromClause) -> Select[Any]:
    """Select the openings that admit to an event."""
    return select(OpeningEvent.opening_id).where(OpeningEvent.event_id == due.c.subject_id)


def is_open(due: FromClause) -> ColumnElement[bool]:
    """Whether one can register for an opening now."""
    return and_(
        Opening.state == OpeningState.OPEN,
        or_(Opening.opens_at.is_(None), Opening.opens_at <= due.c.now),
        or_(Opening.closes_at.is_(None), Opening.closes_at > due.c.now),
    )


def registered_for(due: FromClause) -> Select[Any]:
    """Select every registration for the openings of `due`, as reminders of one address it."""
    return (
        select(
            (literal("registration", String) + Registration.id.cast(String)).label("who"),
            *addressed(Registration.address, Registration.name, Registration.person_id),
            literal("registration", String).label("subject_kind"),
            Registration.id.label("subject_id"),
            *sent_for(Opening),
            Registration.link_version.label("link_version"),
            due.c.rule_id.label("rule_id"),
            due.c.stamp.label("stamp"),
        )
        .select_from(due)
        .join(Opening, Opening.id == due.c.subject_id)
        .join(Organisation, Organisation.id == Opening.lead_organisation_id)
        .join(Registration, Registration.opening_id == Opening.id)
    )
