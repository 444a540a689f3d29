"""Tables of events, and of those that calendars are told are gone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models.contributions import Contribution, Material
from programme.engines.calendar.models.places import Venue
from programme.engines.calendar.models.series import Series
from programme.engines.calendar.states import Audience, EventState, Visibility
from programme.people.models import Organisation, Strand


class Event(Base):
    """One dated thing.

    `starts_at` and `ends_at` are instants (UTC); a postponed event without a new date keeps its old one with
    `date_is_known` false. `sequence` is the iCalendar counter, which never falls: it rises with time and state, not
    with the place; `news` counts all that people with a place are told of. `version` rises with every change that
    anybody can see, and keys caches.
    """

    __tablename__ = "event"
    # Each index holds all that a page or a feed asks of events it does not show, so that their long texts stay unread.
    __table_args__ = (
        Index(
            "ix_event_listing",
            *("visibility", "starts_at", "ends_at", "state", "strand", "part_of_id", "date_is_known", "published_at"),
        ),
        Index(
            "ix_event_feed",
            *("visibility", "ends_at", "state", "published_at", "starts_at", "version", "sequence", "changed_at"),
        ),
    )

    id: Mapped[Key]
    title: Mapped[Line]
    title_is_known: Mapped[bool] = mapped_column(default=True)
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    strand: Mapped[Strand] = state_column(Strand, index=True)
    state: Mapped[EventState] = state_column(EventState, default=EventState.DRAFT)
    visibility: Mapped[Visibility] = state_column(Visibility, default=Visibility.PUBLIC)
    audience: Mapped[Audience] = state_column(Audience, default=Audience.EVERYONE)
    audience_note: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    all_day: Mapped[bool] = mapped_column(default=False)
    date_is_known: Mapped[bool] = mapped_column(default=True)
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    room: Mapped[Line] = mapped_column(default="")
    is_online: Mapped[bool] = mapped_column(default=False)
    online_link: Mapped[str] = mapped_column(String(1000), default="")
    room_capacity: Mapped[int | None]
    focus_areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    price_note: Mapped[Line] = mapped_column(default="")
    shop_url: Mapped[str] = mapped_column(String(1000), default="")
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[Line] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"), index=True)
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    is_archive: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)
    news: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1, index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    change_note: Mapped[str] = mapped_column(String(500), default="")
    venue: Mapped[Venue | None] = relationship()
    series: Mapped[Series | None] = relationship()
    part_of: Mapped[Event | None] = relationship(remote_side="Event.id")
    lead_organisation: Mapped[Organisation] = relationship()
    co_owners: Mapped[list[Organisation]] = relationship(secondary="event_co_owner", order_by=Organisation.position)
    contributions: Mapped[list[Contribution]] = relationship(cascade="all", order_by="Contribution.position")
    materials: Mapped[list[Material]] = relationship(cascade="all", order_by="Material.id")


class EventCoOwner(Base):
    """An organisation that shares an event with its lead."""

    __tablename__ = "event_co_owner"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class WithdrawnEvent(Base):
    """What calendars hold of an event that was announced and is no longer theirs: enough to say there that it is gone.

    `was_public` tells whether public feeds held it, `told` what their filters ask, `sequence` the number under which
    it goes. At most one an event; it ends when the event is announced to the same people again.
    """

    __tablename__ = "withdrawn_event"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    was_public: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    all_day: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int]
    withdrawn_at: Mapped[datetime]
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class WarningPutAside(Base):
    """A warning about an event that an organiser has thought about, by its mark; the trail tells who.

    With another time or place, of either event, it is another warning, and told again.
    """

    __tablename__ = "warning_put_aside"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    put_aside_at: Mapped[datetime]
