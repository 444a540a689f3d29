"""What approvals keep on people: who turned or holds a key; what was said about somebody goes with the thing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select, update

from programme.core.web.words import plural
from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 200


class ApprovalsKept:
    """Keys and the people who turn them. What a key said about somebody is shown to organisers alone."""

    tables = frozenset({"approval", "approval_key", "sign_off_link"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give the keys that somebody turned or was given, with what they said themselves."""
        yield Section("keys you turned or were given", keys(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say what stays of the keys they turned."""
        number = session.scalar(select(func.count()).where(ApprovalKey.turned_by_id == who.person_id)) or 0
        if number:
            why = "Others were decided about by it. It names nobody any more."
            yield Fate(f"That a decision was made, for {plural(number, 'key')}, and the reason given", why)

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take somebody out of keys; their links go, and a key that was theirs is its organisers' again."""
        del now
        session.execute(delete(SignOffLink).where(SignOffLink.person_id == who.person_id))
        turned = update(ApprovalKey).where(ApprovalKey.turned_by_id == who.person_id)
        session.execute(turned.values(turned_by_id=None))
        given = update(ApprovalKey).where(ApprovalKey.delegate_id == who.person_id)
        session.execute(given.values(delegate_id=None))
        escalates = update(Approval).where(func.lower(Approval.escalation_address) == who.key)
        session.execute(escalates.values(escalation_address=""))

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Let go links that ended long ago; approvals themselves go with the thing they are about."""
        old = SignOffLink.ended_at < now - times.sensitive
        ids = session.scalars(select(SignOffLink.id).where(old).order_by(SignOffLink.id).limit(AT_ONCE)).all()
        if ids:
            session.execute(delete(SignOffLink).where(SignOffLink.id.in_(ids)))
        return len(ids)


def keys(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's keys: when and how they turned them, not whom it was about."""
    own = or_(ApprovalKey.turned_by_id == who.person_id, ApprovalKey.delegate_id == who.person_id)
    statement = select(ApprovalKey).where(own).order_by(ApprovalKey.id).execution_options(yield_per=PART)
    for key in session.scalars(statement):
        is_turner = key.turned_by_id == who.person_id
        yield {
            "key": key.id,
            "said": key.state.value if is_turner else None,
            "turned": iso(key.turned_at) if is_turner else None,
            "reason": key.reason if is_turner else "",
            "was given": key.delegate_id == who.person_id,
        }


def forget_about(session: Session, kind: str, ids: Collection[int]) -> None:
    """Delete what was decided about things whose person is gone, with every key and link."""
    about = select(Approval.id).where(Approval.subject_kind == kind, Approval.subject_id.in_(ids))
    key_ids = select(ApprovalKey.id).where(ApprovalKey.approval_id.in_(about))
    session.execute(delete(SignOffLink).where(SignOffLink.key_id.in_(key_ids)))
    session.execute(delete(ApprovalKey).where(ApprovalKey.approval_id.in_(about)))
    session.execute(delete(Approval).where(Approval.subject_kind == kind, Approval.subject_id.in_(ids)))


APPROVALS = ApprovalsKept()
