"""Events as entries of a calendar: what a client is told, by the variant of its reader."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, select

from programme.core.files.pictures import Size, sizes_of
from programme.core.web.converters import slug
from programme.core.web.words import join_words
from programme.engines.calendar.feeds.gone import WITHDRAWN, withdrawn_among
from programme.engines.calendar.feeds.within import NOTHING_WITHIN, Within, timetable_of
from programme.engines.calendar.ical.calendar import FORMAT
from programme.engines.calendar.ical.entry import CalendarEntry, EntryStatus
from programme.engines.calendar.models import Contribution, Event, Series, Venue
from programme.engines.calendar.naming import audience_words, place_words, shown_title, status_of
from programme.engines.calendar.pictures.addresses import MEDIA_TYPE, picture_path
from programme.engines.calendar.pictures.models import EventPicture, Picture
from programme.engines.calendar.queries.days.timetables import breaks_at, parts_at
from programme.engines.calendar.states import FOCUS_AREAS, EventState, Visibility
from programme.engines.calendar.term_weeks.term_dates import TermDates, terms, week_labels
from programme.engines.calendar.times import days_or_instants, london_day
from programme.people.models import Installation, Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.calendar.states import Audience
    from programme.people.states import Strand

STRANDS = {
    "cohorts": "Doctoral cohorts",
    "placements": "Placements",
    "entrepreneurship": "Entrepreneurship",
    "exchange": "Knowledge exchange",
}
COLOURS = {"cohorts": "indigo", "placements": "teal", "entrepreneurship": "darkorange", "exchange": "mediumvioletred"}
IN_ONE_GO = 500
TEMPLATE = 5
"""Raise it when the same event is told in other words: kept entries are then written again."""
UNINITIALISED_HOST = "programme.invalid"


class Variant(StrEnum):
    """Who reads: everybody, those with a place, those to whom one is offered, those who gave it back."""

    PUBLIC = "public"
    ADMITTED = "admitted"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


WHAT_TO_DO = {
    Variant.ADMITTED: "To change or give back your place, use the link in your confirmation.",
    Variant.OFFERED: "This place is offered to you. To take it or leave it, use the link in that letter.",
}
"""What a reader can do about their place; where to join online is told to those alone who took theirs."""


@dataclass(frozen=True, slots=True)
class Site:
    """What makes entries ours: the base of addresses, the fixed host of UIDs, and the terms of the universities."""

    base_url: str
    uid_host: str
    dates: TermDates

    def uid(self, event_id: int) -> str:
        """Return the event's UID, the same for ever and everywhere."""
        return f"event-{event_id}@{self.uid_host}"

    def address(self, title: str, event_id: int) -> str:
        """Return the address of the event's page."""
        return f"{self.base_url}/events/{slug(title, event_id)}"


@dataclass(frozen=True, slots=True)
class Edition:
    """What every entry depends on besides what it tells of, and its digest."""

    site: Site
    digest: str


def site_for(session: Session, *, base_url: str) -> Site:
    """Read what makes entries ours; two statements."""
    host = session.scalar(select(Installation.uid_host).order_by(Installation.id).limit(1))
    return Site(base_url, host or UNINITIALISED_HOST, terms(session))


def edition_for(session: Session, *, base_url: str) -> Edition:
    """Return what every entry that leads to `base_url` depends on now."""
    return edition_of(site_for(session, base_url=base_url))


@lru_cache(maxsize=8)
def edition_of(site: Site) -> Edition:
    """Sum up a site, the words of entries, and how they are written."""
    summed = repr((TEMPLATE, FORMAT, site.base_url, site.uid_host, site.dates.universities))
    return Edition(site, hashlib.sha256(summed.encode("utf-8", "surrogatepass")).hexdigest()[:16])


class EntryRow(NamedTuple):
    """What an entry is made of, but for the speakers."""

    id: int
    title: str
    title_is_known: bool
    summary: str
    description: str
    strand: Strand
    state: EventState
    audience: Audience
    audience_note: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    date_is_known: bool
    room: str
    is_online: bool
    online_link: str
    focus_areas: list[str]
    price_note: str
    shop_url: str
    change_note: str
    part_of_id: int | None
    sequence: int
    changed_at: datetime
    lead: str
    venue: str | None
    address: str | None
    postcode: str | None
    latitude: float | None
    longitude: float | None
    series: str | None
    visibility: Visibility
    picture: str | None
    picture_width: int | None
    picture_height: int | None


def entry_statement() -> Select[Any]:
    """Return the columns of an EntryRow; a series is named only if it is public."""
    event, is_named = Event, and_(Series.id == Event.series_id, Series.visibility == Visibility.PUBLIC)
    is_shown = and_(EventPicture.event_id == Event.id, EventPicture.removed_at.is_(None))
    return (
        select(event.id, event.title, event.title_is_known, event.summary, event.description, event.strand, event.state)
        .add_columns(event.audience, event.audience_note, event.starts_at, event.ends_at, event.all_day)
        .add_columns(
            event.date_is_known, event.room, event.is_online, event.online_link, event.focus_areas, event.price_note
        )
        .add_columns(event.shop_url, event.change_note, event.part_of_id, event.sequence, event.changed_at)
        .add_columns(Organisation.short_name, Venue.name, Venue.address, Venue.postcode)
        .add_columns(Venue.latitude, Venue.longitude, Series.title)
        .add_columns(event.visibility, Picture.digest, Picture.width, Picture.height)
        .join(Organisation, Organisation.id == Event.lead_organisation_id)
        .join(Venue, Venue.id == Event.venue_id, isouter=True)
        .join(Series, is_named, isouter=True)
        .join(EventPicture, is_shown, isouter=True)
        .join(Picture, Picture.id == EventPicture.picture_id, isouter=True)
    )


def entries_of(session: Session, ids: Sequence[int], *, site: Site, variant: Variant) -> dict[int, CalendarEntry]:
    """Return the entries of events by id, some hundreds in one go."""
    found = {}
    for first in range(0, len(ids), IN_ONE_GO):
        some = ids[first : first + IN_ONE_GO]
        speakers, breaks, parts = speakers_of(session, some), breaks_at(session, some), parts_at(session, some)
        for row in rows_of(session, some, variant=variant):
            within = Within(breaks.get(row.id, ()), parts.get(row.id, ()))
            found[row.id] = entry_of(row, speakers=speakers.get(row.id, ()), within=within, site=site, variant=variant)
    return found


def rows_of(session: Session, ids: Sequence[int], *, variant: Variant) -> Iterator[EntryRow]:
    """Give the rows of events; to the withdrawn a draft is when it was announced, not when it may be now."""
    gone = withdrawn_among(session, ids) if variant is Variant.WITHDRAWN else {}
    for found in session.execute(entry_statement().where(Event.id.in_(ids))):
        row = EntryRow(*found)
        then = gone.get(row.id) if row.state is EventState.DRAFT else None
        yield row._replace(starts_at=then.starts_at, ends_at=then.ends_at, all_day=then.all_day) if then else row


def speakers_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names on the programme of each event, in their order."""
    wanted = select(Contribution.event_id, Contribution.name, Contribution.affiliation)
    found: dict[int, list[str]] = defaultdict(list)
    ordered = wanted.where(Contribution.event_id.in_(ids)).order_by(Contribution.position, Contribution.id)
    for event_id, name, affiliation in session.execute(ordered):
        found[event_id].append(f"{name} ({affiliation})" if affiliation else name)
    return found


def entry_of(
    row: EntryRow, *, speakers: Iterable[str], within: Within = NOTHING_WITHIN, site: Site, variant: Variant
) -> CalendarEntry:
    """Return the entry of one event; the withdrawn see when it would have been, and nothing else of it."""
    title = shown_title(row.title, is_known=row.title_is_known, series=row.series)
    starts, ends = days_or_instants(row.starts_at, row.ends_at, all_day=row.all_day)
    bare = CalendarEntry(
        uid=site.uid(row.id),
        sequence=row.sequence,
        last_changed=row.changed_at,
        starts=starts,
        ends=ends,
        summary=title,
        status=status_for(row, variant),
    )
    if variant is Variant.WITHDRAWN:
        return bare if row.state is not EventState.DRAFT else replace(bare, summary=WITHDRAWN)
    return replace(
        bare,
        last_changed=max([row.changed_at, *(part.withdrawn_at or part.changed_at for part in within.parts)]),
        description=description_of(row, speakers, timetable_of(row, within), site=site, title=title, variant=variant),
        location=location_of(row, variant),
        url=site.address(title, row.id),
        latitude=row.latitude,
        longitude=row.longitude,
        categories=(STRANDS[row.strand.value], *(FOCUS_AREAS[area] for area in row.focus_areas if area in FOCUS_AREAS)),
        conference_url=row.online_link if variant is Variant.ADMITTED and row.online_link else None,
        related_to=(site.uid(row.part_of_id),) if row.part_of_id else (),
        colour=COLOURS[row.strand.value],
        image_url=image_of(row, site),
        image_type=MEDIA_TYPE,
    )


def image_of(row: EntryRow, site: Site) -> str | None:
    """Return where the picture is found, its smallest size; only where whoever has the address may see it.

    Calendars ask for it without a name, so that they would not get that of an event for members, nor of a draft.
    """
    if row.picture is None or row.picture_width is None or row.picture_height is None:
        return None
    if row.visibility is not Visibility.PUBLIC or row.state is EventState.DRAFT:
        return None
    small = sizes_of(Size(row.picture_width, row.picture_height))[-1]
    return f"{site.base_url}{picture_path(row.id, row.picture, small.width)}"


def status_for(row: EntryRow, variant: Variant) -> EntryStatus:
    """Say what a reader's calendar shows of the event."""
    if variant is Variant.WITHDRAWN or row.state is EventState.DRAFT:
        return EntryStatus.CANCELLED
    status = status_of(row.state, date_is_known=row.date_is_known)
    return EntryStatus.TENTATIVE if variant is Variant.OFFERED and status is EntryStatus.CONFIRMED else status


def description_of(
    row: EntryRow, speakers: Iterable[str], timetable: str, *, site: Site, title: str, variant: Variant
) -> str:
    """Return what the event is about: words, people, who may come, both universities' weeks, and its page."""
    weeks = week_labels(site.dates, london_day(row.starts_at))
    people = join_words(speakers)
    said = [
        row.change_note,
        row.summary,
        row.description,
        f"With {people}." if people else "",
        timetable,
        f"Part of the series {row.series}." if row.series else "",
        f"Who may attend: {audience_words(row.audience, row.lead, row.audience_note)}.",
        f"Price: {row.price_note}" if row.price_note else "",
        f"Places from {row.shop_url}" if row.shop_url else "",
        "\n".join(f"{week.name}: {week.label.long}" for week in weeks),
        f"Join online: {row.online_link}" if variant is Variant.ADMITTED and row.online_link else "",
        WHAT_TO_DO.get(variant, ""),
        f"Details: {site.address(title, row.id)}",
    ]
    return "\n\n".join(text.strip() for text in said if text.strip())


def location_of(row: EntryRow, variant: Variant) -> str:
    """Return where it is, readable alone; the link where there is no room, as few calendars show it elsewhere."""
    address = ", ".join(line.strip() for line in (row.address or "").splitlines() if line.strip())
    postcode = row.postcode if row.postcode and row.postcode not in address else ""
    place = place_words(row.room, row.venue, address, postcode, is_online=row.is_online)
    is_link_alone = variant is Variant.ADMITTED and not (row.room or row.venue) and row.is_online
    return row.online_link if is_link_alone and row.online_link else place
