"""Verbs of events as training: what one is worth, and that it is none after all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import EVENT
from programme.people.states import Strand
from programme.strands.cohorts.models import EventTraining
from programme.strands.cohorts.training.frameworks.queries import framework_now
from programme.strands.cohorts.training.words import hours

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.states import TrainingItem

NOT_OURS = "Only events of the doctoral cohorts are training. Edit the event first, if its strand is wrong."


@dataclass(frozen=True, slots=True)
class Worth:
    """What a piece of training is worth: `codes` are of the framework in use."""

    minutes: int
    codes: tuple[str, ...] = ()
    item: TrainingItem | None = None


def set_worth(session: Session, event_id: int, worth: Worth, *, actor: Actor, now: datetime) -> EventTraining:
    """Say what an event is worth. What was handed in of it before stays as it was."""
    event = session.get_one(Event, event_id)
    if event.strand is not Strand.COHORTS:
        raise Refusal(NOT_OURS)
    told = {"minutes": worth.minutes, "codes": list(worth.codes), "item": worth.item, "changed_at": now}
    row = kept(session, event_id, {**told, "framework_id": framework_now(session).id})
    after = {"hours": hours(worth.minutes), "parts": ", ".join(worth.codes)}
    noted(session, event, "said what it is worth as training", actor=actor, now=now, after=after)
    return row


def kept(session: Session, event_id: int, told: dict[str, Any]) -> EventTraining:
    """Write what an event is worth; whoever says it first at the same time as another comes before them."""
    changed = update(EventTraining).where(EventTraining.event_id == event_id).values(**told)
    changed = changed.returning(EventTraining.event_id).execution_options(synchronize_session=False)
    if session.scalar(changed) is None:
        try:
            with session.begin_nested():
                session.add(EventTraining(event_id=event_id, **told))
        except IntegrityError:
            session.scalar(changed)
    return session.get_one(EventTraining, event_id, populate_existing=True)


def take_worth_off(session: Session, event_id: int, *, actor: Actor, now: datetime) -> bool:
    """Let an event be no training; false where it was none. What was handed in of it stays."""
    gone = delete(EventTraining).where(EventTraining.event_id == event_id).returning(EventTraining.event_id)
    if session.scalar(gone) is None:
        return False
    noted(session, session.get_one(Event, event_id), "said it is no training", actor=actor, now=now)
    return True


def noted(
    session: Session, event: Event, verb: str, *, actor: Actor, now: datetime, after: dict[str, Any] | None = None
) -> None:
    """Write an act into the trail of the event."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(EVENT, event.id),
        now=now,
        organisation_id=event.lead_organisation_id,
        after=after,
    )
