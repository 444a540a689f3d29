"""Verbs that undo a mistake: delete a record, a cohort, an award or a call that nobody did anything about.

Each locks from the award down, reads again, weighs again, and then deletes; the trail of what is above says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from programme.core import audit
from programme.core.refusal import Refusal
from programme.engines.documents.actions import forget_all
from programme.engines.registration.actions import lock as lock_opening
from programme.engines.registration.openings.calls.removing import remove
from programme.engines.reminders.models import ReminderRule
from programme.people.models import RoleGrant
from programme.strands.cohorts.admission.locking import hold as hold_admission
from programme.strands.cohorts.awards.membership import COHORT, groups_of, keep_in_step, release
from programme.strands.cohorts.deleting import weighing
from programme.strands.cohorts.leaving import forget_letters_about
from programme.strands.cohorts.locking import hold, hold_all, lock
from programme.strands.cohorts.models import Admission, Candidature, Cohort, FundingAward, Milestone, Signature
from programme.strands.cohorts.rights import AWARD, CANDIDATURE, MILESTONE
from programme.strands.cohorts.signing.telling import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.deleting.weighing import Weighed

ORGANISATION = "organisation"
CALL_REMINDERS = ("opening", "offer", "feedback")
MEANWHILE = "Somebody added something to it in the same moment. Look at it again."
SILENT = {"synchronize_session": False}


def delete_record(session: Session, candidature_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a researcher's record; who it was about stays known as long as anything else is held on them."""
    row = hold(session, candidature_id)
    refuse_kept(weighing.weigh_record(session, candidature_id))
    cohort = row.cohort
    before = {"home": row.home.short_name, "registered_on": row.registered_on.isoformat()}
    delete_records(session, weighing.of_record(candidature_id), now=now)
    keep_in_step(session, cohort, now=now)
    note(session, cohort.award, (COHORT, cohort.id), "deleted a record", before, actor=actor, now=now)


def delete_cohort(session: Session, cohort_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a cohort with its records, its calls and its reminders; its groups are emptied, and ordinary ones then."""
    cohort = session.get_one(Cohort, cohort_id)
    award = cohort.award
    lock(session, award)
    hold_cohort(session, cohort)
    refuse_kept(weighing.weigh_cohort(session, cohort))
    before = {"title": cohort.title}
    clear_cohort(session, cohort, actor=actor, now=now)
    note(session, award, (AWARD, award.id), "deleted a cohort", before, actor=actor, now=now)


def delete_award(session: Session, award_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete an award with its cohorts, and what of rulebooks stands for it alone."""
    award = session.get_one(FundingAward, award_id)
    lock(session, award)
    cohorts = session.scalars(select(Cohort).where(Cohort.award_id == award.id).order_by(Cohort.id)).all()
    for cohort in cohorts:
        hold_cohort(session, cohort)
    refuse_kept(weighing.weigh_award(session, award))
    lead, title = award.lead_organisation_id, award.title
    for cohort in cohorts:
        clear_cohort(session, cohort, actor=actor, now=now)
    award.co_owners = []
    granted = (RoleGrant.subject_kind == AWARD, RoleGrant.subject_id == award.id)
    session.execute(delete(RoleGrant).where(*granted), execution_options=SILENT)
    note(session, award, (ORGANISATION, lead), "deleted an award", {"title": title}, actor=actor, now=now)
    go(session, award)


def delete_call(session: Session, admission_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a call that nobody applied to."""
    row = session.get_one(Admission, admission_id)
    lock_opening(session, row.opening_id)
    hold_admission(session, admission_id)
    refuse_kept(weighing.weigh_call(session, row))
    clear_call(session, row, actor=actor, now=now)


def hold_cohort(session: Session, cohort: Cohort) -> None:
    """Lock a cohort's calls, the cohort and its records, in the order in which whoever admits does."""
    for row in session.scalars(calls_of(cohort.id)).all():
        lock_opening(session, row.opening_id)
        hold_admission(session, row.id)
    lock(session, cohort)
    hold_all(session, cohort.id)


def clear_cohort(session: Session, cohort: Cohort, *, actor: Actor, now: datetime) -> None:
    """Delete a cohort that nothing keeps."""
    for row in session.scalars(calls_of(cohort.id)).all():
        clear_call(session, row, actor=actor, now=now)
    delete_records(session, weighing.of_cohorts([cohort.id]), now=now)
    for group in groups_of(session, cohort.id):
        release(session, group)
    forget_reminders(session, (COHORT,), cohort.id)
    go(session, cohort)


def go(session: Session, row: Cohort | FundingAward) -> None:
    """Delete a row; Refusal where somebody added something to it in the same moment."""
    session.flush()
    try:
        with session.begin_nested():
            session.delete(row)
    except IntegrityError:
        raise Refusal(MEANWHILE) from None


def clear_call(session: Session, row: Admission, *, actor: Actor, now: datetime) -> None:
    """Delete a call that nothing keeps, with what it asked for."""
    opening_id = row.opening_id
    forget_reminders(session, CALL_REMINDERS, opening_id)
    session.delete(row)
    session.flush()
    remove(session, opening_id, actor=actor, now=now)


def calls_of(cohort_id: int) -> Select[Admission]:
    """Select the calls of a cohort."""
    return select(Admission).where(Admission.cohort_id == cohort_id).order_by(Admission.opening_id)


def delete_records(session: Session, own: Select[int], *, now: datetime) -> None:
    """Delete records with their milestones, files and letters; the database lets go of whatever else is theirs."""
    milestones = session.scalars(select(Milestone.id).where(Milestone.candidature_id.in_(own))).all()
    forget_all(session, MILESTONE, milestones, now=now)
    forget_letters_about(session, SIGNATURE, select(Signature.id).where(Signature.candidature_id.in_(own)))
    forget_letters_about(session, CANDIDATURE, own)
    for row in session.scalars(select(Candidature).where(Candidature.id.in_(own)).order_by(Candidature.id)).all():
        session.delete(row)
    session.flush()


def forget_reminders(session: Session, kinds: Sequence[str], number: int) -> None:
    """Delete the reminders of something that goes."""
    own = (ReminderRule.subject_kind.in_(kinds), ReminderRule.subject_id == number)
    session.execute(delete(ReminderRule).where(*own), execution_options=SILENT)


def refuse_kept(weighed: Weighed) -> None:
    """Refuse to delete what something keeps."""
    if not weighed.may_go:
        raise Refusal(" ".join((*weighed.stays, weighed.instead)))


def note(
    session: Session,
    award: FundingAward,
    subject: tuple[str, int],
    verb: str,
    before: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Write into the trail of what is above that something was deleted, and no name."""
    lead = award.lead_organisation_id
    doer = actor.person_id
    audit.record(session, person_id=doer, verb=verb, subject=subject, now=now, organisation_id=lead, before=before)
