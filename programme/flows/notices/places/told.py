"""What letters say about a registration, from what is true now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from programme.core.web.converters import slug
from programme.engines.calendar.naming import is_web, place_words, shown_title
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.ports import Attachment
from programme.engines.registration.queries import position
from programme.engines.registration.states import RegistrationState, SeatState
from programme.flows.calendars.personal import calendar_of
from programme.flows.clashing.telling import NO_WARNINGS
from programme.flows.notices.places.tickets import ticket_url
from programme.flows.sharing.words import why_waiting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.term_weeks.term_dates import TermDates
    from programme.engines.registration.links import Links
    from programme.engines.registration.models import Opening, Registration
    from programme.flows.clashing.words import Warnings


R = RegistrationState
TELLS_REASON = frozenset({R.REFUSED, R.CONFIRMED, R.WAITLISTED})
"""Why somebody is not admitted; of a ballot, how they were drawn."""


@dataclass(frozen=True, slots=True)
class Day:
    """One event as a letter tells it; `online_link` is empty for those without a place."""

    title: str
    starts: datetime
    ends: datetime | None
    place: str
    url: str
    weeks: tuple[Mapping[str, str], ...]
    online_link: str = ""
    is_known: bool = True
    price: str = ""
    shop_url: str = ""
    ticket_url: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter says about a registration."""

    name: str
    title: str
    days: tuple[Day, ...]
    manage_url: str
    register_url: str
    position: int = 0
    why: str = ""
    prove_by: datetime | None = None
    answer_by: datetime | None = None
    offer_hours: int | None = None
    reason: str = ""
    held_place: bool = False
    contact: str = ""
    clashes: Warnings = NO_WARNINGS
    others: tuple[str, ...] = ()


def contact_of(opening: Opening) -> tuple[str, str]:
    """Return name and address of who answers: the opening's, else its first event's, else the lead's."""
    lead = opening.lead_organisation
    told = [(event.contact_name, event.contact_address) for event in opening.events]
    found = [pair for pair in [(opening.contact_name, opening.contact_address), *told] if pair[1]]
    name, address = found[0] if found else ("", lead.contact_address)
    return name or lead.name, address


def told_of(session: Session, registration: Registration, *, links: Links, now: datetime) -> Told:
    """Return what letters say about a registration."""
    opening, dates = registration.opening, terms(session)
    holds = registration.state is R.CONFIRMED
    return Told(
        name=registration.name,
        title=opening.title,
        days=tuple(
            replace(
                day_of(seat.event, dates, base_url=links.base_url, is_admitted=holds),
                ticket_url=ticket_url(seat, links=links),
            )
            for seat in sorted(registration.seats, key=lambda seat: (seat.event.starts_at, seat.event_id))
            if not holds or seat.state is not SeatState.SKIPPED
        ),
        manage_url=links.url(registration),
        register_url=f"{links.base_url}/openings/{slug(opening.title, opening.id)}/registration",
        position=position(session, registration) if registration.state is R.WAITLISTED else 0,
        why=" ".join(why_waiting(session, registration, now=now)).strip() if registration.state is R.WAITLISTED else "",
        prove_by=registration.prove_by,
        answer_by=registration.answer_by,
        offer_hours=opening.offer_hours,
        reason=registration.reason if registration.state in TELLS_REASON else "",
        contact=contact_of(opening)[0],
        others=tuple(one.name for one in registration.companions) if opening.most_together > 1 else (),
    )


def day_of(event: Event, dates: TermDates, *, base_url: str, is_admitted: bool) -> Day:
    """Return one event as a letter tells it."""
    labels = week_labels(dates, london_day(event.starts_at))
    venue = event.venue
    return Day(
        title=shown_title(event.title, is_known=event.title_is_known),
        starts=event.starts_at,
        ends=None if event.all_day else event.ends_at,
        place=place_words(
            event.room, venue.name if venue else None, venue.postcode if venue else None, is_online=event.is_online
        ),
        url=f"{base_url}/events/{slug(event.title, event.id)}",
        weeks=tuple({"end": week.end, "name": week.name, "words": week.label.long} for week in labels),
        online_link=event.online_link if is_admitted else "",
        is_known=event.date_is_known,
        price=event.price_note,
        shop_url=event.shop_url if is_web(event.shop_url) else "",
    )


def calendar_file(session: Session, registration: Registration, *, links: Links) -> Attachment:
    """Return the calendar part: what is held, or what is taken out again."""
    name = f"{slug(registration.opening.title, registration.opening_id)}.ics"
    return Attachment(name, calendar_of(session, registration, links=links), method="PUBLISH")
