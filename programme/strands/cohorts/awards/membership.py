"""The people of a cohort as groups, so that events, lists and letters can be for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from programme.people.groups.models import Group, GroupMember
from programme.people.states import Strand
from programme.strands.cohorts.awards.queries import universities_of
from programme.strands.cohorts.models import Candidature
from programme.strands.cohorts.states import UNDER_WAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import Cohort

COHORT = "cohort"


def keep_in_step(session: Session, cohort: Cohort, *, now: datetime) -> None:
    """Bring the groups of a cohort in line with who is under way in it, and with which universities run it.

    The group of a university that runs it no more is emptied and is an ordinary one from then on: whatever was to be
    written to it goes to nobody. Two at once do no harm, as each statement sees what was committed before it.
    """
    session.flush()
    running = {row.id for row in universities_of(cohort.award)}
    kept = {group.organisation_id: group for group in groups_of(session, cohort.id)}
    for organisation_id in sorted(running - set(kept)):
        kept[organisation_id] = made(session, cohort, organisation_id, now=now)
    for organisation_id, group in kept.items():
        if organisation_id in running:
            group.title = cohort.title
            fill(session, group, cohort.id, now=now)
        else:
            release(session, group)
    session.flush()


def groups_of(session: Session, cohort_id: int) -> Sequence[Group]:
    """Return the groups that a cohort owns, one at each university that runs it."""
    owned = select(Group).where(Group.owner_kind == COHORT, Group.owner_id == cohort_id)
    return session.scalars(owned.order_by(Group.id)).all()


def made(session: Session, cohort: Cohort, organisation_id: int, *, now: datetime) -> Group:
    """Make the group of a cohort at a university."""
    group = Group(
        title=cohort.title,
        organisation_id=organisation_id,
        strand=Strand.COHORTS,
        owner_kind=COHORT,
        owner_id=cohort.id,
        created_at=now,
    )
    session.add(group)
    session.flush()
    return group


def fill(session: Session, group: Group, cohort_id: int, *, now: datetime) -> None:
    """Take out who is not under way any more, and add who is."""
    gone = delete(GroupMember).where(GroupMember.group_id == group.id, GroupMember.person_id.not_in(living(cohort_id)))
    session.execute(gone, execution_options={"synchronize_session": False})
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    columns = ["group_id", "person_id", "added_at"]
    since = literal(now, GroupMember.added_at.type)
    rows = living(cohort_id).with_only_columns(literal(group.id), Candidature.person_id, since)
    added = insert(GroupMember).from_select(columns, rows).on_conflict_do_nothing(index_elements=columns[:2])
    session.execute(added)
    session.expire(group, ["members"])


def living(cohort_id: int) -> Select[int | None]:
    """Select the people of a cohort who still have something to reach."""
    return select(Candidature.person_id).where(
        Candidature.cohort_id == cohort_id,
        Candidature.person_id.is_not(None),
        Candidature.state.in_(UNDER_WAY),
    )


def release(session: Session, group: Group) -> None:
    """Empty a group and let it be an ordinary one."""
    session.execute(delete(GroupMember).where(GroupMember.group_id == group.id))
    session.expire(group, ["members"])
    group.owner_kind = group.owner_id = None
