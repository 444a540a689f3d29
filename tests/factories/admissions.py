"""A call for a cohort and applications to it, made by the verbs that people use; each flushes, none commits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from programme.engines.approvals.actions import Turn
from programme.engines.approvals.queries import latest_approval
from programme.engines.approvals.states import KeyState
from programme.engines.questionnaire.actions import current_questions
from programme.engines.registration.openings import actions as openings
from programme.flows.deciding.keys import turn_key
from programme.flows.deciding.registrations import SUBJECTS
from programme.flows.offering.answering import take_offer
from programme.flows.registering import SignUp, sign_up
from programme.people.identity import actor_of
from programme.strands.cohorts.admission.referees.actions import ask_referees, name_referees
from programme.strands.cohorts.admission.referees.naming import Named
from programme.strands.cohorts.admission.reviewing.appointing import assign, name_reviewer
from programme.strands.cohorts.admission.setting_up.actions import make
from programme.strands.cohorts.admission.setting_up.wanted import Asks, Call
from programme.strands.cohorts.models import Reference, Review
from tests.factories import cohorts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from programme.engines.documents.models import Document
    from programme.engines.registration.models import Registration
    from programme.people.models import Organisation, Person
    from programme.strands.cohorts.models import Admission, AdmissionReviewer
    from tests.factories.cast import Cast

NOW = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)
CLOSES = datetime(2027, 2, 1, 17, 0, tzinfo=UTC)
REFERENCES_BY = datetime(2027, 2, 15, 17, 0, tzinfo=UTC)
REVIEWS_BY = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
ROWAN, SASHA = Named("Rowan Redmire", "rowan@example.org"), Named("Sasha Sedgeley", "sasha@example.org")


def call(
    session: Session,
    people: Cast,
    *,
    now: datetime = NOW,
    title: str = "Apply for 2027",
    closes_at: datetime = CLOSES,
    **asks: Any,
) -> Admission:
    """Make a call that Liverpool leads and Oxford shares, and open it."""
    award = cohorts.award(session, lead=people.liverpool, shared_with=[people.oxford])
    cohort = cohorts.cohort(session, award=award, entry_year=2027)
    olga = actor_of(people.olga)
    wanted = Asks(**{"references_by": REFERENCES_BY, "reviews_by": REVIEWS_BY, **asks})
    row = make(session, cohort, Call(title=title, closes_at=closes_at), wanted, actor=olga, now=now)
    openings.publish(session, row.opening_id, actor=olga, now=now)
    return row


def apply(
    session: Session,
    admission: Admission,
    who: Person,
    *,
    wishes: Organisation,
    now: datetime = NOW,
    cv: Document | None = None,
) -> Registration:
    """Somebody signed in applies, full time, at a university; with a CV that was handed in, if one was."""
    form = admission.opening.questionnaire
    assert form is not None
    says: dict[str, Any] = {
        "At which university would you like to be registered?": wishes.name,
        "How would you study?": "Full time",
        "Title of your project": "Moss on Mersey stone",
        "Your proposal": "We look at moss.",
        "What prepares you for it": "I have looked at moss before.",
    }
    if cv is not None:
        says["Your CV"] = {"file": cv.token, "size": cv.size, "name": cv.name}
    answers = {row.id: says[row.label] for row in current_questions(form) if row.label in says}
    sent = SignUp(name=who.name, address=who.address, organisation_id=None, answers=answers, form_key=who.address)
    return sign_up(session, admission.opening_id, sent, actor=actor_of(who), now=now).registration


def asked(session: Session, row: Registration, *referees: Named, now: datetime = NOW) -> Sequence[Reference]:
    """The applicant names referees and asks them; Rowan and Sasha where nobody is given."""
    assert row.person is not None
    name_referees(session, row, referees or (ROWAN, SASHA), now=now)
    ask_referees(session, row, actor=actor_of(row.person), now=now)
    found = select(Reference).where(Reference.registration_id == row.id).order_by(Reference.id)
    return session.scalars(found).all()


def reviewer(
    session: Session, admission: Admission, people: Cast, *, address: str, university: Organisation, now: datetime = NOW
) -> AdmissionReviewer:
    """Olga names a reviewer of a university."""
    return name_reviewer(
        session,
        admission.id,
        name=address.partition("@")[0].capitalize(),
        address=address,
        organisation_id=university.id,
        actor=actor_of(people.olga),
        now=now,
    )


def given(session: Session, row: Registration, to: AdmissionReviewer, people: Cast, *, now: datetime = NOW) -> Review:
    """Olga gives an application to a reviewer."""
    return assign(session, row, to.id, actor=actor_of(people.olga), now=now)


def decided(session: Session, row: Registration, people: Cast, *, now: datetime = NOW) -> None:
    """Both universities say yes to an application."""
    approval = latest_approval(session, "registration", row.id)
    assert approval is not None
    holders = {people.liverpool.id: people.olga, people.oxford.id: people.omar}
    for key in list(approval.keys):
        turned = Turn(says=KeyState.YES, person_id=None)
        turn_key(session, key.id, turned, subjects=SUBJECTS, actor=actor_of(holders[key.organisation_id]), now=now)


def accepted(session: Session, row: Registration, people: Cast, *, now: datetime = NOW) -> None:
    """Both universities say yes, and the applicant takes the place."""
    decided(session, row, people, now=now)
    take_offer(session, row.id, now=now)
