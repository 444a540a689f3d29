"""What something that is not announced yet gets by itself then: the usual reminders, with when they would go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.reminders.actions import usual_columns
from programme.engines.reminders.due import due_at
from programme.engines.reminders.models import ReminderRule
from programme.engines.reminders.outgoing.occurrences import offset_of
from programme.engines.reminders.wording import audience_words, offset_words
from programme.extensions import database_session
from programme.people.states import Strand

if TYPE_CHECKING:
    from datetime import datetime

    from programme.screens.organiser.reminders.things import Shown


@dataclass(frozen=True, slots=True)
class Coming:
    """One usual reminder: when in words, to whom, and the instant where the thing has one."""

    when: str
    to: str
    due: datetime | None


def to_come_by_themselves(shown: Shown, *, now: datetime) -> list[Coming]:
    """Return what a thing would get if it were announced now, in the order of time."""
    columns = usual_columns(database_session(), shown.thing.subject.kind, Strand(shown.strand), now=now)
    found = [coming(shown, ReminderRule(**one)) for one in columns]
    return sorted(found, key=lambda one: (one.due is None, one.due or now))


def coming(shown: Shown, rule: ReminderRule) -> Coming:
    """Return one of them."""
    subject = shown.thing.subject
    moments = subject.moments(rule.anchor, drafts=True).subquery()
    instant = database_session().scalar(
        moments.select().with_only_columns(moments.c.instant).where(moments.c.subject_id == shown.thing.id)
    )
    due = due_at(offset_of(rule), instant) if instant is not None and not shown.silence else None
    return Coming(offset_words(subject, rule), audience_words(subject, rule), due)
