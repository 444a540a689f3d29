"""Named reads of the pictures of events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.calendar.pictures.models import EventPicture, Picture

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def picture_of(session: Session, event_id: int) -> EventPicture | None:
    """Return what an event shows, if anything: one statement."""
    shown = select(EventPicture).where(EventPicture.event_id == event_id, EventPicture.removed_at.is_(None))
    return session.scalar(afresh(shown))


def pictures_of(session: Session, events: Collection[int]) -> dict[int, EventPicture]:
    """Return what events show, by event: one statement."""
    shown = select(EventPicture).where(EventPicture.event_id.in_(events), EventPicture.removed_at.is_(None))
    return {row.event_id: row for row in session.scalars(shown.options(joinedload(EventPicture.picture)))}


def former_of(session: Session, event_id: int) -> EventPicture | None:
    """Return what an event showed last and may show again, if anything."""
    former = select(EventPicture).where(EventPicture.event_id == event_id, EventPicture.removed_at.is_not(None))
    latest = former.order_by(EventPicture.removed_at.desc(), EventPicture.id.desc()).limit(1)
    return session.scalar(afresh(latest))


def afresh(wanted: Select[EventPicture]) -> Select[EventPicture]:
    """Return a statement with its pictures joined in, which reads what is known already as it is now."""
    return wanted.options(joinedload(EventPicture.picture)).execution_options(populate_existing=True)


def removed_before(session: Session, then: datetime, *, most: int) -> Sequence[EventPicture]:
    """Return some of what was taken off before an instant."""
    gone = select(EventPicture).where(EventPicture.removed_at < then).order_by(EventPicture.id)
    return session.scalars(gone.limit(most)).all()


def shown_by_none(session: Session, *, most: int) -> Sequence[int]:
    """Return some pictures that no event shows, nor may show again."""
    shown = select(EventPicture.id).where(EventPicture.picture_id == Picture.id).exists()
    return session.scalars(select(Picture.id).where(~shown).order_by(Picture.id).limit(most)).all()
