"""Verbs of destinations: ask when it is time, answer, ask not to be asked any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.engines.mail.outbox import Post, Recipient, post
from programme.people.states import Strand
from programme.strands.cohorts.locking import hold
from programme.strands.cohorts.models import Candidature, Cohort, Destination
from programme.strands.cohorts.states import CandidatureState, Occupation, Region, Sector

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

ASKED = "destination_asked"
FIRST_AFTER_DAYS, DAYS_A_YEAR, LAST_YEAR = 180, 365, 5
"""The first destination is asked half a year after the doctorate, then each year for five years."""
AT_ONCE = 200
WORKING = frozenset({Occupation.RESEARCH, Occupation.OTHER_WORK, Occupation.OWN_COMPANY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What somebody says of where they are; a sector only where they work."""

    occupation: Occupation
    region: Region
    sector: Sector | None = None
    employer: str = ""


def years_due(completed_on: date, today: date) -> int | None:
    """Return which question is due: 0 the first destination, then one a year; None before the first is."""
    days = (today - completed_on).days - FIRST_AFTER_DAYS
    return None if days < 0 else min(days // DAYS_A_YEAR, LAST_YEAR)


def ask_due(session: Session, now: datetime) -> int:
    """Ask everybody whose question is due and was not asked yet; return how many letters are new."""
    asked = 0
    for candidature in to_ask(session, now=now):
        years = years_due(candidature.state_since, london_day(now))
        if years is not None:
            asked += ask(session, candidature, years=years, now=now)
    return asked


def to_ask(session: Session, *, now: datetime) -> Sequence[Candidature]:
    """Return some of those who completed long enough ago and whose latest question is not asked yet.

    Who asked not to be asked any more is left in peace.
    """
    today = london_day(now)
    longest = timedelta(days=FIRST_AFTER_DAYS + (LAST_YEAR + 1) * DAYS_A_YEAR)
    done = [
        Candidature.state == CandidatureState.COMPLETED,
        Candidature.state_since.between(today - longest, today - timedelta(days=FIRST_AFTER_DAYS)),
        Candidature.person_id.is_not(None),
        Candidature.id.not_in(select(Destination.candidature_id).where(Destination.declined_at.is_not(None))),
    ]
    last = select(func.max(Destination.years)).where(Destination.candidature_id == Candidature.id).scalar_subquery()
    known = select(Candidature, func.coalesce(last, -1).label("last")).where(*done).order_by(Candidature.id)
    found = session.execute(known.options(joinedload(Candidature.person))).all()
    due = [
        row.Candidature
        for row in found
        for years in [years_due(row.Candidature.state_since, today)]
        if years is not None and years > row.last
    ]
    return due[:AT_ONCE]


def ask(session: Session, candidature: Candidature, *, years: int, now: datetime) -> bool:
    """Ask somebody where they are; False where they were asked that before, or their data are gone."""
    row = hold(session, candidature.id)
    person = row.person
    same = select(Destination.id).where(Destination.candidature_id == row.id, Destination.years == years)
    if person is None or not person.address or session.scalar(same) is not None:
        return False
    destination = Destination(candidature_id=row.id, years=years, asked_at=now)
    session.add(destination)
    session.flush()
    award = session.get_one(Cohort, row.cohort_id).award
    letter = Post(
        letter=ASKED,
        key=f"{ASKED}:{destination.id}",
        recipient=Recipient(person.address, person.name, person.id),
        subject=("candidature", row.id),
        context={"destination": destination.id},
        organisation_id=award.lead_organisation_id,
        strand=Strand.COHORTS,
    )
    return post(session, letter, now=now)


def answer(session: Session, destination: Destination, said: Whereabouts, *, now: datetime) -> None:
    """Keep where somebody is; said again, the later answer counts. Refusal where it is not whole."""
    hold(session, destination.candidature_id)
    session.refresh(destination)
    if said.occupation in WORKING and said.sector is None:
        raise Refusal("Choose the sector you work in.", field="sector")
    destination.occupation, destination.region = said.occupation, said.region
    destination.sector = said.sector if said.occupation in WORKING else None
    destination.employer = said.employer if said.occupation in WORKING else ""
    destination.answered_at = now
    note(session, destination, "said where they are", now=now)


def decline(session: Session, destination: Destination, *, now: datetime) -> None:
    """Ask this person no more, and keep nothing of what they said to this question."""
    hold(session, destination.candidature_id)
    session.refresh(destination)
    destination.occupation = destination.region = destination.sector = destination.answered_at = None
    destination.employer = ""
    destination.declined_at = destination.declined_at or now
    note(session, destination, "asked not to be asked where they are", now=now)


def note(session: Session, destination: Destination, verb: str, *, now: datetime) -> None:
    """Write the act into the trail: that it was done, not what was said."""
    candidature = destination.candidature
    audit.record(
        session,
        person_id=candidature.person_id,
        verb=verb,
        subject=("candidature", candidature.id),
        now=now,
        organisation_id=candidature.cohort.award.lead_organisation_id,
    )
