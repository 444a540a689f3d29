"""What the sums of doctoral cohorts are reckoned from, each in one statement, without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import distinct, func, select

from programme.people.models import Organisation
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward, Milestone, TrainingEntry
from programme.strands.cohorts.states import UNDER_WAY, CandidatureState, MilestoneState, TrainingState
from programme.strands.cohorts.talent.queries import summed_awards
from programme.strands.cohorts.training.summing import Target, in_units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.training.summing import Year

STANDS = {CandidatureState.COMPLETED: "Completed", CandidatureState.WITHDRAWN: "Left without a doctorate"}
UNDER_WAY_WORDS = "Under way"


@dataclass(frozen=True, slots=True)
class OnTime:
    """Milestones that were reached: by their day, or later, and how many researchers they are of."""

    by_their_day: int
    later: int
    people: int


@dataclass(frozen=True, slots=True)
class Trained:
    """How many are under way, and how many of them reached what is asked of them in a year of training."""

    people: int
    reached: int


def summed(actor: Actor) -> Select[int]:
    """Select the cohorts that somebody may know the sums of."""
    return select(Cohort.id).where(Cohort.award_id.in_(summed_awards(actor)))


def by_year(session: Session, actor: Actor) -> Mapping[str, int]:
    """Return how many entered in each academic year."""
    counted = (
        select(Cohort.entry_year, func.count(Candidature.id)).join(Candidature).where(Cohort.id.in_(summed(actor)))
    )
    rows = session.execute(counted.group_by(Cohort.entry_year).order_by(Cohort.entry_year))
    return {f"{year}/{(year + 1) % 100:02}": number for year, number in rows}


def by_home(session: Session, actor: Actor) -> Mapping[str, int]:
    """Return how many are registered at each university."""
    counted = select(Organisation.name, func.count(Candidature.id)).join(
        Candidature, Candidature.home_organisation_id == Organisation.id
    )
    within = counted.where(Candidature.cohort_id.in_(summed(actor)))
    rows = session.execute(within.group_by(Organisation.id, Organisation.name).order_by(Organisation.position))
    return dict(rows.all())


def by_state(session: Session, actor: Actor) -> Mapping[str, int]:
    """Return how many are under way, completed, or left."""
    counted = select(Candidature.state, func.count()).where(Candidature.cohort_id.in_(summed(actor)))
    found = dict.fromkeys((UNDER_WAY_WORDS, *STANDS.values()), 0)
    for state, number in session.execute(counted.group_by(Candidature.state)):
        found[STANDS.get(state, UNDER_WAY_WORDS)] += number
    return found


def on_time(session: Session, actor: Actor) -> OnTime:
    """Return how many milestones with a day were reached by it."""
    reached = (
        Milestone.state == MilestoneState.DONE,
        Milestone.done_on.is_not(None),
        Milestone.due_on.is_not(None),
        Candidature.cohort_id.in_(summed(actor)),
    )
    in_time = func.count(Milestone.id).filter(Milestone.done_on <= Milestone.due_on)
    counted = select(in_time, func.count(Milestone.id), func.count(distinct(Milestone.candidature_id)))
    early, number, people = session.execute(counted.select_from(Milestone).join(Candidature).where(*reached)).one()
    return OnTime(early, number - early, people)


def trained(session: Session, actor: Actor, year: Year) -> Trained:
    """Return how many of those under way were assented to as much training in a year as their award asks for."""
    within = (
        TrainingEntry.candidature_id == Candidature.id,
        TrainingEntry.state == TrainingState.AGREED,
        TrainingEntry.begins_on.between(year.first, year.last),
    )
    minutes = select(func.coalesce(func.sum(TrainingEntry.minutes), 0)).where(*within).scalar_subquery()
    asked = (FundingAward.training_target, FundingAward.training_unit, FundingAward.hours_a_day)
    rows = session.execute(
        select(minutes, *asked)
        .select_from(Candidature)
        .join(Cohort, Cohort.id == Candidature.cohort_id)
        .join(FundingAward, FundingAward.id == Cohort.award_id)
        .where(Cohort.id.in_(summed(actor)), Candidature.state.in_(UNDER_WAY), Candidature.registered_on <= year.last)
    ).all()
    reached = sum(in_units(int(done), Target(*target)) >= Fraction(target[0]) for done, *target in rows)
    return Trained(len(rows), reached)
