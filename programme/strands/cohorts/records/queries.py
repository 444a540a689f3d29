"""Named reads of records: one's own, those of whom one supervises, what is next in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from programme.people.models import Person
from programme.strands.cohorts.awards.queries import unreached
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Supervision
from programme.strands.cohorts.rights import runs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session


def own(session: Session, person_id: int) -> Sequence[Candidature]:
    """Return somebody's own records, the latest first."""
    mine = select(Candidature).where(Candidature.person_id == person_id)
    loaded = (joinedload(Candidature.cohort), joinedload(Candidature.home), joinedload(Candidature.partner))
    return session.scalars(mine.options(*loaded).order_by(Candidature.registered_on.desc(), Candidature.id)).all()


def supervised(person_id: int, *, today: date) -> Select[Candidature]:
    """Return the researchers whom somebody supervises today, by name."""
    running = select(Supervision.candidature_id).where(
        Supervision.person_id == person_id,
        runs(today),
    )
    cohort = joinedload(Candidature.cohort).joinedload(Cohort.award)
    loaded = (joinedload(Candidature.person), cohort, joinedload(Candidature.home))
    return (
        select(Candidature)
        .outerjoin(Person, Person.id == Candidature.person_id)
        .where(Candidature.id.in_(running))
        .options(*loaded)
        .order_by(func.lower(Person.name), Candidature.id)
    )


def to_come(session: Session, candidature_id: int) -> Sequence[Milestone]:
    """Return what somebody still has to reach, what is due first before what has no day yet."""
    return session.scalars(unreached().where(Milestone.candidature_id == candidature_id)).all()
