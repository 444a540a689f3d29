"""A feed: which events it holds, its validators without reading them, and its bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select

from programme.core.audit import AuditEntry
from programme.engines.calendar.feeds.blocks import TEMPLATE, BlockKey, Blocks, blocks_for
from programme.engines.calendar.feeds.entries import Site, Variant
from programme.engines.calendar.feeds.gone import gone_entry, still_told, was_in, withdrawn_since
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes, etag
from programme.engines.calendar.ical.entry import CANCELLED_STAYS
from programme.engines.calendar.models import Event, Series, Venue, WithdrawnEvent
from programme.engines.calendar.queries.conditions import joined, matching
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.sight import ANNOUNCED, listed_to
from programme.engines.calendar.states import EventState, Visibility
from programme.engines.calendar.term_weeks.term_dates import terms
from programme.people.models import Installation, Organisation
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

NO_FILTERS = Filters()
PAST_STAYS = timedelta(days=90)
ACTED_ON = ("event", "series", "venue", "academic_period", "organisation")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
UNINITIALISED_HOST = "programme.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A public feed: what it holds, what it is called, and its own address (`source_url`)."""

    filters: Filters = NO_FILTERS
    series_id: int | None = None
    name: str
    source_url: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a client compares: they change whenever the body does."""

    etag: str
    last_modified: datetime


@dataclass(frozen=True, slots=True)
class Edition:
    """What every entry depends on besides its event, and its digest for keys."""

    site: Site
    digest: str


def edition(session: Session, *, base_url: str) -> Edition:
    """Read what entries depend on besides their events: term dates, places, organisations, the host of UIDs."""
    dates = terms(session)
    host = session.scalar(select(Installation.uid_host).limit(1)) or UNINITIALISED_HOST
    venue = Venue
    columns = (venue.id, venue.name, venue.address, venue.postcode, venue.latitude, venue.longitude)
    places = session.execute(select(*columns).order_by(venue.id)).all()
    names = session.execute(select(Organisation.id, Organisation.short_name).order_by(Organisation.id)).all()
    series = session.execute(select(Series.id, Series.title, Series.visibility).order_by(Series.id)).all()
    told = repr((TEMPLATE, base_url, host, dates.universities, places, names, series))
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Edition(Site(base_url, host, dates), digest)


def stays(now: datetime) -> ColumnElement[bool]:
    """Whether an event is still in feeds: 90 days after its end, a cancelled one 30."""
    called_off = and_(Event.state == EventState.CANCELLED, Event.ends_at > now - CANCELLED_STAYS)
    return or_(and_(Event.state.in_(ANNOUNCED), Event.ends_at > now - PAST_STAYS), called_off)


def validators(session: Session, feed: Feed, *, held: Edition, now: datetime) -> Validators:
    """Reckon the validators from versions, without reading an event: sums weighted by id tell what comes or goes."""
    shown = selecting(
        feed,
        func.count(),
        func.sum(Event.id),
        func.sum(Event.version),
        func.sum(Event.id * Event.version),
        func.max(Event.changed_at),
    )
    versions = session.execute(shown.where(listed_to(NOBODY), stays(now))).one()
    lost = withdrawn_since(session, now - PAST_STAYS)
    gone = [(row.event_id, row.sequence) for row in gone_from(lost, feed, now=now)]
    last = versions if versions[0] or gone else latest_key(session, feed) or ()
    tag = etag(held.digest, feed.name, feed.source_url, *versions, *last, *gone)
    return Validators(tag, last_change(session, versions[-1], lost, now=now).replace(microsecond=0))


def last_change(
    session: Session, changed_at: datetime | None, lost: Iterable[WithdrawnEvent] = (), *, now: datetime
) -> datetime:
    """Return when a feed last changed, or later: an act of an organiser, or an event that grew too old, counts too."""
    acts = select(AuditEntry.at).where(AuditEntry.subject_kind.in_(ACTED_ON)).order_by(AuditEntry.id.desc()).limit(1)
    past = select(Event.ends_at).where(Event.visibility == Visibility.PUBLIC).order_by(Event.ends_at.desc()).limit(1)
    aged = session.scalar(past.where(Event.ends_at <= now - PAST_STAYS))
    called_off = past.where(Event.ends_at <= now - CANCELLED_STAYS, Event.state == EventState.CANCELLED)
    gone = session.scalar(called_off.where(Event.ends_at > now - PAST_STAYS))
    untold = [row.ends_at for row in lost if not still_told(row, now)]
    left = [ends_at + CANCELLED_STAYS for ends_at in (gone, *untold) if ends_at]
    moments = (changed_at, session.scalar(acts), aged and aged + PAST_STAYS, *left)
    return max((moment for moment in moments if moment), default=LONG_AGO)


def body(session: Session, feed: Feed, *, held: Edition, blocks: Blocks, now: datetime) -> bytes:
    """Return the feed's bytes; one without events keeps the latest it ever had, as clients want at least one."""
    statement = selecting(feed, *key_columns()).where(listed_to(NOBODY), stays(now))
    rows = session.execute(statement.order_by(Event.starts_at, Event.id)).all()
    lost = withdrawn_since(session, now - CANCELLED_STAYS)
    gone = [gone_block(row, held) for row in gone_from(lost, feed, now=now)]
    keys = [key_of(row, held) for row in rows or ([] if gone else [latest_key(session, feed)]) if row]
    found = [*blocks_for(session, keys, blocks=blocks, site=held.site), *gone]
    return calendar_bytes(found, name=feed.name, description=feed.description, source_url=feed.source_url)


def single(
    session: Session, event_id: int, *, held: Edition, blocks: Blocks, now: datetime
) -> tuple[Validators, bytes] | None:
    """Return one event as a file to keep, without the properties of a feed."""
    row = session.execute(select(*key_columns(), Event.changed_at).where(Event.id == event_id)).one_or_none()
    if row is None:
        return None
    found = blocks_for(session, [key_of(row, held)], blocks=blocks, site=held.site)
    tag = etag(held.digest, "event", *row)
    return Validators(tag, last_change(session, row.changed_at, now=now).replace(microsecond=0)), calendar_bytes(found)


def single_gone(session: Session, event_id: int, *, held: Edition, now: datetime) -> tuple[Validators, bytes] | None:
    """Return one event that public calendars lost, as the file that says so; None where they never held it."""
    row = session.get(WithdrawnEvent, event_id)
    if row is None or not row.was_public or not still_told(row, now):
        return None
    tag = etag(held.digest, "gone", row.event_id, row.sequence)
    return Validators(tag, row.withdrawn_at.replace(microsecond=0)), calendar_bytes([gone_block(row, held)])


def held_any(session: Session, feed: Feed, *, now: datetime) -> bool:
    """Whether the feed has, or ever had, anything to tell."""
    lost = withdrawn_since(session, now - CANCELLED_STAYS)
    return latest_key(session, feed) is not None or bool(gone_from(lost, feed, now=now))


def gone_from(lost: Iterable[WithdrawnEvent], feed: Feed, *, now: datetime) -> list[WithdrawnEvent]:
    """Return what the feed held and lost, as long as it says so."""
    return [row for row in lost if still_told(row, now) and was_in(row, feed.filters, series_id=feed.series_id)]


def gone_block(row: WithdrawnEvent, held: Edition) -> bytes:
    """Write the bare entry of an event that is gone."""
    return entry_block(gone_entry(row, held.site.uid(row.event_id)))


def selecting(feed: Feed, *columns: Any) -> Select[Any]:
    """Select `columns` over whatever the feed may hold."""
    of_series = [] if feed.series_id is None else [Event.series_id == feed.series_id]
    statement = joined(select(*columns).select_from(Event), feed.filters)
    return statement.where(*matching(feed.filters, actor=NOBODY), *of_series)


def latest_key(session: Session, feed: Feed) -> Any:
    """Return the key of the latest event that the feed ever held, if any."""
    statement = selecting(feed, *key_columns()).where(listed_to(NOBODY))
    return session.execute(statement.order_by(Event.ends_at.desc(), Event.id.desc()).limit(1)).one_or_none()


def key_columns() -> Sequence[Any]:
    """Return the columns of a BlockKey that the database knows."""
    return Event.id, Event.version, Event.sequence


def key_of(row: Any, held: Edition) -> BlockKey:
    """Return the key of the block that everybody may read."""
    return BlockKey(row.id, row.version, row.sequence, held.digest, Variant.PUBLIC)
