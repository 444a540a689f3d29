"""Looking ahead: when rules fall due, to how many and to whom their letters would go as things stand now."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, union_all

from programme.engines.reminders.due import latest, turns
from programme.engines.reminders.outgoing.occurrences import Occurrence, offset_of
from programme.engines.reminders.outgoing.queueing import audiences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.engines.reminders.due import Offset, Turn
    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.ports import ReminderSubject

SHOWN = ("who", "recipient", "recipient_name", "subject_kind", "subject_id", "link_version")


def expected(rules: Iterable[tuple[ReminderRule, datetime]], *, now: datetime) -> list[Occurrence]:
    """Return the next time, or else the last one, that each rule falls due, the earliest first."""
    found = []
    for rule, anchor in rules:
        turn = latest(offset_of(rule), anchor, now=now) or next(turns(offset_of(rule), anchor))
        found.append(Occurrence(rule, anchor, turn))
    return sorted(found, key=lambda one: (one.turn.due, one.rule.id))


def between(rules: Iterable[tuple[ReminderRule, datetime]], *, first: datetime, last: datetime) -> list[Occurrence]:
    """Return every time that rules fall due from `first` until `last`, the earliest first."""
    found = [
        Occurrence(rule, anchor, turn)
        for rule, anchor in rules
        for turn in within(offset_of(rule), anchor, first=first, last=last)
        if first <= turn.due and rule.created_at <= turn.due
    ]
    return sorted(found, key=lambda one: (one.turn.due, one.rule.id))


def within(offset: Offset, anchor: datetime, *, first: datetime, last: datetime) -> Iterable[Turn]:
    """Return the times that a reminder falls due before `last`, from the one that `first` lies in."""
    begun = latest(offset, anchor, now=first)
    return takewhile(lambda turn: turn.due < last, turns(offset, anchor, first=begun.number if begun else 0))


def numbers(
    session: Session, subject: ReminderSubject, occurrences: Sequence[Occurrence], *, now: datetime
) -> dict[tuple[int, str], int]:
    """Count to how many people each would go as things stand now, by rule and stamp: one statement."""
    parts = []
    for _, found in audiences(subject, occurrences, now=now):
        columns = [found.selected_columns[name] for name in ("rule_id", "stamp", "recipient")]
        parts.append(found.with_only_columns(*columns, maintain_column_froms=True))
    if not parts:
        return {}
    whole = union_all(*parts).subquery("whole")
    statement = select(whole.c.rule_id, whole.c.stamp, func.count()).where(whole.c.recipient != "")
    grouped = statement.group_by(whole.c.rule_id, whole.c.stamp)
    return {(rule_id, stamp): number for rule_id, stamp, number in session.execute(grouped)}


def people(subject: ReminderSubject, occurrence: Occurrence, *, now: datetime) -> Select[Any] | None:
    """Select those to whom it would go as things stand now, by name; None for an audience that is not known."""
    for _, found in audiences(subject, [occurrence], now=now):
        columns = [found.selected_columns[name].label(name) for name in SHOWN]
        whole = found.with_only_columns(*columns, maintain_column_froms=True).subquery("whole")
        by_name = select(whole).where(whole.c.recipient != "")
        return by_name.order_by(func.lower(whole.c.recipient_name), whole.c.who)
    return None
