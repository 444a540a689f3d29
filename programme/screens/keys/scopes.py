"""From the id in an address to a key, its thing and its scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.registration.deciding.own import whom
from programme.extensions import database_session
from programme.people.guards import actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from programme.engines.approvals.ports import Described, Subjects
    from programme.people.permissions import Scope


def subjects() -> Subjects:
    """Return what may be decided about by keys."""
    found: Subjects = current_app.extensions["approval_subjects"]
    return found


def of_key(session: Session, key_id: int) -> Scope | None:
    """Return the scope of what a key decides about; a key about oneself is not there."""
    key = session.get(ApprovalKey, key_id)
    if key is None or key.approval.subject_kind not in subjects() or is_about_reader(session, key):
        return None
    return subjects()[key.approval.subject_kind].scope(session, key.approval.subject_id)


def is_about_reader(session: Session, key: ApprovalKey) -> bool:
    """Whether a key decides about whoever looks."""
    return actor().person_id is not None and whom(session, key.approval) == actor().person_id


def key_here(key_id: int) -> ApprovalKey:
    """Return the key of the address with what its page shows."""
    options = [
        joinedload(ApprovalKey.approval).selectinload(Approval.keys).joinedload(ApprovalKey.organisation),
        joinedload(ApprovalKey.organisation),
        joinedload(ApprovalKey.delegate),
        joinedload(ApprovalKey.turned_by),
    ]
    return database_session().scalar(select(ApprovalKey).where(ApprovalKey.id == key_id).options(*options)) or abort(
        404
    )


def described(approval: Approval) -> Described:
    """Return what an approval is about; 404 where that is gone."""
    things = subjects()[approval.subject_kind].described(database_session(), [approval.subject_id])
    return things.get(approval.subject_id) or abort(404)
