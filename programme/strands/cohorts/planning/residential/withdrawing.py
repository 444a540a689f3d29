"""Withdrawing a joint residential as a whole, before anybody has registered; nothing is left of drafts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.core.web.words import long_date, plural
from programme.engines.calendar import sight
from programme.engines.calendar.actions import series as series_verbs
from programme.engines.calendar.actions.locking import lock
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.registration.models import OpeningEvent, Registration
from programme.engines.registration.states import RegistrationState
from programme.flows import scheduling
from programme.flows.together.making import is_hung_on
from programme.people.models import RoleGrant
from programme.people.permissions import Verb, may
from programme.strands.cohorts.awards.membership import COHORT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Residential

REGISTERED = "{} registered already: cancel its days on their own pages, and everybody gets a letter."
BEGUN = "It began on {}: cancel what still lies ahead on its own pages."
NOT_YOURS = "{} leads this residential, and withdraws it."


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What became of the days: drafts are gone, what was published stays to be seen as cancelled."""

    deleted: int
    cancelled: int


def withdraw(session: Session, residential: Residential, *, actor: Actor, now: datetime) -> Withdrawn:
    """Delete the days that are drafts, cancel those that were published; the series goes where nothing is left in it.

    Raises Refusal where somebody has registered, where it has begun, or where it is not the actor's to call off.
    """
    title, series_id, cohort_id = residential.series.title, residential.series_id, residential.cohort_id
    ids = list(session.scalars(select(Event.id).where(Event.series_id == series_id).order_by(Event.id)))
    scheduling.lock_openings(session, *ids)
    series = series_verbs.lock(session, series_id)
    events = events_of(session, series_id)
    reason = reason_against(session, series, events, actor=actor, now=now)
    if reason:
        raise Refusal(reason)
    parts_first = sorted(events, key=lambda event: event.part_of_id is None)
    found = [undone(session, event, actor=actor, now=now) for event in parts_first]
    session.flush()
    take_out(session, series)
    outcome = Withdrawn(found.count(True), found.count(False))
    audit.record(
        session,
        person_id=actor.person_id,
        verb="withdrew a residential",
        subject=(COHORT, cohort_id),
        organisation_id=series.lead_organisation_id,
        now=now,
        before={"title": title, "deleted": outcome.deleted, "cancelled": outcome.cancelled},
    )
    session.flush()
    return outcome


def events_of(session: Session, series_id: int) -> Sequence[Event]:
    """Return the days of a residential and their parts, in the order in which they begin."""
    rows = select(Event).where(Event.series_id == series_id).order_by(Event.starts_at, Event.id)
    return session.scalars(rows.execution_options(populate_existing=True)).all()


def reason_against(session: Session, series: Series, events: Sequence[Event], *, actor: Actor, now: datetime) -> str:
    """Say why a residential is not withdrawn by somebody, or nothing."""
    if not may(actor, Verb.PUBLISH, sight.series_scope(series)):
        return NOT_YOURS.format(series.lead_organisation.short_name)
    people = registered(session, [event.id for event in events])
    if people:
        return REGISTERED.format(plural(people, "person has", "people have"))
    begun = next((one for one in events if one.published_at and one.starts_at <= now and is_on(one)), None)
    return BEGUN.format(long_date(begun.starts_at)) if begun else ""


def is_on(event: Event) -> bool:
    """Whether an event is not cancelled."""
    return event.state is not EventState.CANCELLED


def registered(session: Session, event_ids: Sequence[int]) -> int:
    """Return how many have ever registered for what admits to these events: what is only begun does not count."""
    admitting = select(OpeningEvent.opening_id).where(OpeningEvent.event_id.in_(event_ids))
    sent = select(func.count()).where(
        Registration.opening_id.in_(admitting), Registration.state != RegistrationState.DRAFT
    )
    return session.scalar(sent) or 0


def undone(session: Session, event: Event, *, actor: Actor, now: datetime) -> bool | None:
    """Delete an event that nobody has seen and nothing hangs on, else cancel it; None where it is cancelled already."""
    lock(session, event.id)
    if event.state is EventState.DRAFT and event.published_at is None and not is_hung_on(session, event.id):
        event.co_owners = []
        session.delete(event)
        return True
    if not is_on(event):
        return None
    scheduling.cancel(session, event.id, actor=actor, now=now)
    return False


def take_out(session: Session, series: Series) -> None:
    """Delete a series in which nothing is left, unless somebody helps with it."""
    of_it = {"subject_kind": sight.SERIES, "subject_id": series.id}
    used = session.scalar(
        select(exists().where(Event.series_id == series.id) | select(RoleGrant.id).filter_by(**of_it).exists())
    )
    if not used:
        series.co_owners = []
        session.flush()
        session.execute(delete(Series).where(Series.id == series.id))
