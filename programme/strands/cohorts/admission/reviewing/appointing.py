"""Verbs of organisers about reviewers: named, taken off, and which applications they read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from programme.core.refusal import Refusal
from programme.engines.registration.models import Registration
from programme.people.affiliations import person_for
from programme.strands.cohorts.admission.letters.reviews import numbers, tell_waiting
from programme.strands.cohorts.admission.locking import hold
from programme.strands.cohorts.admission.referees.queries import UNDECIDED
from programme.strands.cohorts.admission.reviewing.conflicts import place_of
from programme.strands.cohorts.admission.reviewing.sharing_out import shared_out
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.admission.states import Place
from programme.strands.cohorts.admission.trail import note, note_about
from programme.strands.cohorts.models import AdmissionReviewer, Review, ReviewScore

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor
    from programme.strands.cohorts.models import Admission

MOST_REVIEWERS, MOST_EACH = 100, 10
NAMED = "This person reviews here already."
TOO_MANY = f"{MOST_REVIEWERS} reviewers are the most."
NOT_RUN = "Choose a university that runs this award."
HAS_SCORED = "They have scored already, so they stay; what they said counts."
NOBODY = "Name reviewers first."
NOT_THEIRS = "An applicant does not review their own application."


@dataclass(frozen=True, slots=True)
class SharedOut:
    """What sharing out came to: how many readings are new, and how many reviewers were told."""

    readings: int
    told: int


def name_reviewer(
    session: Session, admission_id: int, *, name: str, address: str, organisation_id: int, actor: Actor, now: datetime
) -> AdmissionReviewer:
    """Let somebody review, for one of the universities that run the award; they need no role."""
    admission = hold(session, admission_id)
    if organisation_id not in {row.id for row in universities(admission.cohort)}:
        raise Refusal(NOT_RUN, field="organisation")
    if len(admission.reviewers) >= MOST_REVIEWERS:
        raise Refusal(TOO_MANY)
    person = person_for(session, address=address, name=name, now=now)
    if any(row.person_id == person.id for row in admission.reviewers):
        raise Refusal(NAMED, field="address")
    row = AdmissionReviewer(person_id=person.id, organisation_id=organisation_id, named_at=now)
    admission.reviewers.append(row)
    session.flush()
    note(session, admission, "named a reviewer", actor=actor, now=now, after={"for": row.organisation.short_name})
    return row


def take_off(session: Session, reviewer_id: int, *, actor: Actor, now: datetime) -> None:
    """Let somebody review no more; whoever has scored stays."""
    row = session.get_one(AdmissionReviewer, reviewer_id)
    admission = hold(session, row.admission_id)
    scores = exists().where(ReviewScore.review_id == Review.id, Review.reviewer_id == reviewer_id)
    if session.scalar(select(scores)):
        raise Refusal(HAS_SCORED)
    university = row.organisation.short_name
    admission.reviewers.remove(row)
    session.flush()
    note(session, admission, "took a reviewer off", actor=actor, now=now, after={"for": university})


def share_out(session: Session, admission_id: int, *, each: int, actor: Actor, now: datetime) -> SharedOut:
    """Give every application to so many reviewers of each university, as evenly as it goes, and tell whoever has some.

    What was given before stays; whoever is recused is replaced, if there is another.
    """
    admission = hold(session, admission_id)
    if not admission.reviewers:
        raise Refusal(NOBODY)
    if not 1 <= each <= MOST_EACH:
        raise Refusal(f"Enter a number from 1 to {MOST_EACH}.", field="each")
    already, barred = pairs(session, admission)
    people: dict[int, list[int]] = defaultdict(list)
    for row in admission.reviewers:
        people[row.organisation_id].append(row.id)
    ids = [one for one, _ in applicants(session, admission)]
    added = shared_out(ids, people, each=each, already=already, barred=barred)
    session.add_all(
        Review(reviewer_id=reviewer, registration_id=application, assigned_at=now) for reviewer, application in added
    )
    session.flush()
    told = remind_reviewers(session, admission, now=now)
    after = {"readings": len(added), "each": each}
    note(session, admission, "shared applications out", actor=actor, now=now, after=after)
    return SharedOut(len(added), told)


def pairs(session: Session, admission: Admission) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return what is shared out already, and what must not be: the recused, and applicants themselves."""
    own = select(Review).join(AdmissionReviewer, AdmissionReviewer.id == Review.reviewer_id)
    rows = session.scalars(own.where(AdmissionReviewer.admission_id == admission.id)).all()
    already = {(row.reviewer_id, row.registration_id) for row in rows}
    recused = {
        (row.reviewer_id, row.registration_id) for row in rows if place_of(row.conflict, row.ruling) is Place.RECUSED
    }
    people = {row.person_id: row.id for row in admission.reviewers}
    themselves = {(people[who], one) for one, who in applicants(session, admission) if who in people}
    return already, recused | themselves


def applicants(session: Session, admission: Admission) -> Sequence[tuple[int, int]]:
    """Return the applications that are not decided, each with whose it is."""
    found = select(Registration.id, Registration.person_id).where(
        Registration.opening_id == admission.opening_id,
        Registration.state.in_(UNDECIDED),
        Registration.person_id.is_not(None),
    )
    return [(row.id, row.person_id) for row in session.execute(found.order_by(Registration.id))]


def remind_reviewers(session: Session, admission: Admission, *, now: datetime) -> int:
    """Tell every reviewer who has something left to do, once an hour at most; return how many letters are new."""
    waiting = numbers(session, [row.id for row in admission.reviewers])
    return sum(tell_waiting(session, admission, row, now=now) for row in admission.reviewers if waiting.get(row.id))


def assign(session: Session, registration: Registration, reviewer_id: int, *, actor: Actor, now: datetime) -> Review:
    """Give one application to one reviewer by hand; who has it already has it once."""
    reviewer = session.get_one(AdmissionReviewer, reviewer_id)
    hold(session, reviewer.admission_id)
    if reviewer.person_id == registration.person_id:
        raise Refusal(NOT_THEIRS)
    about = (Review.reviewer_id == reviewer_id, Review.registration_id == registration.id)
    found = session.scalar(select(Review).where(*about))
    if found is not None:
        return found
    row = Review(reviewer_id=reviewer_id, registration_id=registration.id, assigned_at=now)
    session.add(row)
    session.flush()
    tell_waiting(session, reviewer.admission, reviewer, now=now)
    after = {"for": reviewer.organisation.short_name}
    note_about(session, registration, "gave an application to a reviewer", actor=actor, now=now, after=after)
    return row


def unassign(session: Session, review_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an application from a reviewer who has neither scored it nor declared a conflict: both are kept."""
    row = session.get_one(Review, review_id)
    hold(session, row.reviewer.admission_id)
    session.refresh(row)
    if row.scores or row.conflict is not None:
        raise Refusal("They have declared or scored already, so it stays with them.")
    registration, university = row.registration, row.reviewer.organisation.short_name
    session.delete(row)
    session.flush()
    after = {"for": university}
    note_about(session, registration, "took an application from a reviewer", actor=actor, now=now, after=after)
