"""Quotas of an opening: what may be guaranteed to whom, until when, and which of them are due to be released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from programme.core.refusal import Refusal
from programme.core.web.words import moment, plural
from programme.engines.calendar.models import Event
from programme.engines.registration.models import Opening, OpeningEvent, Quota
from programme.engines.registration.queries import first_start, release_of
from programme.engines.registration.states import OpeningState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

QUOTAS = "quotas"
MOST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What an organiser says of one quota: places, for whom, and either an instant or days before the first event."""

    organisation_id: int
    places: int
    release_at: datetime | None = None
    release_days: int | None = None

    @property
    def release(self) -> tuple[datetime | None, int | None]:
        """Until when, in either way of saying it."""
        return self.release_at, self.release_days


def field_of(kept: Kept) -> str:
    """Return the field that a refusal about one quota belongs to."""
    return f"{QUOTAS}-{kept.organisation_id}"


def keep(opening: Opening, wanted: Sequence[Kept]) -> None:
    """Guarantee what is wanted, and nothing else; Refusal where it cannot hang together.

    What was released stays so, unless it is given another release.
    """
    check(opening, wanted)
    present = {row.organisation_id: row for row in opening.quotas}
    for kept in wanted:
        row = present.get(kept.organisation_id) or Quota(organisation_id=kept.organisation_id)
        if (row.release_at, row.release_days) != kept.release:
            row.released_at = None
        row.places, (row.release_at, row.release_days) = kept.places, kept.release
        present[kept.organisation_id] = row
    opening.quotas = [present[kept.organisation_id] for kept in wanted]


def check(opening: Opening, wanted: Sequence[Kept]) -> None:
    """Refuse what cannot be guaranteed, or not until then."""
    if wanted and opening.capacity is None:
        raise Refusal("Enter how many places there are, as some of them are kept.", field="capacity")
    for number, kept in enumerate(wanted):
        if any(kept.organisation_id == other.organisation_id for other in wanted[:number]):
            raise Refusal("Places are kept for this organisation already: change that line.", field=field_of(kept))
        check_one(kept)
        check_release(kept, opening)
    check_sum(sum(kept.places for kept in wanted), opening.capacity)


def check_one(kept: Kept) -> None:
    """Refuse a number that makes no sense, and a release that is none or two."""
    if kept.places < 1:
        raise Refusal("Enter how many places are kept, 1 or more.", field=field_of(kept))
    if (kept.release_at is None) == (kept.release_days is None):
        raise Refusal("Say until when: so many days before, or a day and a time, not both.", field=field_of(kept))
    if kept.release_days is not None and not 0 <= kept.release_days <= MOST_DAYS:
        raise Refusal(f"Enter a number of days from 0 to {MOST_DAYS}.", field=field_of(kept))


def check_release(kept: Kept, opening: Opening) -> None:
    """Refuse days before nothing, and an instant when it has begun."""
    first = first_start(opening)
    if kept.release_days is not None and not opening.events:
        raise Refusal("There is no event to count days from: give a day and a time.", field=field_of(kept))
    if kept.release_at is not None and first is not None and kept.release_at > first:
        raise Refusal(f"That is after the first event begins, {moment(first)}.", field=field_of(kept))


def check_sum(places: int, capacity: int | None) -> None:
    """Refuse to guarantee more than there is."""
    if capacity is not None and places > capacity:
        of = plural(capacity, "place")
        raise Refusal(f"{places:,} places are kept, but there are only {of}: keep fewer, or give more.", field=QUOTAS)


def in_words(opening: Opening) -> list[str]:
    """Return the quotas of an opening as the trail tells them."""
    return [f"{row.places} for {row.organisation.short_name} until {until_words(row)}" for row in opening.quotas]


def until_words(row: Quota) -> str:
    """Say until when a quota is kept."""
    if row.release_days is None:
        return moment(row.release_at) if row.release_at else ""
    return f"{plural(row.release_days, 'day')} before" if row.release_days else "the start"


def due_releases(session: Session, now: datetime) -> list[int]:
    """Return the openings with quotas to be released now; `due_of` looks closely, under the lock."""
    known = and_(Event.id == OpeningEvent.event_id, Event.date_is_known)
    statement = (
        select(Quota, func.min(Event.starts_at))
        .join(Opening, Opening.id == Quota.opening_id)
        .join(OpeningEvent, OpeningEvent.opening_id == Quota.opening_id, isouter=True)
        .join(Event, known, isouter=True)
        .where(Quota.released_at.is_(None), Opening.state != OpeningState.DRAFT)
        .group_by(Quota.opening_id, Quota.organisation_id)
        .order_by(Quota.opening_id)
    )
    due = (row for row, first in session.execute(statement) if is_past(release_of(row, first), now))
    return list(dict.fromkeys(row.opening_id for row in due))


def due_of(opening: Opening, *, now: datetime) -> list[Quota]:
    """Return the quotas of an opening that are to be released now."""
    first = first_start(opening)
    waiting = [row for row in opening.quotas if row.released_at is None]
    return [row for row in waiting if is_past(release_of(row, first), now)]


def is_past(instant: datetime | None, now: datetime) -> bool:
    """Whether an instant is known and has come."""
    return instant is not None and instant <= now
