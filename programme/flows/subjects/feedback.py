"""Feedback reminds: those who came are asked how it was, once a person, when the last event of it all is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String, and_, func, literal, or_, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.calendar.states import EventState
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import gives_its_key_back
from programme.engines.registration.feedback.actions import ASKED, FEEDBACK
from programme.engines.registration.feedback.models import FeedbackForm, FeedbackGiven
from programme.engines.registration.models import OpeningEvent, Registration, Seat
from programme.engines.registration.states import HOLDING, Attendance
from programme.engines.reminders.models import Anchor, Audience
from programme.engines.reminders.ports import Reach, Side
from programme.flows.subjects import people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, FromClause, Select

    from programme.engines.reminders.ports import Only


class FeedbackSubject:
    """What openings ask afterwards, as the rules of reminders see it."""

    kind = FEEDBACK
    may_repeat = False
    anchors: Mapping[Anchor, str] = {Anchor.END: "the end"}
    audiences: Mapping[Audience, Reach] = {
        Audience.PRESENT: Reach(
            "those who came and have not said how it was", "Sent because you were there.", {Side.AFTER: ASKED}
        ),
    }

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select when the last event ends of openings that ask something; none while a date is not known."""
        del anchor
        states = (*ANNOUNCED, EventState.DRAFT) if drafts else ANNOUNCED
        held = and_(Event.id == OpeningEvent.event_id, Event.state.in_(states), ~Event.is_archive)
        dateless = (
            select(Event.id)
            .join(OpeningEvent, held)
            .where(OpeningEvent.opening_id == FeedbackForm.opening_id, ~Event.date_is_known)
            .correlate(FeedbackForm)
        )
        last: Any = func.max(Event.ends_at)
        return (
            select(FeedbackForm.opening_id.label("subject_id"), last.label("instant"))
            .join(OpeningEvent, OpeningEvent.opening_id == FeedbackForm.opening_id)
            .join(Event, held)
            .where(~dateless.exists())
            .group_by(FeedbackForm.opening_id)
        )

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select those who came, have said nothing, and were not asked already: by a button, or by another rule.

        `once` is the key of the letter whoever sends it, so that it goes once.
        """
        del audience
        once = literal(f"{ASKED}:", String) + Registration.id.cast(String)
        came = select(Seat.id).where(Seat.registration_id == Registration.id, Seat.attendance == Attendance.PRESENT)
        given = select(FeedbackGiven.registration_id).where(FeedbackGiven.registration_id == Registration.id)
        asks = select(FeedbackForm.opening_id).where(FeedbackForm.opening_id == Registration.opening_id)
        found = (
            people.registered_for(due)
            .add_columns(once.label("once"))
            .where(Registration.person_id.is_not(None), Registration.state.in_(HOLDING))
            .where(came.exists(), ~given.exists(), asks.exists(), ~was_asked_otherwise(once, due))
        )
        return found.where(Registration.id.in_(only.registrations)) if only else found


def was_asked_otherwise(once: ColumnElement[str], due: FromClause) -> ColumnElement[bool]:
    """Whether the letter was queued by anything but this rule."""
    other = or_(OutboxMessage.rule_id.is_(None), OutboxMessage.rule_id != due.c.rule_id)
    return select(OutboxMessage.id).where(OutboxMessage.dedup_key == once, other, ~gives_its_key_back()).exists()


FEEDBACKS = FeedbackSubject()
