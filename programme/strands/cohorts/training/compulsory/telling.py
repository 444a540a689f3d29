"""Queues the letter of what is compulsory: to whoever has not booked or did not come, one a day a person and event."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.converters import slug
from programme.core.web.words import date_span, time_range
from programme.engines.calendar.models import Event
from programme.engines.calendar.naming import place_words, shown_title
from programme.engines.calendar.states import EventState
from programme.engines.calendar.times import london_day
from programme.engines.mail.outbox import Post, Recipient, post_all
from programme.engines.mail.ports import Composed, Letter, Purpose
from programme.people.states import Strand
from programme.strands.cohorts.letters.compulsory import DESCRIPTION, NAME, example
from programme.strands.cohorts.models import Candidature, Cohort, CompulsoryTraining, FundingAward
from programme.strands.cohorts.rights import CANDIDATURE
from programme.strands.cohorts.states import UNDER_WAY
from programme.strands.cohorts.training.compulsory.queries import exempt, facts_of, seats_of
from programme.strands.cohorts.training.compulsory.standing import CHASED, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage


def remind_all(session: Session, cohort: Cohort, event: Event, rows: Sequence[Candidature], *, now: datetime) -> int:
    """Queue a letter to each of some researchers; return how many are new."""
    return post_all(session, [letter_to(cohort, event, row, now=now) for row in rows if row.person], now=now)


def letter_to(cohort: Cohort, event: Event, row: Candidature, *, now: datetime) -> Post:
    """Return the letter to one researcher; answers go to the organisation that leads the award."""
    lead, person = cohort.award.lead_organisation, row.person
    assert person is not None  # noqa: S101  whoever is nobody any more gets no letter
    return Post(
        letter=NAME,
        key=f"{NAME}:{row.id}:{event.id}:{london_day(now):%Y%m%d}",
        recipient=Recipient(person.address, person.name, person.id),
        subject=(CANDIDATURE, row.id),
        context={"event_id": event.id},
        sender_name=lead.name,
        reply_to=lead.contact_address,
        organisation_id=lead.id,
        strand=Strand.COHORTS,
    )


def lacking(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime
) -> dict[int, tuple[Candidature, Event, Standing]]:
    """Return what letters are about, by the letter's id, where it is compulsory and lacking still."""
    pairs = {one.id: (one.subject_id or 0, int(one.context.get("event_id") or 0)) for one in messages}
    record = joinedload(Candidature.cohort).joinedload(Cohort.award).joinedload(FundingAward.lead_organisation)
    wanted = select(Candidature).where(Candidature.id.in_({one for one, _ in pairs.values()}))
    people = {row.id: row for row in session.scalars(wanted.options(record)) if row.state in UNDER_WAY}
    found = select(Event).where(Event.id.in_({one for _, one in pairs.values()}), Event.state == EventState.PUBLISHED)
    loaded = (joinedload(Event.venue), selectinload(Event.co_owners))
    events = {row.id: row for row in session.scalars(found.options(*loaded))}
    seats = seats_of(session, list(events), [row.person_id for row in people.values() if row.person_id])
    excused, asked = exempt(session, list(events)), compulsory(session, people.values())
    told = {}
    for number, (candidature_id, event_id) in pairs.items():
        row, event = people.get(candidature_id), events.get(event_id)
        if (
            row is None
            or event is None
            or not asked & {(row.cohort_id, "e", event.id), (row.cohort_id, "s", event.series_id)}
        ):
            continue
        marks = seats.get((event.id, row.person_id or 0), ())
        stands = standing(facts_of(marks, is_over=event.ends_at <= now, is_exempt=(event.id, row.id) in excused))
        if stands in CHASED:
            told[number] = (row, event, stands)
    return told


def compulsory(session: Session, rows: Collection[Candidature]) -> set[tuple[int, str, int | None]]:
    """Return what is compulsory for the cohorts of some researchers."""
    own = select(CompulsoryTraining).where(CompulsoryTraining.cohort_id.in_({row.cohort_id for row in rows}))
    return {
        (one.cohort_id, "e" if one.event_id else "s", one.event_id or one.series_id) for one in session.scalars(own)
    }


def still_wanted(session: Session, messages: Sequence[OutboxMessage], *, now: datetime) -> Collection[int]:
    """Return the ids of letters whose reader still has something to do."""
    return lacking(session, messages, now=now).keys()


def compose(session: Session, message: OutboxMessage, *, now: datetime, base_url: str) -> Composed | None:
    """Write the letter; None where nothing is lacking any more."""
    found = lacking(session, [message], now=now).get(message.id)
    if found is None:
        return None
    row, event, stands = found
    return Composed(variables(message.recipient_name, row, event, stands, now=now, base_url=base_url))


def variables(
    name: str, row: Candidature, event: Event, stands: Standing, *, now: datetime, base_url: str
) -> dict[str, Any]:
    """Return what the letter is written from."""
    days = date_span(event.starts_at, event.ends_at)
    venue = event.venue
    return {
        "name": name,
        "title": shown_title(event.title, is_known=event.title_is_known),
        "when": days if event.all_day else f"{days}, {time_range(event.starts_at, event.ends_at)}",
        "where": place_words(event.room, venue.name if venue else None, is_online=event.is_online),
        "cohort": row.cohort.title,
        "contact": row.cohort.award.lead_organisation.name,
        "missed": stands is Standing.ABSENT,
        "over": event.ends_at <= now,
        "event_url": f"{base_url}/events/{slug(event.title, event.id)}",
    }


def letters(base_url: str) -> tuple[Letter, ...]:
    """Return the kind of letter of this room."""
    return (
        Letter(
            NAME,
            "Training that is compulsory",
            Purpose.SERVICE,
            partial(compose, base_url=base_url),
            example,
            is_private=True,
            still_wanted=still_wanted,
            description=DESCRIPTION,
        ),
    )
