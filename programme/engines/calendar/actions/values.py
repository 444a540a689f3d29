"""What the verbs of the calendar take and give: details, plans, and what a change was before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from programme.core.tokens import token_hash
from programme.core.web.words import date_span, time_range
from programme.engines.calendar.naming import place_words
from programme.engines.calendar.states import Audience, EventState, Visibility

if TYPE_CHECKING:
    from programme.engines.calendar.models import Event
    from programme.people.states import Strand


@dataclass(frozen=True, slots=True)
class Contributor:
    """Somebody on the programme of an event, by name."""

    name: str
    affiliation: str = ""
    role: str = "speaker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Everything about an event but when and where it is."""

    title: str
    strand: Strand
    title_is_known: bool = True
    summary: str = ""
    description: str = ""
    visibility: Visibility = Visibility.PUBLIC
    audience: Audience = Audience.EVERYONE
    audience_note: str = ""
    online_link: str = ""
    room_capacity: int | None = None
    focus_areas: tuple[str, ...] = ()
    price_note: str = ""
    shop_url: str = ""
    contact_name: str = ""
    contact_address: str = ""
    series_id: int | None = None
    part_of_id: int | None = None
    contributions: tuple[Contributor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When and where an event is: whoever has a place is told when it changes.

    All-day events begin and end at midnight in London; `ends_at` then is the midnight after the last day.
    """

    starts_at: datetime
    ends_at: datetime
    all_day: bool = False
    venue_id: int | None = None
    room: str = ""
    is_online: bool = False


PLAN_FIELDS = ("starts_at", "ends_at", "all_day", "venue_id", "room", "is_online")


def plan_of(event: Event) -> Plan:
    """Return when and where `event` is now."""
    return Plan(**{name: getattr(event, name) for name in PLAN_FIELDS})


@dataclass(frozen=True, slots=True)
class Told:
    """What people were, or are, told of when and where an event is.

    `link` is a mark of the joining link, never the link itself, which only those may read who have a place; it is empty
    where there is none, and None in what was kept before links were told of.
    """

    starts_at: datetime
    ends_at: datetime
    all_day: bool
    date_is_known: bool
    place: str
    state: EventState
    link: str | None = ""

    def as_json(self) -> dict[str, Any]:
        """Return what a letter keeps of it."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "all_day": self.all_day,
            "date_is_known": self.date_is_known,
            "place": self.place,
            "state": self.state.value,
            "link": self.link,
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Told:
        """Read back what `as_json` wrote."""
        return cls(
            starts_at=datetime.fromisoformat(kept["starts_at"]),
            ends_at=datetime.fromisoformat(kept["ends_at"]),
            all_day=bool(kept["all_day"]),
            date_is_known=bool(kept["date_is_known"]),
            place=str(kept["place"]),
            state=EventState(kept["state"]),
            link=kept.get("link"),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an event: before, after, and the how manieth news of it this is.

    One that is quiet is told to nobody: a correction of words.
    """

    event_id: int
    news: int
    before: Told
    after: Told
    is_quiet: bool = False

    @property
    def is_one(self) -> bool:
        """Whether anything that people were told is different now."""
        return self.before != self.after


def told_of(event: Event) -> Told:
    """Return what people are told of `event` now."""
    return Told(
        event.starts_at,
        event.ends_at,
        event.all_day,
        event.date_is_known,
        place_of(event),
        EventState(event.state),
        link_mark(event.online_link),
    )


def link_mark(link: str) -> str:
    """Return a mark of a joining link: another link has another."""
    return token_hash(link) if link else ""


def place_of(event: Event) -> str:
    """Say where an event is in one line."""
    return place_words(event.room, event.venue.name if event.venue else None, is_online=event.is_online)


def when_words(told: Told) -> str:
    """Say when it is: the day or days, and the times unless it is all day."""
    if not told.date_is_known:
        return "A new date is not known yet"
    if told.all_day:
        return f"{date_span(told.starts_at, told.ends_at - timedelta(days=1))}, all day"
    return f"{date_span(told.starts_at, told.ends_at)}, {time_range(told.starts_at, told.ends_at)}"
