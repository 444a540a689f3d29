"""What groups keep on somebody: in which they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from programme.core.web.words import plural
from programme.people.groups.models import Group, GroupMember
from programme.people.keeping.ports import Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times


class GroupsKept:
    """Who is in which group."""

    tables = frozenset({"group_member"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give the groups that somebody is in."""
        yield Section("groups", groups_of(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that they are in none any more."""
        of_person = GroupMember.person_id == who.person_id
        number = session.scalar(select(func.count()).select_from(GroupMember).where(of_person)) or 0
        if number:
            yield Fate(f"Being in {plural(number, 'group')}")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take somebody out of every group."""
        del now
        session.execute(delete(GroupMember).where(GroupMember.person_id == who.person_id))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Nothing here has a time of its own: a group lasts as long as what it is for."""
        del session, times, now
        return 0


def groups_of(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the groups that somebody is in, and since when."""
    statement = (
        select(Group.title, GroupMember.added_at)
        .join(GroupMember, GroupMember.group_id == Group.id)
        .where(GroupMember.person_id == who.person_id)
        .order_by(GroupMember.id)
    )
    for title, added_at in session.execute(statement):
        yield {"group": title, "since": iso(added_at)}


GROUPS = GroupsKept()
