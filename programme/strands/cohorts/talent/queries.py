"""Sums of destinations: the latest that each said, of awards that somebody may know the sums of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from programme.people.states import Role, Strand
from programme.strands.cohorts.models import Candidature, Cohort, Destination, FundingAward, FundingAwardCoOwner
from programme.strands.cohorts.states import CandidatureState, Occupation, Region, Sector

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True)
class Said:
    """The latest answer of one person, without whose it is."""

    occupation: Occupation
    region: Region
    sector: Sector | None


def summed_awards(actor: Actor) -> Select[int]:
    """Select the awards that somebody may know the sums of.

    Organisers: those that their organisation leads or shares. Partner authorities: all that organisations share, as
    these are the partnership's, and the same for each authority; what one organisation runs alone is its own.
    """
    held = {
        grant.organisation
        for grant in actor.grants
        if grant.role is Role.ORGANISER and grant.organisation and grant.strand in {None, Strand.COHORTS}
    }
    shared = select(FundingAwardCoOwner.award_id)
    theirs = shared.where(FundingAwardCoOwner.organisation_id.in_(held))
    own = or_(FundingAward.lead_organisation_id.in_(held), FundingAward.id.in_(theirs))
    return select(FundingAward.id).where(or_(own, FundingAward.id.in_(shared)) if actor.may_see_sums else own)


def completed(session: Session, actor: Actor) -> int:
    """Return how many completed their doctorate."""
    counted = select(func.count()).select_from(Candidature).join(Cohort, Cohort.id == Candidature.cohort_id)
    done = counted.where(Candidature.state == CandidatureState.COMPLETED, Cohort.award_id.in_(summed_awards(actor)))
    return session.scalar(done) or 0


def latest(session: Session, actor: Actor) -> list[Said]:
    """Return the latest answer of everybody: one statement."""
    newest = (
        select(Destination.candidature_id, func.max(Destination.years).label("years"))
        .where(Destination.answered_at.is_not(None))
        .group_by(Destination.candidature_id)
        .subquery()
    )
    rows = session.execute(
        select(Destination.occupation, Destination.region, Destination.sector)
        .join(newest, (newest.c.candidature_id == Destination.candidature_id) & (newest.c.years == Destination.years))
        .join(Candidature, Candidature.id == Destination.candidature_id)
        .join(Cohort, Cohort.id == Candidature.cohort_id)
        .where(Cohort.award_id.in_(summed_awards(actor)))
        .where(Destination.occupation.is_not(None), Destination.region.is_not(None))
    )
    return [Said(row.occupation, row.region, row.sector) for row in rows]
