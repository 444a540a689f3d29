"""What is usual: the reminders that things get when they are announced, which administrators choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.mail.queries import installation
from programme.engines.reminders.actions import letter_of, wrong_rule
from programme.engines.reminders.models import UsualRule
from programme.engines.reminders.queries import usual_rules
from programme.engines.reminders.wording import rule_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.engines.reminders.actions import Wish
    from programme.engines.reminders.ports import ReminderSubject
    from programme.people.permissions import Actor
    from programme.people.states import Strand


def add(
    session: Session, subject: ReminderSubject, wish: Wish, *, strand: Strand | None, actor: Actor, now: datetime
) -> UsualRule:
    """Let things of a strand (of every one, where none is given) get a reminder when they are announced."""
    names = ("anchor", "unit", "offset", "audience", "repeat_days")
    row = UsualRule(
        subject_kind=subject.kind, strand=strand, created_at=now, **{name: getattr(wish, name) for name in names}
    )
    wrong = wrong_rule(subject, row)
    if wrong:
        raise wrong
    same = usual_rules(session, subject.kind, strand)
    if any(all(getattr(one, name) == getattr(row, name) for name in names) for one in same):
        raise Refusal("That is usual already.", field="amount")
    row.letter = letter_of(subject, row.audience, row.offset) or ""
    session.add(row)
    session.flush()
    note(session, row, "added a usual reminder", subject, actor=actor, now=now)
    return row


def remove(session: Session, row: UsualRule, subject: ReminderSubject, *, actor: Actor, now: datetime) -> None:
    """Give what is announced from now on this reminder no more; what has it keeps it."""
    note(session, row, "removed a usual reminder", subject, actor=actor, now=now)
    session.delete(row)
    session.flush()


def note(session: Session, row: UsualRule, verb: str, subject: ReminderSubject, *, actor: Actor, now: datetime) -> None:
    """Write an act upon what is usual into the trail of the installation."""
    facts = {"reminder": rule_words(subject, row), "strand": row.strand.value if row.strand else "every strand"}
    here, gone = installation(session), verb.startswith("removed")
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("installation", here.id if here else 1),
        now=now,
        before=facts if gone else None,
        after=None if gone else facts,
    )
