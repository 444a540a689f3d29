"""Verbs of cohorts: make and edit; whoever is in it is added by the verbs of candidatures."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.core import audit
from programme.core.refusal import Refusal, refuse_if_changed
from programme.core.tokens import mark_of
from programme.strands.cohorts.awards.actions import told, write
from programme.strands.cohorts.awards.membership import COHORT, keep_in_step
from programme.strands.cohorts.locking import lock
from programme.strands.cohorts.models import Cohort, FundingAward
from programme.strands.cohorts.reminding.subject import remind_usually

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortDetails:
    """Everything about a cohort that its organisers write. `entry_year` is that in which the academic year begins."""

    title: str
    entry_year: int
    entry_on: date
    target_size: int | None = None


def make(session: Session, award_id: int, details: CohortDetails, *, actor: Actor, now: datetime) -> Cohort:
    """Make the cohort of a year, with the groups that follow it and the reminders that are usual."""
    award = locked(session, award_id)
    check(session, award.id, details)
    cohort = Cohort(award_id=award.id, created_at=now, **asdict(details))
    session.add(cohort)
    session.flush()
    keep_in_step(session, cohort, now=now)
    remind_usually(session, cohort, now=now)
    note(session, cohort, "cohort made", actor=actor, now=now, after={"title": cohort.title})
    return cohort


def edit(
    session: Session, cohort_id: int, details: CohortDetails, *, actor: Actor, now: datetime, seen: str = ""
) -> Cohort:
    """Change a cohort; when its researchers entered stays with each of them."""
    cohort = session.get_one(Cohort, cohort_id)
    locked(session, cohort.award_id)
    lock(session, cohort)
    refuse_if_changed(seen, seen_of(cohort))
    check(session, cohort.award_id, details, apart_from=cohort.id)
    before, after = write(cohort, asdict(details))
    if after:
        note(session, cohort, "cohort edited", actor=actor, now=now, before=before, after=after)
    keep_in_step(session, cohort, now=now)
    return cohort


def locked(session: Session, award_id: int) -> FundingAward:
    """Lock an award, so that its cohorts are made one after the other."""
    award = session.get_one(FundingAward, award_id)
    lock(session, award)
    return award


def check(session: Session, award_id: int, details: CohortDetails, *, apart_from: int | None = None) -> None:
    """Refuse a second cohort of one year, and an entry that lies in another year."""
    same = select(Cohort.id).where(Cohort.award_id == award_id, Cohort.entry_year == details.entry_year)
    if any(found != apart_from for found in session.scalars(same)):
        sentence = "This award has a cohort of that year already. Add its researchers to it, or choose another year."
        raise Refusal(sentence, field="entry_year")
    if details.entry_on.year not in {details.entry_year, details.entry_year + 1}:
        sentence = f"The entry date is not in the academic year {details.entry_year}. Change the date or the year."
        raise Refusal(sentence, field="entry_on")


def seen_of(cohort: Cohort) -> str:
    """Return a mark of everything that the form of a cohort shows."""
    return mark_of({name: told(getattr(cohort, name)) for name in CohortDetails.__dataclass_fields__})


def note(
    session: Session,
    cohort: Cohort,
    verb: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write an act on a cohort into the trail of whoever leads its award."""
    audit.record(
        session,
        person_id=actor.person_id,
        verb=verb,
        subject=(COHORT, cohort.id),
        now=now,
        organisation_id=cohort.award.lead_organisation_id,
        before=before,
        after=after,
    )
