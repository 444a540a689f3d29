"""Named reads of what is compulsory: the events of a cohort, and where each researcher stands with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from programme.engines.calendar import sight
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import london_day
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.states import Attendance, RegistrationState, SeatState
from programme.people.models import Person
from programme.people.states import Strand
from programme.strands.cohorts.models import Candidature, CompulsoryTraining, TrainingExemption
from programme.strands.cohorts.states import UNDER_WAY
from programme.strands.cohorts.training.compulsory.standing import CHASED, Facts, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

WAITS = (RegistrationState.PENDING, RegistrationState.WAITLISTED, RegistrationState.OFFERED)
MOST_RESEARCHERS, MOST_OFFERED = 1_000, 300


@dataclass(frozen=True, slots=True)
class Roll:
    """One event with where each researcher stands, by standing."""

    event: Event
    by_standing: Mapping[Standing, Sequence[Candidature]]

    def of(self, standing: Standing) -> Sequence[Candidature]:
        """Return the researchers who stand so."""
        return self.by_standing.get(standing, ())

    @property
    def chased(self) -> list[Candidature]:
        """Whoever is to be reminded."""
        return [row for one in Standing if one in CHASED for row in self.of(one)]


def compulsory_events(cohort_id: int, actor: Actor) -> Select[Event]:
    """Select the events that are compulsory for a cohort and that an organiser sees, those to come first by day."""
    own = CompulsoryTraining.cohort_id == cohort_id
    events = select(CompulsoryTraining.event_id).where(own, CompulsoryTraining.event_id.is_not(None))
    series = select(CompulsoryTraining.series_id).where(own, CompulsoryTraining.series_id.is_not(None))
    wanted = select(Event).where(or_(Event.id.in_(events), Event.series_id.in_(series)))
    seen = wanted.where(sight.visible_to(actor), sight.announced(), Event.state != EventState.CANCELLED)
    return seen.order_by(Event.starts_at.desc(), Event.id.desc())


def assigned(session: Session, cohort_id: int) -> Sequence[CompulsoryTraining]:
    """Return what is compulsory for a cohort, as it was said."""
    own = select(CompulsoryTraining).where(CompulsoryTraining.cohort_id == cohort_id).order_by(CompulsoryTraining.id)
    loaded = (joinedload(CompulsoryTraining.event), joinedload(CompulsoryTraining.series))
    return session.scalars(own.options(*loaded).limit(MOST_OFFERED)).all()


def events_offered(session: Session, actor: Actor) -> Sequence[Event]:
    """Return events of the strand that an organiser sees and may call compulsory, the latest first."""
    wanted = select(Event).where(Event.strand == Strand.COHORTS, sight.visible_to(actor), sight.announced())
    newest = wanted.where(Event.state != EventState.CANCELLED).order_by(Event.starts_at.desc(), Event.id.desc())
    return session.scalars(newest.limit(MOST_OFFERED)).all()


def series_offered(session: Session, actor: Actor) -> Sequence[Series]:
    """Return series of the strand that an organiser sees."""
    seen = select(Event.series_id).where(sight.visible_to(actor), sight.announced(), Event.series_id.is_not(None))
    wanted = select(Series).where(Series.strand == Strand.COHORTS, Series.id.in_(seen))
    rows = session.scalars(wanted.options(selectinload(Series.co_owners)).order_by(Series.title).limit(MOST_OFFERED))
    return [row for row in rows if sight.may_see_series(row, actor)]


def researchers(session: Session, cohort_id: int) -> Sequence[Candidature]:
    """Return the researchers of a cohort who are under way, by name."""
    own = select(Candidature).join(Candidature.person).where(Candidature.cohort_id == cohort_id)
    living = own.where(Candidature.state.in_(UNDER_WAY)).order_by(Person.name, Candidature.id)
    return session.scalars(living.options(joinedload(Candidature.person)).limit(MOST_RESEARCHERS)).all()


def rolls(session: Session, cohort_id: int, events: Sequence[Event], *, now: datetime) -> list[Roll]:
    """Return where everybody stands with some events, in a number of statements that does not grow.

    What was over before somebody registered is nothing to them.
    """
    people = researchers(session, cohort_id)
    seats = seats_of(session, [one.id for one in events], [row.person_id for row in people if row.person_id])
    excused = exempt(session, [one.id for one in events])
    found = []
    for event in events:
        by: dict[Standing, list[Candidature]] = {}
        for row in (one for one in people if one.registered_on <= london_day(event.ends_at)):
            known = seats.get((event.id, row.person_id or 0), ())
            facts = facts_of(known, is_over=event.ends_at <= now, is_exempt=(event.id, row.id) in excused)
            by.setdefault(standing(facts), []).append(row)
        found.append(Roll(event, by))
    return found


def lacking(session: Session, row: Candidature, actor: Actor, *, now: datetime) -> list[tuple[Event, Standing]]:
    """Return what is compulsory for a researcher and lacking, of the events that a reader sees, the latest first."""
    known = session.scalars(compulsory_events(row.cohort_id, actor).limit(MOST_OFFERED)).all()
    events = [event for event in known if row.registered_on <= london_day(event.ends_at)]
    ids = [event.id for event in events]
    seats = seats_of(session, ids, [row.person_id] if row.person_id else [])
    excused = exempt(session, ids) if ids else set()
    found = []
    for event in events:
        marks = seats.get((event.id, row.person_id or 0), ())
        facts = facts_of(marks, is_over=event.ends_at <= now, is_exempt=(event.id, row.id) in excused)
        found.append((event, standing(facts)))
    return [(event, stands) for event, stands in found if stands in CHASED]


Mark = tuple[RegistrationState, SeatState, Attendance]


def seats_of(session: Session, events: Collection[int], people: Collection[int]) -> dict[tuple[int, int], list[Mark]]:
    """Return how people are registered for events, by (event, person)."""
    found: dict[tuple[int, int], list[Mark]] = {}
    wanted = (
        select(Seat.event_id, Registration.person_id, Registration.state, Seat.state, Seat.attendance)
        .join(Registration, Registration.id == Seat.registration_id)
        .where(Seat.event_id.in_(events), Registration.person_id.in_(people))
    )
    for event_id, person_id, state, seat, attendance in session.execute(wanted) if events and people else ():
        found.setdefault((event_id, person_id or 0), []).append((state, seat, attendance))
    return found


def exempt(session: Session, events: Collection[int]) -> set[tuple[int, int]]:
    """Return (event, candidature) of those who need not come."""
    wanted = select(TrainingExemption.event_id, TrainingExemption.candidature_id)
    return {(one, other) for one, other in session.execute(wanted.where(TrainingExemption.event_id.in_(events)))}


def facts_of(marks: Collection[Mark], *, is_over: bool, is_exempt: bool) -> Facts:
    """Return what is known of somebody and one event."""
    held = [(state, mark) for state, seat, mark in marks if seat is SeatState.HELD]
    return Facts(
        is_over=is_over,
        is_exempt=is_exempt,
        came=any(mark is Attendance.PRESENT for _, _, mark in marks),
        was_absent=any(mark is Attendance.ABSENT and state is RegistrationState.CONFIRMED for state, mark in held),
        has_place=any(state is RegistrationState.CONFIRMED for state, _ in held),
        waits=any(state in WAITS for state, _ in held),
    )


def exemptions(session: Session, events: Collection[int], cohort_id: int) -> dict[tuple[int, int], TrainingExemption]:
    """Return the exemptions of a cohort's researchers, by (event, candidature)."""
    own = select(TrainingExemption).join(Candidature).where(Candidature.cohort_id == cohort_id)
    rows = session.scalars(own.where(TrainingExemption.event_id.in_(events)))
    return {(row.event_id, row.candidature_id): row for row in rows}
