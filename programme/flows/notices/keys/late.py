"""Letters that keys are late: which of those in a letter wait still, for somebody who is told of them still."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from programme.core.web.words import join_words
from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.rights import still_organises
from programme.engines.approvals.states import ApprovalState, KeyState
from programme.flows.notices.keys.gathering import KEY, secrets_of
from programme.people.models import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.mail.models import OutboxMessage
    from programme.flows.notices.keys.told import Told


def keys_in(message: OutboxMessage) -> set[int]:
    """Return the keys that a letter tells of; one of before told of a single key, its subject."""
    told = set(secrets_of(message))
    return told or ({message.subject_id or 0} if message.subject_kind == KEY else set())


def waiting_late(session: Session, messages: Sequence[OutboxMessage]) -> dict[int, set[int]]:
    """Return the keys in each letter that wait still: to those who organise still, or where it escalates to."""
    meant = {row.id: keys_in(row) for row in messages}
    every = {one for keys in meant.values() for one in keys}
    about = select(ApprovalKey.id).join(Approval, Approval.id == ApprovalKey.approval_id)
    waits = about.where(
        ApprovalKey.id.in_(every), ApprovalKey.state == KeyState.WAITING, Approval.state == ApprovalState.OPEN
    )
    organises = or_(
        still_organises(Person.id, Approval.organisation_id), still_organises(Person.id, ApprovalKey.organisation_id)
    )
    people = {row.person_id for row in messages if row.person_id is not None}
    theirs = waits.add_columns(Person.id).join(Person, Person.id.in_(people)).where(organises)
    waiting, pairs = set(session.scalars(waits)), {(key, person) for key, person in session.execute(theirs)}
    return {
        row.id: {
            one for one in meant[row.id] if one in waiting and (row.person_id is None or (one, row.person_id) in pairs)
        }
        for row in messages
    }


def once_each(told: Sequence[Told]) -> list[Told]:
    """Tell of each thing once, where both universities are late to decide about it."""
    pages = dict.fromkeys(one.page for one in told)
    by_page = [[one for one in told if one.page == page] for page in pages]
    return [replace(some[0], organisation=join_words(one.organisation for one in some)) for some in by_page]
