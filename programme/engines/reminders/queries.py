"""Named reads of reminder rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.engines.reminders.models import OffsetUnit, ReminderRule, UsualRule, UsualSilence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from programme.people.states import Strand


def rules_of(session: Session, kind: str, subject_id: int) -> list[ReminderRule]:
    """Return the active rules of a subject, the earliest letter first."""
    return in_order(rule for rule in rules_ever(session, kind, [subject_id]) if rule.is_active)


def rules_ever(session: Session, kind: str, subject_ids: Collection[int]) -> Sequence[ReminderRule]:
    """Return every rule that subjects have or had, those that were removed too, in the order they were made."""
    statement = select(ReminderRule).where(ReminderRule.subject_kind == kind, ReminderRule.subject_id.in_(subject_ids))
    return session.scalars(statement.order_by(ReminderRule.id)).all()


def in_order(rules: Iterable[ReminderRule]) -> list[ReminderRule]:
    """Return rules in the order in which their letters go, as far as one can say without the instants."""
    return sorted(rules, key=lambda rule: (rule.anchor.value != "start", hours_of(rule), rule.id))


def hours_of(rule: ReminderRule | UsualRule) -> int:
    """Return a rule's offset in hours, a day counted as 24."""
    return rule.offset if rule.unit is OffsetUnit.HOURS else rule.offset * 24


def had_rules(session: Session, kind: str, subject_id: int) -> bool:
    """Whether a subject ever had a rule, even one that was removed since."""
    statement = select(ReminderRule.id).where(ReminderRule.subject_kind == kind, ReminderRule.subject_id == subject_id)
    return session.scalar(statement.limit(1)) is not None


def usual_rules(session: Session, kind: str, strand: Strand | None) -> list[UsualRule]:
    """Return the usual rules for things of a strand: its own, and those for every strand."""
    fits = or_(UsualRule.strand.is_(None), UsualRule.strand == strand) if strand else UsualRule.strand.is_(None)
    statement = select(UsualRule).where(UsualRule.subject_kind == kind, fits)
    return sorted(session.scalars(statement), key=lambda rule: (rule.anchor.value != "start", hours_of(rule), rule.id))


def every_usual_rule(session: Session) -> list[UsualRule]:
    """Return all usual rules, kind by kind, those for every strand first."""
    rows = session.scalars(select(UsualRule))
    return sorted(rows, key=lambda rule: (rule.subject_kind, rule.strand or "", rule.anchor, hours_of(rule), rule.id))


def silences(session: Session) -> list[UsualSilence]:
    """Return where nothing is usual, kind by kind, every strand first."""
    return sorted(session.scalars(select(UsualSilence)), key=lambda row: (row.subject_kind, row.strand or "", row.id))


def is_silent(session: Session, kind: str, strand: Strand | None) -> bool:
    """Whether it is said that nothing is usual for things of a strand; without one, of those whose strand has none."""
    place = UsualSilence.strand.is_(None) if strand is None else UsualSilence.strand == strand
    found = select(UsualSilence.id).where(UsualSilence.subject_kind == kind, place)
    return session.scalar(found.limit(1)) is not None
