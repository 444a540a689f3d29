"""Milestones that need whoever runs a cohort: to be signed by them, or by nobody yet; late; and who comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from programme.engines.calendar.times import london_day
from programme.strands.cohorts.models import Candidature, Cohort, Milestone, Suspension
from programme.strands.cohorts.progress.grid.overdue import late
from programme.strands.cohorts.progress.handing.signers import following, signers_of
from programme.strands.cohorts.rights import MILESTONE, awards_of
from programme.strands.cohorts.signing.queries import under
from programme.strands.cohorts.signing.standing import standing
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState, SignatureState, Signer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Signature

MOST, MOST_BACK = 300, 10
BACK_WITHIN = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class ToSign:
    """Milestones that were handed in: those that the reader may sign as an organiser, and those nobody is asked for."""

    own: Sequence[Milestone]
    stuck: Sequence[Milestone]


@dataclass(frozen=True, slots=True)
class Late:
    """How many milestones of a cohort are late, of how many researchers, and since when the first is."""

    cohort_id: int
    title: str
    milestones: int
    researchers: int
    since: date


def handed_in(session: Session, actor: Actor, *, now: datetime) -> ToSign:
    """Return what was handed in and waits for the reader, or for nobody who may still sign: three statements."""
    wanted = (
        select(Milestone)
        .join(Milestone.candidature)
        .join(Candidature.cohort)
        .where(Cohort.award_id.in_(awards_of(actor)), Milestone.state == MilestoneState.HANDED_IN)
        .where(Candidature.state.in_(UNDER_WAY))
        .options(joinedload(Milestone.rule))
        .options(contains_eager(Milestone.candidature).contains_eager(Candidature.cohort))
        .options(contains_eager(Milestone.candidature).joinedload(Candidature.person))
        .order_by(Milestone.changed_at, Milestone.id)
        .limit(MOST)
    )
    rows = session.scalars(wanted).all()
    given = under(session, MILESTONE, [row.id for row in rows])
    turns = [(row, turn(row, given[row.id])) for row in rows]
    own = [row for row, signer in turns if signer is Signer.ORGANISER and may_sign(row, actor)]
    signed = [one for some in given.values() for one in some]
    able = standing(session, [one.id for one in signed], today=london_day(now))
    asked = {row.id: [one for one in given[row.id] if one.id in able] for row in rows}
    stuck = [row for row, signer in turns if signer is not Signer.ORGANISER and not is_asked(asked[row.id], signer)]
    return ToSign(own, stuck)


def turn(row: Milestone, given: Iterable[Signature]) -> Signer | None:
    """Return as what is signed next."""
    return following(signers_of(row.rule), {one.signer for one in given if one.state is SignatureState.AGREED})


def may_sign(row: Milestone, actor: Actor) -> bool:
    """Whether somebody organises for the home university, and is not the researcher."""
    record = row.candidature
    return record.home_organisation_id in actor.organises_for and record.person_id != actor.person_id


def is_asked(given: Iterable[Signature], signer: Signer | None) -> bool:
    """Whether somebody is asked to sign as who signs next."""
    return any(one.signer is signer and one.state is SignatureState.ASKED for one in given)


def overdue(session: Session, actor: Actor, *, now: datetime) -> list[Late]:
    """Return the cohorts with something late, the longest first."""
    columns = (Cohort.id, Cohort.title, func.count(), func.count(Candidature.id.distinct()), func.min(Milestone.due_on))
    found = late(awards_of(actor), today=london_day(now)).order_by(None).with_only_columns(*columns)
    grouped = found.group_by(Cohort.id, Cohort.title).order_by(func.min(Milestone.due_on), Cohort.id).limit(MOST_BACK)
    rows: Any = session.execute(grouped)
    return [Late(*row) for row in rows]


def coming_back(session: Session, actor: Actor, *, now: datetime) -> Sequence[tuple[Candidature, date]]:
    """Return whose suspension ends within weeks, and the day they are back; of several on end, the last counts."""
    today = london_day(now)
    longer = select(Suspension.candidature_id, Suspension.rests_from).subquery("longer")
    goes_on = select(longer.c.candidature_id).where(
        longer.c.candidature_id == Suspension.candidature_id, longer.c.rests_from == Suspension.back_on
    )
    rows = session.execute(
        select(Candidature, Suspension.back_on)
        .join(Suspension, Suspension.candidature_id == Candidature.id)
        .join(Candidature.cohort)
        .where(Cohort.award_id.in_(awards_of(actor)), Candidature.state.in_(UNDER_WAY))
        .where(Suspension.rests_from <= today, Suspension.back_on > today)
        .where(Suspension.back_on <= today + BACK_WITHIN, ~goes_on.exists())
        .options(joinedload(Candidature.person))
        .order_by(Suspension.back_on, Candidature.id)
        .limit(MOST_BACK)
    )
    return [(row.Candidature, row.back_on) for row in rows]
