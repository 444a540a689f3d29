"""What the strand keeps on people: their candidature, whom they supervise, what they signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from programme.core.web.words import plural
from programme.people.keeping.naming import names
from programme.people.keeping.ports import Fate, Section, iso
from programme.strands.cohorts.leaving import forget_signed, let_go, let_old_go
from programme.strands.cohorts.models import (
    Candidature,
    CohortSheet,
    Destination,
    Signature,
    Supervision,
)
from programme.strands.cohorts.queries import long_over

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.keeping.ports import Subject, Times

KEPT_FOR = timedelta(days=7)
"""How long a spreadsheet waits to be confirmed."""


class CohortsKept:
    """Records of researchers, and the people who supervise and sign."""

    tables = frozenset({"candidature", "supervision", "signature", "cohort_sheet", "destination"})

    def held(self, session: Session, who: Subject) -> Iterator[Section]:
        """Give somebody's own records with their milestones, whom they supervise, and what they signed."""
        yield Section("doctoral records", candidatures(session, who))
        yield Section("milestones", milestones(session, who))
        yield Section("researchers you supervise", supervisions(session, who))
        yield Section("signatures", signatures(session, who))
        yield Section("who signed in your record", signed_for(session, who))
        yield Section("spreadsheets of cohorts that wait", sheets(session, who))
        yield Section("where you said you are", destinations(session, who))

    def fates(self, session: Session, who: Subject) -> Iterator[Fate]:
        """Say that a record stays without its name, as its university has to account for it."""
        own = select(func.count()).select_from(Candidature).where(Candidature.person_id == who.person_id)
        number = session.scalar(own) or 0
        if number:
            why = "The university accounts for the award by them. They name nobody any more."
            yield Fate(f"The dates and milestones of {plural(number, 'doctoral record')}", why)
        of_person = select(func.count()).select_from(Supervision).where(Supervision.person_id == who.person_id)
        if session.scalar(of_person):
            yield Fate("Whom you supervise, and what you signed")

    def known(self) -> Iterator[Select[Any]]:
        """Select researchers, who approves for their department, supervisors, and those who sign."""
        columns = (Candidature.person_id, Candidature.approver_id, Supervision.person_id, Signature.person_id)
        yield from (select(column).where(column.is_not(None)) for column in columns)

    def erase(self, session: Session, who: Subject, *, now: datetime) -> None:
        """Take somebody out of their record; as supervisor and signatory they go."""
        del now
        forget_signed(session, who.person_id)
        let_go(session, session.scalars(select(Candidature.id).where(Candidature.person_id == who.person_id)).all())
        waiting = or_(CohortSheet.person_id == who.person_id, names(CohortSheet.rows, who))
        session.execute(delete(CohortSheet).where(waiting), execution_options={"synchronize_session": False})
        approves = update(Candidature).where(Candidature.approver_id == who.person_id).values(approver_id=None)
        session.execute(approves, execution_options={"synchronize_session": False})

    def retire(self, session: Session, times: Times, *, now: datetime) -> int:
        """Let records of awards that ended long ago name nobody any more, and sheets go that nobody confirmed."""
        waited = delete(CohortSheet).where(CohortSheet.uploaded_at < now - KEPT_FOR).returning(CohortSheet.id)
        thrown = len(session.execute(waited, execution_options={"synchronize_session": False}).all())
        return let_old_go(session, long_over(now, times)) + thrown


def candidatures(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give somebody's records."""
    own = select(Candidature).where(Candidature.person_id == who.person_id).order_by(Candidature.id)
    loaded = (
        joinedload(Candidature.cohort),
        joinedload(Candidature.home),
        joinedload(Candidature.partner),
        joinedload(Candidature.approver),
        selectinload(Candidature.rates),
        selectinload(Candidature.suspensions),
        selectinload(Candidature.extensions),
    )
    for row in session.scalars(own.options(*loaded)):
        yield {
            "cohort": row.cohort.title,
            "home": row.home.name,
            "partner": row.partner.name if row.partner else None,
            "department": row.department,
            "college": row.college,
            "project": row.project,
            "registered": row.registered_on.isoformat(),
            "funded until": row.funded_until.isoformat() if row.funded_until else None,
            "submission deadline": row.submission_deadline.isoformat() if row.submission_deadline else None,
            "sponsored visa": row.has_sponsored_visa,
            "status": row.state.value,
            "supervised by": supervisors_of(session, row),
            "approved by": row.approver.name if row.approver else None,
            "per cent of full time": [f"{one.per_cent} from {one.first_unit}" for one in row.rates],
            "suspensions": [f"{one.units} from {one.first_unit}: {one.reason}" for one in row.suspensions],
            "extensions": [f"{one.code}: {one.units}, {one.reason}" for one in row.extensions],
        }


def milestones(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the milestones of somebody's records."""
    own = select(Candidature).where(Candidature.person_id == who.person_id).order_by(Candidature.id)
    for row in session.scalars(own.options(selectinload(Candidature.milestones))):
        for milestone in row.milestones:
            yield {
                "milestone": milestone.code,
                "year": milestone.occurrence or None,
                "due": milestone.due_on.isoformat() if milestone.due_on else None,
                "status": milestone.state.value,
                "done": milestone.done_on.isoformat() if milestone.done_on else None,
                "words": milestone.words,
                "set by hand": milestone.set_on.isoformat() if milestone.set_on else None,
                "why it was set": milestone.set_reason,
            }


def supervisors_of(session: Session, row: Candidature) -> list[str]:
    """Return who supervises a researcher, or did, as their own page shows it."""
    found = select(Supervision).where(Supervision.candidature_id == row.id).order_by(Supervision.id)
    rows = session.scalars(found.options(joinedload(Supervision.person)))
    return [f"{one.person.name}, {one.role.value}, from {one.begins_on} until {one.ends_on or 'now'}" for one in rows]


def signed_for(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what others signed, or did not, in somebody's own records, and why."""
    own = select(Signature).join(Candidature, Candidature.id == Signature.candidature_id)
    rows = own.where(Candidature.person_id == who.person_id).options(joinedload(Signature.person))
    for row in session.scalars(rows.order_by(Signature.id)):
        yield {
            "for": row.subject_kind,
            "by": row.person.name,
            "as": row.signer.value,
            "said": row.state.value,
            "answered": iso(row.answered_at),
            "reason": row.reason,
        }


def supervisions(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give whom somebody supervises: as what and when, not the record itself."""
    own = select(Supervision).where(Supervision.person_id == who.person_id).order_by(Supervision.id)
    for row in session.scalars(own.options(joinedload(Supervision.organisation))):
        yield {
            "as": row.role.value,
            "for": row.organisation.name,
            "share": row.share,
            "from": row.begins_on.isoformat(),
            "until": row.ends_on.isoformat() if row.ends_on else None,
        }


def signatures(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give what somebody was asked to sign, and what they said."""
    own = select(Signature).where(Signature.person_id == who.person_id).order_by(Signature.id)
    for row in session.scalars(own):
        yield {
            "for": row.subject_kind,
            "as": row.signer.value,
            "said": row.state.value,
            "asked": iso(row.asked_at),
            "answered": iso(row.answered_at),
            "reason": row.reason,
        }


def sheets(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give the spreadsheets that somebody uploaded and nobody confirmed yet: which and when, not whom they name."""
    own = select(CohortSheet.filename, CohortSheet.uploaded_at).where(CohortSheet.person_id == who.person_id)
    for filename, uploaded_at in session.execute(own.order_by(CohortSheet.id)):
        yield {"file": filename, "uploaded": iso(uploaded_at)}


def destinations(session: Session, who: Subject) -> Iterator[Mapping[str, Any]]:
    """Give where somebody said they are, after their doctorate."""
    own = select(Destination).join(Candidature, Candidature.id == Destination.candidature_id)
    for row in session.scalars(own.where(Candidature.person_id == who.person_id).order_by(Destination.id)):
        yield {
            "years after": row.years,
            "asked": iso(row.asked_at),
            "answered": iso(row.answered_at),
            "occupation": row.occupation.value if row.occupation else None,
            "region": row.region.value if row.region else None,
            "sector": row.sector.value if row.sector else None,
            "for": row.employer,
            "asked to be asked no more": iso(row.declined_at),
        }


COHORTS = CohortsKept()
