"""Making, editing and sharing series."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.core.audit import differing, note
from programme.core.refusal import Refusal, refuse_if_changed
from programme.engines.calendar.actions.events import sharers
from programme.engines.calendar.feeds.renewing import renew
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import Visibility
from programme.people.organisations.sharers import seen_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.people.states import Strand

GONE = "This series is not there any more."


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDetails:
    """Everything about a series that its organisers write."""

    title: str
    strand: Strand
    description: str = ""
    visibility: Visibility = Visibility.PUBLIC
    contact_name: str = ""
    contact_address: str = ""


def create(session: Session, details: SeriesDetails, *, lead_id: int, actor: Actor, now: datetime) -> Series:
    """Make a series led by an organisation."""
    series = Series(lead_organisation_id=lead_id, created_at=now, **asdict(details))
    session.add(series)
    session.flush()
    note(session, series, "series created", actor=actor, now=now, after={"title": series.title})
    return series


def edit(session: Session, series_id: int, details: SeriesDetails, *, actor: Actor, now: datetime) -> Series:
    """Change a series."""
    series = found(session, series_id)
    wanted = asdict(details)
    before, changed = differing({name: getattr(series, name) for name in wanted}, wanted)
    for name, value in changed.items():
        setattr(series, name, value)
    if changed:
        note(session, series, "series edited", actor=actor, now=now, before=before, after=changed)
    renew(session, session.scalars(select(Event.id).where(Event.series_id == series.id)).all())
    return series


def share(
    session: Session, series_id: int, organisations: Iterable[int], *, actor: Actor, now: datetime, seen: str = ""
) -> Series:
    """Say which organisations share the series with its lead.

    Refused where others share it meanwhile than those that the form was made from, of whom `seen` is the mark.
    """
    series = found(session, series_id)
    session.refresh(series, with_for_update=True)
    session.expire(series, ["co_owners"])
    refuse_if_changed(seen, seen_of(series.co_owners))
    before = [row.short_name for row in series.co_owners]
    series.co_owners = sharers(session, organisations, lead_id=series.lead_organisation_id)
    after = [row.short_name for row in series.co_owners]
    if after != before:
        note(session, series, "series shared", actor=actor, now=now, before={"with": before}, after={"with": after})
    session.flush()
    return series


def lock(session: Session, series_id: int) -> Series:
    """Lock a series and return it as it is now; who merely puts events into it waits for nobody."""
    series = session.get(Series, series_id, with_for_update={"key_share": True}, populate_existing=True)
    if series is None:
        raise Refusal(GONE)
    session.expire(series, ["co_owners"])
    return series


def found(session: Session, series_id: int) -> Series:
    """Return the series, or refuse."""
    series = session.get(Series, series_id)
    if series is None:
        raise Refusal(GONE)
    return series
