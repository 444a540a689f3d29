"""A feed: which events it holds, its bytes, and until when they stay as they are if nobody changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from programme.engines.calendar.feeds.blocks import Blocks, Standing, blocks_for
from programme.engines.calendar.feeds.entries import Edition, Variant
from programme.engines.calendar.feeds.gone import gone_entry, still_told, was_in, withdrawn_since
from programme.engines.calendar.ical.block import entry_block
from programme.engines.calendar.ical.calendar import calendar_bytes, etag
from programme.engines.calendar.ical.entry import CANCELLED_STAYS
from programme.engines.calendar.models import Event, WithdrawnEvent
from programme.engines.calendar.models.blocks import LONG_AGO, ONLY, CalendarBlock, CalendarRevision
from programme.engines.calendar.queries.conditions import joined, matching
from programme.engines.calendar.queries.filters import Filters
from programme.engines.calendar.sight import ANNOUNCED, listed_to
from programme.engines.calendar.states import EventState, Visibility
from programme.people.permissions import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

NO_FILTERS = Filters()
PAST_STAYS = timedelta(days=90)
FAR_OFF = datetime(9999, 1, 1, tzinfo=UTC)
SETTLES = timedelta(seconds=10)
"""How long a change is too new to be told from the next by its date, which is in whole seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A public feed: what it holds, what it is called, and its own address (`source_url`)."""

    filters: Filters = NO_FILTERS
    series_id: int | None = None
    name: str
    source_url: str
    description: str = ""


class Revision(NamedTuple):
    """The state of everything that feeds read, as a number that rises with each change, and when it rose last."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """A calendar as it is until `until`, if nobody changes anything.

    The tag sums up the bytes: so it changes when and only when they do, and is the same in every worker. The date may
    be later than their last change. One that is not settled tells nothing yet: a second has room for two changes.
    """

    content: bytes
    etag: str
    last_modified: datetime
    is_settled: bool
    until: datetime


def revision_of(session: Session) -> Revision:
    """Return the present revision: to be read before anything else is, so that nothing newer is ever missed."""
    wanted = select(CalendarRevision.number, CalendarRevision.at).where(CalendarRevision.id == ONLY)
    row = session.execute(wanted).one_or_none()
    return Revision(*row) if row else Revision(0, LONG_AGO)


def read(
    session: Session, feed: Feed, *, edition: Edition, blocks: Blocks, revision: Revision, now: datetime
) -> Reading:
    """Read a feed; one without events keeps the latest it ever had, as clients want at least one."""
    shown = selecting(feed, Event.id, *standing_columns()).where(listed_to(NOBODY), stays(now))
    rows = list(session.execute(shown.order_by(Event.starts_at, Event.id)))
    lost = withdrawn_since(session, now - PAST_STAYS)
    gone = gone_from(lost, feed, now=now)
    kept = [Standing(*row) for row in rows or ([] if gone else [latest(session, feed)]) if row]
    found = blocks_for(session, kept, blocks=blocks, edition=edition)
    content = calendar_bytes(
        [*found, *(gone_block(row, edition) for row in gone)],
        name=feed.name,
        description=feed.description,
        source_url=feed.source_url,
    )
    ends = {row.is_called_off: row for row in session.execute(bounds(feed, now)).all()}
    moments = [revision.at, *(row.changed_at for row in ends.values()), *(row.withdrawn_at for row in gone)]
    left = [*(row.ends_at + stays_for(called_off=off) for off, row in ends.items()), *leaving(gone)]
    return reading(content, [*moments, *departures(session, lost, now=now)], min(left, default=FAR_OFF), now=now)


def single(
    session: Session, event_id: int, *, edition: Edition, blocks: Blocks, revision: Revision, now: datetime
) -> Reading | None:
    """Return one event as a file to keep, without the properties of a feed."""
    wanted = select(Event.id, *standing_columns(), Event.changed_at)
    row = session.execute(with_blocks(wanted).where(Event.id == event_id)).one_or_none()
    if row is None:
        return None
    found = blocks_for(session, [Standing(*row[:-1])], blocks=blocks, edition=edition)
    return reading(calendar_bytes(found), [revision.at, row.changed_at], FAR_OFF, now=now)


def single_gone(session: Session, event_id: int, *, edition: Edition, now: datetime) -> Reading | None:
    """Return one event that public calendars lost, as the file that says so; None where they never held it."""
    row = session.get(WithdrawnEvent, event_id)
    if row is None or not row.was_public or not still_told(row, now):
        return None
    return reading(calendar_bytes([gone_block(row, edition)]), [row.withdrawn_at], *leaving([row]), now=now)


def reading(content: bytes, moments: Iterable[datetime], until: datetime, *, now: datetime) -> Reading:
    """Date a calendar: by its last change, and a second before while another may follow in the same second."""
    changed = max(moments, default=LONG_AGO)
    whole = min(changed, now).replace(microsecond=0)
    tag = etag(content)
    if changed + SETTLES <= now:
        return Reading(content, tag, whole, is_settled=True, until=until)
    return Reading(content, tag, whole - timedelta(seconds=1), is_settled=False, until=min(until, changed + SETTLES))


def stays(now: datetime) -> ColumnElement[bool]:
    """Whether an event is still in feeds: 90 days after its end, a cancelled one 30."""
    called_off = and_(Event.state == EventState.CANCELLED, Event.ends_at > now - CANCELLED_STAYS)
    return or_(and_(Event.state.in_(ANNOUNCED), Event.ends_at > now - PAST_STAYS), called_off)


def stays_for(*, called_off: bool) -> timedelta:
    """Return how long after its end an event leaves feeds."""
    return CANCELLED_STAYS if called_off else PAST_STAYS


def bounds(feed: Feed, now: datetime) -> Select[Any]:
    """Select, of what is called off and of what is not, the first end and the last change."""
    called_off = (Event.state == EventState.CANCELLED).label("is_called_off")
    ends, changed = func.min(Event.ends_at).label("ends_at"), func.max(Event.changed_at).label("changed_at")
    return selecting(feed, called_off, ends, changed).where(listed_to(NOBODY), stays(now)).group_by(called_off)


def leaving(gone: Iterable[WithdrawnEvent]) -> Iterator[datetime]:
    """Give when feeds stop saying that something is gone."""
    return (row.ends_at + CANCELLED_STAYS for row in gone)


def departures(session: Session, lost: Iterable[WithdrawnEvent], *, now: datetime) -> Iterator[datetime]:
    """Give when something left feeds last, of any kind of what leaves them by itself."""
    past = select(Event.ends_at).where(Event.visibility == Visibility.PUBLIC).order_by(Event.ends_at.desc()).limit(1)
    aged = session.scalar(past.where(Event.ends_at <= now - PAST_STAYS))
    called_off = past.where(Event.ends_at <= now - CANCELLED_STAYS, Event.state == EventState.CANCELLED)
    gone = session.scalar(called_off.where(Event.ends_at > now - PAST_STAYS))
    yield from (ends_at + PAST_STAYS for ends_at in (aged,) if ends_at)
    yield from (ends_at + CANCELLED_STAYS for ends_at in (gone,) if ends_at)
    yield from leaving(row for row in lost if not still_told(row, now))


def held_any(session: Session, feed: Feed, *, now: datetime) -> bool:
    """Whether the feed has, or ever had, anything to tell."""
    lost = withdrawn_since(session, now - CANCELLED_STAYS)
    return latest(session, feed) is not None or bool(gone_from(lost, feed, now=now))


def gone_from(lost: Iterable[WithdrawnEvent], feed: Feed, *, now: datetime) -> list[WithdrawnEvent]:
    """Return what the feed held and lost, as long as it says so."""
    return [row for row in lost if still_told(row, now) and was_in(row, feed.filters, series_id=feed.series_id)]


def gone_block(row: WithdrawnEvent, edition: Edition) -> bytes:
    """Write the bare entry of an event that is gone."""
    return entry_block(gone_entry(row, edition.site.uid(row.event_id)))


def selecting(feed: Feed, *columns: Any) -> Select[Any]:
    """Select `columns` over whatever the feed may hold."""
    of_series = [] if feed.series_id is None else [Event.series_id == feed.series_id]
    statement = with_blocks(joined(select(*columns).select_from(Event), feed.filters))
    return statement.where(*matching(feed.filters, actor=NOBODY), *of_series)


def with_blocks(statement: Select[Any]) -> Select[Any]:
    """Join in how the public entry of each event stands."""
    its = and_(CalendarBlock.event_id == Event.id, CalendarBlock.variant == Variant.PUBLIC)
    return statement.join(CalendarBlock, its, isouter=True)


def standing_columns() -> Sequence[Any]:
    """Return the columns of a Standing besides its event."""
    return CalendarBlock.mark, CalendarBlock.written, CalendarBlock.edition


def latest(session: Session, feed: Feed) -> Any:
    """Return how the latest event stands that the feed ever held, if any."""
    statement = selecting(feed, Event.id, *standing_columns()).where(listed_to(NOBODY))
    return session.execute(statement.order_by(Event.ends_at.desc(), Event.id.desc()).limit(1)).one_or_none()
