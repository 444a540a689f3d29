"""Openings remind: of the end of registration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, and_, cast, func, literal, null, or_, select

from programme.engines.calendar.models import Event
from programme.engines.calendar.sight import ANNOUNCED
from programme.engines.registration.eligibility.links import INVITATION
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.models import Opening, OpeningCoOwner, OpeningEvent, Registration
from programme.engines.registration.openings.rights import OPENING
from programme.engines.registration.states import InvitationState, OpeningState, RegistrationState
from programme.engines.reminders.models import Anchor, Audience
from programme.engines.reminders.ports import Reach, Side
from programme.flows.subjects import people
from programme.people.models import Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, FromClause, Select

    from programme.engines.reminders.ports import Only

CLOSES, BRIEFING = "opening_closes", "opening_briefing"
A = Audience


class OpeningSubject:
    """Openings, as the rules of reminders see them."""

    kind = OPENING
    may_repeat = False
    anchors: Mapping[Anchor, str] = {Anchor.CLOSING: "the end of registration"}
    audiences: Mapping[Audience, Reach] = {
        A.GROUP: Reach(
            "those of a group who have not registered",
            "Sent because you are in a group.",
            {Side.BEFORE: CLOSES},
            "group",
        ),
        A.OFFERED: Reach(
            "those who are offered a place", "Sent because a place is offered to you.", {Side.BEFORE: CLOSES}
        ),
        A.INVITED: Reach(
            "those who are invited and have not answered",
            "Sent because the organisers invited you.",
            {Side.BEFORE: CLOSES},
        ),
        A.ORGANISERS: Reach(
            "the organisers", "Sent because you organise this.", {Side.BEFORE: BRIEFING, Side.AFTER: BRIEFING}
        ),
    }

    def moments(self, anchor: Anchor, *, drafts: bool = False) -> Select[Any]:
        """Select when registration ends; with `drafts`, of those too that are still being prepared."""
        del anchor
        closing: Any = Opening.closes_at
        return select(Opening.id.label("subject_id"), closing.label("instant")).where(closes(drafts=drafts))

    def recipients(self, audience: Audience, due: FromClause, *, only: Only | None = None) -> Select[Any]:
        """Select who is of an audience of openings."""
        if audience is A.ORGANISERS:
            owners = OpeningCoOwner.__table__
            return people.persons(Opening, due, only=only).where(people.organise(Opening, owners, due))
        if audience is A.GROUP:
            here = select(Opening.id).where(Opening.id == due.c.subject_id).correlate(due)
            found = people.persons(Opening, due, only=only).where(people.belong(due))
            return found.where(people.is_open(due), ~people.is_registered_for(here))
        return silent(due, only=only) if audience is A.INVITED else offered(due, only=only)


def closes(*, drafts: bool = False) -> ColumnElement[bool]:
    """Whether registration ends at an instant, and what it is for has not come to nothing."""
    states = (OpeningState.OPEN, OpeningState.DRAFT) if drafts else (OpeningState.OPEN,)
    admits = select(OpeningEvent.event_id).where(OpeningEvent.opening_id == Opening.id)
    on = admits.join(Event, Event.id == OpeningEvent.event_id)
    takes_place = on.exists() if drafts else on.where(Event.state.in_(ANNOUNCED)).exists()
    return and_(Opening.state.in_(states), Opening.closes_at.is_not(None), or_(~admits.exists(), takes_place))


def silent(due: FromClause, *, only: Only | None) -> Select[Any]:
    """Select those who were invited to what one can register for now, and have not answered."""
    found = (
        select(
            (literal(INVITATION, String) + Invitation.id.cast(String)).label("who"),
            *people.addressed(Invitation.address, Invitation.name, cast(null(), BigInteger)),
            literal(INVITATION, String).label("subject_kind"),
            Invitation.id.label("subject_id"),
            *people.sent_for(Opening),
            Invitation.link_version.label("link_version"),
            due.c.rule_id.label("rule_id"),
            due.c.stamp.label("stamp"),
        )
        .select_from(due)
        .join(Opening, Opening.id == due.c.subject_id)
        .join(Organisation, Organisation.id == Opening.lead_organisation_id)
        .join(Invitation, Invitation.opening_id == Opening.id)
        .where(Invitation.state == InvitationState.SILENT, Invitation.invited_at <= due.c.due_at, people.is_open(due))
    )
    return found.where(Invitation.id.in_(only.registrations)) if only else found


def offered(due: FromClause, *, only: Only | None) -> Select[Any]:
    """Select those who are offered a place and have not said yes."""
    found = (
        people.registered_for(due)
        .where(Registration.state == RegistrationState.OFFERED)
        .where(func.coalesce(Registration.offered_at, Registration.joined_at) <= due.c.due_at)
        .where(Registration.person_id.is_not(None))
    )
    return found.where(Registration.id.in_(only.registrations)) if only else found


OPENINGS = OpeningSubject()
