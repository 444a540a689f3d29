"""Verbs of what is compulsory: say that an event or a series is, or is not; exempt somebody; remind who lacks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event, Series
from programme.strands.cohorts.locking import hold, lock_cohort
from programme.strands.cohorts.models import Candidature, CompulsoryTraining, TrainingExemption
from programme.strands.cohorts.queries import COHORT
from programme.strands.cohorts.rights import CANDIDATURE, candidature_scope
from programme.strands.cohorts.training.compulsory.queries import (
    compulsory_events,
    events_offered,
    rolls,
    series_offered,
)
from programme.strands.cohorts.training.compulsory.telling import remind_all

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Cohort

LONGEST_REASON = 2_000
NOT_SEEN = "Choose an event of the doctoral cohorts that you see: it is announced, and not cancelled."
ALREADY = "This is compulsory for the cohort already."
NOT_COMPULSORY = "This event is not compulsory for the cohort any more."
WHY = "Say why they need not come: whoever runs the cohort reads it."
TOO_LONG = f"Keep the reason to {LONGEST_REASON:,} characters."
EXEMPT = "They are exempt already."
GONE = "They are not in this cohort any more."


def make_compulsory(
    session: Session,
    cohort_id: int,
    *,
    event_id: int | None = None,
    series_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> CompulsoryTraining:
    """Let an event, or every event of a series, be compulsory for a cohort. Refusal where its organiser sees it not."""
    cohort = lock_cohort(session, cohort_id)
    offered: set[int] = {
        row.id for row in (events_offered(session, actor) if event_id else series_offered(session, actor))
    }
    if (event_id or series_id) not in offered:
        raise Refusal(NOT_SEEN, field="event")
    column = CompulsoryTraining.event_id == event_id if event_id else CompulsoryTraining.series_id == series_id
    if session.scalar(select(CompulsoryTraining.id).where(CompulsoryTraining.cohort_id == cohort_id, column)):
        raise Refusal(ALREADY, field="event")
    row = CompulsoryTraining(cohort_id=cohort_id, event_id=event_id, series_id=series_id, added_at=now)
    session.add(row)
    session.flush()
    noted(session, cohort, "made training compulsory", row=row, actor=actor, now=now)
    return row


def let_be(session: Session, cohort_id: int, compulsory_id: int, *, actor: Actor, now: datetime) -> bool:
    """Let it be compulsory no more; false where it was not. Exemptions stay, in case it is again."""
    cohort = lock_cohort(session, cohort_id)
    row = session.get(CompulsoryTraining, compulsory_id, populate_existing=True)
    if row is None or row.cohort_id != cohort_id:
        return False
    noted(session, cohort, "made training voluntary", row=row, actor=actor, now=now)
    session.delete(row)
    session.flush()
    return True


def noted(session: Session, cohort: Cohort, verb: str, *, row: CompulsoryTraining, actor: Actor, now: datetime) -> None:
    """Write into the trail of a cohort what is compulsory, or not."""
    thing = session.get(Event, row.event_id) if row.event_id else session.get(Series, row.series_id)
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(COHORT, cohort.id),
        now=now,
        organisation_id=cohort.award.lead_organisation_id,
        after={"what": thing.title if thing else ""},
    )


def exempt(
    session: Session, cohort_id: int, candidature_id: int, event_id: int, *, reason: str, actor: Actor, now: datetime
) -> TrainingExemption:
    """Let somebody need not come to one event, for a reason."""
    row = hold(session, candidature_id)
    if row.cohort_id != cohort_id:
        raise Refusal(GONE)
    if not reason.strip():
        raise Refusal(WHY, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(TOO_LONG, field="reason")
    refuse_voluntary(session, cohort_id, event_id, actor=actor)
    own = select(TrainingExemption.id).where(
        TrainingExemption.candidature_id == row.id, TrainingExemption.event_id == event_id
    )
    if session.scalar(own) is not None:
        raise Refusal(EXEMPT)
    found = TrainingExemption(candidature_id=row.id, event_id=event_id, reason=reason.strip(), granted_at=now)
    session.add(found)
    session.flush()
    noted_of(session, row, "exempted from an event", event_id=event_id, actor=actor, now=now)
    return found


def take_exemption_back(
    session: Session, cohort_id: int, candidature_id: int, event_id: int, *, actor: Actor, now: datetime
) -> bool:
    """Let somebody have to come after all; false where they were not exempt."""
    row = hold(session, candidature_id)
    if row.cohort_id != cohort_id:
        raise Refusal(GONE)
    gone = delete(TrainingExemption).where(
        TrainingExemption.candidature_id == row.id, TrainingExemption.event_id == event_id
    )
    if session.scalar(gone.returning(TrainingExemption.id)) is None:
        return False
    noted_of(session, row, "took an exemption from an event back", event_id=event_id, actor=actor, now=now)
    return True


def noted_of(session: Session, row: Candidature, verb: str, *, event_id: int, actor: Actor, now: datetime) -> None:
    """Write into the trail of a record; why stays with the exemption, as more people read the trail."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(CANDIDATURE, row.id),
        now=now,
        organisation_id=candidature_scope(row).lead,
        after={"event_id": event_id},
    )


def remind(session: Session, cohort_id: int, event_id: int, *, actor: Actor, now: datetime) -> int:
    """Write to everybody who has not booked or did not come; return how many letters go: one a day a person at most."""
    cohort = lock_cohort(session, cohort_id)
    event = refuse_voluntary(session, cohort_id, event_id, actor=actor)
    (roll,) = rolls(session, cohort_id, [event], now=now)
    number = remind_all(session, cohort, event, roll.chased, now=now)
    if number:
        audit.record(
            session,
            person_id=actor.person_id,
            verb="reminded of compulsory training",
            subject=(COHORT, cohort.id),
            now=now,
            organisation_id=cohort.award.lead_organisation_id,
            after={"event_id": event_id, "letters": number},
        )
    return number


def refuse_voluntary(session: Session, cohort_id: int, event_id: int, *, actor: Actor) -> Event:
    """Return an event that is compulsory for a cohort; Refusal for any other, and for one not seen."""
    event = session.scalars(compulsory_events(cohort_id, actor).where(Event.id == event_id)).one_or_none()
    if event is None:
        raise Refusal(NOT_COMPULSORY)
    return event
