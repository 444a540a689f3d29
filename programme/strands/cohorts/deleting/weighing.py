"""What hangs on records, cohorts, awards and calls: what keeps them from being deleted, and what would go along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select

from programme.core.web.words import join_words, plural
from programme.engines.calendar.models import Event, Series
from programme.engines.calendar.states import EventState
from programme.engines.documents.models import Document
from programme.engines.registration.openings.calls.removing import reasons_to_stay
from programme.people.models import Person
from programme.strands.cohorts.incoming.before.writing import BROUGHT_IN
from programme.strands.cohorts.models import (
    Admission,
    Admitted,
    Candidature,
    Cohort,
    CompulsoryTraining,
    Destination,
    Extension,
    Milestone,
    MilestoneRule,
    Residential,
    Signature,
    Supervision,
    SupervisionMeeting,
    Suspension,
    TrainingEntry,
)
from programme.strands.cohorts.rights import MILESTONE
from programme.strands.cohorts.states import MilestoneState, SignatureState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from programme.strands.cohorts.models import FundingAward

MOST_NAMED = 10
GIVEN = (SignatureState.AGREED, SignatureState.REFUSED)
WITHDRAW = "Withdraw instead: *Change the status* on the record. Nothing is due any more then, and what was done stays."
TAKE_BACK = "Take it back on the application’s page, as long as that may be; or withdraw the record."
KEEP = (
    "Delete those of its records that nobody used, each on its own page, and withdraw the others; it stays for these."
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What keeps something (`stays`), what to do `instead`, and what would go along with it (`goes`).

    `names` are the ids of records whose researchers are told by name.
    """

    stays: tuple[str, ...]
    goes: tuple[str, ...]
    instead: str = ""
    names: tuple[int, ...] = ()

    @property
    def may_go(self) -> bool:
        """Whether it may be deleted."""
        return not self.stays


def of_record(candidature_id: int) -> Select[int]:
    """Select one record."""
    return select(Candidature.id).where(Candidature.id == candidature_id)


def of_cohorts(ids: Sequence[int]) -> Select[int]:
    """Select the records of cohorts."""
    return select(Candidature.id).where(Candidature.cohort_id.in_(ids))


def weigh_record(session: Session, candidature_id: int) -> Weighed:
    """Weigh one record: what its researcher or a supervisor did keeps it, what organisers entered goes along."""
    own = of_record(candidature_id)
    admitted = session.scalar(select(Admitted.registration_id).where(Admitted.candidature_id.in_(own)))
    stays = (*held(session, own), *(("It was made of an application.",) if admitted else ()))
    return Weighed(stays, tuple(along(session, own)), TAKE_BACK if admitted else WITHDRAW)


def weigh_cohort(session: Session, cohort: Cohort) -> Weighed:
    """Weigh a cohort with its records and its calls."""
    records = of_cohorts([cohort.id])
    kept = used(session, records)
    stays = those_that_stay(session, kept, [cohort.id])
    goes = (*records_along(session, records), *around(session, [cohort.id]))
    return Weighed(stays, goes, KEEP, tuple(number for number, _ in kept[:MOST_NAMED]))


def weigh_award(session: Session, award: FundingAward) -> Weighed:
    """Weigh an award with its cohorts."""
    cohorts = session.scalars(select(Cohort).where(Cohort.award_id == award.id).order_by(Cohort.id)).all()
    ids = [row.id for row in cohorts]
    records = of_cohorts(ids)
    kept = used(session, records)
    own = select(func.count()).where(MilestoneRule.award_id == award.id)
    rules = session.scalar(own) or 0
    goes = (
        *([plural(len(cohorts), "cohort")] if cohorts else ()),
        *records_along(session, records),
        *around(session, ids),
        *([f"{plural(rules, 'milestone')} of rulebooks that stand for this award alone"] if rules else ()),
    )
    stays = those_that_stay(session, kept, ids)
    return Weighed(stays, goes, KEEP, tuple(number for number, _ in kept[:MOST_NAMED]))


def weigh_call(session: Session, admission: Admission) -> Weighed:
    """Weigh a call: applications keep it."""
    reasons = tuple(reasons_to_stay(session, admission.opening))
    people = len(admission.reviewers)
    goes = ("Its form, its criteria and its settings", *([plural(people, "reviewer")] if people else ()))
    return Weighed(reasons, goes, "Close the call instead, on its own page: nobody can apply any more then.")


def mattering(own: Select[int]) -> dict[tuple[str, str], tuple[type[Any], ColumnElement[bool]]]:
    """Return what of records matters, by its words: who did something, not what organisers entered."""
    reached = Milestone.state.in_((MilestoneState.HANDED_IN, MilestoneState.DONE))
    brought = and_(Milestone.state == MilestoneState.DONE, Milestone.words.startswith(BROUGHT_IN))
    return {
        ("signature was given", "signatures were given"): (
            Signature,
            and_(Signature.candidature_id.in_(own), Signature.state.in_(GIVEN)),
        ),
        ("milestone is handed in or done", "milestones are handed in or done"): (
            Milestone,
            and_(Milestone.candidature_id.in_(own), reached, ~brought),
        ),
        ("supervision meeting is logged", "supervision meetings are logged"): (
            SupervisionMeeting,
            SupervisionMeeting.candidature_id.in_(own),
        ),
        ("line stands in the training record", "lines stand in the training record"): (
            TrainingEntry,
            TrainingEntry.candidature_id.in_(own),
        ),
        ("answer says where they are now", "answers say where they are now"): (
            Destination,
            and_(
                Destination.candidature_id.in_(own),
                or_(Destination.answered_at.is_not(None), Destination.declined_at.is_not(None)),
            ),
        ),
    }


def held(session: Session, own: Select[int]) -> Iterator[str]:
    """Say what of records keeps them."""
    for (one, many), (model, condition) in mattering(own).items():
        number = session.scalar(select(func.count()).select_from(model).where(condition)) or 0
        if number:
            yield f"{plural(number, one, many)}."


def used(session: Session, own: Select[int]) -> list[tuple[int, str | None]]:
    """Return which records of a cohort keep it: their ids and the names of their researchers."""
    kept = [select(model.candidature_id).where(condition) for model, condition in mattering(own).values()]
    kept.append(select(Admitted.candidature_id).where(Admitted.candidature_id.in_(own)))
    those = select(Candidature.id, Person.name).outerjoin(Person, Person.id == Candidature.person_id)
    found = session.execute(those.where(or_(*(Candidature.id.in_(ids) for ids in kept))).order_by(Candidature.id))
    return [(number, name) for number, name in found]


def named(rows: Sequence[tuple[int, str | None]]) -> Iterator[str]:
    """Say which records of a cohort keep it, by the names of their researchers."""
    if rows:
        names = [name or "somebody whose data are deleted" for _, name in rows[:MOST_NAMED]]
        others = [f"{len(rows) - MOST_NAMED} more"] if len(rows) > MOST_NAMED else []
        what = "record was used" if len(rows) == 1 else "records were used"
        yield f"{len(rows)} {what} already: {join_words([*names, *others])}."


def along(session: Session, own: Select[int]) -> Iterator[str]:
    """Say what goes with records."""
    milestones = select(Milestone.id).where(Milestone.candidature_id.in_(own))
    files = and_(
        Document.subject_kind == MILESTONE, Document.subject_id.in_(milestones), Document.forgotten_at.is_(None)
    )
    counted: tuple[tuple[Any, ColumnElement[bool], str], ...] = (
        (Milestone, Milestone.candidature_id.in_(own), "milestone"),
        (Suspension, Suspension.candidature_id.in_(own), "suspension"),
        (Extension, Extension.candidature_id.in_(own), "extension"),
        (Supervision, Supervision.candidature_id.in_(own), "supervision"),
        (Signature, and_(Signature.candidature_id.in_(own), Signature.state.not_in(GIVEN)), "signature not given yet"),
        (Document, files, "file"),
    )
    for model, condition, word in counted:
        number = session.scalar(select(func.count()).select_from(model).where(condition)) or 0
        if number:
            yield plural(number, word, "signatures not given yet" if word.startswith("signature") else "")


def records_along(session: Session, own: Select[int]) -> Iterator[str]:
    """Say how many records go with a cohort, and what goes with them."""
    number = session.scalar(select(func.count()).select_from(own.subquery())) or 0
    if number:
        yield plural(number, "doctoral record")
        yield from along(session, own)


def around(session: Session, cohort_ids: Sequence[int]) -> Iterator[str]:
    """Say what else goes with cohorts."""
    for model, word in ((Admission, "call without applications"), (CompulsoryTraining, "compulsory training")):
        number = session.scalar(select(func.count()).select_from(model).where(model.cohort_id.in_(cohort_ids))) or 0
        if number:
            yield plural(number, word, "calls without applications" if model is Admission else "")
    if cohort_ids:
        yield "Its reminders of milestones"


def those_that_stay(
    session: Session, kept: Sequence[tuple[int, str | None]], cohort_ids: Sequence[int]
) -> tuple[str, ...]:
    """Say what keeps cohorts; `kept` are the records that do."""
    return (*named(kept), *calls_that_stay(session, cohort_ids), *residentials_that_stay(session, cohort_ids))


def residentials_that_stay(session: Session, cohort_ids: Sequence[int]) -> Iterator[str]:
    """Say which residentials keep cohorts: their days would be left in the calendar with nobody to come."""
    is_on = select(Event.id).where(Event.series_id == Series.id, Event.state != EventState.CANCELLED).exists()
    planned = select(Series.title).join(Residential, Residential.series_id == Series.id)
    for title in session.scalars(planned.where(Residential.cohort_id.in_(cohort_ids), is_on).order_by(Series.id)):
        yield f"The residential “{title}” is planned: withdraw it first."


def calls_that_stay(session: Session, cohort_ids: Sequence[int]) -> Iterator[str]:
    """Say which calls keep a cohort."""
    for row in session.scalars(select(Admission).where(Admission.cohort_id.in_(cohort_ids)).order_by(Admission.id)):
        reasons = reasons_to_stay(session, row.opening)
        if reasons:
            yield f"The call “{row.opening.title}” is in use. {' '.join(reasons)}"
