"""Helpers of one event: asked by a letter with the way in, listed, taken back, and ended a week after it by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import EVENT, SERIES
from programme.flows.granting.giving import give
from programme.people import roles
from programme.people.models import Person, Role, RoleGrant
from programme.people.permissions import Grant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.flows.granting.giving import Holder
    from programme.people.permissions import Actor

KEPT = timedelta(days=7)
"""How long after the last that they help with helpers still see who was there."""
MOST_HELPERS = 100
AT_ONCE = 500


def ask_to_help(session: Session, event: Event, holder: Holder, *, actor: Actor, now: datetime) -> tuple[Person, bool]:
    """Let somebody help at one event and tell them, once; return who it is, and whether that is new."""
    if len(helpers_of(session, event.id)) >= MOST_HELPERS:
        raise Refusal(f"{MOST_HELPERS} people help at this event already. Take some back first.")
    wanted = Grant(Role.HELPER, event.lead_organisation_id, event.strand, (EVENT, event.id))
    _, person, is_new = give(session, holder, wanted, actor=actor, now=now)
    return person, is_new


def helpers_of(session: Session, event_id: int) -> Sequence[tuple[RoleGrant, Person]]:
    """Return who helps at one event, by name."""
    statement = (
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.HELPER, RoleGrant.subject_kind == EVENT, RoleGrant.subject_id == event_id)
        .options(joinedload(RoleGrant.organisation))
        .order_by(func.lower(Person.name), RoleGrant.id)
        .limit(MOST_HELPERS)
    )
    return [(grant, person) for grant, person in session.execute(statement)]


def take_back(session: Session, event_id: int, grant_id: int, *, actor: Actor, now: datetime) -> Person:
    """Let somebody help at an event no more; Refusal where they do not."""
    row = session.get(RoleGrant, grant_id)
    if row is None or row.role is not Role.HELPER or (row.subject_kind, row.subject_id) != (EVENT, event_id):
        raise Refusal("They do not help at this event any more.")
    person = session.get_one(Person, row.person_id)
    roles.revoke(session, row, actor=actor, now=now)
    return person


def end_helpers(session: Session, *, now: datetime) -> int:
    """Take back the roles of helpers when what they helped with has been over for a week; return how many."""
    rows = session.scalars(served().where(over(now - KEPT)).order_by(RoleGrant.id).limit(AT_ONCE)).all()
    for row in rows:
        roles.revoke(session, row, actor=roles.OPERATOR, now=now)
    return len(rows)


def served() -> Select[RoleGrant]:
    """Select the roles of helpers."""
    return select(RoleGrant).where(RoleGrant.role == Role.HELPER)


def over(before: datetime) -> ColumnElement[bool]:
    """Whether the event of a role, with its parts, or every event of its series, ended before an instant.

    One whose date is not known is still to come.
    """
    ahead = select(Event.id).where(or_(Event.ends_at >= before, ~Event.date_is_known))
    any_event = select(Event.id)
    of_event = or_(Event.id == RoleGrant.subject_id, Event.part_of_id == RoleGrant.subject_id)
    of_series = Event.series_id == RoleGrant.subject_id
    return or_(
        *(
            and_(
                RoleGrant.subject_kind == kind,
                any_event.where(condition).exists(),
                ~ahead.where(condition).exists(),
            )
            for kind, condition in ((EVENT, of_event), (SERIES, of_series))
        )
    )
