"""Who comes to a record: a guard for its pages, which notes in the trail that somebody looked at another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, g, request
from sqlalchemy.orm import Session, joinedload

from programme.core import audit
from programme.core.database import begin_writing
from programme.engines.calendar.times import to_wall
from programme.extensions import database_session, db
from programme.people.guards import actor, declare, to_sign_in
from programme.strands.cohorts.models import Candidature, Cohort, FundingAward
from programme.strands.cohorts.rights import CANDIDATURE, Relation, candidature_scope, relations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm.interfaces import ORMOption

    from programme.people.permissions import Actor

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Record:
    """A candidature and what the acting person is to it."""

    candidature: Candidature
    relations: frozenset[Relation]

    @property
    def is_own(self) -> bool:
        """Whether it is about the reader."""
        return Relation.OWN in self.relations

    @property
    def is_run(self) -> bool:
        """Whether the reader runs the cohort."""
        return Relation.RUNS in self.relations

    @property
    def is_supervised(self) -> bool:
        """Whether the reader supervises."""
        return Relation.SUPERVISES in self.relations


def record_for(*wanted: Relation) -> Callable[[View], Any]:
    """Let in those who are one of `wanted` to the candidature of the address; it is `g.record` then.

    Everybody else gets 404: that somebody is a researcher is nobody's business. A page of another's record that is
    looked at is noted before it is shown.
    """
    names = " or ".join(sorted(str(one) for one in wanted))

    def decorate(view: View) -> Any:
        @wraps(view)
        def guarded(candidature_id: int, **arguments: Any) -> Any:
            if not actor().is_signed_in:
                return to_sign_in()
            record = found(candidature_id)
            if record is None or not record.relations & set(wanted):
                abort(404)
            g.record = record
            if request.method == "GET" and not record.is_own:
                note_look(record.candidature, actor(), now=g.now)
            return view(candidature_id=candidature_id, **arguments)

        return declare(guarded, f"record: {names}")

    return decorate


def own_record() -> Record:
    """Return the record that the guard found."""
    record: Record = g.record
    return record


def found(candidature_id: int) -> Record | None:
    """Return a record with what the acting person is to it."""
    session = database_session()
    row = session.get(Candidature, candidature_id, options=shown_with_it())
    if row is None:
        return None
    return Record(row, relations(session, row, actor(), today=to_wall(g.now).date()))


@cache
def shown_with_it() -> tuple[ORMOption, ...]:
    """Return what is read with a record: put together once, as each request to a record asks for it."""
    award = joinedload(Candidature.cohort).joinedload(Cohort.award)
    return (
        award.joinedload(FundingAward.lead_organisation),
        award.selectinload(FundingAward.co_owners),
        joinedload(Candidature.person),
        joinedload(Candidature.home),
        joinedload(Candidature.partner),
    )


def note_look(candidature: Candidature, who: Actor, *, now: datetime) -> None:
    """Write into the trail that somebody looked at another's record."""
    note_looks([candidature], who, now=now)


def note_looks(candidatures: Iterable[Candidature], who: Actor, *, now: datetime) -> None:
    """Write into the trail at which records of others somebody looked, in a short transaction of its own."""
    others = [row for row in candidatures if row.person_id != who.person_id]
    leads = {(CANDIDATURE, row.id): candidature_scope(row).lead for row in others}
    if not leads:
        return
    with Session(db.engine) as session:
        begin_writing(session)
        audit.record_each(session, leads, person_id=who.person_id, verb="looked at a record", now=now)
        session.commit()
