"""An event as schema.org's Event in JSON-LD, for search engines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from programme.engines.calendar.times import LONDON

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

JsonObject = dict[str, object]
Told = TypeVar("Told", JsonObject, str)

_SCHEMA = "https://schema.org"


class PublicStatus(StrEnum):
    """What search engines are told; the values are schema.org's own names."""

    SCHEDULED = "EventScheduled"
    CANCELLED = "EventCancelled"
    POSTPONED = "EventPostponed"
    RESCHEDULED = "EventRescheduled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A venue that may be told to everybody."""

    name: str
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A way to get a place: the price in pounds (0 is free), where, and whether any is left; None is not known."""

    price: Decimal | None
    url: str
    is_available: bool | None = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody by name; an organiser usually has an address on the web."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicEvent:
    """What search engines may know of an event: nothing that is told only to the admitted.

    `starts` and `ends` are aware instants, or dates for whole days (`ends` then is the last day, included).
    `online_url` is the public page where one joins. `moved_from` are the former starts of a rescheduled event; one that
    is postponed without a date keeps its old one as `starts`.
    """

    name: str
    url: str
    starts: datetime | date
    ends: datetime | date
    status: PublicStatus = PublicStatus.SCHEDULED
    moved_from: tuple[datetime | date, ...] = ()
    description: str = ""
    place: Place | None = None
    online_url: str | None = None
    image_url: str | None = None
    offers: tuple[Offer, ...] = ()
    organisers: tuple[Party, ...] = ()
    performers: tuple[Party, ...] = ()
    series: Party | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSeries:
    """What search engines may know of a run of events; `starts` and `ends` are those of its first and its last."""

    name: str
    url: str
    description: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    organisers: tuple[Party, ...] = ()


def event_data(event: PublicEvent) -> JsonObject:
    """Give the JSON-LD of one event; what is not known is left out."""
    told: JsonObject = {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": event.name,
        "url": event.url,
        "startDate": _moment(event.starts),
        "endDate": _moment(event.ends),
        "eventStatus": f"{_SCHEMA}/{event.status}",
        "previousStartDate": _single_or_all(_former_starts(event)),
        "description": event.description,
        "eventAttendanceMode": _attendance(event),
        "location": _single_or_all(_locations(event)),
        "image": event.image_url,
        "offers": [_offer(offer) for offer in event.offers],
        "organizer": _single_or_all(_party("Organization", party) for party in event.organisers),
        "performer": _single_or_all(_party("Person", party) for party in event.performers),
        "isAccessibleForFree": all(offer.price == 0 for offer in event.offers) if event.offers else None,
        "superEvent": _party("EventSeries", event.series) if event.series else None,
    }
    return _known(told)


def series_data(series: PublicSeries) -> JsonObject:
    """Give the JSON-LD of a run of events."""
    told: JsonObject = {
        "@context": _SCHEMA,
        "@type": "EventSeries",
        "name": series.name,
        "url": series.url,
        "description": series.description,
        "startDate": _moment(series.starts) if series.starts else None,
        "endDate": _moment(series.ends) if series.ends else None,
        "organizer": _single_or_all(_party("Organization", party) for party in series.organisers),
    }
    return _known(told)


def list_data(urls: Iterable[str], *, first: int, total: int) -> JsonObject:
    """Give the JSON-LD of a page of a list, each event by the address of its own page; `first` is the first's place."""
    return {
        "@context": _SCHEMA,
        "@type": "ItemList",
        "numberOfItems": total,
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": url} for place, url in enumerate(urls, start=first)
        ],
    }


def _former_starts(event: PublicEvent) -> Iterable[str]:
    """Name former starts only where the status says that they are: what is postponed was to begin at its old one."""
    if event.status is PublicStatus.POSTPONED:
        return [_moment(event.starts)]
    return [_moment(start) for start in event.moved_from] if event.status is not PublicStatus.SCHEDULED else []


def _moment(moment: datetime | date) -> str:
    """Write a date, or an instant with London's offset of that day."""
    return (moment.astimezone(LONDON) if isinstance(moment, datetime) else moment).isoformat()


def _attendance(event: PublicEvent) -> str:
    if event.online_url is None:
        return f"{_SCHEMA}/OfflineEventAttendanceMode"
    return f"{_SCHEMA}/{'Online' if event.place is None else 'Mixed'}EventAttendanceMode"


def _locations(event: PublicEvent) -> Iterable[JsonObject]:
    if event.place is not None:
        yield _place(event.place)
    if event.online_url is not None:
        yield {"@type": "VirtualLocation", "url": event.online_url}


def _place(place: Place) -> JsonObject:
    return _known({"@type": "Place", "name": place.name, "address": place.address, "geo": _position(place)})


def _position(place: Place) -> JsonObject | None:
    if place.latitude is None or place.longitude is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}


def _offer(offer: Offer) -> JsonObject:
    stock = {True: "InStock", False: "SoldOut"}
    told: JsonObject = {
        "@type": "Offer",
        "price": None if offer.price is None else f"{offer.price:.2f}",
        "priceCurrency": None if offer.price is None else "GBP",
        "url": offer.url,
        "availability": None if offer.is_available is None else f"{_SCHEMA}/{stock[offer.is_available]}",
    }
    return _known(told)


def _party(kind: str, party: Party) -> JsonObject:
    return _known({"@type": kind, "name": party.name, "url": party.url})


def _single_or_all(things: Iterable[Told]) -> Told | list[Told] | None:
    found = list(things)
    return found[0] if len(found) == 1 else found or None


def _known(told: JsonObject) -> JsonObject:
    return {key: value for key, value in told.items() if value not in (None, "", [])}
