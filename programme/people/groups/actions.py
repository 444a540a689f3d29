"""Verbs of groups kept by hand: make, rename, delete, add people, take people out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete as deletion
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from programme.core import audit
from programme.core.refusal import Refusal
from programme.people.affiliations import person_id_for
from programme.people.groups.models import Group, GroupMember
from programme.people.permissions import Scope, Verb, may

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import Strand

MOST_MEMBERS = 10_000
NOT_YOURS = "You can make groups only for what you organise yourself."
KEPT_BY_ITSELF = "This group follows what it belongs to, so nobody changes it by hand."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody to add: the address finds them, or makes them known."""

    address: str
    name: str = ""


def make(
    session: Session, title: str, *, organisation_id: int, strand: Strand | None, actor: Actor, now: datetime
) -> Group:
    """Make an empty group for an organisation, or for one strand of it."""
    if not may(actor, Verb.CREATE, Scope(lead=organisation_id, strand=strand)):
        raise Refusal(NOT_YOURS, field="organisation")
    check_title(session, title, organisation_id=organisation_id)
    group = Group(title=title, organisation_id=organisation_id, strand=strand, created_at=now)
    session.add(group)
    session.flush()
    told(session, group, "made a group", actor=actor, now=now, after={"title": title})
    return group


def rename(session: Session, group: Group, title: str, *, actor: Actor, now: datetime) -> None:
    """Call a group something else."""
    before = group.title
    if title == before:
        return
    check_title(session, title, organisation_id=group.organisation_id, apart_from=group.id)
    group.title = title
    told(session, group, "renamed a group", actor=actor, now=now, before={"title": before}, after={"title": title})


def delete(session: Session, group: Group, *, actor: Actor, now: datetime) -> None:
    """Delete a group; the people stay, and whatever was to be written to it goes to nobody."""
    check_by_hand(group)
    told(session, group, "deleted a group", actor=actor, now=now, before={"title": group.title})
    session.delete(group)
    session.flush()


def add(session: Session, group: Group, people: Iterable[Newcomer], *, actor: Actor, now: datetime) -> int:
    """Add people by their addresses; return how many were not in it."""
    ids = [person_id_for(session, address=one.address, name=one.name, now=now) for one in people]
    return add_known(session, group, ids, actor=actor, now=now)


def add_known(session: Session, group: Group, person_ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Add people who are known; return how many were not in it."""
    check_by_hand(group)
    wanted = sorted(set(person_ids))
    if not wanted:
        return 0
    if size(session, group) + len(wanted) > MOST_MEMBERS:
        raise Refusal(f"A group has {MOST_MEMBERS:,} people at most.", field="people")
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"group_id": group.id, "person_id": one, "added_at": now} for one in wanted]
    once = insert(GroupMember).on_conflict_do_nothing(index_elements=["group_id", "person_id"])
    number = len(session.execute(once.returning(GroupMember.id), rows).all())
    if number:
        told(session, group, "added people to a group", actor=actor, now=now, after={"people": number})
    session.expire(group, ["members"])
    return number


def remove(session: Session, group: Group, person_ids: Collection[int], *, actor: Actor, now: datetime) -> int:
    """Take people out; return how many were in it."""
    check_by_hand(group)
    meant = (GroupMember.group_id == group.id, GroupMember.person_id.in_(person_ids))
    number = len(session.execute(deletion(GroupMember).where(*meant).returning(GroupMember.id)).all())
    if number:
        told(session, group, "took people out of a group", actor=actor, now=now, before={"people": number})
    session.expire(group, ["members"])
    return number


def size(session: Session, group: Group) -> int:
    """Return how many people are in a group."""
    return session.scalar(select(func.count()).where(GroupMember.group_id == group.id)) or 0


def check_title(session: Session, title: str, *, organisation_id: int, apart_from: int | None = None) -> None:
    """Refuse a title that another group of the organisation has."""
    same = select(Group.id).where(func.lower(Group.title) == title.lower(), Group.organisation_id == organisation_id)
    if any(found != apart_from for found in session.scalars(same)):
        raise Refusal("A group of this name is there already.", field="title")


def check_by_hand(group: Group) -> None:
    """Refuse to change what belongs to something else."""
    if group.owner_kind is not None:
        raise Refusal(KEPT_BY_ITSELF)


def told(
    session: Session,
    group: Group,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a group into the trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("group", group.id),
        now=now,
        organisation_id=group.organisation_id,
        before=before,
        after=after,
    )
