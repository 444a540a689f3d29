"""Named reads of awards and cohorts: those one runs, how many are in each, what comes next for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.people.models import Organisation, Person
from programme.people.queries import escaped
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Milestone
from programme.strands.cohorts.rights import awards_of
from programme.strands.cohorts.states import UNDER_WAY, UNREACHED, CandidatureState

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


def awards(actor: Actor) -> Select[FundingAward]:
    """Return the awards that an actor runs or shares, by title."""
    loaded = (joinedload(FundingAward.lead_organisation), selectinload(FundingAward.co_owners))
    return (
        select(FundingAward)
        .where(FundingAward.id.in_(awards_of(actor)))
        .options(*loaded)
        .order_by(func.lower(FundingAward.title), FundingAward.id)
    )


def cohorts_of(session: Session, award_ids: Collection[int]) -> dict[int, list[Cohort]]:
    """Return the cohorts of awards, the latest first, in one query."""
    found: dict[int, list[Cohort]] = {number: [] for number in award_ids}
    rows = select(Cohort).where(Cohort.award_id.in_(award_ids)).order_by(Cohort.entry_year.desc(), Cohort.id)
    for cohort in session.scalars(rows) if found else ():
        found[cohort.award_id].append(cohort)
    return found


def sizes(session: Session, cohort_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Return how many researchers of each cohort are at which home, those who withdrew not counted."""
    counted = (
        select(Candidature.cohort_id, Candidature.home_organisation_id, func.count())
        .where(Candidature.cohort_id.in_(cohort_ids), Candidature.state != CandidatureState.WITHDRAWN)
        .group_by(Candidature.cohort_id, Candidature.home_organisation_id)
    )
    found: dict[int, dict[int, int]] = {number: {} for number in cohort_ids}
    for cohort_id, home, number in session.execute(counted) if found else ():
        found[cohort_id][home] = number
    return found


def researchers(
    cohort_id: int, *, words: str = "", state: CandidatureState | None = None, home: int | None = None
) -> Select[Candidature]:
    """Return the researchers of a cohort by home university and name; those whose name or address holds every word."""
    found = (
        select(Candidature)
        .join(Organisation, Organisation.id == Candidature.home_organisation_id)
        .outerjoin(Person, Person.id == Candidature.person_id)
        .where(Candidature.cohort_id == cohort_id)
        .options(joinedload(Candidature.person), joinedload(Candidature.home), joinedload(Candidature.partner))
        .order_by(Organisation.position, func.lower(Person.name), Candidature.id)
    )
    if state is not None:
        found = found.where(Candidature.state == state)
    if home is not None:
        found = found.where(Candidature.home_organisation_id == home)
    for word in words.split()[:8]:
        like = f"%{escaped(word.casefold())}%"
        named = (func.lower(Person.name).like(like, escape="\\"), Person.address_key.like(like, escape="\\"))
        found = found.where(or_(*named))
    return found


def unreached() -> Select[Milestone]:
    """Select what is still to be reached with its rule, known days before unknown ones."""
    return (
        select(Milestone)
        .where(Milestone.state.in_(UNREACHED))
        .options(joinedload(Milestone.rule))
        .order_by(Milestone.due_at.is_(None), Milestone.due_at, Milestone.unit, Milestone.id)
    )


def next_steps(session: Session, candidature_ids: Collection[int]) -> dict[int, Milestone]:
    """Return what each is to reach next, in one query: the first that is not done, known days before unknown ones."""
    wanted = (
        unreached()
        .join(Candidature, Candidature.id == Milestone.candidature_id)
        .where(Milestone.candidature_id.in_(candidature_ids), Candidature.state.in_(UNDER_WAY))
    )
    found: dict[int, Milestone] = {}
    for row in session.scalars(wanted) if candidature_ids else ():
        found.setdefault(row.candidature_id, row)
    return found


def universities_of(award: FundingAward) -> Sequence[Organisation]:
    """Return who runs an award: its lead first, then those that share it."""
    return (award.lead_organisation, *award.co_owners)
