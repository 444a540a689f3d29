"""The letter about dates of a series that changed at once: one for each person, with before and after of each date."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.converters import slug
from programme.engines.calendar.actions.values import Told, told_of, when_words
from programme.engines.calendar.feeds.entries import Variant, entries_of, site_for
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.outbox import URGENT, USUAL, Post, Recipient, post_all
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.registration.models import Registration
from programme.engines.registration.plugs import ever_held
from programme.engines.registration.series.sitting import is_admitted
from programme.engines.registration.states import LIVE, RegistrationState
from programme.flows.calendars.letters.parts import Brings, Part, Reader, part_of
from programme.flows.calendars.personal import as_held
from programme.flows.notices import events as single
from programme.flows.notices.places.standing import attenders, dates
from programme.flows.notices.series.pending import BEFORE, CHANGED, CHANGES, COUNT, EVENT, REGISTRATION

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Change
    from programme.engines.calendar.ical.entry import CalendarEntry
    from programme.engines.mail.models import OutboxMessage
    from programme.engines.registration.links import Links
    from programme.flows.calendars.letters.parts import Calendars

TITLE = "Several dates of a series change"
STATES = {
    EventState.CANCELLED: "Cancelled",
    EventState.POSTPONED: "Postponed",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of which one person hears: the change, by which registration, and what they knew before."""

    event: Event
    change: Change
    registration: Registration
    news: single.News


@dataclass(frozen=True, slots=True)
class Shown:
    """One event as the letter shows it."""

    event: Event
    registration: Registration
    before: Told


def tell_together(
    session: Session,
    series: Series,
    changes: Sequence[Change],
    people: Mapping[int, Sequence[Registration]],
    *,
    now: datetime,
) -> int:
    """Queue one letter for each person who hears of any of these changes of a series, and return how many letters.

    `people` are told, each once, by the id of the event. Whoever hears of one event alone gets the letter about it;
    letters about events of different leads stay apart, as organisers see what is sent about theirs.
    """
    found = [change for change in changes if change.is_one and single.lies_ahead(change, now)]
    events = loaded(session, [change.event_id for change in found])
    heard: defaultdict[tuple[int, int, str], list[Heard]] = defaultdict(list)
    for change in found:
        event = events[change.event_id]
        if event.is_archive:
            continue
        known, chairs = single.withdraw_unsent(session, event.id), single.chairs_at(session, event.id)
        for person in people.get(event.id, ()):
            before, chair = known.get(person.person_id or 0, change.before), chairs.get(person.id)
            news = single.news_of(before, change.after, is_admitted=single.has_taken(person.state, chair))
            if news is not None:
                whose = (person.person_id or 0, event.lead_organisation_id, event.strand.value)
                heard[whose].append(Heard(event, change, person, news))
    return post_all(session, [post_of(series, told, now=now) for told in heard.values()], now=now)


def loaded(session: Session, ids: Collection[int]) -> dict[int, Event]:
    """Return events by id, with what letters tell of them."""
    rows = session.scalars(select(Event).where(Event.id.in_(ids)).options(*single.WITH))
    return {row.id: row for row in rows}


def post_of(series: Series, heard: Sequence[Heard], *, now: datetime) -> Post:
    """Return the letter for one person: about one event as ever, about several in one."""
    first = heard[0]
    if len(heard) == 1:
        return single.post_for(first.event, first.change, first.registration, first.news, now=now)
    person, lead = first.registration, first.event.lead_organisation
    ends = [max(one.change.before.ends_at, one.change.after.ends_at) for one in heard]
    starts = [min(one.change.before.starts_at, one.change.after.starts_at) for one in heard]
    is_open = any(not one.change.after.date_is_known for one in heard)
    mark = ",".join(f"{one.event.id}.{one.change.news}" for one in heard)
    return Post(
        letter=CHANGED,
        key=f"dates:{series.id}:{person.person_id}:{lead.id}:{mark}",
        recipient=Recipient(person.address, person.name, person.person_id),
        subject=("series", series.id),
        context={CHANGES: [entry_of(one) for one in heard]},
        sender_name=first.event.contact_name or lead.name,
        reply_to=first.event.contact_address or lead.contact_address,
        organisation_id=lead.id,
        strand=first.event.strand,
        valid_until=max(ends) if max(ends) > now and not is_open else None,
        priority=URGENT if min(starts) - now < single.NEAR else USUAL,
    )


def entry_of(one: Heard) -> dict[str, Any]:
    """Return what the letter keeps of one event."""
    known = one.news.before.as_json()
    return {EVENT: one.event.id, REGISTRATION: one.registration.id, COUNT: one.change.news, BEFORE: known}


def compose(session: Session, message: OutboxMessage, *, now: datetime, calendars: Calendars) -> Composed | None:
    """Write the letter from what is true now, without what has been overtaken; None where that is all of it."""
    entries = wanted_entries(session, [message], now=now)[message.id]
    if not entries:
        return None
    events = loaded(session, [entry[EVENT] for entry in entries])
    chosen = select(Registration).where(Registration.id.in_([entry[REGISTRATION] for entry in entries]))
    people = {row.id: row for row in session.scalars(chosen.options(selectinload(Registration.seats)))}
    told = [Shown(events[it[EVENT]], people[it[REGISTRATION]], Told.from_json(it[BEFORE])) for it in entries]
    told.sort(key=lambda one: (one.event.starts_at, one.event.id))
    series = session.get(Series, message.subject_id, options=[joinedload(Series.lead_organisation)])
    held = [one for one in told if single.holds(one.event, one.registration)]
    part = Part()
    if held:
        reader, name = Reader(message, held[0].registration), slug(series.title, series.id) if series else "dates"
        brought = entries_for(session, held, links=calendars.links)
        part = part_of(session, brought, reader, title=name, calendars=calendars, now=now)
    words = words_of(session, series, told, links=calendars.links)
    return Composed({**words, "calendar": part.brings.value}, part.files)


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters that still tell of something."""
    return [number for number, entries in wanted_entries(session, messages, now=now).items() if entries]


def wanted_entries(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime
) -> dict[int, list[dict[str, Any]]]:
    """Return what each letter still tells of: what lies ahead, was not overtaken, and concerns its person."""
    every = [entry for message in messages for entry in message.context[CHANGES]]
    told = dates(session, {entry[EVENT] for entry in every})
    people = attenders(session, {entry[REGISTRATION] for entry in every}, events=told)
    found: dict[int, list[dict[str, Any]]] = {}
    for message in messages:
        found[message.id] = []
        for entry in message.context[CHANGES]:
            date, person = told.get(entry[EVENT]), people.get(entry[REGISTRATION])
            if not date or not person or person[0] not in LIVE or entry[EVENT] in person[1]:
                continue
            is_ahead = not date.is_known or max(Told.from_json(entry[BEFORE]).ends_at, date.ends_at) > now
            found[message.id] += [entry] if date.news == entry[COUNT] and is_ahead else []
    return found


def words_of(session: Session, series: Series | None, told: Sequence[Shown], *, links: Links) -> Mapping[str, Any]:
    """Return the variables of the three templates."""
    first, known = told[0], terms(session)
    lead = first.event.lead_organisation
    places = {links.url(one.registration) for one in told}
    notes = dict.fromkeys(one.event.change_note for one in told if one.event.change_note)
    return {
        "name": first.registration.name,
        "title": series.title if series else first.event.title,
        "rows": [row_of(one, known, links=links, is_apart=len(places) > 1) for one in told],
        "reason": "\n\n".join(notes),
        "holds": any(single.holds(one.event, one.registration) for one in told),
        "manage_url": places.pop() if len(places) == 1 else "",
        "contact": first.event.contact_name or lead.name,
    }


def row_of(one: Shown, known: Any, *, links: Links, is_apart: bool) -> dict[str, Any]:
    """Return one event as the templates show it; `is_apart` gives it a link of its own to the person's place."""
    event, after = one.event, told_of(one.event)
    has_other_link = one.before.link not in {None, after.link} and single.admits(event, one.registration)
    title = shown_title(event.title, is_known=event.title_is_known, series=event.series.title if event.series else None)
    weeks = week_labels(known, london_day(after.starts_at)) if after.date_is_known else ()
    return {
        "title": title,
        "url": f"{links.base_url}/events/{slug(title, event.id)}",
        "state": STATES.get(after.state, ""),
        "when": when_words(after),
        "when_before": when_words(one.before) if when_words(one.before) != when_words(after) else "",
        "where": after.place or "not known yet",
        "where_before": (one.before.place or "not known yet") if one.before.place != after.place else "",
        "weeks": [{"end": week.end, "name": week.name, "words": week.label.long} for week in weeks],
        "manage_url": links.url(one.registration) if is_apart else "",
        "has_other_link": has_other_link,
        "online_link": event.online_link if has_other_link else "",
    }


def entries_for(session: Session, held: Sequence[Shown], *, links: Links) -> list[CalendarEntry]:
    """Return the events for the person's calendar, each under its own UID and a SEQUENCE that never falls."""
    site = site_for(session, base_url=links.base_url)
    mine = ever_held(session, held[0].registration.person_id, [one.event.id for one in held])
    by_variant: defaultdict[Variant, list[int]] = defaultdict(list)
    for one in held:
        by_variant[variant_of(one)].append(one.event.id)
    entries = {
        event_id: entry
        for variant, ids in by_variant.items()
        for event_id, entry in entries_of(session, ids, site=site, variant=variant).items()
    }
    every = [(entries[one.event.id], single.seat_of(one.event, one.registration)) for one in held]
    return [as_held(entry, seat, mine) if seat else entry for entry, seat in every]


def variant_of(one: Shown) -> Variant:
    """Say how the person stands to the event: with a place, or with one on offer."""
    seat = single.seat_of(one.event, one.registration)
    has_taken = one.registration.state is RegistrationState.CONFIRMED if seat is None else is_admitted(seat)
    return Variant.ADMITTED if has_taken else Variant.OFFERED


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of the kind of letter."""
    first = datetime(2027, 2, 16, 14, tzinfo=UTC)
    rows = [
        {
            "title": f"Corridor colloquium {number + 1}",
            "url": f"https://programme.example.ac.uk/events/corridor-colloquium-{number + 1}",
            "state": "",
            "when": f"Tuesday {16 + 7 * number} February 2027, 16:00 to 17:00 GMT",
            "when_before": f"Tuesday {16 + 7 * number} February 2027, 14:00 to 15:00 GMT",
            "where": "Victoria Gallery",
            "where_before": "",
            "has_other_link": False,
            "online_link": "",
            "weeks": [
                {"end": "liverpool", "name": "Liverpool", "words": f"Semester 2, week {3 + number}"},
                {"end": "oxford", "name": "Oxford", "words": f"Tuesday of {5 + number}th week, Hilary 2027"},
            ],
            "manage_url": "",
            "starts_at": first + timedelta(weeks=number),
        }
        for number in range(2)
    ]
    return {
        "name": "Alice Aldgrove",
        "title": "Corridor colloquium",
        "rows": rows,
        "reason": "The speakers’ trains arrive later this term.",
        "holds": True,
        "calendar": Brings.FILE.value,
        "manage_url": "https://programme.example.ac.uk/registrations/1-example",
        "contact": "Knowledge exchange, Liverpool",
    }


def letters(calendars: Calendars) -> tuple[Letter, ...]:
    """Return the kind of letter about several dates."""
    write = partial(compose, calendars=calendars)
    return (Letter(CHANGED, TITLE, Purpose.SERVICE, write, example, still_wanted=still_wanted),)
