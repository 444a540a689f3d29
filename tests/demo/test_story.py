"""What a newcomer finds in the demonstration: each thing that registration can do, under way."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.core import clock
from programme.demo import people
from programme.demo.doctoral.admission.calling import TITLE as CALL
from programme.demo.doctoral.ground import COHORT
from programme.demo.strands.cohorts import INDUCTION
from programme.demo.strands.entrepreneurship import HACKATHON
from programme.demo.strands.exchange import HERITAGE, NEUROSCIENCE, ROUNDTABLE, SEASON
from programme.demo.strands.mentoring import HALF_HOURS
from programme.demo.strands.methods_week import MICROSCOPY, WORKSHOPS
from programme.demo.strands.placements import INTERNSHIPS
from programme.engines.calendar.pictures.models import EventPicture
from programme.engines.calendar.states import Visibility
from programme.engines.calendar.times import london_day
from programme.engines.documents.models import Document
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.states import OutboxState
from programme.engines.questionnaire.models import Answer, Question
from programme.engines.questionnaire.profiles.models import ProfileAnswer
from programme.engines.registration.door.queries import takes_walk_ins
from programme.engines.registration.drafts.models import Draft
from programme.engines.registration.eligibility.models import Invitation
from programme.engines.registration.feedback.models import Feedback
from programme.engines.registration.follow_ups.models import FollowUpRequest
from programme.engines.registration.models import Opening, Registration
from programme.engines.registration.notes.models import RegistrationNote
from programme.engines.registration.states import (
    Attendance,
    InvitationState,
    RegistrationState,
    SeatState,
    Source,
)
from programme.flows.clashing.finding import clashes_of
from programme.people.affiliations import person_of
from programme.strands.cohorts.models import Candidature, Cohort, Supervision
from programme.strands.cohorts.signing.queries import waiting_for
from programme.strands.cohorts.states import CandidatureState, MilestoneState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.one_database
R = RegistrationState


def opening_of(session: Session, title: str) -> Opening:
    return session.scalars(select(Opening).where(Opening.title == title)).one()


def roll_of(session: Session, title: str) -> Sequence[Registration]:
    mine = Registration.opening_id == opening_of(session, title).id
    return session.scalars(select(Registration).where(mine).order_by(Registration.joined_at, Registration.id)).all()


def test_newcomers_see_a_series_choices_teams_invitations_and_parts(told: Session) -> None:
    chairs = Counter(seat.state for row in roll_of(told, SEASON) for seat in row.seats)
    assert chairs[SeatState.SKIPPED] == chairs[SeatState.LENT] == 1

    workshops, half_hours = opening_of(told, WORKSHOPS), opening_of(told, HALF_HOURS)
    assert (workshops.chooses, len(workshops.events)) == (2, 5)
    assert (half_hours.chooses, len(half_hours.events)) == (1, 12)
    taken = Counter(seat.event.title for row in roll_of(told, WORKSHOPS) for seat in row.seats)
    assert taken[MICROSCOPY] == next(row.room_capacity for row in workshops.events if row.title == MICROSCOPY)

    teams = roll_of(told, HACKATHON)
    assert [(row.state, row.heads) for row in teams][-1] == (R.WAITLISTED, 4)
    assert any(one.answer_sheet for row in teams for one in row.companions)
    assert told.scalars(select(RegistrationNote).where(RegistrationNote.registration_id == teams[-1].id)).all()

    roundtable = opening_of(told, ROUNDTABLE)
    assert roundtable.events[0].visibility is Visibility.HIDDEN
    invited = select(Invitation.state).where(Invitation.opening_id == roundtable.id)
    assert set(told.scalars(invited)) == set(InvitationState)

    chosen = told.scalars(select(Answer).join(Question).where(Question.kind == "parts")).all()
    assert len(chosen) == len(roll_of(told, NEUROSCIENCE))
    assert {len(one.value) for one in chosen} == {1, 2}


def test_newcomers_see_applications_second_forms_and_what_comes_afterwards(app: Flask, told: Session) -> None:
    states = Counter(row.state for row in roll_of(told, INTERNSHIPS))
    assert states == {R.CONFIRMED: 3, R.PENDING: 2, R.REFUSED: 1}
    own_sheets = [row.answer_sheet_id for row in roll_of(told, INTERNSHIPS)]
    own = (Document.subject_kind == "answer_sheet", Document.subject_id.in_(own_sheets))
    files = told.scalars(select(Document).where(*own)).all()
    assert len(files) == 6
    assert all(row.subject_kind and app.extensions["shelf"].path(row.token).exists() for row in files)
    drafts = told.scalars(select(Draft)).all()
    assert {draft.opening.title for draft in drafts} == {INTERNSHIPS, CALL}

    induction = opening_of(told, INDUCTION)
    mine = Registration.opening_id == induction.id
    sheets = told.scalars(select(FollowUpRequest.sheet_id).join(FollowUpRequest.registration).where(mine)).all()
    assert {bool(sheet) for sheet in sheets} == {True, False}

    heritage = roll_of(told, HERITAGE)
    assert {row.seats[0].attendance for row in heritage} == {Attendance.PRESENT, Attendance.ABSENT}
    assert [row.source for row in heritage].count(Source.WALK_IN) == 1
    assert takes_walk_ins(told, heritage[0].opening_id)
    assert told.scalars(select(Feedback)).all()


def test_the_newcomer_who_signs_in_has_much_and_two_things_at_once(app: Flask, told: Session) -> None:
    person = person_of(told, key=people.RESEARCHERS[0].address)
    assert person is not None
    assert {row.kind for row in told.scalars(select(ProfileAnswer))} == {"dietary", "access"}
    rows = told.scalars(select(Registration).where(Registration.person_id == person.id)).all()
    events = [seat.event for row in rows if row.state is R.CONFIRMED for seat in row.seats]
    sources = app.extensions["calendar_sources"]
    found = [one for row in events for one in clashes_of(told, person.id, [row], sources=sources, now=clock.now())]
    assert found


def test_newcomers_see_a_doctoral_cohort_of_twelve_in_one_grid(told: Session) -> None:
    cohort = told.scalars(select(Cohort)).one()
    assert cohort.title == COHORT
    rows = told.scalars(select(Candidature).where(Candidature.cohort_id == cohort.id)).all()
    assert len(rows) == 12
    assert {row.state for row in rows} == set(CandidatureState)
    assert Counter(row.home.slug for row in rows) == {"liverpool": 6, "oxford": 6}
    assert {one.state for row in rows for one in row.milestones} == set(MilestoneState)
    assert {one.due_on is None for row in rows for one in row.milestones} == {True, False}


def test_supervisors_and_the_newcomer_have_something_to_sign_and_to_do(told: Session) -> None:
    newcomer, supervisor = (person_of(told, key=one.address) for one in (people.RESEARCHERS[0], people.SUPERVISORS[0]))
    assert newcomer is not None
    assert supervisor is not None
    assert newcomer.signed_in_at, "who signs in as a researcher has an account"
    assert supervisor.signed_in_at, "and so has who signs in as a supervisor"
    assert told.scalars(waiting_for(supervisor.id, today=london_day(clock.now()))).all()
    mine = told.scalars(select(Candidature).where(Candidature.person_id == newcomer.id)).one()
    theirs = select(Supervision).where(Supervision.person_id == supervisor.id)
    assert mine.id in {row.candidature_id for row in told.scalars(theirs)}


def test_letters_of_long_ago_do_not_go_today(posted: Session) -> None:
    sent = select(OutboxMessage).where(OutboxMessage.state == OutboxState.SENT)
    answers = posted.scalars(sent.where(OutboxMessage.letter == "signature_answered")).all()
    assert answers
    assert all(clock.now() - row.created_at < timedelta(days=31) for row in answers)
    digests = posted.scalars(sent.where(OutboxMessage.letter == "milestones_due")).all()
    readers = Counter(row.recipient for row in digests)
    assert people.RESEARCHERS[0].address in readers
    assert max(readers.values()) <= 2, "a letter for each day that something is due"


def test_events_show_pictures_broad_and_tall_and_one_that_is_only_decoration(app: Flask, told: Session) -> None:
    shown = told.scalars(select(EventPicture)).all()
    assert len(shown) == 5
    assert Counter(bool(row.words) for row in shown) == {True: 4, False: 1}
    assert {row.picture.width > row.picture.height for row in shown} == {True, False}
    shelf = app.extensions["shelf"]
    files = told.scalars(select(Document).where(Document.subject_kind == "picture")).all()
    assert len(files) == 2 * len({row.picture_id for row in shown})
    assert all(shelf.path(file.token).is_file() for file in files)
