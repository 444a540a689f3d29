"""What meetings keep on people: what a researcher wrote of them. Who agreed is kept with signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from programme.people.keeping.ports import AT_ONCE, Fate, Section
from programme.strands.cohorts.models import Candidature, SupervisionMeeting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times


class MeetingsKept:
    """Meetings with supervisors: that they were stays with the record; what was agreed goes with its researcher."""

    tables = frozenset({"supervision_meeting"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give somebody the meetings that they logged."""
        yield Section("supervision meetings", meetings(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that what was agreed goes."""
        if session.scalar(select(own_of(who).exists())):
            yield Fate("What you wrote of meetings with your supervisors")

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take out what somebody wrote of their meetings, while their record still says that it is theirs."""
        del now
        ids = select(Candidature.id).where(Candidature.person_id == who.person_id)
        named = update(SupervisionMeeting).where(SupervisionMeeting.candidature_id.in_(ids)).values(words="")
        session.execute(named, execution_options={"synchronize_session": False})

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Take out what was written in records that name nobody any more."""
        del times, now
        nameless = select(Candidature.id).where(Candidature.person_id.is_(None))
        old = select(SupervisionMeeting.id).where(
            SupervisionMeeting.words != "", SupervisionMeeting.candidature_id.in_(nameless)
        )
        ids = session.scalars(old.order_by(SupervisionMeeting.id).limit(AT_ONCE)).all()
        if ids:
            emptied = update(SupervisionMeeting).where(SupervisionMeeting.id.in_(ids)).values(words="")
            session.execute(emptied, execution_options={"synchronize_session": False})
        return len(ids)


def own_of(who: Subject) -> Any:
    """Return the statement for somebody's meetings."""
    joined = select(SupervisionMeeting).join(Candidature, Candidature.id == SupervisionMeeting.candidature_id)
    return joined.where(Candidature.person_id == who.person_id)


def meetings(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's meetings."""
    for row in session.scalars(own_of(who).order_by(SupervisionMeeting.met_on, SupervisionMeeting.id)):
        yield {"on": row.met_on.isoformat(), "agreed": row.words, "status": row.state.value}


MEETINGS = MeetingsKept()
