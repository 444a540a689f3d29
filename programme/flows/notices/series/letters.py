"""Letters about single weeks of a series: given up or taken back by oneself, or lent while one waits."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.calendar.term_weeks.term_dates import terms
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Seat
from programme.engines.registration.queries import registration_with_events
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import HOLDING, LIVE, SeatState
from programme.flows.notices.places import registrations
from programme.flows.notices.places.registrations import LENT, OWN, is_over, send
from programme.flows.notices.places.standing import claims
from programme.flows.notices.places.told import calendar_file, day_of, told_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Registration

CHANGED = "weeks_changed"
TITLES = {CHANGED: "Somebody changes the dates of their place", LENT: "A chair on one date"}
WHAT, EVENTS = "what", "events"


class What(StrEnum):
    """What somebody did with weeks of their place."""

    SKIPPED = "skipped"
    BACK = "back"
    LEFT = "left"
    CHOSEN = "chosen"


STANDS = {
    What.SKIPPED: SeatState.SKIPPED,
    What.LEFT: SeatState.SKIPPED,
    What.BACK: SeatState.HELD,
    What.CHOSEN: SeatState.HELD,
}


def tell_changed(
    session: Session, registration: Registration, chairs: Sequence[Seat], what: What, *, now: datetime
) -> None:
    """Queue the letter to somebody about the weeks they gave up or took back; none where nothing changed."""
    if not chairs:
        return
    context = {WHAT: what.value, EVENTS: [seat.event_id for seat in chairs], OWN: True}
    send(session, registration, CHANGED, key=f":{now:%Y%m%d%H%M%S%f}", now=now, context=context)


def compose(session: Session, message: OutboxMessage, *, now: datetime, links: Links) -> Composed | None:
    """Write a letter about weeks from what is true now; None where they stand otherwise, or all is over."""
    registration = registration_with_events(session, message.subject_id or 0)
    if registration is None:
        return None
    seats = {seat.event_id: seat.state for seat in registration.seats}
    is_done = is_over(registration.opening, now=now)
    if registration.state not in LIVE or not is_so(message, seats, everything_is_over=is_done):
        return None
    told, dates = told_of(session, registration, links=links, now=now), terms(session)
    concerned = [seat for seat in registration.seats if seat.event_id in message.context[EVENTS]]
    comes = wanted_state(message) is not SeatState.SKIPPED
    days = tuple(
        day_of(seat.event, dates, base_url=links.base_url, is_admitted=comes)
        for seat in sorted(concerned, key=lambda seat: (seat.event.starts_at, seat.event_id))
    )
    it = replace(told, days=days)
    variables = {"it": it, "what": message.context.get(WHAT, ""), "now": now}
    was_told = registration.state in HOLDING or any(map(has_chair, registration.seats))
    return Composed(variables, (calendar_file(session, registration, links=links),) if was_told else ())


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose weeks stand as they tell."""
    ids = {message.subject_id or 0 for message in messages}
    standing = claims(session, ids, now=now)
    seats: dict[int, dict[int, SeatState]] = {one: {} for one in ids}
    rows = select(Seat.registration_id, Seat.event_id, Seat.state).where(Seat.registration_id.in_(ids))
    for registration_id, event_id, state in session.execute(rows):
        seats[registration_id][event_id] = state
    known = [(message, standing.get(message.subject_id or 0)) for message in messages]
    return [
        row.id
        for row, claim in known
        if claim and claim.state in LIVE and is_so(row, seats[row.subject_id or 0], everything_is_over=claim.is_over)
    ]


def is_so(message: OutboxMessage, seats: Mapping[int, SeatState], *, everything_is_over: bool) -> bool:
    """Whether a letter still tells what is so of any of its weeks."""
    tells = any(seats.get(event_id) is wanted_state(message) for event_id in message.context[EVENTS])
    return tells and (not everything_is_over or bool(message.context.get(OWN)))


def wanted_state(message: OutboxMessage) -> SeatState:
    """Return how the chairs stand that a letter tells of."""
    return SeatState.LENT if message.letter == LENT else STANDS[What(message.context[WHAT])]


def example(letter: str) -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    shown = registrations.example(registrations.CONFIRMED)
    it = replace(shown["it"], prove_by=None)
    if letter == LENT:
        it = replace(it, position=2)
    return {**shown, "it": it, "what": What.SKIPPED.value}


def letters(links: Links) -> tuple[Letter, ...]:
    """Return the kinds of letter about weeks."""
    write = partial(compose, links=links)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, partial(example, name), still_wanted=still_wanted)
        for name, title in TITLES.items()
    )
