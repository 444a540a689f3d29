"""Named reads of signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from programme.strands.cohorts.models import Signature
from programme.strands.cohorts.signing.standing import waits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.signing.ports import Described, Facts, SignedThings

Key = tuple[str, int]


def under(session: Session, kind: str, ids: Collection[int]) -> dict[int, list[Signature]]:
    """Return the signatures under things of a kind, by the thing's id, with who signs, in one statement."""
    found: dict[int, list[Signature]] = {one: [] for one in ids}
    wanted = select(Signature).where(Signature.subject_kind == kind, Signature.subject_id.in_(found))
    rows = session.scalars(wanted.options(joinedload(Signature.person)).order_by(Signature.id)) if found else ()
    for row in rows:
        found[row.subject_id].append(row)
    return found


def key_of(row: Signature) -> Key:
    """Return what a signature is under."""
    return row.subject_kind, row.subject_id


def described(session: Session, rows: Iterable[Signature], things: SignedThings) -> dict[Key, Described]:
    """Return what things are called, in a statement for each kind; what is gone, or of no kind here, is left out."""
    return {
        (kind, number): it
        for kind, ids in by_kind(rows).items()
        if kind in things
        for number, it in things[kind].described(session, ids).items()
    }


def facts_of(session: Session, rows: Iterable[Signature], things: SignedThings) -> dict[Key, Facts]:
    """Return what is to be known of things before they are signed, in a few statements for each kind."""
    return {
        (kind, number): it
        for kind, ids in by_kind(rows).items()
        if kind in things
        for number, it in things[kind].facts(session, ids).items()
    }


def by_kind(rows: Iterable[Signature]) -> dict[str, set[int]]:
    """Return the ids of what signatures are under, by kind."""
    found: dict[str, set[int]] = {}
    for row in rows:
        found.setdefault(row.subject_kind, set()).add(row.subject_id)
    return found


def waiting_for(person_id: int, *, today: date) -> Select[Signature]:
    """Return the signatures that somebody is asked for and may still give, the oldest first."""
    own = select(Signature).where(Signature.person_id == person_id, waits(today))
    return own.order_by(Signature.asked_at, Signature.id)


def number_waiting(session: Session, person_id: int, *, today: date) -> int:
    """Return how many things wait for somebody."""
    found = waiting_for(person_id, today=today).order_by(None)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def waiting_with(
    session: Session, candidature_id: int, person_id: int, *, today: date, kind: str | None = None
) -> Sequence[Signature]:
    """Return what somebody is asked to sign in one record, of one kind or of all."""
    found = waiting_for(person_id, today=today).where(Signature.candidature_id == candidature_id)
    return session.scalars(found if kind is None else found.where(Signature.subject_kind == kind)).all()
