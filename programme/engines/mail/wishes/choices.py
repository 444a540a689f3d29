"""What a person chose about letters: read, changed, and for those who chose nothing, as usual."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.mail.addresses.models import LetterChoice

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.mail.states import CalendarBy

NEWS_WORDS = (
    "Send me news of the programme and invitations from both universities. "
    "I can stop them at any time: here, or by the link in each letter."
)
"""What somebody agrees to who asks for news; kept with the time as it stood then."""

SEVEN = 7 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What somebody wants; times are minutes after midnight in London, and quiet is both of them or none."""

    wants_news: bool = False
    wants_digest: bool = False
    digest_at: int = SEVEN
    quiet_from: int | None = None
    quiet_until: int | None = None
    wants_morning: bool = False
    calendar_by: CalendarBy | None = None


AS_USUAL = Wishes()
"""What holds for somebody who chose nothing."""


def wishes_of(session: Session, person_id: int) -> Wishes:
    """Return what somebody chose."""
    row = session.get(LetterChoice, person_id)
    return AS_USUAL if row is None else wishes_in(row)


def wishes_in(row: LetterChoice) -> Wishes:
    """Return a row as values."""
    return Wishes(
        wants_news=row.news_since is not None,
        wants_digest=row.wants_digest,
        digest_at=row.digest_at,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        wants_morning=row.wants_morning,
        calendar_by=row.calendar_by,
    )


def choose(session: Session, person_id: int, wishes: Wishes, *, now: datetime) -> LetterChoice:
    """Keep what somebody chose; a consent that stands keeps its time and its words."""
    row = session.get(LetterChoice, person_id)
    if row is None:
        row = LetterChoice(person_id=person_id, news_words="", changed_at=now)
        session.add(row)
    row.wants_digest, row.digest_at = wishes.wants_digest, wishes.digest_at
    row.quiet_from, row.quiet_until = wishes.quiet_from, wishes.quiet_until
    row.wants_morning, row.changed_at = wishes.wants_morning, now
    row.calendar_by = wishes.calendar_by
    consent(row, is_given=wishes.wants_news, now=now)
    session.flush()
    return row


def consent(row: LetterChoice, *, is_given: bool, now: datetime) -> None:
    """Write down that news are wanted, with the words agreed to, or not; one that stands keeps its time."""
    if not is_given:
        row.news_since, row.news_words = None, ""
    elif row.news_since is None:
        row.news_since, row.news_words = now, NEWS_WORDS


def choose_news(session: Session, person_id: int | None, *, is_wanted: bool, now: datetime) -> None:
    """Give or withdraw the consent to news alone: what is declined in a letter is declined on one's own page too."""
    row = session.get(LetterChoice, person_id) if person_id is not None else None
    if row is not None:
        consent(row, is_given=is_wanted, now=now)
        session.flush()


def forget_calendar(session: Session, person_id: int) -> None:
    """Take back what somebody chose about letters and their calendar: what is usual holds again."""
    row = session.get(LetterChoice, person_id)
    if row is not None:
        row.calendar_by = None
        session.flush()


def choices_of(session: Session, person_ids: Collection[int]) -> dict[int, LetterChoice]:
    """Return what people chose, by person, in one query; not those who chose nothing."""
    if not person_ids:
        return {}
    rows = session.scalars(select(LetterChoice).where(LetterChoice.person_id.in_(person_ids)))
    return {row.person_id: row for row in rows}
