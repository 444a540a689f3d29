"""The audit trail: who did what to which thing, when, before and after; only ever added to."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import JSON, Index, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from programme.core.database import Base, Key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session


ERASED = 0
"""Stands for everybody whose account is deleted; no row of a person has it."""


class AuditEntry(Base):
    """One act. `person_id` is empty where the programme itself acted; `organisation_id` scopes who may read it."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject_kind", "subject_id"),)

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(index=True)
    verb: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


def record(
    session: Session,
    *,
    person_id: int | None,
    verb: str,
    subject: tuple[str, int],
    now: datetime,
    organisation_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one act to the trail, in the same transaction as the act itself.

    `subject` is (kind, id); `organisation_id` is the lead of the thing, whose organisers may read the entry.
    """
    session.add(
        AuditEntry(
            at=now,
            person_id=person_id,
            verb=verb,
            subject_kind=subject[0],
            subject_id=subject[1],
            organisation_id=organisation_id,
            before=before,
            after=after,
        )
    )


def record_each(
    session: Session,
    leads: Mapping[tuple[str, int], int | None],
    *,
    person_id: int | None,
    verb: str,
    now: datetime,
    after: Mapping[tuple[str, int], dict[str, Any] | None] | None = None,
) -> None:
    """Add the same act upon several things to the trail, in one statement; `leads` are who leads each (kind, id)."""
    same, told = {"at": now, "person_id": person_id, "verb": verb}, after or {}
    rows = [
        {**same, "subject_kind": kind, "subject_id": number, "organisation_id": lead, "after": told.get((kind, number))}
        for (kind, number), lead in leads.items()
    ]
    if rows:
        session.execute(insert(AuditEntry), rows)


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is otherwise now, as it was and as it is: all that the trail keeps of a change."""
    names = [name for name in after if after[name] != before[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


class Led(Protocol):
    """A row that an organisation leads, such as an event or a series; the trail calls its kind by its table."""

    __tablename__: str
    id: int
    lead_organisation_id: int


class Doer(Protocol):
    """Somebody who acts."""

    @property
    def person_id(self) -> int | None:
        """Return who it is; None is the programme itself."""


def note(
    session: Session,
    thing: Led,
    verb: str,
    *,
    actor: Doer,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add an act upon something that an organisation leads."""
    record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(thing.__tablename__, thing.id),
        now=now,
        organisation_id=thing.lead_organisation_id,
        before=before,
        after=after,
    )
