"""What researchers came to and have not handed in: read from chairs where they were marked as present, never kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar.models import Event
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import london_day
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import Attendance
from programme.strands.cohorts.models import Candidature, EventTraining, TrainingEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Came:
    """An event that is training, to which a researcher came."""

    event: Event
    worth: EventTraining

    @property
    def day(self) -> date:
        """Its first day."""
        return london_day(self.event.starts_at)

    @property
    def last(self) -> date:
        """Its last day; one that ends at midnight ends the day before."""
        return max(self.day, london_day(self.event.ends_at)) if not self.event.all_day else self.day


def present(ids: Collection[int]) -> Select[int, int]:
    """Select (candidature, event) where a researcher was marked as present at training since they registered."""
    return (
        select(Candidature.id, EventTraining.event_id)
        .join(Registration, Registration.person_id == Candidature.person_id)
        .join(Seat, Seat.registration_id == Registration.id)
        .join(EventTraining, EventTraining.event_id == Seat.event_id)
        .join(Event, Event.id == EventTraining.event_id)
        .where(Candidature.id.in_(ids), Seat.attendance == Attendance.PRESENT, Event.state != EventState.CANCELLED)
        .where(Event.starts_at >= Candidature.registered_on)
        .distinct()
    )


def drafts(session: Session, ids: Collection[int]) -> Mapping[int, list[Came]]:
    """Return what each researcher came to and has no entry of, by candidature: two statements and what they load."""
    found: dict[int, list[Came]] = {one: [] for one in ids}
    if not found:
        return found
    entered = select(TrainingEntry.id).where(
        TrainingEntry.candidature_id == Candidature.id, TrainingEntry.event_id == EventTraining.event_id
    )
    pairs = session.execute(present(found).where(~entered.exists()).limit(MOST)).all()
    events = events_of(session, {event_id for _, event_id in pairs})
    for candidature_id, event_id in pairs:
        found[candidature_id].append(events[event_id])
    for came in found.values():
        came.sort(key=lambda one: (one.event.starts_at, one.event.id))
    return found


def events_of(session: Session, ids: Collection[int]) -> dict[int, Came]:
    """Return events with what they are worth."""
    if not ids:
        return {}
    wanted = select(EventTraining, Event).join(Event, Event.id == EventTraining.event_id)
    loaded = (
        joinedload(EventTraining.framework),
        joinedload(Event.lead_organisation),
        selectinload(Event.co_owners),
    )
    rows = session.execute(wanted.where(Event.id.in_(ids)).options(*loaded))
    return {event.id: Came(event, worth) for worth, event in rows}


def came_to(session: Session, candidature_id: int, event_id: int) -> Came | None:
    """Return an event that somebody came to, as it is now; None where they are not marked as present."""
    wanted = present([candidature_id]).where(EventTraining.event_id == event_id)
    if session.execute(wanted.limit(1)).first() is None:
        return None
    return events_of(session, [event_id]).get(event_id)


def is_present(session: Session, candidature_id: int, event_id: int) -> bool:
    """Whether a researcher is marked as present at an event, whatever that is worth now."""
    seats = (
        select(Seat.id)
        .join(Registration, Registration.id == Seat.registration_id)
        .join(Candidature, Candidature.person_id == Registration.person_id)
        .where(Candidature.id == candidature_id, Seat.event_id == event_id, Seat.attendance == Attendance.PRESENT)
    )
    return session.scalar(seats.limit(1)) is not None
