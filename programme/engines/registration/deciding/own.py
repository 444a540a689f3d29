"""Whom a decision is about: they turn none of its keys, and read nothing of what stands on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from programme.engines.approvals.models import Approval
from programme.engines.registration.deciding.keys import REGISTRATION
from programme.engines.registration.models import Registration

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def whom(session: Session, approval: Approval) -> int | None:
    """Return the id of the person who is decided about, where it is one."""
    if approval.subject_kind != REGISTRATION:
        return None
    return session.scalar(select(Registration.person_id).where(Registration.id == approval.subject_id))


def about(person_id: int | None) -> ColumnElement[bool]:
    """Whether an approval is about somebody's own registration."""
    own = select(Registration.id).where(Registration.person_id == person_id)
    return and_(Approval.subject_kind == REGISTRATION, Approval.subject_id.in_(own))
