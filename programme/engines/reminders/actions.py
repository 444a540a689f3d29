"""Verbs of reminder rules: the default one, add, change, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from programme.core.refusal import Refusal
from programme.engines.reminders.due import wrong_offset
from programme.engines.reminders.models import OffsetUnit, ReminderRule
from programme.engines.reminders.queries import had_rules, offset_of, rules_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.orm import Session

EVENT, EVENT_LETTER = "event", "event_reminder"
MOST_RULES = 5


def ensure_default_rule(session: Session, event_id: int, now: datetime) -> ReminderRule | None:
    """Give an event the usual reminder, one day before its start; None where it has or ever had a rule.

    Call it when an event is published or its first opening opens: whoever removed the reminder keeps it removed.
    """
    if had_rules(session, EVENT, event_id):
        return None
    return kept(session, ReminderRule(subject_kind=EVENT, subject_id=event_id, letter=EVENT_LETTER, created_at=now))


def give_default_rules(session: Session, event_ids: Collection[int], *, now: datetime) -> None:
    """Give events that were made just now the usual reminder, all at once."""
    usual = {"subject_kind": EVENT, "letter": EVENT_LETTER, "created_at": now}
    if event_ids:
        session.execute(insert(ReminderRule), [{**usual, "subject_id": event_id} for event_id in event_ids])


def add(session: Session, event_id: int, *, amount: int, unit: OffsetUnit, now: datetime) -> ReminderRule:
    """Remind `amount` days or hours before the start of an event besides; raises Refusal."""
    rules = rules_of(session, EVENT, event_id)
    if len(rules) >= MOST_RULES:
        raise Refusal(f"An event has {MOST_RULES} reminders at most. Remove one first.")
    rule = ReminderRule(
        subject_kind=EVENT, subject_id=event_id, letter=EVENT_LETTER, offset=-amount, unit=unit, created_at=now
    )
    check(rule, others=rules)
    return kept(session, rule)


def change(session: Session, rule: ReminderRule, *, amount: int, unit: OffsetUnit, now: datetime) -> ReminderRule:
    """Let a reminder go out `amount` days or hours before the start instead; raises Refusal.

    The old rule is retired and a new one made, which reminds anew unless its instant has passed already.
    """
    others = [other for other in rules_of(session, rule.subject_kind, rule.subject_id) if other.id != rule.id]
    changed = ReminderRule(
        subject_kind=rule.subject_kind,
        subject_id=rule.subject_id,
        letter=rule.letter,
        anchor=rule.anchor,
        offset=-amount,
        unit=unit,
        created_at=now,
    )
    check(changed, others=others)
    remove(session, rule)
    return kept(session, changed)


def remove(session: Session, rule: ReminderRule) -> None:
    """Send this reminder no more; the rule stays, retired, so that no default one comes back."""
    rule.is_active = False
    session.flush()


def check(rule: ReminderRule, *, others: list[ReminderRule]) -> None:
    """Refuse an offset that makes no sense or is there already."""
    wrong = wrong_offset(offset_of(rule))
    if wrong:
        raise Refusal(wrong, field="amount")
    if any((other.offset, other.unit, other.letter) == (rule.offset, rule.unit, rule.letter) for other in others):
        raise Refusal("There is a reminder at that time already.", field="amount")


def kept(session: Session, rule: ReminderRule) -> ReminderRule:
    """Add the rule and give it its id."""
    session.add(rule)
    session.flush()
    return rule
