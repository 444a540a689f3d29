"""What is usual: the reminders that things get when they are announced, which administrators choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.mail.queries import installation
from programme.engines.reminders.actions import letter_of, wrong_rule
from programme.engines.reminders.models import UsualRule, UsualSilence
from programme.engines.reminders.queries import is_silent, usual_rules
from programme.engines.reminders.wording import rule_words

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    break_silence(session, subject.kind, strand)
    session.flush()
    note(session, row, "added a usual reminder", subject, actor=actor, now=now)
    return row


def remove(session: Session, row: UsualRule, subject: ReminderSubject, *, actor: Actor, now: datetime) -> None:
    """Give what is announced from now on this reminder no more; what has it keeps it."""
    note(session, row, "removed a usual reminder", subject, actor=actor, now=now)
    session.delete(row)
    session.flush()


def silence(session: Session, subject: ReminderSubject, *, strand: Strand | None, actor: Actor, now: datetime) -> None:
    """Let nothing be usual for things of a strand; what was usual in it is so no more, and what has it keeps it.

    Without a strand: for things of every strand that has nothing usual of its own.
    """
    if is_silent(session, subject.kind, strand):
        raise Refusal("Nothing is usual there already.", field="strand")
    for row in own_rules(session, subject.kind, strand):
        remove(session, row, subject, actor=actor, now=now)
    session.add(UsualSilence(subject_kind=subject.kind, strand=strand, created_at=now))
    session.flush()
    told(session, "let nothing be usual", place(subject, strand), actor=actor, now=now)


def speak_again(session: Session, row: UsualSilence, subject: ReminderSubject, *, actor: Actor, now: datetime) -> None:
    """Let things get what is usual again."""
    strand = row.strand
    break_silence(session, row.subject_kind, strand)
    told(session, "let reminders be usual again", place(subject, strand), actor=actor, now=now)


def break_silence(session: Session, kind: str, strand: Strand | None) -> None:
    """Forget that nothing is usual."""
    here = UsualSilence.strand.is_(None) if strand is None else UsualSilence.strand == strand
    session.execute(delete(UsualSilence).where(UsualSilence.subject_kind == kind, here))


def own_rules(session: Session, kind: str, strand: Strand | None) -> Sequence[UsualRule]:
    """Return what is usual for things of a strand alone, or of every one."""
    here = UsualRule.strand.is_(None) if strand is None else UsualRule.strand == strand
    return session.scalars(select(UsualRule).where(UsualRule.subject_kind == kind, here)).all()


def place(subject: ReminderSubject, strand: Strand | None) -> dict[str, str]:
    """Return what the trail says of where nothing is usual."""
    return {"things": subject.kind, "strand": strand.value if strand else "every strand"}


def note(session: Session, row: UsualRule, verb: str, subject: ReminderSubject, *, actor: Actor, now: datetime) -> None:
    """Write an act upon what is usual into the trail of the installation."""
    facts = {"reminder": rule_words(subject, row), "strand": row.strand.value if row.strand else "every strand"}
    is_gone = verb.startswith("removed")
    told(session, verb, facts, actor=actor, now=now, is_gone=is_gone)


def told(
    session: Session, verb: str, facts: dict[str, str], *, actor: Actor, now: datetime, is_gone: bool = False
) -> None:
    """Write an act into the trail of the installation."""
    here = installation(session)
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=("installation", here.id if here else 1),
        now=now,
        before=facts if is_gone else None,
        after=None if is_gone else facts,
    )
