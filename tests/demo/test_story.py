"""What a newcomer finds in the demonstration: each thing that registration can do, under way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from programme.core import clock
from programme.demo import people
from programme.demo.strands.cohorts import INDUCTION
from programme.demo.strands.entrepreneurship import HACKATHON
from programme.demo.strands.exchange import HERITAGE, NEUROSCIENCE, ROUNDTABLE, SEASON
from programme.demo.strands.mentoring import HALF_HOURS
from programme.demo.strands.methods_week import MICROSCOPY, WORKSHOPS
from programme.demo.strands.placements import INTERNSHIPS
from programme.engines.calendar.pictures.models import EventPicture
from programme.engines.calendar.states import Visibility
from programme.engines.documents.models import Document
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
    files = told.scalars(select(Document).where(Document.subject_kind != "picture")).all()
    assert len(files) == 6
    assert all(row.subject_kind and app.extensions["shelf"].path(row.token).exists() for row in files)
    draft = told.scalars(select(Draft)).one()
    assert draft.opening.title == INTERNSHIPS

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


def test_events_show_pictures_broad_and_tall_and_one_that_is_only_decoration(app: Flask, told: Session) -> None:
    shown = told.scalars(select(EventPicture)).all()
    assert len(shown) == 5
    assert Counter(bool(row.words) for row in shown) == {True: 4, False: 1}
    assert {row.picture.width > row.picture.height for row in shown} == {True, False}
    shelf = app.extensions["shelf"]
    files = told.scalars(select(Document).where(Document.subject_kind == "picture")).all()
    assert len(files) == 2 * len({row.picture_id for row in shown})
    assert all(shelf.path(file.token).is_file() for file in files)
