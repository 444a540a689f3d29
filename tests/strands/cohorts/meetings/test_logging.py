"""Meetings by the verbs: what the researcher logs counts once a supervisor who was there agrees."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from programme.core.audit import AuditEntry
from programme.core.refusal import Refusal
from programme.engines.calendar.times import london_day
from programme.engines.mail.models import OutboxMessage
from programme.flows.keeping.erasing import erase_person
from programme.people.keeping.ports import Subject
from programme.people.permissions import Actor
from programme.strands.cohorts.meetings.actions import Logged, change, log, take_out
from programme.strands.cohorts.meetings.keeping import MEETINGS
from programme.strands.cohorts.meetings.queries import researchers, years
from programme.strands.cohorts.models import Candidature, Signature, Supervision, SupervisionMeeting
from programme.strands.cohorts.states import MeetingState
from tests.bed.clock import Clock
from tests.bed.databases import statements
from tests.factories import cast, cohorts
from tests.factories.cast import LONG_AGO, Cast
from tests.strands.cohorts.meetings.conftest import says, signature_of

MET = date(2027, 1, 8)


def logged(*people: Supervision, met_on: date = MET, words: str = "Chapter two by March.") -> Logged:
    return Logged(met_on, frozenset(one.person_id for one in people), words)


def state_of(meeting: SupervisionMeeting) -> MeetingState:
    """How a meeting stands now."""
    return meeting.state


def test_what_is_logged_counts_once_somebody_who_was_there_agrees(
    session: Session, record: Candidature, xaver: Supervision, yann: Supervision, alice: Actor, clock: Clock
) -> None:
    meeting = log(session, record.id, logged(xaver, yann), actor=alice, now=clock.now)
    asked = session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.letter == "signatures_waiting"))
    assert set(asked) == {xaver.person_id, yann.person_id}
    today = london_day(clock.now)
    assert years(session, [record], today=today)[record.id].words.startswith("0 of 4 since June; none in October")
    says(session, meeting, xaver, clock, agrees=False)
    assert state_of(meeting) is MeetingState.REFUSED
    says(session, meeting, yann, clock, agrees=True)
    assert state_of(meeting) is MeetingState.AGREED, "one who agrees is enough"
    expected = "1 of 4 since June; none in October, November and December"
    assert years(session, [record], today=today)[record.id].words == expected
    told = session.scalars(select(OutboxMessage.person_id).where(OutboxMessage.letter == "signature_answered"))
    assert set(told) == {record.person_id}


def test_a_refusal_after_somebody_agreed_changes_nothing(
    session: Session, record: Candidature, xaver: Supervision, yann: Supervision, alice: Actor, clock: Clock
) -> None:
    meeting = log(session, record.id, logged(xaver, yann), actor=alice, now=clock.now)
    says(session, meeting, yann, clock, agrees=True)
    says(session, meeting, xaver, clock, agrees=False)
    assert meeting.state is MeetingState.AGREED


def test_what_changes_is_to_be_agreed_to_again_by_whoever_was_there(
    session: Session, record: Candidature, xaver: Supervision, yann: Supervision, alice: Actor, clock: Clock
) -> None:
    said = logged(xaver, yann)
    meeting = log(session, record.id, said, actor=alice, now=clock.now)
    first = signature_of(session, meeting, xaver).link_version
    says(session, meeting, xaver, clock, agrees=True)
    change(session, record.id, meeting.id, said, actor=alice, now=clock.now)
    assert state_of(meeting) is MeetingState.AGREED, "saving what stands there changes nothing"
    change(session, record.id, meeting.id, logged(xaver, words="Chapter three."), actor=alice, now=clock.now)
    assert state_of(meeting) is MeetingState.LOGGED
    assert signature_of(session, meeting, xaver).link_version == first + 1
    assert session.scalar(select(func.count()).select_from(Signature)) == 1, "whoever was not there signs nothing"
    says(session, meeting, xaver, clock, agrees=True)
    with pytest.raises(Refusal, match="You have agreed to this already"):
        says(session, meeting, xaver, clock, agrees=False)
    with pytest.raises(Refusal, match="cannot be taken out"):
        take_out(session, record.id, meeting.id, actor=alice, now=clock.now)


def test_what_cannot_have_been_is_refused_at_its_field(
    session: Session,
    record: Candidature,
    xaver: Supervision,
    yann: Supervision,
    alice: Actor,
    olga: Actor,
    clock: Clock,
) -> None:
    log(session, record.id, logged(xaver), actor=alice, now=clock.now)
    tomorrow = london_day(clock.now) + timedelta(days=1)
    wrong = {
        "This day is ahead": (logged(xaver, met_on=tomorrow), "met_on"),
        "Say with whom": (logged(met_on=MET - timedelta(days=1)), "people"),
        "already. Change that one": (logged(yann), "met_on"),
        "Not everybody whom you chose supervised": (logged(xaver, met_on=date(2026, 9, 1)), "people"),
    }
    for sentence, (said, field) in wrong.items():
        with pytest.raises(Refusal, match=sentence) as told:
            log(session, record.id, said, actor=alice, now=clock.now)
        assert told.value.field == field
    stranger = replace(logged(xaver, met_on=MET - timedelta(days=3)), with_ids=frozenset({alice.person_id or 0}))
    with pytest.raises(Refusal, match="Not everybody"):
        log(session, record.id, stranger, actor=alice, now=clock.now)
    with pytest.raises(Refusal, match="Only the researcher logs meetings"):
        log(session, record.id, logged(yann, met_on=MET - timedelta(days=2)), actor=olga, now=clock.now)


def test_a_meeting_that_nobody_agreed_to_is_taken_out_with_what_was_asked(
    session: Session, record: Candidature, xaver: Supervision, alice: Actor, clock: Clock
) -> None:
    meeting = log(session, record.id, logged(xaver), actor=alice, now=clock.now)
    take_out(session, record.id, meeting.id, actor=alice, now=clock.now)
    for table in (SupervisionMeeting, Signature):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    verbs = session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("%meeting"))).all()
    assert set(verbs) == {"logged a meeting", "took out a meeting"}


def test_what_was_written_is_told_to_its_writer_and_goes_with_them(
    app: Flask, session: Session, people: Cast, record: Candidature, xaver: Supervision, alice: Actor, clock: Clock
) -> None:
    meeting = log(session, record.id, logged(xaver), actor=alice, now=clock.now)
    who = Subject(people.alice.id, people.alice.name, people.alice.address, people.alice.address_key)
    [section] = MEETINGS.held(session, who)
    assert list(section.rows) == [{"on": "2027-01-08", "agreed": "Chapter two by March.", "status": "logged"}]
    assert [fate.what for fate in MEETINGS.fates(session, who)]
    people.alice.signed_in_at = LONG_AGO
    erase_person(session, people.alice, app.extensions["keepers"], actor=alice, now=clock.now)
    session.commit()
    session.refresh(meeting)
    assert meeting.words == ""
    assert session.get_one(Candidature, record.id).person_id is None


@pytest.mark.one_database
def test_years_of_a_cohort_cost_as_many_statements_as_of_one(
    app: Flask, session: Session, people: Cast, record: Candidature
) -> None:
    for number in range(8):
        person = cast.person(session, f"Researcher {number}", f"r{number}@oxford.example.ac.uk")
        home = people.oxford if number % 2 else people.liverpool
        cohorts.candidature(session, cohort=record.cohort, person=person, home=home, rate=50 if number > 4 else 100)
    session.commit()
    counts = []
    for number in (1, 9):
        session.expunge_all()
        with statements(app) as seen:
            rows = session.scalars(researchers(record.cohort_id).limit(number)).all()
            assert len(years(session, rows, today=MET)) == number
        counts.append(len(seen))
        session.rollback()
    assert counts[0] == counts[1]
