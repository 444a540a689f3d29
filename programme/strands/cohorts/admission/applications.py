"""The applications to a cohort as organisers see them: how each stands, in as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from programme.engines.approvals.models import Approval, ApprovalKey
from programme.engines.approvals.states import ApprovalState
from programme.engines.questionnaire.models import Answer
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.models import Registration
from programme.engines.registration.states import RegistrationState
from programme.strands.cohorts.admission.judging import Judged, Scores, judged
from programme.strands.cohorts.admission.organising.funnel import Stage, Standing
from programme.strands.cohorts.admission.reviewing.conflicts import counts
from programme.strands.cohorts.admission.setting_up.actions import universities
from programme.strands.cohorts.admission.states import ReferenceState
from programme.strands.cohorts.models import Admitted, Reference, Review

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from programme.people.models import Organisation
    from programme.strands.cohorts.models import Admission

MOST = 2_000
"""So many applications of one call are looked at, the first ones; no call of a cohort comes near it."""
R = RegistrationState
REGISTRATION = "registration"
DECIDED = frozenset({ApprovalState.GRANTED, ApprovalState.REFUSED})
DECIDED_STATES = frozenset({R.OFFERED, R.CONFIRMED, R.REFUSED, R.WAITLISTED})
Of = "Select[int]"


@dataclass(frozen=True, slots=True)
class Key:
    """One university's key: whose it is and where it stands."""

    organisation: str
    state: str
    id: int = 0
    organisation_id: int = 0


@dataclass(frozen=True, slots=True)
class Application:
    """One application and how it stands. `references` are received of wanted; `readers` are those who may read it."""

    id: int
    name: str
    person_id: int
    state: RegistrationState
    joined_at: datetime
    wished: Organisation | None
    received: int
    wanted: int
    readers: int
    judged: Judged
    keys: tuple[Key, ...] = ()
    is_decided: bool = False
    was_offered: bool = False
    candidature_id: int | None = None

    @property
    def has_references(self) -> bool:
        """Whether as many references came as are wanted."""
        return self.received >= self.wanted

    @property
    def is_reviewed(self) -> bool:
        """Whether everybody who may read it has scored every criterion."""
        return self.readers > 0 and self.judged.number >= self.readers

    def standing(self) -> Standing:
        """Return how far it came."""
        reached = {
            Stage.APPLIED: True,
            Stage.REFERENCES: self.has_references,
            Stage.REVIEWED: self.is_reviewed,
            Stage.DECIDED: self.is_decided,
            Stage.OFFERED: self.was_offered,
            Stage.ACCEPTED: self.state is R.CONFIRMED,
            Stage.ADMITTED: self.candidature_id is not None,
        }
        wished = self.wished.id if self.wished else None
        return Standing(wished, frozenset(stage for stage, is_so in reached.items() if is_so))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of the applications of a call, by application."""

    wishes: Mapping[int, str]
    received: Mapping[int, int]
    scores: Mapping[int, Sequence[Scores]]
    approvals: Mapping[int, Approval]
    admitted: Mapping[int, int] = field(default_factory=dict)


def begun(session: Session, admission: Admission) -> int:
    """Return how many forms are begun and not sent: a number alone, as no organiser sees a draft."""
    return session.scalar(select(func.count()).where(Draft.opening_id == admission.opening_id)) or 0


def applications(session: Session, admission: Admission) -> list[Application]:
    """Return every application that was sent and still names somebody, in the order they came."""
    own = select(Registration).where(
        Registration.opening_id == admission.opening_id,
        Registration.person_id.is_not(None),
        Registration.state != R.DRAFT,
    )
    rows = session.scalars(own.order_by(Registration.joined_at, Registration.id).limit(MOST)).all()
    return described(session, admission, rows)


def hidden_from(every: Sequence[Application], person_id: int | None) -> list[Application]:
    """Return applications without what was said of whoever reads: an organiser may have applied themselves."""
    return [replace(one, judged=Judged(), keys=()) if one.person_id == person_id else one for one in every]


def application(session: Session, admission: Admission, registration: Registration) -> Application:
    """Return how one application stands."""
    return described(session, admission, [registration])[0]


def described(session: Session, admission: Admission, rows: Sequence[Registration]) -> list[Application]:
    """Return how some applications of a call stand."""
    known = gathered(session, admission, rows)
    names = {row.name: row for row in universities(admission.cohort)}
    weights = {one.id: one.weight for one in admission.criteria}
    return [one_of(row, known, names, weights, admission.references_wanted) for row in rows]


def one_of(
    row: Registration, known: Gathered, names: Mapping[str, Organisation], weights: Mapping[int, int], wanted: int
) -> Application:
    """Return one application."""
    every = known.scores.get(row.id, ())
    approval = known.approvals.get(row.id)
    return Application(
        id=row.id,
        name=row.name,
        person_id=row.person_id or 0,
        state=row.state,
        joined_at=row.joined_at,
        wished=names.get(known.wishes.get(row.id, "")),
        received=known.received.get(row.id, 0),
        wanted=wanted,
        readers=sum(one.counts for one in every),
        judged=judged(every, weights),
        keys=tuple(key_of(one) for one in approval.keys) if approval else (),
        is_decided=approval.state in DECIDED if approval else row.state in DECIDED_STATES,
        was_offered=row.offered_at is not None or row.state in {R.OFFERED, R.CONFIRMED},
        candidature_id=known.admitted.get(row.id),
    )


def key_of(row: ApprovalKey) -> Key:
    """Return one university's key as pages show it."""
    return Key(row.organisation.short_name, row.state.value, row.id, row.organisation_id)


def gathered(session: Session, admission: Admission, rows: Sequence[Registration]) -> Gathered:
    """Gather what is known of some applications, one statement for each kind of thing."""
    ids = [row.id for row in rows]
    received = (
        select(Reference.registration_id, func.count())
        .where(Reference.registration_id.in_(ids), Reference.state == ReferenceState.RECEIVED)
        .group_by(Reference.registration_id)
    )
    admitted = select(Admitted.registration_id, Admitted.candidature_id).where(Admitted.registration_id.in_(ids))
    return Gathered(
        wishes=answers_to(session, admission, admission.home_question_id, rows),
        received=dict(session.execute(received).all()),
        scores=scores_of(session, ids),
        approvals=last_approvals(session, ids),
        admitted=dict(session.execute(admitted).all()),
    )


def answers_to(
    session: Session, admission: Admission, question_id: int | None, rows: Sequence[Registration]
) -> dict[int, str]:
    """Return what applicants answered to a question of the form, or to one that took its place, by application."""
    asked = admission.opening.questionnaire
    if question_id is None or asked is None:
        return {}
    alike = {
        one.id for one in asked.questions if one.id == question_id or question_id in one.settings.get("succeeds", ())
    }
    sheets = {row.answer_sheet_id: row.id for row in rows if row.answer_sheet_id is not None}
    told = select(Answer.sheet_id, Answer.text).where(Answer.sheet_id.in_(sheets), Answer.question_id.in_(alike))
    return {sheets[sheet]: text for sheet, text in session.execute(told.order_by(Answer.question_id))}


def scores_of(session: Session, ids: Sequence[int]) -> dict[int, list[Scores]]:
    """Return what reviewers scored, by application; whoever has scored nothing yet, too."""
    found: dict[int, list[Scores]] = defaultdict(list)
    rows = select(Review).where(Review.registration_id.in_(ids)).options(selectinload(Review.scores))
    for row in session.scalars(rows.order_by(Review.id)):
        given = {one.criterion_id: one.half_points for one in row.scores}
        found[row.registration_id].append(Scores(given, counts=counts(row.conflict, row.ruling)))
    return found


def last_approvals(session: Session, ids: Sequence[int]) -> dict[int, Approval]:
    """Return the approval that was asked last about each application, with its keys."""
    about = (Approval.subject_kind == REGISTRATION, Approval.subject_id.in_(ids))
    last = select(func.max(Approval.id)).where(*about).group_by(Approval.subject_id)
    keys = selectinload(Approval.keys).joinedload(ApprovalKey.organisation)
    return {row.subject_id: row for row in session.scalars(select(Approval).where(Approval.id.in_(last)).options(keys))}
