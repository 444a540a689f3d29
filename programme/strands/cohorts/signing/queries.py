"""Named reads of signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.signing.standing import waits

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


def under(session: Session, kind: str, ids: Collection[int]) -> dict[int, list[Signature]]:
    """Return the signatures under things of a kind, by the thing's id, with who signs, in one statement."""
    found: dict[int, list[Signature]] = {one: [] for one in ids}
    wanted = select(Signature).where(Signature.subject_kind == kind, Signature.subject_id.in_(found))
    rows = session.scalars(wanted.options(joinedload(Signature.person)).order_by(Signature.id)) if found else ()
    for row in rows:
        found[row.subject_id].append(row)
    return found


def waiting_for(person_id: int, *, today: date) -> Select[Signature]:
    """Return the signatures that somebody is asked for and may still give, the oldest first."""
    own = select(Signature).where(Signature.person_id == person_id, waits(today))
    return own.order_by(Signature.asked_at, Signature.id)


def waiting_with(
    session: Session, candidature_id: int, person_id: int, *, today: date, kind: str | None = None
) -> Sequence[Signature]:
    """Return what somebody is asked to sign in one record, of one kind or of all."""
    found = waiting_for(person_id, today=today).where(Signature.candidature_id == candidature_id)
    return session.scalars(found if kind is None else found.where(Signature.subject_kind == kind)).all()
