"""The stories that queue letters about what happens to events."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from programme.engines.calendar.actions.values import Plan, plan_of
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.actions import ensure_default_rule
from programme.flows import scheduling
from programme.flows.notices.messages import Message
from programme.flows.reminding import queue_due_reminders
from programme.flows.roll.writing import write_to
from tests.factories.cast import LONG_AGO
from tests.factories.desk import REASON, TEXT, Desk

if TYPE_CHECKING:
    from collections.abc import Callable


def told(change: Callable[[Desk, int, Plan], object]) -> Callable[[Desk], None]:
    """Return the story of an event that changes while one has a place and one waits."""

    def story(desk: Desk) -> None:
        opening, *_ = desk.taken()
        event = opening.events[0]
        day = timedelta(days=1)
        change(desk, event.id, replace(plan_of(event), starts_at=event.starts_at + day, ends_at=event.ends_at + day))

    return story


def moved_elsewhere(desk: Desk, event_id: int, later: Plan) -> None:
    """Move one event to another day, and another to another room."""
    scheduling.move(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))
    opening, *_ = desk.taken()
    event = opening.events[0]
    elsewhere = replace(plan_of(event), venue_id=None, room="", is_online=False)
    scheduling.move(desk.session, event.id, elsewhere, **desk.by(desk.olga))


def put_off(desk: Desk, event_id: int, later: Plan) -> None:
    """Put one event off to another day, and another to no day yet."""
    scheduling.postpone(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))
    opening, *_ = desk.taken()
    scheduling.postpone(desk.session, opening.events[0].id, None, **desk.by(desk.olga))


def called_off(desk: Desk, event_id: int, _later: Plan) -> None:
    """Call an event off."""
    scheduling.cancel(desk.session, event_id, reason=REASON, **desk.by(desk.olga))


def brought_back(desk: Desk, event_id: int, later: Plan) -> None:
    """Let an event take place after all, once the letters about its end have gone."""
    called_off(desk, event_id, later)
    desk.session.execute(update(OutboxMessage).values(state=OutboxState.SENT))
    scheduling.reinstate(desk.session, event_id, later, reason=REASON, **desk.by(desk.olga))


def reminded(desk: Desk) -> None:
    """The day before."""
    opening, *_ = desk.taken()
    event = opening.events[0]
    ensure_default_rule(desk.session, event.id, LONG_AGO)
    desk.session.flush()
    queue_due_reminders(desk.session, event.starts_at - timedelta(hours=20))


def written_to(desk: Desk) -> None:
    """The organisers write themselves."""
    opening, *people = desk.taken()
    write_to(desk.session, opening, people, Message("once", "What to bring & where", TEXT), **desk.by(desk.olga))
