"""What search engines read of an event, a series and a list: as JSON within the page."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

from markupsafe import Markup

from programme.core.web.converters import slug
from programme.engines.calendar.ical.entry import EntryStatus
from programme.engines.calendar.naming import shown_title
from programme.engines.calendar.schema_org import (
    Offer,
    Party,
    Place,
    PublicEvent,
    PublicSeries,
    PublicStatus,
    event_data,
    list_data,
    series_data,
)
from programme.engines.calendar.times import london_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from programme.core.web.lists import Page
    from programme.engines.calendar.models import Series
    from programme.engines.calendar.queries.lists import EventLine
    from programme.screens.calendar.shown.event import EventFacts

POUNDS = re.compile(r"£\s?(\d{1,3}(?:,\d{3})+(?:\.\d{2})?|\d{1,6}(?:\.\d{2})?)(?![\d.,]*\d)", re.ASCII)
STATUSES = {
    EntryStatus.CANCELLED: PublicStatus.CANCELLED,
    EntryStatus.POSTPONED: PublicStatus.POSTPONED,
}


def search_data(
    facts: EventFacts, *, base_url: str, offers: tuple[Offer, ...], former: Sequence[datetime] = ()
) -> Markup:
    """Return one event; `former` are the starts that people were told before the present one."""
    return as_json(
        event_data(
            PublicEvent(
                name=facts.title,
                url=f"{base_url}{facts.url}",
                starts=moment_of(facts, facts.starts_at),
                ends=moment_of(facts, facts.ends_at),
                status=status_told(facts, has_moved=bool(former)),
                moved_from=tuple(moment_of(facts, start) for start in former),
                description=facts.summary or facts.description[:500],
                place=place_of(facts),
                online_url=f"{base_url}{facts.url}" if facts.is_online else None,
                image_url=f"{base_url}{facts.picture.large[0]}" if facts.picture else None,
                offers=offers if facts.status is EntryStatus.CONFIRMED else (),
                organisers=tuple(Party(name=name) for name in (facts.lead, *facts.co_owners)),
                performers=tuple(Party(name=name) for name, _, role in facts.people if role == "speaker"),
                series=Party(name=facts.series[0], url=f"{base_url}{facts.series[1]}") if facts.series else None,
            )
        )
    )


def status_told(facts: EventFacts, *, has_moved: bool) -> PublicStatus:
    """Return the status; what takes place at another time than people were told is rescheduled."""
    return STATUSES.get(facts.status, PublicStatus.RESCHEDULED if has_moved else PublicStatus.SCHEDULED)


def moment_of(facts: EventFacts, instant: datetime) -> datetime | date:
    """Return an instant, or its day where the event fills its days."""
    return london_day(instant) if facts.when else instant


def place_of(facts: EventFacts) -> Place | None:
    """Return the venue, or a room alone."""
    if not (facts.venue or facts.room):
        return None
    latitude, _, longitude = facts.position.partition(", ")
    return Place(
        name=facts.venue or facts.room,
        address=facts.address,
        latitude=float(latitude) if facts.position else None,
        longitude=float(longitude) if facts.position else None,
    )


def search_list(found: Page[EventLine], *, base_url: str) -> Markup:
    """Return a page of a list: where each of its events is told in full, and its place among all."""
    first = (found.number - 1) * found.size + 1
    titles = [shown_title(row.title, is_known=row.title_is_known, series=row.series) for row in found.rows]
    urls = [f"{base_url}/events/{slug(title, row.id)}" for title, row in zip(titles, found.rows, strict=True)]
    return as_json(list_data(urls, first=first, total=found.total))


def search_series(found: Series, lines: Sequence[EventLine], *, base_url: str) -> Markup:
    """Return a series, from its first date to its last."""
    return as_json(
        series_data(
            PublicSeries(
                name=found.title,
                url=f"{base_url}/series/{slug(found.title, found.id)}",
                description=found.description[:500],
                starts=min((line.starts_at for line in lines), default=None),
                ends=max((line.ends_at for line in lines), default=None),
                organisers=tuple(Party(name=row.name) for row in (found.lead_organisation, *found.co_owners)),
            )
        )
    )


def as_json(told: Mapping[str, object]) -> Markup:
    """Write JSON that no markup can end."""
    plain = json.dumps(told, ensure_ascii=False)
    return Markup(plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  no markup is left


def price_in(note: str) -> Decimal | None:
    """Return the price in pounds, where the words about it hold exactly one."""
    found = {Decimal(text.replace(",", "")) for text in POUNDS.findall(note)}
    return found.pop() if len(found) == 1 else None


def offers_of(facts: EventFacts, *, base_url: str, has_openings: bool, is_available: bool) -> tuple[Offer, ...]:
    """Return how to get a place: in the university's own shop where it has one, else here and free."""
    if facts.shop_url:
        is_left = is_available if has_openings else None
        return (Offer(price=price_in(facts.price_note), url=facts.shop_url, is_available=is_left),)
    if facts.price_note or not has_openings:
        return ()
    return (
        Offer(
            price=Decimal(0),
            url=f"{base_url}/events/{slug(facts.title, facts.id)}/registration",
            is_available=is_available,
        ),
    )
