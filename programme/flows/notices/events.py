"""Letters about what happens to an event; each person hears of a change once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from programme.core.web.converters import slug
from programme.engines.calendar.actions.values import Told, told_of, when_words
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.states import EventState
from programme.engines.calendar.term_weeks.term_dates import terms, week_labels
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import URGENT, USUAL, Post, Recipient, post_all
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.engines.mail.states import OutboxState
from programme.engines.registration.models import Registration, Seat
from programme.engines.registration.series.sitting import has_chair
from programme.engines.registration.states import HOLDING, LIVE, RegistrationState, SeatState
from programme.flows.calendars.letters.parts import Brings, Part, Reader, part_of_event
from programme.flows.notices.places.standing import Date, attenders, dates
from programme.flows.notices.series.pending import known_before

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.engines.calendar.actions.values import Change
    from programme.engines.registration.links import Links
    from programme.flows.calendars.letters.parts import Calendars

MOVED, CANCELLED, POSTPONED, REINSTATED = "event_moved", "event_cancelled", "event_postponed", "event_reinstated"
TITLES = {
    MOVED: "An event is moved",
    CANCELLED: "An event is cancelled",
    POSTPONED: "An event is postponed",
    REINSTATED: "An event takes place after all",
}
NEAR = timedelta(days=2)
COUNT = "sequence"
"""Where a letter keeps the number of its news: under the name that it had when every news raised the SEQUENCE."""
WITH = (joinedload(Event.venue), joinedload(Event.series), joinedload(Event.lead_organisation))


@dataclass(frozen=True, slots=True)
class News:
    """What one person is to be told: the letter, and what they knew before."""

    letter: str
    before: Told


def tell(session: Session, event: Event, change: Change, people: list[Registration], *, now: datetime) -> int:
    """Queue the news of a change for each registration and return how many people hear of it.

    A letter of an earlier change that has not gone out yet is withdrawn, and the new one tells from what that person
    knew before it; whoever knows nothing else than what is true now hears nothing. Nobody is told of what is past.
    Where there is nobody nothing is asked: letters to those who had a place say nothing any more as they leave.
    """
    if event.is_archive or not people or not lies_ahead(change, now):
        return 0
    known = withdraw_unsent(session, event.id)
    chairs = chairs_at(session, event.id)
    posts = []
    for person in people:
        before = known.get(person.person_id or 0, change.before)
        news = news_of(before, change.after, is_admitted=has_taken(person.state, chairs.get(person.id)))
        if news is not None:
            posts.append(post_for(event, change, person, news, now=now))
    return post_all(session, posts, now=now)


def lies_ahead(change: Change, now: datetime) -> bool:
    """Whether either date is still to come, or was left open."""
    return any(not told.date_is_known or told.ends_at > now for told in (change.before, change.after))


def news_of(before: Told, after: Told, *, is_admitted: bool = True) -> News | None:
    """Return what to tell somebody who knows `before`; None where nothing is different for them.

    The joining link concerns only those who are admitted.
    """
    if not is_admitted or before.link is None:
        before = replace(before, link=after.link)
    if before == after:
        return None
    if after.state is EventState.CANCELLED:
        return News(CANCELLED, before)
    if after.state is EventState.POSTPONED:
        return News(POSTPONED, before)
    return News(MOVED if before.state is EventState.PUBLISHED else REINSTATED, before)


def withdraw_unsent(session: Session, event_id: int) -> dict[int, Told]:
    """Cancel the letters about earlier changes that are surely unsent; return what each person knew before them.

    A letter that a dispatcher took up and did not mark is unsent, too: it finds that the row is no longer its own.
    """
    waiting = unsent([event_id])
    mine = select(OutboxMessage.id).where(*waiting).order_by(OutboxMessage.id)
    session.execute(mine.with_for_update()).all()  # in the dispatchers' order
    known = known_unsent(session, [event_id])
    session.execute(
        update(OutboxMessage)
        .where(*waiting)
        .values(state=OutboxState.CANCELLED, lease_token=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return known[event_id]


def unsent(event_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of letters about single events that are surely unsent."""
    waits = OutboxMessage.state == OutboxState.PENDING
    is_taken_up = (OutboxMessage.state == OutboxState.SENDING) & OutboxMessage.inflight_at.is_(None)
    is_about_one = (OutboxMessage.subject_kind == "event") & OutboxMessage.subject_id.in_(event_ids)
    return is_about_one, OutboxMessage.letter.in_(TITLES), OutboxMessage.ambiguous_count == 0, waits | is_taken_up


def known_unsent(session: Session, event_ids: Collection[int]) -> dict[int, dict[int, Told]]:
    """Return what each person knew of each event before letters that are surely unsent."""
    columns = (OutboxMessage.subject_id, OutboxMessage.person_id, OutboxMessage.context)
    found = session.execute(select(*columns).where(*unsent(event_ids))).all()
    known = known_before(session, event_ids)
    for row in sorted(found, key=lambda row: -int(row.context[COUNT])):
        if row.person_id:
            known[row.subject_id or 0][row.person_id] = Told.from_json(row.context["before"])
    return known


def post_for(event: Event, change: Change, person: Registration, news: News, *, now: datetime) -> Post:
    """Return the letter for one person; its key names the number of the news, so that none is told twice."""
    lead = event.lead_organisation
    ends = max(change.before.ends_at, change.after.ends_at)
    return Post(
        letter=news.letter,
        key=f"event:{event.id}:{change.news}:{person.person_id}",
        recipient=Recipient(person.address, person.name, person.person_id),
        subject=("event", event.id),
        context={"registration_id": person.id, COUNT: change.news, "before": news.before.as_json()},
        sender_name=event.contact_name or lead.name,
        reply_to=event.contact_address or lead.contact_address,
        organisation_id=event.lead_organisation_id,
        strand=event.strand,
        valid_until=ends if ends > now and change.after.date_is_known else None,
        priority=URGENT if min(change.before.starts_at, change.after.starts_at) - now < NEAR else USUAL,
    )


def compose(session: Session, message: OutboxMessage, *, now: datetime, calendars: Calendars) -> Composed | None:
    """Write the letter from what is true now; None where a later change, or the person's own, has overtaken it."""
    event = session.get(Event, message.subject_id, options=WITH)
    person = session.get(Registration, message.context["registration_id"])
    if event is None or person is None or person.state not in LIVE or is_skipped(event, person):
        return None
    if not is_news(message, Date(event.news, event.ends_at, event.date_is_known), now=now):
        return None
    before, after = Told.from_json(message.context["before"]), told_of(event)
    if news_of(before, after, is_admitted=admits(event, person)) is None:
        return None
    part = Part()
    if holds(event, person):
        part = part_of_event(session, event, Reader(message, person), calendars=calendars, now=now)
    words = words_of(session, event, person, before=before, after=after, links=calendars.links)
    return Composed({**words, "calendar": part.brings.value}, part.files)


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters that no later change has overtaken, to those who still have to do with the event."""
    told = dates(session, {message.subject_id or 0 for message in messages})
    people = attenders(session, {message.context["registration_id"] for message in messages}, events=told)
    wanted = []
    for message in messages:
        date, person = told.get(message.subject_id or 0), people.get(message.context["registration_id"])
        if date and person and person[0] in LIVE and message.subject_id not in person[1]:
            wanted += [message.id] if is_news(message, date, now=now) else []
    return wanted


def is_news(message: OutboxMessage, date: Date, *, now: datetime) -> bool:
    """Whether a letter tells of the event's last change, and one of its two dates is to come or open."""
    if date.news != message.context[COUNT]:
        return False
    return not date.is_known or max(Told.from_json(message.context["before"]).ends_at, date.ends_at) > now


def is_skipped(event: Event, person: Registration) -> bool:
    """Whether this person gave up this one event."""
    seat = seat_of(event, person)
    return seat is not None and seat.state is SeatState.SKIPPED


def holds(event: Event, person: Registration) -> bool:
    """Whether this person has a place at the event, or the chair of this week."""
    seat = seat_of(event, person)
    return person.state in HOLDING if seat is None else has_chair(seat)


def admits(event: Event, person: Registration) -> bool:
    """Whether this person has taken a place at the event, and may read how to join it."""
    seat = seat_of(event, person)
    return has_taken(person.state, seat.state if seat else None)


def has_taken(state: RegistrationState, chair: SeatState | None) -> bool:
    """Whether somebody with such a registration and chair, or with none of their own, has taken a place."""
    return chair is SeatState.LENT or (chair in {None, SeatState.HELD} and state is RegistrationState.CONFIRMED)


def chairs_at(session: Session, event_id: int) -> dict[int, SeatState]:
    """Return the states of the chairs at an event, by registration: one query."""
    rows = session.execute(select(Seat.registration_id, Seat.state).where(Seat.event_id == event_id))
    return {row.registration_id: row.state for row in rows}


def seat_of(event: Event, person: Registration) -> Seat | None:
    """Return the person's chair at the event."""
    return next((seat for seat in person.seats if seat.event_id == event.id), None)


def words_of(
    session: Session, event: Event, person: Registration, *, before: Told, after: Told, links: Links
) -> Mapping[str, Any]:
    """Return the variables of the four templates; the joining link only where it is another one, to the admitted."""
    title = shown_title(event.title, is_known=event.title_is_known, series=event.series.title if event.series else None)
    weeks = week_labels(terms(session), london_day(after.starts_at))
    has_other_link = admits(event, person) and before.link not in {None, after.link}
    return {
        "name": person.name,
        "title": title,
        "after": after,
        "was": {"when": when_words(before), "where": before.place},
        "is_now": {"when": when_words(after), "where": after.place},
        "has_other_date": (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at),
        "has_other_place": before.place != after.place,
        "has_other_link": has_other_link,
        "online_link": event.online_link if has_other_link else "",
        "reason": "" if replace(before, link=after.link) == after else event.change_note,
        "holds": holds(event, person),
        "weeks": [{"end": week.end, "name": week.name, "words": week.label.long} for week in weeks],
        "manage_url": links.url(person),
        "event_url": f"{links.base_url}/events/{slug(title, event.id)}",
        "contact": event.contact_name or event.lead_organisation.name,
    }


def example() -> Mapping[str, Any]:
    """Return invented variables: the preview of a kind of letter."""
    starts = datetime(2027, 2, 16, 14, tzinfo=UTC)
    was = Told(
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        all_day=False,
        date_is_known=True,
        place="Victoria Gallery",
        state=EventState.PUBLISHED,
    )
    now = replace(was, starts_at=starts + timedelta(days=1), ends_at=was.ends_at + timedelta(days=1))
    return {
        "name": "Alice Aldgrove",
        "title": "Quantum sensing for chemists",
        "after": now,
        "was": {"when": when_words(was), "where": was.place},
        "is_now": {"when": when_words(now), "where": now.place},
        "has_other_date": True,
        "has_other_place": False,
        "has_other_link": False,
        "online_link": "",
        "reason": "The speaker’s train does not run.",
        "holds": True,
        "weeks": [
            {"end": "liverpool", "name": "Liverpool", "words": "Semester 2, week 3"},
            {"end": "oxford", "name": "Oxford", "words": "Wednesday of 5th week, Hilary 2027"},
        ],
        "manage_url": "https://programme.example.ac.uk/registrations/1-example",
        "event_url": "https://programme.example.ac.uk/events/quantum-sensing-1",
        "contact": "Knowledge exchange, Liverpool",
        "calendar": Brings.FILE.value,
    }


def letters(calendars: Calendars) -> tuple[Letter, ...]:
    """Return the kinds of letter about events."""
    write = partial(compose, calendars=calendars)
    return tuple(
        Letter(name, title, Purpose.SERVICE, write, example, still_wanted=still_wanted)
        for name, title in TITLES.items()
    )
