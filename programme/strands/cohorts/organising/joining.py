"""Supervisions that are not joint yet, cohort by cohort: somebody is lacking, or has refused, or has not answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload

from programme.engines.calendar.times import london_day
from programme.strands.cohorts.models import Candidature, Cohort, Signature, Supervision
from programme.strands.cohorts.rights import awards_of
from programme.strands.cohorts.states import UNDER_WAY, SignatureState
from programme.strands.cohorts.supervising.agreement import standings
from programme.strands.cohorts.supervising.signed import AGREEMENT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.supervising.agreement import Standing

MOST = 300
"""So many records are looked at, those that began first; whoever settles some sees the others."""
PATIENCE = timedelta(days=7)
"""How long somebody may take to answer before organisers are told."""


@dataclass(slots=True)
class NotJoint:
    """How many records of a cohort are not joint, by why, and the first sentence about who is lacking."""

    cohort: Cohort
    lacking: list[str] = field(default_factory=list)
    refused: int = 0
    unasked: int = 0
    unanswered: int = 0


def not_joint(session: Session, actor: Actor, *, now: datetime) -> list[NotJoint]:
    """Return the cohorts that somebody runs with records that are not joint, in a number of statements that stays."""
    rows, found = session.scalars(doubtful(actor).limit(MOST)).all(), dict[int, NotJoint]()
    known = standings(session, rows, today=london_day(now)) if rows else {}
    for row in rows:
        if not known[row.id].is_joint:
            count(found.setdefault(row.cohort_id, NotJoint(row.cohort)), known[row.id], now=now)
    return [one for one in found.values() if one.lacking or one.refused or one.unasked or one.unanswered]


def doubtful(actor: Actor) -> Select[Candidature]:
    """Select the records under way that may not be joint: not signed by everybody, or somebody leaves."""
    own = and_(Signature.subject_kind == AGREEMENT, Signature.subject_id == Candidature.id)
    agreed = Signature.state == SignatureState.AGREED
    leaving = exists().where(Supervision.candidature_id == Candidature.id, Supervision.ends_on.is_not(None))
    names = (Candidature.person, Candidature.approver, Candidature.home, Candidature.partner, Candidature.cohort)
    return (
        select(Candidature)
        .join(Cohort, Cohort.id == Candidature.cohort_id)
        .where(Cohort.award_id.in_(awards_of(actor)), Candidature.state.in_(UNDER_WAY))
        .where(or_(~exists().where(own, agreed), exists().where(own, ~agreed), leaving))
        .options(*(joinedload(name) for name in names))
        .order_by(Candidature.registered_on, Candidature.id)
    )


def count(found: NotJoint, standing: Standing, *, now: datetime) -> None:
    """Count one record, under the first reason there is; what was asked lately is let be."""
    if not standing.has_its_people:
        found.lacking += standing.lacking[:1]
        return
    states = {party.state for party in standing.parties}
    if SignatureState.REFUSED in states:
        found.refused += 1
    elif SignatureState.NOT_ASKED in states:
        found.unasked += 1
    elif waits_long(standing, now=now):
        found.unanswered += 1


def waits_long(standing: Standing, *, now: datetime) -> bool:
    """Whether somebody was asked long ago and has not answered."""
    return any(instant < now - PATIENCE for instant in asked_at(standing))


def asked_at(standing: Standing) -> Iterable[datetime]:
    """Return when those were asked who have not answered."""
    waiting = (party.signature for party in standing.parties if party.state is SignatureState.ASKED)
    return (one.asked_at for one in waiting if one and one.asked_at)
