"""One event as its page shows it: every fact as a value, so that the drawn page can be kept under them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from programme.core.web.converters import slug
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import audience_words, is_web, place_end, place_words, shown_title, status_of
from programme.engines.calendar.states import FOCUS_AREAS, EventState, MaterialReach, Visibility
from programme.screens.calendar.shown.picture import ShownPicture, shown_picture

if TYPE_CHECKING:
    from datetime import datetime

    from programme.engines.calendar.models import Event
    from programme.engines.calendar.pictures.models import EventPicture
    from programme.engines.calendar.queries.lists import EventLine
    from programme.engines.calendar.queries.pages import Around

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class Reader:
    """What of an event's surroundings is told to this reader, besides what everybody sees."""

    may_organise: bool
    is_admitted: bool
    came: bool
    sees_series: bool
    sees_whole: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """Another event, as a link."""

    title: str
    url: str
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    place: str
    off: bool
    untimed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """Everything that the page of an event shows, but for the weeks and the places."""

    id: int
    title: str
    url: str
    strand: str
    status: EntryStatus
    is_draft: bool
    is_hidden: bool
    is_for_members: bool
    is_postponed: bool
    is_archive: bool
    is_over: bool
    has_begun: bool
    change_note: str
    summary: str
    description: str
    starts_at: datetime
    ends_at: datetime
    when: str
    today: datetime
    audience: str
    place: str
    place_end: str
    address: str
    position: str
    room: str
    venue: str
    is_online: bool
    online_link: str
    access: tuple[tuple[str, str], ...]
    focus: tuple[str, ...]
    price_note: str
    shop_url: str
    shop_host: str
    people: tuple[tuple[str, str, str], ...]
    materials: tuple[tuple[str, str], ...]
    withheld: int
    lead: str
    co_owners: tuple[str, ...]
    contact_name: str
    contact_address: str
    series: tuple[str, str] | None
    whole: tuple[str, str] | None
    parts: tuple[Beside, ...]
    before: Beside | None
    after: Beside | None
    may_organise: bool
    picture: ShownPicture | None = None


def facts_of(
    event: Event,
    around: Around,
    title: str,
    *,
    picture: EventPicture | None = None,
    reader: Reader,
    now: datetime,
    today: datetime,
) -> EventFacts:
    """Gather what the page shows."""
    materials = [row for row in event.materials if row.reach is MaterialReach.ALL or reader.came or reader.may_organise]
    return EventFacts(
        id=event.id,
        title=title,
        url=f"/events/{slug(title, event.id)}",
        strand=event.strand.value,
        status=status_of(event.state, date_is_known=event.date_is_known),
        is_draft=event.state is EventState.DRAFT,
        is_hidden=event.visibility is Visibility.HIDDEN,
        is_for_members=event.visibility is Visibility.MEMBERS,
        is_postponed=event.state is EventState.POSTPONED,
        is_archive=event.is_archive,
        is_over=event.ends_at <= now,
        has_begun=event.starts_at <= now,
        change_note=event.change_note,
        summary=event.summary,
        description=event.description,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        when="All day" if event.all_day else "",
        today=today,
        audience=audience_words(event.audience, event.lead_organisation.short_name, event.audience_note),
        focus=tuple(FOCUS_AREAS[key] for key in event.focus_areas if key in FOCUS_AREAS),
        price_note=event.price_note,
        shop_url=event.shop_url if is_web(event.shop_url) else "",
        shop_host=host_of(event.shop_url),
        people=tuple((row.name, row.affiliation, row.role) for row in event.contributions),
        materials=tuple((row.title, row.url) for row in materials if is_web(row.url)),
        withheld=len(event.materials) - len(materials),
        lead=event.lead_organisation.name,
        co_owners=tuple(row.name for row in event.co_owners),
        contact_name=event.contact_name or (event.series.contact_name if event.series else ""),
        contact_address=contact_of(event),
        may_organise=reader.may_organise,
        picture=shown_picture(picture),
        **surroundings_of(event, around, reader),
        **places_of(event, is_admitted=reader.is_admitted or reader.may_organise),
    )


def surroundings_of(event: Event, around: Around, reader: Reader) -> dict[str, Any]:
    """Gather what the event belongs to and what stands beside it, as far as the reader may know of it."""
    return {
        "series": series_link(event) if reader.sees_series else None,
        "whole": whole_link(event) if reader.sees_whole else None,
        "parts": tuple(map(beside, around.parts)),
        "before": beside(around.before) if around.before and reader.sees_series else None,
        "after": beside(around.after) if around.after and reader.sees_series else None,
    }


def places_of(event: Event, *, is_admitted: bool) -> dict[str, Any]:
    """Gather where the event is; the link to join is told only to the admitted."""
    venue = event.venue
    address = ", ".join(line.strip() for line in venue.address.splitlines() if line.strip()) if venue else ""
    located = venue is not None and venue.latitude is not None and venue.longitude is not None
    return {
        "place": place_words(event.room, venue.name if venue else "", is_online=event.is_online),
        "place_end": place_end(
            venue.end if venue else None, has_place=bool(event.room or venue), is_online=event.is_online
        ),
        "address": ", ".join(part for part in (address, venue.postcode if venue else "") if part),
        "position": f"{venue.latitude:.4f}, {venue.longitude:.4f}" if venue and located else "",
        "room": event.room,
        "venue": venue.name if venue else "",
        "is_online": event.is_online,
        "online_link": event.online_link if is_admitted and is_web(event.online_link) else "",
        "access": tuple(sorted((venue.access or {}).items())) if venue else (),
    }


def contact_of(event: Event) -> str:
    """Return whom to ask: the event's own contact, the series', the organisation's."""
    series = event.series.contact_address if event.series else ""
    return event.contact_address or series or event.lead_organisation.contact_address


def series_link(event: Event) -> tuple[str, str] | None:
    """Return the series' title and address."""
    return (event.series.title, f"/series/{slug(event.series.title, event.series.id)}") if event.series else None


def whole_link(event: Event) -> tuple[str, str] | None:
    """Return the title and address of the event that this one is part of."""
    whole = event.part_of
    if whole is None:
        return None
    title = shown_title(whole.title, is_known=whole.title_is_known)
    return title, f"/events/{slug(title, whole.id)}"


def beside(line: EventLine) -> Beside:
    """Return another event as a link."""
    title = shown_title(line.title, is_known=line.title_is_known, series=line.series)
    return Beside(
        title=title,
        url=f"/events/{slug(title, line.id)}",
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        all_day=line.all_day,
        place=place_words(line.room, line.venue, is_online=line.is_online),
        off=status_of(line.state, date_is_known=line.date_is_known) is not EntryStatus.CONFIRMED,
        untimed=line.all_day or not line.date_is_known,
    )


def paragraphs(text: str) -> list[Markup]:
    """Return plain text as paragraphs, its lines kept, its addresses as links."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    return [Markup("<br>").join(map(with_links, block.splitlines())) for block in blocks if block.strip()]


def with_links(line: str) -> Markup:
    """Return one line with its web addresses as links."""
    told, last = Markup(), 0
    for match in LINK.finditer(line):
        link = Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(match[0])
        told += Markup.escape(line[last : match.start()]) + link
        last = match.end()
    return told + Markup.escape(line[last:])


def host_of(url: str) -> str:
    """Return the host of an address, for people to see where a link leads."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]
