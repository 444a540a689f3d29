"""Named reads of approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from programme.core.tokens import token_hash
from programme.engines.approvals.models import Approval, ApprovalKey, SignOffLink
from programme.engines.approvals.rights import turned_by
from programme.engines.approvals.states import ApprovalState, KeyState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

WITH_KEYS = selectinload(Approval.keys).options(
    joinedload(ApprovalKey.organisation), joinedload(ApprovalKey.delegate), joinedload(ApprovalKey.turned_by)
)


def approvals_of(kind: str, subject_id: int) -> Select[Approval]:
    """Return every approval that was asked about a thing, the latest first."""
    about = (Approval.subject_kind == kind, Approval.subject_id == subject_id)
    return select(Approval).where(*about).order_by(Approval.id.desc()).options(WITH_KEYS)


def open_approval(session: Session, kind: str, subject_id: int) -> Approval | None:
    """Return the approval of a thing that is open, if there is one."""
    return session.scalar(approvals_of(kind, subject_id).where(Approval.state == ApprovalState.OPEN))


def latest_approval(session: Session, kind: str, subject_id: int) -> Approval | None:
    """Return the approval of a thing that was asked last."""
    return session.scalar(approvals_of(kind, subject_id).limit(1))


def open_approvals(session: Session, kind: str, ids: Collection[int]) -> Mapping[int, Approval]:
    """Return the open approvals of several things, by the id of the thing."""
    about = (Approval.subject_kind == kind, Approval.subject_id.in_(ids), Approval.state == ApprovalState.OPEN)
    return {row.subject_id: row for row in session.scalars(select(Approval).where(*about).options(WITH_KEYS))}


def waiting_for(actor: Actor) -> Select[ApprovalKey]:
    """Return the keys that wait for somebody, the most pressing first."""
    return (
        select(ApprovalKey)
        .join(Approval, Approval.id == ApprovalKey.approval_id)
        .where(ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN, turned_by(actor))
        .order_by(ApprovalKey.due_at.asc().nulls_last(), ApprovalKey.id)
        .options(contains_eager(ApprovalKey.approval), joinedload(ApprovalKey.organisation))
        .options(joinedload(ApprovalKey.delegate))
    )


def waiting_count(session: Session, actor: Actor, *, among: ColumnElement[bool]) -> tuple[int, datetime | None]:
    """Return how many keys wait for somebody among some, and by when the first of them is to be turned."""
    counted = (
        select(func.count(), func.min(ApprovalKey.due_at))
        .join(Approval, Approval.id == ApprovalKey.approval_id)
        .where(ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN, turned_by(actor), among)
    )
    count, due = session.execute(counted).one()
    return count, due


def key_of_link(session: Session, token: str) -> SignOffLink | None:
    """Return the link that a secret opens, ended ones too; None where it opens nothing."""
    key = joinedload(SignOffLink.key)
    options = key.options(joinedload(ApprovalKey.approval), joinedload(ApprovalKey.organisation))
    found = select(SignOffLink).where(SignOffLink.token_hash == token_hash(token))
    return session.scalar(found.options(options, joinedload(SignOffLink.person)))


def late_keys(session: Session, now: datetime, *, limit: int) -> Sequence[int]:
    """Return the keys whose time has passed and of whom nobody was told, the longest overdue first."""
    late = (ApprovalKey.state == KeyState.WAITING, ApprovalKey.due_at <= now, ApprovalKey.escalated_at.is_(None))
    return session.scalars(select(ApprovalKey.id).where(*late).order_by(ApprovalKey.due_at).limit(limit)).all()


def keys_due_before(session: Session, instant: datetime, *, asked_before: datetime, limit: int) -> Sequence[int]:
    """Return the keys that wait, are due before an instant, and of which nobody was reminded."""
    soon = (ApprovalKey.state == KeyState.WAITING, ApprovalKey.due_at <= instant, ApprovalKey.reminded_at.is_(None))
    asked = select(ApprovalKey.id).join(Approval).where(*soon, Approval.asked_at <= asked_before)
    return session.scalars(asked.order_by(ApprovalKey.due_at).limit(limit)).all()
