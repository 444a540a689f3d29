"""Queueing what is due: one statement for each kind of subject, under keys that forbid twice."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, cast, func, literal, or_, select, union_all

from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.outbox import BULK, gives_its_key_back, post_selected
from programme.engines.mail.states import OutboxState
from programme.engines.reminders.outgoing.occurrences import due_occurrences, due_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import BindParameter, ColumnElement, FromClause, Select
    from sqlalchemy.orm import Session

    from programme.engines.reminders.outgoing.occurrences import Occurrence
    from programme.engines.reminders.ports import Only, ReminderSubject

AT_ONCE = 100
"""How many rules one statement queues: more in one would be more than a database takes."""
TOLD = (
    *("recipient", "recipient_name", "person_id", "subject_kind", "subject_id"),
    *("organisation_id", "strand", "sender_name", "reply_to"),
)
"""The outbox's columns that a plug fills."""


def queue_due(
    session: Session, subjects: Iterable[ReminderSubject], *, now: datetime, seen: datetime | None = None
) -> int:
    """Queue every reminder that is due and not queued yet; return how many letters are new.

    What stopped being of use since it was `seen` to last is queued too: it goes to nobody, and stands in the outbox as
    too late, where organisers find whom nobody reminded.
    """
    return sum(
        queue(session, subject, occurrences, now=now)
        for subject in subjects
        for occurrences in portions(due_occurrences(session, subject, now=now, seen=seen))
    )


def queue(session: Session, subject: ReminderSubject, occurrences: Sequence[Occurrence], *, now: datetime) -> int:
    """Queue some of what is due in one statement; return how many letters are new."""
    rows = letters(subject, occurrences, now=now)
    return 0 if rows is None else post_selected(session, rows)


def portions(occurrences: Sequence[Occurrence]) -> list[Sequence[Occurrence]]:
    """Part what is due into as much as one statement takes: nearly always one."""
    return [occurrences[start : start + AT_ONCE] for start in range(0, len(occurrences), AT_ONCE)]


def letters(subject: ReminderSubject, occurrences: Sequence[Occurrence], *, now: datetime) -> Select[Any] | None:
    """Select the outbox rows of what is due that are not there yet: those of each audience, and all together."""
    parts, goes_once = [], False
    for due, found in audiences(subject, occurrences, now=now):
        key = key_within(due, found)
        goes_once = goes_once or "once" in found.selected_columns
        told: list[ColumnElement[Any]] = [found.selected_columns[name].label(name) for name in TOLD]
        columns = [key.label("dedup_key"), *told, *shared(due, now)]
        parts.append(found.with_only_columns(*columns, maintain_column_froms=True).where(~taken(key)))
    if not parts:
        return None
    return one_a_key(together(parts)) if goes_once else together(parts)


def audiences(
    subject: ReminderSubject,
    occurrences: Sequence[Occurrence],
    *,
    now: datetime | BindParameter[datetime],
    only: Only | None = None,
) -> list[tuple[FromClause, Select[Any]]]:
    """Return for each audience the table of its occurrences, and who is to get them."""
    found: list[tuple[FromClause, Select[Any]]] = []
    ordered = sorted(occurrences, key=lambda one: one.rule.audience)
    for audience, some in groupby(ordered, key=lambda one: one.rule.audience):
        if audience in subject.audiences:
            due = due_table(list(some), now=now)
            found.append((due, subject.recipients(audience, due, only=only)))
    return found


def key_within(due: FromClause, found: Select[Any]) -> ColumnElement[str]:
    """Return the key of what an audience gets: that of its rule, or, of a letter that goes once, the plug's own."""
    own: ColumnElement[str] | None = found.selected_columns.get("once")
    return key_of(due, found.selected_columns["who"]) if own is None else own


def key_of(due: FromClause, who: Any) -> ColumnElement[str]:
    """Return the key of a letter: its rule, who it is for, and the instant that its rule counts from."""
    head = literal("reminder:", String) + cast(due.c.rule_id, String) + literal(":", String)
    return head + cast(who, String) + literal(":", String) + due.c.stamp


def taken(key: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether the key is used up: asked first, so that a tick with nothing new locks and writes nothing."""
    return (
        select(OutboxMessage.id)
        .where(OutboxMessage.dedup_key == key, or_(OutboxMessage.state != OutboxState.CANCELLED, ~gives_its_key_back()))
        .exists()
    )


def shared(due: FromClause, now: datetime) -> list[ColumnElement[Any]]:
    """Return the columns that no plug fills."""
    table = OutboxMessage.__table__.c
    from_rule = [(table.letter, due.c.letter), (table.rule_id, due.c.rule_id), (table.context, due.c.context)]
    fixed = [(table.state, OutboxState.PENDING), (table.priority, BULK), (table.created_at, now), (table.due_at, now)]
    return [
        *[value.label(column.key) for column, value in from_rule],
        *[literal(value, column.type).label(column.key) for column, value in fixed],
        due.c.until.label(table.valid_until.key),
    ]


def together(parts: Sequence[Select[Any]]) -> Select[Any]:
    """Return several selections of the same columns as one; without an address there is no letter."""
    whole = parts[0].subquery("whole") if len(parts) == 1 else union_all(*parts).subquery("whole")
    return select(whole).where(whole.c.recipient != "")


def one_a_key(rows: Select[Any]) -> Select[Any]:
    """Return rows with each key once: that of most use, where several reminders of one moment go as one letter.

    One statement must not write a row twice: PostgreSQL refuses it, and then nobody at all would be reminded.
    """
    every = rows.subquery("every")
    place = func.row_number().over(partition_by=every.c.dedup_key, order_by=every.c.valid_until.desc())
    ranked = select(every, place.label("place")).subquery("ranked")
    columns = [column for column in ranked.c if column.key != "place"]
    return select(*columns).where(ranked.c.place == 1)
