"""Taking the reminders of a thing along to a copy of it, where they are its own and not just what is usual."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from programme.engines.reminders.actions import TIMING, WORDING, usual_columns
from programme.engines.reminders.models import Audience, ReminderRule
from programme.engines.reminders.queries import rules_ever

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.states import Strand

ALONG = ("letter", *TIMING, *WORDING, "is_active")


def copy_rules(
    session: Session, kind: str, copies: Mapping[int, int], *, strands: Mapping[int, Strand], now: datetime
) -> int:
    """Give copies (by the id of what each is like) its own reminders; returns to how many.

    Where a thing reminds only as is usual, its copy gets what is usual when it is announced. Where somebody took every
    reminder off, the copy has none either. Who gave one answer cannot be told of a copy, which has a form of its own.
    """
    known: dict[int, list[ReminderRule]] = defaultdict(list)
    for rule in rules_ever(session, kind, copies):
        known[rule.subject_id].append(rule)
    usual = {strand: facts(usual_rows(session, kind, strand, now=now)) for strand in set(strands.values())}
    own = {old: rules for old, rules in known.items() if facts(active(rules)) != usual[strands[old]]}
    along = {old: kept(rules) for old, rules in own.items()}
    session.add_all(copied(rule, copies[old], now=now) for old, rules in along.items() for rule in rules)
    session.flush()
    return sum(1 for rules in along.values() if rules)


def usual_rows(session: Session, kind: str, strand: Strand, *, now: datetime) -> list[ReminderRule]:
    """Return what a thing of a strand would get now."""
    plain = dict.fromkeys(WORDING, "")
    return [ReminderRule(**{**plain, **one}) for one in usual_columns(session, kind, strand, now=now)]


def kept(rules: Sequence[ReminderRule]) -> list[ReminderRule]:
    """Return the rules that a copy has: those in force, or else those that were taken off, so that none comes back."""
    return [rule for rule in active(rules) if rule.audience is not Audience.ANSWERED] or retired(rules)


def active(rules: Sequence[ReminderRule]) -> list[ReminderRule]:
    """Return the rules that are in force."""
    return [rule for rule in rules if rule.is_active]


def retired(rules: Sequence[ReminderRule]) -> list[ReminderRule]:
    """Return those that were taken off."""
    return [rule for rule in rules if not rule.is_active]


def facts(rules: Sequence[ReminderRule]) -> set[tuple[str, ...]]:
    """Return when, to whom and in which words rules remind."""
    return {tuple(str(getattr(rule, name)) for name in (*TIMING, *WORDING)) for rule in rules}


def copied(rule: ReminderRule, subject_id: int, *, now: datetime) -> ReminderRule:
    """Return the same rule for another subject."""
    same = {name: getattr(rule, name) for name in ALONG}
    return ReminderRule(subject_kind=rule.subject_kind, subject_id=subject_id, created_at=now, **same)
