"""The steps of what somebody has registered for: each event where they hold a place or wait, each application."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.core.web.words import ordinal, plural
from programme.engines.calendar.naming import is_web, place_end, place_words, title_of
from programme.engines.calendar.states import EventState
from programme.engines.registration.agenda.queries import coming, without_events
from programme.engines.registration.queries import positions
from programme.engines.registration.series.chairs import is_series
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import HOLDING, RegistrationState, SeatState
from programme.flows.clashing.finding import Going
from programme.flows.listing.places import Happening, places_at
from programme.flows.sharing.words import reason_of
from programme.flows.steps.step import Act, Kind, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration, Seat

R = RegistrationState
DOORS_OPEN = timedelta(hours=24)
"""How long before an event the link to join it online is the next thing one wants."""
KINDS = {R.CONFIRMED: Kind.HAVE, R.OFFERED: Kind.OFFERED}
KEPT = {R.WAITLISTED: "You keep your turn", R.PENDING: "Your registration stands"}
SEE = {R.CONFIRMED: "See your place", R.OFFERED: "See what is offered"}
TO_BE_DECIDED = "You need do nothing: we write to you when it is decided."
LEAVE = {R.WAITLISTED: "Leave the list", R.PENDING: "Withdraw"}


@dataclass(frozen=True, slots=True)
class Registered:
    """What somebody has registered for."""

    def steps(self, session: Session, person_id: int, *, links: Links, now: datetime) -> Iterator[Step]:
        """Return a step for each chair that is to come, and for each registration without events."""
        seats = coming(session, person_id, now=now)
        whys = whys_of(session, [seat for seat in seats if seat.registration.state is R.WAITLISTED], now=now)
        for seat in seats:
            yield seat_step(seat, whys.get(seat.id, ()), links=links, now=now)
        for row in without_events(session, person_id):
            yield row_step(row, links=links, now=now)


def whys_of(session: Session, seats: Sequence[Seat], *, now: datetime) -> Mapping[int, tuple[str, ...]]:
    """Say for each chair that is waited for where one stands, and why; in a number of statements that does not grow."""
    if not seats:
        return {}
    standing = positions(session, {seat.registration_id for seat in seats})
    events = {seat.event_id: seat.event for seat in seats}
    happenings = [Happening(one.id, one.starts_at, one.room_capacity) for one in events.values()]
    found = places_at(session, happenings, now=now)
    places = {(event_id, place.opening_id): place for event_id, some in found.items() for place in some}
    whys: dict[int, tuple[str, ...]] = {}
    for seat in seats:
        row, place = seat.registration, places.get((seat.event_id, seat.registration.opening_id))
        ahead = standing[row.id] - 1
        before = "Nobody waits before you." if not ahead else f"{plural(ahead, 'person', 'people')} joined before you."
        reason = reason_of(place.tally, place.homes, home=row.counts_for_id, now=now) if place else ""
        whys[seat.id] = (f"You are {ordinal(ahead + 1)} on the waiting list", before, reason)
    return whys


def seat_step(seat: Seat, whys: tuple[str, ...], *, links: Links, now: datetime) -> Step:
    """Return the step of one chair."""
    event, row = seat.event, seat.registration
    place, end = where(event)
    step = replace(
        row_step(row, links=links, now=now),
        kind=Kind.HAVE if seat.state is SeatState.LENT else KINDS.get(row.state, Kind.WAIT),
        title=title_of(event, is_theirs=True),
        look=look_of(seat),
        words="" if seat.state is SeatState.LENT else whys[0] if whys else held_words(row, now),
        url=f"/events/{slug(event.title, event.id)}",
        starts_at=event.starts_at if event.date_is_known else None,
        ends_at=None if event.all_day else event.ends_at,
        all_day=event.all_day,
        strand=event.strand.value,
        place=place,
        place_end=end,
        going=going_to(seat),
    )
    if event.state is EventState.CANCELLED:
        return replace(step, kind=Kind.HAVE, words="", due=None, why=(), next=None, others=())
    first, others = acts_at(seat, step, links=links, now=now)
    return replace(step, why=(*postponed(seat), *step.why, *whys[1:]), next=first, others=others)


def going_to(seat: Seat) -> Going | None:
    """Say where a person is to be; events that they chose one by one are compared with each other, too."""
    if seat.state is SeatState.SKIPPED:
        return None
    lot = f"registration:{seat.registration_id}"
    return Going(seat.event_id, lot if seat.registration.opening.chooses is None else f"{lot}:{seat.event_id}")


def where(event: Event) -> tuple[str, str]:
    """Say where an event is, and at which end of the corridor."""
    venue = event.venue
    place = place_words(event.room, venue.name if venue else None, is_online=event.is_online)
    has_place = bool(venue or event.room)
    return place, place_end(venue.end if venue else None, has_place=has_place, is_online=event.is_online)


def look_of(seat: Seat) -> str:
    """Return the state that decides how it looks: the event's where it is called off, else the person's own."""
    if seat.event.state in {EventState.CANCELLED, EventState.POSTPONED}:
        return seat.event.state.value
    if seat.state in {SeatState.SKIPPED, SeatState.LENT}:
        return seat.state.value
    return seat.registration.state.value


def postponed(seat: Seat) -> tuple[str, ...]:
    """Say what a postponed event means for them."""
    if seat.event.state is not EventState.POSTPONED:
        return ()
    rest = "this is the new date." if seat.event.date_is_known else "we write to you as soon as there is a date."
    return (f"{KEPT.get(seat.registration.state, 'Your place is kept')}: {rest}",)


def acts_at(seat: Seat, step: Step, *, links: Links, now: datetime) -> tuple[Act | None, tuple[Act, ...]]:
    """Return the next thing to do about a chair, and what else may be done."""
    event, row = seat.event, seat.registration
    first, others = step.next, list(step.others)
    comes = row.state is R.CONFIRMED and seat.state is not SeatState.SKIPPED
    if comes and event.date_is_known:
        others.insert(-1, Act("Add to calendar", f"{links.path(row)}/calendar.ics"))
    if comes and is_web(event.online_link):
        online = Act("Join online", event.online_link, is_elsewhere=True)
        if event.date_is_known and event.starts_at - now <= DOORS_OPEN and first and not first.is_verb:
            return online, (first, *others)
        others.insert(0, online)
    return first, (*skipping(seat, links=links, now=now), *others)


def skipping(seat: Seat, *, links: Links, now: datetime) -> tuple[Act, ...]:
    """Return what may be done about one date of a series."""
    ahead = seat.event.starts_at > now or not seat.event.date_is_known
    if not is_series(seat.registration.opening) or not ahead:
        return ()
    skip = f"{links.path(seat.registration)}/skips/{seat.event_id}"
    if has_chair(seat):
        words = "Give this date back" if seat.state is SeatState.LENT else "Skip this date"
        return (Act(words, skip, is_verb=True),)
    is_skipped = seat.state is SeatState.SKIPPED and seat.registration.state is R.CONFIRMED
    return (Act("Come after all", f"{skip}/end", is_verb=True),) if is_skipped else ()


def row_step(row: Registration, *, links: Links, now: datetime) -> Step:
    """Return the step of a registration by itself, as it stands on the list of applications."""
    page, state = links.path(row), row.state
    if state is R.OFFERED and row.answer_by and row.answer_by > now:
        return offered_step(row, page, due=row.answer_by)
    due = row.prove_by if row.prove_by and row.prove_by > now else None
    see = Act(SEE.get(state, "See where you stand"), page)
    change = (Act("Change answers", f"{page}/answers"),) if row.opening.questionnaire_id is not None else ()
    others = (*change, Act(LEAVE.get(state, "Cancel"), f"{page}/cancellation"))
    return Step(
        kind=KINDS.get(state, Kind.WAIT),
        about=f"registration:{row.id}",
        title=row.opening.title,
        look=state.value,
        words=held_words(row, now),
        url=page,
        strand=row.opening.strand.value,
        why=(TO_BE_DECIDED,) if state is R.PENDING and not due else (),
        due=due,
        next=Act("Keep my place" if state in HOLDING else "Keep my registration", f"{page}/proof", is_verb=True)
        if due
        else see,
        others=(see, *others) if due else others,
    )


def offered_step(row: Registration, page: str, *, due: datetime) -> Step:
    """Return the step of somebody who is offered a place: to take it, or to let it go."""
    return Step(
        kind=Kind.OFFERED,
        about=f"registration:{row.id}",
        title=row.opening.title,
        look=row.state.value,
        url=page,
        strand=row.opening.strand.value,
        due=due,
        next=Act("Take the place", f"{page}/acceptance", is_verb=True),
        others=(Act("Let it go", f"{page}/declination", is_verb=True), Act(SEE[R.OFFERED], page)),
    )


def held_words(row: Registration, now: datetime) -> str:
    """Say that a place is held and no more, until its address is proved."""
    return "Place held" if row.state in HOLDING and row.prove_by and row.prove_by > now else ""


REGISTERED = Registered()
