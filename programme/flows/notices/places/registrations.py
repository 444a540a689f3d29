"""Letters about one registration: confirmed, waiting, moved up, cancelled, pending, refused, lapsed, there already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import URGENT, Post, Recipient, post
from programme.engines.mail.ports import Attachment, Composed, Letter, Purpose
from programme.engines.mail.states import OutboxState
from programme.engines.registration.queries import registration_with_events
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from programme.flows.calendars.letters.parts import Brings, Part, Reader, part_of_registration
from programme.flows.clashing.telling import EXAMPLE, NO_WARNINGS, clashes_for
from programme.flows.notices.places.standing import claims
from programme.flows.notices.places.tickets import code_file
from programme.flows.notices.places.told import Day, Told, contact_of, told_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.ports import CalendarSource
    from programme.engines.registration.models import Opening, Registration
    from programme.flows.calendars.letters.parts import Calendars

R = RegistrationState
CONFIRMED, WAITLISTED, PENDING = "registration_confirmed", "registration_waitlisted", "registration_pending"
PROMOTED, CANCELLED, REFUSED = "registration_promoted", "registration_cancelled", "registration_refused"
LAPSED, ALREADY, CONSIDERED = "registration_lapsed", "already_registered", "answers_considered"
OFFERED, OFFER_LAPSED, LET_GO, LENT = "place_offered", "offer_lapsed", "offer_let_go", "week_lent"
GIVEN_BACK = "place_given_back"
KINDS: Mapping[str, tuple[str, frozenset[RegistrationState]]] = {
    CONFIRMED: ("A place is confirmed", HOLDING),
    WAITLISTED: ("On the waiting list", frozenset({R.WAITLISTED})),
    PENDING: ("Registered, to be decided", frozenset({R.PENDING})),
    PROMOTED: ("Moved up from the waiting list", HOLDING),
    CANCELLED: ("A place is cancelled", frozenset({R.CANCELLED})),
    REFUSED: ("Not admitted", frozenset({R.REFUSED})),
    LAPSED: ("A place nobody confirmed has lapsed", frozenset({R.LAPSED})),
    ALREADY: ("Registered already", LIVE),
    CONSIDERED: ("Changed answers are looked at", frozenset({R.WAITLISTED, R.OFFERED, R.CONFIRMED})),
    OFFERED: ("A place is offered", frozenset({R.OFFERED})),
    OFFER_LAPSED: ("An offered place has lapsed", frozenset({R.LAPSED})),
    LET_GO: ("An offered place was let go", frozenset({R.CANCELLED})),
    GIVEN_BACK: ("A place was given back by a calendar", frozenset({R.CANCELLED})),
}
"""Each kind of letter: its title, and the states in which it is still wanted."""
ENTERED = {R.CONFIRMED: CONFIRMED, R.WAITLISTED: WAITLISTED, R.PENDING: PENDING}
OFFERS = frozenset({OFFERED, OFFER_LAPSED, LET_GO})
WITH_CALENDAR = frozenset({CONFIRMED, PROMOTED, CANCELLED, REFUSED, LAPSED, GIVEN_BACK})
TELLS_CLASHES = frozenset({CONFIRMED, PROMOTED, OFFERED})
OWN = "is_own"
"""In a letter's context: it answers what the person did a moment ago, so it goes out even when all is over."""


def tell_entered(
    session: Session, registration: Registration, *, now: datetime, opening: Opening | None = None
) -> None:
    """Queue the letter to somebody who has just registered; `opening` is theirs, where it is at hand."""
    send(session, registration, ENTERED[registration.state], key="", now=now, opening=opening)


def tell_already(session: Session, registration: Registration, *, now: datetime) -> None:
    """Queue the letter that only tells an address that it is registered already; once an hour at most."""
    send(session, registration, ALREADY, key=f":{now:%Y%m%d%H}", now=now, context={OWN: True})


def tell_considered(session: Session, registration: Registration, number: int, *, now: datetime) -> None:
    """Queue the letter that changed answers are decided about, by the number of that decision."""
    send(session, registration, CONSIDERED, key=f":{number}", now=now, context={OWN: True})


def tell_promoted(session: Session, registrations: Iterable[Registration], *, now: datetime) -> None:
    """Queue the letter to each who moved up, to a place or an offer of one, or was lent the chair of a week now."""
    for row in registrations:
        key = f":{now:%Y%m%d%H%M%S%f}"
        if row.state is R.WAITLISTED:
            tell_lent(session, row, key=key, now=now)
        else:
            send(session, row, OFFERED if row.state is R.OFFERED else PROMOTED, key=key, now=now)


def tell_lent(session: Session, row: Registration, *, key: str, now: datetime) -> None:
    """Queue the letter about the chairs that were lent now; those of an earlier part of the same act are told already.

    A decision about many is carried out in parts at one instant, and each may lend another week to the same person.
    """
    lent = [seat.event_id for seat in row.seats if seat.state is SeatState.LENT and seat.lent_at == now]
    earlier = select(OutboxMessage.context).where(
        OutboxMessage.subject_kind == "registration",
        OutboxMessage.subject_id == row.id,
        OutboxMessage.letter == LENT,
        OutboxMessage.created_at == now,
        OutboxMessage.state != OutboxState.CANCELLED,
    )
    told = {event_id for context in session.scalars(earlier) for event_id in context["events"]}
    new = sorted(set(lent) - told)
    if new:
        key = ":".join([key, *map(str, new)])
        send(session, row, LENT, key=key, now=now, context={"events": new})


def tell_ended(
    session: Session, registration: Registration, *, held_place: bool, now: datetime, is_own: bool = False
) -> None:
    """Queue the letter to somebody whose registration ended: cancelled (`is_own`: by themselves), refused or lapsed."""
    letter = {R.CANCELLED: CANCELLED, R.REFUSED: REFUSED, R.LAPSED: LAPSED}[registration.state]
    key = f":{now:%Y%m%d%H%M%S%f}"
    send(session, registration, letter, key=key, now=now, context={"held_place": held_place, OWN: is_own})


def send(
    session: Session,
    registration: Registration,
    letter: str,
    *,
    key: str,
    now: datetime,
    context: Mapping[str, Any] | None = None,
    opening: Opening | None = None,
) -> None:
    """Queue one letter about a registration, in the organisers’ name.

    Nobody is written to about what is over, and nobody whose data are gone.
    """
    opening, context = opening or registration.opening, dict(context or {})
    if registration.person_id is None or (is_over(opening, now=now) and not context.get(OWN)):
        return
    name, address = contact_of(opening)
    row = Post(
        letter=letter,
        key=f"{letter}:{registration.id}{key}",
        recipient=Recipient(registration.address, registration.name, registration.person_id),
        subject=("registration", registration.id),
        context=context,
        sender_name=name,
        reply_to=address,
        organisation_id=opening.lead_organisation_id,
        strand=opening.strand,
        valid_until=registration.answer_by if letter == OFFERED else useful_until(opening, now=now),
        priority=URGENT,
    )
    post(session, row, now=now)


def useful_until(opening: Opening, *, now: datetime) -> datetime | None:
    """Return when letters about an opening stop being useful: with its last event, if that is to come."""
    last = max((event.ends_at for event in opening.events), default=None)
    return last if last is not None and last > now else None


def is_over(opening: Opening, *, now: datetime) -> bool:
    """Whether every event of an opening lies behind; what waits for a date does not, nor what has no event."""
    return bool(opening.events) and all(event.ends_at <= now and event.date_is_known for event in opening.events)


def compose(
    session: Session,
    message: OutboxMessage,
    *,
    now: datetime,
    calendars: Calendars,
    sources: Sequence[CalendarSource] = (),
) -> Composed | None:
    """Write a letter from what is true now; None where the registration has moved on, or all is over.

    What clashes is for its reader alone: whoever else looks at the letter does not see it.
    """
    registration = registration_with_events(session, message.subject_id or 0)
    if registration is None:
        return None
    if not is_wanted(message, registration.state, everything_is_over=is_over(registration.opening, now=now)):
        return None
    told = told_of(session, registration, links=calendars.links, now=now)
    told = replace(told, held_place=bool(message.context.get("held_place")))
    private = told
    if message.letter in TELLS_CLASHES:
        private = replace(told, clashes=clashes_for(session, registration, message, sources=sources, now=now))
    part, files = Part(), tuple[Attachment, ...]()
    if message.letter in WITH_CALENDAR and (registration.state in HOLDING or told.held_place):
        reader = Reader(message, registration)
        begins = registration.state in LIVE
        part = part_of_registration(session, reader, calendars=calendars, now=now, begins=begins)
        files = (*part.files, *code_file(told.days))
    variables = {"it": private, "now": now, "calendar": part.brings.value}
    return Composed(variables, files, withheld={"it": told} if private.clashes else {})


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose registration has not moved on, while something lies ahead."""
    standing = claims(session, {message.subject_id or 0 for message in messages}, now=now)
    known = [(message, standing.get(message.subject_id or 0)) for message in messages]
    return [row.id for row, claim in known if claim and is_wanted(row, claim.state, everything_is_over=claim.is_over)]


def is_wanted(message: OutboxMessage, state: RegistrationState, *, everything_is_over: bool) -> bool:
    """Whether a letter still tells what is so, and of what lies ahead, or answers what the person did themselves."""
    return state in KINDS[message.letter][1] and (not everything_is_over or bool(message.context.get(OWN)))


def example(letter: str) -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    starts = datetime(2027, 2, 16, 14, tzinfo=UTC)
    weeks: tuple[Mapping[str, str], ...] = (
        {"end": "liverpool", "name": "Liverpool", "words": "Semester 2, week 3"},
        {"end": "oxford", "name": "Oxford", "words": "Tuesday of 5th week, Hilary 2027"},
    )
    site = "https://programme.example.ac.uk"
    day = Day(
        "Quantum sensing for chemists",
        starts,
        starts + timedelta(hours=1),
        "Lecture theatre B, Central Teaching Hub",
        f"{site}/events/quantum-sensing-1",
        weeks,
        ticket_url=f"{site}/check-in/1-example" if letter in {CONFIRMED, PROMOTED} else "",
    )
    told = Told(
        name="Alice Aldgrove",
        title=day.title,
        days=(day,),
        manage_url=f"{site}/registrations/1-example",
        register_url=f"{site}/openings/quantum-sensing-1/registration",
        position=3 if letter == WAITLISTED else 0,
        why="Every place is taken." if letter == WAITLISTED else "",
        prove_by=starts - timedelta(days=9) if letter in ENTERED.values() else None,
        answer_by=starts - timedelta(days=9, hours=5) if letter in OFFERS else None,
        reason="The day is for those in their first year." if letter == REFUSED else "",
        held_place=letter in {CANCELLED, GIVEN_BACK},
        contact="Knowledge exchange, Oxford",
        clashes=EXAMPLE if letter in TELLS_CLASHES else NO_WARNINGS,
    )
    return {"it": told, "now": starts - timedelta(days=11), "calendar": example_of(letter)}


def example_of(letter: str) -> str:
    """Return what the example of a kind of letter brings for calendars."""
    return Brings.FILE.value if letter in {CONFIRMED, PROMOTED, CANCELLED, GIVEN_BACK} else Brings.NOTHING.value


def letters(calendars: Calendars, sources: Sequence[CalendarSource] = ()) -> tuple[Letter, ...]:
    """Return the kinds of letter about registrations; `sources` know what else somebody has, for what clashes."""
    write = partial(compose, calendars=calendars, sources=sources)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, partial(example, name), still_wanted=still_wanted)
        for name, (title, _) in KINDS.items()
    )
