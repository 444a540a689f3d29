"""Verbs of reviewers: they declare what ties them to an applicant, and score; each under the admission's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from programme.core.refusal import Refusal
from programme.strands.cohorts.admission.judging import MOST_HALF_POINTS, is_locked
from programme.strands.cohorts.admission.locking import hold
from programme.strands.cohorts.admission.referees.queries import UNDECIDED
from programme.strands.cohorts.admission.reviewing.conflicts import FOR_THE_CHAIR, RECUSE_BY_THEMSELVES, place_of
from programme.strands.cohorts.admission.states import Conflict, Place, Ruling
from programme.strands.cohorts.admission.trail import note, note_about
from programme.strands.cohorts.models import AdmissionReviewer, Review, ReviewScore

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.permissions import Actor

FINAL = "What you declared keeps you from this application, and stays. Write to the organisers if it was a mistake."
SAY_WHAT = "Say in a few words what it is: the organisers decide by it."
NOT_FOR_CHAIR = "There is nothing to decide: only some kinds of conflict are for the chair."
NOT_YOURSELF = "Another organiser decides about your own review."
DECIDED = "This application has been decided, so its scores stay."
LOCKED = "The time to review is over. An organiser can open it again, with a reason."
NOT_OPEN = {
    Place.TO_DECLARE: "Say first whether anything ties you to this applicant.",
    Place.WITH_CHAIR: "The chair decides first whether you may review this.",
    Place.RECUSED: "You do not review this application.",
}
NO_REASON = "Say why: it is kept."
NOT_LATER = "Choose a time that is still to come."


def declare(session: Session, review_id: int, conflict: Conflict, *, words: str, actor: Actor, now: datetime) -> Review:
    """Keep what a reviewer says they are to an applicant. What recuses is final; all else may change."""
    row = hold_review(session, review_id)
    if row.conflict in RECUSE_BY_THEMSELVES:
        raise Refusal(FINAL)
    if conflict in FOR_THE_CHAIR and not words:
        raise Refusal(SAY_WHAT, field="words")
    if row.conflict is conflict and row.conflict_words == words:
        return row
    before = {"conflict": row.conflict.value} if row.conflict else None
    row.conflict, row.conflict_words, row.declared_at, row.ruling = conflict, words, now, None
    session.flush()
    after = {"conflict": conflict.value, "place": place_of(conflict, None).value}
    note_about(session, row.registration, "declared a conflict", actor=actor, now=now, before=before, after=after)
    return row


def rule(session: Session, review_id: int, ruling: Ruling, *, actor: Actor, now: datetime) -> Review:
    """Let the chair decide whether somebody with a conflict may review; never about themselves."""
    row = hold_review(session, review_id)
    if row.conflict not in FOR_THE_CHAIR:
        raise Refusal(NOT_FOR_CHAIR)
    if actor.person_id in {row.reviewer.person_id, row.registration.person_id}:
        raise Refusal(NOT_YOURSELF)
    if row.ruling is ruling:
        return row
    before = {"ruling": row.ruling.value} if row.ruling else None
    row.ruling = ruling
    session.flush()
    after = {"ruling": ruling.value, "review": row.id}
    note_about(session, row.registration, "decided about a conflict", actor=actor, now=now, before=before, after=after)
    return row


def score(
    session: Session, review_id: int, half_points: Mapping[int, int], *, words: str, actor: Actor, now: datetime
) -> Review:
    """Keep what a reviewer gives so far, in half points by criterion, and says; what is left out is taken back."""
    row = hold_review(session, review_id)
    place = place_of(row.conflict, row.ruling)
    admission = row.reviewer.admission
    if place is not Place.OPEN:
        raise Refusal(NOT_OPEN[place])
    if row.registration.state not in UNDECIDED:
        raise Refusal(DECIDED)
    if is_locked(admission.reviews_by, row.reviewer.open_until, now=now):
        raise Refusal(LOCKED)
    known = {one.id for one in admission.criteria}
    if not half_points.keys() <= known or any(not 0 <= one <= MOST_HALF_POINTS for one in half_points.values()):
        raise Refusal("Score each criterion from 0 to 5, in halves.")
    kept = {one.criterion_id: one for one in row.scores}
    row.scores = [scored(kept.get(one), one, number) for one, number in sorted(half_points.items())]
    row.words, row.saved_at = words, now
    session.flush()
    note_about(session, row.registration, "scored an application", actor=actor, now=now)
    return row


def unlock(session: Session, reviewer_id: int, until: datetime, *, reason: str, actor: Actor, now: datetime) -> None:
    """Let a reviewer score until an instant, although the time is over; the reason is kept in the trail."""
    if not reason:
        raise Refusal(NO_REASON, field="reason")
    if until <= now:
        raise Refusal(NOT_LATER, field="until")
    row = session.get_one(AdmissionReviewer, reviewer_id)
    admission = hold(session, row.admission_id)
    session.refresh(row)
    row.open_until = until
    session.flush()
    after = {"for": row.organisation.short_name, "until": until.isoformat(timespec="minutes"), "why": reason}
    note(session, admission, "unlocked scores", actor=actor, now=now, after=after)


def scored(row: ReviewScore | None, criterion_id: int, half_points: int) -> ReviewScore:
    """Return the row of a score as it is now."""
    row = row or ReviewScore(criterion_id=criterion_id)
    row.half_points = half_points
    return row


def hold_review(session: Session, review_id: int) -> Review:
    """Lock the admission that a review is of, then read the review afresh."""
    row = session.get_one(Review, review_id)
    hold(session, row.reviewer.admission_id)
    session.refresh(row)
    session.refresh(row.reviewer)
    session.refresh(row.registration, ["state", "person_id"])
    return row
