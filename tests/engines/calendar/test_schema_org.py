"""What search engines are told."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from programme.engines.calendar.schema_org import (
    Offer,
    Party,
    Place,
    PublicEvent,
    PublicStatus,
    event_data,
)

LECTURE = PublicEvent(
    name="Rust on the Mersey",
    url="https://events.example/events/rust-7",
    starts=datetime(2027, 5, 4, 17, tzinfo=UTC),
    ends=datetime(2027, 5, 4, 18, tzinfo=UTC),
    place=Place(name="Sherrington Building", address="Ashton Street, Liverpool", latitude=53.4, longitude=-2.96),
    organisers=(Party(name="University of Liverpool", url="https://www.liverpool.ac.uk"),),
    performers=(Party(name="Dr Ada Byron"), Party(name="Prof Grace Murray")),
)


def test_a_lecture_is_told_with_london_times_and_place() -> None:
    told = event_data(LECTURE)
    assert told["@type"] == "Event"
    assert told["startDate"] == "2027-05-04T18:00:00+01:00"
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert told["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
    assert told["location"] == {
        "@type": "Place",
        "name": "Sherrington Building",
        "address": "Ashton Street, Liverpool",
        "geo": {"@type": "GeoCoordinates", "latitude": 53.4, "longitude": -2.96},
    }
    assert told["organizer"] == {
        "@type": "Organization",
        "name": "University of Liverpool",
        "url": "https://www.liverpool.ac.uk",
    }
    assert [party["name"] for party in told["performer"]] == ["Dr Ada Byron", "Prof Grace Murray"]  # type: ignore[attr-defined]
    assert not {"offers", "image", "description", "previousStartDate", "isAccessibleForFree"} & set(told)
    assert json.loads(json.dumps(told)) == told


def test_each_status_has_its_name() -> None:
    told = {status: event_data(changed(status=status))["eventStatus"] for status in PublicStatus}
    assert told == {
        PublicStatus.SCHEDULED: "https://schema.org/EventScheduled",
        PublicStatus.CANCELLED: "https://schema.org/EventCancelled",
        PublicStatus.POSTPONED: "https://schema.org/EventPostponed",
        PublicStatus.RESCHEDULED: "https://schema.org/EventRescheduled",
    }


def test_a_moved_event_names_its_former_start() -> None:
    moved = changed(status=PublicStatus.RESCHEDULED, moved_from=(datetime(2027, 1, 4, 17, tzinfo=UTC),))
    assert event_data(moved)["previousStartDate"] == "2027-01-04T17:00:00+00:00"


def test_offers_have_a_price_in_pounds() -> None:
    offers = (
        Offer(price=Decimal(0), url="https://x.example/1"),
        Offer(price=Decimal("7.5"), url="https://x.example/2"),
    )
    told = event_data(changed(offers=offers))
    assert [offer["price"] for offer in told["offers"]] == ["0.00", "7.50"]  # type: ignore[attr-defined]
    assert told["isAccessibleForFree"] is False
    sold_out = event_data(changed(offers=(Offer(price=Decimal(0), url="https://x.example/1", is_available=False),)))
    assert sold_out["offers"][0]["availability"] == "https://schema.org/SoldOut"  # type: ignore[index]
    assert sold_out["isAccessibleForFree"] is True


def test_online_and_mixed_are_told_apart() -> None:
    online = event_data(changed(place=None, online_url="https://events.example/live"))
    assert online["location"] == {"@type": "VirtualLocation", "url": "https://events.example/live"}
    assert online["eventAttendanceMode"] == "https://schema.org/OnlineEventAttendanceMode"
    mixed = event_data(changed(online_url="https://events.example/live"))
    assert mixed["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert len(mixed["location"]) == 2  # type: ignore[arg-type]


def test_whole_days_are_dates() -> None:
    told = event_data(changed(starts=date(2027, 5, 4), ends=date(2027, 5, 5)))
    assert (told["startDate"], told["endDate"]) == ("2027-05-04", "2027-05-05")


def changed(**values: object) -> PublicEvent:
    known = {name: getattr(LECTURE, name) for name in PublicEvent.__dataclass_fields__}
    return PublicEvent(**{**known, **values})
