"""Offers remind: of the deadline by which an offered place can be taken. They go by their opening, each at its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.registration.models import Opening, OpeningEvent, Registration
from programme.engines.registration.offers.actions import OFFER
from programme.engines.registration.states import RegistrationState
from programme.engines.reminders.models import Anchor, Audience
from programme.engines.reminders.ports import Reach, Side
from programme.flows.subjects import people

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, FromClause, Select

    from programme.engines.reminders.ports import Only

ENDS = "offer_ends"


class OfferSubject:
    """The offers of an opening, as the rules of reminders see them: as many instants as there are deadlines."""

    kind = OFFER
    may_repeat = False
    anchors: Mapping[Anchor, str] = {Anchor.DEADLINE: "the deadline of an offer"}
    audiences: Mapping[Audience, Reach] = {
        Audience.OFFERED: Reach(
            "those who are offered a place and have not answered",
            "Sent because a place is offered to you.",
            {Side.BEFORE: ENDS},
        ),
    }

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select every deadline of each opening's offers; with `drafts`, for a look beforehand, the last one alone."""
        del anchor
        until: Any = func.max(Registration.answer_by) if drafts else Registration.answer_by
        found = select(Registration.opening_id.label("subject_id"), until.label("instant"))
        found = found.group_by(Registration.opening_id) if drafts else found.distinct()
        return found.join(Opening, Opening.id == Registration.opening_id).where(is_offered(), takes_place())

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select those whose offer ends at the instant reminded of, and was made before the reminder was due."""
        del audience
        found = (
            people.registered_for(due)
            .where(is_offered(), takes_place(), Registration.answer_by == due.c.until)
            .where(Registration.offered_at <= due.c.due_at, Registration.person_id.is_not(None))
        )
        return found.where(Registration.id.in_(only.registrations)) if only else found


def is_offered() -> ColumnElement[bool]:
    """Whether a registration is offered a place."""
    return and_(Registration.state == RegistrationState.OFFERED, Registration.answer_by.is_not(None))


def takes_place() -> ColumnElement[bool]:
    """Whether what an opening admits to has not come to nothing."""
    admits = select(OpeningEvent.event_id).where(OpeningEvent.opening_id == Opening.id)
    on = admits.join(Event, Event.id == OpeningEvent.event_id).where(Event.state.in_(ANNOUNCED))
    return or_(~admits.exists(), on.exists())


OFFERS = OfferSubject()
