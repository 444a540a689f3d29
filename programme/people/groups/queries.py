"""Named reads of groups: those of the organisations one organises for, and who is in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from programme.people.groups.models import Group, GroupMember
from programme.people.models import Person
from programme.people.permissions import Scope
from programme.people.queries import escaped
from programme.people.states import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor, Grant


def scope_of(group: Group) -> Scope:
    """Return a group as the permission table reads it: nobody shares it with its organisation."""
    return Scope(lead=group.organisation_id, strand=group.strand, subject=("group", group.id))


def groups_of(actor: Actor) -> Select[Group]:
    """Return the groups that an actor looks after, by title."""
    of_actor = or_(false(), *(held_under(grant) for grant in actor.grants))
    found = select(Group).where(of_actor).options(joinedload(Group.organisation))
    return found.order_by(func.lower(Group.title), Group.id)


def held_under(grant: Grant) -> ColumnElement[bool]:
    """Return what one grant opens."""
    if grant.role is not Role.ORGANISER or grant.organisation is None:
        return false()
    own = Group.organisation_id == grant.organisation
    return and_(own, Group.strand == grant.strand) if grant.strand else own


def sizes(session: Session, group_ids: Collection[int]) -> dict[int, int]:
    """Return how many people are in each group, in one query."""
    counted = select(GroupMember.group_id, func.count()).where(GroupMember.group_id.in_(group_ids))
    return dict(session.execute(counted.group_by(GroupMember.group_id)).all()) if group_ids else {}


def members(group_id: int, *, words: str = "") -> Select[GroupMember]:
    """Return who is in a group, by name; those whose name or address holds every word."""
    found = (
        select(GroupMember)
        .join(Person, Person.id == GroupMember.person_id)
        .where(GroupMember.group_id == group_id)
        .options(joinedload(GroupMember.person))
        .order_by(func.lower(Person.name), GroupMember.id)
    )
    for word in words.split()[:8]:
        like = f"%{escaped(word.lower())}%"
        found = found.where(
            or_(func.lower(Person.name).like(like, escape="\\"), Person.address_key.like(like, escape="\\"))
        )
    return found


def people_in_group(params: Mapping[str, Any], *, scope: Scope, now: datetime) -> Select[int]:
    """Return the ids of the people in a group, where whoever leads `scope` owns it."""
    del now
    own = and_(Group.id == GroupMember.group_id, Group.organisation_id == scope.lead)
    found = select(GroupMember.person_id).join(Group, own).where(GroupMember.group_id == params.get("group"))
    return found.where(Group.strand == scope.strand) if scope.strand else found
