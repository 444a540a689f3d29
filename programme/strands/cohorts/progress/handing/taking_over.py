"""Supervisions begin and end by their dates: on that day whoever signs from then on is asked for what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from programme.engines.calendar.times import london_day
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Candidature, Milestone, Supervision
from programme.strands.cohorts.progress.handing.signing import ask_following, unasked
from programme.strands.cohorts.states import UNDER_WAY, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

AT_ONCE = 200
LATELY = timedelta(days=30)
"""How long ago a supervision began or ended that is looked at: longer than this installation is ever down."""


def to_ask(session: Session, now: datetime) -> Sequence[int]:
    """Return the ids of records with somebody to be asked for a signature, as supervision changed on its day."""
    today = london_day(now)
    rows = session.scalars(changed_lately(today)).unique().all()
    return [row.id for row in rows if unasked(session, row, today=today)]


def changed_lately(today: date) -> Select[Candidature]:
    """Select records on which something waits and somebody began or ended to supervise, the last of them first."""
    ended = Supervision.ends_on.between(today - LATELY, today - timedelta(days=1))
    changed = (
        select(
            Supervision.candidature_id, func.max(func.coalesce(Supervision.ends_on, Supervision.begins_on)).label("on")
        )
        .where(or_(Supervision.begins_on.between(today - LATELY, today), ended))
        .group_by(Supervision.candidature_id)
        .subquery("changed")
    )
    waits = select(Milestone.candidature_id).where(Milestone.state == MilestoneState.HANDED_IN)
    found = select(Candidature).join(changed, changed.c.candidature_id == Candidature.id)
    own = found.where(Candidature.state.in_(UNDER_WAY), Candidature.id.in_(waits))
    return own.order_by(changed.c.on.desc(), Candidature.id).limit(AT_ONCE)


def ask_who_signs_now(session: Session, candidature_id: int, now: datetime) -> bool:
    """Ask whoever signs now for what waits on a record; False where they were asked, or it was signed, meanwhile."""
    row = hold(session, candidature_id)
    if row.state not in UNDER_WAY or not unasked(session, row, today=london_day(now)):
        return False
    ask_following(session, row, now=now)
    return True
