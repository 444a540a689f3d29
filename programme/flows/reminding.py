"""Reminding: what is due is reckoned from how things stand now, and queued under keys that forbid twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from programme.engines.mail.queries import succeeded_at
from programme.engines.registration.openings.actions import publish
from programme.engines.reminders.actions import give_usual_rules
from programme.engines.reminders.outgoing.queueing import queue_due
from programme.flows.inviting.inviting import tell_waiting
from programme.flows.subjects.events import EVENTS
from programme.flows.subjects.feedback import FEEDBACKS
from programme.flows.subjects.offers import OFFERS
from programme.flows.subjects.openings import OPENINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.registration.models import Opening
    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.permissions import Actor

TICK = "remind"
LONGEST_OUTAGE = timedelta(days=30)
SUBJECTS: Sequence[ReminderSubject] = (EVENTS, OPENINGS, OFFERS, FEEDBACKS)
"""What reminds of the engines' own things; strands add theirs in the factory."""


def open_registration(session: Session, opening_id: int, *, actor: Actor, now: datetime) -> Opening:
    """Let people register; the opening gets the reminders that are usual, and whoever is invited is told."""
    opening = publish(session, opening_id, actor=actor, now=now)
    give_usual_rules(session, (OPENINGS.kind, opening.id), strand=opening.strand, now=now)
    remind_of_offers(session, opening, now=now)
    tell_waiting(session, opening, now=now)
    return opening


def remind_of_offers(session: Session, opening: Opening, *, now: datetime) -> None:
    """Give the offers of an opening their usual reminders, where it makes any; a second time changes nothing."""
    if opening.offer_hours is not None:
        give_usual_rules(session, (OFFERS.kind, opening.id), strand=opening.strand, now=now)


def queue_due_reminders(session: Session, now: datetime, subjects: Sequence[ReminderSubject] = SUBJECTS) -> int:
    """Queue every reminder that is due and not queued yet; return how many letters are new.

    After an outage so are those that are too late now, to be listed as such: of those the tick did not see in time.
    """
    return queue_due(session, subjects, now=now, seen=last_look(session, now))


def last_look(session: Session, now: datetime) -> datetime | None:
    """Return when the tick that queues looked last, not longer ago than an outage lasts; None where it never did."""
    seen = succeeded_at(session, TICK)
    return None if seen is None else min(now, max(seen, now - LONGEST_OUTAGE))
