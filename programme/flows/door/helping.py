"""Helpers of one event: asked by a letter with the way in, listed, taken back, and ended a week after it by itself.

They help whoever asked them: two universities that each open registration for one event each ask for their own people.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload

from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import EVENT, SERIES, parents_of
from programme.flows.granting.giving import give
from programme.people import roles
from programme.people.models import Person, Role, RoleGrant
from programme.people.permissions import Grant, may_grant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.flows.granting.giving import Holder
    from programme.people.permissions import Actor

KEPT = timedelta(days=7)
"""How long after the last that they help with helpers still see who was there."""
MOST_HELPERS = 100
AT_ONCE = 500


def ask_to_help(
    session: Session, opening: Opening, event: Event, holder: Holder, *, actor: Actor, now: datetime
) -> tuple[Person, bool]:
    """Let somebody help at one event and tell them, once; return who it is, and whether that is new."""
    if len(helpers_of(session, opening, event)) >= MOST_HELPERS:
        raise Refusal(f"{MOST_HELPERS} people help at this event already. Take some back first.")
    _, person, is_new = give(session, holder, to_be_given(opening, event, actor=actor), actor=actor, now=now)
    return person, is_new


def to_be_given(opening: Opening, event: Event, *, actor: Actor) -> Grant:
    """Return the role that an actor gives at a door: for whom of those who run the opening they organise.

    The lead comes first. It is never that of another who opens registration for the same event: whoever helps there
    for both universities was asked by both, once each.
    """
    owners = (opening.lead_organisation_id, *(owner.id for owner in opening.co_owners))
    known = [Grant(Role.HELPER, owner, opening.strand, (EVENT, event.id)) for owner in owners]
    return next((one for one in known if may_grant(actor, one)), known[0])


def helpers_of(session: Session, opening: Opening, event: Event) -> Sequence[tuple[RoleGrant, Person]]:
    """Return who sees the names of an opening's people at an event as a helper, by name."""
    statement = (
        select(RoleGrant, Person)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(helps_at(opening, event))
        .options(joinedload(RoleGrant.organisation))
        .order_by(func.lower(Person.name), RoleGrant.id)
        .limit(MOST_HELPERS)
    )
    return [(grant, person) for grant, person in session.execute(statement)]


def helps_at(opening: Opening, event: Event) -> ColumnElement[bool]:
    """Return `permissions.helps_with` for queries of roles: of the event, its whole and its series, by the owners."""
    owners = [opening.lead_organisation_id, *(owner.id for owner in opening.co_owners)]
    things = [(EVENT, event.id), *parents_of(event)]
    return and_(
        RoleGrant.role == Role.HELPER,
        RoleGrant.organisation_id.in_(owners),
        or_(RoleGrant.strand.is_(None), RoleGrant.strand == opening.strand),
        or_(*(and_(RoleGrant.subject_kind == kind, RoleGrant.subject_id == number) for kind, number in things)),
    )


def take_back(
    session: Session, opening: Opening, event: Event, grant_id: int, *, actor: Actor, now: datetime
) -> Person:
    """Let somebody help at an event no more; Refusal where they do not, or where somebody else asked them."""
    row = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id, helps_at(opening, event)))
    if row is None:
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
