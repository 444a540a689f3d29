"""Asked again when letters go out: whether each is still wanted, by the rule that queued it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, bindparam, union_all

from programme.core.database import Instant
from programme.engines.reminders.outgoing.occurrences import stamped, standing
from programme.engines.reminders.outgoing.queueing import audiences
from programme.engines.reminders.ports import Only

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.engines.reminders.models import ReminderRule
    from programme.engines.reminders.outgoing.occurrences import Occurrence
    from programme.engines.reminders.ports import ReminderSubject


ANSWERED = ("rule_id", "stamp", "subject_kind", "subject_id", "person_id", "recipient_name", "link_version")
ASKED: dict[tuple[Any, ...], Any] = {}
"""Statements built lately, by what they are built from: ten thousand letters of one rule ask the same, a few at a time,
and building it takes longer than asking."""
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter that is still wanted: what fell due, and its reader's name and link as they are now."""

    message: OutboxMessage
    occurrence: Occurrence
    name: str
    link_version: int


def still_wanted(
    session: Session, messages: Sequence[OutboxMessage], *, now: datetime, subject: ReminderSubject
) -> Collection[int]:
    """Return the ids of those letters that are still wanted: two statements, however many they are."""
    rules = standing(session, subject, rules_in(messages))
    return [one.message.id for one in wanted(session, messages, subject=subject, rules=rules, now=now)]


def rules_in(messages: Sequence[OutboxMessage]) -> set[int]:
    """Return the rules that queued some letters."""
    return {message.rule_id for message in messages if message.rule_id is not None}


def wanted(
    session: Session,
    messages: Sequence[OutboxMessage],
    *,
    subject: ReminderSubject,
    rules: Mapping[int, tuple[ReminderRule, datetime]],
    now: datetime,
) -> list[Wanted]:
    """Return the letters that are still wanted, in one statement; `rules` are those that remind now."""
    found = {told: occurrence_of(*told, rules=rules) for told in {told_by(message) for message in messages}}
    named = [(message, one) for message in messages for one in [found[told_by(message)]] if one is not None]
    due = list({(one.rule.id, one.stamp): one for _, one in named}.values())
    if not due:
        return []
    looked_at = {
        "registrations": [message.subject_id or 0 for message, _ in named],
        "people": [message.person_id or 0 for message, _ in named],
    }
    rows = asked_again(session, subject, due, looked_at, now=now)
    return [
        Wanted(message, one, row.recipient_name or message.recipient, row.link_version)
        for message, one in named
        for row in [rows.get(identity(one, message))]
        if row is not None
    ]


def told_by(message: OutboxMessage) -> tuple[int, str, str]:
    """Return what a letter says of what it reminds of: its rule, its kind, and the instant that was counted from."""
    return message.rule_id or 0, message.letter, message.context.get("instant") or message.context["start"]


def occurrence_of(
    rule_id: int, letter: str, stamp: str, *, rules: Mapping[int, tuple[ReminderRule, datetime]]
) -> Occurrence | None:
    """Return what a letter reminds of, if its rule still says so: None where that is over."""
    rule, anchor = rules.get(rule_id, (None, None))
    if rule is None or anchor is None or rule.letter != letter:
        return None
    return stamped(rule, anchor, stamp)


def asked_again(
    session: Session,
    subject: ReminderSubject,
    due: Sequence[Occurrence],
    looked_at: Mapping[str, Sequence[int]],
    *,
    now: datetime,
) -> dict[Any, Row[Any]]:
    """Return those who are of the audiences now, by what identifies their letters."""
    key = (subject.kind, *sorted(identity_of(one) for one in due))
    if key not in ASKED:
        while len(ASKED) >= MOST_KEPT:
            ASKED.pop(next(iter(ASKED)), None)
        ASKED[key] = question(subject, due)
    statement = ASKED[key]
    rows = () if statement is None else session.execute(statement, {**looked_at, "asked_at": now})
    return {(row.rule_id, row.stamp, row.subject_kind, row.subject_id, row.person_id): row for row in rows}


def question(subject: ReminderSubject, due: Sequence[Occurrence]) -> Any:
    """Build the statement that asks again, for whoever is looked at; None where nobody can be of an audience."""
    ids = {name: bindparam(name, expanding=True, type_=BigInteger()) for name in ("registrations", "people")}
    only, now = Only(**ids), bindparam("asked_at", type_=Instant())
    parts = [
        found.with_only_columns(*[found.selected_columns[name] for name in ANSWERED], maintain_column_froms=True)
        for _, found in audiences(subject, due, now=now, only=only)
    ]
    return union_all(*parts) if len(parts) > 1 else parts[0] if parts else None


def identity_of(one: Occurrence) -> tuple[Any, ...]:
    """Return all that the statement is built from: what is another makes another statement."""
    rule, turn = one.rule, one.turn
    told = (rule.id, rule.subject_id, rule.letter, rule.audience.value, repr(rule.parameters), one.stamp)
    return (*told, turn.due, turn.until)


def identity(one: Occurrence, message: OutboxMessage) -> Any:
    """Return what identifies a letter among those that are wanted."""
    return (one.rule.id, one.stamp, message.subject_kind, message.subject_id, message.person_id)
