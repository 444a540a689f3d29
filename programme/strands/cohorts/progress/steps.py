"""What My programme says of milestones: what is due soon or late, what waits for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from programme.core.web.words import long_date, plural
from programme.engines.calendar.times import london_day
from programme.flows.steps.step import Act, Kind, Step
from programme.people.states import Strand
from programme.strands.cohorts.milestones.standing import SOON
from programme.strands.cohorts.models import Candidature, Milestone
from programme.strands.cohorts.progress.page.words import title_of
from programme.strands.cohorts.progress.resting import rests
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.links import Links

MOST = 30


class MilestoneSteps:
    """A researcher's own milestones of the weeks to come, those that are late, and those that wait for others."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Give a step for each milestone that is due, late or handed in; none while one is suspended."""
        del links
        today = london_day(now)
        for row in due(session, person_id, today=today):
            yield waiting_step(row) if row.state is MilestoneState.HANDED_IN else open_step(row, today=today)


def due(session: Session, person_id: int, *, today: date) -> Sequence[Milestone]:
    """Return the milestones of somebody's records that there is something to be said of."""
    is_own = select(Candidature.id).where(Candidature.person_id == person_id, Candidature.state.in_(UNDER_WAY))
    if session.scalar(is_own.limit(1)) is None:
        return ()
    asked = and_(
        Milestone.state == MilestoneState.OPEN,
        Milestone.due_on <= today + SOON,
        ~rests(Candidature.id, today),
    )
    own = (
        select(Milestone)
        .join(Milestone.candidature)
        .where(Candidature.person_id == person_id, Candidature.state.in_(UNDER_WAY))
        .where(or_(asked, Milestone.state == MilestoneState.HANDED_IN))
        .options(contains_eager(Milestone.candidature), joinedload(Milestone.rule))
    )
    return session.scalars(own.order_by(Milestone.due_on, Milestone.id).limit(MOST)).all()


def open_step(row: Milestone, *, today: date) -> Step:
    """Return the step of what has to be handed in; what is late asks for it without a day."""
    page = f"/records/{row.candidature_id}/milestones/{row.id}"
    late = row.due_on is not None and row.due_on < today
    was = f"It was due on {long_date(row.due_on)}." if late and row.due_on else ""
    form = f"The form is {row.rule.form}." if row.rule.form else ""
    return Step(
        kind=Kind.DO,
        about=f"milestone:{row.id}",
        title=title_of(row),
        look="overdue" if late else "due",
        words=f"{plural((today - row.due_on).days, 'day')} late" if late and row.due_on else "",
        url=page,
        strand=Strand.COHORTS.value,
        why=(was, form),
        due=None if late else row.due_at,
        next=Act("Hand it in", page),
    )


def waiting_step(row: Milestone) -> Step:
    """Return the step of what waits for those who sign."""
    page = f"/records/{row.candidature_id}/milestones/{row.id}"
    return Step(
        kind=Kind.WAIT,
        about=f"milestone:{row.id}",
        title=title_of(row),
        look="handed_in",
        url=page,
        strand=Strand.COHORTS.value,
        next=Act("See who signs", page),
    )


MILESTONE_STEPS = MilestoneSteps()
