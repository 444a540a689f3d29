"""Subscribed addresses, and the events that are followed by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from programme.core.database import Base, Key, Line, state_column
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.subscribed.states import AddressState, Upstream
from programme.people.models import Organisation, Strand


class SubscribedAddress(Base):
    """A calendar of others on the web, whose events become ours.

    `stored_as` names what was fetched to be looked at, until it is confirmed. `etag` and `last_modified` are as the
    server sent them. `next_at` is when it is fetched next; `failures` counts those in a row, `trouble` says the last
    one, and `last` is the report of the last refresh.
    """

    __tablename__ = "subscribed_address"
    __table_args__ = (UniqueConstraint("organisation_id", "strand", "url"),)

    id: Mapped[Key]
    url: Mapped[str] = mapped_column(String(1000))
    title: Mapped[Line]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    strand: Mapped[Strand] = state_column(Strand)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[AddressState] = state_column(AddressState, default=AddressState.PROPOSED)
    publishes: Mapped[bool] = mapped_column(default=False)
    every_hours: Mapped[int] = mapped_column(default=3)
    made_at: Mapped[datetime]
    stored_as: Mapped[str] = mapped_column(String(80), default="")
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(500), default="")
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    tried_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(500), default="")
    last: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    organisation: Mapped[Organisation] = relationship()
    series: Mapped[Series | None] = relationship()


class FollowedEvent(Base):
    """An event of ours that follows one of a subscribed address; `identity` is made of its UID and RECURRENCE-ID.

    `said` is all that its source said last; `taken` sums up, field by field, what our event was when it last took
    something: where it is different now, organisers changed it. `conflicting` names the fields that both changed.
    """

    __tablename__ = "followed_event"
    __table_args__ = (UniqueConstraint("address_id", "identity"),)

    id: Mapped[Key]
    address_id: Mapped[int] = mapped_column(ForeignKey("subscribed_address.id", ondelete="CASCADE"))
    identity: Mapped[str] = mapped_column(String(64))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), unique=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    taken: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    conflicting: Mapped[str] = mapped_column(String(100), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[datetime | None]
    upstream: Mapped[Upstream] = state_column(Upstream, default=Upstream.HERE)
    vanished_at: Mapped[datetime | None]
    event: Mapped[Event] = relationship()
    address: Mapped[SubscribedAddress] = relationship(viewonly=True)

    @property
    def conflicts(self) -> list[str]:
        """Return the fields that both sides changed."""
        return self.conflicting.split()

    @conflicts.setter
    def conflicts(self, names: list[str]) -> None:
        self.conflicting = " ".join(names)
