"""Events, series, venues, contributions, materials and term dates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.states import Audience, EventState, MaterialReach, PeriodKind, PeriodStatus, Visibility
from programme.people.models import End, Organisation, Strand


class Venue(Base):
    """A place. `access` holds the access facts in words, by the keys of `ACCESS_FACTS`; absent = not known yet."""

    __tablename__ = "venue"

    id: Mapped[Key]
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[Line]
    site: Mapped[str] = mapped_column(String(20), default="")
    end: Mapped[End | None] = state_column(End)
    address: Mapped[str] = mapped_column(Text, default="")
    postcode: Mapped[str] = mapped_column(String(12), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    access: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)


class TravelTime(Base):
    """How many minutes a way between two sites takes, where administrators know better than `data/travel_times.csv`.

    `least` is where all runs to time, `planned` with what is left for luck.
    """

    __tablename__ = "travel_time"

    site: Mapped[str] = mapped_column(String(20), primary_key=True)
    other: Mapped[str] = mapped_column(String(20), primary_key=True)
    least: Mapped[int]
    planned: Mapped[int]


class Series(Base):
    """A run of events under one title."""

    __tablename__ = "series"

    id: Mapped[Key]
    title: Mapped[Line]
    description: Mapped[str] = mapped_column(Text, default="")
    strand: Mapped[Strand] = state_column(Strand, index=True)
    visibility: Mapped[Visibility] = state_column(Visibility, default=Visibility.PUBLIC)
    lead_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[Line] = mapped_column(default="")
    contact_address: Mapped[str] = mapped_column(String(254), default="")
    created_at: Mapped[datetime]
    lead_organisation: Mapped[Organisation] = relationship()
    co_owners: Mapped[list[Organisation]] = relationship(secondary="series_co_owner", order_by=Organisation.position)


class SeriesCoOwner(Base):
    """An organisation that shares a series with its lead."""

    __tablename__ = "series_co_owner"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)


class Event(Base):
    """One dated thing.

    `starts_at` and `ends_at` are instants (UTC); a postponed event without a new date keeps its old one with
    `date_is_known` false. `sequence` is the iCalendar counter, which never falls; `version` rises with every
    change that anybody can see, and keys caches.
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


class Contribution(Base):
    """A speaker, chair, host or judge: a plain name, a person only if known."""

    __tablename__ = "contribution"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    role: Mapped[str] = mapped_column(String(40), default="speaker")
    name: Mapped[Line]
    affiliation: Mapped[Line] = mapped_column(default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class Material(Base):
    """Something to read afterwards: a link, for all or only for those who came."""

    __tablename__ = "material"

    id: Mapped[Key]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    title: Mapped[Line]
    url: Mapped[str] = mapped_column(String(1000))
    reach: Mapped[MaterialReach] = state_column(MaterialReach, default=MaterialReach.ALL)
    added_at: Mapped[datetime]


class AcademicPeriod(Base):
    """A term or semester of a university: where its numbered weeks start, and how sure the dates are.

    `numbering` is a `weeks.Numbering`; `first_day` is the first day of the week that bears `first_number`; `code` is
    the short form (MT26, S1).
    """

    __tablename__ = "academic_period"
    __table_args__ = (UniqueConstraint("organisation_id", "code", "first_day"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[PeriodKind] = state_column(PeriodKind, default=PeriodKind.TEACHING)
    label: Mapped[str] = mapped_column(String(60))
    code: Mapped[str] = mapped_column(String(20))
    numbering: Mapped[str] = mapped_column(String(20), default="counted")
    first_day: Mapped[date]
    first_number: Mapped[int] = mapped_column(default=1)
    weeks: Mapped[int]
    weeks_before: Mapped[int] = mapped_column(default=0)
    weeks_after: Mapped[int] = mapped_column(default=0)
    status: Mapped[PeriodStatus] = state_column(PeriodStatus, default=PeriodStatus.PROVISIONAL)
    organisation: Mapped[Organisation] = relationship()


class ImportedEvent(Base):
    """How a row of a file is known again: its identity within the importing organisation, and what it said last.

    `told` sums up each field by itself, so that only what changed in the file is changed here; `source` is the file's
    name.
    """

    __tablename__ = "imported_event"
    __table_args__ = (UniqueConstraint("organisation_id", "identity"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    identity: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[Line]
    series_title: Mapped[Line] = mapped_column(default="")
    starts_at: Mapped[datetime]
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    told: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    source: Mapped[Line] = mapped_column(default="")
    imported_at: Mapped[datetime]


class ImportFile(Base):
    """An uploaded file that waits between its preview and the confirmation."""

    __tablename__ = "import_file"

    id: Mapped[Key]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand] = state_column(Strand)
    filename: Mapped[Line]
    stored_as: Mapped[str] = mapped_column(String(80))
    uploaded_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class PersonalFeed(Base):
    """The secret address of one person's calendar, kept hashed; one per purpose, rotated by making a new one."""

    __tablename__ = "personal_feed"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
