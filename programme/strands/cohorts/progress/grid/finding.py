"""Which researchers of a cohort are asked for: by name, status, university, and how their milestones stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, select

from programme.people.models import Organisation, Person
from programme.strands.cohorts.milestones.standing import SOON
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.resting import rests
from programme.strands.cohorts.states import UNDER_WAY, CandidatureState, MilestoneState

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement, Select

SHOWS = {
    "overdue": "Overdue",
    "due": "Due within 10 weeks",
    "handed_in": "Handed in, to be signed",
    "suspended": "Suspended",
}
"""How milestones may be asked to stand, in words."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; empty is everybody."""

    name: str = ""
    show: str = ""
    status: str = ""
    home: str = ""

    @property
    def is_any(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.name or self.show or self.status or self.home)


def researchers(cohort_id: int, filters: Filters, *, today: date) -> Select[Candidature]:
    """Select the researchers of a cohort, university by university, by name."""
    found = (
        select(Candidature)
        .outerjoin(Person, Person.id == Candidature.person_id)
        .join(Organisation, Organisation.id == Candidature.home_organisation_id)
        .where(Candidature.cohort_id == cohort_id)
        .order_by(Organisation.position, Organisation.id, Person.name, Candidature.id)
    )
    if filters.name:
        found = found.where(func.lower(Person.name).contains(filters.name.lower(), autoescape=True))
    if filters.status:
        found = found.where(Candidature.state == CandidatureState(filters.status))
    if filters.home:
        found = found.where(Organisation.slug == filters.home)
    return found.where(standing(filters.show, today=today)) if filters.show else found


def standing(show: str, *, today: date) -> ColumnElement[bool]:
    """Whether a milestone of a researcher stands as asked."""
    at_rest = rests(Candidature.id, today)
    if show == "suspended":
        return at_rest
    if show == "handed_in":
        return has(Milestone.state == MilestoneState.HANDED_IN)
    late = show == "overdue"
    when = Milestone.due_on < today if late else Milestone.due_on.between(today, today + SOON)
    under_way = Candidature.state.in_(UNDER_WAY)
    return and_(under_way, has(and_(Milestone.state == MilestoneState.OPEN, when)), ~at_rest)


def has(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a researcher has such a milestone."""
    return exists().where(Milestone.candidature_id == Candidature.id, which)
