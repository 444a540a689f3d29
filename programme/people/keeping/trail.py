"""What the audit trail keeps on somebody: what they did, and where acts of others name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, or_, select, update

from programme.core.audit import ERASED, AuditEntry
from programme.core.web.words import plural
from programme.people.keeping.naming import names, without
from programme.people.keeping.ports import AT_ONCE, Fate, Section, iso

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

PART = 500


class TrailKept:
    """The audit trail. Entries stay, as nobody's; what they say of the person goes."""

    tables = frozenset({"audit_entry"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give what somebody did, and what was done about their account."""
        yield Section("what you did", acts(session, AuditEntry.person_id == who.person_id))
        yield Section("what was done about you", acts(session, is_about(who)))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say what stays of their acts."""
        done = session.scalar(select(func.count()).where(AuditEntry.person_id == who.person_id)) or 0
        if done:
            why = "Mistakes must be found later. Nobody can tell from it any more who it was. It goes after two years."
            yield Fate(f"What was done here as an organiser or by the account: {plural(done, 'entry', 'entries')}", why)

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take the person out of what they did, of what was done to them, and out of every before and after."""
        del now
        took_part = update(AuditEntry).where(AuditEntry.person_id == who.person_id)
        session.execute(took_part.values(person_id=ERASED), execution_options={"synchronize_session": False})
        concerned = update(AuditEntry).where(is_about(who))
        session.execute(concerned.values(subject_id=ERASED), execution_options={"synchronize_session": False})
        named = or_(*(names(column, who) for column in (AuditEntry.before, AuditEntry.after)))
        for entry in session.scalars(select(AuditEntry).where(named)):
            entry.before, entry.after = without(entry.before, who), without(entry.after, who)
        session.flush()

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Delete what is older than the trail is kept."""
        old = select(AuditEntry.id).where(AuditEntry.at < now - times.trail).order_by(AuditEntry.id).limit(AT_ONCE)
        ids = session.scalars(old).all()
        if ids:
            session.execute(delete(AuditEntry).where(AuditEntry.id.in_(ids)))
        return len(ids)


def acts(session: Session, condition: ColumnElement[bool]) -> Iterator[Mapping[str, Any]]:
    """Give entries as their person may read them: what and when, not what it says of others."""
    columns = select(AuditEntry.at, AuditEntry.verb, AuditEntry.subject_kind, AuditEntry.subject_id)
    statement = columns.where(condition).order_by(AuditEntry.id).execution_options(yield_per=PART)
    for at, verb, kind, number in session.execute(statement):
        yield {"at": iso(at), "did": verb, "to": f"{kind.replace('_', ' ')} {number}"}


def is_about(who: Subject) -> ColumnElement[bool]:
    """Whether an entry tells what was done to somebody's account."""
    return (AuditEntry.subject_kind == "person") & (AuditEntry.subject_id == who.person_id)


TRAIL = TrailKept()
