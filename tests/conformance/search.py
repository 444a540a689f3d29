"""The rules of what search engines are told, read from schema.org's pages of each type: what is wrong, in sentences.

Written from the documentation (Event, EventSeries, ItemList, Place, VirtualLocation, Offer) and from what Google asks
of events; it shares nothing with the writer that it judges.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = "https://schema.org"
URL = re.compile(r"https?://[^\s\"<>]+")
PRICE = re.compile(r"\d+\.\d\d")
STATUSES = {f"{ROOT}/Event{word}" for word in ("Scheduled", "Cancelled", "Postponed", "Rescheduled")}
MODES = {f"{ROOT}/{word}EventAttendanceMode" for word in ("Offline", "Online", "Mixed")}
STOCKS = {f"{ROOT}/{word}" for word in ("InStock", "SoldOut")}
OF_ANYTHING = {"@type", "name", "url", "description", "image"}
PROPERTIES = {
    "Event": {
        *("startDate", "endDate", "previousStartDate", "eventStatus", "eventAttendanceMode", "location", "offers"),
        *("organizer", "performer", "isAccessibleForFree", "superEvent"),
    },
    "EventSeries": {"startDate", "endDate", "organizer"},
    "ItemList": {"numberOfItems", "itemListElement"},
    "ListItem": {"position"},
    "Place": {"address", "geo"},
    "GeoCoordinates": {"latitude", "longitude"},
    "VirtualLocation": set(),
    "Offer": {"price", "priceCurrency", "availability"},
    "Organization": set(),
    "Person": set(),
}
WITHIN = {
    "location": {"Place", "VirtualLocation"},
    "offers": {"Offer"},
    "organizer": {"Organization", "Person"},
    "performer": {"Person", "Organization"},
    "superEvent": {"EventSeries", "Event"},
    "geo": {"GeoCoordinates"},
    "itemListElement": {"ListItem"},
}
"""Which types a property takes, of those that are used."""
NEEDED = {
    "Event": ("name", "url", "startDate", "eventStatus", "eventAttendanceMode", "organizer"),
    "EventSeries": ("name", "url"),
    "ItemList": ("itemListElement", "numberOfItems"),
    "ListItem": ("position", "url"),
    "Offer": ("url",),
    "VirtualLocation": ("url",),
    "Place": ("name",),
    "GeoCoordinates": ("latitude", "longitude"),
}


def faults(told: dict[str, Any]) -> list[str]:
    """Say everything that is wrong with a document."""
    if told.get("@context") != ROOT:
        return ["the document does not say that its words are schema.org's"]
    inside = {key: value for key, value in told.items() if key != "@context"}
    return [*of_thing(inside), *(of_event(inside) if told.get("@type") == "Event" else of_list(inside))]


def of_thing(told: dict[str, Any]) -> Iterator[str]:
    """Judge one thing by its type, and the things within it."""
    kind = str(told.get("@type"))
    if kind not in PROPERTIES:
        yield f"{kind} is no type that is used"
        return
    yield from (f"{kind} has no {name}" for name in NEEDED.get(kind, ()) if name not in told)
    for name, value in told.items():
        yield from (f"{kind}.{name} {fault}" for fault in of_property(name, value, PROPERTIES[kind] | OF_ANYTHING))
        for thing in things(value) if name in WITHIN else ():
            yield from of_thing(thing if isinstance(thing, dict) else {})


def of_property(name: str, value: Any, known: set[str]) -> Iterator[str]:
    """Judge one property of a thing whose type knows some."""
    if name not in known:
        yield "is no property of it"
    if value in (None, "", []):
        yield "says nothing"
    if name in {"url", "image"} and not URL.fullmatch(str(value)):
        yield f"is no address: {value!r}"
    if name in WITHIN and not all(isinstance(one, dict) and one.get("@type") in WITHIN[name] for one in things(value)):
        yield f"is {value!r}"


def things(value: Any) -> list[Any]:
    """Return one or several as several."""
    return value if isinstance(value, list) else [value]


def of_event(told: dict[str, Any]) -> Iterator[str]:
    """Judge what the parts of an event say of each other."""
    starts, ends = moment(told.get("startDate")), moment(told.get("endDate", told.get("startDate")))
    if starts is None or ends is None or type(starts) is not type(ends) or ends < starts:
        yield f"it goes from {told.get('startDate')} to {told.get('endDate')}"
    yield from of_status(told)
    yield from of_places(told)
    for offer in things(told.get("offers", [])):
        if ("price" in offer) != ("priceCurrency" in offer) or not PRICE.fullmatch(offer.get("price", "0.00")):
            yield f"an offer costs {offer.get('price')} {offer.get('priceCurrency')}"
        if offer.get("availability", f"{ROOT}/InStock") not in STOCKS:
            yield f"an offer is {offer['availability']}"
    free = [offer.get("price") == "0.00" for offer in things(told.get("offers", []))]
    if told.get("isAccessibleForFree", all(free)) != all(free):
        yield "it is free, and costs something"


def moment(text: Any) -> datetime | date | None:
    """Read a day, or an instant that says its offset."""
    if not isinstance(text, str):
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else None


def of_status(told: dict[str, Any]) -> Iterator[str]:
    """Judge the status: what was rescheduled says from when, each former start once, and never the present one."""
    status, former = told.get("eventStatus"), things(told.get("previousStartDate", []))
    if status not in STATUSES:
        yield f"eventStatus is {status!r}"
    if any(moment(start) is None for start in former) or len(former) != len(set(former)):
        yield f"previousStartDate is {former}"
    if status == f"{ROOT}/EventScheduled" and former:
        yield "what takes place as planned has a previousStartDate"
    if status == f"{ROOT}/EventRescheduled" and (not former or told.get("startDate") in former):
        yield f"rescheduled from {former} to {told.get('startDate')}"
    if status == f"{ROOT}/EventPostponed" and not former:
        yield "what is postponed does not say when it was to begin"
    if status in {f"{ROOT}/EventCancelled", f"{ROOT}/EventPostponed"} and "offers" in told:
        yield "places are offered at what does not take place"


def of_places(told: dict[str, Any]) -> Iterator[str]:
    """Judge where it is: at a place, online, or both, as the mode says."""
    kinds = {place.get("@type") for place in things(told.get("location", [])) if isinstance(place, dict)}
    modes = {
        f"{ROOT}/OfflineEventAttendanceMode": ({"Place"}, set()),
        f"{ROOT}/OnlineEventAttendanceMode": ({"VirtualLocation"},),
        f"{ROOT}/MixedEventAttendanceMode": ({"Place", "VirtualLocation"},),
    }
    mode = told.get("eventAttendanceMode")
    if kinds not in modes.get(str(mode), ()):
        yield f"{mode} at {sorted(map(str, kinds))}"
    for place in things(told.get("location", [])):
        at = place.get("geo", {"latitude": 0, "longitude": 0})
        if not (-90 <= at["latitude"] <= 90 and -180 <= at["longitude"] <= 180):
            yield f"a place lies at {at}"


def of_list(told: dict[str, Any]) -> Iterator[str]:
    """Judge a list: its items follow each other, none twice, and there are not more than it says."""
    items = things(told.get("itemListElement", []))
    positions = [item.get("position") for item in items]
    if positions and positions != list(range(positions[0], positions[0] + len(positions))):
        yield f"positions are {positions}"
    if len({item.get("url") for item in items}) != len(items):
        yield "an item stands twice"
    if "numberOfItems" in told and positions and positions[-1] > told["numberOfItems"]:
        yield f"item {positions[-1]} of {told['numberOfItems']}"
