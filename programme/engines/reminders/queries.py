"""Named reads of reminder rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from programme.engines.reminders.due import Offset
from programme.engines.reminders.models import Anchor, OffsetUnit, ReminderRule

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def offset_of(rule: ReminderRule) -> Offset:
    """Return a rule's offset as the pure rule reads it."""
    return Offset(rule.offset, in_days=rule.unit is OffsetUnit.DAYS, from_end=rule.anchor is Anchor.END)


def rules_of(session: Session, kind: str, subject_id: int) -> list[ReminderRule]:
    """Return the active rules of a subject, the earliest letter first."""
    return sorted(
        session.scalars(
            select(ReminderRule).where(
                ReminderRule.subject_kind == kind, ReminderRule.subject_id == subject_id, ReminderRule.is_active
            )
        ),
        key=lambda rule: (-rule.offset if rule.unit is OffsetUnit.HOURS else -rule.offset * 24, rule.id),
        reverse=True,
    )


def had_rules(session: Session, kind: str, subject_id: int) -> bool:
    """Whether a subject ever had a rule, even one that was removed since."""
    statement = select(ReminderRule.id).where(ReminderRule.subject_kind == kind, ReminderRule.subject_id == subject_id)
    return session.scalar(statement.limit(1)) is not None


def offsets_in_use(session: Session, kind: str, letter: str) -> list[Offset]:
    """Return the different offsets that active rules of a kind of subject have."""
    statement = (
        select(ReminderRule.offset, ReminderRule.unit, ReminderRule.anchor)
        .where(ReminderRule.subject_kind == kind, ReminderRule.letter == letter, ReminderRule.is_active)
        .distinct()
    )
    return [
        Offset(amount, in_days=unit is OffsetUnit.DAYS, from_end=anchor is Anchor.END)
        for amount, unit, anchor in session.execute(statement)
    ]
